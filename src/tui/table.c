/* The table screen: where the cursor stands, and which key does what. */
#include "tui/table.h"

#include <string.h>

#include "base/text.h"
#include "tui/command.h"
#include "tui/dialogs.h"
#include "tui/prompt.h"
#include "tui/table_head.h"

const struct form_table *table_form(const struct table_screen *table)
{
	return workbook_pack(tui_workbook(table->screen.tui))->tables[table->table];
}

size_t table_lines(const struct table_screen *table)
{
	return workbook_line_count(tui_workbook(table->screen.tui), table->table);
}

/* The last line that the cursor can stand on, plus one. */
static size_t line_end(const struct table_screen *table)
{
	return table_lines(table) + (table_form(table)->coded != NULL);
}

bool table_is_at_empty_line(const struct table_screen *table)
{
	return table_form(table)->coded != NULL && table->line >= table_lines(table);
}

struct row *table_row(const struct table_screen *table, size_t line, int leaf)
{
	const struct workbook *workbook = tui_workbook(table->screen.tui);
	int block = table_form(table)->leaves[leaf]->block;

	if (line >= table_lines(table))
		return NULL;
	if (block >= 0)
		return workbook_line_row(workbook, table->table, line, block);
	struct row *row = workbook_line_row(workbook, table->table, line, 0);
	if (row == NULL && table_form(table)->block_count > 1)
		row = workbook_line_row(workbook, table->table, line, 1);
	return row;
}

const struct form_rule *table_rule(const struct table_screen *table, size_t line, int leaf)
{
	struct row *row = table_row(table, line, leaf);

	return row != NULL ? workbook_rule(tui_workbook(table->screen.tui), row, leaf) : NULL;
}

int table_body_rows(const struct table_screen *table)
{
	int rows = screen_message_row() - 3 - 1 - table_head_rows(&table->layout);

	return rows > 1 ? rows : 1;
}

/* ---- moving ---- */

/* Figures, and the name of a code, which may be the clerk's own. */
static bool can_stand(const struct form_table *form, int leaf)
{
	enum form_type type = form->leaves[leaf]->type;

	return type < FORM_ORDINAL || (type == FORM_CAPTION && form->coded != NULL);
}

static int first_figure(const struct form_table *form)
{
	for (int leaf = 0; leaf < form->leaf_count; leaf++)
		if (form->leaves[leaf]->type < FORM_ORDINAL)
			return leaf;
	return 0;
}

static int last_figure(const struct form_table *form)
{
	for (int leaf = form->leaf_count - 1; leaf > 0; leaf--)
		if (form->leaves[leaf]->type < FORM_ORDINAL)
			return leaf;
	return 0;
}

static bool is_entered(const struct table_screen *table, size_t line, int leaf)
{
	const struct form_rule *rule = table_rule(table, line, leaf);

	return rule != NULL && rule->kind == FORM_ENTERED;
}

/* From (line, leaf) on, that cell included. False: there is none. */
static bool find_entered(struct table_screen *table, size_t line, int leaf)
{
	for (; line < table_lines(table); line++, leaf = 0)
		for (; leaf < table_form(table)->leaf_count; leaf++)
			if (is_entered(table, line, leaf)) {
				table->line = line;
				table->leaf = leaf;
				return true;
			}
	return false;
}

void table_next_entered(struct table_screen *table)
{
	if (table_is_at_empty_line(table) || find_entered(table, table->line, table->leaf + 1))
		return;
	if (table_form(table)->coded != NULL)
		table->line = table_lines(table);
	else
		tui_say(table->screen.tui, "%s", _("本表到末尾了：按 F10 返回，或 Ctrl-N 到下一张表。"));
}

static bool step_sideways(struct table_screen *table, int step)
{
	const struct form_table *form = table_form(table);

	if (table_is_at_empty_line(table))
		return false;
	for (int leaf = table->leaf + step; leaf >= 0 && leaf < form->leaf_count; leaf += step)
		if (can_stand(form, leaf)) {
			table->leaf = leaf;
			return true;
		}
	return false;
}

static void step_lines(struct table_screen *table, bool down, size_t by)
{
	size_t last = line_end(table) > 0 ? line_end(table) - 1 : 0, page = (size_t)table_body_rows(table);
	size_t last_top = last + 1 > page ? last + 1 - page : 0;

	if (down)
		table->line = last - table->line > by ? table->line + by : last;
	else
		table->line = table->line > by ? table->line - by : 0;
	if (by == 1)
		return;
	/* A page moves what is shown by as much as the cursor. */
	if (down)
		table->top = table->top + by < last_top ? table->top + by : last_top;
	else
		table->top = table->top > by ? table->top - by : 0;
}

/* Home: the row's first cell to be entered; from there, or where nothing is, its first figure. End: its last
 * figure. */
static void go_to_end(struct table_screen *table, bool home)
{
	const struct form_table *form = table_form(table);
	int leaf = 0;

	while (leaf < form->leaf_count && !is_entered(table, table->line, leaf))
		leaf++;
	if (!home)
		table->leaf = last_figure(form);
	else if (leaf < form->leaf_count && leaf != table->leaf)
		table->leaf = leaf;
	else
		table->leaf = first_figure(form);
}

bool table_move(struct table_screen *table, int key)
{
	size_t page = (size_t)table_body_rows(table);

	switch (key) {
	case KEYPRESS_UP: step_lines(table, false, 1); return true;
	case KEYPRESS_DOWN: step_lines(table, true, 1); return true;
	case KEYPRESS_PAGE_UP: step_lines(table, false, page > 1 ? page : 2); return true;
	case KEYPRESS_PAGE_DOWN: step_lines(table, true, page > 1 ? page : 2); return true;
	case KEYPRESS_LEFT:
	case KEYPRESS_BACK_TAB: step_sideways(table, -1); return true;
	case KEYPRESS_RIGHT: step_sideways(table, 1); return true;
	case KEYPRESS_TAB:
		if (!step_sideways(table, 1) && table->line + 1 < line_end(table)) {
			table->line++;
			table->leaf = first_figure(table_form(table));
		}
		return true;
	case KEYPRESS_HOME: go_to_end(table, true); return true;
	case KEYPRESS_END: go_to_end(table, false); return true;
	case KEYPRESS_CTRL_HOME: table->line = 0; return true;
	case KEYPRESS_CTRL_END: table->line = line_end(table) > 0 ? line_end(table) - 1 : 0; return true;
	default: return false;
	}
}

void table_go_to_key(struct table_screen *table, const char *key, int leaf)
{
	const struct workbook *workbook = tui_workbook(table->screen.tui);
	const struct row *row = *key != '\0' ? workbook_row_find(workbook, table->table, key) : NULL;

	if (row != NULL)
		table->line = workbook_line_of(workbook, row);
	if (leaf >= 0 && leaf < table_form(table)->leaf_count && can_stand(table_form(table), leaf))
		table->leaf = leaf;
	else if (leaf < 0 && row != NULL && row_block(row) > 0)
		table->leaf = table_form(table)->blocks[row_block(row)].first_leaf + 1;
}

/* Shows another table, at its first cell to be entered if that is near the top. */
static void show_table(struct table_screen *table, int index)
{
	table_layout_done(&table->layout);
	table->table = index;
	table->line = table->top = 0;
	table->entry = TABLE_ENTRY_NONE;
	table_layout_init(&table->layout, table_form(table));
	table->leaf = first_figure(table_form(table));
	table_layout_make(&table->layout, terminal_columns(), table_lines(table), table->leaf);
	/* Where hardly anything is entered, the top of the table is what one wants to see. */
	if (find_entered(table, 0, 0) && table->line >= (size_t)table_body_rows(table)) {
		table->line = 0;
		table->leaf = first_figure(table_form(table));
	}
}

static void go_to_place(struct table_screen *table, const struct session_place *place)
{
	if (place->table < 0)
		return;
	if (place->table != table->table)
		show_table(table, place->table);
	table_go_to_key(table, place->key, place->leaf);
}

/* ---- finding ---- */

static bool matches(const struct row *row, const char *wanted)
{
	return row != NULL && (strncmp(row_code(row), wanted, strlen(wanted)) == 0 ||
			       text_contains(row_caption(row), wanted));
}

/* From the line behind the cursor on, and around. */
static void find_next(struct table_screen *table)
{
	const struct form_table *form = table_form(table);
	const struct workbook *workbook = tui_workbook(table->screen.tui);
	const char *wanted = buffer_text(&table->wanted);
	size_t lines = table_lines(table), from = table->line < lines ? table->line + 1 : 0;

	for (size_t i = 0; i < lines && *wanted != '\0'; i++) {
		size_t line = (from + i) % lines;
		for (int block = 0; block < form->block_count; block++)
			if (matches(workbook_line_row(workbook, table->table, line, block), wanted)) {
				table->line = line;
				if (form->block_count > 1 && form->leaves[table->leaf]->block != block)
					table->leaf = form->blocks[block].caption_leaf + 1;
				return;
			}
	}
	tui_say(table->screen.tui, _("本表里没有“%s”。"), wanted);
}

static void find(struct table_screen *table)
{
	struct line line = {0};
	struct buffer folded = {0};

	if (prompt_line(table->screen.tui, _("查找编码或名称（空着按 Enter，或之后按 n，找下一处）："), &line)) {
		text_fold(&folded, line_text(&line));
		if (folded.length > 0) {
			buffer_clear(&table->wanted);
			buffer_add(&table->wanted, buffer_text(&folded));
		}
		find_next(table);
	}
	buffer_done(&folded);
	line_done(&line);
}

/* ---- keys ---- */

static enum answer do_action(struct table_screen *table, enum action action)
{
	struct tui *tui = table->screen.tui;
	int count = workbook_pack(tui_workbook(tui))->table_count;
	struct session_place place;

	switch (action) {
	case ACTION_ROW_ADD: table_add_row(table); return ANSWER_DONE;
	case ACTION_ROW_DROP: table_drop_row(table); return ANSWER_DONE;
	case ACTION_CONTROL: table_set_control(table); return ANSWER_DONE;
	case ACTION_PULL: table_pull(table); return ANSWER_DONE;
	case ACTION_FIND: find(table); return ANSWER_DONE;
	case ACTION_OUTPUT: output_run(tui, table->table); return ANSWER_DONE;
	case ACTION_FINDINGS:
		if (findings_run(tui, table->table, &place))
			go_to_place(table, &place);
		return ANSWER_DONE;
	case ACTION_UNDO:
	case ACTION_REDO:
		if (command_undo(tui, action == ACTION_REDO, &place))
			go_to_place(table, &place);
		return ANSWER_DONE;
	case ACTION_UNIT:
		tui->other_unit = !tui->other_unit;
		table_layout_done(&table->layout);
		table_layout_init(&table->layout, table_form(table));
		return ANSWER_DONE;
	case ACTION_NEXT_TABLE: show_table(table, (table->table + 1) % count); return ANSWER_DONE;
	case ACTION_PREVIOUS_TABLE: show_table(table, (table->table + count - 1) % count); return ANSWER_DONE;
	default: return ANSWER_PASS;
	}
}

static enum answer answer_key(struct table_screen *table, const struct keypress *press)
{
	if (table->entry != TABLE_ENTRY_NONE)
		return table_type(table, press);
	if (press->key == KEYPRESS_PASTE) {
		table_paste(table, press);
		return ANSWER_DONE;
	}
	if (table_move(table, press->key))
		return ANSWER_DONE;
	switch (press->key) {
	case KEYPRESS_ENTER: table_enter(table); return ANSWER_DONE;
	case KEYPRESS_DELETE: table_clear_cell(table); return ANSWER_DONE;
	case 'n':
	case 'N':
		if (table->wanted.length > 0)
			find_next(table);
		return ANSWER_DONE;
	default: break;
	}
	enum action action = action_of_key(press->key, PLACE_TABLE);
	if (action == ACTION_NONE && table_begin(table, press))
		return ANSWER_DONE;
	return do_action(table, action);
}

static enum answer key(struct screen *screen, const struct keypress *press)
{
	struct table_screen *table = (struct table_screen *)screen;
	enum answer answer = answer_key(table, press);

	/* A row may be gone now. */
	if (table->line >= line_end(table))
		table->line = line_end(table) > 0 ? line_end(table) - 1 : 0;
	return answer;
}

static bool is_typing(const struct screen *screen)
{
	return ((const struct table_screen *)screen)->entry != TABLE_ENTRY_NONE;
}

void table_run(struct tui *tui, int table, const struct session_place *place)
{
	static const struct screen_type type = {.place = PLACE_TABLE,
						.draw = table_draw,
						.key = key,
						.is_typing = is_typing};
	struct table_screen screen = {.screen = {.type = &type, .tui = tui}, .table = table};

	show_table(&screen, table);
	if (place != NULL)
		go_to_place(&screen, place);
	screen_run(tui, &screen.screen);
	table_layout_done(&screen.layout);
	line_done(&screen.typed);
	buffer_done(&screen.wanted);
}
