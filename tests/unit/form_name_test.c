/* Names: what formulas call a printed caption, and placeholders in titles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "form/pack.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_names_are_captions_without_trimmings(void **state)
{
	static const struct {
		const char *caption, *name;
	} cases[] = {
		{"基本支出", "基本支出"},
		{"项  目", "项目"},
		{"科目    编码", "科目编码"},
		{"资\u3000金\u00a0性 质", "资金性质"},
		{"一、一般公共预算拨款收入", "一般公共预算拨款收入"},
		{"三十一、人行科目", "人行科目"},
		{"1.公务用车购置费", "公务用车购置费"},
		{"4、专项公用经费", "专项公用经费"},
		{"1）车辆", "车辆"},
		{"（3）（特殊）岗位津贴（补贴）", "岗位津贴"},
		{"(2) 伙食补助", "伙食补助"},
		{"①房屋", "房屋"},
		{"其中：办公用房（平方米）", "办公用房"},
		{"其中：1.轿车", "轿车"},
		{"2.其中：客车", "客车"},
		{"一、因公出国（境）费", "因公出国费"},
		{"“三公”经费", "三公经费"},
		{"资金支出计划（%）", "资金支出计划"},
		{"<年度>年预留中小微企业份额", "年预留中小微企业份额"},
		{"3月底", "3月底"},
		{"1.5倍工资", "15倍工资"},
		{"一般公共预算", "一般公共预算"},
		{"公务员、事业单位管理人员", "公务员事业单位管理人员"},
		{"二〇二四年", "二〇二四年"},
		{"费用（未完", "费用未完"},
		{"甲（乙（丙）丁）戊", "甲戊"},
		{" 甲 （乙）丙（丁", "甲丙丁"},
		{"甲）乙（丙））丁", "甲乙丁"},
		{"甲<年 度>乙（<部门>）丙<丁", "甲乙丙丁"},
		{"——", ""},
		{"", ""},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *name = form_name_of(cases[i].caption);
		assert_string_equal(name, cases[i].name);
		memory_free(name);
	}
}

static const char *value_of(void *context, const char *name)
{
	(void)context;
	return strcmp(name, "年度") == 0 ? "2024" : strcmp(name, "部门") == 0 ? "总工会" : NULL;
}

static void test_placeholders_are_filled_in(void **state)
{
	static const struct {
		const char *text, *filled;
	} cases[] = {
		{"预算年度：<年度>", "预算年度：2024"},
		{"<部门><年度>", "总工会2024"},
		{"<项目名称>绩效", "<项目名称>绩效"},
		{"3 < 5", "3 < 5"},
		{"", ""},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buffer out = {0};
		form_expand(&out, cases[i].text, value_of, NULL);
		assert_string_equal(buffer_text(&out), cases[i].filled);
		buffer_done(&out);
	}
}

static void test_a_step_is_the_last_printed_decimal(void **state)
{
	(void)state;
	assert_int_equal(form_unit_step(&(struct form_unit){"元", 2, 2, false}), 1);
	assert_int_equal(form_unit_step(&(struct form_unit){"万元", 6, 2, false}), 10000);
	assert_int_equal(form_unit_step(&(struct form_unit){"万元", 6, 0, true}), 1000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_are_captions_without_trimmings),
		cmocka_unit_test(test_placeholders_are_filled_in),
		cmocka_unit_test(test_a_step_is_the_last_printed_decimal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
