/* The grid of a sheet on paper. A row is as many lines high as its cells need; a page ends between rows,
 * but for a row that is longer than a page. */
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "output/head.h"
#include "output/printing.h"

#define BAND_LINES 3    /* a blank line, which band it is, the rule below */
#define ROWS_TOGETHER 3 /* a head is not printed at the foot of a page for fewer rows than this */

struct body { /* one band being printed */
	struct printing *printing;
	const struct band *band;
	int number; /* of the band, from 1 */
	struct lines head;
	struct lines *rows;
	size_t count;
	bool ruled; /* rows of several lines of text are parted by rules */
};

struct cell_flow { /* a cell's text as it runs down its column */
	const char *rest;
	int indent;
	bool right;
};

/* ---- Marks. ---- */

static const struct form_table *table_of(const struct body *body)
{
	return body->printing->grid->table;
}

/* What is wrong with the rows as such, their codes or their names; `block` -1: of every block. */
static const struct finding *row_finding(const struct body *body, const struct grid_row *row, int block,
					 const struct finding *found)
{
	const struct form_table *table = table_of(body);

	for (int i = 0; i < table->block_count; i++) {
		if (block >= 0 && i != block)
			continue;
		found = printing_worst(body->printing, row->rows[i], -1, found);
		if (table->ordinal_leaf >= 0)
			found = printing_worst(body->printing, row->rows[i], table->ordinal_leaf, found);
		if (table->blocks[i].code_leaf >= 0)
			found = printing_worst(body->printing, row->rows[i], table->blocks[i].code_leaf,
					       found);
		if (table->blocks[i].caption_leaf >= 0)
			found = printing_worst(body->printing, row->rows[i], table->blocks[i].caption_leaf,
					       found);
	}
	return found;
}

static const char *find_mark(const struct body *body, const struct grid_row *row,
			     const struct band_column *column)
{
	int block = table_of(body)->leaves[column->leaf]->block;
	const struct row *own = row->rows[block >= 0 ? block : 0];
	const struct finding *found = NULL;

	switch (column->mark) {
	case BAND_MARK_ROW:
		return printing_mark(row_finding(body, row, block, NULL));
	case BAND_MARK_CELL:
		found = printing_worst(body->printing, own, column->leaf, NULL);
		return printing_mark(column->first ? row_finding(body, row, block, found) : found);
	default:
		return "";
	}
}

/* ---- One row. ---- */

static bool is_figure(const char *text)
{
	return text[0] != '\0' && text[strspn(text, "0123456789.,-%")] == '\0';
}

static struct cell_flow begin_cell(const struct form_column *leaf, const struct band_column *column,
				   const char *text)
{
	struct cell_flow flow = {.rest = text, .right = column->figure || leaf->type == FORM_ORDINAL};

	/* Among measures, bare numbers stand as figures do. */
	if (leaf->type == FORM_MEASURE && is_figure(text))
		flow.right = true;
	while (flow.rest[0] == ' ') {
		flow.rest++;
		flow.indent++;
	}
	if (flow.indent > column->width / 2)
		flow.indent = column->width / 2;
	return flow;
}

/* One printed line of one cell, `width` cells wide. */
static void add_cell_line(struct cell_flow *flow, int width, struct buffer *out)
{
	const char *next;
	size_t length = text_wrap(flow->rest, width - flow->indent, &next);
	char *part = memory_copy_bytes(flow->rest, length);

	buffer_add_repeated(out, ' ', (size_t)flow->indent);
	text_fit(out, part, width - flow->indent, flow->right ? TEXT_RIGHT : TEXT_LEFT);
	memory_free(part);
	flow->rest = next;
}

static void format_row(const struct body *body, const struct grid_row *row, struct cell_flow *flows,
		       struct lines *out)
{
	const struct band *band = body->band;
	bool more = true;

	for (int i = 0; i < band->count; i++)
		flows[i] = begin_cell(table_of(body)->leaves[band->columns[i].leaf], &band->columns[i],
				      row->cells[band->columns[i].leaf]);
	for (bool first = true; more; first = false) {
		struct buffer line = {0};
		more = false;
		buffer_add_byte(&line, '|');
		for (int i = 0; i < band->count; i++) {
			const struct band_column *column = &band->columns[i];
			const char *mark = find_mark(body, row, column);
			int width = column->width - (int)strlen(mark);
			if (column->mark == BAND_MARK_ROW)
				buffer_add(&line, first ? mark : " ");
			add_cell_line(&flows[i], width, &line);
			if (column->mark == BAND_MARK_CELL)
				buffer_add(&line, first ? mark : " ");
			buffer_add_byte(&line, '|');
			more = more || flows[i].rest[0] != '\0';
		}
		lines_take(out, &line);
	}
}

/* In a band of one block, lines on which only the other block has a row are left out. */
static bool is_in_band(const struct body *body, const struct grid_row *row)
{
	if (row->rows[0] == NULL && row->rows[1] == NULL)
		return true;
	for (int i = 0; i < body->band->count; i++) {
		int block = table_of(body)->leaves[body->band->columns[i].leaf]->block;
		if (block >= 0 && row->rows[block] != NULL)
			return true;
	}
	return false;
}

/* ---- Pages. ---- */

/* Which part of the columns this is, where there are several. */
static void add_band_line(const struct body *body)
{
	struct buffer line = {0};

	if (body->printing->bands->count < 2)
		return;
	buffer_format(&line, _("第 %d 段栏目，共 %d 段"), body->number, body->printing->bands->count);
	pages_add(body->printing->pages, buffer_text(&line));
	buffer_done(&line);
}

static void add_head(const struct body *body, bool new_page)
{
	if (new_page)
		printing_begin_page(body->printing);
	add_band_line(body);
	pages_add_lines(body->printing->pages, &body->head);
}

static void print_rule(const struct body *body)
{
	struct buffer rule = {0};

	head_rule(body->band, &rule);
	pages_add(body->printing->pages, buffer_text(&rule));
	buffer_done(&rule);
}

static void continue_on_new_page(const struct body *body)
{
	print_rule(body);
	add_head(body, true);
}

static size_t page_room(const struct body *body)
{
	int room = pages_room(body->printing->pages);

	return room > 0 ? (size_t)room : 0;
}

/* Lines for rows and their last rule on a page that has nothing else. */
static size_t whole_page(const struct body *body)
{
	size_t capacity = (size_t)pages_capacity(body->printing->pages);
	size_t above = TITLE_LINES + 1 + body->head.count;

	return capacity > above ? capacity - above : 1;
}

/* A row that no page can hold is begun where there is room for some of it. */
static bool goes_on_next_page(const struct body *body, const struct lines *row)
{
	size_t needed = row->count + 1;

	if (needed <= page_room(body))
		return false;
	return needed <= whole_page(body) || page_room(body) < ROWS_TOGETHER + 1;
}

static void print_row(const struct body *body, const struct lines *row)
{
	for (size_t i = 0; i < row->count; i++) {
		if (page_room(body) < 2)
			continue_on_new_page(body);
		pages_add(body->printing->pages, row->items[i]);
	}
}

static void print_rows(const struct body *body)
{
	int on_page = 0; /* rows below the head on this page */

	for (size_t i = 0; i < body->count; i++) {
		if (on_page > 0 && goes_on_next_page(body, &body->rows[i])) {
			continue_on_new_page(body);
			on_page = 0;
		} else if (on_page > 0 && body->ruled) {
			print_rule(body);
		}
		print_row(body, &body->rows[i]);
		on_page++;
	}
	print_rule(body);
}

/* A band that would fit on a page by itself is not begun at the foot of another. */
static bool begins_page(const struct body *body, size_t height)
{
	size_t room = page_room(body), needed = body->head.count + height + BAND_LINES;

	if (!body->printing->begun)
		return true;
	return needed > room && (needed <= (size_t)pages_capacity(body->printing->pages) - TITLE_LINES ||
				 room < body->head.count + BAND_LINES + ROWS_TOGETHER);
}

/* A row that is high because of a text, not of its label alone. */
static bool has_long_text(const struct body *body, const struct grid_row *row)
{
	for (int i = 0; i < body->band->count; i++) {
		const struct band_column *column = &body->band->columns[i];
		const char *next = "";
		if (column->text)
			(void)text_wrap(row->cells[column->leaf], column->width - 1, &next);
		if (next[0] != '\0')
			return true;
	}
	return false;
}

/* Returns how high the rows are together. */
static size_t format_rows(struct body *body)
{
	const struct grid *grid = body->printing->grid;
	struct cell_flow *flows = memory_new_array((size_t)body->band->count, sizeof(*flows));
	size_t height = 0;

	body->rows = memory_new_array(grid->row_count + 1, sizeof(*body->rows));
	for (size_t i = 0; i < grid->row_count; i++)
		if (is_in_band(body, &grid->rows[i])) {
			format_row(body, &grid->rows[i], flows, &body->rows[body->count]);
			body->ruled = body->ruled || has_long_text(body, &grid->rows[i]);
			height += body->rows[body->count++].count;
		}
	memory_free(flows);
	return body->ruled ? height + body->count - 1 : height;
}

static void print_band(struct printing *printing, int index)
{
	struct body body = {
		.printing = printing, .band = &printing->bands->items[index], .number = index + 1};
	size_t height;
	bool new_page;

	head_draw(printing->grid, body.band, &body.head);
	height = format_rows(&body);
	new_page = begins_page(&body, height);
	if (!new_page)
		pages_add(printing->pages, "");
	add_head(&body, new_page);
	print_rows(&body);
	for (size_t i = 0; i < body.count; i++)
		lines_done(&body.rows[i]);
	memory_free(body.rows);
	lines_done(&body.head);
}

void body_print(struct printing *printing)
{
	for (int i = 0; i < printing->bands->count; i++)
		print_band(printing, i);
}
