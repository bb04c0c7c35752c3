/* --help and --version, made from the records of the commands. */
#include <string.h>

#include "base/landlock.h"
#include "base/text.h"
#include "cli/command.h"
#include "session/action.h"

#define COLUMN 26 /* where the second column begins */
#define LINE_CELLS 79
#define CONTINUED 7 /* blanks before a usage line that goes on */

/* `text` from cell `left` on, wrapped there; the first line begins at the current place. */
static void print_wrapped(struct cli *cli, const char *text, int left)
{
	while (*text != '\0') {
		const char *next;
		size_t length = text_wrap(text, LINE_CELLS - left, &next);

		cli_print(cli, "%.*s\n%*s", (int)length, text, *next != '\0' ? left : 0, "");
		text = next;
	}
}

/* Two columns; what is too long for the first puts the second on the next line. */
static void print_pair(struct cli *cli, const char *left, const char *right)
{
	int width = text_width(left) + 2;

	cli_print(cli, "  %s", left);
	if (width >= COLUMN) {
		cli_print(cli, "\n");
		width = 0;
	}
	cli_print(cli, "%*s", COLUMN - width, "");
	print_wrapped(cli, right, COLUMN);
}

/* One piece of a usage line of `width` cells so far; goes on to another line before it gets too long. */
static void print_piece(struct cli *cli, const char *piece, int *width)
{
	int cells = text_width(piece) + 1;

	if (*width + cells > LINE_CELLS) {
		cli_print(cli, "\n%*s", CONTINUED, "");
		*width = CONTINUED;
	}
	cli_print(cli, " %s", piece);
	*width += cells;
}

static void print_usage(struct cli *cli, const struct command *command)
{
	int width = (int)strlen("  yubiao");

	cli_print(cli, "  yubiao");
	if (*command->name != '\0')
		print_piece(cli, command->name, &width);
	if (*command->arguments != '\0')
		print_piece(cli, _(command->arguments), &width);
	for (const struct command_option *option = command->options; option->name != NULL; option++) {
		struct buffer piece = {0};

		buffer_format(&piece, "%s--%s", option->required ? "" : "[", option->name);
		if (option->value != NULL)
			buffer_format(&piece, " %s", _(option->value));
		buffer_add(&piece, option->required ? "" : "]");
		print_piece(cli, buffer_text(&piece), &width);
		buffer_done(&piece);
	}
	cli_print(cli, "\n");
}

static void print_command(struct cli *cli, const struct command *command)
{
	cli_print(cli, "%s\n", _("用法："));
	print_usage(cli, command);
	cli_print(cli, "\n");
	print_wrapped(cli, _(command->summary), 0);
	if (*command->help != '\0')
		print_wrapped(cli, _(command->help), 0);
	if (command->options[0].name == NULL)
		return;
	cli_print(cli, "\n%s\n", _("选项："));
	for (const struct command_option *option = command->options; option->name != NULL; option++) {
		char *left = arena_format(cli->arena, "--%s %s", option->name,
					  option->value != NULL ? _(option->value) : "");

		print_pair(cli, left, _(option->help));
	}
}

static void print_program(struct cli *cli)
{
	const char *left;

	cli_print(cli, "%s\n\n%s\n", _("yubiao 预表——填列、核对、导出和打印部门预算"), _("用法："));
	for (size_t i = 0; commands[i] != NULL; i++)
		print_usage(cli, commands[i]);
	cli_print(cli, "\n%s\n", _("命令："));
	for (size_t i = 1; commands[i] != NULL; i++)
		print_pair(cli, commands[i]->name, _(commands[i]->summary));
	cli_print(cli, "\n%s\n", _("选项："));
	print_pair(cli, "--help", _("显示帮助；yubiao 命令 --help 显示一个命令的帮助"));
	print_pair(cli, "--version", _("显示版本"));
	left = arena_format(cli->arena, "--restricted %s", _("文件夹"));
	print_pair(cli, left, _("限制模式：只能填这个文件夹里的预算，不能到别处去，也不能运行别的程序"));
	print_pair(cli, _("--forms 文件夹"), _("先在这个文件夹里找套表；各命令都可以用"));
	cli_print(cli, "\n%s\n", _("退出码："));
	print_pair(cli, "0", _("完成；check：没有错误"));
	print_pair(cli, "1", _("数据有问题，什么都没有改；check：有错误"));
	print_pair(cli, "2", _("用法不对，文件读不了或写不了"));
	cli_print(cli, "\n%s\n", _("环境变量："));
	print_pair(cli, "YUBIAO_FORMS", _("先在这些文件夹里找套表，用冒号隔开；--forms 更先"));
	print_pair(cli, "NO_COLOR", _("设了就不用颜色"));
}

void help_print(struct cli *cli, const struct command *command)
{
	if (command != NULL)
		print_command(cli, command);
	else
		print_program(cli);
}

/* The administrator's only way to learn how high the second wall of the restricted mode is here. */
static void print_landlock(struct cli *cli)
{
	int version = landlock_version();

	if (version > 0)
		cli_print(cli, _("限制模式：本机内核有 Landlock（第 %d 版）\n"), version);
	else
		cli_print(cli, "%s\n", _("限制模式：本机内核没有 Landlock，少一道墙"));
}

void help_version(struct cli *cli)
{
	cli_print(cli, "yubiao %s\n", YUBIAO_VERSION);
	for (int i = 0; i < CLI_LIBRARIES && cli->surroundings->libraries[i] != NULL; i++)
		cli_print(cli, "%s\n", cli->surroundings->libraries[i]);
	print_landlock(cli);
	cli_print(cli, "%s\n", _("可选功能：无（CSV 和文本核对表总是有）"));
}

static void print_keys(struct cli *cli)
{
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const struct action_record *record = action_record((enum action)i);
		struct buffer left = {0};

		text_fit(&left, record->keys_text, 10, TEXT_LEFT);
		buffer_format(&left, " %s", _(record->word));
		print_pair(cli, buffer_text(&left), _(record->help));
		buffer_done(&left);
	}
	cli_print(cli, "%s\n", _("每个 F 键也可以先按 Esc 再按数字（F10 是 Esc 0）。"));
}

static int run_help(struct call *call)
{
	const char *topic = call->count > 0 ? call->arguments[0] : NULL;
	const struct command *command = topic != NULL ? command_find(topic) : NULL;

	if (topic != NULL && strcmp(topic, "keys") == 0) {
		print_keys(call->cli);
		return EXIT_DONE;
	}
	if (topic != NULL && command == NULL)
		return call_misused(call, _("没有命令 %s。"), cli_show_path(call->cli, topic));
	help_print(call->cli, command);
	return EXIT_DONE;
}

const struct command command_help = {
	.name = "help",
	.arguments = N_("[命令|keys]"),
	.summary = N_("显示帮助、一个命令的帮助，或填表界面的按键（keys）"),
	.help = "",
	.most = 1,
	.handler = run_help,
};
