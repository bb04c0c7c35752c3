/* The names of fixed rows: the shortest that tells a row apart, and every key by which a row can be found. */
#include <string.h>

#include "base/text.h"
#include "form/build.h"

/* A row's ancestor `up` levels above, -1 above the outermost. */
static int ancestor(const struct form_table *table, int row, int up)
{
	while (up-- > 0 && row >= 0)
		row = table->rows[row].parent;
	return row;
}

/* The row's own name after the names of the `up` rows above it; above the outermost stands the block. NULL:
 * there are not so many. */
static const char *name_with(struct builder *b, const struct table_source *source, int row, int up)
{
	const struct form_table *table = source->table;
	const char *name = source->rows[row].bare;
	for (int i = 1; i <= up; i++) {
		int above = ancestor(table, row, i);
		const char *part = above >= 0 ? source->rows[above].bare : NULL;
		if (above < 0 && i == table->rows[row].depth + 1 &&
		    *table->blocks[table->rows[row].block].name != '\0')
			part = table->blocks[table->rows[row].block].name;
		if (part == NULL)
			return NULL;
		name = arena_format(b->arena, "%s.%s", part, name);
	}
	return name;
}

/* The first and outermost row that claims a name, and how many claim it from the same depth. */
struct claim {
	int row, depth, count;
};

static void claim_name(struct builder *b, struct map *claims, const char *name, const struct form_row *row)
{
	struct claim *claim = map_get(claims, name);
	if (claim == NULL) {
		claim = arena_take(b->scratch, sizeof(*claim));
		*claim = (struct claim){row->class, row->depth, 1};
		map_set(claims, name, claim);
	} else if (row->depth < claim->depth) {
		*claim = (struct claim){row->class, row->depth, 1};
	} else if (row->depth == claim->depth) {
		claim->count++;
	}
}

/* Gives names of `up` + 1 parts to the rows that still have none; returns how many rows are left. */
static int name_round(struct builder *b, struct table_source *source, int up)
{
	struct form_table *table = source->table;
	struct map *claims = map_new_borrowing();
	int left = 0;
	for (int i = 0; i < table->row_count; i++) {
		const char *name = table->rows[i].name == NULL ? name_with(b, source, i, up) : NULL;
		if (name != NULL)
			claim_name(b, claims, name, &table->rows[i]);
	}
	for (int i = 0; i < table->row_count; i++) {
		struct form_row *row = &table->rows[i];
		const char *name = row->name == NULL ? name_with(b, source, i, up) : NULL;
		if (name == NULL)
			continue;
		const struct claim *claim = map_get(claims, name);
		if (claim->row == i && claim->count == 1)
			row->name = name;
		else
			left++;
	}
	map_free(claims);
	return left;
}

/* What is the same up to the block can only be told apart by id: all but one of such rows need one. */
static void name_rest(struct builder *b, struct table_source *source, struct form_row *row)
{
	const struct form_table *table = source->table;
	const char *bare = source->rows[row->class].bare;
	row->name = row->id != NULL ? row->id : bare;
	for (int i = 0; row->id == NULL && i < row->class; i++) {
		const struct form_row *other = &table->rows[i];
		if (other->id != NULL || other->parent != row->parent ||
		    !text_same(source->rows[i].bare, bare))
			continue;
		report(b, row->place,
		       _("行“%s”与第 %u 行的“%s”重名；请给其中一行写 id，例如 - %s: {id: 另一个名称}。"),
		       row->caption, other->place.line, other->caption, row->caption);
		row->name =
			arena_format(b->arena, "%s@%d", bare, row->class); /* told once, not again as a key */
		return;
	}
}

static void add_key(struct builder *b, struct form_table *table, const char *key, struct form_row *row)
{
	struct form_row *other = key != NULL ? map_get(table->row_keys, key) : NULL;
	if (key == NULL || other == row)
		return;
	if (other != NULL)
		report(b, row->place, _("“%s”同时是第 %u 行“%s”的名称、编码或 id，请改成不同的。"), key,
		       other->place.line, other->caption);
	else
		map_set(table->row_keys, key, row);
}

/* Printed captions are keys too where they stand once and no name is the same. */
static void add_captions(struct builder *b, struct form_table *table)
{
	struct map *captions = map_new_borrowing(), *twice = map_new_borrowing();
	const char *key;
	void *row;
	for (int i = 0; i < table->row_count; i++) {
		const char *squeezed = caption_squeeze(b->arena, table->rows[i].caption);
		const char *keys[] = {squeezed, caption_plain(squeezed)};
		for (size_t k = 0; k < 2; k++) {
			struct form_row *other = map_get(captions, keys[k]);
			map_set(other != NULL && other != &table->rows[i] ? twice : captions, keys[k],
				&table->rows[i]);
		}
	}
	for (size_t position = 0; map_next(captions, &position, &key, &row);)
		if (*key != '\0' && map_get(twice, key) == NULL && map_get(table->row_keys, key) == NULL)
			map_set(table->row_keys, key, row);
	map_free(captions);
	map_free(twice);
}

static const char *parent_path(struct builder *b, const struct table_source *source, int row)
{
	return name_with(b, source, row, source->table->rows[row].depth);
}

/* The codes, each with its row; one that stands on several rows, and so is no key, with the table. The caller frees. */
static struct map *find_codes(struct form_table *table)
{
	struct map *codes = map_new_borrowing();
	for (int i = 0; i < table->row_count; i++) {
		struct form_row *row = &table->rows[i];
		if (row->code != NULL)
			map_set(codes, row->code, map_get(codes, row->code) == NULL ? (void *)row : (void *)table);
	}
	return codes;
}

void rows_name(struct builder *b, struct table_source *source)
{
	struct form_table *table = source->table;
	table->row_keys = map_new_borrowing();
	if (table->row_count == 0)
		return;
	int left = 1;
	for (int up = 0; left > 0 && up < 16; up++)
		left = name_round(b, source, up);
	for (int i = 0; i < table->row_count; i++)
		if (table->rows[i].name == NULL)
			name_rest(b, source, &table->rows[i]);
	struct map *codes = find_codes(table);
	for (int i = 0; i < table->row_count; i++) {
		struct form_row *row = &table->rows[i];
		bool own = row->code != NULL && map_get(codes, row->code) == row;
		row->key = own ? row->code : row->name;
		add_key(b, table, row->name, row);
		add_key(b, table, own ? row->code : NULL, row);
		add_key(b, table, row->id, row);
	}
	map_free(codes);
	for (int i = 0; i < table->row_count; i++) {
		const char *path = parent_path(b, source, i);
		if (path != NULL && map_get(table->row_keys, path) == NULL)
			map_set(table->row_keys, path, &table->rows[i]);
	}
	add_captions(b, table);
}

static bool has_name(const struct table_source *source, int row, const char *name)
{
	const struct form_row *fixed = &source->table->rows[row];
	return text_same(source->rows[row].bare, name) || (fixed->id != NULL && text_same(fixed->id, name));
}

static bool fits_path(const struct table_source *source, int row, const char *const *names, size_t count)
{
	const struct form_table *table = source->table;
	int block = table->rows[row].block;
	for (size_t i = count; i > 0; i--) {
		if (row < 0)
			return i == 1 && *table->blocks[block].name != '\0' &&
			       strcmp(table->blocks[block].name, names[0]) == 0;
		if (!has_name(source, row, names[i - 1]))
			return false;
		row = table->rows[row].parent;
	}
	return true;
}

int row_find(const struct table_source *source, const char *const *names, size_t count, bool *ambiguous)
{
	const struct form_table *table = source->table;
	int best = -1;
	*ambiguous = false;
	if (count == 1) {
		const struct form_row *row = map_get(table->row_keys, names[0]);
		if (row != NULL)
			return row->class;
	}
	for (int i = 0; count > 0 && i < table->row_count; i++) {
		if (!fits_path(source, i, names, count))
			continue;
		if (best < 0 || table->rows[i].depth < table->rows[best].depth) {
			best = i;
			*ambiguous = false;
		} else if (table->rows[i].depth == table->rows[best].depth) {
			*ambiguous = true;
		}
	}
	return *ambiguous ? -1 : best;
}
