/* Saving. The journal says first which file comes; then the file is put in place; then the history gets what the
 * file contains; then nothing is pending. A kill between any two of these is understood at the next opening. */
#include <string.h>

#include "base/descriptor.h"
#include "base/file.h"
#include "base/memory.h"
#include "session/path.h"
#include "session/restrict.h"
#include "session/state.h"
#include "store/history.h"

static bool is_done(enum status status)
{
	return status == STATUS_OK || status == STATUS_UNSURE;
}

struct saving {
	char *native;
	struct buffer bytes;
	struct workbook_stamp stamp; /* of `bytes` */
};

static enum status saving_begin(struct saving *saving, const struct session *session, const char *path,
				struct diag_list *diags)
{
	enum status status;

	*saving = (struct saving){.native = path_native(path)};
	saving->stamp.history = journal_number(session->journal);
	status = workbook_file_format(session->workbook, saving->stamp.history, &saving->bytes, diags);
	digest_sha256(buffer_text(&saving->bytes), saving->bytes.length, saving->stamp.digest);
	return status;
}

static void saving_done(struct saving *saving)
{
	buffer_done(&saving->bytes);
	memory_free(saving->native);
}

static enum status put_in_place(const struct saving *saving, enum file_rule rule, struct diag_list *diags)
{
	return file_replace(saving->native, buffer_text(&saving->bytes), saving->bytes.length, rule, diags);
}

/* What the journal has since the last save goes to the history. */
static bool add_history(const struct session *session, const char *native, bool from_start, struct diag_list *diags)
{
	struct journal_view view;
	struct record_head head;
	bool added = true;

	if (journal_view_of(session->journal, &view)) {
		off_t from = from_start ? 0 : view.saved.offset;
		head = view.head;
		if (!from_start)
			head.first = view.saved.number + 1;
		added = history_add(native, &head, &view, from, view.good.offset, diags) == STATUS_OK;
	}
	journal_view_done(&view);
	return added;
}

/* The file is in place. */
static void settle(struct session *session, const struct saving *saving, enum status status,
		   struct diag_list *diags)
{
	session->stamp = saving->stamp;
	session->saved = session->position;
	session->is_unsure = status == STATUS_UNSURE;
	/* As long as the old file may come back, the journal keeps what leads from it to the new one. */
	if (session->is_unsure)
		return;
	session->history_is_late = !add_history(session, saving->native, session->history_is_late, diags);
	session_trim_journal(session);
}

/* True if the file is what was opened or saved last, or is gone. *same: it is what is about to be saved. */
static bool is_as_it_was(const struct session *session, const struct saving *saving, bool *same,
			 struct diag_list *diags)
{
	char now[DIGEST_TEXT_SIZE];
	enum status status = workbook_file_digest(saving->native, now, diags);

	*same = status == STATUS_OK && strcmp(now, saving->stamp.digest) == 0;
	if (status == STATUS_NOT_FOUND || *same)
		return true;
	if (status == STATUS_OK && strcmp(now, session->stamp.digest) == 0)
		return true;
	diag_error(diags,
		   session->stamp.digest[0] != '\0'
			   ? _("文件 %s 在打开之后被别人改过，没有保存。请先看看差别，再决定覆盖它，还是另存为别的文件。")
			   : _("文件 %s 已经存在，没有保存。请另存为别的文件。"),
		   session->path);
	return false;
}

static enum status save(struct session *session, bool over, struct diag_list *diags)
{
	struct saving saving;
	enum status status;
	bool same = false;

	if (session_is_refused(session, diags))
		return STATUS_LOCKED;
	if (session->path == NULL) {
		diag_error(diags, _("这份预算还没有文件名，请用“另存”给它一个文件名。"));
		return STATUS_NOT_FOUND;
	}
	status = saving_begin(&saving, session, session->path, diags);
	if (status == STATUS_OK && !is_as_it_was(session, &saving, &same, over ? NULL : diags) && !over)
		status = STATUS_CHANGED;
	if (status == STATUS_OK) {
		if (session->lock != NULL)
			file_sweep(saving.native);
		(void)journal_save(session->journal, saving.stamp.digest);
		/* Saving what stands there already must not cost the version before. */
		status = put_in_place(&saving, same ? FILE_PRIVATE : over ? FILE_KEPT_SURELY : FILE_KEPT, diags);
	}
	if (is_done(status))
		settle(session, &saving, status, diags);
	saving_done(&saving);
	return status;
}

enum status session_save(struct session *session, struct diag_list *diags)
{
	return save(session, false, diags);
}

enum status session_save_over(struct session *session, struct diag_list *diags)
{
	return save(session, true, diags);
}

/* ---- under another name ---- */

static bool is_same_file(const char *a, const char *b)
{
	struct stat one, other;

	return path_about(a, &one) == 0 && path_about(b, &other) == 0 && one.st_dev == other.st_dev &&
	       one.st_ino == other.st_ino;
}

static bool is_own(const struct session *session, const char *native)
{
	char *own = session->path != NULL ? path_native(session->path) : NULL;
	bool is = own != NULL && (strcmp(own, native) == 0 || is_same_file(own, native));

	memory_free(own);
	return is;
}

/* What was left beside the file that stood there before. */
static void clear_place(const struct saving *saving, struct diag_list *diags)
{
	struct journal_view view;
	char *aside = NULL;

	if (journal_look_beside(&view, saving->native) && journal_set_aside(&view, saving->native, &aside, diags) == STATUS_OK)
		diag_add(diags, DIAG_NOTE, NULL, 0, 0, _("被覆盖的文件旁边有日志，已改名为 %s。"), aside);
	memory_free(aside);
	journal_view_done(&view);
}

/* The journal and the history go along. */
static void move_to(struct session *session, const struct saving *saving, enum status status,
		    struct diag_list *diags)
{
	char *old = session->path != NULL ? path_native(session->path) : NULL;

	clear_place(saving, diags);
	(void)history_copy(old, saving->native, diags);
	(void)journal_move(session->journal, saving->native, saving->stamp.digest, status == STATUS_UNSURE);
	session->history_is_late = !add_history(session, saving->native, true, diags);
	session->stamp = saving->stamp;
	session->saved = session->position;
	session->is_unsure = status == STATUS_UNSURE;
	if (status == STATUS_OK)
		session_trim_journal(session);
	memory_free(old);
}

static enum status save_as(struct session *session, const char *path, struct saving *saving,
			   struct diag_list *diags)
{
	struct lock_holder holder;
	struct lock *lock = NULL;
	enum status status = lock_take(&lock, saving->native, &holder, diags);

	if (status == STATUS_LOCKED) {
		struct buffer words = {0};
		lock_holder_words(&holder, &words);
		diag_error(diags, _("文件 %s 正由 %s填写，没有覆盖它。请换一个文件名。"), path, buffer_text(&words));
		buffer_done(&words);
		return status;
	}
	lock_tell(lock);
	status = put_in_place(saving, FILE_KEPT, diags);
	if (!is_done(status)) {
		lock_release(lock);
		return status;
	}
	move_to(session, saving, status, diags);
	session_warn_of_pack(session->pack, path, diags);
	lock_release(session->lock);
	session->lock = lock;
	memory_free(session->path);
	session->path = memory_copy_string(path);
	return status;
}

enum status session_save_as(struct session *session, const char *path, bool replace, struct diag_list *diags)
{
	struct saving saving;
	enum status status;

	if (session_is_refused(session, diags))
		return STATUS_LOCKED;
	if (*path == '\0') {
		diag_error(diags, _("请输入文件名。"));
		return STATUS_INVALID;
	}
	if (session_file_allowed(path, SESSION_WORKBOOK, diags) != STATUS_OK)
		return STATUS_INVALID;
	status = saving_begin(&saving, session, path, diags);
	if (status != STATUS_OK) {
		/* The sentence is said. */
	} else if (!replace && file_exists(saving.native)) {
		diag_error(diags, _("文件 %s 已经存在，请换一个文件名。"), path);
		status = STATUS_INVALID;
	} else if (is_own(session, saving.native)) {
		status = save(session, true, diags);
	} else {
		status = save_as(session, path, &saving, diags);
	}
	saving_done(&saving);
	return status;
}
