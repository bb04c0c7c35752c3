/* Conversion between UTF-8, which is used everywhere inside, and other encodings at the edges (iconv). */
#ifndef YUBIAO_BASE_ENCODE_H
#define YUBIAO_BASE_ENCODE_H

#include "base/buffer.h"
#include "base/diag.h"

/* UTF-8 to `encoding`; a character that it lacks becomes `?` and is counted in *lost (may be NULL).
 * STATUS_NOT_FOUND where the system has no such conversion. */
enum status encode_from_utf8(struct buffer *out, const char *text, size_t length, const char *encoding, size_t *lost,
			     struct diag_list *diags);
/* `encoding` to UTF-8; STATUS_INVALID for a byte sequence that is not of that encoding. */
enum status encode_to_utf8(struct buffer *out, const char *bytes, size_t length, const char *encoding,
			   struct diag_list *diags);

#endif
