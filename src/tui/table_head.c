#include "tui/table_head.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"
#include "model/workbook.h"
#include "tui/terminal.h"

#define LEVELS_MOST 8
#define ROWS_MOST 8

/* A caption cut into lines. Where it is printed with a gap it breaks there if that serves, else into lines of
 * like length. */
struct wrapped {
	struct buffer text;
	const char *line[ROWS_MOST];
	size_t length[ROWS_MOST];
	int count;
};

/* The caption with its gaps as line breaks. False: some piece is wider than `width`. */
static bool break_at_gaps(struct buffer *out, const char *caption, int width)
{
	for (const char *p = caption; *p != '\0';) {
		struct buffer piece = {0};
		p += strspn(p, " ");
		buffer_add_bytes(&piece, p, strcspn(p, " "));
		p += piece.length;
		bool fits = text_width(buffer_text(&piece)) <= width;
		buffer_format(out, "%s%s", out->length > 0 ? "\n" : "", buffer_text(&piece));
		buffer_done(&piece);
		if (!fits)
			return false;
	}
	return true;
}

static int lines_at(const char *text, int width)
{
	int lines = 0;

	for (const char *next; *text != '\0' && lines < ROWS_MOST; text = next, lines++)
		(void)text_wrap(text, width, &next);
	return lines;
}

/* The least width that takes no more lines: they are of like length then. */
static int even_width(const char *text, int width)
{
	int lines = lines_at(text, width);

	while (width > 2 && lines_at(text, width - 1) == lines)
		width--;
	return width;
}

static void wrap(struct wrapped *wrapped, const char *caption, int width)
{
	int even = width;

	*wrapped = (struct wrapped){0};
	buffer_add(&wrapped->text, caption);
	if (text_width(caption) > width) {
		buffer_clear(&wrapped->text);
		text_squeeze(&wrapped->text, caption);
		if (text_width(buffer_text(&wrapped->text)) > width) {
			even = even_width(buffer_text(&wrapped->text), width);
			struct buffer pieces = {0};
			if (strchr(caption, ' ') != NULL && break_at_gaps(&pieces, caption, width)) {
				buffer_clear(&wrapped->text);
				buffer_add(&wrapped->text, buffer_text(&pieces));
				even = width;
			}
			buffer_done(&pieces);
		}
	}
	for (const char *p = buffer_text(&wrapped->text), *next; *p != '\0' && wrapped->count < ROWS_MOST;
	     p = next) {
		wrapped->line[wrapped->count] = p;
		wrapped->length[wrapped->count++] = text_wrap(p, even, &next);
	}
}

/* The caption of `column` as it is printed this year. */
static void wrap_caption(struct wrapped *wrapped, const struct table_layout *layout, const struct form_column *column, int width)
{
	struct buffer filled = {0};

	workbook_expand(layout->workbook, layout->form->index, column->caption, &filled);
	wrap(wrapped, buffer_text(&filled), width);
	buffer_done(&filled);
}

static int wrapped_rows(const struct table_layout *layout, const struct form_column *column, int width)
{
	struct wrapped wrapped;

	wrap_caption(&wrapped, layout, column, width);
	buffer_done(&wrapped.text);
	return wrapped.count;
}

/* The node of the head over `leaf` at `level`; the leaf itself if it is not as deep. */
static const struct form_column *node_at(const struct form_table *form, int leaf, int level)
{
	const struct form_column *node = form->leaves[leaf];

	while (node->depth > level && node->parent != NULL)
		node = node->parent;
	return node;
}

static int levels_of(const struct form_table *form)
{
	return form->head_depth < LEVELS_MOST ? form->head_depth : LEVELS_MOST;
}

static int span_width(const struct table_layout *layout, const struct form_column *group)
{
	int width = group->leaf_count - 1;

	for (int leaf = group->first_leaf; leaf < group->first_leaf + group->leaf_count; leaf++)
		width += layout->width[leaf];
	return width;
}

/* Rows of each level; as hidden columns count too, scrolling does not change them. */
static void measure(const struct table_layout *layout, int heights[LEVELS_MOST])
{
	const struct form_table *form = layout->form;
	int levels = levels_of(form);

	for (int level = 0; level < levels; level++) {
		heights[level] = 1;
		for (int leaf = table_first_leaf(form); leaf < form->leaf_count; leaf++) {
			const struct form_column *node = node_at(form, leaf, level);
			int rows =
				node->leaf >= 0 ? 1 : wrapped_rows(layout, node, span_width(layout, node));
			if (rows > heights[level])
				heights[level] = rows;
		}
	}
	for (int leaf = table_first_leaf(form); leaf < form->leaf_count; leaf++) {
		const struct form_column *column = form->leaves[leaf];
		int rows = wrapped_rows(layout, column, layout->width[leaf]), room = 0;
		for (int level = column->depth; level < levels; level++)
			room += heights[level];
		if (levels > 0 && rows > room)
			heights[levels - 1] += rows - room;
	}
}

int table_head_rows(const struct table_layout *layout)
{
	int heights[LEVELS_MOST], rows = layout->form->numbers != NULL;

	measure(layout, heights);
	for (int level = 0; level < levels_of(layout->form); level++)
		rows += heights[level];
	return rows;
}

static enum text_align alignment(const struct form_column *column)
{
	return column->type <= FORM_ORDINAL && !table_is_words(column) ? TEXT_RIGHT : TEXT_LEFT;
}

/* The cells from x to end, less those in which the first row has < and > : half a character must not stay. */
struct span { int x, end; };
static struct span span_of(const struct table_layout *layout, int x, int end, bool is_first_row)
{
	return (struct span){x + (is_first_row && layout->more_left && x == 0),
			     end - (is_first_row && layout->more_right && end == terminal_columns())};
}

/* Captions stand at the bottom of their room, next to the figures. */
static void draw_leaf(const struct table_layout *layout, const struct table_column *shown, int first, int bottom)
{
	const struct form_column *column = layout->form->leaves[shown->leaf];
	struct wrapped wrapped;
	struct buffer line = {0}, fitted = {0};

	wrap_caption(&wrapped, layout, column, shown->width);
	for (int i = 0; i < wrapped.count; i++) {
		int row = bottom - wrapped.count + 1 + i;
		struct span span = span_of(layout, shown->x, shown->x + shown->width, row == first);
		buffer_clear(&line);
		buffer_clear(&fitted);
		buffer_add_bytes(&line, wrapped.line[i], wrapped.length[i]);
		text_fit(&fitted, buffer_text(&line), span.end - span.x, alignment(column));
		terminal_put(row, span.x, span.end - span.x, LOOK_HEAD, buffer_text(&fitted));
	}
	buffer_done(&line);
	buffer_done(&fitted);
	buffer_done(&wrapped.text);
}

/* One line of a group's caption over its columns: ----本年收入---- */
static void draw_group_line(const char *caption, size_t length, int x, int cells, int row)
{
	struct buffer text = {0}, clipped = {0};
	int used;

	buffer_add_bytes(&text, caption, length);
	buffer_add_bytes(&clipped, buffer_text(&text), text_clip(buffer_text(&text), cells, &used));
	int left = (cells - used) / 2;
	buffer_clear(&text);
	buffer_add_repeated(&text, '-', (size_t)left);
	buffer_add(&text, buffer_text(&clipped));
	buffer_add_repeated(&text, '-', (size_t)(cells - used - left));
	terminal_put(row, x, cells, LOOK_HEAD, buffer_text(&text));
	buffer_done(&clipped);
	buffer_done(&text);
}

/* A group over those of its columns that are shown, on as many as `rows` lines. */
static void draw_group(const struct table_layout *layout, const struct form_column *group, struct span span, int row,
		       int rows)
{
	int x = span.x, cells = span.end - span.x;
	struct wrapped wrapped;
	struct buffer filled = {0};

	workbook_expand(layout->workbook, layout->form->index, group->caption, &filled);
	wrap(&wrapped, buffer_text(&filled), cells);
	if (wrapped.count > rows)
		draw_group_line(buffer_text(&filled), filled.length, x, cells, row);
	for (int i = 0; i < wrapped.count && wrapped.count <= rows; i++)
		draw_group_line(wrapped.line[i], wrapped.length[i], x, cells, row + i);
	buffer_done(&wrapped.text);
	buffer_done(&filled);
}

static void draw_groups(const struct table_layout *layout, int level, int row, int rows)
{
	for (int i = 0; i < layout->shown_count;) {
		const struct table_column *shown = &layout->shown[i];
		const struct form_column *node = node_at(layout->form, shown->leaf, level);
		int end = i;
		while (end < layout->shown_count &&
		       node_at(layout->form, layout->shown[end].leaf, level) == node)
			end++;
		if (node->leaf < 0)
			draw_group(layout, node,
				   span_of(layout, shown->x,
					   layout->shown[end - 1].x + layout->shown[end - 1].width, level == 0),
				   row, rows);
		i = end;
	}
}

static void draw_numbers(const struct table_layout *layout, int row)
{
	terminal_blank(row, 0, terminal_columns(), LOOK_RULE);
	for (int i = 0; i < layout->shown_count; i++) {
		const struct table_column *shown = &layout->shown[i];
		const struct form_column *column = layout->form->leaves[shown->leaf];
		struct buffer text = {0};
		char number[16] = "";
		if (column->number > 0)
			snprintf(number, sizeof(number), "%d", column->number);
		text_fit(&text, number, shown->width,
			 alignment(column) == TEXT_LEFT ? TEXT_CENTRE : TEXT_RIGHT);
		if (column->type == FORM_ORDINAL)
			terminal_put(row, shown->x, shown->width + 1, LOOK_RULE, layout->form->numbers);
		else
			terminal_put(row, shown->x, shown->width, LOOK_RULE, buffer_text(&text));
		buffer_done(&text);
	}
	if (layout->bar_x >= 0)
		terminal_put(row, layout->bar_x, 1, LOOK_RULE, "|");
}

void table_head_draw(const struct table_layout *layout, int row)
{
	int heights[LEVELS_MOST], bottom = row - 1;

	measure(layout, heights);
	for (int level = 0; level < levels_of(layout->form); level++) {
		draw_groups(layout, level, bottom + 1, heights[level]);
		bottom += heights[level];
	}
	for (int i = 0; i < layout->shown_count; i++)
		draw_leaf(layout, &layout->shown[i], row, bottom);
	for (int i = row; layout->bar_x >= 0 && i <= bottom; i++)
		terminal_put(i, layout->bar_x, 1, LOOK_HEAD, "|");
	if (layout->more_left)
		terminal_put(row, 0, 1, LOOK_HEAD, "<");
	if (layout->more_right)
		terminal_put(row, terminal_columns() - 1, 1, LOOK_HEAD, ">");
	if (layout->form->numbers != NULL)
		draw_numbers(layout, bottom + 1);
}
