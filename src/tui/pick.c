/* A small list over the screen, of which one item is taken: the choices of a column. */
#include <string.h>

#include "base/text.h"
#include "tui/dialogs.h"
#include "tui/list.h"

#define ITEMS_MOST 64
#define WIDTH_MOST 44
#define ROWS_MOST 12

struct pick {
	struct screen screen;
	struct list list; /* of what the filter lets through */
	struct line typed;
	const char *const *items;
	int found[ITEMS_MOST]; /* indexes into items */
	int count, row, column, width;
	int taken;
};

/* A number means the item with that number, else a text that it holds. */
static bool passes(const struct pick *pick, int item)
{
	const char *typed = line_text(&pick->typed);
	struct buffer number = {0};
	bool found;

	buffer_format(&number, "%d", item + 1);
	found = strncmp(buffer_text(&number), typed, strlen(typed)) == 0 ||
		text_contains(pick->items[item], typed);
	buffer_done(&number);
	return found;
}

static void filter(struct pick *pick)
{
	pick->list.count = 0;
	for (int i = 0; i < pick->count && i < ITEMS_MOST; i++)
		if (passes(pick, i))
			pick->found[pick->list.count++] = i;
}

static int shown_rows(const struct pick *pick)
{
	return pick->count < ROWS_MOST ? pick->count : ROWS_MOST;
}

/* The first row: below the cell if there is room, else above it. */
static int first_row(const struct pick *pick)
{
	int rows = shown_rows(pick) + 1, below = pick->row + 1;

	if (below + rows <= screen_message_row() + 1)
		return below;
	return pick->row > rows ? pick->row - rows : 1;
}

static void draw(struct screen *screen)
{
	struct pick *pick = (struct pick *)screen;
	int row = first_row(pick), rows = shown_rows(pick);
	struct buffer text = {0};

	screen_draw_below(screen);
	filter(pick);
	list_scroll(&pick->list, rows);
	for (int i = 0; i < rows; i++) {
		size_t line = pick->list.top + (size_t)i;
		buffer_clear(&text);
		if (line < pick->list.count)
			buffer_format(&text, "|%2d %s", pick->found[line] + 1,
				      pick->items[pick->found[line]]);
		else
			buffer_add(&text, "|");
		terminal_field(row + i, pick->column, pick->width - 1,
			       line == pick->list.chosen && line < pick->list.count ? LOOK_CURSOR
										    : LOOK_NORMAL,
			       buffer_text(&text));
		terminal_put(row + i, pick->column + pick->width - 1, 1, LOOK_NORMAL, "|");
	}
	terminal_blank(row + rows, pick->column, pick->width, LOOK_BAR);
	line_draw(&pick->typed, row + rows, pick->column + 1, pick->width - 2, LOOK_BAR);
	if (pick->list.count == 0)
		tui_say(screen->tui, "%s", _("没有这一项：按 Backspace 改，或按 Esc 返回。"));
	buffer_done(&text);
}

static enum answer key(struct screen *screen, const struct keypress *press)
{
	struct pick *pick = (struct pick *)screen;

	switch (press->key) {
	case KEYPRESS_ESCAPE:
	case KEYPRESS_F10: return ANSWER_CLOSE;
	case KEYPRESS_ENTER:
	case KEYPRESS_TAB:
		if (pick->list.count == 0)
			return ANSWER_DONE;
		pick->taken = pick->found[pick->list.chosen];
		return ANSWER_CLOSE;
	default: break;
	}
	if (!list_key(&pick->list, press, shown_rows(pick)) && line_key(&pick->typed, press))
		pick->list.chosen = 0;
	filter(pick);
	return ANSWER_DONE;
}

int pick_run(struct tui *tui, int row, int column, const char *const *items, int count, int chosen,
	     const struct keypress *first)
{
	static const struct screen_type type = {
		.keys = N_("↑↓ 选择　Enter 选用　输入文字或序号即筛选　Esc 返回"),
		.draw = draw,
		.key = key,
		.is_typing = screen_always_typing,
	};
	struct pick pick = {.screen = {.type = &type, .tui = tui},
			    .items = items,
			    .count = count,
			    .taken = -1};

	pick.width = 12;
	for (int i = 0; i < count; i++)
		if (text_width(items[i]) + 5 > pick.width)
			pick.width = text_width(items[i]) + 5;
	pick.width = pick.width < WIDTH_MOST ? pick.width : WIDTH_MOST;
	pick.row = row;
	pick.column = column + pick.width <= terminal_columns() ? column : terminal_columns() - pick.width;
	pick.list.chosen = chosen > 0 ? (size_t)chosen : 0;
	filter(&pick);
	if (first != NULL && line_key(&pick.typed, first))
		pick.list.chosen = 0;
	screen_run(tui, &pick.screen);
	line_done(&pick.typed);
	return pick.taken;
}
