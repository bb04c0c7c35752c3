#include "output/lines.h"

#include "base/memory.h"
#include "base/text.h"

void lines_done(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		memory_free(lines->items[i]);
	memory_free(lines->items);
	*lines = (struct lines){0};
}

void lines_take(struct lines *lines, struct buffer *line)
{
	buffer_add(line, "");
	array_reserve(&lines->items, &lines->capacity, lines->count, sizeof(*lines->items));
	lines->items[lines->count++] = buffer_take(line);
}

void lines_wrap(struct lines *lines, const char *first, const char *text, int width)
{
	int indent = text_width(first);
	struct buffer line = {0};

	buffer_add(&line, first);
	while (*text != '\0') {
		const char *next;
		size_t length = text_wrap(text, width - indent, &next);
		buffer_add_bytes(&line, text, length);
		text = next;
		if (*text == '\0')
			break;
		lines_take(lines, &line);
		buffer_add_repeated(&line, ' ', (size_t)indent);
	}
	lines_take(lines, &line);
}
