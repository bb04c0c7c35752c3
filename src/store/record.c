#include "store/record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/descriptor.h"
#include "base/digest.h"
#include "base/memory.h"
#include "base/text.h"

#define FORMAT_VERSION "1"
#define LABEL_MOST 1024
#define READ_STEP ((size_t)16 * 1024)
#define FIELDS_MOST 14

enum { FIELDS_OF_HEAD = 9, FIELDS_OF_RECORD = 14 };

static const char *const verb_words[RECORD_VERBS] = {"new", "do", "undo", "redo", "save", "take"};

const char *record_verb_word(enum record_verb verb)
{
	return verb_words[verb];
}

bool record_verb_changes(enum record_verb verb)
{
	return verb <= RECORD_REDO;
}

/* ---- writing ---- */

static void add_field(struct buffer *out, const char *text)
{
	for (;;) {
		size_t plain = 0;

		while ((unsigned char)text[plain] >= 0x20 && text[plain] != '\\' && text[plain] != 0x7F)
			plain++;
		buffer_add_bytes(out, text, plain);
		text += plain;
		switch (*text) {
		case '\0': buffer_add_byte(out, '\t'); return;
		case '\t': buffer_add(out, "\\t"); break;
		case '\n': buffer_add(out, "\\n"); break;
		case '\r': buffer_add(out, "\\r"); break;
		case '\\': buffer_add(out, "\\\\"); break;
		default: buffer_format(out, "\\x%02X", (unsigned)(unsigned char)*text); break;
		}
		text++;
	}
}

static void add_number(struct buffer *out, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64 "\t", number);
	buffer_add(out, text);
}

/* The sum of a line whose bytes, up to its own sum, are given. */
static void sum_of(const char *before, const char *line, size_t length, char out[RECORD_SUM_SIZE])
{
	struct digest digest;
	char text[DIGEST_TEXT_SIZE];

	digest_begin(&digest);
	digest_add(&digest, before, strlen(before));
	digest_add(&digest, line, length);
	digest_text(&digest, text);
	memcpy(out, text, RECORD_SUM_SIZE - 1);
	out[RECORD_SUM_SIZE - 1] = '\0';
}

static void close_line(struct buffer *out, size_t start, char sum[RECORD_SUM_SIZE])
{
	sum_of(sum, out->data + start, out->length - start, sum);
	buffer_add_bytes(out, sum, RECORD_SUM_SIZE - 1);
	buffer_add_byte(out, '\n');
}

void record_head_add(struct buffer *out, const struct record_head *head, char sum[RECORD_SUM_SIZE])
{
	size_t start = out->length;

	add_field(out, head->history ? "yubiao-history" : "yubiao-journal");
	add_field(out, FORMAT_VERSION);
	add_field(out, head->id);
	add_field(out, head->pack);
	add_field(out, head->edition);
	add_field(out, head->base);
	add_field(out, text_is_utf8(head->where, strlen(head->where)) ? head->where : "-");
	add_number(out, head->first);
	sum[0] = '\0';
	close_line(out, start, sum);
}

/* Labels are made of what was typed. */
static void add_label(struct buffer *out, const char *label)
{
	struct buffer clean = {0};
	size_t length;

	text_sanitize(&clean, label, strnlen(label, LABEL_MOST), false);
	for (length = clean.length; length > 0 && !text_is_utf8(buffer_text(&clean), length); length--)
		;
	if (length < clean.length)
		clean.data[length] = '\0';
	add_field(out, buffer_text(&clean));
	buffer_done(&clean);
}

void record_add(struct buffer *out, const struct record *record, char sum[RECORD_SUM_SIZE])
{
	size_t start = out->length;

	add_number(out, record->number);
	add_field(out, record->time);
	add_field(out, record->user);
	add_field(out, verb_words[record->verb]);
	add_number(out, record->group);
	add_field(out, record->goes_on ? "+" : ".");
	add_label(out, record->label);
	add_field(out, record->kind);
	add_field(out, record->table);
	add_field(out, record->row);
	add_field(out, record->column);
	add_field(out, record->before);
	add_field(out, record->after);
	close_line(out, start, sum);
}

/* ---- reading ---- */

struct record_reader {
	int fd;
	off_t position;     /* of the byte behind `room` */
	struct buffer room; /* read and not forgotten */
	size_t start;       /* of the line in `room` that was returned */
	size_t used;        /* bytes of `room` that were returned */
	size_t line;
	char sum[RECORD_SUM_SIZE];
	bool is_known; /* `sum` is what stands in the line before */
};

struct record_reader *record_reader_new(int fd, off_t offset, const char *sum)
{
	struct record_reader *reader = memory_new(sizeof(*reader));

	reader->fd = fd;
	reader->position = offset;
	reader->is_known = true;
	snprintf(reader->sum, sizeof(reader->sum), "%s", sum);
	return reader;
}

void record_reader_free(struct record_reader *reader)
{
	if (reader == NULL)
		return;
	buffer_done(&reader->room);
	memory_free(reader);
}

off_t record_reader_offset(const struct record_reader *reader)
{
	return reader->position - (off_t)(reader->room.length - reader->used);
}

size_t record_reader_line(const struct record_reader *reader)
{
	return reader->line;
}

const char *record_reader_sum(const struct record_reader *reader)
{
	return reader->sum;
}

/* Only before reading on: a file of short lines must not be moved along with each of them. */
static void forget_used(struct record_reader *reader)
{
	if (reader->used == 0)
		return;
	reader->room.length -= reader->used;
	memmove(reader->room.data, reader->room.data + reader->used, reader->room.length);
	reader->start = reader->used = 0;
}

/* Reads on behind `room`: bytes, 0 at the end, -1. */
static ssize_t read_on(struct record_reader *reader)
{
	char *end = buffer_room(&reader->room, READ_STEP);
	ssize_t got = descriptor_read_at(reader->fd, end, READ_STEP, reader->position);

	if (got > 0) {
		reader->position += got;
		reader->room.length += (size_t)got;
		reader->room.data[reader->room.length] = '\0';
	}
	return got;
}

/* Passes over a line that is too long to be one. */
static enum record_sight skip_line(struct record_reader *reader)
{
	for (;;) {
		char *end = memchr(reader->room.data, '\n', reader->room.length);
		ssize_t got;

		if (end != NULL) {
			reader->used = (size_t)(end - reader->room.data) + 1;
			reader->is_known = false;
			return RECORD_BAD;
		}
		reader->room.length = 0;
		got = read_on(reader);
		if (got <= 0)
			return got < 0 ? RECORD_ERROR : RECORD_CUT;
	}
}

/* The next line, without its end, as *length bytes at `start` in `room`. */
static enum record_sight next_line(struct record_reader *reader, bool may_skip, size_t *length)
{
	size_t searched = 0;

	reader->line++;
	reader->start = reader->used;
	for (;;) {
		size_t left = reader->room.length - reader->start;
		const char *line = left > 0 ? reader->room.data + reader->start : NULL;
		const char *end = left > searched ? memchr(line + searched, '\n', left - searched) : NULL;
		ssize_t got;

		if (end != NULL) {
			*length = (size_t)(end - line);
			reader->used = reader->start + *length + 1;
			return RECORD_WHOLE;
		}
		searched = left;
		forget_used(reader);
		if (searched > RECORD_LINE_MOST)
			return may_skip ? skip_line(reader) : RECORD_BAD;
		got = read_on(reader);
		if (got < 0)
			return RECORD_ERROR;
		if (got == 0)
			return searched == 0 ? RECORD_END : RECORD_CUT;
	}
}

static bool is_sum(const char *text, size_t length)
{
	return length == RECORD_SUM_SIZE - 1 && strspn(text, "0123456789abcdef") >= length;
}

/* Checks the sum at the end of the line and passes it on to the next one. */
static bool sum_fits(struct record_reader *reader, size_t length)
{
	const char *line = reader->room.data + reader->start;
	size_t body = length >= RECORD_SUM_SIZE ? length - (RECORD_SUM_SIZE - 1) : 0;
	char sum[RECORD_SUM_SIZE];
	bool fits;

	if (body == 0 || line[body - 1] != '\t' || !is_sum(line + body, length - body)) {
		reader->is_known = false;
		return false;
	}
	sum_of(reader->sum, line, body, sum);
	fits = reader->is_known && memcmp(sum, line + body, RECORD_SUM_SIZE - 1) == 0;
	memcpy(reader->sum, line + body, RECORD_SUM_SIZE - 1);
	reader->sum[RECORD_SUM_SIZE - 1] = '\0';
	reader->is_known = true;
	return fits;
}

static int hexadecimal(char digit)
{
	const char *digits = "0123456789ABCDEF", *place = digit != '\0' ? strchr(digits, digit) : NULL;

	return place != NULL ? (int)(place - digits) : -1;
}

/* Undoes add_field() in place; false if it is not what add_field() writes. */
static bool unescape(char *text)
{
	char *out = text;

	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < 0x20)
			return false;
		if (*text != '\\') {
			*out++ = *text;
			continue;
		}
		switch (*++text) {
		case 't': *out++ = '\t'; break;
		case 'n': *out++ = '\n'; break;
		case 'r': *out++ = '\r'; break;
		case '\\': *out++ = '\\'; break;
		case 'x': {
			int high = hexadecimal(text[1]), low = high >= 0 ? hexadecimal(text[2]) : -1;
			if (low < 0 || high * 16 + low == 0)
				return false;
			*out++ = (char)(high * 16 + low);
			text += 2;
			break;
		}
		default: return false;
		}
	}
	*out = '\0';
	return true;
}

/* Parts the line, which is changed. True if it has just `count` fields of clean text. */
static bool split(char *line, size_t length, char *fields[FIELDS_MOST], int count)
{
	int found = 0;

	if (memchr(line, '\0', length) != NULL || !text_is_utf8(line, length))
		return false;
	line[length] = '\0';
	for (char *rest = line, *field; (field = strsep(&rest, "\t")) != NULL; found++) {
		if (found == count || !unescape(field))
			return false;
		fields[found] = field;
	}
	return found == count;
}

static bool read_number(const char *text, uint64_t *number)
{
	size_t length = strlen(text);

	*number = 0;
	if (length == 0 || length > 18 || strspn(text, "0123456789") != length)
		return false;
	*number = strtoull(text, NULL, 10);
	return true;
}

static bool set_text(char *out, size_t size, const char *text)
{
	return (size_t)snprintf(out, size, "%s", text) < size;
}

enum record_sight record_read_head(struct record_reader *reader, struct record_head *out)
{
	char *fields[FIELDS_MOST];
	size_t length;
	enum record_sight sight = next_line(reader, false, &length);

	*out = (struct record_head){0};
	if (sight != RECORD_WHOLE)
		return sight;
	reader->sum[0] = '\0';
	if (!sum_fits(reader, length) || !split(reader->room.data + reader->start, length, fields, FIELDS_OF_HEAD))
		return RECORD_BAD;
	out->history = strcmp(fields[0], "yubiao-history") == 0;
	if ((!out->history && strcmp(fields[0], "yubiao-journal") != 0) ||
	    strcmp(fields[1], FORMAT_VERSION) != 0 || !set_text(out->id, sizeof(out->id), fields[2]) ||
	    !set_text(out->pack, sizeof(out->pack), fields[3]) ||
	    !set_text(out->edition, sizeof(out->edition), fields[4]) ||
	    !set_text(out->base, sizeof(out->base), fields[5]) ||
	    !set_text(out->where, sizeof(out->where), fields[6]) || !read_number(fields[7], &out->first) ||
	    out->first == 0)
		return RECORD_BAD;
	return RECORD_WHOLE;
}

static bool find_verb(const char *word, enum record_verb *verb)
{
	for (int i = 0; i < RECORD_VERBS; i++)
		if (strcmp(word, verb_words[i]) == 0) {
			*verb = (enum record_verb)i;
			return true;
		}
	return false;
}

static bool set_record(struct record *out, char *fields[FIELDS_MOST])
{
	*out = (struct record){.time = fields[1],
			       .user = fields[2],
			       .goes_on = fields[5][0] == '+',
			       .label = fields[6],
			       .kind = fields[7],
			       .table = fields[8],
			       .row = fields[9],
			       .column = fields[10],
			       .before = fields[11],
			       .after = fields[12]};
	return read_number(fields[0], &out->number) && out->number > 0 && find_verb(fields[3], &out->verb) &&
	       read_number(fields[4], &out->group) &&
	       (strcmp(fields[5], "+") == 0 || strcmp(fields[5], ".") == 0);
}

enum record_sight record_read(struct record_reader *reader, struct record *out)
{
	char *fields[FIELDS_MOST];
	size_t length;
	enum record_sight sight = next_line(reader, true, &length);
	bool fits;

	if (sight != RECORD_WHOLE)
		return sight;
	fits = sum_fits(reader, length);
	if (split(reader->room.data + reader->start, length, fields, FIELDS_OF_RECORD) && set_record(out, fields))
		return fits ? RECORD_WHOLE : RECORD_BAD;
	*out = (struct record){0};
	return RECORD_BAD;
}

bool record_read_unchecked(struct record_reader *reader, struct record *out)
{
	char *fields[FIELDS_MOST];
	size_t length;

	if (next_line(reader, true, &length) != RECORD_WHOLE)
		return false;
	(void)sum_fits(reader, length);
	return reader->is_known && split(reader->room.data + reader->start, length, fields, FIELDS_OF_RECORD) &&
	       set_record(out, fields);
}

void record_mark_set(struct record_mark *mark, const struct record_reader *reader, const struct record *record)
{
	mark->offset = record_reader_offset(reader);
	memcpy(mark->sum, reader->sum, sizeof(mark->sum));
	mark->number = record->number;
	if (record_verb_changes(record->verb))
		mark->changed = record->number;
}

/* ---- from the end ---- */

off_t record_line_start(int fd, off_t end)
{
	char room[4096];

	for (off_t at = end - 1; at > 0 && end - at < (off_t)RECORD_LINE_MOST;) {
		off_t from = at > (off_t)sizeof(room) ? at - (off_t)sizeof(room) : 0;
		ssize_t got = descriptor_read_at(fd, room, (size_t)(at - from), from);

		if (got != (ssize_t)(at - from))
			return -1;
		for (ssize_t i = got; i > 0; i--)
			if (room[i - 1] == '\n')
				return from + i;
		at = from;
	}
	return end - 1 < (off_t)RECORD_LINE_MOST ? 0 : -1;
}

/* A reader at the line that ends at `end`, which knows the sum of the one before. */
static struct record_reader *reader_at_line(int fd, off_t end)
{
	off_t start = record_line_start(fd, end), before = start > 0 ? record_line_start(fd, start) : -1;
	struct record_reader *reader;
	struct record_head head;
	struct record record;

	if (before < 0)
		return NULL;
	reader = record_reader_new(fd, before, "");
	if (before == 0 ? record_read_head(reader, &head) == RECORD_WHOLE : record_read_unchecked(reader, &record))
		return reader;
	record_reader_free(reader);
	return NULL;
}

struct record_reader *record_read_last(int fd, off_t size, struct record *record)
{
	struct record_reader *reader = size > 0 ? reader_at_line(fd, size) : NULL;

	if (reader != NULL && record_read(reader, record) == RECORD_WHOLE && record_reader_offset(reader) == size)
		return reader;
	record_reader_free(reader);
	return NULL;
}
