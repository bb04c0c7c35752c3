/* A text of several paragraphs that is being typed: wrapped by cells, moved in and cut by character and by
 * line. No terminal but for area_draw(): only the text and where the cursor stands in it. */
#ifndef YUBIAO_TUI_AREA_H
#define YUBIAO_TUI_AREA_H

#include <stdbool.h>

#include "base/buffer.h"
#include "tui/terminal.h"

struct area_line { /* as it is shown */
	size_t from, to; /* bytes; what lies between `to` and the next line's `from` is the break */
};
struct area {
	struct buffer text;
	size_t at;   /* bytes before the cursor */
	size_t most; /* bytes that the text may have */
	int cells;   /* width at which it is wrapped */
	int column;  /* where Up and Down want to stand, -1: where the cursor is */
	size_t top;  /* first line on the screen */
	struct area_line *lines;
	size_t count, capacity;
};

void area_done(struct area *area);
/* The cursor goes behind the text. */
void area_set(struct area *area, const char *text);
/* Puts in what was pasted or typed at the cursor, sanitized. False: it does not fit, nothing was changed. */
bool area_insert(struct area *area, const char *text, size_t length);
void area_wrap(struct area *area, int cells);
/* Types, moves, deletes; `rows` lines are shown. False: the key means nothing here. */
bool area_key(struct area *area, const struct keypress *press, int rows);
/* The lines around the cursor on `rows` rows, and the terminal's cursor. */
void area_draw(struct area *area, int row, int column, int rows);

#endif
