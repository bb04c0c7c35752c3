/* Columns as a workbook file sees them: what they are called (the shortest name that is unambiguous within
 * their block), and how their cells are written. */
#ifndef YUBIAO_STORE_COLUMNS_H
#define YUBIAO_STORE_COLUMNS_H

#include <stdbool.h>

#include "model/workbook.h"

/* The file's name of a leaf: its formula name, else group.name, else its path. The caller frees. */
char *column_word(const struct form_table *table, int leaf);
/* True: the column's cells hold texts, not figures. A percent or a count is a figure. */
bool column_is_text(const struct form_column *column);
/* True: what stands there is the code or the name of the row's entry, which the list keeps for all tables. */
bool column_is_of_entry(const struct form_table *table, const struct row *row, int leaf);

#endif
