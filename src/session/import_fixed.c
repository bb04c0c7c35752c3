/* Which fixed row a row of the text means: by its caption, told apart by the rows above where the form has it
 * more than once, by its code, or by its place where the text has all rows of the form. */
#include <string.h>

#include "base/likeness.h"
#include "base/memory.h"
#include "session/importer.h"

struct fixed_row {
	const struct row *row;
	char *name;
	size_t taken; /* the text's row that it has got, plus one; 0: none */
};

struct matching { /* of one block */
	struct importer *importer;
	struct import_target *targets;
	int block;
	size_t caption, code; /* columns of the text */
	struct fixed_row *rows; /* in the order of print */
	size_t row_count;
	char **names;     /* of each row of the body; NULL: it has nothing in this block */
	size_t filled;    /* rows of the body that have */
	size_t last;      /* the row matched last, plus one */
};

/* ---- what there is to be matched ---- */

static void list_rows(struct matching *matching)
{
	struct importer *importer = matching->importer;
	int table = importer->form->index;
	size_t lines = workbook_sheet_line_count(importer->workbook, table, importer->sheet);

	matching->rows = memory_new_array(lines + 1, sizeof(*matching->rows));
	for (size_t line = 0; line < lines; line++) {
		struct row *row = workbook_sheet_line_row(importer->workbook, table, importer->sheet, line,
							  matching->block);

		if (row == NULL || row_entry(row) != NULL)
			continue;
		matching->rows[matching->row_count++] =
			(struct fixed_row){.row = row, .name = import_name_of(row_caption(row))};
	}
}

static bool belongs(const struct matching *matching, size_t column)
{
	int leaf = matching->importer->columns[column].leaf;

	return leaf >= 0 && matching->importer->form->leaves[leaf]->block == matching->block;
}

/* What is printed on the form anyway (——, 人) does not make it a row that the text has. */
static bool has_content(const struct matching *matching, size_t row)
{
	for (size_t i = 0; i < matching->importer->column_count; i++)
		if (belongs(matching, i) && *import_raw(matching->importer, row, i) != '\0')
			return true;
	return false;
}

static bool is_named(const struct matching *matching, size_t index, const char *name)
{
	return strcmp(matching->rows[index].name, name) == 0;
}

/* How many rows of the form have this name. */
static size_t count_rows(const struct matching *matching, const char *name, size_t *first)
{
	size_t count = 0;

	for (size_t i = matching->row_count; i-- > 0;)
		if (is_named(matching, i, name)) {
			count++;
			*first = i;
		}
	return count;
}

/* What stands in the column of captions; where that is blank, the name of a row that stands elsewhere: a total
 * often names itself further left. */
static char *find_name(const struct matching *matching, size_t row)
{
	const struct importer *importer = matching->importer;
	size_t first;

	if (matching->caption != IMPORT_NO_COLUMN && *import_raw(importer, row, matching->caption) != '\0')
		return import_name_of(import_raw(importer, row, matching->caption));
	for (size_t i = 0; i < importer->column_count; i++) {
		char *name;

		if (importer->columns[i].leaf >= 0 && !belongs(matching, i) &&
		    importer->form->leaves[importer->columns[i].leaf]->block >= 0)
			continue;
		name = import_name_of(import_raw(importer, row, i));
		if (*name != '\0' && count_rows(matching, name, &first) > 0)
			return name;
		memory_free(name);
	}
	return memory_copy_string("");
}

static void list_names(struct matching *matching)
{
	struct importer *importer = matching->importer;

	matching->names = memory_new_array(importer->end - importer->body + 1, sizeof(*matching->names));
	for (size_t row = importer->body; row < importer->end; row++) {
		if (!has_content(matching, row) || import_is_head_again(importer, row))
			continue;
		matching->filled++;
		matching->names[row - importer->body] = find_name(matching, row);
	}
}

static const char *name_at(const struct matching *matching, size_t row)
{
	return matching->names[row - matching->importer->body];
}

/* ---- one row ---- */

static void take(struct matching *matching, size_t row, size_t index)
{
	matching->rows[index].taken = row + 1;
	matching->last = index + 1;
	matching->targets[row - matching->importer->body].rows[matching->block] = matching->rows[index].row;
}

/* How many rows of the body have this name. */
static size_t count_lines(const struct matching *matching, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < matching->importer->end - matching->importer->body; i++)
		count += matching->names[i] != NULL && strcmp(matching->names[i], name) == 0;
	return count;
}

/* The row of that name below the row matched last, or below one of those above it; row_count: none. */
static size_t find_below(const struct matching *matching, const char *name)
{
	const struct row *above = matching->last > 0 ? matching->rows[matching->last - 1].row : NULL;

	for (; above != NULL; above = row_parent(above))
		for (size_t i = 0; i < matching->row_count; i++)
			if (is_named(matching, i, name) && matching->rows[i].taken == 0 &&
			    row_parent(matching->rows[i].row) == above)
				return i;
	return matching->row_count;
}

static size_t find_free(const struct matching *matching, const char *name)
{
	size_t i = 0;

	while (i < matching->row_count && (matching->rows[i].taken > 0 || !is_named(matching, i, name)))
		i++;
	return i;
}

static void refuse(struct matching *matching, size_t row)
{
	matching->targets[row - matching->importer->body].refused = true;
	import_begin_line(matching->importer, row, "", false);
}

static const char *caption_at(const struct matching *matching, size_t row)
{
	return matching->caption != IMPORT_NO_COLUMN ? import_raw(matching->importer, row, matching->caption)
						     : name_at(matching, row);
}

static void match_by_name(struct matching *matching, size_t row)
{
	struct importer *importer = matching->importer;
	const char *name = name_at(matching, row);
	size_t first = 0, count = *name != '\0' ? count_rows(matching, name, &first) : 0, index = first;

	if (count == 0)
		return;
	if (count > 1) {
		index = count_lines(matching, name) == count ? find_free(matching, name)
							    : find_below(matching, name);
		if (index < matching->row_count) {
			take(matching, row, index);
			return;
		}
		refuse(matching, row);
		import_note(importer, IMPORT_IS_PROBLEM, row, matching->caption,
			    _("表里不止一行是“%s”，分不清是哪一行：请保留它上面的行。"),
			    caption_at(matching, row));
	} else if (matching->rows[index].taken > 0) {
		refuse(matching, row);
		import_note(importer, IMPORT_IS_PROBLEM, row, matching->caption, _("“%s”在第 %u 行已经有了。"),
			    caption_at(matching, row), importer->text->rows[matching->rows[index].taken - 1].line);
	} else {
		take(matching, row, index);
	}
}

/* The only row that has this code and is not taken. */
static size_t find_code(const struct matching *matching, size_t row)
{
	size_t found = matching->row_count, count = 0;
	struct buffer code = {0};

	if (matching->code != IMPORT_NO_COLUMN)
		import_tidy_code(&code, import_raw(matching->importer, row, matching->code));
	for (size_t i = 0; code.length > 0 && i < matching->row_count; i++)
		if (strcmp(row_code(matching->rows[i].row), buffer_text(&code)) == 0) {
			count++;
			found = i;
		}
	buffer_done(&code);
	return count == 1 && matching->rows[found].taken == 0 ? found : matching->row_count;
}

/* ---- what has no name that the form knows ---- */

static bool resembles(const char *one, const char *other)
{
	struct likeness nearest = likeness_to(one);

	likeness_offer(&nearest, other);
	return nearest.best != NULL;
}

/* The row in the same place, if the text has as many rows as the form. */
static size_t find_place(const struct matching *matching, size_t row)
{
	size_t index = 0;

	if (matching->filled != matching->row_count)
		return matching->row_count;
	for (size_t i = matching->importer->body; i < row; i++)
		index += name_at(matching, i) != NULL;
	return matching->rows[index].taken == 0 ? index : matching->row_count;
}

static void match_otherwise(struct matching *matching, size_t row)
{
	struct importer *importer = matching->importer;
	const char *name = name_at(matching, row);
	size_t index = find_code(matching, row);
	bool by_code = index < matching->row_count;

	if (!by_code)
		index = find_place(matching, row);
	if (index == matching->row_count ||
	    (!by_code && *name != '\0' && !resembles(name, matching->rows[index].name)))
		return;
	take(matching, row, index);
	if (*name != '\0')
		import_note(importer, IMPORT_IS_WARNING, row, matching->caption,
			    by_code ? _("“%s”按编码放到“%s”：请核对。") : _("“%s”按位置放到“%s”：请核对。"),
			    import_raw(importer, row, matching->caption), row_caption(matching->rows[index].row));
}

static const char *nearest_row(const struct matching *matching, const char *name)
{
	struct likeness nearest = likeness_to(name);
	const char *best = NULL;

	for (size_t i = 0; i < matching->row_count; i++)
		if (matching->rows[i].taken == 0) {
			likeness_offer(&nearest, matching->rows[i].name);
			if (nearest.best == matching->rows[i].name)
				best = row_caption(matching->rows[i].row);
		}
	return best;
}

/* A row of a table that takes no others; or one that looks like a misspelt row of the form. */
static void refuse_rest(struct matching *matching, size_t row)
{
	struct importer *importer = matching->importer;
	struct import_target *target = &matching->targets[row - importer->body];
	const char *name = name_at(matching, row);
	const char *nearest = *name != '\0' ? nearest_row(matching, name) : NULL;

	if (target->rows[matching->block] != NULL || target->refused ||
	    (importer->form->list >= 0 && (nearest == NULL || matching->row_count < 2)))
		return;
	target->refused = true;
	import_begin_line(importer, row, "", false);
	if (*name == '\0')
		import_note(importer, IMPORT_IS_PROBLEM, row, IMPORT_NO_COLUMN,
			    _("这一行没有项目名称，不知道该放到哪一行。"));
	else if (nearest != NULL)
		import_note(importer, IMPORT_IS_PROBLEM, row, matching->caption, _("《%s》里没有行“%s”，是不是“%s”？"),
			    importer->form->name, import_raw(importer, row, matching->caption), nearest);
	else
		import_note(importer, IMPORT_IS_PROBLEM, row, matching->caption, _("《%s》里没有行“%s”。"),
			    importer->form->name, import_raw(importer, row, matching->caption));
}

/* ---- a block ---- */

static void match_block(struct matching *matching)
{
	const struct importer *importer = matching->importer;

	for (size_t row = importer->body; row < importer->end && !import_is_hopeless(importer); row++)
		if (name_at(matching, row) != NULL)
			match_by_name(matching, row);
	for (size_t row = importer->body; row < importer->end; row++) {
		const struct import_target *target = &matching->targets[row - importer->body];

		if (name_at(matching, row) != NULL && target->rows[matching->block] == NULL && !target->refused)
			match_otherwise(matching, row);
	}
	for (size_t row = importer->body; row < importer->end && !import_is_hopeless(importer); row++)
		if (name_at(matching, row) != NULL)
			refuse_rest(matching, row);
}

static void matching_done(struct matching *matching)
{
	for (size_t i = 0; i < matching->row_count; i++)
		memory_free(matching->rows[i].name);
	for (size_t i = 0; i < matching->importer->end - matching->importer->body; i++)
		memory_free(matching->names[i]);
	memory_free(matching->rows);
	memory_free(matching->names);
}

struct import_target *import_match_fixed(struct importer *importer)
{
	const struct form_table *form = importer->form;
	struct import_target *targets =
		memory_new_array(importer->end - importer->body + 1, sizeof(*targets));

	for (int block = form->fields_class >= 0; block < form->block_count; block++) {
		struct matching matching = {.importer = importer, .targets = targets, .block = block};

		matching.caption = import_column_of(importer, form->blocks[block].caption_leaf);
		matching.code = import_column_of(importer, form->blocks[block].code_leaf);
		list_rows(&matching);
		list_names(&matching);
		match_block(&matching);
		matching_done(&matching);
	}
	return targets;
}
