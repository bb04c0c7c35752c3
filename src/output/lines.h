/* Lines of text made before it is known on which page they land. */
#ifndef YUBIAO_OUTPUT_LINES_H
#define YUBIAO_OUTPUT_LINES_H

#include <stddef.h>

#include "base/buffer.h"

struct lines {
	char **items;
	size_t count, capacity;
};
void lines_done(struct lines *lines);
/* The buffer's text becomes the last line; the buffer is empty again. */
void lines_take(struct lines *lines, struct buffer *line);
/* `text` wrapped at `width`; the first line begins with `first`, the others with blanks as wide as that. */
void lines_wrap(struct lines *lines, const char *first, const char *text, int width);

#endif
