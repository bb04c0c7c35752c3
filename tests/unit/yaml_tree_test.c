#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/encode.h"
#include "base/memory.h"
#include "yaml/tree.h"

/* One document and its messages. */
struct document {
	struct arena *arena;
	struct diag_list diags;
	struct yaml_node *root;
};

struct pieces {
	const char *bytes;
	size_t left, most;
};

static ssize_t next_piece(void *context, void *bytes, size_t room)
{
	struct pieces *pieces = context;
	size_t length = pieces->left < pieces->most ? pieces->left : pieces->most;

	length = length < room ? length : room;
	memcpy(bytes, pieces->bytes, length);
	pieces->bytes += length;
	pieces->left -= length;
	return (ssize_t)length;
}

/* Screening lets pass what can be parsed, and nothing else but duplicate keys, whatever the pieces. */
static void assert_screened_alike(const char *bytes, size_t length, const struct yaml_limits *limits,
				  const struct document *document)
{
	static const size_t sizes[] = {1, 7, 100000};

	for (size_t i = length > 10000 ? 2 : 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct pieces pieces = {bytes, length, sizes[i]};
		struct diag_list diags = {0};
		bool passed = yaml_screen(next_piece, &pieces, "t.yaml", limits, &diags);
		assert_int_equal(passed, diags.count == 0);
		if (!passed)
			assert_null(document->root);
		else if (document->root == NULL)
			assert_non_null(strstr(diag_first_error(&document->diags), "已经写过"));
		diag_list_done(&diags);
	}
}

static struct document parse_bytes(const char *bytes, size_t length, const struct yaml_limits *limits)
{
	struct document document = {.arena = arena_new()};
	document.root = yaml_parse(document.arena, document.arena, bytes, length, "t.yaml", limits, &document.diags);
	/* A tree or an error, never both, never neither. */
	assert_int_equal(document.root == NULL, document.diags.errors > 0);
	assert_screened_alike(bytes, length, limits, &document);
	return document;
}

static struct document parse(const char *text)
{
	return parse_bytes(text, strlen(text), &yaml_limits_form);
}

static void done(struct document *document)
{
	arena_free(document->arena);
	diag_list_done(&document->diags);
}

#define assert_refused(text, place, said) check_refused(text, sizeof(text) - 1, place, said, __FILE__, __LINE__)
static void check_refused(const char *text, size_t length, const char *place, const char *said, const char *file,
			  int line)
{
	struct document document = parse_bytes(text, length, &yaml_limits_form);
	char *message = document.diags.count > 0 ? diag_text(&document.diags.items[0]) : memory_copy_string("");
	if (document.root != NULL || document.diags.count != 1 || strncmp(message, place, strlen(place)) != 0 ||
	    strstr(message, said) == NULL) {
		print_error("%s\nsaid: %s\n", text, message);
		_fail(file, line);
	}
	memory_free(message);
	done(&document);
}

static void assert_node(const struct yaml_node *node, enum yaml_kind kind, unsigned line, unsigned column,
			const char *text)
{
	assert_non_null(node);
	assert_int_equal(node->kind, kind);
	assert_int_equal(node->line, line);
	assert_int_equal(node->column, column);
	assert_string_equal(node->file, "t.yaml");
	if (text != NULL)
		assert_string_equal(node->text, text);
}

static void a_layout_becomes_a_tree_with_places(void **state)
{
	(void)state;
	struct document document = parse("table: 收入总表\n"
					 "columns:\n"
					 "  - 合计: = 小计 + 上年结转\n"
					 "  - 本年收入:\n"
					 "    - 小计: = sum(本年收入)\n"
					 "    - 财政拨款收入\n"
					 "title: <年度>年<部门>\n"
					 "attributes: {by: functional, total: \"合 计\"}\n"
					 "empty:\n"
					 "none: ~\n");
	const struct yaml_node *root = document.root;
	assert_node(root, YAML_MAP, 1, 1, NULL);
	assert_int_equal(root->count, 6);
	assert_node(root->keys[0], YAML_SCALAR, 1, 1, "table");
	assert_node(root->items[0], YAML_SCALAR, 1, 8, "收入总表");
	const struct yaml_node *columns = yaml_get(root, "columns");
	assert_node(columns, YAML_LIST, 3, 3, NULL);
	assert_int_equal(columns->count, 2);
	assert_node(columns->items[0], YAML_MAP, 3, 5, NULL);
	assert_node(yaml_get(columns->items[0], "合计"), YAML_SCALAR, 3, 9, "= 小计 + 上年结转");
	const struct yaml_node *group = yaml_get(columns->items[1], "本年收入");
	assert_node(group, YAML_LIST, 5, 5, NULL);
	assert_node(group->items[1], YAML_SCALAR, 6, 7, "财政拨款收入");
	assert_string_equal(yaml_get(root, "title")->text, "<年度>年<部门>");
	const struct yaml_node *total = yaml_get(yaml_get(root, "attributes"), "total");
	assert_node(total, YAML_SCALAR, 8, 37, "合 计");
	assert_true(total->quoted);
	assert_false(yaml_get(root, "table")->quoted);
	assert_node(yaml_get(root, "empty"), YAML_NOTHING, 9, 7, "");
	assert_node(yaml_get(root, "none"), YAML_NOTHING, 10, 7, NULL);
	assert_null(yaml_get(root, "absent"));
	assert_null(yaml_get(columns, "合计"));
	assert_null(yaml_get(NULL, "合计"));
	done(&document);
}

static void scalars_keep_their_text(void **state)
{
	(void)state;
	struct document document = parse("- |\n  第一行\n  第二行\n"
					 "- >\n  折\n  叠\n"
					 "- 'it''s'\n"
					 "- \"a\\tb\\nc\\u4e2d\"\n"
					 "- 0010\n"
					 "- null\n"
					 "- ''\n"
					 "- 很长\n  的文字\n"
					 "- []\n"
					 "- {}\n"
					 "- \"~\"\n");
	struct yaml_node **items = document.root->items;
	assert_int_equal(document.root->count, 11);
	assert_string_equal(items[0]->text, "第一行\n第二行\n");
	assert_true(items[0]->quoted);
	assert_string_equal(items[1]->text, "折 叠\n");
	assert_string_equal(items[2]->text, "it's");
	assert_string_equal(items[3]->text, "a\tb\nc中");
	assert_string_equal(items[4]->text, "0010");
	assert_node(items[5], YAML_SCALAR, 10, 3, "null");
	assert_node(items[6], YAML_SCALAR, 11, 3, "");
	assert_string_equal(items[7]->text, "很长 的文字");
	assert_node(items[8], YAML_LIST, 14, 3, NULL);
	assert_int_equal(items[8]->count, 0);
	assert_node(items[9], YAML_MAP, 15, 3, NULL);
	assert_int_equal(items[9]->count, 0);
	assert_node(items[10], YAML_SCALAR, 16, 3, "~");
	done(&document);
}

static void a_mark_and_foreign_line_ends_are_no_matter(void **state)
{
	(void)state;
	struct document document = parse("\xEF\xBB\xBF" "a: 1\r\nb: 2\r\n");
	assert_node(yaml_get(document.root, "a"), YAML_SCALAR, 1, 4, "1");
	assert_node(yaml_get(document.root, "b"), YAML_SCALAR, 2, 4, "2");
	done(&document);
	document = parse("%YAML 1.1\n---\na: 1\n...\n");
	assert_string_equal(yaml_get_text(document.root, "a", "", NULL), "1");
	done(&document);
	document = parse("只是一段文字");
	assert_node(document.root, YAML_SCALAR, 1, 1, "只是一段文字");
	done(&document);
}

static void what_could_hide_something_is_refused(void **state)
{
	(void)state;
	assert_refused("a: &x 1\n", "t.yaml:1:4: ", "锚点");
	assert_refused("a: &x [1]\n", "t.yaml:1:4: ", "锚点");
	assert_refused("- &x\n  b: 1\n", "t.yaml:1:3: ", "锚点");
	assert_refused("a: *x\n", "t.yaml:1:4: ", "别名");
	assert_refused("a: !!int 1\n", "t.yaml:1:4: ", "标签");
	assert_refused("a: ! 1\n", "t.yaml:1:4: ", "标签");
	assert_refused("a: !!seq [1]\n", "t.yaml:1:4: ", "标签");
	assert_refused("a: !x {b: 1}\n", "t.yaml:1:4: ", "标签");
	assert_refused("%TAG !e! tag:e,2000:\n---\na: 1\n", "t.yaml:1:1: ", "%");
	assert_refused("a: 1\n<<: {b: 2}\n", "t.yaml:2:1: ", "合并");
	assert_refused("a: 1\n---\nb: 2\n", "t.yaml:2:1: ", "一份内容");
	assert_refused("[a, b]: 1\n", "t.yaml:1:1: ", "冒号前面");
	assert_refused("{a: 1}: 1\n", "t.yaml:1:1: ", "冒号前面");
	assert_refused("? - a\n: 1\n", "t.yaml:1:3: ", "冒号前面");
	assert_refused("{: 1}\n", "t.yaml:1:2: ", "应当有内容");
	assert_refused("?\n: 1\n", "t.yaml:1:", "缺少名称");
	assert_refused("~: 1\n", "t.yaml:1:1: ", "缺少名称");
	assert_refused(": 1\n", "t.yaml:1:1: ", "YAML");
	assert_refused("", "t.yaml: ", "没有内容");
	assert_refused("# 只有注释\n", "t.yaml: ", "没有内容");
}

static void duplicate_keys_are_refused_at_the_second(void **state)
{
	(void)state;
	assert_refused("名称: 1\n其他: 2\n名称: 3\n", "t.yaml:3:1: ", "第 1 行");
	assert_refused("x: {a: 1, 'a': 2}\n", "t.yaml:1:11: ", "“a”");
	struct document document = parse("a: {x: 1}\nb: {x: 1, a: 2}\n");
	assert_non_null(document.root);
	done(&document);

	struct buffer text = {0};
	for (int i = 0; i < 300; i++)
		buffer_format(&text, "%d: 科目\n", 2010000 + i);
	document = parse(buffer_text(&text));
	assert_int_equal(document.root->count, 300);
	done(&document);
	buffer_add(&text, "2010299: 又一次\n");
	document = parse(buffer_text(&text));
	assert_int_equal(document.diags.items[0].line, 301);
	assert_non_null(strstr(diag_first_error(&document.diags), "第 300 行"));
	done(&document);
	buffer_done(&text);
}

static void invisible_characters_are_refused_where_they_stand(void **state)
{
	(void)state;
	assert_refused("a: 1\nb: 中文\x1B[31m\n", "t.yaml:2:6: ", "U+001B");
	assert_refused("a: 1 # 注\xE2\x80\xAE\n", "t.yaml:1:9: ", "U+202E");
	assert_refused("a: x\xE2\x80\x8By\n", "t.yaml:1:5: ", "U+200B");
	assert_refused("a: x\0y\n", "t.yaml:1:5: ", "U+0000");
	assert_refused("a: x\xC2\x85y\n", "t.yaml:1:5: ", "U+0085");
	assert_refused("\r\n\r\na: \x7F\n", "t.yaml:3:4: ", "U+007F");
	assert_refused("a: \"x\\ey\"\n", "t.yaml:1:4: ", "U+001B");
	assert_refused("a: \"x\\0y\"\n", "t.yaml:1:4: ", "U+0000");
	assert_refused("a: \"x\\u202Ey\"\n", "t.yaml:1:4: ", "U+202E");
	assert_refused("\"a\\rb\": 1\n", "t.yaml:1:1: ", "换行");
	assert_refused("a: b\tc\n", "t.yaml:1:4: ", "制表符");
	assert_refused("a: b\n\n  c\n", "t.yaml:1:4: ", "换行");
	struct document document = parse("a: \"b\tc\"\nd: |\n  e\tf\n");
	assert_string_equal(yaml_get(document.root, "a")->text, "b\tc");
	assert_string_equal(yaml_get(document.root, "d")->text, "e\tf\n");
	done(&document);
}

static void foreign_encodings_are_recognised(void **state)
{
	(void)state;
	assert_refused("title: \xCA\xD5\xC8\xEB\xD7\xDC\xB1\xED\n", "t.yaml:1:8: ", "GB18030");
	assert_refused("\xFF\xFE" "a\0:\0 \0", "t.yaml:1:1: ", "UTF-16");
	assert_refused("a: 中\xFF\xFF\n", "t.yaml:1:5: ", "UTF-8");
}

static void mistakes_in_writing_are_explained(void **state)
{
	(void)state;
	assert_refused("a: 1\n缺冒号\nb: 2\n", "t.yaml:2:1: ", "缺少冒号");
	assert_refused("a: b: c\n", "t.yaml:1:5: ", "缩进");
	assert_refused("a:\n\t- b\n", "t.yaml:2:1: ", "制表符");
	assert_refused("a: @b\n", "t.yaml:1:4: ", "引号");
	assert_refused("a: `b\n", "t.yaml:1:4: ", "引号");
	assert_refused("a: \"b\nc: 1\n", "t.yaml:1:4: ", "引号没有配对");
	assert_refused("a: {b: 1\nc: 2\n", "t.yaml:2:", "花括号");
	assert_refused("a: [1, 2\n", "t.yaml:2:", "方括号");
	assert_refused("a:\n  - 1\n - 2\n", "t.yaml:3:2: ", "");
	assert_refused("a: 1\n  b: 2\n", "t.yaml:2:4: ", "缩进");
	assert_refused("a:\n    b: 1\n  c: 2\n", "t.yaml:3:3: ", "对不齐");
	assert_refused("- a\nb: 1\n", "t.yaml:2:1: ", "列表");
	assert_refused("a: \"x\" y\n", "t.yaml:1:8: ", "");
	assert_refused("a: \"\\q\"\n", "t.yaml:1:", "\\");
	assert_refused("a: [1, 2]]\n", "t.yaml:1:", "");
	assert_refused("a: {年度}年\n", "t.yaml:1:", "");
	/* Every message says what libyaml said too, for whoever looks it up. */
	assert_refused("a: b: c\n", "t.yaml", "mapping values are not allowed in this context");
}

static void nesting_ends_at_32_at_once(void **state)
{
	(void)state;
	char text[40] = {0};
	memset(text, '[', 32);
	struct buffer whole = {0};
	buffer_add(&whole, text);
	buffer_add_repeated(&whole, ']', 32);
	struct document document = parse(buffer_text(&whole));
	assert_non_null(document.root);
	done(&document);

	buffer_clear(&whole);
	buffer_add_repeated(&whole, '[', 33);
	buffer_add_repeated(&whole, ']', 33);
	document = parse(buffer_text(&whole));
	assert_non_null(strstr(diag_first_error(&document.diags), "最多 32 层"));
	assert_int_equal(document.diags.items[0].column, 33);
	done(&document);

	buffer_clear(&whole);
	buffer_add_repeated(&whole, '[', 5000000);
	clock_t start = clock();
	document = parse_bytes(whole.data, whole.length, &yaml_limits_workbook);
	assert_non_null(strstr(diag_first_error(&document.diags), "32"));
	assert_true((clock() - start) / CLOCKS_PER_SEC < 5);
	done(&document);
	buffer_done(&whole);
}

static void size_is_bounded(void **state)
{
	(void)state;
	struct buffer text = {0};
	struct yaml_limits few = {.depth = 4, .scalar = 10, .nodes = 5, .siblings = 9};
	struct document document = parse_bytes("[a, b, c, d]", 12, &few);
	assert_int_equal(document.root->count, 4);
	done(&document);
	document = parse_bytes("[a, b, c, d, e]", 15, &few);
	assert_non_null(strstr(diag_first_error(&document.diags), "最多 5 项"));
	assert_int_equal(document.diags.items[0].column, 14);
	done(&document);
	document = parse_bytes("a: 0123456789", 13, &few);
	assert_non_null(document.root);
	done(&document);
	document = parse_bytes("a: 01234567890", 14, &few);
	assert_non_null(strstr(diag_first_error(&document.diags), "10 字节"));
	done(&document);
	document = parse_bytes("[[[[x]]]]", 9, &few);
	assert_non_null(document.root);
	done(&document);
	document = parse_bytes("[[[[[x]]]]]", 11, &few);
	assert_non_null(strstr(diag_first_error(&document.diags), "4 层"));
	done(&document);
	buffer_add_repeated(&text, 'x', 65536);
	document = parse(buffer_text(&text));
	assert_non_null(document.root);
	done(&document);
	buffer_add_byte(&text, 'x');
	document = parse(buffer_text(&text));
	assert_int_equal(document.diags.errors, 1);
	done(&document);
	buffer_done(&text);
}

static void a_crowd_is_refused_where_it_begins(void **state)
{
	(void)state;
	struct yaml_limits few = {.depth = 4, .scalar = 10, .nodes = 99, .siblings = 3, .wide = "names", .wide_siblings = 5};
	static const struct {
		const char *text;
		unsigned column; /* of the error, 0: none */
	} cases[] = {
		{"[a, b, c]", 0}, {"[a, b, c, d]", 11}, {"[[], a, [], []]", 13}, {"[{}, {}, {}, {}]", 0},
		{"{a: 1, b: 2, c: 3}", 0}, {"{a: 1, b: 2, c: 3, d: 4}", 20}, {"{a: {b: 1, c: 2, d: 3, e: 4}}", 24},
		{"{names: {a: {b: 1, c: 2, d: 3, e: 4, f: 5}}}", 0}, {"{names: {a: {b: 1, c: 2, d: 3, e: 4, f: 5, g: 6}}}", 44},
		{"{names: {a: 1}, b: [1, 2, 3, 4]}", 30}, {"{a: {names: {b: 1, c: 2, d: 3, e: 4}}}", 32},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct document document = parse_bytes(cases[i].text, strlen(cases[i].text), &few);
		assert_int_equal(document.root == NULL, cases[i].column > 0);
		if (cases[i].column > 0)
			assert_int_equal(document.diags.items[0].column, cases[i].column);
		done(&document);
	}
}

static void a_big_workbook_loads_in_seconds(void **state)
{
	(void)state;
	struct buffer text = {0};
	buffer_add(&text, "rows:\n");
	for (int i = 0; i < 100000; i++)
		buffer_format(&text, "- {code: \"%07d\", 基本支出: %d.25, 项目支出: 12.50}\n", i, i);
	clock_t start = clock();
	struct document document = parse_bytes(text.data, text.length, &yaml_limits_workbook);
	const struct yaml_node *rows = yaml_get(document.root, "rows");
	assert_int_equal(rows->count, 100000);
	assert_string_equal(yaml_get_text(rows->items[99999], "code", "", NULL), "0099999");
	assert_int_equal(rows->items[99999]->line, 100001);
	assert_true((clock() - start) / CLOCKS_PER_SEC < 10);
	done(&document);
	buffer_done(&text);
}

static void values_are_read_by_kind(void **state)
{
	(void)state;
	struct document document = parse("title: 收入\nwide: true\nnarrow: 否\nodd: 也许\nlist: [1]\nempty:\n"
					 "size: 132\nminus: -5\nhuge: 99999999999999999999\nhalf: 1.5\n");
	const struct yaml_node *root = document.root;
	struct diag_list diags = {0};
	long size = 77;
	assert_string_equal(yaml_get_text(root, "title", "x", &diags), "收入");
	assert_string_equal(yaml_get_text(root, "none", "x", &diags), "x");
	assert_null(yaml_get_text(root, "empty", NULL, &diags));
	assert_true(yaml_get_flag(root, "wide", false, &diags));
	assert_false(yaml_get_flag(root, "narrow", true, &diags));
	assert_true(yaml_get_flag(root, "none", true, &diags));
	assert_false(yaml_get_integer(root, "none", 0, 9, &size, &diags));
	assert_int_equal(size, 77);
	assert_true(yaml_get_integer(root, "size", 80, 132, &size, &diags));
	assert_int_equal(size, 132);
	assert_true(yaml_get_integer(root, "minus", -5, 5, &size, &diags));
	assert_int_equal(size, -5);
	assert_int_equal(diags.count, 0);

	assert_string_equal(yaml_get_text(root, "list", "x", &diags), "x");
	assert_int_equal(diags.items[0].line, 5);
	assert_int_equal(diags.items[0].column, 7);
	assert_true(yaml_get_flag(root, "odd", true, &diags));
	assert_non_null(strstr(diags.items[1].text, "也许"));
	assert_false(yaml_get_integer(root, "size", 0, 100, &size, &diags));
	assert_non_null(strstr(diags.items[2].text, "0 到 100"));
	assert_false(yaml_get_integer(root, "huge", 0, 100, &size, &diags));
	assert_false(yaml_get_integer(root, "half", 0, 100, &size, &diags));
	assert_false(yaml_get_integer(root, "title", 0, 100, &size, &diags));
	assert_int_equal(size, -5);
	assert_int_equal(diags.errors, 6);
	diag_list_done(&diags);
	done(&document);
}

static void unknown_keys_name_the_nearest_known(void **state)
{
	(void)state;
	static const char *const known[] = {"title", "columns", "rows", "标题", NULL};
	struct document document = parse("title: 1\ncolunms: 2\n标提: 3\nxyzzy: 4\nrow: 5\n");
	struct diag_list diags = {0};
	yaml_require_known(document.root, known, &diags);
	assert_int_equal(diags.errors, 4);
	assert_non_null(strstr(diags.items[0].text, "是不是“columns”"));
	assert_int_equal(diags.items[0].line, 2);
	assert_int_equal(diags.items[0].column, 1);
	assert_non_null(strstr(diags.items[1].text, "是不是“标题”"));
	assert_non_null(strstr(diags.items[2].text, "title、columns、rows、标题"));
	assert_non_null(strstr(diags.items[3].text, "“rows”"));
	yaml_require_known(NULL, known, &diags);
	yaml_require_known(document.root->items[0], known, &diags);
	assert_int_equal(diags.errors, 4);
	diag_list_done(&diags);
	done(&document);
}

static void errors_carry_the_place_of_their_node(void **state)
{
	(void)state;
	struct document document = parse("a:\n  - 1\n");
	struct diag_list diags = {0};
	yaml_error(yaml_get(document.root, "a")->items[0], &diags, "“%s”不对。", "1");
	yaml_error(NULL, &diags, "没有地方。");
	yaml_error(document.root, NULL, "没有人听。");
	char *first = diag_text(&diags.items[0]), *second = diag_text(&diags.items[1]);
	assert_string_equal(first, "t.yaml:2:5: “1”不对。");
	assert_string_equal(second, "没有地方。");
	memory_free(first);
	memory_free(second);
	diag_list_done(&diags);
	done(&document);
}

/* Documents with random damage: whatever comes in, a tree or one located error comes out. */
static void damaged_documents_do_no_harm(void **state)
{
	(void)state;
	static const char good[] =
		"title: \"收入\"\nrows:\n- {code: '201', 合计: = a + b}\n- a: |\n    块\n  b: [1, 2]\n";
	static const char parts[] = "\"'{}[]:-,#&*!|>%@`\n \t\\~?x\x80\xE4\033";
	uint32_t random = 3;
	for (int step = 0; step < 30000; step++) {
		char text[sizeof(good)];
		memcpy(text, good, sizeof(good));
		for (int i = 0; i < 1 + step % 4; i++) {
			random = random * 1664525u + 1013904223u;
			text[(random >> 8) % (sizeof(good) - 1)] = parts[(random >> 3) % (sizeof(parts) - 1)];
		}
		struct document document = parse_bytes(text, sizeof(good) - 1, &yaml_limits_form);
		if (document.root == NULL)
			assert_true(document.diags.count == 1);
		done(&document);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_layout_becomes_a_tree_with_places),
		cmocka_unit_test(scalars_keep_their_text),
		cmocka_unit_test(a_mark_and_foreign_line_ends_are_no_matter),
		cmocka_unit_test(what_could_hide_something_is_refused),
		cmocka_unit_test(duplicate_keys_are_refused_at_the_second),
		cmocka_unit_test(invisible_characters_are_refused_where_they_stand),
		cmocka_unit_test(foreign_encodings_are_recognised),
		cmocka_unit_test(mistakes_in_writing_are_explained),
		cmocka_unit_test(nesting_ends_at_32_at_once),
		cmocka_unit_test(size_is_bounded),
		cmocka_unit_test(a_crowd_is_refused_where_it_begins),
		cmocka_unit_test(a_big_workbook_loads_in_seconds),
		cmocka_unit_test(values_are_read_by_kind),
		cmocka_unit_test(unknown_keys_name_the_nearest_known),
		cmocka_unit_test(errors_carry_the_place_of_their_node),
		cmocka_unit_test(damaged_documents_do_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
