/* The chain of entries. A row stands in a chain: its own entry, the entry whose sheet it stands in, that entry's owner. A class of another
 * table is met through it: the sheet of the same 单位, the row of the same 项目. Where the chain has no entry of the list in question, all
 * rows whose own chain does not contradict it are meant. */
#include <string.h>

#include "model/internal.h"

struct entry_node *chain_find(struct entry_node *entry, int list)
{
	while (entry && entry->list != list)
		entry = entry->owner;
	return entry;
}

/* Does `entry` stand under what the chain tells, as far as the two meet? */
static bool chain_fits(struct entry_node *entry, struct entry_node *chain)
{
	for (; chain; chain = chain->owner) {
		struct entry_node *same = chain_find(entry, chain->list);

		if (same && same != chain)
			return false;
	}
	return true;
}

static void sheet_rows(const struct table *table, const struct sheet *sheet, struct entry_node *chain, int class,
		       row_visitor visit, void *context)
{
	const struct form_table *form = table->form;
	struct entry_node *entry;
	struct row *row;

	if (form->coded || class < form->row_count) {
		if (form->coded ? class == FORM_CLASS_TOTAL : class >= 0)
			visit(context, &sheet->fixed[form->coded ? 0 : class]);
		return;
	}
	if (class == form->fields_class) {
		if (sheet->fields)
			visit(context, sheet->fields);
		return;
	}
	entry = chain_find(chain, form->list);
	if (entry) {
		row = map_get(table->entry_rows, entry->key);
		if (row && row->sheet == sheet)
			visit(context, row);
		return;
	}
	for (size_t i = 0; i < sheet->count; i++)
		if (chain_fits(sheet->rows[i]->entry, chain))
			visit(context, sheet->rows[i]);
}

void chain_rows(const struct workbook *workbook, struct entry_node *chain, int table, int class, row_visitor visit,
		void *context)
{
	const struct table *t = &workbook->tables[table];
	struct entry_node *entry;
	struct sheet *sheet;

	if (t->form->each < 0) {
		sheet_rows(t, t->sheets[0], chain, class, visit, context);
		return;
	}
	entry = chain_find(chain, t->form->each);
	if (entry) {
		sheet = map_get(t->sheet_index, entry->key);
		if (sheet)
			sheet_rows(t, sheet, chain, class, visit, context);
		return;
	}
	for (size_t i = 0; i < t->sheet_count; i++)
		if (chain_fits(t->sheets[i]->entry, chain))
			sheet_rows(t, t->sheets[i], chain, class, visit, context);
}

struct only {
	struct row *row;
	bool many;
};

static void only_visit(void *context, struct row *row)
{
	struct only *only = context;

	only->many = only->many || only->row;
	only->row = row;
}

struct row *chain_row(const struct workbook *workbook, struct entry_node *chain, int table, int class)
{
	struct only only = {0};

	chain_rows(workbook, chain, table, class, only_visit, &only);
	return only.many ? NULL : only.row;
}

const char *row_match_key(const struct row *row)
{
	return row->fixed ? row->fixed->key : row->key;
}

struct row *chain_row_of_key(const struct workbook *workbook, struct entry_node *chain, int table, const char *key)
{
	const struct table *t = &workbook->tables[table];
	const struct form_row *fixed;
	struct entry_node *entry;
	struct sheet *sheet;

	if (t->form->each < 0 || key[0] == '@')
		return row_of_key(workbook, table, key);
	entry = chain_find(chain, t->form->each);
	sheet = entry ? map_get(t->sheet_index, entry->key) : NULL;
	fixed = sheet ? map_get(t->form->row_keys, key) : NULL;
	return fixed ? &sheet->fixed[fixed->class] : NULL;
}
