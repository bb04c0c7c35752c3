/* From taking the terminal to giving it back, and what is said afterwards. */
#include "tui/tui.h"

#include "base/file.h"
#include "base/memory.h"
#include "tui/dialogs.h"

#define RESCUE_SUFFIX ".unsaved.yaml"

static void rescue_path(const struct session *session, struct buffer *out)
{
	const char *path = session_path(session);

	buffer_format(out, "%s%s", path != NULL ? path : "yubiao", RESCUE_SUFFIX);
}

/* The line was cut: what is not saved goes beside the file, which stays as it was. */
static bool rescue(struct session *session)
{
	struct diag_list diags = {0};
	struct buffer path = {0};
	enum status status = STATUS_OK;

	if (session != NULL && session_is_changed(session)) {
		rescue_path(session, &path);
		status = session_save_as(session, buffer_text(&path), true, &diags);
	}
	buffer_done(&path);
	diag_list_done(&diags);
	return status == STATUS_OK || status == STATUS_UNSURE;
}

static void note_rescued(const struct session *session, struct diag_list *notes)
{
	struct buffer path = {0};

	rescue_path(session, &path);
	if (session_path(session) != NULL && file_exists(buffer_text(&path)))
		diag_add(notes, DIAG_NOTE, NULL, 0, 0, _("上次断线时没有保存的内容在 %s，看过之后请删去它。"), buffer_text(&path));
	buffer_done(&path);
}

static void say_why(const struct diag_list *diags)
{
	struct buffer text = {0};

	buffer_format(&text, "yubiao: %s\n", diag_first_error(diags));
	terminal_print(stderr, buffer_text(&text));
	buffer_done(&text);
}

int tui_run(struct session *session, struct diag_list *notes)
{
	struct tui tui = {.session = session};
	struct diag_list own = {0};
	bool is_kept = true;

	if (notes == NULL)
		notes = &own;
	if (terminal_open(notes) != STATUS_OK) {
		say_why(notes);
		diag_list_done(&own);
		return 2;
	}
	if (session != NULL)
		note_rescued(session, notes);
	if (notes->count > 0)
		notes_run(&tui, notes);
	if (session == NULL)
		start_run(&tui);
	else
		tables_run(&tui);
	terminal_close();
	if (tui.is_over)
		is_kept = rescue(tui.session);
	else
		terminal_print(stdout, buffer_text(&tui.farewell));
	if (session == NULL && tui.session != NULL)
		session_free(tui.session);
	buffer_done(&tui.message);
	buffer_done(&tui.farewell);
	diag_list_done(&own);
	return is_kept ? 0 : 3;
}
