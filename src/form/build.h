/* What the form layer's own files share while a pack is being read and proven. Nothing outside src/form
 * includes this.
 *
 * Loading runs in phases, each over all tables, and stops after a phase that found errors, so that one
 * mistake is not reported three times: read and merge the YAML (source.c, merge.c); heads, fields and rows
 * (columns.c, fields.c, rows.c, table.c), the lists that they name (lists.c); one rule a cell (rules.c, with
 * resolve.c to bind names); checks (check.c); paths of change and cycles (graph.c); the rest of lint
 * (lint.c). */
#ifndef YUBIAO_FORM_BUILD_H
#define YUBIAO_FORM_BUILD_H

#include "base/buffer.h"
#include "base/digest.h"
#include "base/likeness.h"
#include "form/pack.h"
#include "yaml/tree.h"

struct formula_source { /* a formula as written; text NULL: none */
	const char *text;
	struct place place;
};

enum form_word {
	WORD_NONE,
	WORD_ENTERED,
	WORD_CLOSED
};

struct column_source { /* a leaf */
	struct formula_source formula;
	struct rule *rule;       /* the formula, parsed; NULL: none */
	struct compiled *shared; /* the same for all rows, once a cell has used it */
	const char *words;       /* and for messages */
	enum form_word word;
	const char *constant;          /* with placeholders: printed in every row; NULL: none */
	const struct yaml_node *level; /* of a code column: the level that it prints; NULL: none */
	bool own_row;                  /* the formula reads its own row only */
	bool product;                  /* it multiplies figures: totals are then sums of the rows */
	bool assumed;                  /* no type was written */
};

struct row_source {       /* a fixed row */
	const char *bare; /* its name without the rows above it */
	struct formula_source formula;
	bool above; /* the formula is sum(above) */
	bool derived; /* the formula reads rows of the own table alone: sums of the table leave it out */
	enum form_word word;
	bool told; /* an error was found in the formula, or in what its key is asked for: told once */
	const struct yaml_node *attributes; /* NULL: none. May name columns. */
	bool has_children;
};

/* A rule ready for use: what it reads, and with which sign where it is linear. */
struct read {
	int binding, sign;
	unsigned classes_done; /* graph.c: classes of the source from which the edge of a same-key read
				  already starts */
};
struct compiled {
	const struct rule *rule; /* NULL: the sum of a tree */
	bool linear;
	struct read *reads;
	int read_count;
};

struct table_source {
	const struct yaml_node *root; /* merged */
	struct form_table *table;
	struct column_source *columns;       /* [leaf] */
	struct row_source *rows;             /* [row] */
	struct place *rule_places;           /* [class * leaf_count + leaf] */
	struct compiled **compiled;          /* the same; NULL: no formula */
	struct formula_source entry_formula; /* of list rows; text NULL: none */
	const struct yaml_node *total_said;  /* of the total and the parents of codes; NULL: nothing */
};

#define BUILD_CATALOGUES_MAX 8
#define BUILD_LAYERS_MAX 8

struct builder {
	struct arena *arena;   /* the pack's */
	struct arena *scratch; /* for what is needed until the pack stands */
	struct diag_list *diags;
	struct form_pack *pack;
	bool thorough;                /* lint: warnings too */
	const struct yaml_node *root; /* merged pack.yaml */
	struct table_source *sources; /* [table] */
	struct place *list_places;    /* [list]: where it is named first */
	struct place *owner_places;   /* [list]: the table that gave it its owner */
	const char *directories[BUILD_LAYERS_MAX]; /* of the pack, of the one that it extends, and so on */
	int directory_count;
	const struct catalogue_folder **folders; /* where catalogues were looked for so far; NULL: none there */
	size_t folder_count, folder_capacity;
	struct catalogue *catalogues[BUILD_CATALOGUES_MAX];
	int catalogue_count;
	size_t binding_capacity, check_capacity;
	struct digest digest; /* of the names and bytes of the files read */
	size_t read;          /* how many bytes that is */
	bool is_full;         /* they are too large together, which has been said */
};

/* name.c */
/* Without blanks. */
char *caption_squeeze(struct arena *arena, const char *caption);
/* Of a caption without blanks: what follows leading number and 其中：. */
const char *caption_plain(const char *squeezed);
char *name_of(struct arena *arena, const char *caption);
/* The number that a caption begins with (一、 3. （2）), 0: none; *style tells the kinds of numbers apart. */
int caption_number(const char *caption, int *style);
/* “（最接近的是“X”）”, or "" where nothing is near; lives in the arena. */
const char *likeness_hint(struct arena *arena, const struct likeness *likeness);

/* places.c */
bool holds_pack(const char *directory);

/* pack.c */
extern const char *const pack_keys[]; /* of pack.yaml */

/* table.c */
extern const char *const table_keys[]; /* of a table's file */

/* source.c */
#define LAYOUT_FILE_MAX ((size_t)256 << 10) /* bytes: of one file, and of all files of a pack together */
/* Lower-case letters, digits and -. */
bool is_file_word(const char *text);
/* Reads pack.yaml and the table files with all that they extend, into the pack's tables and b->sources. False
 * after an error. */
bool source_read(struct builder *b, const char *directory);

/* merge.c */
/* `base` as changed by `patch`: the merged root of a table or of pack.yaml. */
struct yaml_node *merge_files(struct arena *arena, const struct yaml_node *base,
			      const struct yaml_node *patch, struct diag_list *diags);

/* item.c, unit.c */
struct place place_of(const struct yaml_node *node);
#define report(b, place_, ...)                                                                               \
	diag_add((b)->diags, DIAG_ERROR, (place_).file, (place_).line, (place_).column, __VA_ARGS__)
/* `node` is an item `caption`, or `caption: value` of exactly one pair. False after an error. */
bool item_split(struct builder *b, const struct yaml_node *node, const struct yaml_node **key,
		const struct yaml_node **value);
/* The id among attributes, written as formulas write names; NULL: there is none, or after an error. */
const char *item_id(struct builder *b, const struct yaml_node *map);
/* A warning where rows or columns were likely meant to stand below `caption:`. */
void item_warn_nothing(struct builder *b, const struct yaml_node *item);
/* A scalar `word`, `= formula` or `word = formula`: word "" where there is none. */
void scalar_split(struct builder *b, const struct yaml_node *node, const char **word,
		  struct formula_source *formula);
/* The value of `formula:`; its `=` may be left out. False after an error. */
bool formula_read(struct builder *b, const struct yaml_node *node, struct formula_source *formula);
bool is_digits(const char *text);
enum value_type value_type_of(enum form_type type);
bool is_figure(enum form_type type);  /* money, count, number, percent */
bool is_addable(enum form_type type); /* money, count, number */
bool is_label(enum form_type type);   /* ordinal, code, caption */
/* The unit called `name`, as a column of `type` shows it. */
struct form_unit unit_make(const char *name, enum form_type type);
bool unit_is_money(const char *name);
/* Also 亿元, which no amount is counted in. */
bool unit_sounds_like_money(const char *name);
/* The unit of money in brackets in a caption: 预算数（万元）, 定额（元/人天）; NULL: none. */
const struct form_unit *unit_in_caption(const char *caption);
/* `0.00`, `#,##0.00`, `0%`: decimals and separators. False if it is no such format. */
bool unit_set_format(struct form_unit *unit, const char *format);

/* pack.c: a catalogue, read once a pack; `place` asks for it. */
struct catalogue *builder_catalogue(struct builder *b, const char *id, struct place place);

/* table.c */
bool table_read(struct builder *b, struct table_source *source);
/* The value of `key` in the table, else in the pack; NULL if neither has it, or where it is `none`. */
const struct yaml_node *table_setting(const struct builder *b, const struct table_source *source,
				      const char *key);
/* The block of the rows of a class. */
int class_block(const struct form_table *table, int class);
/* True for a column of the fields, not of the grid. */
bool is_field(const struct form_table *table, const struct form_column *column);

/* lists.c */
/* The list called by `name`, made known where it is new; -1 and an error. */
int list_named(struct builder *b, const struct yaml_node *name);
/* Owners, and whether entries have names and codes: once all tables are read. */
bool lists_settle(struct builder *b);
/* True if `list` is `from`, or owns it directly or indirectly. */
bool list_reaches(const struct form_pack *pack, int from, int list);

/* codes.c */
extern const char *const codes_keys[]; /* of {by: …} */
bool codes_read(struct builder *b, struct table_source *source, const struct yaml_node *rows);
/* Columns that print one level of the code; `catalogue` NULL: no row has one. */
void codes_settle_levels(struct builder *b, const struct table_source *source, const struct catalogue *catalogue);

/* columns.c, fields.c, rows.c, rownames.c */
/* `at:` of a total; true: below. */
bool rows_at_bottom(struct builder *b, const struct yaml_node *rows);
/* `number: 一、` or `1、`: how generated rows are numbered; NULL: they are not. */
const char *rows_number(struct builder *b, const struct yaml_node *rows);
struct head { /* columns being read */
	struct builder *b;
	struct table_source *source;
	const char *unit;   /* of the table; "" none */
	const char *format; /* NULL: none */
	bool fields;        /* of fields, not of the grid */
	size_t leaf_capacity, column_capacity;
};
/* money, text, code … */
bool type_is_word(const char *word);
struct form_column *column_root(struct builder *b, int first_leaf);
/* A column `key: value` below `parent`, which has room for it: a leaf, or with `group` a group whose columns
 * the caller reads; NULL after an error. */
struct form_column *column_add(struct head *head, const struct yaml_node *key, const struct yaml_node *value,
			       bool group, struct form_column *parent);
bool columns_read(struct builder *b, struct table_source *source);
bool fields_read(struct head *head);
bool rows_read(struct builder *b, struct table_source *source);
void rows_name(struct builder *b, struct table_source *source);
#define COLUMN_DEPTH_MAX 8 /* groups around a column, and itself */
/* Lets columns be found by their names; once the table has all of them. */
void columns_name(struct builder *b, struct form_table *table);
/* A column of `table` by the path names[0..count) (last names the column, those before the groups around it),
 * or by an id. `block` -1: any. `groups`: a group may be meant. *ambiguous: several equally near ones. */
struct form_column *column_find(const struct form_table *table, const char *const *names, size_t count,
				int block, bool groups, bool *ambiguous);
/* A fixed row by its path; -1: none. */
int row_find(const struct table_source *source, const char *const *names, size_t count, bool *ambiguous);

/* resolve.c */
enum resolve_mode {
	RESOLVE_COLUMN,
	RESOLVE_ROW,
	RESOLVE_CHECK
};
struct resolve {
	struct builder *b;
	const char *file; /* of the formula */
	enum resolve_mode mode;
	struct table_source *own; /* NULL: a check of the pack */
	int row;                  /* RESOLVE_ROW: the row of the formula */
	int class;                /* of the computed cell; -1: of any fixed row, or a check */
	int leaf;                 /* the column of the cell that is computed, -1: a check */
	const char *open_column;  /* what an open column of a check stands for, NULL: nothing yet */
	bool in_any;              /* within any( ): columns of the own grid are those of the row in hand */
};
enum target_rows {
	TARGET_OWN,
	TARGET_OPEN,
	TARGET_FIXED,
	TARGET_CODES,
	TARGET_LEAVES
};
struct target { /* what a reference names */
	int table;
	enum target_rows rows;
	int *classes;
	int class_count;
	const char **codes;
	int code_count;
	struct form_column *column; /* NULL: left open */
	int block;                  /* of the named row, -1 */
	bool all;                   /* TARGET_FIXED: the sum over all sheets, cards or entries */
	enum form_part part;
};
bool resolve_reference(const struct resolve *context, const struct reference *reference, bool in_sum,
		       struct target *out);

/* bind.c */
/* Binds every reference below *slot; sums over groups, rows above and several fixed rows become chains of +.
 * False after an error. */
bool bind_expression(const struct resolve *context, struct expression **slot);
int bind_cell(struct builder *b, const struct form_table *table, int class, int leaf);
const struct form_binding *binding_of(const struct builder *b, const struct reference *reference);
/* True if the chain of the computed cell's row has an entry of the list. */
bool resolve_reaches(const struct resolve *context, int list);
/* True if a table lists entries and every fixed row in it is a sum: then the entries are its rows. */
bool is_list_table(const struct table_source *source);
/* The list whose entry a bound reference needs in order to mean one cell; -1: none. */
int binding_list(const struct builder *b, const struct form_binding *binding);
enum value_type resolve_type(void *builder, const struct reference *reference);

/* rules.c */
bool rules_make(struct builder *b);
/* check.c */
bool checks_make(struct builder *b);
bool live_make(struct builder *b);
/* graph.c */
bool graph_make(struct builder *b);
/* lint.c */
void pulls_make(struct builder *b);
void lint_codes(struct builder *b);
/* <placeholders> that stand for nothing. */
void lint_placeholders(struct builder *b);
void lint_warn(struct builder *b);

#endif
