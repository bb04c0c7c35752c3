#include "tui/list.h"

bool list_key(struct list *list, const struct keypress *press, int rows)
{
	size_t last = list->count > 0 ? list->count - 1 : 0, page = rows > 1 ? (size_t)rows - 1 : 1;

	switch (press->key) {
	case KEYPRESS_UP: list->chosen -= list->chosen > 0; return true;
	case KEYPRESS_DOWN: list->chosen += list->chosen < last; return true;
	case KEYPRESS_PAGE_UP: list->chosen = list->chosen > page ? list->chosen - page : 0; return true;
	case KEYPRESS_PAGE_DOWN:
		list->chosen = last - list->chosen > page ? list->chosen + page : last;
		return true;
	case KEYPRESS_HOME:
	case KEYPRESS_CTRL_HOME: list->chosen = 0; return true;
	case KEYPRESS_END:
	case KEYPRESS_CTRL_END: list->chosen = last; return true;
	default: return false;
	}
}

void list_scroll(struct list *list, int rows)
{
	size_t shown = rows > 1 ? (size_t)rows : 1;

	if (list->chosen >= list->count)
		list->chosen = list->count > 0 ? list->count - 1 : 0;
	if (list->chosen < list->top)
		list->top = list->chosen;
	if (list->chosen >= list->top + shown)
		list->top = list->chosen - shown + 1;
}

void list_draw(const struct list *list, size_t i, int row, const char *text)
{
	int at = row + (int)(i - list->top);

	if (i == list->chosen) {
		terminal_field(at, 0, terminal_columns(), LOOK_CURSOR, text);
		terminal_cursor(at, 0);
	} else {
		terminal_put(at, 0, terminal_columns(), LOOK_NORMAL, text);
	}
}
