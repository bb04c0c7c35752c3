/* Tables whose rows are the codes of a catalogue, and columns that print one level of a code. */
#include <string.h>

#include "form/build.h"

const char *const codes_keys[] = {"by", "total", "at", "level", "number", NULL};

static int level_named(const struct catalogue *catalogue, const char *name)
{
	for (int i = 0; i < catalogue->level_count; i++)
		if (strcmp(catalogue->levels[i].name, name) == 0)
			return i;
	return -1;
}

/* 类、款、项 */
static const char *level_names(struct builder *b, const struct catalogue *catalogue)
{
	const char *names = catalogue->levels[0].name;
	for (int i = 1; i < catalogue->level_count; i++)
		names = arena_format(b->arena, "%s%s%s", names, _("、"), catalogue->levels[i].name);
	return names;
}

/* A code that stands in parts must be whole in them: each level once, none below the level that is entered. */
static void check_levels(struct builder *b, const struct table_source *source)
{
	const struct form_table *table = source->table;
	const struct form_coded *coded = table->coded;
	const struct form_column *levels[CATALOGUE_LEVELS_MAX] = {NULL}, *last = NULL;
	bool whole = false;
	for (int i = 0; i < table->leaf_count; i++) {
		struct form_column *column = table->leaves[i];
		if (column->type != FORM_CODE)
			continue;
		if (column->level < 0 && whole) {
			report(b, column->place,
			       _("栏“%s”：编码已经印在前面的一栏里；只印其中一级时请写 level。"), column->caption);
		} else if (column->level > coded->leaf_level) {
			report(b, column->place, _("栏“%s”：这张表只填到“%s”，没有这一级的编码，请去掉这一栏。"),
			       column->caption, coded->catalogue->levels[coded->leaf_level].name);
		} else if (column->level >= 0 && levels[column->level] != NULL) {
			report(b, column->place, _("栏“%s”与栏“%s”印的是同一级编码，请去掉一栏，或者改 level。"), column->caption,
			       levels[column->level]->caption);
		}
		whole = whole || column->level < 0;
		last = column;
		if (column->level >= 0)
			levels[column->level] = column;
	}
	for (int i = 0; last != NULL && !whole && i <= coded->leaf_level; i++)
		if (levels[i] == NULL)
			report(b, last->place,
			       _("编码分栏印时各级都要有一栏，这里没有“%s”：请加一栏 {type: code, level: %s}。"),
			       coded->catalogue->levels[i].name, coded->catalogue->levels[i].name);
}

/* Columns that print one level of the code. */
void codes_settle_levels(struct builder *b, const struct table_source *source, const struct catalogue *catalogue)
{
	const struct form_table *table = source->table;
	for (int i = 0; i < table->leaf_count; i++) {
		const struct yaml_node *level = source->columns[i].level;
		struct form_column *column = table->leaves[i];
		if (level == NULL)
			continue;
		column->catalogue = catalogue;
		column->level = catalogue != NULL ? level_named(catalogue, level->text) : -1;
		if (column->level < 0)
			report(b, place_of(level),
			       _("level 只用于按科目编码分行的表，写科目目录里一级的名称，没有“%s”。"),
			       level->text);
	}
}

/* Where nothing is entered the rows appear with those of other tables: nobody types their codes. */
static bool is_any_entered(const struct table_source *source)
{
	const struct form_table *table = source->table;
	for (int i = 0; i < table->leaf_count; i++) {
		const struct column_source *column = &source->columns[i];
		if (!is_label(table->leaves[i]->type) && column->formula.text == NULL && column->word != WORD_CLOSED)
			return true;
	}
	return false;
}

/* `total: 合计`, or {caption: 合计, 单价: closed}: what is not added up in total and parents. */
static bool read_total(struct builder *b, struct table_source *source, const struct yaml_node *total)
{
	struct form_table *table = source->table;
	const struct yaml_node *caption = total;
	if (total->kind == YAML_MAP) {
		caption = yaml_get(total, "caption");
		source->total_said = total;
	}
	for (size_t i = 0; total->kind == YAML_MAP && i < total->count; i++) {
		const char *key = total->keys[i]->text;
		struct likeness nearest = {key, NULL, 0};
		int leaf = form_leaf_find(table, key, -1);
		if (strcmp(key, "caption") == 0 || (leaf >= 0 && !is_label(table->leaves[leaf]->type)))
			continue;
		for (int k = 0; k < table->leaf_count; k++)
			if (!is_label(table->leaves[k]->type))
				likeness_offer(&nearest, table->leaves[k]->name);
		report(b, place_of(total->keys[i]), _("“%s”既不是行的属性，也不是本表可填的栏%s，请改正。"), key,
		       likeness_hint(b->arena, &nearest));
		return false;
	}
	if (caption == NULL || caption->kind != YAML_SCALAR || *name_of(b->arena, caption->text) == '\0') {
		report(b, place_of(total),
		       _("total 要写合计行的名称，例如 total: 合计，或者 total: {caption: 合计, 单价: closed}。"));
		return false;
	}
	table->coded->total = caption->text;
	table->coded->total_name = name_of(b->arena, caption->text);
	return true;
}

bool codes_read(struct builder *b, struct table_source *source, const struct yaml_node *rows)
{
	struct form_table *table = source->table;
	size_t errors = b->diags->errors;
	yaml_require_known(rows, codes_keys, b->diags);
	if (table->each >= 0 || table->fields != NULL)
		report(b, place_of(rows), _("按科目编码分行的表不能有 each 或 fields，请去掉它们。"));
	const char *by = yaml_get_text(rows, "by", NULL, b->diags);
	const char *level = yaml_get_text(rows, "level", NULL, b->diags);
	if (by == NULL)
		return false;
	struct form_coded *coded = table->coded = arena_take(b->arena, sizeof(*coded));
	const struct yaml_node *total = yaml_get(rows, "total");
	if (total != NULL && total->kind != YAML_NOTHING && !read_total(b, source, total))
		return false;
	coded->total_below = rows_at_bottom(b, rows);
	coded->number = rows_number(b, rows);
	coded->catalogue = builder_catalogue(b, by, place_of(yaml_get(rows, "by")));
	if (coded->catalogue == NULL)
		return false;
	coded->leaf_level =
		level != NULL ? level_named(coded->catalogue, level) : coded->catalogue->level_count - 1;
	if (coded->leaf_level < 0)
		report(b, place_of(yaml_get(rows, "level")),
		       _("科目目录“%s”没有“%s”这一级，请写 %s 里的一级。"), coded->catalogue->title, level,
		       level_names(b, coded->catalogue));
	if (table->blocks[0].code_leaf < 0 && is_any_entered(source))
		report(b, place_of(yaml_get(source->root, "columns")),
		       _("表“%s”按科目编码分行，要有一栏写 code，例如 - 科目编码: code。"), table->name);
	table->class_count = FORM_CODED_CLASSES;
	codes_settle_levels(b, source, coded->catalogue);
	if (b->diags->errors == errors)
		check_levels(b, source);
	return b->diags->errors == errors;
}

