/* The restricted mode: `yubiao --restricted DIR`, or a login shell (the program's name begins with `-` or is
 * ryubiao, or it is given `-c`), which takes its directory from restricted.conf. See also session/restrict.h
 * for what may be done there, base/confine.h and base/landlock.h for how it is enforced. */
#ifndef YUBIAO_CLI_RESTRICTED_H
#define YUBIAO_CLI_RESTRICTED_H

#include <stdbool.h>

#include "cli/cli.h"

struct restricted {
	bool is_on;
	bool is_login;    /* a login shell */
	bool has_command; /* sshd was asked for a command, and runs this instead */
};

/* Decides by the arguments, and strips the process if it is on: call it first of all in main(). */
struct restricted restricted_begin(int argc, char **argv);
/* Runs the screen in that mode, when the locale is set; returns the exit code. Nothing else can be run in it.
 */
int restricted_run(const struct restricted *restricted, int argc, char **argv,
		   struct cli_surroundings *surroundings);

#endif
