/* Cells and texts as they are shown and printed. */
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/text.h"
#include "model/internal.h"

struct expansion {
	const struct workbook *workbook;
	int table;
	char text[64];
};

static const char *placeholder(void *context, const char *name)
{
	struct expansion *expansion = context;
	const struct workbook *workbook = expansion->workbook;
	const char *year = workbook_field(workbook, WORKBOOK_YEAR);

	if (strcmp(name, "年度") == 0)
		return year;
	if (strcmp(name, "年度后两位") == 0)
		return strlen(year) == 4 ? year + 2 : year;
	if (strcmp(name, "上年") == 0) {
		snprintf(expansion->text, sizeof(expansion->text), "%d", workbook->year - 1);
		return workbook->year ? expansion->text : "";
	}
	if (strcmp(name, "部门") == 0 || strcmp(name, "单位") == 0)
		return workbook_field(workbook, WORKBOOK_NAME);
	if (strcmp(name, "部门编码") == 0 || strcmp(name, "单位编码") == 0)
		return workbook_field(workbook, WORKBOOK_CODE);
	if (strcmp(name, "计量单位") == 0 && expansion->table >= 0)
		return workbook->pack->tables[expansion->table]->unit.name;
	return NULL;
}

void workbook_expand(const struct workbook *workbook, int table, const char *text, struct buffer *out)
{
	struct expansion expansion = {.workbook = workbook, .table = table};
	struct buffer filled = {0};

	form_expand(&filled, text, placeholder, &expansion);
	text_sanitize(out, buffer_text(&filled), filled.length, false);
	buffer_done(&filled);
}

void workbook_exact_text(const struct value *value, const struct form_unit *unit, struct buffer *out)
{
	if (!value->blank)
		decimal_format_exact(out, value->number, unit->power, unit->decimals);
}

static void label_text(const struct workbook *workbook, const struct row *row, int leaf, size_t line, struct buffer *out)
{
	const struct form_table *form = workbook->tables[row->table].form;
	struct buffer text = {0};

	switch (form->leaves[leaf]->type) {
	case FORM_ORDINAL: buffer_format(&text, "%zu", line + 1); break;
	case FORM_CODE: buffer_add(&text, row_code(row)); break;
	case FORM_CAPTION:
		if (form->indent > 0)
			buffer_add_repeated(&text, ' ', (size_t)form->indent * (size_t)row->level);
		if (strchr(row_caption(row), '<'))
			workbook_expand(workbook, row->table, row_caption(row), &text);
		else
			buffer_add(&text, row_caption(row));
		break;
	default: break;
	}
	text_sanitize(out, buffer_text(&text), text.length, false);
	buffer_done(&text);
}

void workbook_cell_text(const struct workbook *workbook, const struct row *row, int leaf, size_t line,
			const struct form_unit *unit, struct buffer *out)
{
	const struct form_table *form = workbook->tables[row->table].form;
	const struct form_rule *rule = rule_at(workbook, row, leaf);
	struct value value;

	if (rule->kind == FORM_LABEL) {
		label_text(workbook, row, leaf, line, out);
		return;
	}
	if (rule->kind == FORM_NONE)
		return;
	if (rule->kind == FORM_CLOSED) {
		if (rule->constant)
			text_sanitize(out, rule->constant, strlen(rule->constant), false);
		return;
	}
	if (!unit)
		unit = &form->leaves[leaf]->unit;
	value = cell_value(workbook, row, leaf);
	if (value.blank)
		buffer_add(out, form->blank ? form->blank : "");
	else
		decimal_format(out, value.number, unit->power, unit->decimals, unit->commas);
}
