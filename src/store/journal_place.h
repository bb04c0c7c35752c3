/* Where journals lie. Internal to the store. */
#ifndef YUBIAO_STORE_JOURNAL_PLACE_H
#define YUBIAO_STORE_JOURNAL_PLACE_H

#include "base/diag.h"

#define JOURNALS_APART 9 /* at most so many of one workbook */

/* FOLDER/.NAME.journal; the caller frees. */
char *journal_beside(const char *path);
/* The directory of the others, NULL where there is no home; the caller frees. */
char *journal_directory(void);
/* ID.journal (i 0), ID-1.journal … in it; NULL where there is no home; the caller frees. */
char *journal_apart(const char *id, int i);
/* The file's own path, links resolved, as the head of a journal apart from it says it; "-" for none. */
void journal_where(const char *path, char *out, size_t size);

#endif
