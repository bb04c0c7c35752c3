/* Rows: a fixed tree as printed, for each block, or rows keyed by the codes of a catalogue. */
#include <stdlib.h>
#include <string.h>

#include "form/build.h"

#define ROW_DEPTH_MAX 12

struct reader {
	struct builder *b;
	struct table_source *source;
	size_t row_capacity, source_capacity;
	int block;
};

static const char *const row_keys[] = {"id", "caption", "code", "formula", "partial", "rows", "list", NULL};

static bool read_list(struct reader *reader, const struct yaml_node *list, int parent);

static struct form_row *add_row(struct reader *reader, int parent)
{
	struct form_table *table = reader->source->table;
	size_t count = (size_t)table->row_count;
	array_reserve(&table->rows, &reader->row_capacity, count, sizeof(*table->rows));
	array_reserve(&reader->source->rows, &reader->source_capacity, count, sizeof(*reader->source->rows));
	struct form_row *row = &table->rows[count];
	*row = (struct form_row){.class = (int)count, .parent = parent, .block = reader->block};
	row->depth = parent >= 0 ? table->rows[parent].depth + 1 : 0;
	reader->source->rows[count] = (struct row_source){0};
	table->row_count++;
	return row;
}

static bool is_above(const char *formula)
{
	const char *p = formula;
	static const char *const words[] = {"sum", "(", "above", ")"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		p += strspn(p, " \t\n");
		size_t length = strlen(words[i]);
		if (strncmp(p, words[i], length) != 0)
			return false;
		p += length;
	}
	return p[strspn(p, " \t\n")] == '\0';
}

/* A word, a code, a formula, or a word and a formula. */
static bool read_value(struct reader *reader, const struct yaml_node *value, struct form_row *row,
		       struct row_source *source)
{
	const char *word;
	scalar_split(reader->b, value, &word, &source->formula);
	if (source->formula.text != NULL) {
		if (*source->formula.text == '\0') {
			report(reader->b, source->formula.place, _("“=”后面要写公式。"));
			return false;
		}
		source->above = is_above(source->formula.text);
	}
	if (strcmp(word, "entered") == 0 || strcmp(word, "closed") == 0) {
		source->word = word[0] == 'e' ? WORD_ENTERED : WORD_CLOSED;
	} else if (is_digits(word)) {
		row->code = word;
	} else if (*word != '\0') {
		report(reader->b, place_of(value),
		       _("行“%s”后面的“%s”看不懂：可以不写，或写 "
			 "entered、closed、科目编码、以“=”开头的公式，或者下级各行。"),
		       row->caption, word);
		return false;
	}
	if (source->word != WORD_NONE && source->formula.text != NULL) {
		report(reader->b, place_of(value), _("行“%s”既写了 %s 又写了公式，请去掉一个。"),
		       row->caption, word);
		return false;
	}
	return true;
}

static bool is_row_key(const char *key)
{
	for (size_t i = 0; row_keys[i] != NULL; i++)
		if (strcmp(row_keys[i], key) == 0)
			return true;
	return false;
}

/* Keys that are no attributes must be columns of the row's block. */
static bool check_said(struct reader *reader, const struct yaml_node *map)
{
	const struct form_table *table = reader->source->table;
	bool fine = true;
	for (size_t i = 0; i < map->count; i++) {
		const char *key = map->keys[i]->text;
		if (is_row_key(key))
			continue;
		int leaf = form_leaf_find(table, key, reader->block);
		if (leaf >= 0 && !is_label(table->leaves[leaf]->type))
			continue;
		struct likeness nearest = {key, NULL, 0};
		for (size_t k = 0; row_keys[k] != NULL; k++)
			likeness_offer(&nearest, row_keys[k]);
		for (int k = 0; k < table->leaf_count; k++)
			if (!is_label(table->leaves[k]->type))
				likeness_offer(&nearest, table->leaves[k]->name);
		report(reader->b, place_of(map->keys[i]), _("“%s”既不是行的属性，也不是本表可填的栏%s。"),
		       key, likeness_hint(reader->b->arena, &nearest));
		fine = false;
	}
	return fine;
}

static bool read_attributes(struct reader *reader, const struct yaml_node *map, struct form_row *row,
			    struct row_source *source)
{
	static const char *const later[] = {"list", NULL};
	struct diag_list *diags = reader->b->diags;
	size_t errors = diags->errors;
	if (not_yet(reader->b, map, later) != NULL || !check_said(reader, map))
		return false;
	source->attributes = map;
	row->id = yaml_get_text(map, "id", NULL, diags);
	row->caption = yaml_get_text(map, "caption", row->caption, diags);
	row->partial = yaml_get_flag(map, "partial", false, diags);
	row->code = yaml_get_text(map, "code", NULL, diags);
	if (row->code != NULL && !is_digits(row->code)) {
		report(reader->b, place_of(yaml_get(map, "code")), _("科目编码“%s”要全是数字。"), row->code);
		return false;
	}
	const struct yaml_node *formula = yaml_get(map, "formula");
	if (formula != NULL) {
		const char *word = "";
		if (formula->kind == YAML_SCALAR)
			scalar_split(reader->b, formula, &word, &source->formula);
		if (source->formula.text == NULL || *word != '\0') {
			report(reader->b, place_of(formula), _("formula 要写以“=”开头的公式。"));
			return false;
		}
		source->above = is_above(source->formula.text);
	}
	return diags->errors == errors;
}

static bool read_children(struct reader *reader, const struct yaml_node *children, int class)
{
	struct form_table *table = reader->source->table;
	reader->source->rows[class].has_children = true;
	bool fine = read_list(reader, children, class);
	struct form_row *row = &table->rows[class];
	struct row_source *source = &reader->source->rows[class];
	row->total = !row->partial;
	if (!row->partial && (source->formula.text != NULL || source->word != WORD_NONE)) {
		report(reader->b, row->place,
		       _("行“%s”有下级，它的数就是下级之和，不能再写公式或 entered；只是其中一部分时请写 "
			 "partial: "
			 "true。"),
		       row->caption);
		return false;
	}
	return fine;
}

static bool read_row(struct reader *reader, const struct yaml_node *item, int parent)
{
	const struct yaml_node *key, *value, *children = NULL;
	struct builder *b = reader->b;
	if (!item_split(b, item, &key, &value))
		return false;
	struct form_row *row = add_row(reader, parent);
	int class = row->class;
	struct row_source *source = &reader->source->rows[class];
	row->caption = key->text;
	row->place = place_of(key);
	source->bare = name_of(b->arena, key->text);
	if (value != NULL && value->kind == YAML_MAP) {
		if (!read_attributes(reader, value, row, source))
			return false;
		children = yaml_get(value, "rows");
	} else if (value != NULL && value->kind == YAML_LIST) {
		children = value;
	} else if (value != NULL && !read_value(reader, value, row, source)) {
		return false;
	}
	if (*source->bare == '\0' && row->id == NULL) {
		report(b, row->place, _("行“%s”去掉编号、括号和标点后没有名称，请用 id 给它起名。"),
		       row->caption);
		return false;
	}
	if (row->partial && children == NULL) {
		report(b, row->place, _("行“%s”写了 partial，但下面没有行。"), row->caption);
		return false;
	}
	row->total = source->above;
	return children == NULL || read_children(reader, children, class);
}

static bool read_list(struct reader *reader, const struct yaml_node *list, int parent)
{
	bool fine = true;
	if (list->kind != YAML_LIST || list->count == 0) {
		report(reader->b, place_of(list), _("这里要逐行列出各行，每行以“- ”开头。"));
		return false;
	}
	if (parent >= 0 && reader->source->table->rows[parent].depth + 2 > ROW_DEPTH_MAX) {
		report(reader->b, place_of(list), _("行最多分 %d 级。"), ROW_DEPTH_MAX);
		return false;
	}
	for (size_t i = 0; i < list->count; i++)
		fine = read_row(reader, list->items[i], parent) && fine;
	return fine;
}

/* The top group that is block `name`; columns below it get the block's number. */
static struct form_column *top_group(struct form_table *table, const char *name)
{
	for (int i = 0; i < table->head->child_count; i++) {
		struct form_column *column = table->head->children[i];
		if (column->leaf < 0 &&
		    (strcmp(column->name, name) == 0 || strcmp(column->caption, name) == 0 ||
		     (column->id != NULL && strcmp(column->id, name) == 0)))
			return column;
	}
	return NULL;
}

static void set_block(struct form_column *column, int block)
{
	column->block = column->leaf >= 0 && column->type == FORM_ORDINAL ? -1 : block;
	for (int i = 0; i < column->child_count; i++)
		set_block(column->children[i], block);
}

static void find_labels(const struct form_table *table, struct form_block *block)
{
	block->code_leaf = block->caption_leaf = -1;
	for (int i = block->first_leaf; i < block->first_leaf + block->leaf_count; i++) {
		if (table->leaves[i]->type == FORM_CODE)
			block->code_leaf = i;
		else if (table->leaves[i]->type == FORM_CAPTION)
			block->caption_leaf = i;
	}
}

static bool name_blocks(struct reader *reader, const struct yaml_node *rows)
{
	struct form_table *table = reader->source->table;
	bool fine = true;
	if (rows->count != 2) {
		report(reader->b, place_of(rows), _("rows 按栏组分列时要正好写两组，这里有 %zu 组。"),
		       rows->count);
		return false;
	}
	set_block(table->head, -1);
	for (int i = 0; i < 2; i++) {
		const struct yaml_node *key = rows->keys[i];
		struct form_column *group = top_group(table, key->text);
		if (group == NULL) {
			struct likeness nearest = {key->text, NULL, 0};
			for (int k = 0; k < table->head->child_count; k++)
				likeness_offer(&nearest, table->head->children[k]->name);
			report(reader->b, place_of(key),
			       _("columns 最外层没有“%s”这个栏组%s；rows 的两个名称要与栏组一致。"),
			       key->text, likeness_hint(reader->b->arena, &nearest));
			fine = false;
			continue;
		}
		set_block(group, i);
		table->blocks[i] =
			(struct form_block){group->name, group->first_leaf, group->leaf_count, -1, -1};
		find_labels(table, &table->blocks[i]);
	}
	table->block_count = 2;
	for (int i = 0; fine && i < table->head->child_count; i++) {
		const struct form_column *column = table->head->children[i];
		if (column->block < 0 && (column->leaf < 0 || column->type != FORM_ORDINAL)) {
			report(reader->b, column->place, _("栏“%s”不属于 rows 的任何一组：%s、%s。"),
			       column->caption, table->blocks[0].name, table->blocks[1].name);
			fine = false;
		}
	}
	return fine;
}

static bool require_caption(struct reader *reader)
{
	const struct form_table *table = reader->source->table;
	bool fine = true;
	for (int i = 0; i < table->block_count; i++) {
		if (table->blocks[i].caption_leaf >= 0)
			continue;
		report(reader->b, place_of(yaml_get(reader->source->root, "columns")),
		       _("表“%s”%s%s没有写行名的栏，请给一栏写上 caption，例如 - 项目: caption。"),
		       table->name, *table->blocks[i].name != '\0' ? _("的栏组") : "", table->blocks[i].name);
		fine = false;
	}
	return fine;
}

static int level_named(const struct catalogue *catalogue, const char *name)
{
	for (int i = 0; i < catalogue->level_count; i++)
		if (strcmp(catalogue->levels[i].name, name) == 0)
			return i;
	return -1;
}

static bool read_coded(struct reader *reader, const struct yaml_node *rows)
{
	static const char *const known[] = {"by", "total", "at", "level", "number", "list", NULL};
	static const char *const later[] = {"number", "list", NULL};
	struct builder *b = reader->b;
	struct form_table *table = reader->source->table;
	size_t errors = b->diags->errors;
	yaml_require_known(rows, known, b->diags);
	if (not_yet(b, rows, later) != NULL)
		return false;
	const char *by = yaml_get_text(rows, "by", NULL, b->diags);
	const char *at = yaml_get_text(rows, "at", "top", b->diags);
	const char *level = yaml_get_text(rows, "level", NULL, b->diags);
	if (by == NULL)
		return false;
	struct form_coded *coded = table->coded = arena_take(b->arena, sizeof(*coded));
	coded->total = yaml_get_text(rows, "total", NULL, b->diags);
	coded->total_name = coded->total != NULL ? name_of(b->arena, coded->total) : NULL;
	coded->total_below = strcmp(at, "bottom") == 0;
	if (!coded->total_below && strcmp(at, "top") != 0)
		report(b, place_of(yaml_get(rows, "at")), _("at 只能写 top 或 bottom。"));
	coded->catalogue = builder_catalogue(b, by, place_of(yaml_get(rows, "by")));
	if (coded->catalogue == NULL)
		return false;
	coded->leaf_level =
		level != NULL ? level_named(coded->catalogue, level) : coded->catalogue->level_count - 1;
	if (coded->leaf_level < 0)
		report(b, place_of(yaml_get(rows, "level")), _("科目目录“%s”没有“%s”这一级。"),
		       coded->catalogue->title, level);
	if (table->blocks[0].code_leaf < 0)
		report(b, place_of(yaml_get(reader->source->root, "columns")),
		       _("表“%s”按科目编码分行，要有一栏写 code，例如 - 科目编码: code。"), table->name);
	table->class_count = FORM_CODED_CLASSES;
	return b->diags->errors == errors;
}

static bool read_kind(struct reader *reader, const struct yaml_node *rows)
{
	static const char *const later[] = {"list", NULL};
	if (rows->kind == YAML_LIST)
		return read_list(reader, rows, -1);
	if (rows->kind != YAML_MAP || rows->count == 0) {
		report(reader->b, place_of(rows),
		       _("rows 要逐行列出各行，或者写 {by: 科目目录, total: 合计}。"));
		return false;
	}
	if (yaml_get(rows, "by") != NULL)
		return read_coded(reader, rows);
	if (not_yet(reader->b, rows, later) != NULL || !name_blocks(reader, rows))
		return false;
	bool fine = true;
	for (int i = 0; i < 2; i++) {
		reader->block = i;
		fine = read_list(reader, rows->items[i], -1) && fine;
	}
	return fine;
}

/* From growing arrays to arrays of the arena. */
static void settle(struct reader *reader)
{
	struct table_source *source = reader->source;
	struct form_table *table = source->table;
	size_t count = (size_t)table->row_count;
	struct form_row *rows = arena_take(reader->b->arena, (count + 1) * sizeof(*rows));
	struct row_source *sources = arena_take(reader->b->arena, (count + 1) * sizeof(*sources));
	for (size_t i = 0; i < count; i++) {
		rows[i] = table->rows[i];
		sources[i] = source->rows[i];
	}
	memory_free(table->rows);
	memory_free(source->rows);
	table->rows = rows;
	source->rows = sources;
}

bool rows_read(struct builder *b, struct table_source *source)
{
	struct form_table *table = source->table;
	struct reader reader = {b, source, 0, 0, 0};
	const struct yaml_node *rows = yaml_get(source->root, "rows");
	if (rows == NULL) {
		report(b, place_of(source->root), _("表“%s”没有 rows，请列出各行。"), table->name);
		return false;
	}
	set_block(table->head, 0);
	table->block_count = 1;
	table->blocks[0] = (struct form_block){"", 0, table->leaf_count, -1, -1};
	find_labels(table, &table->blocks[0]);
	bool fine = read_kind(&reader, rows);
	settle(&reader);
	if (table->coded == NULL)
		table->class_count = table->row_count;
	return fine && require_caption(&reader);
}
