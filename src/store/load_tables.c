/* The rows and control figures of a workbook file. Every figure passes through the same operations as one
 * that is typed. */
#include <string.h>

#include "base/likeness.h"
#include "base/map.h"
#include "base/text.h"
#include "store/columns.h"
#include "store/load.h"

struct reading { /* one table */
	struct load *load;
	const struct form_table *table;
	bool control;           /* the list `control`, else `rows` */
	struct map *seen;       /* key of a row -> its node, within one list */
	struct map *columns[2]; /* column as the file calls it -> leaf + 1, for each block */
};

static const char *leaf_caption(const struct reading *reading, int leaf)
{
	return reading->table->leaves[leaf]->name;
}

/* ---- Rows. ---- */

static void refuse_row(struct reading *reading, const struct yaml_node *node, const char *best)
{
	struct buffer advice = {0};

	load_advise(reading->load, best, &advice);
	yaml_error(node, reading->load->diags, _("《%s》没有“%s”这一行%s"), reading->table->name,
		   node->text, buffer_text(&advice));
	buffer_done(&advice);
}

/* @12 or @3/合计, which lead nowhere. */
static void refuse_entry_row(struct reading *reading, const struct yaml_node *node)
{
	const struct load *load = reading->load;
	const struct entry_node *entry;
	const char *name = reading->table->name;
	int id = 0;

	if (!load_entry_number(node->text, &id)) {
		yaml_error(node, load->diags,
			   _("行“%s”写得不对：@ 后面应是名录中一条的编号，如 @12，或 @3/合计。"), node->text);
		return;
	}
	entry = workbook_entry_find(load->workbook, id);
	if (entry == NULL)
		yaml_error(node, load->diags,
			   _("《%s》的行“%s”：名录里没有编号 %d。请在 lists: 下补上这一条，或删去这一行。"), name,
			   node->text, id);
	else
		yaml_error(node, load->diags,
			   _("《%s》没有“%s”这一行：编号 %d 是名录“%s”的一条，这张表不按它列这样的行。请删去这一行。"),
			   name, node->text, id, load->pack->lists[entry_list(entry)].name);
}

/* In a table of sheets a row is named with its sheet. */
static void refuse_sheetless_row(struct reading *reading, const struct yaml_node *node)
{
	yaml_error(node, reading->load->diags,
		   _("《%s》按“%s”一条一张，行要写明是哪一张的：@编号/%s，编号是 lists: 下的 id。"),
		   reading->table->name, reading->load->pack->lists[reading->table->each].name, node->text);
}

static struct row *find_row(struct reading *reading, const struct yaml_node *node)
{
	struct row *row = workbook_row_find(reading->load->workbook, reading->table->index, node->text);
	struct likeness likeness = likeness_to(node->text);

	if (row != NULL)
		return row;
	if (node->text[0] == '@') {
		refuse_entry_row(reading, node);
		return NULL;
	}
	if (reading->table->each >= 0) {
		refuse_sheetless_row(reading, node);
		return NULL;
	}
	for (int i = 0; i < reading->table->row_count; i++) {
		likeness_offer(&likeness, reading->table->rows[i].name);
		likeness_offer(&likeness, reading->table->rows[i].code);
		likeness_offer(&likeness, reading->table->rows[i].id);
	}
	refuse_row(reading, node, likeness.best);
	return NULL;
}

/* Is it the total, or a code above the level that is entered? Those appear by themselves. */
static bool is_summed_key(const struct form_coded *coded, const char *key)
{
	int level = catalogue_level_of(coded->catalogue, key);

	if (coded->total != NULL && (strcmp(key, coded->total) == 0 || strcmp(key, coded->total_name) == 0))
		return true;
	return level >= 0 && level < coded->leaf_level;
}

static struct row *find_coded_row(struct reading *reading, const struct yaml_node *node)
{
	struct load *load = reading->load;
	int table = reading->table->index;
	struct row *row;

	if (!reading->control) {
		if (is_summed_key(reading->table->coded, node->text)) {
			yaml_error(
				node, load->diags,
				_("《%s》的行“%s”由下级科目汇总，不能填列。请删去这一行；它应达到的数写在 control: 下。"),
				reading->table->name, node->text);
			return NULL;
		}
		if (!load_apply(load, node, operation_row(OPERATION_ROW_ADD, table, node->text)))
			return NULL;
	}
	row = workbook_row_find(load->workbook, table, node->text);
	if (row == NULL)
		yaml_error(
			node, load->diags,
			_("《%s》现在没有“%s”这一行，它的控制数无处可放。请先在 rows: 下写上该科目的末级行，或删去这一行。"),
			reading->table->name, node->text);
	return row;
}

/* The row that `map` is about, NULL with an error if there is none, or if the list had it before. */
static struct row *read_row_key(struct reading *reading, const struct yaml_node *map)
{
	struct yaml_node *node = map->kind == YAML_MAP ? yaml_get(map, "row") : NULL, *earlier;
	struct row *row;

	if (node == NULL) {
		yaml_error(map, reading->load->diags,
			   _("每一行应写成 {row: 行的编码或名称, 栏名: 数}，这里缺 row:。"));
		return NULL;
	}
	if (load_text(reading->load, node) == NULL)
		return NULL;
	earlier = map_get(reading->seen, node->text);
	row = earlier != NULL                 ? NULL
	      : reading->table->coded != NULL ? find_coded_row(reading, node)
					      : find_row(reading, node);
	if (row != NULL && earlier == NULL && strcmp(row_key(row), node->text) != 0)
		earlier = map_get(reading->seen, row_key(row));
	if (earlier != NULL) {
		yaml_error(node, reading->load->diags, _("行“%s”在第 %u 行已经写过。请把两行并成一行。"),
			   node->text, earlier->line);
		return NULL;
	}
	if (row != NULL) {
		map_set(reading->seen, node->text, node);
		map_set(reading->seen, row_key(row), node);
	}
	return row;
}

/* ---- Cells. ---- */

static int find_leaf(struct reading *reading, const struct yaml_node *key, int block)
{
	struct likeness likeness = likeness_to(key->text);
	struct buffer advice = {0};
	const void *known = map_get(reading->columns[block], key->text);
	int leaf = known != NULL ? (int)(uintptr_t)known - 1
				 : column_of_word(reading->table, key->text, block);

	if (leaf >= 0) {
		if (known == NULL)
			map_set(reading->columns[block], key->text, (void *)(uintptr_t)(leaf + 1));
		return leaf;
	}
	for (int i = 0; i < reading->table->leaf_count; i++)
		if (reading->table->leaves[i]->block == block)
			likeness_offer(&likeness, reading->table->leaves[i]->name);
	load_advise(reading->load, likeness.best, &advice);
	yaml_error(key, reading->load->diags, _("《%s》的这一行没有“%s”一栏%s"), reading->table->name,
		   key->text, buffer_text(&advice));
	buffer_done(&advice);
	return -1;
}

/* Entered figures belong in entered cells, control figures in computed ones. */
static bool check_rule(struct reading *reading, const struct yaml_node *key, const struct row *row,
		       int leaf)
{
	enum form_rule_kind kind = workbook_rule(reading->load->workbook, row, leaf)->kind;
	bool computed = kind == FORM_LINEAR || kind == FORM_EVALUATE;
	const char *text;

	if (column_is_of_entry(reading->table, row, leaf)) {
		yaml_error(key, reading->load->diags,
			   _("《%s》的“%s”写在 lists: 下名录的那一条里，各表共用。请移到那里。"),
			   reading->table->name, leaf_caption(reading, leaf));
		return false;
	}
	if (computed && reading->control && column_is_text(reading->table->leaves[leaf])) {
		yaml_error(key, reading->load->diags, _("《%s》的“%s”是文字，不能有控制数。请删去它。"),
			   reading->table->name, leaf_caption(reading, leaf));
		return false;
	}
	if (reading->control ? computed : kind == FORM_ENTERED)
		return true;
	if (computed)
		text = N_(
			"《%s》“%s”行的“%s”是算出来的，不能填列。请删去它；它应达到的数（控制数）写在 control: 下。");
	else if (kind == FORM_ENTERED)
		text = N_(
			"《%s》“%s”行的“%s”是填列的数，不能有控制数：控制数只用于算出来的格。请把它写在 rows: 下，或删去。");
	else
		text = N_("《%s》“%s”行的“%s”不是填数的格。请删去它。");
	yaml_error(key, reading->load->diags, _(text), reading->table->name, row_caption(row),
		   leaf_caption(reading, leaf));
	return false;
}

static void read_cell(struct reading *reading, const struct yaml_node *key, const struct yaml_node *value,
		      const struct row *row)
{
	struct load *load = reading->load;
	struct load_place place = {.table = reading->table->index, .key = row_key(row)};
	struct operation operation;

	place.leaf = find_leaf(reading, key, row_block(row));
	if (place.leaf < 0 || !check_rule(reading, key, row, place.leaf) || value->kind == YAML_NOTHING)
		return;
	if (load_text(load, value) == NULL || !load_cell(load, &place, value, reading->control, &operation))
		return;
	load_apply(load, value, operation);
}

static void read_row(struct reading *reading, const struct yaml_node *map)
{
	const struct row *row = read_row_key(reading, map);

	reading->load->rows++;
	for (size_t i = 0; row != NULL && i < map->count; i++)
		if (!text_same(map->keys[i]->text, "row"))
			read_cell(reading, map->keys[i], map->items[i], row);
}

/* ---- Tables. ---- */

static void read_list(struct reading *reading, const struct yaml_node *list, bool control)
{
	if (list == NULL || list->kind == YAML_NOTHING)
		return;
	if (list->kind != YAML_LIST) {
		yaml_error(list, reading->load->diags, _("这里应是一列行，每行以“- ”开头。"));
		return;
	}
	reading->control = control;
	reading->seen = map_new_borrowing();
	for (size_t i = 0; i < list->count && !load_is_hopeless(reading->load); i++)
		read_row(reading, list->items[i]);
	map_free(reading->seen);
}

static void read_table(struct load *load, const struct form_table *table, const struct yaml_node *map,
		       bool control)
{
	static const char *const known[] = {"rows", "control", NULL};
	struct reading reading = {.load = load, .table = table};

	if (map->kind == YAML_NOTHING)
		return;
	if (map->kind != YAML_MAP) {
		if (!control)
			yaml_error(map, load->diags, _("表下面应写 rows:（填列的行）和 control:（控制数）。"));
		return;
	}
	if (!control)
		yaml_require_known(map, known, load->diags);
	reading.columns[0] = map_new_borrowing();
	reading.columns[1] = map_new_borrowing();
	read_list(&reading, yaml_get(map, control ? "control" : "rows"), control);
	map_free(reading.columns[0]);
	map_free(reading.columns[1]);
}

/* The tables that the nodes name; -1 where none, or one that was there before. */
static int *find_tables(struct load *load, const struct yaml_node *tables)
{
	int *found = memory_new_array(tables->count + 1, sizeof(*found));
	struct map *seen = map_new_borrowing();

	for (size_t i = 0; i < tables->count && !load_is_hopeless(load); i++) {
		found[i] = load_table(load, tables->keys[i]);
		if (found[i] < 0)
			continue;
		const char *id = load->pack->tables[found[i]]->id;
		if (map_get(seen, id) != NULL) {
			yaml_error(tables->keys[i], load->diags, _("《%s》写了两次。请并成一处。"),
				   load->pack->tables[found[i]]->name);
			found[i] = -1;
		}
		map_set(seen, id, tables->items[i]);
	}
	map_free(seen);
	return found;
}

void load_tables(struct load *load, const struct yaml_node *tables)
{
	int *found;

	if (tables == NULL || tables->kind == YAML_NOTHING)
		return;
	if (tables->kind != YAML_MAP) {
		yaml_error(tables, load->diags, _("tables: 下面应是各张表，每张写作“表的代号:”。"));
		return;
	}
	found = find_tables(load, tables);
	/* Control figures stand on parents and totals, and on rows that other tables bring along: these are there only
	 * when all leaves are. */
	for (int control = 0; control < 2; control++)
		for (size_t i = 0; i < tables->count && !load_is_hopeless(load); i++)
			if (found[i] >= 0)
				read_table(load, load->pack->tables[found[i]], tables->items[i], control);
	memory_free(found);
}
