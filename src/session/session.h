/* One open workbook: its file, its undo list, and everything that the screen and the commands do to it.
 * Whatever a screen does can be done and tested through this header without a terminal. */
#ifndef YUBIAO_SESSION_SESSION_H
#define YUBIAO_SESSION_SESSION_H

#include "base/diag.h"
#include "model/finding.h"
#include "model/operation.h"
#include "model/workbook.h"

struct session;

/* Paths are UTF-8 in this header; on disk their names are in the encoding of the terminal, "" UTF-8. Set it
 * before the first session. */
void session_paths_in(const char *encoding);

/* Opens a file to change it; notes of loading stay in `diags`. NULL on failure. Takes the file's lock; if
 * somebody else has it, or something is pending that was not saved last time (session/recover.h), the session
 * can only be looked at, and session_refusal() says why. */
struct session *session_open(const char *path, struct diag_list *diags);
/* The same for a screen, whose first picture need not wait for what session_settle() does. */
struct session *session_open_for_screen(const char *path, struct diag_list *diags);
/* Opens a file to look at it: no lock, nothing beside the file is touched. What is pending, or being entered by
 * somebody just now, is said in a note. */
struct session *session_open_to_look(const char *path, struct diag_list *diags);
/* A new workbook, not yet on disk. `pack`: an id (of the packs here, or in the working directory) or a path.
 * `path` NULL: asked for at the first save. year 0: the pack's first. */
struct session *session_new(const char *pack, const char *path, const char *code, const char *name, int year,
			    struct diag_list *diags);
/* Gives the lock back. What was not saved stays pending, to be found at the next opening: one who does not want
 * it calls session_give_up() before. */
void session_free(struct session *session);
/* What was changed since the last save is not wanted: it will not be pending. */
void session_give_up(struct session *session);

/* Why nothing can be changed, a sentence; NULL: everything can. Every function below that changes something
 * then returns STATUS_LOCKED and adds it to its diags. Borrowed. */
const char *session_refusal(const struct session *session);
/* True: that is because somebody else has the file open. */
bool session_is_locked_out(const struct session *session);
/* A sentence for as long as what was done is not on disk, since the journal cannot be written; NULL: it is.
 * Borrowed until the next change. */
const char *session_journal_trouble(const struct session *session);

const struct workbook *session_workbook(const struct session *session);
const char *session_path(const struct session *session); /* NULL: none yet */
bool session_is_changed(const struct session *session);
/* SHA-256 of the file as last loaded or saved, NULL if never. */
const char *session_fingerprint(const struct session *session);

/* STATUS_UNSURE: saved, but not confirmed on disk (the sentence says so). On failure the
 * session stays changed. The last version is kept as PATH~. STATUS_CHANGED: the file is no longer what was
 * opened or saved here; nothing is written. session_compare_disk() tells what differs; session_save_over() saves
 * all the same, and what stood there becomes PATH~. */
enum status session_save(struct session *session, struct diag_list *diags);
enum status session_save_over(struct session *session, struct diag_list *diags);
/* Saves under another name and goes on under it; undo and history go along. An existing file is refused unless
 * `replace`. STATUS_LOCKED: somebody has that file open. Warns if the pack would not be found again from
 * there. */
enum status session_save_as(struct session *session, const char *path, bool replace, struct diag_list *diags);

/* A change that the user sees as one; groups nest, the outermost counts. Undo shows `label`. */
void session_begin(struct session *session, const char *label);
/* Ends it; with `keep` false everything since session_begin() is taken back. */
void session_end(struct session *session, bool keep);

/* What the clerk typed into a cell: parsed in `unit` (NULL: the column's own), then the figure, or for a
 * computed cell with `control` its control figure. "" clears. Each is one undoable change. Errors are
 * sentences; what was typed is the caller's to keep. */
enum status session_enter(struct session *session, int table, const char *key, int leaf, const char *text,
			  const struct form_unit *unit, bool control, struct diag_list *diags);
#define SESSION_TEXT_MOST 24000 /* bytes of one text */
/* What stands in a cell, as it could be typed again; added to `out`. */
void session_cell_text(const struct session *session, const struct row *row, int leaf,
		       const struct form_unit *unit, struct buffer *out);
/* "收入总表[2012901].财政拨款收入", added to `out`; leaf -1: without the column. */
void session_cell_name(const struct session *session, int table, const char *key, int leaf,
		       struct buffer *out);
/* A leaf row by code. STATUS_NOT_FOUND with the parent's code in `missing` (24 bytes): ask for its name,
 * session_name() it, try again. A row that is there already: STATUS_INVALID; the
 * caller moves the cursor to it. */
enum status session_row_add(struct session *session, int table, const char *code, char *missing,
			    struct diag_list *diags);
/* The row with its figures, and control figures of parents that go with it; the row of an entry with the
 * entry, as session_entry_drop() does. */
enum status session_row_drop(struct session *session, int table, const char *key, struct diag_list *diags);

#define SESSION_KEY_SIZE 192 /* bytes of a row's key with its NUL; a longer key is cut */
/* A new entry of a list: a row of the tables that show it, a card, a unit. `owner`: the id of the entry that
 * it belongs to; 0: the only one that there is, or none is needed. It comes behind the entry with the key
 * `after`; "": at the end. `name`, `code` may be "". `key` gets its key, @12. */
enum status session_entry_add(struct session *session, int list, int owner, const char *after,
			      const char *name, const char *code, char key[SESSION_KEY_SIZE],
			      struct diag_list *diags);
/* The entry with all that was entered in its rows, and all entries that it owns. */
enum status session_entry_drop(struct session *session, int id, struct diag_list *diags);
/* Something was entered in its rows, or in those of entries that it owns. */
bool session_entry_has_figures(const struct session *session, int id);
/* Before (step -1) or behind (1) its neighbour of the same owner. STATUS_INVALID: there is none. */
enum status session_entry_move(struct session *session, int id, int step, struct diag_list *diags);
/* Its name, or with `code` its code, in all tables. */
enum status session_entry_rename(struct session *session, int id, bool code, const char *text,
				 struct diag_list *diags);
/* A name to call it by in sentences, with its owners': 困难职工帮扶/第3行; added to `out`. */
void session_entry_words(const struct session *session, const struct entry_node *entry, struct buffer *out);
/* 另行公开: the table is published elsewhere. */
enum status session_elsewhere(struct session *session, int table, bool elsewhere, struct diag_list *diags);

enum status session_name(struct session *session, int table, const char *code, const char *name,
			 struct diag_list *diags);
enum status session_field(struct session *session, enum workbook_field field, const char *text,
			  struct diag_list *diags);
enum status session_rounded(struct session *session, int table, bool rounded,
			    struct diag_list *diags); /* table -1: all */
/* Copies codes and entered columns of the same name from the table that `table` follows. What stands there is
 * replaced; rows that the other table lacks stay as they are. *changes: how many cells and rows. */
enum status session_pull(struct session *session, int table, size_t *changes, struct diag_list *diags);

/* Undo, redo. `text` (may be NULL) gets what it was (撤销：…). STATUS_NOT_FOUND: nothing to undo. The place
 * of the first operation, for the cursor: *table -1 if it was on the cover. */
struct session_place {
	int table;
	char key[SESSION_KEY_SIZE];
	int leaf;
};
/* Both are groups of their own in the journal. STATUS_LOCKED: `text` says why. */
enum status session_undo(struct session *session, struct buffer *text, struct session_place *place);
enum status session_redo(struct session *session, struct buffer *text, struct session_place *place);

/* `TABLE[ROW].COLUMN=VALUE` as one change. ROW is a code, a name, @12, or the name, code or number (#3) of an
 * entry; in a table of cards or sheets CARD for its fields, CARD/ROW for a row in it. Rows of coded tables,
 * and entries by name or by the number behind the last, are added as needed. The error says which part is
 * wrong and names the nearest known one. */
enum status session_set(struct session *session, const char *assignment, bool control,
			struct diag_list *diags);

/* Export and print of the workbook as it stands (saved or not). */
enum status session_export(const struct session *session, int table, const char *directory, int encoding,
			   size_t *files, struct diag_list *diags);
/* Blank forms to be filled in a spreadsheet; existing files are never replaced. */
enum status session_template(const struct session *session, int table, const char *directory, int encoding,
			     size_t *files, struct diag_list *diags);
/* To a file (atomically), or to a printer if `path` is NULL. */
enum status session_print(const struct session *session, int table, int width, const char *path,
			  const char *printer, struct diag_list *diags);

/* The text of that sheet, UTF-8, added to `out`. */
void session_sheet(const struct session *session, int table, int width, struct buffer *out);
/* Says beside the file who has it, and puts it first in the list of files opened lately, if there is a file. */
void session_settle(const struct session *session);

#endif
