/* The table screen: where the cursor stands, and which key does what. */
#include "tui/table.h"

#include <string.h>

#include "base/text.h"
#include "tui/command.h"
#include "tui/dialogs.h"
#include "tui/prompt.h"
#include "tui/table_head.h"

#define GRID_LEAST 3  /* lines of the grid that show while the cursor is among the fields */
#define FIELDS_PART 4 /* the part of the screen that fields have while it is in the grid */

const struct form_table *table_form(const struct table_screen *table)
{
	return workbook_pack(tui_workbook(table->screen.tui))->tables[table->table];
}

size_t table_lines(const struct table_screen *table)
{
	return workbook_sheet_line_count(tui_workbook(table->screen.tui), table->table, table->sheet);
}

/* Where an entry's row is computed, it is added in another table. */
static bool has_entered_figure(const struct form_table *form)
{
	for (int leaf = table_first_leaf(form); leaf < form->leaf_count; leaf++)
		if (form->leaves[leaf]->type < FORM_ORDINAL &&
		    form_rule_of(form, form->entry_class, leaf)->kind == FORM_ENTERED)
			return true;
	return false;
}

bool table_takes_rows(const struct table_screen *table)
{
	const struct workbook *workbook = tui_workbook(table->screen.tui);
	const struct form_table *form = table_form(table);
	int owner = form->list >= 0 ? workbook_pack(workbook)->lists[form->list].owner : -1;

	if (form->coded != NULL)
		return form->coded->picked;
	return form->list >= 0 && has_entered_figure(form) &&
	       (owner < 0 || owner == form->each || workbook_entry_count(workbook, owner) == 1);
}

/* The last line that the cursor can stand on, plus one. */
static size_t line_end(const struct table_screen *table)
{
	return table_lines(table) + table_takes_rows(table);
}

bool table_is_in_fields(const struct table_screen *table)
{
	return table->leaf >= 0 && table->leaf < table_first_leaf(table_form(table));
}

bool table_is_at_empty_line(const struct table_screen *table)
{
	return !table_is_in_fields(table) && table->line >= table_lines(table) && table_takes_rows(table);
}

struct row *table_fields_row(const struct table_screen *table)
{
	return workbook_sheet_fields(tui_workbook(table->screen.tui), table->table, table->sheet);
}

struct row *table_row(const struct table_screen *table, size_t line, int leaf)
{
	const struct workbook *workbook = tui_workbook(table->screen.tui);
	const struct form_table *form = table_form(table);
	struct row *row = NULL;

	if (leaf < table_first_leaf(form))
		return table_fields_row(table);
	if (line >= table_lines(table) || leaf >= form->leaf_count)
		return NULL;
	if (form->leaves[leaf]->block >= 0)
		return workbook_sheet_line_row(workbook, table->table, table->sheet, line,
					       form->leaves[leaf]->block);
	for (int block = 0; block < form->block_count && row == NULL; block++)
		row = workbook_sheet_line_row(workbook, table->table, table->sheet, line, block);
	return row;
}

const struct form_rule *table_rule(const struct table_screen *table, size_t line, int leaf)
{
	const struct form_table *form = table_form(table);
	struct row *row = table_row(table, line, leaf);

	if (row == NULL && form->list >= 0 && line >= table_lines(table) && leaf < form->leaf_count)
		return form_rule_of(form, form->entry_class, leaf);
	return row != NULL ? workbook_rule(tui_workbook(table->screen.tui), row, leaf) : NULL;
}

/* Rows between the title and the live line. */
static int middle_rows(void)
{
	return screen_message_row() - 3 - 1;
}

/* Most of the screen belongs to what the cursor is in, the fields or the grid. */
int table_field_rows(const struct table_screen *table)
{
	const struct form_table *form = table_form(table);
	int most = middle_rows();

	if (table_fields_row(table) == NULL)
		return 0;
	if (table_first_leaf(form) < form->leaf_count)
		most = table_is_in_fields(table) ? most - table_head_rows(&table->layout) - GRID_LEAST
						 : most / FIELDS_PART;
	return table->fields.rows < most ? table->fields.rows : most;
}

int table_body_rows(const struct table_screen *table)
{
	int rows = middle_rows() - table_field_rows(table) - table_head_rows(&table->layout);

	return rows > 1 ? rows : 1;
}

/* ---- moving ---- */

bool table_is_entered_label(const struct form_table *form, int leaf)
{
	if (form->leaves[leaf]->type != FORM_CODE && form->leaves[leaf]->type != FORM_CAPTION)
		return false;
	for (int class = 0; class < form->class_count; class++)
		if (form_rule_of(form, class, leaf)->kind == FORM_ENTERED)
			return true;
	return false;
}

/* Figures, and names and codes that may be the clerk's own. */
static bool can_stand(const struct form_table *form, int leaf)
{
	enum form_type type = form->leaves[leaf]->type;

	return type < FORM_ORDINAL || (type == FORM_CAPTION && form->coded != NULL) ||
	       table_is_entered_label(form, leaf);
}

static int first_figure(const struct form_table *form)
{
	for (int leaf = table_first_leaf(form); leaf < form->leaf_count; leaf++)
		if (form->leaves[leaf]->type < FORM_ORDINAL)
			return leaf;
	return table_first_leaf(form);
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
	const struct row *row;

	if (rule == NULL || rule->kind != FORM_ENTERED)
		return false;
	/* Where something stands by default nobody is sent. */
	row = table_row(table, line, leaf);
	return row != NULL ? !tui_has_standard(table->screen.tui, row, leaf)
			   : table_form(table)->leaves[leaf]->standard == NULL;
}

/* From (line, leaf) on, that cell included. False: there is none. */
static bool find_entered(struct table_screen *table, size_t line, int leaf)
{
	const struct form_table *form = table_form(table);

	for (; line < table_lines(table); line++, leaf = table_first_leaf(form))
		for (; leaf < form->leaf_count; leaf++)
			if (is_entered(table, line, leaf)) {
				table->line = line;
				table->leaf = leaf;
				return true;
			}
	return false;
}

static void go_to_empty_line(struct table_screen *table)
{
	const struct form_table *form = table_form(table);

	table->line = table_lines(table);
	table->leaf = table_is_in_fields(table) ? table->grid_leaf : table->leaf;
	for (int leaf = table_first_leaf(form); form->coded == NULL && leaf < form->leaf_count; leaf++)
		if (is_entered(table, table->line, leaf)) {
			table->leaf = leaf;
			return;
		}
}

void table_next_entered(struct table_screen *table)
{
	const struct form_table *form = table_form(table);
	int field;

	if (table_is_at_empty_line(table))
		return;
	if (table_is_in_fields(table)) {
		field = fields_next_entered(&table->fields, table->screen.tui, table_fields_row(table),
					    table->leaf);
		if (field >= 0)
			table->leaf = field;
		if (field >= 0 || find_entered(table, 0, table_first_leaf(form)))
			return;
	} else if (find_entered(table, table->line, table->leaf + 1)) {
		return;
	}
	if (table_takes_rows(table))
		go_to_empty_line(table);
	else
		tui_say(table->screen.tui, "%s", _("本表到末尾了：按 F10 返回，或 Ctrl-N 到下一张表。"));
}

static bool step_sideways(struct table_screen *table, int step)
{
	const struct form_table *form = table_form(table);

	if (table_is_at_empty_line(table) && form->coded != NULL)
		return false;
	for (int leaf = table->leaf + step; leaf >= table_first_leaf(form) && leaf < form->leaf_count;
	     leaf += step)
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
	int leaf = table_first_leaf(form);

	while (leaf < form->leaf_count && !is_entered(table, table->line, leaf))
		leaf++;
	if (!home)
		table->leaf = last_figure(form);
	else if (leaf < form->leaf_count && leaf != table->leaf)
		table->leaf = leaf;
	else
		table->leaf = first_figure(form);
}

static void enter_grid(struct table_screen *table, size_t line)
{
	if (table_first_leaf(table_form(table)) >= table_form(table)->leaf_count || line_end(table) == 0)
		return;
	table->leaf = table->grid_leaf;
	table->line = line < line_end(table) ? line : line_end(table) - 1;
}

static void leave_grid(struct table_screen *table, bool first)
{
	if (table->fields.count == 0)
		return;
	table->grid_leaf = table->leaf;
	table->line = 0;
	table->leaf = first ? fields_first(&table->fields) : fields_last(&table->fields);
}

static bool move_in_fields(struct table_screen *table, int key)
{
	int leaf = fields_step(&table->fields, table->leaf, key);

	if (leaf >= 0) {
		table->leaf = leaf;
		return true;
	}
	switch (key) {
	case KEYPRESS_DOWN:
	case KEYPRESS_RIGHT:
	case KEYPRESS_TAB:
	case KEYPRESS_PAGE_DOWN: enter_grid(table, 0); return true;
	case KEYPRESS_CTRL_END: enter_grid(table, line_end(table)); return true;
	case KEYPRESS_PAGE_UP:
	case KEYPRESS_CTRL_HOME: table->leaf = fields_first(&table->fields); return true;
	case KEYPRESS_UP:
	case KEYPRESS_LEFT:
	case KEYPRESS_BACK_TAB:
	case KEYPRESS_HOME:
	case KEYPRESS_END: return true;
	default: return false;
	}
}

static void next_cell(struct table_screen *table)
{
	if (step_sideways(table, 1) || table->line + 1 >= line_end(table))
		return;
	table->line++;
	table->leaf = first_figure(table_form(table));
}

bool table_move(struct table_screen *table, int key)
{
	size_t page = (size_t)table_body_rows(table);

	if (table_is_in_fields(table))
		return move_in_fields(table, key);
	switch (key) {
	case KEYPRESS_UP:
		if (table->line == 0)
			leave_grid(table, false);
		else
			step_lines(table, false, 1);
		return true;
	case KEYPRESS_DOWN: step_lines(table, true, 1); return true;
	case KEYPRESS_PAGE_UP: step_lines(table, false, page > 1 ? page : 2); return true;
	case KEYPRESS_PAGE_DOWN: step_lines(table, true, page > 1 ? page : 2); return true;
	case KEYPRESS_LEFT:
	case KEYPRESS_BACK_TAB: step_sideways(table, -1); return true;
	case KEYPRESS_RIGHT: step_sideways(table, 1); return true;
	case KEYPRESS_TAB: next_cell(table); return true;
	case KEYPRESS_HOME: go_to_end(table, true); return true;
	case KEYPRESS_END: go_to_end(table, false); return true;
	case KEYPRESS_CTRL_HOME:
		table->line = 0;
		leave_grid(table, true);
		return true;
	case KEYPRESS_CTRL_END: table->line = line_end(table) > 0 ? line_end(table) - 1 : 0; return true;
	default: return false;
	}
}

void table_go_to_key(struct table_screen *table, const char *key, int leaf)
{
	const struct workbook *workbook = tui_workbook(table->screen.tui);
	const struct form_table *form = table_form(table);
	const struct row *row = *key != '\0' ? workbook_row_find(workbook, table->table, key) : NULL;

	if (row != NULL && row_sheet(row) != table->sheet)
		table_show(table, table->table, row_sheet(row));
	if (row != NULL && row != table_fields_row(table)) {
		table->line = workbook_line_of(workbook, row);
		table->leaf = table_is_in_fields(table) ? table->grid_leaf : table->leaf;
	} else if (row != NULL && leaf < 0) {
		leaf = fields_first(&table->fields);
	}
	if (leaf >= 0 && leaf < form->leaf_count && can_stand(form, leaf))
		table->leaf = leaf;
	else if (leaf < 0 && row != NULL && row_block(row) > 0 && table_is_double(form))
		table->leaf = form->blocks[row_block(row)].first_leaf + 1;
}

/* What a card asks for first; else the first cell to be entered, if that is near the top: where hardly
 * anything is entered, the top of the table is what one wants to see. */
static void go_to_start(struct table_screen *table)
{
	const struct form_table *form = table_form(table);
	const struct row *fields = table_fields_row(table);
	int field = -1;

	if (fields != NULL && form->fields_printed)
		field = fields_next_entered(&table->fields, table->screen.tui, fields, -1);
	if (field >= 0) {
		table->leaf = field;
	} else if (find_entered(table, 0, table_first_leaf(form))) {
		if (table->line >= (size_t)table_body_rows(table)) {
			table->line = 0;
			table->leaf = first_figure(form);
		}
	} else if (form->coded == NULL && table_takes_rows(table)) {
		go_to_empty_line(table);
	}
}

void table_show(struct table_screen *table, int index, size_t sheet)
{
	const struct form_table *form;

	table_layout_done(&table->layout);
	fields_done(&table->fields);
	table->table = index;
	table->sheet = sheet;
	table->line = table->top = 0;
	table->entry = TABLE_ENTRY_NONE;
	form = table_form(table);
	table_layout_init(&table->layout, form, tui_workbook(table->screen.tui));
	table->leaf = table->grid_leaf = first_figure(form);
	if (table_fields_row(table) != NULL)
		fields_arrange(&table->fields, table->screen.tui, table_fields_row(table),
			       terminal_columns());
	if (table->leaf >= form->leaf_count)
		table->leaf = fields_first(&table->fields);
	table_layout_make(&table->layout, terminal_columns(), table_lines(table), table->grid_leaf);
	go_to_start(table);
}

static void go_to_place(struct table_screen *table, const struct session_place *place)
{
	const struct workbook *workbook = tui_workbook(table->screen.tui);
	const struct row *row;

	if (place->table < 0)
		return;
	row = workbook_row_find(workbook, place->table, place->key);
	if (place->table != table->table && row != NULL)
		table_show(table, place->table, row_sheet(row));
	else if (place->table != table->table && workbook_sheet_count(workbook, place->table) > 0)
		table_show(table, place->table, 0);
	if (place->table == table->table)
		table_go_to_key(table, place->key, place->leaf);
}

/* The next card, or behind the last the next table; -1 backwards. */
static enum answer turn(struct table_screen *table, int step)
{
	const struct workbook *workbook = tui_workbook(table->screen.tui);
	const struct form_pack *pack = workbook_pack(workbook);
	size_t sheet = table->sheet + (size_t)step;
	int next = (table->table + pack->table_count + step) % pack->table_count, leaf = table->leaf;

	if (sheet < workbook_sheet_count(workbook, table->table)) {
		table_show(table, table->table, sheet);
		if (leaf < table_first_leaf(table_form(table)))
			table->leaf = leaf;
		return ANSWER_DONE;
	}
	if (pack->tables[next]->each >= 0) {
		table->leads_to = next;
		return ANSWER_CLOSE;
	}
	table_show(table, next, 0);
	return ANSWER_DONE;
}

/* ---- finding ---- */

static bool matches(const struct table_screen *table, const struct row *row, const char *wanted)
{
	const struct form_table *form = table_form(table);
	bool found = false;

	if (row == NULL)
		return false;
	if (strncmp(row_code(row), wanted, strlen(wanted)) == 0 || text_contains(row_caption(row), wanted))
		return true;
	for (int leaf = table_first_leaf(form); leaf < form->leaf_count && !found; leaf++)
		found = table_is_words(form->leaves[leaf]) &&
			text_contains(workbook_text(tui_workbook(table->screen.tui), row, leaf, true),
				      wanted);
	return found;
}

/* From the line behind the cursor on, and around. */
static void find_next(struct table_screen *table)
{
	const struct workbook *workbook = tui_workbook(table->screen.tui);
	const struct form_table *form = table_form(table);
	const char *wanted = buffer_text(&table->wanted);
	size_t lines = table_lines(table), from = table->line < lines ? table->line + 1 : 0;

	for (size_t i = 0; i < lines && *wanted != '\0'; i++) {
		size_t line = (from + i) % lines;
		for (int block = 0; block < form->block_count; block++) {
			if (!matches(table,
				     workbook_sheet_line_row(workbook, table->table, table->sheet, line,
							     block),
				     wanted))
				continue;
			table->line = line;
			if (table_is_in_fields(table))
				table->leaf = table->grid_leaf;
			if (table_is_double(form) && form->leaves[table->leaf]->block != block)
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

	if (prompt_line(table->screen.tui, _("查找编码或名称（空着按 Enter，或之后按 n，找下一处）："),
			&line)) {
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

/* The entry whose card or sheet is shown, 0: none. */
static int card_of(const struct table_screen *table)
{
	const struct entry_node *entry =
		workbook_sheet_entry(tui_workbook(table->screen.tui), table->table, table->sheet);

	return entry != NULL ? entry_id(entry) : 0;
}

static void show_history(struct table_screen *table)
{
	const struct row *row = table_row(table, table->line, table->leaf);

	if (row == NULL)
		tui_say(table->screen.tui, "%s", _("这里还没有填过数。"));
	else
		cell_history_run(table->screen.tui, table->table, row_key(row), table->leaf);
}

/* ---- keys ---- */

static enum answer do_action(struct table_screen *table, enum action action)
{
	struct tui *tui = table->screen.tui;
	struct session_place place;

	switch (action) {
	case ACTION_ROW_ADD: table_add_row(table); return ANSWER_DONE;
	case ACTION_ROW_DROP: table_drop_row(table); return ANSWER_DONE;
	case ACTION_CONTROL: table_set_control(table); return ANSWER_DONE;
	case ACTION_PULL: table_pull(table); return ANSWER_DONE;
	case ACTION_FIND: find(table); return ANSWER_DONE;
	case ACTION_OUTPUT: output_run(tui, table->table, true, card_of(table)); return ANSWER_DONE;
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
		table_layout_init(&table->layout, table_form(table), tui_workbook(tui));
		return ANSWER_DONE;
	case ACTION_NEXT_TABLE: return turn(table, 1);
	case ACTION_PREVIOUS_TABLE: return turn(table, -1);
	case ACTION_MOVE_UP: table_move_entry(table, -1); return ANSWER_DONE;
	case ACTION_MOVE_DOWN: table_move_entry(table, 1); return ANSWER_DONE;
	case ACTION_CELL_HISTORY: show_history(table); return ANSWER_DONE;
	case ACTION_TEXT:
		if (!table_edit_text(table, NULL))
			tui_say(tui, "%s", _("这一格不是长文字，直接填就行。"));
		return ANSWER_DONE;
	default: return ANSWER_PASS;
	}
}

static bool takes_letters(const struct table_screen *table)
{
	const struct form_table *form = table_form(table);
	const struct form_rule *rule = table_rule(table, table->line, table->leaf);

	return rule != NULL && rule->kind == FORM_ENTERED &&
	       (table_is_words(form->leaves[table->leaf]) || table_is_entered_label(form, table->leaf));
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
		if (takes_letters(table))
			break;
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

	/* A row, or the card, may be gone now. */
	if (table->sheet >= workbook_sheet_count(tui_workbook(screen->tui), table->table))
		return ANSWER_CLOSE;
	if (table->line >= line_end(table))
		table->line = line_end(table) > 0 ? line_end(table) - 1 : 0;
	return answer;
}

static bool is_typing(const struct screen *screen)
{
	return ((const struct table_screen *)screen)->entry != TABLE_ENTRY_NONE;
}

int table_open(struct tui *tui, int table, size_t sheet, const struct session_place *place)
{
	static const struct screen_type type = {.place = PLACE_TABLE,
						.draw = table_draw,
						.key = key,
						.is_typing = is_typing};
	struct table_screen screen = {.screen = {.type = &type, .tui = tui}, .table = table, .leads_to = -1};

	table_show(&screen, table, sheet);
	if (place != NULL)
		go_to_place(&screen, place);
	screen_run(tui, &screen.screen);
	table_layout_done(&screen.layout);
	fields_done(&screen.fields);
	line_done(&screen.typed);
	buffer_done(&screen.wanted);
	return screen.leads_to;
}
