/* What the files of the model share. Nothing outside src/model includes this. */
#ifndef YUBIAO_MODEL_INTERNAL_H
#define YUBIAO_MODEL_INTERNAL_H

#include "base/map.h"
#include "model/finding.h"
#include "model/operation.h"
#include "model/workbook.h"

struct cell { /* a value, or a change of one; sums of cells are component-wise, so a change is added with its sign */
	int64_t number;
	int64_t slack;    /* halves of the smallest unit */
	uint32_t figures; /* entered figures inside; 0: blank */
	uint32_t rounded;
};

struct control {
	int leaf;
	int64_t number;
	struct control *next;
};

struct finding_node {
	struct finding finding;
	char *key;
	char *texts[2]; /* of the verdict's two sides, which were borrowed when it was given */
	struct finding_node *next_in_row;
	struct finding_node *next, *previous; /* of the table */
};

struct entry_node {
	int id, list;
	struct entry_node *owner;
	char *code, *name; /* never NULL */
	char key[16];      /* @12 */
	size_t place;      /* in its list */
	size_t owned;      /* how many entries it is the owner of */
};

struct list { /* the entries of a list, in order */
	struct entry_node **entries;
	size_t count, capacity;
};

struct row {
	int table, class, level;
	const struct form_row *fixed; /* NULL: a coded row, an entry's row, fields */
	struct sheet *sheet;          /* where it stands; coded rows too: the table's only one */
	struct entry_node *entry;     /* of an entry's row, or of a card's fields; NULL else */
	const char *key;              /* of the layout, `code`, `own_key`, or the entry's */
	char *own_key;                /* owned: @3/合计; NULL else */
	char *code;                   /* owned, coded leaves and parents; NULL else */
	const char *caption;          /* borrowed from layout, catalogue or own names; NULL: nobody named it */
	struct row *parent;
	unsigned children;
	/* Of a coded leaf: the clerk entered its code; how many rows of other tables bring it along. It is there as
	 * long as either is so. */
	bool own;
	unsigned sources;
	size_t number;                /* of an outermost coded row, of an entry's row in its sheet: from 1, as they stand */
	int entry_block;              /* of rows without `fixed` */
	struct cell *cells;           /* one a leaf; of a text `figures` alone, 1 if there is any */
	char **texts;                 /* one a leaf, NULL until the first text is entered */
	struct control *controls;
	struct finding_node *findings;
};

struct sheet { /* a plain table has one, a table of cards one for each entry */
	struct entry_node *entry; /* NULL: plain */
	struct row *fixed;        /* fixed rows, by class; a coded table: its total row alone */
	struct row *fields;       /* NULL: the table has none */
	struct row **rows;        /* of entries, in the list's order */
	size_t count, capacity;
	size_t place;             /* among the sheets of its table */
};

struct table {
	const struct form_table *form;
	bool rounded, elsewhere;
	struct sheet **sheets;   /* in the order of the entries */
	size_t sheet_count, sheet_capacity;
	struct map *sheet_index; /* @3 -> sheet; NULL for a plain table */
	struct map *entry_rows;  /* @12 -> the row, or the fields, of an entry */
	struct row **order;      /* coded: rows by code, without the total */
	size_t count, capacity;
	struct map *codes;       /* coded: code -> row */
	size_t entered;          /* figures entered in the table */
	struct finding_node *findings;
	struct finding_tally tally;
};

struct own_name {
	char *catalogue, *code, *name;
};

struct pending_cell { /* a cell that must change, with what its sources changed */
	struct row *row;
	int leaf, rank, level;
	bool evaluate;
	struct cell change;
};
struct pending_check {
	int check;
	const char *key; /* borrowed until the operation ends; NULL: every key */
};
struct check_state {
	bool elsewhere;           /* reads a table that is published elsewhere: not judged, one note instead */
	struct finding_node *one; /* a check with one instance */
	struct map *by_key;       /* an open check: key -> failing node; NULL until one fails */
};

struct workbook {
	const struct form_pack *pack;
	char *fields[WORKBOOK_FIELDS];
	int year;
	struct table *tables;
	struct list *lists;
	struct map *entry_index; /* @12 -> entry */
	int last_id;
	size_t added_rows;       /* of WORKBOOK_ROWS_MOST */
	struct buffer scratch[8]; /* texts filled in from placeholders, borrowed for a short while */
	unsigned scratch_next;
	struct check_state *checks;
	struct finding_tally tally;

	struct own_name *names; /* sorted by catalogue, code */
	size_t name_count, name_capacity;
	struct map *name_index; /* "catalogue/code" -> name text */

	struct pending_cell *cells;
	size_t cell_count, cell_capacity;
	struct pending_check *pending;
	size_t pending_count, pending_capacity;
	bool overflow;
	bool held;

	struct row **graves; /* rows taken out in this operation, freed at its end: their keys may still be pending */
	size_t grave_count, grave_capacity;
};

static inline const struct form_rule *rule_at(const struct workbook *workbook, const struct row *row, int leaf)
{
	const struct form_table *form = workbook->tables[row->table].form;

	return &form->rules[row->class * form->leaf_count + leaf];
}

/* The name and the code of an entry's row stand in the entry; a code of a catalogue (功能分类) is a cell like others. */
static inline bool column_is_entry_label(const struct form_column *column)
{
	return column->type == FORM_CAPTION || (column->type == FORM_CODE && !column->catalogue);
}

/* sheets.c */
void sheets_init(struct workbook *workbook, int table);
void sheets_done(struct table *table);
enum status entry_add(struct workbook *workbook, struct operation *operation, struct diag_list *diags);
enum status entry_drop(struct workbook *workbook, struct operation *operation, struct diag_list *diags);
/* Gives the entry its name (or code) and tells every row of it. `old` takes the text that stood there; the caller frees. */
void entry_rename(struct workbook *workbook, struct entry_node *entry, bool code, const char *text, char **old);
struct entry_node *entry_of_key(const struct workbook *workbook, const char *key);
bool row_is_blank(const struct workbook *workbook, const struct row *row);

/* chain.c */
struct entry_node *chain_find(struct entry_node *entry, int list);
static inline struct entry_node *row_chain(const struct row *row)
{
	return row->entry ? row->entry : row->sheet->entry;
}
/* Visits the rows of a class of a table that the chain means: one where it tells, else all that fit. */
typedef void (*row_visitor)(void *context, struct row *row);
void chain_rows(const struct workbook *workbook, struct entry_node *chain, int table, int class, row_visitor visit,
		void *context);
/* The only such row; NULL: none, or many. */
struct row *chain_row(const struct workbook *workbook, struct entry_node *chain, int table, int class);
/* The row with the same key as `row`, in the sheet that its chain means; NULL: none. */
struct row *chain_row_of_key(const struct workbook *workbook, struct entry_node *chain, int table, const char *key);
/* What matches rows of different tables: code or name of a fixed row (without its sheet), code, @12. */
const char *row_match_key(const struct row *row);

/* rows.c */
/* The row with exactly this key now, the total of a coded table even when it is hidden; NULL: none. */
struct row *row_of_key(const struct workbook *workbook, int table, const char *key);
/* Every row that there is in a table now, one after the other: start with {0}; NULL at the end. */
struct row_walk { size_t sheet, row; };
struct row *row_next(const struct table *table, struct row_walk *walk);
enum status row_add(struct workbook *workbook, int table, const char *code, char *missing, struct diag_list *diags);
enum status row_drop(struct workbook *workbook, int table, const char *code, struct diag_list *diags);
/* May `count` more rows be added? Says why not. */
bool rows_fit(const struct workbook *workbook, size_t count, struct diag_list *diags);
void row_rename_all(struct workbook *workbook);
void rows_bury(struct workbook *workbook);
void row_done(struct row *row, const struct form_table *form);

/* recalculate.c */
/* Gives an entered cell a new value and carries the change to everything that depends on it. Sets workbook->overflow if a sum does
 * not fit; the figures are then wrapped, and the opposite change brings back exactly what was. */
void cell_change(struct workbook *workbook, struct row *row, int leaf, const struct cell *value);
/* Gives a text cell another text ("" : blank) and tells who reads it. */
void cell_change_text(struct workbook *workbook, struct row *row, int leaf, const char *text);
/* A label (name, code) of the row is another one. */
void cell_touch(struct workbook *workbook, struct row *row, int leaf);
/* Computes the formulas of a row that has just appeared, in which nothing is entered; `all_blank`: nor is anywhere. Then a sum is blank, or
 * what other formulas, as they are computed, add to it. */
void row_settle(struct workbook *workbook, struct row *row, bool all_blank);
/* Takes back what a row that is about to go still adds to other cells. */
void row_unsettle(struct workbook *workbook, struct row *row);
struct value cell_value(const struct workbook *workbook, const struct row *row, int leaf);

/* scope.c */
struct evaluation {
	const struct workbook *workbook;
	const struct row *row;    /* own row; NULL in a check */
	struct entry_node *chain; /* of the own row, or of a check's entry */
	struct entry_node *outer; /* while any() is among the rows of the grid: where it came from */
	const char *key;          /* of a check's instance */
	/* An open check, whose instance has been found to be one: the rows with the key in each of its tables, as they are met from
	 * `met_from`; NULL: look for them. */
	const struct form_check *check;
	struct row *met[FORM_OPEN_MOST];
	struct entry_node *met_from;
	int table;
	struct buffer text;
};
struct scope evaluation_scope(struct evaluation *evaluation);
/* The place that a bound reference reads; false if there is no such row now, or it reads many. */
bool evaluation_place(const struct evaluation *evaluation, const struct reference *reference, struct row **row, int *leaf);

/* measure.c */
/* A part of a measure (≥95% 6487.5元/年 效果显著) as a value; text parts are borrowed from `scratch`. */
struct value measure_part(const char *text, enum form_part part, struct buffer *scratch);

/* display.c */
/* What a code column prints of the code of a row: one level of it (29 of 20129), or all; added to `out`. */
void row_code_part(const struct row *row, const struct form_column *column, struct buffer *out);
/* A buffer for a text that is needed for a moment; eight such texts live at a time. */
struct buffer *workbook_scratch(const struct workbook *workbook);
void row_expand(const struct workbook *workbook, const struct row *row, int table, const char *text, struct buffer *out);
/* As printed: what the layout wrote with placeholders filled in, what a clerk wrote as it is. */
void row_add_caption(const struct workbook *workbook, const struct row *row, struct buffer *out);

/* check.c */
void check_mark_entry(struct workbook *workbook, int check, struct entry_node *chain);
/* Which checks read a table that is published elsewhere; they then say so. */
void checks_note_elsewhere(struct workbook *workbook);
void findings_drop(struct workbook *workbook, int check, const char *key);
/* Those of the rows in the sheets of an entry, wherever they show. */
void findings_drop_below(struct workbook *workbook, const char *key);
/* Forgets what is marked by this very key, which is about to be freed. */
void check_unmark(struct workbook *workbook, const char *key);
void node_free(struct finding_node *node);
void check_mark(struct workbook *workbook, int check, const char *key);
void checks_settle(struct workbook *workbook); /* judges what is marked, unless held */
void control_judge(struct workbook *workbook, struct row *row, int leaf);
void code_judge(struct workbook *workbook, struct row *row);
/* Texts that the layout wants to be unique, in the rows of entries of a sheet. */
void unique_judge(struct workbook *workbook, struct sheet *sheet, const struct table *table);
void row_unfind(struct workbook *workbook, struct row *row); /* removes the row's findings, marks their checks again */
struct control *row_control(const struct row *row, int leaf);

#endif
