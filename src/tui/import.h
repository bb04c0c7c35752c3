/* What an import, or a paste, would do, before it is done. */
#ifndef YUBIAO_TUI_IMPORT_H
#define YUBIAO_TUI_IMPORT_H

#include "session/import.h"
#include "tui/screen.h"

struct import_request {
	struct import_settings settings;
	const char *path;              /* a file, or a directory of them; NULL: `text` is pasted at `place` */
	const char *text;
	const struct import_place *place;
};

/* Shows the plan, line by line; the clerk may look at it with other settings, which `request` then holds. Done
 * on Enter, as one change; the message says what came of it. True: it was done. */
bool import_run(struct tui *tui, struct import_request *request);

#endif
