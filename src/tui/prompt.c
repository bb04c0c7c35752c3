#include "tui/prompt.h"

#include "base/text.h"

struct prompt {
	struct screen screen;
	const char *question;
	struct line *line;
	const char *const *choices;
	int count, chosen;
	bool is_done;
};

#define PROMPT_ROW (screen_message_row() - 3) /* two lines stay free for a message */

/* The question stands on one line, or, if it is long, begins on the line above. */
static void draw_question(const struct prompt *prompt)
{
	int columns = terminal_columns();
	int first = text_width(prompt->question) > columns - 1 ? PROMPT_ROW - 1 : PROMPT_ROW;

	for (int row = first; row <= screen_message_row(); row++)
		terminal_blank(row, 0, columns, LOOK_NORMAL);
	screen_wrap(first, PROMPT_ROW, columns - 1, LOOK_TOTAL, prompt->question);
}

static void draw_line_prompt(struct screen *screen)
{
	const struct prompt *prompt = (const struct prompt *)screen;

	screen_draw_below(screen);
	draw_question(prompt);
	terminal_put(PROMPT_ROW + 1, 0, 2, LOOK_NORMAL, ">");
	line_draw(prompt->line, PROMPT_ROW + 1, 2, terminal_columns() - 3, LOOK_ENTERED);
}

static enum answer line_prompt_key(struct screen *screen, const struct keypress *press)
{
	struct prompt *prompt = (struct prompt *)screen;

	if (press->key == KEYPRESS_ESCAPE || press->key == KEYPRESS_F10)
		return ANSWER_CLOSE;
	if (press->key == KEYPRESS_ENTER) {
		prompt->is_done = true;
		return ANSWER_CLOSE;
	}
	line_key(prompt->line, press);
	return ANSWER_DONE;
}

bool prompt_line(struct tui *tui, const char *question, struct line *line)
{
	static const struct screen_type type = {.keys = N_("Enter 确定　Esc 放弃　Ctrl-U 清空"),
						.draw = draw_line_prompt,
						.key = line_prompt_key,
						.is_typing = screen_always_typing};
	struct prompt prompt = {.screen.type = &type, .question = question, .line = line};

	screen_run(tui, &prompt.screen);
	return prompt.is_done;
}

static void draw_choice(struct screen *screen)
{
	const struct prompt *prompt = (const struct prompt *)screen;
	int column = 2;

	screen_draw_below(screen);
	draw_question(prompt);
	for (int i = 0; i < prompt->count; i++) {
		struct buffer text = {0};
		buffer_format(&text, " %d %s ", i + 1, _(prompt->choices[i]));
		if (i == prompt->chosen)
			terminal_cursor(PROMPT_ROW + 1, column);
		column += terminal_put(PROMPT_ROW + 1, column, terminal_columns() - column,
				       i == prompt->chosen ? LOOK_CURSOR : LOOK_NORMAL, buffer_text(&text)) +
			  2;
		buffer_done(&text);
	}
}

static enum answer choice_key(struct screen *screen, const struct keypress *press)
{
	struct prompt *prompt = (struct prompt *)screen;

	switch (press->key) {
	case KEYPRESS_ESCAPE:
	case KEYPRESS_F10: return ANSWER_CLOSE;
	case KEYPRESS_LEFT:
	case KEYPRESS_UP:
	case KEYPRESS_BACK_TAB:
		prompt->chosen = (prompt->chosen + prompt->count - 1) % prompt->count;
		return ANSWER_DONE;
	case KEYPRESS_RIGHT:
	case KEYPRESS_DOWN:
	case KEYPRESS_TAB: prompt->chosen = (prompt->chosen + 1) % prompt->count; return ANSWER_DONE;
	case KEYPRESS_ENTER: prompt->is_done = true; return ANSWER_CLOSE;
	default: break;
	}
	if (press->key < '1' || press->key >= '1' + prompt->count)
		return ANSWER_DONE;
	prompt->chosen = press->key - '1';
	prompt->is_done = true;
	return ANSWER_CLOSE;
}

int prompt_choice(struct tui *tui, const char *question, const char *const *choices, int count)
{
	static const struct screen_type type = {.keys = N_("按数字选，或用方向键选好后按 Enter　Esc 返回"),
						.draw = draw_choice,
						.key = choice_key,
						.is_typing = screen_always_typing};
	struct prompt prompt = {.screen.type = &type,
				.question = question,
				.choices = choices,
				.count = count};

	screen_run(tui, &prompt.screen);
	return prompt.is_done ? prompt.chosen : -1;
}
