/* Values, blanks, intervals and verdicts of expressions, over a small place made of names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/buffer.h"
#include "formula/expression.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define YUAN 100
#define MILLION 1000000

/* ---- the place: named values, and the rows of a grid whose column 指标 any() sees ---- */

struct place {
	struct {
		const char *name;
		struct value value;
	} cells[16];
	size_t count;
	const char *const *rows;
	size_t row_count, row;
	int depth; /* enter_row() without leave_rows() */
	struct buffer expanded;
	struct arena *arena;
};

static struct value fetch(void *context, const struct reference *reference, bool sum)
{
	struct place *place = context;
	const char *name = reference ? reference->names[0] : "above";
	if (strcmp(name, "指标") == 0) {
		assert_int_equal(place->depth, 1);
		return (struct value){.type = VALUE_TEXT, .text = place->rows[place->row]};
	}
	for (size_t i = 0; i < place->count; i++)
		if (strcmp(place->cells[i].name, name) == 0) {
			assert_int_equal(sum, strncmp(name, "组", strlen("组")) == 0 || !reference);
			return place->cells[i].value;
		}
	fail_msg("%s is not there", name);
	return (struct value){0};
}

/* <年> is 24; every call overwrites what the last one gave. */
static const char *expand(void *context, const char *text)
{
	struct place *place = context;
	const char *mark = strstr(text, "<年>");
	buffer_clear(&place->expanded);
	buffer_add_bytes(&place->expanded, text, mark ? (size_t)(mark - text) : strlen(text));
	buffer_add(&place->expanded, mark ? "24" : "");
	buffer_add(&place->expanded, mark ? mark + strlen("<年>") : "");
	return buffer_text(&place->expanded);
}

static bool enter_row(void *context, size_t i)
{
	struct place *place = context;
	place->depth = 1;
	place->row = i;
	return i < place->row_count;
}

static void leave_rows(void *context)
{
	struct place *place = context;
	place->depth = 0;
}

static struct scope scope_of(struct place *place)
{
	return (struct scope){place, fetch, expand, enter_row, leave_rows};
}

static void put(struct place *place, const char *name, struct value value)
{
	assert_true(place->count < COUNT(place->cells));
	place->cells[place->count].name = name;
	place->cells[place->count++].value = value;
}

static void put_number(struct place *place, const char *name, enum value_type type, int64_t number)
{
	put(place, name, (struct value){.type = type, .number = number, .figures = 1});
}

/* A figure printed in steps of `unit` smallest units, with its half-width of unit / 2. */
static void put_rounded(struct place *place, const char *name, enum value_type type, int64_t number,
			int64_t unit)
{
	put(place, name,
	    (struct value){.type = type, .number = number, .slack = unit, .figures = 1, .rounded = 1});
}

static void put_blank(struct place *place, const char *name, enum value_type type)
{
	put(place, name, (struct value){.type = type, .blank = true});
}

static void put_text(struct place *place, const char *name, const char *text)
{
	put(place, name, (struct value){.type = VALUE_TEXT, .blank = !text[0], .text = text, .figures = 1});
}

static void begin(struct place *place)
{
	*place = (struct place){.arena = arena_new()};
}

static void end(struct place *place)
{
	assert_int_equal(place->depth, 0);
	buffer_done(&place->expanded);
	arena_free(place->arena);
}

static struct rule *compile(struct place *place, const char *text, bool check)
{
	struct diag_list diags = {0};
	struct rule *rule = rule_parse(place->arena, text, check, "f", 1, 1, &diags);
	if (!rule)
		print_error("%s: %s\n", text, diag_first_error(&diags));
	assert_non_null(rule);
	diag_list_done(&diags);
	return rule;
}

static struct value value_of(struct place *place, const char *text)
{
	struct scope scope = scope_of(place);
	return expression_evaluate(compile(place, text, false)->expression, &scope);
}

static struct verdict judged(struct place *place, const char *text)
{
	struct scope scope = scope_of(place);
	return rule_judge(compile(place, text, true), &scope);
}

/* ---- arithmetic ---- */

static void assert_value(struct place *place, const char *text, enum value_type type, int64_t number)
{
	struct value value = value_of(place, text);
	if (value.number != number)
		print_error("%s\n", text);
	assert_false(value.blank);
	assert_false(value.overflow);
	assert_int_equal(value.type, type);
	assert_int_equal(value.number, number);
}

static void test_arithmetic_is_exact(void **state)
{
	struct place place;
	(void)state;
	begin(&place);
	put_number(&place, "甲", VALUE_MONEY, 1250 * YUAN);
	put_number(&place, "乙", VALUE_MONEY, 300 * YUAN);
	put_number(&place, "人", VALUE_NUMBER, 7 * MILLION);
	put_number(&place, "率", VALUE_PERCENT, MILLION / 4);
	assert_value(&place, "甲 + 乙", VALUE_MONEY, 1550 * YUAN);
	assert_value(&place, "乙 - 甲", VALUE_MONEY, -950 * YUAN);
	assert_value(&place, "-(乙 - 甲)", VALUE_MONEY, 950 * YUAN);
	assert_value(&place, "甲 + 5万元", VALUE_MONEY, 51250 * YUAN);
	assert_value(&place, "人 * 300元", VALUE_MONEY, 2100 * YUAN);
	assert_value(&place, "甲 * 2.5%", VALUE_MONEY, 3125);
	assert_value(&place, "甲 * 率", VALUE_MONEY, 31250);
	assert_value(&place, "乙 / 甲", VALUE_PERCENT, 240000);
	assert_value(&place, "甲 / 率", VALUE_MONEY, 5000 * YUAN);
	assert_value(&place, "人 / 2", VALUE_NUMBER, 3500000);
	assert_value(&place, "人 * 人", VALUE_NUMBER, 49 * MILLION);
	assert_value(&place, "率 * 率", VALUE_PERCENT, 62500);
	assert_value(&place, "(乙 - 甲) / 甲", VALUE_PERCENT, -760000);
	end(&place);
}

static void test_a_quotient_is_rounded_half_away_from_zero(void **state)
{
	struct place place;
	(void)state;
	begin(&place);
	put_number(&place, "甲", VALUE_MONEY, 5);
	put_number(&place, "负", VALUE_MONEY, -5);
	assert_value(&place, "甲 / 2", VALUE_MONEY, 3);
	assert_value(&place, "负 / 2", VALUE_MONEY, -3);
	assert_value(&place, "负 * 0.5", VALUE_MONEY, -3);
	assert_value(&place, "甲 / -2", VALUE_MONEY, -3);
	assert_value(&place, "甲 / 3", VALUE_MONEY, 2);
	assert_value(&place, "甲 / 12", VALUE_MONEY, 0);
	end(&place);
}

/* What each of two cells is, and whether 甲 op 乙 is blank. */
static void test_blank_rules(void **state)
{
	static const struct {
		const char *formula;
		enum value_type type;
		bool both, left, right, neither; /* blank where both, only 甲, only 乙, none is blank */
	} rules[] = {
		{"甲 + 乙", VALUE_MONEY, true, false, false, false},
		{"甲 - 乙", VALUE_MONEY, true, false, false, false},
		{"甲 - 乙 + 甲", VALUE_MONEY, true, false, false, false},
		{"-甲", VALUE_MONEY, true, true, false, false},
		{"数 * 甲", VALUE_MONEY, true, true, false, false},
		{"甲 / 乙", VALUE_PERCENT, true, true, true, false},
		{"甲 / 0", VALUE_MONEY, true, true, true, true},
		{"甲 / (乙 - 乙)", VALUE_PERCENT, true, true, true, true},
		{"甲 + 乙 * 数", VALUE_MONEY, true, false, false, false},
		{"甲 + 300元", VALUE_MONEY, false, false, false, false},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rules); i++)
		for (int blanks = 0; blanks < 4; blanks++) {
			struct place place;
			bool left = blanks & 1, right = blanks & 2;
			bool expected = left && right ? rules[i].both
					: left        ? rules[i].left
					: right       ? rules[i].right
						      : rules[i].neither;
			begin(&place);
			put_number(&place, "数", VALUE_NUMBER, MILLION);
			put(&place, "甲",
			    (struct value){.blank = left, .number = left ? 0 : 70, .figures = !left});
			put(&place, "乙",
			    (struct value){.blank = right, .number = right ? 0 : 20, .figures = !right});
			struct value value = value_of(&place, rules[i].formula);
			if (value.blank != expected)
				print_error("%s %d\n", rules[i].formula, blanks);
			assert_int_equal(value.blank, expected);
			assert_int_equal(value.type, rules[i].type);
			assert_true(!value.blank ||
				    (value.number == 0 && value.slack == 0 && value.figures == 0));
			end(&place);
		}
}

static void test_a_difference_of_equals_is_zero_not_blank(void **state)
{
	struct place place;
	(void)state;
	begin(&place);
	put_number(&place, "收入", VALUE_MONEY, 500);
	put_blank(&place, "支出", VALUE_MONEY);
	assert_value(&place, "收入 - 收入", VALUE_MONEY, 0);
	assert_int_equal(value_of(&place, "收入 - 收入").figures, 2);
	assert_value(&place, "支出 - 收入", VALUE_MONEY, -500);
	assert_true(value_of(&place, "支出 - 支出").blank);
	end(&place);
}

static void test_sums_are_fetched_as_sums(void **state)
{
	struct place place;
	(void)state;
	begin(&place);
	put_number(&place, "组", VALUE_MONEY, 500);
	put_number(&place, "above", VALUE_NUMBER, 8 * MILLION);
	put_number(&place, "甲", VALUE_MONEY, 1);
	assert_value(&place, "sum(组) + 甲", VALUE_MONEY, 501);
	assert_value(&place, "sum(above)", VALUE_NUMBER, 8 * MILLION);
	end(&place);
}

static void test_the_longest_formula_is_evaluated(void **state)
{
	struct buffer text = {0};
	struct place place;
	(void)state;
	begin(&place);
	put_number(&place, "a", VALUE_MONEY, 3);
	buffer_add(&text, "a");
	while (text.length + 2 <= 4096)
		buffer_add(&text, "+a");
	assert_value(&place, buffer_text(&text), VALUE_MONEY, 3 * 2048);
	assert_int_equal(value_of(&place, buffer_text(&text)).figures, 2048);
	buffer_done(&text);
	end(&place);
}

static void test_overflow_is_flagged(void **state)
{
	static const char *const formulas[] = {
		"大 + 大",        "-大 - 大",       "大 * 100",   "大 / 0.001",
		"(大 + 大) - 大", "(大 + 大) * 空", "-(大 * 人)", "坏 + 1元",
	};
	struct place place;
	(void)state;
	begin(&place);
	put_number(&place, "大", VALUE_MONEY, INT64_MAX - 5);
	put_number(&place, "人", VALUE_NUMBER, 7 * MILLION);
	put_blank(&place, "空", VALUE_NUMBER);
	put(&place, "坏", (struct value){.type = VALUE_MONEY, .overflow = true, .number = 77});
	for (size_t i = 0; i < COUNT(formulas); i++) {
		struct value value = value_of(&place, formulas[i]);
		if (!value.overflow)
			print_error("%s\n", formulas[i]);
		assert_true(value.overflow);
		assert_int_equal(value.number, 0);
	}
	assert_value(&place, "大 - 大", VALUE_MONEY, 0);
	struct verdict verdict = judged(&place, "大 + 大 = 大");
	assert_int_equal(verdict.state, VERDICT_FAILS);
	assert_true(verdict.overflow);
	assert_int_equal(verdict.relation, EXPRESSION_EQUAL);
	verdict = judged(&place, "大 = 大 where 大 + 大 > 0");
	assert_int_equal(verdict.state, VERDICT_FAILS);
	assert_true(verdict.overflow);
	assert_true(judged(&place, "大 + 5元 <= 大").overflow);
	assert_true(judged(&place, "大 = -大").overflow);
	verdict = judged(&place, "大 >= -大");
	assert_int_equal(verdict.state, VERDICT_HOLDS);
	assert_false(verdict.overflow);
	assert_true(judged(&place, "not 大 + 大 = 大").overflow);
	assert_false(value_of(&place, "人 = 0 and 大 + 大 = 大").overflow);
	assert_true(value_of(&place, "人 > 0 and 大 + 大 = 大").overflow);
	end(&place);
}

/* ---- intervals ---- */

static void test_sums_add_slack_and_counts(void **state)
{
	struct place place;
	(void)state;
	begin(&place);
	put_rounded(&place, "甲", VALUE_MONEY, 5000, 100);
	put_rounded(&place, "乙", VALUE_MONEY, 3000, 10000);
	put_number(&place, "丙", VALUE_MONEY, 7);
	put_blank(&place, "空", VALUE_MONEY);
	struct value value = value_of(&place, "甲 - 乙 + 丙 - 空 + -甲");
	assert_int_equal(value.slack, 10200);
	assert_int_equal(value.figures, 4);
	assert_int_equal(value.rounded, 3);
	assert_int_equal(value_of(&place, "甲 + 300元").rounded, 1);
	end(&place);
}

/* Every corner of the two intervals lies within the interval of the result. */
static void assert_covers(int64_t a, int64_t a_unit, int64_t b, int64_t b_unit, bool divide)
{
	struct place place;
	begin(&place);
	put_rounded(&place, "甲", VALUE_NUMBER, a, a_unit);
	put_rounded(&place, "乙", VALUE_NUMBER, b, b_unit);
	struct value value = value_of(&place, divide ? "甲 / 乙" : "甲 * 乙");
	assert_false(value.overflow);
	assert_int_equal(value.rounded, 2);
	for (int corner = 0; corner < 4; corner++) {
		long long x = 2 * a + (corner & 1 ? a_unit : -a_unit),
			  y = 2 * b + (corner & 2 ? b_unit : -b_unit);
		/* |x op y - value| <= slack / 2, both sides times a common denominator, in halves. */
		long long error, allowed;
		if (divide) {
			error = 2 * x * MILLION - 2 * y * value.number;
			allowed = y * value.slack;
		} else {
			error = x * y - 4LL * MILLION * value.number;
			allowed = 2LL * MILLION * value.slack;
		}
		error = error < 0 ? -error : error;
		allowed = allowed < 0 ? -allowed : allowed;
		if (error > allowed)
			print_error("%lld %lld %d: %lld > %lld\n", (long long)a, (long long)b, divide, error,
				    allowed);
		assert_true(error <= allowed);
	}
	end(&place);
}

static void test_products_and_quotients_cover_every_corner(void **state)
{
	static const int64_t numbers[] = {1, 7, 999, 12345, 250000, MILLION, 3333333, 98765432, 1000000001};
	static const int64_t units[] = {1, 2, 100, 9999, 10000};
	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++)
		for (size_t k = 0; k < COUNT(numbers); k++)
			for (size_t u = 0; u < COUNT(units) * COUNT(units); u++) {
				int64_t a_unit = units[u % COUNT(units)], b_unit = units[u / COUNT(units)];
				int64_t a = u % 3 ? numbers[i] : -numbers[i],
					b = u % 2 ? numbers[k] : -numbers[k];
				assert_covers(a, a_unit, b, b_unit, false);
				if (b_unit < 2 * numbers[k])
					assert_covers(a, a_unit, b, b_unit, true);
			}
}

static void test_scaling_by_a_constant_is_exact(void **state)
{
	struct place place;
	(void)state;
	begin(&place);
	put_rounded(&place, "甲", VALUE_MONEY, 1200 * YUAN, 10000);
	assert_int_equal(value_of(&place, "甲 * 3").slack, 30000);
	assert_int_equal(value_of(&place, "甲 / 12").slack, 834); /* 833 1/3, never too small */
	assert_int_equal(value_of(&place, "甲 * 2.5%").slack, 250);
	put_number(&place, "乙", VALUE_MONEY, 100);
	assert_int_equal(value_of(&place, "乙 / 3").slack, 0); /* exact figures know no tolerance */
	assert_int_equal(value_of(&place, "乙 / 3").rounded, 0);
	end(&place);
}

static void test_a_divisor_that_may_be_zero_has_no_bound(void **state)
{
	struct place place;
	(void)state;
	begin(&place);
	put_number(&place, "甲", VALUE_MONEY, 500);
	put_rounded(&place, "乙", VALUE_MONEY, 100, 200);
	assert_true(value_of(&place, "甲 / 乙").slack == INT64_MAX);
	assert_true(value_of(&place, "甲 / 乙 + 甲 / 乙").slack == INT64_MAX);
	put_number(&place, "率", VALUE_PERCENT, 0);
	assert_int_equal(judged(&place, "甲 / 乙 = 率").state, VERDICT_ROUNDING);
	end(&place);
}

/* ---- verdicts ---- */

static void test_the_bound_is_exact(void **state)
{
	(void)state;
	/* k figures in steps of 0.01 万元: k * u / 2 holds, one 分 more fails; likewise below. */
	for (int64_t k = 1; k <= 9; k++)
		for (int64_t more = 0; more <= 1; more++)
			for (int64_t sign = -1; sign <= 1; sign += 2) {
				struct place place;
				begin(&place);
				put(&place, "组",
				    (struct value){.number = 123456,
						   .slack = k * 10000,
						   .figures = 20,
						   .rounded = (uint32_t)k});
				put_number(&place, "甲", VALUE_MONEY, 123456 - sign * (k * 5000 + more));
				struct verdict verdict = judged(&place, "sum(组) = 甲");
				assert_int_equal(verdict.state, more ? VERDICT_FAILS : VERDICT_ROUNDING);
				assert_int_equal(verdict.difference, sign * (k * 5000 + more));
				assert_int_equal(verdict.bound, k * 10000);
				assert_int_equal(verdict.rounded, k);
				end(&place);
			}
	/* An odd number of steps of 1 分: the bound of 1.5 分 lets 1 分 pass, not 2. */
	for (int64_t off = 1; off <= 2; off++) {
		struct value stated = {.number = 100, .slack = 1, .rounded = 1};
		struct value computed = {.number = 100 + off, .slack = 2, .rounded = 2};
		struct verdict verdict = value_judge(&stated, &computed);
		assert_int_equal(verdict.state, off == 1 ? VERDICT_ROUNDING : VERDICT_FAILS);
		assert_int_equal(verdict.difference, -off);
		assert_int_equal(verdict.bound, 3);
		assert_int_equal(verdict.rounded, 3);
		assert_null(verdict.spoke);
	}
}

static void test_each_relation_has_its_tolerance(void **state)
{
	static const struct {
		const char *check;
		int64_t left; /* against 1000, both in steps of 10: the intervals meet within 10 */
		enum verdict_state expected;
	} cases[] = {
		{"甲 <= 乙", 1000, VERDICT_HOLDS},     {"甲 <= 乙", 1010, VERDICT_ROUNDING},
		{"甲 <= 乙", 1011, VERDICT_FAILS},     {"甲 < 乙", 999, VERDICT_HOLDS},
		{"甲 < 乙", 1009, VERDICT_ROUNDING},   {"甲 < 乙", 1010, VERDICT_FAILS},
		{"甲 >= 乙", 990, VERDICT_ROUNDING},   {"甲 >= 乙", 989, VERDICT_FAILS},
		{"甲 > 乙", 1000, VERDICT_ROUNDING},   {"甲 > 乙", 991, VERDICT_ROUNDING},
		{"甲 > 乙", 990, VERDICT_FAILS},       {"甲 = 乙", 990, VERDICT_ROUNDING},
		{"甲 = 乙", 1011, VERDICT_FAILS},      {"甲 != 乙", 1001, VERDICT_HOLDS},
		{"甲 != 乙", 1000, VERDICT_FAILS},     {"not 甲 = 乙", 1001, VERDICT_HOLDS},
		{"not 甲 != 乙", 1001, VERDICT_FAILS},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct place place;
		begin(&place);
		put_rounded(&place, "甲", VALUE_MONEY, cases[i].left, 10);
		put_rounded(&place, "乙", VALUE_MONEY, 1000, 10);
		struct verdict verdict = judged(&place, cases[i].check);
		if (verdict.state != cases[i].expected)
			print_error("%s %lld\n", cases[i].check, (long long)cases[i].left);
		assert_int_equal(verdict.state, cases[i].expected);
		assert_int_equal(verdict.left.number, cases[i].left);
		assert_int_equal(verdict.right.number, 1000);
		end(&place);
	}
}

static void test_exact_figures_have_no_tolerance(void **state)
{
	struct place place;
	(void)state;
	begin(&place);
	put_number(&place, "甲", VALUE_MONEY, 1000);
	put_number(&place, "乙", VALUE_MONEY, 1001);
	put_blank(&place, "空", VALUE_MONEY);
	struct verdict verdict = judged(&place, "甲 = 乙");
	assert_int_equal(verdict.state, VERDICT_FAILS);
	assert_int_equal(verdict.bound, 0);
	assert_int_equal(verdict.rounded, 0);
	assert_int_equal(verdict.difference, -1);
	assert_int_equal(judged(&place, "甲 <= 乙").state, VERDICT_HOLDS);
	assert_int_equal(judged(&place, "空 = 0").state, VERDICT_HOLDS);
	assert_int_equal(judged(&place, "甲 > 空").state, VERDICT_HOLDS);
	verdict = judged(&place, "空 = 甲");
	assert_int_equal(verdict.state, VERDICT_FAILS);
	assert_int_equal(verdict.difference, -1000);
	assert_true(verdict.left.blank);
	end(&place);
}

/* 0.09 became 0.10 万元, printed as 增幅 10%: the printed 11.11% lies within what the two amounts allow. */
static void test_tolerance_covers_ratios(void **state)
{
	struct place place;
	(void)state;
	begin(&place);
	put_rounded(&place, "本年", VALUE_MONEY, 100000, 10000);
	put_rounded(&place, "上年", VALUE_MONEY, 90000, 10000);
	put_rounded(&place, "增幅", VALUE_PERCENT, 100000, 100);
	put_rounded(&place, "错", VALUE_PERCENT, 500000, 100);
	struct verdict verdict = judged(&place, "增幅 = (本年 - 上年) / 上年");
	assert_int_equal(verdict.state, VERDICT_ROUNDING);
	assert_int_equal(verdict.rounded, 4);
	assert_int_equal(judged(&place, "错 = (本年 - 上年) / 上年").state, VERDICT_FAILS);
	end(&place);
}

static void test_the_worst_of_and_the_best_of_or_speaks(void **state)
{
	struct place place;
	(void)state;
	begin(&place);
	put_rounded(&place, "甲", VALUE_MONEY, 1000, 10);
	put_number(&place, "近", VALUE_MONEY, 1004);
	put_number(&place, "远", VALUE_MONEY, 2000);
	struct verdict verdict = judged(&place, "甲 = 甲 and 甲 = 近 and 甲 = 远");
	assert_int_equal(verdict.state, VERDICT_FAILS);
	assert_int_equal(verdict.right.number, 2000);
	verdict = judged(&place, "甲 = 甲 and 甲 = 近");
	assert_int_equal(verdict.state, VERDICT_ROUNDING);
	assert_int_equal(verdict.right.number, 1004);
	assert_string_equal(verdict.spoke->right->reference->names[0], "近");
	assert_int_equal(judged(&place, "甲 = 远 or 甲 = 近").state, VERDICT_ROUNDING);
	assert_int_equal(judged(&place, "甲 = 远 or 甲 = 近 or 甲 = 甲").state, VERDICT_HOLDS);
	verdict = judged(&place, "甲 = 远 or 远 is blank");
	assert_int_equal(verdict.state, VERDICT_FAILS);
	assert_int_equal(verdict.relation, EXPRESSION_EQUAL); /* the first of equals */
	verdict = judged(&place, "远 is blank or 远 is blank");
	assert_int_equal(verdict.relation, EXPRESSION_IS_BLANK);
	assert_int_equal(verdict.left.number, 2000);
	assert_true(verdict.right.blank);
	end(&place);
}

static void test_where_narrows(void **state)
{
	struct place place;
	(void)state;
	begin(&place);
	put_number(&place, "甲", VALUE_MONEY, 1);
	put_number(&place, "乙", VALUE_MONEY, 2);
	put_text(&place, "编码", "30201");
	put_text(&place, "无", "");
	assert_int_equal(judged(&place, "甲 = 乙 where 编码 like \"301*|303*\"").state, VERDICT_SKIPPED);
	assert_int_equal(judged(&place, "甲 = 乙 where 编码 like \"301*|302*\"").state, VERDICT_FAILS);
	assert_int_equal(judged(&place, "甲 = 乙 where 无 is not blank").state, VERDICT_SKIPPED);
	assert_int_equal(judged(&place, "甲 <= 乙 where 无 is blank and 无 = \"\"").state, VERDICT_HOLDS);
	end(&place);
}

/* A condition is exact: figures that only rounding makes equal do not open a check. */
static void test_where_knows_no_tolerance(void **state)
{
	struct place place;
	(void)state;
	begin(&place);
	put_rounded(&place, "甲", VALUE_MONEY, 1000, 100);
	put_rounded(&place, "乙", VALUE_MONEY, 1001, 100);
	assert_int_equal(judged(&place, "甲 = 0 where 甲 = 乙").state, VERDICT_SKIPPED);
	assert_int_equal(judged(&place, "甲 = 乙").state, VERDICT_ROUNDING);
	end(&place);
}

static void test_texts_and_placeholders(void **state)
{
	struct place place;
	(void)state;
	begin(&place);
	put_text(&place, "编码", "130304P24X");
	put_text(&place, "二级", "数量指标");
	put_text(&place, "单位", "%");
	assert_int_equal(judged(&place, "编码 like \"??????P<年>*\"").state, VERDICT_HOLDS);
	assert_int_equal(judged(&place, "二级 = \"数量指标\" and 单位 != \"百分比\"").state, VERDICT_HOLDS);
	struct verdict verdict = judged(&place, "编码 = \"P<年>\" and 编码 = \"Q<年>\"");
	assert_int_equal(verdict.state, VERDICT_FAILS);
	assert_string_equal(verdict.left.text, "130304P24X");
	assert_string_equal(verdict.right.text, "P24"); /* not what a later literal left there */
	verdict = judged(&place, "编码 = \"P<年>\" or 编码 = \"Q<年>\"");
	assert_int_equal(verdict.state, VERDICT_FAILS);
	assert_string_equal(verdict.right.text, "P24");
	verdict = judged(&place, "not 编码 like \"*P*\"");
	assert_int_equal(verdict.state, VERDICT_FAILS);
	assert_int_equal(verdict.relation, EXPRESSION_NOT);
	assert_string_equal(verdict.left.text, "130304P24X");
	end(&place);
}

/* Beside a date a text is one, once its placeholders are filled in. */
static void test_a_date_is_compared_with_a_text(void **state)
{
	struct place place;
	(void)state;
	begin(&place);
	put_number(&place, "截止", VALUE_DATE, 20241231);
	put_blank(&place, "未填", VALUE_DATE);
	assert_int_equal(judged(&place, "截止 = \"20<年>-12-31\"").state, VERDICT_HOLDS);
	assert_int_equal(judged(&place, "\"20<年>-12-30\" < 截止").state, VERDICT_HOLDS);
	assert_int_equal(judged(&place, "截止 <= \"2024-12-30\"").state, VERDICT_FAILS);
	assert_int_equal(judged(&place, "未填 = \"2024-12-31\"").state, VERDICT_FAILS);
	assert_int_equal(date_of_text("2024-02-29"), 20240229);
	assert_int_equal(date_of_text("2023-02-29"), 0);
	assert_int_equal(date_of_text("2024-2-29"), 0);
	assert_int_equal(date_of_text("2024-13-01"), 0);
	end(&place);
}

static void test_any_looks_at_the_rows(void **state)
{
	static const char *const rows[] = {"质量指标", "数量指标", "时效指标"};
	struct place place;
	(void)state;
	begin(&place);
	place.rows = rows;
	place.row_count = COUNT(rows);
	assert_int_equal(judged(&place, "any(指标 = \"数量指标\") and any(指标 = \"时效指标\")").state,
			 VERDICT_HOLDS);
	struct verdict verdict = judged(&place, "any(指标 = \"数量指标\") and any(指标 = \"成本指标\")");
	assert_int_equal(verdict.state, VERDICT_FAILS);
	assert_int_equal(verdict.relation, EXPRESSION_ANY);
	assert_string_equal(verdict.spoke->left->right->text, "成本指标");
	place.row_count = 0;
	assert_int_equal(judged(&place, "any(指标 = \"数量指标\")").state, VERDICT_FAILS);
	struct scope scope = scope_of(&place);
	scope.enter_row = NULL;
	struct value value =
		expression_evaluate(compile(&place, "not any(指标 = \"甲\")", true)->expression, &scope);
	assert_int_equal(value.number, 1);
	end(&place);
}

static void test_control_figures(void **state)
{
	struct value stated = {.number = 26000, .slack = 10000, .figures = 1, .rounded = 1};
	struct value computed = {.number = 96000, .slack = 10000, .figures = 3, .rounded = 1};
	struct value text = {.type = VALUE_TEXT, .text = "行政"},
		     other = {.type = VALUE_TEXT, .text = "事业"};
	struct value blank = {.blank = true};
	(void)state;
	struct verdict verdict = value_judge(&stated, &computed);
	assert_int_equal(verdict.state, VERDICT_FAILS);
	assert_int_equal(verdict.difference, -70000);
	assert_int_equal(verdict.bound, 20000);
	assert_int_equal(verdict.relation, EXPRESSION_EQUAL);
	computed.number = 36000;
	assert_int_equal(value_judge(&stated, &computed).state, VERDICT_ROUNDING);
	computed.number = 26000;
	assert_int_equal(value_judge(&stated, &computed).state, VERDICT_HOLDS);
	assert_int_equal(value_judge(&stated, &blank).state, VERDICT_FAILS);
	assert_int_equal(value_judge(&text, &text).state, VERDICT_HOLDS);
	assert_int_equal(value_judge(&text, &other).state, VERDICT_FAILS);
}

/* Printed in steps of 1000, a figure agrees with what it is rounded to, half away from zero. */
static void test_control_figures_of_finer_figures(void **state)
{
	static const struct {
		int64_t stated, computed;
		enum verdict_state expected;
	} cases[] = {
		{44000, 44168, VERDICT_HOLDS},     {44000, 43500, VERDICT_HOLDS},    {44000, 43499, VERDICT_FAILS},
		{44000, 44499, VERDICT_HOLDS},     {44000, 44500, VERDICT_ROUNDING}, {44000, 44501, VERDICT_FAILS},
		{-44000, -43500, VERDICT_HOLDS},   {-44000, -44500, VERDICT_ROUNDING},
		{-44000, -43499, VERDICT_FAILS},   {0, 499, VERDICT_HOLDS},          {0, -499, VERDICT_HOLDS},
		{0, 500, VERDICT_ROUNDING},        {0, -500, VERDICT_ROUNDING},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct value stated = {.type = VALUE_PERCENT, .number = cases[i].stated, .slack = 1000, .rounded = 1};
		struct value computed = {.type = VALUE_PERCENT, .number = cases[i].computed, .figures = 2};
		if (value_judge(&stated, &computed).state != cases[i].expected)
			fail_msg("%lld of %lld", (long long)cases[i].stated, (long long)cases[i].computed);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arithmetic_is_exact),
		cmocka_unit_test(test_a_quotient_is_rounded_half_away_from_zero),
		cmocka_unit_test(test_blank_rules),
		cmocka_unit_test(test_a_difference_of_equals_is_zero_not_blank),
		cmocka_unit_test(test_sums_are_fetched_as_sums),
		cmocka_unit_test(test_the_longest_formula_is_evaluated),
		cmocka_unit_test(test_overflow_is_flagged),
		cmocka_unit_test(test_sums_add_slack_and_counts),
		cmocka_unit_test(test_products_and_quotients_cover_every_corner),
		cmocka_unit_test(test_scaling_by_a_constant_is_exact),
		cmocka_unit_test(test_a_divisor_that_may_be_zero_has_no_bound),
		cmocka_unit_test(test_the_bound_is_exact),
		cmocka_unit_test(test_each_relation_has_its_tolerance),
		cmocka_unit_test(test_exact_figures_have_no_tolerance),
		cmocka_unit_test(test_tolerance_covers_ratios),
		cmocka_unit_test(test_the_worst_of_and_the_best_of_or_speaks),
		cmocka_unit_test(test_where_narrows),
		cmocka_unit_test(test_where_knows_no_tolerance),
		cmocka_unit_test(test_texts_and_placeholders),
		cmocka_unit_test(test_a_date_is_compared_with_a_text),
		cmocka_unit_test(test_any_looks_at_the_rows),
		cmocka_unit_test(test_control_figures),
		cmocka_unit_test(test_control_figures_of_finer_figures),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
