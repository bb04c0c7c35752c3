/* The head of a table as printed: groups over their columns, captions wrapped, the numbers of the columns
 * below. */
#ifndef YUBIAO_TUI_TABLE_HEAD_H
#define YUBIAO_TUI_TABLE_HEAD_H

#include "tui/table_layout.h"

/* Screen rows that it takes with this layout. */
int table_head_rows(const struct table_layout *layout);
void table_head_draw(const struct table_layout *layout, int row);

#endif
