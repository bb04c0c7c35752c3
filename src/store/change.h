/* An operation as the words of a record, and back.
 *
 *   kind        table     row       column          before, after
 *   figure      table id  row key   column word     the figure or text as the workbook file writes it, "" blank
 *   control     table id  row key   column word     the control figure
 *   row-add     table id  code                      (row-drop: the same)
 *   name        table id  code                      the clerk's own name of the code
 *   field                           field word      what stands on the cover
 *   rounded     table id                            exact | rounded
 *   elsewhere   table id                            "" | elsewhere
 *   entry-add   list      @12       place or ""     after: key of the owner (entry-drop: before)
 *   entry-name  list      @12                       (entry-code: the same) */
#ifndef YUBIAO_STORE_CHANGE_H
#define YUBIAO_STORE_CHANGE_H

#include "base/memory.h"
#include "model/operation.h"
#include "store/record.h"

/* Fills in kind, table, row, column, before and after of `record` from an applied operation, or with `back` from
 * its taking back. Texts live in `words`, or in the operation. */
struct change_words {
	struct buffer before, after, column;
};
void change_describe(const struct form_pack *pack, const struct operation *operation, bool back,
		     struct change_words *words, struct record *record);
void change_words_done(struct change_words *words);
/* The operation that a record of kind do, undo or redo stands for, with its old value. False with a sentence
 * that names the cell where the pack has no such table, row, column or value. */
bool change_read(const struct form_pack *pack, const struct record *record, struct operation *out,
		 struct diag_list *diags);

#endif
