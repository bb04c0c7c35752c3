/* Check sheets: what a reviewer signs. Each table begins a page and ends with what is wrong with it; the
 * last sheet sums up. */
#include "output/sheet.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "model/finding.h"
#include "output/band.h"
#include "output/closing.h"
#include "output/head.h"
#include "output/page.h"

#define WIDTH_LEAST 60
#define WIDTH_MOST 400
#define HEIGHT_LEAST 24
#define HEIGHT_USUAL 60
#define TITLE_LINES 3   /* of a title that is one line long */
#define BAND_LINES 3    /* a blank line, which band it is, the rule below */
#define ROWS_TOGETHER 3 /* a head is not printed at the foot of a page for fewer rows than this */

struct sheet { /* one table being printed */
	const struct workbook *workbook;
	const struct grid *grid;
	const struct bands *bands;
	struct pages *pages;
	int measure; /* cells of the widest band: titles and notes keep to it */
	int band;
	bool begun; /* the title stands on an earlier page */
};

/* ---- Titles and heads. ---- */

/* Left, middle and right on one line, or one below the other where they do not fit. */
static void add_three(struct pages *pages, char *const line[3], int width)
{
	int left = text_width(line[0]), middle = text_width(line[1]), right = text_width(line[2]);
	int start = (width - middle) / 2;
	struct buffer out = {0};

	if (left + middle + right == 0)
		return;
	if (left >= start || start + middle >= width - right) {
		for (int i = 0; i < 3; i++)
			if (line[i][0] != '\0')
				pages_add(pages, line[i]);
		return;
	}
	text_fit(&out, line[0], start, TEXT_LEFT);
	buffer_add(&out, line[1]);
	text_fit(&out, line[2], width - start - middle, TEXT_RIGHT);
	pages_add(pages, buffer_text(&out));
	buffer_done(&out);
}

static void add_centred(struct pages *pages, const char *text, int width)
{
	while (*text != '\0') {
		struct buffer line = {0};
		const char *next;
		size_t length = text_wrap(text, width, &next);
		char *part = memory_copy_bytes(text, length);
		text_fit(&line, part, width, TEXT_CENTRE);
		pages_add(pages, buffer_text(&line));
		buffer_done(&line);
		memory_free(part);
		text = next;
	}
}

static void add_title(struct sheet *sheet)
{
	struct buffer title = {0};

	buffer_add(&title, sheet->grid->title);
	if (sheet->begun)
		buffer_add(&title, _("（续）"));
	add_centred(sheet->pages, buffer_text(&title), sheet->measure);
	pages_add(sheet->pages, "");
	add_three(sheet->pages, sheet->grid->line, sheet->measure);
	buffer_done(&title);
	sheet->begun = true;
}

/* Which part of the columns this is, where there are several. */
static void add_band_line(struct sheet *sheet)
{
	struct buffer line = {0};

	if (sheet->bands->count < 2)
		return;
	buffer_format(&line, _("第 %d 段栏目，共 %d 段"), sheet->band + 1, sheet->bands->count);
	pages_add(sheet->pages, buffer_text(&line));
	buffer_done(&line);
}

static void add_head(struct sheet *sheet, const struct lines *head, bool new_page)
{
	if (new_page) {
		pages_break(sheet->pages);
		add_title(sheet);
	}
	add_band_line(sheet);
	pages_add_lines(sheet->pages, head);
}

/* ---- The body. ---- */

struct cell_flow { /* a cell's text as it runs down its column */
	const char *rest;
	int indent;
	bool right;
};

static const struct finding *worst(const struct sheet *sheet, const struct row *row, int leaf,
				   const struct finding *known)
{
	const struct finding *found;

	if (row == NULL || workbook_cell_findings(sheet->workbook, row, leaf, &found, 1) == 0)
		return known;
	return known == NULL || found->severity < known->severity ? found : known;
}

/* What is wrong with a figure stands behind it; what is wrong with the row as such, its code or its name,
 * before its ordinal. */
static const char *find_mark(const struct sheet *sheet, const struct grid_row *row,
			     const struct band_column *column)
{
	const struct form_table *table = sheet->grid->table;
	const struct finding *found = NULL;
	int block = table->leaves[column->leaf]->block;

	if (!column->label) {
		found = worst(sheet, row->rows[block < 0 ? 0 : block], column->leaf, NULL);
		return found != NULL ? finding_severity_sign(found->severity) : " ";
	}
	if (table->leaves[column->leaf]->type != FORM_ORDINAL)
		return "";
	for (int i = 0; i < table->block_count; i++) {
		found = worst(sheet, row->rows[i], -1, found);
		found = worst(sheet, row->rows[i], column->leaf, found);
		for (int leaf = 0; leaf < table->leaf_count; leaf++)
			if (leaf == table->blocks[i].code_leaf || leaf == table->blocks[i].caption_leaf)
				found = worst(sheet, row->rows[i], leaf, found);
	}
	return found != NULL ? finding_severity_sign(found->severity) : " ";
}

static struct cell_flow begin_cell(const struct form_column *leaf, const struct band_column *column,
				   const char *text)
{
	struct cell_flow flow = {.rest = text, .right = column->figure || leaf->type == FORM_ORDINAL};

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

static void format_row(const struct sheet *sheet, const struct band *band, const struct grid_row *row,
		       struct cell_flow *flows, struct lines *out)
{
	bool more = true;

	for (int i = 0; i < band->count; i++)
		flows[i] = begin_cell(sheet->grid->table->leaves[band->columns[i].leaf], &band->columns[i],
				      row->cells[band->columns[i].leaf]);
	for (bool first = true; more; first = false) {
		struct buffer line = {0};
		more = false;
		buffer_add_byte(&line, '|');
		for (int i = 0; i < band->count; i++) {
			const struct band_column *column = &band->columns[i];
			const char *mark = find_mark(sheet, row, column);
			int width = column->width - (int)strlen(mark);
			if (column->label)
				buffer_add(&line, first || mark[0] == '\0' ? mark : " ");
			add_cell_line(&flows[i], width, &line);
			if (!column->label)
				buffer_add(&line, first ? mark : " ");
			buffer_add_byte(&line, '|');
			more = more || flows[i].rest[0] != '\0';
		}
		lines_take(out, &line);
	}
}

static void print_rule(struct sheet *sheet, const struct band *band)
{
	struct buffer rule = {0};

	head_rule(band, &rule);
	pages_add(sheet->pages, buffer_text(&rule));
	buffer_done(&rule);
}

/* In a band of one block, lines on which only the other block has a row are left out. */
static bool is_in_band(const struct sheet *sheet, const struct band *band, const struct grid_row *row)
{
	if (row->rows[0] == NULL && row->rows[1] == NULL)
		return true;
	for (int i = 0; i < band->count; i++) {
		int block = sheet->grid->table->leaves[band->columns[i].leaf]->block;
		if (block >= 0 && row->rows[block] != NULL)
			return true;
	}
	return false;
}

/* A band that would fit on a page by itself is not begun at the foot of another. */
static bool begins_page(const struct sheet *sheet, size_t head, size_t body)
{
	size_t room = pages_room(sheet->pages) > 0 ? (size_t)pages_room(sheet->pages) : 0;
	size_t needed = head + body + BAND_LINES;

	if (!sheet->begun)
		return true;
	return needed > room && (needed <= (size_t)pages_capacity(sheet->pages) - TITLE_LINES ||
				 room < head + BAND_LINES + ROWS_TOGETHER);
}

static void print_rows(struct sheet *sheet, const struct band *band, const struct lines *head,
		       const struct lines *rows, size_t count)
{
	int on_page = 0; /* rows below the head on this page */

	for (size_t i = 0; i < count; i++) {
		if (on_page > 0 && pages_room(sheet->pages) < (int)rows[i].count + 1) {
			print_rule(sheet, band);
			add_head(sheet, head, true);
			on_page = 0;
		}
		pages_add_lines(sheet->pages, &rows[i]);
		on_page++;
	}
	print_rule(sheet, band);
}

static void print_band(struct sheet *sheet)
{
	const struct band *band = &sheet->bands->items[sheet->band];
	struct cell_flow *flows = memory_new_array((size_t)band->count, sizeof(*flows));
	struct lines head = {0}, *rows = memory_new_array(sheet->grid->row_count + 1, sizeof(*rows));
	size_t count = 0, height = 0;
	bool new_page;

	head_draw(sheet->workbook, sheet->grid->table, band, &head);
	for (size_t i = 0; i < sheet->grid->row_count; i++)
		if (is_in_band(sheet, band, &sheet->grid->rows[i])) {
			format_row(sheet, band, &sheet->grid->rows[i], flows, &rows[count]);
			height += rows[count++].count;
		}
	new_page = begins_page(sheet, head.count, height);
	if (!new_page)
		pages_add(sheet->pages, "");
	add_head(sheet, &head, new_page);
	print_rows(sheet, band, &head, rows, count);
	for (size_t i = 0; i < count; i++)
		lines_done(&rows[i]);
	memory_free(rows);
	lines_done(&head);
	memory_free(flows);
}

/* ---- Below the body. ---- */

static void print_wrapped(struct sheet *sheet, const char *first, const char *text)
{
	struct lines lines = {0};

	lines_wrap(&lines, first, text, sheet->measure);
	if (pages_room(sheet->pages) < (int)lines.count) {
		pages_break(sheet->pages);
		add_title(sheet);
	}
	pages_add_lines(sheet->pages, &lines);
	lines_done(&lines);
}

static void print_findings(struct sheet *sheet)
{
	const struct finding **findings;
	size_t count = workbook_findings(sheet->workbook, sheet->grid->table->index, &findings);
	struct buffer text = {0}, first = {0};

	closing_tally(workbook_tally(sheet->workbook, sheet->grid->table->index), &text);
	print_wrapped(sheet, "", buffer_text(&text));
	for (size_t i = 0; i < count; i++) {
		buffer_clear(&first);
		buffer_clear(&text);
		buffer_format(&first, "%s %zu. ", finding_severity_sign(findings[i]->severity), i + 1);
		finding_text(sheet->workbook, findings[i], &text);
		print_wrapped(sheet, buffer_text(&first), buffer_text(&text));
	}
	buffer_done(&text);
	buffer_done(&first);
	memory_free(findings);
}

static void print_table(const struct workbook *workbook, int table, struct pages *pages)
{
	struct grid *grid = grid_new(workbook, table);
	struct bands *bands = bands_new(grid, pages_width(pages));
	struct sheet sheet = {.workbook = workbook, .grid = grid, .bands = bands, .pages = pages};

	/* The title may be wider than a narrow table. */
	sheet.measure = bands->width > WIDTH_LEAST ? bands->width : WIDTH_LEAST;
	for (sheet.band = 0; sheet.band < bands->count; sheet.band++)
		print_band(&sheet);
	if (grid->note[0] != '\0')
		print_wrapped(&sheet, "", grid->note);
	pages_add(pages, "");
	print_findings(&sheet);
	bands_free(bands);
	grid_free(grid);
}

static int within(int value, int least, int most)
{
	return value < least ? least : value > most ? most : value;
}

void sheet_format(const struct workbook *workbook, int table, const struct sheet_settings *settings,
		  struct buffer *out)
{
	int width = within(settings->width, WIDTH_LEAST, WIDTH_MOST);
	int height = settings->height > 0 ? settings->height : HEIGHT_USUAL;
	struct pages *pages = pages_new(width, height < HEIGHT_LEAST ? HEIGHT_LEAST : height);
	struct buffer running = {0};

	for (int i = 0; i < workbook_pack(workbook)->table_count; i++)
		if (table < 0 || table == i) {
			pages_break(pages);
			print_table(workbook, i, pages);
		}
	if (table < 0)
		closing_print(workbook, settings, pages);
	closing_running_line(workbook, settings, &running);
	pages_write(pages, buffer_text(&running), out);
	buffer_done(&running);
	pages_free(pages);
}
