/* Judging a check: exact first, then as intervals. In whole numbers, because real cases lie exactly on
 * the bound. */
#include "formula/evaluate.h"

#include "base/decimal.h"
#include "formula/types.h"

static const struct value no_side = {.type = VALUE_NUMBER, .blank = true, .text = ""};

/* Whether sides that fail `kind` exactly hold it somewhere within their intervals. 2 * |d| <= bound is
 * asked as |d| <= bound / 2, which is the same in whole numbers and cannot overflow; likewise with <. */
static bool may_hold(enum expression_kind kind, int64_t difference, int64_t bound)
{
	int64_t distance = difference == INT64_MIN ? INT64_MAX : difference < 0 ? -difference : difference;
	switch (kind) {
	case EXPRESSION_UNEQUAL:
		return false;
	case EXPRESSION_LESS:
	case EXPRESSION_GREATER:
		return distance < bound / 2 + bound % 2;
	default:
		return distance <= bound / 2;
	}
}

static void judge_sides(struct verdict *verdict)
{
	const struct value *left = &verdict->left, *right = &verdict->right;
	verdict->state = VERDICT_FAILS;
	verdict->overflow = left->overflow || right->overflow;
	if (verdict->overflow)
		return;
	if (relation_holds(verdict->relation, value_compare(left, right)))
		verdict->state = VERDICT_HOLDS;
	if (!is_numeric(left->type) || !is_numeric(right->type))
		return;
	verdict->rounded = count_add(left->rounded, right->rounded);
	verdict->bound = verdict->rounded ? slack_add(left->slack, right->slack) : 0;
	if (!decimal_subtract(left->number, right->number, &verdict->difference)) {
		verdict->difference = 0;
		verdict->overflow = verdict->state == VERDICT_FAILS;
		return;
	}
	if (verdict->state == VERDICT_FAILS &&
	    may_hold(verdict->relation, verdict->difference, verdict->bound))
		verdict->state = VERDICT_ROUNDING;
}

static struct verdict judge_comparison(const struct expression *node, const struct scope *scope)
{
	struct verdict verdict = {.relation = node->kind, .spoke = node};
	verdict.left = expression_evaluate(node->left, scope);
	verdict.right = expression_evaluate(node->right, scope);
	judge_sides(&verdict);
	return verdict;
}

/* The condition whose sides explain a condition: the one within `not`. */
static const struct expression *explaining(const struct expression *node)
{
	while (node->kind == EXPRESSION_NOT)
		node = node->left;
	return node;
}

static struct verdict judge_exactly(const struct expression *node, const struct scope *scope)
{
	struct verdict verdict = {.relation = node->kind, .spoke = node, .left = no_side, .right = no_side};
	struct value holds = expression_evaluate(node, scope);
	const struct expression *shown = explaining(node);
	verdict.overflow = holds.overflow;
	verdict.state = !holds.overflow && holds.number != 0 ? VERDICT_HOLDS : VERDICT_FAILS;
	if (is_comparison(shown->kind)) {
		verdict.left = expression_evaluate(shown->left, scope);
		verdict.right = expression_evaluate(shown->right, scope);
	} else if (shown->kind == EXPRESSION_LIKE || shown->kind == EXPRESSION_IS_BLANK ||
		   shown->kind == EXPRESSION_IS_NOT_BLANK) {
		verdict.left = expression_evaluate(shown->left, scope);
	}
	return verdict;
}

static struct verdict judge_node(const struct expression *node, const struct scope *scope)
{
	if (is_comparison(node->kind))
		return judge_comparison(node, scope);
	if (node->kind != EXPRESSION_AND && node->kind != EXPRESSION_OR)
		return judge_exactly(node, scope);
	struct verdict left = judge_node(node->left, scope);
	bool worst = node->kind == EXPRESSION_AND;
	if (left.state == (worst ? VERDICT_FAILS : VERDICT_HOLDS))
		return left;
	struct verdict right = judge_node(node->right, scope);
	bool right_speaks = worst ? right.state > left.state : right.state < left.state;
	return right_speaks ? right : left;
}

/* A literal's text was borrowed until the next expand(), which may have come since. */
static void renew_texts(struct verdict *verdict, const struct scope *scope)
{
	const struct expression *shown = explaining(verdict->spoke);
	if (shown->left && shown->left->kind == EXPRESSION_TEXT)
		verdict->left = expression_evaluate(shown->left, scope);
	if (shown->right && shown->right->kind == EXPRESSION_TEXT)
		verdict->right = expression_evaluate(shown->right, scope);
}

struct verdict rule_judge(const struct rule *rule, const struct scope *scope)
{
	if (rule->where) {
		struct value condition = expression_evaluate(rule->where, scope);
		if (condition.overflow || condition.number == 0)
			return (struct verdict){
				.state = condition.overflow ? VERDICT_FAILS : VERDICT_SKIPPED,
				.relation = rule->where->kind,
				.spoke = rule->where,
				.left = no_side,
				.right = no_side,
				.overflow = condition.overflow,
			};
	}
	struct verdict verdict = judge_node(rule->expression, scope);
	renew_texts(&verdict, scope);
	return verdict;
}

/* Whether a figure, rounded half away from zero to the other's last decimal, is the other. */
static bool is_printed_as(const struct value *exact, const struct value *printed)
{
	int64_t difference, step = printed->slack;
	if (!decimal_subtract(printed->number, exact->number, &difference))
		return false;
	if (exact->number < 0)
		difference = -difference;
	return difference <= step / 2 && difference >= (step % 2 ? -(step / 2) : 1 - step / 2);
}

struct verdict value_judge(const struct value *stated, const struct value *computed)
{
	struct verdict verdict = {.relation = EXPRESSION_EQUAL, .left = *stated, .right = *computed};
	judge_sides(&verdict);
	if (verdict.state == VERDICT_ROUNDING && is_printed_as(computed, stated))
		verdict.state = VERDICT_HOLDS;
	return verdict;
}
