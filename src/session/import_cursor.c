/* A block that lands from the cursor on: line by line, column by column. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "session/importer.h"

/* The leaf that a column of the block lands in: by the head, where it has one; -1: beyond the table. */
static int leaf_of(const struct importer *importer, size_t column)
{
	if (importer->head < importer->head_end)
		return column < importer->column_count ? importer->columns[column].leaf : -1;
	if (column >= (size_t)(importer->form->leaf_count - importer->place->leaf))
		return -1;
	return importer->place->leaf + (int)column;
}

/* Behind the last line of a table of free rows: a row of its own, added when its first cell comes. */
static const struct row *add_row(struct importer *importer, size_t row)
{
	const struct form_table *form = importer->form;
	const struct entry_node *owner = workbook_sheet_entry(importer->workbook, form->index, importer->sheet);
	char key[SESSION_KEY_SIZE];
	struct diag_list diags = {0};
	bool owned = owner != NULL && importer->trial->pack->lists[form->list].owner == form->each;

	if (session_entry_add(importer->trial, form->list, owned ? entry_id(owner) : 0, "", "", "", key, &diags) !=
	    STATUS_OK) {
		import_note_diags(importer, row, IMPORT_NO_COLUMN, &diags);
		diag_list_done(&diags);
		return NULL;
	}
	diag_list_done(&diags);
	import_begin_line(importer, row, key, true);
	(void)import_claim(importer);
	return workbook_row_find(importer->workbook, form->index, key);
}

struct line_rows { /* what a line of the block lands in */
	const struct row *rows[2];
	const struct row *begun; /* the row that a line of the plan was begun for */
	bool none;               /* one was begun for what lands nowhere */
	struct import_above *above;
};

static const struct row *row_of(struct importer *importer, struct line_rows *lines, size_t target, int leaf)
{
	const struct form_table *form = importer->form;
	int block = form->leaves[leaf]->block;

	if (block < 0)
		block = form->fields_class >= 0;
	if (lines->rows[block] == NULL &&
	    target < workbook_sheet_line_count(importer->workbook, form->index, importer->sheet))
		lines->rows[block] = workbook_sheet_line_row(importer->workbook, form->index, importer->sheet,
							     target, block);
	return lines->rows[block];
}

static void refuse_nowhere(struct importer *importer, struct line_rows *lines, size_t row, size_t column, int leaf,
			   const char *sentence)
{
	if (!lines->none)
		import_begin_line(importer, row, "", false);
	lines->none = true;
	lines->begun = NULL;
	import_refuse_cell(importer, row, column, leaf, "%s", sentence);
}

static void land_cell(struct importer *importer, struct line_rows *lines, size_t row, size_t column)
{
	const struct form_table *form = importer->form;
	size_t target = importer->place->line + (row - importer->body);
	bool blank = *import_raw(importer, row, column) == '\0';
	int leaf = leaf_of(importer, column);
	const struct row *found;

	if (leaf < 0 && !blank)
		refuse_nowhere(importer, lines, row, column, -1, _("表的右边没有这一栏了。"));
	if (leaf < 0 || form->leaves[leaf]->type == FORM_ORDINAL)
		return;
	found = row_of(importer, lines, target, leaf);
	if (found == NULL && !blank && form->list >= 0 &&
	    target >= workbook_sheet_line_count(importer->workbook, form->index, importer->sheet)) {
		found = lines->rows[form->leaves[leaf]->block] = lines->begun = add_row(importer, row);
		if (found == NULL)
			return;
	}
	if (found == NULL && !blank)
		refuse_nowhere(importer, lines, row, column, leaf,
			       form->coded != NULL ? _("表里没有这一行；第一栏贴上编码，就会按编码加行。")
						   : _("表里没有这一行。"));
	if (found == NULL)
		return;
	if (lines->begun != found)
		import_begin_line(importer, row, row_key(found), false);
	lines->begun = found;
	import_put(importer, row, column, leaf, found,
		   row_entry(found) != NULL ? import_above_text(importer, lines->above, row, column, leaf) : NULL);
}

void import_from_cursor(struct importer *importer)
{
	struct import_above above = {0};

	import_above_begin(importer, &above);
	for (size_t row = importer->body; row < importer->end && !import_is_hopeless(importer); row++) {
		struct line_rows lines = {.above = &above};
		size_t width = importer->text->rows[row].width;

		above.same = true;
		for (size_t column = 0; column < width; column++)
			land_cell(importer, &lines, row, column);
	}
	memory_free(above.texts);
}
