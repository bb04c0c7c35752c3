#include "tui/line.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

void line_done(struct line *line)
{
	buffer_done(&line->text);
	line->at = 0;
}

void line_set(struct line *line, const char *text)
{
	buffer_clear(&line->text);
	buffer_add(&line->text, text);
	line->at = line->text.length;
}

const char *line_text(const struct line *line)
{
	return buffer_text(&line->text);
}

static void insert(struct line *line, const char *bytes, size_t length)
{
	if (line->text.length + length > LINE_MOST)
		return;
	buffer_add_bytes(&line->text, bytes, length);
	char *place = line->text.data + line->at;
	memmove(place + length, place, line->text.length - length - line->at);
	memcpy(place, bytes, length);
	line->at += length;
}

static size_t before(const struct line *line)
{
	size_t at = line->at;

	if (at > 0)
		at--;
	while (at > 0 && ((unsigned char)line->text.data[at] & 0xC0) == 0x80)
		at--;
	return at;
}

static size_t after(const struct line *line)
{
	uint32_t point;

	return line->at +
	       text_decode_bytes(buffer_text(&line->text) + line->at, line->text.length - line->at, &point);
}

static void cut(struct line *line, size_t from, size_t to)
{
	if (from == to)
		return;
	memmove(line->text.data + from, line->text.data + to, line->text.length - to + 1);
	line->text.length -= to - from;
	line->at = from;
}

static void insert_paste(struct line *line, const struct keypress *press)
{
	struct buffer clean = {0};
	const char *end = memchr(press->text, '\n', press->length);

	text_sanitize(&clean, press->text, end != NULL ? (size_t)(end - press->text) : press->length, false);
	insert(line, buffer_text(&clean), clean.length);
	buffer_done(&clean);
}

bool line_key(struct line *line, const struct keypress *press)
{
	char bytes[4];

	switch (press->key) {
	case KEYPRESS_LEFT: line->at = before(line); return true;
	case KEYPRESS_RIGHT: line->at = after(line); return true;
	case KEYPRESS_HOME: line->at = 0; return true;
	case KEYPRESS_END: line->at = line->text.length; return true;
	case KEYPRESS_BACKSPACE: cut(line, before(line), line->at); return true;
	case KEYPRESS_DELETE: cut(line, line->at, after(line)); return true;
	case KEYPRESS_CTRL + 'u': line_set(line, ""); return true;
	case KEYPRESS_PASTE: insert_paste(line, press); return true;
	default: break;
	}
	if (press->key < 0x20 || press->key >= KEY_BASE)
		return false;
	size_t length = text_encode((uint32_t)press->key, bytes);
	if (!text_is_dirty(bytes, length, false))
		insert(line, bytes, length);
	return true;
}

void line_draw(const struct line *line, int row, int column, int cells, int look)
{
	const char *from = line_text(line), *cursor = from + line->at;
	int ahead = 0;

	for (const char *p = from; p < cursor;) {
		uint32_t point = text_decode(&p);
		ahead += text_point_width(point);
	}
	/* One cell stays free behind the text for the cursor. */
	while (ahead > cells - 1 && from < cursor) {
		uint32_t point = text_decode(&from);
		ahead -= text_point_width(point);
	}
	terminal_field(row, column, cells, look, from);
	terminal_cursor(row, column + ahead);
}
