/* Delimited text: CSV by RFC 4180, and what spreadsheets put on the clipboard. Lines end with CR LF, LF or CR;
 * cells with a comma, a tab or a semicolon; a cell in quotes may hold all of these, and quotes as "". */
#ifndef YUBIAO_BASE_DELIMITED_H
#define YUBIAO_BASE_DELIMITED_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/diag.h"

#define DELIMITED_COLUMNS_MOST 512u
#define DELIMITED_LINES_MOST 20000u
#define DELIMITED_CELLS_MOST 400000u
#define DELIMITED_CELL_BYTES_MOST (64u * 1024)

struct delimited_row {
	unsigned line;  /* of the text, where it begins, from 1: a cell in quotes may span lines */
	uint32_t first; /* of its cells */
	uint32_t count; /* blank ones at the end left out */
	uint32_t width; /* with them */
};

/* The text itself, cut into cells by NULs where the delimiters stood, and where each begins. */
struct delimited {
	struct buffer text;
	uint32_t *cells;
	size_t cell_count, cell_capacity;
	struct delimited_row *rows; /* blank ones too, but for those at the end */
	size_t row_count, row_capacity;
	char separator;
};

/* Cuts `text`, UTF-8, whose bytes it takes over. `separator` 0: a first line `sep=;` says it, else the one that
 * most of the first lines have. STATUS_INVALID and one error with line and column (the cell's number): a
 * control character, a quote that is not closed, a bound. Takes time linear in bytes, and no memory but eight
 * bytes a cell. */
enum status delimited_read(struct delimited *out, struct buffer *text, char separator, struct diag_list *diags);
void delimited_done(struct delimited *text);
/* The cell as it stands there, line ends in it as \n; "" beyond the end of a short row. Borrowed. */
const char *delimited_cell(const struct delimited *text, size_t row, size_t column);
/* The line of the text where the cell begins. */
unsigned delimited_line(const struct delimited *text, size_t row, size_t column);

#endif
