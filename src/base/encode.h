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
/* What iconv calls the encoding that a user means by utf-8, gbk, utf-16 …; NULL: none of the few that text
 * files here are in. */
const char *encode_find(const char *word);
/* The bytes of a text file become UTF-8, without a byte order mark. `encoding` as encode_find() gives it; NULL:
 * told by the mark, else UTF-8 where the bytes are that, or are but a few bytes away from it, else GB18030.
 * *found: which it was. STATUS_INVALID: the byte at *bad is not of that encoding; STATUS_NOT_FOUND: the system
 * cannot convert it. The text is then as it was. */
enum status encode_text(struct buffer *text, const char *encoding, const char **found, size_t *bad);

#endif
