/* What the files that read a workbook share. */
#ifndef YUBIAO_STORE_LOAD_H
#define YUBIAO_STORE_LOAD_H

#include "model/operation.h"
#include "model/workbook.h"
#include "yaml/tree.h"

struct load {
	struct workbook *workbook;
	const struct form_pack *pack;
	struct diag_list *diags;
	size_t errors_before; /* in diags when loading began */
	size_t rows;          /* read so far, control rows too */
	bool other_edition;   /* the pack's files are not those that the workbook was saved with */
};

/* True once there are so many errors that more would not help. */
bool load_is_hopeless(const struct load *load);
/* Applies the operation and frees it; what it refuses becomes an error at `node`. */
bool load_apply(struct load *load, const struct yaml_node *node, struct operation operation);
/* A message's ending on what the pack lacks: the nearest name, or that the pack may be older than the file.
 * Added to `out`. */
void load_advise(const struct load *load, const char *nearest, struct buffer *out);
/* The value of a map's pair, or of anything, must be a scalar; else an error and NULL. */
const char *load_text(struct load *load, const struct yaml_node *node);

/* The table of the pack that `node` names by id or short name; -1 with an error that names the nearest. */
int load_table(struct load *load, const struct yaml_node *node);

/* load_lists.c: everything under `lists:`. */
void load_lists(struct load *load, const struct yaml_node *lists);
/* The number of an entry as a row's key writes it: @12, @3/合计. False if `key` is none. */
bool load_entry_number(const char *key, int *id);

/* load_tables.c: everything under `tables:`. */
void load_tables(struct load *load, const struct yaml_node *tables);

/* load_cell.c: the operation that enters what `node` says into a cell of `column`, a control figure if
 * `control`. False with an error at `node` if it is no value of that column. */
struct load_place {
	int table;
	const char *key;
	int leaf;
};
bool load_cell(struct load *load, const struct load_place *place, const struct yaml_node *node, bool control,
	       struct operation *out);

#endif
