/* Rows that come with the rows of other tables, as their formulas call for them. */
#include "model_fixture.h"

static void open_codes(struct fixture *f)
{
	fixture_open_pack(f, "tests/unit/packs/codes");
}

static void test_codes_appear_with_those_that_are_read(void **state)
{
	struct fixture f;

	(void)state;
	open_codes(&f);
	add_row(&f, "spending", "2010301");
	add_row(&f, "spending", "2010302");
	add_row(&f, "plan", "2050201");
	assert_int_equal(workbook_line_count(f.workbook, table_of(&f, "classes")), 3);
	assert_shown(&f, "classes", "201", "项目", "（一）一般公共服务支出");
	assert_shown(&f, "classes", "205", "项目", "（二）教育支出");
	assert_shown(&f, "comparison", "20103", "款", "03");
	enter(&f, "spending", "2010301", "基本", 123456700);
	enter(&f, "spending", "2010302", "项目", 100);
	enter(&f, "plan", "2050201", "基本", 500);
	add_row(&f, "plan", "2010301");
	enter(&f, "plan", "2010301", "基本", 700);
	assert_shown(&f, "classes", "201", "支出", "1,234,568");
	assert_shown(&f, "classes", "201", "折合", "123.4568");
	assert_shown(&f, "classes", "205", "超出", "-5");
	assert_shown(&f, "classes", "总计", "超出", "1,234,556");
	assert_shown(&f, "comparison", "20103", "本年", "1,234,568");
	assert_shown(&f, "comparison", "201", "本年", "1,234,568");
	assert_shown(&f, "comparison", "合计", "本年", "1,234,568");
	fixture_close(&f);
}

/* Sums follow the tree of codes; what is no sum is read in every row, totals too. */
static void test_ratios_to_other_tables_hold_in_parents(void **state)
{
	struct fixture f;

	(void)state;
	open_codes(&f);
	add_row(&f, "spending", "2010301");
	add_row(&f, "spending", "2012901");
	enter(&f, "spending", "2010301", "基本", 10000);
	enter(&f, "spending", "2012901", "基本", 30000);
	add_row(&f, "plan", "2010301");
	enter(&f, "plan", "2010301", "基本", 5000);
	assert_shown(&f, "comparison", "20103", "完成率", "50%");
	assert_shown(&f, "comparison", "20129", "完成率", "");
	assert_shown(&f, "comparison", "201", "完成率", "13%");
	enter(&f, "plan", "2010301", "基本", 10000);
	assert_shown(&f, "comparison", "201", "完成率", "25%");
	assert_shown(&f, "comparison", "合计", "完成率", ""); /* 计划表 has no total */
	must(&f, operation_row(OPERATION_ROW_ADD, table_of(&f, "comparison"), "20103"));
	enter(&f, "comparison", "20103", "上年", 8000);
	assert_shown(&f, "comparison", "合计", "增减率", "400.0%");
	fixture_close(&f);
}

static void test_rows_go_with_the_last_that_brings_them(void **state)
{
	struct fixture f;
	int spending, comparison;

	(void)state;
	open_codes(&f);
	spending = table_of(&f, "spending");
	comparison = table_of(&f, "comparison");
	add_row(&f, "spending", "2010301");
	add_row(&f, "spending", "2010302");
	add_row(&f, "plan", "2010301");
	must(&f, operation_row(OPERATION_ROW_DROP, spending, "2010301"));
	must(&f, operation_row(OPERATION_ROW_DROP, spending, "2010302"));
	assert_non_null(workbook_row_find(f.workbook, comparison, "20103"));
	assert_int_equal(apply(&f, operation_row(OPERATION_ROW_DROP, comparison, "20103")), STATUS_INVALID);
	must(&f, operation_row(OPERATION_ROW_DROP, table_of(&f, "plan"), "2010301"));
	assert_int_equal(workbook_line_count(f.workbook, comparison), 0);
	assert_int_equal(workbook_line_count(f.workbook, table_of(&f, "classes")), 0);
	fixture_close(&f);
}

static void test_an_own_row_stays(void **state)
{
	struct fixture f;
	int spending, comparison;

	(void)state;
	open_codes(&f);
	spending = table_of(&f, "spending");
	comparison = table_of(&f, "comparison");
	add_row(&f, "spending", "2010301");
	assert_int_equal(apply(&f, operation_row(OPERATION_ROW_ADD, table_of(&f, "classes"), "205")), STATUS_INVALID);
	must(&f, operation_row(OPERATION_ROW_ADD, comparison, "20103"));
	assert_int_equal(apply(&f, operation_row(OPERATION_ROW_ADD, comparison, "20103")), STATUS_INVALID);
	must(&f, operation_row(OPERATION_ROW_DROP, spending, "2010301"));
	assert_non_null(workbook_row_find(f.workbook, comparison, "20103"));
	assert_null(workbook_row_find(f.workbook, table_of(&f, "classes"), "201"));
	must(&f, operation_row(OPERATION_ROW_DROP, comparison, "20103"));
	assert_int_equal(workbook_line_count(f.workbook, comparison), 0);
	fixture_close(&f);
}

/* A control figure would be lost with the row of another table. */
static void test_what_would_be_lost_is_refused(void **state)
{
	struct fixture f;
	int spending, classes;

	(void)state;
	open_codes(&f);
	spending = table_of(&f, "spending");
	classes = table_of(&f, "classes");
	add_row(&f, "spending", "2010301");
	must(&f, operation_control(classes, "201", leaf_of(&f, classes, "支出"), false, 700));
	assert_int_equal(apply(&f, operation_row(OPERATION_ROW_DROP, spending, "2010301")), STATUS_INVALID);
	assert_non_null(workbook_row_find(f.workbook, spending, "2010301"));
	must(&f, operation_control(classes, "201", leaf_of(&f, classes, "支出"), true, 0));
	must(&f, operation_row(OPERATION_ROW_DROP, spending, "2010301"));
	fixture_close(&f);
}

static void test_a_table_that_is_computed_is_not_empty(void **state)
{
	struct fixture f;

	(void)state;
	open_codes(&f);
	assert_true(workbook_table_is_empty(f.workbook, table_of(&f, "classes")));
	add_row(&f, "spending", "2010301");
	assert_true(workbook_table_is_empty(f.workbook, table_of(&f, "classes")));
	enter(&f, "spending", "2010301", "基本", 1);
	assert_false(workbook_table_is_empty(f.workbook, table_of(&f, "classes")));
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes_appear_with_those_that_are_read),
		cmocka_unit_test(test_ratios_to_other_tables_hold_in_parents),
		cmocka_unit_test(test_rows_go_with_the_last_that_brings_them),
		cmocka_unit_test(test_an_own_row_stays),
		cmocka_unit_test(test_what_would_be_lost_is_refused),
		cmocka_unit_test(test_a_table_that_is_computed_is_not_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
