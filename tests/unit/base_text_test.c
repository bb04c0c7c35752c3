#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/text.h"

static void every_point_survives_the_round_trip(void **state)
{
	(void)state;
	for (uint32_t point = 1; point <= 0x10FFFF; point++) {
		char bytes[5] = {0};
		if (point >= 0xD800 && point <= 0xDFFF)
			continue;
		size_t length = text_encode(point, bytes);
		const char *text = bytes;
		if (text_decode(&text) != point || (size_t)(text - bytes) != length || !text_is_utf8(bytes, length))
			fail_msg("U+%04X", (unsigned)point);
	}
}

static void broken_bytes_are_taken_one_by_one(void **state)
{
	(void)state;
	static const char *const broken[] = {
		"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
		"\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE4\xB8", "\xE4", "\xC4\xE3",
	};
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		const char *text = broken[i];
		assert_false(text_is_utf8(text, strlen(text)));
		assert_int_equal(text_decode(&text), 0xFFFD);
		assert_ptr_equal(text, broken[i] + 1);
		char among[32];
		for (size_t before = 0; before <= 9; before += 3) {
			snprintf(among, sizeof(among), "%.*s%s 12345678", (int)before, "总工会", broken[i]);
			assert_false(text_is_utf8(among, strlen(among)));
			assert_in_range(text_plain_run(among, strlen(among)), 0, before);
		}
	}
	const char *end = "";
	assert_int_equal(text_decode(&end), 0);
	assert_int_equal(*end, '\0');
	uint32_t point;
	assert_int_equal(text_decode_bytes("中", 3, &point), 3);
	assert_int_equal(point, 0x4E2D);
	assert_int_equal(text_decode_bytes("中", 2, &point), 1);
	assert_int_equal(point, 0xFFFD);
	assert_int_equal(text_decode_bytes("中", 0, &point), 0);
	assert_int_equal(text_decode_bytes("\0x", 2, &point), 1);
	assert_int_equal(point, 0);
	assert_int_equal(text_points("a中𠀀\xFF"), 4);
}

static void plain_runs_need_no_second_look(void **state)
{
	(void)state;
	for (uint32_t point = 1; point < 0x30000; point++) {
		char text[16], *end = text;
		struct buffer out = {0};
		end += text_encode(point, end);
		end += text_encode(point, end);
		memcpy(end, "ab", 3);
		size_t length = (size_t)(end + 2 - text), run = text_plain_run(text, length);
		text_sanitize(&out, text, run, false);
		assert_int_equal(out.length, run);
		assert_memory_equal(buffer_text(&out), text, run);
		if ((point >= 0x4000 && point <= 0x9FFF) || (point >= 0x20 && point < 0x7F))
			assert_int_equal(run, length);
		buffer_done(&out);
	}
	assert_int_equal(text_plain_run("12345678\t", 9), 8);
	assert_int_equal(text_plain_run("1234567\x7F", 8), 7);
	assert_int_equal(text_plain_run("总工会\n12345", 15), 9);
	assert_int_equal(text_plain_run("总工", 5), 3);
}

static void width_is_counted_in_cells(void **state)
{
	(void)state;
	assert_int_equal(text_width(""), 0);
	assert_int_equal(text_width("abc 12.50"), 9);
	assert_int_equal(text_width("北戴河区总工会"), 14);
	assert_int_equal(text_width("（一）：￥"), 10);
	assert_int_equal(text_width("e\u0301"), 1);
	assert_int_equal(text_point_width(0x20000), 2);
	assert_int_equal(text_point_width(0xFFFD), 1);
	assert_int_equal(text_point_width(0x07), 1);
}

static void width_needs_no_utf8_locale(void **state)
{
	(void)state;
	assert_non_null(setlocale(LC_ALL, "C"));
	int width = text_width("支出总表（元）12.50");
	assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
	assert_int_equal(width, 19);
}

static void a_clip_never_halves_a_character(void **state)
{
	(void)state;
	int used;
	assert_int_equal(text_clip("预算表", 4, &used), 6);
	assert_int_equal(used, 4);
	assert_int_equal(text_clip("预算表", 5, &used), 6);
	assert_int_equal(used, 4);
	assert_int_equal(text_clip("预算表", 6, &used), 9);
	assert_int_equal(text_clip("预算表", 1, &used), 0);
	assert_int_equal(used, 0);
	assert_int_equal(text_clip("预算表", -1, NULL), 0);
	assert_int_equal(text_clip("e\u0301x", 1, &used), 3);
	assert_int_equal(used, 1);
}

static void assert_fit(const char *text, int cells, enum text_align align, const char *expected)
{
	struct buffer out = {0};
	text_fit(&out, text, cells, align);
	assert_string_equal(buffer_text(&out), expected);
	if (cells > 0)
		assert_int_equal(text_width(buffer_text(&out)), cells);
	buffer_done(&out);
}

static void a_fitted_text_has_exactly_its_cells(void **state)
{
	(void)state;
	assert_fit("合计", 6, TEXT_LEFT, "合计  ");
	assert_fit("合计", 6, TEXT_RIGHT, "  合计");
	assert_fit("合计", 7, TEXT_CENTRE, " 合计  ");
	assert_fit("合计", 4, TEXT_LEFT, "合计");
	assert_fit("合计", 3, TEXT_LEFT, "合…");
	assert_fit("基本支出", 6, TEXT_LEFT, "基本… ");
	assert_fit("基本支出", 6, TEXT_RIGHT, " 基本…");
	assert_fit("abcdef", 4, TEXT_LEFT, "abc…");
	assert_fit("合计", 1, TEXT_LEFT, "…");
	assert_fit("合计", 0, TEXT_LEFT, "");
	assert_fit("", 3, TEXT_CENTRE, "   ");
}

static void assert_wrap(const char *text, int cells, const char *const *lines)
{
	while (*text != '\0') {
		const char *next;
		size_t length = text_wrap(text, cells, &next);
		assert_non_null(*lines);
		assert_int_equal(length, strlen(*lines));
		assert_memory_equal(text, *lines, length);
		assert_true(next > text);
		text = next;
		lines++;
	}
	assert_null(*lines);
}

static void lines_break_where_one_may(void **state)
{
	(void)state;
	assert_wrap("the quick brown", 9, (const char *[]){"the quick", "brown", NULL});
	assert_wrap("the  quick", 5, (const char *[]){"the", "quick", NULL});
	assert_wrap("unbreakable", 4, (const char *[]){"unbr", "eaka", "ble", NULL});
	assert_wrap("收支总表", 4, (const char *[]){"收支", "总表", NULL});
	assert_wrap("收支总表", 5, (const char *[]){"收支", "总表", NULL});
	assert_wrap("第1行abc", 6, (const char *[]){"第1行", "abc", NULL});
	assert_wrap("一\n\n二", 10, (const char *[]){"一", "", "二", NULL});
	assert_wrap("abc \ndef", 3, (const char *[]){"abc", "def", NULL});
	assert_wrap("  abc", 9, (const char *[]){"  abc", NULL});
	assert_wrap("中", 1, (const char *[]){"中", NULL});
	assert_wrap("末尾\n", 10, (const char *[]){"末尾", NULL});
}

static void punctuation_stays_with_its_word(void **state)
{
	(void)state;
	assert_wrap("收入合计，支出合计", 8, (const char *[]){"收入合", "计，支出", "合计", NULL});
	assert_wrap("因公出国（境）费", 10, (const char *[]){"因公出国", "（境）费", NULL});
	assert_wrap("，，，，", 4, (const char *[]){"，，", "，，", NULL});
}

static void assert_sanitized(const char *text, size_t length, bool keep_lines, const char *expected)
{
	struct buffer out = {0}, again = {0};
	text_sanitize(&out, text, length, keep_lines);
	assert_string_equal(buffer_text(&out), expected);
	assert_int_equal(text_is_dirty(text, length, keep_lines),
			 out.length != length || memcmp(buffer_text(&out), text, length) != 0);
	assert_false(text_is_dirty(buffer_text(&out), out.length, keep_lines));
	text_sanitize(&again, buffer_text(&out), out.length, keep_lines);
	assert_string_equal(buffer_text(&again), expected);
	buffer_done(&out);
	buffer_done(&again);
}

#define assert_clean(text, expected) assert_sanitized(text, sizeof(text) - 1, false, expected)
#define assert_clean_lines(text, expected) assert_sanitized(text, sizeof(text) - 1, true, expected)

static void nothing_steers_the_terminal(void **state)
{
	(void)state;
	assert_clean("总工会 12.50（万元）𠀀葛\U000E0100", "总工会 12.50（万元）𠀀葛\U000E0100");
	assert_clean("a\033[31mred\033[0mb", "a\uFFFDred\uFFFDb");
	assert_clean("a\033]0;title\ab", "a\uFFFDb");
	assert_clean("a\033]52;c;eHg=\033\\b", "a\uFFFDb");
	assert_clean("a\033Pq#0\033\\b", "a\uFFFDb");
	assert_clean("a\033[31", "a\uFFFD[31");
	assert_clean("a\033]0;open", "a\uFFFD]0;open");
	assert_clean("a\033cb", "a\uFFFDcb");
	assert_clean("end\033", "end\uFFFD");
	assert_clean("a\xC2\x9B" "2Jb", "a\uFFFDb");
	assert_clean("a\xC2\x85" "b", "a\uFFFDb");
	assert_clean("a\ab\bc\177d", "a\uFFFDb\uFFFDc\uFFFDd");
	assert_clean("a\0b", "a\uFFFDb");
	assert_clean("a\rb", "a\uFFFDb");
	assert_clean("\xC4\xE3", "\uFFFD\uFFFD");
	assert_clean("\xEF\xBF\xBD", "\uFFFD");
	assert_clean("\uFFFE", "\uFFFD");
}

static void nothing_hides_or_turns(void **state)
{
	(void)state;
	assert_clean("abc\u202Edef\u2066g\u200Bh\uFEFFi\u00ADj", "abcdefghij");
	assert_clean("a\u2028b", "a b");
	assert_clean("\u200F\u200E", "");
	assert_clean("a\U000E0041b", "ab");
}

static void lines_are_kept_only_where_there_are_lines(void **state)
{
	(void)state;
	assert_clean("a\nb\tc", "a b c");
	assert_clean("a\r\nb", "a b");
	assert_clean_lines("a\nb\tc", "a\nb\tc");
	assert_clean_lines("a\r\nb", "a\nb");
	assert_clean_lines("a\033[31m\nb", "a\uFFFD\nb");
}

static void any_bytes_come_out_clean(void **state)
{
	(void)state;
	uint32_t random = 7;
	for (int step = 0; step < 20000; step++) {
		static const char *const parts[] = {"\033", "[", "]", "\a", "\xC2\x9B", "中", "x", "\xE2\x80",
						    "\xAE", "1;2", "\n", "\\", "\xC2", "\x9C", "\r", "m"};
		char text[64] = {0};
		for (int i = 0; i < 10; i++) {
			random = random * 1664525u + 1013904223u;
			size_t end = strlen(text);
			memcpy(text + end, parts[random >> 28], strlen(parts[random >> 28]) + 1);
		}
		struct buffer out = {0};
		text_sanitize(&out, text, strlen(text), step % 2 == 0);
		assert_true(text_is_utf8(buffer_text(&out), out.length));
		assert_false(text_is_dirty(buffer_text(&out), out.length, step % 2 == 0));
		assert_null(strchr(buffer_text(&out), '\033'));
		buffer_done(&out);
	}
}

static void full_width_folds_to_half_width(void **state)
{
	(void)state;
	struct buffer out = {0};
	text_fold(&out, "２０１０１ＡＢｃ（１）：，　中文￥～");
	assert_string_equal(buffer_text(&out), "20101ABc(1):, 中文¥~");
	buffer_clear(&out);
	text_fold(&out, "科目abc，\xE4\xB8甲（\xFF）é乙\xE3\x80\x80丙。");
	assert_string_equal(buffer_text(&out), "科目abc,\uFFFD\uFFFD甲(\uFFFD)é乙 丙。");
	buffer_clear(&out);
	text_fold(&out, "");
	assert_string_equal(buffer_text(&out), "");
	text_squeeze(&out, " 行政　运\u00A0行\t\n ");
	assert_string_equal(buffer_text(&out), "行政运行");
	buffer_done(&out);
}

static void patterns_match_whole_texts(void **state)
{
	(void)state;
	assert_true(text_like("30201", "301*|302*"));
	assert_true(text_like("30101", "301*|302*"));
	assert_false(text_like("30301", "301*|302*"));
	assert_true(text_like("公务用车购置费", "公务*费"));
	assert_false(text_like("公务用车购置费用", "公务*费"));
	assert_true(text_like("中文", "??"));
	assert_false(text_like("中文", "?"));
	assert_false(text_like("中文", "???"));
	assert_false(text_like("中bc", "*??bc"));
	assert_true(text_like("中bcbc", "*??bc"));
	assert_true(text_like("工会会费", "*会?"));
	assert_true(text_like("工会", "?会*"));
	assert_false(text_like("工", "工?*"));
	assert_false(text_like("\xE5\xB7\xA5", "\xE5\xB7*\xB6"));
	assert_true(text_like("", ""));
	assert_true(text_like("", "*"));
	assert_true(text_like("", "a|"));
	assert_false(text_like("a", ""));
	assert_true(text_like("aXbXc", "a*b*c"));
	assert_true(text_like("abcabc", "*abc"));
	assert_true(text_like("a*b", "a*b"));
	assert_false(text_like("abc", "ABC"));
	char text[4096];
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_false(text_like(text, "*a*a*a*a*a*a*a*b"));
}

static void a_search_ignores_width_and_case(void **state)
{
	(void)state;
	assert_true(text_contains("2010101 行政运行", "行政"));
	assert_true(text_contains("２０１０１０１ 行政运行", "20101"));
	assert_true(text_contains("Wi-Fi 网络", "wi-fi"));
	assert_true(text_contains("（三）其他", "(三)"));
	assert_true(text_contains("任何", ""));
	assert_false(text_contains("", "x"));
	assert_false(text_contains("行政", "行政运行"));
}

static int use_locale(void **state)
{
	(void)state;
	return setlocale(LC_ALL, "C.UTF-8") == NULL ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_point_survives_the_round_trip),
		cmocka_unit_test(broken_bytes_are_taken_one_by_one),
		cmocka_unit_test(plain_runs_need_no_second_look),
		cmocka_unit_test(width_is_counted_in_cells),
		cmocka_unit_test(width_needs_no_utf8_locale),
		cmocka_unit_test(a_clip_never_halves_a_character),
		cmocka_unit_test(a_fitted_text_has_exactly_its_cells),
		cmocka_unit_test(lines_break_where_one_may),
		cmocka_unit_test(punctuation_stays_with_its_word),
		cmocka_unit_test(nothing_steers_the_terminal),
		cmocka_unit_test(nothing_hides_or_turns),
		cmocka_unit_test(lines_are_kept_only_where_there_are_lines),
		cmocka_unit_test(any_bytes_come_out_clean),
		cmocka_unit_test(full_width_folds_to_half_width),
		cmocka_unit_test(patterns_match_whole_texts),
		cmocka_unit_test(a_search_ignores_width_and_case),
	};
	return cmocka_run_group_tests(tests, use_locale, NULL);
}
