/* Pasting a block: where each cell lands, whether it can, and doing it.
 *
 * The plan is made in two steps. First each cell gets its place by what the block looks like. Then the paste
 * is tried on the workbook and taken back: only so can be known what the model refuses, and whether a total
 * that was pasted along is the total that comes out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/text.h"
#include "session/block.h"
#include "session/session.h"
#include "session/state.h"

#define PASTE_BYTES_MAX (4u << 20)
#define NO_COLUMN ((size_t)-1)

struct planner {
	const struct session *session;
	const struct form_table *form;
	struct paste_plan *plan;
	size_t capacity;
	struct block block;
	size_t body; /* first line below the head */
	size_t width;
	size_t code, name; /* columns of the block, NO_COLUMN: none */
	size_t figures;    /* first column of figures, when there are codes */
	size_t sheet, line; /* where it lands otherwise */
	int leaf;
	int *leaves;      /* of each column of the block when there are codes, -1: beyond the table */
	struct map *seen; /* codes of the block */
};

static bool is_figure(const char *text)
{
	int64_t number;

	return decimal_parse(&number, text, (struct decimal_format){.power = 6, .money = true}, NULL) ==
	       STATUS_OK;
}

static bool same_name(const char *a, const char *b)
{
	char *a_name, *b_name;
	bool same;

	if (b == NULL)
		return false;
	a_name = form_name_of(a);
	b_name = form_name_of(b);
	same = *a_name != '\0' && strcmp(a_name, b_name) == 0;
	memory_free(a_name);
	memory_free(b_name);
	return same;
}

/* ---- what the block looks like ---- */

static bool names_column(const struct form_column *column, const char *text)
{
	if (column->depth >= 0 && (same_name(text, column->caption) || same_name(text, column->name)))
		return true;
	for (int i = 0; i < column->child_count; i++)
		if (names_column(column->children[i], text))
			return true;
	return false;
}

/* A line of the head: nothing in it is a figure and something in it is a caption; or the line of column
 * numbers. */
static bool is_head(const struct planner *planner, size_t line)
{
	const struct form_table *form = planner->form;
	bool named = false;

	for (size_t i = 0; i < planner->block.lines[line].count; i++) {
		const char *cell = block_cell(&planner->block, line, i);

		if (*cell == '\0')
			continue;
		if (form->numbers != NULL && i < 2 && same_name(cell, form->numbers))
			return true;
		if (is_figure(cell))
			return false;
		for (int c = 0; c < form->head->child_count && !named; c++)
			named = names_column(form->head->children[c], cell);
	}
	return named;
}

static bool is_code_cell(const struct form_coded *coded, const char *cell)
{
	if (catalogue_level_of(coded->catalogue, cell) >= 0)
		return true;
	return *cell != '\0' && coded->total != NULL && same_name(cell, coded->total);
}

/* True if every cell of `column` is a code or empty, and some is a code. */
static bool is_code_column(const struct planner *planner, size_t column)
{
	const struct catalogue *catalogue = planner->form->coded->catalogue;
	bool found = false;

	for (size_t i = planner->body; i < planner->block.count; i++) {
		const char *cell = block_cell(&planner->block, i, column);

		if (*cell != '\0' && !is_code_cell(planner->form->coded, cell))
			return false;
		found = found || catalogue_level_of(catalogue, cell) >= 0;
	}
	return found;
}

static bool is_ordinal_column(const struct planner *planner, size_t column)
{
	for (size_t i = planner->body; i < planner->block.count; i++) {
		const char *cell = block_cell(&planner->block, i, column);

		if (strspn(cell, "0123456789") != strlen(cell) || strlen(cell) > 6)
			return false;
	}
	return true;
}

static bool is_name_column(const struct planner *planner, size_t column)
{
	bool found = false;

	for (size_t i = planner->body; i < planner->block.count; i++) {
		const char *cell = block_cell(&planner->block, i, column);

		if (*cell != '\0' && is_figure(cell))
			return false;
		found = found || *cell != '\0';
	}
	return found;
}

static void find_codes(struct planner *planner)
{
	planner->code = planner->name = NO_COLUMN;
	if (planner->form->coded == NULL)
		return;
	if (is_code_column(planner, 0) && !(is_ordinal_column(planner, 0) && is_code_column(planner, 1)))
		planner->code = 0;
	else if (is_ordinal_column(planner, 0) && is_code_column(planner, 1))
		planner->code = 1;
	else
		return;
	if (is_name_column(planner, planner->code + 1))
		planner->name = planner->code + 1;
	planner->figures = planner->code + (planner->name != NO_COLUMN ? 2 : 1);
}

/* The first leaf that holds figures. */
static int first_figure(const struct form_table *form)
{
	int leaf = 0;

	while (leaf < form->leaf_count && form_rule_of(form, FORM_CLASS_LEAF, leaf)->kind == FORM_LABEL)
		leaf++;
	return leaf;
}

/* The leaves that the columns' captions name; false if one of them names none. */
static bool leaves_by_head(struct planner *planner)
{
	if (planner->body == 0 || planner->figures >= planner->width)
		return false;
	for (size_t i = planner->figures; i < planner->width; i++) {
		char *name = form_name_of(block_cell(&planner->block, planner->body - 1, i));

		planner->leaves[i] = *name != '\0' ? form_leaf_find(planner->form, name, -1) : -1;
		memory_free(name);
		if (planner->leaves[i] < 0)
			return false;
	}
	return true;
}

/* With codes: columns land by their captions where these were copied along; else from the first column of
 * figures if the block is the whole table or the cursor stands at the names; else from the cursor. */
static void place_columns(struct planner *planner)
{
	const struct form_table *form = planner->form;
	int first = first_figure(form), leaf = planner->leaf;

	planner->leaves = memory_new_array(planner->width + 1, sizeof(*planner->leaves));
	if (leaves_by_head(planner))
		return;
	if (leaf < first || planner->width - planner->figures == (size_t)(form->leaf_count - first))
		leaf = first;
	for (size_t i = planner->figures; i < planner->width; i++, leaf++)
		planner->leaves[i] = leaf < form->leaf_count ? leaf : -1;
}

/* ---- where each cell lands ---- */

static struct paste_cell *add_cell(struct planner *planner, size_t line, const char *text, const char *key,
				   int leaf)
{
	struct paste_plan *plan = planner->plan;
	struct paste_cell *cell;
	size_t length = strlen(key);

	array_reserve(&plan->cells, &planner->capacity, plan->count, sizeof(*plan->cells));
	cell = &plan->cells[plan->count++];
	*cell = (struct paste_cell){
		.text = memory_copy_string(text), .leaf = leaf, .line = line - planner->body};
	if (length < sizeof(cell->key))
		memcpy(cell->key, key, length);
	return cell;
}

static void set_problem(struct paste_cell *cell, const char *sentence)
{
	if (cell->problem == NULL)
		cell->problem = memory_copy_string(sentence);
}

static void place_figure(struct planner *planner, size_t line, const char *text, const char *key, int leaf,
			 const struct form_rule *rule)
{
	struct paste_cell *cell;

	if (rule->kind == FORM_ENTERED) {
		(void)add_cell(planner, line, text, key, leaf);
		return;
	}
	if (*text == '\0' || (rule->constant != NULL && strcmp(rule->constant, text) == 0))
		return;
	cell = add_cell(planner, line, text, key, leaf);
	if (rule->kind == FORM_LINEAR || rule->kind == FORM_EVALUATE)
		cell->computed = true;
	else
		set_problem(cell, _("这一格不填数。"));
}

/* The class of the coded row that `key` names. */
static int class_of(const struct form_coded *coded, const char *key)
{
	int level = catalogue_level_of(coded->catalogue, key);

	if (level < 0)
		return FORM_CLASS_TOTAL;
	return level == coded->leaf_level ? FORM_CLASS_LEAF : FORM_CLASS_PARENT;
}

static void place_name(struct planner *planner, size_t line, const char *key)
{
	const struct form_coded *coded = planner->form->coded;
	const char *name = planner->name != NO_COLUMN ? block_cell(&planner->block, line, planner->name) : "";

	if (*name == '\0' || catalogue_level_of(coded->catalogue, key) < 0 ||
	    workbook_code_name(planner->session->workbook, coded->catalogue, key) != NULL)
		return;
	(void)add_cell(planner, line, name, key, planner->form->blocks[0].caption_leaf);
}

static void place_coded_line(struct planner *planner, size_t line)
{
	const struct form_table *form = planner->form;
	const char *code = block_cell(&planner->block, line, planner->code), *key = code;
	struct paste_cell *head;
	int class;

	if (*code == '\0') {
		for (size_t i = 0; i < planner->block.lines[line].count; i++)
			if (*block_cell(&planner->block, line, i) != '\0')
				set_problem(
					add_cell(planner, line, block_cell(&planner->block, line, i), "", -1),
					_("这一行没有编码，不知道该放到哪一行。"));
		return;
	}
	class = class_of(form->coded, code);
	if (class == FORM_CLASS_TOTAL)
		key = form->coded->total_name;
	head = add_cell(planner, line, code, key, form->blocks[0].code_leaf);
	head->adds_row = class == FORM_CLASS_LEAF &&
			 workbook_row_find(planner->session->workbook, form->index, key) == NULL;
	if (map_get(planner->seen, key) != NULL)
		set_problem(head, _("这个编码在贴来的内容里出现了两次。"));
	map_set(planner->seen, key, planner);
	place_name(planner, line, key);
	for (size_t i = planner->figures; i < planner->block.lines[line].count; i++) {
		const char *text = block_cell(&planner->block, line, i);

		if (planner->leaves[i] >= 0)
			place_figure(planner, line, text, key, planner->leaves[i],
				     form_rule_of(form, class, planner->leaves[i]));
		else if (*text != '\0')
			set_problem(add_cell(planner, line, text, key, -1), _("表的右边没有这一栏了。"));
	}
}

/* A label that was copied along must be the label that stands there. */
static void place_label(struct planner *planner, size_t line, const char *text, const struct row *row,
			int leaf)
{
	const struct form_column *column = planner->form->leaves[leaf];
	const char *stands = column->type == FORM_CODE ? row_code(row) : row_caption(row);
	struct buffer sentence = {0};

	if (column->type == FORM_ORDINAL || *text == '\0' || same_name(text, stands))
		return;
	buffer_format(&sentence, _("这一行是“%s”，贴来的却是“%s”：请核对粘贴的位置。"),
		      stands != NULL ? stands : "", text);
	set_problem(add_cell(planner, line, text, row_key(row), leaf), buffer_text(&sentence));
	buffer_done(&sentence);
}

/* Behind the last line of a table of free rows. */
static void place_in_new_row(struct planner *planner, size_t line, const char *text, size_t number, int leaf)
{
	const struct form_table *form = planner->form;
	char key[24];

	snprintf(key, sizeof(key), "+%zu", number + 1);
	if (*text != '\0' && form->leaves[leaf]->type != FORM_ORDINAL)
		place_figure(planner, line, text, key, leaf, form_rule_of(form, form->entry_class, leaf));
}

static void place_cell(struct planner *planner, size_t line, size_t column, const char *text)
{
	const struct workbook *workbook = planner->session->workbook;
	const struct form_table *form = planner->form;
	size_t target = planner->line + (line - planner->body);
	size_t lines = workbook_sheet_line_count(workbook, form->index, planner->sheet);
	const struct row *row = NULL;
	const struct form_rule *rule;
	int leaf, block;

	if (column >= (size_t)(form->leaf_count - planner->leaf)) {
		if (*text != '\0')
			set_problem(add_cell(planner, line, text, "", -1), _("表的右边没有这一栏了。"));
		return;
	}
	leaf = planner->leaf + (int)column;
	block = form->leaves[leaf]->block;
	if (target < lines)
		row = workbook_sheet_line_row(workbook, form->index, planner->sheet, target,
					      block < 0 ? form->fields_class >= 0 : block);
	if (row == NULL && target >= lines && form->list >= 0) {
		place_in_new_row(planner, line, text, target - lines, leaf);
		return;
	}
	if (row == NULL) {
		if (*text != '\0' && form->leaves[leaf]->type != FORM_ORDINAL)
			set_problem(add_cell(planner, line, text, "", leaf),
				    form->coded != NULL
					    ? _("表里没有这一行；第一栏贴上编码，就会按编码加行。")
					    : _("表里没有这一行。"));
		return;
	}
	rule = workbook_rule(workbook, row, leaf);
	if (rule->kind == FORM_LABEL)
		place_label(planner, line, text, row, leaf);
	else
		place_figure(planner, line, text, row_key(row), leaf, rule);
}

static void place_block(struct planner *planner)
{
	while (planner->body < planner->block.count && is_head(planner, planner->body))
		planner->body++;
	planner->width = block_width(&planner->block, planner->body);
	planner->plan->rows = planner->block.count - planner->body;
	find_codes(planner);
	if (planner->code != NO_COLUMN) {
		place_columns(planner);
		for (size_t i = planner->body; i < planner->block.count; i++)
			place_coded_line(planner, i);
		return;
	}
	for (size_t i = planner->body; i < planner->block.count; i++)
		for (size_t j = 0; j < planner->block.lines[i].count; j++)
			place_cell(planner, i, j, block_cell(&planner->block, i, j));
}

/* ---- landing ---- */

static const struct form_unit *unit_of(const struct paste_plan *plan, const struct form_column *column)
{
	return column->type == FORM_MONEY ? plan->unit : NULL;
}

static bool is_label(const struct form_column *column)
{
	return column->type == FORM_ORDINAL || column->type == FORM_CODE || column->type == FORM_CAPTION;
}

static bool gives_name(const struct form_table *form, const struct paste_cell *cell)
{
	return cell->leaf >= 0 && form->coded != NULL && form->leaves[cell->leaf]->type == FORM_CAPTION;
}

/* The row that the cell lands in, as it is called now; a new row of a list is added when its first cell
 * comes. NULL and a sentence: it cannot be added. `added`: of each +1 the key that it has got. */
static const char *key_of(struct session *session, const struct paste_plan *plan,
			  const struct paste_cell *cell, struct map *added, struct diag_list *diags)
{
	const struct form_table *form = session->pack->tables[plan->table];
	char key[SESSION_KEY_SIZE] = "";
	char *copy;

	if (cell->key[0] != '+')
		return cell->key;
	if (map_get(added, cell->key) == NULL) {
		if (session_entry_add(session, form->list, plan->owner, "", "", "", key, diags) != STATUS_OK)
			return NULL;
		copy = memory_copy_string(key);
		map_set(added, cell->key, copy);
	}
	return map_get(added, cell->key);
}

static enum status land(struct session *session, const struct paste_plan *plan, const struct paste_cell *cell,
			struct map *added, struct diag_list *diags)
{
	const struct form_table *form = session->pack->tables[plan->table];
	const struct form_column *column = form->leaves[cell->leaf];
	const char *key = key_of(session, plan, cell, added, diags);
	size_t errors = diags->errors;
	char missing[24] = "";
	enum status status = key != NULL ? STATUS_OK : STATUS_INVALID;

	if (cell->adds_row)
		status = session_row_add(session, plan->table, cell->key, missing, diags);
	if (status == STATUS_NOT_FOUND && diags->errors == errors)
		diag_error(diags,
			   _("科目目录里没有它的上级科目 %s，请把上级的编码和名称一起贴上，或先加这一行。"),
			   missing);
	if (status == STATUS_OK && (!is_label(column) || form->coded == NULL) && !cell->computed)
		status = session_enter(session, plan->table, key, cell->leaf, cell->text,
				       unit_of(plan, column), false, diags);
	return status;
}

/* Lands every cell without a problem, the names of codes first, since rows may need them. What cannot land is
 * said in diags[0 .. plan->count - 1], or, if `stop`, in diags[0], and ends it. */
static enum status land_all(struct session *session, const struct paste_plan *plan, struct map *added,
			    struct diag_list *diags, bool stop)
{
	const struct form_table *form = session->pack->tables[plan->table];
	enum status status = STATUS_OK;

	for (int names = 1; names >= 0; names--)
		for (size_t i = 0; i < plan->count; i++) {
			const struct paste_cell *cell = &plan->cells[i];
			struct diag_list *own = &diags[stop ? 0 : i];

			if (cell->problem != NULL || cell->leaf < 0 || gives_name(form, cell) != (names == 1))
				continue;
			status = names == 1 ? session_name(session, plan->table, cell->key, cell->text, own)
					    : land(session, plan, cell, added, own);
			if (status != STATUS_OK && stop)
				return status;
		}
	return status;
}

/* A computed cell must come out as it was pasted; the pasted figure is rounded as it is printed, as a control
 * figure is. */
static void compare_computed(const struct session *trial, const struct paste_plan *plan, struct map *added,
			     struct paste_cell *cell)
{
	const struct form_table *form = trial->pack->tables[plan->table];
	const struct form_column *column = form->leaves[cell->leaf];
	const struct row *row =
		workbook_row_find(trial->workbook, plan->table,
				  map_get(added, cell->key) != NULL ? map_get(added, cell->key) : cell->key);
	struct value stated = {.figures = 1, .rounded = 1, .slack = form_unit_step(&column->unit)}, computed;
	struct diag_list diags = {0};
	struct buffer text = {0};
	struct operation read;

	if (row == NULL) {
		set_problem(cell, _("表里没有这一行。"));
		return;
	}
	computed = workbook_value(trial->workbook, row, cell->leaf);
	if (!session_read_cell(form, cell->key, cell->leaf, cell->text, unit_of(plan, column), true, &read,
			       &diags)) {
		set_problem(cell, diag_first_error(&diags));
		diag_list_done(&diags);
		return;
	}
	stated.type = computed.type;
	stated.number = read.new_entry.number;
	operation_done(&read);
	if (value_judge(&stated, &computed).state == VERDICT_FAILS) {
		struct buffer figure = {0};

		workbook_exact_text(&computed,
				    plan->unit != NULL && column->type == FORM_MONEY ? plan->unit
										     : &column->unit,
				    &figure);
		buffer_format(
			&text,
			_("这一格由程序计算，算得“%s”，与贴来的“%s”不同：请核对；要留作核对，请填控制数。"),
			buffer_text(&figure), cell->text);
		set_problem(cell, buffer_text(&text));
		buffer_done(&figure);
	}
	buffer_done(&text);
	diag_list_done(&diags);
}

static void forget_added(const struct paste_plan *plan, struct map *added)
{
	for (size_t i = 0; i < plan->count; i++) {
		memory_free(map_get(added, plan->cells[i].key));
		map_remove(added, plan->cells[i].key);
	}
	map_free(added);
}

/* Tries the plan on the workbook and takes it back. The copy of the session has an undo list of its own. */
static void try_plan(const struct session *session, struct paste_plan *plan)
{
	struct session trial = {.workbook = session->workbook, .pack = session->pack};
	struct diag_list *diags = memory_new_array(plan->count + 1, sizeof(*diags));
	struct map *added = map_new();

	session_begin(&trial, "");
	workbook_hold_checks(trial.workbook);
	(void)land_all(&trial, plan, added, diags, false);
	for (size_t i = 0; i < plan->count; i++) {
		struct paste_cell *cell = &plan->cells[i];

		if (diags[i].errors > 0)
			set_problem(cell, diag_first_error(&diags[i]));
		else if (cell->computed && cell->problem == NULL)
			compare_computed(&trial, plan, added, cell);
		diag_list_done(&diags[i]);
		plan->problems += cell->problem != NULL;
	}
	session_end(&trial, false);
	workbook_release_checks(trial.workbook);
	forget_added(plan, added);
	memory_free(diags);
}

struct paste_plan *session_paste_plan(const struct session *session, int table, size_t line, int leaf,
				      const char *text, const struct form_unit *unit)
{
	return session_paste_plan_in(session, table, 0, line, leaf, text, unit);
}

/* The entry that owns the rows of the sheet. */
static int owner_of(const struct session *session, const struct form_table *form, size_t sheet)
{
	const struct entry_node *entry = workbook_sheet_entry(session->workbook, form->index, sheet);

	if (entry == NULL || form->list < 0 || session->pack->lists[form->list].owner != form->each)
		return 0;
	return entry_id(entry);
}

struct paste_plan *session_paste_plan_in(const struct session *session, int table, size_t sheet, size_t line,
					 int leaf, const char *text, const struct form_unit *unit)
{
	struct planner planner = {.session = session,
				  .form = session->pack->tables[table],
				  .sheet = sheet,
				  .line = line,
				  .leaf = leaf};
	struct paste_plan *plan = memory_new(sizeof(*plan));

	plan->owner = owner_of(session, planner.form, sheet);
	plan->table = table;
	plan->unit = unit;
	planner.plan = plan;
	if (strlen(text) > PASTE_BYTES_MAX) {
		set_problem(add_cell(&planner, 0, "", "", -1), _("贴来的内容太大，请分几次粘贴。"));
		plan->problems = 1;
		return plan;
	}
	planner.seen = map_new();
	block_read(&planner.block, text);
	place_block(&planner);
	try_plan(session, plan);
	block_done(&planner.block);
	map_free(planner.seen);
	memory_free(planner.leaves);
	return plan;
}

void paste_plan_free(struct paste_plan *plan)
{
	if (plan == NULL)
		return;
	for (size_t i = 0; i < plan->count; i++) {
		memory_free(plan->cells[i].text);
		memory_free(plan->cells[i].problem);
	}
	memory_free(plan->cells);
	memory_free(plan);
}

enum status session_paste(struct session *session, const struct paste_plan *plan, struct diag_list *diags)
{
	struct diag_list own = {0};
	struct buffer label = {0};
	struct map *added;
	enum status status;

	if (plan->problems > 0) {
		diag_error(diags, _("有 %zu 处不能粘贴，什么都没有改。请先改好再贴。"), plan->problems);
		return STATUS_INVALID;
	}
	buffer_format(&label, _("粘贴 %zu 行到《%s》"), plan->rows, session->pack->tables[plan->table]->name);
	added = map_new();
	session_begin(session, buffer_text(&label));
	workbook_hold_checks(session->workbook);
	status = land_all(session, plan, added, diags != NULL ? diags : &own, true);
	session_end(session, status == STATUS_OK);
	workbook_release_checks(session->workbook);
	forget_added(plan, added);
	buffer_done(&label);
	diag_list_done(&own);
	return status;
}
