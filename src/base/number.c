#include "base/number.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

#define CIRCLED_ONE 0x2460u
#define CIRCLED_MOST 20u

/* 一百零五, below ten thousand; beyond that digits say it better. */
static void add_chinese(struct buffer *out, size_t number)
{
	static const char *const digits[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
	static const struct {
		size_t value;
		const char *name;
	} places[] = {{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}};
	bool begun = false, gap = false;

	if (number == 0 || number >= 10000) {
		buffer_format(out, "%zu", number);
		return;
	}
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		size_t digit = number / places[i].value % 10;
		if (digit == 0) {
			gap = begun;
			continue;
		}
		if (gap)
			buffer_add(out, digits[0]);
		if (begun || digit > 1 || places[i].value != 10)
			buffer_add(out, digits[digit]); /* 十二, not 一十二 */
		buffer_add(out, places[i].name);
		begun = true;
		gap = false;
	}
}

static void add_circled(struct buffer *out, size_t number)
{
	char bytes[4];

	if (number == 0 || number > CIRCLED_MOST)
		buffer_format(out, "(%zu)", number);
	else
		buffer_add_bytes(out, bytes, text_encode(CIRCLED_ONE + (uint32_t)number - 1, bytes));
}

static const char *const ones[] = {"1", "一", "①"};

/* Where the number stands in a pattern, and which kind of digits it has; NULL: nowhere. */
static const char *place_in(const char *pattern, size_t *kind)
{
	for (*kind = 0; *kind < sizeof(ones) / sizeof(ones[0]); ++*kind) {
		const char *place = strstr(pattern, ones[*kind]);
		if (place != NULL)
			return place;
	}
	return NULL;
}

void number_add(struct buffer *out, const char *pattern, size_t number)
{
	size_t kind;
	const char *place = place_in(pattern, &kind);

	if (place == NULL) {
		buffer_add(out, pattern);
		return;
	}
	buffer_add_bytes(out, pattern, (size_t)(place - pattern));
	if (kind == 0)
		buffer_format(out, "%zu", number);
	else
		(kind == 1 ? add_chinese : add_circled)(out, number);
	buffer_add(out, place + strlen(ones[kind]));
}

/* Bytes of the digits of that kind that `text` begins with. */
static size_t digits_length(const char *text, size_t kind)
{
	static const char *const digits[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "百", "千"};
	const char *at = text;

	if (kind == 0)
		return strspn(text, "0123456789");
	if (kind == 2) {
		uint32_t point = text_decode(&at);
		return point >= CIRCLED_ONE && point < CIRCLED_ONE + CIRCLED_MOST ? (size_t)(at - text) : 0;
	}
	for (size_t i = 0; i < sizeof(digits) / sizeof(digits[0]);) {
		bool here = strncmp(at, digits[i], strlen(digits[i])) == 0;
		at += here ? strlen(digits[i]) : 0;
		i = here ? 0 : i + 1;
	}
	return (size_t)(at - text);
}

size_t number_length(const char *pattern, const char *text)
{
	size_t kind, front, digits, behind;
	const char *place = place_in(pattern, &kind);

	if (place == NULL)
		return 0;
	front = (size_t)(place - pattern);
	if (strncmp(text, pattern, front) != 0)
		return 0;
	digits = digits_length(text + front, kind);
	place += strlen(ones[kind]);
	behind = strlen(place);
	if (digits == 0 || strncmp(text + front + digits, place, behind) != 0)
		return 0;
	front += digits + behind;
	return front + strspn(text + front, " ");
}
