/* Free rows of the table screen: rows that are entries of a list. */
#include <stdio.h>
#include <string.h>

#include "tui/table.h"

/* The entry that owns the rows of this sheet; 0: none. */
static int owner_of(const struct table_screen *table)
{
	const struct workbook *workbook = tui_workbook(table->screen.tui);
	const struct form_table *form = table_form(table);
	const struct entry_node *entry = workbook_sheet_entry(workbook, table->table, table->sheet);

	return entry != NULL && workbook_pack(workbook)->lists[form->list].owner == form->each
		       ? entry_id(entry)
		       : 0;
}

/* The entry whose row the cursor is on; else, on the empty line, that of the last such row. NULL: none. */
static const struct row *row_before(const struct table_screen *table)
{
	size_t line = table->line < table_lines(table) ? table->line + 1 : table_lines(table);
	int leaf = table_is_in_fields(table) ? table->grid_leaf : table->leaf;

	while (line > 0) {
		const struct row *row = table_row(table, --line, leaf);
		if (row != NULL && row_entry(row) != NULL)
			return row;
	}
	return NULL;
}

/* `once` columns before the cursor's go on as above: what is equal there is not printed again. */
static enum status repeat_above(struct table_screen *table, const char *above, const char *key,
				struct diag_list *diags)
{
	struct session *session = table->screen.tui->session;
	const struct form_table *form = table_form(table);
	int last = table_is_at_empty_line(table) ? table->leaf : form->leaf_count;
	enum status status = STATUS_OK;

	for (int leaf = table_first_leaf(form); leaf < last && status == STATUS_OK; leaf++) {
		const struct row *row =
			workbook_row_find(tui_workbook(table->screen.tui), table->table, above);
		struct buffer text = {0};
		if (!form->leaves[leaf]->once || !table_is_words(form->leaves[leaf]) || row == NULL)
			continue;
		session_cell_text(session, row, leaf, NULL, &text);
		status = session_enter(session, table->table, key, leaf, buffer_text(&text), NULL, false,
				       diags);
		buffer_done(&text);
	}
	return status;
}

bool table_new_entry(struct table_screen *table, char key[SESSION_KEY_SIZE], struct diag_list *diags)
{
	struct session *session = table->screen.tui->session;
	const struct row *before = row_before(table);
	char above[SESSION_KEY_SIZE] = "";
	enum status status;

	if (before != NULL)
		snprintf(above, sizeof(above), "%s", row_key(before));
	status = session_entry_add(session, table_form(table)->list, owner_of(table), above, "", "", key,
				   diags);
	if (status == STATUS_OK && above[0] != '\0')
		status = repeat_above(table, above, key, diags);
	return status == STATUS_OK;
}

void table_add_entry(struct table_screen *table)
{
	struct tui *tui = table->screen.tui;
	char key[SESSION_KEY_SIZE] = "";
	struct diag_list diags = {0};
	bool done;

	session_begin(tui->session, _("加行"));
	done = table_new_entry(table, key, &diags);
	session_end(tui->session, done);
	if (done) {
		table_go_to_key(table, key, -1);
		table->leaf = table_first_leaf(table_form(table)) - 1;
		for (size_t line = table->line; table->leaf < table_form(table)->leaf_count - 1;) {
			const struct form_rule *rule = table_rule(table, line, ++table->leaf);
			if (rule != NULL && rule->kind == FORM_ENTERED)
				break;
		}
	}
	tui_say_diags(tui, &diags, NULL);
	diag_list_done(&diags);
}

void table_move_entry(struct table_screen *table, int step)
{
	struct tui *tui = table->screen.tui;
	const struct row *row = table_row(table, table->line, table->leaf);
	char key[SESSION_KEY_SIZE];
	struct diag_list diags = {0};

	if (table_is_in_fields(table) || row == NULL || row_entry(row) == NULL) {
		tui_say(tui, "%s", _("只有自己加的行能移动。"));
		return;
	}
	snprintf(key, sizeof(key), "%s", row_key(row));
	if (session_entry_move(tui->session, entry_id(row_entry(row)), step, &diags) == STATUS_OK)
		table_go_to_key(table, key, table->leaf);
	tui_say_diags(tui, &diags, NULL);
	diag_list_done(&diags);
}
