/* Catalogues: finding codes by year, levels, searching; and what is refused. */
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
#include "form/catalogue.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int load_functional(void **state)
{
	static struct arena *arena;
	static struct catalogue *loaded;
	struct diag_list diags = {0};
	arena = arena_new();
	loaded = catalogue_load(arena, catalogue_folder_open(arena, "forms"), "functional", &diags);
	assert_int_equal(diags.count, 0);
	assert_non_null(loaded);
	static void *both[2];
	both[0] = arena;
	both[1] = loaded;
	*state = both;
	return 0;
}

static int unload(void **state)
{
	arena_free(((void **)*state)[0]);
	return 0;
}

static const struct catalogue *functional(void **state)
{
	return ((void **)*state)[1];
}

static void test_every_catalogue_of_the_forms_loads(void **state)
{
	static const char *const ids[] = {"functional", "economic", "government-economic", "income"};
	(void)state;
	for (size_t i = 0; i < COUNT(ids); i++) {
		struct arena *arena = arena_new();
		struct diag_list diags = {0};
		struct catalogue *catalogue = catalogue_load(arena, catalogue_folder_open(arena, "forms"), ids[i], &diags);
		assert_non_null(catalogue);
		assert_int_equal(diags.count, 0);
		assert_true(catalogue->entry_count > 50);
		for (size_t k = 0; k < catalogue->entry_count; k++) {
			const struct catalogue_entry *entry = &catalogue->entries[k];
			size_t parent = catalogue_parent_length(catalogue, entry->code);
			int year = entry->valid_from != 0 ? entry->valid_from
				   : entry->valid_to != 0 ? entry->valid_to
							  : 2024;
			assert_ptr_equal(catalogue_find(catalogue, entry->code, year), entry);
			assert_int_equal(parent == 0, entry->level == 0);
			if (k > 0)
				assert_true(strcmp(catalogue->entries[k - 1].code, entry->code) <= 0);
		}
		arena_free(arena);
	}
}

static void test_a_code_has_the_name_of_its_year(void **state)
{
	const struct catalogue *catalogue = functional(state);
	assert_string_equal(catalogue_find(catalogue, "201", 2024)->name, "一般公共服务支出");
	assert_string_equal(catalogue_find(catalogue, "2012999", 2024)->name, "其他群众团体事务支出");
	assert_string_not_equal(catalogue_find(catalogue, "20805", 2024)->name,
				catalogue_find(catalogue, "20805", 2016)->name);
	assert_null(catalogue_find(catalogue, "224", 2016));
	assert_non_null(catalogue_find(catalogue, "224", 2024));
	assert_null(catalogue_find(catalogue, "2019", 2024));
	assert_null(catalogue_find(catalogue, "", 2024));
	assert_null(catalogue_find(catalogue, "999", 2024));
}

static void test_levels_are_lengths(void **state)
{
	const struct catalogue *catalogue = functional(state);
	assert_int_equal(catalogue->level_count, 3);
	assert_string_equal(catalogue->levels[2].name, "项");
	assert_int_equal(catalogue_level_of(catalogue, "201"), 0);
	assert_int_equal(catalogue_level_of(catalogue, "20129"), 1);
	assert_int_equal(catalogue_level_of(catalogue, "2012901"), 2);
	assert_int_equal(catalogue_level_of(catalogue, "2012"), -1);
	assert_int_equal(catalogue_level_of(catalogue, "20a"), -1);
	assert_int_equal(catalogue_level_of(catalogue, ""), -1);
	assert_int_equal(catalogue_parent_length(catalogue, "2012901"), 5);
	assert_int_equal(catalogue_parent_length(catalogue, "20129"), 3);
	assert_int_equal(catalogue_parent_length(catalogue, "201"), 0);
}

static void test_search_by_code_and_by_name(void **state)
{
	const struct catalogue *catalogue = functional(state);
	const struct catalogue_entry *found[4];
	size_t total = 0;
	assert_int_equal(catalogue_search(catalogue, 2024, "20129", 2, found, 0, 3, &total), 3);
	assert_true(total >= 3);
	assert_string_equal(found[0]->code, "2012901");
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(strncmp(found[i]->code, "20129", 5), 0);

	/* Full-width digits are digits. */
	size_t same = 0;
	catalogue_search(catalogue, 2024, "２０１２９", 2, found, 0, 1, &same);
	assert_int_equal(same, total);

	assert_int_equal(catalogue_search(catalogue, 2024, "群众团体事务", 2, found, 0, 4, &total), 1);
	assert_int_equal(total, 1);
	assert_string_equal(found[0]->code, "2012999");
	assert_int_equal(catalogue_search(catalogue, 2024, "没有这样的科目", -1, found, 0, 4, &total), 0);
	assert_int_equal(total, 0);
}

static void test_search_goes_on_where_it_stopped(void **state)
{
	const struct catalogue *catalogue = functional(state);
	const struct catalogue_entry *all[8], *part[4];
	size_t total = 0;
	assert_int_equal(catalogue_search(catalogue, 2024, "行政运行", 2, all, 0, 8, &total), 8);
	assert_true(total > 8);
	assert_int_equal(catalogue_search(catalogue, 2024, "行政运行", 2, part, 4, 4, NULL), 4);
	for (size_t i = 0; i < 4; i++)
		assert_ptr_equal(part[i], all[i + 4]);
	assert_int_equal(catalogue_search(catalogue, 2024, "行政运行", 2, part, total, 4, NULL), 0);
}

/* A catalogue of one's own, read; its files are gone by then. */
static struct catalogue *load_written(struct arena *arena, const char *yaml, const char *csv, struct diag_list *diags)
{
	char root[] = "/tmp/yubiao-catalogue-XXXXXX";
	assert_non_null(mkdtemp(root));
	char *folder = file_join(root, "catalogue");
	char *list = file_join(folder, "catalogue.yaml"), *codes = file_join(folder, "codes.csv");
	assert_int_equal(file_make_directory(folder, NULL), STATUS_OK);
	assert_int_equal(file_replace(list, yaml, strlen(yaml), FILE_SHARED, NULL), STATUS_OK);
	assert_int_equal(file_replace(codes, csv, strlen(csv), FILE_SHARED, NULL), STATUS_OK);
	struct catalogue *catalogue = catalogue_load(arena, catalogue_folder_open(arena, root), "codes", diags);
	unlink(list);
	unlink(codes);
	rmdir(folder);
	rmdir(root);
	memory_free(list);
	memory_free(codes);
	memory_free(folder);
	return catalogue;
}

/* Expects it refused with a message at a line of the CSV (0: of catalogue.yaml). */
static void expect_refused(const char *yaml, const char *csv, const char *file, unsigned line)
{
	struct diag_list diags = {0};
	struct arena *arena = arena_new();
	assert_null(load_written(arena, yaml, csv, &diags));
	assert_true(diags.errors > 0);
	assert_non_null(strstr(diags.items[0].file, file));
	assert_int_equal(diags.items[0].line, line);
	diag_list_done(&diags);
	arena_free(arena);
}

static void test_a_code_is_put_together_from_its_parts(void **state)
{
	static const char *const pairs[][2] = {
		{"2012901", "2012901"},   {"201 29 01", "2012901"}, {" 201 3 1 ", "2010301"}, {"20129 1", "2012901"},
		{"201 2901", "2012901"},  {"201", "201"},           {"201 ", "201"},          {"201 3", "20103"},
		{"20 1 2901", "2012901"}, {"201 x", "201x"},        {"201 29 01 5", "20129015"}, {"", ""},
		{"2010 301", "2010301"},
	};
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct buffer out = {0};
		catalogue_join(functional(state), pairs[i][0], &out);
		assert_string_equal(buffer_text(&out), pairs[i][1]);
		buffer_done(&out);
	}
}

static void test_broken_catalogues_are_refused_at_their_line(void **state)
{
	static const char good[] = "codes: {title: 目录, file: codes.csv, levels: {类: 3, 款: 5}}\n";
	static const char head[] = "code,name,level,valid_from,valid_to,source\n";
	char csv[400];
	(void)state;
	snprintf(csv, sizeof(csv), "%s201,一,1,2015,,seed\n2012,二,2,2015,,seed\n", head);
	expect_refused(good, csv, "codes.csv", 3);
	snprintf(csv, sizeof(csv), "%s201\n", head);
	expect_refused(good, csv, "codes.csv", 2);
	snprintf(csv, sizeof(csv), "%s201,一,1,2015,,seed,more\n", head);
	expect_refused(good, csv, "codes.csv", 2);
	snprintf(csv, sizeof(csv), "%s201,,1,2015,,seed\n", head);
	expect_refused(good, csv, "codes.csv", 2);
	snprintf(csv, sizeof(csv), "%s201,一,1,since,,seed\n", head);
	expect_refused(good, csv, "codes.csv", 2);
	snprintf(csv, sizeof(csv), "%s201,\xc3\x28,1,2015,,seed\n", head);
	expect_refused(good, csv, "codes.csv", 0);
	expect_refused("other: {title: 目录, file: codes.csv, levels: {类: 3}}\n", head, "catalogue.yaml", 1);
	expect_refused("codes: {title: 目录, file: codes.csv, levels: {类: 5, 款: 3}}\n", head,
		       "catalogue.yaml", 1);
	expect_refused("codes: {title: 目录, file: codes.csv, levels: {类: 3, 款}}\n", head, "catalogue.yaml", 1);
	expect_refused("codes: {title: 目录, file: ../codes.csv, levels: {类: 3}}\n", head, "catalogue.yaml",
		       1);
	expect_refused("codes: {title: 目录, levels: {类: 3}}\n", head, "catalogue.yaml", 1);
}

/* Line breaks, quotes, fields that are missing: each line is read for itself. */
static void test_each_line_is_read_for_itself(void **state)
{
	static const char csv[] = "code,name,valid_from,valid_to,level,source\n"
				  "201,一,valid_from,valid_to,level,source\n";
	static const char lines[] = "code,name,level,valid_from,valid_to,source\n"
				    "201,一,1,2015,,seed\n202,二,1,2015,,seed\n203,\"三,1,2015,,seed\",1,2016,,seed\n"
				    "204,四,1,2015,,seed\n205,五,1,2016,2020,unverified\r\n206,六,1,2016,2020,unverified\r\n"
				    "207,七\n208,八\n209,九,1,,2019,\"se\ned\"\n210,十,1,,2019,\"se\nunverified\"\n"
				    "\n,,,\n211,甲,1,2015,,seed\n,,,\n212,乙,1,2015,,seed\n\"213\",丙,1,2015,,seed\n214,丁,1,2015,,seed";
	static const struct {
		const char *code, *name;
		short from, to;
	} expected[] = {
		{"201", "一", 2015, 0},	   {"202", "二", 2015, 0}, {"203", "三,1,2015,,seed", 2016, 0},
		{"204", "四", 2015, 0},	   {"205", "五", 2016, 2020}, {"206", "六", 2016, 2020},
		{"207", "七", 0, 0},	   {"208", "八", 0, 0},	   {"209", "九", 0, 2019},
		{"210", "十", 0, 2019},	   {"211", "甲", 2015, 0}, {"212", "乙", 2015, 0},
		{"213", "丙", 2015, 0},	   {"214", "丁", 2015, 0},
	};
	static const char list[] = "codes: {title: 目录, file: codes.csv, levels: {类: 3}}\n";
	struct diag_list diags = {0};
	struct arena *arena = arena_new();
	(void)state;
	expect_refused(list, csv, "codes.csv", 2);
	const struct catalogue *catalogue = load_written(arena, list, lines, &diags);
	assert_non_null(catalogue);
	assert_int_equal(catalogue->entry_count, COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++) {
		const struct catalogue_entry *entry = &catalogue->entries[i];
		assert_string_equal(entry->code, expected[i].code);
		assert_string_equal(entry->name, expected[i].name);
		assert_int_equal(entry->valid_from, expected[i].from);
		assert_int_equal(entry->valid_to, expected[i].to);
		assert_int_equal(entry->level, 0);
	}
	diag_list_done(&diags);
	arena_free(arena);
}

/* `count` lines, each a code of four digits and a name, ended by `end`. The caller frees. */
static char *lines_of(unsigned count, const char *end)
{
	struct buffer csv = {0};
	buffer_format(&csv, "code,name%s", end);
	for (unsigned i = 1; i < count; i++)
		buffer_format(&csv, "%05u,名%s", i, end);
	return buffer_take(&csv);
}

static void test_short_lines_and_any_ends_find_room(void **state)
{
	static const char list[] = "codes: {title: 目录, file: codes.csv, levels: {类: 5}}\n";
	static const char *const ends[] = {"\n", "\r", "\r\n"};
	(void)state;
	for (size_t i = 0; i < COUNT(ends); i++) {
		struct diag_list diags = {0};
		struct arena *arena = arena_new();
		char *csv = lines_of(500, ends[i]);
		const struct catalogue *catalogue = load_written(arena, list, csv, &diags);
		assert_non_null(catalogue);
		assert_int_equal(catalogue->entry_count, 499);
		assert_non_null(catalogue_find(catalogue, "00001", 2024));
		assert_non_null(catalogue_find(catalogue, "00499", 2024));
		memory_free(csv);
		diag_list_done(&diags);
		arena_free(arena);
	}
}

static void test_the_number_of_lines_is_bounded(void **state)
{
	static const char list[] = "codes: {title: 目录, file: codes.csv, levels: {类: 5}}\n";
	(void)state;
	for (unsigned more = 0; more <= 1; more++) {
		struct diag_list diags = {0};
		struct arena *arena = arena_new();
		char *csv = lines_of(20000 + more, "\n");
		assert_int_equal(load_written(arena, list, csv, &diags) == NULL, more);
		assert_int_equal(diags.errors, more);
		memory_free(csv);
		diag_list_done(&diags);
		arena_free(arena);
	}
}

static void test_lines_may_come_in_any_order(void **state)
{
	static const char list[] = "codes: {title: 目录, file: codes.csv, levels: {类: 3, 款: 5, 长: 10}}\n";
	static const char csv[] = "code,name,level,valid_from,valid_to\n212,丙,1\n2010000002,长二,3\n20103,乙,2,2020,\n2010000001,长一,3\n"
				  "20103,旧乙,2,2015,2019\n201,甲,1\n";
	static const struct {
		const char *code, *name;
		int year;
	} expected[] = {{"201", "甲", 2024},   {"20103", "旧乙", 2018},	     {"20103", "乙", 2021},
			{"212", "丙", 2024}, {"2010000001", "长一", 2024}, {"2010000002", "长二", 2024}};
	struct diag_list diags = {0};
	struct arena *arena = arena_new();
	(void)state;
	const struct catalogue *catalogue = load_written(arena, list, csv, &diags);
	assert_non_null(catalogue);
	for (size_t i = 0; i < COUNT(expected); i++) {
		const struct catalogue_entry *entry = catalogue_find(catalogue, expected[i].code, expected[i].year);
		assert_non_null(entry);
		assert_string_equal(entry->name, expected[i].name);
	}
	diag_list_done(&diags);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_catalogue_of_the_forms_loads),
		cmocka_unit_test_setup_teardown(test_a_code_has_the_name_of_its_year, load_functional,
						unload),
		cmocka_unit_test_setup_teardown(test_levels_are_lengths, load_functional, unload),
		cmocka_unit_test_setup_teardown(test_search_by_code_and_by_name, load_functional, unload),
		cmocka_unit_test_setup_teardown(test_search_goes_on_where_it_stopped, load_functional,
						unload),
		cmocka_unit_test_setup_teardown(test_a_code_is_put_together_from_its_parts, load_functional,
						unload),
		cmocka_unit_test(test_broken_catalogues_are_refused_at_their_line),
		cmocka_unit_test(test_each_line_is_read_for_itself),
		cmocka_unit_test(test_short_lines_and_any_ends_find_room),
		cmocka_unit_test(test_the_number_of_lines_is_bounded),
		cmocka_unit_test(test_lines_may_come_in_any_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
