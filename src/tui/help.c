/* F1: what the keys do here, taken from the action table. And sentences to be read at the start. */
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/restrict.h"
#include "tui/dialogs.h"
#include "tui/list.h"

#define KEY_CELLS 18

struct pages {
	struct screen screen;
	const char *title;
	struct buffer text; /* lines */
	size_t top, count;
};

static int shown_rows(void)
{
	return screen_message_row() - 2;
}

/* Draws the lines from `top` on; returns how many there are in all. */
static size_t draw_lines(const struct pages *pages)
{
	const char *text = buffer_text(&pages->text), *next;
	struct buffer line = {0};
	size_t count = 0;

	for (; *text != '\0'; text = next, count++) {
		buffer_clear(&line);
		buffer_add_bytes(&line, text, text_wrap(text, terminal_columns() - 2, &next));
		if (count >= pages->top && count < pages->top + (size_t)shown_rows())
			terminal_put(2 + (int)(count - pages->top), 1, terminal_columns() - 1, LOOK_NORMAL,
				     buffer_text(&line));
	}
	buffer_done(&line);
	return count;
}

static void draw(struct screen *screen)
{
	struct pages *pages = (struct pages *)screen;
	size_t rows = (size_t)shown_rows();

	screen_title(pages->title, "");
	pages->count = draw_lines(pages);
	if (pages->top + rows < pages->count)
		terminal_put(screen_message_row(), 1, terminal_columns() - 1, LOOK_NORMAL,
			     _("还有，按 PgDn 或 ↓ 往下看"));
}

static enum answer key(struct screen *screen, const struct keypress *press)
{
	struct pages *pages = (struct pages *)screen;
	size_t rows = (size_t)shown_rows(), last = pages->count > rows ? pages->count - rows : 0;

	switch (press->key) {
	case KEYPRESS_UP: pages->top -= pages->top > 0; return ANSWER_DONE;
	case KEYPRESS_DOWN: pages->top += pages->top < last; return ANSWER_DONE;
	case KEYPRESS_PAGE_UP: pages->top = pages->top > rows ? pages->top - rows : 0; return ANSWER_DONE;
	case ' ':
	case KEYPRESS_PAGE_DOWN:
		pages->top = pages->top + rows < last ? pages->top + rows : last;
		return ANSWER_DONE;
	case KEYPRESS_ENTER:
	case KEYPRESS_ESCAPE:
	case KEYPRESS_F1:
	case KEYPRESS_F10: return ANSWER_CLOSE;
	default: return ANSWER_DONE;
	}
}

static void pages_run(struct tui *tui, struct pages *pages)
{
	static const struct screen_type type = {.keys = N_("Enter 继续　↑↓ PgUp PgDn 翻看"),
						.draw = draw,
						.key = key,
						.is_typing = screen_always_typing};

	pages->screen.type = &type;
	screen_run(tui, &pages->screen);
	buffer_done(&pages->text);
}

/* The name of a key, then what it does, wrapped beside it. */
static void help_line(struct buffer *out, const char *keys, const char *does)
{
	int room = terminal_columns() - 2 - KEY_CELLS;

	for (const char *next = does; *does != '\0'; does = next, keys = "") {
		size_t length = text_wrap(does, room, &next);
		text_fit(out, keys, KEY_CELLS, TEXT_LEFT);
		buffer_add_bytes(out, does, length);
		buffer_add(out, "\n");
	}
}

static void table_help(struct buffer *out)
{
	static const char *const lines[][2] = {
		{N_("数字、正负号"), N_("开始填数；全角数字、千分位逗号、1.2万 都认得。")},
		{N_("Enter"), N_("填好，到下一个要填的格；末行之后是空行。")},
		{N_("Tab、方向键"), N_("填好，往该方向移动。PgUp PgDn 翻页（也可用 Ctrl-B Ctrl-F）。")},
		{N_("Esc"), N_("正在填时：放弃这一格的改动。")},
		{N_("Backspace、Insert"), N_("修改已填的数。Delete 清空这一格。")},
		{N_("Home、End"), N_("本行要填的第一格（再按到第一栏）、最后一栏；Ctrl-Home、Ctrl-End 到首行、末行。")},
		{N_("/、n"), N_("查找编码或名称；n 找下一处。")},
		{N_("末尾的空行"), N_("直接输入科目编码，Enter 加一行；在科目名称栏按 Enter 可改自填的名称。")},
		{N_("自己加的行"), N_("末尾空行的哪一栏直接输入就加一行；F3 在光标后加，F8 删，Ctrl-U Ctrl-D 上下移。")},
		{N_("选择的格"), N_("按 Enter 或空格打开小列表；输入文字或序号筛选，Enter 选用。")},
		{N_("长文字"), N_("直接输入；Enter 或 Ctrl-T 打开整屏，可以分段，F2 采用。")},
		{N_("卡片"), N_("光标在上面的各项和下面的表之间移动；Ctrl-N Ctrl-P 到下一张、上一张。")},
		{N_("粘贴"), N_("从电子表格复制的一块数，先显示落在哪些格，再按 Enter 填入。")},
		{N_("下划线的格"), N_("由您填；没有下划线的数是算出来的。")},
		{N_("数后面的 ! ? ~"), N_("错误、警告、尾差；F5 列出全部问题，“随之”的排在同一原因的后面。")},
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		help_line(out, _(lines[i][0]), _(lines[i][1]));
	buffer_add(out, "\n");
}

void help_run(struct tui *tui, enum action_place place)
{
	struct pages pages = {.title = _(" 帮助")};

	if (place == PLACE_TABLE)
		table_help(&pages.text);
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const struct action_record *record = action_record((enum action)i);
		if ((record->places & (int)place) != 0)
			help_line(&pages.text, record->keys_text, _(record->help));
	}
	buffer_add(&pages.text, "\n");
	if (session_is_restricted())
		help_line(&pages.text, _("限制模式"),
			  _("文件都在本文件夹里，只写名字；导出、打印到文件也在这里；只能用管理员开放的打印机。"));
	help_line(&pages.text, _("Esc 再按数字"), _("代替 F 键：Esc 1 即 F1 …… Esc 9 即 F9，Esc 0 即 F10。"));
	help_line(&pages.text, "Ctrl-L", _("屏幕乱了时重画。"));
	pages_run(tui, &pages);
}

void notes_run(struct tui *tui, const struct diag_list *notes)
{
	struct pages pages = {.title = _(" 请先看一下")};

	for (size_t i = 0; i < notes->count; i++) {
		char *text = diag_text(&notes->items[i]);
		buffer_format(&pages.text, "%s\n\n", text);
		memory_free(text);
	}
	pages_run(tui, &pages);
}

void pages_show(struct tui *tui, const char *title, const char *lines)
{
	struct pages pages = {.title = title};

	text_sanitize(&pages.text, lines, strlen(lines), true);
	pages_run(tui, &pages);
}
