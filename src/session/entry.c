/* Entries of lists: rows that the clerk adds, project cards, units. What an entry has in all tables goes with
 * it, each as one change. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "session/session.h"
#include "session/state.h"

int session_entry_of_key(const char *key)
{
	return key[0] == '@' ? atoi(key + 1) : 0;
}

static void key_of(const struct entry_node *entry, char key[SESSION_KEY_SIZE])
{
	snprintf(key, SESSION_KEY_SIZE, "@%d", entry_id(entry));
}

/* Its number among the entries of its owner, from 1. */
static size_t number_of(const struct workbook *workbook, const struct entry_node *entry)
{
	size_t number = 0, count = workbook_entry_count(workbook, entry_list(entry));

	for (size_t i = 0; i < count; i++) {
		const struct entry_node *other = workbook_entry(workbook, entry_list(entry), i);

		number += entry_owner(other) == entry_owner(entry);
		if (other == entry)
			break;
	}
	return number;
}

void session_entry_words(const struct session *session, const struct entry_node *entry, struct buffer *out)
{
	if (entry_owner(entry) != NULL) {
		session_entry_words(session, entry_owner(entry), out);
		buffer_add(out, "/");
	}
	if (*entry_name(entry) != '\0')
		buffer_add(out, entry_name(entry));
	else if (*entry_code(entry) != '\0')
		buffer_add(out, entry_code(entry));
	else
		buffer_format(out, _("第%zu行"), number_of(session->workbook, entry));
}

static char *entry_label(const struct session *session, const char *verb, const struct entry_node *entry)
{
	struct buffer label = {0};

	buffer_format(&label, "%s %s ", verb, session->pack->lists[entry_list(entry)].name);
	session_entry_words(session, entry, &label);
	return buffer_take(&label);
}

/* ---- all that stands in an entry's rows ---- */

typedef enum status (*row_visitor)(struct session *session, struct row *row, void *context,
				   struct diag_list *diags);

/* The rows of a sheet that are not entries of their own. */
static enum status visit_sheet(struct session *session, const struct form_table *form, size_t sheet,
			       row_visitor visit, void *context, struct diag_list *diags)
{
	const struct workbook *workbook = session->workbook;
	struct row *row = workbook_sheet_fields(workbook, form->index, sheet);
	enum status status = row != NULL ? visit(session, row, context, diags) : STATUS_OK;

	for (size_t line = 0; line < workbook_sheet_line_count(workbook, form->index, sheet); line++)
		for (int block = 0; block < form->block_count && status == STATUS_OK; block++) {
			row = workbook_sheet_line_row(workbook, form->index, sheet, line, block);
			if (row != NULL && row_entry(row) == NULL)
				status = visit(session, row, context, diags);
		}
	return status;
}

static enum status visit_rows(struct session *session, const struct entry_node *entry, row_visitor visit,
			      void *context, struct diag_list *diags)
{
	const struct workbook *workbook = session->workbook;
	char key[SESSION_KEY_SIZE];
	enum status status = STATUS_OK;

	key_of(entry, key);
	for (int i = 0; i < session->pack->table_count && status == STATUS_OK; i++) {
		const struct form_table *form = session->pack->tables[i];
		struct row *row =
			form->list == entry_list(entry) ? workbook_row_find(workbook, i, key) : NULL;

		if (row != NULL)
			status = visit(session, row, context, diags);
		if (form->each != entry_list(entry))
			continue;
		for (size_t sheet = 0; sheet < workbook_sheet_count(workbook, i) && status == STATUS_OK;
		     sheet++)
			if (workbook_sheet_entry(workbook, i, sheet) == entry)
				status = visit_sheet(session, form, sheet, visit, context, diags);
	}
	return status;
}

/* ---- adding ---- */

/* The owner that a new entry of `list` needs: `owner`, or the only one that there is. */
static bool find_owner(const struct session *session, int list, int owner, char key[SESSION_KEY_SIZE],
		       struct diag_list *diags)
{
	const struct form_list *form = &session->pack->lists[list];
	const struct entry_node *entry = NULL;

	key[0] = '\0';
	if (form->owner < 0)
		return true;
	if (owner != 0)
		entry = workbook_entry_find(session->workbook, owner);
	else if (workbook_entry_count(session->workbook, form->owner) == 1)
		entry = workbook_entry(session->workbook, form->owner, 0);
	if (entry == NULL || entry_list(entry) != form->owner) {
		diag_error(diags, _("%s要加在某个%s下面，请先说明是哪一个。"), form->name,
			   session->pack->lists[form->owner].name);
		return false;
	}
	key_of(entry, key);
	return true;
}

/* The place behind the entry `after` in its list; -1: the end. */
static int64_t place_behind(const struct workbook *workbook, int list, const char *after)
{
	int id = session_entry_of_key(after);

	for (size_t i = 0; id > 0 && i < workbook_entry_count(workbook, list); i++)
		if (entry_id(workbook_entry(workbook, list, i)) == id)
			return (int64_t)i + 1;
	return -1;
}

enum status session_entry_add(struct session *session, int list, int owner, const char *after,
			      const char *name, const char *code, char key[SESSION_KEY_SIZE],
			      struct diag_list *diags)
{
	char owner_key[SESSION_KEY_SIZE];
	struct buffer label = {0};
	enum status status;

	if (!find_owner(session, list, owner, owner_key, diags))
		return STATUS_INVALID;
	buffer_format(&label, "%s %s %s", _("新增"), session->pack->lists[list].name, name);
	session_begin(session, buffer_text(&label));
	status = session_apply(session,
			       operation_entry(OPERATION_ENTRY_ADD, list, "", owner_key,
					       place_behind(session->workbook, list, after)),
			       "", NULL, diags);
	if (status == STATUS_OK) /* the model has written the new id into the operation */
		snprintf(key, SESSION_KEY_SIZE, "%s", session->open.operations[session->open.count - 1].key);
	if (status == STATUS_OK && *name != '\0')
		status = session_apply(session, operation_entry(OPERATION_ENTRY_NAME, list, key, name, 0), "",
				       NULL, diags);
	if (status == STATUS_OK && *code != '\0')
		status = session_apply(session, operation_entry(OPERATION_ENTRY_CODE, list, key, code, 0), "",
				       NULL, diags);
	session_end(session, status == STATUS_OK);
	buffer_done(&label);
	return status;
}

/* ---- dropping ---- */

static enum status blank(struct session *session, struct row *row, void *context, struct diag_list *diags)
{
	enum status status = session_blank_row(session, row, false, diags);

	(void)context;
	return status == STATUS_OK ? session_blank_row(session, row, true, diags) : status;
}

/* Calls itself for the entries that this one owns; owners stand only a few deep. */
static enum status drop(struct session *session, const struct entry_node *entry, struct diag_list *diags)
{
	const struct workbook *workbook = session->workbook;
	int list = entry_list(entry);
	enum status status = STATUS_OK;
	char key[SESSION_KEY_SIZE];

	for (int i = 0; i < session->pack->list_count; i++)
		for (size_t k = workbook_entry_count(workbook, i); k > 0 && status == STATUS_OK; k--) {
			const struct entry_node *owned = workbook_entry(workbook, i, k - 1);

			if (entry_owner(owned) == entry)
				status = drop(session, owned, diags);
		}
	if (status == STATUS_OK)
		status = visit_rows(session, entry, blank, NULL, diags);
	key_of(entry, key);
	if (status == STATUS_OK && *entry_name(entry) != '\0')
		status = session_apply(session, operation_entry(OPERATION_ENTRY_NAME, list, key, "", 0), "",
				       NULL, diags);
	if (status == STATUS_OK && *entry_code(entry) != '\0')
		status = session_apply(session, operation_entry(OPERATION_ENTRY_CODE, list, key, "", 0), "",
				       NULL, diags);
	if (status == STATUS_OK)
		status = session_apply(session, operation_entry(OPERATION_ENTRY_DROP, list, key, "", 0), "",
				       NULL, diags);
	return status;
}

static const struct entry_node *find_entry(const struct session *session, int id, struct diag_list *diags)
{
	const struct entry_node *entry = id > 0 ? workbook_entry_find(session->workbook, id) : NULL;

	if (entry == NULL)
		diag_error(diags, _("没有编号为 @%d 的条目。"), id);
	return entry;
}

enum status session_entry_drop(struct session *session, int id, struct diag_list *diags)
{
	const struct entry_node *entry = find_entry(session, id, diags);
	enum status status;
	char *label;

	if (entry == NULL)
		return STATUS_NOT_FOUND;
	label = entry_label(session, _("删去"), entry);
	session_begin(session, label);
	workbook_hold_checks(session->workbook);
	status = drop(session, entry, diags);
	session_end(session, status == STATUS_OK);
	workbook_release_checks(session->workbook);
	memory_free(label);
	return status;
}

/* True: an entered figure, a text or a control figure, in a row or below it. */
static enum status find_figures(struct session *session, struct row *row, void *context,
				struct diag_list *diags)
{
	(void)diags;
	*(bool *)context = *(bool *)context || row_has_figures(session->workbook, row);
	return STATUS_OK;
}

bool session_entry_has_figures(const struct session *session, int id)
{
	const struct workbook *workbook = session->workbook;
	const struct entry_node *entry = workbook_entry_find(workbook, id);
	bool found = false;

	if (entry == NULL)
		return false;
	(void)visit_rows((struct session *)session, entry, find_figures, &found, NULL);
	for (int i = 0; i < session->pack->list_count; i++)
		for (size_t k = 0; k < workbook_entry_count(workbook, i) && !found; k++)
			if (entry_owner(workbook_entry(workbook, i, k)) == entry)
				found = session_entry_has_figures(session,
								  entry_id(workbook_entry(workbook, i, k)));
	return found;
}

/* ---- moving: taken out and put in again elsewhere, with all that it has ---- */

struct rebuild {
	struct operation *operations;
	size_t count, capacity;
};

static void remember(struct rebuild *rebuild, struct operation operation)
{
	array_reserve(&rebuild->operations, &rebuild->capacity, rebuild->count, sizeof(*rebuild->operations));
	rebuild->operations[rebuild->count++] = operation;
}

static enum status remember_row(struct session *session, struct row *row, void *context,
				struct diag_list *diags)
{
	const struct workbook *workbook = session->workbook;
	const struct form_table *form = session->pack->tables[row_table(row)];
	struct value value;

	(void)diags;
	for (int leaf = 0; leaf < form->leaf_count; leaf++) {
		if (workbook_control(workbook, row, leaf, &value))
			remember(context,
				 operation_control(form->index, row_key(row), leaf, false, value.number));
		if (!session_is_filled(workbook, row, leaf))
			continue;
		if (session_is_number(form->leaves[leaf]->type))
			remember(context, operation_figure(form->index, row_key(row), leaf, false,
							   workbook_value(workbook, row, leaf).number));
		else
			remember(context, operation_cell_text(form->index, row_key(row), leaf,
							      workbook_text(workbook, row, leaf, false)));
	}
	return STATUS_OK;
}

static size_t index_of(const struct workbook *workbook, const struct entry_node *entry)
{
	size_t i = 0;

	while (workbook_entry(workbook, entry_list(entry), i) != entry)
		i++;
	return i;
}

/* First all entries, then what stands in their rows: a row must be there before it is filled. */
static void remember_entry(struct session *session, const struct entry_node *entry, int64_t place,
			   struct rebuild *entries, struct rebuild *cells)
{
	const struct workbook *workbook = session->workbook;
	char key[SESSION_KEY_SIZE], owner[SESSION_KEY_SIZE] = "";
	int list = entry_list(entry);

	key_of(entry, key);
	if (entry_owner(entry) != NULL)
		key_of(entry_owner(entry), owner);
	remember(entries, operation_entry(OPERATION_ENTRY_ADD, list, key, owner, place));
	if (*entry_name(entry) != '\0')
		remember(entries, operation_entry(OPERATION_ENTRY_NAME, list, key, entry_name(entry), 0));
	if (*entry_code(entry) != '\0')
		remember(entries, operation_entry(OPERATION_ENTRY_CODE, list, key, entry_code(entry), 0));
	(void)visit_rows(session, entry, remember_row, cells, NULL);
	for (int i = 0; i < session->pack->list_count; i++)
		for (size_t k = 0; k < workbook_entry_count(workbook, i); k++) {
			const struct entry_node *owned = workbook_entry(workbook, i, k);

			if (entry_owner(owned) == entry)
				remember_entry(session, owned, (int64_t)k, entries, cells);
		}
}

/* The entry of the same owner that stands next before (step -1) or behind it. */
static const struct entry_node *neighbour(const struct workbook *workbook, const struct entry_node *entry,
					  int step)
{
	size_t count = workbook_entry_count(workbook, entry_list(entry)), i = index_of(workbook, entry);

	for (i += (size_t)step; i < count; i += (size_t)step) { /* below 0 it wraps around and ends */
		const struct entry_node *other = workbook_entry(workbook, entry_list(entry), i);

		if (entry_owner(other) == entry_owner(entry))
			return other;
	}
	return NULL;
}

static enum status replay(struct session *session, struct rebuild *rebuild, enum status status,
			  struct diag_list *diags)
{
	for (size_t i = 0; i < rebuild->count; i++) {
		if (status == STATUS_OK)
			status = session_apply(session, rebuild->operations[i], "", NULL, diags);
		else
			operation_done(&rebuild->operations[i]);
	}
	memory_free(rebuild->operations);
	return status;
}

enum status session_entry_move(struct session *session, int id, int step, struct diag_list *diags)
{
	const struct entry_node *entry = find_entry(session, id, diags);
	const struct entry_node *other = entry != NULL ? neighbour(session->workbook, entry, step) : NULL;
	struct rebuild entries = {0}, cells = {0};
	enum status status;
	char *label;

	if (entry == NULL)
		return STATUS_NOT_FOUND;
	if (other == NULL) {
		diag_error(diags, step < 0 ? _("已经在最前面了。") : _("已经在最后面了。"));
		return STATUS_INVALID;
	}
	label = entry_label(session, step < 0 ? _("上移") : _("下移"), entry);
	remember_entry(session, entry, (int64_t)index_of(session->workbook, other), &entries, &cells);
	session_begin(session, label);
	workbook_hold_checks(session->workbook);
	status = drop(session, entry, diags);
	status = replay(session, &entries, status, diags);
	status = replay(session, &cells, status, diags);
	session_end(session, status == STATUS_OK);
	workbook_release_checks(session->workbook);
	memory_free(label);
	return status;
}

/* ---- names, and tables that are published elsewhere ---- */

enum status session_entry_rename(struct session *session, int id, bool code, const char *text,
				 struct diag_list *diags)
{
	const struct entry_node *entry = find_entry(session, id, diags);
	enum operation_kind kind = code ? OPERATION_ENTRY_CODE : OPERATION_ENTRY_NAME;
	char key[SESSION_KEY_SIZE];
	enum status status;
	char *label;

	if (entry == NULL)
		return STATUS_NOT_FOUND;
	if (strcmp(code ? entry_code(entry) : entry_name(entry), text) == 0)
		return STATUS_OK;
	key_of(entry, key);
	label = entry_label(session, code ? _("编码") : _("改名"), entry);
	status = session_apply(session, operation_entry(kind, entry_list(entry), key, text, 0), label, NULL,
			       diags);
	memory_free(label);
	return status;
}

enum status session_elsewhere(struct session *session, int table, bool elsewhere, struct diag_list *diags)
{
	struct operation operation = {.kind = OPERATION_ELSEWHERE, .table = table, .leaf = -1};
	struct buffer label = {0};
	enum status status = STATUS_OK;

	if (workbook_is_elsewhere(session->workbook, table) == elsewhere)
		return STATUS_OK;
	operation.new_entry.number = elsewhere;
	buffer_format(&label, elsewhere ? _("《%s》另行公开") : _("《%s》不再另行公开"),
		      session->pack->tables[table]->name);
	status = session_apply(session, operation, buffer_text(&label), NULL, diags);
	buffer_done(&label);
	return status;
}
