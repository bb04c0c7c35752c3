/* The live line: both totals of the pack, their difference, and how much is wrong. */
#ifndef YUBIAO_TUI_LIVE_H
#define YUBIAO_TUI_LIVE_H

#include "tui/screen.h"

void live_draw(const struct tui *tui, int row);
/* The same as one sentence, for after the end. */
void live_text(const struct tui *tui, struct buffer *out);
/* 错误2 警告1 of a table (-1: of all), nothing where there is none. */
void live_tally_text(const struct tui *tui, int table, struct buffer *out);

#endif
