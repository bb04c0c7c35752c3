/* A workbook as its clerk sees it: rows that come and go, sums, blanks, control figures, checks, refusals. */
#include "model_fixture.h"

static void test_parents_and_totals_come_and_go(void **state)
{
	struct fixture f;
	int table;

	(void)state;
	fixture_open(&f);
	table = table_of(&f, "expenditure");
	assert_int_equal(workbook_line_count(f.workbook, table), 0);
	add_row(&f, "expenditure", "2210201");
	add_row(&f, "expenditure", "2012901");
	add_row(&f, "expenditure", "2012999");
	assert_int_equal(workbook_line_count(f.workbook, table), 1 + 3 + 4);
	assert_string_equal(row_key(workbook_line_row(f.workbook, table, 1, 0)), "201");
	assert_string_equal(row_key(workbook_line_row(f.workbook, table, 4, 0)), "2012999");
	assert_string_equal(row_caption(workbook_line_row(f.workbook, table, 2, 0)), "群众团体事务");
	enter(&f, "expenditure", "2012901", "基本支出", 62 * WAN + 89 * WAN / 100);
	enter(&f, "expenditure", "2012999", "项目支出", 7 * WAN);
	assert_shown(&f, "expenditure", "201", "合计", "69.89");
	assert_shown(&f, "expenditure", "20129", "项目支出", "7.00");
	assert_shown(&f, "expenditure", "合计", "合计", "69.89");
	assert_shown(&f, "expenditure", "合计", "经营支出", "");
	assert_shown(&f, "summary", "201", "预算数", "69.89");
	assert_shown(&f, "summary", "支出总计", "预算数", "69.89");
	must(&f, operation_figure(table, "2012999", leaf_of(&f, table, "项目支出"), true, 0));
	assert_shown(&f, "expenditure", "合计", "项目支出", "");
	must(&f, operation_row(OPERATION_ROW_DROP, table, "2012999"));
	must(&f, operation_row(OPERATION_ROW_DROP, table, "2210201"));
	assert_shown(&f, "expenditure", "22102", "合计", "-");
	assert_int_equal(workbook_line_count(f.workbook, table), 4);
	fixture_close(&f);
}

static void test_blank_is_not_zero(void **state)
{
	struct fixture f;
	int table;

	(void)state;
	fixture_open(&f);
	table = table_of(&f, "expenditure");
	add_row(&f, "expenditure", "2012901");
	assert_true(workbook_table_is_empty(f.workbook, table));
	assert_shown(&f, "expenditure", "2012901", "合计", "");
	enter(&f, "expenditure", "2012901", "基本支出", 0);
	assert_shown(&f, "expenditure", "2012901", "合计", "0.00");
	assert_false(workbook_table_is_empty(f.workbook, table));
	fixture_close(&f);
}

struct refusal {
	const char *key, *part;
};

static void test_codes_are_refused_with_a_sentence(void **state)
{
	static const struct refusal refusals[] = {
		{"201290", "长度"}, {"20129", "款级"}, {"201", "类级"}, {"2012901x", "长度"}, {"9992901", "没有类"}, {"2012901", "已经在"},
	};
	struct fixture f;
	struct operation operation;
	char missing[24] = "";

	(void)state;
	fixture_open(&f);
	add_row(&f, "income", "2012901");
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct diag_list diags = {0};

		operation = operation_row(OPERATION_ROW_ADD, table_of(&f, "income"), refusals[i].key);
		assert_int_equal(workbook_apply(f.workbook, &operation, NULL, &diags), STATUS_INVALID);
		assert_non_null(strstr(diag_first_error(&diags), refusals[i].part));
		operation_done(&operation);
		diag_list_done(&diags);
	}
	operation = operation_row(OPERATION_ROW_ADD, table_of(&f, "income"), "2017701");
	assert_int_equal(workbook_apply(f.workbook, &operation, missing, NULL), STATUS_NOT_FOUND);
	assert_string_equal(missing, "20177");
	must(&f, operation_text(OPERATION_NAME, table_of(&f, "income"), "20177", -1, "本地事务"));
	assert_int_equal(workbook_apply(f.workbook, &operation, missing, NULL), STATUS_OK);
	operation_done(&operation);
	assert_string_equal(row_caption(workbook_row_find(f.workbook, table_of(&f, "income"), "20177")), "本地事务");
	assert_int_equal(workbook_tally(f.workbook, table_of(&f, "income")).count[FINDING_WARNING], 2);
	fixture_close(&f);
}

static void test_computed_and_closed_cells_refuse_figures(void **state)
{
	struct fixture f;
	int table;

	(void)state;
	fixture_open(&f);
	table = table_of(&f, "summary");
	assert_int_equal(apply(&f, operation_figure(table, "201", form_leaf_find(f.pack->tables[table], "预算数", 1), false, 1)),
			 STATUS_INVALID);
	assert_int_equal(apply(&f, operation_figure(table, "人行科目", form_leaf_find(f.pack->tables[table], "预算数", 1), false, 1)),
			 STATUS_INVALID);
	assert_int_equal(
		apply(&f, operation_control(table, "年终结转结余", form_leaf_find(f.pack->tables[table], "预算数", 1), false, 1)),
		STATUS_INVALID);
	fixture_close(&f);
}

static void test_control_figure_is_error_or_rounding(void **state)
{
	struct fixture f;
	size_t errors;
	int table, leaf;

	(void)state;
	fixture_open(&f);
	table = table_of(&f, "general-budget");
	leaf = leaf_of(&f, table, "合计");
	must(&f, operation_rounded(table, true));
	add_row(&f, "general-budget", "2012901");
	add_row(&f, "general-budget", "2012902");
	enter(&f, "general-budget", "2012901", "基本支出", 1234 * WAN / 100);
	enter(&f, "general-budget", "2012902", "项目支出", 260 * WAN / 100);
	/* Two rounded leaves and the control figure: k = 3, the bound 0.015. 0.01 is rounding, 0.02 is not. */
	must(&f, operation_control(table, "201", leaf, false, 1495 * WAN / 100));
	assert_int_equal(workbook_tally(f.workbook, table).count[FINDING_ROUNDING], 1);
	must(&f, operation_control(table, "201", leaf, false, 1496 * WAN / 100));
	assert_int_equal(workbook_tally(f.workbook, table).count[FINDING_ROUNDING], 0);
	assert_true(workbook_tally(f.workbook, table).count[FINDING_ERROR] >= 1);
	/* Exact leaves: only the control figure is rounded; 0.005 is its half-width. What is rounded to it agrees. */
	must(&f, operation_rounded(table, false));
	must(&f, operation_control(table, "201", leaf, false, 1495 * WAN / 100));
	assert_int_equal(workbook_tally(f.workbook, table).count[FINDING_ROUNDING], 0);
	enter(&f, "general-budget", "2012901", "基本支出", 12355000);
	assert_int_equal(workbook_tally(f.workbook, table).count[FINDING_ROUNDING], 1);
	errors = workbook_tally(f.workbook, table).count[FINDING_ERROR];
	enter(&f, "general-budget", "2012901", "基本支出", 12345000);
	assert_int_equal(workbook_tally(f.workbook, table).count[FINDING_ROUNDING], 0);
	assert_int_equal(workbook_tally(f.workbook, table).count[FINDING_ERROR], errors);
	enter(&f, "general-budget", "2012901", "基本支出", 12344999);
	assert_int_equal(workbook_tally(f.workbook, table).count[FINDING_ROUNDING], 0);
	assert_int_equal(workbook_tally(f.workbook, table).count[FINDING_ERROR], errors + 1);
	must(&f, operation_control(table, "201", leaf, true, 0));
	fixture_close(&f);
}

static void test_income_meets_expenditure_by_code(void **state)
{
	struct fixture f;
	const struct finding **findings;
	struct buffer text = {0};
	bool found = false;
	size_t count;

	(void)state;
	fixture_open(&f);
	add_row(&f, "income", "2012901");
	add_row(&f, "expenditure", "2012901");
	add_row(&f, "expenditure", "2012902");
	enter(&f, "income", "2012901", "其他收入", 5 * WAN);
	enter(&f, "expenditure", "2012901", "基本支出", 2 * WAN);
	enter(&f, "expenditure", "2012902", "基本支出", 3 * WAN);
	count = workbook_findings(f.workbook, -1, &findings);
	for (size_t i = 0; i < count; i++)
		if (findings[i]->severity == FINDING_ERROR && strcmp(findings[i]->key, "2012901") == 0) {
			finding_text(f.workbook, findings[i], &text);
			found = strstr(buffer_text(&text), "5.00") && strstr(buffer_text(&text), "2.00")
				&& strstr(buffer_text(&text), "3.00");
		}
	assert_true(found);
	memory_free(findings);
	buffer_done(&text);
	/* A row that only one side has is compared with a blank. */
	enter(&f, "expenditure", "2012901", "基本支出", 5 * WAN);
	count = workbook_findings(f.workbook, -1, &findings);
	found = false;
	for (size_t i = 0; i < count; i++)
		found = found || strcmp(findings[i]->key, "2012902") == 0;
	assert_true(found);
	memory_free(findings);
	fixture_close(&f);
}

static void test_overflow_changes_nothing(void **state)
{
	struct fixture f;
	char *before, *after;
	int table;

	(void)state;
	fixture_open(&f);
	table = table_of(&f, "expenditure");
	add_row(&f, "expenditure", "2012901");
	add_row(&f, "expenditure", "2012902");
	enter(&f, "expenditure", "2012901", "基本支出", INT64_MAX - 5);
	before = state_text(f.workbook);
	assert_int_equal(apply(&f, operation_figure(table, "2012902", leaf_of(&f, table, "基本支出"), false, 10)), STATUS_INVALID);
	after = state_text(f.workbook);
	assert_string_equal(before, after);
	memory_free(before);
	memory_free(after);
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parents_and_totals_come_and_go),
		cmocka_unit_test(test_blank_is_not_zero),
		cmocka_unit_test(test_codes_are_refused_with_a_sentence),
		cmocka_unit_test(test_computed_and_closed_cells_refuse_figures),
		cmocka_unit_test(test_control_figure_is_error_or_rounding),
		cmocka_unit_test(test_income_meets_expenditure_by_code),
		cmocka_unit_test(test_overflow_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
