/* What was done and is not saved yet, on disk before anybody is told that it was done.
 *
 * The journal of FOLDER/NAME is FOLDER/.NAME.journal; where that cannot be written, or there is no file yet,
 * $XDG_STATE_HOME/yubiao/journals/ID.journal (ID-1.journal … if that belongs to a copy of the workbook). It is
 * made at the first change, and has the rights of the workbook. Its lines are records (store/record.h).
 *
 * Adding. A group is written by one write() and one fdatasync() before journal_write() returns (a very large
 * one in several writes), and nothing else. A journal that could not be written is in trouble: what it lacks is
 * kept in memory (up to a bound), the descriptor that failed is never used again, and each further commit, or
 * journal_mend(), tries to write the whole journal into a new file, which takes the old one's place by a rename;
 * beside the file first, then in the other place. What no file holds is never reported as safe.
 *
 * Saving. `save DIGEST` is on disk before the new file takes its place. So at any time the file's digest tells
 * which of the journal's records it contains: all up to the last `save` with that digest, or none if it is the
 * base of the head. What follows is pending. A file whose digest is none of these was changed by others: then
 * the journal does not fit, and is never applied to it.
 *
 * Giving up. journal_give_up() cuts the journal back to what the file contains.
 *
 * Damage. A group that is not whole at the end of the journal is normal: it was being written, and nobody was
 * told that it was done. It is told and cut off. A line that does not fit before that is damage: what stands
 * before it can be taken; what stands behind it can be read, but nobody applies it. */
#ifndef YUBIAO_STORE_JOURNAL_H
#define YUBIAO_STORE_JOURNAL_H

#include "base/diag.h"
#include "base/digest.h"
#include "base/who.h"
#include "model/operation.h"
#include "store/record.h"

#define JOURNAL_MOST ((off_t)64 << 20)  /* bytes; a larger one is not read, and none grows larger */
#define JOURNAL_SMALL ((off_t)2 << 20)  /* up to this it is kept across saves, for undo after a restart */

/* ---- looking at what is there ---- */

enum journal_fit {
	JOURNAL_FITS,
	JOURNAL_OTHER_STATE,    /* of this workbook, but the file is none that it knows */
	JOURNAL_OTHER_WORKBOOK, /* of another one */
	JOURNAL_UNREADABLE,     /* no journal, of a newer format, too large, or it cannot be read */
};

struct journal_view {
	char *path; /* owned; NULL: there is none */
	bool apart; /* not beside the file */
	enum journal_fit fit;
	struct record_head head;
	/* Up to `saved` the file contains it; up to `good` whole groups follow. Where it does not fit, `saved` is
	 * the end of the head. Where nothing is pending only the end was read, and the last change is unknown: it is
	 * that of the file. */
	struct record_mark saved, good;
	off_t size;
	bool torn;         /* a group at the end is not whole; nobody was told that it was done */
	size_t bad_line;   /* the first line that does not fit before that, from 1; 0: none */
	size_t read_after; /* records behind it that can be read */
	size_t saves;      /* records of that kind */
	char last_save[DIGEST_TEXT_SIZE]; /* of the file, if nothing was done since; "" */
	/* What is pending, that is between `saved` and `good`: */
	size_t records, groups;
	char from[MOMENT_SIZE], to[MOMENT_SIZE];
	char user[2 * WHO_SIZE]; /* the last one */
};
void journal_view_done(struct journal_view *view);

/* Looks for the journal of the workbook `id`, whose file at `path` (NULL: none yet) has the digest `digest`
 * ("-": no file). Of two the one that fits and holds most. Torn and damaged journals are found; what is wrong
 * with them is in the view and, as sentences, in `diags`. False: there is none, and view->path is NULL. */
bool journal_look(struct journal_view *view, const char *path, const char *id, const char *digest,
		  struct diag_list *diags);
/* The one beside `path`, whatever workbook it is of. */
bool journal_look_beside(struct journal_view *view, const char *path);
/* Journals of workbooks that have never been saved and that nobody works on now; the caller frees each path and
 * the array. */
size_t journal_list_unsaved(char ***paths);
/* The same for one such journal. */
bool journal_look_at(struct journal_view *view, const char *path, const char *digest, struct diag_list *diags);

/* Calls `visit` with every record between two offsets of the view that can be read, until it returns false; `end`
 * is where its line ends. STATUS_IO if the file cannot be read. */
typedef bool (*record_visitor)(void *context, const struct record *record, const struct record_mark *end);
enum status journal_visit(const struct journal_view *view, off_t from, off_t to, record_visitor visit,
			  void *context, struct diag_list *diags);

/* Removes one that holds nothing that the history has not. */
void journal_discard(const struct journal_view *view);
/* Renames it to FOLDER/NAME.journal-YYYYMMDD-HHMMSS (or, in the other place, ID.journal-…), never over another
 * file. *aside (may be NULL) gets the new path, which the caller frees. */
enum status journal_set_aside(const struct journal_view *view, const char *path, char **aside,
			      struct diag_list *diags);

/* ---- writing ---- */

struct journal;

/* The journal of a session; nothing is written yet. `path` NULL: no file yet. `head`: what a new one begins with;
 * its `where` is filled in here. `changed`: number of the last record that changed something, 0 none. `view`: the
 * one to go on with up to `keep`, what stands behind it is cut off at the first change; or NULL. */
struct journal *journal_new(const char *path, const struct record_head *head, uint64_t changed,
			    const struct journal_view *view, const struct record_mark *keep);
/* The same, but the file of the view is only read, and never changed: the first change makes another. */
struct journal *journal_new_from(const char *path, const struct journal_view *view, const struct record_mark *keep);
void journal_free(struct journal *journal);

/* One group: `count` operations in the order in which they were applied, or with `back` in the order in which they
 * were applied before all of them were taken back. False: it is not on disk, and journal_trouble() says why. */
bool journal_write(struct journal *journal, enum record_verb verb, const char *label, const struct form_pack *pack,
		   const struct operation *operations, size_t count, bool back);
/* What a new workbook begins with (RECORD_NEW): goes to the disk together with the first group, or never. */
void journal_prepare(struct journal *journal, const char *label, const struct form_pack *pack,
		     const struct operation *operations, size_t count);
/* Says that what was pending was taken over. */
bool journal_take(struct journal *journal);

/* A sentence for the status line while not everything is on disk; NULL: all is well. Borrowed. */
const char *journal_trouble(const struct journal *journal);
bool journal_mend(struct journal *journal);

/* Bytes that it has on disk. */
off_t journal_size(const struct journal *journal);
/* Number of the last record that changes something; 0: none. */
uint64_t journal_number(const struct journal *journal);
/* The file with this digest is about to be put in place. Nothing is written where there is no journal yet. */
bool journal_save(struct journal *journal, const char *digest);
/* It is in place: nothing is pending any more. A large journal (if
 * `may_go`: the history has it all), or one in trouble, starts anew from it. */
void journal_saved(struct journal *journal, const char *digest, bool may_go);
/* Goes on beside another file, which was just saved with this digest, with all that it holds; what was pending
 * beside the old one is given up there, unless `keeps_old`. */
bool journal_move(struct journal *journal, const char *path, const char *digest, bool keeps_old);
/* Back to what the file contains. */
bool journal_give_up(struct journal *journal);

/* A view of what it holds now, for journal_visit(); false if there is nothing on disk. */
bool journal_view_of(const struct journal *journal, struct journal_view *view);

#endif
