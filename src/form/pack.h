/* A pack (套表): the tables, rules and checks of one region and year, read from YAML layouts and proven
 * before use.
 *
 * The idea. Every cell of a workbook belongs to a class: (table, row class, leaf column). A fixed row is a
 * class of its own; the rows of a coded table fall into total, parent and leaf. For each class exactly one
 * rule says where its figure comes from, and since rules are static, so are the paths on which a change
 * travels: `edges`. The model only walks them. A pack is loaded whole and proven (names, types, units, one
 * rule a cell, no cycles among classes) or refused whole.
 *
 * Everything here is immutable after loading and lives in the pack's arena. */
#ifndef YUBIAO_FORM_PACK_H
#define YUBIAO_FORM_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/map.h"
#include "base/memory.h"
#include "form/catalogue.h"
#include "formula/expression.h"

struct place { /* where something was written */
	const char *file;
	unsigned line, column;
};

enum form_type {
	FORM_MONEY,
	FORM_COUNT,
	FORM_NUMBER,
	FORM_PERCENT,
	FORM_MEASURE,
	FORM_TEXT,
	FORM_CHOICE,
	FORM_DATE,
	FORM_ORDINAL, /* the printed line */
	FORM_CODE,
	FORM_CAPTION,
};

/* How a column's figures are shown and read. A figure is a count of a smallest unit (formula/value.h). */
struct buffer;

struct form_unit {
	const char *name; /* 元, 万元, 人, … ; "" none */
	int power;        /* 10^power smallest units make one: 元 2, 万元 6, counts and numbers 6, percent 4 */
	int decimals;     /* printed */
	bool commas;
};
/* The smallest units in one step of the last printed decimal: what a rounded figure was rounded to. */
int64_t form_unit_step(const struct form_unit *unit);
/* 元, 百元, 千元 or 万元, with two decimals; NULL: no unit of money. */
const struct form_unit *form_money_unit(const char *name);

struct form_column { /* a node of the head: a group or a leaf */
	const char *caption; /* as printed */
	const char *name;    /* as formulas write it */
	const char *id;      /* explicit id or NULL */
	/* 收入/项目: captions from the outermost group, without blanks; names if a caption has < > */
	const char *path;
	struct form_column *parent;
	struct form_column **children;
	int child_count;
	int depth;           /* 0: outermost */
	int leaf;            /* index among the table's leaves; -1: a group */
	int first_leaf, leaf_count; /* the leaves below (a leaf: itself) */
	int number;          /* printed 栏次, 0: none (the ordinal column) */
	int block;           /* -1: belongs to every block (ordinal) */
	enum form_type type;
	const struct catalogue *catalogue; /* of a code column that is entered, or of its level; NULL */
	int level;           /* a code column that prints one level of the code (类); -1: the whole */
	const char **choices; /* FORM_CHOICE */
	int choice_count;
	const char *standard; /* value where none was entered (<主科目>, <上年>-12-31), with placeholders; NULL */
	/* As the layout writes it. Dates: yyyy年m月d日; NULL: yyyy-mm-dd. Percents: printed with % where
	 * this is NULL or ends in it; the decimals stand in unit. */
	const char *format;
	bool once;            /* a value equal to the one above is not printed again */
	bool unique;          /* among rows with the same `once` values */
	struct form_unit unit;
	bool unit_stated;    /* of money: the head or the layout says the column's own unit; shown in no other */
	int width;           /* cells on screen and paper, 0: choose */
	struct place place;
};

enum form_severity { FORM_ERROR, FORM_WARNING, FORM_HINT };

/* How a change travels, or where a reference reads. Every row stands in a chain of entries: its own entry
 * (a row of a list, the fields of a card), the entry whose card or sheet it stands in, that entry's
 * owner. A table printed once for each entry of a list, or a row class of a list, is met through the
 * chain: the sheet of the same 单位, the row of the same 项目. Where the chain does not tell (a card's field
 * read by all rows of its grid), all rows that fit it are meant. */
enum form_reach {
	FORM_SAME_ROW, /* the row itself */
	FORM_PARENT,   /* the row above it in the tree of codes (the total row above the outermost) */
	FORM_FIXED,    /* the row, or rows, of one class of a table; in a table of sheets, in the chain's */
	FORM_SAME_KEY, /* the row with the same key: code, else name; in a table of sheets, in the chain's */
};
/* A part of a measure: ≥95% is sign ≥, number 95, unit %; 6487.5元 has money too. */
enum form_part { FORM_WHOLE, FORM_PART_SIGN, FORM_PART_NUMBER, FORM_PART_UNIT, FORM_PART_MONEY };

struct form_edge { /* a change of a cell of this class reaches … */
	enum form_reach reach;
	/* Of the target. For FORM_SAME_KEY the class that the row found must have, -1: any. */
	int table, class, leaf;
	int sign;               /* +1, -1: added to a linear cell; 0: the cell is evaluated again */
	const char *code;       /* only if the changed row has this code; NULL: always */
};
/* With form_check.list >= 0 THE_KEY means the chain's entry of that list, all that fit where the chain
 * has none; if the check is open too, the changed row in that entry's sheet. */
enum form_instances { FORM_THE_ONE, FORM_THE_KEY, FORM_ALL_KEYS };
struct form_check_edge { /* … and these checks read it */
	int check;
	enum form_instances instances; /* THE_KEY: the instance of the changed row's key */
	const char *code;
};

enum form_rule_kind {
	FORM_LABEL,    /* ordinal, code, caption: says who the row is */
	FORM_NONE,     /* not a cell: the column belongs to another block */
	FORM_ENTERED,  /* the clerk enters it */
	FORM_CLOSED,   /* not to be filled */
	FORM_LINEAR,   /* a sum of cells with signs, kept by differences */
	FORM_EVALUATE, /* any other formula, evaluated again when something that it reads changes */
};
struct form_rule {
	enum form_rule_kind kind : 8;
	bool own_row; /* LINEAR: reads cells of its own row only */
	/* greater than the rank of every class that it reads (coded parents read their own class below) */
	int rank;
	/* EVALUATE; LINEAR where it was written as a formula, NULL for sums of a tree */
	const struct rule *formula;
	/* the rule for a human: `合计 = 基本支出 + 项目支出`, `下级科目之和`; NULL for entered, labels */
	const char *words;
	const char *constant; /* printed text of a closed cell (——), NULL: blank */
	struct form_edge *edges;
	struct form_check_edge *check_edges;
	int edge_count, check_edge_count;
};

/* What a bound reference reads: reference->binding is an index into form_pack.bindings. */
struct form_binding {
	enum form_reach reach;   /* SAME_ROW, FIXED, SAME_KEY */
	int table, class, leaf;
	/* not NULL: the sum of the rows with these codes (absent: blank), reach is then FIXED */
	const char **codes;
	int code_count;
	/* the sum over all rows of the class that fit the chain of who reads (list rows, cards, sheets),
	 * or over all leaf rows of a coded table */
	bool leaves;
	enum form_part part;     /* of a measure */
	enum value_type type;
};

struct form_row { /* a fixed row */
	const char *caption; /* as printed */
	const char *name;    /* shortest unambiguous: 公用经费, or with the rows above it: 在职.公用经费 */
	const char *id;      /* explicit id or NULL */
	const char *code;    /* NULL: none */
	const char *key;     /* code, else name */
	int class;           /* its index in table.rows and in table.rules */
	int parent;          /* index, -1 */
	int depth;
	int block;
	bool partial;        /* its children are only some of it */
	bool total;          /* = sum(above), or has children: drawn as a total */
	bool generated;      /* one of the codes of its block's catalogue: printed only if it has a figure */
	struct place place;
};

/* Classes of a coded table. */
enum { FORM_CLASS_TOTAL = 0, FORM_CLASS_PARENT = 1, FORM_CLASS_LEAF = 2, FORM_CODED_CLASSES = 3 };

struct form_coded {
	const struct catalogue *catalogue;
	int leaf_level;       /* level that the clerk enters */
	bool picked;          /* the clerk picks codes; false: all rows appear with those of other tables */
	const char *total;    /* caption of the total row, NULL: none */
	const char *total_name;
	bool total_below;
	/* Tables whose formulas read this one at the same code: their leaf rows appear with the rows of this
	 * one that have the same code. Never in a circle. */
	int *feeds;
	int feed_count;
	const char *number;   /* printed before generated names, `一、`: 一、 二、 三、 as they come; NULL: none */
};

/* A list (名录): entries that several tables share. 项目, 单位; 指标 within each 项目. */
struct form_list {
	const char *name;
	int owner;          /* the list whose entries own these: 指标 stand in the cards of 项目; -1: none */
	bool named;         /* some table shows a caption of its entries */
	bool coded;         /* some table shows a code of its entries */
};

struct form_field_cell { /* a label, or the value of a field */
	const char *label; /* as printed; NULL: a value */
	int leaf;          /* -1: a label */
};
struct form_field_line { /* a printed line of a card's head, as it stands in the print: 标签 值 标签 值 */
	struct form_field_cell *cells;
	int count;
};

/* One or two groups of columns with rows of their own; a plain table has one block of all columns. */
struct form_block {
	const char *name;  /* "" for a plain table */
	int first_leaf, leaf_count;
	int code_leaf, caption_leaf; /* -1: none */
	/* Of generated rows: where their codes and names come from; printed before the names, `一、`: 一、 二、 三、 as
	 * rows have figures; NULL: none. */
	const struct catalogue *catalogue;
	const char *number;
};

struct form_line { /* a printed line of a fixed table: the row of each block, -1: blank */
	int rows[2];
	bool joint; /* common to both blocks: where rows above are left out, it stays below what is left of either */
};

struct form_table {
	int index;           /* in pack.tables */
	const char *id;      /* file name: income */
	const char *name;    /* short name in formulas: 收入总表 */
	const char *title;   /* may hold <placeholders>; so may line, note, empty_note */
	const char *line[3]; /* left, middle, right above the table; NULL: none */
	const char *numbers; /* label of the row of column numbers (栏次), NULL: none */
	const char *note;    /* below the table, NULL */
	const char *empty_note; /* printed when the table has no figure, NULL */
	int empty_rows;      /* blank rows printed then */
	struct form_unit unit;
	bool landscape;
	int indent;          /* blanks before a caption, for each level of the tree */
	const char *blank;   /* printed for a blank figure, "" */

	struct form_column *head; /* root, not printed */
	int head_depth;           /* rows of the printed head */
	struct form_column **leaves;
	int leaf_count;
	struct map *column_names; /* a name or id -> the columns that have it; for form_leaf_find() */
	struct form_block blocks[2];
	int block_count;
	int ordinal_leaf;         /* -1: none */

	struct form_coded *coded; /* NULL: fixed rows */
	struct form_row *rows;
	int row_count;
	struct form_line *lines;  /* fixed rows */
	int line_count;
	/* A table of sheets or cards (`each: 项目`): one for each entry of this list; -1: a plain table. */
	int each;
	/* Free rows: entries of this list (in a sheet: those that the sheet's entry owns); -1: none. They
	 * stand below the fixed row `entry_after` (-1: before all lines), and add up into `entry_parent`
	 * (-1: nothing). */
	int list;
	int entry_class, entry_after, entry_parent;
	const char *entry_number; /* printed before their captions, `1、`: 1、 2、 3、 as they come; NULL: none */
	/* Fields: a row of their own in each card, or in the plain table (dates and the like for its
	 * title). Block 0 is then the fields, block 1 the grid; a table of fields only has no block 1.
	 * -1: no fields. */
	int fields_class;
	struct form_column *fields; /* root of the fields' columns, as `head` is of the grid's; NULL: none */
	bool fields_printed; /* false: they only fill <placeholders> of a plain table that has a grid */
	struct form_field_line *field_lines; /* how a card prints them */
	int field_line_count;
	int class_count;          /* row_count + 1 for entries + 1 for fields, or FORM_CODED_CLASSES */
	struct form_rule *rules;  /* [class * leaf_count + leaf] */
	/* key, code, name, id, squeezed caption -> struct form_row * (fixed rows; ambiguous ones left out) */
	struct map *row_keys;

	int pull_table;           /* -1: none */
	struct form_pull { int from, to; } *pull_leaves; /* entered columns of the same name */
	int pull_count;
	struct place place;
};

enum { FORM_OPEN_MOST = 8 }; /* tables that an open check may run over */

struct form_check {
	int index;
	const char *name;  /* is the finding's text */
	enum form_severity severity;
	const struct rule *rule;
	/* list >= 0: one instance for each entry of this list; open: one for each key of open_tables; both: one for
	 * each row in each entry's sheet, with keys as @3/合计; neither: one instance. */
	int list;
	bool open;
	int open_tables[FORM_OPEN_MOST];
	int open_blocks[FORM_OPEN_MOST]; /* of each: the block whose rows are meant, -1: any */
	int open_count;
	int table;         /* the table that shows it: the owner; for a check of the pack the first named */
	struct place place;
};

struct form_pack {
	struct arena *arena;
	const char *id, *title, *region;
	const char *directory; /* where it was read from */
	int years[32];
	int year_count;
	struct form_table **tables;
	int table_count;
	struct form_list *lists;
	int list_count;
	struct form_check *checks;
	int check_count;
	struct form_binding *bindings;
	int binding_count;
	const char *digest;    /* over its files: a workbook names it so that a changed pack is noticed */
	/* What the live line shows: from `live:` of pack.yaml, 名 -> cell. Two totals that must balance. */
	struct form_live { const char *label; int table, class, leaf; } live[2];
	int live_count;
};

/* Directories that hold packs, in order: $YUBIAO_FORMS (colons between), the user's yubiao/forms below
 * $XDG_DATA_HOME or ~/.local/share, ../forms, ../share/yubiao/forms and forms beside the program. NULL-ended;
 * borrowed. */
const char *const *form_directories(void);
/* The user's own of them, there or not yet; NULL: no home. Borrowed. */
const char *form_user_directory(void);
/* The folder of a pack by path (has a '/') or by id. An id is searched in form_directories(); then, unless
 * `beside` is NULL, in that folder, a workbook's, and in forms/ below it: a workbook travels with its pack, but
 * what comes with a workbook never stands in for a pack of this machine. NULL and an error that names the places
 * and says what to do. The caller frees. */
char *form_pack_locate(const char *id_or_path, const char *beside, struct diag_list *diags);
/* A pack by id (not beside any workbook) or by path. NULL and errors with places on failure. */
struct form_pack *form_pack_load(const char *id_or_path, struct diag_list *diags);
/* Loads it as form_pack_load() does, but adds everything that lint has to say, warnings too. */
enum status form_pack_lint(const char *id_or_path, struct diag_list *diags);
void form_pack_free(struct form_pack *pack);

struct form_listing {
	char *id, *title, *directory;
	bool shadowed; /* another of this id is found before it */
	bool beside;   /* found in or below `beside` */
};
/* Packs found where form_pack_locate() looks, by id, the one that an id means before those that it shadows; id
 * (the folder's name) and title only. The caller frees with form_listing_free(). */
size_t form_list(const char *beside, struct form_listing **out, struct diag_list *diags);
void form_listing_free(struct form_listing *list, size_t count);

/* Lays down a pack to start from in the folder `directory`, whose name is its id: one of its own (`base` NULL), or
 * one that extends the pack `base`, an id or a path, for the year after it or the year that the id ends in.
 * STATUS_INVALID where something is there already, where the name will not do or the base cannot be used. */
enum status form_starter_write(const char *directory, const char *base, struct diag_list *diags);

/* -1 if there is none. By id or by short name. */
int form_table_find(const struct form_pack *pack, const char *id_or_name);
/* A leaf by name, id, group.name, or path; `block` -1: any block, must then be unambiguous. -1: none. */
int form_leaf_find(const struct form_table *table, const char *name, int block);
const struct form_rule *form_rule_of(const struct form_table *table, int class, int leaf);

/* The name of a caption: less blanks, leading number (一、 1. （1） 1）), leading 其中：, brackets with what they
 * hold, <fields>, punctuation. The caller frees. */
char *form_name_of(const char *caption);

/* Fills <年度> and the like: `value_of` gives a field's value, NULL for an unknown field (then it stays as
 * written). */
typedef const char *(*form_field)(void *context, const char *name);
void form_expand(struct buffer *out, const char *text, form_field value_of, void *context);

#endif
