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
static const char *const list_keys[] = {"list", "total", "at", "number", "formula", NULL};

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

/* A column of which a row may say something. */
static bool is_sayable(const struct form_column *column)
{
	return column->type != FORM_ORDINAL && (column->type != FORM_CODE || column->level < 0);
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
		if (leaf >= 0 && is_sayable(table->leaves[leaf]))
			continue;
		struct likeness nearest = {key, NULL, 0};
		for (size_t k = 0; row_keys[k] != NULL; k++)
			likeness_offer(&nearest, row_keys[k]);
		for (int k = 0; k < table->leaf_count; k++)
			if (is_sayable(table->leaves[k]))
				likeness_offer(&nearest, table->leaves[k]->name);
		report(reader->b, place_of(map->keys[i]), _("“%s”既不是行的属性，也不是本表可填的栏%s，请改正。"),
		       key, likeness_hint(reader->b->arena, &nearest));
		fine = false;
	}
	return fine;
}

static bool read_attributes(struct reader *reader, const struct yaml_node *map, struct form_row *row,
			    struct row_source *source)
{
	struct diag_list *diags = reader->b->diags;
	size_t errors = diags->errors;
	if (!check_said(reader, map))
		return false;
	source->attributes = map;
	row->id = item_id(reader->b, map);
	row->caption = yaml_get_text(map, "caption", row->caption, diags);
	row->partial = yaml_get_flag(map, "partial", false, diags);
	row->code = yaml_get_text(map, "code", NULL, diags);
	if (row->code != NULL && !is_digits(row->code)) {
		report(reader->b, place_of(yaml_get(map, "code")), _("科目编码“%s”要全是数字。"), row->code);
		return false;
	}
	const struct yaml_node *formula = yaml_get(map, "formula");
	if (formula != NULL) {
		if (!formula_read(reader->b, formula, &source->formula))
			return false;
		source->above = is_above(source->formula.text);
	}
	return diags->errors == errors;
}

/* The entries of list `name` stand below row `after`, -1: before all rows, and add up into `parent`. */
static bool set_list(struct reader *reader, const struct yaml_node *name, int after, int parent)
{
	struct form_table *table = reader->source->table;
	if (table->list >= 0) {
		report(reader->b, place_of(name), _("一张表里只能有一处 list：请去掉一处，或者拆成两张表。"));
		return false;
	}
	table->list = list_named(reader->b, name);
	table->entry_after = after;
	table->entry_parent = parent;
	return table->list >= 0;
}

/* Rows, or entries of a list, that are the row's sum. */
static bool read_children(struct reader *reader, const struct yaml_node *children,
			  const struct yaml_node *list, int class)
{
	struct form_table *table = reader->source->table;
	bool partial = table->rows[class].partial;
	if (children != NULL && list != NULL) {
		report(reader->b, place_of(list), _("行“%s”下面或者列各行，或者写 list，不能都写。"),
		       table->rows[class].caption);
		return false;
	}
	reader->source->rows[class].has_children = true;
	bool fine = list != NULL ? set_list(reader, list, class, partial ? -1 : class)
				 : read_list(reader, children, class);
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
	const struct yaml_node *key, *value, *children = NULL, *list = NULL;
	struct builder *b = reader->b;
	if (!item_split(b, item, &key, &value))
		return false;
	item_warn_nothing(b, item);
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
		list = yaml_get(value, "list");
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
	if (row->partial && children == NULL && list == NULL) {
		report(b, row->place, _("行“%s”写了 partial，但下面没有行：请写上其中各行，或者去掉 partial。"), row->caption);
		return false;
	}
	row->total = source->above;
	return (children == NULL && list == NULL) || read_children(reader, children, list, class);
}

static bool read_list(struct reader *reader, const struct yaml_node *list, int parent)
{
	bool fine = true;
	if (list->kind != YAML_LIST || list->count == 0) {
		report(reader->b, place_of(list), _("这里要逐行列出各行，每行以“- ”开头。"));
		return false;
	}
	if (parent >= 0 && reader->source->table->rows[parent].depth + 2 > ROW_DEPTH_MAX) {
		report(reader->b, place_of(list), _("行最多分 %d 级，请减少级数。"), ROW_DEPTH_MAX);
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
	if (column == NULL)
		return;
	column->block = column->leaf >= 0 && column->type == FORM_ORDINAL ? -1 : block;
	for (int i = 0; i < column->child_count; i++)
		set_block(column->children[i], block);
}

static struct form_block new_block(const char *name, const struct form_column *columns)
{
	return (struct form_block){.name = name,
				   .first_leaf = columns->first_leaf,
				   .leaf_count = columns->leaf_count,
				   .code_leaf = -1,
				   .caption_leaf = -1};
}

static void find_labels(const struct form_table *table, struct form_block *block)
{
	block->code_leaf = block->caption_leaf = -1;
	for (int i = block->first_leaf; i < block->first_leaf + block->leaf_count; i++) {
		const struct form_column *leaf = table->leaves[i];
		if (leaf->type == FORM_CODE && leaf->catalogue == NULL && block->code_leaf < 0)
			block->code_leaf = i;
		else if (leaf->type == FORM_CAPTION && block->caption_leaf < 0)
			block->caption_leaf = i;
	}
}

/* A row has one code and one caption; several columns may show parts of the code. */
static bool check_labels(struct reader *reader)
{
	const struct form_table *table = reader->source->table;
	for (int i = 0; i < table->leaf_count; i++) {
		const struct form_column *leaf = table->leaves[i];
		const struct form_block *block = &table->blocks[leaf->block < 0 ? 0 : leaf->block];
		bool caption = leaf->type == FORM_CAPTION && i != block->caption_leaf;
		bool code = leaf->type == FORM_CODE && leaf->catalogue == NULL && i != block->code_leaf &&
			    reader->source->columns[i].level == NULL;
		if (!caption && !code)
			continue;
		report(reader->b, leaf->place,
		       _("栏“%s”：一组栏里 caption 只能有一栏，code 也只能有一栏（带 catalogue 或 level "
			 "的除外）。"),
		       leaf->caption);
		return false;
	}
	return true;
}

static bool name_blocks(struct reader *reader, const struct yaml_node *rows)
{
	struct form_table *table = reader->source->table;
	bool fine = true;
	if (table->fields != NULL) {
		report(reader->b, place_of(rows), _("有 fields 的表，rows 不能再按栏组分列：请去掉 fields，或者只用一组栏。"));
		return false;
	}
	if (rows->count != 2) {
		report(reader->b, place_of(rows), _("rows 按栏组分列时要正好写两组，这里有 %u 组。"),
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
		table->blocks[i] = new_block(group->name, group);
		find_labels(table, &table->blocks[i]);
	}
	table->block_count = 2;
	for (int i = 0; fine && i < table->head->child_count; i++) {
		const struct form_column *column = table->head->children[i];
		if (column->block < 0 && (column->leaf < 0 || column->type != FORM_ORDINAL)) {
			report(reader->b, column->place, _("栏“%s”不属于 rows 的任何一组：请把它移到 %s 或 %s 里。"),
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
	for (int i = table->fields != NULL ? 1 : 0; i < table->block_count; i++) {
		bool bare = table->coded == NULL && table->row_count <= 1;
		if (table->blocks[i].caption_leaf >= 0 || bare)
			continue;
		report(reader->b, place_of(yaml_get(reader->source->root, "columns")),
		       _("表“%s”%s%s没有写行名的栏，请给一栏写上 caption，例如 - 项目: caption。"),
		       table->name, *table->blocks[i].name != '\0' ? _("的栏组") : "", table->blocks[i].name);
		fine = false;
	}
	return fine;
}

/* `at:` of a total; true: below. */
bool rows_at_bottom(struct builder *b, const struct yaml_node *rows)
{
	const char *at = yaml_get_text(rows, "at", "top", b->diags);
	if (strcmp(at, "bottom") != 0 && strcmp(at, "top") != 0)
		report(b, place_of(yaml_get(rows, "at")), _("at 只能写 top 或 bottom。"));
	return strcmp(at, "bottom") == 0;
}

/* `一、` or `1、`: how generated rows are numbered. */
const char *rows_number(struct builder *b, const struct yaml_node *rows)
{
	const char *number = yaml_get_text(rows, "number", NULL, b->diags);
	int style = 0;
	if (number != NULL && caption_number(number, &style) != 1)
		report(b, place_of(yaml_get(rows, "number")),
		       _("number 要写第一行的编号，例如 一、 1、 （1）。"));
	return number;
}

/* The total of a list: an ordinary fixed row that its entries add up into. `total` is its caption, or its
 * attributes. */
static bool read_total(struct reader *reader, const struct yaml_node *total)
{
	struct form_row *row = add_row(reader, -1);
	struct row_source *source = &reader->source->rows[row->class];
	row->caption = total->kind == YAML_SCALAR ? total->text : "";
	row->place = place_of(total);
	row->total = true;
	source->has_children = true;
	if (total->kind == YAML_MAP && !read_attributes(reader, total, row, source))
		return false;
	source->bare = name_of(reader->b->arena, row->caption);
	if (*source->bare != '\0' && row->code == NULL && source->formula.text == NULL && !row->partial &&
	    yaml_get(total, "rows") == NULL && yaml_get(total, "list") == NULL)
		return true;
	report(reader->b, row->place,
	       _("total 要写合计行的名称，例如 total: 合计，或者 total: {caption: 合计, 单价: closed}。"));
	return false;
}

/* {list: 项目, total: 合计} */
static bool read_entries(struct reader *reader, const struct yaml_node *rows)
{
	struct builder *b = reader->b;
	struct form_table *table = reader->source->table;
	const struct yaml_node *total = yaml_get(rows, "total"), *formula = yaml_get(rows, "formula");
	size_t errors = b->diags->errors;
	yaml_require_known(rows, list_keys, b->diags);
	bool below = rows_at_bottom(b, rows);
	table->entry_number = rows_number(b, rows);
	if (table->entry_number != NULL && table->blocks[table->block_count - 1].caption_leaf < 0)
		report(b, place_of(yaml_get(rows, "number")),
		       _("number 印在行名前面，表“%s”却没有 caption 的栏：请给一栏写上 caption，或者去掉 number。"), table->name);
	if (formula != NULL)
		formula_read(b, formula, &reader->source->entry_formula);
	if (b->diags->errors > errors || (total != NULL && !read_total(reader, total)))
		return false;
	int row = total != NULL ? 0 : -1;
	return set_list(reader, yaml_get(rows, "list"), below ? -1 : row, row);
}

static struct form_row *add_printed(struct reader *reader, const char *caption, struct place place, int parent)
{
	struct form_row *row = add_row(reader, parent);
	row->caption = caption;
	row->place = place;
	reader->source->rows[row->class].bare = name_of(reader->b->arena, caption);
	return row;
}

/* The entry of a code in the first of the pack's years that has it; NULL: none has. */
static const struct catalogue_entry *entry_in_any_year(const struct builder *b, const struct catalogue *catalogue,
						       const char *code)
{
	const struct catalogue_entry *entry = NULL;
	for (int i = 0; i < b->pack->year_count && entry == NULL; i++)
		entry = catalogue_find(catalogue, code, b->pack->years[i]);
	return entry;
}

static void add_generated(struct reader *reader, const struct catalogue *catalogue, struct place place, int parent)
{
	const char *last = "";
	for (size_t i = 0; i < catalogue->entry_count; i++) {
		const char *code = catalogue->entries[i].code;
		if (catalogue->entries[i].level != 0 || strcmp(code, last) == 0)
			continue;
		const struct catalogue_entry *entry = entry_in_any_year(reader->b, catalogue, code);
		last = code;
		if (entry == NULL)
			continue;
		struct form_row *row = add_printed(reader, entry->name, place, parent);
		row->code = code;
		row->generated = true;
	}
}

/* {by: functional, level: 类, total: 总计} in one of two blocks: the codes of the outermost level are few, so they
 * are fixed rows, printed where they have figures. */
static bool read_generated(struct reader *reader, const struct yaml_node *rows)
{
	struct builder *b = reader->b;
	struct form_block *block = &reader->source->table->blocks[reader->block];
	size_t errors = b->diags->errors;
	yaml_require_known(rows, codes_keys, b->diags);
	const char *by = yaml_get_text(rows, "by", NULL, b->diags), *level = yaml_get_text(rows, "level", "", b->diags);
	const char *total = yaml_get_text(rows, "total", NULL, b->diags);
	struct place place = place_of(rows);
	bool below = rows_at_bottom(b, rows);
	if (by == NULL) {
		report(b, place, _("一组栏的行要逐行列出，或者写 {by: 科目目录, level: 类, total: 合计}。"));
		return false;
	}
	block->number = rows_number(b, rows);
	block->catalogue = builder_catalogue(b, by, place_of(yaml_get(rows, "by")));
	if (block->catalogue == NULL || b->diags->errors > errors)
		return false;
	if (strcmp(level, block->catalogue->levels[0].name) != 0) {
		const struct yaml_node *node = yaml_get(rows, "level");
		report(b, node != NULL ? place_of(node) : place, _("左右分栏的表里，by 只能列最外一级，请写 level: %s。"),
		       block->catalogue->levels[0].name);
		return false;
	}
	int parent = -1;
	if (total != NULL && !below) {
		parent = add_printed(reader, total, place, -1)->class;
		reader->source->table->rows[parent].total = reader->source->rows[parent].has_children = true;
	}
	add_generated(reader, block->catalogue, place, parent);
	if (total != NULL && below) {
		struct form_row *row = add_printed(reader, total, place, -1);
		row->total = reader->source->rows[row->class].above = true;
		reader->source->rows[row->class].formula = (struct formula_source){"sum(above)", place};
	}
	return true;
}

static bool read_kind(struct reader *reader, const struct yaml_node *rows)
{
	if (rows->kind == YAML_LIST)
		return read_list(reader, rows, -1);
	if (rows->kind != YAML_MAP || rows->count == 0) {
		report(reader->b, place_of(rows),
		       _("rows 要逐行列出各行，或者写 {by: 科目目录, total: 合计}。"));
		return false;
	}
	if (yaml_get(rows, "by") != NULL)
		return codes_read(reader->b, reader->source, rows);
	if (yaml_get(rows, "list") != NULL)
		return read_entries(reader, rows);
	for (size_t i = 0; i < rows->count; i++)
		if (strstr(rows->keys[i]->text, "：") != NULL && rows->items[i]->kind == YAML_NOTHING) {
			report(reader->b, place_of(rows->keys[i]),
			       _("“%s”会整个当成名称：名称后面要写英文冒号，再空一格，例如 - 合计: = 基本支出 + 项目支出。"),
			       rows->keys[i]->text);
			return false;
		}
	if (!name_blocks(reader, rows))
		return false;
	bool fine = true;
	for (int i = 0; i < 2; i++) {
		reader->block = i;
		fine = (rows->items[i]->kind == YAML_MAP ? read_generated(reader, rows->items[i])
							 : read_list(reader, rows->items[i], -1)) &&
		       fine;
	}
	const struct form_table *table = reader->source->table;
	if (table->list >= 0 && (table->blocks[0].catalogue != NULL || table->blocks[1].catalogue != NULL)) {
		report(reader->b, place_of(rows), _("一组栏按科目编码分行时，另一组不能再写 list，请把名录放到另一张表。"));
		return false;
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
	struct row_source *sources = arena_take(reader->b->scratch, (count + 1) * sizeof(*sources));
	for (size_t i = 0; i < count; i++) {
		rows[i] = table->rows[i];
		sources[i] = source->rows[i];
	}
	memory_free(table->rows);
	memory_free(source->rows);
	table->rows = rows;
	source->rows = sources;
}

/* The fields, if there are any, then the grid. */
static void lay_blocks(struct form_table *table)
{
	set_block(table->fields, 0);
	if (table->fields != NULL)
		table->blocks[table->block_count++] = new_block("", table->fields);
	set_block(table->head, table->block_count);
	if (table->head->leaf_count > 0)
		table->blocks[table->block_count++] = new_block("", table->head);
	for (int i = 0; i < table->block_count; i++)
		find_labels(table, &table->blocks[i]);
}

bool rows_read(struct builder *b, struct table_source *source)
{
	struct form_table *table = source->table;
	struct reader reader = {b, source, 0, 0, 0};
	const struct yaml_node *rows = yaml_get(source->root, "rows");
	bool grid = table->head->leaf_count > 0;
	if ((rows == NULL || rows->kind == YAML_NOTHING) == grid) {
		if (grid)
			report(b, place_of(source->root), _("表“%s”没有 rows，请列出各行。"), table->name);
		else
			report(b, place_of(rows), _("表“%s”有 rows 却没有 columns，请列出各栏。"),
			       table->name);
		return false;
	}
	lay_blocks(table);
	reader.block = table->block_count - 1;
	bool fine = !grid || read_kind(&reader, rows);
	settle(&reader);
	if (table->coded != NULL)
		return fine && require_caption(&reader);
	codes_settle_levels(b, source, NULL);
	table->class_count = table->row_count;
	if (table->list >= 0)
		table->entry_class = table->class_count++;
	if (table->fields != NULL)
		table->fields_class = table->class_count++;
	return fine && require_caption(&reader) && check_labels(&reader);
}
