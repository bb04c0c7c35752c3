/* A workbook (预算文件): one department, one year, one pack. This header reads it; model/operation.h is the only door that
 * changes it.
 *
 * Every cell keeps its value, its half-width and the number of entered figures in it, so a sum is kept by differences: an
 * edit costs the same in a table of 100 rows and of 100,000. Rows of a coded table are ordered by code; parents and the total row exist as
 * long as a leaf below them does. */
#ifndef YUBIAO_MODEL_WORKBOOK_H
#define YUBIAO_MODEL_WORKBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "form/pack.h"

/* How many rows may be added to the fixed ones, by code and by entries of lists, of which each counts with its rows in all tables; and
 * how many entries, which take more memory. A file can make the program hold so many, and no more. */
#define WORKBOOK_ROWS_MOST 200000
#define WORKBOOK_ENTRIES_MOST 50000

struct workbook;
struct row; /* valid until the row is removed */

/* The pack is borrowed and must outlive the workbook. All fixed rows are there, nothing is entered. */
struct workbook *workbook_new(const struct form_pack *pack);
/* The same with its checks held: for one who has many changes to make, and releases them afterwards. */
struct workbook *workbook_new_held(const struct form_pack *pack);
void workbook_free(struct workbook *workbook);
const struct form_pack *workbook_pack(const struct workbook *workbook);

/* What stands on the cover. Text, "" where not filled. */
enum workbook_field {
	WORKBOOK_ID,       /* 32 hexadecimal digits, never changed */
	WORKBOOK_CODE,     /* 部门编码 711 */
	WORKBOOK_NAME,     /* 部门名称 总工会 */
	WORKBOOK_YEAR,     /* 预算年度 2024 */
	WORKBOOK_PREPARER, /* 制表 */
	WORKBOOK_REVIEWER, /* 复核 */
	WORKBOOK_LEADER,   /* 负责人 */
	WORKBOOK_DATE,     /* 编制日期 2024-01-31 */
	WORKBOOK_SUBJECT,  /* 主科目 2012901: what <主科目> stands for */
	WORKBOOK_FIELDS,
};
const char *workbook_field(const struct workbook *workbook, enum workbook_field field);
/* The word of a field in files (id, code, name …) and its Chinese label (部门编码). */
const char *workbook_field_word(enum workbook_field field);
const char *workbook_field_label(enum workbook_field field);
int workbook_year(const struct workbook *workbook); /* 0 where not filled */
/* True: the table's entered figures were transcribed from a table printed with its unit's decimals. */
bool workbook_is_rounded(const struct workbook *workbook, int table);
/* `text` with <年度>, <部门> and so on filled in, for a title or line of `table`; added to `out`, sanitized. */
void workbook_expand(const struct workbook *workbook, int table, const char *text, struct buffer *out);
/* A column as a person calls it: its name in formulas, but 2026年预算数 where that lacks the <年度> that is printed; added to `out`.
 * With `groups` those above stand before it, as printed: 本年收入/小计. */
void workbook_column_name(const struct workbook *workbook, int table, int leaf, bool groups, struct buffer *out);

/* True: the table is published elsewhere (另行公开): neither exported nor numbered; a check that would read it gives a note. */
bool workbook_is_elsewhere(const struct workbook *workbook, int table);

/* Entries of a list, in order. An entry is what its rows in all tables have in common: its place, code and name. Its id is a number
 * that no other entry of the workbook has or had; row keys write it @12. */
struct entry_node;
size_t workbook_entry_count(const struct workbook *workbook, int list);
const struct entry_node *workbook_entry(const struct workbook *workbook, int list, size_t i);
const struct entry_node *workbook_entry_find(const struct workbook *workbook, int id); /* NULL: none */
int entry_id(const struct entry_node *entry);
int entry_list(const struct entry_node *entry);
const struct entry_node *entry_owner(const struct entry_node *entry); /* NULL: none */
const char *entry_code(const struct entry_node *entry);               /* "" */
const char *entry_name(const struct entry_node *entry);               /* "" */

/* Sheets: a plain table has one (entry NULL); a table of cards one for each entry of form_table.each, in order. Functions without a sheet mean
 * sheet 0 of a plain table. A coded table is always plain. */
size_t workbook_sheet_count(const struct workbook *workbook, int table);
const struct entry_node *workbook_sheet_entry(const struct workbook *workbook, int table, size_t sheet);
size_t row_sheet(const struct row *row);
size_t workbook_sheet_line_count(const struct workbook *workbook, int table, size_t sheet);
struct row *workbook_sheet_line_row(const struct workbook *workbook, int table, size_t sheet, size_t line, int block);
/* The row of the fields of a card (or of a plain table that has fields); NULL: none. */
struct row *workbook_sheet_fields(const struct workbook *workbook, int table, size_t sheet);
/* <placeholders> of a card too: its fields, its entry's name and code, <序> its number. */
void workbook_sheet_expand(const struct workbook *workbook, int table, size_t sheet, const char *text, struct buffer *out);

/* Lines as shown and printed: a line holds the row of each block, NULL where the block has none. */
size_t workbook_line_count(const struct workbook *workbook, int table);
struct row *workbook_line_row(const struct workbook *workbook, int table, size_t line, int block);
size_t workbook_line_of(const struct workbook *workbook, const struct row *row);
/* By code, name, id or printed caption (fixed rows), code or the total's name (coded), @12 (the row or the fields of entry 12),
 * @3/合计 (a fixed row in the sheet of entry 3); NULL: no such row now. */
struct row *workbook_row_find(const struct workbook *workbook, int table, const char *key);

int row_table(const struct row *row);
int row_class(const struct row *row);
int row_block(const struct row *row);
int row_level(const struct row *row);            /* depth in the tree, 0 the outermost; a coded total is 0 too */
const char *row_key(const struct row *row);      /* unique in its table: code, else name; @12; @3/合计 */
const struct entry_node *row_entry(const struct row *row); /* a list row's, or fields': its own entry; NULL */
const char *row_code(const struct row *row);     /* "" : none */
const char *row_caption(const struct row *row);  /* as printed; for codes the catalogue's name or the clerk's own */
bool row_is_leaf(const struct row *row);         /* a leaf of a coded table */
/* The clerk entered its code; false: it is there because rows of other tables have the code. */
bool row_is_own(const struct row *row);
unsigned row_source_count(const struct row *row); /* of such rows */
bool row_is_total(const struct row *row);        /* drawn as a total */
/* A generated row without a figure: it is not printed. */
bool row_is_hidden(const struct workbook *workbook, const struct row *row);
struct row *row_parent(const struct row *row);   /* NULL: none */
/* The rule of a cell; kind FORM_NONE where the column belongs to another block. */
const struct form_rule *workbook_rule(const struct workbook *workbook, const struct row *row, int leaf);
/* Where a leaf row's name comes from. */
enum row_name_source { ROW_NAME_PRINTED, ROW_NAME_CATALOGUE, ROW_NAME_OWN, ROW_NAME_MISSING };
enum row_name_source workbook_name_source(const struct workbook *workbook, const struct row *row);
/* The name of a code in the workbook's year: the clerk's own, else the catalogue's, else NULL. */
const char *workbook_code_name(const struct workbook *workbook, const struct catalogue *catalogue, const char *code);
/* The clerk's own names, for saving: visits all; false at the end. Order: sorted by catalogue, code. */
bool workbook_own_name(const struct workbook *workbook, size_t i, const char **catalogue, const char **code,
		       const char **name);

/* The figure of a cell (blank for labels and other blocks). */
struct value workbook_value(const struct workbook *workbook, const struct row *row, int leaf);
/* The text of a text, choice or measure cell as entered ("" blank); with `standard` what stands there by default. Borrowed
 * until the next call. */
const char *workbook_text(const struct workbook *workbook, const struct row *row, int leaf, bool standard);
/* True and the value if the cell has a control figure. */
bool workbook_control(const struct workbook *workbook, const struct row *row, int leaf, struct value *out);
bool row_has_figures(const struct workbook *workbook, const struct row *row); /* entered ones, or control figures */
/* No figure in the table: it prints its empty body. */
bool workbook_table_is_empty(const struct workbook *workbook, int table);

/* The cell as text: ordinal, code, caption (with indent), or the figure in `unit` (NULL: the column's own) at the unit's decimals; a blank is
 * "" or what the layout prints for it. `line` is the printed line from 0. Added to `out`, sanitized. */
void workbook_cell_text(const struct workbook *workbook, const struct row *row, int leaf, size_t line,
			const struct form_unit *unit, struct buffer *out);
/* The figure exactly, in the unit: 9.60, 1.234567; "" for blank. */
void workbook_exact_text(const struct value *value, const struct form_unit *unit, struct buffer *out);

#endif
