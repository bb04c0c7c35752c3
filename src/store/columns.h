/* What columns are called in a workbook file: the shortest name that is unambiguous within their block. */
#ifndef YUBIAO_STORE_COLUMNS_H
#define YUBIAO_STORE_COLUMNS_H

#include "form/pack.h"

/* The file's name of a leaf: its formula name, else group.name, else its path. The caller frees. */
char *column_word(const struct form_table *table, int leaf);

#endif
