#include "cli/command.h"

static int run(struct call *call)
{
	struct cli *cli = call->cli;
	struct diag_list diags = {0};
	int code;
	struct session *session = cli_open_to_change(cli, call->arguments[0], &code);
	bool control = call_has(call, "control");
	enum status status;

	if (session == NULL)
		return code;
	/* Every assignment is tried, so that all mistakes are said at once; with one nothing is changed. */
	session_begin(session, call->count == 2 ? cli_from_terminal(cli, call->arguments[1]) : "yubiao set");
	for (int i = 1; i < call->count; i++)
		if (session_set(session, cli_from_terminal(cli, call->arguments[i]), control, &diags) !=
		    STATUS_OK)
			code = EXIT_DATA;
	session_end(session, code == EXIT_DONE);
	if (code == EXIT_DONE && session_is_changed(session)) {
		status = session_save(session, &diags);
		code = status == STATUS_OK ? EXIT_DONE : EXIT_TROUBLE;
		/* All or nothing: a script that is told of a failure may try again. */
		if (status != STATUS_OK)
			session_give_up(session);
	}
	cli_say_all(cli, &diags);
	if (code == EXIT_DATA)
		cli_say(cli, _("文件 %s 没有改动。"), cli_show_path(cli, call->arguments[0]));
	diag_list_done(&diags);
	session_free(session);
	return code;
}

const struct command command_set = {
	.name = "set",
	.arguments = N_("文件 '表[行].栏=数'..."),
	.summary = N_("填列、修改或清除文件里的数"),
	.help = N_("表用它的英文名或中文名，行用科目编码或名称，栏用栏名（重名的用 "
		   "组.栏）；数按本表的单位，空的清除。\n"
		   "编码的行没有就加上；目录里没有的编码，在名称栏里给它名称。有一处不对，整个文件都不改。"),
	.options = {
		{"control", NULL, N_("填的是计算格的控制数"), false},
	},
	.least = 2,
	.most = -1,
	.handler = run,
};
