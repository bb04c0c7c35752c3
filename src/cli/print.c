#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

#define WIDTH_LEAST 60
#define WIDTH_MOST 400

static bool read_width(const char *text, int *width)
{
	*width = 80;
	if (text == NULL)
		return true;
	if (strlen(text) > 3 || *text == '\0' || strspn(text, "0123456789") != strlen(text))
		return false;
	*width = atoi(text);
	return *width >= WIDTH_LEAST && *width <= WIDTH_MOST;
}

static int print(struct call *call, const struct session *session, int table, int width)
{
	struct cli *cli = call->cli;
	const char *output = call_path(call, "output");
	struct diag_list diags = {0};
	enum status status;

	if (output != NULL && strcmp(output, "-") == 0) {
		cli_flush(cli, false);
		session_sheet(session, table, width, &cli->out);
		return EXIT_DONE;
	}
	status = session_print(session, table, width, call_text(call, "output"), call_text(call, "printer"),
			       &diags);
	cli_say_all(cli, &diags);
	diag_list_done(&diags);
	if (status != STATUS_OK)
		return EXIT_TROUBLE;
	if (output != NULL)
		cli_print(cli, _("核对表已写到 %s。\n"), cli_show_path(cli, output));
	else
		cli_print(cli, _("核对表已送到打印机。\n"));
	return EXIT_DONE;
}

static int run(struct call *call)
{
	struct session *session;
	int width, table, code = EXIT_TROUBLE;

	if (!read_width(call_path(call, "width"), &width))
		return call_misused(call, _("纸宽“%s”不对，请给 %d 到 %d 之间的字符数，通常是 80 或 132。"),
				    call_text(call, "width"), WIDTH_LEAST, WIDTH_MOST);
	if (call_has(call, "output") && call_has(call, "printer"))
		return call_misused(call, _("--output 和 --printer 只能给一个。"));
	session = cli_open(call->cli, call->arguments[0]);
	if (session == NULL)
		return EXIT_TROUBLE;
	if (call_table(call, session, &table))
		code = print(call, session, table, width);
	session_free(session);
	return code;
}

const struct command command_print = {
	.name = "print",
	.arguments = N_("文件"),
	.summary = N_("打印核对表"),
	.help = N_("不给 --output 和 --printer 就送到默认打印机；--output - 写到标准输出。"),
	.options = {
		{"table", N_("表"), N_("只打印这张表（名字或中文名）"), false},
		{"output", N_("文件"), N_("写成文本文件（UTF-8），不打印"), false},
		{"printer", N_("打印机"), N_("用 lp 送到这台打印机"), false},
		{"width", N_("宽度"), N_("纸宽，按字符数：80（默认）或 132"), false},
	},
	.least = 1,
	.most = 1,
	.handler = run,
};
