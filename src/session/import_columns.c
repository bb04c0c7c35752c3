/* Which column of an imported text is which column of the table: by its head, by position, by what it holds. */
#include <stdio.h>
#include <string.h>

#include "base/likeness.h"
#include "base/memory.h"
#include "base/text.h"
#include "session/importer.h"

#define PATH_PARTS 9

int import_first_leaf(const struct form_table *form)
{
	return form->fields_class >= 0 ? form->blocks[0].leaf_count : 0;
}

size_t import_column_of(const struct importer *importer, int leaf)
{
	for (size_t i = 0; leaf >= 0 && i < importer->column_count; i++)
		if (importer->columns[i].leaf == leaf)
			return i;
	return IMPORT_NO_COLUMN;
}

/* ---- captions ---- */

static void add_caption(struct importer *importer, const struct form_column *column, const char *text)
{
	char *name = import_name_of(text);

	if (*name != '\0') {
		array_reserve(&importer->captions, &importer->caption_capacity, importer->caption_count,
			      sizeof(*importer->captions));
		importer->captions[importer->caption_count++] =
			(struct import_caption){column, arena_keep(importer->work->arena, name)};
		map_set(importer->caption_names, name, importer);
	} else {
		memory_free(name);
	}
}

static void add_captions(struct importer *importer, const struct form_column *column)
{
	struct buffer filled = {0};

	if (column->depth >= 0) {
		add_caption(importer, column, column->caption);
		add_caption(importer, column, column->name);
		if (column->id != NULL)
			add_caption(importer, column, column->id);
		if (strchr(column->caption, '<') != NULL) {
			workbook_sheet_expand(importer->workbook, importer->form->index, importer->sheet,
					      column->caption, &filled);
			add_caption(importer, column, buffer_text(&filled));
		}
	}
	buffer_done(&filled);
	for (int i = 0; i < column->child_count; i++)
		add_captions(importer, column->children[i]);
}

void import_learn_captions(struct importer *importer)
{
	importer->caption_names = map_new();
	add_captions(importer, importer->form->head);
}

static bool has_name(const struct importer *importer, const struct form_column *column, const char *name)
{
	if (map_get(importer->caption_names, name) == NULL)
		return false;
	for (size_t i = 0; i < importer->caption_count; i++)
		if (importer->captions[i].column == column && strcmp(importer->captions[i].name, name) == 0)
			return true;
	return false;
}

static bool is_label_type(enum form_type type)
{
	return type == FORM_CODE || type == FORM_CAPTION || type == FORM_ORDINAL;
}

/* 编码 for 科目编码, 科目名称 for 名称: one ends with the other. Others say 代码. */
static bool resembles_label(const struct importer *importer, const struct form_column *column, const char *name)
{
	static const char other_word[] = "代码", word[] = "编码";
	size_t one = strlen(name);
	char room[64];

	if (!is_label_type(column->type) || column->leaf < 0)
		return false;
	if (one >= strlen(other_word) && one < sizeof(room) &&
	    strcmp(name + one - strlen(other_word), other_word) == 0) {
		snprintf(room, sizeof(room), "%.*s%s", (int)(one - strlen(other_word)), name, word);
		name = room;
	}
	for (size_t i = 0; i < importer->caption_count; i++) {
		const char *other = importer->captions[i].name;
		size_t two = strlen(other), least = one < two ? one : two;

		if (importer->captions[i].column == column && least >= strlen("编码") &&
		    strcmp(name + one - least, other + two - least) == 0)
			return true;
	}
	return false;
}

/* The level of codes that is called so (类 款 项), -1. */
static int level_of(const struct importer *importer, const char *name)
{
	const struct form_coded *coded = importer->form->coded;

	for (int i = 0; coded != NULL && i <= coded->leaf_level; i++)
		if (strcmp(coded->catalogue->levels[i].name, name) == 0)
			return i;
	return -1;
}

/* 科目, 功能分类科目: the code, perhaps with its name behind it. */
static bool is_code_word(const struct importer *importer, const char *name)
{
	static const char word[] = "科目";
	size_t length = strlen(name);

	return importer->form->coded != NULL && length >= strlen(word) &&
	       strcmp(name + length - strlen(word), word) == 0;
}

static bool is_in_head(const struct importer *importer, const char *name, bool groups_only)
{
	const struct form_table *form = importer->form;

	if (groups_only && map_get(importer->caption_names, name) != NULL)
		for (size_t i = 0; i < importer->caption_count; i++)
			if (importer->captions[i].column->leaf < 0 && strcmp(importer->captions[i].name, name) == 0)
				return true;
	if (groups_only)
		return false;
	if (map_get(importer->caption_names, name) != NULL || level_of(importer, name) >= 0 ||
	    is_code_word(importer, name))
		return true;
	for (int leaf = import_first_leaf(form); leaf < form->leaf_count; leaf++)
		if (resembles_label(importer, form->leaves[leaf], name))
			return true;
	return false;
}

bool import_is_caption(const struct importer *importer, const char *text, bool groups_only)
{
	const char *slash = strrchr(text, '/');
	char *name = import_name_of(text);
	bool found = *name != '\0' && is_in_head(importer, name, groups_only);

	memory_free(name);
	if (found || slash == NULL || groups_only)
		return found;
	name = import_name_of(slash + 1);
	found = *name != '\0' && is_in_head(importer, name, false);
	memory_free(name);
	return found;
}

/* ---- paths: what stands above a column ---- */

struct path { /* names, the outermost group first */
	char *parts[PATH_PARTS];
	size_t count;
};

static void path_done(struct path *path)
{
	for (size_t i = 0; i < path->count; i++)
		memory_free(path->parts[i]);
}

static void path_add(struct path *path, const char *text)
{
	char *name = import_name_of(text);

	if (path->count == PATH_PARTS || *name == '\0' ||
	    (path->count > 0 && strcmp(path->parts[path->count - 1], name) == 0 && strchr(text, '/') == NULL)) {
		memory_free(name);
		return;
	}
	path->parts[path->count++] = name;
}

/* The cell of the head at `row`, or where a merged group left it blank, the group's. */
static const char *head_cell(const struct importer *importer, size_t row, size_t column, size_t end)
{
	const char *own = import_raw(importer, row, column);
	bool below = false;

	if (*own != '\0')
		return own;
	for (size_t i = row + 1; i < end && !below; i++)
		below = *import_raw(importer, i, column) != '\0';
	for (size_t left = column; below && left > 0; left--) {
		const char *cell = import_raw(importer, row, left - 1);

		if (*cell != '\0')
			return import_is_caption(importer, cell, true) ? cell : "";
	}
	return "";
}

/* Cuts 收入/项目; a caption may itself hold a slash. */
static void path_add_text(const struct importer *importer, struct path *path, const char *text)
{
	char *name = import_name_of(text);
	bool whole = strchr(text, '/') == NULL || is_in_head(importer, name, false);

	memory_free(name);
	if (whole) {
		path_add(path, text);
		return;
	}
	while (*text != '\0') {
		size_t length = strcspn(text, "/");
		char *part = memory_copy_bytes(text, length);
		name = import_name_of(part);
		if (path->count < PATH_PARTS && *name != '\0')
			path->parts[path->count++] = name;
		else
			memory_free(name);
		memory_free(part);
		text += length + (text[length] == '/');
	}
}

static void path_of(const struct importer *importer, size_t column, size_t first, size_t end, struct path *path)
{
	path->count = 0;
	for (size_t row = first; row < end; row++)
		path_add_text(importer, path, head_cell(importer, row, column, end));
}

/* How many of the groups of `path` stand above `column`; -1: one of them does not. */
static int groups_matched(const struct importer *importer, const struct form_column *column,
			  const struct path *path)
{
	const struct form_column *group = column->parent;
	int matched = 0;

	for (size_t i = path->count - 1; i-- > 0; matched++) {
		while (group != NULL && group->depth >= 0 && group->caption != NULL &&
		       !has_name(importer, group, path->parts[i]))
			group = group->parent;
		if (group == NULL || group->depth < 0 || group->caption == NULL)
			return -1;
		group = group->parent;
	}
	return matched;
}

/* The leaves of the grid that `path` can mean. With groups that the table does not have, none. */
static int leaves_of_path(const struct importer *importer, const struct path *path, int *out, int most)
{
	const struct form_table *form = importer->form;
	int count = 0;

	if (path->count == 0)
		return 0;
	for (int leaf = import_first_leaf(form); leaf < form->leaf_count; leaf++)
		if (has_name(importer, form->leaves[leaf], path->parts[path->count - 1]) &&
		    groups_matched(importer, form->leaves[leaf], path) >= 0 && count < most)
			out[count++] = leaf;
	return count;
}

/* The whole code of a table that prints it in parts, or beside its name: the group above them. */
static bool is_code_group(const struct importer *importer, const struct form_column *column, const char *name)
{
	if (column->leaf >= 0)
		return false;
	if (column->depth >= 0 && has_name(importer, column, name)) {
		bool code = false, all = true;
		for (int i = 0; i < column->child_count; i++) {
			code = code || column->children[i]->type == FORM_CODE;
			all = all && is_label_type(column->children[i]->type);
		}
		if (code && all)
			return true;
	}
	for (int i = 0; i < column->child_count; i++)
		if (is_code_group(importer, column->children[i], name))
			return true;
	return false;
}

bool import_path_is_known(const struct importer *importer, size_t column, size_t first, size_t end, size_t *parts)
{
	struct path path;
	int leaves[8];
	bool known;

	path_of(importer, column, first, end, &path);
	*parts = path.count;
	known = leaves_of_path(importer, &path, leaves, 8) > 0 ||
		(path.count > 0 && level_of(importer, path.parts[path.count - 1]) >= 0);
	if (!known && path.count > 1) {
		for (int leaf = 0; leaf < importer->form->leaf_count && !known; leaf++)
			for (const struct form_column *group = importer->form->leaves[leaf]->parent;
			     group != NULL && group->caption != NULL && group->depth >= 0 && !known;
			     group = group->parent)
				known = has_name(importer, group, path.parts[path.count - 1]) &&
					groups_matched(importer, group, &path) >= 0;
	}
	path_done(&path);
	return known;
}

/* ---- by the head ---- */

struct matching { /* columns of the text to leaves of the table */
	struct importer *importer;
	struct path *paths; /* of each column */
	int *leaves;        /* of each column; NONE, UNKNOWN, SEVERAL */
	size_t *columns;    /* of each leaf: the column that it has got, IMPORT_NO_COLUMN */
	bool failed;
};
enum { NONE = -1, UNKNOWN = -2, SEVERAL = -3 };

static const char *last_part(const struct path *path)
{
	return path->parts[path->count - 1];
}

static void assign(struct matching *matching, size_t column, int leaf)
{
	struct importer *importer = matching->importer;
	size_t other = matching->columns[leaf];

	matching->leaves[column] = leaf;
	if (other == IMPORT_NO_COLUMN) {
		matching->columns[leaf] = column;
		return;
	}
	import_note(importer, IMPORT_IS_PROBLEM, importer->head, column,
		    _("第 %zu 栏和第 %zu 栏都是“%s”：请删去一栏，或改成它们各自的栏名。"), other + 1, column + 1,
		    importer->form->leaves[leaf]->name);
	matching->failed = true;
}

/* The first row below the head that has something in the column; the end: none. */
static size_t first_filled(const struct importer *importer, size_t column)
{
	size_t row = importer->body;

	while (row < importer->end && *import_raw(importer, row, column) == '\0')
		row++;
	return row;
}

/* A column of line numbers that the table does not have. */
static bool is_line_number(const char *name)
{
	static const char *const names[] = {"序号", "序", "行次", "行号", "编号", "栏次"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* What has one place where it can go. */
static void match_one(struct matching *matching, size_t column)
{
	struct importer *importer = matching->importer;
	const struct path *path = &matching->paths[column];
	int found[PATH_PARTS], count;

	matching->leaves[column] = NONE;
	if (path->count == 0)
		return;
	importer->columns[column].level = level_of(importer, last_part(path));
	count = leaves_of_path(importer, path, found, PATH_PARTS);
	if (importer->columns[column].level >= 0)
		return;
	if (count == 1)
		assign(matching, column, found[0]);
	else
		matching->leaves[column] = count > 1 ? SEVERAL : UNKNOWN;
}

/* Captions that occur several times, in the text as in the table, belong together in their order: 行政 under
 * 编制人数, 行政 under 在职人数. */
static void match_in_order(struct matching *matching, size_t column)
{
	struct importer *importer = matching->importer;
	const struct path *path = &matching->paths[column];
	int leaves[PATH_PARTS], count = leaves_of_path(importer, path, leaves, PATH_PARTS), free_count = 0;
	size_t same = 0;

	for (int i = 0; i < count; i++)
		if (matching->columns[leaves[i]] == IMPORT_NO_COLUMN)
			leaves[free_count++] = leaves[i];
	for (size_t i = column; i < importer->column_count; i++)
		same += matching->leaves[i] == SEVERAL &&
			strcmp(last_part(&matching->paths[i]), last_part(path)) == 0;
	if (free_count == 0 || same != (size_t)free_count) {
		import_note(importer, IMPORT_IS_PROBLEM, importer->head, column,
			    _("“%s”在表里不止一栏，分不清是哪一栏：请在栏名前面写上它的组，例如 %s。"),
			    importer->columns[column].head, importer->form->leaves[leaves[0]]->path);
		matching->leaves[column] = NONE;
		matching->failed = true;
		return;
	}
	for (size_t i = column, k = 0; i < importer->column_count; i++)
		if (matching->leaves[i] == SEVERAL &&
		    strcmp(last_part(&matching->paths[i]), last_part(path)) == 0)
			assign(matching, i, leaves[k++]);
}

static void refuse_unknown(struct matching *matching, size_t column)
{
	struct importer *importer = matching->importer;
	const struct form_table *form = importer->form;
	const struct path *path = &matching->paths[column];
	struct likeness nearest = likeness_to(path->count > 0 ? last_part(path) : "");

	for (int leaf = import_first_leaf(form); leaf < form->leaf_count; leaf++)
		likeness_offer(&nearest, form->leaves[leaf]->name);
	if (path->count == 0)
		import_note(importer, IMPORT_IS_PROBLEM, first_filled(importer, column), column,
			    _("这里有内容，这一栏却没有栏名：请补上栏名，或核对这一行是不是多了一格。"));
	else if (nearest.best != NULL)
		import_note(importer, IMPORT_IS_PROBLEM, importer->head, column, _("《%s》没有栏“%s”，是不是“%s”？"),
			    form->name, importer->columns[column].head, nearest.best);
	else
		import_note(importer, IMPORT_IS_PROBLEM, importer->head, column,
			    _("《%s》没有栏“%s”：请改成表里的栏名，或删去这一栏。"), form->name,
			    importer->columns[column].head);
	matching->failed = true;
}

/* The label that nobody has claimed and that the caption resembles. */
static int free_label(const struct matching *matching, const char *name)
{
	const struct form_table *form = matching->importer->form;

	for (int leaf = import_first_leaf(form); leaf < form->leaf_count; leaf++)
		if (matching->columns[leaf] == IMPORT_NO_COLUMN &&
		    resembles_label(matching->importer, form->leaves[leaf], name))
			return leaf;
	return -1;
}

static bool has_levels(const struct importer *importer)
{
	for (size_t i = 0; i < importer->column_count; i++)
		if (importer->columns[i].level >= 0)
			return true;
	return false;
}

/* A column without a head behind one of codes: 类 款 项 under one merged head. */
static bool match_code_part(struct matching *matching, size_t column)
{
	struct import_column *columns = matching->importer->columns;
	int before = column > 0 ? columns[column - 1].level : -1;

	if (before < 0 || matching->paths[column].count > 0 || !import_is_code_part(matching->importer, column))
		return false;
	if (before == IMPORT_WHOLE_CODE)
		before = columns[column - 1].level = 0;
	columns[column].level = before + 1;
	return true;
}

/* What the head does not say outright. */
static void match_rest(struct matching *matching, size_t column)
{
	struct importer *importer = matching->importer;
	const struct path *path = &matching->paths[column];
	const char *name = path->count > 0 ? last_part(path) : "";
	int leaf = *name != '\0' ? free_label(matching, name) : -1;

	matching->leaves[column] = NONE;
	if (importer->form->coded != NULL && *name != '\0' && !has_levels(importer) &&
	    (is_code_group(importer, importer->form->head, name) || is_code_word(importer, name)))
		importer->columns[column].level = IMPORT_WHOLE_CODE;
	else if (leaf >= 0)
		assign(matching, column, leaf);
	else if (!match_code_part(matching, column) && !is_line_number(name) &&
		 first_filled(importer, column) < importer->end)
		refuse_unknown(matching, column);
}

/* The column of whole codes, once it is known which it is. */
static void mark_codes(struct matching *matching, size_t column)
{
	const struct form_table *form = matching->importer->form;

	if (form->coded != NULL && matching->leaves[column] >= 0 &&
	    matching->leaves[column] == form->blocks[0].code_leaf)
		matching->importer->columns[column].level = IMPORT_WHOLE_CODE;
}

static const char *head_text(struct importer *importer, size_t column)
{
	struct buffer text = {0};
	char *copy;

	for (size_t row = importer->head; row < importer->head_end; row++) {
		const char *cell = head_cell(importer, row, column, importer->head_end);
		if (*cell != '\0')
			buffer_format(&text, "%s%s", text.length > 0 ? "/" : "", cell);
	}
	copy = import_copy(importer, buffer_text(&text));
	buffer_done(&text);
	return copy;
}

void import_begin_columns(struct importer *importer, size_t first_row)
{
	importer->column_count = 0;
	for (size_t row = first_row; row < importer->end; row++)
		if (importer->text->rows[row].count > importer->column_count)
			importer->column_count = importer->text->rows[row].count;
	importer->columns = memory_new_array(importer->column_count + 1, sizeof(*importer->columns));
	for (size_t i = 0; i <= importer->column_count; i++)
		importer->columns[i] = (struct import_column){.leaf = -1, .level = -1, .head = ""};
}

/* An amount's head may say its unit: 预算数（元）. */
static void read_unit(struct matching *matching, size_t column)
{
	struct importer *importer = matching->importer;
	int leaf = matching->leaves[column];

	if (leaf < 0 || importer->form->leaves[leaf]->type != FORM_MONEY ||
	    !import_unit_in(importer->columns[column].head, true, &importer->columns[column].unit) ||
	    importer->columns[column].unit != NULL || importer->work->settings.unit != NULL)
		return;
	import_note(importer, IMPORT_IS_PROBLEM, importer->head, column,
		    _("不认识“%s”的计量单位：请用 --unit 说明是元还是万元。"), importer->columns[column].head);
	matching->failed = true;
}

bool import_columns_by_head(struct importer *importer)
{
	size_t leaves = (size_t)importer->form->leaf_count + 1;
	struct matching matching = {.importer = importer};

	import_begin_columns(importer, importer->head);
	matching.paths = memory_new_array(importer->column_count + 1, sizeof(*matching.paths));
	matching.leaves = memory_new_array(importer->column_count + 1, sizeof(*matching.leaves));
	matching.columns = memory_new_array(leaves, sizeof(*matching.columns));
	for (size_t i = 0; i < leaves; i++)
		matching.columns[i] = IMPORT_NO_COLUMN;
	for (size_t i = 0; i < importer->column_count; i++) {
		importer->columns[i].head = head_text(importer, i);
		path_of(importer, i, importer->head, importer->head_end, &matching.paths[i]);
		match_one(&matching, i);
	}
	for (size_t i = 0; i < importer->column_count; i++)
		if (matching.leaves[i] == SEVERAL)
			match_in_order(&matching, i);
	for (size_t i = 0; i < importer->column_count; i++) {
		if (matching.leaves[i] == UNKNOWN || matching.paths[i].count == 0)
			match_rest(&matching, i);
		mark_codes(&matching, i);
	}
	for (size_t i = 0; i < importer->column_count; i++) {
		importer->columns[i].leaf = matching.leaves[i] >= 0 ? matching.leaves[i] : -1;
		read_unit(&matching, i);
		path_done(&matching.paths[i]);
	}
	memory_free(matching.paths);
	memory_free(matching.leaves);
	memory_free(matching.columns);
	return !matching.failed;
}
