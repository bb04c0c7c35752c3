#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "yaml/tree.h"
#include "yaml/write.h"

static void assert_written(struct yaml_writer *writer, const char *expected)
{
	struct buffer out = {0};
	struct diag_list diags = {0};
	assert_int_equal(yaml_writer_finish(writer, &out, &diags), STATUS_OK);
	assert_string_equal(buffer_text(&out), expected);
	assert_int_equal(diags.count, 0);
	yaml_writer_free(writer);
	buffer_done(&out);
}

static void a_workbook_is_one_row_a_line(void **state)
{
	(void)state;
	struct yaml_writer *writer = yaml_writer_new();
	yaml_write_map_begin(writer, false);
	yaml_write_text(writer, "department");
	yaml_write_text(writer, "北戴河区总工会");
	yaml_write_text(writer, "code");
	yaml_write_text(writer, "711");
	yaml_write_text(writer, "year");
	yaml_write_plain(writer, "2024");
	yaml_write_text(writer, "支出总表");
	yaml_write_list_begin(writer, false);
	for (int i = 0; i < 2; i++) {
		yaml_write_map_begin(writer, true);
		yaml_write_text(writer, "code");
		yaml_write_plain(writer, i == 0 ? "2012901" : "2012999");
		yaml_write_text(writer, "基本支出");
		yaml_write_plain(writer, i == 0 ? "128.54" : "-9.60");
		yaml_write_map_end(writer);
	}
	yaml_write_list_end(writer);
	yaml_write_text(writer, "tables");
	yaml_write_list_begin(writer, true);
	yaml_write_text(writer, "income");
	yaml_write_text(writer, "basic");
	yaml_write_list_end(writer);
	yaml_write_text(writer, "nothing");
	yaml_write_map_begin(writer, false);
	yaml_write_map_end(writer);
	yaml_write_map_end(writer);
	assert_written(writer, "department: 北戴河区总工会\n"
			       "code: \"711\"\n"
			       "year: 2024\n"
			       "支出总表:\n"
			       "- {code: 2012901, 基本支出: 128.54}\n"
			       "- {code: 2012999, 基本支出: -9.60}\n"
			       "tables: [income, basic]\n"
			       "nothing: {}\n");
}

static void long_lines_are_not_folded(void **state)
{
	(void)state;
	struct yaml_writer *writer = yaml_writer_new();
	struct buffer expected = {0};
	yaml_write_list_begin(writer, true);
	buffer_add(&expected, "[");
	for (int i = 0; i < 100; i++) {
		yaml_write_text(writer, "很长很长的一段文字 with blanks in it");
		buffer_format(&expected, "%s很长很长的一段文字 with blanks in it", i > 0 ? ", " : "");
	}
	yaml_write_list_end(writer);
	buffer_add(&expected, "]\n");
	assert_written(writer, buffer_text(&expected));
	buffer_done(&expected);
}

static void assert_text(const char *text, const char *expected)
{
	struct yaml_writer *writer = yaml_writer_new();
	struct buffer line = {0};
	yaml_write_list_begin(writer, false);
	yaml_write_text(writer, text);
	yaml_write_list_end(writer);
	buffer_format(&line, "- %s\n", expected);
	assert_written(writer, buffer_text(&line));
	buffer_done(&line);
}

static void text_is_plain_where_it_stays_text(void **state)
{
	(void)state;
	assert_text("总工会", "总工会");
	assert_text("“三公”经费（元）", "“三公”经费（元）");
	assert_text("2024年", "2024年");
	assert_text("= 小计 + 结转", "= 小计 + 结转");
	assert_text("<部门>", "<部门>");
	assert_text("𠀀", "\"𠀀\"");
	assert_text("", "\"\"");
	assert_text("0010", "\"0010\"");
	assert_text("12.50", "\"12.50\"");
	assert_text("-1,234", "\"-1,234\"");
	assert_text("1e5", "\"1e5\"");
	assert_text("0x1F", "\"0x1F\"");
	assert_text("2024-01-01", "\"2024-01-01\"");
	assert_text("null", "\"null\"");
	assert_text("No", "\"No\"");
	assert_text("~", "\"~\"");
	assert_text("=", "\"=\"");
	assert_text("<<", "\"<<\"");
	assert_text("a: b", "'a: b'");
	assert_text("# 注", "'# 注'");
	assert_text("- x", "'- x'");
	assert_text("*x", "'*x'");
	assert_text(" x ", "' x '");
	assert_text("a\\b𠀀", "\"a\\\\b𠀀\"");
	assert_text("一\n二", "|-\n  一\n  二");
	assert_text("一\n二\n", "|\n  一\n  二");
}

/* The text written in every place, as key and value, in block and flow, and read again. */
static void assert_returns(const char *text)
{
	struct yaml_writer *writer = yaml_writer_new();
	struct buffer out = {0};
	struct diag_list diags = {0};
	struct arena *arena = arena_new();
	yaml_write_list_begin(writer, false);
	yaml_write_text(writer, text);
	for (int flow = 0; flow < 2; flow++) {
		yaml_write_map_begin(writer, flow == 1);
		yaml_write_text(writer, text);
		yaml_write_text(writer, text);
		yaml_write_text(writer, text[0] == 'l' ? "other" : "list");
		yaml_write_list_begin(writer, flow == 1);
		yaml_write_text(writer, text);
		yaml_write_list_end(writer);
		yaml_write_map_end(writer);
	}
	yaml_write_list_end(writer);
	assert_int_equal(yaml_writer_finish(writer, &out, &diags), STATUS_OK);
	struct yaml_node *root =
		yaml_parse(arena, arena, buffer_text(&out), out.length, "w.yaml", &yaml_limits_form, &diags);
	if (root == NULL)
		fail_msg("%s\n%s", buffer_text(&out), diag_first_error(&diags));
	assert_string_equal(root->items[0]->text, text);
	for (size_t i = 1; i <= 2; i++) {
		assert_int_equal(root->items[i]->count, 2);
		assert_string_equal(root->items[i]->keys[0]->text, text);
		assert_string_equal(root->items[i]->items[0]->text, text);
		assert_int_equal(root->items[i]->items[0]->kind, YAML_SCALAR);
		assert_string_equal(root->items[i]->items[1]->items[0]->text, text);
	}
	yaml_writer_free(writer);
	arena_free(arena);
	buffer_done(&out);
	diag_list_done(&diags);
}

static void every_text_comes_back_the_same(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"", " ", "  a", "a ", "\n", "\n\n", "a\n", "a\n\n", "\na", "  a\n b\n", "a\tb", "\ta", "a\n\tb",
		"a: b", "a:", ":", ": a", "#", "a #b", "-", "- a", "--- a", "---", "...", "?", "? a", "!a", "&a", "*a",
		"|", ">", "%a", "@a", "`a", "{a}", "[a]", "a,b", "a, b", "a]", "'", "\"", "'a'", "\"a\"", "it's",
		"\\", "\\U00020000", "a\\nb", "\\\\U00020000", "𠀀\\U00020001", "𠀀", "𠀀\n\\x", "a\n𠀀b", "中\n#x",
		"~", "null", "TRUE", "no", "<<", "=", "12", "1.5", "+3", ".5", "1_000", "0o17", "12:30", "2024-01-01",
		"很长的名称很长的名称很长的名称很长的名称很长的名称很长的名称很长的名称很长的名称很长的名称很长的名称",
		"a \nb", "a\n \nb", "\xEF\xBF\xBD", "e\xCC\x81", "葛\xF3\xA0\x84\x80",
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_returns(texts[i]);
}

static void random_texts_come_back_the_same(void **state)
{
	(void)state;
	static const char *const parts[] = {"a", "中", " ", "\n", ":", "-", "#", "\"", "'", "\\", "𠀀", "U0002", "{",
					    "]", ",", "\t", "1", "~", "!", "|", ">", "&", "*", "?", "0000", "= ", "%",
					    "@", "．", "\n ", ": ", " #"};
	uint32_t random = 11;
	for (int step = 0; step < 5000; step++) {
		struct buffer text = {0};
		for (int i = 0; i < 1 + step % 9; i++) {
			random = random * 1664525u + 1013904223u;
			buffer_add(&text, parts[random >> 27]);
		}
		assert_returns(buffer_text(&text));
		buffer_done(&text);
	}
}

static void broken_bytes_do_not_cost_the_document(void **state)
{
	(void)state;
	assert_text("a\xFFz", "a\uFFFDz");
}

static void a_document_cut_off_is_refused(void **state)
{
	(void)state;
	struct yaml_writer *writer = yaml_writer_new();
	struct buffer out = {0};
	struct diag_list diags = {0};
	yaml_write_map_begin(writer, false);
	yaml_write_text(writer, "a");
	assert_int_equal(yaml_writer_finish(writer, &out, &diags), STATUS_INVALID);
	assert_int_equal(diags.errors, 1);
	assert_int_equal(out.length, 0);
	yaml_writer_free(writer);
	yaml_writer_free(NULL);
	yaml_writer_free(yaml_writer_new());
	diag_list_done(&diags);
	buffer_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_workbook_is_one_row_a_line),
		cmocka_unit_test(long_lines_are_not_folded),
		cmocka_unit_test(text_is_plain_where_it_stays_text),
		cmocka_unit_test(every_text_comes_back_the_same),
		cmocka_unit_test(random_texts_come_back_the_same),
		cmocka_unit_test(broken_bytes_do_not_cost_the_document),
		cmocka_unit_test(a_document_cut_off_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
