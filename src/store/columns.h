/* Columns as a workbook file sees them: what they are called (the shortest name that is unambiguous within
 * their block), and how their cells are written. */
#ifndef YUBIAO_STORE_COLUMNS_H
#define YUBIAO_STORE_COLUMNS_H

#include <stdbool.h>

#include "base/diag.h"
#include "model/workbook.h"

/* The file's name of a leaf, unambiguous in its block: its formula name, else group.name, its path, its id or group.id,
 * else #12 (the number of the leaf). The caller frees. */
char *column_word(const struct form_table *table, int leaf);
/* The same, but unambiguous in the whole table. */
char *column_word_of_table(const struct form_table *table, int leaf);
/* The leaf that such a word means, in any block where `block` is -1; -1: none. */
int column_of_word(const struct form_table *table, const char *word, int block);
/* A figure as files write it, exactly: 9.60, 25%; added to `out`. */
struct buffer;
void column_figure_add(const struct form_column *column, int64_t number, struct buffer *out);
/* And back; false with a sentence. */
bool column_figure_read(const struct form_column *column, const char *text, int64_t *number,
			struct diag_list *diags);
/* True: the column's cells hold texts, not figures. A percent or a count is a figure. */
bool column_is_text(const struct form_column *column);
/* True: what stands there is the code or the name of the row's entry, which the list keeps for all tables. */
bool column_is_of_entry(const struct form_table *table, const struct row *row, int leaf);

#endif
