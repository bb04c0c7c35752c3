/* The whole screen as a sheet of paper for one long text. */
#include <string.h>

#include "base/text.h"
#include "tui/area.h"
#include "tui/dialogs.h"
#include "tui/prompt.h"

#define FIRST_ROW 1
#define MARGIN 1

struct text_editor {
	struct screen screen;
	struct area area;
	const char *title, *before;
	bool is_taken;
};

static int shown_rows(void)
{
	return screen_message_row() - FIRST_ROW;
}

static void draw(struct screen *screen)
{
	struct text_editor *editor = (struct text_editor *)screen;
	struct buffer title = {0};

	buffer_format(&title, " %s", editor->title);
	screen_title(buffer_text(&title), "");
	area_wrap(&editor->area, terminal_columns() - 2 * MARGIN - 1);
	area_draw(&editor->area, FIRST_ROW, MARGIN, shown_rows());
	buffer_done(&title);
}

static enum answer give_up(struct text_editor *editor)
{
	static const char *const choices[] = {N_("接着写"), N_("采用"), N_("放弃改动")};
	int chosen;

	if (strcmp(buffer_text(&editor->area.text), editor->before) == 0)
		return ANSWER_CLOSE;
	chosen = prompt_choice(editor->screen.tui, _("这段文字改过了，怎么办？"), choices, 3);
	editor->is_taken = chosen == 1;
	return chosen >= 1 ? ANSWER_CLOSE : ANSWER_DONE;
}

static enum answer key(struct screen *screen, const struct keypress *press)
{
	struct text_editor *editor = (struct text_editor *)screen;
	size_t length = editor->area.text.length;

	switch (press->key) {
	case KEYPRESS_F2:
	case KEYPRESS_F10:
	case KEYPRESS_CTRL + 's': editor->is_taken = true; return ANSWER_CLOSE;
	case KEYPRESS_ESCAPE: return give_up(editor);
	default: break;
	}
	area_key(&editor->area, press, shown_rows());
	if (press->key == KEYPRESS_PASTE && press->length > 0 && editor->area.text.length == length)
		tui_say_error(screen->tui, _("粘贴的内容太长，没有填入：这里最多约 %d 个汉字。"),
			      SESSION_TEXT_MOST / 3);
	else if (editor->area.text.length + 3 >= SESSION_TEXT_MOST)
		tui_say_error(screen->tui, _("写满了：这里最多约 %d 个汉字。"), SESSION_TEXT_MOST / 3);
	return ANSWER_DONE;
}

bool text_run(struct tui *tui, const char *title, struct buffer *text, const struct keypress *first)
{
	static const struct screen_type type = {
		.keys = N_("F2 采用　Esc 放弃　Enter 分段　Ctrl-K 删到段尾　Ctrl-U 删到段首　F8 删段"),
		.draw = draw,
		.key = key,
		.is_typing = screen_always_typing,
	};
	struct text_editor editor = {.screen = {.type = &type, .tui = tui},
				     .title = title,
				     .area.most = SESSION_TEXT_MOST};

	editor.before = buffer_text(text);
	area_set(&editor.area, buffer_text(text));
	area_wrap(&editor.area, terminal_columns() - 2 * MARGIN - 1);
	if (first != NULL)
		(void)key(&editor.screen, first);
	screen_run(tui, &editor.screen);
	if (editor.is_taken) {
		buffer_clear(text);
		buffer_add(text, buffer_text(&editor.area.text));
	}
	area_done(&editor.area);
	return editor.is_taken;
}
