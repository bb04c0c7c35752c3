/* What the model's tests share: a workbook of the real pack, and its state as text. */
#ifndef YUBIAO_TESTS_MODEL_FIXTURE_H
#define YUBIAO_TESTS_MODEL_FIXTURE_H

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/finding.h"
#include "model/operation.h"

#ifndef PACK
#define PACK "forms/hebei-2024"
#endif
#define WAN ((int64_t)1000000) /* 分 in 万元 */

struct fixture {
	struct form_pack *pack;
	struct workbook *workbook;
};

static inline enum status apply(struct fixture *f, struct operation operation)
{
	enum status status = workbook_apply(f->workbook, &operation, NULL, NULL);

	operation_done(&operation);
	return status;
}

static inline void must(struct fixture *f, struct operation operation)
{
	struct diag_list diags = {0};
	enum status status = workbook_apply(f->workbook, &operation, NULL, &diags);

	if (status != STATUS_OK)
		fail_msg("%s", diag_first_error(&diags));
	operation_done(&operation);
	diag_list_done(&diags);
}

static inline void fixture_open_pack(struct fixture *f, const char *pack)
{
	struct diag_list diags = {0};

	setlocale(LC_ALL, "C.UTF-8");
	setenv("YUBIAO_FORMS", "forms", 0); /* for catalogues, wherever the test was built */
	f->pack = form_pack_load(pack, &diags);
	if (!f->pack) {
		char *text = diags.count ? diag_text(&diags.items[0]) : NULL;

		fail_msg("%s", text ? text : "?");
	}
	diag_list_done(&diags);
	f->workbook = workbook_new(f->pack);
	must(f, operation_text(OPERATION_FIELD, -1, "", WORKBOOK_YEAR, "2024"));
}

static inline void fixture_open(struct fixture *f)
{
	fixture_open_pack(f, PACK);
}

static inline void fixture_close(struct fixture *f)
{
	workbook_free(f->workbook);
	form_pack_free(f->pack);
}

static inline int table_of(const struct fixture *f, const char *id)
{
	int table = form_table_find(f->pack, id);

	assert_true(table >= 0);
	return table;
}

static inline int leaf_of(const struct fixture *f, int table, const char *name)
{
	int leaf = form_leaf_find(f->pack->tables[table], name, -1);

	assert_true(leaf >= 0);
	return leaf;
}

static inline void add_row(struct fixture *f, const char *id, const char *code)
{
	must(f, operation_row(OPERATION_ROW_ADD, table_of(f, id), code));
}

static inline void enter(struct fixture *f, const char *id, const char *key, const char *column, int64_t number)
{
	int table = table_of(f, id);

	must(f, operation_figure(table, key, leaf_of(f, table, column), false, number));
}

/* A cell as printed: "" for blank, "-" where there is no such row. */
static inline const char *shown(const struct fixture *f, const char *id, const char *key, const char *column, char out[64])
{
	int table = table_of(f, id);
	struct row *row = workbook_row_find(f->workbook, table, key);
	struct buffer text = {0};

	if (!row)
		return "-";
	workbook_cell_text(f->workbook, row, form_leaf_find(f->pack->tables[table], column, row_block(row)), 0, NULL, &text);
	snprintf(out, 64, "%s", buffer_text(&text));
	buffer_done(&text);
	return out;
}

#define assert_shown(f, id, key, column, expected) \
	do { \
		char shown_text[64]; \
		assert_string_equal(shown(f, id, key, column, shown_text), expected); \
	} while (0)

static inline void row_state(const struct workbook *workbook, const struct row *row, struct buffer *out)
{
	const struct form_table *form = workbook_pack(workbook)->tables[row_table(row)];

	buffer_format(out, "\n%s %s %s%s:", form->id, row_key(row), row_caption(row), row_is_own(row) ? " own" : "");
	for (int leaf = 0; leaf < form->leaf_count; leaf++) {
		struct value value = workbook_value(workbook, row, leaf), control;
		enum form_rule_kind kind = workbook_rule(workbook, row, leaf)->kind;

		if (kind == FORM_NONE)
			continue;
		buffer_format(out, " %d:%lld/%lld/%u/%u%s", leaf, (long long)value.number, (long long)value.slack, value.figures,
			      value.rounded, value.blank ? "b" : "");
		if (value.type == VALUE_TEXT)
			buffer_format(out, "“%s”", value.text);
		if (workbook_control(workbook, row, leaf, &control))
			buffer_format(out, "=%lld", (long long)control.number);
	}
}

/* Everything that a user could see: rows, figures with half-widths and counts, texts, control figures, findings. */
static inline char *state_text(const struct workbook *workbook)
{
	const struct form_pack *pack = workbook_pack(workbook);
	const struct finding **findings;
	struct buffer out = {0};
	size_t count;

	for (int t = 0; t < pack->table_count; t++)
		for (size_t sheet = 0; sheet < workbook_sheet_count(workbook, t); sheet++) {
			if (workbook_sheet_fields(workbook, t, sheet))
				row_state(workbook, workbook_sheet_fields(workbook, t, sheet), &out);
			for (size_t line = 0; line < workbook_sheet_line_count(workbook, t, sheet); line++)
				for (int block = 0; block < pack->tables[t]->block_count; block++) {
					struct row *row = workbook_sheet_line_row(workbook, t, sheet, line, block);

					if (row)
						row_state(workbook, row, &out);
				}
		}
	count = workbook_findings(workbook, -1, &findings);
	for (size_t i = 0; i < count; i++) {
		buffer_format(&out, "\n%s ", finding_severity_word(findings[i]->severity));
		finding_text(workbook, findings[i], &out);
	}
	memory_free(findings);
	for (int severity = 0; severity < FINDING_SEVERITIES; severity++)
		buffer_format(&out, "\n%zu", workbook_tally(workbook, -1).count[severity]);
	return buffer_take(&out);
}

#endif
