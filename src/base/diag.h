/* Located messages as values. A function that can fail returns a status and adds what went wrong, and what
 * to do about it, to a list; only the edge (tui, cli, main) prints. Sentences are Chinese msgids through
 * _(). */
#ifndef YUBIAO_BASE_DIAG_H
#define YUBIAO_BASE_DIAG_H

#include <libintl.h>
#include <stdbool.h>
#include <stddef.h>

#define _(text) gettext(text)
#define N_(text) (text)

enum status {
	STATUS_OK,
	STATUS_INVALID,   /* the data or the input is wrong; nothing was changed */
	STATUS_NOT_FOUND, /* no such file, pack, table, row */
	STATUS_IO,        /* the operating system refused; the old file stands */
	STATUS_UNSURE,    /* saved, but not confirmed on disk */
	STATUS_USAGE,     /* the command line is wrong */
	STATUS_LOCKED,    /* somebody else has it, or it may only be looked at for now */
	STATUS_CHANGED,   /* the file is not what it was when it was read; nothing was written */
};

enum diag_severity { DIAG_ERROR, DIAG_WARNING, DIAG_NOTE };

struct diag {
	enum diag_severity severity;
	char *file;            /* NULL: none */
	unsigned line, column; /* from 1; 0: none */
	char *text;            /* one sentence, UTF-8 */
};

struct diag_list {
	struct diag *items;
	size_t count, capacity;
	size_t errors; /* items of severity DIAG_ERROR */
};

void diag_list_done(struct diag_list *list);
void diag_list_clear(struct diag_list *list);
/* `list` may be NULL: the message is dropped. */
void diag_add(struct diag_list *list, enum diag_severity severity, const char *file, unsigned line, unsigned column,
	      const char *format, ...) __attribute__((format(printf, 6, 7)));
/* An error without a place. */
void diag_error(struct diag_list *list, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Adds every message of `from` to `to`, which may be NULL. */
void diag_list_pass(struct diag_list *to, const struct diag_list *from);
/* "file:line:column: sentence" (what is missing left out), sanitized; the caller frees. */
char *diag_text(const struct diag *diag);
/* The first error's sentence, "" if there is none; borrowed. */
const char *diag_first_error(const struct diag_list *list);

#endif
