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

static inline void fixture_fill(struct fixture *f)
{
	struct arena *arena = arena_new();
	struct diag_list diags = {0};
	struct buffer bytes = {0};
	const struct yaml_node *tables;

	assert_int_equal(file_read(&bytes, SAMPLE, 1 << 20, &diags), STATUS_OK);
	tables =
		yaml_get(yaml_parse(arena, bytes.data, bytes.length, SAMPLE, &yaml_limits_workbook, &diags),
			 "tables");
	for (size_t i = 0; i < tables->count; i++)
		for (int control = 0; control < 2; control++) {
			const struct yaml_node *list =
				yaml_get(tables->items[i], control ? "control" : "rows");
			for (size_t k = 0; list != NULL && k < list->count; k++)
				for (size_t c = 1; c < list->items[k]->count; c++) {
					int64_t number;
					assert_int_equal(
						decimal_parse(&number, list->items[k]->items[c]->text,
							      (struct decimal_format){.power = 6}, &diags),
						STATUS_OK);
					(control ? set_control : set_figure)(
						f, tables->keys[i]->text, list->items[k]->items[0]->text,
						list->items[k]->keys[c]->text, number);
				}
		}
	buffer_done(&bytes);
	arena_free(arena);
	diag_list_done(&diags);
}

static inline int fixture_empty(void **state)
{
	struct fixture *f = memory_new(sizeof(*f));

	setlocale(LC_ALL, "C.UTF-8");
	strcpy(f->folder, "/tmp/yubiao-output-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	f->pack = form_pack_load("forms/hebei-2024", NULL);
	assert_non_null(f->pack);
	f->workbook = workbook_new(f->pack);
	change(f, operation_text(OPERATION_FIELD, -1, "", WORKBOOK_YEAR, "2024"));
	change(f, operation_text(OPERATION_FIELD, -1, "", WORKBOOK_CODE, "711"));
	change(f, operation_text(OPERATION_FIELD, -1, "", WORKBOOK_NAME, "总工会"));
	*state = f;
	return 0;
}

static inline int fixture_sample(void **state)
{
	struct fixture *f;

	fixture_empty(state);
	f = *state;
	for (int i = 0; i < f->pack->table_count; i++)
		change(f, operation_rounded(i, true));
	fixture_fill(f);
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
