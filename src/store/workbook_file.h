/* The workbook as a YAML file. Read: bounded, refused whole with file:line:column and a sentence on
 * anything not understood. Written: stable order, one row a line (a row of much text: one cell a line), only
 * what was entered, format version and id first, trailer with row count and checksum last.
 *
 *   yubiao: 1
 *   id: 0123…              # 32 hexadecimal digits
 *   pack: hebei-2024
 *   edition: 4f1c…         # of the pack's files when this was saved, so that a change is noticed; optional
 *   year: 2024
 *   department: {code: "711", name: 总工会, subject: "2012901"}
 *   signatures: {preparer: …, reviewer: …, leader: …, date: …}   # left out where empty
 *   figures: rounded       # exact | rounded, or a map from table id to one of them
 *   elsewhere: [summary]   # tables 另行公开; left out where none is
 *   names:                 # the clerk's own names of codes; left out where empty
 *     functional: {"2019901": …}
 *   lists:                 # left out where empty; an id is unique in the file
 *     项目:
 *     - {id: 3, code: …, name: …}
 *     指标:
 *     - {id: 12, owner: 3}
 *   tables:
 *     income:
 *       rows:              # codes, or names of fixed rows; a coded leaf row without figures stands too
 *       - {row: "2012901", 财政拨款收入: 62.89}
 *       control:
 *       - {row: 合计, 合计: 116.16}
 *     project:
 *       rows:              # @3: the fields or the row of entry 3; @3/合计: a fixed row in its sheet; @0: the
 *       - row: "@3"        # fields of a plain table
 *         财政资金: 5.00
 *         3月底: 25%
 *         绩效目标: |-
 *           1.…
 *           2.…
 *   end: {rows: 45, history: 120, sha256: …}   # of all bytes before this line; history (store/history.h): number
 *                                              # of its last change, left out where none is known
 */
#ifndef YUBIAO_STORE_WORKBOOK_FILE_H
#define YUBIAO_STORE_WORKBOOK_FILE_H

#include "base/diag.h"
#include "base/digest.h"
#include "model/workbook.h"

/* Reads `path`, loads its pack, fills a workbook. Notes (edited by hand, pack changed since) go to `diags`
 * with DIAG_NOTE. On failure nothing is allocated. The caller frees workbook, then pack. `stamp` may be NULL. */
struct workbook_stamp {
	char digest[DIGEST_TEXT_SIZE]; /* SHA-256 of the file */
	uint64_t history;              /* number of the last change in its history, 0: none is known */
};
enum status workbook_file_load(struct workbook **workbook, struct form_pack **pack, const char *path,
			       struct workbook_stamp *stamp, struct diag_list *diags);
/* The file's bytes, added to `out`; to be put in place by file_replace(). STATUS_INVALID with a sentence, and
 * nothing is added: something in it cannot be written, and the file that stands there must stay. */
enum status workbook_file_format(const struct workbook *workbook, uint64_t history, struct buffer *out,
				 struct diag_list *diags);
/* SHA-256 of what stands at `path` now. STATUS_NOT_FOUND without a sentence; STATUS_IO, STATUS_INVALID with one. */
enum status workbook_file_digest(const char *path, char digest[DIGEST_TEXT_SIZE], struct diag_list *diags);

#endif
