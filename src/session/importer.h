/* How an import is planned. Internal to the session directory.
 *
 * The planner does the import on a session of its own that shares the workbook (`trial`), text after text, so
 * that whatever is looked up (a row, an entry, a card) stands there as it will when the import is done. At the
 * end its one group of operations is taken back and kept: that is what landing does again.
 *
 *   import_source  bytes to cells                import_fixed    fixed rows by their captions
 *   import_head    which lines are the head      import_entries  rows of entries of a list
 *   import_columns which column is which         import_card     the fields of a card
 *   import_code    codes, whole or in parts      import_cursor   a block, from the cursor on
 *   import_coded   rows of a table of codes      import_cell     one cell of the text into one cell of the table
 *   import_part    what is noted on the way      import_silent   texts that say nothing
 *   import_plan    all of it in order            import_land     the landing */
#ifndef YUBIAO_SESSION_IMPORTER_H
#define YUBIAO_SESSION_IMPORTER_H

#include "base/delimited.h"
#include "base/map.h"
#include "session/import.h"
#include "session/state.h"

#define IMPORT_NO_COLUMN ((size_t)-1)
#define IMPORT_NOTES_MOST 500 /* of one text; what goes beyond is counted */

struct import_origin { /* where an operation comes from */
	unsigned part, line; /* indexes; line: among the part's lines, or the number of them for none */
};

struct import_pending { /* a total, to be compared with what comes out when all has landed */
	size_t part, line, cell; /* indexes */
	const struct form_unit *unit;
};

struct import_work {
	struct arena *arena; /* every text of the plan */
	struct session trial;
	struct import_settings settings;
	struct import_origin *origins; /* of each operation of the trial's group */
	size_t origin_count, origin_capacity;
	struct delimited *texts; /* of each part, for its cells are shown */
	size_t part_capacity, text_capacity;
	struct import_pending *pending;
	size_t pending_count, pending_capacity;
};

#define IMPORT_BEYOND (-2) /* the leaf of a column that the table does not have */
#define IMPORT_WHOLE_CODE CATALOGUE_LEVELS_MAX

struct import_column { /* of the text */
	int leaf;                     /* what it holds of the table; -1: nothing, or a part of the code; IMPORT_BEYOND */
	int level;                    /* in a table of codes: the part that it holds, or IMPORT_WHOLE_CODE; -1 */
	const struct form_unit *unit; /* that its amounts are in; NULL: the table's own */
	const char *head;             /* as the text heads it, groups before a slash; "" */
};


struct import_caption {
	const struct form_column *column; /* a leaf or a group of the grid */
	const char *name;                 /* as import_name_of() gives it */
};

struct importer { /* the work on one text */
	struct import_plan *plan;
	struct import_work *work;
	struct import_part *part;
	struct session *trial;
	const struct workbook *workbook;
	const struct form_table *form;
	struct delimited *text;
	size_t sheet;                /* of the table, where the text lands */
	size_t body, end;            /* the rows of the text that are rows of the table: [body, end) */
	size_t head, head_end;       /* its rows that are the head; none where they are equal */
	struct import_column *columns;
	size_t column_count;
	struct import_caption *captions; /* all names of all columns and groups */
	size_t caption_count, caption_capacity;
	struct map *caption_names;
	const struct form_unit *unit; /* of amounts, as settings or text say; NULL: each column's own */
	struct map *touched;         /* keys of rows that the text has -> the line of the text, plus one */
	bool adds_card;
	bool has_no_sheet;      /* `sheet` was added to try the text, and goes with it */
	size_t first_operation; /* that the text gave, in the trial's group */
	bool says_something;    /* there was a cell to be filled that is not blank */
	size_t line; /* the line of the plan that is worked on */
	size_t line_capacity, cell_capacity, note_capacity;
	const struct import_place *place; /* of the cursor; NULL: a file */
	bool place_is_card;               /* a whole card was pasted, and it lands like a file */
};

/* ---- import_land.c ---- */

void import_forget_operations(struct import_work *work);

/* ---- import_part.c ---- */

/* A note of the text's row `row` and column `column` (IMPORT_NO_COLUMN: the whole row); row (size_t)-1: the text
 * as a whole. */
#define IMPORT_NO_ROW ((size_t)-1)
void import_note(struct importer *importer, enum import_severity severity, size_t row, size_t column,
		 const char *format, ...) __attribute__((format(printf, 5, 6)));
/* All errors of `diags` as problems of that place; clears them. */
void import_note_at(struct importer *importer, enum import_severity severity, unsigned line, unsigned column,
		    const char *format, ...) __attribute__((format(printf, 5, 6)));
void import_note_diags(struct importer *importer, size_t row, size_t column, struct diag_list *diags);
/* Begins a line of the plan, for the text's row `row`, which lands in the row with `key` ("": in none). */
void import_begin_line(struct importer *importer, size_t row, const char *key, bool adds_row);
/* Goes back to a line that has no cells yet. */
void import_resume_line(struct importer *importer, size_t line);
/* A cell of the line that is worked on. */
struct import_cell *import_add_cell(struct importer *importer, size_t row, size_t column, int leaf,
				    enum import_effect effect);
/* A problem of a cell, which is added to the line that is worked on. */
void import_refuse_cell(struct importer *importer, size_t row, size_t column, int leaf, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* The operations done since the last call come from the line that is worked on. The number of them. */
size_t import_claim(struct importer *importer);
/* There have been so many problems that looking on helps nobody. */
bool import_is_hopeless(const struct importer *importer);
char *import_copy(struct importer *importer, const char *text);

/* ---- import_text.c: what a cell says ---- */

/* The cell without blanks at both ends. */
const char *import_raw(const struct importer *importer, size_t row, size_t column);
bool import_is_blank_row(const struct importer *importer, size_t row);
/* Cells of the row that hold something; *first: the first of them. */
size_t import_filled(const struct importer *importer, size_t row, size_t *first);
/* Without what spreadsheets put around text that must stay text (an apostrophe, ="…"). Borrowed from `room` or
 * from the text. NULL: it is a formula, or the error that one gave. `words`: text, of which only what was put
 * there by an export is taken away, and leading blanks are kept. */
const char *import_plain(const struct importer *importer, size_t row, size_t column, bool words,
			 struct buffer *room);
/* -- — ／ and the like, or nothing. */
bool import_is_void(const char *text);
bool import_is_figure(const char *text);
/* Folded, without blanks; added to `out`. */
void import_squeeze(struct buffer *out, const char *text);
/* What captions are compared by: folded, without blanks, number in front, brackets, punctuation and year. */
char *import_name_of(const char *caption);
bool import_same_name(const char *one, const char *other);
bool import_same_text(const char *one, const char *other);
/* The text says a unit of money: 单位：万元, or with `bare` (万元) alone too. *unit: which, NULL for one that is
 * not known (亿元). */
bool import_unit_in(const char *text, bool bare, const struct form_unit **unit);
/* 注：, 制表：… : a line below a table. */
bool import_is_remark(const char *text);

/* ---- import_source.c ---- */

/* Bytes to cells, `text` and `part` filled. `cut`: there were more bytes. False after noting why not. */
bool import_read_bytes(struct importer *importer, struct buffer *bytes, bool cut, char separator);
/* All files that `path` means, in order: itself, or of a directory its tables. The caller frees both. */
size_t import_list_files(const char *path, char ***out);
/* What an exported file's name says: NN-ID-K-head.csv. */
struct import_name {
	int table;     /* -1: nothing */
	size_t number; /* of the card, from 1; 0 */
};
struct import_name import_name_in(const struct form_pack *pack, const char *path);

/* ---- import_head.c, import_columns.c ---- */

/* The row repeats the head: a printed table goes on over pages. */
bool import_is_head_again(const struct importer *importer, size_t row);
/* Looks at a row that is no row of the table; true if it says a unit. */
bool import_read_surroundings(struct importer *importer, size_t row);
/* Finds the head and the body; fills head, head_end, body, end and what the lines around them say. */
void import_find_body(struct importer *importer);
/* Which column is which, by the head; false if there is a problem. */
bool import_columns_by_head(struct importer *importer);
/* The same by position: as printed, perhaps without the ordinal, codes split or not. */
bool import_columns_by_shape(struct importer *importer);
/* Of a pasted block that begins with codes. False: it does not. */
bool import_columns_by_codes(struct importer *importer);
/* Room for the columns of the text from that row on. */
void import_begin_columns(struct importer *importer, size_t first_row);
/* The text's column that holds `leaf`; IMPORT_NO_COLUMN: none. */
size_t import_column_of(const struct importer *importer, int leaf);
int import_first_leaf(const struct form_table *form);
void import_learn_captions(struct importer *importer);
/* The text is the caption, or ends with that, of a column or a group of the grid. */
bool import_is_caption(const struct importer *importer, const char *text, bool groups_only);
/* What stands in the rows [first, end) above a column is a path that the table has; *parts: its length. */
bool import_path_is_known(const struct importer *importer, size_t column, size_t first, size_t end, size_t *parts);

/* ---- codes: import_code.c ---- */

/* The code in a row of the text, put together and completed; added to `out`. False after noting why not. An
 * empty one is no failure. */
struct import_codes { /* the parts of the row above, for those left blank */
	char above[CATALOGUE_LEVELS_MAX][24];
};
bool import_code(struct importer *importer, size_t row, struct import_codes *codes, struct buffer *out);
/* A code as it may be written in one cell, without what spreadsheets do to codes; added to `out`. */
void import_tidy_code(struct buffer *out, const char *text);
/* Cuts 2012901 行政运行, 2012901-行政运行, [2012901]行政运行; added to `code` and `name` (may be NULL), squeezed.
 * False, nothing added: it is not so written. */
bool import_split_code(const char *text, struct buffer *code, struct buffer *name);
bool import_has_code_columns(const struct importer *importer);
/* All that the column holds could be parts of codes. */
bool import_is_code_part(const struct importer *importer, size_t column);

/* ---- rows ---- */

/* Puts the body into a table of codes (import_coded.c), or into one of fixed rows and entries (import_rows.c). */
void import_coded_rows(struct importer *importer);
void import_rows(struct importer *importer);
/* Where `once` is meant, a blank cell says what the row above says, as long as the `once` cells to its left do
 * so too: a printed table leaves out what is repeated. */
struct import_above {
	const char **texts; /* of each leaf, NULL: nothing yet; the caller frees */
	bool same;          /* of the row at hand, so far */
};
void import_above_begin(struct importer *importer, struct import_above *above);
/* What the cell says, for import_put(); NULL: what stands in it. */
const char *import_above_text(struct importer *importer, struct import_above *above, size_t row, size_t column,
			      int leaf);

/* The row holds more than its line number. */
bool import_has_content(const struct importer *importer, size_t row);
/* The cells of a row of the text that belong to `target`: all columns of its block. */
void import_put_row(struct importer *importer, size_t row, const struct row *target);
/* What the text has in columns that the table does not have is refused. */
void import_refuse_beyond(struct importer *importer, size_t row);

/* The fixed row of each block that a row of the text means; NULL: none. What it means but cannot be told is
 * noted, `refused`. */
struct import_target {
	const struct row *rows[2];
	bool refused;
};
/* Of each row of the body (import_fixed.c); the caller frees. */
struct import_target *import_match_fixed(struct importer *importer);

/* Entries of the table's list (import_entries.c). */
struct import_entries;
struct import_entries *import_entries_begin(struct importer *importer);
void import_put_entry(struct import_entries *entries, size_t row);
void import_entries_end(struct import_entries *entries);
/* An entry that is there, of `list`, with this code, or else this name; NULL. */
const struct entry_node *import_find_entry(const struct importer *importer, int list, const char *name,
					   const char *code);

/* A block, from the cursor on (import_cursor.c). */
void import_from_cursor(struct importer *importer);

/* ---- import_card.c ---- */

/* Finds the sheet of the table that the text lands in, and puts the fields of a card in, if the text has them; the
 * grid begins at importer->body then. `number`: of the card, as the file's name says, 0. False after noting why
 * it cannot go on. */
bool import_card(struct importer *importer, size_t number);
/* The text has labels of the card's fields, so that it cannot be but a card. */
bool import_holds_fields(const struct importer *importer);
/* The text was put into a sheet that there is not (has_no_sheet), which has been taken back: says so, unless the
 * text says nothing itself. */
void import_refuse_sheet(struct importer *importer);

/* ---- import_silent.c ---- */

/* Ends the group of the trial that the text's operations are in: they stay, unless the text says nothing. */
void import_conclude(struct importer *importer);

/* ---- import_cell.c ---- */

/* Puts a cell of the text into the cell of `row`. `text` NULL: what the text has there. */
void import_put(struct importer *importer, size_t row, size_t column, int leaf, const struct row *target,
		const char *text);

#endif
