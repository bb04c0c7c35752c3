/* The fields of a card as a form: labels as printed, and beside each a box for its value. Where they stand is
 * counted from the form's own first row; the screen shows as many of its rows as it has room for. */
#ifndef YUBIAO_TUI_FIELDS_H
#define YUBIAO_TUI_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/screen.h"

struct field_place { /* of a label, or of the box of a value */
	const char *label; /* NULL: a box */
	int leaf;          /* of a box */
	int row, column, cells, rows;
};
struct fields {
	struct field_place *places;
	size_t count, capacity;
	int rows; /* of the whole form */
	int top;  /* the first that is shown */
};

void fields_done(struct fields *fields);
/* Lays the form out for the fields row of a card, on `columns` cells. */
void fields_arrange(struct fields *fields, const struct tui *tui, const struct row *row, int columns);
/* A label as the screen shows it: filled in, without the blanks that the print spreads it with. */
void fields_label(const struct tui *tui, const struct row *row, const char *label, struct buffer *out);
/* NULL: no such box. */
const struct field_place *fields_box(const struct fields *fields, int leaf);
/* Scrolls so that the box of `leaf` (-1: none) is among the `rows` shown. */
void fields_scroll(struct fields *fields, int leaf, int rows);
/* The box that Up, Down, Left, Right, Home or End leads to from `leaf`; -1: none in that direction. */
int fields_step(const struct fields *fields, int leaf, int key);
/* The next box behind `leaf` (-1: the first) that is to be entered; -1: none. */
int fields_next_entered(const struct fields *fields, const struct tui *tui, const struct row *row, int leaf);
int fields_first(const struct fields *fields);
int fields_last(const struct fields *fields);

#endif
