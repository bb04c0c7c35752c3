/* The one door: each kind of operation checks first, then changes, and can be taken back exactly. */
#include <string.h>

#include "base/decimal.h"
#include "base/text.h"
#include "model/internal.h"

struct operation operation_figure(int table, const char *key, int leaf, bool blank, int64_t number)
{
	struct operation operation = {.kind = OPERATION_FIGURE, .table = table, .key = memory_copy_string(key), .leaf = leaf};

	operation.new_entry.blank = blank;
	operation.new_entry.number = blank ? 0 : number;
	return operation;
}

struct operation operation_control(int table, const char *key, int leaf, bool blank, int64_t number)
{
	struct operation operation = operation_figure(table, key, leaf, blank, number);

	operation.kind = OPERATION_CONTROL;
	return operation;
}

struct operation operation_row(enum operation_kind kind, int table, const char *key)
{
	struct operation operation = {.kind = kind, .table = table, .key = memory_copy_string(key), .leaf = -1};

	return operation;
}

struct operation operation_text(enum operation_kind kind, int table, const char *key, int leaf, const char *text)
{
	struct operation operation = {.kind = kind, .table = table, .key = memory_copy_string(key), .leaf = leaf};

	operation.new_entry.text = memory_copy_string(text);
	return operation;
}

struct operation operation_cell_text(int table, const char *key, int leaf, const char *text)
{
	struct operation operation = operation_text(OPERATION_FIGURE, table, key, leaf, text);

	operation.new_entry.blank = !text[0];
	return operation;
}

struct operation operation_entry(enum operation_kind kind, int list, const char *key, const char *text, int64_t number)
{
	struct operation operation = operation_text(kind, -1, key, list, text);

	operation.new_entry.number = number;
	return operation;
}

struct operation operation_rounded(int table, bool rounded)
{
	struct operation operation = {.kind = OPERATION_ROUNDED, .table = table, .leaf = -1};

	operation.new_entry.number = rounded;
	return operation;
}

void operation_done(struct operation *operation)
{
	memory_free(operation->key);
	memory_free(operation->old_entry.text);
	memory_free(operation->new_entry.text);
	memset(operation, 0, sizeof(*operation));
}

static struct cell entry_cell(const struct workbook *workbook, const struct row *row, int leaf, const struct entry *entry)
{
	const struct table *table = &workbook->tables[row->table];
	struct cell cell = {0};

	if (entry->blank)
		return cell;
	cell.number = entry->number;
	cell.figures = 1;
	/* The half-width u/2, counted in halves of the smallest unit, is u. Counts are never rounded. */
	if (table->rounded && table->form->leaves[leaf]->type != FORM_COUNT) {
		cell.slack = form_unit_step(&table->form->leaves[leaf]->unit);
		cell.rounded = 1;
	}
	return cell;
}

static struct row *operation_target(struct workbook *workbook, const struct operation *operation, struct diag_list *diags)
{
	const struct form_table *form = workbook->tables[operation->table].form;
	struct row *row = workbook_row_find(workbook, operation->table, operation->key);

	if (!row)
		diag_error(diags, _("《%s》里没有行“%s”。"), form->name, operation->key);
	else if (operation->leaf < 0 || operation->leaf >= form->leaf_count
		 || rule_at(workbook, row, operation->leaf)->kind == FORM_NONE
		 || rule_at(workbook, row, operation->leaf)->kind == FORM_LABEL) {
		diag_error(diags, _("《%s》的行“%s”没有这一栏的数。"), form->name, operation->key);
		row = NULL;
	}
	return row;
}

static bool is_figure(enum form_type type)
{
	return type == FORM_MONEY || type == FORM_COUNT || type == FORM_NUMBER || type == FORM_PERCENT;
}

#define TEXT_MOST 65536 /* bytes; what a file may hold */

static bool text_allowed(const struct form_column *column, const char *text, struct diag_list *diags)
{
	bool lines = column->type == FORM_TEXT || column->type == FORM_MEASURE;
	struct buffer words = {0};

	if (strlen(text) > TEXT_MOST || text_is_dirty(text, strlen(text), lines)) {
		diag_error(diags, _("%s太长，或含有不能显示的字符。"), column->name);
		return false;
	}
	if (column->type == FORM_DATE && text[0] && !date_of_text(text)) {
		diag_error(diags, _("“%s”不是日期。请写成 2024-01-31 的样子。"), text);
		return false;
	}
	if (column->type != FORM_CHOICE || !text[0])
		return true;
	for (int i = 0; i < column->choice_count; i++) {
		if (strcmp(column->choices[i], text) == 0) {
			buffer_done(&words);
			return true;
		}
		buffer_format(&words, "%s%s", i ? "、" : "", column->choices[i]);
	}
	diag_error(diags, _("%s没有“%s”，只能是：%s。"), column->name, text, buffer_text(&words));
	buffer_done(&words);
	return false;
}

/* A text cell; the name or code of an entry stands in the entry itself. */
static enum status words_apply(struct workbook *workbook, struct operation *operation, struct row *row,
			       struct diag_list *diags)
{
	const struct form_column *column = workbook->tables[row->table].form->leaves[operation->leaf];
	const char *text = operation->new_entry.text ? operation->new_entry.text : "";

	if (!text_allowed(column, text, diags))
		return STATUS_INVALID;
	memory_free(operation->old_entry.text);
	if (row->entry && column_is_entry_label(column)) {
		entry_rename(workbook, row->entry, column->type == FORM_CODE, text, &operation->old_entry.text);
	} else {
		operation->old_entry.text = memory_copy_string(workbook_text(workbook, row, operation->leaf, false));
		cell_change_text(workbook, row, operation->leaf, text);
	}
	operation->old_entry.blank = !operation->old_entry.text[0];
	return STATUS_OK;
}

static enum status figure_apply(struct workbook *workbook, struct operation *operation, struct diag_list *diags)
{
	struct row *row = operation_target(workbook, operation, diags);
	const struct form_table *form = workbook->tables[operation->table].form;
	struct cell before, after;

	if (!row)
		return STATUS_INVALID;
	switch (rule_at(workbook, row, operation->leaf)->kind) {
	case FORM_ENTERED: break;
	case FORM_CLOSED:
		diag_error(diags, _("《%s》%s·%s不填数。"), form->name, row_caption(row), form->leaves[operation->leaf]->name);
		return STATUS_INVALID;
	default:
		diag_error(diags, _("《%s》%s·%s由程序计算，不能直接填。要核对公布数或批复数，请填控制数。"), form->name,
			   row_caption(row), form->leaves[operation->leaf]->name);
		return STATUS_INVALID;
	}
	if (!is_figure(form->leaves[operation->leaf]->type))
		return words_apply(workbook, operation, row, diags);
	if (operation->new_entry.text) {
		diag_error(diags, _("《%s》的%s填数，不填文字。"), form->name, form->leaves[operation->leaf]->name);
		return STATUS_INVALID;
	}
	before = row->cells[operation->leaf];
	operation->old_entry.blank = before.figures == 0;
	operation->old_entry.number = before.number;
	after = entry_cell(workbook, row, operation->leaf, &operation->new_entry);
	workbook->overflow = false;
	cell_change(workbook, row, operation->leaf, &after);
	if (workbook->overflow) {
		cell_change(workbook, row, operation->leaf, &before);
		diag_error(diags, _("数太大：填上它，《%s》的合计会超出能计算的范围。请核对单位和位数。"), form->name);
		return STATUS_INVALID;
	}
	return STATUS_OK;
}

static enum status control_apply(struct workbook *workbook, struct operation *operation, struct diag_list *diags)
{
	struct row *row = operation_target(workbook, operation, diags);
	const struct form_table *form = workbook->tables[operation->table].form;
	struct control *control, **link;
	enum form_rule_kind kind;

	if (!row)
		return STATUS_INVALID;
	kind = rule_at(workbook, row, operation->leaf)->kind;
	if (kind != FORM_LINEAR && kind != FORM_EVALUATE) {
		diag_error(diags, _("《%s》%s·%s是填列的数，不设控制数；控制数只设在计算出来的数上。"), form->name,
			   row_caption(row), form->leaves[operation->leaf]->name);
		return STATUS_INVALID;
	}
	control = row_control(row, operation->leaf);
	operation->old_entry.blank = !control;
	operation->old_entry.number = control ? control->number : 0;
	if (control && operation->new_entry.blank) {
		for (link = &row->controls; *link != control; link = &(*link)->next)
			;
		*link = control->next;
		memory_free(control);
	} else if (!operation->new_entry.blank) {
		if (!control) {
			control = memory_new(sizeof(*control));
			control->leaf = operation->leaf;
			control->next = row->controls;
			row->controls = control;
		}
		control->number = operation->new_entry.number;
	}
	control_judge(workbook, row, operation->leaf);
	return STATUS_OK;
}

static size_t name_position(const struct workbook *workbook, const char *catalogue, const char *code, bool *found)
{
	size_t low = 0, high = workbook->name_count;

	*found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(workbook->names[middle].catalogue, catalogue);

		if (!order)
			order = strcmp(workbook->names[middle].code, code);
		*found = *found || order == 0;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void name_set(struct workbook *workbook, const char *catalogue, const char *code, const char *name)
{
	bool found;
	size_t i = name_position(workbook, catalogue, code, &found);
	struct buffer key = {0};

	buffer_format(&key, "%s/%s", catalogue, code);
	map_remove(workbook->name_index, buffer_text(&key));
	if (found) {
		memory_free(workbook->names[i].catalogue);
		memory_free(workbook->names[i].code);
		memory_free(workbook->names[i].name);
		memmove(workbook->names + i, workbook->names + i + 1, (--workbook->name_count - i) * sizeof(*workbook->names));
	}
	if (name && name[0]) {
		array_reserve(&workbook->names, &workbook->name_capacity, workbook->name_count, sizeof(*workbook->names));
		memmove(workbook->names + i + 1, workbook->names + i, (workbook->name_count++ - i) * sizeof(*workbook->names));
		workbook->names[i] = (struct own_name){memory_copy_string(catalogue), memory_copy_string(code),
						       memory_copy_string(name)};
		map_set(workbook->name_index, buffer_text(&key), workbook->names[i].name);
	}
	buffer_done(&key);
}

static bool text_fits(const char *text, const char *what, struct diag_list *diags)
{
	if (strlen(text) <= 600 && !text_is_dirty(text, strlen(text), false))
		return true;
	diag_error(diags, _("%s太长，或含有不能显示的字符。"), what);
	return false;
}

/* Renames the rows that carry the code, in every table of the catalogue. */
static void name_show(struct workbook *workbook, const struct catalogue *catalogue, const char *code)
{
	for (int i = 0; i < workbook->pack->table_count; i++) {
		struct table *table = &workbook->tables[i];
		struct row *row;

		if (!table->form->coded || table->form->coded->catalogue != catalogue)
			continue;
		row = map_get(table->codes, code);
		if (!row)
			continue;
		row->caption = workbook_code_name(workbook, catalogue, code);
		code_judge(workbook, row);
	}
}

static enum status name_apply(struct workbook *workbook, struct operation *operation, struct diag_list *diags)
{
	const struct form_coded *coded = workbook->tables[operation->table].form->coded;
	const char *text = operation->new_entry.text ? operation->new_entry.text : "";
	bool found;
	size_t i;

	if (!coded || catalogue_level_of(coded->catalogue, operation->key) < 0) {
		diag_error(diags, _("“%s”不是这张表的科目编码。"), operation->key);
		return STATUS_INVALID;
	}
	if (!text_fits(text, _("名称"), diags))
		return STATUS_INVALID;
	i = name_position(workbook, coded->catalogue->id, operation->key, &found);
	memory_free(operation->old_entry.text);
	operation->old_entry.text = memory_copy_string(found ? workbook->names[i].name : "");
	if (!text[0] && found && !catalogue_find(coded->catalogue, operation->key, workbook->year)) {
		for (int t = 0; t < workbook->pack->table_count; t++)
			if (workbook->tables[t].codes && workbook->tables[t].form->coded->catalogue == coded->catalogue) {
				struct row *row = map_get(workbook->tables[t].codes, operation->key);

				if (row && row->class == FORM_CLASS_PARENT) {
					diag_error(diags, _("科目目录中没有“%s”，名称不能空着。"), operation->key);
					return STATUS_INVALID;
				}
			}
	}
	name_set(workbook, coded->catalogue->id, operation->key, text);
	name_show(workbook, coded->catalogue, operation->key);
	return STATUS_OK;
}

static bool year_parse(const char *text, int *year)
{
	int value = 0;

	for (int i = 0; i < 4; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (text[i] - '0');
	}
	*year = value;
	return text[4] == '\0' && value >= 1990 && value <= 2199;
}

static enum status field_apply(struct workbook *workbook, struct operation *operation, struct diag_list *diags)
{
	enum workbook_field field = (enum workbook_field)operation->leaf;
	const char *text = operation->new_entry.text ? operation->new_entry.text : "";
	int year = 0;

	if (field == WORKBOOK_YEAR && !year_parse(text, &year)) {
		diag_error(diags, _("预算年度“%s”不对，请填四位年份，如 2024。"), text);
		return STATUS_INVALID;
	}
	if (!text_fits(text, workbook_field_label(field), diags))
		return STATUS_INVALID;
	memory_free(operation->old_entry.text);
	operation->old_entry.text = workbook->fields[field];
	workbook->fields[field] = memory_copy_string(text);
	if (field == WORKBOOK_YEAR) {
		workbook->year = year;
		row_rename_all(workbook);
	}
	return STATUS_OK;
}

static void rounded_apply(struct workbook *workbook, struct operation *operation)
{
	struct table *table = &workbook->tables[operation->table];
	struct row_walk walk = {0, 0};
	struct row *row;

	operation->old_entry.number = table->rounded;
	table->rounded = operation->new_entry.number != 0;
	while ((row = row_next(table, &walk)) != NULL)
		for (int leaf = 0; leaf < table->form->leaf_count; leaf++) {
			struct entry entry = {.blank = !row->cells[leaf].figures, .number = row->cells[leaf].number};
			struct cell cell;

			if (rule_at(workbook, row, leaf)->kind != FORM_ENTERED || entry.blank
			    || !is_figure(table->form->leaves[leaf]->type))
				continue;
			cell = entry_cell(workbook, row, leaf, &entry);
			cell_change(workbook, row, leaf, &cell);
		}
}

static void elsewhere_apply(struct workbook *workbook, struct operation *operation)
{
	struct table *table = &workbook->tables[operation->table];

	operation->old_entry.number = table->elsewhere;
	table->elsewhere = operation->new_entry.number != 0;
	if (!workbook->held)
		checks_note_elsewhere(workbook);
}

static enum status rename_apply(struct workbook *workbook, struct operation *operation, struct diag_list *diags)
{
	struct entry_node *entry = entry_of_key(workbook, operation->key);
	const char *text = operation->new_entry.text ? operation->new_entry.text : "";

	if (!entry) {
		diag_error(diags, _("没有条目 %s。"), operation->key);
		return STATUS_NOT_FOUND;
	}
	if (!text_fits(text, _("名称"), diags))
		return STATUS_INVALID;
	memory_free(operation->old_entry.text);
	entry_rename(workbook, entry, operation->kind == OPERATION_ENTRY_CODE, text, &operation->old_entry.text);
	return STATUS_OK;
}

enum status workbook_apply(struct workbook *workbook, struct operation *operation, char *missing, struct diag_list *diags)
{
	enum status status = STATUS_OK;

	switch (operation->kind) {
	case OPERATION_FIGURE: status = figure_apply(workbook, operation, diags); break;
	case OPERATION_CONTROL: status = control_apply(workbook, operation, diags); break;
	case OPERATION_ROW_ADD: status = row_add(workbook, operation->table, operation->key, missing, diags); break;
	case OPERATION_ROW_DROP: status = row_drop(workbook, operation->table, operation->key, diags); break;
	case OPERATION_NAME: status = name_apply(workbook, operation, diags); break;
	case OPERATION_FIELD: status = field_apply(workbook, operation, diags); break;
	case OPERATION_ROUNDED: rounded_apply(workbook, operation); break;
	case OPERATION_ELSEWHERE: elsewhere_apply(workbook, operation); break;
	case OPERATION_ENTRY_ADD: status = entry_add(workbook, operation, diags); break;
	case OPERATION_ENTRY_DROP: status = entry_drop(workbook, operation, diags); break;
	case OPERATION_ENTRY_NAME:
	case OPERATION_ENTRY_CODE: status = rename_apply(workbook, operation, diags); break;
	}
	checks_settle(workbook);
	rows_bury(workbook);
	return status;
}

void workbook_revert(struct workbook *workbook, const struct operation *operation)
{
	struct operation back = *operation;

	back.new_entry = operation->old_entry;
	back.old_entry = (struct entry){0};
	if (operation->kind == OPERATION_ROW_ADD)
		back.kind = OPERATION_ROW_DROP;
	else if (operation->kind == OPERATION_ROW_DROP)
		back.kind = OPERATION_ROW_ADD;
	else if (operation->kind == OPERATION_ENTRY_ADD)
		back.kind = OPERATION_ENTRY_DROP;
	else if (operation->kind == OPERATION_ENTRY_DROP)
		back.kind = OPERATION_ENTRY_ADD;
	workbook_apply(workbook, &back, NULL, NULL);
	memory_free(back.old_entry.text);
}
