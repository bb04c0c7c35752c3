/* F5: everything that is wrong, and the way to the cell. */
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "tui/dialogs.h"
#include "tui/list.h"
#include "tui/live.h"

#define FIRST_ROW 1
#define DETAIL_ROWS 3

struct findings {
	struct screen screen;
	struct list list;
	const struct finding **items;
	bool is_chosen;
};

static int shown_rows(void)
{
	return screen_message_row() - DETAIL_ROWS - 1 - FIRST_ROW;
}

static void finding_line(const struct findings *findings, size_t i, struct buffer *out)
{
	const struct finding *finding = findings->items[i];

	buffer_format(out, " %s%s ", finding_severity_sign(finding->severity),
		      finding_severity_label(finding->severity));
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
	return findings.is_chosen;
}
