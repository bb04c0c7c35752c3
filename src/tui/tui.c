/* From taking the terminal to giving it back, and what is said afterwards. */
#include "tui/tui.h"

#include "tui/dialogs.h"

/* The line was cut. What is not saved is in the journal, to be found at the next opening. */
static bool is_kept(const struct session *session)
{
	return session == NULL || !session_is_changed(session) || session_journal_trouble(session) == NULL;
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
	int code = 0;

	if (notes == NULL)
		notes = &own;
	if (terminal_open(notes) != STATUS_OK) {
		say_why(notes);
		diag_list_done(&own);
		return 2;
	}
	if (notes->count > 0)
		notes_run(&tui, notes);
	if (session == NULL) {
		start_run(&tui);
	} else {
		recover_run(&tui);
		tables_run(&tui);
	}
	terminal_close();
	if (tui.is_over)
		code = is_kept(tui.session) ? 0 : 3;
	else
		terminal_print(stdout, buffer_text(&tui.farewell));
	if (session == NULL && tui.session != NULL)
		session_free(tui.session);
	buffer_done(&tui.message);
	buffer_done(&tui.farewell);
	diag_list_done(&own);
	return code;
}
