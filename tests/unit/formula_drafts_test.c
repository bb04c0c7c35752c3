/* Formulas and checks of real tables, as layouts write them: five Hebei editions and another province. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "formula/expression.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const formulas[] = {
	"收入预算安排表.预算安排",
	"人员经费安排表[合计].合计",
	"公用经费安排表[合计].合计",
	"专项公用经费安排表[合计].合计",
	"支出总表.专项项目支出",
	"支出总表.其他支出",
	"预算收入 - 预算支出",
	"人员经费支出 + 正常公用经费支出 + 专项公用经费支出 + 专项项目支出 + 其他支出",
	"人员经费汇总表.合计",
	"公用经费汇总表.合计",
	"一般预算拨款 + 基金预算拨款 + 财政专户核拨 + sum(其他来源收入)",
	"收支安排总表[一般预算拨款].预算安排",
	"收支安排总表[基金预算拨款].预算安排",
	"收支安排总表[财政专户核拨].预算安排",
	"收支安排总表[事业收入].预算安排",
	"收支安排总表[事业单位上级补助收入].预算安排",
	"收支安排总表[附属单位上缴收入].预算安排",
	"收支安排总表[经营收入].预算安排",
	"sum(经费来源)",
	"专项公用经费安排表.一般预算拨款",
	"专项公用经费安排表.基金预算拨款",
	"合计 + 其他渠道资金",
	"sum(当年部门预算安排资金)",
	"人员经费 + 公用经费",
	"基本支出 + 项目支出 + 经营支出 + 上解上级支出 + 对附属单位补助支出",
	"一般公共预算财政拨款 + 政府性基金预算财政拨款 + 国有资本经营预算财政拨款",
	"一般公共预算支出表.合计",
	"政府性基金支出表.合计",
	"国有资本经营支出表.合计",
	"收入总表[合计].财政拨款收入 - 政府性基金预算拨款 - 国有资本经营预算拨款",
	"sum(above)",
	"本年收入合计 + 年初财政拨款结转和结余",
	"本年支出合计 + 年末财政拨款结转和结余",
	"基本支出 + 项目支出",
	"小计 + 上年结转",
	"sum(本年收入)",
	"本年 - 上年",
	"(本年 - 上年) / 上年",
	"收支总表[收入总计].预算数",
	"收支总表[一般公共预算拨款收入].预算数",
	"收支总表[政府性基金预算拨款收入].预算数",
	"收支总表[国有资本经营预算拨款收入].预算数",
	"收支总表[财政专户管理资金收入].预算数",
	"收支总表[单位资金].预算数",
	"收支总表[上年结转结余].预算数",
	"支出总表[合计].合计",
	"支出总表[合计].基本支出",
	"基本支出表[合计].人员经费",
	"基本支出表[合计].公用经费",
	"支出总表[合计].项目支出",
	"公用经费",
	"基本支出表[30201, 30202].合计",
	"基本支出表[30205, 30206].合计",
	"基本支出表[30207].合计",
	"基本支出表[30208].合计",
	"基本支出表[30209].合计",
	"基本支出表[30211].合计",
	"基本支出表[30213].合计",
	"基本支出表[30215].合计",
	"基本支出表[30216].合计",
	"基本支出表[30228].合计",
	"基本支出表[30229].合计",
	"基本支出表[30231].合计",
	"基本支出表[30239].合计",
	"基本支出表[30299].合计",
	"基本支出表[30218, 31002].合计",
	"三公经费表[合计].合计",
	"三公经费表[因公出国费用].合计",
	"三公经费表[公务用车购置及运行维护费].合计",
	"三公经费表[公务用车购置费].合计",
	"三公经费表[公务用车运行维护费].合计",
	"三公经费表[公务接待费].合计",
	"政府采购预算[合计].合计",
	"固定资产[资产总额].价值",
	"sum(政府采购金额)",
	"财政资金 + 其他资金",
	"支出总表.合计",
	"财政拨款收支总表[一般公共预算拨款].金额",
	"财政拨款收支总表[政府性基金预算拨款].金额",
	"财政拨款收支总表[国有资本经营预算拨款].金额",
	"收入总表[合计].财政专户收入",
	("收入总表[合计].事业收入 + 收入总表[合计].经营收入 + 收入总表[合计].上级补助收入 + "
	 "收入总表[合计].附属单位上缴收入 + 收入总表[合计].其他收入"),
	"收入总表[合计].上年结转",
	"本年收入合计 + 上年结转结余",
	"本年支出合计 + 年终结转结余",
	"一般公共预算财政拨款 + 政府性基金预算拨款 + 国有资本经营预算财政拨款",
	"sum(一般公共预算基本支出)",
	"sum(支出预算)",
	"一般公共预算 + 政府性基金预算 + 国有资本经营预算",
	"收入总表[合计].财政拨款收入 - 政府性基金 - 国有资本经营预算",
	"sum(收入预算)",
	"财政拨款收支总表[一般公共预算资金].预算数",
	"财政拨款收支总表[政府性基金].预算数",
	"财政拨款收支总表[国有资本经营预算].预算数",
	"收入总表[合计].事业收入",
	"收入总表[合计].事业单位经营收入",
	"收入总表[合计].其他收入",
	"因公出国费 + 公务接待费 + 小计",
	"sum(公务用车购置及运行费)",
};

static const char *const checks[] = {
	"收支相抵.预算安排 = 0",
	"收入总表[合计].合计 = 支出总表[合计].合计",
	"项目支出情况表[合计].一般预算 = 支出总表[合计].专项公用经费支出",
	"人员依据表[定编人数] = 公用依据表[编制人数]",
	"人员依据表[单位实有职工总数] = 公用依据表[实有人数]",
	"人员依据表[单位实有在职人数] = 公用依据表[在职实有人数]",
	"人员依据表[退休人员] = 公用依据表[退休实有人数]",
	"sum(收入预算安排表[转移支付].预算安排) <= 专项一览表[合计].合计",
	"定编人数.现有数 = 人员情况.编制人数.行政 + 人员情况.编制人数.事业",
	"定编人数.核定数 = 人员情况.编制人数.行政 + 人员情况.编制人数.事业",
	"单位实有在职人数.现有数 = 人员情况.在职人数.行政 + 人员情况.在职人数.事业",
	"单位实有在职人数.核定数 = 人员情况.在职人数.行政 + 人员情况.在职人数.事业",
	"退休人员.现有数 = 人员情况.离退人数.退休",
	"退休人员.核定数 = 人员情况.离退人数.退休",
	"单位实有在职人数 <= 定编人数",
	"公务员人数 is not blank where 单位实有在职人数.公务员事业单位管理人员 > 0",
	"退休人员年终一次性生活补助.合计 = 退休金.合计 / 12",
	"大病医疗保险费.合计 = (人员情况.在职人数.行政 + 人员情况.离退人数.退休) * 130元",
	"基本工资.合计 is not blank or 奖金.合计 is not blank where 人员情况.在职人数.行政 > 0",
	"实有人数 <= 编制人数",
	"退休人员福利费.合计 = 人员经费安排表[退休金].合计 * 2.5%",
	"退休干部公用经费.合计 = 人员情况.离退人数.退休 * 300元",
	"退休干部特需费.合计 = 人员情况.离退人数.退休 * 50元",
	"退休住宅取暖费.合计 = 人员情况.离退人数.退休 * 1150元",
	"在职人数.行政 <= 编制人数.行政",
	"在职人数.事业 <= 编制人数.事业",
	"总计 = 数量 * 单价",
	("优.number >= 良.number and 良.number >= 中.number and 中.number >= 差.number where "
	 "优.number is not blank and 差.number is not blank"),
	"优.number <= 100 where 优.unit = \"%\"",
	"优.unit = \"%\" where 绩效指标 like \"*率\" and 优 is not blank",
	"优.unit != \"%\" where 绩效指标 like \"*次数|*条数\"",
	"良 is not blank and 中 is not blank and 差 is not blank where 优 is not blank",
	"sum(职责活动.年度预算数) = 支出总表[合计].项目支出",
	"公用经费 is blank where 科目编码 like \"301*|303*\"",
	"人员经费 is blank where 科目编码 like \"302*\"",
	"收入总计.金额 = 支出总计.合计",
	("支出总计.一般公共预算财政拨款 = 一般公共预算拨款.金额 + "
	 "年初财政拨款结转和结余.一般公共预算拨款.金额"),
	("支出总计.政府性基金预算财政拨款 = 政府性基金预算拨款.金额 + "
	 "年初财政拨款结转和结余.政府性基金预算拨款.金额"),
	("支出总计.国有资本经营预算财政拨款 = 国有资本经营预算拨款.金额 + "
	 "年初财政拨款结转和结余.国有资本经营预算拨款.金额"),
	"年初财政拨款结转和结余.金额 <= 收入总表[合计].上年结转",
	"所列项目.本年 = 项目支出.本年",
	"支出总计.增减 = 增减原因[比上年增减].金额 where 支出总计.上年 is not blank",
	"机关运行经费.本年 = 机关运行经费明细.本年",
	"收入总表.合计 = 支出总表.合计",
	"一般公共预算支出表 = 支出总表 where 一般公共预算支出表[合计].合计 = 支出总表[合计].合计",
	"财政拨款收支总表[本年支出合计].合计 <= 支出总表[合计].合计",
	("财政拨款收支总表[收入总计].金额 = 收支总表[收入总计].预算数 where "
	 "收支总表[财政专户管理资金收入, 单位资金].预算数 is blank"),
	"基本支出表[合计].合计 = 一般公共预算支出表[合计].基本支出",
	"sum(项目绩效目标.预算数) = 支出总表[合计].项目支出",
	("sum(项目绩效目标.预算数) = 一般公共预算支出表[合计].项目支出 where "
	 "一般公共预算支出表[合计].合计 = 支出总表[合计].合计"),
	"三公经费表[合计].合计 = 基本支出表[30212, 30217, 30231, 31013].合计",
	"一般公共预算支出表[2080505].基本支出 = 基本支出表[30108].合计",
	"一般公共预算支出表[2080506].基本支出 = 基本支出表[30109].合计",
	"一般公共预算支出表[2101101].基本支出 = 基本支出表[30110].合计",
	"一般公共预算支出表[2101103].基本支出 = 基本支出表[30111].合计",
	"一般公共预算支出表[2210201].基本支出 = 基本支出表[30113].合计",
	"合计 = 数量 * 单价 where 数量 is not blank and 单价 is not blank",
	"预留份额 <= 合计",
	"3月底 <= 6月底 and 6月底 <= 10月底 and (10月底 <= 12月底 or 12月底 is blank)",
	"12月底 = 100%",
	"项目编码 like \"?\??\??\?<年度后两位>P*\" where 项目编码 like \"?\??\??\??\?P*\"",
	"指标值.number is not blank where 二级指标 = \"数量指标\"",
	"指标值.number <= 100 where 指标值.unit like \"%|百分比\"",
	("指标值.unit like \"%|百分比\" where (三级指标 like \"*率|*满意度|*比例|*精准\" or "
	 "绩效指标描述 like \"*率|*满意度|*比例\") and 指标值.number is not blank"),
	("指标值.sign != \"≤\" where (三级指标 like \"*率|*满意度|*比例|*精准\" or 绩效指标描述 like "
	 "\"*率|*满意度|*比例\") and 指标值.number is not blank"),
	"指标值.money = 预算数 where 二级指标 = \"成本指标\" and 指标值.unit like \"元|万元\"",
	("any(二级指标 = \"数量指标\") and any(二级指标 = \"质量指标\") and any(二级指标 = "
	 "\"时效指标\") and any(二级指标 = \"成本指标\")"),
	"not 指标值 like \"*是/否*\"",
	"指标值.unit != \"百分比\"",
	"收入总计.预算数 = 支出总计.预算数",
	"本年支出合计.预算数 = 支出总表[合计].合计",
	"收入总计.预算数 = 支出总计.合计",
	"三公和机关运行经费表[预算数].机关运行经费 <= 基本支出表[合计].公用经费",
};

/* What these names mean in the tables that the formulas come from; all other figures are money. */
static const struct {
	const char *name;
	enum value_type type;
} types[] = {
	{"人员情况", VALUE_NUMBER},   {"编制人数", VALUE_NUMBER},     {"在职人数", VALUE_NUMBER},
	{"实有人数", VALUE_NUMBER},   {"公务员人数", VALUE_NUMBER},   {"定编人数", VALUE_NUMBER},
	{"退休人员", VALUE_NUMBER},   {"人员依据表", VALUE_NUMBER},   {"公用依据表", VALUE_NUMBER},
	{"数量", VALUE_NUMBER},       {"单位实有在职人数", VALUE_NUMBER}, {"科目编码", VALUE_TEXT},
	{"项目编码", VALUE_TEXT},     {"一级指标", VALUE_TEXT},       {"二级指标", VALUE_TEXT},
	{"三级指标", VALUE_TEXT},     {"绩效指标描述", VALUE_TEXT},   {"绩效指标", VALUE_TEXT},
	{"指标值", VALUE_TEXT},       {"优", VALUE_TEXT},             {"良", VALUE_TEXT},
	{"中", VALUE_TEXT},           {"差", VALUE_TEXT},             {"3月底", VALUE_PERCENT},
	{"6月底", VALUE_PERCENT},     {"10月底", VALUE_PERCENT},      {"12月底", VALUE_PERCENT},
};

static enum value_type type_of(void *context, const struct reference *reference)
{
	(void)context;
	if (!reference)
		return VALUE_MONEY;
	const char *last = reference->names[reference->name_count - 1];
	if (strcmp(last, "number") == 0)
		return VALUE_NUMBER;
	if (strcmp(last, "money") == 0)
		return VALUE_MONEY;
	for (size_t i = 0; i < COUNT(types); i++)
		if (strcmp(reference->names[0], types[i].name) == 0)
			return types[i].type;
	return VALUE_MONEY;
}

/* The text at a reference's column is its name. */
static bool stands_there(void *context, struct reference *reference, bool in_sum, bool in_any)
{
	const char *at = context;
	(void)in_sum;
	(void)in_any;
	for (unsigned column = 1; column < reference->column; column++)
		text_decode(&at);
	if (strncmp(at, reference->names[0], strlen(reference->names[0])) != 0)
		print_error("%s at %u of %s\n", reference->names[0], reference->column, (char *)context);
	assert_memory_equal(at, reference->names[0], strlen(reference->names[0]));
	return true;
}

static void assert_understood(const char *text, bool check)
{
	struct arena *arena = arena_new();
	struct diag_list diags = {0};
	enum value_type type = VALUE_DATE;
	char *copy = arena_copy(arena, text);
	struct rule *rule = rule_parse(arena, text, check, "f", 1, 1, &diags);
	if (rule)
		expression_check_types(rule->expression, type_of, NULL, "f", &type, &diags);
	if (diags.count > 0)
		print_error("%s: %u: %s\n", text, diags.items[0].column, diags.items[0].text);
	assert_non_null(rule);
	assert_int_equal(diags.count, 0);
	assert_int_equal(type == VALUE_TRUTH, check);
	assert_true(expression_visit(rule->expression, stands_there, copy));
	assert_int_equal(rule->where != NULL, strstr(text, " where ") != NULL);
	if (rule->where) {
		assert_true(expression_check_types(rule->where, type_of, NULL, "f", &type, &diags));
		assert_int_equal(type, VALUE_TRUTH);
		assert_true(expression_visit(rule->where, stands_there, copy));
	}
	assert_string_equal(rule->text, text);
	diag_list_done(&diags);
	arena_free(arena);
}

static void test_every_formula_is_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(formulas); i++)
		assert_understood(formulas[i], false);
}

static void test_every_check_is_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(checks); i++)
		assert_understood(checks[i], true);
}

/* All formulas of these tables but one are plain sums, so that an edit is a difference walked upwards. */
static void test_most_formulas_are_linear(void **state)
{
	struct linear_term terms[16];
	size_t others = 0;
	(void)state;
	for (size_t i = 0; i < COUNT(formulas); i++) {
		struct arena *arena = arena_new();
		struct rule *rule = rule_parse(arena, formulas[i], false, "f", 1, 1, NULL);
		assert_non_null(rule);
		others += expression_linear(rule->expression, terms, COUNT(terms)) < 0;
		arena_free(arena);
	}
	assert_int_equal(others, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_formula_is_understood),
		cmocka_unit_test(test_every_check_is_understood),
		cmocka_unit_test(test_most_formulas_are_linear),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
