#include "tui/fields.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "tui/table_layout.h"

#define MARGIN 1
#define HANGING 3     /* a line that is too long goes on this far in */
#define MONEY_CELLS 12
#define SHORT_CELLS 7
#define NAME_LEAST 24
#define DATE_CELLS 14
#define CODE_CELLS 24
#define CHOICE_MOST 24
#define TEXT_LEAST 30 /* rather than this, a text begins on a line of its own */
#define TEXT_ROWS 6   /* of a long text; the editor shows it all */

struct layout {
	struct fields *fields;
	const struct tui *tui;
	const struct row *values;
	const struct form_table *form;
	int columns, row, column, height;
};

void fields_done(struct fields *fields)
{
	memory_free(fields->places);
	*fields = (struct fields){0};
}

void fields_label(const struct tui *tui, const struct row *row, const char *label, struct buffer *out)
{
	const struct workbook *workbook = tui_workbook(tui);
	struct buffer expanded = {0};

	workbook_sheet_expand(workbook, row_table(row), row_sheet(row), label, &expanded);
	text_squeeze(out, buffer_text(&expanded));
	buffer_done(&expanded);
}

/* ---- laying out ---- */

static int label_cells(const struct layout *layout, const char *label)
{
	struct buffer text = {0};
	int cells;

	fields_label(layout->tui, layout->values, label, &text);
	cells = text_width(buffer_text(&text));
	buffer_done(&text);
	return cells;
}

static void end_line(struct layout *layout, int indent)
{
	if (layout->column > MARGIN)
		layout->row += layout->height;
	layout->column = indent;
	layout->height = 1;
}

static struct field_place *add_place(struct layout *layout, int cells)
{
	struct fields *fields = layout->fields;
	struct field_place *place;

	array_reserve(&fields->places, &fields->capacity, fields->count, sizeof(*fields->places));
	place = &fields->places[fields->count++];
	*place = (struct field_place){
		.leaf = -1, .row = layout->row, .column = layout->column, .cells = cells, .rows = 1};
	layout->column += cells + 1;
	return place;
}

static int choice_cells(const struct form_column *column)
{
	int cells = SHORT_CELLS;

	for (int i = 0; i < column->choice_count; i++)
		if (text_width(column->choices[i]) > cells)
			cells = text_width(column->choices[i]);
	return cells < CHOICE_MOST ? cells : CHOICE_MOST;
}

/* The cells of a value's box; a text takes all that is left, 0. */
static int box_cells(const struct form_column *column)
{
	switch (column->type) {
	case FORM_MONEY:
	case FORM_NUMBER: return MONEY_CELLS;
	case FORM_COUNT:
	case FORM_PERCENT: return SHORT_CELLS;
	case FORM_DATE: return DATE_CELLS;
	case FORM_CODE: return CODE_CELLS;
	case FORM_CHOICE: return choice_cells(column);
	default: return 0;
	}
}

static int wrapped_rows(const char *text, int cells)
{
	int rows = 0;

	for (const char *next; *text != '\0' && rows < TEXT_ROWS; text = next, rows++)
		text_wrap(text, cells, &next);
	return rows > 1 ? rows : 1;
}

static void add_box(struct layout *layout, int leaf)
{
	const struct form_column *column = layout->form->leaves[leaf];
	int cells = box_cells(column), room = layout->columns - layout->column - 1;
	struct buffer text = {0};
	struct field_place *place;

	place = add_place(layout, cells > 0 && cells < room ? cells : room);
	place->leaf = leaf;
	if (cells == 0) {
		workbook_cell_text(tui_workbook(layout->tui), layout->values, leaf, 0, NULL, &text);
		place->rows = wrapped_rows(buffer_text(&text), place->cells);
	}
	if (place->rows > layout->height)
		layout->height = place->rows;
	buffer_done(&text);
}

/* A label and, with `leaf` >= 0, the box beside it; both on one line. */
static void add_pair(struct layout *layout, const char *label, int leaf)
{
	int wide = label != NULL ? label_cells(layout, label) : 0, box = 0;

	if (leaf >= 0)
		box = box_cells(layout->form->leaves[leaf]);
	if (leaf >= 0 && box == 0)
		box = layout->form->leaves[leaf]->type == FORM_CAPTION ? NAME_LEAST : TEXT_LEAST;
	if (layout->column > MARGIN && layout->column + wide + 1 + box + 1 > layout->columns)
		end_line(layout, HANGING);
	if (wide > 0)
		add_place(layout, wide)->label = label;
	if (leaf >= 0)
		add_box(layout, leaf);
}

static bool has_values(const struct form_field_line *line)
{
	for (int i = 0; i < line->count; i++)
		if (line->cells[i].leaf >= 0)
			return true;
	return false;
}

/* True if the values of `line` stand under their labels in `heads`: on the screen they stand beside them. */
static bool stands_under(const struct form_field_line *heads, const struct form_field_line *line)
{
	if (has_values(heads) || heads->count < 2 || line->count > heads->count)
		return false;
	for (int i = 1; i < line->count; i++)
		if (line->cells[i].leaf < 0)
			return false;
	return true;
}

/* What is printed without a label of its own has one on the screen. */
static void add_labelled(struct layout *layout, const char *label, int leaf)
{
	add_pair(layout, *label != '\0' ? label : layout->form->leaves[leaf]->caption, leaf);
}

static void add_line(struct layout *layout, const struct form_field_line *line)
{
	for (int i = 0; i < line->count; i++) {
		const struct form_field_cell *cell = &line->cells[i];
		bool has_box = cell->leaf < 0 && i + 1 < line->count && line->cells[i + 1].leaf >= 0;

		if (cell->leaf >= 0)
			add_labelled(layout, "", cell->leaf);
		else if (has_box)
			add_labelled(layout, cell->label, line->cells[++i].leaf);
		else
			add_pair(layout, cell->label, -1);
	}
	end_line(layout, MARGIN);
}

static void add_both(struct layout *layout, const struct form_field_line *heads,
		     const struct form_field_line *line)
{
	for (int i = 0; i < heads->count; i++) {
		int leaf = i < line->count ? line->cells[i].leaf : -1;

		add_pair(layout, heads->cells[i].label, leaf);
	}
	end_line(layout, MARGIN);
}

/* Fields that are not printed by themselves: each with its caption. */
static void add_unprinted(struct layout *layout)
{
	for (int leaf = 0; leaf < table_first_leaf(layout->form); leaf++)
		add_pair(layout, layout->form->leaves[leaf]->caption, leaf);
	end_line(layout, MARGIN);
}

void fields_arrange(struct fields *fields, const struct tui *tui, const struct row *row, int columns)
{
	const struct form_table *form = workbook_pack(tui_workbook(tui))->tables[row_table(row)];
	struct layout layout = {fields, tui, row, form, columns, 0, MARGIN, 1};

	fields->count = 0;
	if (form->field_line_count == 0)
		add_unprinted(&layout);
	for (int i = 0; i < form->field_line_count; i++) {
		const struct form_field_line *line = &form->field_lines[i];

		if (i + 1 < form->field_line_count && stands_under(line, line + 1))
			add_both(&layout, line, &form->field_lines[++i]);
		else
			add_line(&layout, line);
	}
	fields->rows = layout.row;
}

const struct field_place *fields_box(const struct fields *fields, int leaf)
{
	for (size_t i = 0; i < fields->count; i++)
		if (leaf >= 0 && fields->places[i].leaf == leaf)
			return &fields->places[i];
	return NULL;
}

void fields_scroll(struct fields *fields, int leaf, int rows)
{
	const struct field_place *box = fields_box(fields, leaf);

	if (fields->top > fields->rows - rows)
		fields->top = fields->rows > rows ? fields->rows - rows : 0;
	if (box == NULL)
		return;
	if (box->row + box->rows > fields->top + rows)
		fields->top = box->row + box->rows - rows;
	if (box->row < fields->top)
		fields->top = box->row;
}

/* ---- moving ---- */

static int neighbour(const struct fields *fields, int leaf, int step)
{
	int found = -1;
	bool passed = leaf < 0;

	for (size_t i = 0; i < fields->count; i++) {
		int other = fields->places[step > 0 ? i : fields->count - 1 - i].leaf;

		if (other >= 0 && passed && found < 0)
			found = other;
		passed = passed || other == leaf;
	}
	return found;
}

int fields_first(const struct fields *fields)
{
	return neighbour(fields, -1, 1);
}

int fields_last(const struct fields *fields)
{
	return neighbour(fields, -1, -1);
}

/* The box on the nearest row above or below that stands closest to the column of `leaf`. */
static int neighbour_row(const struct fields *fields, int leaf, int step)
{
	const struct field_place *from = fields_box(fields, leaf), *best = NULL;

	for (size_t i = 0; from != NULL && i < fields->count; i++) {
		const struct field_place *place = &fields->places[i];
		int distance = (place->row - from->row) * step,
		    least = best != NULL ? (best->row - from->row) * step : 0;

		if (place->leaf < 0 || distance <= 0 || (best != NULL && distance > least))
			continue;
		if (best == NULL || distance < least ||
		    abs(place->column - from->column) < abs(best->column - from->column))
			best = place;
	}
	return best != NULL ? best->leaf : -1;
}

/* The first (step -1) or last box on the row of `leaf`. */
static int end_of_row(const struct fields *fields, int leaf, int step)
{
	const struct field_place *found = fields_box(fields, leaf);

	for (size_t i = 0; found != NULL && i < fields->count; i++) {
		const struct field_place *place = &fields->places[i];

		if (place->leaf >= 0 && place->row == found->row &&
		    (place->column - found->column) * step > 0)
			found = place;
	}
	return found != NULL ? found->leaf : leaf;
}

int fields_step(const struct fields *fields, int leaf, int key)
{
	switch (key) {
	case KEYPRESS_UP: return neighbour_row(fields, leaf, -1);
	case KEYPRESS_DOWN: return neighbour_row(fields, leaf, 1);
	case KEYPRESS_LEFT:
	case KEYPRESS_BACK_TAB: return neighbour(fields, leaf, -1);
	case KEYPRESS_RIGHT:
	case KEYPRESS_TAB: return neighbour(fields, leaf, 1);
	case KEYPRESS_HOME: return end_of_row(fields, leaf, -1);
	case KEYPRESS_END: return end_of_row(fields, leaf, 1);
	default: return -1;
	}
}

int fields_next_entered(const struct fields *fields, const struct tui *tui, const struct row *row, int leaf)
{
	for (leaf = neighbour(fields, leaf, 1); leaf >= 0; leaf = neighbour(fields, leaf, 1))
		if (workbook_rule(tui_workbook(tui), row, leaf)->kind == FORM_ENTERED &&
		    !tui_has_standard(tui, row, leaf))
			break;
	return leaf;
}
