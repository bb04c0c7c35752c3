/* Short questions on the lines above the bottom line. */
#ifndef YUBIAO_TUI_PROMPT_H
#define YUBIAO_TUI_PROMPT_H

#include "tui/line.h"
#include "tui/screen.h"

/* Asks for a line of text; `line` holds what is offered, then the answer. False: the clerk gave up with Esc.
 * A message said before stands below it. */
bool prompt_line(struct tui *tui, const char *question, struct line *line);
/* Asks to choose; `choices` are msgids. The index, -1: Esc. */
int prompt_choice(struct tui *tui, const char *question, const char *const *choices, int count);

#endif
