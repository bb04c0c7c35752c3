/* The cover: department, year, signatures, and whether figures are exact or were rounded before. */
#include "base/text.h"
#include "tui/command.h"
#include "tui/dialogs.h"
#include "tui/list.h"

#define FIRST_ROW 2
#define LABEL_CELLS 22
#define FIELD_CELLS 40
#define FIELD_FIRST WORKBOOK_CODE
#define FIELD_COUNT (WORKBOOK_FIELDS - FIELD_FIRST)

/* The lines: the fields, then one switch for all tables, then one for each. */
struct cover {
	struct screen screen;
	struct list list;
	struct line line;
	bool is_editing;
};

static int shown_rows(void)
{
	return screen_message_row() - 2 - FIRST_ROW;
}

static bool is_field(size_t item)
{
	return item < FIELD_COUNT;
}

static enum workbook_field field_of(size_t item)
{
	return (enum workbook_field)(FIELD_FIRST + item);
}

static int table_of(size_t item) /* -1: all */
{
	return (int)item - FIELD_COUNT - 1;
}

static const char *rounding_words(const struct workbook *workbook, int table)
{
	const struct form_pack *pack = workbook_pack(workbook);
	int rounded = 0;

	for (int i = 0; i < pack->table_count; i++)
		rounded += workbook_is_rounded(workbook, i);
	if (table < 0 && rounded > 0 && rounded < pack->table_count)
		return _("各表不同");
	return (table < 0 ? rounded > 0 : workbook_is_rounded(workbook, table)) ? _("四舍五入过（照已公开的表抄录）")
										  : _("准确到分");
}

static void draw_switch(const struct cover *cover, size_t item, int row)
{
	const struct workbook *workbook = tui_workbook(cover->screen.tui);
	int table = table_of(item);
	struct buffer label = {0};

	buffer_add(&label, table < 0 ? _("填列的数　全部表") : "          ");
	if (table >= 0)
		buffer_add(&label, workbook_pack(workbook)->tables[table]->name);
	terminal_put(row, 1, LABEL_CELLS + 12, LOOK_NORMAL, buffer_text(&label));
	terminal_put(row, LABEL_CELLS + 14, terminal_columns(),
		     item == cover->list.chosen ? LOOK_CURSOR : LOOK_NORMAL, rounding_words(workbook, table));
	if (item == cover->list.chosen)
		terminal_cursor(row, LABEL_CELLS + 14);
	buffer_done(&label);
}

static void draw_field(const struct cover *cover, size_t item, int row)
{
	enum workbook_field field = field_of(item);
	struct buffer text = {0};
	int column = 16;

	buffer_add(&text, workbook_field(tui_workbook(cover->screen.tui), field));
	terminal_put(row, 1, column - 2, LOOK_NORMAL, workbook_field_label(field));
	if (item != cover->list.chosen) {
		terminal_field(row, column, FIELD_CELLS, LOOK_ENTERED, buffer_text(&text));
	} else if (cover->is_editing) {
		line_draw(&cover->line, row, column, FIELD_CELLS, LOOK_CURSOR);
	} else {
		terminal_field(row, column, FIELD_CELLS, LOOK_CURSOR, buffer_text(&text));
		terminal_cursor(row, column);
	}
	if (field == WORKBOOK_DATE)
		terminal_put(row, column + FIELD_CELLS + 1, terminal_columns(), LOOK_NORMAL,
			     _("例 2024-01-31"));
	buffer_done(&text);
}

static void draw(struct screen *screen)
{
	struct cover *cover = (struct cover *)screen;
	int rows = shown_rows();

	list_scroll(&cover->list, rows);
	screen_title(_(" 封面"), screen_state(screen->tui));
	for (size_t i = cover->list.top; i < cover->list.count && i < cover->list.top + (size_t)rows; i++) {
		int row = FIRST_ROW + (int)(i - cover->list.top);
		if (is_field(i))
			draw_field(cover, i, row);
		else
			draw_switch(cover, i, row);
	}
	terminal_put(screen_message_row() - 1, 1, terminal_columns() - 1, LOOK_NORMAL,
		     is_field(cover->list.chosen) ? _("直接输入或修改，Enter 到下一项，Esc 放弃这一项的改动；填好按 F10。")
						  : _("按空格切换；↑↓ 移动；填好按 F10。"));
}

/* False: the text was refused; the message says why and the line stays open. */
static bool commit(struct cover *cover)
{
	struct tui *tui = cover->screen.tui;
	struct diag_list diags = {0};

	if (!cover->is_editing)
		return true;
	cover->is_editing = session_field(tui->session, field_of(cover->list.chosen), line_text(&cover->line),
					  &diags) != STATUS_OK;
	tui_say_diags(tui, &diags, NULL);
	diag_list_done(&diags);
	return !cover->is_editing;
}

static void turn_switch(struct cover *cover)
{
	struct tui *tui = cover->screen.tui;
	const struct workbook *workbook = tui_workbook(tui);
	int table = table_of(cover->list.chosen);
	bool rounded = true;
	struct diag_list diags = {0};

	for (int i = 0; i < workbook_pack(workbook)->table_count; i++)
		if (table < 0 || i == table)
			rounded = rounded && workbook_is_rounded(workbook, i);
	session_rounded(tui->session, table, !rounded, &diags);
	tui_say_diags(tui, &diags, NULL);
	diag_list_done(&diags);
}

/* A key that begins, or goes on with, typing into a field. */
static bool type_into_field(struct cover *cover, const struct keypress *press)
{
	bool begins = (press->key >= 0x20 && press->key < KEY_BASE) || press->key == KEYPRESS_BACKSPACE ||
		      press->key == KEYPRESS_DELETE || press->key == KEYPRESS_PASTE ||
		      press->key == KEYPRESS_INSERT;

	if (!cover->is_editing && !begins)
		return false;
	if (!cover->is_editing && !tui_may_change(cover->screen.tui))
		return true;
	if (!cover->is_editing) {
		line_set(&cover->line,
			 workbook_field(tui_workbook(cover->screen.tui), field_of(cover->list.chosen)));
		cover->is_editing = true;
	}
	return line_key(&cover->line, press);
}

static enum answer move(struct cover *cover, const struct keypress *press)
{
	struct keypress step = *press;

	if (press->key == KEYPRESS_ENTER || press->key == KEYPRESS_TAB)
		step.key = KEYPRESS_DOWN;
	else if (press->key == KEYPRESS_BACK_TAB)
		step.key = KEYPRESS_UP;
	else if (action_of_key(press->key, PLACE_COVER) == ACTION_NONE &&
		 !list_key(&(struct list){0}, press, 1))
		return ANSWER_DONE;
	if (!commit(cover) || list_key(&cover->list, &step, shown_rows()))
		return ANSWER_DONE;
	if (action_of_key(press->key, PLACE_COVER) == ACTION_FINDINGS) {
		struct session_place place;
		if (findings_run(cover->screen.tui, -1, &place))
			table_run(cover->screen.tui, place.table, &place);
		return ANSWER_DONE;
	}
	return ANSWER_PASS;
}

static enum answer key(struct screen *screen, const struct keypress *press)
{
	struct cover *cover = (struct cover *)screen;

	if (press->key == KEYPRESS_ESCAPE) {
		cover->is_editing = false;
		return ANSWER_DONE;
	}
	if (is_field(cover->list.chosen) && type_into_field(cover, press))
		return ANSWER_DONE;
	if (!is_field(cover->list.chosen) &&
	    (press->key == ' ' || press->key == KEYPRESS_LEFT || press->key == KEYPRESS_RIGHT)) {
		turn_switch(cover);
		return ANSWER_DONE;
	}
	return move(cover, press);
}

static bool is_typing(const struct screen *screen)
{
	return ((const struct cover *)screen)->is_editing;
}

void cover_run(struct tui *tui)
{
	static const struct screen_type type = {.place = PLACE_COVER,
						.draw = draw,
						.key = key,
						.is_typing = is_typing};
	struct cover cover = {.screen.type = &type};

	cover.list.count = FIELD_COUNT + 1 + (size_t)workbook_pack(tui_workbook(tui))->table_count;
	screen_run(tui, &cover.screen);
	line_done(&cover.line);
}
