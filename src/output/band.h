/* How a table is cut for paper: bands of columns that are no wider than the paper, each with the labels
 * that say which row it is. */
#ifndef YUBIAO_OUTPUT_BAND_H
#define YUBIAO_OUTPUT_BAND_H

#include <stdbool.h>

#include "output/grid.h"

enum band_mark {
	BAND_MARK_NONE,
	BAND_MARK_ROW,  /* the first cell is kept for what is wrong with the row */
	BAND_MARK_CELL, /* the last cell is kept for what is wrong with the value */
};
struct band_column {
	int leaf;
	int width;    /* cells between the rules */
	int most;     /* wider is of no use */
	bool label;   /* in every band: ordinal, code, caption; where there is none, the first text */
	bool figure;  /* flush right */
	bool text;    /* wraps; its width is a matter of taste */
	bool first;   /* of a block without label columns: its mark is the row's too */
	enum band_mark mark;
};
struct band {
	struct band_column *columns;
	int count;
	int width; /* with all rules */
};
struct bands {
	struct band *items;
	int count;
	int width; /* of the widest */
};
/* No band where the sheet has no columns, but fields only. A single band with texts is at least `wide`. */
struct bands *bands_new(const struct grid *grid, int paper, int wide);
void bands_free(struct bands *bands);

#endif
