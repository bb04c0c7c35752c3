/* The lists of a workbook file. Owners are read before what they own, in whatever order the file has them;
 * within a list the file's order is the order of the entries. */
#include <stdlib.h>
#include <string.h>

#include "base/likeness.h"
#include "base/map.h"
#include "store/load.h"

#define ENTRY_DIGITS 9 /* an id is an int */

struct reading {
	struct load *load;
	int list;
	struct map *seen; /* "12" -> the node of the id, of all lists */
};

static const struct form_list *list_of(const struct reading *reading)
{
	return &reading->load->pack->lists[reading->list];
}

/* Digits without a leading zero, from 1; `end` is where they end. */
static bool read_id(const char *text, const char **end, int *id)
{
	size_t count = strspn(text, "0123456789");

	if (count == 0 || count > ENTRY_DIGITS || text[0] == '0')
		return false;
	*end = text + count;
	*id = atoi(text);
	return true;
}

bool load_entry_number(const char *key, int *id)
{
	const char *end;

	if (key[0] != '@' || !read_id(key + 1, &end, id))
		return false;
	return *end == '\0' || *end == '/';
}

/* ---- One entry. ---- */

static const struct yaml_node *read_entry_id(struct reading *reading, const struct yaml_node *map)
{
	const struct yaml_node *node = yaml_get(map, "id"), *earlier;
	const char *end;
	int id;

	if (node == NULL || node->kind != YAML_SCALAR || !read_id(node->text, &end, &id) || *end != '\0') {
		yaml_error(node != NULL ? node : map, reading->load->diags,
			   _("名录“%s”的每一条要有编号，写作 id: 1，是从 1 起的整数，在整个文件里不重复。"),
			   list_of(reading)->name);
		return NULL;
	}
	earlier = map_get(reading->seen, node->text);
	if (earlier != NULL) {
		yaml_error(
			node, reading->load->diags,
			_("编号 %s 在第 %u 行已经用过。名录各条的编号在整个文件里不能重复，请换一个没有用过的。"),
			node->text, earlier->line);
		return NULL;
	}
	map_set(reading->seen, node->text, (void *)(uintptr_t)node);
	return node;
}

/* Says who may own an entry of this list. */
static void refuse_owner(struct reading *reading, const struct yaml_node *node, const char *id)
{
	const struct form_list *list = list_of(reading);
	const char *owner = reading->load->pack->lists[list->owner].name;

	if (id == NULL)
		yaml_error(node, reading->load->diags,
			   _("名录“%s”的每一条属于“%s”中的一条，这里缺 owner:。请写上那一条的编号。"),
			   list->name, owner);
	else
		yaml_error(node, reading->load->diags,
			   _("owner: 应是名录“%s”中一条的编号，那里没有编号 %s。请改正，或在“%s”下补上这一条。"),
			   owner, id, owner);
}

/* The owner's key, added to `out`; false with an error where it is not what the list wants. */
static bool read_owner(struct reading *reading, const struct yaml_node *map, struct buffer *out)
{
	const struct yaml_node *node = yaml_get(map, "owner");
	const struct workbook *workbook = reading->load->workbook;
	const struct form_list *list = list_of(reading);
	const struct entry_node *entry = NULL;
	const char *end;
	int id;

	if (list->owner < 0) {
		if (node != NULL)
			yaml_error(node, reading->load->diags,
				   _("名录“%s”的条目不属于别的条目。请删去 owner:。"), list->name);
		return node == NULL;
	}
	if (node == NULL || node->kind != YAML_SCALAR) {
		refuse_owner(reading, node != NULL ? node : map, NULL);
		return false;
	}
	if (read_id(node->text, &end, &id) && *end == '\0')
		entry = workbook_entry_find(workbook, id);
	if (entry == NULL || entry_list(entry) != list->owner) {
		refuse_owner(reading, node, node->text);
		return false;
	}
	buffer_format(out, "@%d", id);
	return true;
}

/* The code, or the name. */
static void read_label(struct reading *reading, const struct yaml_node *node, bool shown, const char *key,
		       enum operation_kind kind)
{
	const struct form_list *list = list_of(reading);

	if (node == NULL || node->kind == YAML_NOTHING || load_text(reading->load, node) == NULL)
		return;
	if (!shown)
		yaml_error(node, reading->load->diags,
			   kind == OPERATION_ENTRY_CODE
				   ? _("没有一张表印名录“%s”的编码，这里的编码没有用处。请删去。")
				   : _("没有一张表印名录“%s”的名称，这里的名称没有用处。请删去。"),
			   list->name);
	else if (node->text[0] != '\0')
		load_apply(reading->load, node,
			   operation_entry(kind, reading->list, key, node->text, -1));
}

static void read_entry(struct reading *reading, const struct yaml_node *map)
{
	static const char *const known[] = {"id", "owner", "code", "name", NULL};
	const struct yaml_node *id;
	struct buffer key = {0}, owner = {0};

	if (map->kind != YAML_MAP) {
		yaml_error(map, reading->load->diags,
			   _("名录“%s”的每一条应写成 {id: 编号, code: 编码, name: 名称}。"),
			   list_of(reading)->name);
		return;
	}
	yaml_require_known(map, known, reading->load->diags);
	id = read_entry_id(reading, map);
	if (id != NULL && read_owner(reading, map, &owner)) {
		buffer_format(&key, "@%s", id->text);
		if (load_apply(reading->load, map,
			       operation_entry(OPERATION_ENTRY_ADD, reading->list, buffer_text(&key),
					       buffer_text(&owner), -1))) {
			read_label(reading, yaml_get(map, "code"), list_of(reading)->coded, buffer_text(&key),
				   OPERATION_ENTRY_CODE);
			read_label(reading, yaml_get(map, "name"), list_of(reading)->named, buffer_text(&key),
				   OPERATION_ENTRY_NAME);
		}
	}
	buffer_done(&key);
	buffer_done(&owner);
}

/* ---- Lists. ---- */

static void read_list(struct reading *reading, const struct yaml_node *list)
{
	if (list->kind == YAML_NOTHING)
		return;
	if (list->kind != YAML_LIST) {
		yaml_error(list, reading->load->diags, _("名录“%s”下应是一列条目，每条以“- ”开头。"),
			   list_of(reading)->name);
		return;
	}
	for (size_t i = 0; i < list->count && !load_is_hopeless(reading->load); i++)
		read_entry(reading, list->items[i]);
}

static int find_list(const struct form_pack *pack, const char *name)
{
	for (int i = 0; i < pack->list_count; i++)
		if (strcmp(pack->lists[i].name, name) == 0)
			return i;
	return -1;
}

/* Unknown lists; and, so that one message does, which there are. */
static void check_names(struct load *load, const struct yaml_node *lists)
{
	for (size_t i = 0; i < lists->count; i++) {
		struct likeness likeness = likeness_to(lists->keys[i]->text);
		struct buffer advice = {0};
		if (find_list(load->pack, lists->keys[i]->text) >= 0)
			continue;
		for (int k = 0; k < load->pack->list_count; k++)
			likeness_offer(&likeness, load->pack->lists[k].name);
		load_advise(load, likeness.best, &advice);
		if (load->pack->list_count > 0)
			buffer_add(&advice, _("它的名录有："));
		for (int k = 0; k < load->pack->list_count; k++)
			buffer_format(&advice, "%s%s", load->pack->lists[k].name,
				      k + 1 < load->pack->list_count ? _("、") : _("。"));
		yaml_error(lists->keys[i], load->diags, _("套表 %s 没有“%s”这个名录%s"), load->pack->id,
			   lists->keys[i]->text, buffer_text(&advice));
		buffer_done(&advice);
	}
}

/* Owners between a list and one that nobody owns. */
static int depth_of(const struct form_pack *pack, int list)
{
	int depth = 0;

	while (pack->lists[list].owner >= 0 && depth < pack->list_count) {
		list = pack->lists[list].owner;
		depth++;
	}
	return depth;
}

void load_lists(struct load *load, const struct yaml_node *lists)
{
	struct reading reading = {.load = load};

	if (lists == NULL || lists->kind == YAML_NOTHING)
		return;
	if (lists->kind != YAML_MAP) {
		yaml_error(lists, load->diags, _("lists: 下面应是名录的名称，再下面是它的各条。"));
		return;
	}
	check_names(load, lists);
	reading.seen = map_new();
	for (int depth = 0; depth <= load->pack->list_count; depth++)
		for (size_t i = 0; i < lists->count; i++) {
			reading.list = find_list(load->pack, lists->keys[i]->text);
			if (reading.list >= 0 && depth_of(load->pack, reading.list) == depth)
				read_list(&reading, lists->items[i]);
		}
	map_free(reading.seen);
}
