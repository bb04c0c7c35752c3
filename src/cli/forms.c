#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "cli/command.h"

/* What an author should know about where a pack was found; "" nothing. */
static const char *remark(const struct form_listing *pack)
{
	if (pack->shadowed)
		return _("（用不到：前面已有同名的）");
	return pack->beside ? _("（只用于这里的文件）") : "";
}

static int list(struct call *call)
{
	struct diag_list diags = {0};
	struct form_listing *packs;
	size_t count = form_list(".", &packs, &diags);
	int width = 0;

	for (size_t i = 0; i < count; i++)
		if (text_width(cli_show_path(call->cli, packs[i].id)) > width)
			width = text_width(cli_show_path(call->cli, packs[i].id));
	for (size_t i = 0; i < count; i++) {
		struct buffer id = {0};

		text_fit(&id, cli_show_path(call->cli, packs[i].id), width, TEXT_LEFT);
		cli_print(call->cli, "%s  %s  %s%s\n", buffer_text(&id), packs[i].title,
			  cli_show_path(call->cli, packs[i].directory), remark(&packs[i]));
		buffer_done(&id);
	}
	form_listing_free(packs, count);
	if (count == 0)
		cli_say(call->cli, _("没有找到套表；可用 --forms 或环境变量 YUBIAO_FORMS 指出放套表的文件夹。"));
	cli_say_all(call->cli, &diags);
	diag_list_done(&diags);
	return count > 0 ? EXIT_DONE : EXIT_TROUBLE;
}

/* A directory here, named without a slash, is meant before a pack of that name elsewhere.
 * NULL, after saying so: there is neither. */
static const char *pack_path(struct cli *cli, const char *name)
{
	struct diag_list diags = {0};
	struct stat status;
	char *directory;

	if (strchr(name, '/') == NULL && stat(name, &status) == 0 && S_ISDIR(status.st_mode))
		name = arena_format(cli->arena, "./%s", name);
	directory = form_pack_locate(name, ".", &diags);
	cli_say_all(cli, &diags);
	diag_list_done(&diags);
	return directory != NULL ? arena_keep(cli->arena, directory) : NULL;
}

static int lint(struct call *call)
{
	const char *path = pack_path(call->cli, call->arguments[1]);
	struct diag_list diags = {0};
	size_t errors;

	if (path == NULL)
		return EXIT_TROUBLE;
	if (form_pack_lint(path, &diags) != STATUS_OK && diags.errors == 0)
		diag_error(&diags, _("套表不能使用。"));
	errors = diags.errors;
	for (size_t i = 0; i < diags.count; i++) {
		char *text = diag_text(&diags.items[i]);

		cli_print(call->cli, "%s\n", text);
		memory_free(text);
	}
	if (errors == 0)
		cli_print(call->cli,
			  diags.count == 0 ? _("套表没有问题。\n") : _("套表没有错误，可以使用。\n"));
	diag_list_done(&diags);
	return errors == 0 ? EXIT_DONE : EXIT_DATA;
}

static int run(struct call *call)
{
	const char *what = call->count > 0 ? call->arguments[0] : "list";

	if (strcmp(what, "lint") == 0 && call->count == 2)
		return lint(call);
	if (strcmp(what, "list") == 0 && call->count < 2)
		return list(call);
	if (strcmp(what, "lint") == 0)
		return call_misused(call, _("请给出套表的目录或名字：yubiao forms lint 目录"));
	return call_misused(call, _("没有 forms %s；可用的是 forms 和 forms lint 目录。"),
			    cli_show_path(call->cli, what));
}

const struct command command_forms = {
	.name = "forms",
	.arguments = N_("[lint 目录]"),
	.summary = N_("列出套表，或检查一个套表写得对不对"),
	.help = N_("lint 说出每个问题的文件、行、列和改法。退出码：0 没有错误，1 有错误，2 读不了。"),
	.most = 2,
	.handler = run,
};
