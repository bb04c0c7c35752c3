/* The head of a card on paper: its printed lines as rows of boxes, each row with columns of its own. Lines
 * of as many cells that follow each other share their columns, so that labels stand above their values. A
 * first cell without a label belongs to the label above it. */
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "output/printing.h"

#define GROUP_MOST 14  /* cells of the first label of a line */
#define LABEL_MOST 14  /* of any other, before what is left is shared out */
#define CELL_LEAST 4
#define VALUE_LEAST 10
#define MARK 1

struct box_row { /* a printed line */
	const struct grid_field_line *line;
	char **texts;       /* of its cells; blanks that only spread a label out are left out */
	int *widths;        /* of its cells, between the rules */
	bool goes_on;       /* the first cell belongs to the one above */
	struct lines lines; /* with their rules at both sides */
};

struct card {
	struct printing *printing;
	struct box_row *rows;
	int count;
	int group; /* width of the first column, 0: no line begins with a label */
};

/* ---- Widths. ---- */

static bool is_figure(const struct card *card, const struct grid_field *cell)
{
	switch (card->printing->grid->table->leaves[cell->leaf]->type) {
	case FORM_MONEY:
	case FORM_COUNT:
	case FORM_NUMBER:
	case FORM_PERCENT:
		return true;
	default:
		return false;
	}
}

static int within(int value, int least, int most)
{
	return value < least ? least : value > most ? most : value;
}

static bool begins_with_label(const struct box_row *row)
{
	return row->line->count > 1 && row->line->cells[0].leaf < 0;
}

static int find_group(const struct card *card)
{
	int width = 0;

	for (int i = 0; i < card->count; i++) {
		int own = text_width(card->rows[i].texts[0]);
		if (begins_with_label(&card->rows[i]) && own > width)
			width = own;
	}
	return width > 0 ? within(width, CELL_LEAST, GROUP_MOST) : 0;
}

static int wanted_width(const struct card *card, const struct box_row *row, int column)
{
	const struct grid_field *cell = &row->line->cells[column];
	int width = text_width(row->texts[column]);

	if (cell->leaf < 0)
		return within(width, CELL_LEAST, LABEL_MOST);
	return is_figure(card, cell) ? within(width + MARK, VALUE_LEAST, LABEL_MOST + MARK) : VALUE_LEAST;
}

/* The widest of the columns from `first` on. */
static int find_widest(const int *widths, int first, int count)
{
	int widest = first;

	for (int i = first; i < count; i++)
		if (widths[i] > widths[widest])
			widest = i;
	return widest;
}

static bool has_value(const struct card *card, int from, int to, int column)
{
	for (int i = from; i < to; i++)
		if (card->rows[i].line->cells[column].leaf >= 0)
			return true;
	return false;
}

/* What is left goes to the columns of values, evenly; where there are none, to the last column. */
static void share_out(const struct card *card, int from, int to, int first, int spare)
{
	int count = card->rows[from].line->count, values = 0, last = count - 1;
	int *widths = card->rows[from].widths;

	for (int i = first; i < count; i++)
		if (has_value(card, from, to, i)) {
			values++;
			last = i;
		}
	for (int i = first; i < count && values > 0; i++)
		if (has_value(card, from, to, i) && i != last) {
			widths[i] += spare / values;
			spare -= spare / values--;
		}
	widths[last] += spare;
}

/* The columns of rows `from` to `to`, which have as many cells. */
static void find_widths(const struct card *card, int from, int to)
{
	int count = card->rows[from].line->count, *widths = card->rows[from].widths, first = 0;
	int spare = card->printing->measure - count - 1;

	if (begins_with_label(&card->rows[from])) {
		widths[0] = card->group;
		first = 1;
	}
	for (int i = first; i < count; i++)
		for (int k = from; k < to; k++) {
			int wanted = wanted_width(card, &card->rows[k], i);
			if (wanted > widths[i])
				widths[i] = wanted;
		}
	for (int i = 0; i < count; i++)
		spare -= widths[i];
	while (spare < 0) {
		int widest = find_widest(widths, first, count);
		if (widths[widest] <= CELL_LEAST)
			break;
		widths[widest]--;
		spare++;
	}
	if (spare > 0)
		share_out(card, from, to, first, spare);
	for (int k = from + 1; k < to; k++)
		memcpy(card->rows[k].widths, widths, (size_t)count * sizeof(*widths));
}

static void find_all_widths(struct card *card)
{
	card->group = find_group(card);
	for (int from = 0, to; from < card->count; from = to) {
		const struct box_row *row = &card->rows[from];
		for (to = from + 1; to < card->count; to++)
			if (card->rows[to].line->count != row->line->count ||
			    begins_with_label(&card->rows[to]) != begins_with_label(row))
				break;
		find_widths(card, from, to);
	}
}

/* ---- Boxes. ---- */

static const char *find_mark(const struct card *card, const struct grid_field *cell)
{
	return printing_mark(
		printing_worst(card->printing, card->printing->grid->fields, cell->leaf, NULL));
}

/* One printed line of one cell; `rest` is what of its text is still to come. */
static void format_cell(const struct card *card, const struct grid_field *cell, int width, const char **rest,
			bool first, struct buffer *out)
{
	const char *next;
	bool value = cell->leaf >= 0;
	int room = width - (value ? MARK : 0);
	size_t length = text_wrap(*rest, room, &next);
	char *part = memory_copy_bytes(*rest, length);

	text_fit(out, part, room, !value ? TEXT_CENTRE : is_figure(card, cell) ? TEXT_RIGHT : TEXT_LEFT);
	if (value)
		buffer_add(out, first ? find_mark(card, cell) : " ");
	memory_free(part);
	*rest = next;
}

static void format_row(const struct card *card, struct box_row *row)
{
	int count = row->line->count;
	const char **rests = memory_new_array((size_t)count + 1, sizeof(*rests));
	bool more = true;

	for (int i = 0; i < count; i++)
		rests[i] = row->texts[i];
	for (bool first = true; more; first = false) {
		struct buffer line = {0};
		more = false;
		buffer_add_byte(&line, '|');
		for (int i = 0; i < count; i++) {
			format_cell(card, &row->line->cells[i], row->widths[i], &rests[i], first, &line);
			buffer_add_byte(&line, '|');
			more = more || rests[i][0] != '\0';
		}
		lines_take(&row->lines, &line);
	}
	memory_free(rests);
}

/* Puts a corner into `rule` at every upright line of the row; NULL: none. */
static void mark_corners(const struct box_row *row, char *rule, int width)
{
	int x = 0;

	for (int i = 0; row != NULL && i < row->line->count; i++) {
		x += row->widths[i] + 1;
		if (x < width)
			rule[x] = '+';
	}
}

/* The rule between two rows, NULL: none, at the head of a page and the foot. */
static void print_rule(const struct card *card, const struct box_row *above, const struct box_row *below)
{
	int width = card->printing->measure;
	char *rule = memory_new((size_t)width + 1);

	memset(rule, '-', (size_t)width);
	rule[0] = rule[width - 1] = '+';
	mark_corners(above, rule, width);
	mark_corners(below, rule, width);
	if (above != NULL && below != NULL && below->goes_on) {
		memset(rule, ' ', (size_t)below->widths[0] + 1);
		rule[0] = '|';
	}
	pages_add(card->printing->pages, rule);
	memory_free(rule);
}

/* ---- Pages. ---- */

static size_t page_room(const struct card *card)
{
	int room = pages_room(card->printing->pages);

	return room > 0 ? (size_t)room : 0;
}

static void print_row(const struct card *card, int index)
{
	const struct box_row *row = &card->rows[index], *above = index > 0 ? row - 1 : NULL;
	size_t capacity = (size_t)pages_capacity(card->printing->pages) - TITLE_LINES - 1;
	size_t needed = row->lines.count + 2;

	/* A row is not broken unless no page can hold it. */
	if (above != NULL && needed > page_room(card) &&
	    (needed <= capacity || page_room(card) < TITLE_LINES)) {
		print_rule(card, above, NULL);
		printing_begin_page(card->printing);
		above = NULL;
	}
	print_rule(card, above, row);
	for (size_t i = 0; i < row->lines.count; i++) {
		if (page_room(card) < 2) {
			print_rule(card, row, NULL);
			printing_begin_page(card->printing);
			print_rule(card, NULL, row);
		}
		pages_add(card->printing->pages, row->lines.items[i]);
	}
}

static void begin_row(struct box_row *row, const struct grid_field_line *line, bool first)
{
	row->line = line;
	row->texts = memory_new_array((size_t)line->count + 1, sizeof(*row->texts));
	row->widths = memory_new_array((size_t)line->count + 1, sizeof(*row->widths));
	for (int i = 0; i < line->count; i++) {
		struct buffer text = {0};
		buffer_add(&text, "");
		if (line->cells[i].leaf < 0)
			text_squeeze(&text, line->cells[i].text);
		else
			buffer_add(&text, line->cells[i].text);
		row->texts[i] = buffer_take(&text);
	}
	row->goes_on = !first && begins_with_label(row) && begins_with_label(row - 1) &&
		       row->texts[0][0] == '\0';
}

static void end_row(struct box_row *row)
{
	for (int i = 0; i < row->line->count; i++)
		memory_free(row->texts[i]);
	memory_free(row->texts);
	memory_free(row->widths);
	lines_done(&row->lines);
}

void card_print(struct printing *printing)
{
	const struct grid *grid = printing->grid;
	struct card card = {.printing = printing, .count = grid->field_line_count};

	card.rows = memory_new_array((size_t)card.count, sizeof(*card.rows));
	for (int i = 0; i < card.count; i++)
		begin_row(&card.rows[i], &grid->field_lines[i], i == 0);
	find_all_widths(&card);
	printing_begin_page(printing);
	for (int i = 0; i < card.count; i++) {
		format_row(&card, &card.rows[i]);
		print_row(&card, i);
	}
	print_rule(&card, &card.rows[card.count - 1], NULL);
	for (int i = 0; i < card.count; i++)
		end_row(&card.rows[i]);
	memory_free(card.rows);
}
