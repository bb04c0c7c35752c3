#include "session/session.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "session/path.h"
#include "session/restrict.h"
#include "session/state.h"
#include "store/recent.h"

/* Everything but who may change it. */
static struct session *load(const char *path, const char *native, struct diag_list *diags)
{
	struct session *session = memory_new(sizeof(*session));
	enum status status = session_file_allowed(path, SESSION_WORKBOOK, diags);

	if (status == STATUS_OK)
		status = workbook_file_load(&session->workbook, &session->pack, native, &session->stamp, diags);
	if (status != STATUS_OK) {
		memory_free(session);
		return NULL;
	}
	session->path = path_shown(path);
	return session;
}

static void lock_out(struct session *session)
{
	struct buffer words = {0}, sentence = {0};

	lock_holder_words(&session->holder, &words);
	buffer_format(&sentence, _("这个文件正由 %s填写，现在只能查看。请等对方退出后再打开。"), buffer_text(&words));
	session->is_locked_out = true;
	session_refuse(session, buffer_take(&sentence));
	buffer_done(&words);
}

struct session *session_open_for_screen(const char *path, struct diag_list *diags)
{
	char *native = path_native(path);
	struct lock_holder holder = {0};
	struct lock *lock = NULL;
	/* Before it is read, so that nobody saves it in between. */
	enum status locked = session_file_allowed(path, SESSION_WORKBOOK, NULL) == STATUS_OK && file_exists(native)
				     ? lock_take(&lock, native, &holder, diags)
				     : STATUS_OK;
	struct session *session = load(path, native, diags);

	if (session == NULL) {
		lock_release(lock);
	} else if (locked == STATUS_LOCKED) {
		session->holder = holder;
		lock_out(session);
		diag_add(diags, DIAG_WARNING, NULL, 0, 0, "%s", session->refusal);
	} else {
		session->lock = lock;
		session_begin_journal(session, native, diags);
	}
	memory_free(native);
	return session;
}

struct session *session_open(const char *path, struct diag_list *diags)
{
	struct session *session = session_open_for_screen(path, diags);

	if (session != NULL)
		lock_tell(session->lock);
	return session;
}

struct session *session_open_to_look(const char *path, struct diag_list *diags)
{
	char *native = path_native(path);
	struct session *session = load(path, native, diags);

	if (session != NULL) {
		session_look_for_pending(session, native);
		session_refuse(session, memory_copy_string(_("这个文件只是打开来查看的，不能修改。")));
	}
	memory_free(native);
	return session;
}

static bool has_year(const struct form_pack *pack, int year)
{
	for (int i = 0; i < pack->year_count; i++)
		if (pack->years[i] == year)
			return true;
	return false;
}

/* Sets a field of the cover without a trace in the undo list: a new workbook begins with it. */
static enum status begin_with(struct session *session, enum workbook_field field, const char *text,
			      struct diag_list *diags)
{
	struct operation operation;
	enum status status;

	if (text == NULL || *text == '\0' || strcmp(workbook_field(session->workbook, field), text) == 0)
		return STATUS_OK;
	operation = operation_text(OPERATION_FIELD, -1, "", (int)field, text);
	status = workbook_apply(session->workbook, &operation, NULL, diags);
	if (status == STATUS_OK)
		journal_prepare(session->journal, _("新建"), session->pack, &operation, 1);
	operation_done(&operation);
	return status;
}

static enum status begin_cover(struct session *session, const char *code, const char *name, int year,
			       struct diag_list *diags)
{
	const struct form_pack *pack = session->pack;
	struct buffer text = {0};
	enum status status;

	if (year == 0 && pack->year_count > 0)
		year = pack->years[0];
	if (!has_year(pack, year)) {
		for (int i = 0; i < pack->year_count; i++)
			buffer_format(&text, "%s%d", i > 0 ? "、" : "", pack->years[i]);
		diag_error(diags, _("套表 %s 不用于 %d 年度，它用于：%s。"), pack->id, year,
			   buffer_text(&text));
		buffer_done(&text);
		return STATUS_INVALID;
	}
	buffer_format(&text, "%d", year);
	status = begin_with(session, WORKBOOK_YEAR, buffer_text(&text), diags);
	if (status == STATUS_OK)
		status = begin_with(session, WORKBOOK_CODE, code, diags);
	if (status == STATUS_OK)
		status = begin_with(session, WORKBOOK_NAME, name, diags);
	buffer_done(&text);
	return status;
}

static bool is_empty(const char *text)
{
	return text == NULL || *text == '\0';
}

/* Of a new workbook whose path is given. */
static bool lock_new(struct session *session, struct diag_list *diags)
{
	char *native = session->path != NULL ? path_native(session->path) : NULL;
	bool locked = native == NULL || lock_take(&session->lock, native, &session->holder, diags) != STATUS_LOCKED;

	if (!locked) {
		lock_out(session);
		diag_error(diags, "%s", session->refusal);
	}
	lock_tell(session->lock);
	memory_free(native);
	return locked;
}

static void begin_new_journal(struct session *session)
{
	char *native = session->path != NULL ? path_native(session->path) : NULL;
	struct record_head head;
	uint64_t changed;

	session_journal_head(session, NULL, &head, &changed);
	session->journal = journal_new(native, &head, changed, NULL, NULL);
	memory_free(native);
}

struct session *session_new(const char *pack, const char *path, const char *code, const char *name, int year,
			    struct diag_list *diags)
{
	struct form_pack *loaded;
	struct session *session;
	char *directory;

	if (path != NULL && session_file_allowed(path, SESSION_WORKBOOK, diags) != STATUS_OK)
		return NULL;
	directory = form_pack_locate(pack, ".", diags);
	loaded = directory != NULL ? form_pack_load(directory, diags) : NULL;
	memory_free(directory);
	if (loaded == NULL)
		return NULL;
	session = memory_new(sizeof(*session));
	session->pack = loaded;
	session->workbook = workbook_new(loaded);
	session->path = memory_copy_string(path);
	if (!lock_new(session, diags)) {
		session_free(session);
		return NULL;
	}
	begin_new_journal(session);
	/* An untouched new workbook may be left without a question. */
	session->saved = is_empty(code) && is_empty(name) ? 0 : SESSION_UNSAVED;
	if (begin_cover(session, code, name, year, diags) != STATUS_OK) {
		session_free(session);
		return NULL;
	}
	return session;
}

void session_free(struct session *session)
{
	if (session == NULL)
		return;
	/* What was done and taken back again is nothing to be asked about at the next opening. */
	if (session->journal != NULL && !session_is_changed(session) && !session->is_unsure)
		(void)journal_give_up(session->journal);
	journal_free(session->journal);
	lock_release(session->lock);
	journal_view_done(&session->pending);
	memory_free(session->pending_words);
	memory_free(session->pending_file);
	memory_free(session->refusal);
	for (size_t i = 0; i < session->count; i++)
		group_done(&session->groups[i]);
	memory_free(session->groups);
	group_done(&session->open);
	workbook_free(session->workbook);
	form_pack_free(session->pack);
	memory_free(session->path);
	memory_free(session);
}

void session_give_up(struct session *session)
{
	if (session->journal == NULL || session->is_unsure)
		return;
	(void)journal_give_up(session->journal);
	journal_free(session->journal);
	session->journal = NULL;
	session_refuse(session, memory_copy_string(_("修改已经放弃；要接着填，请重新打开文件。")));
}

const char *session_refusal(const struct session *session)
{
	return session->refusal;
}

bool session_is_locked_out(const struct session *session)
{
	return session->is_locked_out;
}

const char *session_journal_trouble(const struct session *session)
{
	return session->journal != NULL ? journal_trouble(session->journal) : NULL;
}

const struct workbook *session_workbook(const struct session *session)
{
	return session->workbook;
}

const char *session_path(const struct session *session)
{
	return session->path;
}

bool session_is_changed(const struct session *session)
{
	return session->position != session->saved || session->open.count > 0;
}

const char *session_fingerprint(const struct session *session)
{
	return session->stamp.digest[0] != '\0' ? session->stamp.digest : NULL;
}

void session_settle(const struct session *session)
{
	char *native;

	lock_tell(session->lock);
	if (session->path == NULL)
		return;
	native = path_native(session->path);
	recent_add(native);
	memory_free(native);
}
