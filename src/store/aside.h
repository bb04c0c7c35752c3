/* Files that do not fit are never thrown away: they get a name of their own. */
#ifndef YUBIAO_STORE_ASIDE_H
#define YUBIAO_STORE_ASIDE_H

#include "base/diag.h"

/* Renames `file` to NAME-YYYYMMDD-HHMMSS, never over another file. *aside (may be NULL) gets the new path, which
 * the caller frees. */
enum status file_set_aside(const char *file, const char *name, char **aside, struct diag_list *diags);

#endif
