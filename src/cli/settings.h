/* restricted.conf, which root owns: lines of `key: value`, `#` begins a comment line.
 *
 *   directory: /srv/budgets/%u       where the workbooks are; %u the login name, ~ the login's home
 *   printers: /etc/yubiao/printers   a file of root's, a printer's name a line; this one if nothing is said
 *   forms: /srv/forms                where packs are looked for besides the installed ones; several by `:`
 */
#ifndef YUBIAO_CLI_SETTINGS_H
#define YUBIAO_CLI_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"

struct settings {
	bool exist;      /* there is a restricted.conf */
	char *directory; /* absolute, with %u and ~ filled in; NULL: not said */
	char *forms;     /* NULL: not said */
	char *printers_file;
	char **printers;
	size_t printer_count;
};

/* What is not there is empty; what is wrong (an owner, a right, a key, a value) is an error that names file
 * and line: then nothing may be started. */
enum status settings_read(struct settings *settings, struct diag_list *diags);
void settings_done(struct settings *settings);

#endif
