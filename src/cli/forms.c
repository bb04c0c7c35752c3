#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/file.h"
#include "base/likeness.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/command.h"
#include "output/layout.h"

#define SAID_MOST 500
#define WIDTH_LEAST 60
#define WIDTH_MOST 400
#define WIDTH_USUAL 80

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

	if (strchr(name, '/') == NULL && confine_stat(name, &status) == 0 && S_ISDIR(status.st_mode))
		name = arena_format(cli->arena, "./%s", name);
	directory = form_pack_locate(name, ".", &diags);
	cli_say_all(cli, &diags);
	diag_list_done(&diags);
	return directory != NULL ? arena_keep(cli->arena, directory) : NULL;
}

/* A setting of pack.yaml is read once for each table. Far back is not looked, as there may be very many. */
static bool is_said_before(const struct diag_list *diags, size_t which)
{
	const struct diag *diag = &diags->items[which];

	for (size_t i = which > SAID_MOST ? which - SAID_MOST : 0; i < which; i++) {
		const struct diag *other = &diags->items[i];
		if (other->line == diag->line && other->column == diag->column && diag->file != NULL &&
		    other->file != NULL && strcmp(other->file, diag->file) == 0 && strcmp(other->text, diag->text) == 0)
			return true;
	}
	return false;
}

static void print_diags(struct cli *cli, const struct diag_list *diags)
{
	for (size_t i = 0; i < diags->count; i++) {
		char *text = is_said_before(diags, i) ? NULL : diag_text(&diags->items[i]);

		if (text != NULL)
			cli_print(cli, "%s\n", text);
		memory_free(text);
	}
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
	print_diags(call->cli, &diags);
	if (errors == 0)
		cli_print(call->cli,
			  diags.count == 0 ? _("套表没有问题。\n") : _("套表没有错误，可以使用。\n"));
	diag_list_done(&diags);
	return errors == 0 ? EXIT_DONE : EXIT_DATA;
}

/* ---- show ---- */

/* As asked for, else as wide as the terminal; false if it cannot be. */
static bool read_width(const struct call *call, int *width)
{
	const char *text = call_path(call, "width");
	struct winsize size;

	*width = WIDTH_USUAL;
	if (text != NULL && (strlen(text) > 3 || strspn(text, "0123456789") != strlen(text)))
		return false;
	if (text != NULL)
		*width = atoi(text);
	else if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= WIDTH_LEAST)
		*width = size.ws_col < WIDTH_MOST ? size.ws_col : WIDTH_MOST;
	return *width >= WIDTH_LEAST && *width <= WIDTH_MOST;
}

static void print_tables(struct cli *cli, const struct form_pack *pack)
{
	struct buffer text = {0};

	cli_print(cli, "%s  %s\n", pack->id, pack->title);
	cli_print(cli, _("预算年度：%d"), pack->years[0]);
	for (int i = 1; i < pack->year_count; i++)
		cli_print(cli, "%s%d", _("、"), pack->years[i]);
	cli_print(cli, _("；文件夹：%s\n\n"), cli_show_path(cli, pack->directory));
	layout_list(pack, &text);
	cli_print(cli, "%s", buffer_text(&text));
	cli_print(cli, _("\n看其中一张：yubiao forms show 套表 表\n"));
	buffer_done(&text);
}

static int show_pack(struct call *call, const struct form_pack *pack, int width)
{
	struct buffer text = {0};
	int table;

	if (call->count < 3) {
		print_tables(call->cli, pack);
		return EXIT_DONE;
	}
	if (!call_find_table(call, pack, cli_from_terminal(call->cli, call->arguments[2]), &table))
		return EXIT_TROUBLE;
	layout_format(pack, table, width, &text);
	cli_print(call->cli, "%s", buffer_text(&text));
	buffer_done(&text);
	return EXIT_DONE;
}

static int show(struct call *call)
{
	struct diag_list diags = {0};
	struct form_pack *pack;
	const char *path;
	int width, code = EXIT_DATA;

	if (!read_width(call, &width))
		return call_misused(call, _("宽度“%s”不对，请给 %d 到 %d 的整数。"), call_text(call, "width"),
				    WIDTH_LEAST, WIDTH_MOST);
	path = pack_path(call->cli, call->arguments[1]);
	if (path == NULL)
		return EXIT_TROUBLE;
	pack = form_pack_load(path, &diags);
	if (pack != NULL)
		code = show_pack(call, pack, width);
	else
		print_diags(call->cli, &diags);
	diag_list_done(&diags);
	form_pack_free(pack);
	return code;
}

/* ---- new ---- */

/* The page that tells how to write layouts lies where the packs are installed. */
static void print_page(struct cli *cli)
{
	const char *const *folders = form_directories();

	for (size_t i = 0; folders[i] != NULL; i++) {
		char *path = file_join(folders[i], "README.md"), *page = confine_real_path(path);

		memory_free(path);
		if (page == NULL)
			continue;
		cli_print(cli, _("怎样写，请看 %s\n"), cli_show_path(cli, page));
		free(page);
		return;
	}
}

static void print_next_steps(struct cli *cli, const char *directory)
{
	const char *here = strchr(directory, '/') != NULL ? "" : "./", *path = cli_show_path(cli, directory);

	cli_print(cli, _("已写好套表 %s%s。接下来：\n"), here, path);
	cli_print(cli, _("  yubiao forms show %s%s           看有哪些表，各是什么样子\n"), here, path);
	cli_print(cli, _("  yubiao forms lint %s%s           改过以后检查\n"), here, path);
	cli_print(cli, _("  yubiao new %s%s 文件.yaml        用它填报\n"), here, path);
	print_page(cli);
}

static int start(struct call *call)
{
	const char *directory = call->arguments[1], *from = call_path(call, "from"), *base = NULL;
	struct diag_list diags = {0};
	enum status status = STATUS_INVALID;

	if (from != NULL)
		base = pack_path(call->cli, from);
	if (from == NULL || base != NULL)
		status = form_starter_write(directory, base, &diags);
	cli_say_all(call->cli, &diags);
	diag_list_done(&diags);
	if (status != STATUS_OK)
		return EXIT_TROUBLE;
	print_next_steps(call->cli, directory);
	return EXIT_DONE;
}

/* ---- which of them ---- */

static const struct verb {
	const char *name;
	int least, most; /* arguments, the verb itself included */
	const char *usage;
	int (*run)(struct call *call);
} verbs[] = {
	{"list", 0, 1, N_("forms list 后面不带别的。"), list},
	{"lint", 2, 2, N_("请给出套表的目录或名字：yubiao forms lint 套表"), lint},
	{"new", 2, 2, N_("请给出新套表的文件夹：yubiao forms new 文件夹 [--from 套表]"), start},
	{"show", 2, 3, N_("请给出套表，还可以给出其中的一张表：yubiao forms show 套表 [表]"), show},
};

static int run(struct call *call)
{
	const char *what = call->count > 0 ? call->arguments[0] : "list";
	struct likeness nearest = likeness_to(what);

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		likeness_offer(&nearest, verbs[i].name);
		if (strcmp(what, verbs[i].name) != 0)
			continue;
		if (call->count < verbs[i].least || call->count > verbs[i].most)
			return call_misused(call, "%s", _(verbs[i].usage));
		return verbs[i].run(call);
	}
	if (nearest.best != NULL)
		return call_misused(call, _("没有 forms %s，是不是 forms %s？"),
				    cli_show_path(call->cli, what), nearest.best);
	return call_misused(call, _("没有 forms %s；可用的是 list、lint、show 和 new。"),
			    cli_show_path(call->cli, what));
}

const struct command command_forms = {
	.name = "forms",
	.arguments = N_("[lint 套表|show 套表 [表]|new 文件夹]"),
	.summary = N_("列出套表；检查一套表，看它的样子，新写一套"),
	.help = N_("套表是 yubiao forms 列出的名字，或套表的目录。\n"
		   "lint 说出每个问题的文件、行、列和改法。退出码：0 没有错误，1 有错误，2 读不了。\n"
		   "show 画出一张空表：哪些格要填，哪些是算出来的，公式是什么；不给表就列出各表。\n"
		   "new 写好一套可以照着改的表；--from 以另一套表为底本，只写不同的地方。\n"
		   "怎样写套表，请看 forms/README.md。"),
	.options = {
		{"width", N_("宽度"), N_("show 画多宽，60 到 400；默认与终端同宽"), false},
		{"from", N_("套表"), N_("new 的底本，例如去年的套表"), false},
	},
	.most = 3,
	.handler = run,
};
