/* Joins the command line and the screens. */
#include <signal.h>
#include <stdio.h>

#include "base/memory.h"
#include "cli/cli.h"
#include "cli/restricted.h"
#include "tui/tui.h"
#include "yaml/tree.h"

int main(int argc, char **argv)
{
	char yaml[32];

	memory_begin();
	struct cli_surroundings surroundings = {.screen = tui_run, .libraries = {tui_library(), yaml}};
	struct restricted restricted = restricted_begin(argc, argv);
	int code;

	(void)snprintf(yaml, sizeof(yaml), "libyaml %s", yaml_library());

	/* A reader that goes away, and a file that may grow no further, are errors to be told, not a death. */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
	locale_start(&surroundings.locale, &surroundings.notes);
	session_paths_in(surroundings.locale.encoding);
	code = restricted.is_on ? restricted_run(&restricted, argc, argv, &surroundings)
				: cli_run(argc, argv, &surroundings);
	diag_list_done(&surroundings.notes);
	return code;
}
