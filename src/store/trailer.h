/* The last line of a workbook file: `end: {rows: 45, history: 120, sha256: …}`. It proves that the file was not
 * cut short, and tells whether it was edited by hand. The digest covers every byte before that line. */
#ifndef YUBIAO_STORE_TRAILER_H
#define YUBIAO_STORE_TRAILER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* Ends a file whose bytes so far are `out`, which end in a newline. `history`: number of the last change in its
 * history; 0, and left out: none is known. */
void trailer_add(struct buffer *out, size_t rows, uint64_t history);
/* Where the last line that is not blank begins, if it begins with `end:`; false otherwise. */
bool trailer_find(const char *bytes, size_t length, size_t *offset);
/* The line (from 1) of the last byte. */
unsigned trailer_last_line(const char *bytes, size_t length);

#endif
