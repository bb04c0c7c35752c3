/* Rows that come with the rows of other tables, as their formulas call for them; and checks over the rows of
 * each unit's sheet. */
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

static int list_of(const struct fixture *f, const char *name)
{
	int list = 0;

	while (strcmp(f->pack->lists[list].name, name) != 0)
		list++;
	return list;
}

/* The places of the findings of a check, as `@1/办公费 @2/差旅费 `. */
static char *places(const struct fixture *f, const char *name)
{
	const struct finding **findings;
	size_t count = workbook_findings(f->workbook, -1, &findings);
	struct buffer text = {0};

	buffer_add(&text, "");
	for (size_t i = 0; i < count; i++)
		if (strcmp(findings[i]->name, name) == 0)
			buffer_format(&text, "%s ", row_key(findings[i]->row));
	memory_free(findings);
	return buffer_take(&text);
}

#define assert_places(f, name, expected) \
	do { \
		char *found_places = places(f, name); \
		assert_string_equal(found_places, expected); \
		memory_free(found_places); \
	} while (0)

static void test_rows_of_a_sheet_are_compared_in_each_sheet(void **state)
{
	static const char quota[] = "安排不超过定额", part[] = "各项不超过合计的六成", each[] = "每人不超过上限";
	struct fixture f;
	int units;

	(void)state;
	open_codes(&f);
	units = list_of(&f, "单位");
	must(&f, operation_entry(OPERATION_ENTRY_ADD, units, "@1", "", -1));
	must(&f, operation_entry(OPERATION_ENTRY_ADD, units, "@2", "", -1));
	enter(&f, "running", "@1/办公费", "定额", 1000);
	enter(&f, "running", "@1/办公费", "安排", 1000);
	enter(&f, "running", "@2/差旅费", "安排", 500);
	assert_places(&f, quota, "@2/合计 @2/差旅费 ");
	assert_places(&f, part, "@1/办公费 @2/差旅费 ");
	enter(&f, "running", "@2/其他", "安排", 500);
	assert_places(&f, part, "@1/办公费 ");
	enter(&f, "standard", "差旅费", "上限", 200);
	assert_places(&f, each, "@2/差旅费 ");
	enter(&f, "units", "@2", "人数", 3 * 1000000);
	assert_places(&f, each, "");
	enter(&f, "units", "@2", "人数", 2 * 1000000);
	assert_places(&f, each, "@2/差旅费 ");
	enter(&f, "running", "@2/差旅费", "定额", 900);
	enter(&f, "running", "@2/其他", "定额", 100);
	assert_places(&f, quota, "@2/其他 ");
	fixture_close(&f);
}

static void test_a_unit_takes_its_findings_along(void **state)
{
	struct fixture f;
	int units;

	(void)state;
	open_codes(&f);
	units = list_of(&f, "单位");
	must(&f, operation_entry(OPERATION_ENTRY_ADD, units, "@1", "", -1));
	enter(&f, "running", "@1/办公费", "安排", 1000);
	must(&f, operation_control(table_of(&f, "running"), "@1/合计", 2, true, 0));
	assert_places(&f, "安排不超过定额", "@1/合计 @1/办公费 ");
	must(&f, operation_figure(table_of(&f, "running"), "@1/办公费", 2, true, 0));
	assert_places(&f, "安排不超过定额", "");
	enter(&f, "standard", "办公费", "上限", -100);
	assert_places(&f, "每人不超过上限", "");
	must(&f, operation_entry(OPERATION_ENTRY_DROP, units, "@1", "", 0));
	enter(&f, "standard", "办公费", "上限", 100);
	assert_int_equal(workbook_sheet_count(f.workbook, table_of(&f, "running")), 0);
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
		cmocka_unit_test(test_rows_of_a_sheet_are_compared_in_each_sheet),
		cmocka_unit_test(test_a_unit_takes_its_findings_along),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
