/* A workbook file as a whole: read, parsed, and known to be one of this format that was not cut short. */
#ifndef YUBIAO_STORE_ENVELOPE_H
#define YUBIAO_STORE_ENVELOPE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/diag.h"
#include "base/digest.h"
#include "yaml/tree.h"

#define ENVELOPE_MOST (32u * 1024u * 1024u) /* bytes of a file */

struct envelope {
	const char *path;
	struct buffer bytes;
	struct arena *arena;         /* of the tree */
	struct yaml_node *root;      /* a map */
	const struct yaml_node *end; /* the trailer */
	long rows;                   /* by the trailer */
	long history;                /* by the trailer; 0: it says none */
	bool edited;                 /* the trailer's digest is not that of the bytes before it */
	char digest[DIGEST_TEXT_SIZE]; /* of all bytes */
};

/* Fills in `envelope` from the file at `path`. Stops at the first thing that is wrong: STATUS_NOT_FOUND,
 * STATUS_IO, STATUS_INVALID. In any case envelope_close() is called afterwards. */
enum status envelope_open(struct envelope *envelope, const char *path, struct diag_list *diags);
void envelope_close(struct envelope *envelope);

#endif
