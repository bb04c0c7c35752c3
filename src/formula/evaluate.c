/* A tree's value at one place. Whole numbers only: money in 分, the rest in millionths, half-widths in
 * halves of these.
 *
 * Half-widths of products and quotients, for |a' - a| <= da and |b' - b| <= db:
 *	|a'b' - ab|   <= |a| db + |b| da + da db
 *	|a'/b' - a/b| <= (|a/b| db + da) / (|b| - db), no end where db >= |b|
 * Each part is rounded up, and one half is added where the result itself was rounded, so that the
 * interval is never too small; where both sides are exact it stays exact, since then there is no
 * tolerance. */
#include "formula/evaluate.h"

#include <string.h>

#include "base/decimal.h"
#include "base/text.h"
#include "formula/types.h"

#define MILLION 1000000

int64_t slack_add(int64_t a, int64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

uint32_t count_add(uint32_t a, uint32_t b)
{
	return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

static int64_t magnitude(int64_t number)
{
	return number < 0 ? -number : number;
}

/* a * b modulo divisor for none negative, -1 where that takes more than 64 bits. */
static int64_t product_remainder(int64_t a, int64_t b, int64_t divisor)
{
	int64_t left = a % divisor, right = b % divisor;
	if (left == 0 || right == 0)
		return 0;
	return left > INT64_MAX / right ? -1 : left * right % divisor;
}

/* a * b / divisor, not below the true value, for none negative; INT64_MAX where it does not fit. */
static int64_t scale_up(int64_t a, int64_t b, int64_t divisor)
{
	int64_t result;
	if (!decimal_multiply(a, b, divisor, &result))
		return INT64_MAX;
	int64_t rest = product_remainder(a, b, divisor);
	bool enough = rest == 0 || (rest > 0 && rest >= divisor - rest);
	return enough ? result : slack_add(result, 1);
}

/* The most negative number has no magnitude; it counts as one that does not fit. */
static struct value settle(struct value value)
{
	if (value.blank || value.overflow) {
		value.number = 0;
		value.slack = 0;
	}
	if (value.number == INT64_MIN) {
		value.overflow = true;
		value.number = 0;
	}
	if (!value.text)
		value.text = "";
	return value;
}

static struct value join(enum expression_kind kind, const struct value *left, const struct value *right)
{
	struct value value = {.type = left->type, .text = ""};
	arithmetic_type(kind, left->type, right->type, &value.type);
	value.overflow = left->overflow || right->overflow;
	value.figures = count_add(left->figures, right->figures);
	value.rounded = count_add(left->rounded, right->rounded);
	return value;
}

static struct value blank_of(struct value value)
{
	return (struct value){.type = value.type, .blank = true, .text = ""};
}

static struct value add(enum expression_kind kind, const struct value *left, const struct value *right)
{
	struct value value = join(kind, left, right);
	if (value.overflow)
		return value;
	if (left->blank && right->blank)
		return blank_of(value);
	bool fits = kind == EXPRESSION_ADD ? decimal_add(left->number, right->number, &value.number)
					   : decimal_subtract(left->number, right->number, &value.number);
	value.overflow = !fits;
	value.slack = slack_add(left->slack, right->slack);
	return settle(value);
}

static int64_t product_slack(const struct value *left, const struct value *right)
{
	int64_t a = magnitude(left->number), b = magnitude(right->number);
	if (left->slack == 0 && right->slack == 0)
		return 0;
	int64_t slack = slack_add(scale_up(a, right->slack, MILLION), scale_up(b, left->slack, MILLION));
	slack = slack_add(slack, scale_up(left->slack, right->slack, 2 * MILLION));
	return slack_add(slack, product_remainder(a, b, MILLION) == 0 ? 0 : 1);
}

static struct value multiply(const struct value *left, const struct value *right)
{
	struct value value = join(EXPRESSION_MULTIPLY, left, right);
	if (value.overflow)
		return value;
	if (left->blank || right->blank)
		return blank_of(value);
	value.overflow = !decimal_multiply(left->number, right->number, MILLION, &value.number);
	value.slack = product_slack(left, right);
	return settle(value);
}

/* `quotient`: of the magnitudes, in smallest units of the result. Half-widths are halves, so |b| - db is
 * (2|b| - slack) / 2. */
static int64_t quotient_slack(const struct value *left, const struct value *right, int64_t quotient)
{
	int64_t a = magnitude(left->number), b = magnitude(right->number);
	if (left->slack == 0 && right->slack == 0)
		return 0;
	if (b > INT64_MAX / 2 || left->slack > INT64_MAX / 2 || right->slack >= 2 * b)
		return INT64_MAX;
	int64_t least = 2 * b - right->slack;
	int64_t rounding = product_remainder(a, MILLION, b) == 0 ? 0 : 1;
	int64_t slack = scale_up(slack_add(quotient, rounding), 2 * right->slack, least);
	slack = slack_add(slack, scale_up(2 * left->slack, MILLION, least));
	return slack_add(slack, rounding);
}

static struct value divide(const struct value *left, const struct value *right)
{
	struct value value = join(EXPRESSION_DIVIDE, left, right);
	int64_t quotient = 0;
	if (value.overflow)
		return value;
	if (left->blank || right->blank || right->number == 0)
		return blank_of(value);
	value.overflow =
		!decimal_multiply(magnitude(left->number), MILLION, magnitude(right->number), &quotient);
	value.number = (left->number < 0) == (right->number < 0) ? quotient : -quotient;
	if (!value.overflow)
		value.slack = quotient_slack(left, right, quotient);
	return settle(value);
}

static struct value truth(bool holds, bool overflow, uint32_t figures)
{
	return (struct value){.type = VALUE_TRUTH,
			      .number = holds && !overflow,
			      .overflow = overflow,
			      .figures = figures,
			      .text = ""};
}

bool is_comparison(enum expression_kind kind)
{
	return kind >= EXPRESSION_EQUAL && kind <= EXPRESSION_GREATER_EQUAL;
}

/* A date, or a text that is compared with one. */
static int64_t date_number(const struct value *value)
{
	return value->type == VALUE_TEXT ? date_of_text(value->text ? value->text : "") : value->number;
}

int value_compare(const struct value *left, const struct value *right)
{
	if (left->type != right->type && (left->type == VALUE_DATE || right->type == VALUE_DATE)) {
		int64_t a = date_number(left), b = date_number(right);
		return (a > b) - (a < b);
	}
	if (left->type == VALUE_TEXT || right->type == VALUE_TEXT)
		return strcmp(left->text ? left->text : "", right->text ? right->text : "");
	return (left->number > right->number) - (left->number < right->number);
}

bool relation_holds(enum expression_kind kind, int order)
{
	switch (kind) {
	case EXPRESSION_EQUAL:
		return order == 0;
	case EXPRESSION_UNEQUAL:
		return order != 0;
	case EXPRESSION_LESS:
		return order < 0;
	case EXPRESSION_LESS_EQUAL:
		return order <= 0;
	case EXPRESSION_GREATER:
		return order > 0;
	default:
		return order >= 0;
	}
}

static const char *expand(const struct scope *scope, const char *text)
{
	return strchr(text, '<') && scope->expand ? scope->expand(scope->context, text) : text;
}

static struct value evaluate_text(const struct expression *node, const struct scope *scope)
{
	const char *text = expand(scope, node->text);
	return (struct value){.type = VALUE_TEXT, .blank = !text[0], .text = text};
}

static struct value evaluate_negate(const struct expression *node, const struct scope *scope)
{
	struct value value = expression_evaluate(node->left, scope);
	if (!value.blank && !value.overflow)
		value.number = -value.number;
	return value;
}

static struct value evaluate_arithmetic(const struct expression *node, const struct scope *scope)
{
	struct value left = expression_evaluate(node->left, scope);
	struct value right = expression_evaluate(node->right, scope);
	if (node->kind == EXPRESSION_MULTIPLY)
		return multiply(&left, &right);
	if (node->kind == EXPRESSION_DIVIDE)
		return divide(&left, &right);
	return add(node->kind, &left, &right);
}

/* The parser refuses two literal texts side by side, so that at most one side borrows what expand() gave. */
static struct value evaluate_comparison(const struct expression *node, const struct scope *scope)
{
	struct value left = expression_evaluate(node->left, scope);
	struct value right = expression_evaluate(node->right, scope);
	bool overflow = left.overflow || right.overflow;
	uint32_t figures = count_add(left.figures, right.figures);
	return truth(!overflow && relation_holds(node->kind, value_compare(&left, &right)), overflow,
		     figures);
}

/* A side that decides alone hides an overflow of the other. */
static struct value evaluate_logic(const struct expression *node, const struct scope *scope)
{
	int64_t decisive = node->kind == EXPRESSION_OR;
	struct value left = expression_evaluate(node->left, scope);
	if (!left.overflow && left.number == decisive)
		return left;
	struct value right = expression_evaluate(node->right, scope);
	if (!right.overflow && right.number == decisive)
		return right;
	return truth(!decisive, left.overflow || right.overflow, count_add(left.figures, right.figures));
}

static struct value evaluate_condition(const struct expression *node, const struct scope *scope)
{
	struct value left = expression_evaluate(node->left, scope);
	switch (node->kind) {
	case EXPRESSION_NOT:
		return truth(left.number == 0, left.overflow, left.figures);
	case EXPRESSION_IS_BLANK:
		return truth(left.blank, false, left.figures);
	case EXPRESSION_IS_NOT_BLANK:
		return truth(!left.blank, false, left.figures);
	default:
		return truth(text_like(left.text, expand(scope, node->text)), false, left.figures);
	}
}

static struct value evaluate_any(const struct expression *node, const struct scope *scope)
{
	struct value found = truth(false, false, 0);
	if (!scope->enter_row)
		return found;
	for (size_t i = 0; !(found.number && !found.overflow) && scope->enter_row(scope->context, i); i++) {
		struct value row = expression_evaluate(node->left, scope);
		bool holds = !row.overflow && row.number != 0;
		found = truth(holds, !holds && (found.overflow || row.overflow),
			      count_add(found.figures, row.figures));
	}
	if (scope->leave_rows)
		scope->leave_rows(scope->context);
	return found;
}

struct value expression_evaluate(const struct expression *expression, const struct scope *scope)
{
	switch (expression->kind) {
	case EXPRESSION_NUMBER:
		return settle(*expression->value);
	case EXPRESSION_TEXT:
		return evaluate_text(expression, scope);
	case EXPRESSION_REFERENCE:
		return settle(scope->fetch(scope->context, expression->reference, false));
	case EXPRESSION_SUM:
		return settle(scope->fetch(scope->context, expression->reference, true));
	case EXPRESSION_NEGATE:
		return evaluate_negate(expression, scope);
	case EXPRESSION_ADD:
	case EXPRESSION_SUBTRACT:
	case EXPRESSION_MULTIPLY:
	case EXPRESSION_DIVIDE:
		return evaluate_arithmetic(expression, scope);
	case EXPRESSION_AND:
	case EXPRESSION_OR:
		return evaluate_logic(expression, scope);
	case EXPRESSION_NOT:
	case EXPRESSION_IS_BLANK:
	case EXPRESSION_IS_NOT_BLANK:
	case EXPRESSION_LIKE:
		return evaluate_condition(expression, scope);
	case EXPRESSION_ANY:
		return evaluate_any(expression, scope);
	default:
		return evaluate_comparison(expression, scope);
	}
}
