/* Workbooks as files: what was entered comes back exactly, and the same figures give the same bytes. */
#include "store_fixture.h"

#define FEN ((int64_t)1) /* figures are counted in 分: 1 万元 is 1,000,000 */
#define WAN ((int64_t)1000000)

static void sample_loads_without_a_word(void **state)
{
	struct fixture *f = *state;

	must_load(f, SAMPLE);
	assert_string_equal(workbook_field(f->workbook, WORKBOOK_CODE), "711");
	assert_string_equal(workbook_field(f->workbook, WORKBOOK_NAME), "总工会");
	assert_int_equal(workbook_year(f->workbook), 2024);
	for (int i = 0; i < f->pack->table_count; i++)
		assert_true(workbook_is_rounded(f->workbook, i));
	for (size_t i = 0; i < f->diags.count; i++)
		assert_non_null(strstr(f->diags.items[i].text, "套表"));
	assert_int_equal(figure(f, "income", "2012901", "财政拨款收入"), 6289 * WAN / 100);
	assert_int_equal(figure(f, "summary", "收入总计", "预算数"), 11616 * WAN / 100);
	assert_int_equal(figure(f, "basic", "302", "公用经费"), 793 * WAN / 100);
}

static void control_figures_are_compared(void **state)
{
	struct fixture *f = *state;
	const struct finding **findings;

	must_load(f, SAMPLE);
	size_t count = workbook_findings(f->workbook, -1, &findings), errors = 0;
	for (size_t i = 0; i < count; i++) {
		if (findings[i]->kind != FINDING_CONTROL)
			continue;
		assert_int_equal(findings[i]->severity, FINDING_ERROR);
		assert_string_equal(row_code(findings[i]->row), errors == 0 ? "201" : "20129");
		assert_int_equal(findings[i]->verdict.left.number, 260 * WAN / 100);
		assert_int_equal(findings[i]->verdict.right.number, 960 * WAN / 100);
		errors++;
	}
	assert_int_equal(errors, 2);
	memory_free(findings);
}

/* `edition:` alone may differ: it says which files the pack had. */
static void drop_edition(char *text)
{
	char *line = strstr(text, "\nedition:"), *end = line != NULL ? strchr(line + 1, '\n') : NULL;
	char *trailer = strstr(text, "\nend:");

	assert_non_null(trailer);
	trailer[1] = '\0';
	if (end != NULL)
		memmove(line, end, strlen(end) + 1);
}

static void sample_is_what_the_program_saves(void **state)
{
	struct fixture *f = *state;
	struct buffer there = {0}, here = {0};

	must_load(f, SAMPLE);
	assert_int_equal(workbook_file_format(f->workbook, 0, &here, &f->diags), STATUS_OK);
	assert_int_equal(file_read(&there, SAMPLE, 1 << 20, NULL), STATUS_OK);
	drop_edition(there.data);
	drop_edition(here.data);
	assert_string_equal(here.data, there.data);
	buffer_done(&there);
	buffer_done(&here);
}

static void same_figures_give_same_bytes(void **state)
{
	struct fixture *f = *state;
	struct buffer first = {0}, second = {0};
	struct workbook_stamp stamp;
	char bytes[DIGEST_TEXT_SIZE], there[DIGEST_TEXT_SIZE];

	must_load(f, SAMPLE);
	assert_int_equal(workbook_file_format(f->workbook, 120, &first, &f->diags), STATUS_OK);
	write_file(f->file, first.data, first.length);
	digest_sha256(first.data, first.length, bytes);
	assert_int_equal(workbook_file_digest(f->file, there, &f->diags), STATUS_OK);
	assert_string_equal(there, bytes);
	fixture_forget(f);
	assert_int_equal(workbook_file_load(&f->workbook, &f->pack, f->file, &stamp, &f->diags), STATUS_OK);
	assert_string_equal(stamp.digest, bytes);
	assert_int_equal(stamp.history, 120);
	assert_int_equal(f->diags.count, 0);
	assert_int_equal(workbook_file_format(f->workbook, stamp.history, &second, &f->diags), STATUS_OK);
	assert_string_equal(first.data, second.data);
	buffer_done(&first);
	buffer_done(&second);
}

static void change(struct fixture *f, struct operation operation)
{
	struct diag_list diags = {0};

	if (workbook_apply(f->workbook, &operation, NULL, &diags) != STATUS_OK)
		fail_msg("%s", diag_first_error(&diags));
	operation_done(&operation);
	diag_list_done(&diags);
}

static int leaf(const struct fixture *f, int table, const char *name)
{
	return form_leaf_find(f->pack->tables[table], name, -1);
}

static void one_figure_is_one_line(void **state)
{
	struct fixture *f = *state;
	struct buffer before = {0}, after = {0};
	int table, different = 0;

	must_load(f, SAMPLE);
	assert_int_equal(workbook_file_format(f->workbook, 0, &before, &f->diags), STATUS_OK);
	table = form_table_find(f->pack, "expenditure");
	change(f, operation_figure(table, "2012901", leaf(f, table, "经营支出"), false, 628912340 * FEN));
	assert_int_equal(workbook_file_format(f->workbook, 0, &after, &f->diags), STATUS_OK);
	assert_non_null(strstr(after.data, "{row: \"2012901\", 基本支出: 62.89, 经营支出: 628.91234}"));
	for (char *a = before.data, *b = after.data, *x, *y; *a != '\0' && *b != '\0';
	     a = x + 1, b = y + 1) {
		x = strchr(a, '\n');
		y = strchr(b, '\n');
		different += x - a != y - b || memcmp(a, b, (size_t)(x - a)) != 0;
	}
	assert_int_equal(different, 2); /* the row and the trailer */
	buffer_done(&before);
	buffer_done(&after);
}

static void amounts_lose_nothing(void **state)
{
	static const int64_t figures[] = {
		1, -1, 99, 62891234, -100000000000001, INT64_C(9000000000000000000), 0};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		int table;
		must_load(f, SAMPLE);
		table = form_table_find(f->pack, "state-capital");
		change(f, operation_row(OPERATION_ROW_ADD, table, "2230105"));
		change(f,
		       operation_figure(table, "2230105", leaf(f, table, "项目支出"), false, figures[i]));
		change(f, operation_control(table, "223", leaf(f, table, "项目支出"), false, figures[i]));
		assert_int_equal(save(f, f->file), STATUS_OK);
		must_load(f, f->file);
		assert_int_equal(figure(f, "state-capital", "2230105", "项目支出"), figures[i]);
		table = form_table_find(f->pack, "state-capital");
		const struct row *row = workbook_row_find(f->workbook, table, "2230105");
		assert_false(workbook_value(f->workbook, row, leaf(f, table, "项目支出")).blank);
		assert_true(workbook_value(f->workbook, row, leaf(f, table, "基本支出")).blank);
		struct value control;
		row = workbook_row_find(f->workbook, table, "223");
		assert_true(workbook_control(f->workbook, row, leaf(f, table, "项目支出"), &control));
		assert_int_equal(control.number, figures[i]);
	}
}

static void cover_names_and_rounding_come_back(void **state)
{
	static const char *const texts[] = {"张三", "李四 & 王: \"五\"", "#赵六", "2024-01-31"};
	struct fixture *f = *state;
	const char *catalogue, *code, *name;
	int table;

	must_load(f, SAMPLE);
	for (int i = 0; i < 4; i++)
		change(f, operation_text(OPERATION_FIELD, -1, "", WORKBOOK_PREPARER + i, texts[i]));
	table = form_table_find(f->pack, "income");
	change(f, operation_text(OPERATION_NAME, table, "2019901", -1, "- 其他: {一}"));
	change(f, operation_text(OPERATION_NAME, form_table_find(f->pack, "basic"), "30199", -1, "true"));
	change(f, operation_row(OPERATION_ROW_ADD, table, "2019901")); /* a row without figures stays */
	change(f, operation_rounded(table, false));
	assert_int_equal(save(f, f->file), STATUS_OK);
	must_load(f, f->file);
	for (int i = 0; i < 4; i++)
		assert_string_equal(workbook_field(f->workbook, WORKBOOK_PREPARER + (unsigned)i), texts[i]);
	assert_true(workbook_own_name(f->workbook, 0, &catalogue, &code, &name));
	assert_string_equal(name, "true");
	assert_true(workbook_own_name(f->workbook, 1, &catalogue, &code, &name));
	assert_string_equal(code, "2019901");
	assert_string_equal(name, "- 其他: {一}");
	assert_false(workbook_own_name(f->workbook, 2, &catalogue, &code, &name));
	assert_non_null(workbook_row_find(f->workbook, table, "2019901"));
	assert_false(workbook_is_rounded(f->workbook, table));
	assert_true(workbook_is_rounded(f->workbook, table + 1));
}

static void new_workbook_saves_and_loads(void **state)
{
	struct fixture *f = *state;
	char id[33];

	f->pack = form_pack_load("forms/hebei-2024", &f->diags);
	assert_non_null(f->pack);
	f->workbook = workbook_new(f->pack);
	strcpy(id, workbook_field(f->workbook, WORKBOOK_ID));
	assert_int_equal(save(f, f->file), STATUS_OK);
	must_load(f, f->file);
	assert_int_equal(f->diags.count, 0);
	assert_string_equal(workbook_field(f->workbook, WORKBOOK_ID), id);
	for (int i = 0; i < f->pack->table_count; i++)
		assert_true(workbook_table_is_empty(f->workbook, i));
}

static void edited_by_hand_is_noted(void **state)
{
	struct fixture *f = *state;
	char *body = changed_body("\n  income:", "62.89", "\"1,062.89 万\"");
	struct buffer bytes = {0};

	buffer_add(&bytes, body);
	buffer_add(
		&bytes,
		"end: {rows: 1, sha256: 0123456789012345678901234567890123456789012345678901234567890123}\n");
	memory_free(body);
	write_file(f->file, bytes.data, bytes.length);
	buffer_done(&bytes);
	must_load(f, f->file);
	assert_int_equal(figure(f, "income", "2012901", "财政拨款收入"), 106289 * WAN / 100);
	const struct diag *note = &f->diags.items[f->diags.count - 1];
	assert_int_equal(note->severity, DIAG_NOTE);
	assert_non_null(strstr(note->text, "改动过"));
	assert_int_equal(f->diags.errors, 0);
}

static void windows_line_ends_are_read(void **state)
{
	struct fixture *f = *state;
	struct buffer sample = {0}, bytes = {0};

	assert_int_equal(file_read(&sample, SAMPLE, 1 << 20, NULL), STATUS_OK);
	buffer_add(&bytes, "\xEF\xBB\xBF");
	for (size_t i = 0; i < sample.length; i++)
		buffer_add(&bytes, sample.data[i] == '\n' ? "\r\n" : (char[2]){sample.data[i], '\0'});
	write_file(f->file, bytes.data, bytes.length);
	must_load(f, f->file);
	assert_int_equal(figure(f, "summary", "收入总计", "预算数"), 11616 * WAN / 100);
	buffer_done(&sample);
	buffer_done(&bytes);
}

static void changed_pack_is_noted(void **state)
{
	struct fixture *f = *state;
	char *body = sample_body(), *with;
	struct buffer out = {0};

	with = strstr(body, "\nyear:");
	assert_non_null(with);
	buffer_add_bytes(&out, body, (size_t)(strstr(body, "\npack:") - body));
	buffer_add(&out, "\npack: hebei-2024\nedition: 0123");
	buffer_add(&out, with);
	write_body(f, out.data);
	must_load(f, f->file);
	assert_int_equal(f->diags.count, 1);
	assert_int_equal(f->diags.items[0].severity, DIAG_NOTE);
	assert_int_equal(f->diags.items[0].line, 4);
	assert_non_null(strstr(f->diags.items[0].text, "套表 hebei-2024"));
	memory_free(body);
	buffer_done(&out);
}

static void failed_save_leaves_the_old_file(void **state)
{
	struct fixture *f = *state;
	char path[160];

	must_load(f, SAMPLE);
	snprintf(path, sizeof(path), "%s/gone/w.yaml", f->folder);
	assert_int_not_equal(save(f, path), STATUS_OK);
	assert_int_equal(f->diags.errors, 1);
	assert_false(file_exists(path));
}

static void many_rows_load(void **state)
{
	struct fixture *f = *state;
	struct buffer bytes = {0};
	size_t rows = 0;

	buffer_add(
		&bytes,
		"yubiao: 1\nid: 00000000000000000000000000000001\npack: hebei-2024\nyear: 2024\nfigures: exact\n"
		"names:\n  functional:\n");
	for (int i = 0; i < 100; i++)
		buffer_format(&bytes, "    \"201%02d\": 款%02d\n", i, i);
	buffer_add(&bytes, "tables:\n  income:\n    rows:\n");
	for (int i = 0; i < 100; i++)
		for (int k = 1; k < 100; k++, rows++)
			buffer_format(&bytes, "      - {row: \"201%02d%02d\", 财政拨款收入: 0.01}\n", i, k);
	trailer_add(&bytes, rows, 0);
	write_file(f->file, bytes.data, bytes.length);
	buffer_done(&bytes);
	must_load(f, f->file);
	assert_int_equal(figure(f, "income", "合计", "合计"), (int64_t)rows * WAN / 100);
	assert_int_equal(workbook_line_count(f->workbook, form_table_find(f->pack, "income")),
			 rows + 100 + 1 + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sample_loads_without_a_word, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(control_figures_are_compared, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(sample_is_what_the_program_saves, fixture_open,
						fixture_close),
		cmocka_unit_test_setup_teardown(same_figures_give_same_bytes, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(one_figure_is_one_line, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(amounts_lose_nothing, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(cover_names_and_rounding_come_back, fixture_open,
						fixture_close),
		cmocka_unit_test_setup_teardown(new_workbook_saves_and_loads, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(edited_by_hand_is_noted, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(windows_line_ends_are_read, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(changed_pack_is_noted, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(failed_save_leaves_the_old_file, fixture_open,
						fixture_close),
		cmocka_unit_test_setup_teardown(many_rows_load, fixture_open, fixture_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
