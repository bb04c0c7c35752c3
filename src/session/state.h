/* What a session is made of. Internal to the session directory.
 *
 * The undo list is a list of groups, each a list of applied operations. `position` groups are done, those
 * behind it were taken back and can be done again until something new is done. While a group is open,
 * operations are added to it; a nested group only remembers where it began. */
#ifndef YUBIAO_SESSION_STATE_H
#define YUBIAO_SESSION_STATE_H

#include "base/digest.h"
#include "session/session.h"

struct change_group {
	char *label;
	struct operation *operations;
	size_t count, capacity;
};

#define SESSION_NESTING 8

struct session {
	struct workbook *workbook;
	struct form_pack *pack;
	char *path;                    /* UTF-8 */
	char digest[DIGEST_TEXT_SIZE]; /* "": never saved */
	struct change_group *groups;
	size_t count, capacity;
	size_t position; /* groups that are done */
	size_t saved;    /* position that stands on disk; SESSION_UNSAVED: none does */
	struct change_group open;
	size_t marks[SESSION_NESTING]; /* operations of `open` at each session_begin() */
	int depth;
};

#define SESSION_UNSAVED ((size_t)-1)

/* Applies `operation` and keeps it for undo (in a group of its own, labelled `label`, if none is open); takes
 * ownership. A failure changes nothing and frees it. */
enum status session_apply(struct session *session, struct operation operation, const char *label,
			  char *missing, struct diag_list *diags);
/* What was typed or pasted, as the operation that enters it. False with a sentence if it cannot be read. */
bool session_read_cell(const struct form_table *table, const char *key, int leaf, const char *text,
		       const struct form_unit *unit, bool control, struct operation *out,
		       struct diag_list *diags);
/* Folded to half-width, without blanks at both ends; added to `out`. */
void session_tidy(struct buffer *out, const char *text);
bool session_is_number(enum form_type type);
/* The clerk has entered something there, other than a name or code of an entry. */
bool session_is_filled(const struct workbook *workbook, const struct row *row, int leaf);
/* Blanks what was entered in `row` (`controls` false) or its control figures. */
enum status session_blank_row(struct session *session, const struct row *row, bool controls,
			      struct diag_list *diags);
/* 12 of @12 and @12/合计; 0: not the key of an entry. */
int session_entry_of_key(const char *key);
/* The key of the row that `name` means in a table with entries: NAME, CODE, #3, CARD or CARD/ROW. With
 * `may_add` an entry that is not there is added. STATUS_NOT_FOUND without a sentence: there is no such row.
 */
enum status session_find_entry_row(struct session *session, const struct form_table *form, const char *name,
				   bool may_add, char key[SESSION_KEY_SIZE], struct diag_list *diags);
/* Warns if a workbook at `path` would not find this pack again: it would find none of its id, or another. */
void session_warn_of_pack(const struct form_pack *pack, const char *path, struct diag_list *diags);
/* "收入总表[2012901].财政拨款收入", added to `out`; leaf -1: without the column. */
void session_cell_name(const struct session *session, int table, const char *key, int leaf,
		       struct buffer *out);

#endif
