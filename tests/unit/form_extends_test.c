/* extends: a pack that changes another, tables that change another; rows and columns taken away, added,
 * changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "form/pack.h"

#define FILES_MAX 8

/* A folder with the packs `old` (a copy of nothing: written by the test) and `new`. */
struct packs {
	char root[40];
	char *written[2 * FILES_MAX];
	size_t count;
	struct diag_list diags;
};

static int open_packs(void **state)
{
	struct packs *packs = memory_new(sizeof(*packs));
	snprintf(packs->root, sizeof(packs->root), "/tmp/yubiao-extends-XXXXXX");
	assert_non_null(mkdtemp(packs->root));
	setenv("YUBIAO_FORMS", "forms", 1);
	*state = packs;
	return 0;
}

static int close_packs(void **state)
{
	struct packs *packs = *state;
	static const char *const folders[] = {"old", "new"};
	for (size_t i = 0; i < packs->count; i++) {
		unlink(packs->written[i]);
		memory_free(packs->written[i]);
	}
	for (size_t i = 0; i < 2; i++) {
		char *folder = file_join(packs->root, folders[i]);
		rmdir(folder);
		memory_free(folder);
	}
	assert_int_equal(rmdir(packs->root), 0);
	diag_list_done(&packs->diags);
	memory_free(packs);
	return 0;
}

static void write_layout(struct packs *packs, const char *pack, const char *name, const char *text)
{
	char *folder = file_join(packs->root, pack), *path = file_join(folder, name);
	assert_int_equal(file_make_directory(folder, NULL), STATUS_OK);
	assert_int_equal(file_replace(path, text, strlen(text), FILE_SHARED, NULL), STATUS_OK);
	packs->written[packs->count++] = path;
	memory_free(folder);
}

static struct form_pack *load(struct packs *packs, const char *pack)
{
	char *folder = file_join(packs->root, pack);
	diag_list_clear(&packs->diags);
	struct form_pack *loaded = form_pack_load(folder, &packs->diags);
	memory_free(folder);
	return loaded;
}

static struct form_pack *load_fine(struct packs *packs, const char *pack)
{
	struct form_pack *loaded = load(packs, pack);
	for (size_t i = 0; i < packs->diags.count; i++)
		print_error("%s:%u: %s\n", packs->diags.items[i].file, packs->diags.items[i].line,
			    packs->diags.items[i].text);
	assert_non_null(loaded);
	return loaded;
}

static void write_old(struct packs *packs)
{
	write_layout(
		packs, "old", "pack.yaml",
		"pack: old\ntitle: 旧套表\nyears: [2024]\nunit: 万元\nnumbers: 栏次\ntables: [spend, cars]\n"
		"checks:\n  - 不为负: 支出表[总计].合计 >= 0\n");
	write_layout(packs, "old", "spend.yaml",
		     "table: 支出表\ntitle: 支出表（<年度>）\nnote: 注：旧。\ncolumns:\n  - 项目: caption\n  "
		     "- 合计: = "
		     "sum(其中)\n"
		     "  - 其中:\n    - 本级\n    - 上级\nrows:\n  - 总计:\n    - 一、工资: 301\n    - "
		     "二、差旅\n    - "
		     "三、其他\n"
		     "checks:\n  - 工资不超过总计: 工资.合计 <= 总计.合计\n");
	write_layout(packs, "old", "cars.yaml",
		     "table: 车辆表\ntitle: 车辆表\nunit: 辆\ncolumns:\n  - 项目: caption\n  - 数量\nrows:\n "
		     " - 轿车\n");
}

static const struct form_table *find_table(const struct form_pack *pack, const char *name)
{
	int index = form_table_find(pack, name);
	assert_true(index >= 0);
	return pack->tables[index];
}

static void test_a_pack_changes_what_it_names_and_keeps_the_rest(void **state)
{
	struct packs *packs = *state;
	write_old(packs);
	write_layout(
		packs, "new", "pack.yaml",
		"pack: new\nextends: old\ntitle: 新套表\nyears: [2025]\ntables: {remove: [cars]}\nchecks: "
		"{remove: [不为负]}\n");
	write_layout(
		packs, "new", "spend.yaml",
		"table: 支出表\nnote:\n"
		"columns:\n  after: {本级: [市级]}\n  change: {上级: {id: 省级, width: 12}}\n"
		"rows:\n  remove: [差旅]\n  before: {其他: [二、会议, 三、培训]}\n  change: {其他: entered}\n"
		"checks: {change: {工资不超过总计: 工资.本级 <= 总计.本级}}\n");
	struct form_pack *pack = load_fine(packs, "new");
	const struct form_table *table = find_table(pack, "支出表");
	assert_string_equal(pack->id, "new");
	assert_string_equal(pack->title, "新套表");
	assert_int_equal(pack->years[0], 2025);
	assert_int_equal(pack->table_count, 1);
	assert_string_equal(table->title, "支出表（<年度>）");
	assert_string_equal(table->numbers, "栏次");
	assert_null(table->note);
	assert_int_equal(table->leaf_count, 5);
	assert_string_equal(table->leaves[3]->path, "其中/市级");
	assert_string_equal(table->leaves[4]->id, "省级");
	assert_int_equal(table->leaves[4]->width, 12);
	assert_int_equal(table->row_count, 5);
	assert_string_equal(table->rows[2].caption, "二、会议");
	assert_string_equal(table->rows[3].caption, "三、培训");
	assert_string_equal(table->rows[4].caption, "三、其他");
	assert_string_equal(table->rows[1].code, "301");
	/* The formula of 合计 now reads the third column too. */
	assert_int_equal(form_rule_of(table, 1, 3)->edge_count, 2);
	assert_int_equal(pack->check_count, 1);
	assert_non_null(strstr(pack->checks[0].rule->text, "工资.本级"));
	form_pack_free(pack);
}

static void test_messages_name_the_file_where_a_thing_was_written(void **state)
{
	struct packs *packs = *state;
	write_old(packs);
	write_layout(packs, "new", "pack.yaml", "pack: new\nextends: old\ntitle: 新套表\n");
	write_layout(packs, "new", "spend.yaml", "table: 支出表\nrows:\n  remove: [工资]\n");
	assert_null(load(packs, "new"));
	assert_int_equal(packs->diags.errors, 1);
	/* The check that lost its row stands in the old file. */
	assert_non_null(strstr(packs->diags.items[0].file, "old/spend.yaml"));
	assert_int_equal(packs->diags.items[0].line, 16);
	assert_non_null(strstr(packs->diags.items[0].text, "工资"));
}

static void test_a_patch_that_hits_nothing_is_refused(void **state)
{
	static const char *const patches[] = {
		"table: 支出表\nrows:\n  remove: [餐费]\n",
		"table: 支出表\nrows:\n  after: {餐费: [水费]}\n",
		"table: 支出表\ncolumns:\n  change: {省级: text}\n",
		"table: 支出表\nchecks:\n  remove: [工资不低于总计]\n",
		"table: 支出表\nwarnings:\n  remove: [工资不低于总计]\n",
		"table: 支出表\nrows:\n  remove: 工资\n",
		"table: 支出表\nrows:\n  after: {工资: 水费}\n",
		"table: 支出表\ntitle: {remove: [工资]}\n",
	};
	struct packs *packs = *state;
	write_old(packs);
	write_layout(packs, "new", "pack.yaml", "pack: new\nextends: old\ntitle: 新套表\n");
	write_layout(packs, "new", "spend.yaml", "table: 支出表\n");
	char *path = file_join(packs->root, "new/spend.yaml");
	for (size_t i = 0; i < sizeof(patches) / sizeof(patches[0]); i++) {
		assert_int_equal(file_replace(path, patches[i], strlen(patches[i]), FILE_SHARED, NULL),
				 STATUS_OK);
		assert_null(load(packs, "new"));
		assert_int_equal(packs->diags.errors, 1);
		assert_non_null(strstr(packs->diags.items[0].file, "new/spend.yaml"));
		assert_in_range(packs->diags.items[0].line, 2, 3);
	}
	memory_free(path);
}

static void test_a_table_extends_another_of_its_pack(void **state)
{
	struct packs *packs = *state;
	write_old(packs);
	write_layout(packs, "new", "pack.yaml",
		     "pack: new\nextends: old\ntitle: 新套表\ntables: {after: {spend: [plan]}}\n");
	write_layout(packs, "new", "plan.yaml",
		     "table: 计划表\nextends: 支出表\ntitle: 计划表\nunit: 元\nrows: {by: economic, total: "
		     "合计}\nchecks:\n"
		     "columns: {before: {项目: [科目编码: code]}}\n");
	struct form_pack *pack = load_fine(packs, "new");
	const struct form_table *plan = find_table(pack, "plan");
	assert_int_equal(plan->index, 1);
	assert_string_equal(plan->unit.name, "元");
	assert_non_null(plan->coded);
	assert_string_equal(plan->coded->catalogue->id, "economic");
	assert_int_equal(plan->blocks[0].code_leaf, 0);
	assert_string_equal(plan->note, "注：旧。");
	assert_int_equal(find_table(pack, "支出表")->row_count, 4);
	form_pack_free(pack);
}

static void test_the_digest_tells_a_changed_base(void **state)
{
	struct packs *packs = *state;
	char digest[65];
	write_old(packs);
	write_layout(packs, "new", "pack.yaml", "pack: new\nextends: old\ntitle: 新套表\n");
	struct form_pack *pack = load_fine(packs, "new");
	snprintf(digest, sizeof(digest), "%s", pack->digest);
	form_pack_free(pack);
	pack = load_fine(packs, "new");
	assert_string_equal(pack->digest, digest);
	form_pack_free(pack);
	write_layout(packs, "old", "cars.yaml",
		     "table: 车辆表\ntitle: 车辆表\nunit: 辆\ncolumns:\n  - 项目: caption\n  - 数量\nrows:\n "
		     " - 客车\n");
	pack = load_fine(packs, "new");
	assert_string_not_equal(pack->digest, digest);
	form_pack_free(pack);
}

/* Lines of fields hold several names; each is found wherever it stands. */
static void test_a_field_is_changed_where_it_stands(void **state)
{
	struct packs *packs = *state;
	write_layout(packs, "old", "pack.yaml",
		     "pack: old\ntitle: 旧套表\nyears: [2024]\nunit: 万元\ntables: [card]\n");
	write_layout(
		packs, "old", "card.yaml",
		"table: 项目卡\ntitle: <序>、<名称>\neach: 项目\nfields:\n  - 编码: code\n    名称: caption\n"
		"  - 计划:\n      labels: above\n      fields:\n        - 3月: percent\n          6月: "
		"percent\n"
		"  - 资金:\n    - 本级:\n      上级:\n");
	write_layout(packs, "new", "pack.yaml", "pack: new\nextends: old\ntitle: 新套表\nyears: [2025]\n");
	write_layout(packs, "new", "card.yaml",
		     "table: 项目卡\nfields:\n  change: {6月: {format: 0.00}}\n  remove: [上级, 3月]\n"
		     "  after: {本级: [其他资金]}\n");
	struct form_pack *pack = load_fine(packs, "new");
	const struct form_table *card = find_table(pack, "项目卡");
	static const char *const names[] = {"编码", "名称", "6月", "本级", "其他资金"};
	assert_int_equal(card->leaf_count, 5);
	for (int i = 0; i < 5; i++)
		assert_string_equal(card->leaves[i]->name, names[i]);
	assert_int_equal(card->leaves[2]->type, FORM_PERCENT);
	assert_int_equal(card->leaves[2]->unit.decimals, 2);
	assert_string_equal(card->leaves[2]->format, "0.00");
	assert_int_equal(card->field_line_count, 5);
	assert_string_equal(card->leaves[4]->parent->name, "资金");
	form_pack_free(pack);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_pack_changes_what_it_names_and_keeps_the_rest,
						open_packs, close_packs),
		cmocka_unit_test_setup_teardown(test_messages_name_the_file_where_a_thing_was_written,
						open_packs, close_packs),
		cmocka_unit_test_setup_teardown(test_a_patch_that_hits_nothing_is_refused, open_packs,
						close_packs),
		cmocka_unit_test_setup_teardown(test_a_table_extends_another_of_its_pack, open_packs,
						close_packs),
		cmocka_unit_test_setup_teardown(test_a_field_is_changed_where_it_stands, open_packs,
						close_packs),
		cmocka_unit_test_setup_teardown(test_the_digest_tells_a_changed_base, open_packs,
						close_packs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
