/* CSV: what is printed, cell by cell; nothing that a spreadsheet would run; never a half-written file. */
#include "output_fixture.h"

static char *csv(struct fixture *f, const char *table)
{
	struct buffer out = {0};

	export_format(f->workbook, table_of(f, table), 0, &out);
	return buffer_take(&out);
}

static void assert_lines(struct fixture *f, const char *table, const char *const *lines)
{
	char *text = csv(f, table), *here = text;

	for (; *lines != NULL; lines++) {
		char *end = strstr(here, "\r\n");
		assert_non_null(end);
		*end = '\0';
		if (strcmp(*lines, "*") != 0)
			assert_string_equal(here, *lines);
		here = end + 2;
	}
	assert_string_equal(here, "");
	memory_free(text);
}

static void sample_is_as_published(void **state)
{
	assert_lines(
		*state, "expenditure",
		(const char *const[]){
			"序号,功能分类科目/科目编码,功能分类科目/科目名称,合计,基本支出,项目支出,经营支出,上解上级支出,对附属单位补助支出",
			"1,,合计,116.16,106.56,9.60,,,", "2,201,一般公共服务支出,72.49,62.89,9.60,,,",
			"3,20129,群众团体事务,72.49,62.89,9.60,,,", "4,2012901,行政运行,62.89,62.89,,,,",
			"5,2012902,一般行政管理事务,2.60,,2.60,,,",
			"6,2012999,其他群众团体事务支出,7.00,,7.00,,,",
			"7,208,社会保障和就业支出,28.03,28.03,,,,",
			"8,20805,行政事业单位养老支出,28.03,28.03,,,,",
			"9,2080501,行政单位离退休,20.32,20.32,,,,",
			"10,2080505,机关事业单位基本养老保险缴费支出,7.71,7.71,,,,",
			"11,210,卫生健康支出,9.45,9.45,,,,", "12,21011,行政事业单位医疗,9.45,9.45,,,,",
			"13,2101101,行政单位医疗,2.87,2.87,,,,", "14,2101103,公务员医疗补助,6.58,6.58,,,,",
			"15,221,住房保障支出,6.19,6.19,,,,", "16,22102,住房改革支出,6.19,6.19,,,,",
			"17,2210201,住房公积金,6.19,6.19,,,,", NULL});
}

static void two_blocks_stand_side_by_side(void **state)
{
	char *text = csv(*state, "summary");

	assert_non_null(strstr(text, "序号,收入/项目,收入/预算数,支出/项目,支出/预算数\r\n"));
	assert_non_null(
		strstr(text, "\r\n1,一、一般公共预算拨款收入,116.16,一、一般公共服务支出,72.49\r\n"));
	assert_non_null(strstr(text, "\r\n8,,,八、社会保障和就业支出,28.03\r\n"));
	assert_non_null(strstr(text, "\r\n32,本年收入合计,116.16,本年支出合计,116.16\r\n"));
	assert_non_null(strstr(text, "\r\n34,收入总计,116.16,支出总计,116.16\r\n"));
	memory_free(text);
}

static void tables_without_figures_have_the_empty_body(void **state)
{
	struct fixture *f = *state;
	const char *const lines[] = {"*", ",,,,,", NULL};

	assert_lines(f, "government-fund", lines);
	assert_lines(f, "three-public", lines);
	change(f, operation_row(OPERATION_ROW_ADD, table_of(f, "government-fund"), "2120801"));
	assert_lines(f, "government-fund", lines);
	struct grid *grid = grid_new(f->workbook, table_of(f, "government-fund"), 0);
	assert_string_equal(grid->note, "注：无政府基金预算财政拨款预算，空表列示。");
	grid_free(grid);
	set_figure(f, "government-fund", "2120801", "项目支出", 0);
	grid = grid_new(f->workbook, table_of(f, "government-fund"), 0);
	assert_string_equal(grid->note, "");
	assert_int_equal(grid->row_count, 4);
	grid_free(grid);
}

static void own_name(struct fixture *f, const char *name)
{
	change(f, operation_text(OPERATION_NAME, table_of(f, "income"), "2012901", -1, name));
}

/* Fourth line, third cell. */
static void assert_name_cell(struct fixture *f, const char *expected)
{
	char *text = csv(f, "income"), *line = strstr(text, "\r\n4,2012901,");
	size_t length = strlen("\r\n4,2012901,");

	assert_non_null(line);
	if (strncmp(line + length, expected, strlen(expected)) != 0 ||
	    line[length + strlen(expected)] != ',')
		fail_msg("not %s: %.60s", expected, line + length);
	memory_free(text);
}

static void formulas_are_defused(void **state)
{
	static const char *const names[][2] = {
		{"=1+2", "\"'=1+2\""},
		{"+cmd|' /C calc'!A0", "\"'+cmd|' /C calc'!A0\""},
		{"-2+3", "\"'-2+3\""},
		{"@SUM(A1)", "\"'@SUM(A1)\""},
		{"  =1", "\"'  =1\""},
		{"\xE3\x80\x80=1", "\"'\xE3\x80\x80=1\""},
		{"＝1", "\"'＝1\""},
		{"-", "\"'-\""},
		{"=\"a\",b", "\"'=\"\"a\"\",b\""},
		{"甲,乙", "\"甲,乙\""},
		{"说\"好\"", "\"说\"\"好\"\"\""},
		{"甲=乙", "甲=乙"},
		{"-5", "-5"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		own_name(f, names[i][0]);
		assert_name_cell(f, names[i][1]);
	}
}

static void negative_amounts_stay_numbers(void **state)
{
	struct fixture *f = *state;
	char *text;

	set_figure(f, "income", "2012901", "财政拨款收入", -1234 * WAN - 1);
	text = csv(f, "income");
	assert_non_null(strstr(text, ",-1234.00,-1234.00,-1234.00,"));
	assert_null(strstr(text, "'"));
	memory_free(text);
}

static char *export_path(const struct fixture *f, const char *name)
{
	char *folder = file_join(f->folder, "a/b"), *path = file_join(folder, name);

	memory_free(folder);
	return path;
}

static void remove_export(const struct fixture *f, const char *name)
{
	char *path = export_path(f, name);

	unlink(path);
	memory_free(path);
}

static void remove_folders(const struct fixture *f)
{
	char *path = file_join(f->folder, "a/b");

	rmdir(path);
	memory_free(path);
	path = file_join(f->folder, "a");
	rmdir(path);
	memory_free(path);
}

static const struct {
	const char *name, *table;
	size_t sheet; /* from 1; 0: a plain table */
	bool head;
} files_of_sample[] = {
	{"01-summary.csv", "summary", 0, false},
	{"02-income.csv", "income", 0, false},
	{"03-expenditure.csv", "expenditure", 0, false},
	{"04-fiscal-summary.csv", "fiscal-summary", 0, false},
	{"05-general-budget.csv", "general-budget", 0, false},
	{"06-basic.csv", "basic", 0, false},
	{"07-government-fund.csv", "government-fund", 0, false},
	{"08-state-capital.csv", "state-capital", 0, false},
	{"09-three-public.csv", "three-public", 0, false},
	{"10-organisation.csv", "organisation", 0, false},
	{"11-project-1-head.csv", "project", 1, true},
	{"11-project-1-indicators.csv", "project", 1, false},
	{"11-project-2-head.csv", "project", 2, true},
	{"11-project-2-indicators.csv", "project", 2, false},
	{"11-project-3-head.csv", "project", 3, true},
	{"11-project-3-indicators.csv", "project", 3, false},
	{"11-project-4-head.csv", "project", 4, true},
	{"11-project-4-indicators.csv", "project", 4, false},
	{"12-procurement.csv", "procurement", 0, false},
	{"13-assets.csv", "assets", 0, false},
};
#define FILES (sizeof(files_of_sample) / sizeof(files_of_sample[0]))

/* What the file should hold, in UTF-8. */
static char *expected_file(struct fixture *f, size_t i)
{
	size_t sheet = files_of_sample[i].sheet > 0 ? files_of_sample[i].sheet - 1 : 0;
	struct buffer out = {0};

	(files_of_sample[i].head ? export_format_head : export_format)(
		f->workbook, table_of(f, files_of_sample[i].table), sheet, &out);
	return buffer_take(&out);
}

static void check_file(struct fixture *f, size_t i, enum export_encoding encoding)
{
	char *path = export_path(f, files_of_sample[i].name), *expected = expected_file(f, i);
	struct buffer bytes = {0}, text = {0};
	struct stat info;

	assert_int_equal(file_read(&bytes, path, 1 << 20, NULL), STATUS_OK);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	if (encoding == EXPORT_UTF8_BOM) {
		assert_memory_equal(bytes.data, "\xEF\xBB\xBF", 3);
		assert_string_equal(bytes.data + 3, expected);
	} else if (encoding == EXPORT_UTF8) {
		assert_string_equal(bytes.data, expected);
	} else {
		assert_int_equal(encode_to_utf8(&text, bytes.data, bytes.length, "GB18030", NULL), STATUS_OK);
		assert_string_equal(text.data, expected); /* no mark in front */
	}
	buffer_done(&bytes);
	buffer_done(&text);
	memory_free(expected);
	memory_free(path);
}

static void files_have_numbers_and_encodings(void **state)
{
	struct fixture *f = *state;
	char *folder = file_join(f->folder, "a/b");
	size_t files;

	for (enum export_encoding encoding = 0; encoding < EXPORT_ENCODINGS; encoding++) {
		assert_int_equal(export_write(f->workbook, -1, folder, encoding, &files, NULL), STATUS_OK);
		assert_int_equal(files, FILES);
		for (size_t i = 0; i < FILES; i++)
			check_file(f, i, encoding);
	}
	for (size_t i = 0; i < FILES; i++)
		remove_export(f, files_of_sample[i].name);
	remove_folders(f);
	memory_free(folder);
}

static void characters_beyond_gbk_are_counted(void **state)
{
	struct fixture *f = *state;
	struct diag_list diags = {0};
	char *folder = file_join(f->folder, "a/b");
	size_t files;

	own_name(f, "行政𠀀运㐀行");
	assert_int_equal(
		export_write(f->workbook, table_of(f, "income"), folder, EXPORT_GB18030, &files, &diags),
		STATUS_OK);
	assert_int_equal(files, 1);
	assert_int_equal(diags.count, 1);
	assert_int_equal(diags.items[0].severity, DIAG_WARNING);
	assert_non_null(strstr(diags.items[0].text, "有 2 个字符"));
	assert_non_null(strstr(diags.items[0].file, "02-income.csv"));
	diag_list_done(&diags);
	assert_int_equal(
		export_write(f->workbook, table_of(f, "income"), folder, EXPORT_UTF8, &files, &diags),
		STATUS_OK);
	assert_int_equal(diags.count, 0);
	remove_export(f, "02-income.csv");
	remove_folders(f);
	memory_free(folder);
}

static void no_folder_is_an_error(void **state)
{
	struct fixture *f = *state;
	struct diag_list diags = {0};
	size_t files;
	char *file = file_join(f->folder, "plain"), *folder = file_join(file, "under");
	FILE *made = fopen(file, "w");

	assert_non_null(made);
	fclose(made);
	assert_int_not_equal(export_write(f->workbook, -1, folder, EXPORT_UTF8, &files, &diags), STATUS_OK);
	assert_int_equal(files, 0);
	assert_true(diags.errors > 0);
	diag_list_done(&diags);
	unlink(file);
	memory_free(file);
	memory_free(folder);
}

static void encodings_have_words(void **state)
{
	(void)state;
	assert_int_equal(export_encoding_find("utf-8-bom"), EXPORT_UTF8_BOM);
	assert_int_equal(export_encoding_find("utf-8"), EXPORT_UTF8);
	assert_int_equal(export_encoding_find("gb18030"), EXPORT_GB18030);
	assert_int_equal(export_encoding_find("gbk"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sample_is_as_published, fixture_sample, fixture_close),
		cmocka_unit_test_setup_teardown(two_blocks_stand_side_by_side, fixture_sample,
						fixture_close),
		cmocka_unit_test_setup_teardown(tables_without_figures_have_the_empty_body, fixture_sample,
						fixture_close),
		cmocka_unit_test_setup_teardown(formulas_are_defused, fixture_sample, fixture_close),
		cmocka_unit_test_setup_teardown(negative_amounts_stay_numbers, fixture_sample,
						fixture_close),
		cmocka_unit_test_setup_teardown(files_have_numbers_and_encodings, fixture_sample,
						fixture_close),
		cmocka_unit_test_setup_teardown(characters_beyond_gbk_are_counted, fixture_sample,
						fixture_close),
		cmocka_unit_test_setup_teardown(no_folder_is_an_error, fixture_empty, fixture_close),
		cmocka_unit_test(encodings_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
