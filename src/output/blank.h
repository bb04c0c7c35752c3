/* Workbooks without a figure, to draw and export forms that are still to be filled. The pack is borrowed, as in
 * workbook_new(); the caller frees with workbook_free(). */
#ifndef YUBIAO_OUTPUT_BLANK_H
#define YUBIAO_OUTPUT_BLANK_H

#include "model/workbook.h"

/* What says who is who in `from`: its cover, own names of codes, codes, and entries that have a name or a code. A
 * coded table without codes gets those of the table that it follows (pull); where there is no card, there is one
 * without a name. */
struct workbook *blank_copy(const struct workbook *from);
/* One row of each kind in every table: a code with all its levels, an entry of every list. The cover's fields read
 * as their placeholders do. */
struct workbook *blank_example(const struct form_pack *pack);

#endif
