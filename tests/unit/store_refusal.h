/* A change to the sample, and how the file is then refused. */
#ifndef YUBIAO_TESTS_STORE_REFUSAL_H
#define YUBIAO_TESTS_STORE_REFUSAL_H

#include "store_fixture.h"

struct refusal {
	const char *after, *old, *new; /* the change to the sample */
	const char *at;                /* text that stands at the place of the error; NULL: anywhere */
	const char *says[3];           /* parts of its sentence */
};

/* Line and column of the first `at` behind `from`. */
static inline void place_of(const char *text, const char *from, const char *at, unsigned *line, unsigned *column)
{
	const char *place = strstr(from, at), *start = text;

	assert_non_null(place);
	*line = 1;
	for (const char *here = text; here < place; here++)
		if (*here == '\n') {
			++*line;
			start = here + 1;
		}
	*column = 1;
	for (; start < place; start++)
		*column += ((unsigned char)*start & 0xC0) != 0x80;
}

static inline void check_refusal(struct fixture *f, const struct refusal *refusal)
{
	char *body = changed_body(refusal->after, refusal->old, refusal->new);
	const struct diag *diag;
	unsigned line, column;

	write_body(f, body);
	if (load(f, f->file) != STATUS_INVALID)
		fail_msg("accepted: %s", refusal->new);
	assert_null(f->workbook);
	assert_null(f->pack);
	diag = NULL;
	for (size_t i = 0; diag == NULL && i < f->diags.count; i++)
		if (f->diags.items[i].severity == DIAG_ERROR && f->diags.items[i].line > 0)
			diag = &f->diags.items[i];
	if (diag == NULL)
		fail_msg("no place: %s", refusal->new);
	assert_string_equal(diag->file, f->file);
	for (int i = 0; i < 3 && refusal->says[i] != NULL; i++)
		if (strstr(diag->text, refusal->says[i]) == NULL)
			fail_msg("%s: “%s” lacks “%s”", refusal->new, diag->text, refusal->says[i]);
	if (refusal->at != NULL) {
		char *sample = sample_body();
		const char *from = body + (strstr(sample, refusal->after) -
					   sample); /* up to there nothing was changed */
		memory_free(sample);
		place_of(body, from, refusal->at, &line, &column);
		if (diag->line != line || diag->column != column)
			fail_msg("%s: at %u:%u, not %u:%u: %s", refusal->new, diag->line, diag->column,
				 line, column, diag->text);
	}
	memory_free(body);
}

#endif
