/* What stands in journals that were left behind. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/confine.h"
#include "base/descriptor.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/memory.h"
#include "store/aside.h"
#include "store/journal.h"
#include "store/journal_place.h"

void journal_view_done(struct journal_view *view)
{
	memory_free(view->path);
	*view = (struct journal_view){0};
}

/* ---- one file ---- */

struct scan {
	struct journal_view *view;
	const char *digest;
	struct record_mark last; /* behind the last record that fits */
	uint64_t open;            /* the group that goes on, 0: none */
	/* of that group, or of the last one */
	size_t records;
	char from[MOMENT_SIZE];
	bool damaged;
	uint64_t torn_group; /* where the damage is the end of a group that was not written whole, all that stands
				behind it belongs to this one */
	bool others_after;
};

static bool follows(const struct scan *scan, const struct record *record)
{
	return record->number == scan->last.number + 1 &&
	       record->group == (scan->open != 0 ? scan->open : record->number);
}

static void count_group(struct scan *scan, const struct record *record)
{
	struct journal_view *view = scan->view;

	if (scan->records == 0)
		return;
	if (view->groups == 0)
		memcpy(view->from, scan->from, sizeof(view->from));
	view->records += scan->records;
	view->groups++;
	snprintf(view->to, sizeof(view->to), "%s", record->time);
	snprintf(view->user, sizeof(view->user), "%s", record->user);
	scan->records = 0;
}

/* The file contains everything up to here. */
static void mark_saved(struct journal_view *view, const struct record_mark *mark)
{
	view->fit = JOURNAL_FITS;
	view->saved = *mark;
	view->records = view->groups = 0;
	view->from[0] = view->to[0] = view->user[0] = '\0';
}

static void pass_record(struct scan *scan, const struct record *record, const struct record_reader *reader)
{
	record_mark_set(&scan->last, reader, record);
	if (record_verb_changes(record->verb) && record->verb != RECORD_NEW && scan->records++ == 0)
		snprintf(scan->from, sizeof(scan->from), "%s", record->time);
	scan->open = record->goes_on ? record->group : 0;
	if (record->goes_on)
		return;
	count_group(scan, record);
	scan->view->good = scan->last;
	scan->view->saves += record->verb == RECORD_SAVE;
	snprintf(scan->view->last_save, sizeof(scan->view->last_save), "%s",
		 record->verb == RECORD_SAVE ? record->after : "");
	if (record->verb == RECORD_SAVE && strcmp(record->after, scan->digest) == 0)
		mark_saved(scan->view, &scan->last);
}

static void begin_damage(struct scan *scan, const struct record_reader *reader)
{
	if (scan->damaged)
		return;
	scan->damaged = true;
	scan->view->bad_line = record_reader_line(reader);
	scan->torn_group = scan->open != 0 ? scan->open : scan->last.number + 1;
}

/* Everything behind the head. Returns the errno of a failing read. */
static int scan_records(struct scan *scan, struct record_reader *reader)
{
	struct journal_view *view = scan->view;
	struct record record;

	for (;;) {
		enum record_sight sight = record_read(reader, &record);

		if (sight == RECORD_ERROR)
			return errno;
		if (sight == RECORD_END && record_reader_offset(reader) < view->size)
			return EIO;
		if (sight == RECORD_END || sight == RECORD_CUT) {
			view->torn = sight == RECORD_CUT || scan->open != 0;
			break;
		}
		if (sight == RECORD_BAD || (!scan->damaged && !follows(scan, &record))) {
			begin_damage(scan, reader);
			/* The loss of one write leaves none of another's lines. */
			scan->others_after = scan->others_after || (record.group != 0 && record.group != scan->torn_group);
		} else if (scan->damaged) {
			view->read_after++;
			scan->others_after = scan->others_after || record.group != scan->torn_group;
		} else {
			pass_record(scan, &record, reader);
		}
	}
	if (scan->damaged && !scan->others_after) {
		view->torn = true;
		view->bad_line = view->read_after = 0;
	}
	return 0;
}

static void say(struct diag_list *diags, const struct journal_view *view, const char *sentence)
{
	diag_add(diags, DIAG_WARNING, view->path, 0, 0, "%s", sentence);
}

/* The last thing in it is that this very file was saved: then nothing is pending, whatever stands before. */
static bool ends_with_save(struct journal_view *view, int fd, const char *digest)
{
	struct record record;
	struct record_reader *reader = record_read_last(fd, view->size, &record);
	bool ends = reader != NULL && record.verb == RECORD_SAVE && !record.goes_on && strcmp(record.after, digest) == 0;

	if (ends) {
		record_mark_set(&view->saved, reader, &record);
		view->saved.changed = RECORD_CHANGED_UNKNOWN;
		view->good = view->saved;
		view->fit = JOURNAL_FITS;
		view->saves = 1;
		snprintf(view->last_save, sizeof(view->last_save), "%s", digest);
	}
	record_reader_free(reader);
	return ends;
}

/* False: it is empty, or its head was being written. */
static bool scan_file(struct journal_view *view, int fd, const char *id, const char *digest,
		      struct diag_list *diags)
{
	struct record_reader *reader = record_reader_new(fd, 0, "");
	struct scan scan = {.view = view, .digest = digest};
	enum record_sight sight = record_read_head(reader, &view->head);
	bool unread = sight == RECORD_ERROR || (sight == RECORD_END && view->size > 0);
	bool found = unread || (sight != RECORD_END && sight != RECORD_CUT);

	if (unread) {
		say(diags, view, file_explain(sight == RECORD_ERROR ? errno : EIO));
	} else if (sight == RECORD_BAD) {
		say(diags, view, _("这不是本程序能读的日志：可能是较新的预表写的，或者开头已经损坏。"));
	} else if (found && (view->head.history || (id != NULL && strcmp(view->head.id, id) != 0))) {
		view->fit = JOURNAL_OTHER_WORKBOOK;
	} else if (found && !ends_with_save(view, fd, digest)) {
		int error;
		scan.last = (struct record_mark){.offset = record_reader_offset(reader),
						  .number = view->head.first - 1};
		memcpy(scan.last.sum, record_reader_sum(reader), sizeof(scan.last.sum));
		view->saved = view->good = scan.last;
		view->fit = strcmp(view->head.base, digest) == 0 ? JOURNAL_FITS : JOURNAL_OTHER_STATE;
		error = scan_records(&scan, reader);
		if (error != 0) {
			view->fit = JOURNAL_UNREADABLE;
			say(diags, view, file_explain(error));
		}
	}
	record_reader_free(reader);
	return found;
}

static int open_journal(const char *path)
{
	return descriptor_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
}

/* False: there is none, or nothing stands in it yet. */
static bool look(struct journal_view *view, const char *path, const char *id, const char *digest,
		 struct diag_list *diags)
{
	int fd = open_journal(path), error = errno;
	struct stat about;
	bool found = true;

	*view = (struct journal_view){.fit = JOURNAL_UNREADABLE};
	if (fd < 0 && (error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG))
		return false;
	view->path = memory_copy_string(path);
	if (fd >= 0)
		error = descriptor_about(fd, &about);
	if (fd < 0 || error != 0) {
		diag_add(diags, DIAG_WARNING, path, 0, 0, _("读不了这个日志。%s"), file_explain(error));
	} else if (!S_ISREG(about.st_mode) || about.st_size > JOURNAL_MOST) {
		say(diags, view, _("这个日志太大，或者不是普通文件，没有读它。"));
	} else {
		view->size = about.st_size;
		found = scan_file(view, fd, id, digest, diags);
	}
	if (fd >= 0)
		(void)descriptor_close(fd);
	if (!found)
		journal_view_done(view);
	return found;
}

bool journal_look_at(struct journal_view *view, const char *path, const char *digest, struct diag_list *diags)
{
	return look(view, path, NULL, digest, diags);
}

bool journal_look_beside(struct journal_view *view, const char *path)
{
	char *beside = journal_beside(path);
	bool found = look(view, beside, NULL, "", NULL);

	memory_free(beside);
	return found;
}

/* ---- those of a workbook ---- */

/* Somebody writes to it just now. */
static bool is_in_use(const char *path)
{
	int fd = open_journal(path);
	bool used = fd >= 0 && descriptor_is_locked(fd);

	if (fd >= 0)
		(void)descriptor_close(fd);
	return used;
}

static bool is_better(const struct journal_view *view, const struct journal_view *other)
{
	if (other->path == NULL || view->fit != other->fit)
		return other->path == NULL || view->fit < other->fit;
	return view->good.number > other->good.number;
}

/* One that is not beside the file, and does not fit, is of interest only if it was made for this very file: a copy
 * of the workbook has the same id. */
static bool concerns(const struct journal_view *view, const char *path)
{
	char where[sizeof(view->head.where)];

	if (view->fit == JOURNAL_FITS || view->fit == JOURNAL_UNREADABLE)
		return true;
	journal_where(path, where, sizeof(where));
	return view->fit == JOURNAL_OTHER_STATE && strcmp(view->head.where, where) == 0;
}

static void look_apart(struct journal_view *best, const char *path, const char *id, const char *digest,
		       struct diag_list *diags)
{
	char *directory = journal_directory();
	bool any = directory != NULL && file_exists(directory);

	memory_free(directory);
	for (int i = 0; any && i < JOURNALS_APART; i++) {
		char *file = journal_apart(id, i);
		struct journal_view view;
		struct diag_list own = {0};
		bool found = look(&view, file, id, digest, &own) && !is_in_use(file) && concerns(&view, path);

		if (found && is_better(&view, best)) {
			view.apart = true;
			journal_view_done(best);
			*best = view;
			diag_list_pass(diags, &own);
		} else if (view.path != NULL) {
			journal_view_done(&view);
		}
		diag_list_done(&own);
		memory_free(file);
	}
}

bool journal_look(struct journal_view *view, const char *path, const char *id, const char *digest,
		  struct diag_list *diags)
{
	char *beside = path != NULL ? journal_beside(path) : NULL;

	*view = (struct journal_view){0};
	if (beside != NULL)
		(void)look(view, beside, id, digest, diags);
	memory_free(beside);
	look_apart(view, path, id, digest, diags);
	return view->path != NULL;
}

static bool is_unsaved(const char *path)
{
	struct journal_view view;
	bool unsaved = look(&view, path, NULL, "-", NULL) && view.fit == JOURNAL_FITS && view.groups > 0 &&
		       view.saves == 0 && strcmp(view.head.where, "-") == 0 && !is_in_use(path);

	journal_view_done(&view);
	return unsaved;
}

size_t journal_list_unsaved(char ***paths)
{
	char *directory = journal_directory();
	DIR *entries = directory != NULL ? confine_open_directory(directory) : NULL;
	const struct dirent *entry;
	size_t count = 0, capacity = 0;

	*paths = NULL;
	while (entries != NULL && (entry = readdir(entries)) != NULL) {
		size_t length = strlen(entry->d_name);
		char *path;
		if (length <= 8 || entry->d_name[0] == '.' || strcmp(entry->d_name + length - 8, ".journal") != 0)
			continue;
		path = file_join(directory, entry->d_name);
		if (is_unsaved(path)) {
			array_reserve(paths, &capacity, count, sizeof(**paths));
			(*paths)[count++] = path;
		} else {
			memory_free(path);
		}
	}
	if (entries != NULL)
		(void)closedir(entries);
	memory_free(directory);
	return count;
}

/* ---- reading it ---- */

static enum status visit_all(struct record_reader *reader, struct record_mark end, off_t from, off_t to,
			     record_visitor visit, void *context)
{
	struct record record;

	while (record_reader_offset(reader) < to) {
		enum record_sight sight = record_read(reader, &record);

		if (sight == RECORD_ERROR)
			return STATUS_IO;
		if (sight == RECORD_END || sight == RECORD_CUT)
			break;
		if (sight == RECORD_BAD)
			continue;
		record_mark_set(&end, reader, &record);
		if (end.offset > from && end.offset <= to && !visit(context, &record, &end))
			break;
	}
	return STATUS_OK;
}

enum status journal_visit(const struct journal_view *view, off_t from, off_t to, record_visitor visit,
			  void *context, struct diag_list *diags)
{
	int fd = open_journal(view->path), error = errno;
	enum status status = STATUS_IO;

	if (fd >= 0) {
		bool at_saved = from == view->saved.offset;
		struct record_reader *reader =
			record_reader_new(fd, at_saved ? from : 0, at_saved ? view->saved.sum : "");
		struct record_head head;
		status = STATUS_OK;
		if (!at_saved && record_read_head(reader, &head) == RECORD_ERROR)
			status = STATUS_IO;
		if (status == STATUS_OK)
			status = visit_all(reader, at_saved ? view->saved : (struct record_mark){0}, from, to, visit,
					   context);
		error = errno;
		record_reader_free(reader);
		(void)descriptor_close(fd);
	}
	if (status != STATUS_OK)
		diag_error(diags, _("读不了日志“%s”。%s"), view->path, file_explain(error));
	return status;
}

/* ---- out of the way ---- */

void journal_discard(const struct journal_view *view)
{
	(void)path_unlink(view->path);
}

enum status journal_set_aside(const struct journal_view *view, const char *path, char **aside,
			      struct diag_list *diags)
{
	char *name = view->apart || path == NULL ? memory_copy_string(view->path)
						  : file_beside(path, "", ".journal");
	enum status status = file_set_aside(view->path, name, aside, diags);

	memory_free(name);
	return status;
}
