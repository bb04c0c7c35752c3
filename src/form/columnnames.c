/* Columns by their names. A formula's names are looked up for each rule that has them, so each table has a map from a column's name and id
 * to all columns that have it. */
#include <string.h>

#include "base/map.h"
#include "base/text.h"
#include "form/build.h"

struct form_named_column {
	struct form_column *column;
	const struct form_named_column *next;
};

static void add_name(struct builder *b, struct map *named, const char *name, struct form_column *column)
{
	struct form_named_column *item = arena_take(b->arena, sizeof(*item));
	item->column = column;
	item->next = map_get(named, name);
	map_set(named, name, item);
}

static void add_below(struct builder *b, struct map *named, const struct form_column *group)
{
	for (int i = 0; i < group->child_count; i++) {
		struct form_column *column = group->children[i];
		add_name(b, named, column->name, column);
		if (column->id != NULL && !text_same(column->id, column->name))
			add_name(b, named, column->id, column);
		add_below(b, named, column);
	}
}

void columns_name(struct builder *b, struct form_table *table)
{
	table->column_names = map_new_borrowing();
	if (table->fields != NULL)
		add_below(b, table->column_names, table->fields);
	add_below(b, table->column_names, table->head);
}

static bool has_name(const struct form_column *column, const char *name)
{
	return text_same(column->name, name) || (column->id != NULL && text_same(column->id, name));
}

/* True if names are those of the groups right around the column, the innermost last. */
static bool fits_groups(const struct form_column *column, const char *const *names, size_t count)
{
	for (size_t i = count; i > 0; i--) {
		column = column->parent;
		if (column->depth < 0 || !has_name(column, names[i - 1]))
			return false;
	}
	return true;
}

struct form_column *column_find(const struct form_table *table, const char *const *names, size_t count,
				int block, bool groups, bool *ambiguous)
{
	struct form_column *best = NULL;
	*ambiguous = false;
	if (count == 0 || table->column_names == NULL)
		return NULL;
	const struct form_named_column *item = map_get(table->column_names, names[count - 1]);
	for (; item != NULL; item = item->next) {
		struct form_column *column = item->column;
		bool here = block < 0 || column->block < 0 || column->block == block;
		bool kind = column->leaf >= 0 || groups;
		if (!here || !kind || !fits_groups(column, names, count - 1))
			continue;
		/* The outermost of those that fit keeps the short name. */
		if (best == NULL || column->depth < best->depth) {
			best = column;
			*ambiguous = false;
		} else if (column->depth == best->depth) {
			*ambiguous = true;
		}
	}
	return *ambiguous ? NULL : best;
}

int form_leaf_find(const struct form_table *table, const char *name, int block)
{
	const char *names[COLUMN_DEPTH_MAX];
	size_t count = 0;
	bool ambiguous;
	char *copy = memory_copy_string(name), *rest = copy;
	for (char *part = strsep(&rest, "."); part != NULL && count < COLUMN_DEPTH_MAX; part = strsep(&rest, "."))
		names[count++] = part;
	const struct form_column *column =
		rest == NULL ? column_find(table, names, count, block, false, &ambiguous) : NULL;
	memory_free(copy);
	if (column != NULL)
		return column->leaf;
	int found = -1;
	for (int i = 0; i < table->leaf_count; i++) {
		const struct form_column *leaf = table->leaves[i];
		if ((block >= 0 && leaf->block >= 0 && leaf->block != block) || strcmp(leaf->path, name) != 0)
			continue;
		if (found >= 0)
			return -1;
		found = i;
	}
	return found;
}
