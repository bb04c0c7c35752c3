/* Pages of a fixed number of lines. A page begins with a running line: what is printed on the left, which
 * page of how many on the right; so it is written out only when all pages are there. */
#ifndef YUBIAO_OUTPUT_PAGE_H
#define YUBIAO_OUTPUT_PAGE_H

#include <stddef.h>

#include "output/lines.h"

struct pages;
struct pages *pages_new(int width, int height);
void pages_free(struct pages *pages);
int pages_width(const struct pages *pages);
/* The next line begins a page, unless nothing stands on this one yet. */
void pages_break(struct pages *pages);
/* Lines that a page holds. */
int pages_capacity(const struct pages *pages);
/* Lines left on the page. */
int pages_room(const struct pages *pages);
/* Adds a line; longer than the paper is wide, it is clipped; on a full page, it begins another. */
void pages_add(struct pages *pages, const char *line);
void pages_add_lines(struct pages *pages, const struct lines *lines);
/* What was added, without running lines and page breaks: for a terminal. */
void pages_text(const struct pages *pages, struct buffer *out);
/* Everything, pages parted by form feeds, added to `out`. `left` is the running line. */
void pages_write(const struct pages *pages, const char *left, struct buffer *out);

#endif
