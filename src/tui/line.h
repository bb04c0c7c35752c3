/* A line of text that is being typed. No terminal: only the text and where the cursor stands in it. */
#ifndef YUBIAO_TUI_LINE_H
#define YUBIAO_TUI_LINE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "tui/terminal.h"

struct line {
	struct buffer text;
	size_t at; /* bytes before the cursor */
};
#define LINE_MOST 1000 /* bytes */

void line_done(struct line *line);
/* The cursor goes behind the text. */
void line_set(struct line *line, const char *text);
const char *line_text(const struct line *line); /* borrowed */
/* Types a character, moves, deletes; a paste puts in its first line. False: the key means nothing here. */
bool line_key(struct line *line, const struct keypress *press);
/* The part around the cursor in `cells` cells, and the terminal's cursor in it. */
void line_draw(const struct line *line, int row, int column, int cells, int look);

#endif
