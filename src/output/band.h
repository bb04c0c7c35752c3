/* How a table is cut for paper: bands of columns that are no wider than the paper, each with the labels
 * that say which row it is. */
#ifndef YUBIAO_OUTPUT_BAND_H
#define YUBIAO_OUTPUT_BAND_H

#include <stdbool.h>

#include "output/grid.h"

struct band_column {
	int leaf;
	int width;   /* cells between the rules */
	int most;    /* wider is of no use */
	bool label;  /* ordinal, code, caption: in every band */
	bool figure; /* flush right; every column but labels keeps its last cell for a mark */
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
struct bands *bands_new(const struct grid *grid, int paper);
void bands_free(struct bands *bands);

#endif
