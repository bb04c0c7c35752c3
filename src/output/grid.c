#include "output/grid.h"

#include "base/buffer.h"
#include "base/memory.h"

static char *expand(const struct workbook *workbook, int table, const char *text)
{
	struct buffer out = {0};

	if (text != NULL)
		workbook_expand(workbook, table, text, &out);
	else
		buffer_add(&out, "");
	return buffer_take(&out);
}

/* A column of every block, the ordinal, goes by whichever row the line has. */
static const struct row *row_of_leaf(const struct grid_row *line, const struct form_column *leaf)
{
	if (leaf->block >= 0)
		return line->rows[leaf->block];
	return line->rows[0] != NULL ? line->rows[0] : line->rows[1];
}

static void fill_line(const struct workbook *workbook, const struct form_table *table, size_t number,
		      struct grid_row *line)
{
	line->cells = memory_new_array((size_t)table->leaf_count, sizeof(*line->cells));
	for (int block = 0; block < table->block_count; block++) {
		line->rows[block] = workbook_line_row(workbook, table->index, number, block);
		line->total = line->total || (line->rows[block] != NULL && row_is_total(line->rows[block]));
	}
	for (int leaf = 0; leaf < table->leaf_count; leaf++) {
		const struct row *row = row_of_leaf(line, table->leaves[leaf]);
		struct buffer text = {0};
		buffer_add(&text, "");
		if (row != NULL)
			workbook_cell_text(workbook, row, leaf, number, NULL, &text);
		line->cells[leaf] = buffer_take(&text);
	}
}

static void fill_blank(const struct form_table *table, struct grid_row *line)
{
	line->cells = memory_new_array((size_t)table->leaf_count, sizeof(*line->cells));
	for (int leaf = 0; leaf < table->leaf_count; leaf++)
		line->cells[leaf] = memory_copy_string("");
}

struct grid *grid_new(const struct workbook *workbook, int index)
{
	const struct form_table *table = workbook_pack(workbook)->tables[index];
	bool empty = workbook_table_is_empty(workbook, index);
	struct grid *grid = memory_new(sizeof(*grid));

	grid->table = table;
	grid->title = expand(workbook, index, table->title);
	for (int i = 0; i < 3; i++)
		grid->line[i] = expand(workbook, index, table->line[i]);
	grid->note = expand(workbook, index,
			    empty && table->empty_note != NULL ? table->empty_note : table->note);
	grid->row_count = empty ? (size_t)table->empty_rows : workbook_line_count(workbook, index);
	grid->rows = memory_new_array(grid->row_count > 0 ? grid->row_count : 1, sizeof(*grid->rows));
	for (size_t i = 0; i < grid->row_count; i++)
		if (empty)
			fill_blank(table, &grid->rows[i]);
		else
			fill_line(workbook, table, i, &grid->rows[i]);
	return grid;
}

void grid_free(struct grid *grid)
{
	if (grid == NULL)
		return;
	for (size_t i = 0; i < grid->row_count; i++) {
		for (int leaf = 0; leaf < grid->table->leaf_count; leaf++)
			memory_free(grid->rows[i].cells[leaf]);
		memory_free(grid->rows[i].cells);
	}
	memory_free(grid->rows);
	for (int i = 0; i < 3; i++)
		memory_free(grid->line[i]);
	memory_free(grid->title);
	memory_free(grid->note);
	memory_free(grid);
}
