/* Blocks of cells from a spreadsheet: where they land, what is refused, and that a paste is one change. */
#include "session/import.h"
#include "session_fixture.h"

static struct import_plan *plan_in(struct fixture *f, const char *id, const char *key, const char *column,
				   const char *text, const struct form_unit *unit)
{
	const struct workbook *workbook = session_workbook(f->session);
	int table = table_of(f, id);
	struct row *row = key != NULL ? workbook_row_find(workbook, table, key) : NULL;
	struct import_settings settings = {.table = table, .unit = unit, .totals = IMPORT_TOTALS_COMPARE};
	struct import_place place = {.line = row != NULL ? workbook_line_of(workbook, row) : 0,
				     .leaf = leaf_of(f, id, column)};

	return session_paste_plan(f->session, &settings, &place, text);
}

static struct import_plan *plan_at(struct fixture *f, const char *id, const char *key, const char *column,
				   const char *text)
{
	return plan_in(f, id, key, column, text, NULL);
}

/* The first problem, NULL. */
static const char *problem_of(const struct import_plan *plan)
{
	for (size_t i = 0; i < plan->parts[0].note_count; i++)
		if (plan->parts[0].notes[i].severity == IMPORT_IS_PROBLEM)
			return plan->parts[0].notes[i].text;
	return NULL;
}

/* Plans and pastes; every problem fails the test. */
static void paste(struct fixture *f, const char *id, const char *key, const char *column, const char *text)
{
	struct import_plan *plan = plan_at(f, id, key, column, text);

	if (plan->problems > 0)
		fail_msg("%s", problem_of(plan));
	if (session_import(f->session, plan, &f->diags) != STATUS_OK)
		fail_msg("%s", diag_first_error(&f->diags));
	import_plan_free(plan);
}

/* Plans what cannot be pasted: `problems` of them, the first with a sentence that holds `part`; and nothing is
 * changed by it. */
static void refuse(struct fixture *f, struct import_plan *plan, size_t problems, const char *part)
{
	assert_int_equal(plan->problems, problems);
	if (strstr(problem_of(plan), part) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", problem_of(plan), part);
	assert_int_equal(session_import(f->session, plan, &f->diags), STATUS_INVALID);
	import_plan_free(plan);
}

static void two_rows(struct fixture *f)
{
	set(f, "expenditure[2012901].基本支出=1");
	set(f, "expenditure[2012902].基本支出=2");
}

static void test_lands_from_the_cursor(void **state)
{
	struct fixture *f = *state;

	two_rows(f);
	paste(f, "expenditure", "2012901", "基本支出", "62.89\t\r\n\t２．６０\r\n");
	assert_string_equal(cell_text(f, "expenditure", "2012901", "基本支出"), "62.89");
	assert_string_equal(cell_text(f, "expenditure", "2012902", "基本支出"), "");
	assert_string_equal(cell_text(f, "expenditure", "2012902", "项目支出"), "2.60");
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_string_equal(cell_text(f, "expenditure", "合计", "合计"), "3.00");
	assert_int_equal(session_redo(f->session, NULL, NULL), STATUS_OK);
	assert_string_equal(cell_text(f, "expenditure", "合计", "合计"), "65.49");
}

static void test_lands_by_code(void **state)
{
	struct fixture *f = *state;
	struct import_plan *plan;

	two_rows(f);
	plan = plan_at(f, "expenditure", NULL, "科目编码",
		       "科目编码\t科目名称\t合计\t基本支出\t项目支出\n"
		       "\t合计\t72.49\t62.89\t9.60\n");
	import_plan_free(plan);
	paste(f, "expenditure", NULL, "科目编码",
	      "科目编码\t科目名称\t合计\t基本支出\t项目支出\n"
	      "合计\t\t72.49\t62.89\t9.60\n"
	      "201\t一般公共服务支出\t72.49\t62.89\t9.60\n"
	      "20129\t群众团体事务\t72.49\t62.89\t9.60\n"
	      "2012901\t行政运行\t62.89\t62.89\t\n"
	      "2012902\t一般行政管理事务\t2.60\t\t2.6\n"
	      "2012999\t其他群众团体事务支出\t7.00\t\t7.00\n");
	assert_string_equal(cell_text(f, "expenditure", "2012999", "项目支出"), "7.00");
	assert_string_equal(cell_text(f, "expenditure", "201", "项目支出"), "9.60");
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_string_equal(cell_text(f, "expenditure", "2012999", "项目支出"), "-");
	assert_string_equal(cell_text(f, "expenditure", "2012902", "基本支出"), "2.00");
}

static void test_line_numbers_before_codes(void **state)
{
	struct fixture *f = *state;

	paste(f, "income", NULL, "合计",
	      "1\t2012901\t行政运行\t\t\t62.89\n"
	      "2\t2012902\t一般行政管理事务\t\t\t2.60\n");
	assert_string_equal(cell_text(f, "income", "合计", "财政拨款收入"), "65.49");
}

static void test_captions_tell_the_column(void **state)
{
	struct fixture *f = *state;

	paste(f, "expenditure", NULL, "合计", "编码\t项目支出\t基本支出\n2012901\t1\t2\n");
	assert_string_equal(cell_text(f, "expenditure", "2012901", "基本支出"), "2.00");
	assert_string_equal(cell_text(f, "expenditure", "2012901", "项目支出"), "1.00");
}

static void test_total_must_come_out(void **state)
{
	struct fixture *f = *state;

	refuse(f,
	       plan_at(f, "expenditure", NULL, "科目编码", "合计\t\t10.00\n2012901\t行政运行\t9.60\t9.60\n"),
	       1, "9.60");
	assert_string_equal(cell_text(f, "expenditure", "2012901", "合计"), "-");
	assert_false(session_is_changed(f->session));
}

static void test_rounded_total_may_differ_by_its_rounding(void **state)
{
	struct fixture *f = *state;

	paste(f, "expenditure", NULL, "科目编码", "合计\t\t1.23\n2012901\t行政运行\t\t1.2345\n");
	assert_string_equal(cell_text(f, "expenditure", "合计", "合计"), "1.2345");
}

static void test_own_names_come_along(void **state)
{
	struct fixture *f = *state;
	int table = table_of(f, "income");

	paste(f, "income", NULL, "财政拨款收入",
	      "20198\t自设款\t5\n2019801\t自设项\t5\n2012901\t另一个名字\t1\n");
	assert_string_equal(cell_text(f, "income", "20198", "财政拨款收入"), "5.00");
	assert_string_equal(row_caption(workbook_row_find(session_workbook(f->session), table, "2019801")),
			    "自设项");
	assert_string_equal(row_caption(workbook_row_find(session_workbook(f->session), table, "2012901")),
			    "行政运行");
}

static void test_problems(void **state)
{
	struct fixture *f = *state;

	two_rows(f);
	refuse(f, plan_at(f, "expenditure", "2012901", "基本支出", "1\t2x\n"), 1, "2x");
	refuse(f, plan_at(f, "expenditure", "2012902", "基本支出", "1\n2\n"), 1, "没有这一行");
	refuse(f, plan_at(f, "expenditure", "2012901", "对附属单位补助支出", "1\t2\n"), 1, "右边");
	refuse(f, plan_at(f, "expenditure", "2012901", "科目名称", "离退休\t1\n"), 1, "行政运行");
	refuse(f, plan_at(f, "expenditure", "2012901", "合计", "5\t1\n"), 1, "1.00");
	refuse(f, plan_at(f, "income", NULL, "财政拨款收入", "2012901\t1\n2012901\t2\n"), 1, "已经有了");
	refuse(f, plan_at(f, "income", NULL, "财政拨款收入", "2019801\t1\n2012901\t2\n"), 1, "20198");
	assert_string_equal(cell_text(f, "expenditure", "合计", "合计"), "3.00");
	assert_string_equal(cell_text(f, "income", "合计", "合计"), "-");
}

static void test_fixed_tables(void **state)
{
	struct fixture *f = *state;

	paste(f, "three-public", "合计", "项目",
	      "合计\t3.00\t3."
	      "00\n因公出国（境）费\t\t\n公务用车购置及运维费\t2\t2\n公务用车购置费\t\t\n公务用车运维费\t2\t2"
	      "\n公务接待费\t1\t1\n");
	assert_string_equal(cell_text(f, "three-public", "合计", "合计"), "3.00");
	/* Two blocks side by side: one line holds a row of each. */
	paste(f, "fiscal-summary", "政府性基金预算拨款", "金额", "4\n5\n");
	assert_string_equal(cell_text(f, "fiscal-summary", "政府性基金预算拨款", "金额"), "4.00");
	assert_string_equal(cell_text(f, "fiscal-summary", "国有资本经营预算拨款", "金额"), "5.00");
}

static void test_quotes_and_controls(void **state)
{
	struct fixture *f = *state;
	struct import_plan *plan;

	two_rows(f);
	paste(f, "expenditure", "2012901", "基本支出", "\"1,234.50\"\n\"7\n\"\n");
	assert_string_equal(cell_text(f, "expenditure", "2012901", "基本支出"), "1234.50");
	assert_string_equal(cell_text(f, "expenditure", "2012902", "基本支出"), "7.00");
	refuse(f, plan_at(f, "expenditure", "2012901", "基本支出", "\x1b[31m5\n"), 1, "U+001B");
	plan = plan_at(f, "expenditure", "2012901", "基本支出", "");
	assert_int_equal(plan->changes, 0);
	assert_int_equal(session_import(f->session, plan, &f->diags), STATUS_OK);
	import_plan_free(plan);
}

static void test_unit(void **state)
{
	struct fixture *f = *state;
	struct form_unit yuan = {.name = "元", .power = 2, .decimals = 2};
	struct import_plan *plan;

	plan = plan_in(f, "income", NULL, "财政拨款收入", "2012901\t628900\n", &yuan);
	assert_int_equal(plan->problems, 0);
	assert_int_equal(session_import(f->session, plan, &f->diags), STATUS_OK);
	assert_string_equal(cell_text(f, "income", "2012901", "合计"), "62.89");
	import_plan_free(plan);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lands_from_the_cursor),
		TEST(test_lands_by_code),
		TEST(test_line_numbers_before_codes),
		TEST(test_captions_tell_the_column),
		TEST(test_total_must_come_out),
		TEST(test_rounded_total_may_differ_by_its_rounding),
		TEST(test_own_names_come_along),
		TEST(test_problems),
		TEST(test_fixed_tables),
		TEST(test_quotes_and_controls),
		TEST(test_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
