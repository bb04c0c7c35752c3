/* The terminal: the only door to curses, together with keyboard.c. Everything above draws cells by meaning
 * and reads keys without encodings. Text is UTF-8; it leaves in the locale's encoding, never wider than it is
 * allowed to be, and a character is never cut in half. What is drawn stands in memory until terminal_show(),
 * which sends only what differs from the screen. */
#ifndef YUBIAO_TUI_TERMINAL_H
#define YUBIAO_TUI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/diag.h"
#include "session/action.h"

/* What a cell means; colours and attributes follow from that. */
enum look {
	LOOK_NORMAL,
	LOOK_COMPUTED, /* a figure that the program finds */
	LOOK_ENTERED,  /* a figure, or room for one, that the clerk fills in: a line to write on */
	LOOK_TOTAL,    /* the label of a total */
	LOOK_HEAD,     /* captions of columns */
	LOOK_RULE,     /* the last line of a head */
	LOOK_CURSOR,   /* the current cell, the chosen line */
	LOOK_BAR,      /* a line that parts the screen */
	LOOK_ERROR,
	LOOK_WARNING,
	LOOK_ROUNDING,
	LOOKS,
	LOOK_FIELD = 0x100, /* or'ed: it is a cell to be entered, too */
};

/* Takes the terminal. STATUS_USAGE with one sentence if input or output is none, or one that cannot be drawn
 * on; that its type is not known is added as a note. The locale must have been set. Gives it back if memory
 * runs out. */
enum status terminal_open(struct diag_list *diags);
/* Gives it back as it was. Harmless if it was not taken. */
void terminal_close(void);
/* Writes a text where no screen is, in the encoding of the terminal. */
void terminal_print(FILE *stream, const char *text);
/* False once the line is cut, or the process is asked to end. */
bool terminal_is_there(void);

int terminal_rows(void);
int terminal_columns(void);
/* A blank screen in memory. */
void terminal_erase(void);
/* `text` from (row, column) on, at most `cells` wide; returns the cells taken. Outside of the screen:
 * nothing. */
int terminal_put(int row, int column, int cells, int look, const char *text);
/* The same, and blanks up to `cells`. */
void terminal_field(int row, int column, int cells, int look, const char *text);
/* `cells` blanks. */
void terminal_blank(int row, int column, int cells, int look);
/* Where the terminal's own cursor stands after the next terminal_show(). */
void terminal_cursor(int row, int column);
void terminal_show(void);
/* The next terminal_show() sends everything again: for a line that garbled something. */
void terminal_repaint(void);
void terminal_bell(void);

struct keypress {
	int key;       /* a code point, or a KEYPRESS_ of session/action.h */
	char *text;    /* KEYPRESS_PASTE: UTF-8, lines ended by \n, no other control but tab; owned */
	size_t length; /* its bytes */
	bool cut;      /* more than KEYPRESS_PASTE_MOST came: what is here is not all */
};
#define KEYPRESS_PASTE_MOST ((size_t)4 << 20)

/* Waits for a key. After the line is cut it returns KEYPRESS_HANGUP, at once and every time. */
void keyboard_read(struct keypress *press);
void keypress_done(struct keypress *press);

/* Between terminal.c and keyboard.c. */
/* Stops if it is asked to. True: the terminal was somebody else's meanwhile, and is to be drawn anew. */
bool terminal_was_away(void);
void keyboard_open(void);
void terminal_hang_up(void);

#endif
