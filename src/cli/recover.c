/* What was not saved last time: shown, taken, set aside. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/command.h"
#include "session/recover.h"

static void add_clean(struct buffer *out, const char *text)
{
	text_sanitize(out, text, strlen(text), false);
}

bool change_print(struct cli *cli, const struct session_change *change)
{
	struct buffer line = {0}, words = {0};

	buffer_format(&words, "%.10s %.8s  %s  %s", change->time, strlen(change->time) > 19 ? change->time + 11 : "",
		      change->user, change->verb);
	add_clean(&line, buffer_text(&words));
	buffer_done(&words);
	if (*change->place != '\0') {
		buffer_add(&line, " ");
		add_clean(&line, change->place);
	}
	if (*change->before != '\0' || *change->after != '\0') {
		buffer_add(&line, _("："));
		add_clean(&line, *change->before != '\0' ? change->before : _("（空）"));
		buffer_add(&line, " → ");
		add_clean(&line, *change->after != '\0' ? change->after : _("（空）"));
	}
	cli_print(cli, "%s\n", buffer_text(&line));
	buffer_done(&line);
	cli_flush_some(cli, false);
	return cli->output_error == 0;
}

static bool print_change(void *context, const struct session_change *change)
{
	return change_print(context, change);
}

static int end(struct cli *cli, struct session *session, struct diag_list *diags, int code)
{
	cli_say_all(cli, diags);
	diag_list_done(diags);
	session_free(session);
	return code;
}

static bool is_saved(enum status status)
{
	return status == STATUS_OK || status == STATUS_UNSURE;
}

/* ---- of a file ---- */

static int show(struct call *call, const struct session *session)
{
	const struct session_pending *pending = session_pending(session);
	const char *path = cli_show_path(call->cli, call->arguments[0]);

	cli_print(call->cli, "%s", pending->words);
	cli_print(call->cli, _("日志：%s\n"), pending->file);
	cli_print(call->cli, _("查看：yubiao recover %s --list\n"), path);
	if (pending->fits)
		cli_print(call->cli, _("取回并保存：yubiao recover %s --take\n"), path);
	cli_print(call->cli, _("另放一边：yubiao recover %s --aside\n"), path);
	return EXIT_DATA;
}

static int list(struct call *call)
{
	struct cli *cli = call->cli;
	struct diag_list diags = {0};
	struct session *session = session_open_to_look(cli_from_terminal(cli, call->arguments[0]), &diags);
	int code = EXIT_DONE;

	if (session == NULL)
		return end(cli, session, &diags, EXIT_TROUBLE);
	if (session_pending(session) == NULL)
		cli_print(cli, _("没有什么要取回的：上次都保存了。\n"));
	else if (!call_has(call, "list"))
		code = show(call, session);
	else if (session_visit_pending(session, print_change, cli, &diags) == STATUS_IO)
		code = EXIT_TROUBLE;
	return end(cli, session, &diags, code);
}

static int take(struct call *call, struct session *session, struct diag_list *diags)
{
	struct cli *cli = call->cli;
	const struct session_pending *pending = session_pending(session);
	size_t groups = pending->groups;
	bool damaged = pending->damaged, whole;
	enum status status, saved;

	cli_print(cli, "%s", pending->words);
	status = session_recover_take(session, diags);
	whole = status == STATUS_OK && !damaged;
	if (status != STATUS_OK && session_pending(session) != NULL)
		return EXIT_TROUBLE;
	saved = session_save(session, diags);
	if (!is_saved(saved))
		return EXIT_TROUBLE;
	if (status == STATUS_OK)
		cli_print(cli, _("取回了 %zu 步修改，已保存：%s\n"), groups, cli_show_path(cli, call->arguments[0]));
	return whole ? EXIT_DONE : EXIT_DATA;
}

static int decide(struct call *call)
{
	struct cli *cli = call->cli;
	struct diag_list diags = {0};
	struct session *session = session_open(cli_from_terminal(cli, call->arguments[0]), &diags);
	int code = EXIT_DONE;

	if (session == NULL)
		return end(cli, session, &diags, EXIT_TROUBLE);
	if (session_is_locked_out(session))
		code = EXIT_LOCKED;
	else if (session_pending(session) == NULL)
		cli_print(cli, _("没有什么要取回的：上次都保存了。\n"));
	else if (call_has(call, "take"))
		code = take(call, session, &diags);
	else if (session_recover_aside(session, &diags) != STATUS_OK)
		code = EXIT_TROUBLE;
	return end(cli, session, &diags, code);
}

/* ---- never saved ---- */

static int list_unsaved(struct cli *cli, const struct session_unsaved *unsaved, size_t count)
{
	if (count == 0)
		cli_print(cli, _("没有没保存过的新预算。\n"));
	for (size_t i = 0; i < count; i++) {
		struct buffer name = {0};
		add_clean(&name, unsaved[i].name);
		cli_print(cli, _("%zu  %s  %.10s %.5s  %zu 步修改\n"), i + 1, buffer_text(&name), unsaved[i].to,
			  strlen(unsaved[i].to) > 16 ? unsaved[i].to + 11 : "", unsaved[i].groups);
		buffer_done(&name);
	}
	if (count > 0)
		cli_print(cli, _("取回并保存：yubiao recover --number 1 新文件\n"));
	return count == 0 ? EXIT_DONE : EXIT_DATA;
}

static int take_unsaved(struct call *call, const char *key)
{
	struct cli *cli = call->cli;
	struct diag_list diags = {0};
	struct session *session = session_open_unsaved(key, &diags);
	int code = EXIT_TROUBLE;

	if (session != NULL &&
	    is_saved(session_save_as(session, cli_from_terminal(cli, call->arguments[0]), false, &diags))) {
		cli_print(cli, _("已保存：%s\n"), cli_show_path(cli, call->arguments[0]));
		code = EXIT_DONE;
	}
	return end(cli, session, &diags, code);
}

static int unsaved(struct call *call)
{
	const char *number = call_path(call, "number");
	struct session_unsaved *found;
	size_t count = session_list_unsaved(&found), chosen = number != NULL ? strtoul(number, NULL, 10) : 0;
	int code;

	if (number == NULL)
		code = list_unsaved(call->cli, found, count);
	else if (call->count == 0)
		code = call_misused(call, _("请给出新文件的名字：yubiao recover --number %s 新文件"),
				    call_text(call, "number"));
	else if (chosen == 0 || chosen > count)
		code = call_misused(call, _("没有第 %s 份，请先用 yubiao recover 看看有哪些。"),
				    call_text(call, "number"));
	else
		code = take_unsaved(call, found[chosen - 1].key);
	session_unsaved_free(found, count);
	return code;
}

static int run(struct call *call)
{
	int ways = call_has(call, "list") + call_has(call, "take") + call_has(call, "aside") +
		   call_has(call, "number");

	if (ways > 1)
		return call_misused(call, _("--list、--take、--aside、--number 只能给一个。"));
	if (call->count == 0 || call_has(call, "number"))
		return unsaved(call);
	return call_has(call, "take") || call_has(call, "aside") ? decide(call) : list(call);
}

const struct command command_recover = {
	.name = "recover",
	.arguments = N_("[文件]"),
	.summary = N_("查看、取回上次没有保存的修改"),
	.help = N_("断电、掉线、被中止时没有保存的修改都在文件旁边的日志里（.文件名.journal）。不给选项就说明里面有什么；\n"
		   "不给文件就列出从来没有保存过的新预算。另放一边的日志改名保留，不会删去。\n"
		   "退出码：0 没有要取回的，或已取回；1 有要取回的，或只取回了一部分；4 别人正在填写这个文件。"),
	.options = {
		{"list", NULL, N_("逐条列出"), false},
		{"take", NULL, N_("取回并保存"), false},
		{"aside", NULL, N_("另放一边：不取回，日志改名保留"), false},
		{"number", N_("序号"), N_("取回第几份没保存过的新预算，存为所给的文件"), false},
	},
	.least = 0,
	.most = 1,
	.handler = run,
};
