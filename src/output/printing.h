/* What the files that print a sheet of a table share: where they are, and the lines above every part. */
#ifndef YUBIAO_OUTPUT_PRINTING_H
#define YUBIAO_OUTPUT_PRINTING_H

#include <stdbool.h>

#include "model/finding.h"
#include "output/band.h"
#include "output/grid.h"
#include "output/page.h"

#define TITLE_LINES 3 /* of a title that is one line long */

struct printing { /* one sheet of a table */
	const struct grid *grid;
	struct bands *bands;
	struct pages *pages;
	int measure; /* cells of the widest part: titles, heads of cards and notes keep to it */
	bool begun;  /* the title stands on an earlier page */
};

struct printing printing_of(const struct grid *grid, struct pages *pages);
void printing_done(struct printing *printing);
/* The sheet on a new page: title, head of a card, grid, note. */
void printing_sheet(struct printing *printing);
/* Title and the line below it, on a new page; from the second time on it says that it goes on. */
void printing_begin_page(struct printing *printing);
/* The worse of `known` (NULL: none) and what is wrong at a cell, leaf -1: with the row as a whole. */
const struct finding *printing_worst(const struct printing *printing, const struct row *row, int leaf,
				     const struct finding *known);
/* One cell wide: the sign of a finding, a blank for none. */
const char *printing_mark(const struct finding *finding);

/* body.c: the grid, band after band. */
void body_print(struct printing *printing);
/* card.c: the fields of a card. */
void card_print(struct printing *printing);

#endif
