/* The last sheet: every check with its result, the totals, signatures, and which file it was. */
#ifndef YUBIAO_OUTPUT_CLOSING_H
#define YUBIAO_OUTPUT_CLOSING_H

#include "model/finding.h"
#include "output/page.h"
#include "output/sheet.h"

/* Begins a page. */
void closing_print(const struct workbook *workbook, const struct sheet_settings *settings,
		   struct pages *pages);
/* What stands above every page on the left: department, year, the beginning of the fingerprint. */
void closing_running_line(const struct workbook *workbook, const struct sheet_settings *settings,
			  struct buffer *out);
/* Counts as a sentence. */
void closing_tally(struct finding_tally tally, struct buffer *out);

#endif
