/* Making, freeing and reading a workbook. */
#include "model/workbook.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "model/internal.h"

static const struct {
	const char *word, *label;
} field_names[WORKBOOK_FIELDS] = {
	[WORKBOOK_ID] = {"id", N_("文件标识")},
	[WORKBOOK_CODE] = {"code", N_("部门编码")},
	[WORKBOOK_NAME] = {"name", N_("部门名称")},
	[WORKBOOK_YEAR] = {"year", N_("预算年度")},
	[WORKBOOK_PREPARER] = {"preparer", N_("制表")},
	[WORKBOOK_REVIEWER] = {"reviewer", N_("复核")},
	[WORKBOOK_LEADER] = {"leader", N_("负责人")},
	[WORKBOOK_DATE] = {"date", N_("编制日期")},
	[WORKBOOK_SUBJECT] = {"subject", N_("主科目")},
};

const char *workbook_field_word(enum workbook_field field)
{
	return field_names[field].word;
}

const char *workbook_field_label(enum workbook_field field)
{
	return _(field_names[field].label);
}

struct workbook *workbook_new_held(const struct form_pack *pack)
{
	struct workbook *workbook = memory_new(sizeof(*workbook));
	char id[33];

	workbook->pack = pack;
	workbook->name_index = map_new();
	workbook->tables = memory_new_array((size_t)pack->table_count, sizeof(*workbook->tables));
	workbook->checks = memory_new_array((size_t)pack->check_count + 1, sizeof(*workbook->checks));
	digest_random_id(id);
	workbook->fields[WORKBOOK_ID] = memory_copy_string(id);
	workbook->lists = memory_new_array((size_t)pack->list_count + 1, sizeof(*workbook->lists));
	workbook->entry_index = map_new();
	for (int i = 0; i < pack->table_count; i++) {
		workbook->tables[i].form = pack->tables[i];
		sheets_init(workbook, i);
		if (pack->tables[i]->coded)
			workbook->tables[i].codes = map_new();
	}
	workbook->held = true;
	/* Formulas over nothing may still say something (a constant). */
	for (int i = 0; i < pack->table_count; i++) {
		struct row_walk walk = {0, 0};
		struct row *row;

		while (!pack->tables[i]->coded && (row = row_next(&workbook->tables[i], &walk)) != NULL)
			row_settle(workbook, row, true);
	}
	return workbook;
}

struct workbook *workbook_new(const struct form_pack *pack)
{
	struct workbook *workbook = workbook_new_held(pack);

	/* Checks of an empty workbook may fail. */
	workbook_release_checks(workbook);
	return workbook;
}

static void table_done(struct table *table)
{
	sheets_done(table);
	for (size_t i = 0; i < table->count; i++) {
		row_done(table->order[i], table->form);
		memory_free(table->order[i]);
	}
	while (table->findings) {
		struct finding_node *node = table->findings;

		table->findings = node->next;
		node_free(node);
	}
	if (table->codes)
		map_free(table->codes);
	memory_free(table->order);
}

static void list_done(struct list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		memory_free(list->entries[i]->code);
		memory_free(list->entries[i]->name);
		memory_free(list->entries[i]);
	}
	memory_free(list->entries);
}

void workbook_free(struct workbook *workbook)
{
	if (!workbook)
		return;
	for (int i = 0; i < workbook->pack->table_count; i++)
		table_done(&workbook->tables[i]);
	for (int i = 0; i < workbook->pack->check_count; i++)
		if (workbook->checks[i].by_key)
			map_free(workbook->checks[i].by_key);
	for (size_t i = 0; i < workbook->name_count; i++) {
		memory_free(workbook->names[i].catalogue);
		memory_free(workbook->names[i].code);
		memory_free(workbook->names[i].name);
	}
	for (int i = 0; i < WORKBOOK_FIELDS; i++)
		memory_free(workbook->fields[i]);
	for (int i = 0; i < workbook->pack->list_count; i++)
		list_done(&workbook->lists[i]);
	for (int i = 0; i < 8; i++)
		buffer_done(&workbook->scratch[i]);
	memory_free(workbook->lists);
	map_free(workbook->entry_index);
	memory_free(workbook->names);
	map_free(workbook->name_index);
	memory_free(workbook->tables);
	memory_free(workbook->checks);
	memory_free(workbook->cells);
	memory_free(workbook->pending);
	memory_free(workbook->graves);
	memory_free(workbook);
}

const struct form_pack *workbook_pack(const struct workbook *workbook)
{
	return workbook->pack;
}

const char *workbook_field(const struct workbook *workbook, enum workbook_field field)
{
	return workbook->fields[field] ? workbook->fields[field] : "";
}

int workbook_year(const struct workbook *workbook)
{
	return workbook->year;
}

bool workbook_is_rounded(const struct workbook *workbook, int table)
{
	return workbook->tables[table].rounded;
}

bool workbook_is_elsewhere(const struct workbook *workbook, int table)
{
	return workbook->tables[table].elsewhere;
}

int row_table(const struct row *row)
{
	return row->table;
}

int row_class(const struct row *row)
{
	return row->class;
}

int row_block(const struct row *row)
{
	if (row->fixed)
		return row->fixed->block;
	/* Where a table has fields, they are block 0; the rows of entries stand in the grid, its last block. */
	return row->entry_block;
}

int row_level(const struct row *row)
{
	return row->level;
}

const char *row_key(const struct row *row)
{
	return row->key;
}

const char *row_code(const struct row *row)
{
	if (row->code)
		return row->code;
	if (row->entry)
		return row->entry->code;
	return row->fixed && row->fixed->code ? row->fixed->code : "";
}

const char *row_caption(const struct row *row)
{
	return row->caption && (row->caption[0] || !row->code) ? row->caption : _("（未命名）");
}

bool row_is_leaf(const struct row *row)
{
	return row->code && row->class == FORM_CLASS_LEAF;
}

bool row_is_own(const struct row *row)
{
	return row->own;
}

unsigned row_source_count(const struct row *row)
{
	return row->sources;
}

bool row_is_total(const struct row *row)
{
	return row->fixed ? row->fixed->total : row->class != FORM_CLASS_LEAF;
}

bool row_is_hidden(const struct workbook *workbook, const struct row *row)
{
	if (!row->fixed || !row->fixed->generated || row->controls)
		return false;
	for (int leaf = 0; leaf < workbook->tables[row->table].form->leaf_count; leaf++)
		if (row->cells[leaf].figures)
			return false;
	return true;
}

struct row *row_parent(const struct row *row)
{
	return row->parent;
}

const struct form_rule *workbook_rule(const struct workbook *workbook, const struct row *row, int leaf)
{
	return rule_at(workbook, row, leaf);
}

enum row_name_source workbook_name_source(const struct workbook *workbook, const struct row *row)
{
	const struct catalogue_entry *entry;

	if (!row->code)
		return ROW_NAME_PRINTED;
	if (!row->caption)
		return ROW_NAME_MISSING;
	entry = catalogue_find(workbook->tables[row->table].form->coded->catalogue, row->code, workbook->year);
	return entry && entry->name == row->caption ? ROW_NAME_CATALOGUE : ROW_NAME_OWN;
}

const char *workbook_code_name(const struct workbook *workbook, const struct catalogue *catalogue, const char *code)
{
	const struct catalogue_entry *entry;
	const char *name = NULL;

	if (workbook->name_count) {
		struct buffer key = {0};

		buffer_format(&key, "%s/%s", catalogue->id, code);
		name = map_get(workbook->name_index, buffer_text(&key));
		buffer_done(&key);
	}
	if (name)
		return name;
	entry = catalogue_find(catalogue, code, workbook->year);
	return entry ? entry->name : NULL;
}

bool workbook_own_name(const struct workbook *workbook, size_t i, const char **catalogue, const char **code,
		       const char **name)
{
	if (i >= workbook->name_count)
		return false;
	*catalogue = workbook->names[i].catalogue;
	*code = workbook->names[i].code;
	*name = workbook->names[i].name;
	return true;
}

struct value workbook_value(const struct workbook *workbook, const struct row *row, int leaf)
{
	return cell_value(workbook, row, leaf);
}

bool workbook_control(const struct workbook *workbook, const struct row *row, int leaf, struct value *out)
{
	const struct control *control = row_control(row, leaf);
	const struct form_column *column = workbook->tables[row->table].form->leaves[leaf];

	if (!control)
		return false;
	*out = cell_value(workbook, row, leaf);
	out->blank = false;
	out->number = control->number;
	out->figures = 1;
	/* A control figure is always rounded to its column's last decimal. A count is exact. */
	out->rounded = column->type == FORM_COUNT ? 0 : 1;
	out->slack = out->rounded ? form_unit_step(&column->unit) : 0;
	return true;
}

bool workbook_table_is_empty(const struct workbook *workbook, int table)
{
	const struct table *t = &workbook->tables[table];
	struct row_walk walk = {0, 0};
	const struct row *row;

	if (t->entered)
		return false;
	while ((row = row_next(t, &walk)) != NULL)
		for (int leaf = 0; leaf < t->form->leaf_count; leaf++)
			if (row->cells[leaf].figures)
				return false;
	return true;
}
