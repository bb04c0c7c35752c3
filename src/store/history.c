#include "store/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/descriptor.h"
#include "base/file.h"
#include "base/memory.h"
#include "store/aside.h"

#define ERRORS_MOST 20
#define PIECE ((size_t)64 * 1024)

char *history_path(const char *path)
{
	return file_beside(path, "", ".history");
}

static void fail(struct diag_list *diags, const char *file, int error)
{
	diag_add(diags, DIAG_WARNING, NULL, 0, 0, _("留痕“%s”没有写上。%s下次打开这个文件时会补上。"), file,
		 file_explain(error));
}

/* ---- the end ---- */

struct tail {
	off_t whole;  /* where the last line that has an end ends */
	uint64_t number;
	char sum[RECORD_SUM_SIZE];
};

/* The last line: its number and sum. False if it is none of ours. */
static bool read_last_line(int fd, off_t start, off_t end, struct tail *tail)
{
	struct record_reader *reader = record_reader_new(fd, start, "");
	struct record record;
	/* What stands before it is not read, so its sum cannot be checked; but it says a number. */
	bool found = record_read_unchecked(reader, &record) && record_reader_offset(reader) == end;

	if (found) {
		tail->number = record.number;
		memcpy(tail->sum, record_reader_sum(reader), sizeof(tail->sum));
	}
	record_reader_free(reader);
	return found;
}

/* The end of the last line that has one, 0: none has. */
static off_t last_end(int fd, off_t size)
{
	char byte;

	if (size == 0 || (descriptor_read_at(fd, &byte, 1, size - 1) == 1 && byte == '\n'))
		return size;
	return record_line_start(fd, size + 1);
}

static bool find_tail(int fd, off_t size, const struct record_head *head, const char *head_sum, off_t head_end,
		      struct tail *tail)
{
	off_t start;

	tail->whole = last_end(fd, size);
	if (tail->whole < head_end)
		return false;
	tail->number = head->first - 1;
	memcpy(tail->sum, head_sum, sizeof(tail->sum));
	if (tail->whole == head_end)
		return true;
	start = record_line_start(fd, tail->whole);
	return start >= head_end && read_last_line(fd, start, tail->whole, tail);
}

enum shape { SHAPE_EMPTY, SHAPE_GOOD, SHAPE_FOREIGN, SHAPE_BAD, SHAPE_ERROR };

/* Reads the head and the end of a history. */
static enum shape look(int fd, const char *id, struct record_head *head, struct tail *tail, int *error)
{
	struct record_reader *reader = record_reader_new(fd, 0, "");
	enum record_sight sight = record_read_head(reader, head);
	enum shape shape = SHAPE_BAD;
	struct stat about;

	*error = sight == RECORD_ERROR ? errno : descriptor_about(fd, &about);
	if (*error != 0)
		shape = SHAPE_ERROR;
	else if (sight == RECORD_END || sight == RECORD_CUT)
		shape = SHAPE_EMPTY;
	else if (sight == RECORD_WHOLE && (!head->history || strcmp(head->id, id) != 0))
		shape = SHAPE_FOREIGN;
	else if (sight == RECORD_WHOLE && find_tail(fd, about.st_size, head, record_reader_sum(reader),
						    record_reader_offset(reader), tail))
		shape = SHAPE_GOOD;
	record_reader_free(reader);
	return shape;
}

enum status history_find_end(const char *path, const char *id, struct history_end *end, struct diag_list *diags)
{
	char *file = history_path(path);
	int fd = descriptor_open(file, O_RDONLY | O_NONBLOCK, 0), error = errno;
	struct record_head head;
	struct tail tail = {0};

	*end = (struct history_end){0};
	if (fd >= 0) {
		enum shape shape = look(fd, id, &head, &tail, &error);
		end->exists = shape == SHAPE_GOOD;
		end->foreign = shape == SHAPE_FOREIGN;
		end->damaged = shape == SHAPE_BAD;
		end->number = end->exists ? tail.number : 0;
		(void)descriptor_close(fd);
	}
	if (error == ENOENT || fd >= 0)
		error = fd >= 0 ? error : 0;
	if (error != 0)
		diag_add(diags, DIAG_WARNING, NULL, 0, 0, _("读不了留痕“%s”。%s"), file, file_explain(error));
	memory_free(file);
	return error == 0 ? STATUS_OK : STATUS_IO;
}

/* ---- adding ---- */

struct adding {
	int fd;
	struct tail tail;
	struct buffer lines;
	int error;
};

static void flush(struct adding *adding)
{
	if (adding->error == 0 && adding->lines.length > 0)
		adding->error = descriptor_write(adding->fd, adding->lines.data, adding->lines.length);
	buffer_clear(&adding->lines);
}

static bool add_record(void *context, const struct record *record, const struct record_mark *end)
{
	struct adding *adding = context;

	(void)end;
	if (record->number <= adding->tail.number)
		return true;
	record_add(&adding->lines, record, adding->tail.sum);
	adding->tail.number = record->number;
	if (adding->lines.length >= PIECE)
		flush(adding);
	return adding->error == 0;
}

static int open_history(const char *path, const char *file, bool *is_new)
{
	int fd = descriptor_create(file, 0600);
	struct stat about;

	*is_new = fd >= 0;
	if (fd < 0 && errno == EEXIST)
		return descriptor_open(file, O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK, 0);
	if (fd >= 0 && path_about(path, &about) == 0)
		(void)descriptor_take_rights(fd, &about);
	return fd;
}

/* Brings an open history to where it can be added to; 0 or the errno; *aside: it cannot be. */
static int prepare(struct adding *adding, const struct record_head *head, bool *aside)
{
	struct record_head found;
	struct stat about;
	int error;
	enum shape shape;

	shape = look(adding->fd, head->id, &found, &adding->tail, &error);
	*aside = shape == SHAPE_FOREIGN || shape == SHAPE_BAD;
	if (error != 0 || *aside)
		return error;
	if (shape == SHAPE_EMPTY) {
		error = descriptor_cut(adding->fd, 0);
		record_head_add(&adding->lines, head, adding->tail.sum);
		adding->tail.number = head->first - 1;
		return error;
	}
	error = descriptor_about(adding->fd, &about);
	return error == 0 && about.st_size > adding->tail.whole ? descriptor_cut(adding->fd, adding->tail.whole)
								 : error;
}

static enum status move_aside(const char *file, struct diag_list *diags)
{
	char *aside = NULL;
	enum status status = file_set_aside(file, file, &aside, diags);

	if (status == STATUS_OK)
		diag_add(diags, DIAG_NOTE, NULL, 0, 0,
			 _("“%s”不是这份预算的留痕，或者末尾已损坏，已改名为“%s”；留痕从现在起重新记。"), file,
			 aside);
	memory_free(aside);
	return status;
}

static int finish(struct adding *adding, const char *file, bool is_new)
{
	char *directory = file_directory(file);

	flush(adding);
	if (adding->error == 0)
		adding->error = descriptor_sync(adding->fd);
	if (adding->error == 0 && is_new) {
		int error = path_sync_directory(directory);
		adding->error = error == EACCES || error == EINVAL ? 0 : error;
	}
	memory_free(directory);
	return adding->error;
}

enum status history_add(const char *path, const struct record_head *head, const struct journal_view *journal,
			off_t from, off_t to, struct diag_list *diags)
{
	char *file = history_path(path);
	struct record_head own = *head;
	struct adding adding = {0};
	bool is_new, aside = false;
	enum status status = STATUS_OK;

	own.history = true;
	snprintf(own.where, sizeof(own.where), "-");
	adding.fd = open_history(path, file, &is_new);
	adding.error = adding.fd < 0 ? errno : prepare(&adding, &own, &aside);
	if (adding.error == 0 && aside) {
		(void)descriptor_close(adding.fd);
		status = move_aside(file, diags);
		adding.fd = status == STATUS_OK ? open_history(path, file, &is_new) : -1;
		if (status == STATUS_OK)
			adding.error = adding.fd < 0 ? errno : prepare(&adding, &own, &aside);
	}
	if (adding.error == 0 && status == STATUS_OK)
		status = journal_visit(journal, from, to, add_record, &adding, diags);
	if (adding.error == 0 && status == STATUS_OK)
		adding.error = finish(&adding, file, is_new);
	if (adding.fd >= 0)
		(void)descriptor_close(adding.fd);
	if (adding.error != 0) {
		fail(diags, file, adding.error);
		status = STATUS_IO;
	}
	buffer_done(&adding.lines);
	memory_free(file);
	return status;
}

/* ---- copying ---- */

static int copy_bytes(int from, const char *to, const char *path)
{
	char room[16384], *temporary = file_temporary_name(to);
	int fd = descriptor_create(temporary, 0600), error = fd < 0 ? errno : 0;
	struct stat about;
	ssize_t got;

	while (error == 0 && (got = descriptor_read(from, room, sizeof(room))) != 0)
		error = got < 0 ? errno : descriptor_write(fd, room, (size_t)got);
	if (error == 0 && path_about(path, &about) == 0)
		(void)descriptor_take_rights(fd, &about);
	if (error == 0)
		error = descriptor_sync(fd);
	if (fd >= 0)
		(void)descriptor_close(fd);
	if (error == 0)
		error = path_rename(temporary, to);
	if (error != 0 && fd >= 0)
		(void)path_unlink(temporary);
	memory_free(temporary);
	return error;
}

enum status history_copy(const char *from, const char *path, struct diag_list *diags)
{
	char *old = from != NULL ? history_path(from) : NULL, *file = history_path(path);
	int fd = old != NULL && strcmp(old, file) != 0 ? descriptor_open(old, O_RDONLY | O_NONBLOCK, 0) : -1;
	enum status status = STATUS_OK;
	int error;

	if (file_exists(file) && (old == NULL || strcmp(old, file) != 0))
		status = move_aside(file, diags);
	error = fd >= 0 && status == STATUS_OK ? copy_bytes(fd, file, path) : 0;
	if (error != 0) {
		fail(diags, file, error);
		status = STATUS_IO;
	}
	if (fd >= 0)
		(void)descriptor_close(fd);
	memory_free(old);
	memory_free(file);
	return status;
}

/* ---- reading ---- */

struct reading {
	const char *file;
	size_t errors;
	uint64_t expected; /* number of the next record, 0: any */
	struct diag_list *diags;
};

static void complain(struct reading *reading, size_t line, const char *sentence)
{
	if (reading->errors++ < ERRORS_MOST)
		diag_add(reading->diags, DIAG_ERROR, reading->file, (unsigned)line, 0, "%s", sentence);
}

static void read_all(struct reading *reading, struct record_reader *reader, record_visitor visit, void *context)
{
	struct record_mark end = {0};
	struct record record;
	enum record_sight sight;

	while ((sight = record_read(reader, &record)) == RECORD_WHOLE || sight == RECORD_BAD) {
		size_t line = record_reader_line(reader);

		if (sight == RECORD_BAD) {
			complain(reading, line, _("这一行被改动或损坏过，没有列出；它前面或后面也可能少了几行。"));
			reading->expected = 0;
			continue;
		}
		if (reading->expected != 0 && record.number != reading->expected)
			complain(reading, line, _("这一行的前面缺了记录。"));
		reading->expected = record.number + 1;
		record_mark_set(&end, reader, &record);
		if (!visit(context, &record, &end))
			return;
	}
	if (sight == RECORD_CUT)
		diag_add(reading->diags, DIAG_NOTE, reading->file, (unsigned)record_reader_line(reader), 0, "%s",
			 _("最后一行没有写完：写到一半时断了电或被中止，下次保存时会补上。"));
	if (sight == RECORD_ERROR)
		complain(reading, record_reader_line(reader), file_explain(errno));
}

enum status history_visit(const char *path, struct record_head *head, record_visitor visit, void *context,
			  struct diag_list *diags)
{
	char *file = history_path(path);
	int fd = descriptor_open(file, O_RDONLY | O_NONBLOCK, 0);
	struct reading reading = {.file = file, .diags = diags};
	enum status status = STATUS_NOT_FOUND;

	*head = (struct record_head){0};
	if (fd >= 0) {
		struct record_reader *reader = record_reader_new(fd, 0, "");
		enum record_sight sight = record_read_head(reader, head);
		status = STATUS_OK;
		if (sight == RECORD_BAD || (sight == RECORD_WHOLE && !head->history))
			complain(&reading, 1, _("这不是本程序能读的留痕：可能是较新的预表写的，或者开头已经损坏。"));
		else if (sight == RECORD_ERROR)
			complain(&reading, 1, file_explain(errno));
		reading.expected = head->first;
		if (sight == RECORD_WHOLE && head->history)
			read_all(&reading, reader, visit, context);
		record_reader_free(reader);
		(void)descriptor_close(fd);
	} else if (errno != ENOENT) {
		complain(&reading, 0, file_explain(errno));
		status = STATUS_IO;
	}
	memory_free(file);
	return status;
}

struct save_search {
	uint64_t number;
	const char *digest;
	bool found;
};

static bool find_save(void *context, const struct record *record, const struct record_mark *end)
{
	struct save_search *search = context;

	(void)end;
	search->found = record->number == search->number && record->verb == RECORD_SAVE &&
			strcmp(record->after, search->digest) == 0;
	return record->number < search->number;
}

bool history_has_save(const char *path, const char *id, uint64_t number, const char *digest)
{
	struct save_search search = {.number = number, .digest = digest};
	struct record_head head;

	return history_visit(path, &head, find_save, &search, NULL) == STATUS_OK && search.found &&
	       strcmp(head.id, id) == 0;
}
