/* Lists, sheets, cards and fields as loaded: tests/lint/base has one of each, the packs have all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "form/pack.h"

static struct form_pack *load_pack(const char *id)
{
	struct diag_list diags = {0};
	struct form_pack *pack = form_pack_load(id, &diags);
	for (size_t i = 0; i < diags.count; i++)
		print_error("%s:%u: %s\n", diags.items[i].file, diags.items[i].line, diags.items[i].text);
	assert_non_null(pack);
	assert_int_equal(diags.count, 0);
	return pack;
}

static int load(void **state)
{
	setenv("YUBIAO_FORMS", "forms", 1);
	*state = load_pack("tests/lint/base");
	return 0;
}

static int unload(void **state)
{
	form_pack_free(*state);
	return 0;
}

static const struct form_table *table_of(const struct form_pack *pack, const char *id)
{
	int index = form_table_find(pack, id);
	assert_true(index >= 0);
	return pack->tables[index];
}

static const struct form_rule *rule_of(const struct form_table *table, int class, const char *column)
{
	int leaf = form_leaf_find(table, column, -1);
	assert_true(leaf >= 0);
	return form_rule_of(table, class, leaf);
}

static const struct form_check *check_of(const struct form_pack *pack, const char *name)
{
	for (int i = 0; i < pack->check_count; i++)
		if (strcmp(pack->checks[i].name, name) == 0)
			return &pack->checks[i];
	fail_msg("no check %s", name);
	return NULL;
}

static int list_of(const struct form_pack *pack, const char *name)
{
	for (int i = 0; i < pack->list_count; i++)
		if (strcmp(pack->lists[i].name, name) == 0)
			return i;
	fail_msg("no list %s", name);
	return -1;
}

/* True if a change at `rule` reaches that class, with that sign. */
static bool reaches(const struct form_rule *rule, const struct form_table *table, int class,
		    const char *column, int sign)
{
	int leaf = form_leaf_find(table, column, -1);
	for (int i = 0; i < rule->edge_count; i++) {
		const struct form_edge *edge = &rule->edges[i];
		bool same = edge->reach == FORM_FIXED && edge->table == table->index &&
			    edge->class == class && edge->leaf == leaf;
		if (same && edge->sign == sign)
			return true;
	}
	return false;
}

static enum form_instances instances(const struct form_rule *rule, const struct form_check *check)
{
	for (int i = 0; i < rule->check_edge_count; i++)
		if (rule->check_edges[i].check == check->index)
			return rule->check_edges[i].instances;
	fail_msg("no edge to %s", check->name);
	return FORM_THE_ONE;
}

static void test_lists_are_made_known_by_tables(void **state)
{
	const struct form_pack *pack = *state;
	assert_int_equal(pack->list_count, 3);
	const struct form_list *unit = &pack->lists[list_of(pack, "单位")];
	const struct form_list *project = &pack->lists[list_of(pack, "项目")];
	const struct form_list *indicator = &pack->lists[list_of(pack, "指标")];
	assert_int_equal(unit->owner, -1);
	assert_true(unit->named && unit->coded);
	assert_true(project->named && project->coded);
	assert_int_equal(indicator->owner, list_of(pack, "项目"));
	assert_false(indicator->named || indicator->coded);
}

static void test_entries_add_up_into_the_total_row(void **state)
{
	const struct form_pack *pack = *state;
	const struct form_table *staff = table_of(pack, "staff");
	assert_int_equal(staff->list, list_of(pack, "单位"));
	assert_int_equal(staff->row_count, 1);
	assert_int_equal(staff->entry_class, 1);
	assert_int_equal(staff->entry_after, 0);
	assert_int_equal(staff->entry_parent, 0);
	assert_string_equal(staff->rows[0].caption, "合计");
	assert_int_equal(rule_of(staff, 1, "单位名称")->kind, FORM_ENTERED);
	assert_int_equal(rule_of(staff, 1, "单位编码")->kind, FORM_ENTERED);
	assert_int_equal(rule_of(staff, 0, "单位名称")->kind, FORM_LABEL);
	assert_int_equal(rule_of(staff, 0, "单位编码")->kind, FORM_CLOSED);
	assert_string_equal(rule_of(staff, 0, "单位编码")->constant, "<部门编码>");
	assert_int_equal(rule_of(staff, 0, "在职人数")->kind, FORM_LINEAR);
	assert_true(reaches(rule_of(staff, 1, "在职人数"), staff, 0, "在职人数", 1));
}

static void test_a_row_reads_the_sheet_of_its_entry(void **state)
{
	const struct form_pack *pack = *state;
	const struct form_table *staff = table_of(pack, "staff"), *wages = table_of(pack, "wages");
	assert_int_equal(wages->each, list_of(pack, "单位"));
	assert_int_equal(wages->list, -1);
	assert_int_equal(rule_of(staff, 1, "工资")->kind, FORM_LINEAR);
	assert_true(reaches(rule_of(wages, 0, "金额"), staff, 1, "工资", 1));
	assert_true(rule_of(staff, 1, "工资")->rank > rule_of(wages, 0, "金额")->rank);
}

static void test_codes_are_entered_given_or_left_out(void **state)
{
	const struct form_table *wages = table_of(*state, "wages");
	int leaf = form_leaf_find(wages, "功能分类", -1);
	assert_string_equal(wages->leaves[leaf]->standard, "<主科目>");
	assert_non_null(wages->leaves[leaf]->catalogue);
	assert_int_equal(form_rule_of(wages, 0, leaf)->kind, FORM_CLOSED);
	assert_null(form_rule_of(wages, 0, leaf)->constant);
	assert_int_equal(form_rule_of(wages, 1, leaf)->kind, FORM_ENTERED);
	assert_string_equal(form_rule_of(wages, 2, leaf)->constant, "2080501");
	assert_string_equal(wages->leaves[wages->blocks[0].code_leaf]->name, "项目编码");
	assert_string_equal(wages->rows[1].key, "1");
	assert_string_equal(wages->rows[2].key, "津贴"); /* its code stands on two rows */
}

static void assert_line(const struct form_table *table, int line, const char *wanted)
{
	struct buffer text = {0};
	const struct form_field_line *printed = &table->field_lines[line];
	assert_true(line < table->field_line_count);
	for (int i = 0; i < printed->count; i++) {
		const struct form_field_cell *cell = &printed->cells[i];
		buffer_format(&text, "%s%s", i > 0 ? "|" : "",
			      cell->label != NULL                             ? cell->label
			      : table->leaves[cell->leaf]->type == FORM_MONEY ? "="
									      : "*");
	}
	assert_string_equal(buffer_text(&text), wanted);
	buffer_done(&text);
}

static void test_fields_stand_in_printed_lines(void **state)
{
	const struct form_table *card = table_of(*state, "card");
	assert_true(card->fields_printed);
	assert_int_equal(card->field_line_count, 6);
	assert_line(card, 0, "项目编码|*|项目名称|*");
	assert_line(card, 1, "资金|预算数|=|其中：本级|=|上级|=");
	assert_line(card, 2, "|*");
	assert_line(card, 3, "计划|6月底|12月底");
	assert_line(card, 4, "|*|*");
	assert_line(card, 5, "起始日期|*");
}

static void test_fields_come_before_the_grid(void **state)
{
	const struct form_table *card = table_of(*state, "card");
	int fields = card->blocks[0].leaf_count;
	assert_int_equal(card->block_count, 2);
	assert_int_equal(card->blocks[1].first_leaf, fields);
	assert_int_equal(card->head->first_leaf, fields);
	assert_int_equal(card->head->child_count, 3);
	assert_string_equal(card->leaves[fields]->name, "类别");
	assert_int_equal(card->leaves[fields]->number, 1);
	assert_int_equal(card->leaves[0]->number, 0);
	assert_string_equal(card->leaves[card->blocks[0].caption_leaf]->name, "项目名称");
	for (int leaf = 0; leaf < card->leaf_count; leaf++) {
		assert_int_equal(form_rule_of(card, card->entry_class, leaf)->kind == FORM_NONE,
				 leaf < fields);
		assert_int_equal(form_rule_of(card, card->fields_class, leaf)->kind == FORM_NONE,
				 leaf >= fields);
	}
	assert_int_equal(rule_of(card, card->fields_class, "项目名称")->kind, FORM_ENTERED);
	assert_int_equal(rule_of(card, card->fields_class, "预算数")->kind, FORM_LINEAR);
	assert_int_equal(rule_of(card, card->fields_class, "本级")->edges[0].reach, FORM_SAME_ROW);
}

static void test_types_carry_what_the_layout_says(void **state)
{
	const struct form_table *card = table_of(*state, "card");
	const struct form_column *kind = card->leaves[form_leaf_find(card, "类别", -1)];
	const struct form_column *date = card->leaves[form_leaf_find(card, "起始日期", -1)];
	assert_int_equal(kind->type, FORM_CHOICE);
	assert_int_equal(kind->choice_count, 2);
	assert_string_equal(kind->choices[1], "效果");
	assert_true(kind->once);
	assert_false(kind->unique);
	assert_int_equal(date->type, FORM_DATE);
	assert_string_equal(date->format, "yyyy年m月d日");
	assert_string_equal(date->standard, "<年度>-01-01");
}

static void test_a_check_runs_over_the_innermost_list(void **state)
{
	const struct form_pack *pack = *state;
	const struct form_table *card = table_of(pack, "card"), *staff = table_of(pack, "staff");
	const struct form_table *wages = table_of(pack, "wages");
	const struct form_check *rising = check_of(pack, "计划逐期不减"),
				*number = check_of(pack, "产出有数");
	const struct form_check *any = check_of(pack, "有产出"),
				*average = check_of(pack, "人均不超过10万元");
	assert_int_equal(rising->list, list_of(pack, "项目"));
	assert_int_equal(number->list, list_of(pack, "指标"));
	assert_int_equal(any->list, list_of(pack, "项目"));
	assert_int_equal(average->list, list_of(pack, "单位"));
	assert_int_equal(check_of(pack, "计划与明细逐科目一致")->list, -1);
	assert_int_equal(instances(rule_of(card, card->fields_class, "6月底"), rising), FORM_THE_KEY);
	assert_int_equal(instances(rule_of(card, card->entry_class, "指标值"), number), FORM_THE_KEY);
	assert_int_equal(instances(rule_of(card, card->entry_class, "类别"), any), FORM_THE_KEY);
	assert_int_equal(instances(rule_of(staff, staff->entry_class, "在职人数"), average), FORM_THE_KEY);
	assert_int_equal(instances(rule_of(wages, 0, "金额"), average), FORM_THE_KEY);
	assert_int_equal(rule_of(staff, 0, "在职人数")->check_edge_count, 0);
}

static void test_a_part_of_a_measure_has_its_own_type(void **state)
{
	const struct form_pack *pack = *state;
	const struct form_check *check = check_of(pack, "产出有数");
	const struct form_binding *binding =
		&pack->bindings[check->rule->expression->left->reference->binding];
	assert_int_equal(binding->part, FORM_PART_NUMBER);
	assert_int_equal(binding->type, VALUE_NUMBER);
	assert_int_equal(binding->reach, FORM_FIXED);
	assert_int_equal(binding->class, table_of(pack, "card")->entry_class);
}

static void test_all_cards_are_added(void **state)
{
	struct form_pack *pack = load_pack("hebei-2024");
	const struct form_table *card = table_of(pack, "project");
	const struct form_rule *rule = rule_of(card, card->fields_class, "预算数");
	bool found = false;
	(void)state;
	for (int i = 0; i < rule->check_edge_count; i++) {
		const struct form_check *check = &pack->checks[rule->check_edges[i].check];
		const struct expression *left = check->rule->expression->left;
		if (check->list >= 0 || left->kind != EXPRESSION_SUM)
			continue;
		const struct form_binding *binding = &pack->bindings[left->reference->binding];
		found = binding->leaves && binding->class == card->fields_class &&
			binding->table == card->index;
	}
	assert_true(found);
	form_pack_free(pack);
}

static void test_every_pack_is_proven(void **state)
{
	static const struct {
		const char *id;
		int tables;
	} packs[] = {{"hebei-2015", 17},
		     {"hebei-2020", 12},
		     {"hebei-2023", 12},
		     {"hebei-2024", 13},
		     {"hebei-2026", 13}};
	(void)state;
	for (size_t i = 0; i < sizeof(packs) / sizeof(packs[0]); i++) {
		struct diag_list diags = {0};
		assert_int_equal(form_pack_lint(packs[i].id, &diags), STATUS_OK);
		assert_int_equal(diags.count, 0);
		struct form_pack *pack = load_pack(packs[i].id);
		assert_true(pack->table_count >= packs[i].tables);
		form_pack_free(pack);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists_are_made_known_by_tables),
		cmocka_unit_test(test_entries_add_up_into_the_total_row),
		cmocka_unit_test(test_a_row_reads_the_sheet_of_its_entry),
		cmocka_unit_test(test_codes_are_entered_given_or_left_out),
		cmocka_unit_test(test_fields_stand_in_printed_lines),
		cmocka_unit_test(test_fields_come_before_the_grid),
		cmocka_unit_test(test_types_carry_what_the_layout_says),
		cmocka_unit_test(test_a_check_runs_over_the_innermost_list),
		cmocka_unit_test(test_a_part_of_a_measure_has_its_own_type),
		cmocka_unit_test(test_all_cards_are_added),
		cmocka_unit_test(test_every_pack_is_proven),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
