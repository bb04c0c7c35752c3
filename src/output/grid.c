#include "output/grid.h"

#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"

size_t grid_count(const struct workbook *workbook, int table)
{
	size_t count = workbook_sheet_count(workbook, table);

	return count > 0 ? count : 1;
}

static bool has_sheet(const struct grid *grid)
{
	return grid->sheet < workbook_sheet_count(grid->workbook, grid->table->index);
}

static char *expand(const struct grid *grid, const char *text)
{
	struct buffer out = {0};

	buffer_add(&out, "");
	if (text != NULL)
		workbook_sheet_expand(grid->workbook, grid->table->index, grid->sheet, text, &out);
	return buffer_take(&out);
}

/* Line by line, for a note may have several. */
static char *expand_lines(const struct grid *grid, const char *text)
{
	struct buffer out = {0};

	buffer_add(&out, "");
	while (text != NULL && *text != '\0') {
		size_t length = strcspn(text, "\n");
		char *line = memory_copy_bytes(text, length), *filled = expand(grid, line);
		if (out.length > 0)
			buffer_add_byte(&out, '\n');
		buffer_add(&out, filled);
		memory_free(filled);
		memory_free(line);
		text += length + (text[length] != '\0');
	}
	return buffer_take(&out);
}

/* ---- Cells. ---- */

/* A figure, or a text that is no label: what a blank form leaves open. */
static bool is_left_open(const struct grid *grid, const struct row *row, int leaf)
{
	enum form_type type = grid->table->leaves[leaf]->type;
	enum form_rule_kind kind = workbook_rule(grid->workbook, row, leaf)->kind;
	bool label = type == FORM_ORDINAL || type == FORM_CODE || type == FORM_CAPTION;

	return grid->blank && kind != FORM_CLOSED && kind != FORM_LABEL && !label;
}

static char *cell_text(const struct grid *grid, const struct row *row, int leaf, size_t line)
{
	struct buffer out = {0};

	buffer_add(&out, "");
	if (row != NULL && !is_left_open(grid, row, leaf))
		workbook_cell_text(grid->workbook, row, leaf, line, NULL, &out);
	for (char *here = out.data; *here != '\0'; here++)
		if (*here == '\t')
			*here = ' ';
	return buffer_take(&out);
}

/* A column of every block, the ordinal, goes by whichever row the line has. */
static const struct row *row_of_leaf(const struct grid_row *line, const struct form_column *leaf)
{
	if (leaf->block >= 0)
		return line->rows[leaf->block];
	return line->rows[0] != NULL ? line->rows[0] : line->rows[1];
}

static char **new_cells(const struct form_table *table)
{
	return memory_new_array(table->leaf_count > 0 ? (size_t)table->leaf_count : 1, sizeof(char *));
}

/* Which blocks the grid has; block 0 of a table with fields are those. */
static int first_block(const struct form_table *table)
{
	return table->fields_class >= 0 ? 1 : 0;
}

static bool leaves_out_rows(const struct form_table *table)
{
	return table->blocks[0].catalogue != NULL || (table->block_count > 1 && table->blocks[1].catalogue != NULL);
}

/* The rows of each line. Where rows are left out, those below them move up within their block, as far as the
 * next line that is common to both. Returns the number of lines. */
static size_t place_rows(struct grid *grid, size_t count)
{
	const struct form_table *table = grid->table;
	size_t next[2] = {0, 0};

	for (size_t line = 0; line < count; line++) {
		bool joint = !leaves_out_rows(table) || table->lines[line].joint;
		if (joint)
			next[0] = next[1] = next[0] > next[1] ? next[0] : next[1];
		for (int block = first_block(table); block < table->block_count; block++) {
			const struct row *row = workbook_sheet_line_row(grid->workbook, table->index,
									grid->sheet, line, block);
			if (row != NULL && (grid->blank || !row_is_hidden(grid->workbook, row)))
				grid->rows[next[block]++].rows[block] = row;
		}
		if (joint)
			next[0] = next[1] = next[0] > next[1] ? next[0] : next[1];
	}
	return next[0] > next[1] ? next[0] : next[1];
}

static void fill_line(const struct grid *grid, size_t number, struct grid_row *line)
{
	const struct form_table *table = grid->table;

	line->cells = new_cells(table);
	for (int block = 0; block < table->block_count; block++)
		line->total = line->total || (line->rows[block] != NULL && row_is_total(line->rows[block]));
	for (int leaf = grid->first_leaf; leaf < table->leaf_count; leaf++)
		line->cells[leaf] =
			cell_text(grid, row_of_leaf(line, table->leaves[leaf]), leaf, number);
}

static void fill_blank(const struct grid *grid, struct grid_row *line)
{
	line->cells = new_cells(grid->table);
	for (int leaf = grid->first_leaf; leaf < grid->table->leaf_count; leaf++)
		line->cells[leaf] = memory_copy_string("");
}

/* ---- What one row has to do with those above it. ---- */

/* Rows that come and go: entries, codes. What is printed of a fixed row stands as it was written. */
static bool is_generated_row(const struct form_table *table, const struct row *row)
{
	return row != NULL && (table->coded != NULL || (table->list >= 0 && row_class(row) == table->entry_class));
}

/* A value that equals the one above is not printed again, as long as the same is true of the `once` columns
 * to the left: a new group begins anew. From below, for what stands above is compared as it was entered. */
static void drop_repeated(struct grid *grid)
{
	const struct form_table *table = grid->table;

	for (size_t i = grid->row_count; i-- > 1;) {
		struct grid_row *line = &grid->rows[i], *above = &grid->rows[i - 1];
		for (int leaf = grid->first_leaf; leaf < table->leaf_count; leaf++) {
			if (!table->leaves[leaf]->once)
				continue;
			if (!is_generated_row(table, row_of_leaf(line, table->leaves[leaf])) ||
			    !is_generated_row(table, row_of_leaf(above, table->leaves[leaf])) ||
			    strcmp(line->cells[leaf], above->cells[leaf]) != 0)
				break;
			line->cells[leaf][0] = '\0';
		}
	}
}

/* ---- Cards. ---- */

static void fill_fields(struct grid *grid)
{
	const struct form_table *table = grid->table;

	if (table->fields_class < 0)
		return;
	grid->first_leaf = table->blocks[0].leaf_count;
	if (!table->fields_printed || !has_sheet(grid))
		return;
	grid->fields = workbook_sheet_fields(grid->workbook, table->index, grid->sheet);
	grid->field_line_count = table->field_line_count;
	grid->field_lines = memory_new_array((size_t)table->field_line_count + 1, sizeof(*grid->field_lines));
	for (int i = 0; i < table->field_line_count; i++) {
		const struct form_field_line *from = &table->field_lines[i];
		struct grid_field_line *to = &grid->field_lines[i];
		to->count = from->count;
		to->cells = memory_new_array((size_t)from->count + 1, sizeof(*to->cells));
		for (int k = 0; k < from->count; k++) {
			to->cells[k].leaf = from->cells[k].label != NULL ? -1 : from->cells[k].leaf;
			to->cells[k].text = from->cells[k].label != NULL
						    ? expand(grid, from->cells[k].label)
						    : cell_text(grid, grid->fields, from->cells[k].leaf, 0);
		}
	}
}

/* ---- All of it. ---- */

/* Cards are printed even with nothing in them: their heads say whose they are. So is a table whose edition does not say how it
 * is published empty. */
static bool is_empty(const struct grid *grid)
{
	if (!has_sheet(grid))
		return true;
	if (grid->blank)
		return false;
	if (grid->table->empty_rows == 0 && grid->table->empty_note == NULL)
		return false;
	return grid->field_line_count == 0 && workbook_table_is_empty(grid->workbook, grid->table->index);
}

static void fill_rows(struct grid *grid, bool empty)
{
	int index = grid->table->index;

	grid->row_count = empty ? (size_t)grid->table->empty_rows
				: workbook_sheet_line_count(grid->workbook, index, grid->sheet);
	grid->rows = memory_new_array(grid->row_count > 0 ? grid->row_count : 1, sizeof(*grid->rows));
	if (!empty)
		grid->row_count = place_rows(grid, grid->row_count);
	for (size_t i = 0; i < grid->row_count; i++)
		if (empty)
			fill_blank(grid, &grid->rows[i]);
		else
			fill_line(grid, i, &grid->rows[i]);
	if (empty)
		return;
	drop_repeated(grid);
}

static struct grid *make_grid(const struct workbook *workbook, int index, size_t sheet, bool blank)
{
	const struct form_table *table = workbook_pack(workbook)->tables[index];
	struct grid *grid = memory_new(sizeof(*grid));
	bool empty;

	grid->workbook = workbook;
	grid->table = table;
	grid->sheet = sheet;
	grid->blank = blank;
	fill_fields(grid);
	empty = is_empty(grid);
	grid->title = expand(grid, table->title);
	for (int i = 0; i < 3; i++)
		grid->line[i] = expand(grid, table->line[i]);
	grid->note = expand_lines(grid, empty && table->empty_note != NULL ? table->empty_note : table->note);
	fill_rows(grid, empty);
	return grid;
}

struct grid *grid_new(const struct workbook *workbook, int table, size_t sheet)
{
	return make_grid(workbook, table, sheet, false);
}

struct grid *grid_new_blank(const struct workbook *workbook, int table, size_t sheet)
{
	return make_grid(workbook, table, sheet, true);
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
	for (int i = 0; i < grid->field_line_count; i++) {
		for (int k = 0; k < grid->field_lines[i].count; k++)
			memory_free(grid->field_lines[i].cells[k].text);
		memory_free(grid->field_lines[i].cells);
	}
	memory_free(grid->field_lines);
	for (int i = 0; i < 3; i++)
		memory_free(grid->line[i]);
	memory_free(grid->title);
	memory_free(grid->note);
	memory_free(grid);
}
