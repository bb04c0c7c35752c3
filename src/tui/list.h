/* A list of lines of which some are on the screen and one is chosen. */
#ifndef YUBIAO_TUI_LIST_H
#define YUBIAO_TUI_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/terminal.h"

struct list {
	size_t count, chosen, top;
};

/* Moves within the list, of which `rows` lines are shown. False: not a key for that. */
bool list_key(struct list *list, const struct keypress *press, int rows);
/* Brings `top` to where the chosen line is shown; to be called before drawing, as the window may have
 * changed. */
void list_scroll(struct list *list, int rows);
/* `text` as line `i` of a list drawn from screen row `row` on, the chosen one so marked. */
void list_draw(const struct list *list, size_t i, int row, const char *text);

#endif
