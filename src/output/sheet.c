/* Check sheets: what a reviewer signs. Each table begins a page and ends with what is wrong with it; the
 * last sheet sums up. */
#include "output/sheet.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "model/finding.h"
#include "output/closing.h"
#include "output/printing.h"

#define WIDTH_LEAST 60
#define WIDTH_MOST 400
#define HEIGHT_LEAST 24
#define HEIGHT_USUAL 60
#define CARD_WIDTH 80 /* a card is no narrower if the paper has as much */

/* ---- Titles. ---- */

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

static void add_title(struct printing *printing)
{
	struct buffer title = {0};

	buffer_add(&title, printing->grid->title);
	if (printing->begun)
		buffer_add(&title, _("（续）"));
	add_centred(printing->pages, buffer_text(&title), printing->measure);
	pages_add(printing->pages, "");
	add_three(printing->pages, printing->grid->line, printing->measure);
	buffer_done(&title);
	printing->begun = true;
}

void printing_begin_page(struct printing *printing)
{
	pages_break(printing->pages);
	add_title(printing);
}

/* ---- Marks. ---- */

const struct finding *printing_worst(const struct printing *printing, const struct row *row, int leaf,
				     const struct finding *known)
{
	const struct finding *found;

	if (row == NULL || printing->grid->blank || workbook_cell_findings(printing->grid->workbook, row, leaf, &found, 1) == 0)
		return known;
	return known == NULL || found->severity < known->severity ? found : known;
}

const char *printing_mark(const struct finding *finding)
{
	return finding != NULL ? finding_severity_sign(finding->severity) : " ";
}

/* ---- Below the body. ---- */

static void print_wrapped(struct printing *printing, const char *first, const char *text)
{
	struct lines lines = {0};

	lines_wrap(&lines, first, text, printing->measure);
	if (pages_room(printing->pages) < (int)lines.count)
		printing_begin_page(printing);
	pages_add_lines(printing->pages, &lines);
	lines_done(&lines);
}

/* Is it printed below this sheet? What is wrong with the table as a whole is, below the last. */
static bool is_of_sheet(const struct grid *grid, const struct finding *finding)
{
	if (finding->row == NULL)
		return grid->sheet + 1 == grid_count(grid->workbook, grid->table->index);
	return row_sheet(finding->row) == grid->sheet;
}

static void print_findings(struct printing *printing)
{
	const struct grid *grid = printing->grid;
	const struct finding **findings;
	size_t all = workbook_findings(grid->workbook, grid->table->index, &findings), count = 0;
	struct finding_tally tally = {{0}};
	struct buffer text = {0}, first = {0};

	for (size_t i = 0; i < all; i++)
		if (is_of_sheet(grid, findings[i])) {
			tally.count[findings[i]->severity]++;
			findings[count++] = findings[i];
		}
	closing_tally(tally, &text);
	print_wrapped(printing, "", buffer_text(&text));
	for (size_t i = 0; i < count; i++) {
		buffer_clear(&first);
		buffer_clear(&text);
		buffer_format(&first, "%s %zu. ", finding_severity_sign(findings[i]->severity), i + 1);
		finding_text(grid->workbook, findings[i], &text);
		print_wrapped(printing, buffer_text(&first), buffer_text(&text));
	}
	buffer_done(&text);
	buffer_done(&first);
	memory_free(findings);
}

struct printing printing_of(const struct grid *grid, struct pages *pages)
{
	int paper = pages_width(pages), card = grid->field_line_count == 0 ? 0
					       : paper < CARD_WIDTH        ? paper
									   : CARD_WIDTH;
	struct printing printing = {.grid = grid, .bands = bands_new(grid, paper, card), .pages = pages};

	/* The title may be wider than a narrow table. */
	printing.measure = printing.bands->width > WIDTH_LEAST ? printing.bands->width : WIDTH_LEAST;
	if (printing.measure < card)
		printing.measure = card;
	return printing;
}

void printing_done(struct printing *printing)
{
	bands_free(printing->bands);
}

void printing_sheet(struct printing *printing)
{
	pages_break(printing->pages);
	if (printing->grid->field_line_count > 0)
		card_print(printing);
	body_print(printing);
	if (printing->grid->note[0] != '\0')
		print_wrapped(printing, "", printing->grid->note);
}

static void print_sheet(const struct workbook *workbook, int table, size_t sheet, struct pages *pages)
{
	struct grid *grid = grid_new(workbook, table, sheet);
	struct printing printing = printing_of(grid, pages);

	printing_sheet(&printing);
	pages_add(pages, "");
	print_findings(&printing);
	printing_done(&printing);
	grid_free(grid);
}

static void print_table(const struct workbook *workbook, int table, struct pages *pages)
{
	for (size_t sheet = 0; sheet < grid_count(workbook, table); sheet++)
		print_sheet(workbook, table, sheet, pages);
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
		if (table < 0 ? !workbook_is_elsewhere(workbook, i) : table == i)
			print_table(workbook, i, pages);
	if (table < 0)
		closing_print(workbook, settings, pages);
	closing_running_line(workbook, settings, &running);
	pages_write(pages, buffer_text(&running), out);
	buffer_done(&running);
	pages_free(pages);
}
