#include "cli/command.h"
#include "output/export.h"

static int run(struct call *call)
{
	struct cli *cli = call->cli;
	const char *directory = call_path(call, "to"), *word = call_text(call, "encoding");
	int encoding = word != NULL ? export_encoding_find(word) : EXPORT_UTF8_BOM, table;
	struct diag_list diags = {0};
	struct session *session;
	size_t files = 0;
	enum status status = STATUS_USAGE;

	if (directory == NULL)
		return call_misused(call, _("请用 --to 给出导出的目录。"));
	if (encoding < 0)
		return call_misused(call, _("没有编码方式“%s”，可用的是 utf-8-bom、utf-8 和 gb18030。"),
				    word);
	session = cli_open(cli, call->arguments[0]);
	if (session == NULL)
		return EXIT_TROUBLE;
	if (call_table(call, session, &table))
		status = (call_has(call, "template") ? session_template : session_export)(
			session, table, call_text(call, "to"), encoding, &files, &diags);
	cli_say_all(cli, &diags);
	if (status == STATUS_OK)
		cli_print(cli, _("已导出 %zu 个文件到 %s。\n"), files, cli_show_path(cli, directory));
	diag_list_done(&diags);
	session_free(session);
	return status == STATUS_OK ? EXIT_DONE : EXIT_TROUBLE;
}

const struct command command_export = {
	.name = "export",
	.arguments = N_("文件"),
	.summary = N_("导出 CSV，一张表一个文件"),
	.help = N_("文件名是表的序号和名字，如 01-summary.csv；已有的同名文件整个换掉。\n"
		   "--template 导出空白的样表，供电子表格填写，填好用 yubiao import "
		   "导入：表头、固定的行、已有的科目编码和名录各项都在，要填的和算出来的格空着；还没有科目的表，列出它所依据的表的科目。"
		   "文件名如 01-summary-template.csv，已有的不会换掉。"),
	.options = {
		{"to", N_("目录"), N_("导出到这个目录，没有就建立"), true},
		{"table", N_("表"), N_("只导出这张表（名字或中文名）"), false},
		{"template", NULL, N_("导出空白的样表"), false},
		{"encoding", N_("编码方式"), N_("utf-8-bom（默认）、utf-8 或 gb18030"), false},
	},
	.least = 1,
	.most = 1,
	.handler = run,
};
