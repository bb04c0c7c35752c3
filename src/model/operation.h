/* The one door. Every change to a workbook, from a key, a paste, a file or a script, is an operation with the old and the new
 * value. What an operation refuses changes nothing. */
#ifndef YUBIAO_MODEL_OPERATION_H
#define YUBIAO_MODEL_OPERATION_H

#include "base/diag.h"
#include "model/workbook.h"

enum operation_kind {
	OPERATION_FIGURE,   /* an entered cell: table, key, leaf */
	OPERATION_CONTROL,  /* the control figure of a computed cell */
	OPERATION_ROW_ADD,  /* a leaf row of a coded table: table, key = code */
	OPERATION_ROW_DROP, /* a leaf row without figures */
	OPERATION_NAME,     /* the clerk's own name of a code: key = code, table tells the catalogue; text; "" takes it away */
	OPERATION_FIELD,    /* the cover: leaf = enum workbook_field; text */
	OPERATION_ROUNDED,  /* table; number 1: rounded, 0: exact */
	OPERATION_ELSEWHERE, /* table; number 1: published elsewhere */
	OPERATION_ENTRY_ADD,  /* leaf = list; key = "@12" its new id ("" : the next free one, written to key); text: "@3" its owner, "" none;
	                         number: place among all entries of the list, -1 the end */
	OPERATION_ENTRY_DROP, /* leaf = list, key = @12; no figures in any of its rows, no entries that it owns */
	OPERATION_ENTRY_NAME, /* key = @12; text */
	OPERATION_ENTRY_CODE, /* key = @12; text */
};

struct entry { /* what stood, or shall stand, in a cell */
	bool blank;
	int64_t number;
	char *text; /* texts only, owned by the operation; else NULL */
};

struct operation {
	enum operation_kind kind;
	int table;
	char *key; /* owned */
	int leaf;
	struct entry old_entry; /* filled in by workbook_apply() */
	struct entry new_entry;
};

/* `key` and `text` are copied. */
struct operation operation_figure(int table, const char *key, int leaf, bool blank, int64_t number);
struct operation operation_control(int table, const char *key, int leaf, bool blank, int64_t number);
struct operation operation_row(enum operation_kind kind, int table, const char *key);
struct operation operation_text(enum operation_kind kind, int table, const char *key, int leaf, const char *text);
/* A text, choice or measure cell, a date (yyyy-mm-dd); "" clears. Kind OPERATION_FIGURE. */
struct operation operation_cell_text(int table, const char *key, int leaf, const char *text);
struct operation operation_entry(enum operation_kind kind, int list, const char *key, const char *text, int64_t number);
struct operation operation_rounded(int table, bool rounded);
void operation_done(struct operation *operation);

/* Applies it: figures that depend on it, and checks that read them, are brought up to date. STATUS_INVALID with a sentence if it cannot be:
 * no such row, a computed or closed cell, a code of the wrong length, a 款 or 类 where a 项 is due, an unknown 类, a parent without a name (STATUS_NOT_FOUND: the
 * caller asks for the name, OPERATION_NAME, and tries again; *missing is set to the parent's code), a row that is there already, a row with
 * figures, a sum that overflows. Nothing is changed then. `missing` (may be NULL): room for 24 bytes. */
enum status workbook_apply(struct workbook *workbook, struct operation *operation, char *missing, struct diag_list *diags);
/* Takes an applied operation back. Operations must be reverted in reverse order. */
void workbook_revert(struct workbook *workbook, const struct operation *operation);

/* Between these, checks wait; release judges all of them once. For loading and large imports. Figures are always current. */
void workbook_hold_checks(struct workbook *workbook);
void workbook_release_checks(struct workbook *workbook);

#endif
