/* What is left to prove once names are bound: pulls, codes of fixed rows, printed numbers. */
#include <string.h>

#include "form/build.h"

static void pull_columns(struct builder *b, struct form_table *table, const struct form_table *from)
{
	table->pull_leaves =
		arena_take(b->arena, (size_t)(table->leaf_count + 1) * sizeof(*table->pull_leaves));
	for (int i = 0; i < table->leaf_count; i++) {
		const struct form_column *leaf = table->leaves[i];
		bool ambiguous;
		if (form_rule_of(table, FORM_CLASS_LEAF, i)->kind != FORM_ENTERED || !is_figure(leaf->type))
			continue;
		const struct form_column *same = column_find(from, &leaf->name, 1, -1, false, &ambiguous);
		if (same != NULL && same->type == leaf->type)
			table->pull_leaves[table->pull_count++] = (struct form_pull){same->leaf, i};
	}
}

static void report_no_table(struct builder *b, const struct form_table *table, const struct yaml_node *pull)
{
	struct likeness nearest = {pull->text, NULL, 0};
	for (int i = 0; i < b->pack->table_count; i++)
		if (b->pack->tables[i] != table)
			likeness_offer(&nearest, b->pack->tables[i]->name);
	report(b, place_of(pull), _("没有“%s”这张表%s；表的名称是它的文件里 table 后面写的。"), pull->text,
	       likeness_hint(b->arena, &nearest));
}

static void make_pull(struct builder *b, struct table_source *source)
{
	struct form_table *table = source->table;
	const struct yaml_node *pull = yaml_get(source->root, "pull");
	if (pull == NULL || pull->kind == YAML_NOTHING)
		return;
	if (pull->kind != YAML_SCALAR) {
		report(b, place_of(pull), _("pull 后面要写一张表的名称。"));
		return;
	}
	int index = form_table_find(b->pack, pull->text);
	const struct form_table *from = index >= 0 ? b->pack->tables[index] : NULL;
	if (from == NULL)
		report_no_table(b, table, pull);
	else if (from == table)
		report(b, place_of(pull), _("表“%s”不能从自己取数：pull 要写另一张表。"), table->name);
	else if (table->coded == NULL || from->coded == NULL ||
		 table->coded->catalogue != from->coded->catalogue ||
		 table->coded->leaf_level != from->coded->leaf_level)
		report(b, place_of(pull), _("表“%s”和“%s”要都按同一科目目录的同一级分行，才能取数。"),
		       table->name, from->name);
	if (from == NULL || from == table || table->coded == NULL || from->coded == NULL)
		return;
	table->pull_table = index;
	pull_columns(b, table, from);
}

void pulls_make(struct builder *b)
{
	for (int i = 0; i < b->pack->table_count; i++)
		make_pull(b, &b->sources[i]);
}

/* True if a catalogue has the code, or none has codes of its length: then it is the form's own number. */
static bool is_any_code(const struct builder *b, const char *code, int year)
{
	bool own = true;
	for (int i = 0; i < b->catalogue_count; i++) {
		if (catalogue_find(b->catalogues[i], code, year) != NULL)
			return true;
		own = own && catalogue_level_of(b->catalogues[i], code) < 0;
	}
	return own;
}

/* A fixed row's code must be one of the catalogues that the pack uses, in each of its years. */
void lint_codes(struct builder *b)
{
	for (int t = 0; t < b->pack->table_count && b->catalogue_count > 0; t++) {
		const struct form_table *table = b->pack->tables[t];
		for (int i = 0; i < table->row_count; i++) {
			const struct form_row *row = &table->rows[i];
			for (int y = 0; row->code != NULL && !row->generated && y < b->pack->year_count; y++) {
				if (is_any_code(b, row->code, b->pack->years[y]))
					continue;
				report(b, row->place, _("%d 年的科目目录里没有编码“%s”（行“%s”）：请核对编码和 years；目录里确实缺的，补进目录的 CSV。"),
				       b->pack->years[y], row->code, row->caption);
				break;
			}
		}
	}
}

/* Printed numbers run on: 一、二、三. A row may begin anew with 1; rows without number do not count. */
static void lint_numbers(struct builder *b, const struct form_table *table)
{
	for (int i = 0; i < table->row_count; i++) {
		const struct form_row *row = &table->rows[i];
		int style = 0, last_style = 0, last = 0;
		int number = caption_number(row->caption, &style);
		for (int k = i - 1; k >= 0 && number > 1 && last == 0; k--) {
			const struct form_row *other = &table->rows[k];
			if (other->block != row->block || other->depth < row->depth)
				break;
			if (other->parent == row->parent && caption_number(other->caption, &last_style) > 0 &&
			    last_style == style)
				last = caption_number(other->caption, &last_style);
		}
		if (number > 1 && number != last + 1)
			diag_add(b->diags, DIAG_WARNING, row->place.file, row->place.line, row->place.column,
				 _("行“%s”的编号不接着上一行，请看是否漏了一行或写错了。"), row->caption);
	}
}

/* ---- placeholders */

static const char *const common_names[] = {"年度",   "上年",     "年度后两位", "部门", "部门编码",
					   "主科目", "计量单位", "序",         NULL};

struct names { /* that may stand in < > */
	struct builder *b;
	const struct form_table *table; /* NULL: in pack.yaml */
	const char *wanted;
	struct likeness *nearest; /* NULL: not asked for */
};

static bool is_name(const struct names *names, const char *name)
{
	if (strcmp(names->wanted, name) == 0)
		return true;
	if (names->nearest != NULL)
		likeness_offer(names->nearest, name);
	return false;
}

static bool is_known(const struct names *names)
{
	const struct form_table *table = names->table;
	const struct form_pack *pack = names->b->pack;
	for (size_t i = 0; common_names[i] != NULL; i++)
		if (is_name(names, common_names[i]))
			return true;
	for (int i = 0; i < pack->list_count; i++)
		if (is_name(names, pack->lists[i].name) ||
		    is_name(names, arena_format(names->b->arena, "%s编码", pack->lists[i].name)))
			return true;
	for (int i = 0; table != NULL && table->fields != NULL && i < table->fields->leaf_count; i++)
		if (is_name(names, table->leaves[i]->name))
			return true;
	return false;
}

/* ＜年度＞, as it comes from a Chinese input method. */
static void lint_wide_text(struct builder *b, const struct form_table *table, const struct yaml_node *node)
{
	const size_t size = strlen("＜");
	for (const char *open = strstr(node->text, "＜"), *next; open != NULL; open = next) {
		const char *name = open + size;
		next = strstr(name, "＜");
		const char *end = memmem(name, next != NULL ? (size_t)(next - name) : strlen(name), "＞", size);
		if (end == NULL)
			continue;
		struct names names = {b, table, arena_copy_bytes(b->arena, name, (size_t)(end - name)), NULL};
		if (is_known(&names))
			report(b, place_of(node), _("“＜%s＞”要用半角的尖括号，写作 <%s>。"), names.wanted, names.wanted);
	}
}

/* Every <name> in the text; what holds blanks or signs is a comparison. */
static void lint_text(struct builder *b, const struct form_table *table, const struct yaml_node *node)
{
	if (strchr(node->text, (unsigned char)"＜"[0]) != NULL)
		lint_wide_text(b, table, node);
	for (const char *open = strchr(node->text, '<'); open != NULL; open = strchr(open + 1, '<')) {
		size_t length = strcspn(open + 1, "<> =\"\n");
		if (open[1 + length] != '>' || length == 0)
			continue;
		const char *wanted = arena_copy_bytes(b->arena, open + 1, length);
		struct names names = {b, table, wanted, NULL};
		if (is_known(&names))
			continue;
		struct likeness nearest = {wanted, NULL, 0};
		names.nearest = &nearest;
		is_known(&names);
		report(b, place_of(node), _("“<%s>”不代表任何内容%s：可以写 <年度> <上年> <部门> <单位> <计量单位> 等，卡片里还可以写名录的名称（each: 后面的词）和 fields 的名称。"), wanted,
		       likeness_hint(b->arena, &nearest));
	}
}

static void lint_node(struct builder *b, const struct form_table *table, const struct yaml_node *node)
{
	if (node->kind == YAML_SCALAR)
		lint_text(b, table, node);
	for (size_t i = 0; i < node->count; i++) {
		if (node->kind == YAML_MAP)
			lint_text(b, table, node->keys[i]);
		lint_node(b, table, node->items[i]);
	}
}

void lint_placeholders(struct builder *b)
{
	for (int i = 0; i < b->pack->table_count; i++)
		lint_node(b, b->pack->tables[i], b->sources[i].root);
	lint_node(b, NULL, b->root);
}

/* Figures stand behind the name of their row; before it stand line numbers, codes and texts whose type was
 * forgotten. */
static void lint_types(struct builder *b, const struct table_source *source)
{
	const struct form_table *table = source->table;
	for (int i = table->head->first_leaf; i < table->leaf_count; i++) {
		const struct form_column *leaf = table->leaves[i];
		const struct column_source *column = &source->columns[i];
		if (leaf->block < 0 || table->blocks[leaf->block].caption_leaf < i || !column->assumed ||
		    column->formula.text != NULL || column->constant != NULL)
			continue;
		diag_add(b->diags, DIAG_WARNING, leaf->place.file, leaf->place.line, leaf->place.column,
			 _("栏“%s”在行名前面，却是要填的数：是行号请写 ordinal，是编码写 code，是文字写 text。"),
			 leaf->caption);
	}
}

void lint_warn(struct builder *b)
{
	for (int i = 0; i < b->catalogue_count; i++)
		catalogue_lint(b->catalogues[i], b->arena, b->diags);
	for (int i = 0; i < b->pack->table_count; i++) {
		lint_numbers(b, b->pack->tables[i]);
		lint_types(b, &b->sources[i]);
		if (*b->pack->tables[i]->id == '-')
			diag_add(b->diags, DIAG_WARNING, b->pack->tables[i]->place.file, 1, 1,
				 _("表的文件名不要以“-”开头，命令行会把它当作选项。"));
	}
}
