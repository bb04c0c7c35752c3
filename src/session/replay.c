/* What a journal says was done, put on the undo list and applied again.
 *
 * Every record is complete: a group that takes another one back says itself what it changes. So what follows
 * `saved` is applied record by record, whatever the undo list holds; and the list is kept beside it: a group that
 * was done goes on it, one that took back or did again only moves the position in it. What is too far back to be
 * kept is missing at the bottom of the list; a group that takes such a one back then empties it, and nothing is
 * wrong with the workbook. */
#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "session/state.h"
#include "store/change.h"

struct replay {
	struct session *session;
	const struct journal_view *view;
	struct change_group group; /* that is being read */
	bool is_unfit;             /* a record of it does not fit the pack */
	bool applies;              /* false: the undo list only */
	uint64_t next;             /* number of the record that must come */
	struct record_mark *reached;
	struct diag_list *diags;
	enum status status;
};

/* On the list, too large a beginning is left out. */
static bool is_far_back(const struct replay *replay, const struct record_mark *end)
{
	return end->offset + JOURNAL_SMALL < replay->view->good.offset;
}

static void keep_group(struct replay *replay, enum record_verb verb, const struct record_mark *end)
{
	struct session *session = replay->session;

	if (verb == RECORD_NEW) {
		group_done(&replay->group);
	} else if (verb == RECORD_UNDO) {
		group_done(&replay->group);
		if (session->position > 0)
			session->position--;
		else
			undo_clear(session);
	} else if (verb == RECORD_REDO && session->position < session->count) {
		group_done(&replay->group);
		session->position++;
	} else if (replay->is_unfit || is_far_back(replay, end)) {
		group_done(&replay->group);
		undo_clear(session);
	} else {
		undo_push(session, replay->group);
		replay->group = (struct change_group){0};
	}
	replay->is_unfit = false;
}

static void refuse(struct replay *replay, const struct record *record, const char *sentence)
{
	diag_error(replay->diags, _("第 %llu 号修改（%s %s %s）没有取回：%s"), (unsigned long long)record->number,
		   record->table, record->row, record->column, sentence);
	replay->status = STATUS_INVALID;
}

static bool apply(struct replay *replay, const struct record *record, struct operation *operation)
{
	struct diag_list problems = {0};
	char missing[24] = "";
	bool applied = workbook_apply(replay->session->workbook, operation, missing, &problems) == STATUS_OK;

	if (!applied)
		refuse(replay, record, diag_first_error(&problems));
	diag_list_done(&problems);
	return applied;
}

/* Takes back what was applied of the group that was refused. */
static void drop_group(struct replay *replay)
{
	for (size_t i = replay->group.count; replay->applies && i > 0; i--)
		workbook_revert(replay->session->workbook, &replay->group.operations[i - 1]);
	group_done(&replay->group);
}

/* False: the replay ends here. */
static bool take_record(struct replay *replay, const struct record *record)
{
	struct change_group *group = &replay->group;
	struct diag_list problems = {0};
	struct operation operation;
	bool fits = change_read(replay->session->pack, record, &operation, &problems);

	if (group->label == NULL)
		group->label = memory_copy_string(record->label);
	if (!fits && replay->applies)
		refuse(replay, record, diag_first_error(&problems));
	replay->is_unfit = replay->is_unfit || !fits;
	diag_list_done(&problems);
	if (!fits)
		return !replay->applies;
	if (replay->applies && !apply(replay, record, &operation)) {
		operation_done(&operation);
		return false;
	}
	array_reserve(&group->operations, &group->capacity, group->count, sizeof(*group->operations));
	group->operations[group->count++] = operation;
	return true;
}

/* The journal is not what it was when it was looked at. */
static void refuse_to_read(struct replay *replay)
{
	diag_error(replay->diags, _("读不了日志“%s”。%s"), replay->view->path, file_explain(EIO));
	replay->status = STATUS_IO;
}

static bool visit(void *context, const struct record *record, const struct record_mark *end)
{
	struct replay *replay = context;

	if (record->number != replay->next++) {
		refuse_to_read(replay);
		return false;
	}
	if (record_verb_changes(record->verb)) {
		if (!take_record(replay, record)) {
			drop_group(replay);
			return false;
		}
		if (record->goes_on)
			return true;
		keep_group(replay, record->verb, end);
	}
	if (end->offset == replay->view->saved.offset) {
		replay->session->saved = replay->session->position;
		replay->applies = replay->reached != NULL;
	}
	if (replay->applies && replay->reached != NULL)
		*replay->reached = *end;
	return true;
}

static enum status run(struct session *session, const struct journal_view *view, off_t to,
		       struct record_mark *reached, struct diag_list *diags)
{
	bool same_pack = session->pack->digest != NULL && strcmp(view->head.edition, session->pack->digest) == 0;
	struct replay replay = {
		.session = session, .view = view, .reached = reached, .diags = diags, .status = STATUS_OK};
	/* With another edition of the pack, what the file contains may have been written by other rules. */
	off_t from = same_pack ? 0 : view->saved.offset;
	enum status status;

	/* Where the file contains nothing of the journal, there is no record that ends at `saved`. */
	replay.applies = reached != NULL && (from == view->saved.offset || view->saved.number < view->head.first);
	if (from >= to)
		return STATUS_OK;
	replay.next = from == view->saved.offset ? view->saved.number + 1 : view->head.first;
	status = journal_visit(view, from, to, visit, &replay, diags);
	if (status == STATUS_OK && replay.status == STATUS_OK && replay.next != view->good.number + 1)
		refuse_to_read(&replay);
	drop_group(&replay);
	return replay.status != STATUS_OK ? replay.status : status;
}

/* The workbook is what it was before. */
static void begin_anew(struct session *session)
{
	undo_clear(session);
	session->saved = session->position;
}

/* What was done in this session goes on top of what the journal had when it began. */
static void put_on_top(struct session *session, struct change_group *groups, size_t count, size_t position, size_t saved)
{
	size_t below = session->position;

	for (size_t i = 0; i < count; i++)
		undo_push(session, groups[i]);
	if (count > 0)
		session->position = below + position;
	session->saved = saved != SESSION_UNSAVED ? below + saved : SESSION_UNSAVED;
	memory_free(groups);
}

/* The journal is still the one that it was. */
static bool is_the_same(void *context, const struct record *record, const struct record_mark *end)
{
	struct record_mark *wanted = context;

	(void)record;
	if (end->offset == wanted->offset && strcmp(end->sum, wanted->sum) == 0)
		wanted->offset = 0;
	return true;
}

void session_restore_undo(struct session *session)
{
	struct record_mark mark = session->restorable, wanted = mark;
	struct change_group *groups = session->groups;
	size_t count = session->count, position = session->position, saved = session->saved;
	struct journal_view view = {0};

	session->restorable = (struct record_mark){0};
	if (mark.offset == 0 || session->journal == NULL)
		return;
	if (journal_view_of(session->journal, &view) && view.good.offset >= mark.offset &&
	    journal_visit(&view, 0, mark.offset, is_the_same, &wanted, NULL) == STATUS_OK && wanted.offset == 0) {
		session->groups = NULL;
		session->count = session->capacity = session->position = 0;
		view.saved = view.good = mark;
		if (run(session, &view, mark.offset, NULL, NULL) != STATUS_OK)
			undo_clear(session);
		put_on_top(session, groups, count, position, saved);
	}
	journal_view_done(&view);
}

enum status session_replay(struct session *session, const struct journal_view *view, struct record_mark *reached,
			   struct diag_list *diags)
{
	enum status status;

	*reached = view->saved;
	workbook_hold_checks(session->workbook);
	status = run(session, view, view->good.offset, reached, diags);
	workbook_release_checks(session->workbook);
	if (status == STATUS_IO && reached->offset == view->saved.offset)
		begin_anew(session);
	return status;
}
