#include "output/page.h"

#include <libintl.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"

#define RUNNING_LINES 2 /* the running line and a blank one */

struct page {
	struct buffer text;
	int lines;
};
struct pages {
	int width, height;
	struct page *items;
	size_t count, capacity;
};

struct pages *pages_new(int width, int height)
{
	struct pages *pages = memory_new(sizeof(*pages));

	pages->width = width;
	pages->height = height;
	return pages;
}

void pages_free(struct pages *pages)
{
	for (size_t i = 0; i < pages->count; i++)
		buffer_done(&pages->items[i].text);
	memory_free(pages->items);
	memory_free(pages);
}

int pages_width(const struct pages *pages)
{
	return pages->width;
}

void pages_break(struct pages *pages)
{
	if (pages->count > 0 && pages->items[pages->count - 1].lines == 0)
		return;
	array_reserve(&pages->items, &pages->capacity, pages->count, sizeof(*pages->items));
	pages->items[pages->count++] = (struct page){.lines = 0};
}

int pages_capacity(const struct pages *pages)
{
	return pages->height - RUNNING_LINES;
}

int pages_room(const struct pages *pages)
{
	int used = pages->count > 0 ? pages->items[pages->count - 1].lines : 0;

	return pages_capacity(pages) - used;
}

/* Blanks at the end of a line are of no use on paper. */
static void add_trimmed(struct buffer *out, const char *line, size_t length)
{
	while (length > 0 && line[length - 1] == ' ')
		length--;
	buffer_add_bytes(out, line, length);
	buffer_add_byte(out, '\n');
}

/* Nothing reaches the paper but through here, so it is sanitized here, whatever was done before. */
void pages_add(struct pages *pages, const char *line)
{
	struct buffer clean = {0};
	size_t length;
	int used;

	text_sanitize(&clean, line, strlen(line), false);
	length = text_clip(buffer_text(&clean), pages->width, &used);
	if (pages->count == 0 || pages_room(pages) <= 0)
		pages_break(pages);
	add_trimmed(&pages->items[pages->count - 1].text, buffer_text(&clean), length);
	pages->items[pages->count - 1].lines++;
	buffer_done(&clean);
}

void pages_add_lines(struct pages *pages, const struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		pages_add(pages, lines->items[i]);
}

static void add_running_line(const struct pages *pages, size_t number, const char *left, struct buffer *out)
{
	struct buffer right = {0}, line = {0};
	int room;

	buffer_format(&right, _("第 %zu 页，共 %zu 页"), number, pages->count);
	room = pages->width - text_width(buffer_text(&right));
	text_fit(&line, left, room - 2, TEXT_LEFT);
	buffer_add(&line, "  ");
	buffer_add(&line, buffer_text(&right));
	add_trimmed(out, buffer_text(&line), line.length);
	buffer_add_byte(out, '\n');
	buffer_done(&right);
	buffer_done(&line);
}

void pages_text(const struct pages *pages, struct buffer *out)
{
	for (size_t i = 0; i < pages->count; i++)
		buffer_add_bytes(out, buffer_text(&pages->items[i].text), pages->items[i].text.length);
}

void pages_write(const struct pages *pages, const char *left, struct buffer *out)
{
	for (size_t i = 0; i < pages->count; i++) {
		if (i > 0)
			buffer_add_byte(out, '\f');
		add_running_line(pages, i + 1, left, out);
		buffer_add_bytes(out, buffer_text(&pages->items[i].text), pages->items[i].text.length);
	}
}
