/* Rows of a table of codes. First every row's code is read and named, and the rows that are missing are added:
 * a subtotal can only be compared when the rows below it stand. Then the cells land. */
#include <string.h>

#include "base/memory.h"
#include "session/importer.h"

struct coded {
	struct importer *importer;
	const struct form_coded *form;
	size_t caption; /* the text's column of names, IMPORT_NO_COLUMN */
	size_t whole;   /* its column of whole codes, IMPORT_NO_COLUMN */
	struct import_codes codes;
	/* Where neither the table nor the text has codes: the rows that stand, by name; `coded` itself where two
	 * have it. NULL: rows go by codes. */
	struct map *names;
	struct coded_row {
		size_t line;     /* of the plan */
		const char *key; /* NULL: it is no row of the table */
		bool leaf;
	} *rows; /* of the body */
};

/* From its own column, or from behind the code. */
static const char *caption_of(const struct coded *coded, size_t row)
{
	struct buffer code = {0}, name = {0};
	const char *caption = "";

	if (coded->caption != IMPORT_NO_COLUMN)
		return import_raw(coded->importer, row, coded->caption);
	if (coded->whole != IMPORT_NO_COLUMN &&
	    import_split_code(import_raw(coded->importer, row, coded->whole), &code, &name))
		caption = import_copy(coded->importer, buffer_text(&name));
	buffer_done(&code);
	buffer_done(&name);
	return caption;
}

static bool is_total_word(const struct coded *coded, const char *text)
{
	static const char *const words[] = {"合计", "总计", "总合计"};

	if (coded->form->total != NULL && import_same_name(text, coded->form->total))
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (import_same_name(text, words[i]))
			return true;
	return false;
}

/* A row that says nothing but what it is. */
static bool has_no_figure(const struct coded *coded, size_t row)
{
	const struct importer *importer = coded->importer;

	for (size_t i = 0; i < importer->column_count; i++) {
		const char *cell = import_raw(importer, row, i);

		if (importer->columns[i].level >= 0 || i == coded->caption || importer->columns[i].leaf < 0)
			continue;
		if (importer->form->leaves[importer->columns[i].leaf]->type != FORM_ORDINAL &&
		    strpbrk(cell, "123456789") != NULL)
			return false;
		if (!import_is_void(cell) && !import_is_figure(cell))
			return false;
	}
	return true;
}

static void refuse_row(struct coded *coded, size_t row, const char *sentence)
{
	import_begin_line(coded->importer, row, "", false);
	import_note(coded->importer, IMPORT_IS_PROBLEM, row, IMPORT_NO_COLUMN, "%s", sentence);
}

/* 小计, 本页小计. */
static bool is_subtotal_word(const char *text)
{
	static const char word[] = "小计";
	char *name = import_name_of(text);
	size_t length = strlen(name);
	bool is_subtotal = length >= strlen(word) && strcmp(name + length - strlen(word), word) == 0;

	memory_free(name);
	return is_subtotal;
}

/* Without a code: the total, or nothing. */
static const char *key_without_code(struct coded *coded, size_t row)
{
	const char *caption = caption_of(coded, row);

	if (is_subtotal_word(caption) && coded->importer->work->settings.totals == IMPORT_TOTALS_LEAVE)
		return NULL;
	if (*caption == '\0' || !is_total_word(coded, caption)) {
		refuse_row(coded, row,
			   is_subtotal_word(caption)
				   ? _("“小计”没有编码，不知道是哪个科目的：请补上编码，或删去这一行。")
				   : _("这一行没有编码，不知道该放到哪一行。"));
		return NULL;
	}
	if (coded->form->total != NULL)
		return coded->form->total_name;
	import_note(coded->importer, IMPORT_IS_NOTE, row, IMPORT_NO_COLUMN, _("表里没有合计行，这一行跳过了。"));
	return NULL;
}

/* Rows that come along with other tables may be known by their names alone. */
static void learn_names(struct coded *coded)
{
	const struct workbook *workbook = coded->importer->workbook;
	int table = coded->importer->form->index;

	coded->names = map_new();
	for (size_t line = 0; line < workbook_line_count(workbook, table); line++) {
		const struct row *row = workbook_line_row(workbook, table, line, 0);
		char *name = import_name_of(row_caption(row));

		if (row_class(row) != FORM_CLASS_TOTAL)
			map_set(coded->names, name, map_get(coded->names, name) == NULL ? (void *)row : (void *)coded);
		memory_free(name);
	}
}

static const char *key_of_name(struct coded *coded, size_t row)
{
	const char *caption = caption_of(coded, row);
	char *name = import_name_of(caption);
	void *found = map_get(coded->names, name);

	memory_free(name);
	if (found != NULL && found != coded)
		return import_copy(coded->importer, row_key(found));
	if (is_total_word(coded, caption))
		return key_without_code(coded, row);
	if (found == NULL && has_no_figure(coded, row))
		return NULL;
	refuse_row(coded, row,
		   found == coded ? _("表里不止一行叫这个名称，文件里又没有编码，不知道该放到哪一行。")
				  : _("表里没有这一行：这张表的行由别的表带出，请先导入那些表。"));
	return NULL;
}

static void refuse_code(struct coded *coded, size_t row, const char *code)
{
	struct importer *importer = coded->importer;
	const char *title = coded->form->catalogue->title;

	import_begin_line(importer, row, "", false);
	if (strspn(code, "0123456789.Ee+") == strlen(code) && strpbrk(code, "Ee") != NULL)
		import_note(importer, IMPORT_IS_PROBLEM, row, IMPORT_NO_COLUMN,
			    _("编码成了科学计数“%s”，原来的数字丢了：请在电子表格里把这一栏设成文本，重新填。"), code);
	else
		import_note(importer, IMPORT_IS_PROBLEM, row, IMPORT_NO_COLUMN, _("“%s”不是%s的编码。"), code, title);
}

/* The key of a row by its code; NULL after noting why it has none. */
static const char *key_of_code(struct coded *coded, size_t row, const char *code)
{
	struct importer *importer = coded->importer;
	int level = catalogue_level_of(coded->form->catalogue, code);

	if (level < 0 && is_total_word(coded, code) && coded->form->total != NULL)
		return coded->form->total_name;
	if (level < 0) {
		refuse_code(coded, row, code);
		return NULL;
	}
	if (level > coded->form->leaf_level) {
		import_begin_line(importer, row, "", false);
		import_note(importer, IMPORT_IS_PROBLEM, row, IMPORT_NO_COLUMN,
			    _("《%s》只填到“%s”，没有“%s”这样细的行。"), importer->form->name,
			    coded->form->catalogue->levels[coded->form->leaf_level].name, code);
		return NULL;
	}
	return import_copy(importer, code);
}

/* The same name, or a part of it: 养老保险 for 机关事业单位基本养老保险缴费支出. */
static bool is_about(const char *one, const char *other)
{
	char *a = import_name_of(one), *b = import_name_of(other);
	bool about = strstr(a, b) != NULL || strstr(b, a) != NULL;

	memory_free(a);
	memory_free(b);
	return about;
}

/* A name that the catalogue lacks is the clerk's own; one that it has must be about the same. */
static void name_row(struct coded *coded, size_t row, const char *key)
{
	struct importer *importer = coded->importer;
	const char *caption = caption_of(coded, row), *name;
	struct diag_list diags = {0};

	if (catalogue_level_of(coded->form->catalogue, key) < 0 || *caption == '\0')
		return;
	name = workbook_code_name(importer->workbook, coded->form->catalogue, key);
	if (name == NULL) {
		if (session_name(importer->trial, importer->form->index, key, caption, &diags) != STATUS_OK)
			import_note_diags(importer, row, coded->caption, &diags);
		(void)import_claim(importer);
	} else if (!is_about(caption, name)) {
		import_note(importer, IMPORT_IS_WARNING, row, coded->caption,
			    _("%s 在科目目录里是“%s”，来的却写着“%s”：请核对编码。"), key, name, caption);
	}
	diag_list_done(&diags);
}

static void read_row(struct coded *coded, size_t row)
{
	struct importer *importer = coded->importer;
	struct coded_row *out = &coded->rows[row - importer->body];
	struct buffer code = {0};
	uintptr_t earlier;

	if (!import_has_content(importer, row) || import_is_head_again(importer, row))
		return;
	if (coded->names != NULL)
		out->key = key_of_name(coded, row);
	else if (!import_code(importer, row, &coded->codes, &code))
		import_begin_line(importer, row, "", false);
	else if (code.length == 0)
		out->key = key_without_code(coded, row);
	else
		out->key = key_of_code(coded, row, buffer_text(&code));
	buffer_done(&code);
	if (out->key == NULL)
		return;
	earlier = (uintptr_t)map_get(importer->touched, out->key);
	import_begin_line(importer, row, out->key, false);
	out->line = importer->line;
	if (earlier != 0) {
		import_note(importer, IMPORT_IS_PROBLEM, row, IMPORT_NO_COLUMN,
			    _("“%s”在第 %u 行已经有了：一个科目只能有一行。"), out->key, (unsigned)earlier);
		out->key = NULL;
		return;
	}
	out->leaf = catalogue_level_of(coded->form->catalogue, out->key) == coded->form->leaf_level;
	name_row(coded, row, out->key);
}

/* Adds a leaf that is not there. */
static void add_row(struct coded *coded, size_t row)
{
	struct importer *importer = coded->importer;
	struct coded_row *out = &coded->rows[row - importer->body];
	struct diag_list diags = {0};
	char missing[24] = "";
	enum status status;

	if (out->key == NULL || !out->leaf ||
	    workbook_row_find(importer->workbook, importer->form->index, out->key) != NULL)
		return;
	import_resume_line(importer, out->line);
	status = session_row_add(importer->trial, importer->form->index, out->key, missing, &diags);
	if (status == STATUS_NOT_FOUND)
		import_note(importer, IMPORT_IS_PROBLEM, row, IMPORT_NO_COLUMN,
			    _("科目目录里没有 %s 的上级科目 %s：请在文件里加上它的一行（编码和名称），或核对编码。"),
			    out->key, missing);
	else
		import_note_diags(importer, row, IMPORT_NO_COLUMN, &diags);
	if (status == STATUS_OK)
		importer->part->lines[out->line].adds_row = true;
	else
		out->key = NULL;
	(void)import_claim(importer);
	diag_list_done(&diags);
}

static void put_row(struct coded *coded, size_t row)
{
	struct importer *importer = coded->importer;
	struct coded_row *out = &coded->rows[row - importer->body];
	const struct row *target;

	if (out->key == NULL)
		return;
	target = workbook_row_find(importer->workbook, importer->form->index, out->key);
	import_resume_line(importer, out->line);
	if (target != NULL) {
		import_put_row(importer, row, target);
		import_refuse_beyond(importer, row);
	} else if (!has_no_figure(coded, row)) {
		import_note(importer, IMPORT_IS_PROBLEM, row, IMPORT_NO_COLUMN,
			    _("“%s”是汇总行，它下面的科目文件里没有，表里也没有：请加上下级科目的行。"), out->key);
	}
}

static size_t column_of_whole_codes(const struct importer *importer)
{
	for (size_t i = 0; i < importer->column_count; i++)
		if (importer->columns[i].level == IMPORT_WHOLE_CODE)
			return i;
	return IMPORT_NO_COLUMN;
}

void import_coded_rows(struct importer *importer)
{
	const struct form_table *form = importer->form;
	struct coded coded = {.importer = importer, .form = form->coded};

	coded.caption = import_column_of(importer, form->blocks[0].caption_leaf);
	coded.whole = column_of_whole_codes(importer);
	if (!import_has_code_columns(importer) && form->blocks[0].code_leaf < 0 &&
	    coded.caption != IMPORT_NO_COLUMN) {
		learn_names(&coded);
	} else if (!import_has_code_columns(importer)) {
		import_note(importer, IMPORT_IS_PROBLEM, importer->head, IMPORT_NO_COLUMN,
			    _("文件里没有科目编码的栏，不知道每一行是哪个科目。"));
		return;
	}
	coded.rows = memory_new_array(importer->end - importer->body + 1, sizeof(*coded.rows));
	for (size_t row = importer->body; row < importer->end && !import_is_hopeless(importer); row++)
		read_row(&coded, row);
	for (size_t row = importer->body; row < importer->end && !import_is_hopeless(importer); row++)
		add_row(&coded, row);
	for (size_t row = importer->body; row < importer->end && !import_is_hopeless(importer); row++)
		put_row(&coded, row);
	memory_free(coded.rows);
	if (coded.names != NULL)
		map_free(coded.names);
}
