#include "session/block.h"

#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"

static bool ends_cell(char c)
{
	return c == '\t' || c == '\n' || c == '\r' || c == '\0';
}

/* Where the cell in quotes at `text` ends (behind its closing quote), NULL if these are no quotes around a
 * cell. */
static const char *quoted_end(const char *text)
{
	if (*text != '"')
		return NULL;
	for (text++; *text != '\0'; text++) {
		if (*text != '"')
			continue;
		if (text[1] != '"')
			return ends_cell(text[1]) ? text + 1 : NULL;
		text++;
	}
	return NULL;
}

static char *clean_cell(const char *raw, size_t length)
{
	struct buffer clean = {0};
	const char *from;
	char *cell;

	text_sanitize(&clean, raw, length, false);
	from = buffer_text(&clean);
	from += strspn(from, " ");
	length = strlen(from);
	while (length > 0 && from[length - 1] == ' ')
		length--;
	cell = memory_copy_bytes(from, length);
	buffer_done(&clean);
	return cell;
}

/* Reads one cell and moves past it, not past what ends it. */
static char *read_cell(const char **text)
{
	const char *from = *text, *end = quoted_end(from);
	struct buffer raw = {0};
	char *cell;

	if (end == NULL) {
		while (!ends_cell(**text))
			(*text)++;
		return clean_cell(from, (size_t)(*text - from));
	}
	for (from++; from < end - 1; from++) {
		buffer_add_byte(&raw, *from);
		if (*from == '"')
			from++;
	}
	cell = clean_cell(buffer_text(&raw), raw.length);
	buffer_done(&raw);
	*text = end;
	return cell;
}

static void line_done(struct block_line *line)
{
	for (size_t i = 0; i < line->count; i++)
		memory_free(line->cells[i]);
	memory_free(line->cells);
}

static bool is_empty(const struct block_line *line)
{
	for (size_t i = 0; i < line->count; i++)
		if (line->cells[i][0] != '\0')
			return false;
	return true;
}

void block_read(struct block *block, const char *text)
{
	while (*text != '\0') {
		struct block_line line = {0};

		for (;;) {
			array_reserve(&line.cells, &line.capacity, line.count, sizeof(*line.cells));
			line.cells[line.count++] = read_cell(&text);
			if (*text != '\t')
				break;
			text++;
		}
		array_reserve(&block->lines, &block->capacity, block->count, sizeof(*block->lines));
		block->lines[block->count++] = line;
		if (*text == '\r')
			text++;
		if (*text == '\n')
			text++;
	}
	while (block->count > 0 && is_empty(&block->lines[block->count - 1]))
		line_done(&block->lines[--block->count]);
}

void block_done(struct block *block)
{
	for (size_t i = 0; i < block->count; i++)
		line_done(&block->lines[i]);
	memory_free(block->lines);
	*block = (struct block){0};
}

const char *block_cell(const struct block *block, size_t line, size_t column)
{
	const struct block_line *cells = &block->lines[line];

	return column < cells->count ? cells->cells[column] : "";
}

size_t block_width(const struct block *block, size_t first)
{
	size_t width = 0;

	for (size_t i = first; i < block->count; i++)
		if (block->lines[i].count > width)
			width = block->lines[i].count;
	return width;
}
