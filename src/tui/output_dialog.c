/* F9: CSV out or in, or the check sheets to a file or a printer. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "output/export.h"
#include "session/restrict.h"
#include "tui/dialogs.h"
#include "tui/import.h"
#include "tui/list.h"
#include "tui/prompt.h"

#define FIRST_ROW 3
#define VALUE_COLUMN 14

enum job { JOB_CSV, JOB_FILE, JOB_PRINTER, JOB_IMPORT, JOBS };
enum item { ITEM_JOB, ITEM_TABLES, ITEM_PLACE, ITEM_FORMAT, ITEM_GO, ITEMS };

struct output {
	struct screen screen;
	struct list list;
	int table; /* the one that stands for 本表, -1: none */
	int job, scope, encoding, width; /* scope 1: this table only */
	int import_scope, card;
	int unit;                        /* of amounts that are imported; 0: as the file says */
	struct line places[JOBS];
	size_t printer; /* where they are chosen from a list */
};

static const char *const job_words[JOBS] = {N_("导出 CSV（电子表格用）"), N_("核对表存成文本文件"), N_("打印核对表"),
					     N_("从 CSV 文件导入")};
static const char *const place_labels[JOBS] = {N_("目录"), N_("文件"), N_("打印机"), N_("文件")};
static const char *const encoding_words[EXPORT_ENCODINGS] = {N_("UTF-8（Excel 能直接打开）"), N_("UTF-8（不带标记）"),
							     N_("GB18030（旧软件用）")};
static const char *const format_labels[JOBS] = {N_("文件编码"), N_("纸宽"), N_("纸宽"), N_("金额单位")};
static const enum session_file place_kinds[JOBS] = {SESSION_FOLDER, SESSION_SHEET, SESSION_SHEET, SESSION_IMPORT};
static const int widths[] = {80, 132};

/* Printers are chosen from a list, not typed. */
static bool is_listed(const struct output *output)
{
	return output->job == JOB_PRINTER && session_is_restricted();
}

static bool is_offered(int job)
{
	const char *const *printers;

	return job != JOB_PRINTER || !session_is_restricted() || session_printers(&printers) > 0;
}

static int *scope_of(struct output *output)
{
	return output->job == JOB_IMPORT ? &output->import_scope : &output->scope;
}

static const char *format_word(const struct output *output)
{
	if (output->job == JOB_CSV)
		return _(encoding_words[output->encoding]);
	if (output->job == JOB_IMPORT)
		return output->unit == 0 ? _("按文件里写的，没写就按表") : tui_units[output->unit - 1].name;
	return output->width == 0 ? _("80 列（窄纸）") : _("132 列（宽纸）");
}

static void draw_item(const struct output *output, int item, const char *label, const char *value)
{
	int row = FIRST_ROW + item * 2;
	bool chosen = output->list.chosen == (size_t)item;

	terminal_put(row, 2, VALUE_COLUMN - 2, LOOK_NORMAL, label);
	terminal_put(row, VALUE_COLUMN, terminal_columns(), chosen ? LOOK_CURSOR : LOOK_NORMAL, value);
	if (chosen)
		terminal_cursor(row, VALUE_COLUMN);
}

static void draw_place(const struct output *output)
{
	int row = FIRST_ROW + ITEM_PLACE * 2, cells = terminal_columns() - VALUE_COLUMN - 2;
	const struct line *line = &output->places[output->job];

	terminal_put(row, 2, VALUE_COLUMN - 2, LOOK_NORMAL, _(place_labels[output->job]));
	if (is_listed(output))
		draw_item(output, ITEM_PLACE, _(place_labels[output->job]), line_text(line));
	else if (output->list.chosen == ITEM_PLACE)
		line_draw(line, row, VALUE_COLUMN, cells, LOOK_CURSOR);
	else
		terminal_field(row, VALUE_COLUMN, cells, LOOK_ENTERED, line_text(line));
	if (output->job == JOB_PRINTER)
		terminal_put(row + 1, VALUE_COLUMN, cells, LOOK_NORMAL,
			     is_listed(output) ? _("管理员开放的打印机，用 ←→ 换一台。") : _("不填就用默认打印机。"));
	else if (output->job == JOB_IMPORT)
		terminal_put(row + 1, VALUE_COLUMN, cells, LOOK_NORMAL,
			     _("CSV 或制表符分隔的文件，也可以是整个导出目录；先给您看会落在哪里。"));
}

static void draw_limits(void)
{
	const char *sentence = is_offered(JOB_PRINTER)
				       ? _("限制模式：文件存在本文件夹里，只写名字。")
				       : _("限制模式：文件存在本文件夹里，只写名字；没有开放打印机，请存成文本文件。");

	screen_wrap(FIRST_ROW + ITEMS * 2, screen_message_row(), terminal_columns() - 2, LOOK_NORMAL, sentence);
}

static void draw(struct screen *screen)
{
	struct output *output = (struct output *)screen;
	const struct form_pack *pack = workbook_pack(tui_workbook(screen->tui));
	struct buffer text = {0};

	screen_title(_(" 导出、打印和导入"), "");
	draw_item(output, ITEM_JOB, _("做什么"), _(job_words[output->job]));
	if (*scope_of(output) == 1)
		buffer_format(&text, _("只要《%s》"), pack->tables[output->table]->name);
	else
		buffer_add(&text, output->job == JOB_IMPORT ? _("按文件名认表（导出的文件）") : _("全部表"));
	draw_item(output, ITEM_TABLES, _("范围"), buffer_text(&text));
	draw_item(output, ITEM_FORMAT, _(format_labels[output->job]), format_word(output));
	draw_item(output, ITEM_GO, "", _("［ 开始 ］"));
	draw_place(output);
	if (session_is_restricted())
		draw_limits();
	buffer_done(&text);
}

static void choose_printer(struct output *output, int step)
{
	const char *const *printers;
	size_t count = session_printers(&printers);

	if (count == 0)
		return;
	output->printer = (output->printer + count + (size_t)step) % count;
	line_set(&output->places[JOB_PRINTER], printers[output->printer]);
}

static void change(struct output *output, int step)
{
	switch (output->list.chosen) {
	case ITEM_JOB:
		do
			output->job = (output->job + JOBS + step) % JOBS;
		while (!is_offered(output->job));
		break;
	case ITEM_PLACE: choose_printer(output, step); break;
	case ITEM_TABLES: *scope_of(output) = output->table >= 0 && !*scope_of(output); break;
	case ITEM_FORMAT:
		if (output->job == JOB_IMPORT)
			output->unit = (output->unit + 3 + step) % 3;
		else if (output->job == JOB_CSV)
			output->encoding = (output->encoding + EXPORT_ENCODINGS + step) % EXPORT_ENCODINGS;
		else
			output->width = !output->width;
		break;
	default: break;
	}
}

static bool may_replace(struct tui *tui, const char *path)
{
	static const char *const choices[] = {N_("不覆盖"), N_("覆盖它")};

	return !file_exists(path) || prompt_choice(tui, _("这个文件已经有了。要覆盖它吗？"), choices, 2) == 1;
}

/* Where the file or the folder is to be, added to `path`; false after saying why not. */
static bool read_place(struct output *output, struct buffer *path)
{
	const char *typed = line_text(&output->places[output->job]);
	struct tui *tui = output->screen.tui;
	struct diag_list diags = {0};
	bool is_fine;

	if (*typed == '\0') {
		tui_say_error(tui, _("请先填写%s。"), _(place_labels[output->job]));
		return false;
	}
	is_fine = session_file_name(typed, place_kinds[output->job], path, &diags) == STATUS_OK;
	tui_say_diags(tui, &diags, NULL);
	diag_list_done(&diags);
	return is_fine && (output->job != JOB_FILE || may_replace(tui, buffer_text(path)));
}

static bool import(struct output *output, const char *path)
{
	int table = output->import_scope == 1 ? output->table : -1;
	struct import_request request = {.settings.table = table, .path = path};
	char card[24];

	snprintf(card, sizeof(card), "@%d", output->card);
	if (table >= 0 && output->card != 0)
		request.settings.card = card;
	if (output->unit > 0)
		request.settings.unit = &tui_units[output->unit - 1];
	return import_run(output->screen.tui, &request);
}

/* `place`: the path, or the printer, NULL the default one. True: done, and the message says what. */
static bool put_out(struct output *output, const char *place)
{
	struct tui *tui = output->screen.tui;
	int table = output->scope == 1 ? output->table : -1, width = widths[output->width];
	struct diag_list diags = {0};
	enum status status;
	size_t files = 0;

	if (output->job == JOB_CSV)
		status = session_export(tui->session, table, place, output->encoding, &files, &diags);
	else if (output->job == JOB_FILE)
		status = session_print(tui->session, table, width, place, NULL, &diags);
	else
		status = session_print(tui->session, table, width, NULL, place, &diags);
	if (diags.count == 0 && output->job == JOB_CSV)
		tui_say(tui, _("已导出 %zu 个文件到 %s。"), files, place);
	else
		tui_say_diags(tui, &diags, output->job == JOB_FILE ? _("核对表已存好。") : _("核对表已送去打印。"));
	diag_list_done(&diags);
	return status == STATUS_OK || status == STATUS_UNSURE;
}

static bool go(struct output *output)
{
	const char *printer = line_text(&output->places[JOB_PRINTER]);
	struct buffer path = {0};
	bool is_done;

	if (output->job == JOB_PRINTER)
		return put_out(output, *printer != '\0' ? printer : NULL);
	is_done = read_place(output, &path) &&
		  (output->job == JOB_IMPORT ? import : put_out)(output, buffer_text(&path));
	buffer_done(&path);
	return is_done;
}

static enum answer key(struct screen *screen, const struct keypress *press)
{
	struct output *output = (struct output *)screen;
	struct keypress step = *press;
	bool is_last = output->list.chosen == ITEM_GO;

	if (press->key == KEYPRESS_ESCAPE || press->key == KEYPRESS_F10)
		return ANSWER_CLOSE;
	if (press->key == KEYPRESS_F9 || (press->key == KEYPRESS_ENTER && is_last))
		return go(output) ? ANSWER_CLOSE : ANSWER_DONE;
	if (press->key == KEYPRESS_ENTER || press->key == KEYPRESS_TAB)
		step.key = KEYPRESS_DOWN;
	if (press->key == KEYPRESS_BACK_TAB)
		step.key = KEYPRESS_UP;
	if (output->list.chosen == ITEM_PLACE && !is_listed(output) && step.key != KEYPRESS_UP && step.key != KEYPRESS_DOWN)
		line_key(&output->places[output->job], press);
	else if (press->key == KEYPRESS_LEFT)
		change(output, -1);
	else if (press->key == KEYPRESS_RIGHT || press->key == ' ')
		change(output, 1);
	else
		list_key(&output->list, &step, ITEMS);
	return ANSWER_DONE;
}

/* Places beside the workbook's file: x.yaml gives x-csv/ and x.txt. */
static void propose_places(struct output *output)
{
	const char *path = session_path(output->screen.tui->session);
	struct buffer name = {0};
	size_t length;

	buffer_add(&name, path != NULL ? path : "yubiao.yaml");
	length = name.length;
	if (length > 5 && strcmp(name.data + length - 5, ".yaml") == 0)
		name.data[name.length = length - 5] = '\0';
	length = name.length;
	buffer_add(&name, "-csv");
	line_set(&output->places[JOB_CSV], buffer_text(&name));
	name.data[name.length = length] = '\0';
	buffer_add(&name, ".txt");
	line_set(&output->places[JOB_FILE], buffer_text(&name));
	buffer_done(&name);
}

void output_run(struct tui *tui, int table, bool here, int card)
{
	static const struct screen_type type = {
		.keys = N_("↑↓ 移动　←→ 或空格 换选项　F9 或 Enter 开始　Esc 返回"),
		.draw = draw,
		.key = key,
		.is_typing = screen_always_typing};
	struct output output = {.screen = {.type = &type, .tui = tui}, .list.count = ITEMS, .table = table,
				.import_scope = here, .card = card};

	propose_places(&output);
	if (session_is_restricted())
		choose_printer(&output, 0);
	screen_run(tui, &output.screen);
	for (int i = 0; i < JOBS; i++)
		line_done(&output.places[i]);
}
