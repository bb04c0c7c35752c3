/* Every column has a least width, at which its figures fit and its head and text wrap, and a most, beyond
 * which more is waste. If the least widths of all fit on the paper there is one band. Else each block is
 * cut by itself into as few bands as will do, with about as many columns each. What the paper has left is
 * then given to captions first, then to texts, each time to the one that needs most lines. */
#include "output/band.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define HEAD_LEAST 8 /* four characters a line in a head */
#define FIGURE_MOST 16
#define CAPTION_LEAST 16
#define CAPTION_FLOOR 8 /* where even one figure beside it would not fit */
#define CAPTION_MOST 44
#define TEXT_LEAST 12
#define MARK 1

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

/* A text of several lines is as wide as the widest of them. */
static int widest_line(const char *text)
{
	int width = 0;

	while (*text != '\0') {
		size_t length = strcspn(text, "\n");
		char *line = memory_copy_bytes(text, length);
		width = most(width, text_width(line));
		memory_free(line);
		text += length + (text[length] != '\0');
	}
	return width;
}

static int widest_cell(const struct grid *grid, int leaf)
{
	int width = 0;

	for (size_t i = 0; i < grid->row_count; i++)
		width = most(width, widest_line(grid->rows[i].cells[leaf]));
	return width;
}

static int head_width(const struct form_column *column)
{
	struct buffer squeezed = {0};
	int width;

	text_squeeze(&squeezed, column->caption);
	width = text_width(buffer_text(&squeezed));
	buffer_done(&squeezed);
	return width;
}

static bool says_who(const struct form_table *table, int leaf)
{
	for (int block = 0; block < table->block_count; block++)
		if (leaf == table->blocks[block].code_leaf || leaf == table->blocks[block].caption_leaf)
			return true;
	return leaf == table->ordinal_leaf || table->leaves[leaf]->level >= 0;
}

static struct band_column measure_label(const struct form_column *column, int leaf, int cell, int head)
{
	struct band_column out = {.leaf = leaf, .label = true};

	switch (column->type) {
	case FORM_ORDINAL:
		out.mark = BAND_MARK_ROW;
		out.width = out.most = most(cell + MARK, 4);
		break;
	case FORM_CODE:
		out.width = most(cell, least(head, HEAD_LEAST));
		out.most = most(out.width, least(head, FIGURE_MOST));
		break;
	default:
		out.width = least(most(cell, HEAD_LEAST), CAPTION_LEAST);
		out.most = least(most(cell, most(head, CAPTION_LEAST)), CAPTION_MOST);
	}
	return out;
}

/* Below a group, whose caption a band may leave to this column alone. */
static bool is_grouped(const struct form_table *table, const struct form_column *column)
{
	return column->parent != NULL && column->parent != table->head;
}

static struct band_column measure(const struct grid *grid, int leaf)
{
	const struct form_column *column = grid->table->leaves[leaf];
	struct band_column out = {.leaf = leaf, .mark = BAND_MARK_CELL};
	int cell = widest_cell(grid, leaf), head = head_width(column);

	if (says_who(grid->table, leaf))
		return measure_label(column, leaf, cell, head);
	switch (column->type) {
	case FORM_MONEY:
	case FORM_COUNT:
	case FORM_NUMBER:
	case FORM_PERCENT:
		out.figure = true;
		out.width = most(cell + MARK, is_grouped(grid->table, column) ? HEAD_LEAST
									      : least(head, HEAD_LEAST));
		out.most = most(out.width, FIGURE_MOST);
		break;
	default:
		out.text = true;
		out.width = least(most(cell + MARK, HEAD_LEAST), TEXT_LEAST);
		out.most = most(cell + MARK, least(head, CAPTION_LEAST));
	}
	return out;
}

/* As wide as the layout asks; never too narrow for a figure. */
static struct band_column measure_asked(const struct grid *grid, int leaf)
{
	struct band_column out = measure(grid, leaf);
	int asked = grid->table->leaves[leaf]->width;

	if (asked > 0)
		out.width = out.most = out.figure ? most(asked, widest_cell(grid, leaf) + MARK) : asked;
	return out;
}

/* Every block needs a column that tells its rows apart in every band, and a place for the mark of the row
 * as such: before the ordinal, else before the first label, else behind the first text. */
static void choose_labels(const struct grid *grid, struct band_column *columns, int count, int block)
{
	struct band_column *label = NULL, *text = NULL;

	for (int i = count; i-- > 0;) {
		int own = grid->table->leaves[columns[i].leaf]->block;
		if (own >= 0 && own != block)
			continue;
		if (columns[i].label)
			label = &columns[i];
		if (columns[i].text)
			text = &columns[i];
	}
	if (label != NULL && grid->table->ordinal_leaf < 0) {
		label->mark = BAND_MARK_ROW;
		label->width += MARK;
		label->most += MARK;
	} else if (label == NULL && text != NULL) {
		text->label = text->first = true;
	}
}

/* ---- One band. ---- */

static bool is_in(const struct grid *grid, const struct band_column *column, int block)
{
	int own = grid->table->leaves[column->leaf]->block;

	return block < 0 || own < 0 || own == block;
}

static void add_column(struct band *band, const struct band_column *column)
{
	band->columns[band->count++] = *column;
	band->width += column->width + 1;
}

/* Captions give way until the band fits. */
static void squeeze(struct band *band, int paper)
{
	for (int i = 0; i < band->count && band->width > paper; i++) {
		struct band_column *column = &band->columns[i];
		int give = least(column->width - CAPTION_FLOOR, band->width - paper);
		if (column->figure || give <= 0)
			continue;
		column->width -= give;
		band->width -= give;
	}
}

/* One cell more for each label, or each figure, that can use it; only for all of them, so that like columns
 * stay alike. False where that cannot be. */
static bool widen_once(struct band *band, bool labels, int paper)
{
	int growing = 0;

	for (int i = 0; i < band->count; i++)
		growing += !band->columns[i].text && band->columns[i].label == labels &&
			   band->columns[i].width < band->columns[i].most;
	if (growing == 0 || band->width + growing > paper)
		return false;
	for (int i = 0; i < band->count; i++)
		if (!band->columns[i].text && band->columns[i].label == labels &&
		    band->columns[i].width < band->columns[i].most)
			band->columns[i].width++;
	band->width += growing;
	return true;
}

/* The text whose cells run over most lines; NULL where each has all that it can use. `widest`: of each leaf,
 * its widest cell. */
static struct band_column *find_neediest(const struct band *band, const int *widest)
{
	struct band_column *neediest = NULL;

	for (int i = 0; i < band->count; i++) {
		struct band_column *column = &band->columns[i];
		if (column->text && column->width < column->most &&
		    (neediest == NULL ||
		     widest[column->leaf] * neediest->width > widest[neediest->leaf] * column->width))
			neediest = column;
	}
	return neediest;
}

static void widen_texts(struct band *band, const int *widest, int paper)
{
	struct band_column *column;

	while (band->width < paper && (column = find_neediest(band, widest)) != NULL) {
		column->width++;
		band->width++;
	}
}

/* Beyond what is of use: the narrowest texts first. */
static void stretch_texts(struct band *band, int wide)
{
	while (band->width < wide) {
		struct band_column *narrowest = NULL;
		for (int i = 0; i < band->count; i++)
			if (band->columns[i].text &&
			    (narrowest == NULL || band->columns[i].width < narrowest->width))
				narrowest = &band->columns[i];
		if (narrowest == NULL)
			return;
		narrowest->width++;
		band->width++;
	}
}

static void widen(struct band *band, const int *widest, int paper)
{
	while (widen_once(band, true, paper))
		;
	widen_texts(band, widest, paper);
	while (widen_once(band, false, paper))
		;
	/* What cannot be shared goes to the labels one by one. */
	for (int i = 0; i < band->count; i++)
		while (band->columns[i].label && band->columns[i].width < band->columns[i].most &&
		       band->width < paper) {
			band->columns[i].width++;
			band->width++;
		}
}

static struct band *new_band(struct bands *bands, size_t *capacity, int columns)
{
	struct band *band;

	array_reserve(&bands->items, capacity, (size_t)bands->count, sizeof(*bands->items));
	band = &bands->items[bands->count++];
	*band = (struct band){.width = 1};
	band->columns = memory_new_array((size_t)columns, sizeof(*band->columns));
	return band;
}

/* ---- Cutting. ---- */

struct cutting {
	const struct grid *grid;
	struct band_column *columns; /* of the grid, in order */
	int count;
	int paper;
	struct bands *bands;
	size_t capacity;
};

/* How many of the block's columns that are no labels, from the `skip`th on, fit beside the labels; one at
 * least. */
static int count_fitting(const struct cutting *cutting, int block, int skip)
{
	int width = 1, fitting = 0;

	for (int i = 0; i < cutting->count; i++)
		if (cutting->columns[i].label && is_in(cutting->grid, &cutting->columns[i], block))
			width += cutting->columns[i].width + 1;
	for (int i = 0; i < cutting->count; i++) {
		const struct band_column *column = &cutting->columns[i];
		if (column->label || !is_in(cutting->grid, column, block) || skip-- > 0)
			continue;
		width += column->width + 1;
		if (width > cutting->paper && fitting > 0)
			break;
		fitting++;
	}
	return fitting;
}

static int count_others(const struct cutting *cutting, int block)
{
	int count = 0;

	for (int i = 0; i < cutting->count; i++)
		count += !cutting->columns[i].label && is_in(cutting->grid, &cutting->columns[i], block);
	return count;
}

/* A band of the labels of `block` (-1: of all) and `take` of its other columns from the `skip`th on. */
static void add_band(struct cutting *cutting, int block, int skip, int take)
{
	struct band *band = new_band(cutting->bands, &cutting->capacity, cutting->count);

	for (int i = 0; i < cutting->count; i++) {
		if (!is_in(cutting->grid, &cutting->columns[i], block))
			continue;
		if (!cutting->columns[i].label && (skip-- > 0 || take-- <= 0))
			continue;
		add_column(band, &cutting->columns[i]);
	}
}

static void cut_block(struct cutting *cutting, int block)
{
	int all = count_others(cutting, block), needed = 0, skip = 0;

	while (skip < all) {
		skip += count_fitting(cutting, block, skip);
		needed++;
	}
	skip = 0;
	do {
		int even = needed > 0 ? (all - skip + needed - 1) / needed : 0;
		int take = all > 0 ? least(even, count_fitting(cutting, block, skip)) : 0;
		add_band(cutting, block, skip, take);
		skip += take;
		needed = most(needed - 1, 1);
	} while (skip < all);
}

static void cut(struct cutting *cutting)
{
	const struct form_table *table = cutting->grid->table;
	int whole = 1;

	for (int i = 0; i < cutting->count; i++)
		whole += cutting->columns[i].width + 1;
	if (whole <= cutting->paper) {
		add_band(cutting, -1, 0, cutting->count);
		return;
	}
	for (int block = table->fields_class >= 0 ? 1 : 0; block < table->block_count; block++)
		cut_block(cutting, block);
}

struct bands *bands_new(const struct grid *grid, int paper, int wide)
{
	int first = grid->first_leaf, count = grid->table->leaf_count;
	struct cutting cutting = {.grid = grid, .count = count - first, .paper = paper};
	int *widest = memory_new_array((size_t)count + 1, sizeof(*widest));

	cutting.bands = memory_new(sizeof(*cutting.bands));
	cutting.columns = memory_new_array((size_t)cutting.count + 1, sizeof(*cutting.columns));
	for (int leaf = first; leaf < count; leaf++) {
		cutting.columns[leaf - first] = measure_asked(grid, leaf);
		widest[leaf] = widest_cell(grid, leaf);
	}
	for (int block = 0; block < grid->table->block_count; block++)
		choose_labels(grid, cutting.columns, cutting.count, block);
	if (cutting.count > 0)
		cut(&cutting);
	for (int i = 0; i < cutting.bands->count; i++) {
		squeeze(&cutting.bands->items[i], paper);
		widen(&cutting.bands->items[i], widest, paper);
		if (cutting.bands->count == 1)
			stretch_texts(&cutting.bands->items[i], wide);
		cutting.bands->width = most(cutting.bands->width, cutting.bands->items[i].width);
	}
	memory_free(widest);
	memory_free(cutting.columns);
	return cutting.bands;
}

void bands_free(struct bands *bands)
{
	for (int i = 0; i < bands->count; i++)
		memory_free(bands->items[i].columns);
	memory_free(bands->items);
	memory_free(bands);
}
