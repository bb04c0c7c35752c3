#include "plain.h"

#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"

static _Noreturn void fail(const char *why, const char *bytes, size_t length, size_t at)
{
	size_t from = at > 40 ? at - 40 : 0, to = at + 20 < length ? at + 20 : length;

	fprintf(stderr, "\n%s at byte %zu:", why, at);
	for (size_t i = from; i < to; i++)
		fprintf(stderr, i == at ? " >%02x" : " %02x", (unsigned char)bytes[i]);
	fprintf(stderr, "\n");
	abort();
}

/* Unicode 15: the general category Cf, but for the tag, interlinear and musical ones' neighbours; and the characters
 * that are named fillers. */
static bool is_hidden(uint32_t point)
{
	static const uint32_t hidden[][2] = {
		{0x80, 0x9F},     {0xAD, 0xAD},	    {0x61C, 0x61C},   {0x115F, 0x1160}, {0x180E, 0x180E},   {0x200B, 0x200F},
		{0x2028, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0},   {0xFFF9, 0xFFFB},
		{0xD800, 0xDFFF}, {0xFDD0, 0xFDEF}, {0xFFFE, 0xFFFF}, {0xE0000, 0xE007F}};

	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (point >= hidden[i][0] && point <= hidden[i][1])
			return true;
	return false;
}

/* Bytes of the character at `at`; ends the program where there is none. */
static size_t character(const char *bytes, size_t length, size_t at)
{
	unsigned char lead = (unsigned char)bytes[at];
	size_t taken = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
	uint32_t point = taken == 1 ? lead : lead & (0x7Fu >> taken);

	if ((lead >= 0x80 && lead < 0xC2) || lead > 0xF4 || at + taken > length)
		fail("broken UTF-8", bytes, length, at);
	for (size_t i = 1; i < taken; i++) {
		if (((unsigned char)bytes[at + i] & 0xC0) != 0x80)
			fail("broken UTF-8", bytes, length, at);
		point = point << 6 | ((unsigned char)bytes[at + i] & 0x3Fu);
	}
	if (is_hidden(point) || point == 0x7F)
		fail("a character that hides or turns text", bytes, length, at);
	return taken;
}

void plain_text(const char *bytes, size_t length)
{
	size_t at = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

	while (at < length) {
		if ((unsigned char)bytes[at] < 0x20 && strchr("\n\r\t\f", bytes[at]) == NULL)
			fail("a control character", bytes, length, at);
		at += character(bytes, length, at);
	}
}

static void plain_gb18030(const char *bytes, size_t length)
{
	iconv_t from = iconv_open("UTF-8", "GB18030");
	size_t room = 4 * length + 1, left = room;
	char *text = malloc(room), *end = text, *start = (char *)(uintptr_t)bytes;

	if (from == (iconv_t)-1 || text == NULL || iconv(from, &start, &length, &end, &left) != 0 || length > 0)
		fail("no GB18030", bytes, length, 0);
	iconv_close(from);
	plain_text(text, room - left);
	free(text);
}

void plain_file(const char *bytes, size_t length)
{
	if (text_is_utf8(bytes, length) || (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0))
		plain_text(bytes, length);
	else
		plain_gb18030(bytes, length);
}

void plain_sentences(const struct diag_list *diags)
{
	for (size_t i = 0; i < diags->count; i++) {
		char *text = diag_text(&diags->items[i]);
		plain_text(text, strlen(text));
		memory_free(text);
	}
}

/* Bytes of the control sequence behind the escape at `at`, 0 if drawing has no need of it. */
static size_t sequence(const char *bytes, size_t length, size_t at)
{
	size_t i = at + 1;

	if (i >= length)
		return 0;
	if (strchr("=>78MDEHc", bytes[i]) != NULL)
		return 2;
	if (strchr("()*+", bytes[i]) != NULL)
		return i + 1 < length && strchr("0AB", bytes[i + 1]) != NULL ? 3 : 0;
	if (bytes[i] == ']') /* of the Linux console: the palette as it was */
		return i + 1 < length && bytes[i + 1] == 'R' ? 3 : 0;
	if (bytes[i] != '[')
		return 0;
	while (++i < length && bytes[i] >= 0x20 && bytes[i] < 0x40)
		;
	return i < length && strchr("ABCDGHJKLMPSTX@bcdghlmnrt", bytes[i]) != NULL ? i + 1 - at : 0;
}

void plain_screen(const char *bytes, size_t length)
{
	for (size_t at = 0, taken; at < length; at += taken) {
		taken = 1;
		if (bytes[at] == '\033') {
			taken = sequence(bytes, length, at);
			if (taken == 0)
				fail("a control sequence that drawing has no need of", bytes, length, at);
		} else if ((unsigned char)bytes[at] >= 0x20) {
			taken = character(bytes, length, at);
		} else if (strchr("\n\r\t\b\016\017", bytes[at]) == NULL) {
			fail("a control character", bytes, length, at);
		}
	}
}
