/* Cells and texts as they are shown and printed. */
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/number.h"
#include "base/text.h"
#include "model/internal.h"

struct expansion {
	const struct workbook *workbook;
	const struct row *row; /* in whose chain entries and fields are looked up; NULL */
	int table;
	char text[64];
	struct buffer field;
};

struct buffer *workbook_scratch(const struct workbook *workbook)
{
	struct workbook *own = (struct workbook *)workbook;
	struct buffer *buffer = &own->scratch[own->scratch_next++ % 8];

	buffer_clear(buffer);
	return buffer;
}

/* What the workbook as a whole stands for. */
static const char *cover_text(struct expansion *expansion, const char *name)
{
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
	if (strcmp(name, "部门") == 0)
		return workbook_field(workbook, WORKBOOK_NAME);
	if (strcmp(name, "部门编码") == 0)
		return workbook_field(workbook, WORKBOOK_CODE);
	if (strcmp(name, "主科目") == 0)
		return workbook_field(workbook, WORKBOOK_SUBJECT);
	if (strcmp(name, "计量单位") == 0 && expansion->table >= 0)
		return workbook->pack->tables[expansion->table]->unit.name;
	return NULL;
}

/* The name or the code of the entry that the chain has of the list called `name`, or `name` less 编码 or 名称. */
static const char *entry_text(const struct expansion *expansion, const char *name)
{
	static const struct {
		const char *ending;
		bool code;
	} endings[] = {{"编码", true}, {"名称", false}, {"", false}};
	const struct form_pack *pack = expansion->workbook->pack;

	for (int list = 0; list < pack->list_count; list++)
		for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
			size_t length = strlen(pack->lists[list].name);
			const struct entry_node *entry;

			if (strncmp(name, pack->lists[list].name, length) != 0 || strcmp(name + length, endings[i].ending) != 0)
				continue;
			entry = expansion->row ? chain_find(row_chain(expansion->row), list) : NULL;
			if (entry)
				return endings[i].code ? entry->code : entry->name;
		}
	return NULL;
}

/* A field of the card, or of the plain table, that the row stands in. */
static const char *field_text(struct expansion *expansion, const char *name)
{
	const struct form_table *form = expansion->table >= 0 ? expansion->workbook->pack->tables[expansion->table] : NULL;
	const struct row *fields = expansion->row && expansion->row->table == expansion->table ? expansion->row->sheet->fields : NULL;
	int leaf = form && fields ? form_leaf_find(form, name, 0) : -1;

	if (leaf < 0)
		return NULL;
	workbook_cell_text(expansion->workbook, fields, leaf, 0, NULL, &expansion->field);
	return buffer_text(&expansion->field);
}

static const char *placeholder(void *context, const char *name)
{
	struct expansion *expansion = context;
	const char *text = cover_text(expansion, name);

	if (!text && expansion->row && strcmp(name, "序") == 0) {
		snprintf(expansion->text, sizeof(expansion->text), "%zu", row_sheet(expansion->row) + 1);
		return expansion->text;
	}
	buffer_clear(&expansion->field);
	if (!text)
		text = field_text(expansion, name);
	if (!text)
		text = entry_text(expansion, name);
	/* Where no list of units is kept, the department is its own unit. */
	if (!text && strcmp(name, "单位") == 0)
		text = workbook_field(expansion->workbook, WORKBOOK_NAME);
	if (!text && strcmp(name, "单位编码") == 0)
		text = workbook_field(expansion->workbook, WORKBOOK_CODE);
	return text;
}

void row_expand(const struct workbook *workbook, const struct row *row, int table, const char *text, struct buffer *out)
{
	struct expansion expansion = {.workbook = workbook, .row = row, .table = table};
	struct buffer filled = {0};

	form_expand(&filled, text, placeholder, &expansion);
	text_sanitize(out, buffer_text(&filled), filled.length, false);
	buffer_done(&filled);
	buffer_done(&expansion.field);
}

void workbook_sheet_expand(const struct workbook *workbook, int table, size_t sheet, const char *text, struct buffer *out)
{
	const struct table *t = table >= 0 ? &workbook->tables[table] : NULL;
	struct row standing = {.table = table};

	if (!t || sheet >= t->sheet_count) {
		row_expand(workbook, NULL, table, text, out);
		return;
	}
	standing.sheet = t->sheets[sheet];
	row_expand(workbook, &standing, table, text, out);
}

void workbook_expand(const struct workbook *workbook, int table, const char *text, struct buffer *out)
{
	workbook_sheet_expand(workbook, table, 0, text, out);
}

/* The captions as printed, less their blanks. */
static void add_captions(const struct workbook *workbook, int table, const struct form_column *column, bool groups, struct buffer *out)
{
	struct buffer filled = {0};

	if (groups && column->parent && column->parent->depth >= 0) {
		add_captions(workbook, table, column->parent, true, out);
		buffer_add_byte(out, '/');
	}
	workbook_expand(workbook, table, column->caption, &filled);
	text_squeeze(out, buffer_text(&filled));
	buffer_done(&filled);
}

void workbook_column_name(const struct workbook *workbook, int table, int leaf, bool groups, struct buffer *out)
{
	const struct form_column *column = workbook->tables[table].form->leaves[leaf];
	struct buffer printed = {0};
	char *name;

	if (groups) {
		add_captions(workbook, table, column, true, out);
	} else if (strchr(column->caption, '<')) {
		add_captions(workbook, table, column, false, &printed);
		name = form_name_of(buffer_text(&printed));
		buffer_add(out, name);
		memory_free(name);
		buffer_done(&printed);
	} else {
		buffer_add(out, column->name);
	}
}

void row_add_caption(const struct workbook *workbook, const struct row *row, struct buffer *out)
{
	if (!row->entry && strchr(row_caption(row), '<'))
		row_expand(workbook, row, row->table, row_caption(row), out);
	else
		buffer_add(out, row_caption(row));
}

const char *workbook_text(const struct workbook *workbook, const struct row *row, int leaf, bool standard)
{
	const struct form_column *column = workbook->tables[row->table].form->leaves[leaf];
	const struct form_rule *rule = rule_at(workbook, row, leaf);
	const char *text;
	struct buffer *scratch;

	/* What the clerk typed stays as it is; placeholders are the layout's. */
	if (row->texts && row->texts[leaf])
		return row->texts[leaf];
	text = rule->kind == FORM_CLOSED && rule->constant ? rule->constant
	       : standard && column->standard && rule->kind == FORM_ENTERED ? column->standard : "";
	if (!strchr(text, '<'))
		return text;
	scratch = workbook_scratch(workbook);
	row_expand(workbook, row, row->table, text, scratch);
	return buffer_text(scratch);
}

void workbook_exact_text(const struct value *value, const struct form_unit *unit, struct buffer *out)
{
	if (!value->blank)
		decimal_format_exact(out, value->number, unit->power, unit->decimals);
}

void row_code_part(const struct row *row, const struct form_column *column, struct buffer *out)
{
	const char *code = row_code(row);
	const struct catalogue_level *levels = column->level >= 0 ? column->catalogue->levels : NULL;

	if (levels == NULL) {
		buffer_add(out, code);
		return;
	}
	size_t from = column->level > 0 ? levels[column->level - 1].length : 0;
	if (strlen(code) >= levels[column->level].length)
		buffer_add_bytes(out, code + from, levels[column->level].length - from);
}

/* Generated rows that have figures count. */
static void generated_number_text(const struct workbook *workbook, const struct row *row, struct buffer *out)
{
	const char *number = workbook->tables[row->table].form->blocks[row->fixed->block].number;
	size_t place = 0;

	if (!number || row_is_hidden(workbook, row))
		return;
	for (const struct row *other = row->sheet->fixed; other <= row; other++)
		place += other->fixed->block == row->fixed->block && other->fixed->generated && !row_is_hidden(workbook, other);
	number_add(out, number, place);
}

/* The number of an entry among those of its sheet, or of an outermost code, as the layout writes the first: 1、 一、 */
static void number_text(const struct workbook *workbook, const struct row *row, struct buffer *out)
{
	const struct form_table *form = workbook->tables[row->table].form;
	const char *number = row->entry ? form->entry_number : form->coded ? form->coded->number : NULL;

	if (row->fixed && row->fixed->generated)
		generated_number_text(workbook, row, out);
	if (number && row->number)
		number_add(out, number, row->number);
}

static void label_text(const struct workbook *workbook, const struct row *row, int leaf, size_t line, struct buffer *out)
{
	const struct form_table *form = workbook->tables[row->table].form;
	struct buffer text = {0};

	switch (form->leaves[leaf]->type) {
	case FORM_ORDINAL: buffer_format(&text, "%zu", line + 1); break;
	case FORM_CODE: row_code_part(row, form->leaves[leaf], &text); break;
	case FORM_CAPTION:
		if (form->indent > 0)
			buffer_add_repeated(&text, ' ', (size_t)form->indent * (size_t)row->level);
		number_text(workbook, row, &text);
		row_add_caption(workbook, row, &text);
		break;
	default: break;
	}
	text_sanitize(out, buffer_text(&text), text.length, false);
	buffer_done(&text);
}

/* yyyy-mm-dd in the layout's own writing: yyyy年m月d日. */
static void date_text(const char *text, const char *format, struct buffer *out)
{
	int64_t number = date_of_text(text);

	if (!number || !format) {
		buffer_add(out, text);
		return;
	}
	while (*format) {
		char sign = *format;
		size_t run = 1;
		int64_t part = sign == 'y' ? number / 10000 : sign == 'm' ? number / 100 % 100 : number % 100;

		if (sign != 'y' && sign != 'm' && sign != 'd') {
			buffer_add_byte(out, *format++);
			continue;
		}
		while (format[run] == sign)
			run++;
		buffer_format(out, run > 1 ? "%02lld" : "%lld", (long long)part);
		format += run;
	}
}

static bool is_text_type(enum form_type type)
{
	return type == FORM_TEXT || type == FORM_CHOICE || type == FORM_MEASURE || type == FORM_DATE || type == FORM_CODE
	       || type == FORM_CAPTION;
}

static void words_text(const struct workbook *workbook, const struct row *row, int leaf, struct buffer *out)
{
	const struct form_column *column = workbook->tables[row->table].form->leaves[leaf];
	const char *text = workbook_text(workbook, row, leaf, true);
	struct buffer shown = {0};

	if (column->type == FORM_DATE)
		date_text(text, column->format, &shown);
	else
		buffer_add(&shown, text);
	text_sanitize(out, buffer_text(&shown), shown.length, true);
	buffer_done(&shown);
}

static void figure_text(const struct workbook *workbook, const struct row *row, int leaf, const struct form_unit *unit,
			struct buffer *out)
{
	const struct form_table *form = workbook->tables[row->table].form;
	const struct form_column *column = form->leaves[leaf];
	struct value value = cell_value(workbook, row, leaf);

	if (!unit || column->type != FORM_MONEY)
		unit = &column->unit;
	if (value.blank) {
		buffer_add(out, form->blank ? form->blank : "");
		return;
	}
	/* What was entered, and its sums, are shown to the last digit; a quotient has no last one. */
	if (column->type == FORM_NUMBER && rule_at(workbook, row, leaf)->kind != FORM_EVALUATE)
		decimal_format_exact(out, value.number, unit->power, unit->decimals);
	else
		decimal_format(out, value.number, unit->power, unit->decimals, unit->commas);
	if (column->type == FORM_PERCENT && (!column->format || strchr(column->format, '%')))
		buffer_add(out, "%");
}

void workbook_cell_text(const struct workbook *workbook, const struct row *row, int leaf, size_t line,
			const struct form_unit *unit, struct buffer *out)
{
	const struct form_rule *rule = rule_at(workbook, row, leaf);
	const struct form_column *column = workbook->tables[row->table].form->leaves[leaf];
	bool own_label = row->entry && column_is_entry_label(column);

	if (rule->kind == FORM_NONE)
		return;
	if (rule->kind == FORM_LABEL || column->type == FORM_ORDINAL || (own_label && rule->kind == FORM_ENTERED))
		label_text(workbook, row, leaf, line, out);
	else if (rule->kind == FORM_CLOSED || is_text_type(column->type))
		words_text(workbook, row, leaf, out);
	else
		figure_text(workbook, row, leaf, unit, out);
}
