#include <string.h>

#include "base/text.h"
#include "cli/command.h"

struct checked { /* what is said of one finding */
	const char *file, *severity, *label, *check, *table, *row, *column;
	struct buffer figures[3], text;
};

static void print_json(struct cli *cli, const struct checked *checked)
{
	struct buffer *out = &cli->out;

	buffer_add_byte(out, '{');
	json_member(out, "file", checked->file, true);
	json_member(out, "severity", checked->severity, false);
	json_member(out, "check", checked->check, false);
	json_member(out, "table", checked->table, false);
	json_member(out, "row", checked->row, false);
	json_member(out, "column", checked->column, false);
	json_member(out, "stated", buffer_text(&checked->figures[0]), false);
	json_member(out, "computed", buffer_text(&checked->figures[1]), false);
	json_member(out, "difference", buffer_text(&checked->figures[2]), false);
	json_member(out, "text", buffer_text(&checked->text), false);
	buffer_add(out, "}\n");
}

static void print_text(struct cli *cli, const struct checked *checked)
{
	cli_print(cli, "%s: %s %s\n", checked->file, checked->label, buffer_text(&checked->text));
}

static void print_finding(struct cli *cli, const struct checked *checked, bool json)
{
	if (json)
		print_json(cli, checked);
	else
		print_text(cli, checked);
}

/* What loading had to say of a file that could be read. */
static void print_notes(struct cli *cli, const char *file, struct diag_list *diags, bool json)
{
	for (size_t i = 0; i < diags->count; i++) {
		char *text = diag_text(&(struct diag){.text = diags->items[i].text});
		struct checked checked = {
			.file = file,
			.severity = finding_severity_word(FINDING_NOTE),
			.check = _("文件"),
			.label = finding_severity_label(FINDING_NOTE),
			.table = "",
			.row = "",
			.column = "",
		};

		buffer_add(&checked.text, text);
		print_finding(cli, &checked, json);
		buffer_done(&checked.text);
		memory_free(text);
	}
	diag_list_clear(diags);
}

static void print_findings(struct cli *cli, const char *file, const struct workbook *workbook, bool json)
{
	const struct form_pack *pack = workbook_pack(workbook);
	const struct finding **findings;
	size_t count = workbook_findings(workbook, -1, &findings);

	for (size_t i = 0; i < count; i++) {
		const struct finding *finding = findings[i];
		const struct form_table *table = pack->tables[finding->table];
		struct checked checked = {
			.file = file,
			.severity = finding_severity_word(finding->severity),
			.label = finding_severity_label(finding->severity),
			.check = finding->name,
			.table = table->id,
			.row = finding->row != NULL ? row_key(finding->row) : "",
			.column = finding->leaf >= 0 ? table->leaves[finding->leaf]->name : "",
		};

		finding_figures(workbook, finding, checked.figures);
		finding_text(workbook, finding, &checked.text);
		print_finding(cli, &checked, json);
		for (int k = 0; k < 3; k++)
			buffer_done(&checked.figures[k]);
		buffer_done(&checked.text);
	}
	memory_free(findings);
}

static int check_open(struct cli *cli, const char *path, bool json)
{
	struct diag_list diags = {0};
	struct session *session = session_open_to_look(cli_from_terminal(cli, path), &diags);
	const char *file = cli_show_path(cli, path);
	int code = EXIT_TROUBLE;

	if (session == NULL) {
		cli_say_all(cli, &diags);
	} else {
		cli_say_pending(cli, path, session);
		print_notes(cli, file, &diags, json);
		print_findings(cli, file, session_workbook(session), json);
		code = workbook_tally(session_workbook(session), -1).count[FINDING_ERROR] > 0 ? EXIT_DATA
											      : EXIT_DONE;
	}
	cli_flush(cli, json);
	diag_list_done(&diags);
	session_free(session);
	return code;
}

/* With an arena of its own, so that any number of files takes no more memory than one. */
static int check_file(struct cli *cli, const char *path, bool json)
{
	struct arena *arena = cli->arena;
	int code;

	cli->arena = arena_new();
	code = check_open(cli, path, json);
	arena_free(cli->arena);
	cli->arena = arena;
	return code;
}

static int run(struct call *call)
{
	const char *format = call_text(call, "format");
	bool json = format != NULL && strcmp(format, "json") == 0;
	int code = EXIT_DONE;

	if (format != NULL && !json && strcmp(format, "text") != 0)
		return call_misused(call, _("没有格式“%s”，可用的是 text 和 json。"), format);
	for (int i = 0; i < call->count && call->cli->output_error == 0; i++) {
		int one = check_file(call->cli, call->arguments[i], json);

		if (one > code)
			code = one;
	}
	return code;
}

const struct command command_check = {
	.name = "check",
	.arguments = N_("文件..."),
	.summary = N_("核对预算文件，一行说一个问题"),
	.help = N_(
		"退出码：0 没有错误，1 有错误，2 有文件读不了（其余的文件照样核对）。\n"
		"json 每行一个对象：file severity check table row column stated computed difference text，\n"
		"severity 是 error、warning、rounding（尾差）或 note。"),
	.options = {
		{"format", N_("格式"), N_("text（默认）或 json"), false},
	},
	.least = 1,
	.most = -1,
	.handler = run,
};
