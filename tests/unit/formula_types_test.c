/* Which types go together, what they give, and what is said where they do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "formula/expression.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *name;
	enum value_type type;
} names[] = {
	{"金额", VALUE_MONEY}, {"拨款", VALUE_MONEY}, {"人数", VALUE_NUMBER}, {"比例", VALUE_PERCENT},
	{"名称", VALUE_TEXT},  {"日期", VALUE_DATE},  {"起日", VALUE_DATE},
};

static enum value_type type_of(void *context, const struct reference *reference)
{
	if (!reference)
		return *(enum value_type *)context;
	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(reference->names[0], names[i].name) == 0)
			return names[i].type;
	fail_msg("%s has no type", reference->names[0]);
	return VALUE_TEXT;
}

static void assert_gives(const char *text, enum value_type expected)
{
	struct arena *arena = arena_new();
	struct diag_list diags = {0};
	enum value_type above = VALUE_NUMBER, type = VALUE_DATE;
	struct rule *rule = rule_parse(arena, text, false, "f", 1, 1, &diags);
	assert_non_null(rule);
	if (!expression_check_types(rule->expression, type_of, &above, "f", &type, &diags))
		print_error("%s: %s\n", text, diag_first_error(&diags));
	assert_int_equal(diags.count, 0);
	assert_int_equal(type, expected);
	diag_list_done(&diags);
	arena_free(arena);
}

/* One error with `part` in its sentence, at the §. */
static void assert_refused(const char *before, const char *after, const char *part)
{
	struct arena *arena = arena_new();
	struct diag_list diags = {0};
	enum value_type above = VALUE_TEXT, type;
	char *text = arena_format(arena, "%s%s", before, after);
	unsigned column = 3;
	for (const char *at = before; *at; at++)
		column += ((unsigned char)*at & 0xC0) != 0x80;
	struct rule *rule = rule_parse(arena, text, false, "f", 9, 3, &diags);
	assert_non_null(rule);
	assert_false(expression_check_types(rule->expression, type_of, &above, "f", &type, &diags));
	assert_int_equal(diags.count, 1);
	if (!strstr(diags.items[0].text, part) || diags.items[0].column != column)
		print_error("%s: %u: %s\n", text, diags.items[0].column, diags.items[0].text);
	assert_non_null(strstr(diags.items[0].text, part));
	assert_int_equal(diags.items[0].line, 9);
	assert_int_equal(diags.items[0].column, column);
	diag_list_done(&diags);
	arena_free(arena);
}

static void test_arithmetic(void **state)
{
	(void)state;
	assert_gives("金额 + 拨款 - 300元", VALUE_MONEY);
	assert_gives("人数 + 12", VALUE_NUMBER);
	assert_gives("比例 - 5%", VALUE_PERCENT);
	assert_gives("人数 + 比例", VALUE_PERCENT);
	assert_gives("金额 * 人数", VALUE_MONEY);
	assert_gives("人数 * 300元", VALUE_MONEY);
	assert_gives("金额 * 2.5%", VALUE_MONEY);
	assert_gives("人数 * 比例", VALUE_NUMBER);
	assert_gives("比例 * 比例", VALUE_PERCENT);
	assert_gives("金额 / 拨款", VALUE_PERCENT);
	assert_gives("金额 / 12", VALUE_MONEY);
	assert_gives("金额 / 比例", VALUE_MONEY);
	assert_gives("人数 / 人数", VALUE_NUMBER);
	assert_gives("比例 / 2", VALUE_PERCENT);
	assert_gives("(金额 - 拨款) / 拨款", VALUE_PERCENT);
	assert_gives("-金额", VALUE_MONEY);
	assert_gives("sum(人数) + 1", VALUE_NUMBER);
	assert_gives("sum(above)", VALUE_NUMBER);
	assert_gives("名称", VALUE_TEXT);
}

static void test_conditions(void **state)
{
	(void)state;
	assert_gives("金额 <= 拨款", VALUE_TRUTH);
	assert_gives("金额 = 0 and 0 <= 人数 and 比例 != 0", VALUE_TRUTH);
	assert_gives("人数 / 人数 = 比例", VALUE_TRUTH);
	assert_gives("起日 < 日期", VALUE_TRUTH);
	assert_gives("起日 < \"2024-02-29\" and \"<上年>-12-31\" = 日期", VALUE_TRUTH);
	assert_gives("名称 = \"甲\" or 名称 != 名称", VALUE_TRUTH);
	assert_gives("名称 like \"甲*\" and 名称 is blank and 金额 is not blank", VALUE_TRUTH);
	assert_gives("not any(金额 > 0)", VALUE_TRUTH);
}

static void test_a_forgotten_unit_is_named(void **state)
{
	(void)state;
	assert_refused("金额 <= ", "12", "“12”请写作“12元”或“12万元”");
	assert_refused("", "0.5 < 金额", "“0.5”请写作“0.5元”");
	assert_refused("金额 + ", "12", "“12元”");
	assert_refused("金额 > -", "12", "“12元”");
	assert_refused("比例 = ", "100", "不写“100”");
	assert_refused("", "1 - 比例", "不写“1”");
	assert_refused("金额 + ", "0", "“0元”");
}

static void test_what_does_not_go_together(void **state)
{
	(void)state;
	assert_refused("金额 ", "+ 人数", "左边是金额，右边是数");
	assert_refused("比例 ", "- 金额", "左边是百分数，右边是金额");
	assert_refused("金额 ", "* 拨款", "两个金额不能相乘");
	assert_refused("人数 ", "/ 金额", "左边是数，右边是金额");
	assert_refused("名称 ", "= 金额", "左边是文字，右边是金额");
	assert_refused("名称 ", "= 0", "左边是文字，右边是数");
	assert_refused("日期 = ", "\"2024\"", "日期要写成");
	assert_refused("日期 = ", "\"2023-02-29\"", "日期要写成");
	assert_refused("日期 ", "= 名称", "左边是日期，右边是文字");
	assert_refused("日期 ", "- 起日", "左边是日期");
	assert_refused("名称 ", "< \"甲\"", "文字不分大小");
	assert_refused("名称 ", "+ 名称", "左边是文字");
	assert_refused("金额 ", "= 人数", "左边是金额，右边是数");
	assert_refused("(金额 = 拨款) ", "= (人数 = 人数)", "左边是条件");
	assert_refused("(金额 = 拨款) ", "+ 金额", "左边是条件");
	assert_refused("金额 ", "and 金额 = 0", "“and”只用于条件，这里却是金额");
	assert_refused("金额 = 0 ", "or 人数", "“or”只用于条件，这里却是数");
	assert_refused("", "not 名称", "“not”只用于条件，这里却是文字");
	assert_refused("", "any(金额)", "“any”只用于条件");
	assert_refused("金额 ", "like \"3*\"", "“like”只用于文字，这里却是金额");
	assert_refused("(金额 = 0) ", "is blank", "“is blank”只用于数和文字");
	assert_refused("", "sum(名称)", "“sum”只用于数，这里却是文字");
	assert_refused("", "sum(above)", "“sum”只用于数，这里却是文字");
	assert_refused("", "-日期", "“-”只用于数，这里却是日期");
	assert_refused("金额 = 0 and (名称 ", "= 人数 or 金额 = 人数)", "左边是文字");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arithmetic),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_a_forgotten_unit_is_named),
		cmocka_unit_test(test_what_does_not_go_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
