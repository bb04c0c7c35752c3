/* One rule for every cell: which of the things that a layout says fills it, bound, typed and with what it
 * reads. */
#include <string.h>

#include "form/build.h"

#define TERMS_MAX 512

struct cell {
	struct builder *b;
	struct table_source *source;
	int class, leaf;
};

static struct form_rule *rule_at(const struct cell *cell)
{
	const struct form_table *table = cell->source->table;
	return &table->rules[cell->class * table->leaf_count + cell->leaf];
}

static const struct form_column *column_at(const struct cell *cell)
{
	return cell->source->table->leaves[cell->leaf];
}

static bool reads_own_row(const struct form_pack *pack, const struct compiled *compiled)
{
	for (int i = 0; i < compiled->read_count; i++)
		if (pack->bindings[compiled->reads[i].binding].reach != FORM_SAME_ROW)
			return false;
	return true;
}

static void set_compiled(const struct cell *cell, struct compiled *compiled, struct place place)
{
	int node = cell->class * cell->source->table->leaf_count + cell->leaf;
	struct form_rule *rule = rule_at(cell);
	rule->kind = compiled->linear ? FORM_LINEAR : FORM_EVALUATE;
	rule->formula = compiled->rule;
	rule->own_row = compiled->linear && reads_own_row(cell->b->pack, compiled);
	cell->source->compiled[node] = compiled;
	cell->source->rule_places[node] = place;
}

/* ---- formulas */

static bool is_number_type(enum value_type type)
{
	return type == VALUE_NUMBER || type == VALUE_PERCENT;
}

struct reads {
	struct read *items;
	int count;
};

static bool add_read(void *context, struct reference *reference, bool in_sum, bool in_any)
{
	struct reads *reads = context;
	(void)in_sum;
	(void)in_any;
	if (reads->items != NULL)
		reads->items[reads->count] = (struct read){reference->binding, 0, 0};
	reads->count++;
	return true;
}

/* Only figures change by differences: a part of a measure changes with its text. */
static bool reads_whole_cells(const struct builder *b, const struct linear_term *terms, int count)
{
	for (int i = 0; i < count; i++)
		if (b->pack->bindings[terms[i].reference->binding].part != FORM_WHOLE)
			return false;
	return true;
}

/* What the bound expression reads: linear terms with their signs, else every reference. */
static void collect_reads(struct builder *b, struct compiled *compiled)
{
	struct linear_term terms[TERMS_MAX];
	const struct expression *expression = compiled->rule->expression;
	int count = expression_linear(expression, terms, TERMS_MAX);
	compiled->linear = count > 0 && reads_whole_cells(b, terms, count);
	struct reads reads = {NULL, 0};
	if (!compiled->linear)
		expression_visit(expression, add_read, &reads);
	size_t room = compiled->linear ? (size_t)count : (size_t)reads.count;
	compiled->reads = reads.items = arena_take(b->scratch, (room + 1) * sizeof(*reads.items));
	reads.count = 0;
	for (int i = 0; compiled->linear && i < count; i++)
		reads.items[reads.count++] = (struct read){terms[i].reference->binding, terms[i].sign, 0};
	if (!compiled->linear)
		expression_visit(expression, add_read, &reads);
	compiled->read_count = reads.count;
}

/* Formulas give figures only. */
static bool may_have_formula(struct builder *b, const struct form_column *column, struct place place)
{
	if (is_figure(column->type))
		return true;
	report(b, place, _("栏“%s”不是数，不能用公式：请改成 money、count、number 或 percent，或者去掉公式。"), column->caption);
	return false;
}

/* Binds the parsed formula of a cell; NULL after an error. */
static struct compiled *compile(const struct cell *cell, struct rule *rule,
				const struct formula_source *formula, enum resolve_mode mode)
{
	struct builder *b = cell->b;
	struct place place = formula->place;
	enum value_type type, wanted = value_type_of(column_at(cell)->type);
	struct resolve context = {.b = b,
				  .file = place.file,
				  .mode = mode,
				  .own = cell->source,
				  .row = mode == RESOLVE_ROW ? cell->class : -1,
				  .class = cell->class,
				  .leaf = cell->leaf};
	if (!bind_expression(&context, &rule->expression) ||
	    !expression_check_types(rule->expression, resolve_type, b, place.file, &type, b->diags))
		return NULL;
	if (type != wanted && !(is_number_type(type) && is_number_type(wanted))) {
		report(b, place, _("栏“%s”是%s，公式算出的却是%s：请改栏的类型，或者检查公式里的名称。"), column_at(cell)->caption,
		       value_type_word(wanted), value_type_word(type));
		return NULL;
	}
	struct compiled *compiled = arena_take(b->scratch, sizeof(*compiled));
	compiled->rule = rule;
	collect_reads(b, compiled);
	if (compiled->read_count == 0) {
		report(b, place, _("公式里没有取任何一格的数，请直接填写这个数。"));
		return NULL;
	}
	return compiled;
}

static struct rule *parse(struct builder *b, const struct formula_source *formula)
{
	return rule_parse(b->arena, formula->text, false, formula->place.file, formula->place.line,
			  formula->place.column, b->diags);
}

static void set_row_formula(const struct cell *cell, const struct formula_source *formula, const char *name)
{
	if (cell->source->rows[cell->class].told)
		return;
	bool fits = may_have_formula(cell->b, column_at(cell), formula->place);
	struct rule *rule = fits ? parse(cell->b, formula) : NULL;
	struct compiled *compiled = rule != NULL ? compile(cell, rule, formula, RESOLVE_ROW) : NULL;
	if (compiled == NULL) {
		cell->source->rows[cell->class].told = true;
		return;
	}
	set_compiled(cell, compiled, formula->place);
	rule_at(cell)->words = cell->source->rows[cell->class].above
				       ? arena_format(cell->b->arena, _("%s = 以上各行之和"), name)
				       : arena_format(cell->b->arena, "%s = %s", name, formula->text);
}

/* True if the source has a row of this row's key, now or whenever the clerk enters its code. */
static bool same_key_exists(const struct cell *cell, const struct form_row *row,
			    const struct form_binding *binding)
{
	const struct form_pack *pack = cell->b->pack;
	const struct form_table *other = pack->tables[binding->table];
	if (other->coded == NULL)
		return map_get(other->row_keys, row->key) != NULL;
	if (other->coded->total_name != NULL && strcmp(other->coded->total_name, row->key) == 0)
		return true;
	int level = row->code != NULL ? catalogue_level_of(other->coded->catalogue, row->code) : -1;
	if (level < 0 || level > other->coded->leaf_level)
		return false;
	for (int i = 0; i < pack->year_count && !row->generated; i++)
		if (catalogue_find(other->coded->catalogue, row->code, pack->years[i]) == NULL) {
			report(cell->b, row->place, _("%d 年的%s里没有编码“%s”，行“%s”从表“%s”取不到数：请核对编码，或者给这一行写 entered、closed 或公式。"),
			       pack->years[i], other->coded->catalogue->title, row->code, row->caption,
			       other->name);
			cell->source->rows[cell->class].told = true;
			break;
		}
	return true;
}

static void require_same_keys(const struct cell *cell, const struct compiled *compiled, struct place place)
{
	const struct form_table *table = cell->source->table;
	if (table->coded != NULL || cell->class >= table->row_count)
		return;
	const struct form_row *row = &table->rows[cell->class];
	struct row_source *told = cell->source->rows;
	for (int i = 0; i < compiled->read_count; i++) {
		const struct form_binding *binding = &cell->b->pack->bindings[compiled->reads[i].binding];
		if (binding->reach != FORM_SAME_KEY || told[cell->class].told)
			continue;
		if (row->code != NULL && strcmp(row->key, row->code) != 0) {
			told[cell->class].told = true;
			report(cell->b, row->place,
			       _("编码“%s”在表“%s”里不止一行，栏“%"
				 "s”按编码取数会重复；请改编码，或给这些行写自己的公式。"),
			       row->code, table->name, column_at(cell)->caption);
			return;
		}
		if (same_key_exists(cell, row, binding))
			continue;
		told[cell->class].told = true;
		const struct form_table *other = cell->b->pack->tables[binding->table];
		report(cell->b, row->place,
		       _("栏“%s”（第 %u 行）按行从表“%s”取数，那里却没有“%s”这一行；请给它写科目编码，或者写 "
			 "entered、closed 或自己的公式。"),
		       column_at(cell)->caption, place.line, other->name, row->caption);
		return;
	}
}

static void set_column_formula(const struct cell *cell)
{
	struct column_source *column = &cell->source->columns[cell->leaf];
	if (column->rule == NULL)
		return; /* already reported */
	if (column->shared == NULL) {
		column->shared = compile(cell, column->rule, &column->formula, RESOLVE_COLUMN);
		if (column->shared == NULL) {
			column->rule = NULL;
			return;
		}
		column->words = arena_format(cell->b->arena, "%s = %s", column_at(cell)->name, column->formula.text);
	}
	set_compiled(cell, column->shared, column->formula.place);
	rule_at(cell)->words = column->words;
	require_same_keys(cell, column->shared, column->formula.place);
}

/* ---- what a cell's rule is */

/* A printed constant is no figure; a code must be one. */
static void check_constant(const struct cell *cell, const char *word, struct place place)
{
	const struct form_column *column = column_at(cell);
	const struct form_pack *pack = cell->b->pack;
	if (word[0] >= '0' && word[0] <= '9' && is_figure(column->type))
		report(cell->b, place, _("栏“%s”是数，不能给定“%s”；请写公式，或者留给用户填写。"),
		       column->caption, word);
	for (int i = 0; column->catalogue != NULL && is_digits(word) && i < pack->year_count; i++) {
		if (catalogue_find(column->catalogue, word, pack->years[i]) != NULL)
			continue;
		report(cell->b, place, _("%d 年的%s里没有编码“%s”，请核对编码和 years。"), pack->years[i],
		       column->catalogue->title, word);
		return;
	}
}

/* What the row says of this column: a formula, entered, closed, or a printed constant. */
static bool set_said(const struct cell *cell)
{
	struct form_table *table = cell->source->table;
	const struct yaml_node *map = cell->source->rows[cell->class].attributes;
	const struct form_row *row = &table->rows[cell->class];
	struct form_rule *rule = rule_at(cell);
	for (size_t i = 0; map != NULL && i < map->count; i++) {
		const struct yaml_node *value = map->items[i];
		struct formula_source formula = {0};
		const char *word;
		if (form_leaf_find(table, map->keys[i]->text, row->block) != cell->leaf)
			continue;
		if (value->kind != YAML_SCALAR) {
			report(cell->b, place_of(map->keys[i]),
			       _("“%s”后面要写公式、entered、closed 或印在格里的文字。"), map->keys[i]->text);
			return true;
		}
		scalar_split(cell->b, value, &word, &formula);
		if (formula.text != NULL) {
			set_row_formula(
				cell, &formula,
				arena_format(cell->b->arena, "%s.%s", row->name, column_at(cell)->name));
		} else if (strcmp(word, "entered") == 0) {
			rule->kind = FORM_ENTERED;
		} else {
			rule->kind = FORM_CLOSED;
			rule->constant = strcmp(word, "closed") == 0 ? NULL : word;
			check_constant(cell, word, place_of(value));
		}
		return true;
	}
	return false;
}

static void set_tree_sum(const struct cell *cell)
{
	const struct form_table *table = cell->source->table;
	struct builder *b = cell->b;
	struct compiled *compiled = arena_take(b->scratch, sizeof(*compiled));
	compiled->linear = true;
	compiled->reads = arena_take(b->scratch, (size_t)(table->row_count + 1) * sizeof(*compiled->reads));
	for (int i = cell->class + 1; i < table->row_count; i++)
		if (table->rows[i].parent == cell->class)
			compiled->reads[compiled->read_count++] =
				(struct read){bind_cell(b, table, i, cell->leaf), 1, 0};
	bool entries = table->list >= 0 && table->entry_parent == cell->class;
	if (entries) {
		int binding = bind_cell(b, table, table->entry_class, cell->leaf);
		b->pack->bindings[binding].leaves = true;
		compiled->reads[compiled->read_count++] = (struct read){binding, 1, 0};
	}
	set_compiled(cell, compiled, table->rows[cell->class].place);
	rule_at(cell)->words =
		entries ? arena_format(b->arena, _("%s = 各%s之和"), table->rows[cell->class].name,
				       b->pack->lists[table->list].name)
			: arena_format(b->arena, _("%s = 下级各行之和"), table->rows[cell->class].name);
}

static void set_word(const struct cell *cell, enum form_word word)
{
	rule_at(cell)->kind = word == WORD_CLOSED ? FORM_CLOSED : FORM_ENTERED;
}

/* Where no column prints captions, a total's stands in the first column of text. */
static bool holds_caption(const struct cell *cell)
{
	const struct form_table *table = cell->source->table;
	const struct form_block *block = &table->blocks[class_block(table, cell->class)];
	if (block->caption_leaf >= 0 || !table->rows[cell->class].total)
		return false;
	int first = block->first_leaf;
	while (first < cell->leaf && table->leaves[first]->type != FORM_TEXT)
		first++;
	return first == cell->leaf && table->leaves[first]->type == FORM_TEXT;
}

/* Who a fixed row is, and what is printed in all rows alike. */
static bool make_label(const struct cell *cell, bool sums)
{
	struct form_rule *rule = rule_at(cell);
	const struct form_column *leaf = column_at(cell);
	const char *constant = cell->source->columns[cell->leaf].constant;
	if (holds_caption(cell)) {
		rule->kind = FORM_CLOSED;
		rule->constant = cell->source->table->rows[cell->class].caption;
	} else if (constant != NULL || (leaf->type == FORM_CODE && leaf->catalogue != NULL && sums)) {
		rule->kind = FORM_CLOSED;
		rule->constant = sums ? NULL : constant;
	} else if (is_label(leaf->type) && leaf->catalogue == NULL) {
		rule->kind = FORM_LABEL;
	} else {
		return false;
	}
	return true;
}

static void make_fixed(const struct cell *cell)
{
	const struct column_source *column = &cell->source->columns[cell->leaf];
	const struct row_source *row = &cell->source->rows[cell->class];
	const struct form_row *fixed = &cell->source->table->rows[cell->class];
	const struct form_column *leaf = column_at(cell);
	bool sums = (row->has_children && !fixed->partial) || row->above;
	if (set_said(cell) || make_label(cell, sums))
		return;
	/* What is taken times something adds up; a ratio is one of the sums. */
	bool product = column->product && is_addable(leaf->type) && (sums || row->formula.text != NULL);
	if (column->formula.text != NULL && column->own_row && !product)
		set_column_formula(cell);
	else if (sums && !is_addable(leaf->type))
		rule_at(cell)->kind = FORM_CLOSED;
	else if (sums && row->above)
		set_row_formula(cell, &row->formula, fixed->name);
	else if (sums)
		set_tree_sum(cell);
	else if (row->word != WORD_NONE || column->word != WORD_NONE)
		set_word(cell, row->word != WORD_NONE ? row->word : column->word);
	else if (row->formula.text != NULL && is_figure(leaf->type))
		set_row_formula(cell, &row->formula, fixed->name);
	else if (column->formula.text != NULL)
		set_column_formula(cell);
	else
		rule_at(cell)->kind = FORM_ENTERED;
}

/* Totals and parents of a coded table add up along the tree of codes: graph.c lays those paths, no formula is
 * kept. */
static void set_code_sum(const struct cell *cell)
{
	const struct form_coded *coded = cell->source->table->coded;
	struct form_rule *rule = rule_at(cell);
	if (!is_addable(column_at(cell)->type)) {
		rule->kind = FORM_CLOSED;
		return;
	}
	rule->kind = FORM_LINEAR;
	cell->source->rule_places[cell->class * cell->source->table->leaf_count + cell->leaf] =
		column_at(cell)->place;
	rule->words = cell->class == FORM_CLASS_TOTAL
			      ? arena_format(cell->b->arena, _("%s = 各%s之和"), coded->total,
					     coded->catalogue->levels[0].name)
			      : _("下级科目之和");
}

/* What the total of codes says of this column holds for the parents too: unlike things do not add up. */
static bool set_total_said(const struct cell *cell)
{
	const struct yaml_node *map = cell->class != FORM_CLASS_LEAF ? cell->source->total_said : NULL;
	struct form_rule *rule = rule_at(cell);
	for (size_t i = 0; map != NULL && i < map->count; i++) {
		const struct yaml_node *value = map->items[i];
		if (strcmp(map->keys[i]->text, "caption") == 0 ||
		    form_leaf_find(cell->source->table, map->keys[i]->text, -1) != cell->leaf)
			continue;
		rule->kind = FORM_CLOSED;
		if (value->kind != YAML_SCALAR || value->text[0] == '=' || strcmp(value->text, "entered") == 0) {
			report(cell->b, place_of(value),
			       _("合计和上级科目的“%s”只能写 closed，或者印在格里的文字。"), map->keys[i]->text);
		} else if (strcmp(value->text, "closed") != 0) {
			rule->constant = value->text;
			check_constant(cell, value->text, place_of(value));
		}
		return true;
	}
	return false;
}

static void make_coded(const struct cell *cell)
{
	const struct column_source *column = &cell->source->columns[cell->leaf];
	if (set_total_said(cell))
		return;
	if (cell->class == FORM_CLASS_TOTAL && cell->source->table->coded->total == NULL)
		rule_at(cell)->kind = FORM_NONE;
	else if (column->formula.text != NULL &&
		 ((column->own_row && !column->product) || cell->class == FORM_CLASS_LEAF ||
		  !is_addable(column_at(cell)->type)))
		set_column_formula(cell);
	else if (column->word == WORD_CLOSED)
		rule_at(cell)->kind = FORM_CLOSED;
	else if (cell->class != FORM_CLASS_LEAF)
		set_code_sum(cell);
	else
		rule_at(cell)->kind = FORM_ENTERED;
	if (rule_at(cell)->kind == FORM_ENTERED)
		cell->source->table->coded->picked = true;
}

/* A formula of list rows or fields: they are one class, so nothing is shared with other rows. */
static void set_free_formula(const struct cell *cell, const struct formula_source *formula)
{
	struct rule *rule = parse(cell->b, formula);
	struct compiled *compiled = rule != NULL ? compile(cell, rule, formula, RESOLVE_COLUMN) : NULL;
	if (compiled == NULL)
		return;
	set_compiled(cell, compiled, formula->place);
	rule_at(cell)->words = arena_format(cell->b->arena, "%s = %s", column_at(cell)->name, formula->text);
}

/* A row of a list, or the fields: who it is stands in its entry and is entered like anything else. */
static void make_free(const struct cell *cell)
{
	const struct column_source *column = &cell->source->columns[cell->leaf];
	const struct formula_source *list = &cell->source->entry_formula;
	const struct form_column *leaf = column_at(cell);
	struct form_rule *rule = rule_at(cell);
	bool listed = list->text != NULL && cell->class == cell->source->table->entry_class &&
		      is_figure(leaf->type);
	rule->kind = FORM_ENTERED;
	if (leaf->type == FORM_ORDINAL) {
		rule->kind = FORM_LABEL;
	} else if (column->constant != NULL) {
		rule->kind = FORM_CLOSED;
		rule->constant = column->constant;
	} else if (column->formula.text != NULL && column->own_row) {
		set_free_formula(cell, &column->formula);
	} else if (column->word != WORD_NONE) {
		set_word(cell, column->word);
	} else if (listed) {
		set_free_formula(cell, list);
	} else if (column->formula.text != NULL) {
		set_free_formula(cell, &column->formula);
	}
}

static void make_cell(const struct cell *cell)
{
	const struct form_table *table = cell->source->table;
	const struct form_column *leaf = column_at(cell);
	if (table->coded != NULL && is_label(leaf->type))
		rule_at(cell)->kind = FORM_LABEL;
	else if (table->coded != NULL)
		make_coded(cell);
	else if (leaf->block >= 0 ? leaf->block != class_block(table, cell->class)
				  : cell->class == table->fields_class)
		rule_at(cell)->kind = FORM_NONE;
	else if (cell->class >= table->row_count)
		make_free(cell);
	else if (leaf->type == FORM_ORDINAL)
		rule_at(cell)->kind = FORM_LABEL;
	else
		make_fixed(cell);
}

/* ---- which column formulas read their own row only */

struct own_row {
	struct resolve context;
	bool own;
};

static bool visit_own_row(void *context, struct reference *reference, bool in_sum, bool in_any)
{
	struct own_row *visit = context;
	struct target target;
	(void)in_any;
	if (!resolve_reference(&visit->context, reference, in_sum, &target))
		return false;
	if (target.rows == TARGET_OPEN && target.table == visit->context.own->table->index)
		target.rows = TARGET_OWN;
	visit->own = visit->own && target.rows == TARGET_OWN;
	return true;
}

static bool notice_reference(void *context, struct reference *reference, bool in_sum, bool in_any)
{
	(void)reference;
	(void)in_sum;
	(void)in_any;
	*(bool *)context = true;
	return false;
}

static bool reads_any(const struct expression *expression)
{
	bool any = false;
	(void)expression_visit(expression, notice_reference, &any);
	return any;
}

/* True if two figures are multiplied somewhere in the expression. */
static bool has_product(const struct expression *expression)
{
	if (expression == NULL)
		return false;
	bool here = expression->kind == EXPRESSION_MULTIPLY && reads_any(expression->left) &&
		    reads_any(expression->right);
	return here || has_product(expression->left) || has_product(expression->right);
}

static void read_column_formula(struct builder *b, struct table_source *source, int leaf)
{
	struct column_source *column = &source->columns[leaf];
	if (column->formula.text == NULL)
		return;
	if (!may_have_formula(b, source->table->leaves[leaf], column->formula.place))
		return;
	struct own_row visit = {{.b = b,
				 .file = column->formula.place.file,
				 .mode = RESOLVE_COLUMN,
				 .own = source,
				 .row = -1,
				 .class = -1,
				 .leaf = leaf},
				true};
	column->rule = parse(b, &column->formula);
	if (column->rule != NULL && !expression_visit(column->rule->expression, visit_own_row, &visit))
		column->rule = NULL;
	column->own_row = visit.own;
	column->product = column->rule != NULL && has_product(column->rule->expression);
}

/* ---- which row formulas read rows of their own table only */

static bool visit_own_table(void *context, struct reference *reference, bool in_sum, bool in_any)
{
	const struct table_source *source = context;
	size_t count = reference->name_count;
	bool ambiguous;
	(void)in_any;
	return !in_sum && reference->row_count == 0 &&
	       (row_find(source, reference->names, count, &ambiguous) >= 0 ||
		(count > 1 && row_find(source, reference->names, count - 1, &ambiguous) >= 0));
}

/* What is wrong with the formula is said when it is compiled. */
static void read_row_formulas(struct builder *b, struct table_source *source)
{
	for (int i = 0; i < source->table->row_count; i++) {
		const struct formula_source *formula = &source->rows[i].formula;
		struct diag_list quiet = {0};
		struct rule *rule = formula->text == NULL || source->rows[i].above
					    ? NULL
					    : rule_parse(b->arena, formula->text, false, formula->place.file,
							 formula->place.line, formula->place.column, &quiet);
		source->rows[i].derived = rule != NULL && reads_any(rule->expression) &&
					  expression_visit(rule->expression, visit_own_table, source);
		diag_list_done(&quiet);
	}
}

bool rules_make(struct builder *b)
{
	size_t errors = b->diags->errors;
	for (int i = 0; i < b->pack->table_count; i++)
		read_row_formulas(b, &b->sources[i]);
	for (int i = 0; i < b->pack->table_count; i++)
		for (int leaf = 0; leaf < b->pack->tables[i]->leaf_count; leaf++)
			read_column_formula(b, &b->sources[i], leaf);
	if (b->diags->errors > errors)
		return false;
	for (int i = 0; i < b->pack->table_count; i++) {
		const struct form_table *table = b->pack->tables[i];
		for (int class = 0; class < table->class_count; class ++)
			for (int leaf = 0; leaf < table->leaf_count; leaf++)
				make_cell(&(struct cell){b, &b->sources[i], class, leaf});
	}
	return b->diags->errors == errors;
}
