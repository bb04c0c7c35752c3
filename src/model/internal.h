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
	struct finding_node *next_in_row;
	struct finding_node *next, *previous; /* of the table */
};

struct row {
	int table, class, level;
	const struct form_row *fixed; /* NULL: a coded row */
	const char *key;              /* of the layout, or `code` */
	char *code;                   /* owned, coded leaves and parents; NULL else */
	const char *caption;          /* borrowed from layout, catalogue or own names; NULL: nobody named it */
	struct row *parent;
	unsigned children;
	struct cell *cells;           /* one a leaf */
	struct control *controls;
	struct finding_node *findings;
};

struct table {
	const struct form_table *form;
	bool rounded;
	struct row *fixed;       /* fixed rows, by class; a coded table: its total row alone */
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
	struct finding_node *one; /* a check with one instance */
	struct map *by_key;       /* an open check: key -> failing node; NULL until one fails */
};

struct workbook {
	const struct form_pack *pack;
	char *fields[WORKBOOK_FIELDS];
	int year;
	struct table *tables;
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

/* rows.c */
/* The row with exactly this key now, the total of a coded table even when it is hidden; NULL: none. */
struct row *row_of_key(const struct workbook *workbook, int table, const char *key);
struct row *row_of_class(const struct workbook *workbook, int table, int class);
enum status row_add(struct workbook *workbook, int table, const char *code, char *missing, struct diag_list *diags);
enum status row_drop(struct workbook *workbook, int table, const char *code, struct diag_list *diags);
void row_rename_all(struct workbook *workbook);
void rows_bury(struct workbook *workbook);
void row_done(struct row *row);

/* recalculate.c */
/* Gives an entered cell a new value and carries the change to everything that depends on it. Sets workbook->overflow if a sum does
 * not fit; the figures are then wrapped, and the opposite change brings back exactly what was. */
void cell_change(struct workbook *workbook, struct row *row, int leaf, const struct cell *value);
/* Computes the formulas of a row that has just appeared. */
void row_settle(struct workbook *workbook, struct row *row);
struct value cell_value(const struct workbook *workbook, const struct row *row, int leaf);

/* scope.c */
struct evaluation {
	const struct workbook *workbook;
	const struct row *row; /* own row; NULL in a check */
	const char *key;       /* of a check's instance */
	int table;
	struct buffer text;
};
struct scope evaluation_scope(struct evaluation *evaluation);
/* The place that a bound reference reads; false if there is no such row now, or it reads many. */
bool evaluation_place(const struct evaluation *evaluation, const struct reference *reference, struct row **row, int *leaf);

/* check.c */
void check_mark(struct workbook *workbook, int check, const char *key);
void checks_settle(struct workbook *workbook); /* judges what is marked, unless held */
void control_judge(struct workbook *workbook, struct row *row, int leaf);
void code_judge(struct workbook *workbook, struct row *row);
void row_unfind(struct workbook *workbook, struct row *row); /* removes the row's findings, marks their checks again */
struct control *row_control(const struct row *row, int leaf);

#endif
