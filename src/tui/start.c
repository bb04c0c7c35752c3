/* The start page: recent files by number, another file by path, or a new one. In the restricted mode the
 * workbooks of the folder, or a new one. */
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "form/pack.h"
#include "session/recover.h"
#include "session/restrict.h"
#include "store/recent.h"
#include "tui/command.h"
#include "tui/dialogs.h"
#include "tui/list.h"
#include "tui/prompt.h"

#define FIRST_ROW 4
#define NUMBERED 9

/* The lines: files, then new ones that were never saved, then (unless restricted) another file, then a new one. */
struct start {
	struct screen screen;
	struct list list;
	char **files;
	size_t file_count;
	struct session_unsaved *unsaved;
	size_t unsaved_count;
};

static void forget(struct start *start)
{
	for (size_t i = 0; i < start->file_count; i++)
		memory_free(start->files[i]);
	memory_free(start->files);
	session_unsaved_free(start->unsaved, start->unsaved_count);
	start->files = NULL;
}

static void read_recent(struct start *start)
{
	forget(start);
	start->file_count =
		session_is_restricted() ? session_list_workbooks(&start->files) : recent_list(&start->files);
	start->unsaved_count = session_list_unsaved(&start->unsaved);
	start->list.count = start->file_count + start->unsaved_count + (session_is_restricted() ? 1 : 2);
}

static bool is_other(const struct start *start, size_t item)
{
	return item == start->file_count + start->unsaved_count && !session_is_restricted();
}

static void add_unsaved(const struct session_unsaved *unsaved, struct buffer *text)
{
	struct buffer name = {0};

	text_sanitize(&name, unsaved->name, strlen(unsaved->name), false);
	buffer_format(text, _("    没有保存过的新预算 %s，%zu 步，%.10s"), buffer_text(&name), unsaved->groups, unsaved->to);
	buffer_done(&name);
}

static void draw(struct screen *screen)
{
	struct start *start = (struct start *)screen;
	size_t rows = (size_t)(screen_message_row() - FIRST_ROW);

	list_scroll(&start->list, (int)rows);
	screen_title(_(" 预表　部门预算填报"), session_is_restricted() ? _("限制模式 ") : "");
	terminal_put(2, 1, terminal_columns() - 1, LOOK_NORMAL,
		     session_is_restricted() ? _("按数字或用方向键选，按 Enter 打开；按 n 新建。")
					     : _("按数字或用方向键选，按 Enter 打开。"));
	for (size_t i = start->list.top; i < start->list.count && i < start->list.top + rows; i++) {
		struct buffer text = {0};
		if (i < start->file_count) {
			if (i < NUMBERED)
				buffer_format(&text, " %zu  ", i + 1);
			else
				buffer_add(&text, "    ");
			text_sanitize(&text, start->files[i], strlen(start->files[i]), false);
		} else if (i < start->file_count + start->unsaved_count) {
			add_unsaved(&start->unsaved[i - start->file_count], &text);
		} else {
			buffer_add(&text,
				   is_other(start, i) ? _(" o  打开别的文件") : _(" n  新建预算文件"));
		}
		list_draw(&start->list, i, FIRST_ROW, buffer_text(&text));
		buffer_done(&text);
	}
}

static void work_on(struct tui *tui, struct session *session, struct diag_list *diags, bool is_new)
{
	tui->session = session;
	tui->other_unit = false;
	session_settle(session);
	if (diags->count > 0)
		notes_run(tui, diags);
	recover_run(tui);
	if (is_new)
		cover_run(tui);
	tables_run(tui);
	if (!tui->is_over) {
		tui->session = NULL;
		session_free(session);
	}
}

static void open_file(struct tui *tui, const char *path)
{
	struct diag_list diags = {0};
	struct session *session = session_open(path, &diags);

	if (session == NULL)
		tui_say_diags(tui, &diags, _("打不开这个文件。"));
	else
		work_on(tui, session, &diags, false);
	diag_list_done(&diags);
}

/* Rebuilt from its journal; it gets a name when it is saved. */
static void open_unsaved(struct tui *tui, const char *key)
{
	struct diag_list diags = {0};
	struct session *session = session_open_unsaved(key, &diags);

	if (session == NULL)
		tui_say_diags(tui, &diags, _("打不开这个文件。"));
	else
		work_on(tui, session, &diags, false);
	diag_list_done(&diags);
}

static void open_other(struct tui *tui)
{
	struct line line = {0};

	if (prompt_line(tui, _("打开哪个文件？"), &line) && line.text.length > 0)
		open_file(tui, line_text(&line));
	line_done(&line);
}

/* The pack for a new workbook: an index into `packs`, -1 for none. Those that a file could not name again, as
 * another of the same id is found first, are not offered. */
static int choose_pack(struct tui *tui, const struct form_listing *packs, size_t count)
{
	const char **titles = memory_new_array(count + 1, sizeof(*titles));
	int *indices = memory_new_array(count + 1, sizeof(*indices)), offered = 0, chosen;

	for (size_t i = 0; i < count; i++) {
		if (packs[i].shadowed)
			continue;
		titles[offered] = *packs[i].title != '\0' ? packs[i].title : packs[i].id;
		indices[offered++] = (int)i;
	}
	chosen = offered - 1;
	if (offered > 1) {
		tui_say(tui, "%s", _("用哪一套表？"));
		chosen = pick_run(tui, FIRST_ROW + 1, 4, titles, offered, 0, NULL);
	}
	if (chosen >= 0)
		chosen = indices[chosen];
	memory_free(titles);
	memory_free(indices);
	return chosen;
}

/* What is entered is put down beside the file at once; in the restricted mode there is no other place for it, so
 * the file is named first. False: the clerk gave up, and the session is gone. */
static bool has_place(struct tui *tui, struct session *session)
{
	if (!session_is_restricted())
		return true;
	tui->session = session;
	if (command_save(tui))
		return true;
	if (!tui->is_over) {
		tui->session = NULL;
		session_free(session);
	}
	return false;
}

static void make_new(struct tui *tui)
{
	struct diag_list diags = {0};
	struct form_listing *packs = NULL;
	size_t count = form_list(".", &packs, &diags);
	int chosen = choose_pack(tui, packs, count);
	struct session *session = chosen >= 0 ? session_new(packs[chosen].id, NULL, "", "", 0, &diags) : NULL;

	if (session != NULL && has_place(tui, session))
		work_on(tui, session, &diags, true);
	else if (session == NULL)
		tui_say_diags(tui, &diags,
			      count == 0 ? _("找不到套表（forms 目录）：请检查安装，或设置 YUBIAO_FORMS。")
					 : NULL);
	form_listing_free(packs, count);
	diag_list_done(&diags);
}

static void choose(struct start *start, size_t item)
{
	struct tui *tui = start->screen.tui;

	start->list.chosen = item;
	if (item < start->file_count)
		open_file(tui, start->files[item]);
	else if (item < start->file_count + start->unsaved_count)
		open_unsaved(tui, start->unsaved[item - start->file_count].key);
	else if (is_other(start, item))
		open_other(tui);
	else
		make_new(tui);
	if (!tui->is_over)
		read_recent(start);
}

static enum answer key(struct screen *screen, const struct keypress *press)
{
	struct start *start = (struct start *)screen;

	if (list_key(&start->list, press, (int)start->list.count))
		return ANSWER_DONE;
	if (press->key == KEYPRESS_ENTER)
		choose(start, start->list.chosen);
	else if (press->key >= '1' && press->key <= '9' && (size_t)(press->key - '1') < start->file_count)
		choose(start, (size_t)(press->key - '1'));
	else if ((press->key == 'o' || press->key == 'O') && !session_is_restricted())
		choose(start, start->file_count + start->unsaved_count);
	else if (press->key == 'n' || press->key == 'N')
		choose(start, start->list.count - 1);
	else
		return ANSWER_PASS;
	return ANSWER_DONE;
}

void start_run(struct tui *tui)
{
	static const struct screen_type type = {.place = PLACE_START, .draw = draw, .key = key};
	struct start start = {.screen.type = &type};

	read_recent(&start);
	if (start.file_count + start.unsaved_count == 0)
		start.list.chosen = start.list.count - 1;
	screen_run(tui, &start.screen);
	forget(&start);
}
