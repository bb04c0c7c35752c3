/* Findings as lists, counts and sentences. */
#include "model/finding.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/text.h"
#include "model/internal.h"

static const struct {
	const char *word, *label, *sign;
} severities[FINDING_SEVERITIES] = {
	[FINDING_ERROR] = {"error", N_("错误"), "!"},
	[FINDING_WARNING] = {"warning", N_("警告"), "?"},
	[FINDING_ROUNDING] = {"rounding", N_("尾差"), "~"},
	[FINDING_NOTE] = {"note", N_("提示"), "i"},
};

const char *finding_severity_word(enum finding_severity severity)
{
	return severities[severity].word;
}

const char *finding_severity_label(enum finding_severity severity)
{
	return _(severities[severity].label);
}

const char *finding_severity_sign(enum finding_severity severity)
{
	return severities[severity].sign;
}

struct finding_tally workbook_tally(const struct workbook *workbook, int table)
{
	return table < 0 ? workbook->tally : workbook->tables[table].tally;
}

struct sortable { /* the line is looked up once, not at every comparison */
	const struct finding *finding;
	size_t sheet, line;
};

static int by_place(const void *left, const void *right)
{
	const struct sortable *a = left, *b = right;

	if (a->finding->table != b->finding->table)
		return a->finding->table < b->finding->table ? -1 : 1;
	if (a->sheet != b->sheet)
		return a->sheet < b->sheet ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->finding->leaf != b->finding->leaf)
		return a->finding->leaf < b->finding->leaf ? -1 : 1;
	if (a->finding->severity != b->finding->severity)
		return a->finding->severity < b->finding->severity ? -1 : 1;
	if (strcmp(a->finding->name, b->finding->name) != 0)
		return strcmp(a->finding->name, b->finding->name);
	return strcmp(a->finding->key, b->finding->key);
}

size_t workbook_findings(const struct workbook *workbook, int table, const struct finding ***out)
{
	struct sortable *list = NULL;
	size_t count = 0, capacity = 0;

	for (int i = 0; i < workbook->pack->table_count; i++) {
		if (table >= 0 && i != table)
			continue;
		for (const struct finding_node *node = workbook->tables[i].findings; node; node = node->next) {
			array_reserve(&list, &capacity, count, sizeof(*list));
			list[count].finding = &node->finding;
			list[count].sheet = node->finding.row ? row_sheet(node->finding.row) : 0;
			list[count++].line = node->finding.row ? workbook_line_of(workbook, node->finding.row) : 0;
		}
	}
	*out = memory_new_array(count ? count : 1, sizeof(**out));
	if (count)
		qsort(list, count, sizeof(*list), by_place);
	for (size_t i = 0; i < count; i++)
		(*out)[i] = list[i].finding;
	memory_free(list);
	return count;
}

size_t workbook_cell_findings(const struct workbook *workbook, const struct row *row, int leaf,
			      const struct finding **out, size_t most)
{
	size_t count = 0, written = 0;

	(void)workbook;
	for (int severity = 0; severity < FINDING_SEVERITIES; severity++)
		for (const struct finding_node *node = row->findings; node; node = node->next_in_row) {
			const struct finding *finding = &node->finding;

			if (finding->severity != (enum finding_severity)severity || finding->leaf != leaf)
				continue;
			count++;
			if (written < most)
				out[written++] = finding;
		}
	return count;
}

/* The unit in which a finding's figures are written. */
static const struct form_unit *finding_unit(const struct workbook *workbook, const struct finding *finding)
{
	const struct form_table *form = workbook->tables[finding->table].form;

	return finding->leaf >= 0 ? &form->leaves[finding->leaf]->unit : &form->unit;
}

static void value_text(const struct value *value, const struct form_unit *unit, struct buffer *out)
{
	struct form_unit own = *unit;

	if (value->type == VALUE_TEXT) {
		buffer_add(out, value->text ? value->text : "");
		return;
	}
	if (value->type == VALUE_DATE) {
		if (!value->blank)
			buffer_format(out, "%04d-%02d-%02d", (int)(value->number / 10000), (int)(value->number / 100 % 100),
				      (int)(value->number % 100));
		return;
	}
	if (value->type == VALUE_PERCENT || value->type == VALUE_NUMBER)
		own.power = value->type == VALUE_PERCENT ? 4 : 6;
	if (value->type == VALUE_NUMBER)
		own.decimals = 0;
	workbook_exact_text(value, &own, out);
}

void finding_figures(const struct workbook *workbook, const struct finding *finding, struct buffer out[3])
{
	const struct form_unit *unit = finding_unit(workbook, finding);
	const struct verdict *verdict = &finding->verdict;
	struct value difference = verdict->left;

	if (finding->kind == FINDING_CODE || finding->kind == FINDING_TWICE || verdict->state == VERDICT_SKIPPED)
		return;
	value_text(&verdict->left, unit, &out[0]);
	value_text(&verdict->right, unit, &out[1]);
	difference.blank = false;
	difference.number = verdict->difference;
	if (verdict->relation < EXPRESSION_EQUAL || verdict->relation > EXPRESSION_GREATER_EQUAL
	    || verdict->relation == EXPRESSION_UNEQUAL)
		return;
	if (difference.type != VALUE_TEXT && difference.type != VALUE_TRUTH && difference.type != VALUE_DATE)
		value_text(&difference, unit, &out[2]);
}

static void reference_words(const struct reference *reference, struct buffer *out)
{
	buffer_add(out, reference->names[0]);
	if (reference->row_count) {
		buffer_add(out, "[");
		for (size_t i = 0; i < reference->row_count; i++)
			buffer_format(out, "%s%s", i ? ", " : "", reference->rows[i]);
		buffer_add(out, "]");
	}
	for (size_t i = 1; i < reference->name_count; i++)
		buffer_format(out, ".%s", reference->names[i]);
}

static void literal_words(const struct value *value, struct buffer *out)
{
	switch (value->type) {
	case VALUE_MONEY:
		decimal_format_exact(out, value->number, 2, 0);
		buffer_add(out, "元");
		break;
	case VALUE_PERCENT:
		decimal_format_exact(out, value->number, 4, 0);
		buffer_add(out, "%");
		break;
	default: decimal_format_exact(out, value->number, 6, 0);
	}
}

/* Sums need brackets within a product, and behind a minus. */
static bool needs_brackets(const struct expression *expression, const struct expression *part)
{
	bool sum = part->written == NULL && (part->kind == EXPRESSION_ADD || part->kind == EXPRESSION_SUBTRACT);
	bool term = sum || part->kind == EXPRESSION_MULTIPLY || part->kind == EXPRESSION_DIVIDE;

	if (expression->kind == EXPRESSION_DIVIDE && part == expression->right)
		return term;
	return sum && (expression->kind == EXPRESSION_MULTIPLY || expression->kind == EXPRESSION_DIVIDE
		       || expression->kind == EXPRESSION_NEGATE
		       || (expression->kind == EXPRESSION_SUBTRACT && part == expression->right));
}

static void side_words(const struct expression *expression, struct buffer *out);

static void part_words(const struct expression *expression, const struct expression *part, struct buffer *out)
{
	bool brackets = needs_brackets(expression, part);

	buffer_add(out, brackets ? "(" : "");
	if (part->kind == EXPRESSION_NUMBER)
		literal_words(part->value, out);
	else
		side_words(part, out);
	buffer_add(out, brackets ? ")" : "");
}

static void side_words(const struct expression *expression, struct buffer *out)
{
	static const char *const signs[] = {
		[EXPRESSION_ADD] = " + ",
		[EXPRESSION_SUBTRACT] = " - ",
		[EXPRESSION_MULTIPLY] = " * ",
		[EXPRESSION_DIVIDE] = " / ",
	};

	if (expression->written != NULL)
		expression = expression->written;
	switch (expression->kind) {
	case EXPRESSION_REFERENCE: reference_words(expression->reference, out); break;
	case EXPRESSION_SUM:
		buffer_add(out, "sum(");
		if (expression->reference)
			reference_words(expression->reference, out);
		buffer_add(out, ")");
		break;
	case EXPRESSION_NEGATE:
		buffer_add(out, "-");
		part_words(expression, expression->left, out);
		break;
	case EXPRESSION_ADD:
	case EXPRESSION_SUBTRACT:
	case EXPRESSION_MULTIPLY:
	case EXPRESSION_DIVIDE:
		part_words(expression, expression->left, out);
		buffer_add(out, signs[expression->kind]);
		part_words(expression, expression->right, out);
		break;
	default: break; /* a side that is a literal speaks for itself: its figure follows */
	}
}

static const char *relation_words(enum expression_kind relation)
{
	switch (relation) {
	case EXPRESSION_EQUAL: return _("应等于");
	case EXPRESSION_UNEQUAL: return _("不应等于");
	case EXPRESSION_LESS: return _("应小于");
	case EXPRESSION_LESS_EQUAL: return _("应不大于");
	case EXPRESSION_GREATER: return _("应大于");
	case EXPRESSION_GREATER_EQUAL: return _("应不小于");
	case EXPRESSION_IS_BLANK: return _("应为空");
	case EXPRESSION_IS_NOT_BLANK: return _("不应为空");
	case EXPRESSION_LIKE: return _("应写成");
	default: return "";
	}
}

static void place_words(const struct workbook *workbook, const struct finding *finding, struct buffer *out)
{
	const struct form_table *form = workbook->tables[finding->table].form;

	buffer_format(out, "《%s》", form->name);
	size_t named = out->length;
	if (finding->row && finding->row->sheet->entry && form->each >= 0)
		buffer_format(out, finding->row == finding->row->sheet->fields ? "%s" : "%s·", finding->row->sheet->entry->name);
	if (finding->row && finding->row != finding->row->sheet->fields) {
		if (row_code(finding->row)[0])
			buffer_format(out, "%s ", row_code(finding->row));
		row_add_caption(workbook, finding->row, out);
		if (finding->row->entry && !row_caption(finding->row)[0])
			buffer_format(out, _("第%zu行"), workbook_line_of(workbook, finding->row) + 1);
	}
	if (finding->leaf < 0 || form->leaves[finding->leaf]->type == FORM_CODE)
		return;
	buffer_add(out, out->length > named ? "·" : "");
	workbook_column_name(workbook, finding->table, finding->leaf, false, out);
}

/* What one side says, then its figure; of a literal the figure alone. */
static void side_figure(const struct expression *side, const struct buffer *figure, struct buffer *out)
{
	size_t before = out->length;

	side_words(side, out);
	buffer_format(out, out->length > before ? " %s" : "%s", figure->length ? buffer_text(figure) : _("空"));
}

static void check_words(const struct workbook *workbook, const struct finding *finding, struct buffer figures[3],
			struct buffer *out)
{
	const struct expression *spoke = finding->verdict.spoke;

	if (finding->verdict.state == VERDICT_SKIPPED) {
		buffer_format(out, _("这张表另行公开，没有核对“%s”"), finding->name);
		return;
	}
	buffer_add(out, finding->name);
	if (!spoke || !spoke->left || !relation_words(finding->verdict.relation)[0])
		return;
	buffer_add(out, _("："));
	side_figure(spoke->left, &figures[0], out);
	buffer_format(out, " %s", relation_words(finding->verdict.relation));
	if (spoke->kind == EXPRESSION_LIKE) {
		buffer_add(out, " ");
		workbook_expand(workbook, finding->table, spoke->text, out);
	}
	if (spoke->right) {
		buffer_add(out, " ");
		side_figure(spoke->right, &figures[1], out);
	}
}

static void code_words(const struct finding *finding, struct buffer *out)
{
	if (!finding->row->caption)
		buffer_add(out, _("科目目录中没有这个编码，也还没有给出名称。请核对编码，或填上名称。"));
	else if (finding->severity == FINDING_WARNING)
		buffer_format(out, _("科目目录中没有这个编码，名称用自填的“%s”。请核对编码。"), row_caption(finding->row));
	else
		buffer_format(out, _("自填的名称“%s”与科目目录不同。"), row_caption(finding->row));
}

static void add_percent(const struct value *value, struct buffer *figure)
{
	if (value->type == VALUE_PERCENT && figure->length > 0)
		buffer_add(figure, "%");
}

void finding_text(const struct workbook *workbook, const struct finding *finding, struct buffer *out)
{
	const struct form_unit *unit = finding_unit(workbook, finding);
	struct buffer figures[3] = {{0}, {0}, {0}}, text = {0};

	finding_figures(workbook, finding, figures);
	add_percent(&finding->verdict.left, &figures[0]);
	add_percent(&finding->verdict.right, &figures[1]);
	place_words(workbook, finding, &text);
	buffer_add(&text, _("："));
	if (finding->kind == FINDING_CODE)
		code_words(finding, &text);
	else if (finding->kind == FINDING_TWICE)
		buffer_format(&text, _("“%s”与上面的一行重复"), finding->verdict.left.text);
	else if (finding->kind == FINDING_CONTROL)
		buffer_format(&text, _("控制数 %s，计算数 %s"), buffer_text(&figures[0]),
			      figures[1].length ? buffer_text(&figures[1]) : _("空"));
	else
		check_words(workbook, finding, figures, &text);
	if (figures[2].length && finding->kind != FINDING_CODE)
		buffer_format(&text, _("，相差 %s %s"), buffer_text(&figures[2]),
			      finding->verdict.left.type == VALUE_PERCENT ? _("个百分点") : unit->name);
	if (finding->severity == FINDING_ROUNDING) {
		struct buffer bound = {0};

		/* The bound is in halves of the smallest unit: five tenths of it, one decimal more. */
		decimal_format_exact(&bound, finding->verdict.bound * 5, unit->power + 1, unit->decimals);
		buffer_format(&text, _("，在 %u 个四舍五入数的尾差 %s 之内"), finding->verdict.rounded, buffer_text(&bound));
		buffer_done(&bound);
	}
	text_sanitize(out, buffer_text(&text), text.length, false);
	for (int i = 0; i < 3; i++)
		buffer_done(&figures[i]);
	buffer_done(&text);
}

size_t workbook_check_summary(const struct workbook *workbook, struct check_summary **out)
{
	size_t count = 0;
	const struct form_pack *pack = workbook->pack;
	struct check_summary *list = memory_new_array((size_t)pack->check_count + 1, sizeof(*list));
	size_t *slots = memory_new_array((size_t)pack->check_count + 1, sizeof(*slots));

	for (int i = 0; i < pack->check_count; i++) {
		size_t k;

		for (k = 0; k < count && strcmp(list[k].check->name, pack->checks[i].name) != 0; k++)
			;
		slots[i] = k;
		if (k == count)
			list[count++].check = &pack->checks[i];
	}
	for (int t = 0; t < pack->table_count; t++)
		for (const struct finding_node *node = workbook->tables[t].findings; node; node = node->next) {
			const struct finding *finding = &node->finding;
			struct check_summary *summary = &list[count];

			if (finding->kind == FINDING_CODE || finding->kind == FINDING_TWICE)
				continue;
			if (finding->kind == FINDING_CHECK)
				summary = &list[slots[finding->check->index]];
			if (finding->severity == FINDING_ROUNDING)
				summary->rounding++;
			else
				summary->failed++;
		}
	memory_free(slots);
	*out = list;
	return count + 1;
}
