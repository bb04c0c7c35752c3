#include "output/closing.h"

#include <string.h>

#include "base/decimal.h"
#include "base/memory.h"
#include "base/text.h"

#define FINGERPRINT_SHORT 12 /* digits on every page; all of them on the last */
#define FINGERPRINT_GROUP 8
#define ORDINAL_WIDTH 4
#define RESULT_WIDTH 26
#define SEVERITY_WIDTH 6
#define SEVERITY_WIDTH_MOST 10 /* in languages with longer words */
#define NAME_MOST 60
#define SIGNATURE_LINES 12 /* are kept on one page */

static void add_clean(struct buffer *out, const char *text)
{
	if (text != NULL)
		text_sanitize(out, text, strlen(text), false);
}

void closing_tally(struct finding_tally tally, struct buffer *out)
{
	size_t all = 0;

	for (int i = 0; i < FINDING_SEVERITIES; i++)
		all += tally.count[i];
	if (all == 0) {
		buffer_add(out, _("审核结果：没有发现问题。"));
		return;
	}
	buffer_add(out, _("审核结果："));
	for (enum finding_severity i = 0; i < FINDING_SEVERITIES; i++)
		buffer_format(out, _("%s%s %zu 处（%s）"), i > 0 ? _("，") : "", finding_severity_label(i),
			      tally.count[i], finding_severity_sign(i));
	buffer_add(out, _("。"));
}

void closing_running_line(const struct workbook *workbook, const struct sheet_settings *settings,
			  struct buffer *out)
{
	add_clean(out, workbook_field(workbook, WORKBOOK_CODE));
	add_clean(out, workbook_field(workbook, WORKBOOK_NAME));
	buffer_add(out, _(" 核对表"));
	if (settings->fingerprint != NULL)
		buffer_format(out, _("  文件指纹 %.*s"), FINGERPRINT_SHORT, settings->fingerprint);
	else
		buffer_add(out, _("  文件未保存"));
}

/* ---- The list of checks. ---- */

static void add_result(const struct check_summary *summary, struct buffer *out)
{
	if (summary->failed == 0 && summary->rounding == 0)
		buffer_add(out, _("平"));
	if (summary->failed > 0)
		buffer_format(out, _("不平 %zu 处"), summary->failed);
	if (summary->failed > 0 && summary->rounding > 0)
		buffer_add(out, _("，"));
	if (summary->rounding > 0)
		buffer_format(out, _("尾差 %zu 处"), summary->rounding);
}

static void add_rule(struct pages *pages, const int widths[4])
{
	struct buffer line = {0};

	buffer_add_byte(&line, '+');
	for (int i = 0; i < 4; i++) {
		buffer_add_repeated(&line, '-', (size_t)widths[i]);
		buffer_add_byte(&line, '+');
	}
	pages_add(pages, buffer_text(&line));
	buffer_done(&line);
}

/* A row of the list; the name, third of them, may run over several lines. */
static void add_row(struct pages *pages, const int widths[4], const char *const texts[4], bool head)
{
	struct lines wrapped[4] = {{0}, {0}, {0}, {0}};
	size_t height = 1;

	for (int i = 0; i < 4; i++) {
		lines_wrap(&wrapped[i], "", texts[i], widths[i]);
		height = wrapped[i].count > height ? wrapped[i].count : height;
	}
	for (size_t y = 0; y < height; y++) {
		struct buffer line = {0};
		buffer_add_byte(&line, '|');
		for (int i = 0; i < 4; i++) {
			text_fit(&line, y < wrapped[i].count ? wrapped[i].items[y] : "", widths[i],
				 head     ? TEXT_CENTRE
				 : i == 0 ? TEXT_RIGHT
					  : TEXT_LEFT);
			buffer_add_byte(&line, '|');
		}
		pages_add(pages, buffer_text(&line));
		buffer_done(&line);
	}
	for (int i = 0; i < 4; i++)
		lines_done(&wrapped[i]);
}

static void add_list_head(struct pages *pages, const int widths[4])
{
	const char *const captions[4] = {_("序号"), _("审核关系"), _("不符即"), _("结果")};

	add_rule(pages, widths);
	add_row(pages, widths, captions, true);
	add_rule(pages, widths);
}

static const char *severity_of(const struct form_check *check)
{
	static const enum finding_severity of[] = {
		[FORM_ERROR] = FINDING_ERROR, [FORM_WARNING] = FINDING_WARNING, [FORM_HINT] = FINDING_NOTE};

	return finding_severity_label(check != NULL ? of[check->severity] : FINDING_ERROR);
}

static void print_checks(const struct workbook *workbook, struct pages *pages)
{
	struct check_summary *summaries;
	size_t count = workbook_check_summary(workbook, &summaries);
	int widths[4] = {ORDINAL_WIDTH, 0, 0, RESULT_WIDTH};

	widths[2] = text_width(severity_of(NULL)) > SEVERITY_WIDTH ? SEVERITY_WIDTH_MOST : SEVERITY_WIDTH;
	widths[1] = pages_width(pages) - widths[0] - widths[2] - widths[3] - 5;
	if (widths[1] > NAME_MOST)
		widths[1] = NAME_MOST;
	add_list_head(pages, widths);
	for (size_t i = 0; i < count; i++) {
		const char *name =
			summaries[i].check != NULL ? summaries[i].check->name : _("控制数等于计算数");
		struct buffer number = {0}, result = {0}, clean = {0};
		buffer_format(&number, "%zu", i + 1);
		add_clean(&clean, name);
		add_result(&summaries[i], &result);
		if (pages_room(pages) < 4) {
			add_rule(pages, widths);
			pages_break(pages);
			add_list_head(pages, widths);
		}
		add_row(pages, widths,
			(const char *const[4]){buffer_text(&number), buffer_text(&clean),
					       severity_of(summaries[i].check), buffer_text(&result)},
			false);
		buffer_done(&number);
		buffer_done(&clean);
		buffer_done(&result);
	}
	add_rule(pages, widths);
	memory_free(summaries);
}

/* ---- Totals. ---- */

static const struct row *live_row(const struct workbook *workbook, int i)
{
	const struct form_table *table =
		workbook_pack(workbook)->tables[workbook_pack(workbook)->live[i].table];
	int class = workbook_pack(workbook)->live[i].class;
	const char *key = table->coded != NULL ? table->coded->total_name : table->rows[class].key;

	return key != NULL ? workbook_row_find(workbook, table->index, key) : NULL;
}

/* 收入总计 116.16  支出总计 116.16  差额 0.00 万元 */
static void print_totals(const struct workbook *workbook, struct pages *pages)
{
	const struct form_pack *pack = workbook_pack(workbook);
	const struct form_unit *unit = NULL;
	int64_t figures[2] = {0, 0}, difference;
	struct buffer line = {0};

	for (int i = 0; i < pack->live_count; i++) {
		const struct row *row = live_row(workbook, i);
		unit = &pack->tables[pack->live[i].table]->leaves[pack->live[i].leaf]->unit;
		if (row != NULL)
			figures[i] = workbook_value(workbook, row, pack->live[i].leaf).number;
		add_clean(&line, pack->live[i].label);
		buffer_add(&line, _("："));
		decimal_format(&line, figures[i], unit->power, unit->decimals, true);
		buffer_add(&line, "   ");
	}
	if (pack->live_count == 2 && decimal_subtract(figures[0], figures[1], &difference)) {
		buffer_add(&line, _("差额："));
		decimal_format(&line, difference, unit->power, unit->decimals, true);
	}
	if (unit != NULL)
		buffer_format(&line, _("   （%s）"), unit->name);
	pages_add(pages, buffer_text(&line));
	buffer_done(&line);
}

/* ---- Signatures and the file. ---- */

static void print_signatures(const struct workbook *workbook, struct pages *pages)
{
	int third = pages_width(pages) / 3;
	struct buffer line = {0};

	for (enum workbook_field field = WORKBOOK_PREPARER; field <= WORKBOOK_LEADER; field++) {
		struct buffer part = {0};
		int rest;
		buffer_format(&part, _("%s："), workbook_field_label(field));
		add_clean(&part, workbook_field(workbook, field));
		rest = third - 2 - text_width(buffer_text(&part));
		buffer_add_repeated(&part, '_', rest > 0 ? (size_t)rest : 0);
		text_fit(&line, buffer_text(&part), third, TEXT_LEFT);
		buffer_done(&part);
	}
	pages_add(pages, buffer_text(&line));
	buffer_done(&line);
}

static void print_pair(struct pages *pages, const char *label, const char *text)
{
	struct lines lines = {0};
	struct buffer first = {0}, clean = {0};

	buffer_format(&first, _("%s："), label);
	add_clean(&clean, text);
	lines_wrap(&lines, buffer_text(&first), buffer_text(&clean), pages_width(pages));
	pages_add_lines(pages, &lines);
	lines_done(&lines);
	buffer_done(&first);
	buffer_done(&clean);
}

/* In groups, so that it can be compared by eye. */
static void print_fingerprint(const char *fingerprint, struct pages *pages)
{
	struct buffer grouped = {0};

	if (fingerprint == NULL)
		buffer_add(&grouped, _("未保存，本表不能作为定稿"));
	for (size_t i = 0; fingerprint != NULL && fingerprint[i] != '\0'; i++) {
		if (i > 0 && i % FINGERPRINT_GROUP == 0)
			buffer_add_byte(&grouped, ' ');
		buffer_add_byte(&grouped, fingerprint[i]);
	}
	print_pair(pages, _("文件指纹（SHA-256）"), buffer_text(&grouped));
	buffer_done(&grouped);
}

static void print_subject(const struct workbook *workbook, struct pages *pages)
{
	struct buffer title = {0}, line = {0};

	text_fit(&title, _("审核结果汇总"), pages_width(pages), TEXT_CENTRE);
	pages_add(pages, buffer_text(&title));
	pages_add(pages, "");
	add_clean(&line, workbook_field(workbook, WORKBOOK_CODE));
	add_clean(&line, workbook_field(workbook, WORKBOOK_NAME));
	buffer_format(&line, "   %s%s", workbook_field_label(WORKBOOK_YEAR), _("："));
	add_clean(&line, workbook_field(workbook, WORKBOOK_YEAR));
	buffer_add(&line, "   ");
	add_clean(&line, workbook_pack(workbook)->title);
	pages_add(pages, buffer_text(&line));
	buffer_done(&title);
	buffer_done(&line);
}

/* Tables that are published elsewhere are not among the sheets; a reader must know that they are meant to
 * be missing. */
static void print_elsewhere(const struct workbook *workbook, struct pages *pages)
{
	const struct form_pack *pack = workbook_pack(workbook);
	struct buffer names = {0};

	for (int i = 0; i < pack->table_count; i++)
		if (workbook_is_elsewhere(workbook, i))
			buffer_format(&names, _("《%s》"), pack->tables[i]->name);
	if (names.length > 0)
		print_pair(pages, _("另行公开，未列入本表"), buffer_text(&names));
	buffer_done(&names);
}

void closing_print(const struct workbook *workbook, const struct sheet_settings *settings,
		   struct pages *pages)
{
	struct buffer tally = {0};

	pages_break(pages);
	print_subject(workbook, pages);
	print_checks(workbook, pages);
	pages_add(pages, "");
	if (pages_room(pages) < SIGNATURE_LINES)
		pages_break(pages);
	closing_tally(workbook_tally(workbook, -1), &tally);
	pages_add(pages, buffer_text(&tally));
	print_totals(workbook, pages);
	print_elsewhere(workbook, pages);
	pages_add(pages, "");
	pages_add(pages, "");
	print_signatures(workbook, pages);
	pages_add(pages, "");
	print_pair(pages, workbook_field_label(WORKBOOK_DATE), workbook_field(workbook, WORKBOOK_DATE));
	print_pair(pages, _("打印日期"), settings->date);
	print_pair(pages, _("文件"), settings->file);
	print_fingerprint(settings->fingerprint, pages);
	buffer_done(&tally);
}
