/* Rows of coded tables: leaves come and go by operation, or with the rows of other tables that bring them along (form_coded.feeds);
 * parents and the total are there as long as a leaf below them is.
 * Invariant: `order` is sorted by code, `codes` holds the same rows, and a row's `children` counts the rows whose parent it is. */
#include <string.h>

#include "base/text.h"
#include "model/internal.h"

static const struct form_coded *coded_of(const struct workbook *workbook, int table)
{
	return workbook->tables[table].form->coded;
}

/* @12, @3/合计 */
static struct row *row_of_entry(const struct table *t, const char *key)
{
	const char *slash = strchr(key, '/');
	const struct form_row *fixed;
	const struct sheet *sheet;
	char entry[16];

	if (!slash)
		return map_get(t->entry_rows, key);
	if (!t->sheet_index || (size_t)(slash - key) >= sizeof(entry))
		return NULL;
	memcpy(entry, key, (size_t)(slash - key));
	entry[slash - key] = '\0';
	sheet = map_get(t->sheet_index, entry);
	fixed = sheet ? map_get(t->form->row_keys, slash + 1) : NULL;
	return fixed ? &sheet->fixed[fixed->class] : NULL;
}

struct row *row_of_key(const struct workbook *workbook, int table, const char *key)
{
	const struct table *t = &workbook->tables[table];
	const struct form_row *fixed;

	if (key[0] == '@')
		return row_of_entry(t, key);
	if (!t->form->coded) {
		fixed = t->form->each < 0 ? map_get(t->form->row_keys, key) : NULL;
		return fixed ? &t->sheets[0]->fixed[fixed->class] : NULL;
	}
	if (t->form->coded->total_name && text_same(key, t->form->coded->total_name))
		return t->sheets[0]->fixed;
	return map_get(t->codes, key);
}

struct row *row_next(const struct table *table, struct row_walk *walk)
{
	for (; walk->sheet < table->sheet_count; walk->sheet++, walk->row = 0) {
		const struct sheet *sheet = table->sheets[walk->sheet];
		size_t fixed = table->form->coded ? 1 : (size_t)table->form->row_count, at = walk->row++;

		if (at < fixed)
			return &sheet->fixed[at];
		if (at - fixed < table->count)
			return table->order[at - fixed];
		if (at - fixed - table->count < sheet->count)
			return sheet->rows[at - fixed - table->count];
		if (at - fixed - table->count == sheet->count && sheet->fields)
			return sheet->fields;
	}
	return NULL;
}

/* Where `code` stands or would stand in the order. */
static size_t order_position(const struct table *t, const char *code)
{
	size_t low = 0, high = t->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(t->order[middle]->code, code) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Where the rows of entries stand among the lines of a sheet. */
static size_t entry_line(const struct form_table *form)
{
	for (int line = 0; form->entry_after >= 0 && line < form->line_count; line++)
		for (int block = 0; block < 2; block++)
			if (form->lines[line].rows[block] == form->entry_after)
				return (size_t)line + 1;
	return 0;
}

size_t workbook_sheet_line_count(const struct workbook *workbook, int table, size_t sheet)
{
	const struct table *t = &workbook->tables[table];

	if (sheet >= t->sheet_count)
		return 0;
	if (!t->form->coded)
		return (size_t)t->form->line_count + t->sheets[sheet]->count;
	return t->count && t->form->coded->total ? t->count + 1 : t->count;
}

static struct row *sheet_line_row(const struct table *t, const struct sheet *sheet, size_t line, int block)
{
	size_t first = entry_line(t->form);
	struct row *row;
	int class;

	if (line >= first && line - first < sheet->count) {
		row = sheet->rows[line - first];
		return row_block(row) == block ? row : NULL;
	}
	if (line >= first)
		line -= sheet->count;
	class = t->form->lines[line].rows[block];
	return class < 0 ? NULL : &sheet->fixed[class];
}

struct row *workbook_sheet_line_row(const struct workbook *workbook, int table, size_t sheet, size_t line, int block)
{
	const struct table *t = &workbook->tables[table];
	const struct form_coded *coded = t->form->coded;

	if (line >= workbook_sheet_line_count(workbook, table, sheet) || block >= t->form->block_count)
		return NULL;
	if (!coded)
		return sheet_line_row(t, t->sheets[sheet], line, block);
	if (!coded->total)
		return t->order[line];
	if (coded->total_below)
		return line == t->count ? t->sheets[0]->fixed : t->order[line];
	return line == 0 ? t->sheets[0]->fixed : t->order[line - 1];
}

size_t workbook_line_count(const struct workbook *workbook, int table)
{
	return workbook_sheet_line_count(workbook, table, 0);
}

struct row *workbook_line_row(const struct workbook *workbook, int table, size_t line, int block)
{
	return workbook_sheet_line_row(workbook, table, 0, line, block);
}

static size_t fixed_line(const struct row *row, const struct form_table *form)
{
	size_t first = entry_line(form);

	for (size_t line = 0; line < (size_t)form->line_count; line++)
		for (int block = 0; block < form->block_count; block++)
			if (form->lines[line].rows[block] == row->class)
				return line >= first ? line + row->sheet->count : line;
	return 0;
}

size_t workbook_line_of(const struct workbook *workbook, const struct row *row)
{
	const struct table *t = &workbook->tables[row->table];
	const struct form_coded *coded = t->form->coded;
	size_t line;

	if (!coded && row->fixed)
		return fixed_line(row, t->form);
	if (!coded)
		return row == row->sheet->fields ? 0 : row->number - 1 + entry_line(t->form);
	if (row->class == FORM_CLASS_TOTAL)
		return coded->total_below ? t->count : 0;
	line = order_position(t, row->code);
	return coded->total && !coded->total_below ? line + 1 : line;
}

struct row *workbook_row_find(const struct workbook *workbook, int table, const char *key)
{
	struct row *row = row_of_key(workbook, table, key);

	return row && row->class == FORM_CLASS_TOTAL && coded_of(workbook, table) && !workbook->tables[table].count ? NULL
															  : row;
}

static void row_name(struct workbook *workbook, struct row *row)
{
	if (row->code)
		row->caption = workbook_code_name(workbook, coded_of(workbook, row->table)->catalogue, row->code);
}

/* Generated rows are named as their codes are called in the workbook's year. */
static void name_generated(struct workbook *workbook, struct table *t)
{
	for (size_t sheet = 0; sheet < t->sheet_count; sheet++)
		for (int i = 0; !t->form->coded && i < t->form->row_count; i++) {
			const struct form_row *fixed = &t->form->rows[i];
			const struct catalogue *catalogue = t->form->blocks[fixed->block].catalogue;
			const struct catalogue_entry *entry =
				fixed->generated ? catalogue_find(catalogue, fixed->code, workbook->year) : NULL;

			if (entry)
				t->sheets[sheet]->fixed[i].caption = entry->name;
		}
}

void row_rename_all(struct workbook *workbook)
{
	for (int i = 0; i < workbook->pack->table_count; i++) {
		for (size_t k = 0; k < workbook->tables[i].count; k++) {
			row_name(workbook, workbook->tables[i].order[k]);
			code_judge(workbook, workbook->tables[i].order[k]);
		}
		name_generated(workbook, &workbook->tables[i]);
	}
}

/* Is `code` one that the clerk may enter here? Says why not. */
static enum status code_check(const struct workbook *workbook, int table, const char *code, char *missing,
			      struct diag_list *diags)
{
	const struct form_coded *coded = coded_of(workbook, table);
	const struct catalogue *catalogue = coded->catalogue;
	const struct catalogue_level *due = &catalogue->levels[coded->leaf_level];
	int level = catalogue_level_of(catalogue, code);

	if (level < 0 || level > coded->leaf_level) {
		diag_error(diags, _("编码“%s”的长度不对：这张表填%s级科目，编码应是 %zu 位数字。"), code, due->name, due->length);
		return STATUS_INVALID;
	}
	if (level < coded->leaf_level) {
		diag_error(diags, _("“%s”是%s级编码，由下级自动汇总，不用填写。请填%s级编码（%zu 位数字）。"), code,
			   catalogue->levels[level].name, due->name, due->length);
		return STATUS_INVALID;
	}
	for (int i = 0; i < coded->leaf_level; i++) {
		char parent[CATALOGUE_CODE_MAX + 1];

		memcpy(parent, code, catalogue->levels[i].length);
		parent[catalogue->levels[i].length] = '\0';
		if (workbook_code_name(workbook, catalogue, parent))
			continue;
		if (i == 0) {
			diag_error(diags, _("科目目录中没有%s“%s”。请核对编码“%s”的前 %zu 位。"), catalogue->levels[i].name, parent,
				   code, catalogue->levels[i].length);
			return STATUS_INVALID;
		}
		if (missing)
			memcpy(missing, parent, sizeof(parent));
		diag_error(diags, _("科目目录中没有%s“%s”，请先给出它的名称。"), catalogue->levels[i].name, parent);
		return STATUS_NOT_FOUND;
	}
	return STATUS_OK;
}

/* The outermost rows from `position` on count anew. */
static void number_rows(struct table *t, size_t position)
{
	size_t number = 0;

	for (size_t i = position; i > 0 && !number; i--)
		number = t->order[i - 1]->number;
	for (; position < t->count; position++)
		if (t->order[position]->level == 0)
			t->order[position]->number = ++number;
}

static struct row *row_insert(struct workbook *workbook, int table, const char *code, size_t length, int level)
{
	struct table *t = &workbook->tables[table];
	struct row *row = memory_new(sizeof(*row));
	size_t position;

	row->table = table;
	row->sheet = t->sheets[0];
	row->level = level;
	row->class = level == t->form->coded->leaf_level ? FORM_CLASS_LEAF : FORM_CLASS_PARENT;
	row->code = memory_copy_bytes(code, length);
	row->key = row->code;
	row->cells = memory_new_array((size_t)t->form->leaf_count, sizeof(*row->cells));
	position = order_position(t, row->code);
	array_reserve(&t->order, &t->capacity, t->count, sizeof(*t->order));
	memmove(t->order + position + 1, t->order + position, (t->count - position) * sizeof(*t->order));
	t->order[position] = row;
	t->count++;
	if (level == 0)
		number_rows(t, position);
	map_set(t->codes, row->code, row);
	row_name(workbook, row);
	return row;
}

static void mark_row_checks(struct workbook *workbook, const struct row *row)
{
	const struct form_table *form = workbook->tables[row->table].form;

	for (int leaf = 0; leaf < form->leaf_count; leaf++) {
		const struct form_rule *rule = rule_at(workbook, row, leaf);

		for (int i = 0; i < rule->check_edge_count; i++)
			if (rule->check_edges[i].instances == FORM_THE_KEY)
				check_mark(workbook, rule->check_edges[i].check, row->key);
	}
}

static void rows_feed(struct workbook *workbook, const struct row *row);

/* The leaf with this code and the rows above it, as far as they are not there. */
static struct row *rows_make(struct workbook *workbook, int table, const char *code)
{
	struct table *t = &workbook->tables[table];
	const struct form_coded *coded = t->form->coded;
	struct row *parent = t->sheets[0]->fixed;

	for (int level = 0; level <= coded->leaf_level; level++) {
		char key[CATALOGUE_CODE_MAX + 1];
		size_t length = coded->catalogue->levels[level].length;
		struct row *row;

		memcpy(key, code, length);
		key[length] = '\0';
		row = map_get(t->codes, key);
		if (!row) {
			row = row_insert(workbook, table, code, length, level);
			row->parent = parent;
			parent->children++;
			code_judge(workbook, row);
			row_settle(workbook, row, false);
			mark_row_checks(workbook, row);
			rows_feed(workbook, row);
		}
		parent = row;
	}
	return parent;
}

/* Rows of other tables appear with this one. */
static void rows_feed(struct workbook *workbook, const struct row *row)
{
	const struct form_coded *coded = coded_of(workbook, row->table);

	for (int i = 0; i < coded->feed_count; i++)
		if (coded_of(workbook, coded->feeds[i])->leaf_level == row->level)
			rows_make(workbook, coded->feeds[i], row->code)->sources++;
}

bool rows_fit(const struct workbook *workbook, size_t count, struct diag_list *diags)
{
	if (workbook->added_rows + count <= WORKBOOK_ROWS_MOST)
		return true;
	diag_error(diags, _("一个文件最多加 %d 行，再加就放不下了：请删去不用的行，或分成几个文件填。"), WORKBOOK_ROWS_MOST);
	return false;
}

enum status row_add(struct workbook *workbook, int table, const char *code, char *missing, struct diag_list *diags)
{
	struct table *t = &workbook->tables[table];
	enum status status;
	struct row *row;

	if (!t->form->coded) {
		diag_error(diags, _("《%s》的行是固定的，不能加行。"), t->form->name);
		return STATUS_INVALID;
	}
	if (!t->form->coded->picked) {
		diag_error(diags, _("《%s》的行由别的表带出，不用加行。"), t->form->name);
		return STATUS_INVALID;
	}
	row = map_get(t->codes, code);
	if (row && row->own) {
		diag_error(diags, _("编码“%s”已经在表中。"), code);
		return STATUS_INVALID;
	}
	if (!rows_fit(workbook, 1, diags))
		return STATUS_INVALID;
	status = code_check(workbook, table, code, missing, diags);
	if (status != STATUS_OK)
		return status;
	rows_make(workbook, table, code)->own = true;
	workbook->added_rows++;
	return STATUS_OK;
}

bool row_has_figures(const struct workbook *workbook, const struct row *row)
{
	const struct form_table *form = workbook->tables[row->table].form;

	if (row->controls)
		return true;
	for (int leaf = 0; leaf < form->leaf_count; leaf++)
		if (rule_at(workbook, row, leaf)->kind == FORM_ENTERED && row->cells[leaf].figures)
			return true;
	return false;
}

static void rows_unfeed(struct workbook *workbook, const struct row *row);

static void row_remove(struct workbook *workbook, struct row *row)
{
	struct table *t = &workbook->tables[row->table];
	size_t position = order_position(t, row->code);

	row_unsettle(workbook, row);
	memmove(t->order + position, t->order + position + 1, (t->count - position - 1) * sizeof(*t->order));
	t->count--;
	if (row->level == 0)
		number_rows(t, position);
	map_remove(t->codes, row->code);
	row->parent->children--;
	row_unfind(workbook, row);
	rows_unfeed(workbook, row);
	array_reserve(&workbook->graves, &workbook->grave_capacity, workbook->grave_count, sizeof(*workbook->graves));
	workbook->graves[workbook->grave_count++] = row;
}

/* The leaf goes, and the rows above that have nothing else below them. */
static void rows_remove(struct workbook *workbook, struct row *leaf)
{
	for (struct row *row = leaf, *parent; row->class != FORM_CLASS_TOTAL && !row->children; row = parent) {
		parent = row->parent;
		row_remove(workbook, row);
	}
}

/* The leaf of another table that this row brings along; NULL: that table has other levels. */
static struct row *fed_row(const struct workbook *workbook, const struct row *row, int table)
{
	return coded_of(workbook, table)->leaf_level == row->level ? map_get(workbook->tables[table].codes, row->code) : NULL;
}

/* What came with the row goes with it, unless something else keeps it. */
static void rows_unfeed(struct workbook *workbook, const struct row *row)
{
	const struct form_coded *coded = coded_of(workbook, row->table);

	for (int i = 0; i < coded->feed_count; i++) {
		struct row *fed = fed_row(workbook, row, coded->feeds[i]);

		if (fed && !--fed->sources && !fed->own)
			rows_remove(workbook, fed);
	}
}

/* Nothing would be lost with the leaf, the rows above that go with it, and those of other tables. */
static bool may_go(const struct workbook *workbook, const struct row *leaf, struct diag_list *diags)
{
	const struct form_coded *coded = coded_of(workbook, leaf->table);

	for (const struct row *row = leaf; row && (row == leaf || row->children == 1); row = row->parent) {
		if (row_has_figures(workbook, row)) {
			diag_error(diags, _("《%s》的行“%s”还有数，先清空再删。"), workbook->tables[row->table].form->name, row->key);
			return false;
		}
		for (int i = 0; row->class != FORM_CLASS_TOTAL && i < coded->feed_count; i++) {
			const struct row *fed = fed_row(workbook, row, coded->feeds[i]);

			if (fed && !fed->own && fed->sources == 1 && !may_go(workbook, fed, diags))
				return false;
		}
	}
	return true;
}

enum status row_drop(struct workbook *workbook, int table, const char *code, struct diag_list *diags)
{
	struct table *t = &workbook->tables[table];
	struct row *row = t->form->coded ? map_get(t->codes, code) : NULL;

	if (!row || row->class != FORM_CLASS_LEAF) {
		diag_error(diags, _("《%s》里没有可以删除的行“%s”：只有自己填的末级科目行能删。"), t->form->name, code);
		return STATUS_INVALID;
	}
	if (!row->own) {
		diag_error(diags, _("行“%s”是由别的表带出来的：在那里删去，它就随之消失。"), code);
		return STATUS_INVALID;
	}
	if (!row->sources && !may_go(workbook, row, diags))
		return STATUS_INVALID;
	row->own = false;
	workbook->added_rows--;
	if (!row->sources)
		rows_remove(workbook, row);
	return STATUS_OK;
}

void row_done(struct row *row, const struct form_table *form)
{
	while (row->controls) {
		struct control *control = row->controls;

		row->controls = control->next;
		memory_free(control);
	}
	for (int leaf = 0; row->texts && leaf < form->leaf_count; leaf++)
		memory_free(row->texts[leaf]);
	memory_free(row->texts);
	memory_free(row->cells);
	memory_free(row->own_key);
	memory_free(row->code);
}

void rows_bury(struct workbook *workbook)
{
	for (size_t i = 0; i < workbook->grave_count; i++) {
		row_done(workbook->graves[i], workbook->tables[workbook->graves[i]->table].form);
		memory_free(workbook->graves[i]);
	}
	workbook->grave_count = 0;
}
