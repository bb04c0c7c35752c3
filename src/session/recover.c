/* Taking what was not saved, or setting it aside. */
#include "session/recover.h"

#include <string.h>

#include "base/memory.h"
#include "session/path.h"
#include "session/state.h"

static void forget_pending(struct session *session)
{
	journal_view_done(&session->pending);
	memory_free(session->pending_words);
	memory_free(session->pending_file);
	session->pending_words = session->pending_file = NULL;
	session->about_pending = (struct session_pending){0};
	session->is_to_decide = false;
	session_refuse(session, NULL);
}

static void say_aside(const char *aside, struct diag_list *diags)
{
	char *shown = path_shown(aside);

	diag_add(diags, DIAG_NOTE, NULL, 0, 0, _("原来的日志没有删除，已改名为 %s。"), shown);
	memory_free(shown);
}

static char *native_of(const struct session *session)
{
	return session->path != NULL ? path_native(session->path) : NULL;
}

/* The journal goes on as it is. */
static void go_on(struct session *session, const char *native)
{
	struct record_head head;
	uint64_t changed;

	session_journal_head(session, native, &head, &changed);
	session->journal = journal_new(native, &head, changed, &session->pending, &session->pending.good);
	(void)journal_take(session->journal);
}

/* Not all of it could be taken: it is kept as it is, and what was taken begins a new one. */
static enum status begin_another(struct session *session, const char *native, const struct record_mark *reached,
				 struct diag_list *diags)
{
	char *aside = NULL;
	enum status status = journal_set_aside(&session->pending, native, &aside, diags);

	if (status == STATUS_OK) {
		say_aside(aside, diags);
		memory_free(session->pending.path);
		session->pending.path = aside;
	}
	session->journal = journal_new_from(native, &session->pending, reached);
	(void)journal_take(session->journal);
	return status;
}

static bool may_decide(const struct session *session, struct diag_list *diags)
{
	if (session->pending.path != NULL && session->is_to_decide)
		return true;
	diag_error(diags, "%s",
		   session->pending.path == NULL ? _("没有什么要取回的：上次都保存了。") : session->refusal);
	return false;
}

enum status session_recover_take(struct session *session, struct diag_list *diags)
{
	struct record_mark reached;
	enum status status;
	char *native;

	if (!may_decide(session, diags))
		return session->pending.path == NULL ? STATUS_NOT_FOUND : STATUS_LOCKED;
	if (session->pending.fit != JOURNAL_FITS) {
		diag_error(diags, "%s", _("这些修改不能取回，只能查看或另放一边：它们不是接着现在这个文件做的。"));
		return STATUS_INVALID;
	}
	native = native_of(session);
	status = session_replay(session, &session->pending, &reached, diags);
	if (status == STATUS_IO && reached.offset == session->pending.saved.offset) {
		memory_free(native);
		return status;
	}
	if (status == STATUS_OK && session->pending.bad_line == 0)
		go_on(session, native);
	else
		(void)begin_another(session, native, &reached, diags);
	forget_pending(session);
	memory_free(native);
	return status;
}

enum status session_recover_aside(struct session *session, struct diag_list *diags)
{
	char *native, *aside = NULL;
	enum status status;
	struct record_head head;
	uint64_t changed;

	if (!may_decide(session, diags))
		return session->pending.path == NULL ? STATUS_NOT_FOUND : STATUS_LOCKED;
	native = native_of(session);
	status = journal_set_aside(&session->pending, native, &aside, diags);
	if (status == STATUS_OK) {
		say_aside(aside, diags);
		session_journal_head(session, native, &head, &changed);
		session->journal = journal_new(native, &head, changed, NULL, NULL);
		forget_pending(session);
	}
	memory_free(aside);
	memory_free(native);
	return status;
}

/* ---- workbooks that were never saved ---- */

struct naming {
	struct buffer code, name, year;
};

static void set(struct buffer *out, const char *text)
{
	buffer_clear(out);
	buffer_add(out, text);
}

static bool name_it(void *context, const struct record *record, const struct record_mark *end)
{
	struct naming *naming = context;

	(void)end;
	if (strcmp(record->kind, "field") != 0)
		return true;
	if (strcmp(record->column, workbook_field_word(WORKBOOK_CODE)) == 0)
		set(&naming->code, record->after);
	else if (strcmp(record->column, workbook_field_word(WORKBOOK_NAME)) == 0)
		set(&naming->name, record->after);
	else if (strcmp(record->column, workbook_field_word(WORKBOOK_YEAR)) == 0)
		set(&naming->year, record->after);
	return true;
}

static bool describe(const char *path, struct session_unsaved *out)
{
	struct naming naming = {0};
	struct journal_view view;
	struct buffer name = {0};
	bool found = journal_look_at(&view, path, "-", NULL) && view.fit == JOURNAL_FITS;

	if (found && journal_visit(&view, 0, view.good.offset, name_it, &naming, NULL) == STATUS_OK) {
		buffer_format(&name, "%s %s %s %s", buffer_text(&naming.code), buffer_text(&naming.name),
			      buffer_text(&naming.year), view.head.pack);
		*out = (struct session_unsaved){.key = memory_copy_string(path),
						.to = memory_copy_string(view.to),
						.groups = view.groups};
		out->name = memory_copy_string(buffer_text(&name) + strspn(buffer_text(&name), " "));
	}
	journal_view_done(&view);
	buffer_done(&name);
	buffer_done(&naming.code);
	buffer_done(&naming.name);
	buffer_done(&naming.year);
	return found;
}

size_t session_list_unsaved(struct session_unsaved **out)
{
	char **paths;
	size_t count = journal_list_unsaved(&paths), found = 0;

	*out = memory_new_array(count + 1, sizeof(**out));
	for (size_t i = 0; i < count; i++) {
		found += describe(paths[i], &(*out)[found]);
		memory_free(paths[i]);
	}
	memory_free(paths);
	return found;
}

void session_unsaved_free(struct session_unsaved *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		memory_free(list[i].name);
		memory_free(list[i].key);
		memory_free(list[i].to);
	}
	memory_free(list);
}

static struct session *rebuild(struct journal_view *view, struct diag_list *diags)
{
	char *directory = form_pack_locate(view->head.pack, ".", diags);
	struct form_pack *pack = directory != NULL ? form_pack_load(directory, diags) : NULL;
	struct session *session;
	struct operation id;

	memory_free(directory);
	if (pack == NULL)
		return NULL;
	session = memory_new(sizeof(*session));
	session->pack = pack;
	session->workbook = workbook_new(pack);
	id = operation_text(OPERATION_FIELD, -1, "", WORKBOOK_ID, view->head.id);
	(void)workbook_apply(session->workbook, &id, NULL, NULL);
	operation_done(&id);
	session->pending = *view;
	*view = (struct journal_view){0};
	session->is_to_decide = true;
	if (session_recover_take(session, diags) == STATUS_IO && session->pending.path != NULL) {
		session_free(session);
		return NULL;
	}
	session->saved = SESSION_UNSAVED;
	return session;
}

struct session *session_open_unsaved(const char *key, struct diag_list *diags)
{
	struct session *session = NULL;
	struct journal_view view;

	if (journal_look_at(&view, key, "-", diags) && view.fit == JOURNAL_FITS) {
		view.apart = true;
		session = rebuild(&view, diags);
	} else {
		diag_error(diags, "%s", _("没有保存的这份预算打不开：它的日志不在了、读不了，或者已经属于一个保存过的文件。"));
	}
	journal_view_done(&view);
	return session;
}
