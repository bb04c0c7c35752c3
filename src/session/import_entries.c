/* Rows of entries of a list: which entry a row of the text means, one that is there or a new one. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "session/importer.h"

/* Where an entry has neither name nor code, rows of the text mean the entries in their order. */
struct import_entries {
	struct importer *importer;
	const struct form_list *list;
	const struct entry_node *owner; /* of all rows: the sheet's entry; NULL: each row tells, or none is needed */
	size_t code, name;              /* columns of the text */
	const struct entry_node **known; /* those that stood there before */
	bool *used;
	size_t known_count;
	struct map *by_code, *by_name;   /* -> index of the first in known, plus one */
	size_t *next;                    /* of each in known: the next of the same name, plus one; 0 */
	size_t rows;                     /* rows of the text so far */
	struct import_above above;
};

static char *key_of_text(const char *text)
{
	struct buffer key = {0};

	import_squeeze(&key, text);
	return buffer_take(&key);
}

/* ---- what is there ---- */

static void learn(struct import_entries *entries, size_t i)
{
	char *code = key_of_text(entry_code(entries->known[i])), *name = key_of_text(entry_name(entries->known[i]));

	if (*code != '\0' && map_get(entries->by_code, code) == NULL)
		map_set(entries->by_code, code, (void *)(uintptr_t)(i + 1));
	entries->next[i] = (uintptr_t)map_get(entries->by_name, name);
	map_set(entries->by_name, name, (void *)(uintptr_t)(i + 1));
	memory_free(code);
	memory_free(name);
}

struct import_entries *import_entries_begin(struct importer *importer)
{
	const struct form_table *form = importer->form;
	const struct form_block *block = &form->blocks[form->block_count - 1];
	struct import_entries *entries = memory_new(sizeof(*entries));
	size_t count = workbook_entry_count(importer->workbook, form->list);

	entries->importer = importer;
	entries->list = &importer->trial->pack->lists[form->list];
	if (form->each >= 0 && entries->list->owner == form->each)
		entries->owner = workbook_sheet_entry(importer->workbook, form->index, importer->sheet);
	entries->code = import_column_of(importer, block->code_leaf);
	entries->name = import_column_of(importer, block->caption_leaf);
	entries->known = memory_new_array(count + 1, sizeof(*entries->known));
	entries->used = memory_new_array(count + 1, sizeof(*entries->used));
	entries->next = memory_new_array(count + 1, sizeof(*entries->next));
	import_above_begin(importer, &entries->above);
	entries->by_code = map_new();
	entries->by_name = map_new();
	for (size_t i = 0; i < count; i++) {
		const struct entry_node *entry = workbook_entry(importer->workbook, form->list, i);
		if (entries->owner == NULL || entry_owner(entry) == entries->owner)
			entries->known[entries->known_count++] = entry;
	}
	/* The last one first, so that those of one name come in their order. */
	for (size_t i = entries->known_count; i-- > 0;)
		learn(entries, i);
	return entries;
}

void import_entries_end(struct import_entries *entries)
{
	map_free(entries->by_code);
	map_free(entries->by_name);
	memory_free(entries->known);
	memory_free(entries->used);
	memory_free(entries->next);
	memory_free(entries->above.texts);
	memory_free(entries);
}

const struct entry_node *import_find_entry(const struct importer *importer, int list, const char *name,
					   const char *code)
{
	const struct entry_node *named = NULL;

	for (size_t i = 0; i < workbook_entry_count(importer->workbook, list); i++) {
		const struct entry_node *entry = workbook_entry(importer->workbook, list, i);

		if (*code != '\0' && import_same_text(entry_code(entry), code))
			return entry;
		if (named == NULL && *name != '\0' && import_same_text(entry_name(entry), name))
			named = entry;
	}
	return named;
}

/* ---- one row ---- */

struct entry_row { /* what the text says of the entry */
	size_t row;
	char *name, *code;
	const struct entry_node *owner;
};

/* The owner's name or code stands in a cell that the form fills by itself. */
static bool says_owner(const struct import_entries *entries, size_t row, const struct entry_node *owner)
{
	const struct importer *importer = entries->importer;
	bool said = false;

	for (size_t i = 0; i < importer->column_count; i++) {
		int leaf = importer->columns[i].leaf;
		const char *cell = import_raw(importer, row, i);

		if (leaf < 0 || *cell == '\0' ||
		    form_rule_of(importer->form, importer->form->entry_class, leaf)->kind != FORM_CLOSED)
			continue;
		if (!import_same_text(cell, entry_name(owner)) && !import_same_text(cell, entry_code(owner)))
			return false;
		said = true;
	}
	return said;
}

static const struct entry_node *owner_of(const struct import_entries *entries, size_t row)
{
	const struct workbook *workbook = entries->importer->workbook;
	int list = entries->list->owner;

	if (entries->owner != NULL || list < 0)
		return entries->owner;
	for (size_t i = 0; i < workbook_entry_count(workbook, list); i++)
		if (says_owner(entries, row, workbook_entry(workbook, list, i)))
			return workbook_entry(workbook, list, i);
	return workbook_entry_count(workbook, list) == 1 ? workbook_entry(workbook, list, 0) : NULL;
}

/* The name without the number that the table prints in front of it. */
static const char *without_number(const struct import_entries *entries, const char *name)
{
	const char *pattern = entries->importer->form->entry_number;

	return pattern != NULL ? name + number_length(pattern, name) : name;
}

static char *cell_text(const struct import_entries *entries, size_t row, size_t column)
{
	struct buffer room = {0};
	const char *text = column != IMPORT_NO_COLUMN ? import_plain(entries->importer, row, column, false, &room) : "";
	char *copy = memory_copy_string(text != NULL && !import_is_void(text) ? text : "");

	buffer_done(&room);
	return copy;
}

static bool suits(const struct entry_row *wanted, const struct entry_node *entry)
{
	return wanted->owner == NULL || entry_owner(entry) == wanted->owner;
}

/* By code, else by name: first one whose code does not say that it is another. */
static const struct entry_node *find_known(struct import_entries *entries, const struct entry_row *wanted)
{
	char *code = key_of_text(wanted->code), *name = key_of_text(wanted->name);
	size_t found = *code != '\0' ? (uintptr_t)map_get(entries->by_code, code) : 0, named = 0;

	if (found > 0 && (entries->used[found - 1] || !suits(wanted, entries->known[found - 1])))
		found = 0;
	for (size_t i = (uintptr_t)map_get(entries->by_name, name); found == 0 && i > 0; i = entries->next[i - 1]) {
		const struct entry_node *entry = entries->known[i - 1];

		if (entries->used[i - 1] || !suits(wanted, entry))
			continue;
		if (*code == '\0' || *entry_code(entry) == '\0')
			found = i;
		else if (named == 0 && *name != '\0')
			named = i;
	}
	if (found == 0)
		found = named;
	memory_free(code);
	memory_free(name);
	if (found == 0)
		return NULL;
	entries->used[found - 1] = true;
	return entries->known[found - 1];
}

static const struct entry_node *find_next(struct import_entries *entries)
{
	return entries->rows <= entries->known_count ? entries->known[entries->rows - 1] : NULL;
}

/* A new entry; its name and code are put in with it. */
static bool add(struct import_entries *entries, const struct entry_row *wanted, char key[SESSION_KEY_SIZE])
{
	struct importer *importer = entries->importer;
	struct diag_list diags = {0};
	enum status status = session_entry_add(importer->trial, importer->form->list,
					       wanted->owner != NULL ? entry_id(wanted->owner) : 0, "", wanted->name,
					       wanted->code, key, &diags);

	import_begin_line(importer, wanted->row, status == STATUS_OK ? key : "", status == STATUS_OK);
	import_note_diags(importer, wanted->row, IMPORT_NO_COLUMN, &diags);
	diag_list_done(&diags);
	(void)import_claim(importer);
	return status == STATUS_OK;
}

/* ---- its cells ---- */

static void put_cells(struct import_entries *entries, size_t row, const struct row *target)
{
	struct importer *importer = entries->importer;
	const struct form_table *form = importer->form;

	entries->above.same = true;
	for (int leaf = import_first_leaf(form); leaf < form->leaf_count; leaf++) {
		size_t column = import_column_of(importer, leaf);
		const char *text;

		if (column == IMPORT_NO_COLUMN || form->leaves[leaf]->type == FORM_ORDINAL)
			continue;
		text = column == entries->name && form->entry_number != NULL
			       ? without_number(entries, import_raw(importer, row, column))
			       : import_above_text(importer, &entries->above, row, column, leaf);
		import_put(importer, row, column, leaf, target, text);
	}
}

/* A total of a table that has none is no entry. */
static bool is_strange_total(const struct import_entries *entries, const struct entry_row *wanted)
{
	return entries->importer->form->row_count == 0 && *wanted->code == '\0' &&
	       (import_same_name(wanted->name, "合计") || import_same_name(wanted->name, "总计"));
}

/* A row of a list without names is called by its number, which need not be counted anew for each. */
static void name_line(struct import_entries *entries)
{
	struct importer *importer = entries->importer;
	struct buffer words = {0};

	if (entries->owner != NULL) {
		session_entry_words(importer->trial, entries->owner, &words);
		buffer_add(&words, "/");
	}
	buffer_format(&words, _("第%zu行"), entries->rows);
	importer->part->lines[importer->line].row = import_copy(importer, buffer_text(&words));
	buffer_done(&words);
}

static void put(struct import_entries *entries, const struct entry_row *wanted)
{
	struct importer *importer = entries->importer;
	bool told = entries->name != IMPORT_NO_COLUMN || entries->code != IMPORT_NO_COLUMN;
	const struct entry_node *entry;
	char key[SESSION_KEY_SIZE];

	entries->rows++;
	entry = told ? find_known(entries, wanted) : find_next(entries);
	if (entry != NULL) {
		snprintf(key, sizeof(key), "@%d", entry_id(entry));
		import_begin_line(importer, wanted->row, key, false);
	} else if (!add(entries, wanted, key)) {
		return;
	}
	if (!told)
		name_line(entries);
	put_cells(entries, wanted->row, workbook_row_find(importer->workbook, importer->form->index, key));
	import_refuse_beyond(importer, wanted->row);
}

void import_put_entry(struct import_entries *entries, size_t row)
{
	struct importer *importer = entries->importer;
	char *printed = cell_text(entries, row, entries->name);
	struct entry_row wanted = {.row = row, .owner = owner_of(entries, row)};

	wanted.name = memory_copy_string(without_number(entries, printed));
	wanted.code = cell_text(entries, row, entries->code);
	if (*printed != '\0' && *wanted.name == '\0' && import_filled(importer, row, NULL) == 1)
		; /* a blank form has the number of the next one alone */
	else if (is_strange_total(entries, &wanted))
		import_note(importer, IMPORT_IS_NOTE, row, IMPORT_NO_COLUMN, _("表里没有合计行，这一行跳过了。"));
	else
		put(entries, &wanted);
	memory_free(printed);
	memory_free(wanted.name);
	memory_free(wanted.code);
}
