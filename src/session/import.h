/* Importing body rows of tables: from files of delimited text, or from a block that is pasted. One planner and
 * one landing for both.
 *
 * A plan is made first and shown. To make it, the import is done on the workbook and taken back: only so can be
 * known what the model refuses, and which totals come out. Rows that stand stay valid, findings do not. The plan
 * holds what was done as operations; session_import() does them again, all or nothing, as one change. So a plan
 * is good only as long as nothing else changes the workbook; to see it with other settings, make another one. */
#ifndef YUBIAO_SESSION_IMPORT_H
#define YUBIAO_SESSION_IMPORT_H

#include "session/session.h"

enum import_totals { /* what becomes of a figure that lands in a computed cell */
	IMPORT_TOTALS_CONTROL, /* it is taken as the control figure of the cell */
	IMPORT_TOTALS_COMPARE, /* it must be what comes out, else it is a problem */
	IMPORT_TOTALS_LEAVE,   /* it is left out, and counted */
};

struct import_settings {
	int table;                    /* -1: told from the names of the files, as export gives them */
	const char *card;             /* of a table of cards or sheets: NAME, CODE, @12, #2; NULL: as the text says */
	const struct form_unit *unit; /* of amounts; NULL: as the text says, else each column's own */
	const char *encoding;         /* as iconv calls it; NULL: told from the bytes */
	enum import_totals totals;
	bool replace; /* rows of the table that the text lacks lose their figures */
};

struct import_place { /* of the cursor, when a block is pasted */
	size_t sheet, line;
	int leaf;
};

enum import_effect { /* what becomes of a cell of the text */
	IMPORT_NONE,     /* nothing: it stands there already, is blank in both, or tells the row or column */
	IMPORT_FIGURE,   /* is entered: a figure, a text, a choice, a date */
	IMPORT_CLEAR,    /* blank in the text: what was entered is taken out */
	IMPORT_CONTROL,  /* becomes a control figure */
	IMPORT_NAME,     /* names a code, or an entry of a list */
	IMPORT_COMPUTED, /* is compared with what comes out, and agrees */
	IMPORT_LEFT_OUT, /* a total that is not wanted */
	IMPORT_PROBLEM,  /* cannot land: see the notes of its line */
	IMPORT_EFFECTS,
};

#define IMPORT_NO_CHANGE ((size_t)-1)

struct import_cell {
	unsigned line, column; /* where it begins in the text, from 1 */
	int leaf;              /* -1: no column of the table */
	enum import_effect effect;
	const char *text;      /* as it stands in the text, sanitized, blanks at both ends left out */
	size_t change;         /* for import_change_texts(); IMPORT_NO_CHANGE */
};

struct import_line { /* a line of the text and the row that it lands in; one that holds rows of two blocks is two */
	unsigned line;   /* in the text, from 1 */
	const char *row; /* the row as the table names it: `2012901 行政运行`; "": it lands nowhere */
	const char *key; /* of the row, also of one that is yet to come; "" */
	bool adds_row;
	size_t first, count; /* its cells, in part.cells */
};

enum import_severity {
	IMPORT_IS_PROBLEM, /* with one nothing is imported */
	IMPORT_IS_WARNING, /* a total that is not one, another name than the catalogue's: to be looked at */
	IMPORT_IS_NOTE,    /* what was passed over, and how the text was understood */
};

struct import_note {
	enum import_severity severity;
	unsigned line, column; /* 0: the text as a whole, the line as a whole */
	const char *text;      /* a sentence, without its place */
};

struct import_tally {
	size_t lines;                   /* of rows */
	size_t cells[IMPORT_EFFECTS];
	size_t rows_added;              /* rows of codes, entries of lists */
	size_t rows_untouched;          /* of the table (or sheet), with figures, which the text lacks */
	size_t rows_emptied;            /* of these, with `replace` */
};

struct import_part { /* one text */
	const char *name; /* of the file, to be shown; "": pasted */
	int table;        /* -1: not known */
	const char *sheet; /* the card or sheet, "" */
	const struct form_unit *unit; /* that amounts were read in; NULL: each column's own */
	const char *encoding; /* that the bytes were in */
	struct import_line *lines; /* in the order of the text */
	size_t line_count;
	struct import_cell *cells;
	size_t cell_count;
	struct import_note *notes; /* by line, then column */
	size_t note_count;
	struct import_tally tally;
};

struct import_plan {
	struct import_part *parts;
	size_t part_count;
	struct import_tally tally; /* of all parts */
	size_t problems, warnings; /* of all parts; more than there are notes, where there are very many */
	size_t changes;            /* operations; 0: everything stands already */
	struct import_work *work;  /* the planner's own */
};

/* Bounds of one text. */
#define IMPORT_BYTES_MOST ((size_t)4 << 20)

/* Plans files, in the order given; of a directory, all *.csv and *.tsv in it, but for those that are by their names
 * of another table than the one of the settings. "-" is the standard input. Later
 * files see the rows and entries that earlier ones add. Never NULL: a file that cannot be read is a problem. */
struct import_plan *session_import_plan(const struct session *session, const struct import_settings *settings,
					const char *const *paths, size_t count);
/* Plans text that is there already; `name` is what to call it. */
struct import_plan *session_import_plan_text(const struct session *session,
					     const struct import_settings *settings, const char *name,
					     const char *bytes, size_t length);
/* Plans a block of cells at the cursor. What has codes, or captions above its columns, lands by these, as from a
 * file; else it lands from the cursor on, line by line and column by column, and in a table of free rows adds
 * what goes beyond the last. A blank cell clears. At a field of a card it must be a card. */
struct import_plan *session_paste_plan(const struct session *session, const struct import_settings *settings,
				       const struct import_place *place, const char *text);
/* The block has labels of the fields of a card of the table: pasted at one of its fields, it is the card. */
bool session_paste_is_card(const struct session *session, int table, const char *text);
void import_plan_free(struct import_plan *plan);
/* The pack that the plan's tables are of. */
const struct form_pack *import_plan_pack(const struct import_plan *plan);

/* What stands now, and what will, in the cell of a change; each added to its buffer (may be NULL). */
void import_change_texts(const struct import_plan *plan, size_t change, struct buffer *old, struct buffer *new);
/* A line for each change: `《支出总表》[2012901 行政运行].基本支出：（空）→ 62.89`. Added to `out`. */
void import_change_line(const struct import_plan *plan, size_t change, struct buffer *out);
/* `第 3 行第 2 栏：…`, with the file's name where there are several; added to `out`. */
void import_note_line(const struct import_plan *plan, const struct import_part *part,
		      const struct import_note *note, struct buffer *out);
/* The summary in a few words: 填 24 个数，12 个控制数，加 3 行. Added to `out`. */
void import_tally_words(const struct import_tally *tally, struct buffer *out);

/* Does what was planned. STATUS_INVALID with a sentence, and nothing changed, if there are problems. */
enum status session_import(struct session *session, struct import_plan *plan, struct diag_list *diags);

#endif
