/* A pasted block before it is done: which row and column each piece would land in, and what is wrong with it.
 */
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "tui/dialogs.h"
#include "tui/list.h"

#define FIRST_ROW 3
#define LABEL_CELLS 26
#define CELL_CELLS 12

struct paste {
	struct screen screen;
	struct list list;
	const struct paste_plan *plan;
	const struct form_table *form;
	size_t *first;  /* of each pasted line, its first cell; one more for the end */
	int *leaves;    /* columns that something lands in */
	int leaf_count, left;
	bool is_wanted;
};

static int shown_rows(void)
{
	return screen_message_row() - 2 - FIRST_ROW;
}

/* What says which row it is stands on the left already. */
static bool is_shown(const struct paste *paste, int leaf)
{
	enum form_type type = paste->form->leaves[leaf]->type;

	return type != FORM_CODE && type != FORM_ORDINAL;
}

/* Cuts the cells into the lines that were pasted, and collects the columns. */
static void arrange(struct paste *paste)
{
	const struct paste_plan *plan = paste->plan;
	bool *used = memory_new_array((size_t)paste->form->leaf_count + 1, sizeof(*used));

	paste->first = memory_new_array(plan->count + 1, sizeof(*paste->first));
	paste->leaves = memory_new_array((size_t)paste->form->leaf_count + 1, sizeof(*paste->leaves));
	for (size_t i = 0; i < plan->count; i++) {
		if (i == 0 || plan->cells[i].line != plan->cells[i - 1].line)
			paste->first[paste->list.count++] = i;
		if (plan->cells[i].leaf >= 0 && plan->cells[i].leaf < paste->form->leaf_count)
			used[plan->cells[i].leaf] = is_shown(paste, plan->cells[i].leaf);
	}
	paste->first[paste->list.count] = plan->count;
	for (int leaf = 0; leaf < paste->form->leaf_count; leaf++)
		if (used[leaf])
			paste->leaves[paste->leaf_count++] = leaf;
	memory_free(used);
}

/* The row that a line lands in, as the table names it. */
static void add_label(const struct paste *paste, const struct paste_cell *cell, struct buffer *out)
{
	const struct workbook *workbook = tui_workbook(paste->screen.tui);
	const struct row *row =
		cell->key[0] != '\0' ? workbook_row_find(workbook, paste->plan->table, cell->key) : NULL;
	struct buffer label = {0};

	if (cell->key[0] == '\0') {
		buffer_add(&label, _("（无处可落）"));
	} else if (row == NULL) {
		const struct form_coded *coded = paste->form->coded;
		const char *name =
			coded != NULL ? workbook_code_name(workbook, coded->catalogue, cell->key) : NULL;
		buffer_format(&label, _("新行 %s %s"), cell->key, name != NULL ? name : "");
	} else {
		buffer_add(&label, row_code(row));
		buffer_format(&label, "%s%s", label.length > 0 ? " " : "", row_caption(row));
	}
	struct buffer clean = {0};
	text_sanitize(&clean, buffer_text(&label), label.length, false);
	text_fit(out, buffer_text(&clean), LABEL_CELLS, TEXT_LEFT);
	buffer_done(&clean);
	buffer_done(&label);
}

/* Columns on the screen, from `left` on. */
static int shown_leaves(const struct paste *paste)
{
	int fit = (terminal_columns() - LABEL_CELLS - 1) / CELL_CELLS, rest = paste->leaf_count - paste->left;

	return fit < rest ? fit : rest;
}

static void draw_line(const struct paste *paste, size_t line)
{
	const struct paste_cell *cells = paste->plan->cells;
	int row = FIRST_ROW + (int)(line - paste->list.top);
	struct buffer label = {0};

	add_label(paste, &cells[paste->first[line]], &label);
	list_draw(&paste->list, line, row - (int)(line - paste->list.top), buffer_text(&label));
	for (size_t i = paste->first[line]; i < paste->first[line + 1]; i++) {
		struct buffer text = {0}, clean = {0};
		int at = 0;
		while (at < paste->leaf_count && paste->leaves[at] != cells[i].leaf)
			at++;
		at = at < paste->leaf_count ? at - paste->left : -1;
		text_sanitize(&clean, cells[i].text, strlen(cells[i].text), false);
		text_fit(&text, buffer_text(&clean), CELL_CELLS - 2, TEXT_RIGHT);
		buffer_add(&text, cells[i].problem != NULL ? "!" : " ");
		int look = cells[i].problem != NULL ? LOOK_ERROR
			   : cells[i].computed      ? LOOK_COMPUTED
						    : LOOK_ENTERED;
		if (at >= 0 && at < shown_leaves(paste))
			terminal_put(row, LABEL_CELLS + 1 + at * CELL_CELLS, CELL_CELLS - 1, look,
				     buffer_text(&text));
		buffer_done(&clean);
		buffer_done(&text);
	}
	buffer_done(&label);
}

static void draw_head(const struct paste *paste)
{
	struct buffer text = {0};

	text_fit(&text, _("落到"), LABEL_CELLS + 1, TEXT_LEFT);
	for (int i = paste->left; i < paste->left + shown_leaves(paste); i++) {
		text_fit(&text, paste->form->leaves[paste->leaves[i]]->name, CELL_CELLS - 2, TEXT_RIGHT);
		buffer_add(&text, "  ");
	}
	terminal_field(FIRST_ROW - 1, 0, terminal_columns(), LOOK_RULE, buffer_text(&text));
	buffer_done(&text);
}

/* The first problem of the chosen line, else of the block. */
static const char *problem_of(const struct paste *paste)
{
	const struct paste_plan *plan = paste->plan;
	size_t line = paste->list.chosen;

	for (size_t i = paste->first[line]; line < paste->list.count && i < paste->first[line + 1]; i++)
		if (plan->cells[i].problem != NULL)
			return plan->cells[i].problem;
	for (size_t i = 0; i < plan->count; i++)
		if (plan->cells[i].problem != NULL)
			return plan->cells[i].problem;
	return NULL;
}

static void draw(struct screen *screen)
{
	struct paste *paste = (struct paste *)screen;
	const char *problem = problem_of(paste);
	struct buffer text = {0};

	list_scroll(&paste->list, shown_rows());
	buffer_format(&text, _(" 粘贴到《%s》：%zu 行"), paste->form->name, paste->list.count);
	if (paste->plan->problems > 0)
		buffer_format(&text, _("，%zu 处有问题"), paste->plan->problems);
	screen_title(buffer_text(&text),
		     paste->plan->unit != NULL ? paste->plan->unit->name : paste->form->unit.name);
	draw_head(paste);
	for (size_t i = paste->list.top; i < paste->list.count && i < paste->list.top + (size_t)shown_rows();
	     i++)
		draw_line(paste, i);
	if (problem != NULL)
		terminal_put(screen_message_row() - 1, 0, terminal_columns(), LOOK_ERROR, problem);
	terminal_put(screen_message_row(), 0, terminal_columns(), LOOK_NORMAL,
		     problem != NULL ? _("有问题的块不能填入：按 Esc 放弃，改好再粘贴。")
				     : _("按 Enter 一次填入，Esc 放弃。"));
	buffer_done(&text);
}

static enum answer key(struct screen *screen, const struct keypress *press)
{
	struct paste *paste = (struct paste *)screen;

	if (press->key == KEYPRESS_ESCAPE || press->key == KEYPRESS_F10)
		return ANSWER_CLOSE;
	if (press->key == KEYPRESS_LEFT)
		paste->left -= paste->left > 0;
	if (press->key == KEYPRESS_RIGHT)
		paste->left += paste->left < paste->leaf_count - 1;
	if (press->key != KEYPRESS_ENTER || paste->plan->problems > 0 || paste->plan->count == 0) {
		list_key(&paste->list, press, shown_rows());
		return ANSWER_DONE;
	}
	paste->is_wanted = true;
	return ANSWER_CLOSE;
}

bool paste_run(struct tui *tui, const struct paste_plan *plan)
{
	static const struct screen_type type = {.keys = N_("Enter 填入　Esc 放弃　↑↓←→ 翻看"),
						.draw = draw,
						.key = key,
						.is_typing = screen_always_typing};
	struct paste paste = {.screen.type = &type, .plan = plan};

	paste.form = workbook_pack(tui_workbook(tui))->tables[plan->table];
	arrange(&paste);
	screen_run(tui, &paste.screen);
	memory_free(paste.first);
	memory_free(paste.leaves);
	return paste.is_wanted;
}
