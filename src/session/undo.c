/* The undo list: groups of applied operations. What is added to it, taken back or done again is in the journal
 * before the caller hears of it. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "session/session.h"
#include "session/state.h"

/* Beyond this many operations it is cheaper to judge every check once than each check again and again. */
#define MANY_OPERATIONS 64

void group_done(struct change_group *group)
{
	for (size_t i = 0; i < group->count; i++)
		operation_done(&group->operations[i]);
	memory_free(group->operations);
	memory_free(group->label);
	*group = (struct change_group){0};
}

bool session_is_refused(const struct session *session, struct diag_list *diags)
{
	if (session->refusal != NULL)
		diag_error(diags, "%s", session->refusal);
	return session->refusal != NULL;
}

/* ---- groups of operations ---- */

static void keep_operation(struct session *session, struct operation operation)
{
	struct change_group *group = &session->open;

	array_reserve(&group->operations, &group->capacity, group->count, sizeof(*group->operations));
	group->operations[group->count++] = operation;
}

/* What was taken back can no longer be done again once something else is done. */
static void forget_undone(struct session *session)
{
	while (session->count > session->position)
		group_done(&session->groups[--session->count]);
	if (session->saved != SESSION_UNSAVED && session->saved > session->position)
		session->saved = SESSION_UNSAVED;
}

void undo_push(struct session *session, struct change_group group)
{
	forget_undone(session);
	array_reserve(&session->groups, &session->capacity, session->count, sizeof(*session->groups));
	session->groups[session->count++] = group;
	session->position = session->count;
}

void undo_clear(struct session *session)
{
	session->position = 0;
	forget_undone(session);
	session->saved = SESSION_UNSAVED;
}

void session_begin(struct session *session, const char *label)
{
	if (session->depth == 0)
		session->open.label = memory_copy_string(label);
	if (session->depth < SESSION_NESTING)
		session->marks[session->depth] = session->open.count;
	session->depth++;
}

/* Reverts the last `group->count - mark` operations, judging checks once if there are many. */
static void revert_to(struct workbook *workbook, const struct change_group *group, size_t mark)
{
	bool many = group->count - mark > MANY_OPERATIONS;

	if (many)
		workbook_hold_checks(workbook);
	for (size_t i = group->count; i > mark; i--)
		workbook_revert(workbook, &group->operations[i - 1]);
	if (many)
		workbook_release_checks(workbook);
}

static void write_group(struct session *session, enum record_verb verb, const struct change_group *group)
{
	/* What could not be written stays in memory, and session_journal_trouble() says so. */
	if (session->journal != NULL)
		(void)journal_write(session->journal, verb, group->label, session->pack, group->operations,
				    group->count, verb == RECORD_UNDO);
}

void session_end(struct session *session, bool keep)
{
	struct change_group *open = &session->open;
	size_t mark;

	session->depth--;
	mark = session->depth < SESSION_NESTING ? session->marks[session->depth] : open->count;
	if (!keep) {
		revert_to(session->workbook, open, mark);
		while (open->count > mark)
			operation_done(&open->operations[--open->count]);
	}
	if (session->depth > 0)
		return;
	if (open->count == 0) {
		group_done(open);
		return;
	}
	write_group(session, RECORD_DO, open);
	undo_push(session, *open);
	*open = (struct change_group){0};
}

enum status session_apply(struct session *session, struct operation operation, const char *label,
			  char *missing, struct diag_list *diags)
{
	enum status status = session_is_refused(session, diags)
				     ? STATUS_LOCKED
				     : workbook_apply(session->workbook, &operation, missing, diags);

	if (status != STATUS_OK) {
		operation_done(&operation);
		return status;
	}
	session_begin(session, label);
	keep_operation(session, operation);
	session_end(session, true);
	return STATUS_OK;
}

/* ---- undo, redo ---- */

/* The first table that shows the list, -1: none. */
static int table_of_list(const struct form_pack *pack, int list)
{
	for (int i = 0; i < pack->table_count; i++)
		if (list >= 0 && (pack->tables[i]->list == list || pack->tables[i]->each == list))
			return i;
	return -1;
}

static void place_of(const struct form_pack *pack, const struct operation *operation,
		     struct session_place *place)
{
	*place = (struct session_place){.table = -1, .leaf = -1};
	if (operation->kind == OPERATION_FIELD || operation->kind == OPERATION_ROUNDED)
		return;
	if (operation->kind >= OPERATION_ENTRY_ADD) {
		place->table = table_of_list(pack, operation->leaf);
		snprintf(place->key, sizeof(place->key), "%s", operation->key);
		return;
	}
	place->table = operation->table;
	if (operation->kind == OPERATION_FIGURE || operation->kind == OPERATION_CONTROL)
		place->leaf = operation->leaf;
	if (operation->key != NULL) {
		size_t length = strlen(operation->key);

		if (length >= sizeof(place->key))
			length = sizeof(place->key) - 1;
		memcpy(place->key, operation->key, length);
	}
}

/* True: it may not be; `text` then says why. */
static bool may_not(const struct session *session, struct buffer *text)
{
	if (session->refusal != NULL && text != NULL)
		buffer_add(text, session->refusal);
	return session->refusal != NULL;
}

enum status session_undo(struct session *session, struct buffer *text, struct session_place *place)
{
	struct change_group *group;

	if (may_not(session, text))
		return STATUS_LOCKED;
	if (session->position == 0)
		session_restore_undo(session);
	if (session->position == 0 || session->depth > 0)
		return STATUS_NOT_FOUND;
	group = &session->groups[session->position - 1];
	revert_to(session->workbook, group, 0);
	session->position--;
	write_group(session, RECORD_UNDO, group);
	if (text != NULL)
		buffer_format(text, _("撤销：%s"), group->label);
	if (place != NULL)
		place_of(session->pack, &group->operations[0], place);
	return STATUS_OK;
}

/* An operation is applied to the state in which it was applied before, so it cannot fail. */
static void apply_again(struct workbook *workbook, struct change_group *group)
{
	bool many = group->count > MANY_OPERATIONS;

	if (many)
		workbook_hold_checks(workbook);
	for (size_t i = 0; i < group->count; i++) {
		struct operation *operation = &group->operations[i];

		memory_free(operation->old_entry.text);
		operation->old_entry = (struct entry){.blank = true};
		(void)workbook_apply(workbook, operation, NULL, NULL);
	}
	if (many)
		workbook_release_checks(workbook);
}

enum status session_redo(struct session *session, struct buffer *text, struct session_place *place)
{
	struct change_group *group;

	if (may_not(session, text))
		return STATUS_LOCKED;
	if (session->count == 0)
		session_restore_undo(session);
	if (session->position == session->count || session->depth > 0)
		return STATUS_NOT_FOUND;
	group = &session->groups[session->position];
	apply_again(session->workbook, group);
	session->position++;
	write_group(session, RECORD_REDO, group);
	if (text != NULL)
		buffer_format(text, _("重做：%s"), group->label);
	if (place != NULL)
		place_of(session->pack, &group->operations[0], place);
	return STATUS_OK;
}
