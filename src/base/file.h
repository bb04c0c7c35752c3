/* Whole files: bounded reading and atomic replacement. */
#ifndef YUBIAO_BASE_FILE_H
#define YUBIAO_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/diag.h"

/* What an errno means to a clerk and what to do about it: one sentence with its full stop, borrowed. */
const char *file_explain(int error);

/* Reads a regular file of at most `limit` bytes. STATUS_NOT_FOUND, STATUS_IO, STATUS_INVALID (too large,
 * not a file). Adds to `out`, which a failure leaves as it was. */
enum status file_read(struct buffer *out, const char *path, size_t limit, struct diag_list *diags);
/* The same of its first `limit` bytes; *cut: there are more. `path` NULL: of the standard input, whatever that
 * is. */
enum status file_read_part(struct buffer *out, const char *path, size_t limit, bool *cut,
			   struct diag_list *diags);

enum file_rule {
	FILE_PRIVATE,     /* a new file is 0600 */
	FILE_SHARED,      /* a new file is 0666 less the umask (layouts, which hold no figures) */
	FILE_KEPT,        /* private, and the old file is kept as PATH~; where that fails, a warning */
	FILE_KEPT_SURELY, /* the same, but without PATH~ nothing is replaced */
};
/* Replaces `path` as a whole: links resolved first; new file in the same directory
 * (O_CREAT|O_EXCL|O_NOFOLLOW); written; mode, access list, own attributes and, where allowed, owner of the old
 * file kept; read back and compared; fsync; close checked; the old file kept as PATH~, which is at no moment
 * missing or half of one and half of another; rename; fsync of the directory. Any failure leaves the old file,
 * removes the new one, and says why and what to do. A failing fsync of the directory after the rename is
 * STATUS_UNSURE. */
enum status file_replace(const char *path, const char *bytes, size_t length, enum file_rule rule,
			 struct diag_list *diags);
/* Removes new files that file_replace() on `path` left when it was killed. Only for one who knows that nobody
 * else replaces it now (base/lock.h). */
void file_sweep(const char *path);
/* A name in the directory of `path` for such a new file; the caller frees. */
char *file_temporary_name(const char *path);

/* "dir/name" joined; the caller frees. */
char *file_join(const char *directory, const char *name);
/* The directory of `path`, "." if it names none; the caller frees. */
char *file_directory(const char *path);
/* The path of the file itself where `path` is a link, or a link to a link; else a copy. Where a link leads
 * nowhere, the file that would be made. The caller frees. */
char *file_resolve(const char *path);
/* The path of a file that stands beside the file `path`, called BEFORE NAME BEHIND; the caller frees. */
char *file_beside(const char *path, const char *before, const char *behind);
/* mkdir -p; an existing directory is no error. */
enum status file_make_directory(const char *path, struct diag_list *diags);
/* The same; those that are made are the user's alone. */
enum status file_make_private_directory(const char *path, struct diag_list *diags);
bool file_exists(const char *path);

#endif
