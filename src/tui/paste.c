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
	const struct import_plan *plan;
	const struct import_part *part;
	const struct form_table *form;
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

/* Collects the columns. */
static void arrange(struct paste *paste)
{
	const struct import_part *part = paste->part;
	bool *used = memory_new_array((size_t)paste->form->leaf_count + 1, sizeof(*used));

	paste->leaves = memory_new_array((size_t)paste->form->leaf_count + 1, sizeof(*paste->leaves));
	paste->list.count = part->line_count;
	for (size_t i = 0; i < part->cell_count; i++)
		if (part->cells[i].leaf >= 0)
			used[part->cells[i].leaf] = is_shown(paste, part->cells[i].leaf);
	for (int leaf = 0; leaf < paste->form->leaf_count; leaf++)
		if (used[leaf])
			paste->leaves[paste->leaf_count++] = leaf;
	memory_free(used);
}

/* The row that a line lands in, as the table names it. */
static void add_label(const struct import_line *line, struct buffer *out)
{
	struct buffer label = {0}, clean = {0};

	if (*line->row == '\0' && *line->key == '\0')
		buffer_add(&label, _("（无处可落）"));
	else
		buffer_format(&label, line->adds_row ? _("新行 %s") : "%s", *line->row != '\0' ? line->row : line->key);
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

static void draw_line(const struct paste *paste, size_t index)
{
	const struct import_line *line = &paste->part->lines[index];
	int row = FIRST_ROW + (int)(index - paste->list.top);
	struct buffer label = {0};

	add_label(line, &label);
	list_draw(&paste->list, index, row - (int)(index - paste->list.top), buffer_text(&label));
	for (size_t i = line->first; i < line->first + line->count; i++) {
		const struct import_cell *cell = &paste->part->cells[i];
		struct buffer text = {0}, clean = {0};
		int at = 0, look = LOOK_ENTERED;
		while (at < paste->leaf_count && paste->leaves[at] != cell->leaf)
			at++;
		at = at < paste->leaf_count ? at - paste->left : -1;
		text_sanitize(&clean, cell->text, strlen(cell->text), false);
		text_fit(&text, buffer_text(&clean), CELL_CELLS - 2, TEXT_RIGHT);
		buffer_add(&text, cell->effect == IMPORT_PROBLEM ? "!" : " ");
		if (cell->effect == IMPORT_PROBLEM)
			look = LOOK_ERROR;
		else if (cell->effect == IMPORT_COMPUTED)
			look = LOOK_COMPUTED;
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
	const struct import_part *part = paste->part;
	unsigned line = paste->list.chosen < part->line_count ? part->lines[paste->list.chosen].line : 0;
	const char *first = NULL;

	for (size_t i = 0; i < part->note_count; i++) {
		if (part->notes[i].severity != IMPORT_IS_PROBLEM)
			continue;
		if (part->notes[i].line == line)
			return part->notes[i].text;
		if (first == NULL)
			first = part->notes[i].text;
	}
	return first;
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
		     paste->part->unit != NULL ? paste->part->unit->name : paste->form->unit.name);
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
	if (press->key != KEYPRESS_ENTER || paste->plan->problems > 0 || paste->plan->changes == 0) {
		list_key(&paste->list, press, shown_rows());
		return ANSWER_DONE;
	}
	paste->is_wanted = true;
	return ANSWER_CLOSE;
}

bool paste_run(struct tui *tui, const struct import_plan *plan)
{
	static const struct screen_type type = {.keys = N_("Enter 填入　Esc 放弃　↑↓←→ 翻看"),
						.draw = draw,
						.key = key,
						.is_typing = screen_always_typing};
	struct paste paste = {.screen.type = &type, .plan = plan, .part = &plan->parts[0]};

	paste.form = workbook_pack(tui_workbook(tui))->tables[paste.part->table];
	arrange(&paste);
	screen_run(tui, &paste.screen);
	memory_free(paste.leaves);
	return paste.is_wanted;
}
