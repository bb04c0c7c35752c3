#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/command.h"

static bool read_year(const char *text, int *year)
{
	*year = 0;
	if (text == NULL)
		return true;
	if (strlen(text) != 4 || strspn(text, "0123456789") != 4)
		return false;
	*year = atoi(text);
	return true;
}

static bool save_new(struct cli *cli, struct session *session, const char *path)
{
	struct diag_list diags = {0};
	enum status status = session_save_as(session, cli_from_terminal(cli, path), false, &diags);

	cli_say_all(cli, &diags);
	diag_list_done(&diags);
	return status == STATUS_OK || status == STATUS_UNSURE;
}

static int create(struct call *call, const char *path, int year)
{
	struct cli *cli = call->cli;
	struct diag_list diags = {0};
	struct session *session = session_new(cli_from_terminal(cli, call->arguments[0]), NULL,
					      call_text(call, "code"), call_text(call, "name"), year, &diags);

	cli_say_all(cli, &diags);
	diag_list_done(&diags);
	if (session == NULL)
		return EXIT_TROUBLE;
	if (path != NULL && !save_new(cli, session, path)) {
		session_free(session);
		return EXIT_TROUBLE;
	}
	if (cli_has_terminal())
		return cli_show(cli, session);
	cli_print(cli, _("已新建 %s。\n"), cli_show_path(cli, path));
	session_free(session);
	return EXIT_DONE;
}

static int run(struct call *call)
{
	const char *path = call->count > 1 ? call->arguments[1] : NULL;
	int year;

	if (!cli_has_terminal())
		cli_say_all(call->cli, &call->cli->surroundings->notes);
	if (!read_year(call_path(call, "year"), &year))
		return call_misused(call, _("年度“%s”不对，请给四位数字，例如 2024。"),
				    call_text(call, "year"));
	if (path == NULL && !cli_has_terminal())
		return call_misused(call, _("请给出新文件的名字：yubiao new 套表 文件"));
	if (path != NULL && file_exists(path)) {
		cli_say(call->cli, _("文件 %s 已经存在，没有改动它；要打开它，请用：yubiao %s"),
			cli_show_path(call->cli, path), cli_show_path(call->cli, path));
		return EXIT_TROUBLE;
	}
	return create(call, path, year);
}

const struct command command_new = {
	.name = "new",
	.arguments = N_("套表 [文件]"),
	.summary = N_("用一个套表新建预算文件，在终端里接着打开它"),
	.help = N_("套表是 yubiao forms 列出的名字，或套表的目录。已有的文件不会被覆盖。\n"
		   "在终端里可以不给文件名，第一次保存时再给。"),
	.options = {
		{"code", N_("编码"), N_("部门编码，例如 711"), false},
		{"name", N_("名称"), N_("部门名称，例如 总工会"), false},
		{"year", N_("年度"), N_("预算年度；不给就用套表的第一个年度"), false},
	},
	.least = 1,
	.most = 2,
	.handler = run,
};
