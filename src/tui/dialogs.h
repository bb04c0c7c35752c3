/* The screens, each opened by one call that returns when it is closed. */
#ifndef YUBIAO_TUI_DIALOGS_H
#define YUBIAO_TUI_DIALOGS_H

#include "tui/line.h"
#include "tui/screen.h"

/* Offers recent files and a new one; each that is opened is worked on, then freed. */
void start_run(struct tui *tui);
/* The list of tables; leaves only when nothing is lost by it. */
void tables_run(struct tui *tui);
/* A table, with the cursor at `place` (NULL: its first cell to be entered). Other tables may be shown before
 * it closes. */
void table_run(struct tui *tui, int table, const struct session_place *place);
/* One sheet of a table. The table that the clerk went on to, if that has a list of cards; -1: none. */
int table_open(struct tui *tui, int table, size_t sheet, const struct session_place *place);
/* The cards, or sheets, of a table: to open, add, delete and move them. Returns as table_open() does. */
int cards_run(struct tui *tui, int table);
/* A text in full; `first` (may be NULL) is typed into it at once. True: `text` holds what it is now. */
bool text_run(struct tui *tui, const char *title, struct buffer *text, const struct keypress *first);
/* One of `items`, which the clerk picks from a list near the cell at (row, column). The index, -1: none. */
int pick_run(struct tui *tui, int row, int column, const char *const *items, int count, int chosen,
	     const struct keypress *first);
void cover_run(struct tui *tui);
/* All findings, the first of `table` chosen (-1: the first). True: the clerk wants to go to *place. */
bool findings_run(struct tui *tui, int table, struct session_place *place);
/* A code of the catalogue at `level` (-1: any); `wanted` holds what is searched at first. The codes that `table`
 * has as rows are marked (-1: none). True: `wanted` holds the code chosen. */
bool lookup_run(struct tui *tui, const struct catalogue *catalogue, int level, int table, struct line *wanted);
/* Export, print and import; `table` is the one that stands for 本表 (-1: none). With `here` the clerk is in it, at
 * the card or sheet of the entry `card` (0: none), and imports into that. */
void output_run(struct tui *tui, int table, bool here, int card);
/* What the keys do at `place`. */
void help_run(struct tui *tui, enum action_place place);
/* Sentences to be read before work goes on. */
void notes_run(struct tui *tui, const struct diag_list *notes);
/* Lines to be read. */
void pages_show(struct tui *tui, const char *title, const char *lines);
/* If something was not saved last time: what it is, and what shall become of it. */
void recover_run(struct tui *tui);
/* 留痕 of a cell: who changed it from what to what, newest first. */
void cell_history_run(struct tui *tui, int table, const char *key, int leaf);
/* What differs between the workbook and its file, which others have changed. */
void differences_run(struct tui *tui);

#endif
