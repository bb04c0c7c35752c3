/* Every column has a least width, at which its figures fit and its head and text wrap, and a most, beyond
 * which more is waste. If the least widths of all fit on the paper there is one band. Else each block is
 * cut by itself into as few bands as will do, with about as many columns each. What the paper has left is
 * then given to captions first. */
#include "output/band.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define HEAD_LEAST 8 /* four characters a line in a head */
#define FIGURE_MOST 16
#define CAPTION_LEAST 16
#define CAPTION_FLOOR 8 /* where even one figure beside it would not fit */
#define CAPTION_MOST 44
#define MARK 1

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

static int widest_cell(const struct grid *grid, int leaf)
{
	int width = 0;

	for (size_t i = 0; i < grid->row_count; i++)
		width = most(width, text_width(grid->rows[i].cells[leaf]));
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

static struct band_column measure(const struct grid *grid, int leaf)
{
	const struct form_column *column = grid->table->leaves[leaf];
	struct band_column out = {.leaf = leaf};
	int cell = widest_cell(grid, leaf), head = head_width(column);

	switch (column->type) {
	case FORM_ORDINAL:
		out.label = true;
		out.width = out.most = most(cell + MARK, 4);
		break;
	case FORM_CODE:
		out.label = true;
		out.width = most(cell, least(head, HEAD_LEAST));
		out.most = most(out.width, least(head, FIGURE_MOST));
		break;
	case FORM_CAPTION:
		out.label = true;
		out.width = least(most(cell, HEAD_LEAST), CAPTION_LEAST);
		out.most = least(most(cell, most(head, CAPTION_LEAST)), CAPTION_MOST);
		break;
	case FORM_TEXT:
	case FORM_CHOICE:
	case FORM_MEASURE:
		out.width = least(most(cell + MARK, HEAD_LEAST), CAPTION_LEAST);
		out.most = least(most(cell + MARK, head), CAPTION_MOST);
		break;
	default:
		out.figure = true;
		out.width = most(cell + MARK, least(head, HEAD_LEAST));
		out.most = most(out.width, FIGURE_MOST);
	}
	return out;
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

/* One cell more for each label, or each other column, that can use it; only for all of them, so that like
 * columns stay alike. False where that cannot be. */
static bool widen_once(struct band *band, bool labels, int paper)
{
	int growing = 0;

	for (int i = 0; i < band->count; i++)
		growing +=
			band->columns[i].label == labels && band->columns[i].width < band->columns[i].most;
	if (growing == 0 || band->width + growing > paper)
		return false;
	for (int i = 0; i < band->count; i++)
		if (band->columns[i].label == labels && band->columns[i].width < band->columns[i].most)
			band->columns[i].width++;
	band->width += growing;
	return true;
}

static void widen(struct band *band, int paper)
{
	while (widen_once(band, true, paper))
		;
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

/* How many of the block's columns that are no labels, from the `skip`th on, fit beside the labels; one at
 * least. */
static int count_fitting(const struct grid *grid, const struct band_column *columns, int block, int skip,
			 int paper)
{
	int width = 1, fitting = 0;

	for (int i = 0; i < grid->table->leaf_count; i++)
		if (columns[i].label && is_in(grid, &columns[i], block))
			width += columns[i].width + 1;
	for (int i = 0; i < grid->table->leaf_count; i++) {
		if (columns[i].label || !is_in(grid, &columns[i], block) || skip-- > 0)
			continue;
		width += columns[i].width + 1;
		if (width > paper && fitting > 0)
			break;
		fitting++;
	}
	return fitting;
}

static int count_figures(const struct grid *grid, const struct band_column *columns, int block)
{
	int count = 0;

	for (int i = 0; i < grid->table->leaf_count; i++)
		count += !columns[i].label && is_in(grid, &columns[i], block);
	return count;
}

/* The labels of `block` (-1: of all) and `take` of its other columns from the `skip`th on. */
static void fill_band(struct band *band, const struct grid *grid, const struct band_column *columns,
		      int block, int skip, int take)
{
	for (int i = 0; i < grid->table->leaf_count; i++) {
		if (!is_in(grid, &columns[i], block))
			continue;
		if (!columns[i].label && (skip-- > 0 || take-- <= 0))
			continue;
		add_column(band, &columns[i]);
	}
}

static void cut_block(struct bands *bands, size_t *capacity, const struct grid *grid,
		      const struct band_column *columns, int block, int paper)
{
	int all = count_figures(grid, columns, block), needed = 0, skip = 0;

	while (skip < all) {
		skip += count_fitting(grid, columns, block, skip, paper);
		needed++;
	}
	skip = 0;
	do {
		int even = needed > 0 ? (all - skip + needed - 1) / needed : 0;
		int take = all > 0 ? least(even, count_fitting(grid, columns, block, skip, paper)) : 0;
		struct band *band = new_band(bands, capacity, grid->table->leaf_count);
		fill_band(band, grid, columns, block, skip, take);
		skip += take;
		needed = most(needed - 1, 1);
	} while (skip < all);
}

struct bands *bands_new(const struct grid *grid, int paper)
{
	int count = grid->table->leaf_count, whole = 1;
	struct band_column *columns = memory_new_array((size_t)count, sizeof(*columns));
	struct bands *bands = memory_new(sizeof(*bands));
	size_t capacity = 0;

	for (int i = 0; i < count; i++) {
		columns[i] = measure(grid, i);
		whole += columns[i].width + 1;
	}
	if (whole <= paper)
		fill_band(new_band(bands, &capacity, count), grid, columns, -1, 0, count);
	else
		for (int block = 0; block < grid->table->block_count; block++)
			cut_block(bands, &capacity, grid, columns, block, paper);
	for (int i = 0; i < bands->count; i++) {
		squeeze(&bands->items[i], paper);
		widen(&bands->items[i], paper);
		bands->width = most(bands->width, bands->items[i].width);
	}
	memory_free(columns);
	return bands;
}

void bands_free(struct bands *bands)
{
	for (int i = 0; i < bands->count; i++)
		memory_free(bands->items[i].columns);
	memory_free(bands->items);
	memory_free(bands);
}
