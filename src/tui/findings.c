/* F5: everything that is wrong, and the way to the cell.
 *
 * A wrong leaf makes its parents and the total wrong by the same amount, and these come first in the table. Here what
 * follows from a finding stands behind it. */
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "tui/dialogs.h"
#include "tui/list.h"
#include "tui/live.h"

#define FIRST_ROW 1
#define DETAIL_ROWS 3
#define LOOK_AHEAD 300 /* lines in which the cause is looked for */
#define NONE SIZE_MAX

struct findings {
	struct screen screen;
	struct list list;
	const struct finding **items;
	bool *follows; /* [item]: it is what the one before it entails */
	size_t followers;
	bool is_chosen;
};

static bool is_below(const struct row *row, const struct row *above)
{
	for (row = row != NULL ? row_parent(row) : NULL; row != NULL; row = row_parent(row))
		if (row == above)
			return true;
	return false;
}

/* The same relation fails by the same amount in the same column of a row below. */
static bool is_entailed(const struct finding *finding, const struct finding *below)
{
	return finding->row != NULL && finding->verdict.difference != 0 &&
	       finding->verdict.difference == below->verdict.difference && finding->leaf == below->leaf &&
	       finding->kind == below->kind && finding->severity == below->severity &&
	       strcmp(finding->name, below->name) == 0 && is_below(below->row, finding->row);
}

static size_t find_cause(const struct finding **items, size_t count, size_t which)
{
	for (size_t i = which + 1; i < count && i - which <= LOOK_AHEAD && items[i]->table == items[which]->table; i++)
		if (is_entailed(items[which], items[i]))
			return i;
	return NONE;
}

/* Puts each behind its cause, the nearest first. Causes come later in the table than what they entail. */
static void arrange(struct findings *findings)
{
	size_t count = findings->list.count, written = 0;
	size_t *root = memory_new_array(count + 1, sizeof(*root)), *next = memory_new_array(count + 1, sizeof(*next)),
	       *last = memory_new_array(count + 1, sizeof(*last));
	const struct finding **arranged = memory_new_array(count + 1, sizeof(*arranged));

	findings->follows = memory_new_array(count + 1, sizeof(*findings->follows));
	for (size_t i = count; i-- > 0;) {
		size_t cause = find_cause(findings->items, count, i);
		root[i] = cause == NONE ? i : root[cause];
		next[i] = NONE;
		if (cause != NONE)
			next[last[root[i]]] = i;
		last[root[i]] = i;
	}
	for (size_t i = 0; i < count; i++)
		for (size_t k = i; root[i] == i && k != NONE; k = next[k]) {
			findings->followers += k != i;
			findings->follows[written] = k != i;
			arranged[written++] = findings->items[k];
		}
	memory_free(findings->items);
	findings->items = arranged;
	memory_free(root);
	memory_free(next);
	memory_free(last);
}

static int shown_rows(void)
{
	return screen_message_row() - DETAIL_ROWS - 1 - FIRST_ROW;
}

static void finding_line(const struct findings *findings, size_t i, struct buffer *out)
{
	const struct finding *finding = findings->items[i];

	buffer_format(out, " %s%s ", finding_severity_sign(finding->severity),
		      findings->follows[i] ? _("随之") : finding_severity_label(finding->severity));
	finding_text(tui_workbook(findings->screen.tui), finding, out);
}

/* The chosen one in full, below the list. */
static void draw_detail(const struct findings *findings)
{
	struct buffer text = {0};

	finding_line(findings, findings->list.chosen, &text);
	screen_wrap(screen_message_row() - DETAIL_ROWS, screen_message_row(), terminal_columns() - 1,
		    LOOK_NORMAL, buffer_text(&text));
	buffer_done(&text);
}

static void draw(struct screen *screen)
{
	struct findings *findings = (struct findings *)screen;
	struct buffer text = {0};
	int columns = terminal_columns();

	list_scroll(&findings->list, shown_rows());
	buffer_format(&text, _(" 问题（%zu）"), findings->list.count);
	if (findings->followers > 0)
		buffer_format(&text, _("　“随之”的 %zu 处差额与上面一处相同，多半是同一个原因"), findings->followers);
	screen_title(buffer_text(&text), "");
	if (findings->list.count == 0)
		terminal_put(FIRST_ROW + 1, 1, columns - 1, LOOK_NORMAL, _("没有问题：各表平衡，控制数都对得上。"));
	for (size_t i = findings->list.top;
	     i < findings->list.count && i < findings->list.top + (size_t)shown_rows(); i++) {
		struct buffer fitted = {0};
		buffer_clear(&text);
		finding_line(findings, i, &text);
		text_fit(&fitted, buffer_text(&text), columns - 1, TEXT_LEFT);
		list_draw(&findings->list, i, FIRST_ROW, buffer_text(&fitted));
		buffer_done(&fitted);
	}
	live_draw(screen->tui, screen_message_row() - DETAIL_ROWS - 1);
	if (findings->list.count > 0)
		draw_detail(findings);
	buffer_done(&text);
}

static enum answer key(struct screen *screen, const struct keypress *press)
{
	struct findings *findings = (struct findings *)screen;

	if (list_key(&findings->list, press, shown_rows()))
		return ANSWER_DONE;
	if (press->key == KEYPRESS_ENTER && findings->list.count > 0) {
		findings->is_chosen = true;
		return ANSWER_CLOSE;
	}
	if (press->key == KEYPRESS_F5 || press->key == KEYPRESS_ESCAPE || press->key == KEYPRESS_F10)
		return ANSWER_CLOSE;
	/* The findings are borrowed from the workbook: nothing that changes it may run here. */
	return action_of_key(press->key, PLACE_FINDINGS) == ACTION_SAVE ? ANSWER_PASS
	       : press->key == KEYPRESS_F1 || press->key == KEYPRESS_F7 ? ANSWER_PASS : ANSWER_DONE;
}

bool findings_run(struct tui *tui, int table, struct session_place *place)
{
	static const struct screen_type type = {.place = PLACE_FINDINGS,
						.keys = N_("Enter 跳到这一格　↑↓ 选择　F10 返回　F1 帮助"),
						.draw = draw,
						.key = key};
	struct findings findings = {.screen.type = &type};

	findings.list.count = workbook_findings(tui_workbook(tui), -1, &findings.items);
	arrange(&findings);
	while (table >= 0 && findings.list.chosen < findings.list.count &&
	       findings.items[findings.list.chosen]->table < table)
		findings.list.chosen++;
	if (findings.list.chosen == findings.list.count)
		findings.list.chosen = 0;
	screen_run(tui, &findings.screen);
	if (findings.is_chosen) {
		const struct finding *finding = findings.items[findings.list.chosen];
		*place = (struct session_place){.table = finding->table, .leaf = finding->leaf};
		if (finding->row != NULL)
			strncpy(place->key, row_key(finding->row), sizeof(place->key) - 1);
	}
	memory_free(findings.items);
	memory_free(findings.follows);
	return findings.is_chosen;
}
