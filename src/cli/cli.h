/* The command line: `yubiao COMMAND …`, or the screen. */
#ifndef YUBIAO_CLI_CLI_H
#define YUBIAO_CLI_CLI_H

#include "base/diag.h"
#include "cli/locale.h"

struct session;

#define CLI_LIBRARIES 4

/* What the command line is given by main(), so that it need not know the screen. */
struct cli_surroundings {
	struct locale_facts locale;
	struct diag_list notes; /* of starting up: what the terminal or the locale lacks */
	/* Opens the screen on `session` (NULL: the start page), which stays the caller's; shows `notes`;
	 * returns the exit code. */
	int (*screen)(struct session *session, struct diag_list *notes);
	const char *libraries[CLI_LIBRARIES]; /* names and versions, for --version; those behind a NULL do not
						 count */
};

/* Runs the command that `argv` asks for and returns the exit code: 0 done, 1 findings or wrong data, 2 wrong
 * usage, an unreadable file, output that could not be written, 4 somebody else has the file open. A reader that
 * closes the pipe ends the output without a word. SIGPIPE must be ignored. */
int cli_run(int argc, char **argv, struct cli_surroundings *surroundings);

#endif
