/* 留痕: who changed what from what to what and when, beside the workbook in NAME.history, never rewritten. Same
 * lines as the journal (store/record.h), with a chain of sums of its own, bound to the workbook by its id, with
 * the workbook's rights. After each save the journal's records up to it are added; numbers tell what is there
 * already, so that a kill in between leaves neither a gap nor a double: the next opening adds what is missing.
 * The workbook's trailer says up to which number its history goes. */
#ifndef YUBIAO_STORE_HISTORY_H
#define YUBIAO_STORE_HISTORY_H

#include "base/diag.h"
#include "store/journal.h"
#include "store/record.h"

/* FOLDER/NAME.history; the caller frees. */
char *history_path(const char *path);

/* The last record of a history: where to go on. Reads its end only. */
struct history_end {
	bool exists;
	bool foreign;    /* of another workbook */
	bool damaged;    /* its end cannot be read as a record */
	uint64_t number; /* 0: none */
};
enum status history_find_end(const char *path, const char *id, struct history_end *end, struct diag_list *diags);

/* It says, with this number, that the file with this digest was saved. */
bool history_has_save(const char *path, const char *id, uint64_t number, const char *digest);

/* Adds the records of the journal between two offsets whose numbers are behind the last, makes the file if there
 * is none, fsync. One of another workbook, or with
 * a damaged end, is set aside as NAME.history-YYYYMMDD-HHMMSS. On failure a warning;
 * what was added in part is completed by the next call. */
enum status history_add(const char *path, const struct record_head *head, const struct journal_view *journal,
			off_t from, off_t to, struct diag_list *diags);
/* The history of `path` begins with a copy of that of `from`; an older one there is set aside. */
enum status history_copy(const char *from, const char *path, struct diag_list *diags);

/* Calls `visit` with every record, until it returns false. Lines that do not fit are errors in `diags`, by
 * number, the first 20 of them; records around them are visited all the same. STATUS_NOT_FOUND: there is none. */
enum status history_visit(const char *path, struct record_head *head, record_visitor visit, void *context,
			  struct diag_list *diags);

#endif
