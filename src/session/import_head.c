/* Which rows of an imported text are its head, which are rows of the table, and what stands around them. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/importer.h"

#define HEAD_SEARCH 40 /* rows in which a head is looked for */
#define HEAD_LINES 8

/* ---- one row ---- */

struct look { size_t filled, figures, captions; };

static struct look look_at(const struct importer *importer, size_t row)
{
	struct look look = {0};

	for (size_t i = 0; i < importer->text->rows[row].count; i++) {
		const char *cell = import_raw(importer, row, i);

		if (*cell == '\0')
			continue;
		bool caption = import_is_caption(importer, cell, false); /* of a column, though it be called 2026 or （1） */
		look.filled++;
		look.captions += caption;
		look.figures += !caption && import_is_figure(cell);
	}
	return look;
}

static size_t grid_leaves(const struct form_table *form)
{
	return (size_t)(form->leaf_count - import_first_leaf(form));
}

/* Captions of columns, and hardly anything else. One alone is enough where there are hardly more, or where a
 * block was copied. */
static bool is_head(const struct importer *importer, size_t row)
{
	struct look look = look_at(importer, row);

	if (look.figures > 0 || look.captions == 0 || look.captions * 2 < look.filled)
		return false;
	return look.captions >= 2 ||
	       (look.captions == look.filled && (importer->place != NULL || grid_leaves(importer->form) <= 2));
}

/* All that it holds are captions of groups: the line above the captions of the columns. */
static bool is_group_line(const struct importer *importer, size_t row)
{
	size_t filled = 0;

	for (size_t i = 0; i < importer->text->rows[row].count; i++) {
		const char *cell = import_raw(importer, row, i);

		filled += *cell != '\0';
		if (*cell != '\0' && !import_is_caption(importer, cell, true))
			return false;
	}
	return filled > 0;
}

/* True if, with this row, the captions of its columns are paths that the table has, and some are longer by it. */
static bool goes_on(const struct importer *importer, size_t row)
{
	bool deeper = false;

	for (size_t i = 0; i < importer->text->rows[row].count; i++) {
		size_t parts;

		if (*import_raw(importer, row, i) == '\0')
			continue;
		if (!import_path_is_known(importer, i, importer->head, row + 1, &parts))
			return false;
		deeper = deeper || parts > 1;
	}
	return deeper;
}

static bool is_sign_column(const char *cell)
{
	static const char *const signs[] = {"甲", "乙", "丙", "丁", "戊"};

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (strcmp(cell, signs[i]) == 0)
			return true;
	return strspn(cell, "*") == strlen(cell);
}

/* The row of column numbers: 栏次 1 2 3, or 甲 乙 1 2 3, or ** ** 1 2 3. */
static bool is_number_line(const struct importer *importer, size_t row)
{
	const char *label = importer->form->numbers;
	size_t filled = 0, numbers = 0;

	for (size_t i = 0; i < importer->text->rows[row].count; i++) {
		const char *cell = import_raw(importer, row, i);

		if (*cell == '\0')
			continue;
		if (filled++ == 0 && label != NULL && import_same_name(cell, label))
			return true;
		if (strspn(cell, "0123456789") == strlen(cell) && strlen(cell) < 4 &&
		    (numbers == 0 ? atoi(cell) <= 3 : atoi(cell) == (int)numbers + 1))
			numbers = (size_t)atoi(cell);
		else if (numbers > 0 || !is_sign_column(cell))
			return false;
	}
	return filled >= 3 && numbers >= 2;
}

/* ---- what stands above and below ---- */

static void note_unit(struct importer *importer, size_t row, size_t column, const struct form_unit *unit)
{
	const struct form_unit *asked = importer->work->settings.unit;

	if (unit == NULL && asked == NULL) {
		import_note(importer, IMPORT_IS_PROBLEM, row, column,
			    _("不认识“%s”的计量单位：请用 --unit 说明是元还是万元。"),
			    import_raw(importer, row, column));
	} else if (asked != NULL && (unit == NULL || unit->power != asked->power)) {
		import_note(importer, IMPORT_IS_WARNING, row, column, _("文件里写着“%s”，按您说的%s读。"),
			    import_raw(importer, row, column), asked->name);
	} else if (asked == NULL && importer->unit == NULL) {
		importer->unit = unit;
		if (strcmp(unit->name, importer->form->unit.name) != 0)
			import_note(importer, IMPORT_IS_NOTE, row, column, _("金额按文件里写的单位“%s”读。"),
				    unit->name);
	}
}

static bool has_money(const struct form_table *form)
{
	for (int i = 0; i < form->leaf_count; i++)
		if (form->leaves[i]->type == FORM_MONEY)
			return true;
	return false;
}

bool import_read_surroundings(struct importer *importer, size_t row)
{
	bool said = false;

	for (size_t i = 0; i < importer->text->rows[row].count; i++) {
		const struct form_unit *unit;

		if (!import_unit_in(import_raw(importer, row, i), false, &unit))
			continue;
		said = true;
		if (has_money(importer->form))
			note_unit(importer, row, i, unit);
	}
	return said;
}

static bool is_title(const struct importer *importer, size_t row)
{
	struct buffer title = {0};
	size_t first;
	bool is_title;

	if (import_filled(importer, row, &first) != 1)
		return false;
	workbook_sheet_expand(importer->workbook, importer->form->index, importer->sheet, importer->form->title,
			      &title);
	is_title = import_same_name(import_raw(importer, row, first), buffer_text(&title));
	buffer_done(&title);
	return is_title;
}

/* Below the table stand notes and signatures. */
static void leave_out_remarks(struct importer *importer)
{
	for (; importer->end > importer->body; importer->end--) {
		size_t row = importer->end - 1, first;

		if (import_is_blank_row(importer, row))
			continue;
		if (import_filled(importer, row, &first) > 4 ||
		    !import_is_remark(import_raw(importer, row, first)) || look_at(importer, row).figures > 0)
			return;
		import_note(importer, IMPORT_IS_NOTE, row, IMPORT_NO_COLUMN, _("表下的说明，跳过了：%s"),
			    import_raw(importer, row, first));
	}
}

bool import_is_head_again(const struct importer *importer, size_t row)
{
	for (size_t head = importer->head; head < importer->head_end; head++) {
		size_t filled = 0, same = 0;

		for (size_t i = 0; i < importer->text->rows[row].count; i++) {
			const char *cell = import_raw(importer, row, i);

			filled += *cell != '\0';
			same += *cell != '\0' && strcmp(cell, import_raw(importer, head, i)) == 0;
		}
		if (filled >= 2 && same == filled)
			return true;
	}
	return false;
}

/* A row above the head; behind the fields of a card, one without a label in front may be what is left of a text.
 * True if it holds something, and is none of the table's. */
static bool pass_over(struct importer *importer, size_t row, bool behind_fields)
{
	size_t first, filled = import_filled(importer, row, &first);

	if (filled == 0 || import_read_surroundings(importer, row))
		return filled > 0;
	if (!behind_fields || first == 0)
		return true;
	import_note(importer, IMPORT_IS_PROBLEM, row, first,
		    _("这一行前面没有栏名，不知道“%s”该放到哪一项：一项有几行的，请并成一格。"),
		    import_raw(importer, row, first));
	return false;
}

/* ---- all of it ---- */

static void find_head(struct importer *importer)
{
	size_t row = importer->body, figures = 0;

	for (; row < importer->end && row < importer->body + HEAD_SEARCH && figures < 2; row++) {
		if (is_head(importer, row))
			break;
		figures = look_at(importer, row).figures;
	}
	if (row >= importer->end || row >= importer->body + HEAD_SEARCH || figures >= 2)
		return;
	importer->head = row;
	importer->head_end = row + 1;
	while (importer->head > importer->body && is_group_line(importer, importer->head - 1))
		importer->head--;
	while (importer->head_end < importer->end && importer->head_end < importer->head + HEAD_LINES &&
	       !import_is_blank_row(importer, importer->head_end) && goes_on(importer, importer->head_end))
		importer->head_end++;
}

void import_find_body(struct importer *importer)
{
	size_t above = importer->body, passed = 0;

	importer->end = importer->text->row_count;
	importer->head = importer->head_end = importer->body;
	find_head(importer);
	if (importer->head < importer->head_end) {
		for (size_t row = above; row < importer->head; row++)
			passed += pass_over(importer, row, above > 0);
		importer->body = importer->head_end;
	} else {
		while (importer->body < importer->end &&
		       (import_is_blank_row(importer, importer->body) || is_title(importer, importer->body) ||
			import_read_surroundings(importer, importer->body)))
			passed += !import_is_blank_row(importer, importer->body++);
	}
	if (passed > 0)
		import_note(importer, IMPORT_IS_NOTE, above, IMPORT_NO_COLUMN,
			    _("从这一行起有 %zu 行在表的上面（标题、单位之类），跳过了。"), passed);
	while (importer->body < importer->end && is_number_line(importer, importer->body))
		importer->body++;
	leave_out_remarks(importer);
}
