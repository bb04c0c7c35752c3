#include "tui/table_layout.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define ORDINAL_LEAST 3
#define CODE_LEAST 7
#define FIGURE_LEAST 7       /* 9999.99 */
#define FIGURE_MOST 12       /* given freely where there is room */
#define CAPTION_LEAST 13     /* rather than this, columns scroll */
#define CAPTION_SCROLLED 16
#define FIGURE_SCROLLED 8    /* where columns scroll they need not be as narrow */
#define CAPTION_TIGHT 8
#define CAPTION_CODED 40     /* names of codes are as long as that */
#define FIGURES_SHOWN 3      /* at least, where columns scroll */
#define CAPTION_LISTED 30    /* names of entries */
#define TEXT_LEAST 12
#define MEASURE_LEAST 8
#define TEXT_MOST 20
#define DATE_LEAST 10
#define CHOICE_MOST 14

static bool is_figure(const struct form_column *column)
{
	return column->type < FORM_ORDINAL;
}

static int choice_width(const struct form_column *column)
{
	int width = MEASURE_LEAST;

	for (int i = 0; i < column->choice_count; i++)
		if (text_width(column->choices[i]) > width)
			width = text_width(column->choices[i]);
	return width;
}

/* The widest date as the layout writes it: yyyy年m月d日 has two digits where it says one. */
static int date_cells(const char *format)
{
	return format == NULL ? DATE_LEAST
			      : text_width(format) + (strstr(format, "mm") == NULL) + (strstr(format, "dd") == NULL);
}

/* What a text would like to have. */
static int natural_text(const struct form_column *column)
{
	switch (column->type) {
	case FORM_CHOICE: return choice_width(column);
	case FORM_DATE: return date_cells(column->format);
	default: return column->width > TEXT_MOST ? column->width : TEXT_MOST;
	}
}

static int least_text(const struct form_column *column)
{
	int natural = natural_text(column);

	if (column->width > 0)
		return column->width < natural ? column->width : natural;
	if (column->type == FORM_CHOICE)
		return natural < CHOICE_MOST ? natural : CHOICE_MOST;
	switch (column->type) {
	case FORM_DATE: return date_cells(column->format);
	case FORM_MEASURE: return MEASURE_LEAST;
	default: return TEXT_LEAST;
	}
}

/* The blanks before the innermost caption of a tree. */
static int deepest_indent(const struct form_table *form)
{
	int depth = 0;

	for (int i = 0; i < form->row_count; i++)
		if (form->rows[i].depth > depth)
			depth = form->rows[i].depth;
	return form->indent > 0 ? form->indent * depth : 0;
}

static int least_width(const struct form_table *form, const struct form_column *column)
{
	const struct catalogue_level *levels = column->level >= 0 ? column->catalogue->levels : NULL;
	int length = CODE_LEAST;

	if (table_is_words(column))
		return least_text(column);
	if (levels != NULL) /* 29 of 20129 */
		return (int)(levels[column->level].length -
			     (column->level > 0 ? levels[column->level - 1].length : 0));
	switch (column->type) {
	case FORM_ORDINAL: return ORDINAL_LEAST;
	case FORM_CAPTION: return CAPTION_LEAST + deepest_indent(form);
	case FORM_CODE:
		if (form->coded != NULL)
			length = (int)form->coded->catalogue->levels[form->coded->leaf_level].length;
		return length > CODE_LEAST ? length : CODE_LEAST;
	default: return column->width > FIGURE_LEAST ? column->width : FIGURE_LEAST;
	}
}

void table_layout_init(struct table_layout *layout, const struct form_table *form, const struct workbook *workbook)
{
	size_t count = (size_t)form->leaf_count + 1;

	*layout = (struct table_layout){.form = form, .workbook = workbook, .bar_x = -1};
	layout->need = memory_new_array(count, sizeof(*layout->need));
	layout->width = memory_new_array(count, sizeof(*layout->width));
	layout->shown = memory_new_array(count, sizeof(*layout->shown));
	for (int leaf = table_first_leaf(form); leaf < form->leaf_count; leaf++)
		layout->need[leaf] = least_width(form, form->leaves[leaf]);
}

void table_layout_done(struct table_layout *layout)
{
	memory_free(layout->need);
	memory_free(layout->width);
	memory_free(layout->shown);
	*layout = (struct table_layout){0};
}

bool table_layout_grow(struct table_layout *layout, int leaf, int width)
{
	if (width <= layout->need[leaf])
		return false;
	layout->need[leaf] = width;
	return true;
}

/* The width at which no caption of the column is cut. */
static int natural_caption(const struct form_table *form, int leaf)
{
	int most = CAPTION_LEAST;

	if (form->coded != NULL)
		return CAPTION_CODED;
	if (form->list >= 0)
		most = CAPTION_LISTED;
	for (int i = 0; i < form->row_count; i++) {
		const struct form_row *row = &form->rows[i];
		int width = text_width(row->caption) + form->indent * row->depth;
		if (form->blocks[row->block].caption_leaf == leaf && width > most)
			most = width;
	}
	return most;
}

enum kind { KIND_CAPTIONS, KIND_TEXTS, KIND_FIGURES };

/* How wide the column may grow as one of `kind`; 0: it is none. */
static int width_wanted(const struct form_table *form, int leaf, enum kind kind)
{
	const struct form_column *column = form->leaves[leaf];

	if (column->type == FORM_CAPTION)
		return kind == KIND_CAPTIONS ? natural_caption(form, leaf) : 0;
	if (table_is_words(column))
		return kind == KIND_TEXTS ? natural_text(column) : 0;
	return kind == KIND_FIGURES && is_figure(column) ? FIGURE_MOST : 0;
}

/* One cell more for each shown column of the kind that may still grow, until `*rest` is used up. */
static void widen(struct table_layout *layout, enum kind kind, int first, int end, int *rest)
{
	bool grew = true;

	while (*rest > 0 && grew) {
		grew = false;
		for (int leaf = first; leaf < end && *rest > 0; leaf++) {
			if (layout->width[leaf] >= width_wanted(layout->form, leaf, kind))
				continue;
			layout->width[leaf]++;
			(*rest)--;
			grew = true;
		}
	}
}

static void show(struct table_layout *layout, int leaf, int *x)
{
	layout->shown[layout->shown_count++] = (struct table_column){leaf, *x, layout->width[leaf]};
	*x += layout->width[leaf] + 1;
}

/* All columns side by side. */
static void make_whole(struct table_layout *layout, int rest)
{
	int x = 0, first = table_first_leaf(layout->form), end = layout->form->leaf_count;

	widen(layout, KIND_CAPTIONS, first, end, &rest);
	widen(layout, KIND_TEXTS, first, end, &rest);
	widen(layout, KIND_FIGURES, first, end, &rest);
	for (int leaf = first; leaf < end; leaf++) {
		if (table_is_double(layout->form) && leaf == layout->form->blocks[1].first_leaf)
			layout->bar_x = x++;
		show(layout, leaf, &x);
	}
}

/* ---- columns that scroll ---- */

/* Rows that have neither code nor caption are known by their first text. */
static bool names_rows(const struct form_table *form, int leaf)
{
	const struct form_block *block = &form->blocks[form->block_count - 1];

	return !table_is_double(form) && block->caption_leaf < 0 && block->code_leaf < 0 &&
	       leaf == table_first_leaf(form) && table_is_words(form->leaves[leaf]);
}

static bool is_frozen(const struct table_layout *layout, int leaf, int block)
{
	const struct form_column *column = layout->form->leaves[leaf];

	return (!is_figure(column) || names_rows(layout->form, leaf)) &&
	       (column->block < 0 || column->block == block);
}

static bool scrolls(const struct table_layout *layout, int leaf, int block)
{
	const struct form_column *column = layout->form->leaves[leaf];

	return is_figure(column) && !names_rows(layout->form, leaf) && column->block == block;
}

/* The leaf behind the last that fits if `first` is the first shown. */
static int end_of(const struct table_layout *layout, int first, int block, int room)
{
	int leaf = first;

	for (; leaf < layout->form->leaf_count; leaf++) {
		if (!scrolls(layout, leaf, block))
			continue;
		room -= layout->width[leaf] + 1;
		if (room < 0)
			break;
	}
	return leaf;
}

static int frozen_width(const struct table_layout *layout, int block)
{
	int width = 0;

	for (int leaf = table_first_leaf(layout->form); leaf < layout->form->leaf_count; leaf++)
		if (is_frozen(layout, leaf, block))
			width += layout->width[leaf] + 1;
	return width;
}

/* The room for figures: captions give way until some stand beside them, and get back what no figure can use.
 */
static int make_room(struct table_layout *layout, int columns, int block)
{
	int caption = layout->form->blocks[block].caption_leaf, figure = FIGURE_SCROLLED;

	for (int leaf = table_first_leaf(layout->form); leaf < layout->form->leaf_count; leaf++) {
		if (scrolls(layout, leaf, block) && layout->width[leaf] < FIGURE_SCROLLED)
			layout->width[leaf] = FIGURE_SCROLLED;
		if (scrolls(layout, leaf, block) && layout->width[leaf] > figure)
			figure = layout->width[leaf];
	}
	if (caption >= 0) {
		int natural = natural_caption(layout->form, caption);
		int indent = deepest_indent(layout->form), wanted = CAPTION_SCROLLED + indent;
		layout->width[caption] = natural < wanted ? natural : wanted;
		while (layout->width[caption] > CAPTION_TIGHT + indent &&
		       columns - frozen_width(layout, block) < FIGURES_SHOWN * (figure + 1))
			layout->width[caption]--;
		int rest = (columns - frozen_width(layout, block)) % (figure + 1);
		if (rest > 0 && layout->width[caption] + rest <= natural)
			layout->width[caption] += rest;
	}
	return columns - frozen_width(layout, block);
}

/* Moves by as much as shows new columns, with one of the old left beside the cursor. */
static void scroll_to(struct table_layout *layout, int leaf, int block, int room)
{
	int last = layout->form->leaf_count;

	if (layout->form->leaves[layout->first]->block != block || !scrolls(layout, leaf, block))
		layout->first = layout->form->blocks[block].first_leaf;
	if (!scrolls(layout, leaf, block))
		return;
	if (layout->first > leaf)
		layout->first = leaf > table_first_leaf(layout->form) ? leaf - 1 : leaf;
	if (leaf >= end_of(layout, layout->first, block, room)) {
		while (leaf >= end_of(layout, layout->first, block, room))
			layout->first++;
		while (layout->first + 1 < leaf && end_of(layout, layout->first, block, room) < last)
			layout->first++;
	}
	while (layout->first > 0 &&
	       end_of(layout, layout->first - 1, block, room) == end_of(layout, last, block, room) &&
	       end_of(layout, layout->first, block, room) == last)
		layout->first--;
}

static void make_scrolled(struct table_layout *layout, int columns, int leaf)
{
	int block = layout->form->leaves[leaf]->block, x = 0;

	if (block < 0)
		block = table_first_block(layout->form);
	int room = make_room(layout, columns, block);
	scroll_to(layout, leaf, block, room);
	int end = end_of(layout, layout->first, block, room);
	for (int i = layout->first; i < end; i++)
		room -= scrolls(layout, i, block) ? layout->width[i] + 1 : 0;
	widen(layout, KIND_TEXTS, layout->first, end, &room);
	for (int i = table_first_leaf(layout->form); i < layout->form->leaf_count; i++)
		if (is_frozen(layout, i, block))
			show(layout, i, &x);
	for (int i = table_first_leaf(layout->form); i < layout->form->leaf_count; i++) {
		if (is_frozen(layout, i, block))
			continue;
		if (i >= layout->first && i < end && scrolls(layout, i, block))
			show(layout, i, &x);
		else if (i < layout->first ||
			 (layout->form->leaves[i]->block >= 0 && layout->form->leaves[i]->block < block))
			layout->more_left = true;
		else
			layout->more_right = true;
	}
}

void table_layout_make(struct table_layout *layout, int columns, size_t lines, int leaf)
{
	int total = table_is_double(layout->form), digits = 1;

	for (size_t n = lines; n >= 10; n /= 10)
		digits++;
	layout->shown_count = 0;
	layout->bar_x = -1;
	layout->more_left = layout->more_right = false;
	for (int i = table_first_leaf(layout->form); i < layout->form->leaf_count; i++) {
		if (layout->form->leaves[i]->type == FORM_ORDINAL)
			table_layout_grow(layout, i, digits);
		layout->width[i] = layout->need[i];
		total += layout->width[i] + 1;
	}
	if (total <= columns)
		make_whole(layout, columns - total);
	else
		make_scrolled(layout, columns, leaf);
}

const struct table_column *table_layout_column(const struct table_layout *layout, int leaf)
{
	for (int i = 0; i < layout->shown_count; i++)
		if (layout->shown[i].leaf == leaf)
			return &layout->shown[i];
	return NULL;
}
