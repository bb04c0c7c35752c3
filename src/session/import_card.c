/* Cards and sheets: which one a text lands in, and the fields that stand above its grid. Fields are found by
 * their labels, wherever these stand in the text: the value is beside its label, or below it where the layout
 * prints labels above. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/likeness.h"
#include "base/memory.h"
#include "session/importer.h"

#define FIELD_ROWS 200 /* of a text, in which fields are looked for */
#define HEADING_ROWS 10
#define HEADING_CELLS 3
#define HEADING_BYTES 400 /* of a cell */

struct spot { size_t row, column; }; /* column IMPORT_NO_COLUMN: not there */

struct card {
	struct importer *importer;
	const struct form_table *form;
	size_t *anchors;      /* of each line of the form: its row of the text, IMPORT_NO_ROW */
	struct spot *values; /* of each field's leaf */
	size_t first, end;    /* rows of the text that hold fields */
};

/* ---- labels ---- */

static const char *label_at(const struct form_table *form, int line, int index)
{
	const struct form_field_line *cells = &form->field_lines[line];

	return line >= 0 && index < cells->count && cells->cells[index].label != NULL ? cells->cells[index].label : "";
}

static size_t find_label(const struct importer *importer, size_t row, const char *label)
{
	for (size_t i = 0; i < importer->text->rows[row].count; i++)
		if (import_same_name(import_raw(importer, row, i), label))
			return i;
	return IMPORT_NO_COLUMN;
}

static bool is_label(const struct form_table *form, const char *text)
{
	for (int line = 0; line < form->field_line_count; line++)
		for (int i = 0; i < form->field_lines[line].count; i++)
			if (*label_at(form, line, i) != '\0' && import_same_name(text, label_at(form, line, i)))
				return true;
	return false;
}

/* How many of the labels of a line stand in a row. */
static int labels_in(const struct importer *importer, size_t row, int line)
{
	int count = 0;

	for (int i = 0; i < importer->form->field_lines[line].count; i++) {
		const char *label = label_at(importer->form, line, i);
		count += *label != '\0' && find_label(importer, row, label) != IMPORT_NO_COLUMN;
	}
	return count;
}

static size_t field_rows_end(const struct importer *importer)
{
	size_t rows = importer->text->row_count;

	return rows < importer->body + FIELD_ROWS ? rows : importer->body + FIELD_ROWS;
}

/* Labels of fields, counted up to two. */
static int count_labels(const struct importer *importer)
{
	const struct form_table *form = importer->form;
	int found = 0;

	for (size_t row = importer->body; row < field_rows_end(importer) && found < 2; row++)
		for (int line = 0; line < form->field_line_count && found < 2; line++)
			found += labels_in(importer, row, line);
	return found;
}

static bool prints_fields(const struct form_table *form)
{
	return form->fields_class >= 0 && form->fields_printed;
}

static bool has_fields(const struct importer *importer)
{
	return prints_fields(importer->form) && (importer->form->block_count == 1 || count_labels(importer) >= 2);
}

bool import_holds_fields(const struct importer *importer)
{
	return prints_fields(importer->form) && count_labels(importer) >= (importer->form->block_count == 1 ? 1 : 2);
}

/* ---- lines and values ---- */

/* The row, from `from` on, that holds labels of the line. */
static size_t find_line(const struct card *card, int line, size_t from)
{
	for (size_t row = from; row < field_rows_end(card->importer); row++)
		if (labels_in(card->importer, row, line) > 0)
			return row;
	return IMPORT_NO_ROW;
}

static bool has_labels(const struct form_table *form, int line)
{
	for (int i = 0; i < form->field_lines[line].count; i++)
		if (*label_at(form, line, i) != '\0')
			return true;
	return false;
}

/* Lines without labels (values below their labels, a text without one) follow the line above them. */
static void find_lines(struct card *card)
{
	size_t next = card->importer->body;

	card->first = card->end = next;
	for (int line = 0; line < card->form->field_line_count; line++) {
		size_t row = has_labels(card->form, line) ? find_line(card, line, next) : IMPORT_NO_ROW;

		if (!has_labels(card->form, line) && line > 0 && card->anchors[line - 1] != IMPORT_NO_ROW &&
		    next < card->importer->text->row_count &&
		    (line + 1 >= card->form->field_line_count || !has_labels(card->form, line + 1) ||
		     labels_in(card->importer, next, line + 1) == 0))
			row = next;
		card->anchors[line] = row;
		if (row == IMPORT_NO_ROW)
			continue;
		if (card->end == card->importer->body)
			card->first = row;
		next = card->end = row + 1;
	}
}

/* The first cell behind `column` that holds something, before the next label; else the one behind it. */
static size_t value_beside(const struct card *card, size_t row, size_t column)
{
	for (size_t i = column + 1; i < card->importer->text->rows[row].count; i++) {
		const char *cell = import_raw(card->importer, row, i);

		if (*cell == '\0')
			continue;
		return is_label(card->form, cell) ? column + 1 : i;
	}
	return column + 1;
}

static struct spot find_value(const struct card *card, int line, int index)
{
	size_t row = card->anchors[line], above = line > 0 ? card->anchors[line - 1] : IMPORT_NO_ROW;
	struct spot place = {row, IMPORT_NO_COLUMN};

	if (row == IMPORT_NO_ROW)
		return place;
	if (index > 0 && *label_at(card->form, line, index - 1) != '\0') {
		size_t label = find_label(card->importer, row, label_at(card->form, line, index - 1));
		if (label != IMPORT_NO_COLUMN)
			place.column = value_beside(card, row, label);
	} else if (line > 0 && *label_at(card->form, line - 1, index) != '\0') {
		if (above != IMPORT_NO_ROW)
			place.column = find_label(card->importer, above, label_at(card->form, line - 1, index));
	} else {
		size_t first = 0;
		place.column = import_filled(card->importer, row, &first) > 0 ? first : (size_t)index;
	}
	return place;
}

static void find_values(struct card *card)
{
	for (int line = 0; line < card->form->field_line_count; line++)
		for (int i = 0; i < card->form->field_lines[line].count; i++) {
			const struct form_field_cell *cell = &card->form->field_lines[line].cells[i];

			if (cell->label == NULL)
				card->values[cell->leaf] = find_value(card, line, i);
		}
}

/* ---- which sheet ---- */

static char *field_text(const struct card *card, int leaf)
{
	struct buffer room = {0};
	const char *text = "";
	char *copy;

	if (card != NULL && leaf >= 0 && card->values[leaf].column != IMPORT_NO_COLUMN)
		text = import_plain(card->importer, card->values[leaf].row, card->values[leaf].column, false, &room);
	copy = memory_copy_string(text != NULL && !import_is_void(text) ? text : "");
	buffer_done(&room);
	return copy;
}

static bool find_sheet_of(struct importer *importer, int id)
{
	size_t count = workbook_sheet_count(importer->workbook, importer->form->index);

	for (importer->sheet = 0; importer->sheet < count; importer->sheet++)
		if (entry_id(workbook_sheet_entry(importer->workbook, importer->form->index, importer->sheet)) == id)
			return true;
	return false;
}

/* As the user named it. */
static bool find_named_card(struct importer *importer)
{
	const char *name = importer->work->settings.card;
	const struct form_table *form = importer->form;
	struct likeness nearest = likeness_to(name);
	char key[SESSION_KEY_SIZE];

	if (session_find_entry_row(importer->trial, form, name, false, key, NULL) == STATUS_OK &&
	    find_sheet_of(importer, session_entry_of_key(key)))
		return true;
	for (size_t i = 0; i < workbook_entry_count(importer->workbook, form->each); i++)
		likeness_offer(&nearest, entry_name(workbook_entry(importer->workbook, form->each, i)));
	if (nearest.best != NULL)
		import_note(importer, IMPORT_IS_PROBLEM, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
			    _("没有%s“%s”，是不是“%s”？"), importer->trial->pack->lists[form->each].name, name,
			    nearest.best);
	else
		import_note(importer, IMPORT_IS_PROBLEM, IMPORT_NO_ROW, IMPORT_NO_COLUMN, _("没有%s“%s”。"),
			    importer->trial->pack->lists[form->each].name, name);
	return false;
}

/* The text says itself whose it is, and that is another one than the user said. */
static bool is_anothers(struct importer *importer, const char *name, const char *code)
{
	const struct entry_node *own = *name != '\0' || *code != '\0'
					       ? import_find_entry(importer, importer->form->each, name, code)
					       : NULL;
	const struct entry_node *said =
		workbook_sheet_entry(importer->workbook, importer->form->index, importer->sheet);

	if (own == NULL || own == said)
		return false;
	import_note(importer, IMPORT_IS_PROBLEM, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
		    _("里面写的是“%s”，要导入的却是“%s”：请核对是哪一张。"), entry_name(own),
		    entry_name(said));
	return true;
}

/* The card that its own fields name; a new one if there is none such. */
static bool find_own_card(struct importer *importer, const char *name, const char *code)
{
	const struct entry_node *entry = import_find_entry(importer, importer->form->each, name, code);
	struct diag_list diags = {0};
	char key[SESSION_KEY_SIZE];
	bool found;

	if (entry != NULL)
		return find_sheet_of(importer, entry_id(entry));
	found = session_entry_add(importer->trial, importer->form->each, 0, "", name, code, key, &diags) == STATUS_OK;
	import_note_diags(importer, IMPORT_NO_ROW, IMPORT_NO_COLUMN, &diags);
	diag_list_done(&diags);
	importer->adds_card = found;
	return found && find_sheet_of(importer, session_entry_of_key(key));
}

static bool has_figure(const struct importer *importer, size_t row)
{
	for (size_t i = 0; i < importer->text->rows[row].count; i++)
		if (import_is_figure(import_raw(importer, row, i)))
			return true;
	return false;
}

/* Above the table stand its title and 单位：, which have few cells and no figure: all that they say. */
static void add_heading(const struct importer *importer, struct buffer *out)
{
	size_t first;

	buffer_add(out, "");
	for (size_t row = 0; row < importer->text->row_count && row < HEADING_ROWS; row++) {
		if (import_filled(importer, row, &first) > HEADING_CELLS || has_figure(importer, row))
			return;
		for (size_t i = 0; i < importer->text->rows[row].count; i++) {
			const char *cell = import_raw(importer, row, i);
			if (*cell != '\0' && strlen(cell) <= HEADING_BYTES)
				buffer_format(out, "%s\n", cell);
		}
	}
}

/* The entry whose name stands above the table; of several the longest name, which may contain the others. */
static bool find_sheet_by_heading(struct importer *importer)
{
	size_t count = workbook_sheet_count(importer->workbook, importer->form->index);
	size_t longest = 0, found = 0;
	struct buffer heading = {0};

	add_heading(importer, &heading);
	for (size_t i = 0; i < count; i++) {
		const char *name = entry_name(workbook_sheet_entry(importer->workbook, importer->form->index, i));

		if (*name == '\0' || strlen(name) < longest ||
		    strstr(buffer_text(&heading), name) == NULL)
			continue;
		found = strlen(name) > longest ? 1 : found + 1;
		longest = strlen(name);
		importer->sheet = i;
	}
	buffer_done(&heading);
	return found == 1;
}

/* TABLE-142001.csv */
static bool find_sheet_by_code(struct importer *importer, size_t number)
{
	size_t count = workbook_sheet_count(importer->workbook, importer->form->index);
	char code[24];

	snprintf(code, sizeof(code), "%zu", number);
	for (importer->sheet = 0; importer->sheet < count; importer->sheet++)
		if (strcmp(entry_code(workbook_sheet_entry(importer->workbook, importer->form->index, importer->sheet)),
			   code) == 0)
			return true;
	return false;
}

/* An entry of `list`, with those that it belongs to; its id, 0 if there can be none. */
static int add_blank_entry(struct importer *importer, int list)
{
	int owner_list = importer->trial->pack->lists[list].owner, owner = 0;
	struct diag_list diags = {0};
	char key[SESSION_KEY_SIZE];
	enum status status = STATUS_INVALID;

	if (owner_list >= 0 && workbook_entry_count(importer->workbook, owner_list) > 0)
		owner = entry_id(workbook_entry(importer->workbook, owner_list, 0));
	else if (owner_list >= 0)
		owner = add_blank_entry(importer, owner_list);
	if (owner_list < 0 || owner != 0)
		status = session_entry_add(importer->trial, list, owner, "", "", "", key, &diags);
	diag_list_done(&diags);
	return status == STATUS_OK ? session_entry_of_key(key) : 0;
}

/* There is no sheet. A blank form does not need one, and to see whether the text is that, it is put into one that
 * does not stay: import_refuse_sheet(). */
static bool try_sheet(struct importer *importer)
{
	int id = add_blank_entry(importer, importer->form->each);

	importer->has_no_sheet = true;
	return id != 0 && find_sheet_of(importer, id);
}

void import_refuse_sheet(struct importer *importer)
{
	const char *list = importer->trial->pack->lists[importer->form->each].name;
	struct import_part *part = importer->part;
	bool says_something = importer->says_something;

	for (size_t i = 0; i < part->note_count; i++)
		says_something = says_something || part->notes[i].severity == IMPORT_IS_PROBLEM;
	part->line_count = part->cell_count = 0;
	part->sheet = "";
	if (says_something)
		import_note(importer, IMPORT_IS_PROBLEM, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
			    _("还没有%s，不知道《%s》的这一张是谁的：请先填好或先导入%s。"), list, importer->form->name,
			    list);
	else if (part->note_count == 0)
		import_note(importer, IMPORT_IS_NOTE, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
			    _("文件里没有数据行，什么都没有导入。"));
}

static bool find_only_sheet(struct importer *importer, size_t number)
{
	size_t count = workbook_sheet_count(importer->workbook, importer->form->index);
	const char *list = importer->trial->pack->lists[importer->form->each].name;

	if (find_sheet_by_heading(importer))
		return true;
	if (number >= 1 && number <= count) {
		importer->sheet = number - 1;
		return true;
	}
	if (number > count && find_sheet_by_code(importer, number))
		return true;
	importer->sheet = 0;
	if (count == 1 && number == 0)
		return true;
	if (count == 0)
		return try_sheet(importer);
	if (number > 0)
		import_note(importer, IMPORT_IS_PROBLEM, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
			    _("文件名说是第 %zu 张，《%s》却只有 %zu 张：请用 --card 说明是哪个%s。"), number,
			    importer->form->name, count, list);
	else
		import_note(importer, IMPORT_IS_PROBLEM, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
			    _("《%s》有 %zu 张，不知道这是哪一张：请用 --card 说明是哪个%s。"), importer->form->name,
			    count, list);
	return false;
}

static bool find_sheet(struct importer *importer, const struct card *card, size_t number)
{
	const struct form_block *block = &importer->form->blocks[0];
	char *name, *code;
	bool found;

	if (importer->form->each < 0 && importer->work->settings.card != NULL)
		import_note(importer, IMPORT_IS_PROBLEM, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
			    _("《%s》不分卡片，不用 --card：请核对是哪张表。"), importer->form->name);
	if (importer->form->each < 0)
		return importer->work->settings.card == NULL;
	name = field_text(card, block->caption_leaf);
	code = field_text(card, block->code_leaf);
	if (importer->place != NULL)
		importer->sheet = importer->place->sheet;
	if (importer->place != NULL || importer->work->settings.card != NULL)
		found = (importer->place != NULL || find_named_card(importer)) && !is_anothers(importer, name, code);
	else
		found = *name != '\0' || *code != '\0' ? find_own_card(importer, name, code)
					       : find_only_sheet(importer, number);
	memory_free(name);
	memory_free(code);
	return found;
}

/* ---- putting them in ---- */

/* The field whose value stands in a cell, -1. */
static int leaf_at(const struct card *card, size_t row, size_t column)
{
	for (int leaf = 0; leaf < card->form->blocks[0].leaf_count; leaf++)
		if (card->values[leaf].row == row && card->values[leaf].column == column)
			return leaf;
	return -1;
}

static bool holds_value(const struct card *card, size_t row)
{
	for (int leaf = 0; leaf < card->form->blocks[0].leaf_count; leaf++)
		if (card->values[leaf].row == row && card->values[leaf].column != IMPORT_NO_COLUMN)
			return true;
	return false;
}

static void put_row(const struct card *card, size_t row, const struct row *target)
{
	struct importer *importer = card->importer;
	size_t width = importer->text->rows[row].width;

	import_begin_line(importer, row, row_key(target), importer->adds_card && row == card->first);
	(void)import_claim(importer);
	for (size_t i = 0; i <= width; i++) {
		const char *cell = import_raw(importer, row, i);
		int leaf = leaf_at(card, row, i);

		if (leaf >= 0)
			import_put(importer, row, i, leaf, target, NULL);
		else if (*cell != '\0' && !is_label(card->form, cell))
			import_refuse_cell(importer, row, i, -1, _("《%s》没有“%s”这一项。"), card->form->name, cell);
	}
}

static void put_fields(struct card *card)
{
	struct importer *importer = card->importer;
	const struct row *target =
		workbook_sheet_fields(importer->workbook, importer->form->index, importer->sheet);

	for (size_t row = importer->body; row < card->first; row++)
		(void)import_read_surroundings(importer, row);
	for (size_t row = card->first; row < card->end; row++)
		if (!import_is_blank_row(importer, row) || holds_value(card, row))
			put_row(card, row, target);
}

static bool read_fields(struct importer *importer, size_t number)
{
	const struct form_table *form = importer->form;
	struct card card = {.importer = importer, .form = form};
	bool found;

	card.anchors = memory_new_array((size_t)form->field_line_count + 1, sizeof(*card.anchors));
	card.values = memory_new_array((size_t)form->leaf_count + 1, sizeof(*card.values));
	for (int leaf = 0; leaf < form->leaf_count; leaf++)
		card.values[leaf] = (struct spot){IMPORT_NO_ROW, IMPORT_NO_COLUMN};
	find_lines(&card);
	find_values(&card);
	found = card.end > card.first;
	if (!found && importer->body >= importer->text->row_count)
		import_note(importer, IMPORT_IS_NOTE, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
			    _("文件里没有数据行，什么都没有导入。"));
	else if (!found)
		import_note(importer, IMPORT_IS_PROBLEM, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
			    _("文件里没有《%s》的任何一项，例如“%s”。"), form->name,
			    form->leaves[0]->caption);
	found = found && find_sheet(importer, &card, number);
	if (found)
		put_fields(&card);
	importer->body = card.end;
	memory_free(card.anchors);
	memory_free(card.values);
	return found;
}

/* The cursor is at a field of a card. */
static bool is_at_fields(const struct importer *importer)
{
	return importer->place->leaf < import_first_leaf(importer->form);
}

bool import_card(struct importer *importer, size_t number)
{
	bool fields = importer->place == NULL ? has_fields(importer)
					      : is_at_fields(importer) && import_holds_fields(importer);

	if (fields) {
		importer->place_is_card = importer->place != NULL;
		return read_fields(importer, number);
	}
	return find_sheet(importer, NULL, number);
}
