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

enum file_mode_rule {
	FILE_PRIVATE, /* a new file is 0600 */
	FILE_SHARED,  /* a new file is 0666 less the umask (exports) */
};
/* Replaces `path` as a whole: links resolved first; new file in the same directory
 * (O_CREAT|O_EXCL|O_NOFOLLOW); written; mode and, where allowed, owner of the old file kept; read back and
 * compared; fsync; close checked; rename; fsync of the directory. Any failure leaves the old file, removes
 * the new one, and says why and what to do. A failing fsync of the directory after the rename is
 * STATUS_UNSURE. */
enum status file_replace(const char *path, const char *bytes, size_t length, enum file_mode_rule rule,
			 struct diag_list *diags);
/* "dir/name" joined; the caller frees. */
char *file_join(const char *directory, const char *name);
/* mkdir -p; an existing directory is no error. */
enum status file_make_directory(const char *path, struct diag_list *diags);
bool file_exists(const char *path);

#endif
