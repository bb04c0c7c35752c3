/* The fields of a card drawn above its grid. */
#include <string.h>

#include "base/text.h"
#include "tui/table.h"

/* A text in a box of several rows; what does not fit is shown to be there. */
static void draw_text(const struct field_place *box, int at, int first, int last, int look, const char *text)
{
	struct buffer line = {0}, fitted = {0};

	for (int i = 0; i < box->rows && *text != '\0'; i++) {
		const char *next;
		size_t length = text_wrap(text, box->cells, &next);
		buffer_clear(&line);
		buffer_clear(&fitted);
		buffer_add_bytes(&line, text, length);
		if (i + 1 == box->rows && *next != '\0') {
			buffer_add(&line, "……");
			text_fit(&fitted, buffer_text(&line), box->cells, TEXT_LEFT);
		}
		if (at + i >= first && at + i <= last)
			terminal_put(at + i, box->column, box->cells, look,
				     fitted.length > 0 ? buffer_text(&fitted) : buffer_text(&line));
		text = next;
	}
	buffer_done(&line);
	buffer_done(&fitted);
}

static void draw_box(struct table_screen *table, const struct field_place *box, int at, int first, int last)
{
	const struct workbook *workbook = tui_workbook(table->screen.tui);
	const struct form_column *column = table_form(table)->leaves[box->leaf];
	const struct row *row = table_fields_row(table);
	bool is_current = box->leaf == table->leaf,
	     is_open = workbook_rule(workbook, row, box->leaf)->kind == FORM_ENTERED;
	int look = is_current ? LOOK_CURSOR : is_open ? LOOK_COMPUTED | LOOK_FIELD : LOOK_COMPUTED;
	bool is_right = column->type == FORM_MONEY || column->type == FORM_COUNT ||
			column->type == FORM_NUMBER || column->type == FORM_PERCENT;
	struct buffer text = {0}, room = {0};
	int used, blanks;

	workbook_cell_text(workbook, row, box->leaf, 0, tui_unit(table->screen.tui, column), &text);
	used = text_width(buffer_text(&text));
	blanks = box->cells > used ? box->cells - used : 0;
	buffer_add_repeated(&room, is_open ? '_' : ' ', (size_t)(is_right || text.length == 0 ? blanks : 0));
	if (at >= first && at <= last)
		terminal_put(at, box->column, box->cells, is_current ? LOOK_CURSOR : LOOK_NORMAL,
			     buffer_text(&room));
	if (is_right && at >= first && at <= last)
		terminal_put(at, box->column + blanks, box->cells, look, buffer_text(&text));
	else if (!is_right)
		draw_text(box, at, first, last, look, buffer_text(&text));
	if (at >= first && at <= last)
		table_draw_sign(table, row, box->leaf, at, box->column + box->cells);
	if (is_current) {
		table->cell_row = at;
		table->cell_column = box->column;
		terminal_cursor(at, box->column);
		if (table->entry != TABLE_ENTRY_NONE)
			line_draw(&table->typed, at, box->column, box->cells, LOOK_ENTERED);
	}
	buffer_done(&text);
	buffer_done(&room);
}

void table_draw_fields(struct table_screen *table, int first)
{
	const struct row *row = table_fields_row(table);
	int last = first + table_field_rows(table) - 1;

	for (size_t i = 0; i < table->fields.count; i++) {
		const struct field_place *place = &table->fields.places[i];
		int at = first + place->row - table->fields.top;
		struct buffer label = {0};
		if (place->leaf >= 0) {
			draw_box(table, place, at, first, last);
		} else if (at >= first && at <= last) {
			fields_label(table->screen.tui, row, place->label, &label);
			terminal_put(at, place->column, place->cells, LOOK_NORMAL, buffer_text(&label));
		}
		buffer_done(&label);
	}
}
