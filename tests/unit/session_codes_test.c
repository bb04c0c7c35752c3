/* Rows that come with the rows of other tables: what a clerk enters in them stays, the rest goes and comes
 * back with them. */
#include "session/import.h"
#include "session_fixture.h"

static int codes_open(void **state)
{
	struct fixture *f;

	setenv("YUBIAO_FORMS", "forms:tests/unit/packs", 1);
	if (fixture_open(state) != 0)
		return -1;
	f = *state;
	session_free(f->session);
	f->session = session_new("codes", NULL, "1", "甲", 0, &f->diags);
	return f->session != NULL ? 0 : -1;
}

static void drop(struct fixture *f, const char *id, const char *code)
{
	if (session_row_drop(f->session, table_of(f, id), code, &f->diags) != STATUS_OK)
		fail_msg("%s", diag_first_error(&f->diags));
}

static size_t lines(struct fixture *f, const char *id)
{
	return workbook_line_count(session_workbook(f->session), table_of(f, id));
}

static void test_an_entered_figure_keeps_its_row(void **state)
{
	struct fixture *f = *state;

	set(f, "spending[2010301].基本=100");
	set(f, "comparison[20103].上年=80");
	drop(f, "spending", "2010301");
	assert_string_equal(cell_text(f, "comparison", "20103", "上年"), "80");
	assert_string_equal(cell_text(f, "comparison", "20103", "本年"), "");
	assert_int_equal(lines(f, "classes"), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_string_equal(cell_text(f, "comparison", "20103", "上年"), "");
	assert_string_equal(cell_text(f, "comparison", "20103", "本年"), "100");
	drop(f, "spending", "2010301");
	assert_int_equal(lines(f, "comparison"), 0);
}

static void test_control_figures_go_with_their_row(void **state)
{
	struct fixture *f = *state;

	set(f, "spending[2010301].基本=100");
	set_control(f, "classes[201].支出=90");
	set_control(f, "classes[总计].支出=90");
	set_control(f, "comparison[201].本年=90");
	drop(f, "spending", "2010301");
	assert_int_equal(lines(f, "classes") + lines(f, "comparison"), 0);
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_string_equal(control_text(f, "classes", "201", "支出"), "90");
	assert_string_equal(control_text(f, "classes", "总计", "支出"), "90");
	assert_string_equal(control_text(f, "comparison", "201", "本年"), "90");
}

/* 分类表 stands before the tables that its rows come from. */
static void test_saved_and_opened_again(void **state)
{
	struct fixture *f = *state;
	char path[96];

	snprintf(path, sizeof(path), "%s/a.yaml", f->directory);
	set(f, "spending[2010301].基本=100");
	set(f, "spending[2050201].基本=7");
	set(f, "comparison[20103].上年=80");
	set_control(f, "classes[201].支出=90");
	set_control(f, "classes[总计].折合=0.0107");
	assert_int_equal(session_save_as(f->session, path, false, &f->diags), STATUS_OK);
	session_free(f->session);
	f->session = session_open(path, &f->diags);
	assert_non_null(f->session);
	assert_string_equal(control_text(f, "classes", "201", "支出"), "90");
	assert_string_equal(control_text(f, "classes", "总计", "折合"), "0.0107");
	assert_string_equal(cell_text(f, "comparison", "20502", "本年"), "7");
	drop(f, "spending", "2050201");
	assert_int_equal(lines(f, "comparison"), 3);
	drop(f, "spending", "2010301");
	assert_int_equal(lines(f, "comparison"), 3);
	drop(f, "comparison", "20103");
	assert_int_equal(lines(f, "comparison"), 0);
}

static void test_rows_that_only_come_along_are_neither_added_nor_dropped(void **state)
{
	struct fixture *f = *state;
	char missing[24];

	set(f, "spending[2010301].基本=100");
	assert_int_equal(session_row_add(f->session, table_of(f, "classes"), "205", missing, &f->diags),
			 STATUS_INVALID);
	assert_non_null(strstr(diag_first_error(&f->diags), "由别的表带出"));
	diag_list_clear(&f->diags);
	assert_int_equal(session_row_drop(f->session, table_of(f, "comparison"), "20103", &f->diags),
			 STATUS_INVALID);
	assert_non_null(strstr(diag_first_error(&f->diags), "由别的表带出来的"));
}

/* Plans the text for a table; the sentences of its problems, one a line. */
static char *import(struct fixture *f, const char *id, const char *text)
{
	struct import_settings settings = {.table = table_of(f, id)};
	struct import_plan *plan = session_import_plan_text(f->session, &settings, "x.csv", text, strlen(text));
	struct buffer problems = {0};

	buffer_add(&problems, "");
	for (size_t i = 0; i < plan->parts[0].note_count; i++)
		if (plan->parts[0].notes[i].severity == IMPORT_IS_PROBLEM)
			buffer_format(&problems, "%u:%s\n", plan->parts[0].notes[i].line,
				      plan->parts[0].notes[i].text);
	if (plan->problems == 0)
		assert_int_equal(session_import(f->session, plan, &f->diags), STATUS_OK);
	import_plan_free(plan);
	return buffer_take(&problems);
}

static void assert_imported(struct fixture *f, const char *id, const char *text, const char *problems)
{
	char *found = import(f, id, text);

	assert_string_equal(found, problems);
	memory_free(found);
}

/* A table without codes is known by names, and only where the rows stand. */
static void test_rows_without_codes_are_imported_by_name(void **state)
{
	static const char text[] = "项目,支出\n一、一般公共服务支出,90\n二、教育支出,7\n国防支出,\n总计,97\n";
	struct fixture *f = *state;

	assert_imported(f, "classes", text,
			"2:表里没有这一行：这张表的行由别的表带出，请先导入那些表。\n"
			"3:表里没有这一行：这张表的行由别的表带出，请先导入那些表。\n"
			"5:“总计”是汇总行，它下面的科目文件里没有，表里也没有：请加上下级科目的行。\n");
	set(f, "spending[2010301].基本=100");
	set(f, "spending[2050201].基本=7");
	assert_imported(f, "classes", text, "");
	assert_string_equal(control_text(f, "classes", "201", "支出"), "90");
	assert_string_equal(control_text(f, "classes", "205", "支出"), "7");
	assert_string_equal(control_text(f, "classes", "总计", "支出"), "97");
}

/* Whole, in parts, in parts that repeat nothing, with zeros lost. */
static void test_codes_in_parts_are_imported(void **state)
{
	struct fixture *f = *state;

	assert_imported(f, "plan",
			"类,款,项,科目名称,基本\n201,,,一般公共服务支出,\n,3,,政府办公厅（室）及相关机构事务,\n,,1,行政运行,5\n"
			",,2,一般行政管理事务,6\n205,2,1,学前教育,7\n",
			"");
	assert_string_equal(cell_text(f, "plan", "2010301", "基本"), "5");
	assert_string_equal(cell_text(f, "plan", "20103", "基本"), "11");
	assert_string_equal(cell_text(f, "plan", "2050201", "基本"), "7");
	assert_imported(f, "spending", "科目编码,科目名称,基本\n2050201,学前教育,12\n", "");
	assert_string_equal(cell_text(f, "spending", "205", "基本"), "12");
}

/* Pasted or without a head: the first column holds 类 alone, the next what follows. */
static void test_codes_in_parts_are_imported_without_a_head(void **state)
{
	struct fixture *f = *state;

	assert_imported(f, "spending", "201,,,一般公共服务支出,18,18,\n201,3,,政府办公厅事务,18,18,\n201,3,1,行政运行,11,11,\n"
				       "201,3,2,一般行政管理事务,7,7,\n", "");
	assert_string_equal(cell_text(f, "spending", "2010301", "基本"), "11");
	assert_string_equal(cell_text(f, "spending", "2010302", "基本"), "7");
	assert_string_equal(control_text(f, "spending", "201", "合计"), "18");
}

/* Which card a file is for: the name above its table, the longest that fits. */
static void test_a_card_is_found_by_what_stands_above(void **state)
{
	struct fixture *f = *state;
	char *problems;

	set(f, "units[文化馆].人数=3");
	set(f, "units[文化馆分馆].人数=2");
	assert_imported(f, "running", "文化馆分馆运行经费\n单位：1 文化馆分馆,,单位：元\n项目,定额,安排\n办公费,7,5\n", "");
	assert_string_equal(cell_text(f, "running", "@2/办公费", "定额"), "7");
	assert_imported(f, "running", "单位：文化馆,,\n项目,定额,安排\n办公费,8,5\n", "");
	assert_string_equal(cell_text(f, "running", "@1/办公费", "定额"), "8");
	problems = import(f, "running", "项目,定额,安排\n办公费,9,5\n");
	assert_non_null(strstr(problems, "有 2 张，不知道这是哪一张"));
	memory_free(problems);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, codes_open, fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_an_entered_figure_keeps_its_row),
		TEST(test_control_figures_go_with_their_row),
		TEST(test_saved_and_opened_again),
		TEST(test_rows_without_codes_are_imported_by_name),
		TEST(test_codes_in_parts_are_imported),
		TEST(test_codes_in_parts_are_imported_without_a_head),
		TEST(test_a_card_is_found_by_what_stands_above),
		TEST(test_rows_that_only_come_along_are_neither_added_nor_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
