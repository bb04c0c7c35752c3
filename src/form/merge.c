/* extends: one YAML file as changed by another. Nodes are shared, never changed, so that every message still
 * names the file and line where a thing was written.
 *
 * A scalar or a list replaces, an empty value takes away, a map goes on below; a map of remove, after,
 * before, change patches a list of named items. A name that is not there is an error: a patch cannot silently
 * miss. */
#include <string.h>

#include "form/build.h"

struct merge {
	struct arena *arena;
	struct diag_list *diags;
};

enum list_kind {
	LIST_PLAIN,
	LIST_COLUMNS,
	LIST_ROWS,
	LIST_FIELDS /* an item is a printed line of one or more pairs */
};

static const char *const children_words[] = {"", "columns", "rows", "fields"};

static struct yaml_node *merge_value(struct merge *merge, const struct yaml_node *base,
				     struct yaml_node *patch, enum list_kind kind);

static const char *const patch_words[] = {"remove", "after", "before", "change", NULL};

static bool is_patch_word(const char *key)
{
	for (size_t i = 0; patch_words[i] != NULL; i++)
		if (strcmp(patch_words[i], key) == 0)
			return true;
	return false;
}

static bool is_patch(const struct yaml_node *node)
{
	if (node->kind != YAML_MAP || node->count == 0)
		return false;
	for (size_t i = 0; i < node->count; i++)
		if (is_patch_word(node->keys[i]->text))
			return true;
	return false;
}

static struct yaml_node *new_node(struct merge *merge, const struct yaml_node *place, enum yaml_kind kind,
				  size_t room)
{
	struct yaml_node *node = arena_take(merge->arena, sizeof(*node));
	*node = *place;
	node->kind = kind;
	node->text = NULL;
	node->quoted = false;
	node->count = 0;
	node->items = arena_take(merge->arena, (room + 1) * sizeof(*node->items));
	node->keys = kind == YAML_MAP ? arena_take(merge->arena, (room + 1) * sizeof(*node->keys)) : NULL;
	return node;
}

static void add_pair(struct yaml_node *map, struct yaml_node *key, struct yaml_node *value)
{
	map->keys[map->count] = key;
	map->items[map->count++] = value;
}

static struct yaml_node *word_node(struct merge *merge, const struct yaml_node *place, const char *text)
{
	struct yaml_node *node = new_node(merge, place, YAML_SCALAR, 0);
	node->text = text;
	return node;
}

/* An item is a name, or pairs `name: value`: one, in lines of fields as many as stand side by side. */
static size_t pair_count(const struct yaml_node *item, enum list_kind kind)
{
	if (item->kind == YAML_SCALAR)
		return 1;
	return item->kind == YAML_MAP && (kind == LIST_FIELDS || item->count == 1) ? item->count : 0;
}

static const struct yaml_node *pair_key(const struct yaml_node *item, size_t i)
{
	return item->kind == YAML_SCALAR ? item : item->keys[i];
}

static struct yaml_node *pair_value(const struct yaml_node *item, size_t i)
{
	return item->kind == YAML_SCALAR ? NULL : item->items[i];
}

static const struct yaml_node *value_children(const struct yaml_node *value, enum list_kind kind)
{
	if (value == NULL || kind == LIST_PLAIN)
		return NULL;
	if (value->kind == YAML_MAP)
		value = yaml_get(value, children_words[kind]);
	return value != NULL && value->kind == YAML_LIST ? value : NULL;
}

static bool pair_is_called(struct merge *merge, const struct yaml_node *key, const struct yaml_node *value,
			   const char *wanted)
{
	const char *id =
		value != NULL && value->kind == YAML_MAP ? yaml_get_text(value, "id", NULL, NULL) : NULL;
	return strcmp(key->text, wanted) == 0 || (id != NULL && strcmp(id, wanted) == 0) ||
	       strcmp(name_of(merge->arena, key->text), wanted) == 0;
}

struct spot { /* one pair of an item */
	const struct yaml_node *item, *key, *value;
};

/* How many pairs below `list` are called `wanted`; *found: the first of them. */
static int count_called(struct merge *merge, const struct yaml_node *list, const char *wanted,
			enum list_kind kind, struct spot *found, struct likeness *nearest)
{
	int count = 0;
	for (size_t i = 0; i < list->count; i++)
		for (size_t k = 0; k < pair_count(list->items[i], kind); k++) {
			struct spot spot = {list->items[i], pair_key(list->items[i], k),
					    pair_value(list->items[i], k)};
			const struct yaml_node *children = value_children(spot.value, kind);
			likeness_offer(nearest, name_of(merge->arena, spot.key->text));
			if (pair_is_called(merge, spot.key, spot.value, wanted) && count++ == 0)
				*found = spot;
			if (children != NULL) {
				struct spot below;
				int more = count_called(merge, children, wanted, kind, &below, nearest);
				if (count == 0 && more > 0)
					*found = below;
				count += more;
			}
		}
	return count;
}

static bool find_spot(struct merge *merge, const struct yaml_node *list, const struct yaml_node *name,
		      enum list_kind kind, struct spot *found)
{
	struct likeness nearest = {name->kind == YAML_SCALAR ? name->text : "", NULL, 0};
	if (name->kind != YAML_SCALAR) {
		yaml_error(name, merge->diags, _("这里要写一个名称，例如 remove: [人行科目]。"));
		return false;
	}
	int count = count_called(merge, list, name->text, kind, found, &nearest);
	if (count == 0)
		yaml_error(name, merge->diags, _("要修改的表里没有“%s”%s。"), name->text,
			   likeness_hint(merge->arena, &nearest));
	else if (count > 1)
		yaml_error(name, merge->diags,
			   _("要修改的表里有 %d 处叫“%s”，不知道改哪一处；请在原表里给它们写 id。"), count,
			   name->text);
	return count == 1;
}

/* What happens to one pair: gone, items before or after its own, another value. */
struct change {
	struct spot spot;
	const struct yaml_node *before, *after; /* lists */
	struct yaml_node *value;                /* NULL: as it was */
	bool remove;
};

/* A scalar or list as the map of attributes that it is short for. */
static struct yaml_node *as_attributes(struct merge *merge, const struct yaml_node *value,
				       const struct yaml_node *place, enum list_kind kind)
{
	struct yaml_node *map = new_node(merge, value != NULL ? value : place, YAML_MAP, 2);
	if (value == NULL || value->kind == YAML_NOTHING)
		return map;
	struct yaml_node *shared = arena_take(merge->arena, sizeof(*shared));
	*shared = *value;
	if (value->kind == YAML_LIST) {
		add_pair(map, word_node(merge, value, children_words[kind]), shared);
	} else if (value->kind == YAML_SCALAR) {
		bool formula = value->text[0] == '=';
		const char *word = kind == LIST_ROWS ? "code" : "type";
		add_pair(map, word_node(merge, value, formula ? "formula" : word), shared);
	}
	return map;
}

static struct yaml_node *changed_value(struct merge *merge, const struct spot *spot, struct yaml_node *patch,
				       enum list_kind kind)
{
	const struct yaml_node *old = spot->value;
	if (patch->kind != YAML_MAP || kind == LIST_PLAIN)
		return patch;
	if (old == NULL || old->kind != YAML_MAP)
		old = as_attributes(merge, old, spot->key, kind);
	return merge_value(merge, old, patch, kind);
}

static struct yaml_node *rebuild_list(struct merge *merge, const struct yaml_node *list,
				      const struct change *changes, size_t count, enum list_kind kind);

static const struct change *change_of(const struct change *changes, size_t count, const struct yaml_node *key)
{
	for (size_t i = 0; i < count; i++)
		if (changes[i].spot.key == key && (changes[i].remove || changes[i].value != NULL))
			return &changes[i];
	return NULL;
}

/* The value with its children rebuilt. */
static struct yaml_node *rebuild_value(struct merge *merge, struct yaml_node *value,
				       const struct change *changes, size_t count, enum list_kind kind)
{
	const struct yaml_node *children = value_children(value, kind);
	if (children == NULL)
		return value;
	struct yaml_node *list = rebuild_list(merge, children, changes, count, kind);
	if (value->kind == YAML_LIST)
		return list;
	struct yaml_node *map = new_node(merge, value, YAML_MAP, value->count);
	for (size_t i = 0; i < value->count; i++)
		add_pair(map, value->keys[i], value->items[i] == children ? list : value->items[i]);
	return map;
}

/* NULL: nothing of it is left. */
static struct yaml_node *rebuild_item(struct merge *merge, struct yaml_node *item,
				      const struct change *changes, size_t count, enum list_kind kind)
{
	size_t pairs = pair_count(item, kind);
	if (pairs == 0)
		return item;
	struct yaml_node *map = new_node(merge, item, YAML_MAP, pairs);
	for (size_t i = 0; i < pairs; i++) {
		const struct change *change = change_of(changes, count, pair_key(item, i));
		struct yaml_node *value = pair_value(item, i);
		struct yaml_node *key = arena_take(merge->arena, sizeof(*key));
		*key = *pair_key(item, i);
		if (change != NULL && change->remove)
			continue;
		if (change == NULL && value == NULL)
			return item;
		add_pair(map, key,
			 change != NULL ? change->value : rebuild_value(merge, value, changes, count, kind));
	}
	return map->count > 0 ? map : NULL;
}

static void append(struct yaml_node *list, const struct yaml_node *more)
{
	for (size_t i = 0; more != NULL && i < more->count; i++)
		list->items[list->count++] = more->items[i];
}

static struct yaml_node *rebuild_list(struct merge *merge, const struct yaml_node *list,
				      const struct change *changes, size_t count, enum list_kind kind)
{
	size_t room = list->count;
	for (size_t i = 0; i < count; i++)
		room += (changes[i].before != NULL ? changes[i].before->count : 0) +
			(changes[i].after != NULL ? changes[i].after->count : 0);
	struct yaml_node *built = new_node(merge, list, YAML_LIST, room);
	for (size_t i = 0; i < list->count; i++) {
		const struct yaml_node *item = list->items[i];
		for (size_t k = 0; k < count; k++)
			if (changes[k].spot.item == item)
				append(built, changes[k].before);
		struct yaml_node *rebuilt = rebuild_item(merge, list->items[i], changes, count, kind);
		if (rebuilt != NULL)
			built->items[built->count++] = rebuilt;
		for (size_t k = 0; k < count; k++)
			if (changes[k].spot.item == item)
				append(built, changes[k].after);
	}
	return built;
}

static bool read_removals(struct merge *merge, const struct yaml_node *list, const struct yaml_node *names,
			  enum list_kind kind, struct change *changes, size_t *count)
{
	if (names->kind != YAML_LIST) {
		yaml_error(names, merge->diags, _("remove 后面要写名称的列表，例如 remove: [人行科目]。"));
		return false;
	}
	for (size_t i = 0; i < names->count; i++) {
		struct change change = {.remove = true};
		if (!find_spot(merge, list, names->items[i], kind, &change.spot))
			return false;
		changes[(*count)++] = change;
	}
	return true;
}

static bool read_changes(struct merge *merge, const struct yaml_node *list, const struct yaml_node *map,
			 const char *word, enum list_kind kind, struct change *changes, size_t *count)
{
	if (map->kind != YAML_MAP) {
		yaml_error(map, merge->diags, _("%s 后面要写“名称: 内容”，例如 %s: {单位资金: …}。"), word,
			   word);
		return false;
	}
	for (size_t i = 0; i < map->count; i++) {
		struct change change = {.remove = false};
		if (!find_spot(merge, list, map->keys[i], kind, &change.spot))
			return false;
		if (strcmp(word, "change") == 0) {
			change.value = changed_value(merge, &change.spot, map->items[i], kind);
		} else if (map->items[i]->kind != YAML_LIST) {
			yaml_error(map->items[i], merge->diags,
				   _("要插入的各项请写成列表，例如 [财政拨款结转]。"));
			return false;
		} else if (strcmp(word, "before") == 0) {
			change.before = map->items[i];
		} else {
			change.after = map->items[i];
		}
		changes[(*count)++] = change;
	}
	return true;
}

static struct yaml_node *patch_list(struct merge *merge, const struct yaml_node *base,
				    struct yaml_node *patch, enum list_kind kind)
{
	size_t room = 0, count = 0;
	bool fine = true;
	if (base == NULL || base->kind != YAML_LIST) {
		yaml_error(patch, merge->diags,
			   _("这里要修改的原内容不是列表，不能用 remove、after、before、change：请直接写出新的内容。"));
		return NULL;
	}
	for (size_t i = 0; i < patch->count; i++)
		room += patch->items[i]->count;
	struct change *changes = arena_take(merge->arena, (room + 1) * sizeof(*changes));
	for (size_t i = 0; fine && i < patch->count; i++) {
		const char *word = patch->keys[i]->text;
		if (!is_patch_word(word)) {
			yaml_error(patch->keys[i], merge->diags,
				   _("“%s”不能与 remove、after、before、change 写在一起：请只写改动，或者只写全部内容。"), word);
			return NULL;
		}
		fine = strcmp(word, "remove") == 0
			       ? read_removals(merge, base, patch->items[i], kind, changes, &count)
			       : read_changes(merge, base, patch->items[i], word, kind, changes, &count);
	}
	return fine ? rebuild_list(merge, base, changes, count, kind) : NULL;
}

static enum list_kind kind_of(const char *key, enum list_kind kind)
{
	if (strcmp(key, "columns") == 0)
		return LIST_COLUMNS;
	if (strcmp(key, "fields") == 0)
		return LIST_FIELDS;
	return strcmp(key, "rows") == 0 ? LIST_ROWS : kind;
}

static struct yaml_node *merge_maps(struct merge *merge, const struct yaml_node *base,
				    const struct yaml_node *patch, enum list_kind kind)
{
	struct yaml_node *merged = new_node(merge, patch, YAML_MAP, base->count + patch->count);
	for (size_t i = 0; i < base->count; i++) {
		struct yaml_node *own = yaml_get(patch, base->keys[i]->text);
		struct yaml_node *value = base->items[i];
		if (own != NULL)
			value = merge_value(merge, base->items[i], own, kind_of(base->keys[i]->text, kind));
		if (value == NULL)
			return NULL;
		if (own == NULL || own->kind != YAML_NOTHING)
			add_pair(merged, base->keys[i], value);
	}
	for (size_t i = 0; i < patch->count; i++) {
		if (yaml_get(base, patch->keys[i]->text) != NULL)
			continue;
		if (is_patch(patch->items[i])) {
			yaml_error(patch->keys[i], merge->diags,
				   _("要修改的原表没有写“%s”，不能在它上面增减：请直接写出它的全部内容。"), patch->keys[i]->text);
			return NULL;
		}
		add_pair(merged, patch->keys[i], patch->items[i]);
	}
	return merged;
}

/* `rows: {by: …}` in place of a list or of blocks is another kind of rows, not a change of them. */
static bool is_other_kind(const struct yaml_node *base, const struct yaml_node *patch)
{
	return (yaml_get(base, "by") != NULL) != (yaml_get(patch, "by") != NULL);
}

/* `add: […]` where a list stood: neither a change of it nor rows of another kind. */
static bool is_mistaken(struct merge *merge, const struct yaml_node *base, const struct yaml_node *patch)
{
	if (base->kind != YAML_LIST || patch->kind != YAML_MAP || patch->count != 1 ||
	    strcmp(patch->keys[0]->text, "by") == 0 || strcmp(patch->keys[0]->text, "list") == 0)
		return false;
	yaml_error(patch->keys[0], merge->diags,
		   _("不认识“%s”：在底本的列表上增减，用 remove、after、before、change。"), patch->keys[0]->text);
	return true;
}

static struct yaml_node *merge_value(struct merge *merge, const struct yaml_node *base,
				     struct yaml_node *patch, enum list_kind kind)
{
	if (is_patch(patch))
		return patch_list(merge, base, patch, kind);
	if (is_mistaken(merge, base, patch))
		return NULL;
	if (patch->kind == YAML_MAP && base->kind == YAML_MAP && !is_other_kind(base, patch))
		return merge_maps(merge, base, patch, kind);
	return patch;
}

struct yaml_node *merge_files(struct arena *arena, const struct yaml_node *base,
			      const struct yaml_node *patch, struct diag_list *diags)
{
	struct merge merge = {arena, diags};
	return merge_maps(&merge, base, patch, LIST_PLAIN);
}
