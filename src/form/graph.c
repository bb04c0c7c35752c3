/* The static paths of change. Every read of every rule and check is turned round: the class that is read
 * learns what it reaches. No edge enumerates the rows of a coded table: they fall into three classes. */
#include <stdlib.h>
#include <string.h>

#include "form/build.h"
#include "formula/order.h"

struct edge_at {
	size_t node;
	struct form_edge edge;
};

struct check_edge_at {
	size_t node;
	struct form_check_edge edge;
};

struct graph {
	struct builder *b;
	size_t *first; /* of a table: its nodes follow one another */
	struct form_rule **rules; /* of every node */
	size_t node_count;
	struct edge_at *edges;
	size_t edge_count, edge_capacity;
	struct check_edge_at *check_edges;
	size_t check_count, check_capacity;
	size_t check_start; /* where the edges of the check in hand begin */
	struct order_edge *orders;
	size_t order_count, order_capacity;
};

static size_t node_of(const struct graph *graph, int table, int class, int leaf)
{
	return graph->first[table] + (size_t)(class * graph->b->pack->tables[table]->leaf_count + leaf);
}

static void add_edge(struct graph *graph, size_t from, struct form_edge edge)
{
	array_reserve(&graph->edges, &graph->edge_capacity, graph->edge_count, sizeof(*graph->edges));
	graph->edges[graph->edge_count++] = (struct edge_at){from, edge};
}

static void add_order(struct graph *graph, size_t from, size_t to)
{
	array_reserve(&graph->orders, &graph->order_capacity, graph->order_count, sizeof(*graph->orders));
	graph->orders[graph->order_count++] = (struct order_edge){from, to};
}

static void add_check_edge(struct graph *graph, size_t from, struct form_check_edge edge)
{
	for (size_t i = graph->check_start; i < graph->check_count; i++) {
		const struct check_edge_at *other = &graph->check_edges[i];
		if (other->node == from && other->edge.instances == edge.instances &&
		    other->edge.code == edge.code)
			return;
	}
	array_reserve(&graph->check_edges, &graph->check_capacity, graph->check_count,
		      sizeof(*graph->check_edges));
	graph->check_edges[graph->check_count++] = (struct check_edge_at){from, edge};
}

/* The class of a coded table's rows with this code; -1: it cannot have the code. */
static int class_of_code(const struct form_table *table, const char *code)
{
	int level = code != NULL ? catalogue_level_of(table->coded->catalogue, code) : -1;
	if (level < 0 || level > table->coded->leaf_level)
		return -1;
	return level == table->coded->leaf_level ? FORM_CLASS_LEAF : FORM_CLASS_PARENT;
}

/* The class of the source's row with the key of a fixed row; -1: none. */
static int class_of_key(const struct form_table *source, const struct form_row *row)
{
	if (source->coded == NULL) {
		const struct form_row *same = map_get(source->row_keys, row->key);
		return same != NULL ? same->class : -1;
	}
	if (source->coded->total_name != NULL && strcmp(source->coded->total_name, row->key) == 0)
		return FORM_CLASS_TOTAL;
	return class_of_code(source, row->code);
}

/* True if all rows of the table whose codes are of the source's `class` follow the same formula: then the row
 * is found by its key when the change comes, else every row gets an edge of its own. */
static bool is_uniform(const struct graph *graph, int table, int leaf, const struct compiled *compiled,
		       const struct form_table *source, int class)
{
	const struct table_source *target = &graph->b->sources[table];
	for (int i = 0; i < target->table->row_count; i++)
		if (class_of_code(source, target->table->rows[i].code) == class &&
		    target->compiled[i * target->table->leaf_count + leaf] != compiled)
			return false;
	return true;
}

/* The rows of the target appear with those of the source. */
static void add_feed(struct graph *graph, struct form_coded *source, int table)
{
	int *feeds = arena_take(graph->b->arena, (size_t)(source->feed_count + 1) * sizeof(*feeds));
	for (int i = 0; i < source->feed_count; i++) {
		if (source->feeds[i] == table)
			return;
		feeds[i] = source->feeds[i];
	}
	feeds[source->feed_count++] = table;
	source->feeds = feeds;
}

/* `表.栏` of the same code, read by the rows of a coded table: each class of rows by one edge. */
static void add_same_code(struct graph *graph, int table, int class, int leaf, const struct read *read)
{
	const struct form_pack *pack = graph->b->pack;
	const struct form_binding *binding = &pack->bindings[read->binding];
	const struct form_coded *source = pack->tables[binding->table]->coded, *own = pack->tables[table]->coded;
	struct form_edge edge = {FORM_SAME_KEY, table, class, leaf, read->sign, NULL};
	int from_class = class;
	if (class == FORM_CLASS_TOTAL && (source->total == NULL || strcmp(source->total_name, own->total_name) != 0))
		return;
	if (class == FORM_CLASS_LEAF && source->leaf_level > own->leaf_level)
		from_class = FORM_CLASS_PARENT;
	if (class == FORM_CLASS_LEAF)
		add_feed(graph, pack->tables[binding->table]->coded, table);
	size_t from = node_of(graph, binding->table, from_class, binding->leaf);
	add_edge(graph, from, edge);
	add_order(graph, from, node_of(graph, table, class, leaf));
}

/* `表.栏` of the same key, read by one fixed row. */
static void add_same_key(struct graph *graph, int table, int class, int leaf, const struct compiled *compiled,
			 struct read *read)
{
	const struct form_pack *pack = graph->b->pack;
	const struct form_binding *binding = &pack->bindings[read->binding];
	const struct form_table *source = pack->tables[binding->table];
	const struct form_row *row = &pack->tables[table]->rows[class];
	int from_class = class_of_key(source, row);
	struct form_edge edge = {FORM_FIXED, table, class, leaf, read->sign, NULL};
	if (from_class < 0)
		return;
	size_t from = node_of(graph, binding->table, from_class, binding->leaf);
	add_order(graph, from, node_of(graph, table, class, leaf));
	if (source->coded != NULL && from_class != FORM_CLASS_TOTAL) {
		if (read->classes_done & (1u << from_class))
			return;
		edge.code = row->code;
		if (is_uniform(graph, table, leaf, compiled, source, from_class)) {
			edge = (struct form_edge){FORM_SAME_KEY, table, -1, leaf, read->sign, NULL};
			read->classes_done |= 1u << from_class;
		}
	}
	add_edge(graph, from, edge);
}

static void add_read(struct graph *graph, int table, int class, int leaf, const struct compiled *compiled,
		     struct read *read)
{
	const struct form_pack *pack = graph->b->pack;
	const struct form_binding *binding = &pack->bindings[read->binding];
	size_t to = node_of(graph, table, class, leaf), from;
	struct form_edge edge = {FORM_FIXED, table, class, leaf, read->sign, NULL};
	switch (binding->reach) {
	case FORM_SAME_ROW:
		from = node_of(graph, table, class, binding->leaf);
		add_edge(graph, from, (struct form_edge){FORM_SAME_ROW, table, -1, leaf, read->sign, NULL});
		add_order(graph, from, to);
		break;
	case FORM_SAME_KEY:
		if (pack->tables[table]->coded != NULL)
			add_same_code(graph, table, class, leaf, read);
		else
			add_same_key(graph, table, class, leaf, compiled, read);
		break;
	case FORM_FIXED:
	case FORM_PARENT:
		for (int i = 0; i < binding->code_count; i++) {
			int row = class_of_code(pack->tables[binding->table], binding->codes[i]);
			edge.code = binding->codes[i];
			from = node_of(graph, binding->table, row, binding->leaf);
			add_edge(graph, from, edge);
			add_order(graph, from, to);
		}
		if (binding->codes == NULL) {
			from = node_of(graph, binding->table, binding->class, binding->leaf);
			add_edge(graph, from, edge);
			add_order(graph, from, to);
		}
		break;
	}
}

/* Leaves and parents of a coded table add to the row above, in columns that no formula fills. */
static void add_tree(struct graph *graph, int table, int leaf)
{
	const struct table_source *source = &graph->b->sources[table];
	int leaf_count = source->table->leaf_count;
	const struct form_rule *parent = form_rule_of(source->table, FORM_CLASS_PARENT, leaf);
	if (parent->kind != FORM_LINEAR || source->compiled[FORM_CLASS_PARENT * leaf_count + leaf] != NULL)
		return;
	size_t nodes[FORM_CODED_CLASSES];
	for (int class = 0; class < FORM_CODED_CLASSES; class ++)
		nodes[class] = node_of(graph, table, class, leaf);
	for (int class = FORM_CLASS_PARENT; class <= FORM_CLASS_LEAF; class ++)
		add_edge(graph, nodes[class], (struct form_edge){FORM_PARENT, table, -1, leaf, 1, NULL});
	add_order(graph, nodes[FORM_CLASS_LEAF], nodes[FORM_CLASS_PARENT]);
	add_order(graph, nodes[FORM_CLASS_LEAF], nodes[FORM_CLASS_TOTAL]);
	add_order(graph, nodes[FORM_CLASS_PARENT], nodes[FORM_CLASS_TOTAL]);
}

static void add_table(struct graph *graph, int index)
{
	const struct table_source *source = &graph->b->sources[index];
	const struct form_table *table = source->table;
	for (int class = 0; class < table->class_count; class ++)
		for (int leaf = 0; leaf < table->leaf_count; leaf++) {
			struct compiled *compiled = source->compiled[class * table->leaf_count + leaf];
			for (int i = 0; compiled != NULL && i < compiled->read_count; i++)
				add_read(graph, index, class, leaf, compiled, &compiled->reads[i]);
		}
	for (int leaf = 0; table->coded != NULL && leaf < table->leaf_count; leaf++)
		add_tree(graph, index, leaf);
}

/* ---- checks */

struct check_visit {
	struct graph *graph;
	const struct form_check *check;
};

/* True if rows of this class can have a key that a row of the other table can have too. */
static bool could_meet(const struct form_table *table, int class, const struct form_table *other)
{
	if (table->coded == NULL)
		return class < table->row_count && class_of_key(other, &table->rows[class]) >= 0;
	if (other->coded != NULL)
		return class != FORM_CLASS_TOTAL || other->coded->total_name != NULL;
	for (int i = 0; i < other->row_count; i++)
		if (class_of_key(table, &other->rows[i]) == class)
			return true;
	return false;
}

/* An open check is judged only at keys that every table it runs over could have. */
static bool is_judged(const struct graph *graph, const struct form_check *check,
		      const struct form_table *table, int class)
{
	for (int i = 0; i < check->open_count; i++) {
		const struct form_table *other = graph->b->pack->tables[check->open_tables[i]];
		if (other != table && !could_meet(table, class, other))
			return false;
	}
	return true;
}

/* What may change: labels do not. */
static bool is_cell(const struct form_table *table, int class, int leaf)
{
	enum form_rule_kind kind = form_rule_of(table, class, leaf)->kind;
	return kind != FORM_NONE && kind != FORM_LABEL;
}

/* A sum over the grid of the card whose check it is. */
static bool is_own_sum(const struct check_visit *visit, const struct form_binding *binding)
{
	const struct form_table *table = visit->graph->b->pack->tables[binding->table];
	return binding->leaves && binding->table == visit->check->table && table->each >= 0;
}

/* any() reads every row of the own grid. */
static void add_any_edges(struct check_visit *visit, const struct form_binding *binding)
{
	struct graph *graph = visit->graph;
	const struct form_table *table = graph->b->pack->tables[binding->table];
	struct form_check_edge edge = {visit->check->index,
				       visit->check->list >= 0 ? FORM_THE_KEY
				       : visit->check->open    ? FORM_ALL_KEYS
							       : FORM_THE_ONE,
				       NULL};
	for (int class = 0; class < table->class_count; class ++)
		if (is_cell(table, class, binding->leaf))
			add_check_edge(graph, node_of(graph, binding->table, class, binding->leaf), edge);
}

static bool visit_check(void *context, struct reference *reference, bool in_sum, bool in_any)
{
	struct check_visit *visit = context;
	struct graph *graph = visit->graph;
	const struct form_binding *binding = binding_of(graph->b, reference);
	const struct form_table *table = graph->b->pack->tables[binding->table];
	struct form_check_edge edge = {visit->check->index, visit->check->open ? FORM_ALL_KEYS : FORM_THE_ONE,
				       NULL};
	(void)in_sum;
	(void)in_any;
	if (binding->reach == FORM_SAME_ROW) {
		add_any_edges(visit, binding);
		return true;
	}
	/* A fixed cell may be read by every row of a sheet. */
	if (visit->check->list >= 0 && !visit->check->open)
		edge.instances = binding_list(graph->b, binding) >= 0 || is_own_sum(visit, binding)
					 ? FORM_THE_KEY
					 : FORM_ALL_KEYS;
	if (binding->reach == FORM_SAME_KEY) {
		edge.instances = FORM_THE_KEY;
		for (int class = 0; class < table->class_count; class ++)
			if (is_cell(table, class, binding->leaf) &&
			    is_judged(graph, visit->check, table, class))
				add_check_edge(graph, node_of(graph, binding->table, class, binding->leaf),
					       edge);
		return true;
	}
	for (int i = 0; i < binding->code_count; i++) {
		edge.code = binding->codes[i];
		add_check_edge(graph,
			       node_of(graph, binding->table, class_of_code(table, edge.code), binding->leaf),
			       edge);
	}
	if (binding->codes == NULL && is_cell(table, binding->class, binding->leaf))
		add_check_edge(graph, node_of(graph, binding->table, binding->class, binding->leaf), edge);
	return true;
}

static void add_checks(struct graph *graph)
{
	const struct form_pack *pack = graph->b->pack;
	for (int i = 0; i < pack->check_count; i++) {
		struct check_visit visit = {graph, &pack->checks[i]};
		graph->check_start = graph->check_count;
		expression_visit(pack->checks[i].rule->expression, visit_check, &visit);
		if (pack->checks[i].rule->where != NULL)
			expression_visit(pack->checks[i].rule->where, visit_check, &visit);
	}
}

/* ---- handing the edges out */

static void hand_out_edges(struct graph *graph)
{
	for (size_t i = 0; i < graph->edge_count; i++)
		graph->rules[graph->edges[i].node]->edge_count++;
	for (size_t i = 0; i < graph->edge_count; i++) {
		struct form_rule *rule = graph->rules[graph->edges[i].node];
		if (rule->edges == NULL) {
			rule->edges =
				arena_take(graph->b->arena, (size_t)rule->edge_count * sizeof(*rule->edges));
			rule->edge_count = 0;
		}
		rule->edges[rule->edge_count++] = graph->edges[i].edge;
	}
}

static void hand_out_checks(struct graph *graph)
{
	for (size_t i = 0; i < graph->check_count; i++)
		graph->rules[graph->check_edges[i].node]->check_edge_count++;
	for (size_t i = 0; i < graph->check_count; i++) {
		struct form_rule *rule = graph->rules[graph->check_edges[i].node];
		if (rule->check_edges == NULL) {
			size_t size = (size_t)rule->check_edge_count * sizeof(*rule->check_edges);
			rule->check_edges = arena_take(graph->b->arena, size);
			rule->check_edge_count = 0;
		}
		rule->check_edges[rule->check_edge_count++] = graph->check_edges[i].edge;
	}
}

/* ---- ranks and cycles */

static void split_node(const struct graph *graph, size_t node, int *table, int *class, int *leaf)
{
	*table = graph->b->pack->table_count - 1;
	while (*table > 0 && graph->first[*table] > node)
		(*table)--;
	int leaf_count = graph->b->pack->tables[*table]->leaf_count;
	*class = (int)(node - graph->first[*table]) / leaf_count;
	*leaf = (int)(node - graph->first[*table]) % leaf_count;
}

static void add_cell_text(const struct graph *graph, struct buffer *out, size_t node)
{
	int index, class, leaf;
	split_node(graph, node, &index, &class, &leaf);
	const struct form_table *table = graph->b->pack->tables[index];
	const char *row =
		table->coded == NULL && class >= table->row_count
			? class == table->fields_class ? "" : graph->b->pack->lists[table->list].name
		: table->coded == NULL       ? table->rows[class].name
		: class == FORM_CLASS_TOTAL  ? table->coded->total_name
		: class == FORM_CLASS_PARENT ? _("上级科目")
					     : _("末级科目");
	buffer_format(out, *row != '\0' ? "%s[%s].%s" : "%s%s.%s", table->name, row, table->leaves[leaf]->name);
}

/* Told at the formula of the first cell of the circle. */
static void report_cycle(struct graph *graph, const size_t *cycle, size_t length)
{
	struct buffer text = {0};
	int table, class, leaf;
	for (size_t i = 0; i < length; i++) {
		add_cell_text(graph, &text, cycle[i]);
		buffer_add(&text, " → ");
	}
	add_cell_text(graph, &text, cycle[0]);
	split_node(graph, cycle[0], &table, &class, &leaf);
	const struct table_source *source = &graph->b->sources[table];
	struct place place = source->rule_places[class * source->table->leaf_count + leaf];
	if (place.file == NULL)
		place = source->table->place;
	report(graph->b, place, _("公式绕成了圈，谁也算不出来：%s。请去掉其中一处。"), buffer_text(&text));
	buffer_done(&text);
}

static bool set_ranks(struct graph *graph)
{
	int *rank = memory_new_array(graph->node_count + 1, sizeof(*rank));
	size_t *cycle = memory_new_array(graph->node_count + 1, sizeof(*cycle)), length = 0;
	bool fine = order_rank(graph->node_count, graph->orders, graph->order_count, rank, cycle, &length);
	for (size_t i = 0; fine && i < graph->node_count; i++)
		graph->rules[i]->rank = rank[i];
	if (!fine)
		report_cycle(graph, cycle, length);
	memory_free(rank);
	memory_free(cycle);
	return fine;
}

enum visit { VISIT_NOT, VISIT_OPEN, VISIT_DONE };

/* The first table on the way from `table` along its feeds that closes a circle; -1: none. */
static int feeds_circle(const struct form_pack *pack, int table, enum visit *visits)
{
	const struct form_coded *coded = pack->tables[table]->coded;
	int circle = visits[table] == VISIT_OPEN ? table : -1;
	if (visits[table] != VISIT_NOT || coded == NULL)
		return circle;
	visits[table] = VISIT_OPEN;
	for (int i = 0; i < coded->feed_count && circle < 0; i++)
		circle = feeds_circle(pack, coded->feeds[i], visits);
	visits[table] = VISIT_DONE;
	return circle;
}

/* Rows that call for one another would never go. */
static bool check_feeds(struct builder *b)
{
	int count = b->pack->table_count, circle = -1;
	enum visit *visits = arena_take(b->scratch, (size_t)(count + 1) * sizeof(*visits));
	for (int i = 0; i < count && circle < 0; i++)
		circle = feeds_circle(b->pack, i, visits);
	if (circle < 0)
		return true;
	report(b, b->pack->tables[circle]->place,
	       _("表“%s”的行由别的表带出，又带出那些表的行，绕成了圈；请让其中一张表不从别的表取数。"),
	       b->pack->tables[circle]->name);
	return false;
}

static void number_nodes(struct graph *graph)
{
	const struct form_pack *pack = graph->b->pack;
	graph->first = arena_take(graph->b->scratch, (size_t)(pack->table_count + 1) * sizeof(*graph->first));
	for (int i = 0; i < pack->table_count; i++) {
		graph->first[i] = graph->node_count;
		graph->node_count += (size_t)(pack->tables[i]->class_count * pack->tables[i]->leaf_count);
	}
	graph->first[pack->table_count] = graph->node_count;
	graph->rules = arena_take(graph->b->scratch, (graph->node_count + 1) * sizeof(*graph->rules));
	for (int i = 0; i < pack->table_count; i++)
		for (size_t node = graph->first[i]; node < graph->first[i + 1]; node++)
			graph->rules[node] = &pack->tables[i]->rules[node - graph->first[i]];
}

bool graph_make(struct builder *b)
{
	struct graph graph = {.b = b};
	number_nodes(&graph);
	for (int i = 0; i < b->pack->table_count; i++)
		add_table(&graph, i);
	bool fine = check_feeds(b) && set_ranks(&graph);
	if (fine) {
		add_checks(&graph);
		hand_out_edges(&graph);
		hand_out_checks(&graph);
	}
	memory_free(graph.edges);
	memory_free(graph.check_edges);
	memory_free(graph.orders);
	return fine;
}
