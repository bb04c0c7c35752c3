#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/decimal.h"

static const struct decimal_format yuan = {.power = 2, .money = true};
static const struct decimal_format wan = {.power = 6, .money = true};
static const struct decimal_format whole = {.power = 0, .money = false};
static const struct decimal_format number = {.power = 2, .money = false};

#define assert_reads(text, format, expected) check_reads(text, format, expected, __FILE__, __LINE__)
static void check_reads(const char *text, struct decimal_format format, int64_t expected, const char *file, int line)
{
	struct diag_list diags = {0};
	int64_t value = -77;
	enum status status = decimal_parse(&value, text, format, &diags);
	if (status != STATUS_OK || value != expected || diags.count != 0) {
		print_error("“%s” gave %lld, status %d: %s\n", text, (long long)value, (int)status,
			    diag_first_error(&diags));
		_fail(file, line);
	}
	diag_list_done(&diags);
}

#define assert_refused(text, format, said) check_refused(text, format, said, __FILE__, __LINE__)
static void check_refused(const char *text, struct decimal_format format, const char *said, const char *file, int line)
{
	struct diag_list diags = {0};
	int64_t value = -77;
	enum status status = decimal_parse(&value, text, format, &diags);
	if (status != STATUS_INVALID || value != -77 || diags.errors != 1 ||
	    strstr(diag_first_error(&diags), said) == NULL) {
		print_error("“%s” gave %lld, status %d: %s\n", text, (long long)value, (int)status,
			    diag_first_error(&diags));
		_fail(file, line);
	}
	diag_list_done(&diags);
}

static void plain_figures_are_read(void **state)
{
	(void)state;
	assert_reads("0", yuan, 0);
	assert_reads("12", yuan, 1200);
	assert_reads("12.5", yuan, 1250);
	assert_reads("12.34", yuan, 1234);
	assert_reads("12.340000000000", yuan, 1234);
	assert_reads(".5", yuan, 50);
	assert_reads("5.", yuan, 500);
	assert_reads("0001.20", yuan, 120);
	assert_reads("1.234567", wan, 1234567);
	assert_reads("9.60", wan, 9600000);
	assert_reads("7", whole, 7);
	assert_reads("7.00", whole, 7);
	assert_reads("-3.25", yuan, -325);
	assert_reads("+3", yuan, 300);
	assert_reads("-0", yuan, 0);
}

static void what_people_paste_is_understood(void **state)
{
	(void)state;
	assert_reads("１２３．４５", yuan, 12345);
	assert_reads("１，２３４．５０", yuan, 123450);
	assert_reads("12。5", yuan, 1250);
	assert_reads("1,234,567.89", yuan, 123456789);
	assert_reads("  1 234.50\t\r\n", yuan, 123450);
	assert_reads("\u00A01\u2009234\u300056\uFEFF", yuan, 12345600);
	assert_reads("5-", yuan, -500);
	assert_reads("1,234.50-", yuan, -123450);
	assert_reads("５－", yuan, -500);
	assert_reads("−5", yuan, -500);
	assert_reads("(1.23)", yuan, -123);
	assert_reads("（1,000.00）", yuan, -100000);
	assert_reads("￥12.00", yuan, 1200);
	assert_reads("-￥12", yuan, -1200);
	assert_reads("￥-12", yuan, -1200);
	assert_reads("¥ 12", yuan, 1200);
	assert_reads("(￥5)", yuan, -500);
}

static void units_override_the_tables(void **state)
{
	(void)state;
	assert_reads("1.2万", yuan, 1200000);
	assert_reads("1.2万元", yuan, 1200000);
	assert_reads("1.2 万", wan, 1200000);
	assert_reads("-1.2万", yuan, -1200000);
	assert_reads("1.2万-", yuan, -1200000);
	assert_reads("（1.2万元）", yuan, -1200000);
	assert_reads("0.000001万", yuan, 1);
	assert_reads("35元", wan, 3500);
	assert_reads("35.25元", yuan, 3525);
	assert_refused("35.255元", wan, "2 位小数");
	assert_refused("3万", whole, "不是金额");
	assert_refused("3元", number, "不是金额");
}

static void what_cannot_be_a_figure_is_refused(void **state)
{
	(void)state;
	assert_refused("", yuan, "没有数字");
	assert_refused("   ", yuan, "没有数字");
	assert_refused("-", yuan, "没有数字");
	assert_refused(".", yuan, "没有数字");
	assert_refused("￥", yuan, "没有数字");
	assert_refused("万", yuan, "没有数字");
	assert_refused("12a", yuan, "“a”不是数字");
	assert_refused("1e5", yuan, "“e”不是数字");
	assert_refused("十二", yuan, "“十”不是数字");
	assert_refused("12%", yuan, "“%”不是数字");
	assert_refused("=1+2", yuan, "“=”不是数字");
	assert_refused("1.2.3", yuan, "两个小数点");
	assert_refused("1..2", yuan, "两个小数点");
	assert_refused("5万3", yuan, "位置不对");
	assert_refused("5￥", yuan, "位置不对");
	assert_refused("￥￥5", yuan, "");
}

static void doubtful_signs_are_refused(void **state)
{
	(void)state;
	assert_refused("--5", yuan, "正负号");
	assert_refused("-5-", yuan, "正负号");
	assert_refused("5--", yuan, "正负号");
	assert_refused("(-5)", yuan, "正负号");
	assert_refused("(5", yuan, "正负号");
	assert_refused("5)", yuan, "正负号");
	assert_refused("(5-)", yuan, "正负号");
	assert_refused("1-2", yuan, "");
}

static void separators_must_make_groups_of_three(void **state)
{
	(void)state;
	assert_refused("1,23", yuan, "逗号");
	assert_refused("1，23", yuan, "逗号");
	assert_refused("1234,567", yuan, "逗号");
	assert_refused("1,2345", yuan, "逗号");
	assert_refused(",123", yuan, "逗号");
	assert_refused("1,,234", yuan, "逗号");
	assert_refused("1,234,", yuan, "逗号");
	assert_refused("1.234,567", wan, "逗号");
	assert_refused("1,234,56", yuan, "逗号");
}

static void nothing_finer_than_the_unit_is_lost_silently(void **state)
{
	(void)state;
	assert_refused("1.005", yuan, "最多 2 位小数");
	assert_refused("1.2345678", wan, "最多 6 位小数");
	assert_refused("1.5", whole, "整数");
	assert_refused("1.555", number, "最多 2 位小数");
	assert_refused("0.0000001万", yuan, "最多 6 位小数");
}

static void the_largest_figures(void **state)
{
	(void)state;
	assert_reads("92233720368547758.07", yuan, INT64_MAX);
	assert_reads("-92233720368547758.07", yuan, -INT64_MAX);
	assert_refused("92233720368547758.08", yuan, "太大");
	assert_refused("92233720368547758.07", wan, "太大");
	assert_refused("99999999999999999999999999999999", yuan, "太大");
	assert_refused("9999999999999万元", yuan, "太大");
	assert_reads("00000000000000000000000000000001", yuan, 100);
}

static void a_message_quotes_no_more_than_fits(void **state)
{
	(void)state;
	struct diag_list diags = {0};
	char text[5000];
	int64_t value;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(decimal_parse(&value, text, yuan, &diags), STATUS_INVALID);
	assert_true(strlen(diag_first_error(&diags)) < 300);
	diag_list_done(&diags);
	assert_int_equal(decimal_parse(&value, "x", yuan, NULL), STATUS_INVALID);
}

static void sums_tell_overflow(void **state)
{
	(void)state;
	int64_t out;
	assert_true(decimal_add(2, 3, &out));
	assert_int_equal(out, 5);
	assert_false(decimal_add(INT64_MAX, 1, &out));
	assert_false(decimal_subtract(out, 1, &out)); /* the wrapped sum can be taken back */
	assert_true(out == INT64_MAX);
	assert_true(decimal_subtract(2, 3, &out));
	assert_int_equal(out, -1);
	assert_false(decimal_subtract(INT64_MIN, 1, &out));
}

static int64_t product(int64_t a, int64_t b, int64_t divisor)
{
	int64_t out = 0;
	assert_true(decimal_multiply(a, b, divisor, &out));
	return out;
}

static void products_are_rounded_once_half_away_from_zero(void **state)
{
	(void)state;
	int64_t out;
	assert_int_equal(product(100, 7, 100), 7);
	assert_int_equal(product(1, 1, 2), 1);
	assert_int_equal(product(-1, 1, 2), -1);
	assert_int_equal(product(1, -1, 2), -1);
	assert_int_equal(product(1, 1, -2), -1);
	assert_int_equal(product(-1, -1, 2), 1);
	assert_int_equal(product(1, 1, 3), 0);
	assert_int_equal(product(2, 1, 3), 1);
	assert_int_equal(product(0, INT64_MIN, 7), 0);
	assert_true(product(INT64_MAX, INT64_MAX, INT64_MAX) == INT64_MAX);
	assert_true(product(INT64_MIN, INT64_MIN, INT64_MIN) == INT64_MIN);
	assert_true(product(INT64_MIN, 1, 1) == INT64_MIN);
	assert_true(product(INT64_MAX, 1000000, 1000000) == INT64_MAX);
	assert_true(product(INT64_MAX, 3, 6) == INT64_MAX / 2 + 1);
	assert_false(decimal_multiply(INT64_MIN, -1, 1, &out));
	assert_false(decimal_multiply(INT64_MAX, 2, 1, &out));
	assert_false(decimal_multiply(INT64_MAX, INT64_MAX, 1, &out));
	assert_false(decimal_multiply(1, 1, 0, &out));
}

#ifdef __SIZEOF_INT128__
static void products_agree_with_128_bits(void **state)
{
	(void)state;
	uint64_t random = 88172645463325252u;
	int64_t part[3];
	for (int step = 0; step < 300000; step++) {
		for (int i = 0; i < 3; i++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			part[i] = (int64_t)random >> (random % 61);
		}
		if (part[2] == 0)
			continue;
		__extension__ typedef __int128 wide;
		wide exact = (wide)part[0] * part[1];
		wide quotient = exact / part[2], rest = exact % part[2], by = part[2];
		if (rest < 0)
			rest = -rest;
		if (by < 0)
			by = -by;
		if (rest * 2 >= by)
			quotient += (exact < 0) != (part[2] < 0) ? -1 : 1;
		int64_t out;
		bool fits = quotient >= INT64_MIN && quotient <= INT64_MAX;
		assert_int_equal(decimal_multiply(part[0], part[1], part[2], &out), fits);
		if (fits)
			assert_true(out == (int64_t)quotient);
	}
}
#endif

static void assert_format(int64_t count, int power, int decimals, bool commas, const char *expected)
{
	struct buffer out = {0};
	decimal_format(&out, count, power, decimals, commas);
	assert_string_equal(buffer_text(&out), expected);
	buffer_done(&out);
}

static void figures_are_formatted(void **state)
{
	(void)state;
	assert_format(0, 2, 2, true, "0.00");
	assert_format(123456789, 2, 2, true, "1,234,567.89");
	assert_format(123456789, 2, 2, false, "1234567.89");
	assert_format(-123456, 2, 2, true, "-1,234.56");
	assert_format(99999, 2, 2, true, "999.99");
	assert_format(100000, 2, 2, true, "1,000.00");
	assert_format(9600000, 6, 2, true, "9.60");
	assert_format(2, 2, 2, true, "0.02");
	assert_format(12, 0, 0, true, "12");
	assert_format(12, 0, 2, true, "12.00");
	assert_format(1250, 2, 4, true, "12.5000");
	assert_format(INT64_MIN, 2, 2, false, "-92233720368547758.08");
	assert_format(INT64_MAX, 2, 2, true, "92,233,720,368,547,758.07");
}

static void rounding_is_half_away_from_zero(void **state)
{
	(void)state;
	assert_format(5000, 6, 2, true, "0.01");
	assert_format(4999, 6, 2, true, "0.00");
	assert_format(-5000, 6, 2, true, "-0.01");
	assert_format(-4999, 6, 2, true, "0.00");
	assert_format(150, 2, 0, true, "2");
	assert_format(149, 2, 0, true, "1");
	assert_format(99950, 2, 0, true, "1,000");
	assert_format(INT64_MAX, 6, 0, false, "9223372036855");
}

static void assert_exact(int64_t count, int power, int least, const char *expected)
{
	struct buffer out = {0};
	decimal_format_exact(&out, count, power, least);
	assert_string_equal(buffer_text(&out), expected);
	buffer_done(&out);
}

static void the_exact_form_loses_nothing(void **state)
{
	(void)state;
	assert_exact(9600000, 6, 2, "9.60");
	assert_exact(1234567, 6, 2, "1.234567");
	assert_exact(1234500, 6, 2, "1.2345");
	assert_exact(0, 6, 2, "0.00");
	assert_exact(1200, 2, 0, "12");
	assert_exact(-1210, 2, 0, "-12.1");
	assert_exact(5, 0, 2, "5.00");
	struct buffer out = {0};
	int64_t counts[] = {0, 1, -1, 10, 999999, 1000000, -123456789, INT64_MAX, -INT64_MAX};
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		buffer_clear(&out);
		decimal_format_exact(&out, counts[i], 6, 2);
		assert_reads(buffer_text(&out), wan, counts[i]);
		buffer_clear(&out);
		decimal_format(&out, counts[i], 2, 2, true);
		assert_reads(buffer_text(&out), yuan, counts[i]);
	}
	buffer_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_figures_are_read),
		cmocka_unit_test(what_people_paste_is_understood),
		cmocka_unit_test(units_override_the_tables),
		cmocka_unit_test(what_cannot_be_a_figure_is_refused),
		cmocka_unit_test(doubtful_signs_are_refused),
		cmocka_unit_test(separators_must_make_groups_of_three),
		cmocka_unit_test(nothing_finer_than_the_unit_is_lost_silently),
		cmocka_unit_test(the_largest_figures),
		cmocka_unit_test(a_message_quotes_no_more_than_fits),
		cmocka_unit_test(sums_tell_overflow),
		cmocka_unit_test(products_are_rounded_once_half_away_from_zero),
#ifdef __SIZEOF_INT128__
		cmocka_unit_test(products_agree_with_128_bits),
#endif
		cmocka_unit_test(figures_are_formatted),
		cmocka_unit_test(rounding_is_half_away_from_zero),
		cmocka_unit_test(the_exact_form_loses_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
