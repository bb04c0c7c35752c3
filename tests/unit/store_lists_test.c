/* Lists, cards, sheets and texts in a workbook file: what was entered comes back exactly, and what is not
 * understood is refused at its place. */
#define SAMPLE "tests/unit/cards.yaml"
#include "store_refusal.h"

static const struct refusal refusals[] = {
	{"\nlists:", "单位:", "单为:", "单为", {"没有“单为”这个名录", "最接近的是“单位”", "单位、项目、指标"}},
	{"\n  职责:", "职责:\n  - {id: 20, name: 组织建设}", "职责: 20", "20", {"“职责”下应是一列条目"}},
	{"\n  单位:", "{id: 1, code: \"711001\"", "{code: \"711001\"", "{code", {"编号", "id: 1"}},
	{"\n  单位:", "{id: 1,", "{id: 0,", "0, code", {"从 1 起"}},
	{"\n  单位:", "{id: 1,", "{id: -1,", "-1, code", {"从 1 起"}},
	{"\n  单位:", "{id: 1,", "{id: 1.5,", "1.5, code", {"从 1 起"}},
	{"\n  单位:", "{id: 2,", "{id: 1,", "1, code: \"711002\"", {"编号 1 在第", "已经用过"}},
	{"\n  项目:", "{id: 3,", "{id: 2,", "2, code: 13", {"编号 2 在第", "已经用过"}},
	{"\n  单位:", "name: 总工会本级", "nane: 总工会本级", "nane", {"nane", "name"}},
	{"\n  单位:", "{id: 1,", "{id: 1, owner: 3,", "3, code", {"“单位”的条目不属于", "删去 owner:"}},
	{"\n  单位:", "name: 总工会本级", "name: [总工会]", "[总工会]", {"一段文字"}},
	{"\n  指标:", "{id: 12, owner: 3}", "{id: 12}", "{id: 12}", {"属于“项目”", "缺 owner:"}},
	{"\n  指标:", "{id: 12, owner: 3}", "{id: 12, owner: 99}", "99", {"“项目”", "没有编号 99"}},
	{"\n  指标:", "{id: 12, owner: 3}", "{id: 12, owner: 1}", "1}", {"“项目”", "没有编号 1"}},
	{"\n  指标:", "{id: 12, owner: 3}", "{id: 12, owner: 3, name: 甲}", "甲", {"“指标”的名称", "删去"}},
	{"\n  指标:", "{id: 12, owner: 3}", "{id: 12, owner: 3, code: 甲}", "甲", {"“指标”的编码", "删去"}},
	{"\n  指标:", "{id: 12, owner: 3}", "12", "12", {"{id: 编号"}},
	{"\nelsewhere", "elsewhere: [purchases]", "elsewhere: purchases", "purchases", {"[代号, 代号]"}},
	{"\nelsewhere", "elsewhere: [purchases]", "elsewhere: [purchase]", "purchase", {"最接近的是“purchases”"}},
	{"\nelsewhere", "elsewhere: [purchases]", "elsewhere: [采购, purchases]", "purchases", {"写了两次"}},
	{"", "subject: \"2012901\"", "subjekt: \"2012901\"", "subjekt", {"subject"}},
	{"\n  units:", "财政拨款", "财政拔款", "财政拔款", {"只能是", "财政拨款", "财政补助"}},
	{"\n  units:", "{row: '@1',", "{row: '@x',", "'@x'", {"“@x”", "@12"}},
	{"\n  units:", "{row: '@1',", "{row: '@99',", "'@99'", {"没有编号 99", "lists:"}},
	{"\n  units:", "{row: '@1',", "{row: '@3',", "'@3'", {"编号 3", "“项目”", "删去"}},
	{"\n  units:", "{row: '@2',", "{row: '@1',", "'@1', 单位性质: 事业", {"已经写过"}},
	{"\n  units:", "单位性质: 行政", "单位名称: 行政", "单位名称: 行政", {"lists:", "移到那里"}},
	{"\n  units:", "单位性质: 行政", "单位性质: [行政]", "[行政]", {"一段文字"}},
	{"\n  units:", "12.50", "十二", "十二", {"“经费”一栏"}},
	{"\n  project:", "3月底: 25%", "3月底: 二成五", "二成五", {"“3月底”一栏", "25%"}},
	{"\n  project:", "3月底: 25%", "3月底: 25%%", "25%%", {"“3月底”一栏", "25%"}},
	{"\n  project:", "3月底: 25%", "3月底: 25.12345%", "25.12345%", {"“3月底”一栏"}},
	{"\n  project:", "3月底: 25%", "预算数: 5", "预算数: 5", {"算出来的", "control:"}},
	{"\n  project:", "一级指标: 产出指标", "一级指标: |-\n        产\n        出", NULL, {NULL}},
	{"\n  project:\n", "control:\n", "control:\n    - {row: '@3', 绩效目标: 5}\n", "绩效目标: 5", {"删去"}},
	{"\n  staff:", "{row: '@1/在职',", "{row: 在职,", "在职", {"@编号/在职", "“单位”"}},
	{"\n  staff:", "{row: '@1/在职',", "{row: '@1/在岗',", "'@1/在岗'", {"没有“@1/在岗”"}},
	{"\n  staff:", "人数: 5", "人数: 5.5", "5.5", {"“人数”一栏", "不是整数"}},
	{"\n  staff:", "人数: 5", "人数: 五", "五", {"“人数”一栏", "整数"}},
	{"\n  assets:", "\"2023-11-30\"", "2023-11-32", "2023-11-32", {"不是日期", "2024-01-31"}},
	{"\n  assets:", "\"2023-11-30\"", "去年底", "去年底", {"不是日期"}},
	{"\n  assets:", "\"2023-11-30\"", "2023-13-01", "2023-13-01", {"不是日期"}},
};

static void bad_files_are_refused(void **state)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		check_refusal(*state, &refusals[i]);
}

static char *formatted(struct fixture *f)
{
	struct buffer out = {0};
	char *line, *end;

	assert_int_equal(workbook_file_format(f->workbook, 0, &out, &f->diags), STATUS_OK);
	line = strstr(out.data, "\nedition:"); /* which files the pack had; they may change */
	end = strchr(line + 1, '\n');
	memmove(line, end, strlen(end) + 1);
	*strstr(out.data, "\nend:") = '\0';
	return buffer_take(&out);
}

static void sample_is_what_the_program_saves(void **state)
{
	struct fixture *f = *state;
	char *body = sample_body(), *text;

	must_load(f, SAMPLE);
	assert_int_equal(f->diags.count, 0);
	text = formatted(f);
	body[strlen(body) - 1] = '\0';
	assert_string_equal(text, body);
	memory_free(text);
	memory_free(body);
}

static int leaf_of(const struct fixture *f, const struct row *row, const char *name)
{
	return form_leaf_find(f->pack->tables[row_table(row)], name, row_block(row));
}

static const char *text_of(const struct fixture *f, const char *table, const char *key, const char *column)
{
	const struct row *row = workbook_row_find(f->workbook, form_table_find(f->pack, table), key);

	assert_non_null(row);
	return workbook_text(f->workbook, row, leaf_of(f, row, column), false);
}

static void everything_is_where_it_was(void **state)
{
	struct fixture *f = *state;
	const struct entry_node *entry;

	must_load(f, SAMPLE);
	assert_string_equal(workbook_field(f->workbook, WORKBOOK_SUBJECT), "2012901");
	assert_true(workbook_is_elsewhere(f->workbook, form_table_find(f->pack, "purchases")));
	assert_false(workbook_is_elsewhere(f->workbook, form_table_find(f->pack, "units")));
	assert_true(workbook_is_rounded(f->workbook, form_table_find(f->pack, "project")));
	assert_false(workbook_is_rounded(f->workbook, form_table_find(f->pack, "units")));
	entry = workbook_entry_find(f->workbook, 15);
	assert_int_equal(entry_id(entry_owner(entry)), 4);
	entry = workbook_entry_find(f->workbook, 2);
	assert_string_equal(entry_code(entry), "711002");
	assert_string_equal(entry_name(entry), "职工服务中心");
	assert_int_equal(workbook_sheet_count(f->workbook, form_table_find(f->pack, "project")), 2);
	assert_int_equal(figure(f, "project", "@3", "3月底"), 250000);
	assert_int_equal(figure(f, "project", "@3", "12月底"), 1000000);
	assert_int_equal(figure(f, "staff", "@1/在职", "人数"), 5000000);
	assert_int_equal(figure(f, "staff", "@1/合计", "人数"), 8000000);
	assert_int_equal(figure(f, "staff", "@2/合计", "人数"), 1000000);
	assert_string_equal(text_of(f, "assets", "@0", "截止时间"), "2023-11-30");
	assert_string_equal(text_of(f, "project", "@12", "指标值"), "≥3人");
	assert_string_equal(text_of(f, "project", "@13", "指标值"), "3");
	assert_string_equal(text_of(f, "project", "@3", "绩效目标"),
			    "1.资金帮扶3人，体现党对困难职工关心和爱护；\n2.第二条目标。");
	assert_string_equal(text_of(f, "duties", "@20", "说明"), "  缩进开头\n第二行\n\n结尾行  \n又");
}

static void set_text(struct fixture *f, const char *text)
{
	const struct row *row = workbook_row_find(f->workbook, form_table_find(f->pack, "duties"), "@20");
	struct operation operation = operation_cell_text(row_table(row), "@20", leaf_of(f, row, "说明"), text);

	assert_int_equal(workbook_apply(f->workbook, &operation, NULL, NULL), STATUS_OK);
	operation_done(&operation);
}

/* Whatever a text looks like to YAML. */
static void texts_come_back_as_they_are(void **state)
{
	static const char *const texts[] = {"一行",   "- 像列表", "a: b",  "# 注释", "'引号'", "\"引号\"", "{a}",
					    "[a]",    "*a",       "&a",    "!a",     "@3",     "%a",      "007",
					    "1.50",   "25%",      "true",  "~",      "——",    "  前空白", "后空白  ",
					    "一\n二", "\n空行在前", "一\n\n\n二", "一\n  缩进\n二", "一\\n二",
					    "𠀀生僻字", "一\n# 注释\n- 列表\nkey: value", "\t制表符", "<尖括号"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char *first, *second;
		must_load(f, SAMPLE);
		set_text(f, texts[i]);
		assert_int_equal(save(f, f->file), STATUS_OK);
		first = formatted(f);
		must_load(f, f->file);
		assert_int_equal(f->diags.count, 0);
		assert_string_equal(text_of(f, "duties", "@20", "说明"), texts[i]);
		second = formatted(f);
		assert_string_equal(first, second);
		memory_free(first);
		memory_free(second);
	}
}

/* A short text stays in the row's one line; a long one makes each cell a line. */
static void long_rows_have_a_line_for_each_cell(void **state)
{
	struct fixture *f = *state;
	struct buffer text = {0};
	char *out;

	must_load(f, SAMPLE);
	set_text(f, "短");
	out = formatted(f);
	assert_non_null(strstr(out, "    - {row: '@20', 说明: 短}\n"));
	memory_free(out);
	for (int i = 0; i < 81; i++)
		buffer_add(&text, "长");
	set_text(f, text.data);
	out = formatted(f);
	assert_non_null(strstr(out, "    - row: '@20'\n      说明: 长长"));
	memory_free(out);
	set_text(f, "一\n二");
	out = formatted(f);
	assert_non_null(strstr(out, "    - row: '@20'\n      说明: |-\n        一\n        二\n"));
	memory_free(out);
	buffer_done(&text);
}

/* Owners may stand below what they own; a percent may have a wide sign; a block's own line end is no text. */
static void people_may_write_it_otherwise(void **state)
{
	struct fixture *f = *state;
	char *body = sample_body();
	char *owners = strstr(body, "  项目:\n"), *owned = strstr(body, "  指标:\n");
	char *next = strstr(body, "  职责:\n");
	struct buffer out = {0};

	buffer_add_bytes(&out, body, (size_t)(owners - body));
	buffer_add_bytes(&out, owned, (size_t)(next - owned));
	buffer_add_bytes(&out, owners, (size_t)(owned - owners));
	buffer_add(&out, next);
	write_body(f, out.data);
	must_load(f, f->file);
	assert_int_equal(entry_id(entry_owner(workbook_entry_find(f->workbook, 15))), 4);
	buffer_done(&out);
	memory_free(body);
	write_changed(f, "\n  project:", "3月底: 25%", "3月底: ２５％");
	must_load(f, f->file);
	assert_int_equal(figure(f, "project", "@3", "3月底"), 250000);
	write_changed(f, "\n  project:", "绩效目标: |-", "绩效目标: |");
	must_load(f, f->file);
	assert_string_equal(text_of(f, "project", "@3", "绩效目标"),
			    "1.资金帮扶3人，体现党对困难职工关心和爱护；\n2.第二条目标。");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(bad_files_are_refused, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(sample_is_what_the_program_saves, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(everything_is_where_it_was, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(texts_come_back_as_they_are, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(long_rows_have_a_line_for_each_cell, fixture_open,
						fixture_close),
		cmocka_unit_test_setup_teardown(people_may_write_it_otherwise, fixture_open, fixture_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
