/* The loop, and the lines that every screen has: messages, and the live keys at the bottom. */
#include "tui/screen.h"

#include <string.h>

#include "base/text.h"
#include "tui/command.h"

#define MESSAGE_ROWS 4

const struct form_unit tui_units[2] = {{"元", 2, 2, true}, {"万元", 6, 2, false}};

const struct workbook *tui_workbook(const struct tui *tui)
{
	return session_workbook(tui->session);
}

const struct form_unit *tui_unit(const struct tui *tui, const struct form_column *column)
{
	if (!tui->other_unit || column->type != FORM_MONEY || column->unit_stated)
		return NULL;
	return column->unit.power == tui_units[0].power ? &tui_units[1] : &tui_units[0];
}

bool tui_has_standard(const struct tui *tui, const struct row *row, int leaf)
{
	return workbook_pack(tui_workbook(tui))->tables[row_table(row)]->leaves[leaf]->standard != NULL &&
	       *workbook_text(tui_workbook(tui), row, leaf, true) != '\0';
}

/* ---- messages ---- */

static void say(struct tui *tui, bool is_error, const char *format, va_list list)
{
	buffer_clear(&tui->message);
	buffer_format_list(&tui->message, format, list);
	tui->is_error = is_error;
}

void tui_say(struct tui *tui, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	say(tui, false, format, list);
	va_end(list);
}

void tui_say_error(struct tui *tui, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	say(tui, true, format, list);
	va_end(list);
}

void tui_say_diags(struct tui *tui, struct diag_list *diags, const char *otherwise)
{
	const struct diag *chosen = NULL;

	for (size_t i = 0; i < diags->count; i++)
		if (chosen == NULL || chosen->severity != DIAG_ERROR)
			chosen = &diags->items[i];
	if (chosen != NULL) {
		char *text = diag_text(chosen);
		(chosen->severity == DIAG_ERROR ? tui_say_error : tui_say)(tui, "%s", text);
		memory_free(text);
	} else if (otherwise != NULL) {
		tui_say(tui, "%s", otherwise);
	}
	diag_list_clear(diags);
}

/* ---- drawing ---- */

int screen_message_row(void)
{
	return terminal_rows() - 2;
}

void screen_title(const char *left, const char *right)
{
	int columns = terminal_columns(), wide = text_width(right);
	struct buffer fitted = {0};

	text_fit(&fitted, left, columns - wide - (wide > 0), TEXT_LEFT);
	terminal_blank(0, 0, columns, LOOK_BAR);
	terminal_put(0, 0, columns, LOOK_BAR, buffer_text(&fitted));
	terminal_put(0, columns - wide, wide, LOOK_BAR, right);
	buffer_done(&fitted);
}

bool tui_may_change(struct tui *tui)
{
	if (session_refusal(tui->session) == NULL)
		return true;
	tui_say_error(tui, "%s", session_refusal(tui->session));
	return false;
}

const char *screen_state(const struct tui *tui)
{
	if (session_refusal(tui->session) != NULL)
		return _("只能查看 ");
	return session_is_changed(tui->session) ? _("未保存 ") : "";
}

void screen_draw_below(const struct screen *screen)
{
	screen->below->type->draw(screen->below);
}

int screen_wrap(int row, int last, int cells, int look, const char *text)
{
	struct buffer line = {0};

	for (const char *next; *text != '\0' && row <= last; text = next, row++) {
		buffer_clear(&line);
		buffer_add_bytes(&line, text, text_wrap(text, cells, &next));
		terminal_put(row, 0, cells, look, buffer_text(&line));
	}
	buffer_done(&line);
	return row;
}

bool screen_always_typing(const struct screen *screen)
{
	(void)screen;
	return true;
}

/* A message that is longer than a line takes the lines above too. That something is not safe on disk is said for
 * as long as it is so. */
static void draw_message(const struct tui *tui)
{
	const char *trouble = tui->session != NULL ? session_journal_trouble(tui->session) : NULL;
	struct buffer both = {0};
	int columns = terminal_columns(), row = screen_message_row() + 1;
	const char *text, *next;

	buffer_add(&both, buffer_text(&tui->message));
	if (trouble != NULL)
		buffer_format(&both, "%s%s", both.length > 0 ? "\n" : "", trouble);
	text = buffer_text(&both);
	for (const char *p = text; *p != '\0' && row > screen_message_row() - MESSAGE_ROWS + 1; p = next) {
		text_wrap(p, columns - 1, &next);
		terminal_blank(--row, 0, columns, LOOK_NORMAL);
	}
	screen_wrap(row, screen_message_row(), columns - 1,
		    tui->is_error || trouble != NULL ? LOOK_ERROR : LOOK_NORMAL, text);
	buffer_done(&both);
}

/* One action with its first key, ` F2保存`. */
static void add_action(struct buffer *line, const struct action_record *record)
{
	size_t key = strcspn(record->keys_text, " ");

	buffer_add(line, " ");
	buffer_add_bytes(line, record->keys_text, key);
	if (record->keys_text[0] != 'F')
		buffer_add(line, " ");
	buffer_add(line, _(record->word));
}

static void add_if_room(struct buffer *line, enum action action)
{
	struct buffer more = {0};

	add_action(&more, action_record(action));
	if (text_width(buffer_text(line)) + text_width(buffer_text(&more)) < terminal_columns())
		buffer_add(line, buffer_text(&more));
	buffer_done(&more);
}

/* Function keys first, the others as far as there is room: undo, which everybody knows, last. */
static void add_actions(struct buffer *line, enum action_place place)
{
	static const enum action others[] = {
		ACTION_COVER, ACTION_FIND, ACTION_NEXT_TABLE, ACTION_PREVIOUS_TABLE, ACTION_UNDO, ACTION_REDO,
		ACTION_SAVE_AS,
	};

	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const struct action_record *record = action_record((enum action)i);
		if ((record->places & (int)place) != 0 && record->keys_text[0] == 'F')
			add_if_room(line, (enum action)i);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if ((action_record(others[i])->places & (int)place) != 0)
			add_if_room(line, others[i]);
}

static void draw_keys(const struct screen *screen)
{
	struct buffer line = {0};

	if (screen->tui->escape)
		buffer_add(&line, _(" Esc 已按下：再按数字 1 至 9 即 F1 至 F9，0 即 F10；再按一次 Esc 取消"));
	else if (screen->type->keys != NULL)
		buffer_format(&line, " %s", _(screen->type->keys));
	else
		add_actions(&line, screen->type->place);
	terminal_field(terminal_rows() - 1, 0, terminal_columns(), LOOK_BAR, buffer_text(&line));
	buffer_done(&line);
}

static bool is_too_small(void)
{
	return terminal_rows() < SCREEN_ROWS || terminal_columns() < SCREEN_COLUMNS;
}

static void draw_too_small(void)
{
	struct buffer text = {0};

	buffer_format(&text, _("窗口太小（%d×%d），请拉大到 80×24，至少 %d×%d。内容都在，不会丢失。"),
		      terminal_columns(), terminal_rows(), SCREEN_COLUMNS, SCREEN_ROWS);
	screen_wrap(0, terminal_rows() - 1, terminal_columns(), LOOK_NORMAL, buffer_text(&text));
	buffer_done(&text);
}

static void draw(const struct tui *tui)
{
	terminal_erase();
	terminal_cursor(terminal_rows() - 1, 0);
	if (is_too_small()) {
		draw_too_small();
	} else {
		tui->top->type->draw(tui->top);
		draw_message(tui);
		draw_keys(tui->top);
	}
	terminal_show();
}

/* ---- keys ---- */

static bool is_typing(const struct screen *screen)
{
	return screen->type->is_typing != NULL && screen->type->is_typing(screen);
}

/* Esc and then a digit is an F-key, at any pace. True: the key is used up. */
static bool escape_key(struct tui *tui, struct keypress *press)
{
	if (tui->escape) {
		tui->escape = false;
		if (press->key >= '1' && press->key <= '9')
			press->key = KEYPRESS_F1 + press->key - '1';
		else if (press->key == '0')
			press->key = KEYPRESS_F10;
		else
			return press->key == KEYPRESS_ESCAPE;
		return false;
	}
	tui->escape = press->key == KEYPRESS_ESCAPE && !is_typing(tui->top);
	return tui->escape;
}

static enum answer give_key(struct tui *tui, struct keypress *press)
{
	struct screen *screen = tui->top;

	if (press->key == KEYPRESS_HANGUP) {
		tui->is_over = true;
		return ANSWER_DONE;
	}
	if (press->key == KEYPRESS_CTRL + 'l')
		terminal_repaint();
	if (press->key == KEYPRESS_CTRL + 'l' || press->key == KEYPRESS_RESIZE || is_too_small())
		return ANSWER_DONE;
	buffer_clear(&tui->message);
	if (escape_key(tui, press))
		return ANSWER_DONE;
	enum answer answer = screen->type->key(screen, press);
	if (answer != ANSWER_PASS)
		return answer;
	return command_do(screen, action_of_key(press->key, screen->type->place));
}

/* Once the first picture of what was opened stands. */
static void settle(struct tui *tui)
{
	if (!tui->is_settled && tui->session != NULL)
		session_settle(tui->session);
	tui->is_settled = true;
}

void screen_run(struct tui *tui, struct screen *screen)
{
	enum answer answer = ANSWER_DONE;

	screen->tui = tui;
	screen->below = tui->top;
	tui->top = screen;
	while (answer != ANSWER_CLOSE && !tui->is_over) {
		struct keypress press;
		draw(tui);
		settle(tui);
		keyboard_read(&press);
		answer = give_key(tui, &press);
		keypress_done(&press);
	}
	tui->top = screen->below;
}
