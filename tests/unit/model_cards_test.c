/* Cards, free rows and texts, as their clerk sees them. */
#include "model_fixture.h"

static void entry(struct fixture *f, const char *list, const char *key, const char *owner, const char *name)
{
	for (int i = 0; i < f->pack->list_count; i++)
		if (strcmp(f->pack->lists[i].name, list) == 0) {
			must(f, operation_entry(OPERATION_ENTRY_ADD, i, key, owner, -1));
			must(f, operation_entry(OPERATION_ENTRY_NAME, i, key, name, 0));
			return;
		}
	fail_msg("no list %s", list);
}

static void write_text(struct fixture *f, const char *id, const char *key, const char *column, const char *text)
{
	int table = table_of(f, id);

	must(f, operation_cell_text(table, key, leaf_of(f, table, column), text));
}

/* The findings whose check is called so. */
static size_t findings_named(const struct fixture *f, const char *name)
{
	const struct finding **findings;
	size_t count = workbook_findings(f->workbook, -1, &findings), named = 0;

	for (size_t i = 0; i < count; i++)
		named += strcmp(findings[i]->name, name) == 0;
	memory_free(findings);
	return named;
}

static void test_cards_add_up_against_the_projects(void **state)
{
	static const char check[] = "项目绩效目标预算数合计等于项目支出";
	struct fixture f;

	(void)state;
	fixture_open(&f);
	add_row(&f, "expenditure", "2012902");
	enter(&f, "expenditure", "2012902", "项目支出", 5 * WAN);
	assert_int_equal(findings_named(&f, check), 1);
	entry(&f, "项目", "@1", "", "帮扶经费");
	entry(&f, "项目", "@2", "", "体检经费");
	enter(&f, "project", "@1", "财政资金", 3 * WAN);
	enter(&f, "project", "@2", "其他资金", 2 * WAN);
	assert_shown(&f, "project", "@1", "预算数", "3.00");
	assert_int_equal(findings_named(&f, check), 0);
	enter(&f, "project", "@2", "其他资金", 3 * WAN);
	assert_int_equal(findings_named(&f, check), 1);
	fixture_close(&f);
}

static void test_rows_of_a_grid_are_judged_with_their_card(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f);
	entry(&f, "项目", "@1", "", "帮扶经费");
	entry(&f, "指标", "@2", "@1", "");
	write_text(&f, "project", "@2", "一级指标", "产出指标");
	write_text(&f, "project", "@2", "二级指标", "数量指标");
	write_text(&f, "project", "@2", "指标值", "个");
	assert_int_equal(findings_named(&f, "数量指标有数"), 1);
	write_text(&f, "project", "@2", "指标值", "≥3人");
	assert_int_equal(findings_named(&f, "数量指标有数"), 0);
	assert_int_equal(findings_named(&f, "产出指标四类齐全"), 1);
	fixture_close(&f);
}

static void test_entries_go_only_when_they_are_empty(void **state)
{
	struct fixture f;
	struct operation drop;
	int list = -1;

	(void)state;
	fixture_open(&f);
	for (int i = 0; i < f.pack->list_count; i++)
		list = strcmp(f.pack->lists[i].name, "项目") == 0 ? i : list;
	entry(&f, "项目", "@1", "", "帮扶经费");
	entry(&f, "指标", "@2", "@1", "");
	drop = operation_entry(OPERATION_ENTRY_DROP, list, "@1", "", 0);
	assert_int_equal(workbook_apply(f.workbook, &drop, NULL, NULL), STATUS_INVALID); /* it has a name */
	must(&f, operation_entry(OPERATION_ENTRY_NAME, list, "@1", "", 0));
	assert_int_equal(workbook_apply(f.workbook, &drop, NULL, NULL), STATUS_INVALID); /* it owns an indicator */
	assert_int_equal(workbook_sheet_count(f.workbook, table_of(&f, "project")), 1);
	operation_done(&drop);
	fixture_close(&f);
}

static void test_choices_and_dates_are_refused_with_what_is_allowed(void **state)
{
	struct diag_list diags = {0};
	struct operation operation;
	struct fixture f;
	int table;

	(void)state;
	fixture_open(&f);
	table = table_of(&f, "project");
	entry(&f, "项目", "@1", "", "帮扶经费");
	entry(&f, "指标", "@2", "@1", "");
	operation = operation_cell_text(table, "@2", leaf_of(&f, table, "一级指标"), "效果指标");
	assert_int_equal(workbook_apply(f.workbook, &operation, NULL, &diags), STATUS_INVALID);
	assert_non_null(strstr(diag_first_error(&diags), "效益指标"));
	operation_done(&operation);
	diag_list_clear(&diags);
	table = table_of(&f, "assets");
	operation = operation_cell_text(table, "@0", leaf_of(&f, table, "截止时间"), "去年底");
	assert_int_equal(workbook_apply(f.workbook, &operation, NULL, &diags), STATUS_INVALID);
	operation_done(&operation);
	diag_list_done(&diags);
	fixture_close(&f);
}

static void test_what_is_published_elsewhere_is_not_judged(void **state)
{
	struct operation elsewhere;
	struct fixture f;
	size_t errors;

	(void)state;
	fixture_open(&f);
	add_row(&f, "expenditure", "2012902");
	enter(&f, "expenditure", "2012902", "项目支出", 5 * WAN);
	errors = workbook_tally(f.workbook, -1).count[FINDING_ERROR];
	assert_true(errors > 0);
	elsewhere = operation_rounded(table_of(&f, "expenditure"), true);
	elsewhere.kind = OPERATION_ELSEWHERE;
	must(&f, elsewhere);
	assert_int_equal(findings_named(&f, "收入与支出逐科目一致"), 1);
	assert_true(workbook_tally(f.workbook, -1).count[FINDING_ERROR] < errors);
	fixture_close(&f);
}

static int list_of(const struct fixture *f, const char *name)
{
	int list = 0;

	while (list < f->pack->list_count - 1 && strcmp(f->pack->lists[list].name, name) != 0)
		list++;
	assert_string_equal(f->pack->lists[list].name, name);
	return list;
}

/* What is taken out makes room for as much, and taking it out can always be undone. */
static void test_a_workbook_has_room_for_so_many_entries(void **state)
{
	struct fixture f;
	struct operation drop, other;
	size_t count = 0;
	int list;

	(void)state;
	fixture_open(&f);
	list = list_of(&f, "采购");
	while (apply(&f, operation_entry(OPERATION_ENTRY_ADD, list, "", "", -1)) == STATUS_OK)
		count++;
	assert_int_equal(count, WORKBOOK_ENTRIES_MOST);
	drop = operation_entry(OPERATION_ENTRY_DROP, list, "@1", "", 0);
	assert_int_equal(workbook_apply(f.workbook, &drop, NULL, NULL), STATUS_OK);
	other = operation_entry(OPERATION_ENTRY_ADD, list, "", "", 0);
	assert_int_equal(workbook_apply(f.workbook, &other, NULL, NULL), STATUS_OK);
	assert_int_equal(apply(&f, operation_entry(OPERATION_ENTRY_ADD, list, "", "", -1)), STATUS_INVALID);
	workbook_revert(f.workbook, &other);
	workbook_revert(f.workbook, &drop);
	assert_non_null(workbook_entry_find(f.workbook, 1));
	assert_int_equal(apply(&f, operation_entry(OPERATION_ENTRY_ADD, list, "", "", -1)), STATUS_INVALID);
	operation_done(&drop);
	operation_done(&other);
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cards_add_up_against_the_projects),
		cmocka_unit_test(test_rows_of_a_grid_are_judged_with_their_card),
		cmocka_unit_test(test_entries_go_only_when_they_are_empty),
		cmocka_unit_test(test_choices_and_dates_are_refused_with_what_is_allowed),
		cmocka_unit_test(test_what_is_published_elsewhere_is_not_judged),
		cmocka_unit_test(test_a_workbook_has_room_for_so_many_entries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
