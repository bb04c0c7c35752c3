/* What stands beside the file when it is opened: a journal, a history; and who may change it then. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "session/path.h"
#include "session/state.h"
#include "store/history.h"

void session_refuse(struct session *session, char *sentence)
{
	memory_free(session->refusal);
	session->refusal = sentence;
}

static void refuse_pending(struct session *session)
{
	session->is_to_decide = true;
	session_refuse(session, memory_copy_string(
					_("有上次没有保存的修改，先决定取回它们还是另放一边，然后才能填写。")));
}

/* ---- what is pending, in words ---- */

/* 2024-05-06T10:21:33+08:00 as 2024-05-06 10:21 */
static void add_moment(struct buffer *out, const char *moment)
{
	if (strlen(moment) >= 16)
		buffer_format(out, "%.10s %.5s", moment, moment + 11);
}

static void add_when(struct buffer *out, const struct journal_view *view)
{
	add_moment(out, view->from);
	if (strncmp(view->from, view->to, 16) != 0) {
		buffer_add(out, _("至"));
		add_moment(out, view->to);
	}
}

static void add_count(struct buffer *out, const struct journal_view *view)
{
	struct buffer when = {0}, user = {0};

	add_when(&when, view);
	text_sanitize(&user, view->user, strlen(view->user), false);
	buffer_format(out, _("%s，%s：%zu 步修改（共 %zu 处）没有保存。\n"), buffer_text(&when),
		      buffer_text(&user), view->groups, view->records);
	buffer_done(&when);
	buffer_done(&user);
}

static void add_fit(struct buffer *out, const struct journal_view *view, const struct diag_list *diags)
{
	switch (view->fit) {
	case JOURNAL_FITS: break;
	case JOURNAL_OTHER_STATE:
		buffer_add(out, _("它们是接着文件的另一个样子做的：文件后来在别处改过或换过，所以不能取回；可以查看，或另放一边。\n"));
		break;
	case JOURNAL_OTHER_WORKBOOK:
		buffer_add(out, _("文件旁边的日志属于另一份预算，不能用在这里；请把它另放一边。\n"));
		break;
	case JOURNAL_UNREADABLE:
		buffer_format(out, _("文件旁边有日志，但读不了：%s请把它另放一边，交管理员查看。\n"),
			      diags->count > 0 ? diags->items[0].text : "");
		break;
	}
}

static char *pending_words(const struct journal_view *view, bool was_saved_once, const struct diag_list *diags)
{
	struct buffer out = {0};

	if (view->groups > 0)
		add_count(&out, view);
	if (was_saved_once)
		buffer_add(&out, _("它们保存过，但文件后来换回了较早的样子。\n"));
	add_fit(&out, view, diags);
	if (view->torn)
		buffer_add(&out, _("最后一步没有写完就断了电或被中止，不算在内。\n"));
	if (view->bad_line > 0 && view->fit == JOURNAL_FITS)
		buffer_format(&out,
			      _("日志的第 %zu 行被改动或损坏：它前面的 %zu 处可以取回；它后面还有 %zu 处能查看，不能取回。\n"),
			      view->bad_line, view->records, view->read_after);
	return buffer_take(&out);
}

static char *clean_path(const char *native)
{
	char *shown = path_shown(native);
	struct buffer clean = {0};

	text_sanitize(&clean, shown, strlen(shown), false);
	memory_free(shown);
	return buffer_take(&clean);
}

static void describe_pending(struct session *session, bool was_saved_once, const struct diag_list *diags)
{
	const struct journal_view *view = &session->pending;

	memory_free(session->pending_words);
	memory_free(session->pending_file);
	session->pending_words = pending_words(view, was_saved_once, diags);
	session->pending_file = clean_path(view->path);
	session->about_pending = (struct session_pending){.fits = view->fit == JOURNAL_FITS,
							  .damaged = view->bad_line > 0,
							  .groups = view->groups,
							  .records = view->records,
							  .from = view->from,
							  .to = view->to,
							  .user = view->user,
							  .file = session->pending_file,
							  .words = session->pending_words};
}

static bool has_pending(const struct journal_view *view)
{
	return view->path != NULL && (view->fit != JOURNAL_FITS || view->groups > 0 || view->bad_line > 0);
}

/* All that it holds was saved, and the history has it. */
static bool was_saved(const struct session *session, const char *native, const struct journal_view *view)
{
	return view->last_save[0] != '\0' && !view->torn && view->bad_line == 0 &&
	       history_has_save(native, workbook_field(session->workbook, WORKBOOK_ID), view->good.number,
				view->last_save);
}

/* So the file was changed since by other means, and nothing is lost with the journal. */
static bool is_obsolete(const struct session *session, const char *native, const struct journal_view *view)
{
	return view->path != NULL && view->fit == JOURNAL_OTHER_STATE && was_saved(session, native, view);
}

const struct session_pending *session_pending(const struct session *session)
{
	return session->pending.path != NULL ? &session->about_pending : NULL;
}

static const char *digest_of(const struct session *session)
{
	return session->stamp.digest[0] != '\0' ? session->stamp.digest : "-";
}

/* True, and session->pending is set, if something is. */
static bool look(struct session *session, const char *native, struct journal_view *view)
{
	struct diag_list diags = {0};
	bool found = journal_look(view, native, workbook_field(session->workbook, WORKBOOK_ID),
				  digest_of(session), &diags) &&
		     has_pending(view) && !is_obsolete(session, native, view);

	if (found) {
		session->pending = *view;
		*view = (struct journal_view){0};
		describe_pending(session, was_saved(session, native, &session->pending), &diags);
	}
	diag_list_done(&diags);
	return found;
}

void session_look_for_pending(struct session *session, const char *native)
{
	struct journal_view view;

	if (look(session, native, &view))
		session->is_locked_out = lock_is_held(native, &session->holder);
	else
		journal_view_done(&view);
}

/* ---- the history ---- */

/* What a kill between the save and its history left out. */
static void complete_history(const struct session *session, const char *native, const struct journal_view *view,
			     struct history_end *end, struct diag_list *diags)
{
	const char *id = workbook_field(session->workbook, WORKBOOK_ID);

	if (view->path == NULL || view->fit != JOURNAL_FITS || view->saved.number < view->head.first ||
	    end->number >= view->saved.number)
		return;
	if (history_add(native, &view->head, view, 0, view->saved.offset, diags) == STATUS_OK)
		(void)history_find_end(native, id, end, diags);
}

static void note_history(const struct session *session, const struct history_end *end, struct diag_list *diags)
{
	if (session->stamp.history == 0 || end->number >= session->stamp.history)
		return;
	if (end->exists)
		diag_add(diags, DIAG_NOTE, NULL, 0, 0, "%s",
			 _("这个文件的留痕不全：最近一段不在里面。留痕和文件要放在一起（文件名加 .history）。"));
	else
		diag_add(diags, DIAG_NOTE, NULL, 0, 0, "%s",
			 _("这个文件没有带着它的留痕（文件名加 .history），以前的修改查不到；留痕从现在起重新记。"));
}

void session_journal_head(const struct session *session, const char *native, struct record_head *head,
			  uint64_t *changed)
{
	const char *id = workbook_field(session->workbook, WORKBOOK_ID);
	struct history_end end = {0};

	*head = (struct record_head){.first = session->stamp.history + 1};
	*changed = session->stamp.history;
	snprintf(head->id, sizeof(head->id), "%s", id);
	snprintf(head->pack, sizeof(head->pack), "%s", session->pack->id);
	snprintf(head->edition, sizeof(head->edition), "%s",
		 session->pack->digest != NULL ? session->pack->digest : "-");
	snprintf(head->base, sizeof(head->base), "%s", digest_of(session));
	if (native != NULL && history_find_end(native, id, &end, NULL) == STATUS_OK && end.number >= head->first)
		head->first = end.number + 1;
}

/* ---- the journal ---- */

void session_trim_journal(struct session *session)
{
	if (journal_size(session->journal) > JOURNAL_SMALL)
		session_restore_undo(session);
	journal_saved(session->journal, digest_of(session), !session->history_is_late);
}

static void go_on(struct session *session, const char *native, struct journal_view *view, struct diag_list *diags)
{
	struct record_head head;
	uint64_t changed;

	if (view->good.changed == RECORD_CHANGED_UNKNOWN)
		view->saved.changed = view->good.changed = session->stamp.history;
	session_journal_head(session, native, &head, &changed);
	if (view->path == NULL || view->fit == JOURNAL_OTHER_STATE) {
		if (view->path != NULL)
			journal_discard(view);
		session->journal = journal_new(native, &head, changed, NULL, NULL);
		return;
	}
	if (view->torn)
		diag_add(diags, DIAG_NOTE, NULL, 0, 0, "%s",
			 _("上次的最后一步没有写完就断了电或被中止，没有算上；其余的都在。"));
	session->restorable = view->good;
	session->journal = journal_new(native, &head, changed, view, &view->good);
	if (view->size > JOURNAL_SMALL)
		session_trim_journal(session);
}

void session_begin_journal(struct session *session, const char *native, struct diag_list *diags)
{
	struct journal_view view;
	struct history_end end = {0};
	bool is_pending = look(session, native, &view);
	const struct journal_view *found = is_pending ? &session->pending : &view;

	(void)history_find_end(native, workbook_field(session->workbook, WORKBOOK_ID), &end, diags);
	complete_history(session, native, found, &end, diags);
	note_history(session, &end, diags);
	if (is_pending)
		refuse_pending(session);
	else
		go_on(session, native, &view, diags);
	journal_view_done(&view);
}
