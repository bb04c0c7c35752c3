#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "cli/command.h"

static int list(struct call *call)
{
	struct diag_list diags = {0};
	struct form_listing *packs;
	size_t count = form_list(&packs, &diags);
	int width = 0;

	for (size_t i = 0; i < count; i++)
		if (text_width(packs[i].id) > width)
			width = text_width(packs[i].id);
	for (size_t i = 0; i < count; i++) {
		struct buffer id = {0};

		text_fit(&id, packs[i].id, width, TEXT_LEFT);
		cli_print(call->cli, "%s  %s  %s\n", buffer_text(&id), packs[i].title,
			  cli_show_path(call->cli, packs[i].directory));
		buffer_done(&id);
	}
	form_listing_free(packs, count);
	if (count == 0)
		cli_say(call->cli, _("没有找到套表；可用环境变量 YUBIAO_FORMS 指出套表所在的目录。"));
	cli_say_all(call->cli, &diags);
	diag_list_done(&diags);
	return count > 0 ? EXIT_DONE : EXIT_TROUBLE;
}

/* A directory here, named without a slash, is meant before a pack of that name elsewhere. */
static const char *pack_path(struct cli *cli, const char *name)
{
	struct stat status;

	if (strchr(name, '/') == NULL && stat(name, &status) == 0 && S_ISDIR(status.st_mode))
		return arena_format(cli->arena, "./%s", name);
	return name;
}

static int lint(struct call *call)
{
	struct diag_list diags = {0};
	enum status status = form_pack_lint(pack_path(call->cli, call->arguments[1]), &diags);
	size_t errors = diags.errors;

	for (size_t i = 0; i < diags.count; i++) {
		char *text = diag_text(&diags.items[i]);

		cli_print(call->cli, "%s\n", text);
		memory_free(text);
	}
	if (status == STATUS_OK && errors == 0)
		cli_print(call->cli, diags.count == 0 ? _("套表没有问题。\n") : _("套表没有错误，可以使用。\n"));
	diag_list_done(&diags);
	if (status == STATUS_NOT_FOUND || status == STATUS_IO)
		return EXIT_TROUBLE;
	return status == STATUS_OK && errors == 0 ? EXIT_DONE : EXIT_DATA;
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
	return call_misused(call, _("没有 forms %s；可用的是 forms 和 forms lint 目录。"), cli_show_path(call->cli, what));
}

const struct command command_forms = {
	.name = "forms",
	.arguments = N_("[lint 目录]"),
	.summary = N_("列出套表，或检查一个套表写得对不对"),
	.help = N_("lint 说出每个问题的文件、行、列和改法。退出码：0 没有错误，1 有错误，2 读不了。"),
	.most = 2,
	.handler = run,
};
