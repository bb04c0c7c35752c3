#include "tui/live.h"

#include "base/decimal.h"
#include "base/text.h"

#define FIGURE_CELLS 10

static struct value live_value(const struct tui *tui, const struct form_live *live)
{
	const struct workbook *workbook = tui_workbook(tui);
	const struct form_table *table = workbook_pack(workbook)->tables[live->table];
	const char *key = table->coded != NULL ? table->coded->total_name : table->rows[live->class].key;
	const struct row *row = key != NULL ? workbook_row_find(workbook, live->table, key) : NULL;

	return row != NULL ? workbook_value(workbook, row, live->leaf) : (struct value){.blank = true};
}

static const struct form_unit *live_unit(const struct tui *tui, const struct form_live *live)
{
	const struct form_column *column =
		workbook_pack(tui_workbook(tui))->tables[live->table]->leaves[live->leaf];
	const struct form_unit *unit = tui_unit(tui, column);

	return unit != NULL ? unit : &column->unit;
}

/* Figures stand flush right in room of their own, so that a digit that changes moves nothing else. */
static void add_figure(struct buffer *out, const char *label, int64_t number, const struct form_unit *unit,
		       int cells)
{
	struct buffer figure = {0};
	int width;

	decimal_format(&figure, number, unit->power, unit->decimals, unit->commas);
	width = text_width(buffer_text(&figure));
	buffer_add(out, label);
	buffer_add_repeated(out, ' ', width < cells ? (size_t)(cells - width) : 1);
	buffer_add(out, buffer_text(&figure));
	buffer_done(&figure);
}

static void add_totals(const struct tui *tui, struct buffer *out, int cells)
{
	const struct form_pack *pack = workbook_pack(tui_workbook(tui));
	int64_t numbers[2] = {0, 0}, difference;

	for (int i = 0; i < pack->live_count; i++) {
		numbers[i] = live_value(tui, &pack->live[i]).number;
		add_figure(out, pack->live[i].label, numbers[i], live_unit(tui, &pack->live[i]), cells);
		buffer_add(out, " ");
	}
	if (pack->live_count == 2 && decimal_subtract(numbers[0], numbers[1], &difference)) {
		add_figure(out, _("差额"), difference, live_unit(tui, &pack->live[0]), cells);
		buffer_add(out, " ");
	}
}

void live_draw(const struct tui *tui, int row)
{
	static const enum finding_severity shown[] = {FINDING_ERROR, FINDING_ROUNDING, FINDING_WARNING};
	struct finding_tally tally = workbook_tally(tui_workbook(tui), -1);
	struct buffer text = {0};

	/* Where figures are long, the room that keeps them in place is given up. */
	for (int tight = 0; tight < 2 && (tight == 0 || text_width(buffer_text(&text)) > terminal_columns());
	     tight++) {
		buffer_clear(&text);
		buffer_add(&text, " ");
		add_totals(tui, &text, tight ? 0 : FIGURE_CELLS);
		for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
			buffer_format(&text, "%s%-*zu ", finding_severity_label(shown[i]), tight ? 1 : 3,
				      tally.count[shown[i]]);
	}
	terminal_field(row, 0, terminal_columns(), LOOK_BAR, buffer_text(&text));
	buffer_done(&text);
}

void live_text(const struct tui *tui, struct buffer *out)
{
	const struct form_pack *pack = workbook_pack(tui_workbook(tui));

	add_totals(tui, out, 0);
	if (pack->live_count > 0)
		buffer_format(out, "%s ", live_unit(tui, &pack->live[0])->name);
	live_tally_text(tui, -1, out);
}

void live_tally_text(const struct tui *tui, int table, struct buffer *out)
{
	struct finding_tally tally = workbook_tally(tui_workbook(tui), table);

	for (int i = 0; i < FINDING_NOTE; i++)
		if (tally.count[i] > 0)
			buffer_format(out, "%s%s%zu", out->length > 0 ? " " : "",
				      finding_severity_label((enum finding_severity)i), tally.count[i]);
}
