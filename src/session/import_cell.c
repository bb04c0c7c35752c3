/* One cell of the text into one cell of the table: entered, compared, taken as a control figure, or refused. */
#include <string.h>

#include "base/memory.h"
#include "session/importer.h"

struct landing { /* a cell on its way */
	struct importer *importer;
	size_t row, column; /* of the text */
	int leaf;
	const struct row *target;
	const struct form_column *form;
	const struct form_rule *rule;
	const char *text;
};

static void refuse(const struct landing *landing, const char *sentence)
{
	import_refuse_cell(landing->importer, landing->row, landing->column, landing->leaf, "%s", sentence);
}

static const struct form_unit *unit_of(const struct landing *landing)
{
	const struct importer *importer = landing->importer;
	const struct form_unit *unit =
		landing->column < importer->column_count ? importer->columns[landing->column].unit : NULL;

	if (landing->form->type != FORM_MONEY)
		return NULL;
	if (importer->work->settings.unit != NULL || unit == NULL)
		return importer->unit;
	return unit;
}

/* A blank, or what the layout prints for one. */
static bool is_blank_figure(const struct landing *landing)
{
	const char *blank = landing->importer->form->blank;

	return import_is_void(landing->text) || (*blank != '\0' && strcmp(blank, landing->text) == 0);
}

static bool is_zero(const char *text)
{
	return strpbrk(text, "123456789") == NULL && import_is_figure(text);
}

/* Enters `text`, figure or control figure; the cell gets `effect` if that changes something. */
static void enter(const struct landing *landing, const char *text, bool control, enum import_effect effect)
{
	struct importer *importer = landing->importer;
	struct diag_list diags = {0};
	struct import_cell *cell;
	size_t change;

	if (session_enter(importer->trial, importer->form->index, row_key(landing->target), landing->leaf, text,
			  unit_of(landing), control, &diags) != STATUS_OK) {
		refuse(landing, diag_first_error(&diags));
		diag_list_done(&diags);
		return;
	}
	diag_list_done(&diags);
	change = importer->work->origin_count;
	if (import_claim(importer) == 0) {
		change = IMPORT_NO_CHANGE;
		effect = IMPORT_NONE;
	}
	if (effect == IMPORT_NONE && *landing->text == '\0')
		return;
	cell = import_add_cell(importer, landing->row, landing->column, landing->leaf, effect);
	cell->text = landing->text;
	cell->change = change;
}

/* What stands in the cell where nothing was entered is no entry. */
static bool is_standard(const struct landing *landing)
{
	struct importer *importer = landing->importer;
	struct buffer standard = {0};
	bool same;

	if (landing->form->standard == NULL || *landing->text == '\0')
		return false;
	if (*workbook_text(importer->workbook, landing->target, landing->leaf, false) == '\0')
		workbook_cell_text(importer->workbook, landing->target, landing->leaf, 0, NULL, &standard);
	else
		workbook_sheet_expand(importer->workbook, importer->form->index, importer->sheet,
				      landing->form->standard, &standard);
	same = import_same_text(buffer_text(&standard), landing->text);
	buffer_done(&standard);
	return same;
}

/* The cell is the name, or the code, of an entry, which all tables share. */
static bool names_entry(const struct landing *landing)
{
	const struct form_column *form = landing->form;

	return row_entry(landing->target) != NULL &&
	       (form->type == FORM_CAPTION || (form->type == FORM_CODE && form->catalogue == NULL));
}

static const char *entry_text(const struct landing *landing)
{
	const struct entry_node *entry = row_entry(landing->target);

	return landing->form->type == FORM_CODE ? entry_code(entry) : entry_name(entry);
}

static void put_entered(const struct landing *landing)
{
	const char *text = landing->text;
	struct buffer tidy = {0};
	bool words = !session_is_number(landing->form->type), names = names_entry(landing);

	/* An entry does not lose its name because the text does not say it. */
	if (names && (import_is_void(text) || import_same_text(text, entry_text(landing))))
		return;
	if (!words && is_blank_figure(landing))
		text = "";
	if ((landing->form->type == FORM_DATE || landing->form->type == FORM_CHOICE ||
	     landing->form->type == FORM_CODE) &&
	    import_is_void(text))
		text = "";
	if (landing->form->type == FORM_CODE) {
		import_tidy_code(&tidy, text);
		text = buffer_text(&tidy);
	}
	if (words && is_standard(landing))
		text = "";
	landing->importer->says_something = landing->importer->says_something || *text != '\0';
	enter(landing, text, false, names ? IMPORT_NAME : *text == '\0' ? IMPORT_CLEAR : IMPORT_FIGURE);
	buffer_done(&tidy);
}

static void expect_total(const struct landing *landing)
{
	struct import_work *work = landing->importer->work;
	const struct import_part *part = landing->importer->part;

	array_reserve(&work->pending, &work->pending_capacity, work->pending_count, sizeof(*work->pending));
	work->pending[work->pending_count++] = (struct import_pending){
		.part = (size_t)(part - landing->importer->plan->parts),
		.line = landing->importer->line,
		.cell = part->cell_count - 1,
		.unit = unit_of(landing),
	};
}

static void put_total(const struct landing *landing)
{
	struct importer *importer = landing->importer;
	const struct import_settings *settings = &importer->work->settings;
	size_t cells = importer->part->cell_count;
	struct value control;

	if (is_blank_figure(landing)) {
		if (settings->replace &&
		    workbook_control(importer->workbook, landing->target, landing->leaf, &control))
			enter(landing, "", true, IMPORT_CLEAR);
		return;
	}
	importer->says_something = true;
	if (settings->totals == IMPORT_TOTALS_LEAVE) {
		(void)import_add_cell(importer, landing->row, landing->column, landing->leaf, IMPORT_LEFT_OUT);
		return;
	}
	if (settings->totals == IMPORT_TOTALS_CONTROL)
		enter(landing, landing->text, true, IMPORT_CONTROL);
	else
		(void)import_add_cell(importer, landing->row, landing->column, landing->leaf, IMPORT_COMPUTED);
	if (importer->part->cell_count > cells && importer->part->cells[cells].effect != IMPORT_PROBLEM)
		expect_total(landing);
}

/* The row's own name, wherever it stands: 合计 in the column of codes. */
static bool is_row_name(const struct landing *landing)
{
	const char *caption = row_caption(landing->target);

	return caption != NULL && import_same_name(landing->text, caption);
}

/* A cell that is not to be filled may hold what is printed there. */
static void put_closed(const struct landing *landing)
{
	const char *stands = workbook_text(landing->importer->workbook, landing->target, landing->leaf, true);

	if (import_is_void(landing->text) && (*landing->text == '\0' || import_is_void(stands)))
		return;
	if (import_same_text(landing->text, stands) || is_row_name(landing) || (*stands == '\0' && is_zero(landing->text)))
		(void)import_add_cell(landing->importer, landing->row, landing->column, landing->leaf, IMPORT_NONE);
	else if (*stands == '\0')
		refuse(landing, _("这一格不填数。"));
	else
		import_refuse_cell(landing->importer, landing->row, landing->column, landing->leaf,
				   _("这一格印的是“%s”，不能填成“%s”。"), stands, landing->text);
}

/* A label that came along must be the label that stands there. */
static void put_label(const struct landing *landing)
{
	const char *stands = landing->form->type == FORM_CODE ? row_code(landing->target) : row_caption(landing->target);

	if (landing->form->type == FORM_ORDINAL || *landing->text == '\0')
		return;
	if ((stands != NULL && import_same_name(landing->text, stands)) || is_row_name(landing))
		(void)import_add_cell(landing->importer, landing->row, landing->column, landing->leaf, IMPORT_NONE);
	else
		import_refuse_cell(landing->importer, landing->row, landing->column, landing->leaf,
				   _("这一行是“%s”，来的却是“%s”：请核对位置。"), stands != NULL ? stands : "",
				   landing->text);
}

static void put(const struct landing *landing)
{
	switch (landing->rule->kind) {
	case FORM_LABEL:
		put_label(landing);
		break;
	case FORM_NONE:
		if (!import_is_void(landing->text))
			refuse(landing, _("这一栏在这一行没有格。"));
		break;
	case FORM_CLOSED:
		put_closed(landing);
		break;
	case FORM_ENTERED:
		put_entered(landing);
		break;
	case FORM_LINEAR:
	case FORM_EVALUATE:
		put_total(landing);
		break;
	}
}

static bool keeps_blanks(const struct form_column *column)
{
	return column->type == FORM_TEXT || column->type == FORM_MEASURE;
}

void import_put(struct importer *importer, size_t row, size_t column, int leaf, const struct row *target,
		const char *text)
{
	struct landing landing = {
		.importer = importer,
		.row = row,
		.column = column,
		.leaf = leaf,
		.target = target,
		.form = importer->form->leaves[leaf],
		.rule = workbook_rule(importer->workbook, target, leaf),
	};
	struct buffer room = {0};

	landing.text = text != NULL ? text
				    : import_plain(importer, row, column, keeps_blanks(landing.form), &room);
	if (landing.text == NULL)
		import_refuse_cell(importer, row, column, leaf,
				   _("“%s”是公式或它的错误值，不是结果：请在电子表格里改成数值，再另存。"),
				   import_raw(importer, row, column));
	else if (landing.text == buffer_text(&room) && room.length > 0)
		landing.text = import_copy(importer, landing.text);
	if (landing.text != NULL)
		put(&landing);
	buffer_done(&room);
}
