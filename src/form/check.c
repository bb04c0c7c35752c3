/* Checks: parsed, written out for each column that they leave open, bound, typed; and what they run over. */
#include <string.h>

#include "form/build.h"

#define COLUMNS_MAX 64

struct draft { /* a check as written */
	struct builder *b;
	struct table_source *own; /* NULL: of the pack */
	const char *name, *text;
	enum form_severity severity;
	struct place name_place, place; /* of the name, of the formula */
};

static struct rule *parse(const struct draft *draft)
{
	return rule_parse(draft->b->arena, draft->text, true, draft->place.file, draft->place.line,
			  draft->place.column, draft->b->diags);
}

/* ---- open columns */

struct shared { /* columns that all references with an open column have */
	struct resolve context;
	const char *names[COLUMNS_MAX];
	int count;
	bool open, failed;
	const struct reference *first; /* the first with an open column */
	int first_table;               /* the first table that the check names */
};

static bool has_figure_column(const struct form_table *table, const char *name, int block)
{
	bool ambiguous;
	const struct form_column *column = column_find(table, &name, 1, block, false, &ambiguous);
	return column != NULL && is_figure(column->type);
}

static void share_columns(struct shared *shared, const struct form_table *table, int block)
{
	if (!shared->open) {
		for (int i = 0; i < table->leaf_count && shared->count < COLUMNS_MAX; i++) {
			const struct form_column *leaf = table->leaves[i];
			bool here = block < 0 || leaf->block < 0 || leaf->block == block;
			if (here && is_figure(leaf->type) && has_figure_column(table, leaf->name, block))
				shared->names[shared->count++] = leaf->name;
		}
		return;
	}
	int kept = 0;
	for (int i = 0; i < shared->count; i++)
		if (has_figure_column(table, shared->names[i], block))
			shared->names[kept++] = shared->names[i];
	shared->count = kept;
}

static bool visit_target(void *context, struct reference *reference, bool in_sum, bool in_any)
{
	struct shared *shared = context;
	struct target target;
	(void)in_any;
	if (!resolve_reference(&shared->context, reference, in_sum, &target)) {
		shared->failed = true;
		return true;
	}
	if (shared->first_table < 0)
		shared->first_table = target.table;
	if (target.column != NULL)
		return true;
	share_columns(shared, shared->context.b->pack->tables[target.table], target.block);
	if (!shared->open)
		shared->first = reference;
	shared->open = true;
	return true;
}

/* ---- what a bound check reads */

struct sides { /* of one comparison */
	struct builder *b;
	const struct form_table *own; /* NULL: a check of the pack */
	bool open, fixed;
};

static bool visit_side(void *context, struct reference *reference, bool in_sum, bool in_any)
{
	struct sides *sides = context;
	(void)in_sum;
	(void)in_any;
	const struct form_binding *binding = binding_of(sides->b, reference);
	bool own = binding->leaves && sides->own != NULL && sides->own->index == binding->table &&
		   sides->own->each >= 0;
	if (binding->reach == FORM_SAME_KEY || own || binding_list(sides->b, binding) >= 0)
		sides->open = true;
	else if (binding->reach != FORM_SAME_ROW)
		sides->fixed = true;
	return true;
}

static bool is_comparison(enum expression_kind kind)
{
	return kind >= EXPRESSION_EQUAL && kind <= EXPRESSION_GREATER_EQUAL;
}

/* A comparison of every row with one and the same cell is hardly ever meant. */
static bool check_sides(const struct draft *draft, const struct expression *node)
{
	if (node == NULL)
		return true;
	if (!is_comparison(node->kind))
		return check_sides(draft, node->left) && check_sides(draft, node->right);
	const struct form_table *own = draft->own != NULL ? draft->own->table : NULL;
	struct sides left = {draft->b, own, false, false}, right = {draft->b, own, false, false};
	expression_visit(node->left, visit_side, &left);
	expression_visit(node->right, visit_side, &right);
	if ((left.open && right.fixed && !right.open) || (right.open && left.fixed && !left.open)) {
		diag_add(draft->b->diags, DIAG_ERROR, draft->place.file, node->line, node->column,
			 _("“%s”的一边对每一行，另一边却是固定的一格；请两边都写明行，或者两边都不写。"),
			 draft->name);
		return false;
	}
	return true;
}

struct scan {
	const struct draft *draft;
	struct form_check *check;
	bool fine, any;
};

/* One table more that the check runs over, or the block of one that is known. Rows of two blocks are
 * different ones. */
static bool open_table(struct scan *scan, int table, int block)
{
	struct form_check *check = scan->check;
	for (int i = 0; i < check->open_count; i++) {
		if (check->open_tables[i] != table)
			continue;
		if (check->open_blocks[i] < 0)
			check->open_blocks[i] = block;
		if (block < 0 || check->open_blocks[i] == block)
			return true;
		report(scan->draft->b, scan->draft->place,
		       _("表“%s”左右两组的栏不在同一行，不能逐行比较；请用 [ ] 写明行。"),
		       scan->draft->b->pack->tables[table]->name);
		return false;
	}
	if (check->open_count == FORM_OPEN_MOST) {
		report(scan->draft->b, scan->draft->place, _("一条审核关系最多逐行比较 %d 张表，请拆成几条。"),
		       FORM_OPEN_MOST);
		return false;
	}
	check->open_tables[check->open_count] = table;
	check->open_blocks[check->open_count++] = block;
	return true;
}

/* The check runs over the innermost list whose entries it leaves open. */
static bool open_list(struct scan *scan, int list)
{
	const struct form_pack *pack = scan->draft->b->pack;
	struct form_check *check = scan->check;
	if (check->list < 0 || list_reaches(pack, list, check->list)) {
		check->list = list;
		return true;
	}
	if (list_reaches(pack, check->list, list))
		return true;
	report(scan->draft->b, scan->draft->place,
	       _("“%s”对每个“%s”和每个“%s”都要比较，两者没有归属关系；请改用 sum( )。"), scan->draft->name,
	       pack->lists[check->list].name, pack->lists[list].name);
	scan->fine = false;
	return false;
}

static bool visit_binding(void *context, struct reference *reference, bool in_sum, bool in_any)
{
	struct scan *scan = context;
	const struct form_binding *binding = binding_of(scan->draft->b, reference);
	const struct form_table *table = scan->draft->b->pack->tables[binding->table];
	bool own = scan->draft->own != NULL && scan->draft->own->table == table;
	int list = binding_list(scan->draft->b, binding);
	(void)in_sum;
	(void)in_any;
	scan->any = true;
	if (own && (binding->leaves || binding->reach == FORM_SAME_ROW))
		list = table->each;
	if (list >= 0 && !open_list(scan, list))
		return false;
	if (binding->reach != FORM_SAME_KEY)
		return true;
	scan->check->open = true;
	scan->fine = open_table(scan, binding->table,
				table->block_count == 2 ? table->leaves[binding->leaf]->block : -1);
	return scan->fine;
}

/* What is compared both for each row and for each entry are the rows of sheets, one for each entry, maybe with
 * those of a plain table of the same rows. */
static bool check_sheets(const struct draft *draft, const struct form_check *check)
{
	const struct form_pack *pack = draft->b->pack;
	bool fine = true, sheets = false;
	if (!check->open || check->list < 0)
		return true;
	for (int i = 0; i < check->open_count; i++) {
		const struct form_table *table = pack->tables[check->open_tables[i]];
		sheets = sheets || table->each == check->list;
		fine = fine && (table->each == check->list || (table->each < 0 && table->coded == NULL));
	}
	if (!fine || !sheets)
		report(draft->b, draft->place, _("“%s”又对每一行、又对每个“%s”比较；请写明行，例如 表[合计].合计。"),
		       draft->name, pack->lists[check->list].name);
	return fine && sheets;
}

/* The same code means another thing in another catalogue. */
static bool check_catalogues(const struct draft *draft, const struct form_check *check)
{
	const struct form_coded *first = NULL;
	for (int i = 0; i < check->open_count; i++) {
		const struct form_coded *coded = draft->b->pack->tables[check->open_tables[i]]->coded;
		if (coded == NULL || first == NULL || coded->catalogue == first->catalogue) {
			first = first != NULL ? first : coded;
			continue;
		}
		report(draft->b, draft->place,
		       _("“%s”所比的表一张按%s分行，一张按%s分行，不能逐行比较；请用 [ ] 写明行。"),
		       draft->name, first->catalogue->title, coded->catalogue->title);
		return false;
	}
	return true;
}

static bool check_truth(const struct draft *draft, const struct expression *expression)
{
	enum value_type type;
	struct builder *b = draft->b;
	if (!expression_check_types(expression, resolve_type, b, draft->place.file, &type, b->diags))
		return false;
	if (type == VALUE_TRUTH)
		return true;
	diag_add(b->diags, DIAG_ERROR, draft->place.file, expression->line, expression->column,
		 _("“%s”要写成比较，例如 甲表.合计 = 乙表.合计。"), draft->name);
	return false;
}

/* Binds the parsed rule, which is used up by that, with the open columns standing for `column`. */
static void add_check(const struct draft *draft, struct rule *rule, const char *column, int table)
{
	struct builder *b = draft->b;
	struct form_pack *pack = b->pack;
	struct resolve context = {.b = b,
				  .file = draft->place.file,
				  .mode = RESOLVE_CHECK,
				  .own = draft->own,
				  .row = -1,
				  .class = -1,
				  .leaf = -1,
				  .open_column = column};
	struct form_check check = {.index = pack->check_count,
				   .name = draft->name,
				   .severity = draft->severity,
				   .rule = rule,
				   .table = table,
				   .list = -1,
				   .place = draft->name_place};
	struct scan scan = {draft, &check, true, false};
	if (rule == NULL || !bind_expression(&context, &rule->expression) ||
	    (rule->where != NULL && !bind_expression(&context, &rule->where)))
		return;
	if (!check_truth(draft, rule->expression) ||
	    (rule->where != NULL && !check_truth(draft, rule->where)))
		return;
	expression_visit(rule->expression, visit_binding, &scan);
	if (scan.fine && rule->where != NULL)
		expression_visit(rule->where, visit_binding, &scan);
	if (!scan.any) {
		report(b, draft->place, _("“%s”没有取任何一格的数：请写上要比较的栏、行或表的名称，名称不加引号。"), draft->name);
		return;
	}
	if (!scan.fine || !check_sides(draft, rule->expression) || !check_catalogues(draft, &check))
		return;
	if (!check_sheets(draft, &check))
		return;
	array_reserve(&pack->checks, &b->check_capacity, (size_t)pack->check_count, sizeof(*pack->checks));
	pack->checks[pack->check_count++] = check;
}

static void add_draft(const struct draft *draft)
{
	struct rule *rule = parse(draft);
	struct shared shared = {.context = {.b = draft->b,
					    .file = draft->place.file,
					    .mode = RESOLVE_CHECK,
					    .own = draft->own,
					    .row = -1,
					    .class = -1,
					    .leaf = -1},
				.first_table = -1};
	if (rule == NULL)
		return;
	expression_visit(rule->expression, visit_target, &shared);
	if (rule->where != NULL)
		expression_visit(rule->where, visit_target, &shared);
	if (shared.failed)
		return;
	int table = draft->own != NULL ? draft->own->table->index : shared.first_table;
	if (!shared.open) {
		add_check(draft, rule, NULL, table);
		return;
	}
	if (shared.count == 0)
		diag_add(draft->b->diags, DIAG_ERROR, draft->place.file, shared.first->line,
			 shared.first->column,
			 _("“%s”没有写栏，所比的各处又没有同名的栏；请写明栏，例如 .合计。"), draft->name);
	size_t errors = draft->b->diags->errors;
	for (int i = 0; i < shared.count && draft->b->diags->errors == errors; i++)
		add_check(draft, i == 0 ? rule : parse(draft), shared.names[i], table);
}

/* ---- the lists checks, warnings, hints */

static void read_item(struct builder *b, struct table_source *own, const struct yaml_node *item,
		      enum form_severity severity, struct map *names)
{
	const struct yaml_node *key, *value;
	if (!item_split(b, item, &key, &value))
		return;
	if (value == NULL || value->kind != YAML_SCALAR) {
		report(b, place_of(key), _("“%s”要写成“- 名称: 关系”，例如 - 合计一致: 甲表.合计 = 乙表.合计。"), key->text);
		return;
	}
	if (map_get(names, key->text) != NULL) {
		report(b, place_of(key), _("同一处有两条审核关系都叫“%s”，请改一条的名称。"), key->text);
		return;
	}
	map_set(names, key->text, own != NULL ? (void *)own : (void *)b);
	if (value->text[0] == '=') {
		report(b, place_of(value), _("审核关系前面不写“=”，直接写 左边 = 右边。"));
		return;
	}
	struct draft draft = {b, own, key->text, value->text, severity, place_of(key), place_of(value)};
	draft.place.column += value->quoted ? 1 : 0;
	add_draft(&draft);
}

static void read_lists(struct builder *b, struct table_source *own, const struct yaml_node *root)
{
	static const char *const keys[] = {"checks", "warnings", "hints"};
	static const enum form_severity severities[] = {FORM_ERROR, FORM_WARNING, FORM_HINT};
	struct map *names = map_new_borrowing();
	for (size_t k = 0; k < 3; k++) {
		const struct yaml_node *list = yaml_get(root, keys[k]);
		if (list == NULL || list->kind == YAML_NOTHING)
			continue;
		if (list->kind != YAML_LIST)
			report(b, place_of(list), _("%s 要逐行列出，每行以“- 名称: 关系”的样子。"), keys[k]);
		for (size_t i = 0; list->kind == YAML_LIST && i < list->count; i++)
			read_item(b, own, list->items[i], severities[k], names);
	}
	map_free(names);
}

/* 其中: the children of a partial row may not exceed it. */
static void add_partial(struct builder *b, struct table_source *source, int row, int leaf)
{
	const struct form_table *table = source->table;
	const struct form_row *parent = &table->rows[row];
	const char *column = table->leaves[leaf]->name;
	const char *text = arena_format(b->arena, "%s.%s >= ", parent->name, column);
	bool first = true;
	for (int i = row + 1; i < table->row_count; i++) {
		if (table->rows[i].parent != row)
			continue;
		text = arena_format(b->arena, "%s%s%s.%s", text, first ? "" : " + ", table->rows[i].name,
				    column);
		first = false;
	}
	struct draft draft = {b,
			      source,
			      arena_format(b->arena, _("“%s”的其中各项不超过它"), parent->name),
			      text,
			      FORM_ERROR,
			      parent->place,
			      parent->place};
	add_draft(&draft);
}

static bool has_parts(const struct form_table *table, int row)
{
	return table->rows[row].partial && row + 1 < table->row_count && table->rows[row + 1].parent == row;
}

static void add_partials(struct builder *b, struct table_source *source)
{
	const struct form_table *table = source->table;
	for (int i = 0; i < table->row_count; i++)
		for (int leaf = 0; has_parts(table, i) && leaf < table->leaf_count; leaf++) {
			enum form_rule_kind kind = form_rule_of(table, i, leaf)->kind;
			if (is_addable(table->leaves[leaf]->type) && kind != FORM_NONE && kind != FORM_CLOSED)
				add_partial(b, source, i, leaf);
		}
}

bool checks_make(struct builder *b)
{
	size_t errors = b->diags->errors;
	for (int i = 0; i < b->pack->table_count; i++) {
		read_lists(b, &b->sources[i], b->sources[i].root);
		add_partials(b, &b->sources[i]);
	}
	read_lists(b, NULL, b->root);
	return b->diags->errors == errors;
}

/* ---- live */

static void read_live(struct builder *b, const struct yaml_node *item)
{
	const struct yaml_node *key, *value;
	struct form_pack *pack = b->pack;
	if (!item_split(b, item, &key, &value))
		return;
	if (value == NULL || value->kind != YAML_SCALAR) {
		report(b, place_of(key), _("“%s”后面要写一格，例如 甲表[总计].合计。"), key->text);
		return;
	}
	struct resolve context = {
		.b = b, .file = value->file, .mode = RESOLVE_CHECK, .row = -1, .class = -1, .leaf = -1};
	struct target target;
	struct rule *rule = rule_parse(b->arena, value->text, false, value->file, value->line,
				       value->column + (value->quoted ? 1 : 0), b->diags);
	if (rule == NULL)
		return;
	if (rule->expression->kind != EXPRESSION_REFERENCE) {
		report(b, place_of(value), _("live 里只写一格，不写算式。"));
		return;
	}
	if (!resolve_reference(&context, rule->expression->reference, false, &target))
		return;
	if (target.rows != TARGET_FIXED || target.class_count != 1 || target.column == NULL ||
	    pack->tables[target.table]->each >= 0 || target.column->type != FORM_MONEY) {
		report(b, place_of(value), _("live 里要写一格金额：表、行、栏都要写明。"));
		return;
	}
	pack->live[pack->live_count++] =
		(struct form_live){key->text, target.table, target.classes[0], target.column->leaf};
}

bool live_make(struct builder *b)
{
	const struct yaml_node *live = yaml_get(b->root, "live");
	size_t errors = b->diags->errors;
	if (live == NULL || live->kind == YAML_NOTHING)
		return true;
	if (live->kind != YAML_LIST || live->count != 2) {
		report(b, place_of(live), _("live 要正好列两格：应当相等的两个总计。"));
		return false;
	}
	for (size_t i = 0; i < live->count; i++)
		read_live(b, live->items[i]);
	return b->diags->errors == errors;
}
