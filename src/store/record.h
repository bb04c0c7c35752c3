/* One text format for the journal and the history: UTF-8, a record a line, fields parted by tabs.
 *
 *   yubiao-journal  1  ID  PACK  EDITION  BASE  WHERE  FIRST  SUM                        the head
 *   NUMBER TIME USER VERB GROUP GOES-ON LABEL KIND TABLE ROW COLUMN BEFORE AFTER SUM    a record
 *
 * In a field \t \n \r \\ stand for themselves, \xNN for any other control. SUM is the beginning of SHA-256 over
 * the SUM of the line before (none before the head) and the line up to its own SUM: so a line that was changed,
 * lost, moved or added does not fit. Numbers go up by one. Values are written as the workbook file writes them,
 * tables and columns by the words of that file, so that a person can read them and they can be listed without
 * the pack.
 *
 * A group is what the user sees as one change: its records follow one another, all but the last say that it
 * GOES-ON, and GROUP is the number of the first. Taking a group back is a group of its own, the other way
 * round. A group counts only as a whole. */
#ifndef YUBIAO_STORE_RECORD_H
#define YUBIAO_STORE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buffer.h"

#define RECORD_SUM_SIZE 17                  /* 16 hexadecimal digits and a NUL */
#define RECORD_LINE_MOST ((size_t)272 * 1024) /* bytes; two texts of 64 KiB, every byte escaped, and the rest */

enum record_verb {
	RECORD_NEW, /* what a new workbook begins with; it cannot be undone */
	RECORD_DO,
	RECORD_UNDO,
	RECORD_REDO,
	RECORD_SAVE, /* a group of its own; `after` is the SHA-256 of the file that is put in place next */
	RECORD_TAKE, /* a group of its own: what was not saved was taken over by this user */
	RECORD_VERBS,
};
/* The word in the file: do, undo, … */
const char *record_verb_word(enum record_verb verb);
/* It changes the workbook, not only what is known of it. */
bool record_verb_changes(enum record_verb verb);

struct record { /* the texts are borrowed; none is NULL */
	uint64_t number;
	const char *time; /* 2024-05-06T10:21:33+08:00 */
	const char *user; /* user@host */
	enum record_verb verb;
	uint64_t group;
	bool goes_on;
	const char *label; /* of the group; on its first record only */
	const char *kind, *table, *row, *column, *before, *after; /* store/change.h */
};

struct record_head {
	bool history;
	char id[33];      /* of the workbook */
	char pack[64], edition[72];
	char base[65];    /* SHA-256 of the file that it starts from, "-": from an empty workbook */
	char where[1024]; /* the file's path when the journal was begun; "-": no file yet, or a history */
	uint64_t first;   /* number of the first record */
};

/* Adds a line and brings `sum`, which is that of the line before, up to date. A label is cut to 1 KiB. */
void record_head_add(struct buffer *out, const struct record_head *head, char sum[RECORD_SUM_SIZE]);
void record_add(struct buffer *out, const struct record *record, char sum[RECORD_SUM_SIZE]);

struct record_mark { /* a place between two records */
	off_t offset;
	char sum[RECORD_SUM_SIZE]; /* of the line that ends there */
	uint64_t number;           /* of the record that ends there; one less than the first: none */
	uint64_t changed;          /* of the last record up to there that changes something; 0: none */
#define RECORD_CHANGED_UNKNOWN UINT64_MAX
};

/* ---- reading ---- */

enum record_sight {
	RECORD_WHOLE,
	RECORD_BAD, /* a line that does not fit; the next one may */
	RECORD_END, /* of what was asked for */
	RECORD_CUT, /* the last line has no end; nothing follows */
	RECORD_ERROR, /* the file cannot be read; errno */
};

/* Reads lines of a descriptor by their offsets, a line at a time; the memory does not grow with the file. */
struct record_reader;
/* `fd` is borrowed. `sum`: of the line that ends at `offset`, "" at the beginning of the file. */
struct record_reader *record_reader_new(int fd, off_t offset, const char *sum);
void record_reader_free(struct record_reader *reader);
/* The first line. RECORD_BAD: it is no head of this format. */
enum record_sight record_read_head(struct record_reader *reader, struct record_head *out);
/* The next line. After RECORD_BAD the sum that stands in the bad line is believed for the next, and `out` is what the
 * line seems to say; group 0: nothing. The texts live until the next call. */
enum record_sight record_read(struct record_reader *reader, struct record *out);
/* The next line, whatever stood before it: its sum is believed. False if it is no record. */
bool record_read_unchecked(struct record_reader *reader, struct record *out);
/* The last of the lines that end at `size`, checked against the one before it. `record` lives as
 * long as the reader, which the caller frees; NULL: it cannot be read, does not fit, or there is none. */
struct record_reader *record_read_last(int fd, off_t size, struct record *record);
/* Where the line that ends at `end` begins; -1: it is too long, or cannot be read. */
off_t record_line_start(int fd, off_t end);
/* Moves `mark` behind the record that was just read. */
void record_mark_set(struct record_mark *mark, const struct record_reader *reader, const struct record *record);
off_t record_reader_offset(const struct record_reader *reader);      /* behind the last line read */
size_t record_reader_line(const struct record_reader *reader);       /* its number, from 1 at `offset` */
const char *record_reader_sum(const struct record_reader *reader);   /* as it stands there */

#endif
