/* What a user can do, named once: screens ask for the action of a key; help and the bottom line print this
 * table. */
#ifndef YUBIAO_SESSION_ACTION_H
#define YUBIAO_SESSION_ACTION_H

#include <stdbool.h>
#include <stddef.h>

enum action {
	ACTION_NONE,
	ACTION_HELP, ACTION_SAVE, ACTION_ROW_ADD, ACTION_CONTROL, ACTION_FINDINGS, ACTION_PULL,
	ACTION_ELSEWHERE, ACTION_UNIT,
	ACTION_ROW_DROP, ACTION_OUTPUT, ACTION_BACK, ACTION_UNDO, ACTION_REDO, ACTION_FIND, ACTION_COVER,
	ACTION_NEXT_TABLE, ACTION_PREVIOUS_TABLE, ACTION_SAVE_AS, ACTION_MOVE_UP, ACTION_MOVE_DOWN,
	ACTION_TEXT, ACTION_CELL_HISTORY,
	ACTION_COUNT,
};
/* Where an action is alive. */
enum action_place {
	PLACE_TABLES = 1, PLACE_TABLE = 2, PLACE_COVER = 4, PLACE_FINDINGS = 8, PLACE_LOOKUP = 16,
	PLACE_START = 32, PLACE_CARDS = 64,
};

/* Keys without a terminal: what the terminal layer turns every encoding into. Printable characters are their
 * code points. */
enum key {
	KEY_BASE = 0x200000, /* above every code point */
	KEYPRESS_F1, KEYPRESS_F2, KEYPRESS_F3, KEYPRESS_F4, KEYPRESS_F5, KEYPRESS_F6, KEYPRESS_F7,
	KEYPRESS_F8, KEYPRESS_F9, KEYPRESS_F10,
	KEYPRESS_UP, KEYPRESS_DOWN, KEYPRESS_LEFT, KEYPRESS_RIGHT, KEYPRESS_HOME, KEYPRESS_END,
	KEYPRESS_PAGE_UP, KEYPRESS_PAGE_DOWN,
	KEYPRESS_ENTER, KEYPRESS_TAB, KEYPRESS_BACK_TAB, KEYPRESS_ESCAPE, KEYPRESS_BACKSPACE, KEYPRESS_DELETE,
	KEYPRESS_INSERT, KEYPRESS_CTRL_HOME, KEYPRESS_CTRL_END,
	KEYPRESS_PASTE,  /* a bracketed paste came: its text is beside the key */
	KEYPRESS_RESIZE,
	KEYPRESS_HANGUP, /* the terminal is gone */
	KEYPRESS_CTRL = 0x210000, /* KEYPRESS_CTRL + 'a'..'z' */
};

struct action_record { /* the texts are msgids: shown through _() */
	enum action action;
	const char *word;  /* short, for the bottom line: 保存 */
	const char *help;  /* a sentence for F1 */
	int keys[3];       /* 0-ended */
	const char *keys_text; /* F2 Ctrl-S */
	int places;        /* or of enum action_place */
};
/* The table, ACTION_COUNT records, index = action. */
const struct action_record *action_record(enum action action);
/* ACTION_NONE if `key` does nothing there. */
enum action action_of_key(int key, enum action_place place);

#endif
