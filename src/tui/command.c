#include "tui/command.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "session/restrict.h"
#include "tui/dialogs.h"
#include "tui/prompt.h"

/* A name for a file that has none: 711总工会2024.yaml. */
static void propose_path(const struct tui *tui, struct line *line)
{
	static const enum workbook_field fields[] = {WORKBOOK_CODE, WORKBOOK_NAME, WORKBOOK_YEAR};
	struct buffer name = {0};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		buffer_add(&name, workbook_field(tui_workbook(tui), fields[i]));
	if (name.length == 0)
		buffer_add(&name, "yubiao");
	for (size_t i = 0; i < name.length; i++)
		if (strchr("/ \t", name.data[i]) != NULL)
			name.data[i] = '_';
	buffer_add(&name, ".yaml");
	line_set(line, buffer_text(&name));
	buffer_done(&name);
}

static void say_saved(struct tui *tui, enum status status, struct diag_list *diags)
{
	/* What could not be kept beside it must be read. */
	if (status == STATUS_OK && diags->count > 0)
		notes_run(tui, diags);
	if (status == STATUS_OK)
		tui_say(tui, _("已保存：%s"), session_path(tui->session));
	else
		tui_say_diags(tui, diags, NULL);
	diag_list_clear(diags);
}

static bool is_saved(enum status status)
{
	return status == STATUS_OK || status == STATUS_UNSURE;
}

/* Asks for a path until it can be written, or the clerk gives up. */
static bool save_as(struct tui *tui)
{
	struct diag_list diags = {0};
	struct buffer path = {0};
	struct line line = {0};
	enum status status = STATUS_INVALID;

	if (session_path(tui->session) != NULL)
		line_set(&line, session_path(tui->session));
	else
		propose_path(tui, &line);
	while (!is_saved(status) && prompt_line(tui, _("保存为哪个文件？"), &line)) {
		bool replace = false;
		if (line.text.length == 0) {
			tui_say_error(tui, "%s", _("请写文件名，例如 711总工会2024.yaml。"));
			continue;
		}
		if (session_file_name(line_text(&line), SESSION_WORKBOOK, &path, &diags) != STATUS_OK) {
			tui_say_diags(tui, &diags, NULL);
			continue;
		}
		if (file_exists(buffer_text(&path))) {
			static const char *const choices[] = {N_("换一个名字"), N_("覆盖它")};
			replace = prompt_choice(tui, _("这个文件已经有了。要覆盖它吗？"), choices, 2) == 1;
			if (!replace)
				continue;
		}
		status = session_save_as(tui->session, buffer_text(&path), replace, &diags);
		say_saved(tui, status, &diags);
	}
	if (!is_saved(status))
		tui_say(tui, "%s", _("没有保存。"));
	else
		session_settle(tui->session);
	buffer_done(&path);
	line_done(&line);
	diag_list_done(&diags);
	return is_saved(status);
}

/* The file is no longer what was opened. */
static bool save_changed(struct tui *tui)
{
	static const char *const choices[] = {N_("看差别"), N_("覆盖它"), N_("另存"), N_("回去")};
	struct diag_list diags = {0};
	enum status status = STATUS_CHANGED;

	for (;;) {
		switch (prompt_choice(tui, _("文件被别人改过。覆盖时，别人改的留作旧版（文件名加 ~）。"), choices, 4)) {
		case 0: differences_run(tui); continue;
		case 1: status = session_save_over(tui->session, &diags); break;
		case 2: return save_as(tui);
		default: return false;
		}
		say_saved(tui, status, &diags);
		diag_list_done(&diags);
		return is_saved(status);
	}
}

bool command_save(struct tui *tui)
{
	struct diag_list diags = {0};

	if (session_path(tui->session) == NULL)
		return save_as(tui);
	enum status status = session_save(tui->session, &diags);
	say_saved(tui, status, &diags);
	diag_list_done(&diags);
	return status == STATUS_CHANGED ? save_changed(tui) : is_saved(status);
}

bool command_may_leave(struct tui *tui)
{
	static const char *const choices[] = {N_("保存后退出"), N_("不保存，退出"), N_("回去继续填")};

	if (!session_is_changed(tui->session))
		return true;
	switch (prompt_choice(tui, _("有修改还没有保存。"), choices, 3)) {
	case 0: return command_save(tui);
	case 1: session_give_up(tui->session); return true;
	default: return false;
	}
}

bool command_undo(struct tui *tui, bool redo, struct session_place *place)
{
	struct buffer text = {0};
	enum status status = (redo ? session_redo : session_undo)(tui->session, &text, place);

	if (status == STATUS_OK)
		tui_say(tui, "%s", buffer_text(&text));
	else if (status == STATUS_LOCKED)
		tui_say_error(tui, "%s", buffer_text(&text));
	else
		tui_say(tui, "%s", redo ? _("没有可以重做的修改。") : _("没有可以撤销的修改。"));
	buffer_done(&text);
	return status == STATUS_OK;
}

enum answer command_do(struct screen *screen, enum action action)
{
	struct tui *tui = screen->tui;
	struct session_place place;

	switch (action) {
	case ACTION_HELP: help_run(tui, screen->type->place); return ANSWER_DONE;
	case ACTION_SAVE: command_save(tui); return ANSWER_DONE;
	case ACTION_SAVE_AS: save_as(tui); return ANSWER_DONE;
	case ACTION_UNDO:
	case ACTION_REDO: command_undo(tui, action == ACTION_REDO, &place); return ANSWER_DONE;
	case ACTION_COVER: cover_run(tui); return ANSWER_DONE;
	case ACTION_UNIT: tui->other_unit = !tui->other_unit; return ANSWER_DONE;
	case ACTION_BACK: return ANSWER_CLOSE;
	default: return ANSWER_DONE;
	}
}
