/* Changes of single cells, rows and the cover, each as one undoable group. */
#include <string.h>

#include "base/memory.h"
#include "session/session.h"
#include "session/state.h"

/* Within a group it is the group's label that counts. */
static char *change_label(const struct session *session, const char *verb, int table, const char *key,
			  int leaf)
{
	struct buffer label = {0};

	if (session->depth > 0)
		return memory_copy_string("");
	buffer_format(&label, "%s ", verb);
	session_cell_name(session, table, key, leaf, &label);
	return buffer_take(&label);
}

static bool stands_already(const struct workbook *workbook, const struct row *row,
			   const struct operation *operation)
{
	const struct form_table *form = workbook_pack(workbook)->tables[row_table(row)];
	struct value value = {.blank = true};

	if (operation->kind == OPERATION_ENTRY_NAME)
		return strcmp(entry_name(row_entry(row)), operation->new_entry.text) == 0;
	if (operation->kind == OPERATION_ENTRY_CODE)
		return strcmp(entry_code(row_entry(row)), operation->new_entry.text) == 0;
	if (!session_is_number(form->leaves[operation->leaf]->type))
		return strcmp(workbook_text(workbook, row, operation->leaf, false),
			      operation->new_entry.text) == 0;
	if (operation->kind == OPERATION_FIGURE)
		value = workbook_value(workbook, row, operation->leaf);
	else if (!workbook_control(workbook, row, operation->leaf, &value))
		value.blank = true;
	return value.blank == operation->new_entry.blank &&
	       (value.blank || value.number == operation->new_entry.number);
}

static bool can_hold(const struct form_rule *rule, bool control)
{
	if (control)
		return rule->kind == FORM_LINEAR || rule->kind == FORM_EVALUATE;
	return rule->kind == FORM_ENTERED;
}

/* A figure in a row that another table brings along makes the row the clerk's own: it must not go with the
 * other. */
static enum status fill(struct session *session, const struct row *row, struct operation operation,
			struct diag_list *diags)
{
	bool kept = !row_is_leaf(row) || row_is_own(row) || operation.kind != OPERATION_FIGURE ||
		    operation.new_entry.blank;
	enum status status = kept ? STATUS_OK
				  : session_apply(session,
						  operation_row(OPERATION_ROW_ADD, row_table(row), row_key(row)), "",
						  NULL, diags);

	if (status == STATUS_OK)
		return session_apply(session, operation, "", NULL, diags);
	operation_done(&operation);
	return status;
}

enum status session_enter(struct session *session, int table, const char *key, int leaf, const char *text,
			  const struct form_unit *unit, bool control, struct diag_list *diags)
{
	const struct form_table *form = session->pack->tables[table];
	struct row *row = workbook_row_find(session->workbook, table, key);
	struct operation operation;
	enum status status;
	char *label;

	if (row == NULL || leaf < 0 || leaf >= form->leaf_count ||
	    !can_hold(workbook_rule(session->workbook, row, leaf), control)) {
		/* Refused by the model whatever was typed, with the sentence that tells why. */
		operation = control ? operation_control(table, key, leaf, true, 0)
				    : operation_figure(table, key, leaf, true, 0);
		status = workbook_apply(session->workbook, &operation, NULL, diags);
		operation_done(&operation);
		return status;
	}
	if (!session_read_cell(form, row_key(row), leaf, text, unit, control, &operation, diags))
		return STATUS_INVALID;
	if (stands_already(session->workbook, row, &operation)) {
		operation_done(&operation);
		return STATUS_OK;
	}
	label = change_label(session, control ? _("控制数") : _("填列"), table, row_key(row), leaf);
	session_begin(session, label);
	status = fill(session, row, operation, diags);
	session_end(session, status == STATUS_OK);
	memory_free(label);
	return status;
}

enum status session_row_add(struct session *session, int table, const char *code, char *missing,
			    struct diag_list *diags)
{
	struct buffer clean = {0};
	enum status status;
	char *label;

	session_tidy(&clean, code);
	label = change_label(session, _("加行"), table, buffer_text(&clean), -1);
	status = session_apply(session, operation_row(OPERATION_ROW_ADD, table, buffer_text(&clean)), label,
			       missing, diags);
	memory_free(label);
	buffer_done(&clean);
	return status;
}

/* ---- deleting a row ---- */

static bool is_below(const struct row *row, const struct row *ancestor)
{
	for (; row != NULL; row = row_parent(row))
		if (row == ancestor)
			return true;
	return false;
}

/* True if `ancestor`, `steps` levels above `row`, has no leaf but `row` below it. Rows stand in the order of
 * the tree, so all that is below `ancestor` stands between it and the next row that is not; a total stands
 * above or below everything. */
static bool goes_with(const struct workbook *workbook, const struct row *row, const struct row *ancestor,
		      size_t steps)
{
	int table = row_table(row);
	size_t lines = workbook_line_count(workbook, table), line = workbook_line_of(workbook, row), top;

	if (row_class(ancestor) == FORM_CLASS_TOTAL)
		return lines == steps + 1;
	top = workbook_line_of(workbook, ancestor);
	if (line - top != steps)
		return false;
	return line + 1 >= lines || !is_below(workbook_line_row(workbook, table, line + 1, 0), ancestor);
}

enum status session_blank_row(struct session *session, const struct row *row, bool controls,
			      struct diag_list *diags)
{
	int table = row_table(row);
	const struct form_table *form = session->pack->tables[table];
	const char *key = row_key(row);
	enum status status = STATUS_OK;

	for (int leaf = 0; leaf < form->leaf_count && status == STATUS_OK; leaf++) {
		struct value value;

		if (controls && workbook_control(session->workbook, row, leaf, &value))
			status = session_apply(session, operation_control(table, key, leaf, true, 0), "",
					       NULL, diags);
		else if (controls || !session_is_filled(session->workbook, row, leaf))
			continue;
		else if (session_is_number(form->leaves[leaf]->type))
			status = session_apply(session, operation_figure(table, key, leaf, true, 0), "", NULL,
					       diags);
		else
			status = session_apply(session, operation_cell_text(table, key, leaf, ""), "", NULL,
					       diags);
	}
	return status;
}

static enum status blank_going(struct session *session, struct row *leaf, struct diag_list *diags);

/* Rows of other tables that go with this one. */
static enum status blank_fed(struct session *session, const struct row *row, struct diag_list *diags)
{
	const struct form_coded *coded = session->pack->tables[row_table(row)]->coded;
	enum status status = STATUS_OK;

	for (int i = 0; i < coded->feed_count && status == STATUS_OK; i++) {
		struct row *fed = workbook_row_find(session->workbook, coded->feeds[i], row_key(row));

		if (fed != NULL && row_is_leaf(fed) && !row_is_own(fed) && row_source_count(fed) == 1)
			status = blank_going(session, fed, diags);
	}
	return status;
}

/* All that would be lost with the leaf: its own, the control figures of rows above that go with it, and so on
 * in other tables. */
static enum status blank_going(struct session *session, struct row *leaf, struct diag_list *diags)
{
	enum status status = session_blank_row(session, leaf, false, diags);
	size_t steps = 1;

	if (status == STATUS_OK)
		status = session_blank_row(session, leaf, true, diags);
	if (status == STATUS_OK)
		status = blank_fed(session, leaf, diags);
	for (struct row *up = row_parent(leaf); up != NULL && status == STATUS_OK; up = row_parent(up), steps++) {
		if (!goes_with(session->workbook, leaf, up, steps))
			break;
		status = session_blank_row(session, up, true, diags);
		if (status == STATUS_OK && row_class(up) != FORM_CLASS_TOTAL)
			status = blank_fed(session, up, diags);
	}
	return status;
}

static enum status drop_leaf(struct session *session, struct row *row, struct diag_list *diags)
{
	/* Where another table keeps the row, its control figures still have their place. */
	enum status status = row_source_count(row) == 0 ? blank_going(session, row, diags)
							: session_blank_row(session, row, false, diags);

	if (status == STATUS_OK)
		status = session_apply(session,
				       operation_row(OPERATION_ROW_DROP, row_table(row), row_key(row)), "",
				       NULL, diags);
	return status;
}

enum status session_row_drop(struct session *session, int table, const char *key, struct diag_list *diags)
{
	struct row *row = workbook_row_find(session->workbook, table, key);
	enum status status;
	char *label;

	if (row == NULL) {
		diag_error(diags, _("《%s》里没有行“%s”。"), session->pack->tables[table]->name, key);
		return STATUS_NOT_FOUND;
	}
	if (row_entry(row) != NULL && strchr(row_key(row), '/') == NULL)
		return session_entry_drop(session, entry_id(row_entry(row)), diags);
	if (!row_is_leaf(row)) {
		diag_error(diags,
			   session->pack->tables[table]->coded != NULL
				   ? _("“%s”是汇总行，由下级行自动产生；删去它的下级行，它就随之消失。")
				   : _("“%s”是表上固定的行，不能删除。"),
			   row_caption(row) != NULL ? row_caption(row) : key);
		return STATUS_INVALID;
	}
	label = change_label(session, _("删行"), table, row_key(row), -1);
	session_begin(session, label);
	status = drop_leaf(session, row, diags);
	session_end(session, status == STATUS_OK);
	memory_free(label);
	return status;
}

/* ---- the cover, names, exactness ---- */

enum status session_name(struct session *session, int table, const char *code, const char *name,
			 struct diag_list *diags)
{
	struct buffer label = {0};
	enum status status;

	name += strspn(name, " \t");
	buffer_format(&label, _("科目 %s 命名为 %s"), code, name);
	status = session_apply(session, operation_text(OPERATION_NAME, table, code, -1, name),
			       buffer_text(&label), NULL, diags);
	buffer_done(&label);
	return status;
}

enum status session_field(struct session *session, enum workbook_field field, const char *text,
			  struct diag_list *diags)
{
	struct buffer label = {0}, clean = {0};
	enum status status;

	if (field == WORKBOOK_YEAR || field == WORKBOOK_CODE || field == WORKBOOK_DATE)
		session_tidy(&clean, text);
	else
		buffer_add(&clean, text + strspn(text, " \t"));
	if (strcmp(workbook_field(session->workbook, field), buffer_text(&clean)) == 0) {
		buffer_done(&clean);
		return STATUS_OK;
	}
	buffer_format(&label, _("封面 %s"), workbook_field_label(field));
	status = session_apply(session,
			       operation_text(OPERATION_FIELD, -1, "", (int)field, buffer_text(&clean)),
			       buffer_text(&label), NULL, diags);
	buffer_done(&label);
	buffer_done(&clean);
	return status;
}

enum status session_rounded(struct session *session, int table, bool rounded, struct diag_list *diags)
{
	int first = table < 0 ? 0 : table, last = table < 0 ? session->pack->table_count - 1 : table;
	enum status status = STATUS_OK;

	session_begin(session, rounded ? _("填列的数是舍入过的") : _("填列的数精确到分"));
	for (int i = first; i <= last && status == STATUS_OK; i++)
		if (workbook_is_rounded(session->workbook, i) != rounded)
			status = session_apply(session, operation_rounded(i, rounded), "", NULL, diags);
	session_end(session, status == STATUS_OK);
	return status;
}

/* ---- pulling a table from the one that it follows ---- */

/* A code that the target cannot have is not its business: only what the target refuses for other reasons is
 * an error. */
static enum status pull_row(struct session *session, const struct form_table *form, const struct row *source,
			    size_t *changes, struct diag_list *diags)
{
	const char *key = row_key(source);
	struct row *target = workbook_row_find(session->workbook, form->index, key);
	enum status status = STATUS_OK;

	if (target == NULL) {
		if (form->coded == NULL)
			return STATUS_OK;
		status = session_apply(session, operation_row(OPERATION_ROW_ADD, form->index, key), "", NULL,
				       diags);
		if (status != STATUS_OK)
			return status;
		(*changes)++;
		target = workbook_row_find(session->workbook, form->index, key);
	}
	for (int i = 0; i < form->pull_count && status == STATUS_OK; i++) {
		struct value value = workbook_value(session->workbook, source, form->pull_leaves[i].from);
		struct operation operation = operation_figure(form->index, key, form->pull_leaves[i].to,
							      value.blank, value.number);

		if (workbook_rule(session->workbook, target, form->pull_leaves[i].to)->kind != FORM_ENTERED ||
		    stands_already(session->workbook, target, &operation)) {
			operation_done(&operation);
			continue;
		}
		status = fill(session, target, operation, diags);
		if (status == STATUS_OK)
			(*changes)++;
	}
	return status;
}

static bool is_pulled(const struct form_table *from, const struct row *row)
{
	return row != NULL && (from->coded == NULL || row_is_leaf(row));
}

enum status session_pull(struct session *session, int table, size_t *changes, struct diag_list *diags)
{
	const struct form_table *form = session->pack->tables[table], *from;
	struct buffer label = {0};
	enum status status = STATUS_OK;

	*changes = 0;
	if (form->pull_table < 0) {
		diag_error(diags, _("《%s》没有可以提取的来源表，请直接填列。"), form->name);
		return STATUS_NOT_FOUND;
	}
	from = session->pack->tables[form->pull_table];
	buffer_format(&label, _("从《%s》提取到《%s》"), from->name, form->name);
	session_begin(session, buffer_text(&label));
	workbook_hold_checks(session->workbook);
	for (size_t line = 0;
	     line < workbook_line_count(session->workbook, from->index) && status == STATUS_OK; line++)
		for (int block = 0; block < from->block_count && status == STATUS_OK; block++) {
			struct row *row = workbook_line_row(session->workbook, from->index, line, block);

			if (is_pulled(from, row))
				status = pull_row(session, form, row, changes, diags);
		}
	session_end(session, status == STATUS_OK);
	workbook_release_checks(session->workbook);
	if (status != STATUS_OK)
		*changes = 0;
	buffer_done(&label);
	return status;
}
