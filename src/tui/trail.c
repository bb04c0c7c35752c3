/* Changes in words: of what is not saved, of one cell, of what others have done. */
#include "tui/trail.h"

#include <string.h>

#include "base/text.h"
#include "tui/dialogs.h"

#define EVENTS_MOST 1000

void trail_add_moment(struct buffer *out, const char *time)
{
	buffer_format(out, "%.10s %.8s", time, strlen(time) > 19 ? time + 11 : "");
}

/* On one line. */
static void add_value(struct buffer *out, const char *value)
{
	if (*value == '\0')
		buffer_add(out, _("（空）"));
	else
		text_sanitize(out, value, strlen(value), false);
}

void trail_add_values(struct buffer *out, const char *before, const char *after)
{
	add_value(out, before);
	buffer_add(out, " → ");
	add_value(out, after);
}

void trail_add_change(struct buffer *out, const struct session_change *change)
{
	trail_add_moment(out, change->time);
	buffer_format(out, " %s %s %s", change->user, change->verb, change->place);
	if (*change->before != '\0' || *change->after != '\0') {
		buffer_add(out, _("："));
		trail_add_values(out, change->before, change->after);
	}
	buffer_add(out, "\n");
}

static void add_event(struct buffer *out, const struct session_cell_event *event)
{
	trail_add_moment(out, event->time);
	buffer_format(out, " %s %s%s", event->user, event->verb, _("："));
	trail_add_values(out, event->before, event->after);
	buffer_add(out, "\n");
}

void cell_history_run(struct tui *tui, int table, const char *key, int leaf)
{
	struct session_cell_event *events = NULL;
	struct diag_list diags = {0};
	struct buffer text = {0};
	size_t count = 0;

	session_cell_name(tui->session, table, key, leaf, &text);
	buffer_add(&text, "\n\n");
	(void)session_cell_history(tui->session, table, key, leaf, EVENTS_MOST, &events, &count, &diags);
	for (size_t i = 0; i < count; i++)
		add_event(&text, &events[i]);
	if (count == 0 && diags.count == 0)
		buffer_add(&text, _("这一格没有改过。\n"));
	if (count > 0 && diags.count > 0)
		buffer_add(&text, "\n");
	for (size_t i = 0; i < diags.count; i++)
		buffer_format(&text, "%s\n", diags.items[i].text);
	pages_show(tui, _(" 这一格的留痕"), buffer_text(&text));
	session_cell_history_free(events, count);
	buffer_done(&text);
	diag_list_done(&diags);
}
