/* A sheet of a table as a neutral grid of text: what every writer (CSV, text sheet, others later) starts
 * from. */
#ifndef YUBIAO_OUTPUT_GRID_H
#define YUBIAO_OUTPUT_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "model/workbook.h"

struct grid_row {
	char **cells; /* one a leaf; "" blank; sanitized, but for line ends in texts; NULL: a field's leaf */
	bool total;
	const struct row *rows[2]; /* of each block, NULL: none; for findings, until the next change */
};
struct grid_field {
	char *text; /* as a cell */
	int leaf;   /* -1: a label */
};
struct grid_field_line {
	struct grid_field *cells;
	int count;
};
struct grid {
	const struct workbook *workbook;
	const struct form_table *table;
	size_t sheet;
	char *title, *line[3]; /* filled in; "" where absent */
	char *note;            /* the empty note where the table is empty; may have several lines */
	/* The head of a card; 0 lines: none. `fields` is its row, for findings, until the next change. */
	struct grid_field_line *field_lines;
	int field_line_count;
	const struct row *fields;
	int first_leaf;        /* of the grid below: the leaves before are fields */
	size_t row_count;
	struct grid_row *rows;
	bool blank; /* no figures, see grid_new_blank() */
};
/* The body rows of a sheet (0 in a plain table) as printed: every line, or the edition's empty body if the
 * table has no figure. A table of sheets that has none yet gives its empty body as sheet 0. The caller
 * frees. */
struct grid *grid_new(const struct workbook *workbook, int table, size_t sheet);
/* The form of it, to be filled: every line, whether the table has a figure or not; cells hold labels and what is
 * printed in closed cells, and are else "". */
struct grid *grid_new_blank(const struct workbook *workbook, int table, size_t sheet);
void grid_free(struct grid *grid);
/* How many sheets to ask for: at least one. */
size_t grid_count(const struct workbook *workbook, int table);

#endif
