/* Texts brought to a common form, and compared in it. */
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"

static uint32_t fold_point(uint32_t point)
{
	if (point >= 0xFF01 && point <= 0xFF5E)
		return point - 0xFEE0;
	if (point == 0x3000)
		return ' ';
	return point == 0xFFE5 ? 0xA5 : point;
}

static void add_point(struct buffer *out, uint32_t point)
{
	char bytes[4];

	buffer_add_bytes(out, bytes, text_encode(point, bytes));
}

void text_fold(struct buffer *out, const char *text)
{
	const char *kept = text; /* from here on nothing was changed */

	for (const char *p = text_skip_ideographs(text), *next = p;; p = next = text_skip_ideographs(next)) {
		uint32_t point = text_decode(&next);
		if (point > 0 && point < 0x80)
			continue;
		buffer_add_bytes(out, kept, (size_t)(p - kept));
		if (point == 0)
			return;
		add_point(out, fold_point(point));
		kept = next;
	}
}

static bool is_blank(uint32_t point)
{
	return point == ' ' || (point >= '\t' && point <= '\r') || point == 0xA0 || point == 0x3000;
}

void text_squeeze(struct buffer *out, const char *text)
{
	uint32_t point;

	while ((point = text_decode(&text)) != 0)
		if (!is_blank(point))
			add_point(out, point);
}

/* The first place from `text` on where a pattern that begins with `first` may begin; the end if there is none. */
static const char *next_start(const char *text, char first)
{
	if (first == '?')
		while ((*text & 0xC0) == 0x80)
			text++;
	else
		while (*text != '\0' && *text != first)
			text++;
	return text;
}

/* One alternative, which ends at `end`. After a mismatch only the last `*` takes one character more:
 * earlier ones cannot do better. Equal texts are equal bytes, so only `?` and `*` look at whole characters. */
static bool like_one(const char *text, const char *pattern, const char *end)
{
	const char *star = NULL, *resume = NULL;

	while (*text != '\0') {
		char wanted = pattern < end ? *pattern : '\0';
		if (wanted == '*') {
			star = ++pattern;
			resume = text;
			if (star == end)
				return true;
		} else if (wanted == '?') {
			text_decode(&text);
			pattern++;
		} else if (wanted == *text) {
			text++;
			pattern++;
		} else if (star != NULL) {
			resume = next_start(resume + 1, *star);
			text = resume;
			pattern = star;
		} else {
			return false;
		}
	}
	while (pattern < end && *pattern == '*')
		pattern++;
	return pattern == end;
}

bool text_like(const char *text, const char *pattern)
{
	for (;;) {
		const char *end = strchr(pattern, '|');
		if (like_one(text, pattern, end != NULL ? end : pattern + strlen(pattern)))
			return true;
		if (end == NULL)
			return false;
		pattern = end + 1;
	}
}

static uint32_t fold_case(uint32_t point)
{
	point = fold_point(point);
	return point >= 'A' && point <= 'Z' ? point + ('a' - 'A') : point;
}

static bool begins_with(const char *text, const char *part)
{
	uint32_t wanted;

	while ((wanted = text_decode(&part)) != 0)
		if (fold_case(text_decode(&text)) != fold_case(wanted))
			return false;
	return true;
}

bool text_contains(const char *text, const char *part)
{
	do {
		if (begins_with(text, part))
			return true;
	} while (text_decode(&text) != 0);
	return false;
}
