/* A table from its merged YAML: what stands around the grid, its head and rows, and the printed lines of
 * fixed rows. */
#include <string.h>

#include "base/text.h"
#include "form/build.h"

#define EMPTY_ROWS_MAX 100
#define INDENT_MAX 8

const char *const table_keys[] = {"table",  "title",   "unit", "line",   "numbers",  "columns",
					 "rows",   "fields",  "each", "checks", "warnings", "hints",
					 "note",   "empty",   "pull", "page",   "indent",   "blank",
					 "format", "extends", NULL};

int class_block(const struct form_table *table, int class)
{
	if (table->coded != NULL || class == table->fields_class)
		return 0;
	return class == table->entry_class && table->list >= 0 ? table->block_count - 1
							       : table->rows[class].block;
}

bool is_field(const struct form_table *table, const struct form_column *column)
{
	return table->fields_class >= 0 && column->first_leaf < table->head->first_leaf;
}

const struct yaml_node *table_setting(const struct builder *b, const struct table_source *source,
				      const char *key)
{
	const struct yaml_node *node = yaml_get(source->root, key);
	if (node == NULL)
		node = yaml_get(b->root, key);
	if (node == NULL || node->kind == YAML_NOTHING)
		return NULL;
	return node->kind == YAML_SCALAR && !node->quoted && strcmp(node->text, "none") == 0 ? NULL : node;
}

static const char *setting_text(struct builder *b, const struct table_source *source, const char *key)
{
	const struct yaml_node *node = table_setting(b, source, key);
	if (node == NULL)
		return NULL;
	if (node->kind != YAML_SCALAR) {
		report(b, place_of(node), _("%s 后面要写一段文字，或者 none。"), key);
		return NULL;
	}
	return node->text;
}

static void read_line(struct builder *b, struct table_source *source)
{
	const struct yaml_node *line = table_setting(b, source, "line");
	if (line == NULL)
		return;
	bool fine = line->kind == YAML_LIST && line->count == 3;
	for (size_t i = 0; fine && i < 3; i++)
		fine = line->items[i]->kind != YAML_LIST && line->items[i]->kind != YAML_MAP;
	if (!fine) {
		report(b, place_of(line),
		       _("line 要写左、中、右三段，例如 [<部门>, 预算年度：<年度>, 单位：<计量单位>]，空的写 "
			 "\"\"。"));
		return;
	}
	for (size_t i = 0; i < 3; i++)
		if (line->items[i]->kind == YAML_SCALAR && *line->items[i]->text != '\0')
			source->table->line[i] = line->items[i]->text;
}

static void read_empty_part(struct builder *b, struct form_table *table, const struct yaml_node *empty)
{
	static const char *const known[] = {"rows", "note", NULL};
	long rows = 0;
	if (empty == NULL || empty->kind == YAML_NOTHING)
		return;
	if (empty->kind == YAML_SCALAR) {
		table->empty_note = strcmp(empty->text, "none") == 0 && !empty->quoted ? NULL : empty->text;
		return;
	}
	if (empty->kind != YAML_MAP) {
		report(b, place_of(empty), _("empty 要写一句说明，或者 {rows: 空行数, note: 说明}。"));
		return;
	}
	yaml_require_known(empty, known, b->diags);
	if (yaml_get_integer(empty, "rows", 0, EMPTY_ROWS_MAX, &rows, b->diags))
		table->empty_rows = (int)rows;
	table->empty_note = yaml_get_text(empty, "note", table->empty_note, b->diags);
}

static void read_page(struct builder *b, struct table_source *source)
{
	const char *page = setting_text(b, source, "page");
	const struct yaml_node *indent = table_setting(b, source, "indent");
	if (page != NULL && strcmp(page, "landscape") != 0 && strcmp(page, "portrait") != 0)
		report(b, place_of(table_setting(b, source, "page")),
		       _("page 只能写 landscape（横排）或 portrait（竖排）。"));
	source->table->landscape = page != NULL && strcmp(page, "landscape") == 0;
	if (indent == NULL)
		return;
	if (indent->kind != YAML_SCALAR || !is_digits(indent->text) || strlen(indent->text) > 1 ||
	    indent->text[0] - '0' > INDENT_MAX)
		report(b, place_of(indent), _("indent 要写 0 到 %d 的整数：每深一级，行名前空几格。"),
		       INDENT_MAX);
	else
		source->table->indent = indent->text[0] - '0';
}

static void read_frame(struct builder *b, struct table_source *source)
{
	struct form_table *table = source->table;
	const char *unit = setting_text(b, source, "unit");
	table->unit = unit_make(unit != NULL ? unit : "",
				unit != NULL && unit_is_money(unit) ? FORM_MONEY : FORM_COUNT);
	if (unit != NULL && !unit_is_money(unit) && unit_sounds_like_money(unit))
		report(b, place_of(table_setting(b, source, "unit")),
		       _("金额的单位只能写 元、百元、千元 或 万元，不能写“%s”。"), unit);
	const struct yaml_node *format = table_setting(b, source, "format");
	if (format != NULL && (format->kind != YAML_SCALAR || !unit_set_format(&table->unit, format->text)))
		report(b, place_of(format), _("格式看不懂；请写 0、0.00 或 #,##0.00 这样的样子。"));
	table->title = yaml_get_text(source->root, "title", NULL, b->diags);
	if (table->title == NULL)
		report(b, place_of(source->root), _("表“%s”没有 title，请写出印在表头上方的标题。"),
		       table->name);
	table->numbers = setting_text(b, source, "numbers");
	table->note = setting_text(b, source, "note");
	const char *blank = setting_text(b, source, "blank");
	table->blank = blank != NULL ? blank : "";
	read_line(b, source);
	read_empty_part(b, table, yaml_get(b->root, "empty"));
	read_empty_part(b, table, yaml_get(source->root, "empty"));
	read_page(b, source);
}

/* The rows of a block in the order in which they are printed, and where a line common to both blocks must
 * stand. */
struct strip {
	const int *rows;
	int count, next;
};

static bool is_joint(const struct table_source *source, int row)
{
	return source->rows[row].above && source->table->rows[row].parent < 0;
}

/* How many rows of the strip stand before its next sum(above), or before its last row. */
static int rows_before_joint(const struct table_source *source, const struct strip *strip)
{
	int i = strip->next;
	while (i < strip->count && !is_joint(source, strip->rows[i]))
		i++;
	if (i == strip->count && i > strip->next)
		i--;
	return i - strip->next;
}

static int take_row(struct strip *strip, bool there)
{
	return there && strip->next < strip->count ? strip->rows[strip->next++] : -1;
}

/* Blocks side by side: sum(above) rows and last rows share a line, blanks fill up before them. */
static void lay_lines(struct builder *b, struct table_source *source, struct strip strips[2])
{
	struct form_table *table = source->table;
	int most = strips[0].count + strips[1].count;
	table->lines = arena_take(b->arena, (size_t)(most + 1) * sizeof(*table->lines));
	while (strips[0].next < strips[0].count || strips[1].next < strips[1].count) {
		int before[2] = {rows_before_joint(source, &strips[0]),
				 rows_before_joint(source, &strips[1])};
		int height = before[0] > before[1] ? before[0] : before[1];
		for (int i = 0; i <= height; i++) {
			struct form_line line = {.joint = i == height};
			for (int k = 0; k < 2; k++)
				line.rows[k] = take_row(&strips[k], i < before[k] || i == height);
			table->lines[table->line_count++] = line;
		}
	}
}

static int count_joints(const struct table_source *source, int block)
{
	int joints = 0;
	for (int i = 0; i < source->table->row_count; i++)
		joints += source->table->rows[i].block == block && is_joint(source, i);
	return joints;
}

static void make_lines(struct builder *b, struct table_source *source)
{
	struct form_table *table = source->table;
	int *order = arena_take(b->scratch, (size_t)(table->row_count + 1) * sizeof(*order));
	int first = 0;
	while (first < table->row_count && table->rows[first].block == 0)
		first++;
	for (int i = 0; i < table->row_count; i++)
		order[i] = i;
	struct strip strips[2] = {{order, first, 0}, {order + first, table->row_count - first, 0}};
	bool apart = table->block_count == 2 && table->fields == NULL;
	if (apart && count_joints(source, 0) != count_joints(source, 1)) {
		report(b, place_of(yaml_get(source->root, "rows")),
		       _("“%s”有 %d 行 sum(above)，“%s”有 %d "
			 "行；左右两组的合计行要一样多，才能印在同一行上。"),
		       table->blocks[0].name, count_joints(source, 0), table->blocks[1].name,
		       count_joints(source, 1));
		return;
	}
	lay_lines(b, source, strips);
}

bool table_read(struct builder *b, struct table_source *source)
{
	struct form_table *table = source->table;
	const struct yaml_node *each = yaml_get(source->root, "each");
	size_t errors = b->diags->errors;
	yaml_require_known(source->root, table_keys, b->diags);
	if (b->diags->errors > errors)
		return false;
	table->each = table->list = table->fields_class = table->entry_class = -1;
	table->entry_after = table->entry_parent = -1;
	if (each != NULL && each->kind != YAML_NOTHING)
		table->each = list_named(b, each);
	read_frame(b, source);
	if (!columns_read(b, source) || !rows_read(b, source))
		return false;
	table->fields_printed = table->fields != NULL && (table->each >= 0 || table->head->leaf_count == 0);
	rows_name(b, source);
	if (table->coded == NULL)
		make_lines(b, source);
	size_t cells = (size_t)table->class_count * (size_t)table->leaf_count;
	table->rules = arena_take(b->arena, (cells + 1) * sizeof(*table->rules));
	source->rule_places = arena_take(b->scratch, (cells + 1) * sizeof(*source->rule_places));
	source->compiled = arena_take(b->scratch, (cells + 1) * sizeof(*source->compiled));
	return b->diags->errors == errors;
}
