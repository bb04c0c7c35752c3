/* Delimited text: what is a cell, where it stands, and what is refused where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/delimited.h"
#include "base/memory.h"

static enum status read_bytes(struct delimited *out, const char *bytes, size_t length, char separator,
			      struct diag_list *diags)
{
	struct buffer text = {0};

	buffer_add_bytes(&text, bytes, length);
	return delimited_read(out, &text, separator, diags);
}

/* The cells with | between them and / behind each row, as many as there are. */
static void assert_cells(const char *text, char separator, const char *wanted)
{
	struct delimited cells;
	struct buffer shown = {0};

	assert_int_equal(read_bytes(&cells, text, strlen(text), separator, NULL), STATUS_OK);
	buffer_add(&shown, "");
	for (size_t i = 0; i < cells.row_count; i++) {
		for (size_t k = 0; k < cells.rows[i].count; k++)
			buffer_format(&shown, "%s%s", k > 0 ? "|" : "", delimited_cell(&cells, i, k));
		buffer_add(&shown, "/");
	}
	assert_string_equal(buffer_text(&shown), wanted);
	buffer_done(&shown);
	delimited_done(&cells);
}

/* Refused at this line and cell, with a sentence that holds `part`. */
static void assert_refused_bytes(const char *text, size_t length, unsigned line, unsigned column, const char *part)
{
	struct delimited cells;
	struct diag_list diags = {0};

	assert_int_equal(read_bytes(&cells, text, length, '\0', &diags), STATUS_INVALID);
	assert_int_equal(diags.count, 1);
	assert_int_equal(diags.items[0].line, line);
	assert_int_equal(diags.items[0].column, column);
	if (strstr(diags.items[0].text, part) == NULL)
		fail_msg("%s does not say %s", diags.items[0].text, part);
	diag_list_done(&diags);
	delimited_done(&cells);
}

static void assert_refused(const char *text, unsigned line, unsigned column, const char *part)
{
	assert_refused_bytes(text, strlen(text), line, column, part);
}

static void test_cells_and_lines(void **state)
{
	(void)state;
	assert_cells("", 0, "");
	assert_cells("a,b\nc,d", 0, "a|b/c|d/");
	assert_cells("a,b\r\nc,d\r\n", 0, "a|b/c|d/");
	assert_cells("a,b\rc,d\r", 0, "a|b/c|d/");
	assert_cells("a,,b\n,c\n", 0, "a||b/|c/");
	assert_cells("a,b,,\n,,,\n\nc\n,,\n\n", 0, "a|b///c/");
	assert_cells("\n\na\n", 0, "//a/");
}

static void test_quotes(void **state)
{
	(void)state;
	assert_cells("\"a,b\",\"c\"\"d\",\"\"\n", 0, "a,b|c\"d/");
	assert_cells("\"a\r\nb\",c\r\nd", 0, "a\nb|c/d/");
	assert_cells("\"a\" ,b\n", 0, "a|b/");
	assert_cells("=\"2012901\",b\n", 0, "=\"2012901\"|b/");
	assert_cells("5\" nails,b\n", 0, "5\" nails|b/");
	assert_cells("\"Days\" of action,b\n", 0, "\"Days\" of action|b/");
	assert_cells("\"Days\" of action\tb\n", '\t', "\"Days\" of action|b/");
	assert_cells("\"1,234.50\"\n\"7\n\"\n", '\t', "1,234.50/7\n/");
}

static void test_separators(void **state)
{
	(void)state;
	assert_cells("a\tb\n1,5\t2,5\n", 0, "a|b/1,5|2,5/");
	assert_cells("a;b\n1,5;2\n3;4\n", 0, "a|b/1,5|2/3|4/");
	assert_cells("title\na,b;c\nd,e\n", 0, "title/a|b;c/d|e/");
	assert_cells("\"a;b;c\",d\n", 0, "a;b;c|d/");
	assert_cells("sep=;\r\na,b;c\n", 0, "a,b|c/");
	assert_cells("1,234\n5,678\n", '\t', "1,234/5,678/");
	assert_cells("a b\n", 0, "a b/");
}

static void test_where_a_cell_stands(void **state)
{
	static const char text[] = "a,b\n\n\"c\nd\n\",e,\"f\ng\",h\ni\n";
	struct delimited cells;

	(void)state;
	assert_int_equal(read_bytes(&cells, text, strlen(text), 0, NULL), STATUS_OK);
	assert_int_equal(cells.row_count, 4);
	assert_int_equal(cells.rows[2].line, 3);
	assert_int_equal(delimited_line(&cells, 2, 0), 3);
	assert_int_equal(delimited_line(&cells, 2, 1), 5);
	assert_int_equal(delimited_line(&cells, 2, 3), 6);
	assert_int_equal(cells.rows[3].line, 7);
	assert_string_equal(delimited_cell(&cells, 3, 5), "");
	delimited_done(&cells);
}

static void test_width_counts_blank_cells(void **state)
{
	struct delimited cells;

	(void)state;
	assert_int_equal(read_bytes(&cells, "a,b, ,\n,,,,\nc", 13, 0, NULL), STATUS_OK);
	assert_int_equal(cells.rows[0].count, 2);
	assert_int_equal(cells.rows[0].width, 4);
	assert_int_equal(cells.rows[1].count, 0);
	assert_int_equal(cells.rows[1].width, 5);
	delimited_done(&cells);
}

static void test_what_is_refused(void **state)
{
	(void)state;
	assert_refused("a,b\nc,\"d\ne,f\n", 2, 2, "引号从这里开始");
	assert_refused("a,\"b\nc\"d,e\n", 1, 2, "引号结束之后还有字");
	assert_refused("a\nb,c\033[31m\n", 2, 2, "U+001B");
	assert_refused("a\nb,\xC2\x85\n", 2, 2, "U+0085");
	assert_refused("\"a\n\fb\"\n", 2, 1, "U+000C");
	assert_refused_bytes("a,b\nc,\0d\n", 9, 2, 2, "NUL");
}

static char *repeated(const char *text, size_t times)
{
	struct buffer out = {0};

	while (times-- > 0)
		buffer_add(&out, text);
	return buffer_take(&out);
}

static void test_bounds(void **state)
{
	char *text = repeated(",", 4u << 20);

	(void)state;
	assert_refused(text, 1, DELIMITED_COLUMNS_MOST + 1, "512 栏");
	memory_free(text);
	text = repeated("a\n", DELIMITED_LINES_MOST + 5);
	assert_refused(text, DELIMITED_LINES_MOST + 1, 1, "20000 行");
	memory_free(text);
	text = repeated("abcdefgh", DELIMITED_CELL_BYTES_MOST / 8 + 1);
	assert_refused(text, 1, 1, "64 KB");
	memory_free(text);
	text = repeated(",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,x\n", 4100);
	assert_refused(text, 4001, 1, "40 万格");
	memory_free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells_and_lines),     cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_separators),          cmocka_unit_test(test_where_a_cell_stands),
		cmocka_unit_test(test_width_counts_blank_cells), cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
