/* Files that are not what they should be: refused whole, at the right place, with a sentence that says what
 * to do. */
#include "store_refusal.h"

static const struct refusal refusals[] = {
	{"", "yubiao: 1", "yubiao: 2", "2\n", {"第 2 版", "更新的预表"}},
	{"", "yubiao: 1", "yubiao: one", "one", {"不认识文件格式"}},
	{"", "yubiao: 1\n", "", NULL, {"不是预表的预算文件"}},
	{"", "id: \"7", "id: \"X", "\"X", {"32 位"}},
	{"", "pack: hebei-2024", "pack: hebei-2099", "hebei-2099", {"hebei-2099", "yubiao forms"}},
	{"", "pack: hebei-2024", "pack: ../forms/hebei-2024", "../forms", {"不能是路径"}},
	{"", "pack: hebei-2024\n", "", NULL, {"哪一套表"}},
	{"\nyear", "year: 2024", "year: 24", "24", {"四位年份"}},
	{"", "year: 2024", "jahr: 2024", "jahr", {"jahr"}},
	{"", "name: 总工会", "nane: 总工会", "nane", {"nane", "name"}},
	{"", "figures: rounded", "figures: roughly", "roughly", {"exact", "rounded"}},
	{"", "figures: rounded", "figures: {incom: exact}", "incom", {"没有“incom”"}},
	{"\n  income:", "income:", "incomes:", "incomes", {"没有“incomes”这张表", "最接近的是“income”"}},
	{"\n  income:", "rows:", "row:", "row:", {"row", "rows"}},
	{"\n  income:",
	 "{row: \"2012901\"",
	 "{row: \"2012902\"",
	 "\"2012902\", 财政拨款收入: 2.60",
	 {"已经写过"}},
	{"\n  income:", "{row: \"2012901\"", "{row: \"201290\"", "\"201290\"", {"长度", "7 位"}},
	{"\n  income:", "{row: \"2012901\"", "{row: \"9992901\"", "\"9992901\"", {"没有类“999”"}},
	{"\n  income:",
	 "{row: \"2012901\"",
	 "{row: \"2018801\"",
	 "\"2018801\"",
	 {"没有款“20188”", "names:"}},
	{"\n  income:", "{row: \"2012901\"", "{row: \"201\"", "\"201\"", {"汇总", "control:"}},
	{"\n  income:", "{row: \"2012901\"", "{row: 合计", "合计", {"汇总", "control:"}},
	{"\n  income:", "{row: \"2012901\"", "{rows: \"2012901\"", "{rows", {"缺 row:"}},
	{"\n  income:", "{row: \"2012901\", 财政拨款收入: 62.89}", "2012901", "2012901", {"缺 row:"}},
	{"\n  income:",
	 "财政拨款收入: 62.89",
	 "财政拔款收入: 62.89",
	 "财政拔款收入",
	 {"一栏", "最接近的是“财政拨款收入”"}},
	{"\n  income:",
	 "财政拨款收入: 62.89",
	 "合计: 62.89",
	 "合计: 62.89",
	 {"算出来的", "控制数", "control:"}},
	{"\n  income:", "财政拨款收入: 62.89", "科目名称: 62.89", "科目名称: 62.89", {"不是填数的格"}},
	{"\n  income:", "62.89", "62.8912345", "62.8912345", {"“财政拨款收入”一栏"}},
	{"\n  income:", "62.89", "六十二", "六十二", {"“财政拨款收入”一栏"}},
	{"\n  income:", "62.89", "[62.89]", "[62.89]", {"一个数"}},
	{"\n  income:", "62.89", "92233720368547.00", "92233720368547.00", {NULL}},
	{"\n  income:", "62.89", "62.89, 财政拨款收入: 1", "财政拨款收入: 1", {"财政拨款收入"}},
	{"\n  income:", "62.89", "&a 62.89", NULL, {NULL}},
	{"\n  income:", "62.89", "!!str 62.89", NULL, {NULL}},
	{"\n    control:",
	 "{row: 收入总计,",
	 "{row: 收入总记,",
	 "收入总记",
	 {"没有“收入总记”这一行", "最接近的是“收入总计”"}},
	{"{row: 收入总计,", "{row: 收入总计,", "{row: 年终结转结余,", "预算数", {"填列的数", "rows:"}},
	{"{row: 收入总计,", "{row: 收入总计,", "{row: 人行科目,", "预算数", {"不是填数的格"}},
	{"\n    control:", "{row: \"208\"", "{row: \"201\"", "\"201\", 预算数: 28.03", {"已经写过"}},
	{"\n  income:", "{row: \"201\",", "{row: \"202\",", "\"202\"", {"现在没有“202”这一行", "rows:"}},
	{"\ntables:", "tables:", "tables:\n  three-public: {rows: 5}", "5}", {"一列行"}},
	{"\ntables:", "tables:", "tables:\n  three-public: 5", "5", {"rows:"}},
	{"\ntables:", "tables:", "tables:\n  收入总表: {}", "income:", {"写了两次"}},
};

static void bad_files_are_refused(void **state)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		check_refusal(*state, &refusals[i]);
}

static void refuse_bytes(struct fixture *f, const char *bytes, size_t length, const char *says)
{
	write_file(f->file, bytes, length);
	assert_int_equal(load(f, f->file), STATUS_INVALID);
	assert_null(f->workbook);
	for (size_t i = 0; i < f->diags.count; i++)
		if (strstr(f->diags.items[i].text, says) != NULL)
			return;
	fail_msg("“%s” is not said: %s", says, f->diags.count > 0 ? f->diags.items[0].text : "nothing");
}

/* Wherever a file is cut, it is refused, and said to be cut; but for the last bytes, without which it is
 * still whole. */
static void cut_files_are_refused(void **state)
{
	struct fixture *f = *state;
	struct buffer bytes = {0};
	size_t trailer;

	assert_int_equal(file_read(&bytes, SAMPLE, 1 << 20, NULL), STATUS_OK);
	assert_true(trailer_find(bytes.data, bytes.length, &trailer));
	for (size_t length = 10; length < bytes.length - 1;
	     length += length < 300 || length > trailer - 100 ? 1 : 17)
		refuse_bytes(f, bytes.data, length, length < trailer + 4 ? "不完整" : "");
	write_file(f->file, bytes.data, bytes.length - 1);
	must_load(f, f->file);
	buffer_done(&bytes);
}

static void other_files_are_refused(void **state)
{
	struct fixture *f = *state;
	char *body = sample_body();
	struct buffer late = {0};

	refuse_bytes(f, "", 0, "");
	refuse_bytes(f, "hello", 5, "不是预表");
	refuse_bytes(f, "a: [1", 5, "YAML");
	refuse_bytes(f,
		     "\x7f"
		     "ELF\0\1\2",
		     7, "YAML");
	refuse_bytes(f, "- 1\n- 2\n", 8, "不是预表");
	buffer_add(&late, body);
	trailer_add(&late, 1, 0);
	buffer_add(&late, "names: {}\n");
	refuse_bytes(f, late.data, late.length, "最后一行");
	buffer_done(&late);
	buffer_add(&late, body);
	buffer_add(&late, "end: {rows: 127, sha256: 12}\n");
	refuse_bytes(f, late.data, late.length, "截断");
	buffer_done(&late);
	memory_free(body);
	assert_int_equal(load(f, "/nonexistent/w.yaml"), STATUS_NOT_FOUND);
	assert_int_not_equal(load(f, "/tmp"), STATUS_OK);
	assert_null(f->workbook);
}

static void large_files_are_refused(void **state)
{
	struct fixture *f = *state;
	FILE *file = fopen(f->file, "wb");

	assert_non_null(file);
	assert_int_equal(fseek(file, 32 * 1024 * 1024 + 1, SEEK_SET), 0);
	assert_int_equal(fputc('\n', file), '\n');
	assert_int_equal(fclose(file), 0);
	assert_int_equal(load(f, f->file), STATUS_INVALID);
	assert_int_equal(f->diags.errors, 1);
}

/* Several mistakes are told together, but not without end. */
static void mistakes_are_collected(void **state)
{
	struct fixture *f = *state;
	struct buffer bytes = {0};
	char *body = sample_body();

	for (char *here = strstr(body, "\n  income:"); (here = strstr(here, "财政拨款收入:")) != NULL;
	     here++)
		memcpy(here, "科", 3);
	buffer_add(&bytes, body);
	write_body(f, bytes.data);
	assert_int_equal(load(f, f->file), STATUS_INVALID);
	assert_in_range(f->diags.errors, 8, 25);
	memory_free(body);
	buffer_done(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(bad_files_are_refused, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(cut_files_are_refused, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(other_files_are_refused, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(large_files_are_refused, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(mistakes_are_collected, fixture_open, fixture_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
