/* Fields: the printed lines of a card's head. Keys of one item stand side by side; a group is a label on the
 * left of its lines, or with `labels: above` its inner labels stand on a line of their own above the values.
 */
#include <string.h>

#include "form/build.h"

#define FIELD_DEPTH_MAX 8
#define LINES_MAX 400
#define LINE_CELLS_MAX 64

struct label { /* of a group, printed on the first of its lines only */
	const char *text;
	bool printed;
};

struct reader {
	struct head *head;
	struct builder *b;
	struct form_table *table;
	struct label labels[FIELD_DEPTH_MAX];
	int depth;
	size_t line_capacity;         /* of the table's field_lines */
	struct form_field_line *line; /* the one in hand */
};

static bool read_lines(struct reader *reader, const struct yaml_node *list, struct form_column *parent,
		       bool above);

static void add_cell(struct reader *reader, const char *label, int leaf)
{
	if (reader->line->count < LINE_CELLS_MAX)
		reader->line->cells[reader->line->count++] = (struct form_field_cell){label, leaf};
}

static bool begin_line(struct reader *reader, const struct yaml_node *at)
{
	struct form_table *table = reader->table;
	if (table->field_line_count == LINES_MAX) {
		report(reader->b, place_of(at), _("一张表最多 %d 行 fields，请拆成两张表。"), LINES_MAX);
		return false;
	}
	array_reserve(&table->field_lines, &reader->line_capacity, (size_t)table->field_line_count,
		      sizeof(*table->field_lines));
	reader->line = &table->field_lines[table->field_line_count++];
	*reader->line = (struct form_field_line){
		.cells = arena_take(reader->b->arena, LINE_CELLS_MAX * sizeof(*reader->line->cells))};
	for (int i = 0; i < reader->depth; i++) {
		add_cell(reader, reader->labels[i].printed ? "" : reader->labels[i].text, -1);
		reader->labels[i].printed = true;
	}
	return true;
}

/* `label: none`: printed without its own label. */
static bool is_unlabelled(struct reader *reader, const struct yaml_node *value)
{
	const struct yaml_node *label =
		value != NULL && value->kind == YAML_MAP ? yaml_get(value, "label") : NULL;
	if (label == NULL)
		return false;
	if (label->kind != YAML_SCALAR || strcmp(label->text, "none") != 0)
		report(reader->b, place_of(label),
		       _("label 只能写 none：不印这一项的名称；要改名称请写 caption。"));
	return true;
}

static const struct yaml_node *group_lines(const struct yaml_node *value)
{
	if (value != NULL && value->kind == YAML_MAP)
		return yaml_get(value, "fields");
	return value != NULL && value->kind == YAML_LIST ? value : NULL;
}

static bool read_group(struct reader *reader, const struct yaml_node *key, const struct yaml_node *value,
		       struct form_column *parent)
{
	static const char *const known[] = {"id", "caption", "label", "labels", "fields", NULL};
	struct builder *b = reader->b;
	bool above = false, labelled = true;
	if (reader->depth == FIELD_DEPTH_MAX) {
		report(b, place_of(key), _("fields 最多 %d 层，请减少层数。"), FIELD_DEPTH_MAX);
		return false;
	}
	if (value->kind == YAML_MAP) {
		yaml_require_known(value, known, b->diags);
		const char *labels = yaml_get_text(value, "labels", NULL, b->diags);
		above = labels != NULL && strcmp(labels, "above") == 0;
		if (labels != NULL && !above)
			report(b, place_of(yaml_get(value, "labels")),
			       _("labels 只能写 above：各项的名称印在值的上面一行。"));
		labelled = !is_unlabelled(reader, value);
	}
	struct form_column *group = column_add(reader->head, key, value, true, parent);
	if (group == NULL)
		return false;
	if (labelled)
		reader->labels[reader->depth++] = (struct label){group->caption, false};
	bool fine = read_lines(reader, group_lines(value), group, above);
	reader->depth -= labelled ? 1 : 0;
	group->leaf_count = reader->table->leaf_count - group->first_leaf;
	return fine;
}

/* One line, or with labels above two: the fields that stand side by side. */
static bool read_line(struct reader *reader, const struct yaml_node *at, struct yaml_node *const *keys,
		      struct yaml_node *const *values, size_t count, struct form_column *parent, bool above)
{
	int first = parent->child_count;
	if (count > LINE_CELLS_MAX / 4) {
		report(reader->b, place_of(at), _("一行最多并排 %d 项，请另起一行。"), LINE_CELLS_MAX / 4);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const struct yaml_node *value =
			values[i] != NULL && values[i]->kind != YAML_NOTHING ? values[i] : NULL;
		if (group_lines(value) != NULL) {
			report(reader->b, place_of(keys[i]),
			       _("“%s”下面还有各项，要单独写一行，前面加“- ”。"), keys[i]->text);
			return false;
		}
		const struct form_column *field = column_add(reader->head, keys[i], value, false, parent);
		if (field != NULL && field->type == FORM_ORDINAL)
			report(reader->b, field->place, _("ordinal 是表里的行号，不能作 fields 的一项。"));
		if (field == NULL || field->type == FORM_ORDINAL)
			return false;
	}
	if (!begin_line(reader, at))
		return false;
	for (size_t i = 0; above && i < count; i++)
		add_cell(reader, parent->children[first + (int)i]->caption, -1);
	if (above && !begin_line(reader, at))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct form_column *field = parent->children[first + (int)i];
		if (!above && !is_unlabelled(reader, values[i]))
			add_cell(reader, field->caption, -1);
		add_cell(reader, NULL, field->leaf);
	}
	return true;
}

static bool read_lines(struct reader *reader, const struct yaml_node *list, struct form_column *parent,
		       bool above)
{
	size_t room = 0;
	bool fine = true;
	if (list->kind != YAML_LIST || list->count == 0) {
		report(reader->b, place_of(list),
		       _("fields 要逐行列出，每行以“- ”开头，并排的各项写在同一项里。"));
		return false;
	}
	for (size_t i = 0; i < list->count; i++)
		room += list->items[i]->kind == YAML_MAP ? list->items[i]->count : 1;
	parent->children = arena_take(reader->b->arena, (room + 1) * sizeof(*parent->children));
	for (size_t i = 0; i < list->count; i++) {
		struct yaml_node *item = list->items[i], *nothing = NULL;
		if (item->kind == YAML_SCALAR) {
			fine = read_line(reader, item, &item, &nothing, 1, parent, above) && fine;
		} else if (item->kind != YAML_MAP || item->count == 0) {
			report(reader->b, place_of(item), _("这里要写名称，例如 - 项目编码: text。"));
			fine = false;
		} else if (item->count == 1 && group_lines(item->items[0]) != NULL) {
			fine = read_group(reader, item->keys[0], item->items[0], parent) && fine;
		} else {
			fine = read_line(reader, item, item->keys, item->items, item->count, parent, above) &&
			       fine;
		}
	}
	return fine;
}

bool fields_read(struct head *head)
{
	struct form_table *table = head->source->table;
	struct reader reader = {.head = head, .b = head->b, .table = table};
	table->fields = column_root(head->b, 0);
	bool fine = read_lines(&reader, yaml_get(head->source->root, "fields"), table->fields, false);
	arena_keep(head->b->arena, table->field_lines);
	table->fields->leaf_count = table->leaf_count;
	return fine;
}
