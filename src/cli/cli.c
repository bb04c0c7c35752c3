#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/file.h"
#include "base/likeness.h"
#include "cli/command.h"
#include "session/recover.h"

const struct command *const commands[] = {
	&command_screen, &command_new,   &command_set,   &command_check, &command_export,
	&command_import, &command_print, &command_history, &command_recover, &command_forms, &command_help, NULL,
};

const struct command *command_find(const char *name)
{
	for (size_t i = 1; commands[i] != NULL; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

bool cli_has_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

void cli_say_pending(struct cli *cli, const char *path, const struct session *session)
{
	const struct session_pending *pending = session_pending(session);
	const char *shown = cli_show_path(cli, path);

	if (pending == NULL)
		return;
	if (session_is_locked_out(session))
		cli_say(cli, _("%s 正有人在填写，还没有保存的修改没有算在内。"), shown);
	else
		cli_say(cli, _("%s 有上次没有保存的修改，没有算在内；查看和取回：yubiao recover %s"), shown, shown);
}

struct session *cli_open(struct cli *cli, const char *path)
{
	struct diag_list diags = {0};
	struct session *session = session_open_to_look(cli_from_terminal(cli, path), &diags);

	cli_say_all(cli, &diags);
	diag_list_done(&diags);
	if (session != NULL)
		cli_say_pending(cli, path, session);
	return session;
}

struct session *cli_open_to_change(struct cli *cli, const char *path, int *code)
{
	struct diag_list diags = {0};
	struct session *session = session_open(cli_from_terminal(cli, path), &diags);

	*code = session == NULL ? EXIT_TROUBLE : EXIT_DONE;
	cli_say_all(cli, &diags);
	diag_list_done(&diags);
	if (session == NULL || session_refusal(session) == NULL)
		return session;
	*code = session_is_locked_out(session) ? EXIT_LOCKED : EXIT_TROUBLE;
	if (*code == EXIT_TROUBLE)
		cli_say(cli, _("%s 有上次没有保存的修改，没有改动它；请先运行：yubiao recover %s"),
			cli_show_path(cli, path), cli_show_path(cli, path));
	session_free(session);
	return NULL;
}

int cli_show(struct cli *cli, struct session *session)
{
	int code;

	cli_flush(cli, false);
	code = cli->surroundings->screen(session, &cli->surroundings->notes);
	session_free(session);
	return code;
}

/* ---- yubiao [FILE] ---- */

static int run_screen(struct call *call)
{
	struct cli *cli = call->cli;
	const char *path = call->count > 0 ? call->arguments[0] : NULL;
	struct likeness nearest = likeness_to(path != NULL ? path : "");
	struct session *session = NULL;

	if (path != NULL && !file_exists(path) && strchr(path, '/') == NULL) {
		for (size_t i = 1; commands[i] != NULL; i++)
			likeness_offer(&nearest, commands[i]->name);
		if (nearest.best != NULL)
			return call_misused(call, _("没有命令或文件 %s，是不是 %s？"),
					    cli_show_path(cli, path), nearest.best);
	}
	if (path != NULL) {
		session = session_open_for_screen(cli_from_terminal(cli, path), &cli->surroundings->notes);
		if (session == NULL) {
			cli_say_all(cli, &cli->surroundings->notes);
			if (!file_exists(path))
				cli_say(cli, _("要新建预算文件，请用：yubiao new 套表 文件"));
			return EXIT_TROUBLE;
		}
	}
	if (!cli_has_terminal()) {
		session_free(session);
		return call_misused(call,
				    _("填表的界面要在终端里用；在脚本里请用 set、check、export、print。"));
	}
	return cli_show(cli, session);
}

const struct command command_screen = {
	.name = "",
	.arguments = N_("[文件]"),
	.summary = N_("打开预算文件，在屏幕上填表；不给文件就从最近的文件里选，或新建"),
	.help = "",
	.most = 1,
	.handler = run_screen,
};

/* ---- dispatch ---- */

static int run_command(struct cli *cli, const struct command *command, char **argv, int count)
{
	struct call call = {.cli = cli, .command = command};

	for (int i = 0; i < count && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			help_print(cli, command == &command_screen ? NULL : command);
			return EXIT_DONE;
		}
	if (!call_read(&call, argv, count))
		return EXIT_TROUBLE;
	/* The screen shows the notes itself; for a command they go before everything else. */
	if (command != &command_screen && command != &command_new)
		cli_say_all(cli, &cli->surroundings->notes);
	return command->handler(&call);
}

/* ---- --forms, which every command takes ---- */

static bool use_forms(struct cli *cli, const char *directory)
{
	const char *others = getenv("YUBIAO_FORMS");
	struct stat status;

	if (confine_stat(directory, &status) != 0 || !S_ISDIR(status.st_mode)) {
		cli_say(cli, _("没有文件夹 %s；--forms 后面要给放套表的文件夹。"), cli_show_path(cli, directory));
		return false;
	}
	if (others != NULL && *others != '\0')
		directory = arena_format(cli->arena, "%s:%s", directory, others);
	return setenv("YUBIAO_FORMS", directory, 1) == 0;
}

/* Takes `--forms DIR` out of the arguments; before anything has looked for a pack. */
static bool take_forms(struct cli *cli, int *argc, char **argv)
{
	int kept = 0;
	bool options = true, fine = true;

	for (int i = 0; i < *argc && fine; i++) {
		options = options && strcmp(argv[i], "--") != 0;
		if (options && strncmp(argv[i], "--forms=", 8) == 0) {
			fine = use_forms(cli, argv[i] + 8);
		} else if (!options || strcmp(argv[i], "--forms") != 0) {
			argv[kept++] = argv[i];
		} else if (i + 1 < *argc) {
			fine = use_forms(cli, argv[++i]);
		} else {
			cli_say(cli, _("--forms 后面要给放套表的文件夹。"));
			fine = false;
		}
	}
	*argc = kept;
	return fine;
}

bool cli_may_run(struct cli *cli)
{
	if (getuid() == geteuid() && getgid() == getegid())
		return true;
	cli_say(cli, _("程序文件带有 setuid 或 setgid 位，借别人的权限不能运行：请管理员取消（chmod ug-s）。"));
	return false;
}

int cli_run(int argc, char **argv, struct cli_surroundings *surroundings)
{
	struct cli cli = {.surroundings = surroundings, .arena = arena_new()};
	const struct command *command;
	int code;

	if (!cli_may_run(&cli) || !take_forms(&cli, &argc, argv)) {
		arena_free(cli.arena);
		return EXIT_TROUBLE;
	}
	command = argc > 1 ? command_find(argv[1]) : NULL;
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		help_version(&cli);
		code = EXIT_DONE;
	} else if (command != NULL) {
		code = run_command(&cli, command, argv + 2, argc - 2);
	} else {
		code = run_command(&cli, &command_screen, argv + 1, argc > 0 ? argc - 1 : 0);
	}
	cli_flush(&cli, false);
	if (cli.output_error != 0) {
		cli_say(&cli, _("写标准输出时出错，输出不完整。%s"), file_explain(cli.output_error));
		code = EXIT_TROUBLE;
	}
	buffer_done(&cli.out);
	arena_free(cli.arena);
	return code;
}
