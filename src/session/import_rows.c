/* The body of a table of fixed rows, of entries of a list, or of both, in the order of the text. */
#include <string.h>

#include "base/memory.h"
#include "session/importer.h"

void import_above_begin(struct importer *importer, struct import_above *above)
{
	above->texts = memory_new_array((size_t)importer->form->leaf_count + 1, sizeof(*above->texts));
}

const char *import_above_text(struct importer *importer, struct import_above *above, size_t row, size_t column,
			      int leaf)
{
	const struct form_column *form = importer->form->leaves[leaf];
	struct buffer room = {0};
	const char *text, *before = above->texts[leaf];

	if (!form->once)
		return NULL;
	text = import_plain(importer, row, column, form->type == FORM_TEXT || form->type == FORM_MEASURE, &room);
	if (text != NULL && *import_raw(importer, row, column) != '\0')
		above->same = above->same && before != NULL && import_same_text(text, before);
	else if (text != NULL && above->same && before != NULL)
		text = before;
	if (text != NULL && text == buffer_text(&room))
		text = import_copy(importer, text);
	buffer_done(&room);
	above->texts[leaf] = text;
	return text;
}

bool import_has_content(const struct importer *importer, size_t row)
{
	for (size_t i = 0; i < importer->column_count; i++) {
		const struct import_column *column = &importer->columns[i];
		bool counts = column->level >= 0 || column->leaf == IMPORT_BEYOND ||
			      (column->leaf >= 0 && importer->form->leaves[column->leaf]->type != FORM_ORDINAL);

		if (counts && *import_raw(importer, row, i) != '\0')
			return true;
	}
	return false;
}

void import_put_row(struct importer *importer, size_t row, const struct row *target)
{
	const struct form_table *form = importer->form;

	for (size_t i = 0; i < importer->column_count; i++) {
		int leaf = importer->columns[i].leaf;

		if (leaf < 0 || form->leaves[leaf]->type == FORM_ORDINAL ||
		    form->leaves[leaf]->block != row_block(target))
			continue;
		/* What the row is called has led to it, and may well be written a little differently. */
		if (workbook_rule(importer->workbook, target, leaf)->kind == FORM_LABEL &&
		    (form->leaves[leaf]->type == FORM_CAPTION || form->coded != NULL)) {
			if (*import_raw(importer, row, i) != '\0')
				(void)import_add_cell(importer, row, i, leaf, IMPORT_NONE);
			continue;
		}
		import_put(importer, row, i, leaf, target, NULL);
	}
}

void import_refuse_beyond(struct importer *importer, size_t row)
{
	for (size_t i = 0; i < importer->column_count; i++)
		if (importer->columns[i].leaf == IMPORT_BEYOND && *import_raw(importer, row, i) != '\0')
			import_refuse_cell(importer, row, i, -1, "%s", _("表的右边没有这一栏了。"));
}

void import_rows(struct importer *importer)
{
	struct import_target *targets = import_match_fixed(importer);
	struct import_entries *entries =
		importer->form->list >= 0 ? import_entries_begin(importer) : NULL;

	for (size_t row = importer->body; row < importer->end && !import_is_hopeless(importer); row++) {
		const struct import_target *target = &targets[row - importer->body];

		for (int block = 0; block < 2; block++)
			if (target->rows[block] != NULL) {
				import_begin_line(importer, row, row_key(target->rows[block]), false);
				import_put_row(importer, row, target->rows[block]);
			}
		if (target->rows[0] == NULL && target->rows[1] == NULL && !target->refused && entries != NULL &&
		    import_has_content(importer, row) && !import_is_head_again(importer, row))
			import_put_entry(entries, row);
	}
	if (entries != NULL)
		import_entries_end(entries);
	memory_free(targets);
}
