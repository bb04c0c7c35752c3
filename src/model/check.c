/* Checks, judged with the figures that they read. A change marks the instances that read it; after the figures have settled, each marked
 * instance is judged once. Only failing instances are kept, as findings hung on the row where they show.
 * Invariant: a finding exists exactly if its instance, judged now, would say it (unless checks are held). */
#include <string.h>

#include "model/internal.h"

static void tally_change(struct workbook *workbook, const struct finding *finding, bool more)
{
	size_t *all = &workbook->tally.count[finding->severity];
	size_t *own = &workbook->tables[finding->table].tally.count[finding->severity];

	*all += more ? 1 : (size_t)-1;
	*own += more ? 1 : (size_t)-1;
}

void node_free(struct finding_node *node)
{
	memory_free(node->texts[0]);
	memory_free(node->texts[1]);
	memory_free(node->key);
	memory_free(node);
}

static struct finding_node *node_add(struct workbook *workbook, const struct finding *finding, const char *key)
{
	struct finding_node *node = memory_new(sizeof(*node));
	struct table *table = &workbook->tables[finding->table];

	node->finding = *finding;
	node->key = memory_copy_string(key);
	node->finding.key = node->key;
	node->texts[0] = memory_copy_string(finding->verdict.left.text);
	node->texts[1] = memory_copy_string(finding->verdict.right.text);
	node->finding.verdict.left.text = node->texts[0];
	node->finding.verdict.right.text = node->texts[1];
	node->next = table->findings;
	if (node->next)
		node->next->previous = node;
	table->findings = node;
	if (finding->row) {
		node->next_in_row = finding->row->findings;
		finding->row->findings = node;
	}
	tally_change(workbook, finding, true);
	return node;
}

static void node_remove(struct workbook *workbook, struct finding_node *node)
{
	struct table *table = &workbook->tables[node->finding.table];

	tally_change(workbook, &node->finding, false);
	if (node->finding.row) {
		struct finding_node **link = &node->finding.row->findings;

		while (*link != node)
			link = &(*link)->next_in_row;
		*link = node->next_in_row;
	}
	if (node->next)
		node->next->previous = node->previous;
	if (node->previous)
		node->previous->next = node->next;
	else
		table->findings = node->next;
	node_free(node);
}

static struct finding_node *state_get(const struct check_state *state, const char *key)
{
	if (!key[0])
		return state->one;
	return state->by_key ? map_get(state->by_key, key) : NULL;
}

static void state_set(struct check_state *state, const char *key, struct finding_node *node)
{
	if (!key[0]) {
		state->one = node;
		return;
	}
	if (!state->by_key)
		state->by_key = map_new();
	if (node)
		map_set(state->by_key, key, node);
	else
		map_remove(state->by_key, key);
}

struct place_search {
	struct evaluation *evaluation;
	struct row *row;
	int table, leaf;
};

static bool place_visit(void *context, struct reference *reference, bool in_sum, bool in_any)
{
	struct place_search *search = context;
	const struct form_binding *binding = &search->evaluation->workbook->pack->bindings[reference->binding];

	(void)in_sum;
	(void)in_any;
	if (evaluation_place(search->evaluation, reference, &search->row, &search->leaf)) {
		search->table = search->row->table;
		return false;
	}
	search->leaf = -1;
	/* A sum over cards or list rows stands for the column of their table. */
	if (binding->leaves) {
		search->table = binding->table;
		search->leaf = binding->leaf;
	}
	return search->table < 0;
}

/* A finding shows at the first cell that the failing comparison names and that is there. */
static void finding_locate(struct finding *finding, struct evaluation *evaluation)
{
	struct place_search search = {.evaluation = evaluation, .table = -1, .leaf = -1};
	const struct rule *rule = finding->check->rule;

	expression_visit(finding->verdict.spoke ? finding->verdict.spoke : rule->expression, place_visit, &search);
	if (search.table < 0)
		expression_visit(rule->expression, place_visit, &search);
	/* any() speaks of a card as a whole. */
	if (search.table < 0 && finding->check->list >= 0) {
		search.row = row_of_key(evaluation->workbook, finding->check->table, evaluation->key);
		search.table = finding->check->table;
		search.leaf = -1;
	}
	finding->row = search.row;
	finding->leaf = search.table >= 0 ? search.leaf : -1;
	finding->table = search.table >= 0 ? search.table : finding->check->table;
}

/* An open check is judged at a key which every table that it leaves open could have. */
static bool key_fits(struct evaluation *evaluation, const struct form_check *check)
{
	for (int i = 0; i < check->open_count; i++) {
		const struct form_table *form = evaluation->workbook->tables[check->open_tables[i]].form;
		struct row *row = chain_row_of_key(evaluation->workbook, evaluation->chain, form->index, evaluation->key);
		int level;

		evaluation->met[i] = row;
		if (row && (check->open_blocks[i] < 0 || row_block(row) == check->open_blocks[i]))
			continue;
		if (row || !form->coded)
			return false;
		level = catalogue_level_of(form->coded->catalogue, evaluation->key);
		if (level < 0 || level > form->coded->leaf_level)
			return false;
	}
	evaluation->check = check;
	evaluation->met_from = evaluation->chain;
	return true;
}

static bool severity_of(const struct form_check *check, enum verdict_state state, enum finding_severity *out)
{
	if (state != VERDICT_FAILS && state != VERDICT_ROUNDING)
		return false;
	switch (check->severity) {
	case FORM_ERROR: *out = FINDING_ERROR; break;
	case FORM_WARNING: *out = FINDING_WARNING; break;
	case FORM_HINT: *out = FINDING_NOTE; return state == VERDICT_FAILS;
	}
	if (state == VERDICT_ROUNDING)
		*out = FINDING_ROUNDING;
	return true;
}

/* Where an instance is judged: the entry that it is about, and the key of its rows. */
static bool instance_of_key(const struct workbook *workbook, const struct form_check *check, const char *key,
			    struct evaluation *evaluation)
{
	const char *slash = check->open ? strchr(key, '/') : NULL;
	char entry[16];

	if (check->list < 0)
		return !check->open || key_fits(evaluation, check);
	if (!check->open) {
		evaluation->chain = entry_of_key(workbook, key);
		return evaluation->chain != NULL;
	}
	if (!slash || (size_t)(slash - key) >= sizeof(entry))
		return false;
	memcpy(entry, key, (size_t)(slash - key));
	entry[slash - key] = '\0';
	evaluation->chain = entry_of_key(workbook, entry);
	evaluation->key = slash + 1;
	return evaluation->chain && key_fits(evaluation, check);
}

static void check_judge(struct workbook *workbook, int index, const char *key)
{
	const struct form_check *check = &workbook->pack->checks[index];
	struct check_state *state = &workbook->checks[index];
	struct evaluation evaluation = {.workbook = workbook, .key = key, .table = check->table};
	struct scope scope = evaluation_scope(&evaluation);
	struct finding finding = {.kind = FINDING_CHECK, .name = check->name, .check = check};
	struct finding_node *node = state_get(state, key);

	if (node && !(state->elsewhere && !key[0])) {
		state_set(state, key, NULL);
		node_remove(workbook, node);
	}
	if (state->elsewhere || !instance_of_key(workbook, check, key, &evaluation))
		return;
	finding.verdict = rule_judge(check->rule, &scope);
	if (severity_of(check, finding.verdict.state, &finding.severity)) {
		finding_locate(&finding, &evaluation);
		state_set(state, key, node_add(workbook, &finding, key));
	}
	buffer_done(&evaluation.text);
}

/* True if a table that comes before the i-th has the key too: it was judged there. */
static bool key_before(const struct workbook *workbook, const struct form_check *check, int i, const char *key)
{
	while (--i >= 0)
		if (row_of_key(workbook, check->open_tables[i], key))
			return true;
	return false;
}

/* Every row of the sheets of the first table that has them: a row that another lacks is no instance. */
static void judge_sheets(struct workbook *workbook, int index)
{
	const struct form_check *check = &workbook->pack->checks[index];
	struct row_walk walk = {0, 0};
	struct row *row;
	int i = 0;

	while (workbook->tables[check->open_tables[i]].form->each != check->list)
		i++;
	while ((row = row_next(&workbook->tables[check->open_tables[i]], &walk)) != NULL)
		if (row->own_key)
			check_judge(workbook, index, row->key);
}

static void check_judge_all(struct workbook *workbook, int index)
{
	const struct form_check *check = &workbook->pack->checks[index];

	if (check->list >= 0 && check->open) {
		judge_sheets(workbook, index);
		return;
	}
	if (check->list >= 0) {
		for (size_t i = 0; i < workbook->lists[check->list].count; i++)
			check_judge(workbook, index, workbook->lists[check->list].entries[i]->key);
		return;
	}
	if (!check->open) {
		check_judge(workbook, index, "");
		return;
	}
	for (int i = 0; i < check->open_count; i++) {
		struct row_walk walk = {0, 0};
		struct row *row;

		while ((row = row_next(&workbook->tables[check->open_tables[i]], &walk)) != NULL)
			if (row_match_key(row)[0] && !key_before(workbook, check, i, row_match_key(row)))
				check_judge(workbook, index, row_match_key(row));
	}
}

void check_mark(struct workbook *workbook, int check, const char *key)
{
	struct pending_check *pending;

	if (workbook->held)
		return;
	for (size_t i = 0; i < workbook->pending_count; i++) {
		pending = &workbook->pending[i];
		if (pending->check == check && (!pending->key || (key && strcmp(pending->key, key) == 0)))
			return;
	}
	array_reserve(&workbook->pending, &workbook->pending_capacity, workbook->pending_count, sizeof(*pending));
	pending = &workbook->pending[workbook->pending_count++];
	pending->check = check;
	pending->key = key;
}

void check_mark_entry(struct workbook *workbook, int check, struct entry_node *chain)
{
	const struct entry_node *entry = chain_find(chain, workbook->pack->checks[check].list);

	check_mark(workbook, check, entry ? entry->key : NULL);
}

void check_unmark(struct workbook *workbook, const char *key)
{
	size_t kept = 0;

	for (size_t i = 0; i < workbook->pending_count; i++)
		if (workbook->pending[i].key != key)
			workbook->pending[kept++] = workbook->pending[i];
	workbook->pending_count = kept;
}

void findings_drop_below(struct workbook *workbook, const char *key)
{
	size_t length = strlen(key);

	for (int i = 0; i < workbook->pack->table_count; i++)
		for (struct finding_node *node = workbook->tables[i].findings, *next; node; node = next) {
			next = node->next;
			if (strncmp(node->key, key, length) == 0 && node->key[length] == '/')
				findings_drop(workbook, node->finding.check->index, node->key);
		}
}

void findings_drop(struct workbook *workbook, int check, const char *key)
{
	struct check_state *state = &workbook->checks[check];
	struct finding_node *node = state_get(state, key);

	if (!node)
		return;
	state_set(state, key, NULL);
	node_remove(workbook, node);
}

struct elsewhere_search {
	const struct workbook *workbook;
	int table;
};

static bool elsewhere_visit(void *context, struct reference *reference, bool in_sum, bool in_any)
{
	struct elsewhere_search *search = context;
	int table = search->workbook->pack->bindings[reference->binding].table;

	(void)in_sum;
	(void)in_any;
	if (search->workbook->tables[table].elsewhere)
		search->table = table;
	return search->table < 0;
}

void checks_note_elsewhere(struct workbook *workbook)
{
	for (int i = 0; i < workbook->pack->check_count; i++) {
		const struct form_check *check = &workbook->pack->checks[i];
		struct check_state *state = &workbook->checks[i];
		struct elsewhere_search search = {workbook, -1};
		struct finding finding = {.kind = FINDING_CHECK, .severity = FINDING_NOTE, .name = check->name, .check = check,
					  .leaf = -1};

		expression_visit(check->rule->expression, elsewhere_visit, &search);
		if (check->rule->where && search.table < 0)
			expression_visit(check->rule->where, elsewhere_visit, &search);
		if (!state->elsewhere && search.table < 0)
			continue;
		state->elsewhere = search.table >= 0;
		findings_drop(workbook, i, "");
		check_judge_all(workbook, i);
		if (!state->elsewhere)
			continue;
		finding.table = search.table;
		finding.verdict.state = VERDICT_SKIPPED;
		state_set(state, "", node_add(workbook, &finding, ""));
	}
}

void checks_settle(struct workbook *workbook)
{
	for (size_t i = 0; i < workbook->pending_count; i++) {
		const struct pending_check *pending = &workbook->pending[i];

		if (pending->key)
			check_judge(workbook, pending->check, pending->key);
		else
			check_judge_all(workbook, pending->check);
	}
	workbook->pending_count = 0;
}

struct control *row_control(const struct row *row, int leaf)
{
	for (struct control *control = row->controls; control; control = control->next)
		if (control->leaf == leaf)
			return control;
	return NULL;
}

static struct finding_node *row_node(const struct row *row, enum finding_kind kind, int leaf)
{
	for (struct finding_node *node = row->findings; node; node = node->next_in_row)
		if (node->finding.kind == kind && node->finding.leaf == leaf)
			return node;
	return NULL;
}

void control_judge(struct workbook *workbook, struct row *row, int leaf)
{
	struct finding_node *node = row_node(row, FINDING_CONTROL, leaf);
	struct finding finding = {.kind = FINDING_CONTROL, .row = row, .leaf = leaf, .table = row->table};
	struct value stated, computed;

	if (node)
		node_remove(workbook, node);
	if (workbook->held || !workbook_control(workbook, row, leaf, &stated))
		return;
	computed = cell_value(workbook, row, leaf);
	finding.verdict = value_judge(&stated, &computed);
	if (finding.verdict.state == VERDICT_FAILS || finding.verdict.state == VERDICT_ROUNDING) {
		finding.name = _("控制数与计算数一致");
		finding.severity = finding.verdict.state == VERDICT_FAILS ? FINDING_ERROR : FINDING_ROUNDING;
		node_add(workbook, &finding, "");
	}
}

void code_judge(struct workbook *workbook, struct row *row)
{
	const struct form_table *form = workbook->tables[row->table].form;
	struct finding finding = {.kind = FINDING_CODE, .row = row, .leaf = form->blocks[0].code_leaf, .table = row->table};
	struct finding_node *node = row_node(row, FINDING_CODE, finding.leaf);
	const struct catalogue_entry *entry;

	if (node)
		node_remove(workbook, node);
	if (workbook->held)
		return;
	entry = catalogue_find(form->coded->catalogue, row->code, workbook->year);
	if (!entry) {
		finding.name = _("编码在科目目录中");
		finding.severity = FINDING_WARNING;
	} else if (row->caption && strcmp(entry->name, row->caption) != 0) {
		finding.name = _("名称与科目目录一致");
		finding.severity = FINDING_NOTE;
	} else {
		return;
	}
	node_add(workbook, &finding, "");
}

static bool has_unique(const struct form_table *form)
{
	for (int leaf = 0; leaf < form->leaf_count; leaf++)
		if (form->leaves[leaf]->unique)
			return true;
	return false;
}

/* What tells the row's group: the texts of its `once` columns; one left blank continues the group above. */
static void group_of(const struct workbook *workbook, const struct row *row, struct buffer *group)
{
	const struct form_table *form = workbook->tables[row->table].form;
	bool starts = false;

	for (int leaf = 0; leaf < form->leaf_count && !starts; leaf++)
		starts = form->leaves[leaf]->once && workbook_text(workbook, row, leaf, false)[0];
	if (!starts)
		return;
	buffer_clear(group);
	for (int leaf = 0; leaf < form->leaf_count; leaf++)
		if (form->leaves[leaf]->once)
			buffer_format(group, "%s\n", workbook_text(workbook, row, leaf, false));
}

static void twice_judge(struct workbook *workbook, struct row *row, int leaf, const char *group, struct map *seen)
{
	struct finding finding = {.kind = FINDING_TWICE, .severity = FINDING_NOTE, .row = row, .leaf = leaf, .table = row->table};
	struct finding_node *node = row_node(row, FINDING_TWICE, leaf);
	const char *text = workbook_text(workbook, row, leaf, false);
	struct buffer key = {0};

	if (node)
		node_remove(workbook, node);
	if (!text[0] || workbook->held)
		return;
	buffer_format(&key, "%d\n%s%s", leaf, group, text);
	if (map_get(seen, buffer_text(&key))) {
		finding.name = _("同一项下不重复");
		finding.verdict.left = (struct value){.type = VALUE_TEXT, .text = text};
		node_add(workbook, &finding, "");
	} else {
		map_set(seen, buffer_text(&key), row);
	}
	buffer_done(&key);
}

void unique_judge(struct workbook *workbook, struct sheet *sheet, const struct table *table)
{
	struct buffer group = {0};
	struct map *seen;

	if (workbook->held || !has_unique(table->form))
		return;
	seen = map_new();
	for (size_t i = 0; i < sheet->count; i++) {
		group_of(workbook, sheet->rows[i], &group);
		for (int leaf = 0; leaf < table->form->leaf_count; leaf++)
			if (table->form->leaves[leaf]->unique)
				twice_judge(workbook, sheet->rows[i], leaf, buffer_text(&group), seen);
	}
	map_free(seen);
	buffer_done(&group);
}

void row_unfind(struct workbook *workbook, struct row *row)
{
	while (row->findings) {
		struct finding_node *node = row->findings;

		if (node->finding.kind == FINDING_CHECK) {
			int check = node->finding.check->index;

			state_set(&workbook->checks[check], node->key, NULL);
			/* The instance may still fail at another table's row of the same key. */
			if (node->key[0] && strcmp(node->key, row_match_key(row)) == 0)
				check_mark(workbook, check, row_match_key(row));
			else
				check_mark(workbook, check, node->key[0] ? NULL : "");
		}
		node_remove(workbook, node);
	}
}

void workbook_hold_checks(struct workbook *workbook)
{
	workbook->held = true;
}

void workbook_release_checks(struct workbook *workbook)
{
	workbook->held = false;
	checks_note_elsewhere(workbook);
	for (int i = 0; i < workbook->pack->check_count; i++)
		check_judge_all(workbook, i);
	for (int i = 0; i < workbook->pack->table_count; i++) {
		for (size_t k = 0; k < workbook->tables[i].sheet_count; k++)
			unique_judge(workbook, workbook->tables[i].sheets[k], &workbook->tables[i]);
		struct row_walk walk = {0, 0};
		struct row *row;

		while ((row = row_next(&workbook->tables[i], &walk)) != NULL) {
			for (struct control *control = row->controls; control; control = control->next)
				control_judge(workbook, row, control->leaf);
			if (row->code)
				code_judge(workbook, row);
		}
	}
}
