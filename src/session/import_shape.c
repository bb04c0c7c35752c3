/* Columns without a head: told by their number and by what they hold. */
#include <string.h>

#include "base/memory.h"
#include "session/importer.h"

#define ROWS_LOOKED_AT 60

/* One way in which a text may give the table's columns. */
struct shape {
	bool ordinal; /* with the column of line numbers */
	bool split;   /* codes in parts where the table prints them whole, or the other way round */
};

static bool is_code_leaf(const struct form_table *form, int leaf)
{
	return form->coded != NULL && leaf == form->blocks[0].code_leaf;
}

static bool is_level_leaf(const struct form_table *form, int leaf)
{
	return form->coded != NULL && form->leaves[leaf]->level >= 0;
}

static bool has_codes_to_split(const struct form_table *form)
{
	for (int leaf = 0; leaf < form->leaf_count; leaf++)
		if (is_code_leaf(form, leaf) || is_level_leaf(form, leaf))
			return true;
	return false;
}

/* What the columns would hold; returns their number. `columns` has room for those of the text, may be NULL. */
static size_t lay_out(const struct form_table *form, struct shape shape, struct import_column *columns, size_t room)
{
	size_t count = 0;
	bool merged = false;

	for (int leaf = import_first_leaf(form); leaf < form->leaf_count; leaf++) {
		int parts = is_code_leaf(form, leaf) && shape.split ? form->coded->leaf_level + 1 : 1;

		if (form->leaves[leaf]->type == FORM_ORDINAL && !shape.ordinal)
			continue;
		if (is_level_leaf(form, leaf) && shape.split && merged)
			continue;
		for (int part = 0; part < parts; part++, count++) {
			struct import_column column = {.leaf = leaf, .level = -1, .head = ""};

			if (parts > 1)
				column = (struct import_column){.leaf = -1, .level = part, .head = ""};
			else if (is_level_leaf(form, leaf) && !shape.split)
				column = (struct import_column){
					.leaf = -1, .level = form->leaves[leaf]->level, .head = ""};
			else if (is_level_leaf(form, leaf))
				column = (struct import_column){.leaf = -1, .level = IMPORT_WHOLE_CODE, .head = ""};
			else if (is_code_leaf(form, leaf))
				column.level = IMPORT_WHOLE_CODE;
			merged = merged || is_level_leaf(form, leaf);
			if (columns != NULL && count < room)
				columns[count] = column;
		}
	}
	return count;
}

static int judge_code(const struct importer *importer, const struct import_column *column, const char *cell)
{
	const struct form_coded *coded = importer->form->coded;
	struct buffer code = {0};
	bool fits;

	import_tidy_code(&code, cell);
	if (column->level == IMPORT_WHOLE_CODE)
		fits = catalogue_level_of(coded->catalogue, buffer_text(&code)) >= 0;
	else
		fits = code.length <= 3 && strspn(buffer_text(&code), "0123456789") == code.length;
	fits = fits || (coded->total != NULL && import_same_name(cell, coded->total));
	buffer_done(&code);
	return fits ? 2 : -2;
}

/* How well a cell suits its column. */
static int judge_cell(const struct importer *importer, const struct import_column *column, const char *cell)
{
	const struct form_column *form = column->leaf >= 0 ? importer->form->leaves[column->leaf] : NULL;

	if (*cell == '\0')
		return 0;
	if (column->level >= 0)
		return judge_code(importer, column, cell);
	if (form == NULL)
		return 0;
	if (form->type == FORM_ORDINAL)
		return strspn(cell, "0123456789") == strlen(cell) && strlen(cell) < 6 ? 1 : -2;
	if (form->type == FORM_CAPTION)
		return import_is_figure(cell) ? -2 : 1;
	if (session_is_number(form->type))
		return import_is_figure(cell) || import_is_void(cell) ? 1 : -2;
	return 0;
}

static int judge(const struct importer *importer)
{
	int score = 0;
	size_t looked = 0;

	for (size_t row = importer->body; row < importer->end && looked++ < ROWS_LOOKED_AT; row++)
		for (size_t i = 0; i < importer->column_count && i < importer->text->rows[row].count; i++)
			score += judge_cell(importer, &importer->columns[i], import_raw(importer, row, i));
	return score;
}

static void refuse_width(struct importer *importer, size_t width)
{
	const struct form_table *form = importer->form;
	size_t printed = lay_out(form, (struct shape){.ordinal = true}, NULL, 0);
	size_t bare = lay_out(form, (struct shape){0}, NULL, 0);

	if (printed == bare)
		import_note(importer, IMPORT_IS_PROBLEM, importer->body, IMPORT_NO_COLUMN,
			    _("没有认出表头，文件有 %zu 栏，《%s》有 %zu 栏：请在第一行写上各栏的栏名。"), width,
			    form->name, printed);
	else
		import_note(importer, IMPORT_IS_PROBLEM, importer->body, IMPORT_NO_COLUMN,
			    _("没有认出表头，文件有 %zu 栏，《%s》有 %zu 栏（不算序号 %zu 栏）："
			      "请在第一行写上各栏的栏名。"),
			    width, form->name, printed, bare);
}

bool import_columns_by_shape(struct importer *importer)
{
	static const struct shape shapes[] = {{true, false}, {false, false}, {true, true}, {false, true}};
	size_t padded = 0, count = has_codes_to_split(importer->form) ? 4 : 2;
	int best = 0;
	const struct shape *chosen = NULL;

	import_begin_columns(importer, importer->body);
	for (size_t row = importer->body; row < importer->end; row++)
		if (importer->text->rows[row].width > padded)
			padded = importer->text->rows[row].width;
	for (size_t i = 0; i < count; i++) {
		size_t width = lay_out(importer->form, shapes[i], NULL, 0);
		int score;

		if (width < importer->column_count || width > padded)
			continue;
		(void)lay_out(importer->form, shapes[i], importer->columns, importer->column_count);
		score = judge(importer);
		if (chosen == NULL || score > best) {
			best = score;
			chosen = &shapes[i];
		}
	}
	if (chosen == NULL) {
		refuse_width(importer, padded);
		return false;
	}
	(void)lay_out(importer->form, *chosen, importer->columns, importer->column_count);
	return true;
}

/* ---- a pasted block that begins with codes ---- */

/* Every cell of `column` is a code or empty, and some is a code. */
static bool is_code_column(const struct importer *importer, size_t column)
{
	const struct form_coded *coded = importer->form->coded;
	bool found = false;

	for (size_t row = importer->body; row < importer->end; row++) {
		const char *cell = import_raw(importer, row, column);
		struct buffer code = {0};
		bool is_code;

		import_tidy_code(&code, cell);
		is_code = catalogue_level_of(coded->catalogue, buffer_text(&code)) >= 0;
		buffer_done(&code);
		if (*cell != '\0' && !is_code && (coded->total == NULL || !import_same_name(cell, coded->total)))
			return false;
		found = found || is_code;
	}
	return found;
}

static bool is_ordinal_column(const struct importer *importer, size_t column)
{
	for (size_t row = importer->body; row < importer->end; row++) {
		const char *cell = import_raw(importer, row, column);

		if (strspn(cell, "0123456789") != strlen(cell) || strlen(cell) > 6)
			return false;
	}
	return true;
}

static bool is_name_column(const struct importer *importer, size_t column)
{
	bool found = false;

	for (size_t row = importer->body; row < importer->end; row++) {
		const char *cell = import_raw(importer, row, column);

		if (*cell != '\0' && import_is_figure(cell))
			return false;
		found = found || *cell != '\0';
	}
	return found;
}

/* The first leaf that holds figures. */
static int first_figure(const struct form_table *form)
{
	int leaf = 0;

	while (leaf < form->leaf_count && form_rule_of(form, FORM_CLASS_LEAF, leaf)->kind == FORM_LABEL)
		leaf++;
	return leaf;
}

/* The columns from `first` on that hold the parts of codes: the first has the outermost level alone, so that no
 * row could be told by it, and the next ones could be what follows. 0: codes are not split. */
static size_t split_columns(const struct importer *importer, size_t first)
{
	const struct form_coded *coded = importer->form->coded;
	size_t count = (size_t)coded->leaf_level + 1;

	if (count < 2 || first + count > importer->column_count)
		return 0;
	for (size_t row = importer->body; row < importer->end; row++) {
		struct buffer code = {0};
		import_tidy_code(&code, import_raw(importer, row, first));
		int level = catalogue_level_of(coded->catalogue, buffer_text(&code));
		buffer_done(&code);
		if (level > 0)
			return 0;
	}
	for (size_t i = 1; i < count; i++)
		if (!import_is_code_part(importer, first + i))
			return 0;
	return count;
}

bool import_columns_by_codes(struct importer *importer)
{
	const struct form_table *form = importer->form;
	int leaf = importer->place->leaf;
	size_t code, parts, figures;

	if (form->coded == NULL)
		return false;
	import_begin_columns(importer, importer->body);
	if (importer->column_count == 0)
		return false;
	code = is_ordinal_column(importer, 0) && importer->column_count > 1 && is_code_column(importer, 1) ? 1 : 0;
	if (!is_code_column(importer, code))
		return false;
	parts = split_columns(importer, code);
	for (size_t i = 0; i < parts; i++)
		importer->columns[code + i] = (struct import_column){.leaf = -1, .level = (int)i, .head = ""};
	if (parts == 0)
		importer->columns[code] = (struct import_column){
			.leaf = form->blocks[0].code_leaf, .level = IMPORT_WHOLE_CODE, .head = ""};
	figures = code + (parts > 0 ? parts : 1);
	if (figures < importer->column_count && is_name_column(importer, figures))
		importer->columns[figures++].leaf = form->blocks[0].caption_leaf;
	/* The whole table, or the cursor at the names: from the first column of figures on. */
	if (leaf < first_figure(form) ||
	    importer->column_count - figures == (size_t)(form->leaf_count - first_figure(form)))
		leaf = first_figure(form);
	for (size_t i = figures; i < importer->column_count; i++, leaf++)
		importer->columns[i].leaf = leaf < form->leaf_count ? leaf : IMPORT_BEYOND;
	return true;
}
