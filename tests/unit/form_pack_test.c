/* The pack hebei-2024 as loaded: printed heads and lines, names, the rule of every kind of cell, the paths of
 * change, checks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "form/pack.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int load(void **state)
{
	struct diag_list diags = {0};
	setenv("YUBIAO_FORMS", "forms", 1);
	*state = form_pack_load("hebei-2024", &diags);
	for (size_t i = 0; i < diags.count; i++)
		print_error("%s\n", diags.items[i].text);
	assert_non_null(*state);
	assert_int_equal(diags.count, 0);
	return 0;
}

static int unload(void **state)
{
	form_pack_free(*state);
	return 0;
}

static const struct form_table *table_of(void **state, const char *id)
{
	const struct form_pack *pack = *state;
	int index = form_table_find(pack, id);
	assert_true(index >= 0);
	return pack->tables[index];
}

static const struct form_row *row_of(const struct form_table *table, const char *key)
{
	const struct form_row *row = map_get(table->row_keys, key);
	if (row == NULL)
		print_error("no row %s\n", key);
	assert_non_null(row);
	return row;
}

static int leaf_of(const struct form_table *table, const char *name, int block)
{
	int leaf = form_leaf_find(table, name, block);
	if (leaf < 0)
		print_error("no column %s\n", name);
	assert_true(leaf >= 0);
	return leaf;
}

static const struct form_rule *fixed_rule(const struct form_table *table, const char *row, const char *column)
{
	const struct form_row *fixed = row_of(table, row);
	return form_rule_of(table, fixed->class, leaf_of(table, column, fixed->block));
}

static void test_tables_stand_in_printed_order(void **state)
{
	static const char *const ids[] = {"summary",         "income",         "expenditure",
					  "fiscal-summary",  "general-budget", "basic",
					  "government-fund", "state-capital",  "three-public"};
	static const char *const titles[] = {"部门预算收支总表",
					     "部门预算收入总表",
					     "部门预算支出总表",
					     "部门预算财政拨款收支总表",
					     "部门预算一般公共预算财政拨款支出表",
					     "部门预算一般公共预算财政拨款基本支出表",
					     "部门预算政府性基金预算财政拨款支出表",
					     "部门预算国有资本经营预算财政拨款支出表",
					     "部门预算财政拨款“三公”经费支出表"};
	const struct form_pack *pack = *state;
	assert_string_equal(pack->id, "hebei-2024");
	assert_int_equal(pack->years[0], 2024);
	assert_true(pack->table_count >= (int)COUNT(ids));
	for (size_t i = 0; i < COUNT(ids); i++) {
		const struct form_table *table = pack->tables[i];
		assert_string_equal(table->id, ids[i]);
		assert_string_equal(table->title, titles[i]);
		assert_string_equal(table->line[0], "<部门编码><部门>");
		assert_string_equal(table->line[1], "预算年度：<年度>");
		assert_string_equal(table->line[2], "单位：<计量单位>");
		assert_string_equal(table->numbers, "栏次");
		assert_string_equal(table->unit.name, "万元");
		assert_int_equal(table->empty_rows, 1);
		assert_int_equal(form_table_find(pack, table->name), (int)i);
	}
	assert_string_equal(table_of(state, "government-fund")->empty_note,
			    "注：无政府基金预算财政拨款预算，空表列示。");
	assert_null(table_of(state, "general-budget")->empty_note);
	assert_int_equal(strlen(pack->digest), 64);
}

static void test_heads_are_trees_as_printed(void **state)
{
	static const struct {
		const char *table, *paths;
	} cases[] = {
		{"summary", "序号 收入/项目 收入/预算数 支出/项目 支出/预算数"},
		{"income",
		 "序号 功能分类科目/科目编码 功能分类科目/科目名称 合计 本年收入/小计 本年收入/财政拨款收入 "
		 "本年收入/财政专户收入 "
		 "本年收入/事业收入 本年收入/经营收入 本年收入/上级补助收入 本年收入/附属单位上缴收入 "
		 "本年收入/其他收入 上年结转"},
		{"expenditure",
		 "序号 功能分类科目/科目编码 功能分类科目/科目名称 合计 基本支出 项目支出 经营支出 "
		 "上解上级支出 对附属单位补助支出"},
		{"fiscal-summary", "序号 收入/项目 收入/金额 支出/项目 支出/合计 支出/一般公共预算财政拨款 "
				   "支出/政府性基金预算财政拨款 "
				   "支出/国有资本经营预算财政拨款"},
		{"general-budget", "序号 功能分类科目/科目编码 功能分类科目/科目名称 合计 基本支出 项目支出"},
		{"basic",
		 "序号 支出部门经济分类科目/科目编码 支出部门经济分类科目/科目名称 一般公共预算基本支出/合计 "
		 "一般公共预算基本支出/人员经费 一般公共预算基本支出/公用经费"},
		{"state-capital", "序号 功能分类科目/科目编码 功能分类科目/科目名称 合计 基本支出 项目支出"},
		{"three-public",
		 "序号 项目 资金性质/合计 资金性质/一般公共预算财政拨款 资金性质/政府性基金预算拨款 "
		 "资金性质/国有资本经营预算财政拨款"},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct form_table *table = table_of(state, cases[i].table);
		struct buffer paths = {0};
		for (int leaf = 0; leaf < table->leaf_count; leaf++) {
			buffer_format(&paths, leaf > 0 ? " %s" : "%s", table->leaves[leaf]->path);
			assert_int_equal(table->leaves[leaf]->number, leaf);
			assert_int_equal(table->leaves[leaf]->leaf, leaf);
		}
		assert_string_equal(buffer_text(&paths), cases[i].paths);
		assert_int_equal(table->head_depth, strchr(cases[i].paths, '/') != NULL ? 2 : 1);
		buffer_done(&paths);
	}
	/* Captions keep the blanks that are printed in them. */
	assert_string_equal(table_of(state, "summary")->leaves[1]->caption, "项  目");
	assert_string_equal(table_of(state, "three-public")->leaves[2]->parent->caption, "资 金 性 质");
}

static void test_blocks_share_their_total_lines(void **state)
{
	const struct form_table *summary = table_of(state, "summary"),
				*fiscal = table_of(state, "fiscal-summary");
	static const struct {
		int line;
		const char *left, *right;
	} cases[] = {
		{0, "一、一般公共预算拨款", "一、一般公共服务支出"},
		{3, NULL, "四、公共安全支出"},
		{31, "本年收入合计", "本年支出合计"},
		{32, "年初财政拨款结转和结余", "年末财政拨款结转和结余"},
		{33, "一、一般公共预算拨款", NULL},
		{36, "收入总计", "支出总计"},
	};
	assert_int_equal(summary->line_count, 34);
	assert_int_equal(fiscal->line_count, 37);
	assert_int_equal(fiscal->block_count, 2);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const int *rows = fiscal->lines[cases[i].line].rows;
		const char *const captions[] = {cases[i].left, cases[i].right};
		for (int k = 0; k < 2; k++) {
			if (captions[k] == NULL)
				assert_int_equal(rows[k], -1);
			else
				assert_string_equal(fiscal->rows[rows[k]].caption, captions[k]);
		}
	}
	assert_int_equal(form_rule_of(fiscal, row_of(fiscal, "201")->class, leaf_of(fiscal, "金额", 0))->kind,
			 FORM_NONE);
}

static void test_rows_are_found_by_all_their_names(void **state)
{
	const struct form_table *public = table_of(state, "three-public"),
				*fiscal = table_of(state, "fiscal-summary");
	const struct form_row *car = row_of(public, "购置费"), *abroad = row_of(public, "因公出国（境）费");
	assert_ptr_equal(car, row_of(public, "公务用车购置费"));
	assert_ptr_equal(car, row_of(public, "1.公务用车购置费"));
	assert_ptr_equal(abroad, row_of(public, "一、因公出国（境）费"));
	assert_ptr_equal(abroad, row_of(public, "因公出国费"));
	assert_string_equal(car->key, "公务用车购置费");
	assert_int_equal(car->parent, row_of(public, "公务用车购置及运维费")->class);
	assert_int_equal(car->depth, 2);

	/* The outermost of two rows of one name keeps it. */
	assert_int_equal(row_of(fiscal, "一般公共预算拨款")->depth, 0);
	assert_int_equal(row_of(fiscal, "年初财政拨款结转和结余.一般公共预算拨款")->depth, 1);
	assert_null(map_get(fiscal->row_keys, "一、一般公共预算拨款"));
	assert_ptr_equal(row_of(fiscal, "201"), row_of(fiscal, "一般公共服务支出"));
	assert_string_equal(row_of(fiscal, "201")->key, "201");
}

static void test_columns_are_found_by_name_group_and_path(void **state)
{
	const struct form_table *income = table_of(state, "income"), *summary = table_of(state, "summary");
	assert_int_equal(form_leaf_find(income, "财政拨款收入", -1), 5);
	assert_int_equal(form_leaf_find(income, "本年收入.财政拨款收入", -1), 5);
	assert_int_equal(form_leaf_find(income, "本年收入/财政拨款收入", -1), 5);
	assert_int_equal(form_leaf_find(income, "本年收入", -1), -1);
	assert_int_equal(form_leaf_find(income, "没有", -1), -1);
	assert_int_equal(form_leaf_find(summary, "预算数", -1), -1); /* in both blocks */
	assert_int_equal(form_leaf_find(summary, "预算数", 1), 4);
	assert_int_equal(form_leaf_find(summary, "收入.预算数", -1), 2);
}

static void test_every_cell_has_the_rule_that_applies_first(void **state)
{
	static const struct {
		const char *table, *row, *column;
		enum form_rule_kind kind;
	} cases[] = {
		{"summary", "一般公共预算拨款收入", "预算数", FORM_LINEAR},
		{"summary", "201", "预算数", FORM_LINEAR},
		{"summary", "人行科目", "预算数", FORM_CLOSED},
		{"summary", "年终结转结余", "预算数", FORM_ENTERED},
		{"summary", "支出总计", "预算数", FORM_LINEAR},
		{"fiscal-summary", "一般公共预算拨款", "金额", FORM_LINEAR},
		{"fiscal-summary", "政府性基金预算拨款", "金额", FORM_ENTERED},
		{"fiscal-summary", "年初财政拨款结转和结余", "金额", FORM_LINEAR},
		{"fiscal-summary", "年初财政拨款结转和结余.一般公共预算拨款", "金额", FORM_ENTERED},
		{"fiscal-summary", "年末财政拨款结转和结余", "一般公共预算财政拨款", FORM_ENTERED},
		{"fiscal-summary", "年末财政拨款结转和结余", "合计", FORM_LINEAR},
		{"fiscal-summary", "人行科目", "政府性基金预算财政拨款", FORM_CLOSED},
		{"three-public", "合计", "合计", FORM_LINEAR},
		{"three-public", "合计", "政府性基金预算拨款", FORM_LINEAR},
		{"three-public", "购置费", "一般公共预算财政拨款", FORM_ENTERED},
		{"three-public", "公务接待费", "合计", FORM_LINEAR},
	};
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(
			fixed_rule(table_of(state, cases[i].table), cases[i].row, cases[i].column)->kind,
			cases[i].kind);

	const struct form_table *income = table_of(state, "income");
	int total = leaf_of(income, "小计", -1), grant = leaf_of(income, "财政拨款收入", -1);
	assert_int_equal(form_rule_of(income, FORM_CLASS_LEAF, grant)->kind, FORM_ENTERED);
	assert_int_equal(form_rule_of(income, FORM_CLASS_PARENT, grant)->kind, FORM_LINEAR);
	assert_int_equal(form_rule_of(income, FORM_CLASS_LEAF, total)->kind, FORM_LINEAR);
	assert_int_equal(form_rule_of(income, FORM_CLASS_LEAF, 0)->kind, FORM_LABEL);
	assert_string_equal(form_rule_of(income, FORM_CLASS_LEAF, total)->words, "小计 = sum(本年收入)");
}

static const struct form_edge *edge_to(const struct form_rule *rule, const struct form_table *table, int leaf)
{
	const struct form_edge *found = NULL;
	for (int i = 0; i < rule->edge_count; i++)
		if (rule->edges[i].table == table->index && rule->edges[i].leaf == leaf) {
			assert_null(found); /* one path only: nothing is added twice */
			found = &rule->edges[i];
		}
	return found;
}

static void test_a_change_at_a_leaf_goes_up_and_across_once(void **state)
{
	const struct form_table *income = table_of(state, "income");
	int total = leaf_of(income, "合计", -1), part = leaf_of(income, "小计", -1),
	    grant = leaf_of(income, "财政拨款收入", -1);
	const struct form_rule *leaf = form_rule_of(income, FORM_CLASS_LEAF, grant);
	assert_int_equal(edge_to(leaf, income, part)->reach, FORM_SAME_ROW);
	assert_int_equal(edge_to(leaf, income, grant)->reach, FORM_PARENT);
	assert_int_equal(edge_to(leaf, income, grant)->sign, 1);
	assert_null(edge_to(leaf, income, total));

	/* Parents of computed columns follow from their own row, not from the rows below. */
	assert_null(edge_to(form_rule_of(income, FORM_CLASS_LEAF, part), income, part));
	assert_int_equal(edge_to(form_rule_of(income, FORM_CLASS_LEAF, part), income, total)->reach,
			 FORM_SAME_ROW);
	assert_int_equal(form_rule_of(income, FORM_CLASS_LEAF, total)->edge_count, 0);
	assert_true(form_rule_of(income, FORM_CLASS_PARENT, grant)->rank > leaf->rank);
	assert_true(form_rule_of(income, FORM_CLASS_TOTAL, grant)->rank >
		    form_rule_of(income, FORM_CLASS_PARENT, grant)->rank);
}

static void test_a_class_reaches_its_line_in_the_summaries(void **state)
{
	const struct form_table *spending = table_of(state, "expenditure"),
				*summary = table_of(state, "summary");
	int total = leaf_of(spending, "合计", -1), line = leaf_of(summary, "预算数", 1);
	const struct form_edge *edge =
		edge_to(form_rule_of(spending, FORM_CLASS_PARENT, total), summary, line);
	assert_int_equal(edge->reach, FORM_SAME_KEY);
	assert_int_equal(edge->sign, 1);
	/* 项 rows cannot have the key of a 类, and 合计 has no line of its own. */
	assert_null(edge_to(form_rule_of(spending, FORM_CLASS_LEAF, total), summary, line));
	assert_null(edge_to(form_rule_of(spending, FORM_CLASS_TOTAL, total), summary, line));
}

static void test_what_is_taken_away_has_a_minus(void **state)
{
	const struct form_table *income = table_of(state, "income"),
				*fiscal = table_of(state, "fiscal-summary");
	int amount = leaf_of(fiscal, "金额", 0);
	const struct form_rule *funds = fixed_rule(fiscal, "政府性基金预算拨款", "金额");
	const struct form_rule *total =
		form_rule_of(income, FORM_CLASS_TOTAL, leaf_of(income, "财政拨款收入", -1));
	int rest = row_of(fiscal, "一般公共预算拨款")->class, minus = 0;
	for (int i = 0; i < funds->edge_count; i++)
		if (funds->edges[i].table == fiscal->index && funds->edges[i].class == rest)
			minus += funds->edges[i].sign;
	assert_int_equal(minus, -1);
	const struct form_edge *plus = edge_to(total, fiscal, amount);
	assert_int_equal(plus->reach, FORM_FIXED);
	assert_int_equal(plus->class, rest);
	assert_int_equal(plus->sign, 1);
}

static const struct form_check *check_of(void **state, const char *name)
{
	const struct form_pack *pack = *state;
	for (int i = 0; i < pack->check_count; i++)
		if (strcmp(pack->checks[i].name, name) == 0)
			return &pack->checks[i];
	fail_msg("no check %s", name);
	return NULL;
}

static int count_edges_to(const struct form_rule *rule, const struct form_check *check,
			  enum form_instances instances)
{
	int count = 0;
	for (int i = 0; i < rule->check_edge_count; i++)
		count += rule->check_edges[i].check == check->index &&
			 rule->check_edges[i].instances == instances;
	return count;
}

static void test_checks_run_over_what_they_leave_open(void **state)
{
	const struct form_table *income = table_of(state, "income"),
				*spending = table_of(state, "expenditure");
	const struct form_table *summary = table_of(state, "summary");
	const struct form_check *codes = check_of(state, "收入与支出逐科目一致");
	const struct form_check *totals = check_of(state, "收入总计等于支出总计");
	assert_true(codes->open);
	assert_int_equal(codes->open_count, 2);
	assert_int_equal(codes->open_tables[0], income->index);
	assert_int_equal(codes->open_tables[1], spending->index);
	assert_int_equal(codes->table, income->index);
	assert_false(totals->open);
	assert_int_equal(totals->table, summary->index);
	for (int class = 0; class < FORM_CODED_CLASSES; class++)
		assert_int_equal(count_edges_to(form_rule_of(income, class, leaf_of(income, "合计", -1)),
						codes, FORM_THE_KEY),
				 1);
	/* The condition is one cell for all codes. */
	assert_int_equal(count_edges_to(fixed_rule(summary, "年终结转结余", "预算数"), codes, FORM_ALL_KEYS),
			 1);
	assert_int_equal(count_edges_to(fixed_rule(summary, "收入总计", "预算数"), totals, FORM_THE_ONE), 1);
}

static void test_a_check_of_whole_tables_is_one_for_each_shared_column(void **state)
{
	const struct form_pack *pack = *state;
	const struct form_table *budget = table_of(state, "general-budget");
	const char *const columns[] = {"合计", "基本支出", "项目支出"};
	int found = 0;
	for (int i = 0; i < pack->check_count; i++) {
		const struct form_check *check = &pack->checks[i];
		if (strcmp(check->name, "一般公共预算支出不超过支出总表") != 0)
			continue;
		assert_true(found < 3);
		const struct form_rule *rule =
			form_rule_of(budget, FORM_CLASS_LEAF, leaf_of(budget, columns[found], -1));
		assert_int_equal(count_edges_to(rule, check, FORM_THE_KEY), 1);
		found++;
	}
	assert_int_equal(found, 3);
}

static void test_codes_in_brackets_reach_by_code(void **state)
{
	const struct form_table *basic = table_of(state, "basic");
	const struct form_check *check = check_of(state, "三公经费与经济分类一致");
	const struct form_rule *rule = form_rule_of(basic, FORM_CLASS_LEAF, leaf_of(basic, "合计", -1));
	int codes = 0;
	assert_int_equal(check->severity, FORM_WARNING);
	for (int i = 0; i < rule->check_edge_count; i++)
		if (rule->check_edges[i].check == check->index) {
			assert_int_equal(strlen(rule->check_edges[i].code), 5);
			codes++;
		}
	assert_int_equal(codes, 4);
}

static void test_pulls_copy_entered_columns_of_the_same_name(void **state)
{
	const struct form_table *budget = table_of(state, "general-budget"),
				*spending = table_of(state, "expenditure");
	assert_int_equal(budget->pull_table, spending->index);
	assert_int_equal(budget->pull_count, 2);
	assert_int_equal(budget->pull_leaves[1].from, leaf_of(spending, "项目支出", -1));
	assert_int_equal(budget->pull_leaves[1].to, leaf_of(budget, "项目支出", -1));
	assert_int_equal(spending->pull_count, 0);
	assert_string_equal(table_of(state, "income")->id,
			    ((const struct form_pack *)*state)->tables[spending->pull_table]->id);
	assert_int_equal(table_of(state, "government-fund")->pull_table, -1);
}

static void test_the_live_line_names_two_cells(void **state)
{
	const struct form_pack *pack = *state;
	const struct form_table *summary = table_of(state, "summary");
	assert_int_equal(pack->live_count, 2);
	assert_string_equal(pack->live[1].label, "支出总计");
	assert_int_equal(pack->live[1].table, summary->index);
	assert_int_equal(pack->live[1].class, row_of(summary, "支出总计")->class);
	assert_int_equal(pack->live[1].leaf, leaf_of(summary, "预算数", 1));
}

static void test_every_rule_ranks_after_what_it_reads(void **state)
{
	const struct form_pack *pack = *state;
	int edges = 0;
	for (int t = 0; t < pack->table_count; t++) {
		const struct form_table *table = pack->tables[t];
		for (int class = 0; class < table->class_count; class++)
			for (int leaf = 0; leaf < table->leaf_count; leaf++) {
				const struct form_rule *rule = form_rule_of(table, class, leaf);
				for (int i = 0; i < rule->edge_count; i++) {
					const struct form_edge *edge = &rule->edges[i];
					int to = edge->reach == FORM_SAME_ROW ? class : edge->class;
					if (edge->reach != FORM_SAME_ROW && edge->reach != FORM_FIXED)
						continue;
					assert_true(form_rule_of(pack->tables[edge->table], to, edge->leaf)
							    ->rank > rule->rank);
					edges++;
				}
			}
	}
	assert_true(edges > 300);
}

static void test_packs_are_found_by_name_and_by_path(void **state)
{
	const struct form_pack *pack = *state;
	struct diag_list diags = {0};
	struct form_listing *list = NULL;
	struct form_pack *same = form_pack_load("forms/hebei-2024/", &diags);
	assert_non_null(same);
	assert_string_equal(same->digest, pack->digest);
	form_pack_free(same);
	assert_null(form_pack_load("nowhere-1999", &diags));
	assert_non_null(strstr(diag_first_error(&diags), "nowhere-1999"));
	assert_null(form_pack_load("forms/catalogue", &diags));
	diag_list_done(&diags);

	size_t count = form_list(NULL, &list, NULL), found = 0;
	for (size_t i = 0; i < count; i++) {
		found += strcmp(list[i].id, "hebei-2024") == 0 &&
			 strcmp(list[i].title, "河北省部门预算公开表（2024年）") == 0;
		assert_string_not_equal(list[i].id, "catalogue");
	}
	assert_int_equal(found, 1);
	form_listing_free(list, count);
}

static void test_lint_has_nothing_to_say_of_it(void **state)
{
	struct diag_list diags = {0};
	(void)state;
	assert_int_equal(form_pack_lint("hebei-2024", &diags), STATUS_OK);
	assert_int_equal(diags.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_stand_in_printed_order),
		cmocka_unit_test(test_heads_are_trees_as_printed),
		cmocka_unit_test(test_blocks_share_their_total_lines),
		cmocka_unit_test(test_rows_are_found_by_all_their_names),
		cmocka_unit_test(test_columns_are_found_by_name_group_and_path),
		cmocka_unit_test(test_every_cell_has_the_rule_that_applies_first),
		cmocka_unit_test(test_a_change_at_a_leaf_goes_up_and_across_once),
		cmocka_unit_test(test_a_class_reaches_its_line_in_the_summaries),
		cmocka_unit_test(test_what_is_taken_away_has_a_minus),
		cmocka_unit_test(test_checks_run_over_what_they_leave_open),
		cmocka_unit_test(test_a_check_of_whole_tables_is_one_for_each_shared_column),
		cmocka_unit_test(test_codes_in_brackets_reach_by_code),
		cmocka_unit_test(test_pulls_copy_entered_columns_of_the_same_name),
		cmocka_unit_test(test_the_live_line_names_two_cells),
		cmocka_unit_test(test_every_rule_ranks_after_what_it_reads),
		cmocka_unit_test(test_packs_are_found_by_name_and_by_path),
		cmocka_unit_test(test_lint_has_nothing_to_say_of_it),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
