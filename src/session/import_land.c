/* A plan in words, and done. */
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/importer.h"

static struct change_group *group_of(const struct import_plan *plan)
{
	struct session *trial = &plan->work->trial;

	return trial->count > 0 ? &trial->groups[0] : NULL;
}

static const struct operation *operation_of(const struct import_plan *plan, size_t change)
{
	const struct change_group *group = group_of(plan);

	return group != NULL && change < group->count ? &group->operations[change] : NULL;
}

/* ---- in words ---- */

static bool is_cell(const struct operation *operation)
{
	return operation->kind == OPERATION_FIGURE || operation->kind == OPERATION_CONTROL;
}

static void add_entry(const struct import_plan *plan, const struct operation *operation, const struct entry *entry,
		      struct buffer *out)
{
	const struct form_table *form;
	struct value value = {.blank = entry->blank, .number = entry->number};

	if (entry->text != NULL || !is_cell(operation)) {
		buffer_add(out, entry->text != NULL && operation->kind != OPERATION_ENTRY_ADD ? entry->text : "");
		return;
	}
	form = plan->work->trial.pack->tables[operation->table];
	if (session_is_number(form->leaves[operation->leaf]->type))
		workbook_exact_text(&value, &form->leaves[operation->leaf]->unit, out);
}

void import_change_texts(const struct import_plan *plan, size_t change, struct buffer *old, struct buffer *new)
{
	const struct operation *operation = operation_of(plan, change);

	if (operation == NULL)
		return;
	if (old != NULL)
		add_entry(plan, operation, &operation->old_entry, old);
	if (new != NULL)
		add_entry(plan, operation, &operation->new_entry, new);
}

/* The row of a change, as the plan's line has it; for a row that the text lacks, as the workbook names it. */
static void add_row(const struct import_plan *plan, size_t change, const struct operation *operation,
		    struct buffer *out)
{
	const struct import_work *work = plan->work;
	const struct import_origin *origin = &work->origins[change];
	const struct import_part *part = &plan->parts[origin->part];
	const struct entry_node *entry =
		workbook_entry_find(work->trial.workbook, session_entry_of_key(operation->key));

	if (change < work->origin_count && origin->line < part->line_count &&
	    *part->lines[origin->line].row != '\0')
		buffer_add(out, part->lines[origin->line].row);
	else if (entry != NULL)
		session_entry_words(&work->trial, entry, out);
	else
		buffer_add(out, operation->key);
}

static void add_place(const struct import_plan *plan, size_t change, const struct operation *operation,
		      struct buffer *out)
{
	const struct form_pack *pack = plan->work->trial.pack;

	switch (operation->kind) {
	case OPERATION_NAME:
		buffer_format(out, _("科目 %s 的名称"), operation->key);
		return;
	case OPERATION_ENTRY_NAME:
	case OPERATION_ENTRY_CODE:
		buffer_format(out, operation->kind == OPERATION_ENTRY_NAME ? _("%s的名称") : _("%s的编码"),
			      pack->lists[operation->leaf].name);
		return;
	default:
		break;
	}
	buffer_format(out, "%s[", pack->tables[operation->table]->name);
	add_row(plan, change, operation, out);
	buffer_add(out, "]");
	if (is_cell(operation))
		buffer_format(out, ".%s", pack->tables[operation->table]->leaves[operation->leaf]->name);
	if (operation->kind == OPERATION_CONTROL)
		buffer_add(out, _(" 控制数"));
}

/* On one line. */
static void add_or_blank(struct buffer *out, const struct buffer *text)
{
	if (text->length > 0)
		text_sanitize(out, buffer_text(text), text->length, false);
	else
		buffer_add(out, _("（空）"));
}

void import_change_line(const struct import_plan *plan, size_t change, struct buffer *out)
{
	const struct operation *operation = operation_of(plan, change);
	struct buffer old = {0}, new = {0};

	if (operation == NULL)
		return;
	if (operation->kind == OPERATION_ENTRY_ADD || operation->kind == OPERATION_ENTRY_DROP) {
		buffer_format(out, operation->kind == OPERATION_ENTRY_ADD ? _("新增%s ") : _("删去%s "),
			      plan->work->trial.pack->lists[operation->leaf].name);
		add_row(plan, change, operation, out);
		return;
	}
	add_place(plan, change, operation, out);
	if (operation->kind == OPERATION_ROW_ADD || operation->kind == OPERATION_ROW_DROP) {
		buffer_add(out, operation->kind == OPERATION_ROW_ADD ? _(" 加行") : _(" 删行"));
		return;
	}
	import_change_texts(plan, change, &old, &new);
	buffer_add(out, _("："));
	add_or_blank(out, &old);
	buffer_add(out, " → ");
	add_or_blank(out, &new);
	buffer_done(&old);
	buffer_done(&new);
}

void import_note_line(const struct import_plan *plan, const struct import_part *part, const struct import_note *note,
		      struct buffer *out)
{
	if ((plan->part_count > 1 || note->line == 0) && *part->name != '\0')
		buffer_format(out, "%s：", part->name);
	if (note->line > 0 && note->column > 0)
		buffer_format(out, _("第 %u 行第 %u 栏："), note->line, note->column);
	else if (note->line > 0)
		buffer_format(out, _("第 %u 行："), note->line);
	buffer_add(out, note->text);
}

static void add_count(struct buffer *out, const char *format, size_t count)
{
	if (count == 0)
		return;
	if (out->length > 0)
		buffer_add(out, _("，"));
	buffer_format(out, format, count);
}

void import_tally_words(const struct import_tally *tally, struct buffer *out)
{
	struct buffer words = {0};

	add_count(&words, _("%zu 行"), tally->lines);
	add_count(&words, _("填 %zu 处"), tally->cells[IMPORT_FIGURE]);
	add_count(&words, _("清除 %zu 处"), tally->cells[IMPORT_CLEAR]);
	add_count(&words, _("控制数 %zu 个"), tally->cells[IMPORT_CONTROL]);
	add_count(&words, _("名称、编码 %zu 个"), tally->cells[IMPORT_NAME]);
	add_count(&words, _("加 %zu 行"), tally->rows_added);
	add_count(&words, _("核对一致 %zu 处"), tally->cells[IMPORT_COMPUTED]);
	add_count(&words, _("没有取的合计 %zu 处"), tally->cells[IMPORT_LEFT_OUT]);
	add_count(&words, _("表里另有 %zu 行不在文件里，未动"), tally->rows_untouched - tally->rows_emptied);
	add_count(&words, _("表里另有 %zu 行不在文件里，清除了"), tally->rows_emptied);
	buffer_add(out, buffer_text(&words));
	buffer_done(&words);
}

/* ---- done ---- */

void import_forget_operations(struct import_work *work)
{
	for (size_t i = 0; i < work->trial.count; i++) {
		struct change_group *group = &work->trial.groups[i];

		for (size_t k = 0; k < group->count; k++)
			operation_done(&group->operations[k]);
		memory_free(group->operations);
		memory_free(group->label);
	}
	memory_free(work->trial.groups);
}

/* The operation, to be applied anew; the plan has it no more. */
static struct operation take_operation(struct operation *operation)
{
	struct operation taken = *operation;

	memory_free(taken.old_entry.text);
	taken.old_entry = (struct entry){.blank = true};
	*operation = (struct operation){0};
	return taken;
}

static char *label_of(const struct session *session, const struct import_plan *plan)
{
	struct buffer label = {0};

	if (plan->part_count != 1)
		buffer_format(&label, _("导入 %zu 个文件"), plan->part_count);
	else
		buffer_format(&label, *plan->parts[0].name != '\0' ? _("导入 %zu 行到《%s》") : _("粘贴 %zu 行到《%s》"),
			      plan->tally.lines, session->pack->tables[plan->parts[0].table]->name);
	return buffer_take(&label);
}

enum status session_import(struct session *session, struct import_plan *plan, struct diag_list *diags)
{
	struct change_group *group = group_of(plan);
	enum status status = STATUS_OK;
	char *label;

	if (plan->problems > 0) {
		diag_error(diags, _("有 %zu 处问题，什么都没有改。请先改好再来。"), plan->problems);
		return STATUS_INVALID;
	}
	if (group == NULL)
		return STATUS_OK;
	label = label_of(session, plan);
	session_begin(session, label);
	workbook_hold_checks(session->workbook);
	for (size_t i = 0; i < group->count && status == STATUS_OK; i++)
		status = session_apply(session, take_operation(&group->operations[i]), "", NULL, diags);
	session_end(session, status == STATUS_OK);
	workbook_release_checks(session->workbook);
	memory_free(label);
	return status;
}
