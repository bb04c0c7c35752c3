/* What was not saved last time is shown and decided on before anything is filled in. */
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/recover.h"
#include "tui/dialogs.h"
#include "tui/list.h"
#include "tui/trail.h"

#define LINES_SHOWN 2000

enum choice { CHOICE_TAKE, CHOICE_LIST, CHOICE_ASIDE, CHOICE_LEAVE, CHOICES };

static const char *const choice_words[CHOICES] = {
	N_("取回这些修改，接着填"),
	N_("先看看是哪些修改"),
	N_("另放一边，不取回（日志改名保留）"),
	N_("先不动，只查看这个文件"),
};

#define NEWEST 12

struct recovery {
	struct screen screen;
	const struct session_pending *pending;
	char *newest[NEWEST]; /* lines of the changes made last, the last one first; NULL where there are fewer */
	struct list list;
	enum choice choices[CHOICES];
	bool is_chosen;
};

static void draw_newest(const struct recovery *recovery, int row)
{
	if (recovery->newest[0] == NULL || row + 1 >= screen_message_row())
		return;
	terminal_put(row++, 1, terminal_columns() - 2, LOOK_NORMAL, _("最近的修改（新的在上面）："));
	for (int i = 0; i < NEWEST && recovery->newest[i] != NULL && row < screen_message_row(); i++)
		terminal_put(row++, 3, terminal_columns() - 4, LOOK_NORMAL, recovery->newest[i]);
}

static void draw(struct screen *screen)
{
	struct recovery *recovery = (struct recovery *)screen;
	int row;

	screen_title(_(" 有上次没有保存的修改"), "");
	row = screen_wrap(2, screen_message_row() - CHOICES - 2, terminal_columns() - 2, LOOK_NORMAL,
			  recovery->pending->words);
	for (size_t i = 0; i < recovery->list.count; i++) {
		struct buffer text = {0};
		buffer_format(&text, " %zu  %s", i + 1, _(choice_words[recovery->choices[i]]));
		list_draw(&recovery->list, i, row + 1, buffer_text(&text));
		buffer_done(&text);
	}
	draw_newest(recovery, row + 1 + (int)recovery->list.count + 1);
}

static enum answer key(struct screen *screen, const struct keypress *press)
{
	struct recovery *recovery = (struct recovery *)screen;

	if (list_key(&recovery->list, press, (int)recovery->list.count))
		return ANSWER_DONE;
	if (press->key >= '1' && press->key < '1' + (int)recovery->list.count)
		recovery->list.chosen = (size_t)(press->key - '1');
	else if (press->key == KEYPRESS_ESCAPE || press->key == KEYPRESS_F10)
		recovery->list.chosen = recovery->list.count - 1;
	else if (press->key != KEYPRESS_ENTER)
		return ANSWER_DONE;
	recovery->is_chosen = true;
	return ANSWER_CLOSE;
}

struct listing {
	struct buffer text;
	size_t count;
};

static bool add_change(void *context, const struct session_change *change)
{
	struct listing *listing = context;

	trail_add_change(&listing->text, change);
	if (++listing->count == LINES_SHOWN)
		buffer_add(&listing->text, _("后面还有，没有列出。\n"));
	return listing->count < LINES_SHOWN;
}

static void show_list(struct tui *tui)
{
	struct listing listing = {0};
	struct diag_list diags = {0};

	(void)session_visit_pending(tui->session, add_change, &listing, &diags);
	for (size_t i = 0; i < diags.count; i++)
		buffer_format(&listing.text, "%s\n", diags.items[i].text);
	pages_show(tui, _(" 没有保存的修改"), buffer_text(&listing.text));
	buffer_done(&listing.text);
	diag_list_done(&diags);
}

static bool keep_newest(void *context, const struct session_change *change)
{
	struct recovery *recovery = context;
	struct buffer line = {0}, clean = {0};

	if (*change->place == '\0')
		return true;
	if (strlen(change->time) >= 16)
		buffer_format(&line, "%.5s %.5s ", change->time + 5, change->time + 11);
	buffer_format(&line, "%s%s", change->place, _("："));
	trail_add_values(&line, change->before, change->after);
	text_sanitize(&clean, buffer_text(&line), line.length, false);
	memory_free(recovery->newest[NEWEST - 1]);
	memmove(recovery->newest + 1, recovery->newest, (NEWEST - 1) * sizeof(recovery->newest[0]));
	recovery->newest[0] = buffer_take(&clean);
	buffer_done(&line);
	return true;
}

static enum choice ask(struct tui *tui, const struct session_pending *pending)
{
	static const struct screen_type type = {.keys = N_("按数字选，或用方向键选好后按 Enter　Esc 只查看"),
						.draw = draw,
						.key = key,
						.is_typing = screen_always_typing};
	struct recovery recovery = {.screen.type = &type, .pending = pending};

	for (int i = 0; i < CHOICES; i++)
		if (i != CHOICE_TAKE || pending->fits)
			recovery.choices[recovery.list.count++] = (enum choice)i;
	(void)session_visit_pending(tui->session, keep_newest, &recovery, NULL);
	screen_run(tui, &recovery.screen);
	for (int i = 0; i < NEWEST; i++)
		memory_free(recovery.newest[i]);
	return recovery.is_chosen ? recovery.choices[recovery.list.chosen] : CHOICE_LEAVE;
}

void recover_run(struct tui *tui)
{
	struct diag_list diags = {0};
	const struct session_pending *pending;
	enum choice choice = CHOICE_LIST;

	while (!tui->is_over && choice != CHOICE_LEAVE && !session_is_locked_out(tui->session) &&
	       (pending = session_pending(tui->session)) != NULL) {
		choice = ask(tui, pending);
		if (choice == CHOICE_LIST)
			show_list(tui);
		else if (choice == CHOICE_TAKE)
			(void)session_recover_take(tui->session, &diags);
		else if (choice == CHOICE_ASIDE)
			(void)session_recover_aside(tui->session, &diags);
		if (choice == CHOICE_TAKE && session_pending(tui->session) == NULL && diags.errors == 0)
			tui_say(tui, "%s", _("已取回，还没有保存；请核对后按 F2 保存。"));
		if (diags.count > 0)
			notes_run(tui, &diags);
		diag_list_clear(&diags);
	}
	diag_list_done(&diags);
}

/* ---- the file was changed by others ---- */

void differences_run(struct tui *tui)
{
	struct session_difference *list;
	struct diag_list diags = {0};
	struct buffer text = {0};
	size_t count;

	if (session_compare_disk(tui->session, &list, &count, &diags) != STATUS_OK)
		for (size_t i = 0; i < diags.count; i++)
			buffer_format(&text, "%s\n", diags.items[i].text);
	else if (count == 0)
		buffer_add(&text, _("内容一样，只是写法或次序不同。\n"));
	for (size_t i = 0; i < count && i < LINES_SHOWN; i++) {
		buffer_format(&text, _("%s：文件里 %s，这里 %s"), list[i].place,
			      *list[i].disk != '\0' ? list[i].disk : _("（空）"),
			      *list[i].ours != '\0' ? list[i].ours : _("（空）"));
		buffer_add(&text, "\n");
	}
	if (count > LINES_SHOWN)
		buffer_add(&text, _("后面还有，没有列出。\n"));
	pages_show(tui, _(" 文件和这里的差别"), buffer_text(&text));
	session_differences_free(list, count);
	buffer_done(&text);
	diag_list_done(&diags);
}
