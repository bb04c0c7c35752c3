/* What the output's tests share: the sample as a workbook (read without the store, which output may not
 * use), and small changes. */
#ifndef YUBIAO_TESTS_OUTPUT_FIXTURE_H
#define YUBIAO_TESTS_OUTPUT_FIXTURE_H

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/decimal.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/text.h"
#include "model/finding.h"
#include "model/operation.h"
#include "output/export.h"
#include "output/grid.h"
#include "output/sheet.h"
#include "yaml/tree.h"

#define SAMPLE "sample-data/beidaihe-2024.yaml"
#define WAN ((int64_t)1000000) /* 分 in 万元 */

struct fixture {
	char folder[64];
	struct form_pack *pack;
	struct workbook *workbook;
};

static inline void change(struct fixture *f, struct operation operation)
{
	struct diag_list diags = {0};

	if (workbook_apply(f->workbook, &operation, NULL, &diags) != STATUS_OK)
		fail_msg("%s", diag_first_error(&diags));
	operation_done(&operation);
	diag_list_done(&diags);
}

static inline int table_of(const struct fixture *f, const char *id)
{
	int table = form_table_find(f->pack, id);

	assert_true(table >= 0);
	return table;
}

static inline void set_figure(struct fixture *f, const char *table_id, const char *row, const char *column,
			      int64_t number)
{
	int table = table_of(f, table_id), leaf;

	if (workbook_row_find(f->workbook, table, row) == NULL)
		change(f, operation_row(OPERATION_ROW_ADD, table, row));
	leaf = form_leaf_find(f->pack->tables[table], column,
			      row_block(workbook_row_find(f->workbook, table, row)));
	assert_true(leaf >= 0);
	change(f, operation_figure(table, row, leaf, false, number));
}

static inline void set_control(struct fixture *f, const char *table_id, const char *row, const char *column,
			       int64_t number)
{
	int table = table_of(f, table_id);
	const struct row *found = workbook_row_find(f->workbook, table, row);

	assert_non_null(found);
	change(f, operation_control(table, row,
				    form_leaf_find(f->pack->tables[table], column, row_block(found)), false,
				    number));
}

static inline void set_text(struct fixture *f, const char *table_id, const char *row, const char *column,
			    const char *text)
{
	int table = table_of(f, table_id), leaf;

	leaf = form_leaf_find(f->pack->tables[table], column,
			      row_block(workbook_row_find(f->workbook, table, row)));
	assert_true(leaf >= 0);
	change(f, operation_cell_text(table, row, leaf, text));
}

static inline const char *text_at(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = yaml_get(map, key);

	return node != NULL ? node->text : "";
}

static inline void fill_lists(struct fixture *f, const struct yaml_node *lists)
{
	for (int list = 0; list < f->pack->list_count; list++) {
		const struct yaml_node *items =
			lists != NULL ? yaml_get(lists, f->pack->lists[list].name) : NULL;
		for (size_t i = 0; items != NULL && i < items->count; i++) {
			const struct yaml_node *map = items->items[i];
			char key[32], owner[32] = "";
			snprintf(key, sizeof(key), "@%s", text_at(map, "id"));
			if (yaml_get(map, "owner") != NULL)
				snprintf(owner, sizeof(owner), "@%s", text_at(map, "owner"));
			change(f, operation_entry(OPERATION_ENTRY_ADD, list, key, owner, -1));
			change(f, operation_entry(OPERATION_ENTRY_CODE, list, key, text_at(map, "code"), -1));
			change(f, operation_entry(OPERATION_ENTRY_NAME, list, key, text_at(map, "name"), -1));
		}
	}
}

static inline void fill_cell(struct fixture *f, int table, const char *row, const char *column,
			     const char *text, bool control)
{
	const struct row *found = workbook_row_find(f->workbook, table, row);
	const struct form_column *leaf;
	struct buffer number = {0};
	int64_t value;

	if (found == NULL) {
		change(f, operation_row(OPERATION_ROW_ADD, table, row));
		found = workbook_row_find(f->workbook, table, row);
	}
	leaf = f->pack->tables[table]->leaves[form_leaf_find(f->pack->tables[table], column, row_block(found))];
	if (leaf->type > FORM_PERCENT) {
		change(f, operation_cell_text(table, row, leaf->leaf, text));
		return;
	}
	buffer_add_bytes(&number, text, strcspn(text, "%"));
	assert_int_equal(decimal_parse(&value, buffer_text(&number),
				       (struct decimal_format){.power = leaf->unit.power}, NULL),
			 STATUS_OK);
	change(f, control ? operation_control(table, row, leaf->leaf, false, value)
			  : operation_figure(table, row, leaf->leaf, false, value));
	buffer_done(&number);
}

static inline void fixture_fill(struct fixture *f, const char *path)
{
	struct arena *arena = arena_new();
	struct diag_list diags = {0};
	struct buffer bytes = {0};
	const struct yaml_node *root, *tables;

	assert_int_equal(file_read(&bytes, path, 1 << 20, &diags), STATUS_OK);
	root = yaml_parse(arena, arena, bytes.data, bytes.length, path, &yaml_limits_workbook, &diags);
	assert_non_null(root);
	fill_lists(f, yaml_get(root, "lists"));
	tables = yaml_get(root, "tables");
	for (size_t i = 0; i < tables->count; i++)
		for (int control = 0; control < 2; control++) {
			const struct yaml_node *list =
				yaml_get(tables->items[i], control ? "control" : "rows");
			for (size_t k = 0; list != NULL && k < list->count; k++)
				for (size_t c = 1; c < list->items[k]->count; c++)
					fill_cell(f, table_of(f, tables->keys[i]->text),
						  list->items[k]->items[0]->text, list->items[k]->keys[c]->text,
						  list->items[k]->items[c]->text, control);
		}
	buffer_done(&bytes);
	arena_free(arena);
	diag_list_done(&diags);
}

static inline void fixture_begin(void **state, const char *pack)
{
	struct fixture *f = memory_new(sizeof(*f));

	setlocale(LC_ALL, "C.UTF-8");
	setenv("YUBIAO_FORMS", "forms", 0);
	strcpy(f->folder, "/tmp/yubiao-output-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	f->pack = form_pack_load(pack, NULL);
	assert_non_null(f->pack);
	f->workbook = workbook_new(f->pack);
	change(f, operation_text(OPERATION_FIELD, -1, "", WORKBOOK_YEAR, "2024"));
	change(f, operation_text(OPERATION_FIELD, -1, "", WORKBOOK_CODE, "711"));
	change(f, operation_text(OPERATION_FIELD, -1, "", WORKBOOK_NAME, "总工会"));
	*state = f;
}

static inline int fixture_empty(void **state)
{
	fixture_begin(state, "forms/hebei-2024");
	return 0;
}

/* A small pack that has every shape: lists, cards, sheets of units, fields, texts. */
static inline int fixture_cards(void **state)
{
	fixture_begin(state, "tests/unit/packs/cards");
	fixture_fill(*state, "tests/unit/cards.yaml");
	return 0;
}

/* A small pack whose codes are printed in other ways. */
static inline int fixture_codes(void **state)
{
	fixture_begin(state, "tests/unit/packs/codes");
	return 0;
}

static inline int fixture_sample(void **state)
{
	struct fixture *f;

	fixture_empty(state);
	f = *state;
	for (int i = 0; i < f->pack->table_count; i++)
		change(f, operation_rounded(i, true));
	fixture_fill(f, SAMPLE);
	return 0;
}

static inline int fixture_close(void **state)
{
	struct fixture *f = *state;

	workbook_free(f->workbook);
	form_pack_free(f->pack);
	rmdir(f->folder);
	memory_free(f);
	return 0;
}

#endif
