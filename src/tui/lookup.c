/* A code from a catalogue, found while it is typed by its digits or by its name: for a row, or in a cell. */
#include <string.h>

#include "base/text.h"
#include "tui/dialogs.h"
#include "tui/list.h"

#define FILTER_ROW 2
#define FIRST_ROW 4
#define MOST_ROWS 256
#define CODE_CELLS 9
#define THERE_CELLS 9 /* 已在表中 */

struct lookup {
	struct screen screen;
	struct list list;
	struct line *wanted;
	const struct catalogue *catalogue;
	int level; /* -1: any */
	int table; /* whose rows are marked, -1 */
	bool is_chosen;
};

static int shown_rows(void)
{
	int rows = screen_message_row() - 1 - FIRST_ROW;

	return rows < MOST_ROWS ? rows : MOST_ROWS;
}

/* The entries on the screen from `skip` on; brings the list's count up to date. */
static size_t search(struct lookup *lookup, size_t skip, const struct catalogue_entry **out, size_t most)
{
	size_t total = 0;
	size_t found = catalogue_search(lookup->catalogue, workbook_year(tui_workbook(lookup->screen.tui)),
					line_text(lookup->wanted), lookup->level, out, skip, most, &total);

	lookup->list.count = total;
	return found;
}

static bool is_whole_code(const struct lookup *lookup)
{
	int level = catalogue_level_of(lookup->catalogue, line_text(lookup->wanted));

	return lookup->level < 0 ? level >= 0 : level == lookup->level;
}

static void add_name(const struct lookup *lookup, const char *code, int cells, struct buffer *out)
{
	const char *name =
		workbook_code_name(tui_workbook(lookup->screen.tui), lookup->catalogue, code);
	struct buffer clean = {0};

	if (name != NULL)
		text_sanitize(&clean, name, strlen(name), false);
	text_fit(out, buffer_text(&clean), cells, TEXT_LEFT);
	buffer_done(&clean);
}

/* Code, name, and the name of the parent: many codes have the same name. */
static void draw_entry(const struct lookup *lookup, size_t i, const struct catalogue_entry *entry)
{
	bool is_there =
		lookup->table >= 0 &&
		workbook_row_find(tui_workbook(lookup->screen.tui), lookup->table, entry->code) != NULL;
	int cells = terminal_columns() - 2 - CODE_CELLS - THERE_CELLS, parent_cells = cells * 2 / 5;
	struct buffer text = {0}, parent = {0};

	buffer_add_bytes(&parent, entry->code,
			 catalogue_parent_length(lookup->catalogue, entry->code));
	buffer_add(&text, " ");
	text_fit(&text, entry->code, CODE_CELLS, TEXT_LEFT);
	add_name(lookup, entry->code, cells - parent_cells - 1, &text);
	buffer_add(&text, " ");
	add_name(lookup, buffer_text(&parent), parent_cells, &text);
	buffer_format(&text, " %s", is_there ? _("已在表中") : "");
	list_draw(&lookup->list, i, FIRST_ROW, buffer_text(&text));
	buffer_done(&parent);
	buffer_done(&text);
}

static void draw_advice(const struct lookup *lookup)
{
	int level = lookup->level < 0 ? lookup->catalogue->level_count - 1 : lookup->level;
	struct buffer text = {0};

	if (is_whole_code(lookup))
		buffer_format(&text, _("科目目录里没有 %s。按 Enter 仍用这个编码，名称由您填写。"), line_text(lookup->wanted));
	else
		buffer_format(&text, _("没有这样的科目。请改编码或名称；目录里没有的，可写满 %zu 位编码后按 Enter。"),
			      lookup->catalogue->levels[level].length);
	terminal_put(FIRST_ROW, 1, terminal_columns() - 1, LOOK_NORMAL, buffer_text(&text));
	buffer_done(&text);
}

static void draw(struct screen *screen)
{
	struct lookup *lookup = (struct lookup *)screen;
	const struct catalogue_entry *entries[MOST_ROWS];
	struct buffer text = {0};
	int rows = shown_rows();

	search(lookup, 0, entries, 0);
	list_scroll(&lookup->list, rows);
	size_t found = search(lookup, lookup->list.top, entries, (size_t)rows);
	buffer_format(&text, _(" 选科目：%s"), lookup->catalogue->title);
	screen_title(buffer_text(&text), "");
	buffer_clear(&text);
	buffer_format(&text, _("共 %zu 个"), lookup->list.count);
	terminal_put(FILTER_ROW, terminal_columns() - 14, 14, LOOK_NORMAL, buffer_text(&text));
	for (size_t i = 0; i < found; i++)
		draw_entry(lookup, lookup->list.top + i, entries[i]);
	if (found == 0)
		draw_advice(lookup);
	int label = terminal_put(FILTER_ROW, 1, 30, LOOK_NORMAL, _("编码或名称："));
	line_draw(lookup->wanted, FILTER_ROW, 1 + label, 40, LOOK_ENTERED);
	buffer_done(&text);
}

static enum answer take(struct lookup *lookup)
{
	const struct catalogue_entry *entry;

	if (search(lookup, lookup->list.chosen, &entry, 1) == 1)
		line_set(lookup->wanted, entry->code);
	else if (!is_whole_code(lookup))
		return ANSWER_DONE;
	lookup->is_chosen = true;
	return ANSWER_CLOSE;
}

static enum answer key(struct screen *screen, const struct keypress *press)
{
	struct lookup *lookup = (struct lookup *)screen;

	switch (press->key) {
	case KEYPRESS_ESCAPE:
	case KEYPRESS_F3:
	case KEYPRESS_F10: return ANSWER_CLOSE;
	case KEYPRESS_ENTER: return take(lookup);
	case KEYPRESS_HOME:
	case KEYPRESS_END: break;
	case KEYPRESS_F1: help_run(screen->tui, PLACE_LOOKUP); return ANSWER_DONE;
	default:
		if (list_key(&lookup->list, press, shown_rows()))
			return ANSWER_DONE;
	}
	if (line_key(lookup->wanted, press) && press->key != KEYPRESS_LEFT && press->key != KEYPRESS_RIGHT)
		lookup->list.chosen = 0;
	return ANSWER_DONE;
}

bool lookup_run(struct tui *tui, const struct catalogue *catalogue, int level, int table, struct line *wanted)
{
	static const struct screen_type type = {
		.place = PLACE_LOOKUP,
		.draw = draw,
		.key = key,
		.is_typing = screen_always_typing,
		.keys = N_("输入编码或名称即筛选　↑↓ 选择　Enter 选用　Esc 返回　F1 帮助")};
	struct lookup lookup = {
		.screen.type = &type, .wanted = wanted, .catalogue = catalogue, .level = level, .table = table};

	screen_run(tui, &lookup.screen);
	return lookup.is_chosen;
}
