/* What a layout's author may write, how it groups, and what is said, and where, about what cannot be written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"
#include "formula/expression.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- a tree as text: every operator with its brackets ---- */

static void write_reference(struct buffer *out, const struct reference *reference)
{
	for (size_t i = 0; i < reference->name_count; i++) {
		buffer_format(out, "%s%s", i ? "." : "", reference->names[i]);
		for (size_t k = 0; i == 0 && k < reference->row_count; k++)
			buffer_format(out, "%s%s%s", k ? "," : "[", reference->rows[k],
				      k + 1 == reference->row_count ? "]" : "");
	}
}

static void write_node(struct buffer *out, const struct expression *node)
{
	static const char *const units[] = {[VALUE_MONEY] = "分", [VALUE_NUMBER] = "", [VALUE_PERCENT] = "%"};
	switch (node->kind) {
	case EXPRESSION_NUMBER:
		buffer_format(out, "%lld%s", (long long)node->value->number, units[node->value->type]);
		return;
	case EXPRESSION_TEXT:
		buffer_format(out, "\"%s\"", node->text);
		return;
	case EXPRESSION_REFERENCE:
		write_reference(out, node->reference);
		return;
	case EXPRESSION_SUM:
		buffer_add(out, "sum(");
		if (node->above)
			buffer_add(out, "above");
		else
			write_reference(out, node->reference);
		buffer_add(out, ")");
		return;
	default:
		break;
	}
	buffer_add(out, "(");
	if (!node->right)
		buffer_format(out, "%s ", expression_symbol(node->kind));
	write_node(out, node->left);
	if (node->text)
		buffer_format(out, " \"%s\"", node->text);
	if (node->right) {
		buffer_format(out, " %s ", expression_symbol(node->kind));
		write_node(out, node->right);
	}
	buffer_add(out, ")");
}

static void assert_tree(const char *text, const char *expected)
{
	struct arena *arena = arena_new();
	struct diag_list diags = {0};
	struct buffer out = {0};
	struct rule *rule = rule_parse(arena, text, true, "表.yaml", 7, 5, &diags);
	if (!rule)
		print_error("%s: %s\n", text, diag_first_error(&diags));
	assert_non_null(rule);
	write_node(&out, rule->expression);
	if (rule->where) {
		buffer_add(&out, " where ");
		write_node(&out, rule->where);
	}
	assert_string_equal(buffer_text(&out), expected);
	assert_int_equal(diags.count, 0);
	buffer_done(&out);
	diag_list_done(&diags);
	arena_free(arena);
}

/* There is one error, where § stands (at the beginning, if it stands nowhere), with `part` in its sentence.
 */
static void assert_refused_as(bool check, const char *marked, const char *part)
{
	struct arena *arena = arena_new();
	struct diag_list diags = {0};
	struct buffer text = {0};
	const char *mark = strstr(marked, "§");
	size_t before = mark ? (size_t)(mark - marked) : 0;
	buffer_add_bytes(&text, marked, before);
	unsigned column = 5 + (unsigned)text_points(buffer_text(&text));
	buffer_add(&text, mark ? mark + strlen("§") : marked);
	assert_null(rule_parse(arena, buffer_text(&text), check, "表.yaml", 7, 5, &diags));
	assert_int_equal(diags.count, 1);
	assert_int_equal(diags.errors, 1);
	assert_string_equal(diags.items[0].file, "表.yaml");
	assert_int_equal(diags.items[0].line, 7);
	if (!strstr(diags.items[0].text, part) || diags.items[0].column != column)
		print_error("%s: %u: %s\n", marked, diags.items[0].column, diags.items[0].text);
	assert_non_null(strstr(diags.items[0].text, part));
	assert_int_equal(diags.items[0].column, column);
	buffer_done(&text);
	diag_list_done(&diags);
	arena_free(arena);
}

static void assert_refused(const char *marked, const char *part)
{
	assert_refused_as(true, marked, part);
}

/* ---- what may be written ---- */

static void test_names_are_as_printed(void **state)
{
	(void)state;
	assert_tree("基本支出", "基本支出");
	assert_tree("  支出总计.合计 ", "支出总计.合计");
	assert_tree("支出总表[合计].合计", "支出总表[合计].合计");
	assert_tree("基本支出表[30201, 30202].合计", "基本支出表[30201,30202].合计");
	assert_tree("人员经费安排表[合计]", "人员经费安排表[合计]");
	assert_tree("人员情况.编制人数.行政", "人员情况.编制人数.行政");
	assert_tree("收支总表[退休人员.公务员, 单位资金].金额", "收支总表[退休人员.公务员,单位资金].金额");
	assert_tree("指标值.number", "指标值.number");
	assert_tree("指标值.sum", "指标值.sum");
	assert_tree("表[sum].and", "表[sum].and");
	assert_tree("android + sums + 其中and", "((android + sums) + 其中and)");
	assert_tree("①_a〇々", "①_a〇々");
	assert_tree("甲\xE3\x80\x80+\xC2\xA0乙", "(甲 + 乙)"); /* U+3000 and U+00A0 are blanks */
}

static void test_digits_begin_literals_or_names(void **state)
{
	(void)state;
	assert_tree("3月底 <= 12月底", "(3月底 <= 12月底)");
	assert_tree("2024年 + 300元以上", "(2024年 + 300元以上)");
	assert_tree("甲 = 300元", "(甲 = 30000分)");
	assert_tree("甲 = 0.01元", "(甲 = 1分)");
	assert_tree("甲 = 5万元", "(甲 = 5000000分)");
	assert_tree("甲 = 0.000001万元", "(甲 = 1分)");
	assert_tree("甲 = 100%", "(甲 = 1000000%)");
	assert_tree("甲 = 2.5%", "(甲 = 25000%)");
	assert_tree("甲 = 12", "(甲 = 12000000)");
	assert_tree("甲 = 0.5", "(甲 = 500000)");
	assert_tree("甲 / 12 = 0", "((甲 / 12000000) = 0)");
	assert_tree("表[0101].2", "表[0101].2");
}

static void test_texts(void **state)
{
	(void)state;
	assert_tree("二级指标 = \"数量 指标（甲）\"", "(二级指标 = \"数量 指标（甲）\")");
	assert_tree("指标值.sign != \"≤\"", "(指标值.sign != \"≤\")");
	assert_tree("甲 = \"\"", "(甲 = \"\")");
	assert_tree("甲 like \"?<年度>*|乙\"", "(like 甲 \"?<年度>*|乙\")");
}

static void test_precedence(void **state)
{
	(void)state;
	assert_tree("甲 + 乙 - 丙", "((甲 + 乙) - 丙)");
	assert_tree("甲 - (乙 - 丙)", "(甲 - (乙 - 丙))");
	assert_tree("甲 + 乙 * 丙", "(甲 + (乙 * 丙))");
	assert_tree("甲 / 乙 / 丙", "((甲 / 乙) / 丙)");
	assert_tree("-甲 * 乙", "((- 甲) * 乙)");
	assert_tree("甲 - -乙", "(甲 - (- 乙))");
	assert_tree("甲 + 乙 >= 丙 * 丁", "((甲 + 乙) >= (丙 * 丁))");
	assert_tree("甲 = 乙 or 丙 = 丁 and 戊 = 己", "((甲 = 乙) or ((丙 = 丁) and (戊 = 己)))");
	assert_tree("(甲 = 乙 or 丙 = 丁) and 戊 = 己", "(((甲 = 乙) or (丙 = 丁)) and (戊 = 己))");
	assert_tree("not 甲 = 乙 and 丙 = 丁", "((not (甲 = 乙)) and (丙 = 丁))");
	assert_tree("not not 甲 is blank", "(not (not (is blank 甲)))");
	assert_tree("甲 + 乙 is not blank", "(is not blank (甲 + 乙))");
	assert_tree("not 甲 like \"*\" or 乙 is blank", "((not (like 甲 \"*\")) or (is blank 乙))");
	assert_tree("甲≤乙 and 丙≥丁 and 戊≠己", "(((甲 <= 乙) and (丙 >= 丁)) and (戊 != 己))");
	assert_tree("any(甲 = \"子\") and not any(乙 > 0)", "((any (甲 = \"子\")) and (not (any (乙 > 0))))");
	assert_tree("sum(甲.乙) + sum(表[丙].丁) = 0", "((sum(甲.乙) + sum(表[丙].丁)) = 0)");
}

static void test_where_splits_a_check(void **state)
{
	(void)state;
	assert_tree("甲 = 乙\nwhere 丙 is blank or 丁 = 0\n", "(甲 = 乙) where ((is blank 丙) or (丁 = 0))");
	assert_refused_as(false, "甲 §where 乙 is blank", "公式里不能用");
	assert_refused("甲 = 乙 where 丙 is blank §where 丁 is blank", "只能写一次");
	assert_refused("甲 = 乙 where§", "“where”后面缺少");
	assert_refused("§where 甲 is blank", "“where”前面缺少");
}

static void test_sum_above_is_a_whole_formula(void **state)
{
	struct arena *arena = arena_new();
	struct diag_list diags = {0};
	struct rule *rule = rule_parse(arena, " sum(above) ", false, "表.yaml", 7, 5, &diags);
	(void)state;
	assert_non_null(rule);
	assert_int_equal(rule->expression->kind, EXPRESSION_SUM);
	assert_true(rule->expression->above);
	assert_null(rule->expression->reference);
	assert_string_equal(rule->text, "sum(above)");
	arena_free(arena);
	assert_refused_as(false, "§sum(above) + 甲", "单独");
	assert_refused_as(false, "甲 - §sum(above)", "单独");
	assert_refused("§sum(above) = 0", "单独");
	assert_refused("甲 = 0 where §sum(above) = 0", "单独");
	assert_refused("§above", "sum(above)");
}

/* ---- where things stand ---- */

static void test_positions_count_characters(void **state)
{
	struct arena *arena = arena_new();
	(void)state;
	struct rule *rule =
		rule_parse(arena, "收支总表[合计].金额 = 乙.丙 where 丁 = \"戊\"", true, "f", 3, 10, NULL);
	assert_non_null(rule);
	const struct expression *equal = rule->expression;
	assert_int_equal(equal->line, 3);
	assert_int_equal(equal->column, 22);
	assert_int_equal(equal->left->reference->column, 10);
	assert_int_equal(equal->left->reference->line, 3);
	assert_int_equal(equal->left->reference->binding, -1);
	assert_int_equal(equal->right->reference->column, 24);
	assert_int_equal(rule->where->left->column, 34);
	assert_int_equal(rule->where->right->column, 38);
	arena_free(arena);
}

static void test_positions_of_several_lines_are_the_beginning(void **state)
{
	struct arena *arena = arena_new();
	struct diag_list diags = {0};
	(void)state;
	assert_null(rule_parse(arena, "甲 = 乙\n  where 丙 ==", true, "f", 3, 10, &diags));
	assert_int_equal(diags.items[0].line, 3);
	assert_int_equal(diags.items[0].column, 10);
	diag_list_clear(&diags);
	assert_null(rule_parse(arena, "甲 = ", true, "f", 3, 0, &diags));
	assert_int_equal(diags.items[0].line, 3);
	assert_int_equal(diags.items[0].column, 0);
	diag_list_done(&diags);
	arena_free(arena);
}

/* ---- what cannot be written ---- */

static const struct mistake {
	const char *marked, *part;
} mistakes[] = {
	{"§", "缺少公式"},
	{"   §", "缺少公式"},
	{"甲 +§", "“+”后面缺少"},
	{"甲 + §* 乙", "“+”后面应是名称或数，却是“*”"},
	{"§* 甲", "“*”前面缺少"},
	{"甲 and§", "“and”后面缺少"},
	{"not§", "“not”后面缺少"},
	{"§(甲 + 乙", "“(”没有对应的“)”"},
	{"甲 + 乙§)", "多了一个“)”"},
	{"(§)", "“(”后面应是"},
	{"(甲 §乙)", "“乙”前面缺少运算符，或者缺少“)”"},
	{"表§[甲", "“[”没有对应的“]”"},
	{"表[§]", "行的名称或科目编码"},
	{"表[甲,§]", "行的名称或科目编码"},
	{"表[甲,乙,§甲]", "写了两次"},
	{"表[甲 §乙]", "缺少“]”"},
	{"表§]", "多了一个“]”"},
	{"表.栏§[甲]", "直接写在表名后面"},
	{"表[甲]§[乙]", "只能写一次"},
	{"表[甲.§]", "行的名称"},
	{"甲.§", "“.”后面"},
	{"甲. §+ 乙", "“.”后面"},
	{"a.b.c.d.e.f.g.h.§i", "段数太多"},
	{"甲 §乙", "“乙”前面缺少运算符"},
	{"甲 §12", "“12”前面缺少运算符"},
	{"甲§, 乙", "逗号"},
	{"甲 §== 乙", "把“==”改写作“=”"},
	{"甲 §&& 乙", "把“&&”改写作“and”"},
	{"甲 §|| 乙", "把“||”改写作“or”"},
	{"甲 §<> 乙", "把“<>”改写作“!=”"},
	{"甲 §=> 乙", "把“=>”改写作“>=”"},
	{"甲 §=< 乙", "把“=<”改写作“<=”"},
	{"§！甲", "改写作"},
	{"§!甲", "“!”不能单独使用"},
	{"甲 §× 乙", "把“×”改写作“*”"},
	{"甲 §÷ 乙", "把“÷”改写作“/”"},
	{"§（甲）", "把“（”改写作“(”"},
	{"甲 §＋ 乙", "把“＋”改写作“+”"},
	{"表[甲§，乙]", "把“，”改写作“,”"},
	{"甲 = §“乙”", "把““”改写作“\"”"},
	{"甲 = §'乙'", "把“'”改写作“\"”"},
	{"甲 = §\"乙", "没有结束的引号"},
	{"甲 like §乙", "like 后面要写双引号"},
	{"甲 like§", "like 后面要写双引号"},
	{"\"甲\" §like \"乙\"", "like 前面要写名称"},
	{"\"甲\" is §blank", "固定的文字不会是空的"},
	{"\"甲\" §= \"乙\"", "两边都是固定的文字"},
	{"甲 is §乙", "is 后面只能写 blank"},
	{"甲 is not §乙", "is 后面只能写 blank"},
	{"甲 §not like \"乙\"", "not 要写在整个比较的前面"},
	{"甲 = §not 乙", "not 要写在整个比较的前面"},
	{"甲 = 乙 §= 丙", "一次只能比较两边"},
	{"甲 < 乙 §<= 丙", "一次只能比较两边"},
	{"甲 = 乙 §is blank", "一次只能比较两边"},
	{"§if(甲 = 乙, 丙, 丁)", "“if”不能带括号"},
	{"§SUM(甲)", "“SUM”不能带括号"},
	{"§round(甲)", "“round”不能带括号"},
	{"sum §甲", "sum 后面要有括号"},
	{"sum(§)", "要写一个名称"},
	{"sum(甲 §+ 乙)", "不能写算式"},
	{"sum§(甲", "“(”没有对应"},
	{"sum(§300元)", "要写一个名称"},
	{"any§(甲 = 乙", "“(”没有对应"},
	{"any(§)", "“(”后面应是"},
	{"any(§any(甲 = 乙))", "any( ) 里不能再用 any( )"},
	{"甲 = §<年度>", "写在双引号里"},
	{"甲 = §5万", "“5万”没有写全单位"},
	{"甲 = §2.5公斤", "单位不认识"},
	{"甲 = 12 §%", "“%”前面缺少数"},
	{"甲 = §0.001元", "小数多于 2 位"},
	{"甲 = §99999999999999999999元", "太大"},
	{"甲 = §1111111111111111111111111111111111111111", "太大"},
	{"甲§：乙", "不能用“：”"},
	{"甲 §? 乙", "不能用“?”"},
	{"甲 = 乙§;", "不能用“;”"},
	{"甲§\xE2\x80\x8B乙", "看不见"},
	{"甲§\x01", "看不见"},
	{"甲§\xFF", "看不见的或损坏"},
};

static void test_mistakes_are_named_and_placed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(mistakes); i++)
		assert_refused(mistakes[i].marked, mistakes[i].part);
}

static void test_a_long_token_is_cut_in_the_sentence(void **state)
{
	(void)state;
	assert_refused("甲 §一二三四五六七八九十一二三四", "“一二三四五六七八九十一二…”");
}

static void add_times(struct buffer *out, const char *text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		buffer_add(out, text);
}

static bool parses(const char *text)
{
	struct arena *arena = arena_new();
	struct diag_list diags = {0};
	bool parsed = rule_parse(arena, text, true, "f", 1, 1, &diags) != NULL;
	assert_int_equal(diags.errors, parsed ? 0 : 1);
	diag_list_done(&diags);
	arena_free(arena);
	return parsed;
}

static void test_nesting_is_bounded(void **state)
{
	struct buffer text = {0};
	(void)state;
	for (size_t depth = 64; depth <= 65; depth++) {
		buffer_clear(&text);
		add_times(&text, "(", depth);
		buffer_add(&text, "甲");
		add_times(&text, ")", depth);
		assert_int_equal(parses(buffer_text(&text)), depth == 64);
		buffer_clear(&text);
		add_times(&text, "not ", depth);
		buffer_add(&text, "甲 is blank");
		assert_int_equal(parses(buffer_text(&text)), depth == 64);
		buffer_clear(&text);
		add_times(&text, "-", depth);
		buffer_add(&text, "甲");
		assert_int_equal(parses(buffer_text(&text)), depth == 64);
	}
	buffer_done(&text);
}

static void test_length_is_bounded(void **state)
{
	struct buffer text = {0};
	(void)state;
	buffer_add(&text, "a");
	while (text.length + 2 <= 4096)
		buffer_add(&text, "+a");
	assert_true(parses(buffer_text(&text)));
	buffer_add(&text, "+a");
	assert_refused(buffer_text(&text), "公式太长，最多 4096");
	buffer_clear(&text);
	buffer_add(&text, "表[1");
	for (int row = 2; row <= 65; row++)
		buffer_format(&text, ",%d", row);
	buffer_add(&text, "]");
	assert_false(parses(buffer_text(&text)));
	buffer_done(&text);
}

/* ---- looking at a tree ---- */

struct seen {
	struct buffer names;
	size_t stop_after, count;
};

static bool note_reference(void *context, struct reference *reference, bool in_sum, bool in_any)
{
	struct seen *seen = context;
	reference->binding = (int)seen->count++;
	buffer_format(&seen->names, "%s%s%s ", reference->names[0], in_sum ? "!" : "", in_any ? "?" : "");
	return seen->count != seen->stop_after;
}

static void test_visit_goes_in_order(void **state)
{
	struct arena *arena = arena_new();
	struct seen seen = {0};
	(void)state;
	struct rule *rule =
		rule_parse(arena, "any(甲 = 乙) and sum(丙) + 丁 = 300元 and (戊 like \"*\" or 己 is blank)",
			   true, "f", 1, 1, NULL);
	assert_non_null(rule);
	assert_true(expression_visit(rule->expression, note_reference, &seen));
	assert_string_equal(buffer_text(&seen.names), "甲? 乙? 丙! 丁 戊 己 ");
	seen.stop_after = 8;
	assert_false(expression_visit(rule->expression, note_reference, &seen));
	assert_int_equal(seen.count, 8);
	buffer_done(&seen.names);
	arena_free(arena);
}

static int count_terms(const char *text, struct linear_term *terms, size_t capacity, struct arena *arena)
{
	struct rule *rule = rule_parse(arena, text, false, "f", 1, 1, NULL);
	assert_non_null(rule);
	return expression_linear(rule->expression, terms, capacity);
}

static void test_linear_terms_carry_signs(void **state)
{
	struct arena *arena = arena_new();
	struct linear_term terms[8];
	(void)state;
	assert_int_equal(count_terms("甲 - (乙 - sum(丙)) + -丁", terms, 8, arena), 4);
	static const struct {
		const char *name;
		bool sum;
		int sign;
	} expected[] = {{"甲", false, 1}, {"乙", false, -1}, {"丙", true, 1}, {"丁", false, -1}};
	for (size_t i = 0; i < COUNT(expected); i++) {
		assert_string_equal(terms[i].reference->names[0], expected[i].name);
		assert_int_equal(terms[i].sum, expected[i].sum);
		assert_int_equal(terms[i].sign, expected[i].sign);
	}
	assert_int_equal(count_terms("sum(above)", terms, 8, arena), 1);
	assert_null(terms[0].reference);
	assert_true(terms[0].sum);
	assert_int_equal(count_terms("甲 + 乙 + 丙", terms, 2, arena), -1);
	assert_int_equal(count_terms("甲 + 300元", terms, 8, arena), -1);
	assert_int_equal(count_terms("甲 * 2", terms, 8, arena), -1);
	assert_int_equal(count_terms("甲 / 乙", terms, 8, arena), -1);
	assert_int_equal(count_terms("甲 = 乙", terms, 8, arena), -1);
	arena_free(arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_are_as_printed),
		cmocka_unit_test(test_digits_begin_literals_or_names),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_precedence),
		cmocka_unit_test(test_where_splits_a_check),
		cmocka_unit_test(test_sum_above_is_a_whole_formula),
		cmocka_unit_test(test_positions_count_characters),
		cmocka_unit_test(test_positions_of_several_lines_are_the_beginning),
		cmocka_unit_test(test_mistakes_are_named_and_placed),
		cmocka_unit_test(test_a_long_token_is_cut_in_the_sentence),
		cmocka_unit_test(test_nesting_is_bounded),
		cmocka_unit_test(test_length_is_bounded),
		cmocka_unit_test(test_visit_goes_in_order),
		cmocka_unit_test(test_linear_terms_carry_signs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
