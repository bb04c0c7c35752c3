/* Which columns of a table are on the screen, where, and how wide.
 *
 * If all columns fit, all are shown in their order: labels take what figures leave. Else the ordinal and the
 * labels of the block in which the cursor stands are frozen on the left, and the other columns of that block
 * scroll beside them. Behind every column one cell is kept for the sign of a finding. */
#ifndef YUBIAO_TUI_TABLE_LAYOUT_H
#define YUBIAO_TUI_TABLE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "form/pack.h"

/* The columns of the grid begin here; those before are fields, which stand above it. */
static inline int table_first_leaf(const struct form_table *form)
{
	return form->head->first_leaf;
}
/* Two groups of columns with rows of their own side by side. */
static inline bool table_is_double(const struct form_table *form)
{
	return form->block_count > 1 && form->fields_class < 0;
}
static inline int table_first_block(const struct form_table *form)
{
	return form->fields_class >= 0 && form->block_count > 1;
}
static inline bool table_is_words(const struct form_column *column)
{
	return column->type == FORM_TEXT || column->type == FORM_MEASURE || column->type == FORM_CHOICE ||
	       column->type == FORM_DATE;
}

struct table_column {
	int leaf, x, width;
};

struct workbook;
struct table_layout {
	const struct form_table *form;
	const struct workbook *workbook; /* for the years in captions */
	int *need;  /* of every leaf, the least width; grows to what had to be drawn */
	int *width; /* of every leaf, now */
	struct table_column *shown;
	int shown_count;
	int first;  /* the first leaf that scrolls */
	int bar_x;  /* the line between two blocks, -1: none */
	bool more_left, more_right;
};

void table_layout_init(struct table_layout *layout, const struct form_table *form, const struct workbook *workbook);
void table_layout_done(struct table_layout *layout);
/* Lays the columns out on `columns` cells so that `leaf`, where the cursor stands, is shown. `lines`: the
 * table's, for the ordinal. */
void table_layout_make(struct table_layout *layout, int columns, size_t lines, int leaf);
/* A text of `width` cells must fit into the column of `leaf`. True: it does not yet, and the layout is to be
 * made again. */
bool table_layout_grow(struct table_layout *layout, int leaf, int width);
/* NULL: not on the screen. */
const struct table_column *table_layout_column(const struct table_layout *layout, int leaf);

#endif
