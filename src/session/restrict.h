/* The restricted mode, as far as it is policy: whoever works here sees the workbooks of one directory, by
 * plain names, and prints on the printers that root has listed. What is refused here with a sentence would be
 * refused by base/confine too, without one.
 *
 * Whether it is on is a fact of the process; it is set once, at the start, and never taken back. */
#ifndef YUBIAO_SESSION_RESTRICT_H
#define YUBIAO_SESSION_RESTRICT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/diag.h"

/* `printers` are copied; none: nothing can be printed but into a file. */
void session_restrict(const char *const *printers, size_t count);
bool session_is_restricted(void);
/* The printers that may be used, to be shown and chosen by index; borrowed. */
size_t session_printers(const char *const **out);

/* What a name is wanted for, which decides its ending. */
enum session_file {
	SESSION_WORKBOOK, /* .yaml */
	SESSION_SHEET,    /* .txt */
	SESSION_FOLDER,   /* -csv */
	SESSION_IMPORT,   /* to be read; any ending */
};
/* `typed` as the path to use, set into `out`: with the ending that it lacks. Unrestricted: as typed.
 * STATUS_INVALID with a sentence: no plain name. */
enum status session_file_name(const char *typed, enum session_file wanted, struct buffer *out,
			      struct diag_list *diags);
/* The same as a question, without adding anything: for what the session is about to open. */
enum status session_file_allowed(const char *path, enum session_file wanted, struct diag_list *diags);
/* STATUS_INVALID with a sentence: not one of the printers; NULL is none. */
enum status session_printer_allowed(const char *printer, struct diag_list *diags);

#define SESSION_WORKBOOKS_MOST 10000
/* The workbooks of the directory by name, as session_open() takes them; the caller frees each and the array.
 * Nothing unless restricted. */
size_t session_list_workbooks(char ***out);

#endif
