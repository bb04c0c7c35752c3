#include "tui/area.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

void area_done(struct area *area)
{
	buffer_done(&area->text);
	memory_free(area->lines);
	*area = (struct area){0};
}

void area_set(struct area *area, const char *text)
{
	buffer_clear(&area->text);
	buffer_add(&area->text, text);
	area->at = area->text.length;
	area->column = -1;
}

/* ---- lines ---- */

static void add_line(struct area *area, size_t from, size_t to)
{
	array_reserve(&area->lines, &area->capacity, area->count, sizeof(*area->lines));
	area->lines[area->count++] = (struct area_line){from, to};
}

void area_wrap(struct area *area, int cells)
{
	const char *text = buffer_text(&area->text), *next;

	area->cells = cells;
	area->count = 0;
	for (const char *p = text; *p != '\0'; p = next) {
		size_t length = text_wrap(p, cells, &next);
		add_line(area, (size_t)(p - text), (size_t)(p - text) + length);
	}
	if (area->text.length == 0 || text[area->text.length - 1] == '\n')
		add_line(area, area->text.length, area->text.length);
}

static size_t line_at(const struct area *area)
{
	size_t line = area->count - 1;

	while (line > 0 && area->lines[line].from > area->at)
		line--;
	return line;
}

static int width_between(const struct area *area, size_t from, size_t to)
{
	const char *p = buffer_text(&area->text) + from, *end = buffer_text(&area->text) + to;
	int width = 0;

	while (p < end)
		width += text_point_width(text_decode(&p));
	return width;
}

/* Blanks at a break are not shown: the cursor among them stands at the end of the line. */
static int column_at(const struct area *area, size_t line)
{
	size_t to = area->at < area->lines[line].to ? area->at : area->lines[line].to;

	return width_between(area, area->lines[line].from, to);
}

/* ---- moving ---- */

static size_t before(const struct area *area)
{
	size_t at = area->at;

	at -= at > 0;
	while (at > 0 && ((unsigned char)area->text.data[at] & 0xC0) == 0x80)
		at--;
	return at;
}

static size_t after(const struct area *area)
{
	uint32_t point;

	return area->at +
	       text_decode_bytes(buffer_text(&area->text) + area->at, area->text.length - area->at, &point);
}

static void go_to_line(struct area *area, size_t line)
{
	const char *text = buffer_text(&area->text);
	const char *p = text + area->lines[line].from, *end = text + area->lines[line].to;
	int column = area->column;

	/* A line that is wrapped goes on behind its last character: the cursor stands before that at most. */
	if (line + 1 < area->count && area->lines[line].to == area->lines[line + 1].from && end > p)
		for (end--; end > p && ((unsigned char)*end & 0xC0) == 0x80;)
			end--;
	while (p < end) {
		const char *next = p;
		int width = text_point_width(text_decode(&next));
		if (width > column)
			break;
		column -= width;
		p = next;
	}
	area->at = (size_t)(p - text);
}

static bool move_lines(struct area *area, int key, int rows)
{
	size_t line = line_at(area), page = rows > 1 ? (size_t)rows - 1 : 1, last = area->count - 1;

	if (area->column < 0)
		area->column = column_at(area, line);
	switch (key) {
	case KEYPRESS_UP: line -= line > 0; break;
	case KEYPRESS_DOWN: line += line < last; break;
	case KEYPRESS_PAGE_UP: line = line > page ? line - page : 0; break;
	case KEYPRESS_PAGE_DOWN: line = last - line > page ? line + page : last; break;
	default: return false;
	}
	go_to_line(area, line);
	return true;
}

/* Where the paragraph of the cursor begins and ends, less its newline. */
static size_t paragraph_start(const struct area *area)
{
	size_t at = area->at;

	while (at > 0 && area->text.data[at - 1] != '\n')
		at--;
	return at;
}

static size_t paragraph_end(const struct area *area)
{
	return area->at + strcspn(buffer_text(&area->text) + area->at, "\n");
}

/* Home and End of the line on the screen; from there, of the paragraph. */
static void go_to_end(struct area *area, bool home)
{
	size_t at = area->at, line = line_at(area);

	area->column = home ? 0 : area->cells;
	go_to_line(area, line);
	if (area->at == at)
		area->at = home ? paragraph_start(area) : paragraph_end(area);
}

static bool move(struct area *area, int key)
{
	switch (key) {
	case KEYPRESS_LEFT: area->at = before(area); return true;
	case KEYPRESS_RIGHT: area->at = after(area); return true;
	case KEYPRESS_HOME:
	case KEYPRESS_END: go_to_end(area, key == KEYPRESS_HOME); return true;
	case KEYPRESS_CTRL_HOME: area->at = 0; return true;
	case KEYPRESS_CTRL_END: area->at = area->text.length; return true;
	default: return false;
	}
}

/* ---- changing ---- */

static void cut(struct area *area, size_t from, size_t to)
{
	if (from >= to)
		return;
	memmove(area->text.data + from, area->text.data + to, area->text.length - to + 1);
	area->text.length -= to - from;
	area->at = from;
}

bool area_insert(struct area *area, const char *text, size_t length)
{
	struct buffer clean = {0};
	bool fits;

	text_sanitize(&clean, text, length, true);
	fits = area->text.length + clean.length <= area->most;
	if (fits && clean.length > 0) {
		buffer_add(&area->text, buffer_text(&clean));
		char *place = area->text.data + area->at;
		memmove(place + clean.length, place, area->text.length - clean.length - area->at);
		memcpy(place, buffer_text(&clean), clean.length);
		area->at += clean.length;
	}
	buffer_done(&clean);
	return fits;
}

/* To the end of the paragraph; there, its newline, so that the next one joins. */
static void cut_forward(struct area *area)
{
	size_t end = paragraph_end(area);

	cut(area, area->at, end > area->at || end == area->text.length ? end : end + 1);
}

static void cut_paragraph(struct area *area)
{
	size_t from = paragraph_start(area), to = paragraph_end(area);

	if (to < area->text.length)
		to++;
	else if (from > 0)
		from--;
	cut(area, from, to);
}

/* Tabs, which have no place in a text, as blanks. */
static void insert_paste(struct area *area, const struct keypress *press)
{
	char *text = memory_copy_bytes(press->text, press->length);

	for (size_t i = 0; i < press->length; i++)
		text[i] = text[i] == '\t' ? ' ' : text[i];
	area_insert(area, text, press->length);
	memory_free(text);
}

static bool change(struct area *area, const struct keypress *press)
{
	char bytes[4];

	switch (press->key) {
	case KEYPRESS_BACKSPACE: cut(area, before(area), area->at); return true;
	case KEYPRESS_DELETE: cut(area, area->at, after(area)); return true;
	case KEYPRESS_CTRL + 'k': cut_forward(area); return true;
	case KEYPRESS_CTRL + 'u': cut(area, paragraph_start(area), area->at); return true;
	case KEYPRESS_F8: cut_paragraph(area); return true;
	case KEYPRESS_ENTER: area_insert(area, "\n", 1); return true;
	case KEYPRESS_PASTE: insert_paste(area, press); return true;
	default: break;
	}
	if (press->key < 0x20 || press->key >= KEY_BASE)
		return false;
	size_t length = text_encode((uint32_t)press->key, bytes);
	if (!text_is_dirty(bytes, length, false))
		area_insert(area, bytes, length);
	return true;
}

bool area_key(struct area *area, const struct keypress *press, int rows)
{
	bool known;

	area_wrap(area, area->cells);
	if (move_lines(area, press->key, rows))
		return true;
	area->column = -1;
	known = move(area, press->key) || change(area, press);
	area->column = -1;
	area_wrap(area, area->cells);
	return known;
}

void area_draw(struct area *area, int row, int column, int rows)
{
	size_t shown = rows > 1 ? (size_t)rows : 1, line = line_at(area);
	struct buffer text = {0};

	if (line < area->top)
		area->top = line;
	if (line >= area->top + shown)
		area->top = line - shown + 1;
	if (area->top >= area->count)
		area->top = 0;
	for (size_t i = area->top; i < area->count && i < area->top + shown; i++) {
		buffer_clear(&text);
		buffer_add_bytes(&text, buffer_text(&area->text) + area->lines[i].from,
				 area->lines[i].to - area->lines[i].from);
		terminal_put(row + (int)(i - area->top), column, area->cells + 1, LOOK_NORMAL,
			     buffer_text(&text));
	}
	terminal_cursor(row + (int)(line - area->top), column + column_at(area, line));
	buffer_done(&text);
}
