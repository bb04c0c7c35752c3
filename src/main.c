/* Joins the command line and the screens. */
#include <signal.h>
#include <stdio.h>

#include "cli/cli.h"
#include "tui/tui.h"
#include "yaml/tree.h"

int main(int argc, char **argv)
{
	char yaml[32];
	struct cli_surroundings surroundings = {.screen = tui_run, .libraries = {tui_library(), yaml}};
	int code;

	(void)snprintf(yaml, sizeof(yaml), "libyaml %s", yaml_library());

	/* A reader that goes away is an error to be told, not a death. */
	(void)signal(SIGPIPE, SIG_IGN);
	locale_start(&surroundings.locale, &surroundings.notes);
	session_paths_in(surroundings.locale.encoding);
	code = cli_run(argc, argv, &surroundings);
	diag_list_done(&surroundings.notes);
	return code;
}
