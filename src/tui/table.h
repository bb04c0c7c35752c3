/* The table screen's inside: table.c moves, table_edit.c changes, table_draw.c draws. */
#ifndef YUBIAO_TUI_TABLE_H
#define YUBIAO_TUI_TABLE_H

#include "tui/line.h"
#include "tui/screen.h"
#include "tui/table_layout.h"

enum table_entry { TABLE_ENTRY_NONE, TABLE_ENTRY_FIGURE, TABLE_ENTRY_CODE };

/* Rows come and go with every change, so the cursor is a line and a leaf, never a row. In a coded table the
 * line behind the last is the empty one, which takes a code. */
struct table_screen {
	struct screen screen;
	int table;
	size_t line, top;
	int leaf;
	struct table_layout layout;
	enum table_entry entry;
	struct line typed;     /* while entry is not NONE */
	struct buffer wanted;  /* found last */
};

const struct form_table *table_form(const struct table_screen *table);
/* Lines of rows, without the empty one. */
size_t table_lines(const struct table_screen *table);
bool table_is_at_empty_line(const struct table_screen *table);
/* The row that owns the cell, NULL where the block has none. */
struct row *table_row(const struct table_screen *table, size_t line, int leaf);
/* NULL where there is no row. */
const struct form_rule *table_rule(const struct table_screen *table, size_t line, int leaf);
/* Lines of the body on the screen. */
int table_body_rows(const struct table_screen *table);

/* Moves the cursor (table.c). */
void table_next_entered(struct table_screen *table);
void table_go_to_key(struct table_screen *table, const char *key, int leaf);
bool table_move(struct table_screen *table, int key);

/* Draws everything (table_draw.c). */
void table_draw(struct screen *screen);

/* Changes (table_edit.c). */
enum answer table_type(struct table_screen *table, const struct keypress *press); /* within an entry */
/* True: the key began an entry, or it was said why it cannot. */
bool table_begin(struct table_screen *table, const struct keypress *press);
void table_clear_cell(struct table_screen *table);
void table_enter(struct table_screen *table); /* Enter outside an entry */
void table_add_row(struct table_screen *table);
void table_drop_row(struct table_screen *table);
void table_set_control(struct table_screen *table);
void table_pull(struct table_screen *table);
void table_paste(struct table_screen *table, const struct keypress *press);

#endif
