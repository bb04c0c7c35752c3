/* Check sheets (核对表) as text for 80- and 132-column paper: each table with title, department, year,
 * unit, ruled body, head repeated on each page, page x/y and its findings; wide tables break into column
 * bands with the labels repeated; a card is its head as a ruled block, then its grid; each sheet of a table
 * begins a page; tables that are published elsewhere are left out. Then a last sheet with every check and its
 * result, signature lines, date and the file's fingerprint. Pages are parted by a form feed. */
#ifndef YUBIAO_OUTPUT_SHEET_H
#define YUBIAO_OUTPUT_SHEET_H

#include "base/diag.h"
#include "model/workbook.h"

struct sheet_settings {
	int width;               /* cells, 60..400: 80 or 132 */
	int height;              /* lines a page, 0: 60 */
	const char *fingerprint; /* SHA-256 of the saved file; NULL: says 未保存 */
	const char *file;        /* its name, for the last sheet; NULL */
	const char *date;        /* printed on, yyyy-mm-dd */
};
/* Table `table`, -1 all and the last sheet. Added to `out`, UTF-8. */
void sheet_format(const struct workbook *workbook, int table, const struct sheet_settings *settings,
		  struct buffer *out);
/* True: letters, digits, - _ . only, and none that could be an option. */
bool printer_is_name(const char *name);
/* Hands text to `lp` (fixed path, argument vector, clean environment). `name` NULL: the default printer. */
enum status printer_send(const char *bytes, size_t length, const char *name, const char *title,
			 struct diag_list *diags);

#endif
