/* What a session is made of. Internal to the session directory.
 *
 * The undo list is a list of groups, each a list of applied operations. `position` groups are done, those
 * behind it were taken back and can be done again until something new is done. While a group is open,
 * operations are added to it; a nested group only remembers where it began. */
#ifndef YUBIAO_SESSION_STATE_H
#define YUBIAO_SESSION_STATE_H

#include "base/digest.h"
#include "base/lock.h"
#include "session/recover.h"
#include "session/session.h"
#include "store/journal.h"
#include "store/workbook_file.h"

struct change_group {
	char *label;
	struct operation *operations;
	size_t count, capacity;
};

#define SESSION_NESTING 8

struct session {
	struct workbook *workbook;
	struct form_pack *pack;
	char *path;                  /* UTF-8 */
	struct workbook_stamp stamp; /* of the file as last loaded or saved; digest "": never saved */
	struct lock *lock;           /* NULL: of a file that is not there yet, or cannot be locked */
	struct lock_holder holder;   /* who else has it */
	bool is_locked_out;
	char *refusal;           /* why nothing can be changed, NULL: everything can */
	struct journal *journal; /* NULL: nothing can be changed; or a trial */
	struct journal_view pending; /* path NULL: nothing is */
	struct session_pending about_pending;
	char *pending_words, *pending_file;
	struct record_mark restorable; /* up to here the journal has changes that are not on the undo list yet; offset 0: none */
	bool is_to_decide;    /* what is pending may be taken or set aside here */
	bool is_unsure;       /* the last save was not confirmed */
	bool history_is_late; /* something that was saved is not in it yet */
	struct change_group *groups;
	size_t count, capacity;
	size_t position; /* groups that are done */
	size_t saved;    /* position that stands on disk; SESSION_UNSAVED: none does */
	struct change_group open;
	size_t marks[SESSION_NESTING]; /* operations of `open` at each session_begin() */
	int depth;
};

#define SESSION_UNSAVED ((size_t)-1)

/* ---- undo.c ---- */

void group_done(struct change_group *group);
/* A group that was applied before, or when the file was saved, goes on the undo list; what was taken back is
 * forgotten. */
void undo_push(struct session *session, struct change_group group);
/* The list is empty, and no position in it stands on disk. */
void undo_clear(struct session *session);
/* Says session_refusal() and returns true if there is one. */
bool session_is_refused(const struct session *session, struct diag_list *diags);

/* ---- keep.c: what stands beside the file ---- */

/* Looks for a journal and a history of the file that was loaded, completes the history, and makes the journal of
 * the session, or finds out what is pending. */
void session_begin_journal(struct session *session, const char *native, struct diag_list *diags);
/* What a new journal begins with. *changed: number of the last change. */
void session_journal_head(const struct session *session, const char *native, struct record_head *head,
			  uint64_t *changed);
/* The file contains all that the journal holds: a large one begins anew. */
void session_trim_journal(struct session *session);
/* Finds out what is pending, for one who only looks. */
void session_look_for_pending(struct session *session, const char *native);
void session_refuse(struct session *session, char *sentence); /* takes ownership; NULL lifts it */

/* ---- replay.c ---- */

/* Puts the groups of the journal up to session->restorable at the bottom of the undo list, as far as they fit the
 * pack. That is left until they are asked for, as the journal may be long. */
void session_restore_undo(struct session *session);
/* The same, and applies what follows. *reached: behind the last group that was applied. STATUS_INVALID with a
 * sentence: something was refused. */
enum status session_replay(struct session *session, const struct journal_view *view, struct record_mark *reached,
			   struct diag_list *diags);

/* ---- edit.c and others ---- */

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

#endif
