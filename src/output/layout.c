/* The table is drawn as for paper, from a workbook with an example row of each kind (output/blank.h), with marks
 * in the place of figures. Formulas are long and cells are narrow, so a computed cell shows the number of its
 * formula; cells with the same words share one. */
#include "output/layout.h"

#include <limits.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "model/finding.h"
#include "output/blank.h"
#include "output/printing.h"

#define WIDTH_LEAST 60
#define WIDTH_MOST 400
#define INDENT 2
#define NAME_MOST 30 /* cells of the first column of a list */

enum mark {
	MARK_FIGURE,
	MARK_PERCENT,
	MARK_MEASURE,
	MARK_TEXT,
	MARK_CHOICE,
	MARK_DATE,
	MARK_CODE,
	MARK_FORMULA,
	MARK_CLOSED,
	MARKS,
};
static const struct {
	const char *sign, *words;
} marks[MARKS] = {
	[MARK_FIGURE] = {N_("填"), N_("录入数")},
	[MARK_PERCENT] = {N_("填%"), N_("录入百分数")},
	[MARK_MEASURE] = {N_("填指标"), N_("录入指标值，如 ≥95%")},
	[MARK_TEXT] = {N_("填字"), N_("录入文字")},
	[MARK_CHOICE] = {N_("选"), N_("从几个词里选")},
	[MARK_DATE] = {N_("填日期"), N_("录入日期")},
	[MARK_CODE] = {N_("填编码"), N_("录入科目编码")},
	[MARK_FORMULA] = {"=1", N_("算出来，公式见下")},
	[MARK_CLOSED] = {N_("不填"), N_("不用填")},
};

struct layout {
	const struct form_pack *pack;
	const struct form_table *table;
	struct workbook *workbook;
	struct grid *grid;
	bool used[MARKS];
	const char **formulas; /* in order of number, from 1 */
	size_t formula_count, formula_capacity;
	struct pages *pages;
	int width;
};

/* ---- Marks. ---- */

static size_t number_formula(struct layout *layout, const char *words)
{
	for (size_t i = 0; i < layout->formula_count; i++)
		if (strcmp(layout->formulas[i], words) == 0)
			return i + 1;
	array_reserve(&layout->formulas, &layout->formula_capacity, layout->formula_count,
		      sizeof(*layout->formulas));
	layout->formulas[layout->formula_count] = words;
	return ++layout->formula_count;
}

static enum mark mark_of_type(enum form_type type)
{
	switch (type) {
	case FORM_PERCENT:
		return MARK_PERCENT;
	case FORM_MEASURE:
		return MARK_MEASURE;
	case FORM_TEXT:
	case FORM_CAPTION:
		return MARK_TEXT;
	case FORM_CHOICE:
		return MARK_CHOICE;
	case FORM_DATE:
		return MARK_DATE;
	case FORM_CODE:
		return MARK_CODE;
	default:
		return MARK_FIGURE;
	}
}

/* Puts the mark of a cell into it; what stands there already says more. */
static void mark_cell(struct layout *layout, const struct row *row, int leaf, char **cell)
{
	const struct form_rule *rule = row != NULL ? workbook_rule(layout->workbook, row, leaf) : NULL;
	struct buffer text = {0};
	enum mark mark = MARK_CLOSED;

	if (rule == NULL || rule->kind == FORM_NONE || rule->kind == FORM_LABEL || **cell != '\0')
		return;
	if (rule->kind == FORM_ENTERED)
		mark = mark_of_type(layout->table->leaves[leaf]->type);
	else if (rule->kind != FORM_CLOSED)
		mark = MARK_FORMULA;
	if (mark == MARK_FORMULA)
		buffer_format(&text, "=%zu", number_formula(layout, rule->words));
	else
		buffer_add(&text, _(marks[mark].sign));
	layout->used[mark] = true;
	memory_free(*cell);
	*cell = buffer_take(&text);
}

static void mark_row(struct layout *layout, struct grid_row *line)
{
	for (int leaf = layout->grid->first_leaf; leaf < layout->table->leaf_count; leaf++) {
		int block = layout->table->leaves[leaf]->block;
		if (block >= 0)
			mark_cell(layout, line->rows[block], leaf, &line->cells[leaf]);
	}
}

static void mark_grid(struct layout *layout)
{
	struct grid *grid = layout->grid;

	for (int i = 0; i < grid->field_line_count; i++)
		for (int k = 0; k < grid->field_lines[i].count; k++)
			if (grid->field_lines[i].cells[k].leaf >= 0)
				mark_cell(layout, grid->fields, grid->field_lines[i].cells[k].leaf,
					  &grid->field_lines[i].cells[k].text);
	for (size_t i = 0; i < grid->row_count; i++)
		mark_row(layout, &grid->rows[i]);
}

/* ---- What stands below the table. ---- */

static void add_heading(struct layout *layout, const char *text)
{
	struct lines lines = {0};

	lines_wrap(&lines, "", text, layout->width);
	pages_add(layout->pages, "");
	pages_add_lines(layout->pages, &lines);
	lines_done(&lines);
}

/* `first` in a column of its own, `text` beside it. */
static void add_item(struct layout *layout, const char *first, int first_width, const char *text)
{
	struct buffer left = {0};
	struct lines lines = {0};

	buffer_add_repeated(&left, ' ', INDENT);
	if (text_width(first) <= first_width)
		text_fit(&left, first, first_width, TEXT_LEFT);
	else
		buffer_add(&left, first);
	buffer_add_repeated(&left, ' ', INDENT);
	lines_wrap(&lines, buffer_text(&left), text, layout->width);
	pages_add_lines(layout->pages, &lines);
	lines_done(&lines);
	buffer_done(&left);
}

static void add_marks(struct layout *layout)
{
	int width = 6;

	for (enum mark i = 0; i < MARKS; i++)
		if (layout->used[i] && text_width(_(marks[i].sign)) > width)
			width = text_width(_(marks[i].sign));
	add_heading(layout, _("格里的记号"));
	for (enum mark i = 0; i < MARKS; i++)
		if (layout->used[i])
			add_item(layout, _(marks[i].sign), width, _(marks[i].words));
}

static void add_formulas(struct layout *layout)
{
	if (layout->formula_count > 0)
		add_heading(layout, _("公式"));
	for (size_t i = 0; i < layout->formula_count; i++) {
		struct buffer number = {0};
		buffer_format(&number, "=%zu", i + 1);
		add_item(layout, buffer_text(&number), 4, layout->formulas[i]);
		buffer_done(&number);
	}
}

/* The shortest name by which formulas find the column. */
static void add_leaf_name(const struct form_table *table, const struct form_column *leaf, struct buffer *out)
{
	const char *name = leaf->id != NULL ? leaf->id : leaf->name;
	bool short_enough = form_leaf_find(table, name, -1) == leaf->leaf;

	if (!short_enough && leaf->parent != NULL && leaf->parent->depth >= 0)
		buffer_format(out, "%s.",
			      leaf->parent->id != NULL ? leaf->parent->id : leaf->parent->name);
	buffer_add(out, name);
}

/* The type in Chinese and as a layout writes it. */
static void add_type(enum form_type type, struct buffer *out)
{
	static const struct {
		const char *words, *written;
	} types[] = {
		[FORM_MONEY] = {N_("金额"), "money"},       [FORM_COUNT] = {N_("整数"), "count"},
		[FORM_NUMBER] = {N_("数"), "number"},       [FORM_PERCENT] = {N_("百分数"), "percent"},
		[FORM_MEASURE] = {N_("指标值"), "measure"}, [FORM_TEXT] = {N_("文字"), "text"},
		[FORM_CHOICE] = {N_("选择"), "choice"},     [FORM_DATE] = {N_("日期"), "date"},
		[FORM_ORDINAL] = {N_("行号"), "ordinal"},   [FORM_CODE] = {N_("科目编码"), "code"},
		[FORM_CAPTION] = {N_("行名"), "caption"},
	};

	buffer_format(out, "%s %s", _(types[type].words), types[type].written);
}

static bool is_figure(enum form_type type)
{
	return type == FORM_MONEY || type == FORM_COUNT || type == FORM_NUMBER || type == FORM_PERCENT;
}

static void add_sample_figure(const struct form_column *leaf, struct buffer *out)
{
	buffer_add(out, leaf->unit.commas ? "#,##0" : "0");
	if (leaf->unit.decimals > 0) {
		buffer_add_byte(out, '.');
		buffer_add_repeated(out, '0', (size_t)leaf->unit.decimals);
	}
	if (leaf->type == FORM_PERCENT && (leaf->format == NULL || strchr(leaf->format, '%') != NULL))
		buffer_add_byte(out, '%');
}

static void describe_leaf(const struct form_column *leaf, struct buffer *out)
{
	add_type(leaf->type, out);
	if (is_figure(leaf->type)) {
		if (*leaf->unit.name != '\0' && leaf->type != FORM_PERCENT)
			buffer_format(out, _("，%s"), leaf->unit.name);
		buffer_add(out, _("，印作 "));
		add_sample_figure(leaf, out);
	}
	if (leaf->type == FORM_DATE && leaf->format != NULL)
		buffer_format(out, _("，印作 %s"), leaf->format);
	if (leaf->catalogue != NULL && leaf->level >= 0)
		buffer_format(out, _("，只印%s级"), leaf->catalogue->levels[leaf->level].name);
	else if (leaf->catalogue != NULL)
		buffer_format(out, _("，%s"), leaf->catalogue->title);
	for (int i = 0; i < leaf->choice_count; i++)
		buffer_format(out, "%s%s", i == 0 ? _("：") : _("、"), leaf->choices[i]);
	if (leaf->standard != NULL)
		buffer_format(out, _("，不填时是 %s"), leaf->standard);
	if (leaf->once)
		buffer_add(out, _("，与上一行相同时不重印"));
	if (leaf->unique)
		buffer_add(out, _("，各行不能相同"));
}

static void add_column(struct layout *layout, const struct form_column *leaf)
{
	struct buffer name = {0}, words = {0};

	if (leaf->number > 0 && layout->table->numbers != NULL && leaf->leaf >= layout->grid->first_leaf)
		buffer_format(&name, "%d ", leaf->number);
	add_leaf_name(layout->table, leaf, &name);
	describe_leaf(leaf, &words);
	add_item(layout, buffer_text(&name), NAME_MOST, buffer_text(&words));
	buffer_done(&name);
	buffer_done(&words);
}

static void add_columns(struct layout *layout)
{
	if (layout->grid->first_leaf > 0)
		add_heading(layout, _("表格以外的各项，按公式里的名称"));
	for (int i = 0; i < layout->grid->first_leaf; i++)
		add_column(layout, layout->table->leaves[i]);
	if (layout->grid->first_leaf < layout->table->leaf_count)
		add_heading(layout, _("各栏，按公式里的名称"));
	for (int i = layout->grid->first_leaf; i < layout->table->leaf_count; i++)
		add_column(layout, layout->table->leaves[i]);
}

/* Rows whose name in formulas cannot be told from what is printed. */
static bool has_other_name(const struct form_row *row)
{
	struct buffer squeezed = {0};
	bool other;

	text_squeeze(&squeezed, row->caption);
	other = row->id != NULL || strstr(buffer_text(&squeezed), row->name) == NULL;
	buffer_done(&squeezed);
	return other;
}

static void add_rows(struct layout *layout)
{
	const struct form_table *table = layout->table;
	bool begun = false;

	for (int i = 0; i < table->row_count; i++) {
		const struct form_row *row = &table->rows[i];
		if (!has_other_name(row))
			continue;
		if (!begun)
			add_heading(layout, _("公式里名称不同的行（其余的就是印出的名称，去掉编号和括号）"));
		begun = true;
		add_item(layout, row->id != NULL ? row->id : row->name, NAME_MOST, row->caption);
	}
}

static const char *severity_label(const struct form_check *check)
{
	static const enum finding_severity severities[] = {
		[FORM_ERROR] = FINDING_ERROR, [FORM_WARNING] = FINDING_WARNING, [FORM_HINT] = FINDING_NOTE};

	return finding_severity_label(severities[check->severity]);
}

/* A relation that names no column stands in the pack once for each. */
static bool is_same_relation(const struct form_check *check, const struct form_check *before)
{
	return before != NULL && before->severity == check->severity && strcmp(before->name, check->name) == 0 &&
	       strcmp(before->rule->text, check->rule->text) == 0;
}

static void add_checks(struct layout *layout)
{
	const struct form_check *before = NULL;
	int width = 0;

	for (int i = 0; i < layout->pack->check_count; i++) {
		const struct form_check *check = &layout->pack->checks[i];
		if (check->table == layout->table->index && text_width(severity_label(check)) > width)
			width = text_width(severity_label(check));
	}
	for (int i = 0; i < layout->pack->check_count; i++) {
		const struct form_check *check = &layout->pack->checks[i];
		struct buffer text = {0};
		if (check->table != layout->table->index || is_same_relation(check, before))
			continue;
		if (before == NULL)
			add_heading(layout, _("审核关系"));
		before = check;
		buffer_format(&text, "%s: %s", check->name, check->rule->text);
		add_item(layout, severity_label(check), width, buffer_text(&text));
		buffer_done(&text);
	}
}

/* ---- What kind of table it is. ---- */

static void add_levels(const struct catalogue *catalogue, struct buffer *out)
{
	for (int i = 0; i < catalogue->level_count; i++)
		buffer_format(out, "%s%s", i > 0 ? _("、") : _("（"), catalogue->levels[i].name);
	buffer_add(out, _("）"));
}

static void describe_coded(const struct form_coded *coded, bool brief, struct buffer *out)
{
	buffer_format(out, _("按%s分行"), coded->catalogue->title);
	if (!brief)
		add_levels(coded->catalogue, out);
	buffer_format(out, _("，录入到%s"), coded->catalogue->levels[coded->leaf_level].name);
}

static void describe_table(const struct form_pack *pack, const struct form_table *table, bool brief,
			   struct buffer *out)
{
	const char *comma = table->each >= 0 ? _("，") : "";

	if (table->each >= 0)
		buffer_format(out, _("每个%s一张"), pack->lists[table->each].name);
	if (table->coded != NULL)
		describe_coded(table->coded, brief, out);
	else if (table->list >= 0)
		buffer_format(out, _("%s一行一个%s"), comma, pack->lists[table->list].name);
	else if (table->line_count > 0)
		buffer_format(out, _("%s固定 %d 行"), comma, table->line_count);
	if (table->pull_table >= 0 && !brief)
		buffer_format(out, _("，可从《%s》提取"), pack->tables[table->pull_table]->name);
}

static void add_settings(struct layout *layout)
{
	struct buffer text = {0};

	add_heading(layout, _("这张表"));
	describe_table(layout->pack, layout->table, false, &text);
	add_item(layout, layout->table->name, text_width(layout->table->name), buffer_text(&text));
	buffer_done(&text);
	if (layout->table->empty_note != NULL)
		add_item(layout, _("没有数时"), 8, layout->table->empty_note);
}

/* ---- All of it. ---- */

static int within(int value, int least, int most)
{
	return value < least ? least : value > most ? most : value;
}

void layout_format(const struct form_pack *pack, int table, int width, struct buffer *out)
{
	struct layout layout = {.pack = pack, .table = pack->tables[table]};
	struct printing printing;

	layout.width = within(width, WIDTH_LEAST, WIDTH_MOST);
	layout.workbook = blank_example(pack);
	layout.grid = grid_new_blank(layout.workbook, table, 0);
	layout.pages = pages_new(layout.width, INT_MAX);
	mark_grid(&layout);
	printing = printing_of(layout.grid, layout.pages);
	printing_sheet(&printing);
	add_settings(&layout);
	add_marks(&layout);
	add_formulas(&layout);
	add_columns(&layout);
	add_rows(&layout);
	add_checks(&layout);
	pages_text(layout.pages, out);
	printing_done(&printing);
	pages_free(layout.pages);
	grid_free(layout.grid);
	workbook_free(layout.workbook);
	memory_free(layout.formulas);
}

void layout_list(const struct form_pack *pack, struct buffer *out)
{
	int id = 0, name = 0;

	for (int i = 0; i < pack->table_count; i++) {
		id = text_width(pack->tables[i]->id) > id ? text_width(pack->tables[i]->id) : id;
		name = text_width(pack->tables[i]->name) > name ? text_width(pack->tables[i]->name) : name;
	}
	for (int i = 0; i < pack->table_count; i++) {
		const struct form_table *table = pack->tables[i];
		text_fit(out, table->id, id, TEXT_LEFT);
		buffer_add(out, "  ");
		text_fit(out, table->name, name, TEXT_LEFT);
		buffer_add(out, "  ");
		describe_table(pack, table, true, out);
		buffer_add_byte(out, '\n');
	}
}
