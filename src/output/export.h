/* CSV: one file a table, NN-ID.csv, first line the column paths, then the body rows as printed; RFC 4180;
 * cells that a spreadsheet would run as a formula are defused; never a half-written file. Tables are numbered
 * as they are published here: one that is published elsewhere has neither number nor file. Of a table of
 * sheets, each has a file of its own, NN-ID-K.csv, where there are several; the K-th card is two files: its
 * head, NN-ID-K-head.csv, as printed, and its grid, NN-ID-K-indicators.csv. */
#ifndef YUBIAO_OUTPUT_EXPORT_H
#define YUBIAO_OUTPUT_EXPORT_H

#include "base/diag.h"
#include "model/workbook.h"

enum export_encoding { EXPORT_UTF8_BOM, EXPORT_UTF8, EXPORT_GB18030, EXPORT_ENCODINGS };
/* -1 if `word` (utf-8-bom, utf-8, gb18030) is none. */
int export_encoding_find(const char *word);
/* The CSV of a sheet's grid (sheet 0 in a plain table) in UTF-8 without a BOM, added to `out`. */
void export_format(const struct workbook *workbook, int table, size_t sheet, struct buffer *out);
/* The head of a card: its lines as printed, which differ in length, without a line of column paths. */
void export_format_head(const struct workbook *workbook, int table, size_t sheet, struct buffer *out);
/* Writes table `table`, -1 all, under `directory` (made if it is not there). *files: how many were written.
 * STATUS_INVALID for a single table that is published elsewhere. */
enum status export_write(const struct workbook *workbook, int table, const char *directory,
			 enum export_encoding encoding, size_t *files, struct diag_list *diags);
/* Writes the same files, NN-ID-template.csv, of the form without figures: heads, fixed rows, codes and named
 * entries (output/blank.h); cells that are entered or computed are blank. If one of the files is there already,
 * nothing is written: STATUS_INVALID. */
enum status export_template(const struct workbook *workbook, int table, const char *directory,
			    enum export_encoding encoding, size_t *files, struct diag_list *diags);

#endif
