/* What was not saved last time, what others changed on disk, and what happened before: everything that is read
 * from the journal and the history of a session. */
#ifndef YUBIAO_SESSION_RECOVER_H
#define YUBIAO_SESSION_RECOVER_H

#include "session/session.h"

/* One change, in words; the texts are borrowed during a visit. */
struct session_change {
	uint64_t number;
	const char *time;  /* 2024-05-06T10:21:33+08:00 */
	const char *user;  /* user@host */
	const char *verb;  /* 填列, 撤销, 重做, 保存, 取回 */
	const char *word;  /* the same for scripts: do, undo, redo, save, take */
	const char *kind;  /* what was changed: figure, control, entry-name … (store/change.h) */
	uint64_t group;    /* what was one change for the user has one number */
	const char *label; /* of the group, on its first change; "" */
	const char *place; /* 收入总表[2012901].财政拨款收入; "" for 保存 and 取回 */
	const char *table, *row, *column; /* as the file names them; column "" where none; of the cover: "", "", word */
	const char *before, *after;       /* as the workbook file writes them; "" blank */
};
/* Returns false to stop. */
typedef bool (*session_change_visitor)(void *context, const struct session_change *change);

/* ---- what was not saved ---- */

/* While there is something pending, the session may be looked at, not changed: it must be taken or set aside
 * first (or left as it is). */
struct session_pending {
	bool fits;    /* false: it was made from another state of the file, or cannot be read; it cannot be taken */
	bool damaged; /* only what stands before the damage can be taken */
	size_t groups, records;
	const char *from, *to; /* when, as above; "" */
	const char *user;      /* user@host of the last one */
	const char *file;      /* the journal, as a path to show */
	const char *words;     /* all this in sentences, a line each, with what is torn or damaged and what can be done */
};
/* NULL: nothing is pending. Borrowed until the session changes. */
const struct session_pending *session_pending(const struct session *session);
/* Visits what is pending in order; where it does not fit, everything in it that can be read. */
enum status session_visit_pending(const struct session *session, session_change_visitor visit, void *context,
				  struct diag_list *diags);
/* Applies it, through the same door as everything else. The session is changed then, and not yet saved; undo
 * goes back through it and beyond. STATUS_INVALID: a change was refused, the sentence names it; all groups
 * before it are taken, the journal is set aside as a whole, and its path is said. STATUS_IO: it cannot be read
 * now; so long as nothing was taken yet, it stays pending. */
enum status session_recover_take(struct session *session, struct diag_list *diags);
/* Sets it aside under a name of its own beside the file, which is said in a note; nothing of it is applied. */
enum status session_recover_aside(struct session *session, struct diag_list *diags);

/* Workbooks that were made and changed but never saved. Each has a name to show (711 总工会 2024) and what
 * session_open_unsaved() wants; the caller frees with session_unsaved_free(). */
struct session_unsaved {
	char *name, *key;
	char *to; /* when it was changed last */
	size_t groups;
};
size_t session_list_unsaved(struct session_unsaved **out);
void session_unsaved_free(struct session_unsaved *list, size_t count);
/* Rebuilt from its pack and its journal; it has no path yet. NULL on failure. */
struct session *session_open_unsaved(const char *key, struct diag_list *diags);

/* ---- what others changed on disk ---- */

struct session_difference {
	char *place; /* 收入总表[2012901].财政拨款收入, 封面 部门名称, 名录 项目 @3 … */
	char *disk;  /* what stands in the file now; "" blank or not there */
	char *ours;
};
/* Cell by cell, in the order of the tables. STATUS_OK with *count 0: the same. The caller frees with
 * session_differences_free(). A file that can no longer be read is an error that says so. */
enum status session_compare_disk(const struct session *session, struct session_difference **out, size_t *count,
				 struct diag_list *diags);
void session_differences_free(struct session_difference *list, size_t count);

/* ---- what happened ---- */

/* 留痕: everything, oldest first, from the history and what the journal has beyond it. Damaged lines are errors
 * in `diags`. STATUS_NOT_FOUND with a sentence: the workbook has none. */
enum status session_visit_history(const struct session *session, session_change_visitor visit, void *context,
				  struct diag_list *diags);
/* The history beside a file that cannot be read as a workbook; places are as the file names them. */
enum status session_visit_lone_history(const char *path, session_change_visitor visit, void *context,
				       struct diag_list *diags);
/* The same of one cell, or of the name or code of an entry that stands in it, newest first, at most the newest `most`; *out is the caller's, freed with
 * session_cell_history_free(). */
struct session_cell_event {
	char *time, *user, *before, *after;
	const char *verb; /* a word to show; static */
};
enum status session_cell_history(const struct session *session, int table, const char *key, int leaf, size_t most,
				 struct session_cell_event **out, size_t *count, struct diag_list *diags);
void session_cell_history_free(struct session_cell_event *list, size_t count);

#endif
