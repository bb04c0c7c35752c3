/* Texts that say nothing: what the workbook exported itself, blank forms, forms of sheets that there are not. What
 * they would change is taken back. */
#include "session/importer.h"

/* A control figure that stands would give way to what the program computes itself. */
static bool restates(const struct importer *importer, const struct operation *operation)
{
	struct value stated = {.number = operation->new_entry.number, .figures = 1, .rounded = 1}, computed;
	const struct row *row;

	if (operation->kind != OPERATION_CONTROL || operation->old_entry.blank || operation->new_entry.blank)
		return false;
	row = workbook_row_find(importer->workbook, operation->table, operation->key);
	if (row == NULL)
		return false;
	stated.slack = form_unit_step(&importer->trial->pack->tables[operation->table]->leaves[operation->leaf]->unit);
	computed = workbook_value(importer->workbook, row, operation->leaf);
	stated.type = computed.type;
	return value_judge(&stated, &computed).state != VERDICT_FAILS;
}

/* The text says nothing that the workbook does not say itself: what the workbook exported comes back. Control
 * figures that differ from what is computed were put there by somebody, and stay. */
static bool is_own_export(const struct importer *importer)
{
	const struct change_group *open = &importer->trial->open;

	for (size_t i = importer->first_operation; i < open->count; i++)
		if (!restates(importer, &open->operations[i]))
			return false;
	return open->count > importer->first_operation;
}

/* A blank form comes back, or a file of nothing but names; to empty a table by it, that has to be said. */
static bool is_blank_form(const struct importer *importer)
{
	const struct import_part *part = importer->part;
	size_t clears = 0;

	if (importer->says_something || importer->place != NULL || importer->work->settings.replace || part->table < 0)
		return false;
	for (size_t i = 0; i < part->cell_count; i++) {
		if (part->cells[i].effect != IMPORT_CLEAR && part->cells[i].effect != IMPORT_NONE)
			return false;
		clears += part->cells[i].effect == IMPORT_CLEAR;
	}
	return clears > 0 && clears == importer->trial->open.count - importer->first_operation;
}

/* The table stays as it is. */
static void take_back(struct importer *importer)
{
	struct import_part *part = importer->part;

	importer->work->origin_count = importer->first_operation;
	for (size_t i = 0; i < part->cell_count; i++)
		if (part->cells[i].change != IMPORT_NO_CHANGE) {
			part->cells[i].effect = IMPORT_NONE;
			part->cells[i].change = IMPORT_NO_CHANGE;
		}
	session_end(importer->trial, false);
}

void import_conclude(struct importer *importer)
{
	size_t count = importer->trial->open.count - importer->first_operation;

	if (importer->has_no_sheet) {
		take_back(importer);
		import_refuse_sheet(importer);
	} else if (is_own_export(importer)) {
		import_note(importer, IMPORT_IS_NOTE, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
			    _("文件里的数就是表里的数，合计就是算得的数；有 %zu 个控制数与合计不同，留着没有动。"), count);
		take_back(importer);
	} else if (is_blank_form(importer)) {
		import_note(importer, IMPORT_IS_NOTE, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
			    _("文件里一个数也没有填，表里的 %zu 处没有清除；要清除，请用替换（--replace）。"), count);
		take_back(importer);
	} else {
		session_end(importer->trial, true);
	}
}
