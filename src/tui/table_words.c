/* Cells of words: choices are picked from a list, long texts are written on a screen of their own. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/dialogs.h"
#include "tui/table.h"

static const struct form_column *column_of(const struct table_screen *table)
{
	return table_form(table)->leaves[table->leaf];
}

static bool is_open(const struct table_screen *table)
{
	const struct form_rule *rule = table_rule(table, table->line, table->leaf);

	return rule != NULL && rule->kind == FORM_ENTERED;
}

/* What stands in the cell; "" on the empty line. */
static void present_text(const struct table_screen *table, struct buffer *out)
{
	const struct row *row = table_row(table, table->line, table->leaf);

	if (row != NULL)
		session_cell_text(table->screen.tui->session, row, table->leaf, NULL, out);
}

/* A new row with this cell, as one change. */
static bool put_in_new_row(struct table_screen *table, const char *text, struct diag_list *diags)
{
	struct tui *tui = table->screen.tui;
	const struct form_unit *unit = tui_unit(tui, column_of(table));
	char key[SESSION_KEY_SIZE] = "";
	bool done;

	session_begin(tui->session, _("加行"));
	done = table_new_entry(table, key, diags) &&
	       session_enter(tui->session, table->table, key, table->leaf, text, unit, false, diags) ==
		       STATUS_OK;
	session_end(tui->session, done);
	if (done)
		table_go_to_key(table, key, table->leaf);
	return done;
}

bool table_put(struct table_screen *table, const char *text)
{
	struct tui *tui = table->screen.tui;
	const struct form_unit *unit = tui_unit(tui, column_of(table));
	const struct row *row = table_row(table, table->line, table->leaf);
	struct diag_list diags = {0};
	bool done = true;

	if (row != NULL)
		done = session_enter(tui->session, table->table, row_key(row), table->leaf, text, unit, false,
				     &diags) == STATUS_OK;
	else if (table_is_at_empty_line(table) && *text != '\0')
		done = put_in_new_row(table, text, &diags);
	tui_say_diags(tui, &diags, NULL);
	diag_list_done(&diags);
	return done;
}

bool table_pick_choice(struct table_screen *table, const struct keypress *first)
{
	const struct form_column *column = column_of(table);
	struct buffer present = {0};
	int chosen = -1;

	if (column->type != FORM_CHOICE || !is_open(table))
		return false;
	present_text(table, &present);
	for (int i = 0; i < column->choice_count; i++)
		if (strcmp(column->choices[i], buffer_text(&present)) == 0)
			chosen = i;
	buffer_done(&present);
	chosen = pick_run(table->screen.tui, table->cell_row, table->cell_column, column->choices,
			  column->choice_count, chosen, first);
	if (chosen >= 0 && table_put(table, column->choices[chosen]))
		table_next_entered(table);
	return true;
}

bool table_pick_code(struct table_screen *table, const struct keypress *first)
{
	const struct form_column *column = column_of(table);
	struct line wanted = {0};

	if (column->type != FORM_CODE || column->catalogue == NULL || !is_open(table))
		return false;
	if (first->key != ' ')
		(void)line_key(&wanted, first);
	if (lookup_run(table->screen.tui, column->catalogue, -1, -1, &wanted) &&
	    table_put(table, line_text(&wanted)))
		table_next_entered(table);
	line_done(&wanted);
	return true;
}

bool table_is_long_text(const struct table_screen *table)
{
	struct buffer text = {0};
	int cells = 0;
	bool is_long;

	if (column_of(table)->type != FORM_TEXT)
		return false;
	present_text(table, &text);
	if (table_is_in_fields(table) && fields_box(&table->fields, table->leaf) != NULL)
		cells = fields_box(&table->fields, table->leaf)->cells;
	else if (table_layout_column(&table->layout, table->leaf) != NULL)
		cells = table_layout_column(&table->layout, table->leaf)->width;
	is_long = strchr(buffer_text(&text), '\n') != NULL || text_width(buffer_text(&text)) > cells;
	buffer_done(&text);
	return is_long;
}

bool table_edit_text(struct table_screen *table, const struct keypress *first)
{
	const struct form_column *column = column_of(table);
	struct buffer text = {0}, title = {0}, caption = {0};
	const struct row *row = table_row(table, table->line, table->leaf);

	if (column->type != FORM_TEXT || !is_open(table))
		return false;
	present_text(table, &text);
	workbook_expand(tui_workbook(table->screen.tui), table->table, column->caption, &caption);
	text_squeeze(&title, buffer_text(&caption));
	if (row != NULL && row_entry(row) != NULL) {
		buffer_add(&title, "　");
		session_entry_words(table->screen.tui->session, row_entry(row), &title);
	}
	if (text_run(table->screen.tui, buffer_text(&title), &text, first) &&
	    table_put(table, buffer_text(&text)))
		table_next_entered(table);
	buffer_done(&title);
	buffer_done(&caption);
	buffer_done(&text);
	return true;
}
