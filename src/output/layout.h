/* A form as its author wrote it, for the terminal: the table drawn without figures, each cell marked as entered,
 * computed or closed, and below it what the marks mean, the formulas, and the names that formulas use. */
#ifndef YUBIAO_OUTPUT_LAYOUT_H
#define YUBIAO_OUTPUT_LAYOUT_H

#include "base/buffer.h"
#include "form/pack.h"

/* UTF-8, lines of at most `width` cells (60..400), added to `out`. */
void layout_format(const struct form_pack *pack, int table, int width, struct buffer *out);
/* The pack and its tables, a line each. */
void layout_list(const struct form_pack *pack, struct buffer *out);

#endif
