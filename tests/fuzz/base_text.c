/* Text and figures as anyone may type or paste them: what comes out of the sanitizer is clean and stays as it
 * is, what is cut to a width keeps to it, what is read as a figure is written and read again as the same. */
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/decimal.h"
#include "base/encode.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "harness/plain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	setlocale(LC_ALL, "C.UTF-8");
	return 0;
}

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_sanitizer(const char *text, size_t size, bool lines)
{
	struct buffer once = {0}, twice = {0};

	text_sanitize(&once, text, size, lines);
	must(!text_is_dirty(buffer_text(&once), once.length, lines));
	must(text_is_utf8(buffer_text(&once), once.length));
	plain_text(buffer_text(&once), once.length);
	text_sanitize(&twice, buffer_text(&once), once.length, lines);
	must(once.length == twice.length && memcmp(buffer_text(&once), buffer_text(&twice), once.length) == 0);
	must(text_is_dirty(text, size, lines) || once.length == size);
	buffer_done(&once);
	buffer_done(&twice);
}

static void check_figure(const char *text, struct decimal_format format)
{
	struct diag_list diags = {0};
	struct buffer out = {0};
	int64_t first, second;

	if (decimal_parse(&first, text, format, &diags) == STATUS_OK) {
		decimal_format_exact(&out, first, format.power, 2);
		must(decimal_parse(&second, buffer_text(&out), format, NULL) == STATUS_OK && first == second);
		buffer_clear(&out);
		decimal_format(&out, first, format.power, 2, true);
	} else {
		must(diags.errors > 0);
	}
	buffer_done(&out);
	diag_list_done(&diags);
}

static void check_width(const char *text, int cells)
{
	struct buffer out = {0};
	int used;
	size_t bytes = text_clip(text, cells, &used);
	const char *next;

	must(bytes <= strlen(text) && used <= cells);
	for (enum text_align align = TEXT_LEFT; align <= TEXT_CENTRE; align++) {
		buffer_clear(&out);
		text_fit(&out, text, cells, align);
		must(text_width(buffer_text(&out)) == cells);
	}
	for (const char *line = text; *line != '\0'; line = next) {
		text_wrap(line, cells < 2 ? 2 : cells, &next);
		must(next > line);
	}
	buffer_done(&out);
}

/* The first byte chooses, the rest is the text; a second text begins behind the first newline. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer out = {0};

	if (size < 1)
		return 0;
	int choice = data[0];
	char *text = memory_copy_bytes((const char *)data + 1, size - 1);
	check_sanitizer(text, size - 1, choice % 2 == 0);
	check_figure(text, (struct decimal_format){choice % 7, choice % 2 == 0});
	text_sanitize(&out, text, size - 1, false);
	check_width(buffer_text(&out), choice % 40);
	buffer_clear(&out);
	text_fold(&out, text);
	buffer_clear(&out);
	text_squeeze(&out, text);
	buffer_clear(&out);
	number_add(&out, text, (size_t)choice);
	buffer_clear(&out);
	char *second = strchr(text, '\n');
	if (second != NULL) {
		*second++ = '\0';
		text_like(text, second);
		text_contains(text, second);
	}
	if (encode_to_utf8(&out, (const char *)data, size, "GB18030", NULL) == STATUS_OK) {
		struct buffer back = {0};
		must(text_is_utf8(buffer_text(&out), out.length));
		encode_from_utf8(&back, buffer_text(&out), out.length, "GB18030", NULL, NULL);
		buffer_done(&back);
	}
	buffer_done(&out);
	memory_free(text);
	return 0;
}
