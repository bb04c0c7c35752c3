/* A table as a neutral grid of text: what every writer (CSV, text sheet, others later) starts from. */
#ifndef YUBIAO_OUTPUT_GRID_H
#define YUBIAO_OUTPUT_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "model/workbook.h"

struct grid_row {
	char **cells; /* one a leaf; "" blank; sanitized */
	bool total;
	const struct row *rows[2]; /* of each block, NULL: none; for findings, until the next change */
};
struct grid {
	const struct form_table *table;
	char *title, *line[3]; /* filled in; "" where absent */
	char *note;            /* the empty note where the table is empty */
	size_t row_count;
	struct grid_row *rows;
};
/* The body rows as printed: every line of the table, or the edition's empty body if it has no figure. The
 * caller frees. */
struct grid *grid_new(const struct workbook *workbook, int table);
void grid_free(struct grid *grid);

#endif
