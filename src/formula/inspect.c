/* Looking at a tree without evaluating it: which references it has, and whether it is a plain sum. */
#include "formula/expression.h"

static bool visit_node(const struct expression *node, reference_visitor visit, void *context, bool in_any)
{
	if (!node)
		return true;
	if (node->reference && !visit(context, node->reference, node->kind == EXPRESSION_SUM, in_any))
		return false;
	bool within = in_any || node->kind == EXPRESSION_ANY;
	return visit_node(node->left, visit, context, within) &&
	       visit_node(node->right, visit, context, within);
}

bool expression_visit(const struct expression *expression, reference_visitor visit, void *context)
{
	return visit_node(expression, visit, context, false);
}

struct terms {
	struct linear_term *items;
	size_t count, capacity;
};

static bool collect(const struct expression *node, int sign, struct terms *terms)
{
	switch (node->kind) {
	case EXPRESSION_REFERENCE:
	case EXPRESSION_SUM:
		if (terms->count == terms->capacity)
			return false;
		terms->items[terms->count++] = (struct linear_term){
			.reference = node->reference,
			.sum = node->kind == EXPRESSION_SUM,
			.sign = sign,
		};
		return true;
	case EXPRESSION_NEGATE:
		return collect(node->left, -sign, terms);
	case EXPRESSION_ADD:
		return collect(node->left, sign, terms) && collect(node->right, sign, terms);
	case EXPRESSION_SUBTRACT:
		return collect(node->left, sign, terms) && collect(node->right, -sign, terms);
	default:
		return false;
	}
}

int expression_linear(const struct expression *expression, struct linear_term *terms, size_t capacity)
{
	struct terms collected = {.items = terms, .capacity = capacity};
	return collect(expression, 1, &collected) ? (int)collected.count : -1;
}
