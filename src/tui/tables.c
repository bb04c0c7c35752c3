/* The list of tables: where every one stands, and the way into it. */
#include <string.h>

#include "base/text.h"
#include "tui/command.h"
#include "tui/dialogs.h"
#include "tui/list.h"
#include "tui/live.h"

#define FIRST_ROW 5

struct tables {
	struct screen screen;
	struct list list;
	size_t typed; /* the number of a table, as far as it was typed */
};

static int shown_rows(void)
{
	return screen_message_row() - 2 - FIRST_ROW;
}

static const struct form_pack *pack_of(const struct tui *tui)
{
	return workbook_pack(tui_workbook(tui));
}

static void draw_title(const struct tui *tui)
{
	const struct workbook *workbook = tui_workbook(tui);
	const char *path = session_path(tui->session);
	struct buffer text = {0};

	buffer_format(&text, _(" 预表　%s %s　%s年"), workbook_field(workbook, WORKBOOK_CODE),
		      workbook_field(workbook, WORKBOOK_NAME), workbook_field(workbook, WORKBOOK_YEAR));
	screen_title(buffer_text(&text), screen_state(tui));
	buffer_clear(&text);
	buffer_format(&text, _("套表：%s"), pack_of(tui)->title);
	terminal_put(1, 1, terminal_columns() - 1, LOOK_NORMAL, buffer_text(&text));
	buffer_clear(&text);
	buffer_add(&text, _("文件："));
	if (path != NULL)
		text_sanitize(&text, path, strlen(path), false);
	else
		buffer_add(&text, _("（还没有文件名，保存时再问）"));
	terminal_put(2, 1, terminal_columns() - 1, LOOK_NORMAL, buffer_text(&text));
	buffer_done(&text);
}

static void add_state(const struct tui *tui, int table, struct buffer *out)
{
	struct buffer state = {0};

	live_tally_text(tui, table, &state);
	if (workbook_is_elsewhere(tui_workbook(tui), table))
		buffer_add(out, _("另行公开"));
	else if (state.length > 0)
		buffer_add(out, buffer_text(&state));
	else
		buffer_add(out, workbook_table_is_empty(tui_workbook(tui), table) ? _("空表") : _("平"));
	buffer_done(&state);
}

static void table_line(const struct tui *tui, int table, struct buffer *out)
{
	const struct form_table *form = pack_of(tui)->tables[table];
	struct buffer title = {0};

	if (form->each < 0 || (form->fields_class < 0 && workbook_sheet_count(tui_workbook(tui), table) == 1))
		workbook_expand(tui_workbook(tui), table, form->title, &title);
	else
		buffer_format(&title, _("%s（%zu 张）"), form->name,
			      workbook_sheet_count(tui_workbook(tui), table));
	buffer_format(out, " %2d  ", table + 1);
	text_fit(out, buffer_text(&title), 46, TEXT_LEFT);
	buffer_add(out, "  ");
	text_fit(out, form->unit.name, 6, TEXT_LEFT);
	add_state(tui, table, out);
	buffer_done(&title);
}

static void draw(struct screen *screen)
{
	struct tables *tables = (struct tables *)screen;
	struct buffer text = {0};

	list_scroll(&tables->list, shown_rows());
	draw_title(screen->tui);
	buffer_format(&text, " %s  ", _("序"));
	text_fit(&text, _("表名"), 46, TEXT_LEFT);
	buffer_add(&text, "  ");
	text_fit(&text, _("单位"), 6, TEXT_LEFT);
	buffer_add(&text, _("状态"));
	terminal_field(FIRST_ROW - 1, 0, terminal_columns(), LOOK_RULE, buffer_text(&text));
	for (size_t i = tables->list.top;
	     i < tables->list.count && i < tables->list.top + (size_t)shown_rows(); i++) {
		buffer_clear(&text);
		table_line(screen->tui, (int)i, &text);
		list_draw(&tables->list, i, FIRST_ROW, buffer_text(&text));
	}
	if (tables->list.count < (size_t)shown_rows() - 1)
		terminal_put(
			FIRST_ROW + (int)tables->list.count + 1, 1, terminal_columns() - 2, LOOK_NORMAL,
			_("用方向键或序号选表，按 Enter 打开。F 键不灵时按 Esc 再按数字：Esc 1 即 F1。"));
	live_draw(screen->tui, screen_message_row() - 1);
	buffer_done(&text);
}

static void open_table(struct tables *tables, int table, const struct session_place *place)
{
	tables->list.chosen = (size_t)table;
	table_run(tables->screen.tui, table, place);
}

static void turn_elsewhere(struct tables *tables)
{
	struct tui *tui = tables->screen.tui;
	int table = (int)tables->list.chosen;
	bool elsewhere = !workbook_is_elsewhere(tui_workbook(tui), table);
	struct diag_list diags = {0};

	if (session_elsewhere(tui->session, table, elsewhere, &diags) == STATUS_OK)
		tui_say(tui, "%s", elsewhere ? _("这张表另行公开：不导出，不编号。再按 F6 取消。")
					     : _("这张表不再另行公开。"));
	tui_say_diags(tui, &diags, NULL);
	diag_list_done(&diags);
}

/* The digits of a number follow one another: 1, then 2, is table 12 if there are so many. */
static bool type_number(struct tables *tables, int key)
{
	size_t digit = (size_t)(key - '0');

	if (key < '0' || key > '9') {
		tables->typed = 0;
		return false;
	}
	tables->typed = tables->typed * 10 + digit <= tables->list.count ? tables->typed * 10 + digit : digit;
	if (tables->typed >= 1 && tables->typed <= tables->list.count)
		tables->list.chosen = tables->typed - 1;
	else
		tables->typed = 0;
	return true;
}

static enum answer do_action(struct tables *tables, enum action action)
{
	struct tui *tui = tables->screen.tui;
	struct session_place place;

	switch (action) {
	case ACTION_FINDINGS:
		if (findings_run(tui, -1, &place))
			open_table(tables, place.table, &place);
		return ANSWER_DONE;
	case ACTION_UNDO:
	case ACTION_REDO:
		if (command_undo(tui, action == ACTION_REDO, &place) && place.table >= 0)
			tables->list.chosen = (size_t)place.table;
		return ANSWER_DONE;
	case ACTION_ELSEWHERE: turn_elsewhere(tables); return ANSWER_DONE;
	case ACTION_OUTPUT: output_run(tui, (int)tables->list.chosen, false, 0); return ANSWER_DONE;
	case ACTION_BACK: return command_may_leave(tui) ? ANSWER_CLOSE : ANSWER_DONE;
	default: return ANSWER_PASS;
	}
}

static enum answer key(struct screen *screen, const struct keypress *press)
{
	struct tables *tables = (struct tables *)screen;

	if (type_number(tables, press->key) || list_key(&tables->list, press, shown_rows()))
		return ANSWER_DONE;
	if (press->key == KEYPRESS_ENTER) {
		open_table(tables, (int)tables->list.chosen, NULL);
		return ANSWER_DONE;
	}
	return do_action(tables, action_of_key(press->key, PLACE_TABLES));
}

/* The alternate screen takes everything with it: path and totals are said again behind it. Totals of what was not saved are those of no
 * file. */
static void bid_farewell(struct tui *tui)
{
	const char *path = session_path(tui->session);
	bool is_saved = !session_is_changed(tui->session);
	struct buffer totals = {0};

	live_text(tui, &totals);
	buffer_clear(&tui->farewell);
	buffer_add(&tui->farewell, is_saved ? _("文件：") : _("最后的修改没有保存："));
	if (path != NULL)
		text_sanitize(&tui->farewell, path, strlen(path), false);
	else
		buffer_add(&tui->farewell, _("（没有文件）"));
	buffer_format(&tui->farewell, "\n%s%s", is_saved ? buffer_text(&totals) : "", is_saved ? "\n" : "");
	buffer_done(&totals);
}

void tables_run(struct tui *tui)
{
	static const struct screen_type type = {.place = PLACE_TABLES, .draw = draw, .key = key};
	struct tables tables = {.screen.type = &type, .list.count = (size_t)pack_of(tui)->table_count};

	screen_run(tui, &tables.screen);
	bid_farewell(tui);
}
