/* Lists (名录) are made known by the tables that name them. What their entries have follows from where they
 * stand: the list of the rows of a card is owned by the list of the cards. */
#include <string.h>

#include "form/build.h"

#define LISTS_MAX 64

int list_named(struct builder *b, const struct yaml_node *name)
{
	struct form_pack *pack = b->pack;
	if (name->kind != YAML_SCALAR || strcmp(name_of(b->arena, name->text), name->text) != 0 ||
	    *name->text == '\0') {
		report(b, place_of(name),
		       _("这里要写名录的名称，不带编号、括号、空格和标点，例如 each: 项目。"));
		return -1;
	}
	for (int i = 0; i < pack->list_count; i++)
		if (strcmp(pack->lists[i].name, name->text) == 0)
			return i;
	if (pack->list_count == LISTS_MAX) {
		report(b, place_of(name), _("一套表最多用 %d 个名录，请合用几个。"), LISTS_MAX);
		return -1;
	}
	if (pack->lists == NULL) {
		pack->lists = arena_take(b->arena, LISTS_MAX * sizeof(*pack->lists));
		b->list_places = arena_take(b->scratch, LISTS_MAX * sizeof(*b->list_places));
		b->owner_places = arena_take(b->scratch, LISTS_MAX * sizeof(*b->owner_places));
	}
	b->list_places[pack->list_count] = place_of(name);
	pack->lists[pack->list_count] = (struct form_list){.name = name->text, .owner = -1};
	return pack->list_count++;
}

bool list_reaches(const struct form_pack *pack, int from, int list)
{
	for (int i = from; i >= 0; i = pack->lists[i].owner)
		if (i == list)
			return true;
	return false;
}

static void set_labels(struct form_list *list, const struct form_block *block)
{
	list->named = list->named || block->caption_leaf >= 0;
	list->coded = list->coded || block->code_leaf >= 0;
}

static void settle_table(struct builder *b, const struct table_source *source)
{
	const struct form_table *table = source->table;
	struct form_pack *pack = b->pack;
	const struct yaml_node *each = yaml_get(source->root, "each");
	if (table->list >= 0)
		set_labels(&pack->lists[table->list], &table->blocks[table->block_count - 1]);
	if (table->each < 0)
		return;
	if (table->fields_class >= 0)
		set_labels(&pack->lists[table->each], &table->blocks[0]);
	if (table->list < 0)
		return;
	struct form_list *list = &pack->lists[table->list];
	if (list_reaches(pack, table->each, table->list)) {
		report(b, place_of(each), _("表“%s”的每张里又列名录“%s”，绕成了圈；请换一个名录。"),
		       table->name, list->name);
	} else if (list->owner >= 0 && list->owner != table->each) {
		report(b, place_of(each),
		       _("名录“%s”在这里归“%s”所有，在 %s 第 %u 行却归“%s”所有；请给其中一处换一个名录。"),
		       list->name, pack->lists[table->each].name, b->owner_places[table->list].file,
		       b->owner_places[table->list].line, pack->lists[list->owner].name);
	} else if (list->owner < 0) {
		list->owner = table->each;
		b->owner_places[table->list] = place_of(each);
	}
}

bool lists_settle(struct builder *b)
{
	size_t errors = b->diags->errors;
	const struct form_pack *pack = b->pack;
	for (int i = 0; i < pack->table_count; i++)
		settle_table(b, &b->sources[i]);
	for (int i = 0; i < pack->table_count; i++) {
		int each = pack->tables[i]->each;
		if (each < 0 || pack->lists[each].named)
			continue;
		report(b, b->list_places[each],
		       _("名录“%s”没有名称：要有一张表用 caption 写出它各项的名称。"),
		       pack->lists[each].name);
		break;
	}
	return b->diags->errors == errors;
}
