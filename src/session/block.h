/* A pasted block of cells, as spreadsheets put it on the clipboard. Internal to the session directory. */
#ifndef YUBIAO_SESSION_BLOCK_H
#define YUBIAO_SESSION_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

struct block_line {
	char **cells; /* sanitized, without blanks at both ends */
	size_t count, capacity;
};
struct block {
	struct block_line *lines;
	size_t count, capacity;
};

/* Lines end with a newline, cells with a tab; a cell in quotes may hold both (they become blanks). Empty
 * lines at the end are left out. */
void block_read(struct block *block, const char *text);
void block_done(struct block *block);
/* The cell, "" beyond the end of a short line. */
const char *block_cell(const struct block *block, size_t line, size_t column);
/* Cells of the longest line from `first` on. */
size_t block_width(const struct block *block, size_t first);

#endif
