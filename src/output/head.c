/* Boxes are drawn on a canvas of characters, since a caption may stand beside several levels of others and
 * its text in the middle of them. A corner always wins over an edge; so boxes may be drawn in any order. */
#include "output/head.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define SECOND_HALF UINT32_MAX /* the right cell of a wide character */

struct canvas {
	int width, height;
	uint32_t *points; /* 0: blank */
};

struct box {                   /* a caption's place in the head */
	int first, last;       /* columns of the band */
	int level, last_level; /* rows of the head */
	char *text;
};

struct head {
	const struct grid *grid;
	const struct form_table *table;
	const struct band *band;
	int depth; /* rows, as many as the columns of the band need */
	struct box *boxes;
	size_t box_count, box_capacity;
	int *heights; /* lines of each level, without rules */
};

/* ---- Canvas. ---- */

static uint32_t *at(const struct canvas *canvas, int x, int y)
{
	return &canvas->points[y * canvas->width + x];
}

static void draw_edge(const struct canvas *canvas, int x, int y, uint32_t point)
{
	if (*at(canvas, x, y) != '+')
		*at(canvas, x, y) = point;
}

static void draw_box(const struct canvas *canvas, int left, int top, int right, int bottom)
{
	for (int x = left + 1; x < right; x++) {
		draw_edge(canvas, x, top, '-');
		draw_edge(canvas, x, bottom, '-');
	}
	for (int y = top + 1; y < bottom; y++) {
		draw_edge(canvas, left, y, '|');
		draw_edge(canvas, right, y, '|');
	}
	*at(canvas, left, top) = *at(canvas, right, top) = '+';
	*at(canvas, left, bottom) = *at(canvas, right, bottom) = '+';
}

static void draw_text(const struct canvas *canvas, int x, int y, const char *text)
{
	for (uint32_t point; (point = text_decode(&text)) != 0;) {
		int width = text_point_width(point);
		if (width <= 0 || x + width > canvas->width)
			continue;
		*at(canvas, x, y) = point;
		if (width == 2)
			*at(canvas, x + 1, y) = SECOND_HALF;
		x += width;
	}
}

static void take_lines(const struct canvas *canvas, struct lines *out)
{
	for (int y = 0; y < canvas->height; y++) {
		struct buffer line = {0};
		for (int x = 0; x < canvas->width; x++) {
			uint32_t point = *at(canvas, x, y);
			char bytes[4];
			if (point == 0)
				buffer_add_byte(&line, ' ');
			else if (point != SECOND_HALF)
				buffer_add_bytes(&line, bytes, text_encode(point, bytes));
		}
		lines_take(out, &line);
	}
}

/* ---- Boxes. ---- */

/* The caption that stands over a leaf at a level of the head: a group above it, else the leaf, which
 * reaches down to the last level. */
static const struct form_column *caption_at(const struct form_column *leaf, int level)
{
	while (leaf->depth > level)
		leaf = leaf->parent;
	return leaf;
}

static char *caption_text(const struct head *head, const struct form_column *column)
{
	struct buffer text = {0};

	workbook_sheet_expand(head->grid->workbook, head->table->index, head->grid->sheet, column->caption,
			      &text);
	buffer_add(&text, "");
	return buffer_take(&text);
}

/* Wraps `text` at `width`, then at the least width that needs no more lines: 对附属单位/补助支出 reads
 * better than a full line and a rest. */
static void wrap_evenly(struct lines *out, const char *text, int width)
{
	struct lines full = {0};
	size_t most;

	lines_wrap(&full, "", text, width);
	most = full.count;
	while (most > 1 && width > 2) {
		struct lines narrower = {0};
		size_t count;
		lines_wrap(&narrower, "", text, width - 1);
		count = narrower.count;
		lines_done(&narrower);
		if (count > most)
			break;
		width--;
	}
	lines_done(&full);
	lines_wrap(out, "", text, width);
}

/* Blanks in a caption show where its printed form broke; they count only where it does not fit on one line.
 */
static void wrap_caption(struct lines *out, const char *text, int width)
{
	struct buffer squeezed = {0};

	text_squeeze(&squeezed, text);
	if (text_width(buffer_text(&squeezed)) <= width) {
		lines_wrap(out, "", buffer_text(&squeezed), width);
		text = "";
	}
	while (*text != '\0') {
		size_t length = strcspn(text, " ");
		char *part = memory_copy_bytes(text, length);
		if (length > 0)
			wrap_evenly(out, part, width);
		memory_free(part);
		text += length + strspn(text + length, " ");
	}
	buffer_done(&squeezed);
}

static int box_width(const struct head *head, const struct box *box)
{
	int width = box->last - box->first;

	for (int i = box->first; i <= box->last; i++)
		width += head->band->columns[i].width;
	return width;
}

static int box_height(const struct head *head, const struct box *box)
{
	int height = box->last_level - box->level;

	for (int i = box->level; i <= box->last_level; i++)
		height += head->heights[i];
	return height;
}

static void add_box(struct head *head, const struct form_column *column, int first, int last, int level)
{
	struct box box = {.first = first, .last = last, .level = level, .last_level = level};

	if (column->leaf >= 0)
		box.last_level = head->depth - 1;
	box.text = caption_text(head, column);
	array_reserve(&head->boxes, &head->box_capacity, head->box_count, sizeof(*head->boxes));
	head->boxes[head->box_count++] = box;
}

static void find_boxes(struct head *head)
{
	const struct band *band = head->band;

	for (int level = 0; level < head->depth; level++)
		for (int first = 0, last; first < band->count; first = last + 1) {
			const struct form_column *column =
				caption_at(head->table->leaves[band->columns[first].leaf], level);
			for (last = first; last + 1 < band->count; last++)
				if (caption_at(head->table->leaves[band->columns[last + 1].leaf], level) !=
				    column)
					break;
			if (column->depth == level)
				add_box(head, column, first, last, level);
		}
}

/* Levels are as high as their groups need; then a leaf that needs more makes its last level higher. */
static void find_heights(struct head *head)
{
	head->heights = memory_new_array((size_t)head->depth + 1, sizeof(*head->heights));
	for (int i = 0; i < head->depth; i++)
		head->heights[i] = 1;
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < head->box_count; i++) {
			const struct box *box = &head->boxes[i];
			struct lines lines = {0};
			int lack;
			if ((box->level != box->last_level) != (pass == 1))
				continue;
			wrap_caption(&lines, box->text, box_width(head, box));
			lack = (int)lines.count - box_height(head, box);
			if (lack > 0)
				head->heights[box->last_level] += lack;
			lines_done(&lines);
		}
}

static void place_box(const struct head *head, const struct canvas *canvas, const struct box *box)
{
	int left = 0, top = 0, width = box_width(head, box), height = box_height(head, box);
	struct lines lines = {0};

	for (int i = 0; i < box->first; i++)
		left += head->band->columns[i].width + 1;
	for (int i = 0; i < box->level; i++)
		top += head->heights[i] + 1;
	draw_box(canvas, left, top, left + width + 1, top + height + 1);
	wrap_caption(&lines, box->text, width);
	for (size_t i = 0; i < lines.count; i++)
		draw_text(canvas, left + 1 + (width - text_width(lines.items[i])) / 2,
			  top + 1 + (height - (int)lines.count) / 2 + (int)i, lines.items[i]);
	lines_done(&lines);
}

/* ---- Below the captions. ---- */

void head_rule(const struct band *band, struct buffer *out)
{
	buffer_add_byte(out, '+');
	for (int i = 0; i < band->count; i++) {
		buffer_add_repeated(out, '-', (size_t)band->columns[i].width);
		buffer_add_byte(out, '+');
	}
}

/* 栏次 stands in the first column without a number. */
static void add_numbers(const struct form_table *table, const struct band *band, struct lines *out)
{
	const char *label = table->numbers;
	struct buffer line = {0};

	buffer_add_byte(&line, '|');
	for (int i = 0; i < band->count; i++) {
		int number = table->leaves[band->columns[i].leaf]->number;
		struct buffer text = {0};
		if (number > 0) {
			buffer_format(&text, "%d", number);
		} else {
			buffer_add(&text, label);
			label = "";
		}
		text_fit(&line, buffer_text(&text), band->columns[i].width, TEXT_CENTRE);
		buffer_add_byte(&line, '|');
		buffer_done(&text);
	}
	lines_take(out, &line);
	head_rule(band, &line);
	lines_take(out, &line);
}

void head_draw(const struct grid *grid, const struct band *band, struct lines *out)
{
	const struct form_table *table = grid->table;
	struct head head = {.grid = grid, .table = table, .band = band};
	struct canvas canvas = {.width = band->width, .height = 1};

	for (int i = 0; i < band->count; i++)
		if (table->leaves[band->columns[i].leaf]->depth >= head.depth)
			head.depth = table->leaves[band->columns[i].leaf]->depth + 1;
	find_boxes(&head);
	find_heights(&head);
	for (int i = 0; i < head.depth; i++)
		canvas.height += head.heights[i] + 1;
	canvas.points =
		memory_new_array((size_t)canvas.width * (size_t)canvas.height, sizeof(*canvas.points));
	for (size_t i = 0; i < head.box_count; i++)
		place_box(&head, &canvas, &head.boxes[i]);
	take_lines(&canvas, out);
	if (table->numbers != NULL)
		add_numbers(table, band, out);
	for (size_t i = 0; i < head.box_count; i++)
		memory_free(head.boxes[i].text);
	memory_free(head.boxes);
	memory_free(head.heights);
	memory_free(canvas.points);
}
