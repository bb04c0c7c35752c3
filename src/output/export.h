/* CSV: one file a table, NN-ID.csv, first line the column paths, then the body rows as printed; RFC 4180;
 * cells that a spreadsheet would run as a formula are defused; never a half-written file. */
#ifndef YUBIAO_OUTPUT_EXPORT_H
#define YUBIAO_OUTPUT_EXPORT_H

#include "base/diag.h"
#include "model/workbook.h"

enum export_encoding { EXPORT_UTF8_BOM, EXPORT_UTF8, EXPORT_GB18030, EXPORT_ENCODINGS };
/* -1 if `word` (utf-8-bom, utf-8, gb18030) is none. */
int export_encoding_find(const char *word);
/* A table's CSV in UTF-8 without a BOM, added to `out`. */
void export_format(const struct workbook *workbook, int table, struct buffer *out);
/* Writes table `table`, -1 all, under `directory` (made if it is not there). *files: how many were written.
 */
enum status export_write(const struct workbook *workbook, int table, const char *directory,
			 enum export_encoding encoding, size_t *files, struct diag_list *diags);

#endif
