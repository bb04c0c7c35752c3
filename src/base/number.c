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

void number_add(struct buffer *out, const char *pattern, size_t number)
{
	static const char *const ones[] = {"1", "一", "①"};

	for (size_t i = 0; i < sizeof(ones) / sizeof(ones[0]); i++) {
		const char *place = strstr(pattern, ones[i]);
		if (place == NULL)
			continue;
		buffer_add_bytes(out, pattern, (size_t)(place - pattern));
		if (i == 0)
			buffer_format(out, "%zu", number);
		else
			(i == 1 ? add_chinese : add_circled)(out, number);
		buffer_add(out, place + strlen(ones[i]));
		return;
	}
	buffer_add(out, pattern);
}
