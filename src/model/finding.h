/* Findings: what the checks, the control figures and the catalogue say of a workbook, always current. */
#ifndef YUBIAO_MODEL_FINDING_H
#define YUBIAO_MODEL_FINDING_H

#include "formula/expression.h"
#include "model/workbook.h"

enum finding_severity { FINDING_ERROR, FINDING_WARNING, FINDING_ROUNDING, FINDING_NOTE, FINDING_SEVERITIES };
enum finding_kind {
	FINDING_CHECK,
	FINDING_CONTROL,
	FINDING_CODE,  /* not in the catalogue, or another name */
	FINDING_TWICE, /* the same text as a row above, where the layout says unique */
};

struct finding {
	enum finding_severity severity;
	enum finding_kind kind;
	const char *name;               /* the check's name */
	const struct form_check *check; /* FINDING_CHECK only */
	const char *key;                /* instance of an open check; "" otherwise */
	int table;
	struct row *row;                /* where it shows; NULL: the table as a whole */
	int leaf;                       /* -1: the row as a whole; with no row: the column as a whole */
	struct verdict verdict;         /* left: stated, right: computed */
};

struct finding_tally { size_t count[FINDING_SEVERITIES]; };
/* Of a table, or -1: of the whole workbook. O(1). */
struct finding_tally workbook_tally(const struct workbook *workbook, int table);
/* All findings, by table, line, column, severity; the caller frees the array with memory_free(); the findings are borrowed until the next
 * change. table -1: all. */
size_t workbook_findings(const struct workbook *workbook, int table, const struct finding ***out);
/* The findings at a cell (leaf -1: at the row as a whole too), worst first, up to `most`; returns how many there are. O(findings of the row). */
size_t workbook_cell_findings(const struct workbook *workbook, const struct row *row, int leaf,
			      const struct finding **out, size_t most);

const char *finding_severity_word(enum finding_severity severity);  /* error, warning, rounding, note */
const char *finding_severity_label(enum finding_severity severity); /* 错误, 警告, 尾差, 提示 */
const char *finding_severity_sign(enum finding_severity severity);  /* one cell wide: ! ? ~ i */
/* The sentence: check, both places and figures, difference, bound and k for 尾差. Added to `out`, sanitized, one line. */
void finding_text(const struct workbook *workbook, const struct finding *finding, struct buffer *out);
/* stated, computed, difference as decimal strings in the table's unit ("" where there is none): out[0..2]. */
void finding_figures(const struct workbook *workbook, const struct finding *finding, struct buffer out[3]);
/* Every check with its result over the whole workbook, for the check sheet: how many instances failed by severity. */
struct check_summary { const struct form_check *check; size_t failed, rounding; };
/* In the pack's order, expanded checks of one name folded into one; plus control figures (check NULL). The caller frees. */
size_t workbook_check_summary(const struct workbook *workbook, struct check_summary **out);

#endif
