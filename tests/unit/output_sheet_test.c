/* Check sheets: nothing wider than the paper, columns in line, heads on every page, findings told, and a
 * last sheet to sign. */
#include "output_fixture.h"

static char *sheets(struct fixture *f, int table, int width, int height)
{
	const struct sheet_settings settings = {
		.width = width,
		.height = height,
		.fingerprint = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		.file = "/home/clerk/总工会 2024.yaml",
		.date = "2024-02-01",
	};
	struct buffer out = {0};

	sheet_format(f->workbook, table, &settings, &out);
	return buffer_take(&out);
}

/* Calls `visit` for every line with its page, from 1, and its line on the page, from 1. */
static void each_line(char *text, void (*visit)(const char *line, int page, int number, void *context),
		      void *context)
{
	int page = 1, number = 1;

	for (char *line = text, *end; *line != '\0'; line = end + 1, number++) {
		end = strchr(line, '\n');
		assert_non_null(end);
		*end = '\0';
		if (*line == '\f') {
			page++;
			number = 1;
			line++;
		}
		visit(line, page, number, context);
	}
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		count++;
	return count;
}

struct shape {
	int width, height, pages;
	char rules[512]; /* what stands in each cell of the rule above the line */
};

/* A wide character takes two cells; what it is does not matter here. */
static void keep_rule(struct shape *shape, const char *line)
{
	int cell = 0;

	memset(shape->rules, 0, sizeof(shape->rules));
	while (*line != '\0') {
		uint32_t point = text_decode(&line);
		for (int i = text_point_width(point); i > 0; i--)
			shape->rules[cell++] = point < 0x80 ? (char)point : '?';
	}
}

static void check_line(const char *line, int page, int number, void *context)
{
	struct shape *shape = context;
	int cell = 0;

	if (page > shape->pages)
		shape->pages = page;
	assert_true(number <= shape->height);
	assert_true(text_is_utf8(line, strlen(line)));
	if (text_width(line) > shape->width)
		fail_msg("%d cells: %s", text_width(line), line);
	if (line[0] == '+') {
		keep_rule(shape, line);
		return;
	}
	if (line[0] != '|' || shape->rules[0] == '\0')
		return;
	/* Wherever the line has a rule, the rule above had a corner. */
	for (const char *here = line; *here != '\0';) {
		uint32_t point = text_decode(&here);
		if (point == '|' && shape->rules[cell] != '+' && shape->rules[cell] != '|')
			fail_msg("out of line at cell %d: %s", cell, line);
		if (point == '+')
			shape->rules[cell] = '+'; /* a head's inner rule */
		cell += text_point_width(point);
	}
	assert_int_equal(cell, (int)strlen(shape->rules));
}

static void check_shape(struct fixture *f, int width, int height)
{
	char *text = sheets(f, -1, width, height), first[64], last[64];
	struct shape shape = {.width = width, .height = height};

	for (const char *here = text; *here != '\0'; here++)
		assert_true((unsigned char)*here >= ' ' || *here == '\n' || *here == '\f');
	char *copy = memory_copy_string(text);
	each_line(copy, check_line, &shape);
	snprintf(first, sizeof(first), "第 1 页，共 %d 页", shape.pages);
	snprintf(last, sizeof(last), "第 %d 页，共 %d 页", shape.pages, shape.pages);
	assert_non_null(strstr(text, first));
	assert_non_null(strstr(text, last));
	assert_int_equal(count_of(text, "文件指纹 0123456789ab "), shape.pages);
	assert_int_equal(count_of(text, "\f"), shape.pages - 1);
	memory_free(copy);
	memory_free(text);
}

static void nothing_leaves_the_paper(void **state)
{
	static const int widths[] = {60, 61, 72, 80, 96, 132, 200, 400};

	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		check_shape(*state, widths[i], 60);
		check_shape(*state, widths[i], 24);
	}
}

/* Cards, and texts longer than a page. */
static void cards_do_not_leave_it_either(void **state)
{
	static const int widths[] = {60, 61, 80, 132, 400};
	struct fixture *f = *state;
	struct buffer text = {0};

	for (int i = 0; i < 200; i++)
		buffer_add(&text, i % 9 == 8 ? "行尾\n" : "一句不短的话，和 some words，");
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
			check_shape(f, widths[i], 60);
			check_shape(f, widths[i], 24);
		}
		set_text(f, "project", "@3", "绩效目标", text.data);
		set_text(f, "project", "@12", "指标名称", text.data);
		set_text(f, "project", "@12", "指标值", text.data);
		set_text(f, "units", "@1", "单位性质", text.data);
	}
	buffer_done(&text);
}

static void names_and_figures_of_any_size_fit(void **state)
{
	struct fixture *f = *state;
	int table = table_of(f, "income");

	change(f,
	       operation_text(
		       OPERATION_NAME, table, "2012901", -1,
		       "特别特别特别特别特别特别特别特别特别特别特别特别特别长的科目名称（含括号、顿号、和字母ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ）"));
	set_figure(f, "income", "2012901", "财政拨款收入", INT64_C(-4611686018427387904));
	set_figure(f, "expenditure", "2012901", "经营支出", INT64_C(4611686018427387904));
	check_shape(f, 60, 60);
	check_shape(f, 80, 24);
	check_shape(f, 132, 60);
	char *text = sheets(f, table, 60, 60);
	assert_non_null(strstr(text, "-4611686018427.39"));
	memory_free(text);
}

static void heads_are_repeated(void **state)
{
	struct fixture *f = *state;
	char *text = sheets(f, table_of(f, "summary"), 80, 24);

	/* 34 rows on pages of 24 lines. */
	size_t pages = count_of(text, "\f") + 1;
	assert_in_range(pages, 3, 6);
	assert_in_range(count_of(text, "|栏次|"), 3, pages);
	assert_int_equal(count_of(text, "部门预算收支总表（续）"), pages - 1);
	assert_int_equal(count_of(text, "三十一、人行科目"), 1);
	assert_int_equal(count_of(text, "单位：万元"), pages);
	memory_free(text);
}

/* 13 columns on 80: every band says which row it is, and every column is there once. */
static void wide_tables_break_into_bands(void **state)
{
	struct fixture *f = *state;
	char *narrow = sheets(f, table_of(f, "income"), 80, 60),
	     *wide = sheets(f, table_of(f, "income"), 132, 60);

	assert_non_null(strstr(narrow, "第 1 段栏目，共 2 段"));
	assert_int_equal(count_of(narrow, "2012901"), 2);
	assert_int_equal(count_of(narrow, "住房公积金"), 2);
	assert_int_equal(count_of(narrow, "|栏次|"), 2);
	assert_null(strstr(wide, "段栏目"));
	assert_int_equal(count_of(wide, "2012901"), 1);
	assert_int_equal(count_of(wide, "|栏次|"), 1);
	memory_free(narrow);
	memory_free(wide);
}

static void findings_are_marked_and_told(void **state)
{
	struct fixture *f = *state;
	int table = table_of(f, "general-budget");
	char *text = sheets(f, table, 80, 60);

	assert_int_equal(count_of(text, "9.60!|"), 2);
	assert_int_equal(count_of(text, "9.60 |"), 1);
	assert_non_null(strstr(text, "错误 2 处"));
	assert_non_null(strstr(text, "\n! 1. "));
	assert_non_null(strstr(text, "2.60"));
	memory_free(text);
	text = sheets(f, table_of(f, "income"), 80, 60);
	assert_non_null(strstr(text, "没有发现问题"));
	memory_free(text);
	/* What is wrong with the row as such is marked before its ordinal. */
	change(f, operation_text(OPERATION_NAME, table, "2012901", -1, "行政"));
	text = sheets(f, table, 80, 60);
	assert_non_null(strstr(text, "|i  4|2012901"));
	memory_free(text);
}

static void empty_tables_have_their_note(void **state)
{
	struct fixture *f = *state;
	char *text = sheets(f, table_of(f, "three-public"), 80, 60);

	assert_non_null(strstr(text, "注：无财政拨款“三公”经费支出表预算，空表列示。"));
	assert_null(strstr(text, "公务接待费"));
	memory_free(text);
}

static void last_sheet_is_to_be_signed(void **state)
{
	struct fixture *f = *state;
	char *text, *last;

	change(f, operation_text(OPERATION_FIELD, -1, "", WORKBOOK_PREPARER, "张三"));
	change(f, operation_text(OPERATION_FIELD, -1, "", WORKBOOK_DATE, "2024-01-31"));
	text = sheets(f, -1, 80, 60);
	last = strstr(text, "审核结果汇总"); /* and on as many pages as the checks need */
	assert_non_null(last);
	for (int i = 0; i < f->pack->check_count; i++)
		if (text_width(f->pack->checks[i].name) <= 30)
			assert_non_null(strstr(last, f->pack->checks[i].name));
	assert_non_null(strstr(last, "|平 "));
	assert_non_null(strstr(last, "|不平 2 处 "));
	assert_non_null(strstr(last, "收入总计：116.16"));
	assert_non_null(strstr(last, "差额：0.00"));
	assert_non_null(strstr(last, "制表：张三____"));
	assert_non_null(strstr(last, "复核：____"));
	assert_non_null(strstr(last, "负责人：____"));
	assert_non_null(strstr(last, "2024-01-31"));
	assert_non_null(strstr(last, "2024-02-01"));
	assert_non_null(strstr(last, "总工会 2024.yaml"));
	assert_non_null(strstr(last, "01234567 89abcdef"));
	memory_free(text);
	/* One table alone has no last sheet. */
	text = sheets(f, 0, 80, 60);
	assert_null(strstr(text, "审核结果汇总"));
	memory_free(text);
}

static void rounding_is_told_apart(void **state)
{
	struct fixture *f = *state;
	char *text;

	set_control(f, "income", "201", "财政拨款收入", 7250 * WAN / 100);
	text = sheets(f, -1, 80, 60);
	assert_non_null(strstr(text, "72.49~|"));
	assert_non_null(strstr(text, "不平 2 处，尾差 1 处"));
	memory_free(text);
}

static void unsaved_is_said(void **state)
{
	struct fixture *f = *state;
	const struct sheet_settings settings = {.width = 80, .date = "2024-02-01"};
	struct buffer out = {0};

	sheet_format(f->workbook, -1, &settings, &out);
	assert_non_null(strstr(out.data, "未保存"));
	assert_non_null(strstr(out.data, "没有发现问题"));
	buffer_done(&out);
}

static void printers_are_named_plainly(void **state)
{
	static const char *const bad[] = {"", "-d", "a b", "a;b", "a/b", "../a", "打印机", "$(id)", "a\nb"};
	struct diag_list diags = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(printer_send("x\n", 2, bad[i], "t", &diags), STATUS_INVALID);
		assert_int_equal(diags.errors, 1);
		assert_non_null(strstr(diags.items[0].text, "lpstat -a"));
		diag_list_clear(&diags);
	}
	if (access("/usr/bin/lp", X_OK) != 0) {
		assert_int_equal(printer_send("x\n", 2, "laser-1", "t", &diags), STATUS_NOT_FOUND);
		assert_non_null(strstr(diags.items[0].text, "/usr/bin/lp"));
	}
	diag_list_done(&diags);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_leaves_the_paper, fixture_sample, fixture_close),
		cmocka_unit_test_setup_teardown(cards_do_not_leave_it_either, fixture_cards, fixture_close),
		cmocka_unit_test_setup_teardown(names_and_figures_of_any_size_fit, fixture_sample,
						fixture_close),
		cmocka_unit_test_setup_teardown(heads_are_repeated, fixture_sample, fixture_close),
		cmocka_unit_test_setup_teardown(wide_tables_break_into_bands, fixture_sample,
						fixture_close),
		cmocka_unit_test_setup_teardown(findings_are_marked_and_told, fixture_sample,
						fixture_close),
		cmocka_unit_test_setup_teardown(empty_tables_have_their_note, fixture_sample,
						fixture_close),
		cmocka_unit_test_setup_teardown(last_sheet_is_to_be_signed, fixture_sample, fixture_close),
		cmocka_unit_test_setup_teardown(rounding_is_told_apart, fixture_sample, fixture_close),
		cmocka_unit_test_setup_teardown(unsaved_is_said, fixture_empty, fixture_close),
		cmocka_unit_test(printers_are_named_plainly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
