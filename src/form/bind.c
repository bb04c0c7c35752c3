/* Binding: every reference gets an index into the pack's bindings. What names several cells is written out as
 * a chain of +, so that linearity and evaluation know single cells, codes, and sums over leaf rows only. */
#include <string.h>

#include "form/build.h"

static bool fail(const struct resolve *context, const struct expression *node, const char *sentence)
{
	diag_add(context->b->diags, DIAG_ERROR, context->file, node->line, node->column, "%s", sentence);
	return false;
}

static int add_binding(struct builder *b, struct form_binding binding)
{
	struct form_pack *pack = b->pack;
	array_reserve(&pack->bindings, &b->binding_capacity, (size_t)pack->binding_count,
		      sizeof(*pack->bindings));
	pack->bindings[pack->binding_count] = binding;
	return pack->binding_count++;
}

int bind_cell(struct builder *b, const struct form_table *table, int class, int leaf)
{
	return add_binding(b, (struct form_binding){.reach = FORM_FIXED,
						    .table = table->index,
						    .class = class,
						    .leaf = leaf,
						    .type = value_type_of(table->leaves[leaf]->type)});
}

const struct form_binding *binding_of(const struct builder *b, const struct reference *reference)
{
	return &b->pack->bindings[reference->binding];
}

enum value_type resolve_type(void *builder, const struct reference *reference)
{
	return binding_of(builder, reference)->type;
}

/* The chain that a reference becomes: begun with NULL, one reference more at each step. */
struct chain {
	const struct resolve *context;
	const struct expression *node; /* as written */
	struct expression *root;
};

static void chain_finish(const struct chain *chain, struct expression **slot)
{
	if (chain->root->kind == EXPRESSION_ADD)
		chain->root->written = chain->node;
	*slot = chain->root;
}

static void chain_add(struct chain *chain, int binding)
{
	struct arena *arena = chain->context->b->arena;
	struct expression *term = arena_take(arena, sizeof(*term));
	struct reference *reference = arena_take(arena, sizeof(*reference));
	if (chain->node->reference != NULL)
		*reference = *chain->node->reference;
	reference->binding = binding;
	*term = (struct expression){
		.kind = EXPRESSION_REFERENCE, .line = chain->node->line, .column = chain->node->column};
	term->reference = reference;
	if (chain->root == NULL) {
		chain->root = term;
		return;
	}
	struct expression *add = arena_take(arena, sizeof(*add));
	*add = (struct expression){
		.kind = EXPRESSION_ADD, .line = chain->node->line, .column = chain->node->column};
	add->left = chain->root;
	add->right = term;
	chain->root = add;
}

/* Rows of a fixed table that are no sums of others: entered, or filled from other tables. */
static bool is_leaf_row(const struct table_source *source, int row)
{
	return !source->rows[row].has_children && !source->rows[row].above && !source->rows[row].derived &&
	       source->rows[row].word != WORD_CLOSED;
}

static enum value_type part_type(enum form_part part, enum form_type whole)
{
	switch (part) {
	case FORM_PART_NUMBER:
		return VALUE_NUMBER;
	case FORM_PART_MONEY:
		return VALUE_MONEY;
	default:
		return value_type_of(whole);
	}
}

/* Rows that are no sums, and the entries of a list: in all sheets where there are sheets. */
static void chain_leaves(struct chain *chain, const struct table_source *source, struct form_binding binding)
{
	const struct form_table *table = source->table;
	const struct form_column *column = table->leaves[binding.leaf];
	struct builder *b = chain->context->b;
	binding.leaves = true;
	if (table->list >= 0) {
		binding.class = table->entry_class;
		chain_add(chain, add_binding(b, binding));
	}
	binding.leaves = table->each >= 0;
	for (int i = 0; i < table->row_count; i++) {
		binding.class = i;
		if (is_leaf_row(source, i) && (column->block < 0 || table->rows[i].block == column->block))
			chain_add(chain, add_binding(b, binding));
	}
}

/* One column of the target's rows. */
static void chain_column(struct chain *chain, const struct target *target, const struct form_column *column)
{
	struct builder *b = chain->context->b;
	const struct table_source *source = &b->sources[target->table];
	struct form_binding binding = {.table = target->table,
				       .class = -1,
				       .leaf = column->leaf,
				       .part = target->part,
				       .type = part_type(target->part, column->type)};
	switch (target->rows) {
	case TARGET_OWN:
		binding.reach = FORM_SAME_ROW;
		break;
	case TARGET_OPEN:
		binding.reach = FORM_SAME_KEY;
		break;
	case TARGET_FIXED:
		binding.reach = FORM_FIXED;
		binding.leaves = target->all;
		for (int i = 0; i < target->class_count; i++) {
			binding.class = target->classes[i];
			chain_add(chain, add_binding(b, binding));
		}
		return;
	case TARGET_CODES:
		binding.reach = FORM_FIXED;
		binding.codes = target->codes;
		binding.code_count = target->code_count;
		break;
	case TARGET_LEAVES:
		binding.reach = FORM_FIXED;
		if (source->table->coded == NULL) {
			chain_leaves(chain, source, binding);
			return;
		}
		binding.class = FORM_CLASS_LEAF;
		binding.leaves = true;
		break;
	}
	chain_add(chain, add_binding(b, binding));
}

static void set_class(const struct resolve *context, struct target *target, int class)
{
	target->rows = TARGET_FIXED;
	target->classes = arena_take(context->b->scratch, sizeof(*target->classes));
	target->classes[0] = class;
	target->class_count = 1;
}

bool is_list_table(const struct table_source *source)
{
	for (int i = 0; i < source->table->row_count; i++)
		if (is_leaf_row(source, i))
			return false;
	return source->table->list >= 0;
}

int binding_list(const struct builder *b, const struct form_binding *binding)
{
	const struct form_table *table = b->pack->tables[binding->table];
	if (table->coded != NULL || binding->codes != NULL || binding->leaves ||
	    binding->reach == FORM_SAME_ROW)
		return -1;
	bool entry = table->list >= 0 && binding->reach == FORM_FIXED && binding->class == table->entry_class;
	return entry ? table->list : table->each;
}

/* The row of the same list entry, where the own row has one; in a check the entries are what it runs over. */
static void settle_entry(const struct resolve *context, struct target *target)
{
	const struct table_source *source = &context->b->sources[target->table];
	const struct form_table *table = source->table;
	if (table->coded != NULL || table->list < 0)
		return;
	bool check = context->mode == RESOLVE_CHECK;
	if (check ? is_list_table(source) : resolve_reaches(context, table->list))
		set_class(context, target, table->entry_class);
}

/* A formula reads one cell, not one in every sheet. */
static bool check_reach(const struct resolve *context, const struct expression *node,
			const struct target *target)
{
	const struct form_table *table = context->b->pack->tables[target->table];
	struct form_binding binding = {.reach = FORM_FIXED,
				       .table = target->table,
				       .class = target->class_count > 0 ? target->classes[0] : -1,
				       .leaves = target->all || target->rows == TARGET_LEAVES};
	int list = binding_list(context->b, &binding);
	const struct form_table *own = context->own != NULL ? context->own->table : NULL;
	bool entry = own != NULL && own->list >= 0 && context->class == own->entry_class;
	bool fields = own != NULL && own->fields_class >= 0 && context->class == own->fields_class;
	int own_list = entry ? own->list : fields ? own->each : -1;
	if (context->mode == RESOLVE_CHECK || target->rows == TARGET_OWN)
		return true;
	if (target->rows == TARGET_OPEN && own_list >= 0)
		return fail(
			context, node,
			arena_format(context->b->arena,
				     _("表“%s”里没有同一个“%s”的行，请用 [ ] 写明是哪一行，或者写 sum( )。"),
				     table->name, context->b->pack->lists[own_list].name));
	if (target->rows == TARGET_OPEN && fields)
		return fail(context, node,
			    arena_format(context->b->arena, _("表“%s”里没有与“%s”相同的行，请用 [ ] 写明是哪一行。"),
					 table->name, own->name));
	if (list < 0 || resolve_reaches(context, list))
		return true;
	return fail(context, node,
		    arena_format(context->b->arena,
				 _("表“%s”里每个“%s”都有这一格，不知道取哪一个；要相加请写 sum( )。"),
				 table->name, context->b->pack->lists[list].name));
}

/* In a row's formula the row of the same key is known now: it becomes a fixed row, a code, or the total. */
static bool settle_open_row(const struct resolve *context, const struct expression *node,
			    struct target *target)
{
	struct builder *b = context->b;
	const struct form_row *row = &context->own->table->rows[context->row];
	const struct form_table *other = b->pack->tables[target->table];
	const struct form_row *same = other->coded == NULL ? map_get(other->row_keys, row->key) : NULL;
	int class = same != NULL ? same->class : -1;
	if (other->coded != NULL && other->coded->total_name != NULL &&
	    strcmp(other->coded->total_name, row->name) == 0)
		class = FORM_CLASS_TOTAL;
	if (class >= 0) {
		set_class(context, target, class);
		return true;
	}
	if (other->coded != NULL && row->code != NULL) {
		target->rows = TARGET_CODES;
		target->codes = arena_take(b->arena, sizeof(*target->codes));
		target->codes[0] = row->code;
		target->code_count = 1;
		return true;
	}
	return fail(context, node,
		    arena_format(b->arena, _("表“%s”里没有与“%s”相同的行，请用 [ ] 写明是哪一行。"),
				 other->name, row->name));
}

/* The column that is left open: in a formula that of the computed cell, in a check the one it is written out
 * for. */
static bool settle_open_column(const struct resolve *context, const struct expression *node,
			       struct target *target)
{
	const struct form_table *table = context->b->pack->tables[target->table];
	const char *name = context->open_column;
	bool ambiguous;
	if (context->leaf >= 0) {
		struct form_column *own = context->own->table->leaves[context->leaf];
		bool here = table == context->own->table &&
			    (target->block < 0 || own->block < 0 || own->block == target->block);
		name = own->name;
		if (here) {
			target->column = own;
			return true;
		}
	}
	target->column = name != NULL ? column_find(table, &name, 1, target->block, false, &ambiguous) : NULL;
	if (target->column != NULL)
		return true;
	return fail(context, node,
		    arena_format(context->b->arena,
				 _("表“%s”没有与“%s”同名的栏，请在后面写明是哪一栏，例如 .合计。"),
				 table->name, name != NULL ? name : ""));
}

/* The rows of a coded table are many: their formulas read the row itself, and rows of the same code, so that an
 * edit stays cheap. */
static bool may_read_coded(const struct resolve *context, const struct expression *node,
			   const struct target *target)
{
	const struct form_table *other = context->b->pack->tables[target->table];
	const struct form_coded *own = context->own->table->coded;
	struct arena *arena = context->b->arena;
	if (target->rows == TARGET_OWN)
		return true;
	if (target->rows != TARGET_OPEN)
		return fail(context, node,
			    _("按科目编码分行的表里，栏的公式只能取本行的栏，或者别的表同一编码的行，例如 "
			      "支出表.合计；不能取固定的一格。"));
	if (other->coded == NULL || other->coded->catalogue != own->catalogue)
		return fail(context, node,
			    arena_format(arena, _("表“%s”不按%s分行，没有与本行编码相同的行，请换一张按同一目录分行的表。"), other->name,
					 own->catalogue->title));
	if (other->coded->leaf_level < own->leaf_level)
		return fail(context, node,
			    arena_format(arena, _("表“%s”只填到“%s”，本表填到“%s”，没有与本行编码相同的行，请在 rows 里把本表的 level 写成那一级，或者换一张表。"),
					 other->name,
					 own->catalogue->levels[other->coded->leaf_level].name,
					 own->catalogue->levels[own->leaf_level].name));
	return true;
}

static bool may_read(const struct resolve *context, const struct expression *node, struct target *target)
{
	bool coded = context->mode == RESOLVE_COLUMN && context->own->table->coded != NULL;
	if (coded && (target->table != context->own->table->index || target->rows != TARGET_OPEN) &&
	    !may_read_coded(context, node, target))
		return false;
	bool own = context->own != NULL && target->table == context->own->table->index;
	if (own && target->rows == TARGET_OPEN && (context->mode != RESOLVE_CHECK || context->in_any))
		target->rows = TARGET_OWN;
	if (target->rows == TARGET_OPEN)
		settle_entry(context, target);
	return true;
}

/* sum(组): the columns directly in the group, less those computed from their own row. */
static bool chain_group(struct chain *chain, const struct target *target)
{
	const struct table_source *source = &chain->context->b->sources[target->table];
	for (int i = 0; i < target->column->child_count; i++) {
		const struct form_column *column = target->column->children[i];
		if (column->leaf >= 0 && is_figure(column->type) && !source->columns[column->leaf].own_row)
			chain_column(chain, target, column);
	}
	if (chain->root != NULL)
		return true;
	return fail(chain->context, chain->node,
		    arena_format(chain->context->b->arena, _("栏组“%s”里没有可以相加的栏：相加的是直接写在组里、不是由本行算出来的金额和数，请检查组名。"),
				 target->column->caption));
}

static bool bind_reference(const struct resolve *context, struct expression **slot, bool in_sum)
{
	struct expression *node = *slot;
	struct target target;
	struct chain chain = {context, node, NULL};
	if (!resolve_reference(context, node->reference, in_sum, &target) ||
	    !may_read(context, node, &target))
		return false;
	if (target.rows == TARGET_OPEN && context->mode == RESOLVE_ROW &&
	    !settle_open_row(context, node, &target))
		return false;
	if (!check_reach(context, node, &target) ||
	    (target.column == NULL && !settle_open_column(context, node, &target)))
		return false;
	if (target.column->leaf < 0) {
		if (!chain_group(&chain, &target))
			return false;
	} else if (in_sum && target.rows == TARGET_OWN) {
		return fail(context, node,
			    _("sum( ) 里要写栏组，或者别的表的栏；本行的一栏直接写它的名称。"));
	} else {
		chain_column(&chain, &target, target.column);
	}
	if (chain.root == NULL)
		return fail(context, node, _("这里没有可以相加的行：请检查是哪张表、哪一栏。"));
	chain_finish(&chain, slot);
	return true;
}

static bool is_leaves_sum(const struct builder *b, const struct expression *node)
{
	return node->kind == EXPRESSION_REFERENCE && binding_of(b, node->reference)->leaves;
}

/* sum(above): the rows above in the same place of the tree, back to the last such total. */
static bool bind_above(const struct resolve *context, struct expression **slot)
{
	struct chain chain = {context, *slot, NULL};
	if (context->mode != RESOLVE_ROW)
		return fail(context, *slot, _("sum(above) 只能用在一行的公式里：它是这一行上面各行之和。"));
	const struct form_table *table = context->own->table;
	const struct form_row *row = &table->rows[context->row];
	int first = context->row;
	for (int i = context->row - 1; i >= 0; i--) {
		const struct form_row *other = &table->rows[i];
		if (other->block != row->block || other->depth < row->depth ||
		    (other->parent == row->parent && context->own->rows[i].above))
			break;
		if (other->parent == row->parent)
			first = i;
	}
	for (int i = first; i < context->row; i++)
		if (table->rows[i].parent == row->parent)
			chain_add(&chain, bind_cell(context->b, table, i, context->leaf));
	if (chain.root == NULL)
		return fail(context, *slot, _("sum(above) 上面没有可以相加的行：请把它移到要相加的各行下面。"));
	chain_finish(&chain, slot);
	return true;
}

static bool bind_sum(const struct resolve *context, struct expression **slot)
{
	struct expression *node = *slot;
	if (node->above)
		return bind_above(context, slot);
	if (!bind_reference(context, slot, true))
		return false;
	/* Only a sum over the leaf rows of a coded table stays a sum. */
	if (is_leaves_sum(context->b, *slot)) {
		node->reference->binding = (*slot)->reference->binding;
		*slot = node;
	}
	return true;
}

/* any(…): some row of the own grid. */
static bool bind_any(const struct resolve *context, struct expression *node)
{
	struct resolve inner = *context;
	inner.in_any = true;
	if (context->mode == RESOLVE_CHECK && context->own != NULL &&
	    context->own->table->head->leaf_count > 0)
		return bind_expression(&inner, &node->left);
	return fail(context, node, _("any( ) 只能用在一张表自己的审核关系里：它问本表是否有这样的一行。"));
}

bool bind_expression(const struct resolve *context, struct expression **slot)
{
	struct expression *node = *slot;
	switch (node->kind) {
	case EXPRESSION_REFERENCE:
		return bind_reference(context, slot, false);
	case EXPRESSION_SUM:
		return bind_sum(context, slot);
	case EXPRESSION_ANY:
		return bind_any(context, node);
	default:
		break;
	}
	bool left = node->left == NULL || bind_expression(context, &node->left);
	bool right = node->right == NULL || bind_expression(context, &node->right);
	return left && right;
}
