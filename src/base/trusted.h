/* Files of the administrator, from which rights follow: read only if nobody but root can have written them.
 */
#ifndef YUBIAO_BASE_TRUSTED_H
#define YUBIAO_BASE_TRUSTED_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/diag.h"

/* Reads a regular file of at most `limit` bytes, by its absolute path. It and its directory must belong to
 * root and be writable by root alone, else STATUS_INVALID with a sentence; STATUS_NOT_FOUND without one if
 * file or directory is not there; STATUS_IO. Links are not followed for the file itself. Adds to `out`. */
enum status trusted_read(struct buffer *out, const char *path, size_t limit, struct diag_list *diags);

#endif
