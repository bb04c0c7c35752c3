/* The one place where the command line prints: text is UTF-8 until here and leaves in
 * the terminal's encoding. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/text.h"
#include "cli/command.h"

#define FLUSH_AT ((size_t)32 * 1024)

static int write_all(int descriptor, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(descriptor, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return errno;
		bytes += written;
		length -= (size_t)written;
	}
	return 0;
}

static int write_encoded(const struct cli *cli, int descriptor, const char *text, size_t length)
{
	const char *encoding = cli->surroundings->locale.encoding;
	struct buffer converted = {0};
	int error;

	if (*encoding == '\0' ||
	    encode_from_utf8(&converted, text, length, encoding, NULL, NULL) != STATUS_OK)
		error = write_all(descriptor, text, length);
	else
		error = write_all(descriptor, buffer_text(&converted), converted.length);
	buffer_done(&converted);
	return error;
}

const char *cli_from_terminal(struct cli *cli, const char *text)
{
	const char *encoding = cli->surroundings->locale.encoding, *kept;
	struct buffer converted = {0};
	/* Not left alone where it happens to be UTF-8: many words of two characters are both. */
	bool done = *encoding != '\0' &&
		    encode_to_utf8(&converted, text, strlen(text), encoding, NULL) == STATUS_OK;

	kept = arena_copy(cli->arena, done ? buffer_text(&converted) : text);
	buffer_done(&converted);
	return kept;
}

const char *cli_show_path(struct cli *cli, const char *path)
{
	const char *text = cli_from_terminal(cli, path), *kept;
	struct buffer clean = {0};

	text_sanitize(&clean, text, strlen(text), false);
	kept = arena_copy(cli->arena, buffer_text(&clean));
	buffer_done(&clean);
	return kept;
}

void cli_print(struct cli *cli, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	buffer_format_list(&cli->out, format, list);
	va_end(list);
}

void cli_flush(struct cli *cli, bool raw)
{
	const char *text = buffer_text(&cli->out);

	if (cli->output_error == 0 && cli->out.length > 0)
		cli->output_error = raw ? write_all(STDOUT_FILENO, text, cli->out.length)
					: write_encoded(cli, STDOUT_FILENO, text, cli->out.length);
	buffer_clear(&cli->out);
}

void cli_flush_some(struct cli *cli, bool raw)
{
	if (cli->out.length >= FLUSH_AT)
		cli_flush(cli, raw);
}

void cli_say(struct cli *cli, const char *format, ...)
{
	struct buffer text = {0}, clean = {0};
	va_list list;

	cli_flush(cli, false); /* in the order in which it came */
	va_start(list, format);
	buffer_format_list(&text, format, list);
	va_end(list);
	/* Arguments are quoted as they were given. */
	buffer_add(&clean, "yubiao: ");
	text_sanitize(&clean, buffer_text(&text), text.length, true);
	buffer_add_byte(&clean, '\n');
	(void)write_encoded(cli, STDERR_FILENO, buffer_text(&clean), clean.length);
	buffer_done(&text);
	buffer_done(&clean);
}

void cli_say_all(struct cli *cli, struct diag_list *diags)
{
	for (size_t i = 0; i < diags->count; i++) {
		struct diag shown = diags->items[i];
		char *text;

		if (shown.file != NULL)
			shown.file = arena_copy(cli->arena, cli_from_terminal(cli, shown.file));
		text = diag_text(&shown);
		cli_say(cli, "%s", text);
		memory_free(text);
	}
	diag_list_clear(diags);
}
