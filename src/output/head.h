/* The ruled head of a band: the tree of captions drawn as boxes, and the row of column numbers. */
#ifndef YUBIAO_OUTPUT_HEAD_H
#define YUBIAO_OUTPUT_HEAD_H

#include "output/band.h"
#include "output/lines.h"

/* From the top rule to the rule above the body. */
void head_draw(const struct grid *grid, const struct band *band, struct lines *out);
/* +----+------+ */
void head_rule(const struct band *band, struct buffer *out);

#endif
