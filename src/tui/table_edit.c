/* What changes a table from its screen. Everything goes through the session; what it refuses stays to be
 * mended. */
#include <string.h>

#include "base/text.h"
#include "tui/dialogs.h"
#include "tui/import.h"
#include "tui/prompt.h"
#include "tui/table.h"

#define CODE_SIZE 24    /* room for the code of a missing parent */
#define PARENTS_MOST 6  /* names asked for one after another */

static const struct form_unit *unit_of(const struct table_screen *table)
{
	return tui_unit(table->screen.tui, table_form(table)->leaves[table->leaf]);
}

/* ---- adding a row ---- */

/* Asks for the name of `code` and keeps it. False: the clerk gave up. */
static bool ask_name(struct table_screen *table, const char *code)
{
	struct tui *tui = table->screen.tui;
	struct line line = {0};
	struct buffer question = {0};
	struct diag_list diags = {0};
	bool done = false;

	buffer_format(&question, _("科目目录里没有 %s，请填写它的名称："), code);
	while (!done && prompt_line(tui, buffer_text(&question), &line)) {
		if (line.text.length == 0)
			tui_say_error(tui, "%s", _("名称不能空着。不想加这一行，请按 Esc。"));
		else if (session_name(tui->session, table->table, code, line_text(&line), &diags) ==
			 STATUS_OK)
			done = true;
		else
			tui_say_diags(tui, &diags, NULL);
	}
	diag_list_done(&diags);
	buffer_done(&question);
	line_done(&line);
	return done;
}

/* The row, the names that its parents lack, and its own, as one change. */
static bool add_code(struct table_screen *table, const char *code, struct diag_list *diags)
{
	struct tui *tui = table->screen.tui;
	char missing[CODE_SIZE] = "";
	enum status status = STATUS_NOT_FOUND;

	for (int i = 0; i < PARENTS_MOST && status == STATUS_NOT_FOUND; i++) {
		missing[0] = '\0';
		diag_list_clear(diags);
		status = session_row_add(tui->session, table->table, code, missing, diags);
		if (status == STATUS_NOT_FOUND && missing[0] == '\0')
			return false;
		if (status == STATUS_NOT_FOUND && !ask_name(table, missing)) {
			diag_list_clear(diags);
			return false;
		}
	}
	if (status != STATUS_OK)
		return false;
	table->entry = TABLE_ENTRY_NONE; /* the row stands now: what was typed is not shown beside it */
	const struct row *row = workbook_row_find(tui_workbook(tui), table->table, code);
	return row == NULL || workbook_name_source(tui_workbook(tui), row) != ROW_NAME_MISSING ||
	       ask_name(table, code);
}

static void go_to_row(struct table_screen *table, const char *code)
{
	table_go_to_key(table, code, -1);
	table->leaf = -1;
	table_next_entered(table);
	if (table->leaf < 0)
		table->leaf = 0;
}

/* Adds a row, or goes to it if it is there. False: refused, and the message says why. */
static bool take_code(struct table_screen *table, const char *typed)
{
	struct tui *tui = table->screen.tui;
	struct buffer folded = {0}, code = {0}, label = {0};
	struct diag_list diags = {0};
	bool done = true;

	text_fold(&folded, typed);
	catalogue_join(table_form(table)->coded->catalogue, buffer_text(&folded), &code);
	const struct row *row = workbook_row_find(tui_workbook(tui), table->table, buffer_text(&code));
	if (row != NULL && row_is_leaf(row)) {
		tui_say(tui, _("%s 已在表中，光标移到了那里。"), buffer_text(&code));
	} else {
		buffer_format(&label, _("加行 %s"), buffer_text(&code));
		session_begin(tui->session, buffer_text(&label));
		done = add_code(table, buffer_text(&code), &diags);
		session_end(tui->session, done);
		tui_say_diags(tui, &diags, NULL);
	}
	if (done)
		go_to_row(table, buffer_text(&code));
	diag_list_done(&diags);
	buffer_done(&folded);
	buffer_done(&code);
	buffer_done(&label);
	return done;
}

void table_add_row(struct table_screen *table)
{
	struct line wanted = {0};

	if (table_form(table)->coded == NULL && table_form(table)->list >= 0) {
		table_add_entry(table);
		return;
	}
	if (table_form(table)->coded == NULL) {
		tui_say(table->screen.tui, "%s", _("这张表的行是印好的，不能加行。"));
		return;
	}
	if (!table_takes_rows(table)) {
		tui_say(table->screen.tui, "%s", _("这张表的行由别的表带出，不用加行。"));
		return;
	}
	if (table->entry == TABLE_ENTRY_CODE) {
		struct buffer code = {0};
		catalogue_join(table_form(table)->coded->catalogue, line_text(&table->typed), &code);
		line_set(&wanted, buffer_text(&code));
		buffer_done(&code);
	}
	table->entry = TABLE_ENTRY_NONE;
	if (lookup_run(table->screen.tui, table_form(table)->coded->catalogue, table_form(table)->coded->leaf_level,
		       table->table, &wanted))
		take_code(table, line_text(&wanted));
	line_done(&wanted);
}

/* ---- entering a figure ---- */

/* False: nothing can be entered here, and the message says what can be done instead. */
static bool may_enter(struct table_screen *table)
{
	struct tui *tui = table->screen.tui;
	const struct form_rule *rule = table_rule(table, table->line, table->leaf);

	if (rule == NULL || rule->kind == FORM_NONE || rule->kind == FORM_CLOSED) {
		tui_say(tui, "%s", _("这一格不填数。"));
		return false;
	}
	if (rule->kind == FORM_LABEL && table_form(table)->coded == NULL) {
		tui_say(tui, "%s", _("这一栏是印好的，不用填。"));
		return false;
	}
	if (rule->kind == FORM_LABEL) {
		tui_say(tui, "%s", _("这一栏是名称：按 Enter 修改自填的名称，按 → 到填数的格。"));
		return false;
	}
	if (rule->kind != FORM_ENTERED)
		tui_say(tui, "%s", _("这个数是算出来的，不用填；要定它的控制数，按 F4。"));
	return rule->kind == FORM_ENTERED;
}

static void begin_entry(struct table_screen *table, const char *text)
{
	bool is_code = table_is_at_empty_line(table) && table_form(table)->coded != NULL;

	table->entry = is_code ? TABLE_ENTRY_CODE : TABLE_ENTRY_FIGURE;
	line_set(&table->typed, text);
}

/* What stands in the cell, to be mended. */
static void begin_with_present(struct table_screen *table)
{
	const struct row *row = table_row(table, table->line, table->leaf);
	struct buffer text = {0};

	if (row != NULL)
		session_cell_text(table->screen.tui->session, row, table->leaf, unit_of(table), &text);
	begin_entry(table, buffer_text(&text));
	buffer_done(&text);
}

static bool begins_figure(int key)
{
	static const char *const signs = "+-.,(￥¥（－＋．";
	char bytes[5] = "";

	if ((key >= '0' && key <= '9') || (key >= 0xFF10 && key <= 0xFF19))
		return true;
	if (key < 0x20 || key >= KEY_BASE)
		return false;
	bytes[text_encode((uint32_t)key, bytes)] = '\0';
	return strstr(signs, bytes) != NULL;
}

static bool is_typed(int key)
{
	return key >= 0x20 && key < KEY_BASE;
}

/* Any character begins a text; where that cannot be seen whole, it goes on the screen for texts. */
static bool begin_words(struct table_screen *table, const struct keypress *press)
{
	bool mends = press->key == KEYPRESS_BACKSPACE || press->key == KEYPRESS_INSERT;

	if (!mends && !is_typed(press->key))
		return false;
	if (table_form(table)->leaves[table->leaf]->type == FORM_CHOICE)
		return table_pick_choice(table, is_typed(press->key) && press->key != ' ' ? press : NULL);
	if (!mends && !begins_figure(press->key) && table_pick_code(table, press))
		return true;
	if (table_is_long_text(table) || press->key == KEYPRESS_INSERT)
		if (table_edit_text(table, is_typed(press->key) ? press : NULL))
			return true;
	if (mends) {
		begin_with_present(table);
	} else {
		begin_entry(table, "");
		line_key(&table->typed, press);
	}
	return true;
}

static bool holds_words(const struct table_screen *table)
{
	const struct form_table *form = table_form(table);
	const struct form_rule *rule = table_rule(table, table->line, table->leaf);

	return rule != NULL && rule->kind == FORM_ENTERED && form->coded == NULL &&
	       (table_is_words(form->leaves[table->leaf]) || table_is_entered_label(form, table->leaf)) &&
	       form->leaves[table->leaf]->type != FORM_DATE;
}

bool table_begin(struct table_screen *table, const struct keypress *press)
{
	bool is_code_line = table_is_at_empty_line(table) && table_form(table)->coded != NULL;
	bool mends = press->key == KEYPRESS_BACKSPACE || press->key == KEYPRESS_INSERT;

	if ((mends || is_typed(press->key)) && !tui_may_change(table->screen.tui))
		return true;
	if (holds_words(table))
		return begin_words(table, press);
	if (!mends && !begins_figure(press->key)) {
		if (is_typed(press->key) && press->key != ' ')
			tui_say(table->screen.tui, "%s", _("填数请从数字开始；按 / 查找，按 F1 看帮助。"));
		return press->key < KEY_BASE;
	}
	if (!is_code_line && !may_enter(table))
		return true;
	if (mends && !is_code_line) {
		begin_with_present(table);
		return true;
	}
	begin_entry(table, "");
	line_key(&table->typed, press);
	return true;
}

/* False: refused; what was typed stays. */
static bool commit(struct table_screen *table)
{
	enum table_entry entry = table->entry;
	bool done = true;

	if (entry != TABLE_ENTRY_CODE)
		done = table_put(table, line_text(&table->typed));
	else if (table->typed.text.length > 0)
		done = take_code(table, line_text(&table->typed));
	table->entry = done ? TABLE_ENTRY_NONE : entry;
	return done;
}

/* Where the code stands in several columns, Tab and → go on to its next part. False: it has none. */
static bool begin_next_part(struct table_screen *table)
{
	const struct form_coded *coded = table_form(table)->coded;
	const struct form_column *first = table_form(table)->leaves[table_form(table)->blocks[0].code_leaf];
	struct keypress blank = {.key = ' '};
	struct buffer code = {0};

	catalogue_join(coded->catalogue, line_text(&table->typed), &code);
	bool more = first->level >= 0 && code.length > 0 &&
		    code.length < coded->catalogue->levels[coded->leaf_level].length;
	buffer_done(&code);
	if (more && table->typed.text.data[table->typed.text.length - 1] != ' ')
		line_key(&table->typed, &blank);
	return more;
}

enum answer table_type(struct table_screen *table, const struct keypress *press)
{
	bool is_code = table->entry == TABLE_ENTRY_CODE;

	switch (press->key) {
	case KEYPRESS_TAB:
		if (is_code && begin_next_part(table))
			return ANSWER_DONE;
		break;
	case KEYPRESS_ESCAPE: table->entry = TABLE_ENTRY_NONE; return ANSWER_DONE;
	case KEYPRESS_F3:
		if (is_code)
			table_add_row(table);
		return ANSWER_DONE;
	case KEYPRESS_LEFT:
	case KEYPRESS_RIGHT:
		/* Within a text that is being mended they move in it. */
		if (table->typed.at < table->typed.text.length || press->key == KEYPRESS_LEFT) {
			line_key(&table->typed, press);
			return ANSWER_DONE;
		}
		if (is_code && begin_next_part(table))
			return ANSWER_DONE;
		break;
	case KEYPRESS_HOME:
	case KEYPRESS_END: line_key(&table->typed, press); return ANSWER_DONE;
	default: break;
	}
	if (line_key(&table->typed, press) || !commit(table))
		return ANSWER_DONE;
	if (is_code)
		return ANSWER_DONE;
	if (press->key == KEYPRESS_ENTER)
		table_next_entered(table);
	else if (!table_move(table, press->key) && press->key >= KEY_BASE)
		return table->screen.type->key(&table->screen, press);
	return ANSWER_DONE;
}

void table_clear_cell(struct table_screen *table)
{
	if (table_is_at_empty_line(table) || !may_enter(table))
		return;
	begin_entry(table, "");
	if (!commit(table))
		table->entry = TABLE_ENTRY_NONE;
}

/* ---- names ---- */

static void mend_name(struct table_screen *table, const struct row *row)
{
	struct tui *tui = table->screen.tui;
	enum row_name_source source = workbook_name_source(tui_workbook(tui), row);
	struct line line = {0};
	struct diag_list diags = {0};

	if (source != ROW_NAME_OWN && source != ROW_NAME_MISSING) {
		tui_say(tui, "%s", _("这个名称来自科目目录，不能修改。"));
		return;
	}
	line_set(&line, row_caption(row));
	if (prompt_line(tui, _("科目的名称："), &line)) {
		session_name(tui->session, table->table, row_key(row), line_text(&line), &diags);
		tui_say_diags(tui, &diags, NULL);
	}
	diag_list_done(&diags);
	line_done(&line);
}

void table_enter(struct table_screen *table)
{
	const struct row *row = table_row(table, table->line, table->leaf);

	if (table_pick_choice(table, NULL))
		return;
	if ((table_is_in_fields(table) || table_is_long_text(table)) && table_edit_text(table, NULL))
		return;
	if (table_is_at_empty_line(table) && table_form(table)->coded == NULL)
		tui_say(table->screen.tui, "%s", _("在这里直接输入，就加一行。填完了按 F10 返回。"));
	else if (table_is_at_empty_line(table))
		tui_say(table->screen.tui, "%s",
			_("在这里输入科目编码加一行，或按 F3 从科目目录里选。填完了按 F10 返回。"));
	else if (row != NULL && table_form(table)->coded != NULL &&
		 table_form(table)->leaves[table->leaf]->type == FORM_CAPTION)
		mend_name(table, row);
	else
		table_next_entered(table);
}

/* ---- rows, control figures, pulling, pasting ---- */

/* The row can be dropped, and something would be lost. */
static bool has_contents(const struct table_screen *table, const struct row *row)
{
	const struct tui *tui = table->screen.tui;

	if (row_entry(row) != NULL)
		return session_entry_has_figures(tui->session, entry_id(row_entry(row)));
	return row_is_leaf(row) && row_has_figures(tui_workbook(tui), row);
}

void table_drop_row(struct table_screen *table)
{
	static const char *const choices[] = {N_("不删"), N_("删去这一行和行里的数")};
	struct tui *tui = table->screen.tui;
	const struct row *row = table_row(table, table->line, table->leaf);
	struct diag_list diags = {0};
	struct buffer text = {0};

	if (table_is_in_fields(table)) {
		tui_say(tui, "%s", _("要删去整张卡片，请按 F10 回到卡片列表，在那里按 F8。"));
		return;
	}
	if (row == NULL)
		return;
	if (row_entry(row) != NULL)
		session_entry_words(tui->session, row_entry(row), &text);
	else
		buffer_format(&text, "%s %s", row_code(row), row_caption(row));
	if (has_contents(table, row)) {
		struct buffer question = {0};
		buffer_format(&question, _("%s：这一行有数，真的要删吗？"), buffer_text(&text));
		bool wanted = prompt_choice(tui, buffer_text(&question), choices, 2) == 1;
		buffer_done(&question);
		if (!wanted) {
			buffer_done(&text);
			return;
		}
		row = table_row(table, table->line, table->leaf);
	}
	if (row != NULL && session_row_drop(tui->session, table->table, row_key(row), &diags) == STATUS_OK)
		tui_say(tui, _("已删去 %s。按 Ctrl-Z 可以撤销。"), buffer_text(&text));
	else
		tui_say_diags(tui, &diags, NULL);
	diag_list_done(&diags);
	buffer_done(&text);
}

static void control_question(const struct table_screen *table, const struct row *row, struct buffer *out)
{
	const struct form_column *column = table_form(table)->leaves[table->leaf];
	const struct form_unit *unit = unit_of(table) != NULL ? unit_of(table) : &column->unit;
	const struct workbook *workbook = tui_workbook(table->screen.tui);
	struct value value = workbook_value(workbook, row, table->leaf);
	struct buffer name = {0};

	workbook_column_name(workbook, table->table, table->leaf, false, &name);
	buffer_format(out, _("%s %s %s 的控制数（%s，现算出 "), row_code(row), row_caption(row), buffer_text(&name),
		      unit->name);
	buffer_done(&name);
	workbook_exact_text(&value, unit, out);
	buffer_add(out, value.blank ? _("空；清空即取消）：") : _("；清空即取消）："));
}

void table_set_control(struct table_screen *table)
{
	struct tui *tui = table->screen.tui;
	const struct form_rule *rule = table_rule(table, table->line, table->leaf);
	const struct form_column *column = table_form(table)->leaves[table->leaf];
	struct diag_list diags = {0};
	struct buffer question = {0}, present = {0};
	struct line line = {0};
	struct value control;

	if (rule == NULL || (rule->kind != FORM_LINEAR && rule->kind != FORM_EVALUATE)) {
		tui_say(tui, "%s", _("控制数只用于算出来的数：请把光标移到没有下划线的数上。"));
		return;
	}
	const struct row *row = table_row(table, table->line, table->leaf);
	control_question(table, row, &question);
	if (workbook_control(tui_workbook(tui), row, table->leaf, &control))
		workbook_exact_text(&control, unit_of(table) != NULL ? unit_of(table) : &column->unit,
				    &present);
	line_set(&line, buffer_text(&present));
	while (prompt_line(tui, buffer_text(&question), &line)) {
		enum status status = session_enter(tui->session, table->table, row_key(row), table->leaf,
						   line_text(&line), unit_of(table), true, &diags);
		tui_say_diags(tui, &diags, NULL);
		if (status == STATUS_OK)
			break;
	}
	line_done(&line);
	buffer_done(&question);
	buffer_done(&present);
	diag_list_done(&diags);
}

void table_pull(struct table_screen *table)
{
	static const char *const choices[] = {N_("提取"), N_("不提取")};
	struct tui *tui = table->screen.tui;
	const struct form_table *form = table_form(table);
	struct diag_list diags = {0};
	size_t changes = 0;

	if (form->pull_table >= 0) {
		struct buffer question = {0};
		buffer_format(&question, _("从《%s》提取科目和同名栏的数，本表同一格里的数会被换掉。"),
			      workbook_pack(tui_workbook(tui))->tables[form->pull_table]->name);
		bool wanted = prompt_choice(tui, buffer_text(&question), choices, 2) == 0;
		buffer_done(&question);
		if (!wanted)
			return;
	}
	if (session_pull(tui->session, table->table, &changes, &diags) == STATUS_OK)
		tui_say(tui, _("提取了 %zu 处。按 Ctrl-Z 可以撤销。"), changes);
	else
		tui_say_diags(tui, &diags, NULL);
	diag_list_done(&diags);
}

static bool is_one_piece(const struct keypress *press)
{
	return strcspn(press->text, "\n\t") == press->length;
}

/* Of a text that may have tabs and lines of its own. */
static bool is_card(const struct table_screen *table, const struct keypress *press)
{
	return strchr(press->text, '\t') != NULL &&
	       session_paste_is_card(table->screen.tui->session, table->table, press->text);
}

void table_paste(struct table_screen *table, const struct keypress *press)
{
	struct tui *tui = table->screen.tui;

	if (press->cut) {
		tui_say_error(tui, "%s", _("粘贴的内容太大（超过 4 MiB），没有填入。请分几次粘贴。"));
		return;
	}
	if (press->length == 0)
		return;
	bool is_text = table_is_in_fields(table) && !is_card(table, press);
	if (is_text && !is_one_piece(press) && table_edit_text(table, press))
		return;
	if (is_text || is_one_piece(press)) {
		if ((table_is_at_empty_line(table) && table_form(table)->coded != NULL) || may_enter(table)) {
			begin_entry(table, "");
			line_key(&table->typed, press);
		}
		return;
	}
	struct import_place place = {.sheet = table->sheet, .line = table->line, .leaf = table->leaf};
	struct import_request request = {
		.settings = {.table = table->table, .unit = unit_of(table), .totals = IMPORT_TOTALS_COMPARE},
		.text = press->text,
		.place = &place,
	};
	import_run(tui, &request);
}
