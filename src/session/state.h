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
/* "收入总表[2012901].财政拨款收入", added to `out`; leaf -1: without the column. */
void session_cell_name(const struct session *session, int table, const char *key, int leaf,
		       struct buffer *out);

#endif
