/* Which screens a table is shown on: a table of cards, or of sheets, has a list of them before it. */
#include "tui/dialogs.h"

/* A list is only in the way where there is one sheet, and that is none of the clerk's making. */
static bool opens_directly(const struct tui *tui, int table)
{
	const struct form_table *form = workbook_pack(tui_workbook(tui))->tables[table];

	return form->each < 0 ||
	       (form->fields_class < 0 && workbook_sheet_count(tui_workbook(tui), table) == 1);
}

void table_run(struct tui *tui, int table, const struct session_place *place)
{
	bool has_place = place != NULL && workbook_sheet_count(tui_workbook(tui), table) > 0;

	while (table >= 0 && !tui->is_over) {
		if (has_place || opens_directly(tui, table))
			table = table_open(tui, table, 0, has_place ? place : NULL);
		else
			table = cards_run(tui, table);
		has_place = false;
	}
}
