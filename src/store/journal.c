/* Writing the journal.
 *
 * `disk` is where the whole groups on disk end; `lines` is what comes behind it: the group that is being written,
 * or in trouble everything since. `next` and `sum` are those behind `lines`. So the journal is at any time the
 * first disk.offset bytes of the file and then `lines`, and can be made again from these two. */
#include "store/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/descriptor.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/memory.h"
#include "store/change.h"
#include "store/journal_place.h"

#define CHUNK ((size_t)256 * 1024)         /* a group is written in pieces of about this */
#define MANY_OPERATIONS ((size_t)1000)
#define RETAINED_MOST ((size_t)4 << 20)    /* of what is not on disk, so much is kept in memory */

struct journal {
	char *path; /* of the workbook, NULL: none yet */
	struct record_head head;
	char *file; /* NULL: none yet */
	int fd;     /* -1: not open for writing */
	bool must_cut;   /* what stands behind `disk` is not wanted */
	bool is_foreign; /* somebody else has written to it: what is ours can be read there, nothing more */
	struct record_mark saved, disk;
	struct buffer lines;
	size_t written; /* bytes of `lines` that are in the file, but not confirmed */
	off_t dropped;  /* bytes before `lines`, as `written`, that are no longer in memory */
	char sum[RECORD_SUM_SIZE];
	uint64_t next, changed;
	bool lost;  /* not all of it is in the file and `lines` any more */
	int error;  /* why it is in trouble, 0: it is not */
	char *trouble;
	char who[2 * WHO_SIZE];
	time_t second; /* that `moment` says */
	char moment[MOMENT_SIZE];
	struct change_words words;
};

struct journal *journal_new(const char *path, const struct record_head *head, uint64_t changed,
			    const struct journal_view *view, const struct record_mark *keep)
{
	struct journal *journal = memory_new(sizeof(*journal));

	journal->path = memory_copy_string(path);
	journal->head = view != NULL ? view->head : *head;
	journal->fd = -1;
	journal->next = head->first;
	journal->changed = changed;
	journal->disk = journal->saved = (struct record_mark){.number = head->first - 1, .changed = changed};
	if (view == NULL)
		return journal;
	journal->file = memory_copy_string(view->path);
	journal->disk = *keep;
	journal->saved = view->saved.offset <= keep->offset ? view->saved : *keep;
	journal->must_cut = view->size > keep->offset;
	journal->next = keep->number + 1;
	journal->changed = keep->changed;
	memcpy(journal->sum, keep->sum, sizeof(journal->sum));
	return journal;
}

struct journal *journal_new_from(const char *path, const struct journal_view *view, const struct record_mark *keep)
{
	struct journal *journal = journal_new(path, &view->head, 0, view, keep);

	journal->is_foreign = true;
	return journal;
}

void journal_free(struct journal *journal)
{
	if (journal == NULL)
		return;
	if (journal->fd >= 0)
		(void)descriptor_close(journal->fd);
	buffer_done(&journal->lines);
	change_words_done(&journal->words);
	memory_free(journal->trouble);
	memory_free(journal->file);
	memory_free(journal->path);
	memory_free(journal);
}

/* ---- lines ---- */

static void look_at_clock(struct journal *journal)
{
	time_t now = time(NULL);

	if (now == journal->second && journal->moment[0] != '\0')
		return;
	journal->second = now;
	moment_text(now, journal->moment);
}

static void add_head(struct journal *journal)
{
	if (journal->file != NULL || journal->lines.length > 0)
		return;
	journal->head.first = journal->next;
	journal_where(journal->path, journal->head.where, sizeof(journal->head.where));
	record_head_add(&journal->lines, &journal->head, journal->sum);
}

static void begin_line(struct journal *journal, enum record_verb verb, uint64_t group, struct record *record)
{
	if (journal->who[0] == '\0') {
		struct who who;
		who_am_i(&who);
		snprintf(journal->who, sizeof(journal->who), "%s@%s", who.user, who.host);
	}
	look_at_clock(journal);
	*record = (struct record){.number = journal->next++,
				  .time = journal->moment,
				  .user = journal->who,
				  .verb = verb,
				  .group = group,
				  .label = "",
				  .kind = "",
				  .table = "",
				  .row = "",
				  .column = "",
				  .before = "",
				  .after = ""};
}

static void add_mark(struct journal *journal, enum record_verb verb, const char *after)
{
	struct record record;

	add_head(journal);
	begin_line(journal, verb, journal->next, &record);
	record.after = after;
	record_add(&journal->lines, &record, journal->sum);
}

/* ---- files ---- */

static void say_trouble(struct journal *journal)
{
	struct buffer sentence = {0};

	buffer_format(&sentence,
		      journal->lost ? _("改动太多，日志记不下了：断电或掉线会丢失，请马上保存。%s")
				    : _("改动没有记进日志：断电或掉线会丢失，请马上保存。%s"),
		      file_explain(journal->error));
	memory_free(journal->trouble);
	journal->trouble = buffer_take(&sentence);
}

const char *journal_trouble(const struct journal *journal)
{
	return journal->error != 0 ? journal->trouble : NULL;
}

static void fail(struct journal *journal, int error)
{
	if (journal->fd >= 0)
		(void)descriptor_close(journal->fd);
	journal->fd = -1;
	journal->error = error;
	journal->lost = journal->lost || journal->dropped > 0;
	journal->written = 0;
	journal->dropped = 0;
	say_trouble(journal);
}

/* Gives up `lines`: the next save brings the journal back. */
static void lose(struct journal *journal)
{
	journal->lost = true;
	buffer_done(&journal->lines);
	journal->written = 0;
	journal->dropped = 0;
	say_trouble(journal);
}

static void recover_from_trouble(struct journal *journal)
{
	journal->error = 0;
	journal->lost = false;
	memory_free(journal->trouble);
	journal->trouble = NULL;
}

/* What is in `lines` is on disk. */
static void confirm(struct journal *journal)
{
	journal->disk.offset += journal->dropped + (off_t)journal->lines.length;
	journal->disk.number = journal->next - 1;
	journal->disk.changed = journal->changed;
	memcpy(journal->disk.sum, journal->sum, sizeof(journal->disk.sum));
	if (journal->lines.capacity > CHUNK)
		buffer_done(&journal->lines);
	else
		buffer_clear(&journal->lines);
	journal->written = 0;
	journal->dropped = 0;
	recover_from_trouble(journal);
}

static void share(const struct journal *journal, int fd, bool apart)
{
	struct stat about;

	if (!apart && path_about(journal->path, &about) == 0)
		(void)descriptor_take_rights(fd, &about);
}

static int sync_directory_of(const char *file)
{
	char *directory = file_directory(file);
	int error = path_sync_directory(directory);

	memory_free(directory);
	/* A directory that may be written, but not read; a file system that syncs no directories. */
	return error == EACCES || error == EINVAL ? 0 : error;
}

/* Opens the file that the journal goes on in, as it was left; 0 or why not. */
static int open_again(struct journal *journal)
{
	struct stat about;
	int error;

	journal->fd = descriptor_open(journal->file, O_RDWR | O_APPEND | O_NOFOLLOW, 0);
	if (journal->fd < 0)
		return errno;
	if (!descriptor_lock(journal->fd)) {
		journal->is_foreign = true;
		return EBUSY;
	}
	error = descriptor_about(journal->fd, &about);
	if (error != 0)
		return error;
	if (about.st_size < journal->disk.offset || (about.st_size > journal->disk.offset && !journal->must_cut)) {
		journal->is_foreign = true;
		return EBUSY;
	}
	if (about.st_size > journal->disk.offset) {
		error = descriptor_cut(journal->fd, journal->disk.offset);
		if (error == 0)
			error = descriptor_sync(journal->fd);
	}
	journal->must_cut = false;
	return error;
}

/* Copies the beginning of the old file. */
static int copy_old(const struct journal *journal, int to)
{
	int from = descriptor_open(journal->file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0), error = 0;
	char room[16384];

	if (from < 0)
		return errno;
	for (off_t at = 0; at < journal->disk.offset && error == 0;) {
		off_t rest = journal->disk.offset - at;
		ssize_t got = descriptor_read_at(from, room, rest < (off_t)sizeof(room) ? (size_t)rest : sizeof(room), at);
		if (got <= 0)
			error = got < 0 ? errno : EIO;
		else
			error = descriptor_write(to, room, (size_t)got);
		at += got;
	}
	(void)descriptor_close(from);
	return error;
}

/* Reads the new file back: every line must fit, and the last one must be the last one written. */
static bool is_whole(const struct journal *journal, int fd)
{
	struct record_reader *reader = record_reader_new(fd, 0, "");
	struct record_head head;
	struct record record;
	enum record_sight sight = record_read_head(reader, &head);
	bool whole;

	while (sight == RECORD_WHOLE)
		sight = record_read(reader, &record);
	whole = sight == RECORD_END && strcmp(record_reader_sum(reader), journal->sum) == 0;
	record_reader_free(reader);
	return whole;
}

static int fill_new(const struct journal *journal, int fd, bool apart)
{
	int error = journal->file != NULL ? copy_old(journal, fd) : 0;

	if (error == 0)
		error = descriptor_write(fd, buffer_text(&journal->lines), journal->lines.length);
	if (error != 0)
		return error;
	share(journal, fd, apart);
	if (!is_whole(journal, fd))
		return EIO;
	return descriptor_sync(fd);
}

/* A file that stands there and is none of ours is left alone, unless nothing was ever in it. */
static bool is_free(const struct journal *journal, const char *file)
{
	struct journal_view view;
	bool is_own = journal->file != NULL && !journal->is_foreign && strcmp(journal->file, file) == 0;
	bool free = is_own || !file_exists(file) || !journal_look_at(&view, file, "", NULL);

	if (!free)
		journal_view_done(&view);
	return free;
}

/* Puts a whole new journal at `file`. */
static int make_new(struct journal *journal, const char *file, bool apart)
{
	char *temporary;
	int fd, error;

	if (!is_free(journal, file))
		return EEXIST;
	temporary = file_temporary_name(file);
	fd = descriptor_create(temporary, 0600);
	error = fd < 0 ? errno : fill_new(journal, fd, apart);
	if (error == 0 && !descriptor_lock(fd))
		error = EBUSY;
	if (error == 0)
		error = path_rename(temporary, file);
	if (error != 0) {
		if (fd >= 0) {
			(void)descriptor_close(fd);
			(void)path_unlink(temporary);
		}
		memory_free(temporary);
		return error;
	}
	memory_free(temporary);
	memory_free(journal->file);
	journal->file = memory_copy_string(file);
	if (journal->fd >= 0)
		(void)descriptor_close(journal->fd);
	journal->fd = fd;
	journal->must_cut = journal->is_foreign = false;
	return sync_directory_of(file);
}

static int make_apart(struct journal *journal)
{
	char *directory = journal_directory();
	int error = EACCES;

	if (directory != NULL && file_make_private_directory(directory, NULL) == STATUS_OK) {
		error = EEXIST;
		for (int i = 0; i < JOURNALS_APART && error == EEXIST; i++) {
			char *file = journal_apart(journal->head.id, i);
			error = make_new(journal, file, true);
			memory_free(file);
		}
	}
	memory_free(directory);
	return error;
}

/* Writes all that there is into a new file, beside the workbook or apart from it; the old one is not removed. */
static bool make_anywhere(struct journal *journal)
{
	int error = EACCES, other;

	if (journal->path != NULL) {
		char *beside = journal_beside(journal->path);
		error = make_new(journal, beside, false);
		memory_free(beside);
	}
	if (error != 0) {
		other = make_apart(journal);
		error = other == 0 || journal->path == NULL ? other : error;
	}
	if (error != 0)
		fail(journal, error);
	else
		confirm(journal);
	return error == 0;
}

bool journal_mend(struct journal *journal)
{
	char *old;
	bool mended;

	if (journal->error == 0)
		return true;
	if (journal->lost)
		return false;
	if (journal->lines.length > RETAINED_MOST) {
		lose(journal);
		return false;
	}
	old = journal->is_foreign ? NULL : memory_copy_string(journal->file);
	mended = make_anywhere(journal);
	if (mended && old != NULL && strcmp(old, journal->file) != 0)
		(void)path_unlink(old);
	memory_free(old);
	return mended;
}

/* ---- groups ---- */

/* Writes what is in `lines` and not in the file yet; 0 or the errno. */
static int write_lines(struct journal *journal)
{
	off_t end = journal->disk.offset + journal->dropped + (off_t)journal->lines.length;
	int error = journal->fd < 0 ? open_again(journal) : 0;

	if (error == 0 && end > JOURNAL_MOST)
		error = EFBIG;
	if (error == 0)
		error = descriptor_write(journal->fd, journal->lines.data + journal->written,
					 journal->lines.length - journal->written);
	journal->written = journal->lines.length;
	return error;
}

/* A piece of a large group. */
static void write_piece(struct journal *journal)
{
	int error;

	if (journal->error != 0 || journal->file == NULL || journal->is_foreign)
		return;
	error = write_lines(journal);
	if (error != 0) {
		fail(journal, error);
	} else if (journal->lines.length > RETAINED_MOST) {
		journal->dropped += (off_t)journal->lines.length;
		journal->written = 0;
		buffer_clear(&journal->lines);
	}
}

static bool commit(struct journal *journal)
{
	int error;

	if (journal->lost) {
		lose(journal);
		return false;
	}
	if (journal->error != 0)
		return journal_mend(journal);
	if (journal->file == NULL || journal->is_foreign)
		return make_anywhere(journal);
	error = write_lines(journal);
	if (error == 0)
		error = descriptor_sync_data(journal->fd);
	if (error != 0) {
		fail(journal, error);
		if (error == EFBIG)
			lose(journal);
		return journal_mend(journal);
	}
	confirm(journal);
	return true;
}

static void add_group(struct journal *journal, enum record_verb verb, const char *label,
		      const struct form_pack *pack, const struct operation *operations, size_t count, bool back)
{
	uint64_t group = journal->next;

	for (size_t i = 0; i < count; i++) {
		struct record record;

		begin_line(journal, verb, group, &record);
		if (i == 0)
			record.label = label;
		record.goes_on = i + 1 < count;
		change_describe(pack, &operations[back ? count - 1 - i : i], back, &journal->words, &record);
		record_add(&journal->lines, &record, journal->sum);
		journal->changed = record.number;
		if (journal->lines.length - journal->written >= CHUNK)
			write_piece(journal);
	}
}

bool journal_write(struct journal *journal, enum record_verb verb, const char *label, const struct form_pack *pack,
		   const struct operation *operations, size_t count, bool back)
{
	add_head(journal);
	/* Of a large group, pieces must be able to go to the file. */
	if ((journal->file == NULL || journal->is_foreign) && count > MANY_OPERATIONS && journal->error == 0)
		(void)make_anywhere(journal);
	add_group(journal, verb, label, pack, operations, count, back);
	return commit(journal);
}

void journal_prepare(struct journal *journal, const char *label, const struct form_pack *pack,
		     const struct operation *operations, size_t count)
{
	add_head(journal);
	add_group(journal, RECORD_NEW, label, pack, operations, count, false);
}

bool journal_take(struct journal *journal)
{
	add_mark(journal, RECORD_TAKE, "");
	return commit(journal);
}

off_t journal_size(const struct journal *journal)
{
	return journal->disk.offset;
}

uint64_t journal_number(const struct journal *journal)
{
	return journal->changed;
}

/* ---- saving, giving up ---- */

bool journal_save(struct journal *journal, const char *digest)
{
	if (journal->file == NULL && journal->lines.length == 0)
		return true;
	add_mark(journal, RECORD_SAVE, digest);
	return commit(journal);
}

/* Nothing is in the journal any more, and there is no file; one will be made at the next change. */
static void forget_all(struct journal *journal)
{
	if (journal->fd >= 0)
		(void)descriptor_close(journal->fd);
	journal->fd = -1;
	memory_free(journal->file);
	journal->file = NULL;
	journal->must_cut = journal->is_foreign = false;
	recover_from_trouble(journal);
	buffer_done(&journal->lines);
	journal->written = 0;
	journal->dropped = 0;
	journal->disk = journal->saved = (struct record_mark){.number = journal->next - 1, .changed = journal->changed};
}

static void remove_file(const char *file)
{
	if (path_unlink(file) == 0)
		(void)sync_directory_of(file);
}

static void begin_with(struct journal *journal, const char *digest)
{
	snprintf(journal->head.base, sizeof(journal->head.base), "%s", digest);
}

void journal_saved(struct journal *journal, const char *digest, bool may_go)
{
	if (journal->file != NULL && journal->error == 0 && (journal->disk.offset <= JOURNAL_SMALL || !may_go)) {
		journal->saved = journal->disk;
		return;
	}
	if (journal->file != NULL)
		remove_file(journal->file);
	forget_all(journal);
	begin_with(journal, digest);
}

/* Cuts a journal back to what its file contains; one that holds nothing else goes. */
static bool cut_back(const char *file, const struct record_mark *saved, const struct record_head *head)
{
	int fd, error;

	if (saved->number + 1 == head->first || saved->offset == 0) {
		remove_file(file);
		return !file_exists(file);
	}
	fd = descriptor_open(file, O_RDWR | O_NOFOLLOW, 0);
	if (fd < 0)
		return false;
	error = descriptor_cut(fd, saved->offset);
	if (error == 0)
		error = descriptor_sync(fd);
	(void)descriptor_close(fd);
	return error == 0;
}

bool journal_give_up(struct journal *journal)
{
	bool is_back = journal->file == NULL || (journal->disk.offset == journal->saved.offset && !journal->must_cut &&
						 journal->lines.length == 0);
	bool done = is_back || cut_back(journal->file, &journal->saved, &journal->head);

	journal->next = journal->saved.number + 1;
	journal->changed = journal->saved.changed;
	forget_all(journal);
	return done;
}

bool journal_move(struct journal *journal, const char *path, const char *digest, bool keeps_old)
{
	char *old = memory_copy_string(journal->file);
	struct record_mark saved = journal->saved;
	bool was_unsaved = journal->path == NULL, moved = true;

	memory_free(journal->path);
	journal->path = memory_copy_string(path);
	if (journal->lost || (old == NULL && journal->lines.length == 0)) {
		forget_all(journal);
		begin_with(journal, digest);
	} else {
		add_mark(journal, RECORD_SAVE, digest);
		moved = make_anywhere(journal);
		if (!moved) {
			forget_all(journal);
			begin_with(journal, digest);
		}
		journal->saved = journal->disk;
	}
	if (old != NULL && !keeps_old && (journal->file == NULL || strcmp(old, journal->file) != 0)) {
		if (was_unsaved)
			remove_file(old);
		else
			(void)cut_back(old, &saved, &journal->head);
	}
	memory_free(old);
	return moved;
}

bool journal_view_of(const struct journal *journal, struct journal_view *view)
{
	*view = (struct journal_view){.path = memory_copy_string(journal->file),
				      .head = journal->head,
				      .saved = journal->saved,
				      .good = journal->disk,
				      .size = journal->disk.offset};
	return journal->file != NULL;
}
