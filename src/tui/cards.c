/* The cards of a table, or its sheets, one a unit: which there are, what they come to, and the way into them.
 */
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "tui/command.h"
#include "tui/dialogs.h"
#include "tui/list.h"
#include "tui/prompt.h"

#define FIRST_ROW 3
#define CODE_MOST 24
#define MONEY_CELLS 12
#define STATE_CELLS 13

struct cards {
	struct screen screen;
	struct list list;
	int table;
	int leads_to;
};

static const struct form_pack *pack_of(const struct cards *cards)
{
	return workbook_pack(tui_workbook(cards->screen.tui));
}

static const struct form_table *form_of(const struct cards *cards)
{
	return pack_of(cards)->tables[cards->table];
}

static const struct form_list *list_of(const struct cards *cards)
{
	return &pack_of(cards)->lists[form_of(cards)->each];
}

static int shown_rows(void)
{
	return screen_message_row() - 2 - FIRST_ROW;
}

/* NULL where there are none. */
static const struct entry_node *chosen_entry(const struct cards *cards)
{
	return workbook_sheet_entry(tui_workbook(cards->screen.tui), cards->table, cards->list.chosen);
}

/* ---- drawing ---- */

/* The cell that tells what a card comes to: its first sum, in the fields or in the first total row. -1: none.
 */
static int sum_leaf(const struct form_table *form, int class, int from, int to)
{
	int money = -1;

	for (int leaf = from; leaf < to; leaf++) {
		enum form_rule_kind kind = form_rule_of(form, class, leaf)->kind;

		if (form->leaves[leaf]->type != FORM_MONEY)
			continue;
		if (kind == FORM_LINEAR || kind == FORM_EVALUATE)
			return leaf;
		if (money < 0 && kind == FORM_ENTERED)
			money = leaf;
	}
	return money;
}

static struct row *sum_row(const struct cards *cards, size_t sheet, int *leaf)
{
	const struct workbook *workbook = tui_workbook(cards->screen.tui);
	const struct form_table *form = form_of(cards);
	struct row *row = workbook_sheet_fields(workbook, cards->table, sheet);

	*leaf = row != NULL ? sum_leaf(form, row_class(row), 0, form->head->first_leaf) : -1;
	for (size_t line = 0; *leaf < 0 && line < workbook_sheet_line_count(workbook, cards->table, sheet);
	     line++) {
		row = workbook_sheet_line_row(workbook, cards->table, sheet, line, form->block_count - 1);
		if (row != NULL && row_is_total(row))
			*leaf = sum_leaf(form, row_class(row), form->head->first_leaf, form->leaf_count);
	}
	return *leaf >= 0 ? row : NULL;
}

static void add_sum(const struct cards *cards, size_t sheet, struct buffer *out)
{
	struct buffer text = {0};
	int leaf;
	const struct row *row = sum_row(cards, sheet, &leaf);

	if (row != NULL)
		workbook_cell_text(tui_workbook(cards->screen.tui), row, leaf, 0,
				   tui_unit(cards->screen.tui, form_of(cards)->leaves[leaf]), &text);
	text_fit(out, buffer_text(&text), MONEY_CELLS, TEXT_RIGHT);
	buffer_done(&text);
}

/* 错误2 警告1 of each sheet: one walk over the findings of the table. */
static void count_findings(const struct cards *cards, struct finding_tally *tallies)
{
	const struct workbook *workbook = tui_workbook(cards->screen.tui);
	const struct finding **items;
	size_t count = workbook_findings(workbook, cards->table, &items);

	for (size_t i = 0; i < count; i++) {
		size_t sheet = items[i]->row != NULL && row_table(items[i]->row) == cards->table ? row_sheet(items[i]->row)
												 : cards->list.count;

		if (sheet < cards->list.count)
			tallies[sheet].count[items[i]->severity]++;
	}
	memory_free(items);
}

/* As wide as the longest code, and no column where there are none. */
static int code_cells(const struct cards *cards)
{
	int cells = list_of(cards)->coded ? text_width(_("编码")) : 0;

	for (size_t i = 0; i < cards->list.count; i++) {
		const struct entry_node *entry =
			workbook_sheet_entry(tui_workbook(cards->screen.tui), cards->table, i);
		int width = text_width(entry_code(entry));
		if (width > cells)
			cells = width < CODE_MOST ? width : CODE_MOST;
	}
	return cells;
}

static void add_columns(const struct cards *cards, const char *name, const char *code, struct buffer *out)
{
	int codes = code_cells(cards);

	text_fit(out, name, terminal_columns() - 5 - codes - 1 - MONEY_CELLS - 1 - STATE_CELLS, TEXT_LEFT);
	buffer_add(out, " ");
	text_fit(out, code, codes, TEXT_LEFT);
	buffer_add(out, codes > 0 ? " " : "");
}

static void card_line(const struct cards *cards, size_t sheet, const struct finding_tally *tally,
		      struct buffer *out)
{
	const struct workbook *workbook = tui_workbook(cards->screen.tui);
	const struct entry_node *entry = workbook_sheet_entry(workbook, cards->table, sheet);
	struct buffer name = {0};
	bool fine = true;

	if (*entry_name(entry) != '\0')
		text_sanitize(&name, entry_name(entry), strlen(entry_name(entry)), false);
	else
		session_entry_words(cards->screen.tui->session, entry, &name);
	buffer_format(out, " %2zu  ", sheet + 1);
	add_columns(cards, buffer_text(&name), entry_code(entry), out);
	add_sum(cards, sheet, out);
	buffer_add(out, " ");
	for (int i = 0; i < FINDING_NOTE; i++)
		if (tally->count[i] > 0) {
			buffer_format(out, "%s%s%zu", fine ? "" : " ",
				      finding_severity_label((enum finding_severity)i), tally->count[i]);
			fine = false;
		}
	if (fine)
		buffer_add(out, _("平"));
	buffer_done(&name);
}

static void draw_head(const struct cards *cards)
{
	const struct form_list *list = list_of(cards);
	int leaf = -1;
	struct buffer text = {0}, name = {0}, column = {0};

	if (cards->list.count > 0)
		(void)sum_row(cards, 0, &leaf);
	buffer_format(&name, _("%s名称"), list->name);
	buffer_format(&text, " %s  ", _("序"));
	add_columns(cards, buffer_text(&name), list->coded ? _("编码") : "", &text);
	if (leaf >= 0)
		workbook_column_name(tui_workbook(cards->screen.tui), cards->table, leaf, false, &column);
	text_fit(&text, buffer_text(&column), MONEY_CELLS, TEXT_RIGHT);
	buffer_format(&text, " %s", _("状态"));
	terminal_field(FIRST_ROW - 1, 0, terminal_columns(), LOOK_RULE, buffer_text(&text));
	buffer_done(&name);
	buffer_done(&column);
	buffer_done(&text);
}

static void draw(struct screen *screen)
{
	struct cards *cards = (struct cards *)screen;
	struct finding_tally *tallies;
	struct buffer text = {0};

	cards->list.count = workbook_sheet_count(tui_workbook(screen->tui), cards->table);
	tallies = memory_new_array(cards->list.count + 1, sizeof(*tallies));
	count_findings(cards, tallies);
	list_scroll(&cards->list, shown_rows());
	buffer_format(&text, "%d %s", cards->table + 1, form_of(cards)->name);
	screen_title(buffer_text(&text), screen_state(screen->tui));
	draw_head(cards);
	for (size_t i = cards->list.top; i < cards->list.count && i < cards->list.top + (size_t)shown_rows();
	     i++) {
		buffer_clear(&text);
		card_line(cards, i, &tallies[i], &text);
		list_draw(&cards->list, i, FIRST_ROW, buffer_text(&text));
	}
	if (cards->list.count == 0) {
		buffer_clear(&text);
		buffer_format(&text, _("还没有%s。按 F3 新建一张。"), list_of(cards)->name);
		terminal_put(FIRST_ROW + 1, 1, terminal_columns() - 2, LOOK_NORMAL, buffer_text(&text));
	}
	memory_free(tallies);
	buffer_done(&text);
}

/* ---- changing ---- */

static void open_card(struct cards *cards, size_t sheet, const struct session_place *place)
{
	if (sheet >= workbook_sheet_count(tui_workbook(cards->screen.tui), cards->table))
		return;
	cards->list.chosen = sheet;
	cards->leads_to = table_open(cards->screen.tui, cards->table, sheet, place);
}

static void add_card(struct cards *cards)
{
	struct tui *tui = cards->screen.tui;
	const struct entry_node *chosen = chosen_entry(cards);
	char added[SESSION_KEY_SIZE] = "";
	struct buffer question = {0};
	struct diag_list diags = {0};
	struct line name = {0};
	const struct row *row;

	buffer_format(&question, _("新%s的名称（可以先空着）："), list_of(cards)->name);
	if (!list_of(cards)->named || prompt_line(tui, buffer_text(&question), &name)) {
		int owner = chosen != NULL && entry_owner(chosen) != NULL ? entry_id(entry_owner(chosen)) : 0;
		if (session_entry_add(tui->session, form_of(cards)->each, owner, "", line_text(&name), "",
				      added, &diags) == STATUS_OK) {
			row = workbook_row_find(tui_workbook(tui), cards->table, added);
			cards->list.count = workbook_sheet_count(tui_workbook(tui), cards->table);
			open_card(cards, row != NULL ? row_sheet(row) : cards->list.count - 1, NULL);
		} else {
			tui_say_diags(tui, &diags, NULL);
		}
	}
	line_done(&name);
	buffer_done(&question);
	diag_list_done(&diags);
}

static void drop_card(struct cards *cards)
{
	static const char *const choices[] = {N_("不删"), N_("删去它和它在各表里的内容")};
	struct tui *tui = cards->screen.tui;
	const struct entry_node *entry = chosen_entry(cards);
	struct buffer name = {0}, question = {0};
	struct diag_list diags = {0};
	int chosen = 1;

	if (entry == NULL)
		return;
	session_entry_words(tui->session, entry, &name);
	buffer_format(&question, _("%s：里面有内容，真的要删吗？"), buffer_text(&name));
	if (session_entry_has_figures(tui->session, entry_id(entry)))
		chosen = prompt_choice(tui, buffer_text(&question), choices, 2);
	if (chosen == 1 && session_entry_drop(tui->session, entry_id(entry), &diags) == STATUS_OK)
		tui_say(tui, _("已删去 %s。按 Ctrl-Z 可以撤销。"), buffer_text(&name));
	else
		tui_say_diags(tui, &diags, NULL);
	diag_list_done(&diags);
	buffer_done(&question);
	buffer_done(&name);
}

static void move_card(struct cards *cards, int step)
{
	const struct entry_node *entry = chosen_entry(cards);
	struct diag_list diags = {0};

	if (entry == NULL)
		return;
	if (session_entry_move(cards->screen.tui->session, entry_id(entry), step, &diags) == STATUS_OK)
		cards->list.chosen += (size_t)step;
	tui_say_diags(cards->screen.tui, &diags, NULL);
	diag_list_done(&diags);
}

/* ---- keys ---- */

static enum answer turn(struct cards *cards, int step)
{
	int count = pack_of(cards)->table_count;

	cards->leads_to = (cards->table + count + step) % count;
	return ANSWER_CLOSE;
}

static void go_to_place(struct cards *cards, const struct session_place *place)
{
	const struct workbook *workbook = tui_workbook(cards->screen.tui);
	const struct row *row =
		place->table == cards->table ? workbook_row_find(workbook, place->table, place->key) : NULL;

	if (row != NULL)
		cards->list.chosen = row_sheet(row);
}

static enum answer do_action(struct cards *cards, enum action action)
{
	struct tui *tui = cards->screen.tui;
	struct session_place place;

	switch (action) {
	case ACTION_ROW_ADD: add_card(cards); break;
	case ACTION_ROW_DROP: drop_card(cards); break;
	case ACTION_MOVE_UP: move_card(cards, -1); break;
	case ACTION_MOVE_DOWN: move_card(cards, 1); break;
	case ACTION_OUTPUT: output_run(tui, cards->table, true, 0); break;
	case ACTION_NEXT_TABLE: return turn(cards, 1);
	case ACTION_PREVIOUS_TABLE: return turn(cards, -1);
	case ACTION_FINDINGS:
		if (findings_run(tui, cards->table, &place))
			cards->leads_to = table_open(tui, place.table, 0, &place);
		break;
	case ACTION_UNDO:
	case ACTION_REDO:
		if (command_undo(tui, action == ACTION_REDO, &place))
			go_to_place(cards, &place);
		break;
	default: return ANSWER_PASS;
	}
	return cards->leads_to >= 0 ? ANSWER_CLOSE : ANSWER_DONE;
}

static enum answer key(struct screen *screen, const struct keypress *press)
{
	struct cards *cards = (struct cards *)screen;

	if (list_key(&cards->list, press, shown_rows()))
		return ANSWER_DONE;
	if (press->key == KEYPRESS_ENTER) {
		open_card(cards, cards->list.chosen, NULL);
		return cards->leads_to >= 0 ? ANSWER_CLOSE : ANSWER_DONE;
	}
	if (press->key >= '1' && press->key <= '9') {
		size_t wanted = (size_t)(press->key - '1');
		if (wanted < cards->list.count)
			cards->list.chosen = wanted;
		return ANSWER_DONE;
	}
	return do_action(cards, action_of_key(press->key, PLACE_CARDS));
}

int cards_run(struct tui *tui, int table)
{
	static const struct screen_type type = {
		.place = PLACE_CARDS,
		.keys = N_("Enter 打开　F3 新建　F8 删除　F2 保存　Ctrl-U 上移　Ctrl-D 下移　F10 返回"),
		.draw = draw,
		.key = key,
	};
	struct cards cards = {.screen = {.type = &type, .tui = tui}, .table = table, .leads_to = -1};

	cards.list.count = workbook_sheet_count(tui_workbook(tui), table);
	screen_run(tui, &cards.screen);
	return cards.leads_to;
}
