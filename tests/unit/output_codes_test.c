/* Codes that stand in several columns, and numbers before the names that a code brings, as exported and as
 * printed. */
#include "output_fixture.h"

static void assert_csv(struct fixture *f, const char *table, const char *expected)
{
	struct buffer out = {0};

	export_format(f->workbook, table_of(f, table), 0, &out);
	assert_string_equal(buffer_text(&out), expected);
	buffer_done(&out);
}

static void fill(struct fixture *f)
{
	set_figure(f, "spending", "2050803", "基本", 900);
	set_figure(f, "spending", "2010301", "基本", 10000);
	set_figure(f, "spending", "2010302", "项目", 5000);
	set_figure(f, "spending", "2012901", "基本", 700);
	set_figure(f, "plan", "2040201", "基本", 200);
	set_figure(f, "plan", "2010301", "基本", 100);
	set_figure(f, "plan", "2050201", "基本", 0);
}

static void each_column_has_its_level(void **state)
{
	struct fixture *f = *state;

	fill(f);
	assert_csv(f, "spending",
		   "科目编码/类,科目编码/款,科目编码/项,科目名称,合计,基本,项目\r\n"
		   "201,,,一、一般公共服务支出,157,107,50\r\n"
		   "201,03,,政府办公厅（室）及相关机构事务,150,100,50\r\n"
		   "201,03,01,行政运行,100,100,\r\n"
		   "201,03,02,一般行政管理事务,50,,50\r\n"
		   "201,29,,群众团体事务,7,7,\r\n"
		   "201,29,01,行政运行,7,7,\r\n"
		   "205,,,二、教育支出,9,9,\r\n"
		   "205,08,,进修及培训,9,9,\r\n"
		   "205,08,03,培训支出,9,9,\r\n"
		   ",,,合计,166,116,50\r\n");
}

/* 02 stands again under another 类. */
static void a_level_that_repeats_is_printed_once(void **state)
{
	struct fixture *f = *state;

	fill(f);
	assert_csv(f, "plan",
		   "科目编码/类,科目编码/款,科目编码/项,科目名称,基本\r\n"
		   "201,,,一般公共服务支出,1\r\n"
		   ",03,,政府办公厅（室）及相关机构事务,1\r\n"
		   ",,01,行政运行,1\r\n"
		   "204,,,公共安全支出,2\r\n"
		   ",02,,公安,2\r\n"
		   ",,01,行政运行,2\r\n"
		   "205,,,教育支出,0\r\n"
		   ",02,,普通教育,0\r\n"
		   ",,01,学前教育,0\r\n");
}

static void numbers_follow_what_occurs(void **state)
{
	struct fixture *f = *state;
	int table = table_of(f, "spending");

	set_figure(f, "spending", "2050803", "基本", 900);
	set_figure(f, "spending", "2100101", "基本", 100);
	set_figure(f, "spending", "2010301", "基本", 10000);
	change(f, operation_figure(table, "2050803", form_leaf_find(f->pack->tables[table], "基本", -1), true, 0));
	change(f, operation_row(OPERATION_ROW_DROP, table, "2050803"));
	assert_csv(f, "spending",
		   "科目编码/类,科目编码/款,科目编码/项,科目名称,合计,基本,项目\r\n"
		   "201,,,一、一般公共服务支出,100,100,\r\n"
		   "201,03,,政府办公厅（室）及相关机构事务,100,100,\r\n"
		   "201,03,01,行政运行,100,100,\r\n"
		   "210,,,二、卫生健康支出,1,1,\r\n"
		   "210,01,,卫生健康管理事务,1,1,\r\n"
		   "210,01,01,行政运行,1,1,\r\n"
		   ",,,合计,101,101,\r\n");
}

/* Every band has all columns of the code: 01 alone says nothing. */
static void every_band_has_the_whole_code(void **state)
{
	struct fixture *f = *state;
	struct sheet_settings settings = {.width = 80};
	struct buffer out = {0};
	int count = 0;

	set_figure(f, "spending", "2010301", "基本", 123456789012345600);
	set_figure(f, "spending", "2010301", "项目", 123456789012345600);
	sheet_format(f->workbook, table_of(f, "spending"), &settings, &out);
	for (const char *line = buffer_text(&out); (line = strstr(line, "| 201|03|01|")) != NULL; line++)
		count++;
	assert_int_equal(count, 2);
	buffer_done(&out);
}

/* What the columns of a band do not need is not in its head. */
static void a_band_has_the_head_of_its_columns(void **state)
{
	struct fixture *f = *state;
	struct sheet_settings settings = {.width = 60};
	struct buffer out = {0};

	sheet_format(f->workbook, table_of(f, "balance"), &settings, &out);
	assert_non_null(strstr(buffer_text(&out), "|               收入               |\n"
						  "+-----------------+----------------+\n"
						  "|      项目       |      金额      |\n"
						  "+-----------------+----------------+\n"
						  "| 一、拨款"));
	buffer_done(&out);
}

static void a_check_reads_the_part_that_is_printed(void **state)
{
	struct fixture *f = *state;
	const struct finding **found;

	set_figure(f, "spending", "2010301", "项目", 500);
	set_figure(f, "spending", "2010302", "项目", 500);
	assert_int_equal(workbook_findings(f->workbook, table_of(f, "spending"), &found), 1);
	assert_string_equal(row_key(found[0]->row), "2010301");
	memory_free(found);
}

/* Beside fixed rows, the classes that have a figure close up and count anew; the totals stay on one line. */
static void classes_without_a_figure_are_left_out(void **state)
{
	struct fixture *f = *state;
	int balance = table_of(f, "balance");

	assert_csv(f, "balance",
		   "收入/项目,收入/金额,支出/项目,支出/合计,支出/其中/本年,支出/其中/其他\r\n"
		   "一、拨款,,,,,\r\n"
		   "二、其他收入,,,,,\r\n"
		   "三、结余,,,,,\r\n"
		   "收入总计,,支出总计,,,\r\n");
	set_figure(f, "spending", "2050803", "基本", 900);
	set_figure(f, "spending", "2010301", "基本", 10000);
	set_figure(f, "balance", "一般公共服务支出", "其他", 200);
	set_figure(f, "balance", "221", "其他", 300);
	set_figure(f, "balance", "229", "其他", 0);
	assert_csv(f, "balance",
		   "收入/项目,收入/金额,支出/项目,支出/合计,支出/其中/本年,支出/其中/其他\r\n"
		   "一、拨款,,一、一般公共服务支出,102,100,2\r\n"
		   "二、其他收入,,二、教育支出,9,9,\r\n"
		   "三、结余,,三、住房保障支出,3,,3\r\n"
		   ",,四、其他支出,0,,0\r\n"
		   "收入总计,,支出总计,114,109,5\r\n");
	/* A control figure is to be seen even where nothing is. */
	set_control(f, "balance", "207", "合计", 100);
	change(f, operation_figure(balance, "229", form_leaf_find(f->pack->tables[balance], "其他", -1), true, 0));
	assert_csv(f, "balance",
		   "收入/项目,收入/金额,支出/项目,支出/合计,支出/其中/本年,支出/其中/其他\r\n"
		   "一、拨款,,一、一般公共服务支出,102,100,2\r\n"
		   "二、其他收入,,二、教育支出,9,9,\r\n"
		   "三、结余,,三、文化旅游体育与传媒支出,,,\r\n"
		   ",,四、住房保障支出,3,,3\r\n"
		   "收入总计,,支出总计,114,109,5\r\n");
}

static void classes_have_the_names_of_their_year(void **state)
{
	struct fixture *f = *state;
	int balance = table_of(f, "balance");

	assert_string_equal(row_caption(workbook_row_find(f->workbook, balance, "207")), "文化旅游体育与传媒支出");
	change(f, operation_text(OPERATION_FIELD, -1, "", WORKBOOK_YEAR, "2018"));
	assert_string_equal(row_caption(workbook_row_find(f->workbook, balance, "207")), "文化体育与传媒支出");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_codes, fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_column_has_its_level),
		TEST(a_level_that_repeats_is_printed_once),
		TEST(numbers_follow_what_occurs),
		TEST(classes_without_a_figure_are_left_out),
		TEST(classes_have_the_names_of_their_year),
		TEST(every_band_has_the_whole_code),
		TEST(a_band_has_the_head_of_its_columns),
		TEST(a_check_reads_the_part_that_is_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
