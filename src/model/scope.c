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

struct summing {
	const struct workbook *workbook;
	int leaf;
	struct value sum;
};

static void sum_visit(void *context, struct row *row)
{
	struct summing *summing = context;
	struct value value = cell_value(summing->workbook, row, summing->leaf);

	value_add(&summing->sum, &value);
}

static struct value fetch_leaves(const struct evaluation *evaluation, const struct form_binding *binding)
{
	const struct workbook *workbook = evaluation->workbook;
	const struct table *table = &workbook->tables[binding->table];
	struct summing summing = {workbook, binding->leaf, value_blank(binding->type)};

	if (!table->form->coded && binding->class >= 0) {
		chain_rows(workbook, evaluation->chain, binding->table, binding->class, sum_visit, &summing);
		return summing.sum;
	}
	for (struct row_walk walk = {0, 0};;) {
		struct row *row = row_next(table, &walk);

		if (!row)
			return summing.sum;
		if (row_is_leaf(row) || (row->fixed && rule_at(workbook, row, binding->leaf)->kind == FORM_ENTERED))
			sum_visit(&summing, row);
	}
}

static struct row *row_with_key(const struct evaluation *evaluation, int table)
{
	const struct form_check *check = evaluation->chain == evaluation->met_from ? evaluation->check : NULL;

	for (int i = 0; check && i < check->open_count; i++)
		if (check->open_tables[i] == table)
			return evaluation->met[i];
	return chain_row_of_key(evaluation->workbook, evaluation->chain, table, evaluation->key);
}

bool evaluation_place(const struct evaluation *evaluation, const struct reference *reference, struct row **row, int *leaf)
{
	const struct workbook *workbook = evaluation->workbook;
	const struct form_binding *binding = &workbook->pack->bindings[reference->binding];

	*leaf = binding->leaf;
	*row = NULL;
	if (binding->codes || binding->leaves)
		return false;
	switch (binding->reach) {
	case FORM_SAME_ROW: *row = (struct row *)evaluation->row; break;
	case FORM_FIXED: *row = chain_row(workbook, evaluation->chain, binding->table, binding->class); break;
	case FORM_SAME_KEY: *row = row_with_key(evaluation, binding->table); break;
	case FORM_PARENT: break;
	}
	return *row != NULL;
}

static struct value fetch(void *context, const struct reference *reference, bool sum)
{
	struct evaluation *evaluation = context;
	const struct form_binding *binding;
	struct value value;
	struct row *row;
	int leaf;

	(void)sum;
	/* sum(above) is always kept by differences; it is evaluated only for fixed rows that are new and blank. */
	if (!reference)
		return value_blank(VALUE_MONEY);
	binding = &evaluation->workbook->pack->bindings[reference->binding];
	if (binding->codes)
		return fetch_codes(evaluation->workbook, binding);
	if (binding->leaves)
		return fetch_leaves(evaluation, binding);
	if (!evaluation_place(evaluation, reference, &row, &leaf))
		return value_blank(binding->type);
	value = cell_value(evaluation->workbook, row, leaf);
	return binding->part == FORM_WHOLE || value.type != VALUE_TEXT
		       ? value
		       : measure_part(value.text, binding->part, workbook_scratch(evaluation->workbook));
}

/* any(): the rows of the grid in the sheet where the evaluation stands. */
static bool enter_row(void *context, size_t i)
{
	struct evaluation *evaluation = context;
	const struct table *table = &evaluation->workbook->tables[evaluation->table];
	struct entry_node *outer = i ? evaluation->outer : evaluation->chain;
	const struct sheet *sheet = table->form->each < 0 ? table->sheets[0] : NULL;

	if (!sheet) {
		struct entry_node *entry = chain_find(outer, table->form->each);

		sheet = entry ? map_get(table->sheet_index, entry->key) : NULL;
	}
	evaluation->outer = outer;
	if (!sheet || i >= sheet->count)
		return false;
	evaluation->row = sheet->rows[i];
	evaluation->chain = sheet->rows[i]->entry;
	return true;
}

static void leave_rows(void *context)
{
	struct evaluation *evaluation = context;

	evaluation->chain = evaluation->outer;
	evaluation->row = NULL; /* any() stands in checks only, which have no row of their own */
}

static const char *expand(void *context, const char *text)
{
	struct evaluation *evaluation = context;

	buffer_clear(&evaluation->text);
	row_expand(evaluation->workbook, evaluation->row, evaluation->table, text, &evaluation->text);
	return buffer_text(&evaluation->text);
}

struct scope evaluation_scope(struct evaluation *evaluation)
{
	struct scope scope = {.context = evaluation, .fetch = fetch, .expand = expand, .enter_row = enter_row,
			      .leave_rows = leave_rows};

	return scope;
}
