#include "session/import.h"
#include "cli/command.h"

#define NOTES_SHOWN 50 /* problems of one kind, then their number */

static bool read_unit(const char *word, const struct form_unit **unit)
{
	*unit = word != NULL ? form_money_unit(word) : NULL;
	return word == NULL || *unit != NULL;
}

/* Problems and warnings go to standard error, notes to standard output. */
static void say_notes(struct cli *cli, const struct import_plan *plan, enum import_severity severity)
{
	size_t said = 0;

	for (size_t i = 0; i < plan->part_count; i++)
		for (size_t k = 0; k < plan->parts[i].note_count; k++) {
			const struct import_note *note = &plan->parts[i].notes[k];
			struct buffer line = {0};

			if (note->severity != severity || (severity != IMPORT_IS_NOTE && said++ >= NOTES_SHOWN))
				continue;
			import_note_line(plan, &plan->parts[i], note, &line);
			if (severity == IMPORT_IS_NOTE)
				cli_print(cli, "%s\n", buffer_text(&line));
			else
				cli_say(cli, "%s", buffer_text(&line));
			buffer_done(&line);
		}
	if (said > NOTES_SHOWN)
		cli_say(cli, _("还有 %zu 处没有列出。"), said - NOTES_SHOWN);
}

static void print_changes(struct cli *cli, const struct import_plan *plan)
{
	for (size_t i = 0; i < plan->changes; i++) {
		struct buffer line = {0};

		import_change_line(plan, i, &line);
		cli_print(cli, "%s\n", buffer_text(&line));
		buffer_done(&line);
	}
}

static void print_summary(struct cli *cli, const struct import_plan *plan)
{
	const struct form_pack *pack = import_plan_pack(plan);

	for (size_t i = 0; i < plan->part_count; i++) {
		const struct import_part *part = &plan->parts[i];
		struct buffer words = {0};

		if (part->table < 0)
			continue;
		import_tally_words(&part->tally, &words);
		cli_print(cli, _("%s → 《%s》%s：%s\n"), part->name, pack->tables[part->table]->name, part->sheet,
			  words.length > 0 ? buffer_text(&words) : _("没有数据"));
		buffer_done(&words);
	}
}

static int land(struct call *call, struct session *session, struct import_plan *plan)
{
	struct cli *cli = call->cli;
	struct diag_list diags = {0};
	enum status status = STATUS_OK;

	if (plan->changes == 0) {
		cli_print(cli, _("表里已经是这样，文件没有改动。\n"));
		return EXIT_DONE;
	}
	if (call_has(call, "dry-run")) {
		cli_print(cli, _("以上是试算，文件没有改动。\n"));
		return EXIT_DONE;
	}
	status = session_import(session, plan, &diags);
	if (status == STATUS_OK)
		status = session_save(session, &diags);
	/* All or nothing, as with set. */
	if (status != STATUS_OK)
		session_give_up(session);
	cli_say_all(cli, &diags);
	diag_list_done(&diags);
	return status == STATUS_OK ? EXIT_DONE : EXIT_TROUBLE;
}

static int import(struct call *call, struct session *session, const struct import_settings *settings)
{
	struct cli *cli = call->cli;
	size_t count = (size_t)call->count - 1;
	const char **paths = arena_take(cli->arena, (count + 1) * sizeof(*paths));
	struct import_plan *plan;
	int code = EXIT_DATA;

	for (size_t i = 0; i < count; i++)
		paths[i] = cli_from_terminal(cli, call->arguments[i + 1]);
	plan = session_import_plan(session, settings, paths, count);
	say_notes(cli, plan, IMPORT_IS_PROBLEM);
	say_notes(cli, plan, IMPORT_IS_WARNING);
	if (plan->problems > 0) {
		cli_say(cli, _("有 %zu 处问题，文件 %s 没有改动。"), plan->problems,
			cli_show_path(cli, call->arguments[0]));
	} else {
		say_notes(cli, plan, IMPORT_IS_NOTE);
		if (call_has(call, "dry-run"))
			print_changes(cli, plan);
		print_summary(cli, plan);
		code = land(call, session, plan);
	}
	import_plan_free(plan);
	return code;
}

static int run(struct call *call)
{
	struct import_settings settings = {
		.card = call_text(call, "card"),
		.encoding = call_text(call, "encoding"),
		.totals = call_has(call, "no-control") ? IMPORT_TOTALS_LEAVE : IMPORT_TOTALS_CONTROL,
		.replace = call_has(call, "replace"),
	};
	const char *unit = call_text(call, "unit");
	struct session *session;
	int code = EXIT_TROUBLE;

	if (!read_unit(unit, &settings.unit))
		return call_misused(call, _("没有单位“%s”，可用的是元、百元、千元和万元。"), unit);
	/* A trial changes nothing, so it may be made while somebody else works on the file. */
	if (call_has(call, "dry-run"))
		session = cli_open(call->cli, call->arguments[0]);
	else
		session = cli_open_to_change(call->cli, call->arguments[0], &code);
	if (session == NULL)
		return code;
	code = EXIT_TROUBLE;
	if (call_table(call, session, &settings.table))
		code = import(call, session, &settings);
	session_free(session);
	return code;
}

const struct command command_import = {
	.name = "import",
	.arguments = N_("文件 CSV..."),
	.summary = N_("从 CSV 或 TSV 文件导入表里的行"),
	.help = N_("CSV 也可以是导出的目录，或 -（标准输入）。表头、编码、分隔符自己认；没有表头就按栏的位置。\n"
		   "合计和小计作为控制数；空着的格清除原来的数。有一行放不下，就什么都不改。\n"
		   "导出的文件名（NN-表.csv）说明是哪张表；别的文件请用 --table。"),
	.options = {
		{"table", N_("表"), N_("导入到这张表（名字或中文名）"), false},
		{"card", N_("名称"), N_("哪张卡片：名称、编码或 #序号；文件里有名称就不用"), false},
		{"unit", N_("单位"), N_("文件里的金额是元还是万元；不给就看文件，再看表"), false},
		{"encoding", N_("编码方式"), N_("utf-8、gb18030 或 utf-16le；不给就自己认"), false},
		{"no-control", NULL, N_("不取合计和小计"), false},
		{"replace", NULL, N_("文件里没有的行，清除它的数"), false},
		{"dry-run", NULL, N_("只列出会改什么，不改文件"), false},
	},
	.least = 2,
	.most = -1,
	.handler = run,
};
