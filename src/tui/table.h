/* The table screen's inside: table.c moves, table_edit.c changes, table_draw.c draws. */
#ifndef YUBIAO_TUI_TABLE_H
#define YUBIAO_TUI_TABLE_H

#include "tui/fields.h"
#include "tui/line.h"
#include "tui/screen.h"
#include "tui/table_layout.h"

enum table_entry { TABLE_ENTRY_NONE, TABLE_ENTRY_FIGURE, TABLE_ENTRY_CODE };

/* Rows come and go with every change, so the cursor is a line and a leaf, never a row. In a table that takes
 * rows the line behind the last is the empty one: it takes a code, or the first cell of a new entry. The
 * fields of a card stand above its grid: the cursor is among them while its leaf is one of theirs. */
struct table_screen {
	struct screen screen;
	int table;
	size_t sheet;
	size_t line, top;
	int leaf;
	int grid_leaf;         /* where it stood in the grid, while it is among the fields */
	struct fields fields;
	struct table_layout layout;
	enum table_entry entry;
	struct line typed;     /* while entry is not NONE */
	struct buffer wanted;  /* found last */
	int cell_row, cell_column; /* of the cursor, as drawn last */
	int leads_to;          /* the table that comes after this screen, -1: none */
};

const struct form_table *table_form(const struct table_screen *table);
/* Lines of rows, without the empty one. */
size_t table_lines(const struct table_screen *table);
/* The clerk may add rows: by code, or entries of the list that it shows. */
bool table_takes_rows(const struct table_screen *table);
bool table_is_at_empty_line(const struct table_screen *table);
bool table_is_in_fields(const struct table_screen *table);
struct row *table_fields_row(const struct table_screen *table);
/* The row that owns the cell, NULL where the block has none; for a field the row of fields, whatever the
 * line. */
struct row *table_row(const struct table_screen *table, size_t line, int leaf);
/* NULL where there is no row; on the empty line of a list that of the row to come. */
const struct form_rule *table_rule(const struct table_screen *table, size_t line, int leaf);
/* The column holds labels that the clerk enters: names and codes of entries. */
bool table_is_entered_label(const struct form_table *form, int leaf);
/* Screen rows of the fields, and lines of the body. */
int table_field_rows(const struct table_screen *table);
int table_body_rows(const struct table_screen *table);
/* Shows a sheet, with the cursor at its first cell to be entered (table.c). */
void table_show(struct table_screen *table, int index, size_t sheet);

/* Moves the cursor (table.c). */
void table_next_entered(struct table_screen *table);
void table_go_to_key(struct table_screen *table, const char *key, int leaf);
bool table_move(struct table_screen *table, int key);

/* Free rows (table_list.c). */
bool table_new_entry(struct table_screen *table, char key[SESSION_KEY_SIZE], struct diag_list *diags);
void table_add_entry(struct table_screen *table);
void table_move_entry(struct table_screen *table, int step);

/* Texts and choices (table_words.c). False: the cell is none of that kind. */
bool table_pick_choice(struct table_screen *table, const struct keypress *first);
/* A code found by its name: `first` is a blank or begins the name. */
bool table_pick_code(struct table_screen *table, const struct keypress *first);
bool table_edit_text(struct table_screen *table, const struct keypress *first);
/* The cell holds more than a line of it can show. */
bool table_is_long_text(const struct table_screen *table);
/* Enters `text` into the current cell, on the empty line of a list into a new row. */
bool table_put(struct table_screen *table, const char *text);

/* Draws everything (table_draw.c, table_fields.c). */
void table_draw_fields(struct table_screen *table, int first);
void table_draw_sign(const struct table_screen *table, const struct row *row, int leaf, int at, int x);
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
