#include "base/diag.h"

#include <stdarg.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"

void diag_list_clear(struct diag_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		memory_free(list->items[i].file);
		memory_free(list->items[i].text);
	}
	list->count = 0;
	list->errors = 0;
}

void diag_list_done(struct diag_list *list)
{
	diag_list_clear(list);
	memory_free(list->items);
	*list = (struct diag_list){0};
}

/* The sentence may quote the file that it is about, so it is sanitized before anyone can show it. */
static void add(struct diag_list *list, const char *file, struct diag place, const char *format, va_list arguments)
{
	struct buffer raw = {0}, clean = {0};

	buffer_format_list(&raw, format, arguments);
	text_sanitize(&clean, buffer_text(&raw), raw.length, false);
	buffer_done(&raw);
	place.file = memory_copy_string(file);
	place.text = buffer_take(&clean);
	array_reserve(&list->items, &list->capacity, list->count, sizeof(*list->items));
	list->items[list->count++] = place;
	if (place.severity == DIAG_ERROR)
		list->errors++;
}

void diag_add(struct diag_list *list, enum diag_severity severity, const char *file, unsigned line, unsigned column,
	      const char *format, ...)
{
	va_list arguments;

	if (list == NULL)
		return;
	va_start(arguments, format);
	add(list, file, (struct diag){.severity = severity, .line = line, .column = column}, format, arguments);
	va_end(arguments);
}

void diag_error(struct diag_list *list, const char *format, ...)
{
	va_list arguments;

	if (list == NULL)
		return;
	va_start(arguments, format);
	add(list, NULL, (struct diag){.severity = DIAG_ERROR}, format, arguments);
	va_end(arguments);
}

char *diag_text(const struct diag *diag)
{
	struct buffer out = {0};

	if (diag->file != NULL) {
		text_sanitize(&out, diag->file, strlen(diag->file), false);
		if (diag->line > 0)
			buffer_format(&out, ":%u", diag->line);
		if (diag->line > 0 && diag->column > 0)
			buffer_format(&out, ":%u", diag->column);
		buffer_add(&out, ": ");
	}
	text_sanitize(&out, diag->text, strlen(diag->text), false);
	return buffer_take(&out);
}

const char *diag_first_error(const struct diag_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].severity == DIAG_ERROR)
			return list->items[i].text;
	return "";
}

void diag_list_pass(struct diag_list *to, const struct diag_list *from)
{
	for (size_t i = 0; i < from->count; i++)
		diag_add(to, from->items[i].severity, from->items[i].file, from->items[i].line,
			 from->items[i].column, "%s", from->items[i].text);
}
