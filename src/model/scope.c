/* What the evaluator sees of a workbook: the values behind bound references, and the placeholders of texts. */
#include <string.h>

#include "base/decimal.h"
#include "model/internal.h"

static const struct value blank_value = {.type = VALUE_NUMBER, .blank = true, .text = ""};

static struct value value_blank(enum value_type type)
{
	struct value value = blank_value;

	value.type = type;
	return value;
}

static void value_add(struct value *sum, const struct value *value)
{
	if (value->blank)
		return;
	if (!decimal_add(sum->number, value->number, &sum->number))
		sum->overflow = true;
	sum->blank = false;
	sum->slack += value->slack;
	sum->figures += value->figures;
	sum->rounded += value->rounded;
}

static struct value fetch_codes(const struct workbook *workbook, const struct form_binding *binding)
{
	struct value sum = value_blank(binding->type);

	for (int i = 0; i < binding->code_count; i++) {
		const struct row *row = row_of_key(workbook, binding->table, binding->codes[i]);
		struct value value;

		if (!row)
			continue;
		value = cell_value(workbook, row, binding->leaf);
		value_add(&sum, &value);
	}
	return sum;
}

static struct value fetch_leaves(const struct workbook *workbook, const struct form_binding *binding)
{
	const struct table *table = &workbook->tables[binding->table];
	struct value sum = value_blank(binding->type);
	size_t count = table->form->coded ? table->count : (size_t)table->form->row_count;

	for (size_t i = 0; i < count; i++) {
		const struct row *row = table->form->coded ? table->order[i] : &table->fixed[i];
		struct value value;

		if (rule_at(workbook, row, binding->leaf)->kind != FORM_ENTERED && !row_is_leaf(row))
			continue;
		value = cell_value(workbook, row, binding->leaf);
		value_add(&sum, &value);
	}
	return sum;
}

bool evaluation_place(const struct evaluation *evaluation, const struct reference *reference, struct row **row, int *leaf)
{
	const struct form_binding *binding = &evaluation->workbook->pack->bindings[reference->binding];

	*leaf = binding->leaf;
	*row = NULL;
	if (binding->codes || binding->leaves)
		return false;
	switch (binding->reach) {
	case FORM_SAME_ROW: *row = (struct row *)evaluation->row; break;
	case FORM_FIXED: *row = row_of_class(evaluation->workbook, binding->table, binding->class); break;
	case FORM_SAME_KEY: *row = row_of_key(evaluation->workbook, binding->table, evaluation->key); break;
	case FORM_PARENT: break;
	}
	return *row != NULL;
}

static struct value fetch(void *context, const struct reference *reference, bool sum)
{
	struct evaluation *evaluation = context;
	const struct form_binding *binding;
	struct row *row;
	int leaf;

	(void)sum;
	/* sum(above) is always kept by differences; it is evaluated only for fixed rows of a new, blank workbook. */
	if (!reference)
		return value_blank(VALUE_MONEY);
	binding = &evaluation->workbook->pack->bindings[reference->binding];
	if (binding->codes)
		return fetch_codes(evaluation->workbook, binding);
	if (binding->leaves)
		return fetch_leaves(evaluation->workbook, binding);
	if (!evaluation_place(evaluation, reference, &row, &leaf))
		return value_blank(binding->type);
	return cell_value(evaluation->workbook, row, leaf);
}

static const char *expand(void *context, const char *text)
{
	struct evaluation *evaluation = context;

	buffer_clear(&evaluation->text);
	workbook_expand(evaluation->workbook, evaluation->table, text, &evaluation->text);
	return buffer_text(&evaluation->text);
}

struct scope evaluation_scope(struct evaluation *evaluation)
{
	struct scope scope = {.context = evaluation, .fetch = fetch, .expand = expand};

	return scope;
}
