/* What the screens have in common: a screen draws itself into memory and answers keys; one loop shows, reads
 * and acts. Screens lie on one another; what opens a screen waits in screen_run() until it closes. */
#ifndef YUBIAO_TUI_SCREEN_H
#define YUBIAO_TUI_SCREEN_H

#include "session/action.h"
#include "session/session.h"
#include "tui/terminal.h"

enum answer {
	ANSWER_PASS,  /* not my key: the loop does what it means everywhere */
	ANSWER_DONE,
	ANSWER_CLOSE, /* done, and the screen closes */
};

struct screen;
struct screen_type {
	enum action_place place; /* 0: a dialog, which knows no actions */
	const char *keys;        /* msgid of the bottom line; NULL: the action table tells */
	void (*draw)(struct screen *screen);
	enum answer (*key)(struct screen *screen, const struct keypress *press);
	/* True: Esc, and the digits after it, are the screen's own. NULL: never. */
	bool (*is_typing)(const struct screen *screen);
};

struct tui;
struct screen { /* first member of every screen */
	const struct screen_type *type;
	struct tui *tui;
	struct screen *below; /* set by screen_run() */
};

struct tui {
	struct session *session;
	struct screen *top;
	struct buffer message; /* stands until the next key */
	bool is_error;
	bool escape;           /* Esc was pressed: a digit now means an F-key */
	bool other_unit;       /* money in 元 where the table has 万元, and the other way round */
	bool is_over;          /* every screen closes */
	bool is_settled;       /* session_settle() was called for what was opened first */
	struct buffer farewell; /* path and totals of what was left last, for the clerk's own screen */
};

/* Least size of a window that a screen can be drawn in. */
#define SCREEN_ROWS 16
#define SCREEN_COLUMNS 60

/* Shows the screen until it closes, the clerk leaves or the line is cut. */
void screen_run(struct tui *tui, struct screen *screen);
/* For a dialog: what lies below it, drawn first. */
void screen_draw_below(const struct screen *screen);
/* The line on which messages stand, and the first free one above it for a screen of its own. */
int screen_message_row(void);
/* `text` wrapped at `cells` from `row` on, no further than `last`; the row behind it. */
int screen_wrap(int row, int last, int cells, int look, const char *text);
/* For is_typing of a dialog. */
bool screen_always_typing(const struct screen *screen);
/* A title bar on row 0: `left` and, flush right, `right` (may be ""). */
void screen_title(const char *left, const char *right);

/* The units that amounts are shown and typed in: 元, 万元. */
extern const struct form_unit tui_units[2];
/* False: nothing can be changed, which is said. Asked before anything is typed. */
bool tui_may_change(struct tui *tui);
/* For the right end of the title: 未保存, 只能查看; "". */
const char *screen_state(const struct tui *tui);

const struct workbook *tui_workbook(const struct tui *tui);
/* The unit in which figures of the column are shown and typed now; NULL: the column's own. */
const struct form_unit *tui_unit(const struct tui *tui, const struct form_column *column);
/* Something stands in the cell without being entered, or was entered in its place. */
bool tui_has_standard(const struct tui *tui, const struct row *row, int leaf);

void tui_say(struct tui *tui, const char *format, ...) __attribute__((format(printf, 2, 3)));
void tui_say_error(struct tui *tui, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The first error of `diags`, else its last note, else `otherwise` (may be NULL); empties the list. */
void tui_say_diags(struct tui *tui, struct diag_list *diags, const char *otherwise);

#endif
