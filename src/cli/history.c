/* 留痕: who changed what from what to what and when. */
#include <string.h>

#include "base/text.h"
#include "cli/command.h"
#include "session/recover.h"

struct printing {
	struct cli *cli;
	const char *since; /* "": from the beginning */
	const char *table; /* NULL: all */
	bool csv;
};

/* A spreadsheet must not take it for a formula. */
static void add_csv(struct buffer *out, const char *text, bool last)
{
	struct buffer clean = {0};

	text_sanitize(&clean, text, strlen(text), true);
	buffer_add_byte(out, '"');
	if (clean.length > 0 && strchr("=+-@\t\r", clean.data[0]) != NULL)
		buffer_add_byte(out, '\'');
	for (size_t i = 0; i < clean.length; i++) {
		if (clean.data[i] == '"')
			buffer_add_byte(out, '"');
		buffer_add_byte(out, clean.data[i]);
	}
	buffer_add(out, last ? "\"\r\n" : "\",");
	buffer_done(&clean);
}

/* A figure may begin with a minus sign. */
static void add_csv_value(struct buffer *out, const char *text, bool last)
{
	if (text[0] == '-' && text[1] != '\0' && strspn(text + 1, "0123456789.%") == strlen(text + 1))
		buffer_format(out, "%s%s", text, last ? "\r\n" : ",");
	else
		add_csv(out, text, last);
}

static void print_csv(struct cli *cli, const struct session_change *change)
{
	struct buffer *out = &cli->out;

	buffer_format(out, "%llu,", (unsigned long long)change->number);
	add_csv(out, change->time, false);
	add_csv(out, change->user, false);
	add_csv(out, change->word, false);
	add_csv(out, change->verb, false);
	buffer_format(out, "%llu,", (unsigned long long)change->group);
	add_csv(out, change->label, false);
	add_csv(out, change->table, false);
	add_csv(out, change->row, false);
	add_csv(out, change->column, false);
	add_csv_value(out, change->before, false);
	add_csv_value(out, change->after, true);
	cli_flush_some(cli, true);
}

static bool print(void *context, const struct session_change *change)
{
	struct printing *printing = context;

	if (strncmp(change->time, printing->since, strlen(printing->since)) < 0)
		return true;
	if (printing->table != NULL && strcmp(change->table, printing->table) != 0)
		return true;
	if (printing->csv)
		print_csv(printing->cli, change);
	else
		(void)change_print(printing->cli, change);
	return printing->cli->output_error == 0;
}

static bool read_since(const struct call *call, const char **since)
{
	const char *text = call_path(call, "since");

	*since = text != NULL ? text : "";
	return text == NULL || date_of_text(text) != 0;
}

static int list(struct call *call, struct printing *printing)
{
	struct cli *cli = call->cli;
	const char *path = cli_from_terminal(cli, call->arguments[0]);
	struct diag_list diags = {0};
	struct session *session = session_open_to_look(path, &diags);
	const struct form_pack *pack = session != NULL ? workbook_pack(session_workbook(session)) : NULL;
	int table = -1;

	diag_list_clear(&diags);
	if (session != NULL && !call_table(call, session, &table)) {
		session_free(session);
		return EXIT_TROUBLE;
	}
	printing->table = table >= 0 ? pack->tables[table]->id : call_text(call, "table");
	if (printing->csv)
		cli_print(cli, "number,time,user,verb,what,group,label,table,row,column,before,after\r\n");
	if (session != NULL)
		(void)session_visit_history(session, print, printing, &diags);
	else
		(void)session_visit_lone_history(path, print, printing, &diags);
	cli_flush(cli, printing->csv);
	int code = diags.errors > 0 ? EXIT_DATA : EXIT_DONE;
	cli_say_all(cli, &diags);
	diag_list_done(&diags);
	session_free(session);
	return code;
}

static int run(struct call *call)
{
	const char *format = call_text(call, "format");
	struct printing printing = {.cli = call->cli, .csv = format != NULL && strcmp(format, "csv") == 0};

	if (format != NULL && !printing.csv && strcmp(format, "text") != 0)
		return call_misused(call, _("没有格式“%s”，可用的是 text 和 csv。"), format);
	if (!read_since(call, &printing.since))
		return call_misused(call, _("日期“%s”不对，请写成 2024-01-31 的样子。"), call_text(call, "since"));
	return list(call, &printing);
}

const struct command command_history = {
	.name = "history",
	.arguments = N_("文件"),
	.summary = N_("列出留痕：谁在什么时候把什么从多少改成了多少"),
	.help = N_("留痕在文件旁边（文件名加 .history），每次保存时接着往后记，从不改写；被改动过的行会指出来。\n"
		   "退出码：0 列出了，1 没有留痕或留痕不完整。"),
	.options = {
		{"since", N_("日期"), N_("只列这一天起的，例如 2024-01-31"), false},
		{"table", N_("表"), N_("只列这张表的（名字或中文名）"), false},
		{"format", N_("格式"), N_("text（默认）或 csv（UTF-8）"), false},
	},
	.least = 1,
	.most = 1,
	.handler = run,
};
