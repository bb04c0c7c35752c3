#include "tui/import.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "tui/list.h"

#define FIRST_ROW 2
#define LABEL_CELLS 28
#define CELL_CELLS 13
#define NOTE_ROWS 2

/* A line of the screen: the head of a part where there are several, a note on a part as a whole or on a line
 * that holds no row, or a line of cells. */
struct import_item {
	const struct import_part *part;
	const struct import_line *line; /* NULL: none */
	const struct import_note *note; /* NULL: none */
};

struct import_screen {
	struct screen screen;
	struct list list;
	struct import_request *request;
	struct import_plan *plan;
	struct import_item *items;
	size_t capacity;
	int *leaves; /* columns of the chosen part that something lands in */
	int leaf_count, left;
	bool is_wanted;
};

static int shown_rows(void)
{
	return screen_message_row() - NOTE_ROWS - FIRST_ROW;
}

/* ---- what there is to show ---- */

static void add_item(struct import_screen *import, struct import_item item)
{
	array_reserve(&import->items, &import->capacity, import->list.count, sizeof(*import->items));
	import->items[import->list.count++] = item;
}

static bool holds_row(const struct import_part *part, unsigned line)
{
	for (size_t i = 0; i < part->line_count; i++)
		if (part->lines[i].line == line)
			return true;
	return false;
}

static void add_part(struct import_screen *import, const struct import_part *part)
{
	size_t note = 0;

	if (import->plan->part_count > 1)
		add_item(import, (struct import_item){.part = part});
	for (size_t i = 0; i <= part->line_count; i++) {
		unsigned line = i < part->line_count ? part->lines[i].line : (unsigned)-1;

		for (; note < part->note_count && part->notes[note].line < line; note++)
			if (part->notes[note].line == 0 || !holds_row(part, part->notes[note].line))
				add_item(import, (struct import_item){part, NULL, &part->notes[note]});
		if (i < part->line_count)
			add_item(import, (struct import_item){part, &part->lines[i], NULL});
	}
}

/* The worst that is said of the line; NULL: nothing. */
static const struct import_note *note_of(const struct import_item *item)
{
	const struct import_note *worst = item->note;

	for (size_t i = 0; item->line != NULL && i < item->part->note_count; i++) {
		const struct import_note *note = &item->part->notes[i];

		if (note->line == item->line->line && (worst == NULL || note->severity < worst->severity))
			worst = note;
	}
	return worst;
}

/* The first item from `from` on, around the end, with a problem; where there is none, with something to be looked
 * at. False: there is neither. */
static bool choose_next(struct import_screen *import, size_t from)
{
	enum import_severity wanted = import->plan->problems > 0 ? IMPORT_IS_PROBLEM : IMPORT_IS_WARNING;

	for (size_t i = 0; i < import->list.count; i++) {
		size_t at = (from + i) % import->list.count;
		const struct import_note *note = note_of(&import->items[at]);

		if (note != NULL && note->severity <= wanted) {
			import->list.chosen = at;
			return true;
		}
	}
	return false;
}

static void make_plan(struct import_screen *import)
{
	const struct import_request *request = import->request;
	const struct session *session = import->screen.tui->session;

	import_plan_free(import->plan);
	if (request->path != NULL)
		import->plan = session_import_plan(session, &request->settings, &request->path, 1);
	else
		import->plan = session_paste_plan(session, &request->settings, request->place, request->text);
	import->list.count = 0;
	import->left = 0;
	for (size_t i = 0; i < import->plan->part_count; i++)
		add_part(import, &import->plan->parts[i]);
	if (import->list.chosen >= import->list.count)
		import->list.chosen = 0;
	if (import->plan->problems > 0)
		(void)choose_next(import, import->list.chosen);
}

/* What says which row it is stands on the left already. */
static bool is_shown(const struct form_table *form, const struct import_cell *cell)
{
	enum form_type type;

	if (cell->leaf < 0 || cell->leaf >= form->leaf_count)
		return false;
	type = form->leaves[cell->leaf]->type;
	return (type != FORM_CODE && type != FORM_ORDINAL && type != FORM_CAPTION) || cell->effect == IMPORT_PROBLEM;
}

static const struct form_table *form_of(const struct import_screen *import, const struct import_part *part)
{
	return part->table >= 0 ? workbook_pack(tui_workbook(import->screen.tui))->tables[part->table] : NULL;
}

static void find_leaves(struct import_screen *import, const struct import_part *part)
{
	const struct form_table *form = form_of(import, part);
	bool *used;

	memory_free(import->leaves);
	import->leaves = NULL;
	import->leaf_count = 0;
	if (form == NULL)
		return;
	used = memory_new_array((size_t)form->leaf_count + 1, sizeof(*used));
	import->leaves = memory_new_array((size_t)form->leaf_count + 1, sizeof(*import->leaves));
	for (size_t i = 0; i < part->cell_count; i++)
		if (is_shown(form, &part->cells[i]))
			used[part->cells[i].leaf] = true;
	for (int leaf = 0; leaf < form->leaf_count; leaf++)
		if (used[leaf])
			import->leaves[import->leaf_count++] = leaf;
	memory_free(used);
}

/* ---- drawing ---- */

static int look_of_note(const struct import_note *note)
{
	return note->severity == IMPORT_IS_PROBLEM ? LOOK_ERROR
	       : note->severity == IMPORT_IS_WARNING ? LOOK_WARNING
						     : LOOK_NORMAL;
}

static const char *sign_of(enum import_effect effect)
{
	switch (effect) {
	case IMPORT_PROBLEM: return "!";
	case IMPORT_CONTROL: return "#";
	case IMPORT_COMPUTED: return "=";
	case IMPORT_LEFT_OUT: return "x";
	case IMPORT_CLEAR: return "-";
	default: return " ";
	}
}

static int look_of(enum import_effect effect)
{
	switch (effect) {
	case IMPORT_PROBLEM: return LOOK_ERROR;
	case IMPORT_FIGURE:
	case IMPORT_NAME:
	case IMPORT_CLEAR: return LOOK_ENTERED;
	default: return LOOK_COMPUTED;
	}
}

/* Columns on the screen, from `left` on. */
static int shown_leaves(const struct import_screen *import)
{
	int fit = (terminal_columns() - LABEL_CELLS - 1) / CELL_CELLS, rest = import->leaf_count - import->left;

	return fit < rest ? fit : rest;
}

static int column_of(const struct import_screen *import, int leaf)
{
	for (int i = 0; i < shown_leaves(import); i++)
		if (import->leaves[import->left + i] == leaf)
			return LABEL_CELLS + 1 + i * CELL_CELLS;
	return -1;
}

static void draw_cells(const struct import_screen *import, const struct import_item *item, int row)
{
	for (size_t i = 0; i < item->line->count; i++) {
		const struct import_cell *cell = &item->part->cells[item->line->first + i];
		int column = column_of(import, cell->leaf);
		struct buffer text = {0};

		if (column < 0)
			continue;
		text_fit(&text, cell->effect == IMPORT_CLEAR ? _("清空") : cell->text, CELL_CELLS - 2, TEXT_RIGHT);
		buffer_add(&text, sign_of(cell->effect));
		terminal_put(row, column, CELL_CELLS - 1, look_of(cell->effect), buffer_text(&text));
		buffer_done(&text);
	}
}

static void item_words(const struct import_item *item, struct buffer *out)
{
	if (item->note != NULL) {
		buffer_format(out, "%s ", item->note->severity == IMPORT_IS_PROBLEM ? "!" : " ");
		if (item->note->line > 0)
			buffer_format(out, "%4u ", item->note->line);
		buffer_add(out, item->note->text);
	} else if (item->line != NULL) {
		const struct import_note *note = note_of(item);
		bool problem = note != NULL && note->severity == IMPORT_IS_PROBLEM;
		buffer_format(out, "%s %4u ", problem ? "!" : " ", item->line->line);
		if (item->line->adds_row)
			buffer_add(out, _("新行 "));
		buffer_add(out, item->line->row[0] != '\0' ? item->line->row : _("（无处可落）"));
	} else {
		buffer_format(out, "== %s ", item->part->name);
		import_tally_words(&item->part->tally, out);
	}
}

static void draw_item(const struct import_screen *import, size_t index)
{
	const struct import_item *item = &import->items[index];
	int row = FIRST_ROW + (int)(index - import->list.top);
	struct buffer text = {0}, fitted = {0};

	item_words(item, &text);
	text_fit(&fitted, buffer_text(&text), item->line != NULL ? LABEL_CELLS : terminal_columns() - 1, TEXT_LEFT);
	list_draw(&import->list, index, FIRST_ROW, buffer_text(&fitted));
	if (item->line != NULL && item->part == import->items[import->list.chosen].part)
		draw_cells(import, item, row);
	buffer_done(&fitted);
	buffer_done(&text);
}

static void draw_head(const struct import_screen *import, const struct import_part *part)
{
	const struct form_table *form = part != NULL ? form_of(import, part) : NULL;
	struct buffer text = {0};

	text_fit(&text, _("   行 落到"), LABEL_CELLS + 1, TEXT_LEFT);
	for (int i = 0; form != NULL && i < shown_leaves(import); i++) {
		text_fit(&text, form->leaves[import->leaves[import->left + i]]->name, CELL_CELLS - 2, TEXT_RIGHT);
		buffer_add(&text, "  ");
	}
	terminal_field(FIRST_ROW - 1, 0, terminal_columns(), LOOK_RULE, buffer_text(&text));
	buffer_done(&text);
}

static void draw_title(const struct import_screen *import, const struct import_part *part)
{
	static const char *const totals[] = {N_("合计作控制数"), N_("合计只作核对"), N_("不要合计")};
	const struct import_plan *plan = import->plan;
	const struct form_table *form = part != NULL ? form_of(import, part) : NULL;
	struct buffer left = {0}, right = {0};

	buffer_add(&left, import->request->path != NULL ? _(" 导入") : _(" 粘贴"));
	if (form != NULL)
		buffer_format(&left, "《%s》", form->name);
	else if (import->request->path != NULL)
		buffer_format(&left, " %s", import->request->path);
	buffer_add(&left, "　");
	if (plan->problems > 0)
		buffer_format(&left, _("%zu 处有问题 "), plan->problems);
	import_tally_words(&plan->tally, &left);
	buffer_format(&right, " %s ", _(totals[import->request->settings.totals]));
	if (part != NULL && part->unit != NULL)
		buffer_format(&right, "%s ", part->unit->name);
	screen_title(buffer_text(&left), buffer_text(&right));
	buffer_done(&left);
	buffer_done(&right);
}

static void draw_notes(const struct import_screen *import)
{
	const struct import_plan *plan = import->plan;
	int row = screen_message_row() - NOTE_ROWS, columns = terminal_columns() - 1;
	const struct import_item *item = import->list.count > 0 ? &import->items[import->list.chosen] : NULL;
	const struct import_note *note = item != NULL ? note_of(item) : NULL;
	struct buffer text = {0};

	if (note != NULL) {
		import_note_line(plan, item->part, note, &text);
		screen_wrap(row, row + 1, columns, look_of_note(note), buffer_text(&text));
	} else {
		terminal_put(row, 0, columns, LOOK_NORMAL,
			     _(" # 作控制数　= 与算出的数相符　x 不要　- 清空原来的数　! 有问题"));
	}
	terminal_put(screen_message_row(), 0, columns, LOOK_NORMAL,
		     plan->problems > 0    ? _("有问题就一个数也不填：按 Tab 看各处问题，按 Esc 放弃，改好再来。")
		     : plan->changes == 0 ? _("和表里现有的数一样，没有要改的。")
					   : _("按 Enter 一次填入（可以撤销），Esc 放弃。"));
	buffer_done(&text);
}

static void draw(struct screen *screen)
{
	struct import_screen *import = (struct import_screen *)screen;
	const struct import_part *part;

	list_scroll(&import->list, shown_rows());
	part = import->list.count > 0 ? import->items[import->list.chosen].part : NULL;
	if (part != NULL)
		find_leaves(import, part);
	draw_title(import, part);
	draw_head(import, part);
	for (size_t i = import->list.top; i < import->list.count && i < import->list.top + (size_t)shown_rows(); i++)
		draw_item(import, i);
	draw_notes(import);
}

/* ---- keys ---- */

static void next_problem(struct import_screen *import)
{
	if (!choose_next(import, import->list.chosen + 1))
		tui_say(import->screen.tui, "%s", _("没有问题，也没有要留意的地方。"));
}

static void next_unit(struct import_settings *settings)
{
	if (settings->unit == NULL)
		settings->unit = &tui_units[0];
	else
		settings->unit = settings->unit->power == tui_units[0].power ? &tui_units[1] : NULL;
}

/* False: the key changes no setting. */
static bool set(struct import_settings *settings, int key)
{
	switch (key) {
	case 't':
	case 'T': settings->totals = (settings->totals + 1) % (IMPORT_TOTALS_LEAVE + 1); return true;
	case 'u':
	case 'U':
	case KEYPRESS_F7: next_unit(settings); return true;
	case 'r':
	case 'R': settings->replace = !settings->replace; return true;
	default: return false;
	}
}

static enum answer key(struct screen *screen, const struct keypress *press)
{
	struct import_screen *import = (struct import_screen *)screen;

	if (press->key == KEYPRESS_ESCAPE || press->key == KEYPRESS_F10)
		return ANSWER_CLOSE;
	if (press->key == KEYPRESS_LEFT)
		import->left -= import->left > 0;
	else if (press->key == KEYPRESS_RIGHT)
		import->left += import->left < import->leaf_count - 1;
	else if (press->key == KEYPRESS_TAB && import->list.count > 0)
		next_problem(import);
	else if (set(&import->request->settings, press->key))
		make_plan(import);
	else if (press->key == KEYPRESS_ENTER && import->plan->problems == 0 && import->plan->changes > 0)
		import->is_wanted = true;
	else
		list_key(&import->list, press, shown_rows());
	return import->is_wanted ? ANSWER_CLOSE : ANSWER_DONE;
}

static bool land(struct import_screen *import)
{
	struct tui *tui = import->screen.tui;
	struct diag_list diags = {0};
	struct buffer text = {0};
	bool done = session_import(tui->session, import->plan, &diags) == STATUS_OK;

	import_tally_words(&import->plan->tally, &text);
	if (done)
		tui_say(tui, _("%s。按 Ctrl-Z 可以撤销。"), buffer_text(&text));
	else
		tui_say_diags(tui, &diags, NULL);
	buffer_done(&text);
	diag_list_done(&diags);
	return done;
}

bool import_run(struct tui *tui, struct import_request *request)
{
	static const struct screen_type type = {
		.keys = N_("Enter 填入　Esc 放弃　Tab 下一处问题　T 合计　U 元/万元　R 换掉其余的行"),
		.draw = draw,
		.key = key,
		.is_typing = screen_always_typing};
	struct import_screen import = {.screen = {.type = &type, .tui = tui}, .request = request};
	bool done = false;

	make_plan(&import);
	screen_run(tui, &import.screen);
	if (import.is_wanted)
		done = land(&import);
	else
		tui_say(tui, "%s", _("没有导入。"));
	import_plan_free(import.plan);
	memory_free(import.items);
	memory_free(import.leaves);
	return done;
}
