/* Cards, sheets of units, lists and texts, as exported and as printed. */
#include "output_fixture.h"


static char *csv(struct fixture *f, const char *table, size_t sheet)
{
	struct buffer out = {0};

	export_format(f->workbook, table_of(f, table), sheet, &out);
	return buffer_take(&out);
}

static void assert_csv(struct fixture *f, const char *table, size_t sheet, const char *expected)
{
	char *text = csv(f, table, sheet);

	assert_string_equal(text, expected);
	memory_free(text);
}

static void a_card_is_a_head_and_a_grid(void **state)
{
	struct fixture *f = *state;
	struct buffer head = {0};

	export_format_head(f->workbook, table_of(f, "project"), 0, &head);
	assert_string_equal(head.data, "项目编码,13030424P008893110300,项目名称,困难职工帮扶经费\r\n"
				       "预算规模,预算数,5.00,其中：财政资金,5.00,其他资金,\r\n"
				       ",体现党对困难职工关心和爱护\r\n"
				       "资金支出计划（%）,3月底,12月底\r\n"
				       ",25%,100%\r\n"
				       "绩效目标,\"1.资金帮扶3人，体现党对困难职工关心和爱护；\n2.第二条目标。\"\r\n");
	buffer_done(&head);
	/* 数量指标 again, for another 一级指标; "3" as text stays as typed; what would run is defused. */
	assert_csv(f, "project", 0,
		   "一级指标,二级指标,指标名称,指标值\r\n"
		   "产出指标,数量指标,帮扶人数,≥3人\r\n"
		   ",,帮扶次数,3\r\n"
		   "效益指标,数量指标,保障职工合法权益，切实帮助解决部分职工群众的实际困难和问题,显著\r\n");
	assert_csv(f, "project", 1, "一级指标,二级指标,指标名称,指标值\r\n产出指标,,,\"'=1+2\"\r\n");
}

static void lists_and_sheets_are_as_printed(void **state)
{
	struct fixture *f = *state;

	assert_csv(f, "units", 0,
		   "单位编码,单位名称,单位性质,经费保障形式,经费\r\n"
		   ",合计,,,13.50\r\n"
		   "711001,1、总工会本级,行政,财政拨款,12.50\r\n"
		   "711002,2、职工服务中心,事业,财政补助,1.00\r\n");
	assert_csv(f, "staff", 0,
		   "项目,人数,备注\r\n合计,8,\r\n在职,5,\r\n离退,3,含退职\r\n级别,——,\r\n");
	assert_csv(f, "staff", 1, "项目,人数,备注\r\n合计,1,\r\n在职,1,\r\n离退,,\r\n级别,——,\r\n");
	assert_csv(f, "duties", 0, "职责名称,说明\r\n组织建设,\"  缩进开头\n第二行\n\n结尾行  \n又\"\r\n");
	assert_csv(f, "purchases", 0, "项目名称,数量,单价\r\n");
}

static void titles_know_their_sheet(void **state)
{
	struct fixture *f = *state;
	struct grid *grid = grid_new(f->workbook, table_of(f, "project"), 1);

	assert_string_equal(grid->title, "2、劳模体检费绩效目标表");
	grid_free(grid);
	grid = grid_new(f->workbook, table_of(f, "staff"), 1);
	assert_string_equal(grid->title, "职工服务中心人员情况");
	grid_free(grid);
	grid = grid_new(f->workbook, table_of(f, "assets"), 0);
	assert_string_equal(grid->line[1], "截止时间：2023年11月30日");
	assert_int_equal(grid->field_line_count, 0);
	grid_free(grid);
	set_text(f, "assets", "@0", "截止时间", "");
	grid = grid_new(f->workbook, table_of(f, "assets"), 0);
	assert_string_equal(grid->line[1], "截止时间：2023年12月31日");
	grid_free(grid);
}

/* ---- Files. ---- */

static void assert_files(struct fixture *f, const char *const *names)
{
	size_t files, count = 0;

	assert_int_equal(export_write(f->workbook, -1, f->folder, EXPORT_UTF8, &files, NULL), STATUS_OK);
	for (; names[count] != NULL; count++) {
		char *path = file_join(f->folder, names[count]);
		if (unlink(path) != 0)
			fail_msg("no %s", names[count]);
		memory_free(path);
	}
	assert_int_equal(files, count);
	assert_int_equal(rmdir(f->folder), 0);
	assert_int_equal(mkdir(f->folder, 0700), 0);
}

static struct operation elsewhere(struct fixture *f, const char *table, bool set)
{
	struct operation operation = operation_rounded(table_of(f, table), set);

	operation.kind = OPERATION_ELSEWHERE;
	return operation;
}

static void drop_entry(struct fixture *f, int list, const char *key, const char *const *tables)
{
	for (; *tables != NULL; tables++) {
		int table = table_of(f, *tables);
		const struct row *row = workbook_row_find(f->workbook, table, key);
		for (int leaf = 0; row != NULL && leaf < f->pack->tables[table]->leaf_count; leaf++)
			if (workbook_rule(f->workbook, row, leaf)->kind == FORM_ENTERED &&
			    f->pack->tables[table]->leaves[leaf]->type != FORM_CODE &&
			    f->pack->tables[table]->leaves[leaf]->type != FORM_CAPTION)
				change(f, f->pack->tables[table]->leaves[leaf]->type > FORM_PERCENT
						  ? operation_cell_text(table, key, leaf, "")
						  : operation_figure(table, key, leaf, true, 0));
	}
	change(f, operation_entry(OPERATION_ENTRY_CODE, list, key, "", 0));
	change(f, operation_entry(OPERATION_ENTRY_NAME, list, key, "", 0));
	change(f, operation_entry(OPERATION_ENTRY_DROP, list, key, "", 0));
}

static int list_of(const struct fixture *f, const char *name)
{
	for (int i = 0; i < f->pack->list_count; i++)
		if (strcmp(f->pack->lists[i].name, name) == 0)
			return i;
	fail_msg("no list %s", name);
	return -1;
}

static void every_sheet_has_its_file(void **state)
{
	struct fixture *f = *state;

	assert_files(f, (const char *const[]){"01-units.csv", "02-project-1-head.csv",
					      "02-project-1-indicators.csv", "02-project-2-head.csv",
					      "02-project-2-indicators.csv", "03-duties.csv", "04-staff-1.csv",
					      "04-staff-2.csv", "05-assets.csv", "06-purchases.csv", NULL});
}

static void one_unit_needs_no_number(void **state)
{
	struct fixture *f = *state;

	change(f, operation_figure(table_of(f, "staff"), "@2/在职", 1, true, 0));
	drop_entry(f, list_of(f, "单位"), "@2", (const char *const[]){"units", NULL});
	assert_files(f, (const char *const[]){"01-units.csv", "02-project-1-head.csv",
					      "02-project-1-indicators.csv", "02-project-2-head.csv",
					      "02-project-2-indicators.csv", "03-duties.csv", "04-staff.csv",
					      "05-assets.csv", "06-purchases.csv", NULL});
	change(f, operation_figure(table_of(f, "staff"), "@1/在职", 1, true, 0));
	change(f, operation_figure(table_of(f, "staff"), "@1/离退", 1, true, 0));
	change(f, operation_cell_text(table_of(f, "staff"), "@1/离退", 2, ""));
	drop_entry(f, list_of(f, "单位"), "@1", (const char *const[]){"units", NULL});
	assert_csv(f, "staff", 0, "项目,人数,备注\r\n");
	assert_csv(f, "units", 0, "单位编码,单位名称,单位性质,经费保障形式,经费\r\n,合计,,,\r\n");
}

static void tables_elsewhere_have_no_number(void **state)
{
	struct fixture *f = *state;
	struct diag_list diags = {0};
	size_t files;

	change(f, elsewhere(f, "project", true));
	change(f, elsewhere(f, "assets", true));
	assert_files(f, (const char *const[]){"01-units.csv", "02-duties.csv", "03-staff-1.csv",
					      "03-staff-2.csv", "04-purchases.csv", NULL});
	assert_int_equal(
		export_write(f->workbook, table_of(f, "assets"), f->folder, EXPORT_UTF8, &files, &diags),
		STATUS_INVALID);
	assert_int_equal(files, 0);
	assert_non_null(strstr(diag_first_error(&diags), "《固定资产》标为另行公开"));
	diag_list_done(&diags);
}

/* ---- Paper. ---- */

static char *sheets(struct fixture *f, const char *table, int width, int height)
{
	const struct sheet_settings settings = {.width = width, .height = height, .date = "2024-02-01"};
	struct buffer out = {0};

	sheet_format(f->workbook, table != NULL ? table_of(f, table) : -1, &settings, &out);
	return buffer_take(&out);
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		count++;
	return count;
}

static void a_card_has_its_head_in_boxes(void **state)
{
	struct fixture *f = *state;
	char *text = sheets(f, "project", 80, 60);

	assert_non_null(strstr(
		text,
		"\n+--------------+------+----------+--------+-----+--+-------+--------+----------+\n"
		"|   预算规模   |预算数|     5.00 |其中：财政资金|     5.00 |其他资金|          |\n"
		"|              +------+----------+--------------+----------+--------+----------+\n"
		"|              |体现党对困难职工关心和爱护                                     |\n"
		"+--------------+-------------------------------+-------------------------------+\n"
		"| 资金支出计划 |             3月底             |            12月底             |\n"
		"|    （%）     |                               |                               |\n"
		"|              +-------------------------------+-------------------------------+\n"
		"|              |                           25% |                          100% |\n"
		"+--------------+-------------------------------+-------------------------------+\n"
		"|   绩效目标   |1.资金帮扶3人，体现党对困难职工关心和爱护；                    |\n"
		"|              |2.第二条目标。                                                 |\n"
		"+--------------+---------------------------------------------------------------+\n"));
	assert_non_null(strstr(text, "\n|产出指标 |数量指标 |帮扶人数 "));
	assert_non_null(strstr(text, "\n|         |         |帮扶次数 "));
	assert_int_equal(count_of(text, "\f"), 1); /* a page each */
	assert_non_null(strstr(strchr(text, '\f'), "2、劳模体检费绩效目标表"));
	memory_free(text);
}

static void findings_stand_below_their_card(void **state)
{
	struct fixture *f = *state;
	char *text, *second;

	change(f, operation_control(table_of(f, "project"), "@4", 2, false, 3 * WAN));
	text = sheets(f, "project", 80, 60);
	second = strchr(text, '\f');
	assert_non_null(second);
	assert_non_null(strstr(second, "     2.60!|"));
	assert_non_null(strstr(second, "\n! 1. "));
	*second = '\0';
	assert_non_null(strstr(text, "没有发现问题"));
	assert_null(strstr(text, "!|"));
	memory_free(text);
}

static void set_long_texts(struct fixture *f, int sentences)
{
	struct buffer text = {0};

	for (int i = 1; i <= sentences; i++)
		buffer_format(&text, "%s第%d句话，每句都要印出来，一句也不能少。", i % 7 == 0 ? "\n" : "", i);
	set_text(f, "project", "@3", "绩效目标", text.data);
	set_text(f, "project", "@13", "指标名称", text.data);
	set_text(f, "duties", "@20", "说明", text.data);
	buffer_done(&text);
}

/* The text of a column, less the lines and rules that cut it up. */
static char *joined(const char *text)
{
	struct buffer out = {0};

	for (; *text != '\0'; text++)
		if (*text != ' ' && *text != '|' && *text != '\n')
			buffer_add_byte(&out, *text);
	return buffer_take(&out);
}

static void long_texts_run_over_pages(void **state)
{
	struct fixture *f = *state;
	char *text, *all, number[64];

	set_long_texts(f, 100);
	text = sheets(f, "duties", 80, 24);
	assert_in_range(count_of(text, "\f"), 3, 12);
	assert_int_equal(count_of(text, "|    职责名称     |"), count_of(text, "\f") + 1);
	all = joined(text);
	for (int i = 1; i <= 100; i++) {
		snprintf(number, sizeof(number), "第%d句话", i);
		assert_int_equal(count_of(all, number), 1);
	}
	memory_free(all);
	memory_free(text);
	text = sheets(f, "project", 80, 24);
	assert_int_equal(count_of(text, "句"), 600); /* three a sentence, in the head and in the grid */
	memory_free(text);
}

/* A row that fits on a page is not broken. */
static void pages_end_between_rows(void **state)
{
	struct fixture *f = *state;
	char *text, *all, *row, *end;

	for (int height = 30; height <= 60; height++) {
		set_long_texts(f, 14);
		text = sheets(f, "project", 80, height);
		all = joined(text);
		row = strstr(strstr(all, "帮扶人数"), "第1句话"); /* of the grid: the head has it too */
		assert_non_null(row);
		end = strstr(row, "第14句话");
		assert_non_null(end);
		assert_null(memchr(row, '\f', (size_t)(end - row)));
		memory_free(all);
		memory_free(text);
	}
}

static void the_last_sheet_names_tables_elsewhere(void **state)
{
	struct fixture *f = *state;
	char *text = sheets(f, NULL, 80, 60);

	assert_null(strstr(text, "另行公开"));
	memory_free(text);
	change(f, elsewhere(f, "assets", true));
	change(f, elsewhere(f, "units", true));
	text = sheets(f, NULL, 80, 60);
	assert_non_null(strstr(text, "另行公开，未列入本表：《机构设置》《固定资产》\n"));
	assert_null(strstr(text, "固定资产占用情况表"));
	assert_non_null(strstr(text, "职工服务中心人员情况"));
	memory_free(text);
	text = sheets(f, "assets", 80, 60);
	assert_non_null(strstr(text, "固定资产占用情况表"));
	memory_free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_cards, fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_card_is_a_head_and_a_grid),
		TEST(lists_and_sheets_are_as_printed),
		TEST(titles_know_their_sheet),
		TEST(every_sheet_has_its_file),
		TEST(one_unit_needs_no_number),
		TEST(tables_elsewhere_have_no_number),
		TEST(a_card_has_its_head_in_boxes),
		TEST(findings_stand_below_their_card),
		TEST(long_texts_run_over_pages),
		TEST(pages_end_between_rows),
		TEST(the_last_sheet_names_tables_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
