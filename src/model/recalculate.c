/* Recalculation. A cell that is a sum is kept by differences: when a source changes by Δ (value, half-width, counts alike), the target
 * changes by ±Δ. Any other formula is evaluated again from the cells that it reads. Both wait in a small queue ordered by rank, so that each
 * cell changes once, after everything that it reads; parents share their children's rank and wait for the deeper level.
 * The paths are the static edges of the pack: nothing here looks at more rows than an edit reaches. */
#include <string.h>

#include "base/decimal.h"
#include "model/internal.h"

static const char *cell_text(const struct workbook *workbook, const struct row *row, int leaf)
{
	const struct form_column *column = workbook->tables[row->table].form->leaves[leaf];
	bool label = rule_at(workbook, row, leaf)->kind == FORM_LABEL || row->code
		     || (row->entry && column_is_entry_label(column));

	if (column->type == FORM_CODE && label && column->level >= 0) {
		struct buffer *part = workbook_scratch(workbook);

		row_code_part(row, column, part);
		return buffer_text(part);
	}
	if (column->type == FORM_CODE && label)
		return row_code(row);
	if (column->type == FORM_CAPTION && label)
		return row_caption(row);
	return workbook_text(workbook, row, leaf, true);
}

struct value cell_value(const struct workbook *workbook, const struct row *row, int leaf)
{
	const struct form_column *column = workbook->tables[row->table].form->leaves[leaf];
	const struct cell *cell = &row->cells[leaf];
	struct value value = {.type = VALUE_NUMBER, .text = ""};

	switch (column->type) {
	case FORM_MONEY: value.type = VALUE_MONEY; break;
	case FORM_PERCENT: value.type = VALUE_PERCENT; break;
	case FORM_DATE:
		value.type = VALUE_DATE;
		value.number = date_of_text(workbook_text(workbook, row, leaf, true));
		value.blank = !value.number;
		value.figures = cell->figures;
		return value;
	case FORM_CODE:
	case FORM_CAPTION:
	case FORM_TEXT:
	case FORM_CHOICE:
	case FORM_MEASURE:
		value.type = VALUE_TEXT;
		value.text = cell_text(workbook, row, leaf);
		value.blank = !value.text[0];
		value.figures = cell->figures;
		return value;
	default: break;
	}
	value.blank = cell->figures == 0;
	value.number = cell->number;
	value.slack = cell->slack;
	value.figures = cell->figures;
	value.rounded = cell->rounded;
	return value;
}

static bool cell_add(struct cell *cell, const struct cell *change, int sign)
{
	bool fits;

	fits = sign >= 0 ? decimal_add(cell->number, change->number, &cell->number)
			 : decimal_subtract(cell->number, change->number, &cell->number);
	cell->slack += change->slack;
	cell->figures += change->figures;
	cell->rounded += change->rounded;
	return fits;
}

static struct cell cell_difference(const struct cell *after, const struct cell *before)
{
	struct cell change;

	/* Wrapped like the sums: what a change adds, its opposite takes away. */
	change.number = (int64_t)((uint64_t)after->number - (uint64_t)before->number);
	change.slack = after->slack - before->slack;
	change.figures = after->figures - before->figures;
	change.rounded = after->rounded - before->rounded;
	return change;
}

static void queue_add(struct workbook *workbook, struct row *row, int leaf, int sign, const struct cell *change)
{
	struct pending_cell *pending = NULL;

	for (size_t i = 0; i < workbook->cell_count && !pending; i++)
		if (workbook->cells[i].row == row && workbook->cells[i].leaf == leaf)
			pending = &workbook->cells[i];
	if (!pending) {
		array_reserve(&workbook->cells, &workbook->cell_capacity, workbook->cell_count, sizeof(*workbook->cells));
		pending = &workbook->cells[workbook->cell_count++];
		memset(pending, 0, sizeof(*pending));
		pending->row = row;
		pending->leaf = leaf;
		pending->rank = rule_at(workbook, row, leaf)->rank;
		pending->level = row->class == FORM_CLASS_TOTAL ? -1 : row->level;
	}
	if (!sign)
		pending->evaluate = true;
	else if (!cell_add(&pending->change, change, sign))
		workbook->overflow = true;
}

static struct pending_cell queue_take(struct workbook *workbook)
{
	size_t best = 0;
	struct pending_cell taken;

	for (size_t i = 1; i < workbook->cell_count; i++) {
		const struct pending_cell *a = &workbook->cells[i], *b = &workbook->cells[best];

		if (a->rank < b->rank || (a->rank == b->rank && a->level > b->level))
			best = i;
	}
	taken = workbook->cells[best];
	workbook->cells[best] = workbook->cells[--workbook->cell_count];
	return taken;
}

struct spreading {
	struct workbook *workbook;
	const struct form_edge *edge;
	const struct cell *change;
};

static void spread_visit(void *context, struct row *row)
{
	struct spreading *spreading = context;

	queue_add(spreading->workbook, row, spreading->edge->leaf, spreading->edge->sign, spreading->change);
}

static void edge_spread(struct workbook *workbook, struct row *row, const struct form_edge *edge, const struct cell *change)
{
	struct spreading spreading = {workbook, edge, change};
	struct row *target = NULL;

	switch (edge->reach) {
	case FORM_SAME_ROW: target = row; break;
	case FORM_PARENT: target = row->parent; break;
	case FORM_FIXED: chain_rows(workbook, row_chain(row), edge->table, edge->class, spread_visit, &spreading); return;
	case FORM_SAME_KEY: target = chain_row_of_key(workbook, row_chain(row), edge->table, row_match_key(row)); break;
	}
	if (target && (edge->reach != FORM_SAME_KEY || edge->class < 0 || edge->class == target->class))
		spread_visit(&spreading, target);
}

static void check_spread(struct workbook *workbook, struct row *row, const struct form_check_edge *edge)
{
	const struct form_check *check = &workbook->pack->checks[edge->check];

	if (check->list >= 0 && check->open)
		check_mark(workbook, edge->check, edge->instances == FORM_THE_KEY && row->own_key ? row->key : NULL);
	else if (check->list >= 0)
		check_mark_entry(workbook, edge->check, row_chain(row));
	else if (edge->instances == FORM_THE_KEY)
		check_mark(workbook, edge->check, row_match_key(row));
	else
		check_mark(workbook, edge->check, edge->instances == FORM_ALL_KEYS ? NULL : "");
}

/* What a changed cell reaches: other cells, and checks. */
static void cell_spread(struct workbook *workbook, struct row *row, int leaf, const struct cell *change)
{
	const struct form_rule *rule = rule_at(workbook, row, leaf);

	for (int i = 0; i < rule->edge_count; i++)
		if (!rule->edges[i].code || strcmp(rule->edges[i].code, row_code(row)) == 0)
			edge_spread(workbook, row, &rule->edges[i], change);
	for (int i = 0; i < rule->check_edge_count; i++)
		if (!rule->check_edges[i].code || strcmp(rule->check_edges[i].code, row_code(row)) == 0)
			check_spread(workbook, row, &rule->check_edges[i]);
	if (row->controls)
		control_judge(workbook, row, leaf);
}

static struct cell cell_evaluate(struct workbook *workbook, struct row *row, int leaf)
{
	struct evaluation evaluation = {.workbook = workbook, .row = row, .chain = row_chain(row), .key = row_match_key(row),
					.table = row->table};
	struct scope scope = evaluation_scope(&evaluation);
	struct value value = expression_evaluate(rule_at(workbook, row, leaf)->formula->expression, &scope);
	struct cell cell = {0};

	buffer_done(&evaluation.text);
	if (value.overflow)
		workbook->overflow = true;
	if (value.blank)
		return cell;
	cell.number = value.number;
	cell.slack = value.slack;
	cell.figures = value.figures ? value.figures : 1;
	cell.rounded = value.rounded;
	return cell;
}

static void queue_run(struct workbook *workbook)
{
	while (workbook->cell_count) {
		struct pending_cell pending = queue_take(workbook);
		struct cell *cell = &pending.row->cells[pending.leaf];
		struct cell before = *cell, change;

		if (pending.evaluate)
			*cell = cell_evaluate(workbook, pending.row, pending.leaf);
		else if (!cell_add(cell, &pending.change, 1))
			workbook->overflow = true;
		change = cell_difference(cell, &before);
		if (change.number || change.slack || change.figures || change.rounded)
			cell_spread(workbook, pending.row, pending.leaf, &change);
	}
}

void cell_change(struct workbook *workbook, struct row *row, int leaf, const struct cell *value)
{
	struct cell change = cell_difference(value, &row->cells[leaf]);

	workbook->tables[row->table].entered += (size_t)(int32_t)change.figures;
	row->cells[leaf] = *value;
	if (change.number || change.slack || change.figures || change.rounded)
		cell_spread(workbook, row, leaf, &change);
	queue_run(workbook);
}

void cell_touch(struct workbook *workbook, struct row *row, int leaf)
{
	static const struct cell nothing;

	cell_spread(workbook, row, leaf, &nothing);
	queue_run(workbook);
}

void cell_change_text(struct workbook *workbook, struct row *row, int leaf, const char *text)
{
	const struct form_table *form = workbook->tables[row->table].form;
	uint32_t before = row->cells[leaf].figures;

	if (!row->texts)
		row->texts = memory_new_array((size_t)form->leaf_count, sizeof(*row->texts));
	memory_free(row->texts[leaf]);
	row->texts[leaf] = text[0] ? memory_copy_string(text) : NULL;
	row->cells[leaf].figures = text[0] ? 1 : 0;
	workbook->tables[row->table].entered += (size_t)row->cells[leaf].figures - (size_t)before;
	cell_touch(workbook, row, leaf);
	if (form->leaves[leaf]->unique || form->leaves[leaf]->once)
		unique_judge(workbook, row->sheet, &workbook->tables[row->table]);
}

void row_settle(struct workbook *workbook, struct row *row, bool all_blank)
{
	const struct form_table *form = workbook->tables[row->table].form;

	for (int leaf = 0; leaf < form->leaf_count; leaf++) {
		const struct form_rule *rule = rule_at(workbook, row, leaf);
		struct cell before = row->cells[leaf], after, change;

		if (!rule->formula || (rule->kind != FORM_LINEAR && rule->kind != FORM_EVALUATE))
			continue;
		if (rule->kind == FORM_LINEAR && (all_blank || rule->own_row))
			continue;
		after = cell_evaluate(workbook, row, leaf);
		change = cell_difference(&after, &before);
		row->cells[leaf] = after;
		if (change.number || change.slack || change.figures || change.rounded)
			cell_spread(workbook, row, leaf, &change);
		queue_run(workbook);
	}
}

void row_unsettle(struct workbook *workbook, struct row *row)
{
	static const struct cell blank;
	struct table *table = &workbook->tables[row->table];
	bool more = true;

	/* A cell may be computed again as another of the row goes, but not after all that it reads has gone. */
	for (int pass = 0; more && pass <= table->form->leaf_count; pass++) {
		more = false;
		for (int leaf = 0; leaf < table->form->leaf_count; leaf++) {
			struct cell change = cell_difference(&blank, &row->cells[leaf]);

			if (!row->cells[leaf].figures)
				continue;
			if (rule_at(workbook, row, leaf)->kind == FORM_ENTERED)
				table->entered += (size_t)(int32_t)change.figures;
			row->cells[leaf] = blank;
			cell_spread(workbook, row, leaf, &change);
			queue_run(workbook);
			more = true;
		}
	}
}
