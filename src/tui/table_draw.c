/* The table screen drawn: title, head, body, live line, and three lines about the current cell.
 *
 * Every piece has a place of its own and what varies in length stands last, so that a step of the cursor
 * changes few cells: the line may be slow. */
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "tui/live.h"
#include "tui/table.h"
#include "tui/table_head.h"

#define HEAD_ROW 1
#define LIVE_ROW (screen_message_row() - 3)
#define ROW_ROW (screen_message_row() - 2)   /* which row and column */
#define RULE_ROW (screen_message_row() - 1)  /* how it is found, control figure */
#define WRONG_ROW screen_message_row()       /* what is wrong */
#define FINDINGS_MOST 8
#define CODE_MOST 14
#define WORDS_LEAST 40 /* cells for a text that is being typed */
#define WORDS_SHOWN 8  /* a text that is longer is said in full below the table */

/* ---- title ---- */

static void add_line(const struct table_screen *table, const char *text, struct buffer *out)
{
	if (text == NULL)
		return;
	buffer_add(out, out->length > 0 ? " " : "");
	workbook_sheet_expand(tui_workbook(table->screen.tui), table->table, table->sheet, text, out);
}

/* The unit, if the screen has another than the table. */
static const char *other_unit(const struct table_screen *table)
{
	const struct form_table *form = table_form(table);

	for (int leaf = 0; leaf < form->leaf_count; leaf++) {
		const struct form_unit *unit = tui_unit(table->screen.tui, form->leaves[leaf]);
		if (unit != NULL)
			return unit->name;
	}
	return NULL;
}

/* What matters most for reading the figures, the unit, stands on the right and is never cut; * behind it: not
 * saved. */
static void draw_title(const struct table_screen *table)
{
	const struct form_table *form = table_form(table);
	const struct tui *tui = table->screen.tui;
	struct buffer text = {0}, unit = {0};

	buffer_format(&text, "%d", table->table + 1);
	if (form->each >= 0)
		buffer_format(&text, "-%zu/%zu", table->sheet + 1,
			      workbook_sheet_count(tui_workbook(tui), table->table));
	add_line(table, form->title, &text);
	add_line(table, form->line[0], &text);
	add_line(table, form->line[1], &text);
	if (other_unit(table) != NULL)
		buffer_format(&unit, _("单位：%s"), other_unit(table));
	else
		add_line(table, form->line[2], &unit);
	if (session_refusal(tui->session) != NULL)
		buffer_format(&unit, " %s", screen_state(tui));
	else
		buffer_add(&unit, session_is_changed(tui->session) ? "*" : " ");
	screen_title(buffer_text(&text), buffer_text(&unit));
	buffer_done(&text);
	buffer_done(&unit);
}

/* ---- cells ---- */

/* The worst finding at a cell, or, with leaf -1, at the row as a whole; NULL: none. */
static const struct finding *worst_at(const struct table_screen *table, const struct row *row, int leaf)
{
	const struct finding *found[FINDINGS_MOST];
	size_t count =
		workbook_cell_findings(tui_workbook(table->screen.tui), row, leaf, found, FINDINGS_MOST);

	for (size_t i = 0; i < count && i < FINDINGS_MOST; i++)
		if (found[i]->leaf == leaf)
			return found[i];
	return NULL;
}

/* What is wrong with the row itself: with its code, or as a whole. */
static const struct finding *worst_of_row(const struct table_screen *table, const struct row *row)
{
	int code = table_form(table)->blocks[row_block(row)].code_leaf;
	const struct finding *finding = code >= 0 ? worst_at(table, row, code) : NULL;

	return finding != NULL ? finding : worst_at(table, row, -1);
}

static int look_of(const struct finding *finding, int otherwise)
{
	if (finding == NULL || finding->severity == FINDING_NOTE)
		return otherwise;
	return LOOK_ERROR + (int)finding->severity;
}

static void draw_sign(const struct finding *finding, int row, int x)
{
	if (finding != NULL)
		terminal_put(row, x, 1, look_of(finding, LOOK_NORMAL),
			     finding_severity_sign(finding->severity));
}

static void cell_text(const struct table_screen *table, const struct row *row, int leaf, size_t line,
		      struct buffer *out)
{
	workbook_cell_text(tui_workbook(table->screen.tui), row, leaf, line,
			   tui_unit(table->screen.tui, table_form(table)->leaves[leaf]), out);
	for (size_t i = 0; i < out->length; i++)
		if (out->data[i] == '\n')
			out->data[i] = ' ';
}

void table_draw_sign(const struct table_screen *table, const struct row *row, int leaf, int at, int x)
{
	draw_sign(worst_at(table, row, leaf), at, x);
}

static bool is_words(const struct form_table *form, int leaf)
{
	return table_is_words(form->leaves[leaf]) || table_is_entered_label(form, leaf);
}

/* True if the column prints a value once, and the row above has the same, in the columns to the left that
 * print theirs once too: the screen repeats it at its top. */
static bool repeats_above(const struct table_screen *table, const struct row *row, size_t line, int leaf)
{
	const struct form_table *form = table_form(table);
	const struct row *above = line > table->top ? table_row(table, line - 1, leaf) : NULL;
	bool same = form->leaves[leaf]->once && above != NULL && (row_entry(above) != NULL || form->coded != NULL);

	for (int i = table_first_leaf(form); same && i <= leaf; i++) {
		struct buffer own = {0}, other = {0};
		if (!form->leaves[i]->once)
			continue;
		cell_text(table, row, i, line, &own);
		cell_text(table, above, i, line - 1, &other);
		same = strcmp(buffer_text(&own), buffer_text(&other)) == 0 && (i < leaf || own.length > 0);
		buffer_done(&own);
		buffer_done(&other);
	}
	return same;
}

/* Room to write a figure in: a line of plain characters, which cost less on the way to the terminal than an
 * attribute, and show where there is none. */
static void draw_room(int row, int x, int cells, int look)
{
	struct buffer line = {0};

	buffer_add_repeated(&line, '_', cells > 0 ? (size_t)cells : 0);
	terminal_put(row, x, cells, look, buffer_text(&line));
	buffer_done(&line);
}

static void draw_figure(const struct table_screen *table, const struct row *row, size_t line, int at,
			const struct table_column *shown)
{
	const struct finding *finding = worst_at(table, row, shown->leaf);
	const struct form_rule *rule = workbook_rule(tui_workbook(table->screen.tui), row, shown->leaf);
	bool is_current = table->line == line && table->leaf == shown->leaf;
	int field = rule->kind == FORM_ENTERED ? LOOK_FIELD : 0;
	int look = is_current ? LOOK_CURSOR : look_of(finding, LOOK_COMPUTED) | field;
	struct buffer text = {0};

	cell_text(table, row, shown->leaf, line, &text);
	int blanks = shown->width - text_width(buffer_text(&text));
	if (rule->kind == FORM_ENTERED)
		draw_room(at, shown->x, blanks, is_current ? LOOK_CURSOR : LOOK_NORMAL);
	else if (is_current)
		terminal_blank(at, shown->x, shown->width, LOOK_CURSOR);
	terminal_put(at, shown->x + (blanks > 0 ? blanks : 0), shown->width, look, buffer_text(&text));
	draw_sign(finding, at, shown->x + shown->width);
	buffer_done(&text);
}

static void draw_words(const struct table_screen *table, const struct row *row, size_t line, int at,
		       const struct table_column *shown)
{
	const struct finding *finding = worst_at(table, row, shown->leaf);
	bool is_current = table->line == line && table->leaf == shown->leaf;
	bool is_open = workbook_rule(tui_workbook(table->screen.tui), row, shown->leaf)->kind == FORM_ENTERED;
	int look = look_of(finding, LOOK_COMPUTED) | (is_open ? LOOK_FIELD : 0);
	struct buffer text = {0}, fitted = {0};

	cell_text(table, row, shown->leaf, line, &text);
	if (text.length == 0 && is_open)
		draw_room(at, shown->x, shown->width, is_current ? LOOK_CURSOR : LOOK_NORMAL);
	else if (is_current)
		terminal_blank(at, shown->x, shown->width, LOOK_CURSOR);
	if (text_width(buffer_text(&text)) > shown->width)
		text_fit(&fitted, buffer_text(&text), shown->width, TEXT_LEFT);
	if (is_current || !repeats_above(table, row, line, shown->leaf))
		terminal_put(at, shown->x, shown->width, is_current ? LOOK_CURSOR : look,
			     fitted.length > 0 ? buffer_text(&fitted) : buffer_text(&text));
	draw_sign(finding, at, shown->x + shown->width);
	if (table_form(table)->leaves[shown->leaf]->type == FORM_CAPTION)
		draw_sign(worst_at(table, row, -1), at, shown->x + shown->width);
	buffer_done(&text);
	buffer_done(&fitted);
}

static void draw_label(const struct table_screen *table, const struct row *row, size_t line, int at,
		       const struct table_column *shown)
{
	const struct form_column *column = table_form(table)->leaves[shown->leaf];
	bool is_current = table->line == line && table->leaf == shown->leaf;
	bool is_total =
		table_form(table)->coded != NULL ? row_class(row) == FORM_CLASS_TOTAL : row_is_total(row);
	int look = is_total && column->type == FORM_CAPTION ? LOOK_TOTAL : LOOK_NORMAL;
	struct buffer text = {0}, fitted = {0};

	cell_text(table, row, shown->leaf, line, &text);
	text_fit(&fitted, buffer_text(&text), shown->width,
		 column->type == FORM_ORDINAL ? TEXT_RIGHT : TEXT_LEFT);
	if (is_current || !repeats_above(table, row, line, shown->leaf))
		terminal_put(at, shown->x, shown->width, is_current ? LOOK_CURSOR : look,
			     buffer_text(&fitted));
	draw_sign(worst_at(table, row, shown->leaf), at, shown->x + shown->width);
	if (column->type == FORM_CAPTION)
		draw_sign(worst_at(table, row, -1), at, shown->x + shown->width);
	buffer_done(&text);
	buffer_done(&fitted);
}

/* The line behind the last, with room for the cells of a new entry. */
static void draw_new_entry(const struct table_screen *table, int at)
{
	const struct form_table *form = table_form(table);

	for (int i = 0; i < table->layout.shown_count; i++) {
		const struct table_column *shown = &table->layout.shown[i];
		bool is_current = table_is_at_empty_line(table) && table->leaf == shown->leaf;
		if (is_current || form_rule_of(form, form->entry_class, shown->leaf)->kind == FORM_ENTERED)
			draw_room(at, shown->x, shown->width, is_current ? LOOK_CURSOR : LOOK_NORMAL);
	}
}

/* The line behind the last, which takes a code. */
static void draw_empty_line(const struct table_screen *table, int at)
{
	const struct form_table *form = table_form(table);
	const struct table_column *caption = table_layout_column(&table->layout, form->blocks[0].caption_leaf);

	for (int i = 0; i < table->layout.shown_count; i++) {
		const struct table_column *shown = &table->layout.shown[i];
		bool is_current = shown->leaf == form->blocks[0].code_leaf && table_is_at_empty_line(table);
		if (form->leaves[shown->leaf]->type == FORM_CODE)
			draw_room(at, shown->x, shown->width, is_current ? LOOK_CURSOR : LOOK_NORMAL);
	}
	if (caption != NULL)
		terminal_put(at, caption->x, caption->width, LOOK_NORMAL, _("输入编码加行"));
}

/* A name or code that is printed, in a column where those of entries are entered. */
static bool prints_label(const struct table_screen *table, const struct row *row, int leaf)
{
	return workbook_rule(tui_workbook(table->screen.tui), row, leaf)->kind == FORM_LABEL;
}

static void draw_line(const struct table_screen *table, size_t line, int at)
{
	for (int i = 0; i < table->layout.shown_count; i++) {
		const struct table_column *shown = &table->layout.shown[i];
		const struct row *row = table_row(table, line, shown->leaf);
		if (row == NULL) {
			if (line == table->line && shown->leaf == table->leaf)
				terminal_blank(at, shown->x, shown->width, LOOK_CURSOR);
		} else if (is_words(table_form(table), shown->leaf) &&
			   !prints_label(table, row, shown->leaf)) {
			draw_words(table, row, line, at, shown);
		} else if (table_form(table)->leaves[shown->leaf]->type < FORM_ORDINAL) {
			draw_figure(table, row, line, at, shown);
		} else {
			draw_label(table, row, line, at, shown);
		}
	}
	if (table->layout.bar_x >= 0)
		terminal_put(at, table->layout.bar_x, 1, LOOK_NORMAL, "|");
}

/* How wide a column grows by what it holds: a figure is never cut, a code is seen whole, words may be cut. */
static int most_width(const struct form_table *form, int leaf)
{
	enum form_type type = form->leaves[leaf]->type;

	if (type == FORM_CODE)
		return CODE_MOST;
	return type < FORM_ORDINAL && !is_words(form, leaf) ? terminal_columns() : 0;
}

/* Whether a figure on the screen needs a wider column than it has; then the layout is to be made again. */
static bool grow_columns(struct table_screen *table, size_t end)
{
	bool grew = false;

	for (size_t line = table->top; line < end; line++)
		for (int i = 0; i < table->layout.shown_count; i++) {
			int leaf = table->layout.shown[i].leaf;
			const struct row *row = table_row(table, line, leaf);
			struct buffer text = {0};
			if (row == NULL || most_width(table_form(table), leaf) == 0)
				continue;
			cell_text(table, row, leaf, line, &text);
			int width = text_width(buffer_text(&text)), most = most_width(table_form(table), leaf);
			if (table_layout_grow(&table->layout, leaf, width < most ? width : most))
				grew = true;
			buffer_done(&text);
		}
	return grew;
}

/* A line beyond the edge is shown with the next few behind it: most moves then scroll nothing, which on a
 * slow line is felt more than the one that does. */
#define SCROLL_AHEAD 3

static void scroll_to_line(struct table_screen *table, size_t rows, size_t last)
{
	size_t ahead = rows / 4 < SCROLL_AHEAD ? rows / 4 : SCROLL_AHEAD;
	size_t last_top = last > rows ? last - rows : 0;

	if (table->line < table->top)
		table->top = table->line > ahead ? table->line - ahead : 0;
	if (table->line < table->top + rows)
		return;
	table->top = table->line - rows + 1 + ahead;
	if (table->top > last_top)
		table->top = last_top;
}

/* Lays out and scrolls; returns the line behind the last shown. */
static size_t arrange(struct table_screen *table)
{
	size_t end, lines = table_lines(table), last = lines + table_takes_rows(table);
	int leaf = table_is_in_fields(table) ? table->grid_leaf : table->leaf;

	if (table->line >= last)
		table->line = last > 0 ? last - 1 : 0;
	if (table_fields_row(table) != NULL)
		fields_arrange(&table->fields, table->screen.tui, table_fields_row(table),
			       terminal_columns());
	do {
		table_layout_make(&table->layout, terminal_columns(), lines, leaf);
		size_t rows = (size_t)table_body_rows(table);
		scroll_to_line(table, rows, last);
		end = table->top + rows < last ? table->top + rows : last;
	} while (grow_columns(table, end < lines ? end : lines));
	fields_scroll(&table->fields, table_is_in_fields(table) ? table->leaf : -1, table_field_rows(table));
	return end;
}

/* Where what is typed stands: in the cell's place, but with room for a longer figure. Plain, as a digit then
 * costs one byte. */
static void draw_entry(const struct table_screen *table, int at)
{
	int leaf = table->entry == TABLE_ENTRY_CODE ? table_form(table)->blocks[0].code_leaf : table->leaf;
	const struct table_column *shown = table_layout_column(&table->layout, leaf);
	int typed = text_width(line_text(&table->typed)), width = typed + 1, x;

	if (shown == NULL)
		return;
	if (width < shown->width)
		width = shown->width;
	/* A text at the right border moves left as it grows. */
	x = shown->x;
	if (is_words(table_form(table), leaf) && terminal_columns() - x < width)
		x = terminal_columns() - (width < WORDS_LEAST ? width : WORDS_LEAST);
	x = x < shown->x ? x : shown->x;
	if (width > terminal_columns() - x)
		width = terminal_columns() - x;
	line_draw(&table->typed, at, x, width, LOOK_NORMAL);
	draw_room(at, x + typed, width - typed, LOOK_NORMAL);
}

static void draw_body(struct table_screen *table, size_t end)
{
	int first = HEAD_ROW + table_field_rows(table) + table_head_rows(&table->layout);
	bool is_code_line = table_is_at_empty_line(table) && table_form(table)->coded != NULL;
	int leaf = is_code_line ? table_form(table)->blocks[0].code_leaf : table->leaf;
	const struct table_column *shown = table_layout_column(&table->layout, leaf);
	int at = first + (int)(table->line - table->top);

	if (table_lines(table) == 0 && table_form(table)->coded != NULL && !table_takes_rows(table))
		terminal_put(first, 0, terminal_columns(), LOOK_NORMAL, _("（行由别的表带出，现在还没有）"));
	for (size_t line = table->top; line < end; line++) {
		int row = first + (int)(line - table->top);
		if (line < table_lines(table))
			draw_line(table, line, row);
		else if (table_form(table)->coded != NULL)
			draw_empty_line(table, row);
		else
			draw_new_entry(table, row);
	}
	if (shown == NULL || table_is_in_fields(table))
		return;
	table->cell_row = at;
	table->cell_column = shown->x;
	terminal_cursor(at, shown->x);
	if (table->entry != TABLE_ENTRY_NONE)
		draw_entry(table, at);
}

/* ---- the lines about the current cell ---- */

/* The sentence of a finding; where it is too long, without the place, which stands two lines above. */
static void draw_finding(const struct table_screen *table, const struct finding *finding)
{
	struct buffer text = {0}, all = {0};
	const char *from;
	int columns = terminal_columns(), label;

	finding_text(tui_workbook(table->screen.tui), finding, &text);
	buffer_format(&all, "%s%s ", finding_severity_sign(finding->severity),
		      finding_severity_label(finding->severity));
	label = text_width(buffer_text(&all));
	from = buffer_text(&text);
	if (text_width(from) > columns - label) {
		const char *mark = _("："), *place = strstr(from, mark);
		from = place != NULL ? place + strlen(mark) : from;
	}
	buffer_add(&all, from);
	struct buffer fitted = {0};
	text_fit(&fitted, buffer_text(&all), columns, TEXT_LEFT);
	terminal_put(WRONG_ROW, 0, columns, look_of(finding, LOOK_NORMAL), buffer_text(&fitted));
	buffer_done(&fitted);
	buffer_done(&all);
	buffer_done(&text);
}

static void row_words(const struct table_screen *table, const struct row *row, struct buffer *out)
{
	if (row == table_fields_row(table)) {
		buffer_add(out, table_form(table)->name);
		return;
	}
	if (row_entry(row) != NULL) {
		session_entry_words(table->screen.tui->session, row_entry(row), out);
		return;
	}
	const struct form_block *block = &table_form(table)->blocks[row_block(row)];

	if (*row_code(row) != '\0')
		buffer_format(out, "%s ", row_code(row));
	if (block->caption_leaf >= 0)
		cell_text(table, row, block->caption_leaf, table->line, out);
	else
		buffer_add(out, row_caption(row));
}

static const char *entry_words(const struct form_column *column, bool standard)
{
	if (column->type == FORM_CODE && column->catalogue != NULL)
		return standard ? _("填列：科目编码；与显示的相同就不用填") : _("填列：科目编码；按空格，按名称找");
	switch (column->type) {
	case FORM_PERCENT: return _("填列：百分数，写 25 或 25% 都可以");
	case FORM_COUNT: return _("填列：整数");
	case FORM_DATE: return _("填列：日期，例如 2018-12-31 或 20181231");
	case FORM_CHOICE: return _("填列：按 Enter 或空格，从列表里选；也可直接输入");
	case FORM_TEXT: return _("填列：输入文字，按 Enter；Ctrl-T 整屏写");
	case FORM_MEASURE: return _("填列：例如 ≥95%、≤5万元、6次，或文字");
	case FORM_CODE:
	case FORM_CAPTION: return _("填列：这里填的名称或编码，各表通用");
	default: return _("填列：输入数字，按 Enter");
	}
}

static const char *rule_words(const struct table_screen *table, const struct row *row,
			      const struct form_rule *rule)
{
	switch (rule->kind) {
	case FORM_ENTERED:
		return entry_words(table_form(table)->leaves[table->leaf],
				   tui_has_standard(table->screen.tui, row, table->leaf));
	case FORM_CLOSED: return _("不填");
	case FORM_LABEL:
		switch (workbook_name_source(tui_workbook(table->screen.tui), row)) {
		case ROW_NAME_CATALOGUE: return _("名称来自科目目录");
		case ROW_NAME_OWN: return _("自填的名称，按 Enter 修改");
		case ROW_NAME_MISSING: return _("还没有名称，按 Enter 填写");
		default: return "";
		}
	default: return rule->words != NULL ? rule->words : _("算出");
	}
}

/* The rule in words, on two lines if it is long and the second is free. */
static void draw_rule(int row, int last, int cells, const char *words)
{
	struct buffer fitted = {0};

	if (row == last || text_width(words) <= cells) {
		text_fit(&fitted, words, cells, TEXT_LEFT);
		words = buffer_text(&fitted);
	}
	screen_wrap(row, last, cells, LOOK_NORMAL, words);
	buffer_done(&fitted);
}

/* The control figure, and the figure itself where the screen rounds it. */
static void exact_words(const struct table_screen *table, const struct row *row, struct buffer *out)
{
	const struct workbook *workbook = tui_workbook(table->screen.tui);
	const struct form_column *column = table_form(table)->leaves[table->leaf];
	const struct form_unit *unit = tui_unit(table->screen.tui, column);
	struct value value = workbook_value(workbook, row, table->leaf), control;
	struct buffer exact = {0}, shown = {0};

	if (unit == NULL)
		unit = &column->unit;
	if (workbook_control(workbook, row, table->leaf, &control)) {
		buffer_add(out, _("控制数 "));
		workbook_exact_text(&control, unit, out);
	}
	struct form_unit plain = *unit;
	plain.commas = false;
	workbook_exact_text(&value, unit, &exact);
	workbook_cell_text(workbook, row, table->leaf, table->line, &plain, &shown);
	if (shown.length > 0 && shown.data[shown.length - 1] == '%')
		shown.data[--shown.length] = '\0';
	if (strcmp(buffer_text(&exact), buffer_text(&shown)) != 0 && exact.length > 0)
		buffer_format(out, _("%s准确数 %s"), out->length > 0 ? "  " : "", buffer_text(&exact));
	buffer_done(&exact);
	buffer_done(&shown);
}

/* The number and the path of the column; where that is too long, less the outermost groups. */
static void column_words(const struct table_screen *table, int cells, struct buffer *out)
{
	const struct form_table *form = table_form(table);
	const struct form_column *column = form->leaves[table->leaf];
	struct buffer whole = {0};

	workbook_column_name(tui_workbook(table->screen.tui), table->table, table->leaf, true, &whole);
	const char *path = buffer_text(&whole);
	if (column->number > 0 && form->numbers != NULL)
		buffer_format(out, "%d ", column->number);
	cells -= out->length < (size_t)cells ? (int)out->length : cells;
	for (int room = cells; text_width(path) > room && strchr(path, '/') != NULL; room = cells - 2)
		path = strchr(path, '/') + 1;
	buffer_format(out, "%s%s", path != buffer_text(&whole) ? "…/" : "", path);
	buffer_done(&whole);
}

static void draw_cell_status(const struct table_screen *table, const struct row *row)
{
	const struct form_rule *rule = table_rule(table, table->line, table->leaf);
	const struct finding *finding = worst_at(table, row, table->leaf);
	int columns = terminal_columns(), half = columns * 3 / 5;
	struct buffer text = {0}, fitted = {0};

	if (finding == NULL)
		finding = worst_of_row(table, row);
	row_words(table, row, &text);
	text_fit(&fitted, buffer_text(&text), half - 1, TEXT_LEFT);
	terminal_put(ROW_ROW, 0, half - 1, LOOK_NORMAL, buffer_text(&fitted));
	buffer_clear(&text);
	column_words(table, columns - half, &text);
	terminal_put(ROW_ROW, half, columns - half, LOOK_NORMAL, buffer_text(&text));
	buffer_clear(&text);
	if (rule->kind != FORM_LABEL && !is_words(table_form(table), table->leaf))
		exact_words(table, row, &text);
	/* Never a figure cut short: the rule gives way. */
	if (text_width(buffer_text(&text)) > columns - half)
		half = columns > text_width(buffer_text(&text)) ? columns - text_width(buffer_text(&text)) : 0;
	terminal_put(RULE_ROW, half, columns - half, LOOK_NORMAL, buffer_text(&text));
	struct buffer words = {0};
	if (is_words(table_form(table), table->leaf))
		cell_text(table, row, table->leaf, table->line, &words);
	draw_rule(RULE_ROW, finding != NULL ? RULE_ROW : WRONG_ROW, text.length > 0 ? half - 1 : columns,
		  text_width(buffer_text(&words)) > WORDS_SHOWN ? buffer_text(&words)
								: rule_words(table, row, rule));
	buffer_done(&words);
	if (finding != NULL)
		draw_finding(table, finding);
	buffer_done(&text);
	buffer_done(&fitted);
}

/* The name of a code as soon as it is whole. */
static void draw_code_status(const struct table_screen *table)
{
	const struct form_coded *coded = table_form(table)->coded;
	const struct catalogue_level *level = &coded->catalogue->levels[coded->leaf_level];
	struct buffer text = {0}, code = {0};

	buffer_format(&text,
		      table_form(table)->leaves[table_form(table)->blocks[0].code_leaf]->level < 0
			      ? _("空行：输入 %zu 位编码，Enter 加行；F3 按名称找")
			      : _("空行：输入 %zu 位编码，或按 Tab 分段输入，Enter 加行；F3 按名称找"),
		      level->length);
	terminal_put(ROW_ROW, 0, terminal_columns(), LOOK_NORMAL, buffer_text(&text));
	catalogue_join(coded->catalogue, line_text(&table->typed), &code);
	if (table->entry == TABLE_ENTRY_CODE && code.length == level->length) {
		const char *name = workbook_code_name(tui_workbook(table->screen.tui), coded->catalogue,
						      buffer_text(&code));
		buffer_clear(&text);
		if (name != NULL)
			text_sanitize(&text, name, strlen(name), false);
		else
			buffer_add(&text, _("科目目录里没有这个编码"));
		terminal_put(RULE_ROW, 0, terminal_columns(), LOOK_NORMAL, buffer_text(&text));
	}
	buffer_done(&text);
	buffer_done(&code);
}

static void draw_entry_status(const struct table_screen *table)
{
	terminal_put(ROW_ROW, 0, terminal_columns(), LOOK_NORMAL,
		     _("空行：在哪一栏直接输入，就加一行；F3 在光标后加一行"));
	terminal_put(RULE_ROW, 0, terminal_columns(), LOOK_NORMAL,
		     entry_words(table_form(table)->leaves[table->leaf],
				 table_form(table)->leaves[table->leaf]->standard != NULL));
}

void table_draw(struct screen *screen)
{
	struct table_screen *table = (struct table_screen *)screen;
	size_t end = arrange(table);
	const struct row *row = table_row(table, table->line, table->leaf);

	draw_title(table);
	table_head_draw(&table->layout, HEAD_ROW + table_field_rows(table));
	draw_body(table, end);
	table_draw_fields(table, HEAD_ROW);
	live_draw(screen->tui, LIVE_ROW);
	if (table_is_at_empty_line(table) && table_form(table)->coded != NULL)
		draw_code_status(table);
	else if (table_is_at_empty_line(table))
		draw_entry_status(table);
	else if (row != NULL)
		draw_cell_status(table, row);
}
