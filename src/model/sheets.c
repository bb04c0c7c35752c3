/* Lists, their entries, and the sheets and rows that stand for them. Invariant: in every table that shows a list, its rows (in every table
 * of sheets, its sheets) are in the order of the list's entries, each knows its place, and `entry_rows` and `sheet_index` know each by
 * @id. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/internal.h"

static struct row *row_init(struct row *row, const struct form_table *form, struct sheet *sheet, int class)
{
	row->table = form->index;
	row->class = class;
	row->sheet = sheet;
	row->cells = memory_new_array((size_t)(form->leaf_count ? form->leaf_count : 1), sizeof(*row->cells));
	return row;
}

static void fixed_init(struct row *row, const struct form_table *form, struct sheet *sheet, int class)
{
	struct buffer key = {0};

	row_init(row, form, sheet, class);
	row->fixed = &form->rows[class];
	row->caption = row->fixed->caption;
	row->level = row->fixed->depth;
	row->key = row->fixed->key;
	if (sheet->entry) {
		buffer_format(&key, "%s/%s", sheet->entry->key, row->fixed->key);
		row->key = row->own_key = buffer_take(&key);
	}
	if (row->fixed->parent >= 0)
		row->parent = &sheet->fixed[row->fixed->parent];
}

static struct sheet *sheet_new(struct table *table, struct entry_node *entry)
{
	const struct form_table *form = table->form;
	struct sheet *sheet = memory_new(sizeof(*sheet));
	size_t count = form->coded ? 1 : (size_t)form->row_count;

	sheet->entry = entry;
	sheet->fixed = memory_new_array(count ? count : 1, sizeof(*sheet->fixed));
	for (size_t i = 0; i < count && !form->coded; i++)
		fixed_init(&sheet->fixed[i], form, sheet, (int)i);
	if (form->coded) {
		row_init(sheet->fixed, form, sheet, FORM_CLASS_TOTAL);
		sheet->fixed->key = form->coded->total_name ? form->coded->total_name : "";
		sheet->fixed->caption = form->coded->total ? form->coded->total : "";
	}
	if (!form->coded && form->fields_class >= 0) {
		sheet->fields = row_init(memory_new(sizeof(struct row)), form, sheet, form->fields_class);
		sheet->fields->entry = entry;
		sheet->fields->key = entry ? entry->key : "@0";
		sheet->fields->caption = entry ? entry->name : "";
		map_set(table->entry_rows, sheet->fields->key, sheet->fields);
	}
	return sheet;
}

void sheets_init(struct workbook *workbook, int table)
{
	struct table *t = &workbook->tables[table];

	t->entry_rows = map_new();
	if (t->form->each >= 0) {
		t->sheet_index = map_new();
		return;
	}
	array_reserve(&t->sheets, &t->sheet_capacity, 0, sizeof(*t->sheets));
	t->sheets[t->sheet_count++] = sheet_new(t, NULL);
}

static void sheet_free(const struct table *table, struct sheet *sheet)
{
	size_t count = table->form->coded ? 1 : (size_t)table->form->row_count;

	for (size_t i = 0; i < count; i++)
		row_done(&sheet->fixed[i], table->form);
	for (size_t i = 0; i < sheet->count; i++) {
		row_done(sheet->rows[i], table->form);
		memory_free(sheet->rows[i]);
	}
	if (sheet->fields)
		row_done(sheet->fields, table->form);
	memory_free(sheet->fields);
	memory_free(sheet->rows);
	memory_free(sheet->fixed);
	memory_free(sheet);
}

void sheets_done(struct table *table)
{
	for (size_t i = 0; i < table->sheet_count; i++)
		sheet_free(table, table->sheets[i]);
	memory_free(table->sheets);
	if (table->sheet_index)
		map_free(table->sheet_index);
	map_free(table->entry_rows);
}

struct entry_node *entry_of_key(const struct workbook *workbook, const char *key)
{
	return map_get(workbook->entry_index, key);
}

/* Those from `place` on have moved. */
static void entries_place(struct list *list, size_t place)
{
	for (; place < list->count; place++)
		list->entries[place]->place = place;
}

static void sheets_place(struct table *table, size_t place)
{
	for (; place < table->sheet_count; place++)
		table->sheets[place]->place = place;
}

static void rows_place(struct sheet *sheet, size_t place)
{
	for (; place < sheet->count; place++)
		sheet->rows[place]->number = place + 1;
}

/* New cells may have formulas that read what is there already. */
static void sheet_settle(struct workbook *workbook, struct table *table, struct sheet *sheet)
{
	for (int i = 0; i < table->form->row_count; i++)
		row_settle(workbook, &sheet->fixed[i], false);
	if (sheet->fields)
		row_settle(workbook, sheet->fields, false);
}

static void sheet_insert(struct workbook *workbook, struct table *table, struct entry_node *entry)
{
	struct sheet *sheet = sheet_new(table, entry);
	size_t position = entry->place < table->sheet_count ? entry->place : table->sheet_count;

	array_reserve(&table->sheets, &table->sheet_capacity, table->sheet_count, sizeof(*table->sheets));
	memmove(table->sheets + position + 1, table->sheets + position,
		(table->sheet_count - position) * sizeof(*table->sheets));
	table->sheets[position] = sheet;
	table->sheet_count++;
	sheets_place(table, position);
	map_set(table->sheet_index, entry->key, sheet);
	sheet_settle(workbook, table, sheet);
}

/* Where the row of a new entry goes in its sheet. */
static size_t new_row_position(const struct sheet *sheet, const struct entry_node *entry)
{
	size_t low = 0, high = sheet->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sheet->rows[middle]->entry->place < entry->place)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void entry_row_insert(struct workbook *workbook, struct table *table, struct entry_node *entry)
{
	const struct form_table *form = table->form;
	struct entry_node *owner = form->each >= 0 ? chain_find(entry->owner, form->each) : NULL;
	struct sheet *sheet = form->each < 0 ? table->sheets[0] : owner ? map_get(table->sheet_index, owner->key) : NULL;
	size_t position;
	struct row *row;

	if (!sheet)
		return;
	position = new_row_position(sheet, entry);
	row = row_init(memory_new(sizeof(*row)), form, sheet, form->entry_class);
	row->entry = entry;
	row->entry_block = form->block_count - 1;
	row->key = entry->key;
	row->caption = entry->name;
	if (form->entry_parent >= 0) {
		row->parent = &sheet->fixed[form->entry_parent];
		row->level = row->parent->level + 1;
	}
	array_reserve(&sheet->rows, &sheet->capacity, sheet->count, sizeof(*sheet->rows));
	memmove(sheet->rows + position + 1, sheet->rows + position, (sheet->count - position) * sizeof(*sheet->rows));
	sheet->rows[position] = row;
	sheet->count++;
	rows_place(sheet, position);
	map_set(table->entry_rows, entry->key, row);
	row_settle(workbook, row, false);
	unique_judge(workbook, sheet, table);
}

/* How many rows come and go with an entry. */
static size_t entry_rows(const struct workbook *workbook, int list)
{
	size_t count = 0;

	for (int i = 0; i < workbook->pack->table_count; i++) {
		const struct form_table *form = workbook->tables[i].form;

		if (form->each == list)
			count += form->coded ? 1 : (size_t)form->row_count + (form->fields_class >= 0);
		if (!form->coded && form->list == list)
			count++;
	}
	return count;
}

static bool entry_allowed(const struct workbook *workbook, const struct operation *operation, struct entry_node **owner,
			  struct diag_list *diags)
{
	const struct form_pack *pack = workbook->pack;
	const char *text = operation->new_entry.text ? operation->new_entry.text : "";

	*owner = text[0] ? entry_of_key(workbook, text) : NULL;
	if (operation->leaf < 0 || operation->leaf >= pack->list_count) {
		diag_error(diags, _("没有这个名录。"));
		return false;
	}
	if ((text[0] && !*owner) || (*owner && (*owner)->list != pack->lists[operation->leaf].owner)
	    || (!*owner && pack->lists[operation->leaf].owner >= 0)) {
		diag_error(diags, _("名录“%s”的条目要写明属于“%s”的哪一项。"), pack->lists[operation->leaf].name,
			   pack->lists[operation->leaf].owner >= 0 ? pack->lists[pack->lists[operation->leaf].owner].name : "");
		return false;
	}
	if (operation->key && operation->key[0] && entry_of_key(workbook, operation->key)) {
		diag_error(diags, _("名录里已经有编号 %s。"), operation->key);
		return false;
	}
	if (map_count(workbook->entry_index) >= WORKBOOK_ENTRIES_MOST) {
		diag_error(diags, _("一个文件的名录合起来最多 %d 条，再加就放不下了：请删去不用的条目，或分成几个文件填。"), WORKBOOK_ENTRIES_MOST);
		return false;
	}
	return rows_fit(workbook, entry_rows(workbook, operation->leaf), diags);
}

enum status entry_add(struct workbook *workbook, struct operation *operation, struct diag_list *diags)
{
	struct entry_node *owner, *entry;
	struct list *list;
	size_t place;

	if (!entry_allowed(workbook, operation, &owner, diags))
		return STATUS_INVALID;
	list = &workbook->lists[operation->leaf];
	entry = memory_new(sizeof(*entry));
	entry->id = operation->key && operation->key[0] == '@' ? atoi(operation->key + 1) : workbook->last_id + 1;
	entry->list = operation->leaf;
	entry->owner = owner;
	if (owner)
		owner->owned++;
	entry->code = memory_copy_string("");
	entry->name = memory_copy_string("");
	snprintf(entry->key, sizeof(entry->key), "@%d", entry->id);
	if (entry->id > workbook->last_id)
		workbook->last_id = entry->id;
	if (!operation->key || !operation->key[0]) {
		memory_free(operation->key);
		operation->key = memory_copy_string(entry->key);
	}
	place = operation->new_entry.number < 0 || (size_t)operation->new_entry.number > list->count
			? list->count
			: (size_t)operation->new_entry.number;
	array_reserve(&list->entries, &list->capacity, list->count, sizeof(*list->entries));
	memmove(list->entries + place + 1, list->entries + place, (list->count - place) * sizeof(*list->entries));
	list->entries[place] = entry;
	list->count++;
	entries_place(list, place);
	workbook->added_rows += entry_rows(workbook, entry->list);
	map_set(workbook->entry_index, entry->key, entry);
	for (int i = 0; i < workbook->pack->table_count; i++)
		if (workbook->tables[i].form->each == entry->list)
			sheet_insert(workbook, &workbook->tables[i], entry);
	for (int i = 0; i < workbook->pack->table_count; i++)
		if (!workbook->tables[i].form->coded && workbook->tables[i].form->list == entry->list)
			entry_row_insert(workbook, &workbook->tables[i], entry);
	for (int i = 0; i < workbook->pack->check_count; i++)
		if (workbook->pack->checks[i].list == entry->list)
			check_mark(workbook, i, workbook->pack->checks[i].open ? NULL : entry->key);
	return STATUS_OK;
}

bool row_is_blank(const struct workbook *workbook, const struct row *row)
{
	const struct form_table *form = workbook->tables[row->table].form;

	if (row->controls)
		return false;
	for (int leaf = 0; leaf < form->leaf_count; leaf++)
		if (rule_at(workbook, row, leaf)->kind == FORM_ENTERED && row->cells[leaf].figures)
			return false;
	return true;
}

static void entry_row_remove(struct workbook *workbook, struct table *table, struct row *row)
{
	struct sheet *sheet = row->sheet;
	size_t i = row->number - 1;

	row_unsettle(workbook, row);
	row_unfind(workbook, row);
	memmove(sheet->rows + i, sheet->rows + i + 1, (sheet->count - i - 1) * sizeof(*sheet->rows));
	sheet->count--;
	rows_place(sheet, i);
	map_remove(table->entry_rows, row->key);
	row_done(row, table->form);
	memory_free(row);
	unique_judge(workbook, sheet, table);
}

static void sheet_remove(struct workbook *workbook, struct table *table, struct sheet *sheet)
{
	size_t i = sheet->place;

	for (int k = 0; k < table->form->row_count; k++) {
		row_unsettle(workbook, &sheet->fixed[k]);
		row_unfind(workbook, &sheet->fixed[k]);
		check_unmark(workbook, sheet->fixed[k].key);
	}
	if (sheet->fields) {
		row_unsettle(workbook, sheet->fields);
		row_unfind(workbook, sheet->fields);
	}
	memmove(table->sheets + i, table->sheets + i + 1, (table->sheet_count - i - 1) * sizeof(*table->sheets));
	table->sheet_count--;
	sheets_place(table, i);
	map_remove(table->sheet_index, sheet->entry->key);
	map_remove(table->entry_rows, sheet->entry->key);
	sheet_free(table, sheet);
}

static bool sheet_is_blank(const struct workbook *workbook, const struct table *table, const struct sheet *sheet)
{
	for (int k = 0; k < table->form->row_count; k++)
		if (!row_is_blank(workbook, &sheet->fixed[k]))
			return false;
	return !sheet->fields || row_is_blank(workbook, sheet->fields);
}

static bool entry_may_go(const struct workbook *workbook, const struct entry_node *entry, struct diag_list *diags)
{
	for (int i = 0; i < workbook->pack->table_count; i++) {
		const struct table *table = &workbook->tables[i];
		const struct row *row = table->form->list == entry->list ? map_get(table->entry_rows, entry->key) : NULL;
		const struct sheet *sheet = table->form->each == entry->list ? map_get(table->sheet_index, entry->key) : NULL;

		if ((row && !row_is_blank(workbook, row)) || (sheet && !sheet_is_blank(workbook, table, sheet))) {
			diag_error(diags, _("《%s》里“%s”还有内容，先清空再删。"), table->form->name, entry->name);
			return false;
		}
	}
	if (entry->owned)
		diag_error(diags, _("“%s”下面还有条目，先删下面的。"), entry->name);
	return !entry->owned;
}

enum status entry_drop(struct workbook *workbook, struct operation *operation, struct diag_list *diags)
{
	struct entry_node *entry = entry_of_key(workbook, operation->key);
	struct list *list;
	size_t place;

	if (!entry) {
		diag_error(diags, _("没有条目 %s。"), operation->key);
		return STATUS_NOT_FOUND;
	}
	if (entry->name[0] || entry->code[0] || !entry_may_go(workbook, entry, diags)) {
		if (entry->name[0] || entry->code[0])
			diag_error(diags, _("“%s”还有名称或编码，先清空再删。"), entry->name);
		return STATUS_INVALID;
	}
	for (int i = 0; i < workbook->pack->table_count; i++) {
		struct table *table = &workbook->tables[i];
		struct row *row = table->form->list == entry->list ? map_get(table->entry_rows, entry->key) : NULL;
		struct sheet *sheet = table->form->each == entry->list ? map_get(table->sheet_index, entry->key) : NULL;

		if (row)
			entry_row_remove(workbook, table, row);
		if (sheet)
			sheet_remove(workbook, table, sheet);
	}
	checks_settle(workbook); /* while keys that are marked still live */
	for (int i = 0; i < workbook->pack->check_count; i++)
		findings_drop(workbook, i, entry->key);
	findings_drop_below(workbook, entry->key);
	list = &workbook->lists[entry->list];
	place = entry->place;
	memory_free(operation->old_entry.text);
	operation->old_entry.text = memory_copy_string(entry->owner ? entry->owner->key : "");
	operation->old_entry.number = (int64_t)place;
	operation->leaf = entry->list;
	memmove(list->entries + place, list->entries + place + 1, (list->count - place - 1) * sizeof(*list->entries));
	list->count--;
	entries_place(list, place);
	workbook->added_rows -= entry_rows(workbook, entry->list);
	map_remove(workbook->entry_index, entry->key);
	if (entry->owner)
		entry->owner->owned--;
	memory_free(entry->code);
	memory_free(entry->name);
	memory_free(entry);
	return STATUS_OK;
}

static void label_touch(struct workbook *workbook, struct row *row, enum form_type type)
{
	const struct form_table *form = workbook->tables[row->table].form;

	for (int leaf = 0; leaf < form->leaf_count; leaf++)
		if (form->leaves[leaf]->type == type && rule_at(workbook, row, leaf)->kind != FORM_NONE)
			cell_touch(workbook, row, leaf);
}

void entry_rename(struct workbook *workbook, struct entry_node *entry, bool code, const char *text, char **old)
{
	char **held = code ? &entry->code : &entry->name;

	*old = *held;
	*held = memory_copy_string(text);
	for (int i = 0; i < workbook->pack->table_count; i++) {
		const struct table *table = &workbook->tables[i];
		struct row *row = map_get(table->entry_rows, entry->key);

		if (!row)
			continue;
		row->caption = entry->name;
		label_touch(workbook, row, code ? FORM_CODE : FORM_CAPTION);
	}
}

size_t workbook_entry_count(const struct workbook *workbook, int list)
{
	return workbook->lists[list].count;
}

const struct entry_node *workbook_entry(const struct workbook *workbook, int list, size_t i)
{
	return i < workbook->lists[list].count ? workbook->lists[list].entries[i] : NULL;
}

const struct entry_node *workbook_entry_find(const struct workbook *workbook, int id)
{
	char key[16];

	snprintf(key, sizeof(key), "@%d", id);
	return entry_of_key(workbook, key);
}

int entry_id(const struct entry_node *entry)
{
	return entry->id;
}

int entry_list(const struct entry_node *entry)
{
	return entry->list;
}

const struct entry_node *entry_owner(const struct entry_node *entry)
{
	return entry->owner;
}

const char *entry_code(const struct entry_node *entry)
{
	return entry->code;
}

const char *entry_name(const struct entry_node *entry)
{
	return entry->name;
}

size_t workbook_sheet_count(const struct workbook *workbook, int table)
{
	return workbook->tables[table].sheet_count;
}

const struct entry_node *workbook_sheet_entry(const struct workbook *workbook, int table, size_t sheet)
{
	const struct table *t = &workbook->tables[table];

	return sheet < t->sheet_count ? t->sheets[sheet]->entry : NULL;
}

size_t row_sheet(const struct row *row)
{
	return row->sheet->place;
}

struct row *workbook_sheet_fields(const struct workbook *workbook, int table, size_t sheet)
{
	const struct table *t = &workbook->tables[table];

	return sheet < t->sheet_count ? t->sheets[sheet]->fields : NULL;
}

const struct entry_node *row_entry(const struct row *row)
{
	return row->entry;
}
