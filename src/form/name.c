/* Captions and the names that formulas use for them. */
#include <string.h>
#include <wchar.h>

#include "base/text.h"
#include "form/build.h"

enum {
	STYLE_CHINESE = 1,   /* 一、 */
	STYLE_DIGITS,        /* 1、 1. */
	STYLE_CLOSED,        /* 1） */
	STYLE_CHINESE_ROUND, /* （一） */
	STYLE_ROUND,         /* （1） */
	STYLE_CIRCLED,       /* ① */
};

static bool is_blank_point(uint32_t point)
{
	return point == ' ' || (point >= '\t' && point <= '\r') || point == 0xA0 || point == 0x3000;
}

/* Nearly all that captions consist of: none is a blank, a bracket or punctuation. */
static bool is_ideograph(uint32_t point)
{
	return point >= 0x4E00 && point <= 0x9FFF;
}

static bool is_one_of(uint32_t point, const wchar_t *set)
{
	return point != 0 && !is_ideograph(point) && wcschr(set, (wchar_t)point) != NULL;
}

static bool is_opening(uint32_t point)
{
	return is_one_of(point, L"(（[［【〔{");
}

static bool is_closing(uint32_t point)
{
	return is_one_of(point, L")）]］】〕}");
}

static bool is_punctuation(uint32_t point)
{
	if (point < 0x80)
		return !((point >= '0' && point <= '9') || (point >= 'A' && point <= 'Z') ||
			 (point >= 'a' && point <= 'z'));
	if (point >= 0x3001 && point <= 0x303F)
		return point != 0x3005 && point != 0x3007; /* 々 and 〇 are parts of words */
	return point == 0xB7 || (point >= 0x2010 && point <= 0x205E) ||
	       (point >= 0xFF01 && point <= 0xFF0F) || (point >= 0xFF1A && point <= 0xFF20) ||
	       (point >= 0xFF3B && point <= 0xFF40) || (point >= 0xFF5B && point <= 0xFF65);
}

static int chinese_digit(uint32_t point)
{
	static const wchar_t digits[] = L"〇一二三四五六七八九";
	const wchar_t *digit = point >= 0x3007 && point <= 0x56DB ? wcschr(digits, (wchar_t)point) : NULL;
	return digit != NULL ? (int)(digit - digits) : -1;
}

/* A number at *text, in Chinese or Arabic digits; moves past it. 0: none. */
static int read_number(const char **text, bool *chinese)
{
	int number = 0, digit = 0;
	bool any = false;
	for (const char *p = *text;; *text = p) {
		uint32_t point = text_decode(&p);
		int figure = chinese_digit(point);
		if (point >= '0' && point <= '9' && (!any || !*chinese) && number < 10000) {
			number = number * 10 + (int)(point - '0');
			*chinese = false;
		} else if ((figure >= 0 || point == 0x5341 /* 十 */) && (!any || *chinese)) {
			*chinese = true;
			if (figure < 0)
				number = (digit != 0 ? digit : 1) * 10;
			else
				number = number / 10 * 10 + figure;
			digit = figure;
		} else {
			return number;
		}
		any = true;
	}
}

/* Bytes of the leading number of `text`, which has no blanks; *number and *style tell it. 0: none. */
static size_t leading_number(const char *text, int *number, int *style)
{
	const char *p = text;
	uint32_t first = text_decode(&p);
	bool chinese = false;
	*number = 0;
	if (first >= 0x2460 && first <= 0x2473) {
		*number = (int)(first - 0x2460) + 1;
		*style = STYLE_CIRCLED;
		return (size_t)(p - text);
	}
	bool round = is_one_of(first, L"(（");
	if (!round)
		p = text;
	int value = read_number(&p, &chinese);
	if (value == 0)
		return 0;
	const char *after = p;
	uint32_t mark = text_decode(&after);
	if (round && is_one_of(mark, L")）")) {
		*style = chinese ? STYLE_CHINESE_ROUND : STYLE_ROUND;
	} else if (!round && is_one_of(mark, L"、．.，)）")) {
		if (!chinese && is_one_of(mark, L".．") && *after >= '0' && *after <= '9')
			return 0; /* 1.5倍 */
		*style = chinese ? STYLE_CHINESE : is_one_of(mark, L")）") ? STYLE_CLOSED : STYLE_DIGITS;
	} else {
		return 0;
	}
	*number = value;
	return (size_t)(after - text);
}

static const char *skip_among(const char *text)
{
	static const char *const words[] = {"其中：", "其中:", "其中，"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strncmp(text, words[i], strlen(words[i])) == 0)
			return text + strlen(words[i]);
	return text;
}

/* Past leading number and 其中： of a text without blanks. */
static const char *skip_lead(const char *text)
{
	int number, style = 0;
	text += leading_number(text, &number, &style);
	const char *after = skip_among(text);
	return after == text ? text : after + leading_number(after, &number, &style);
}

/* Moves the bytes from `from` to `to` down to `end`; returns the new end. What follows works on captions where they lie, for
 * nothing writes more than it has read. */
static char *keep(char *end, const char *from, const char *to)
{
	size_t length = (size_t)(to - from);
	if (end != from)
		memmove(end, from, length);
	return end + length;
}

static void squeeze(char *caption)
{
	char *end = caption;
	const char *kept = caption; /* from here on nothing was left out */
	for (const char *p = text_skip_ideographs(caption), *next = p;; p = next = text_skip_ideographs(next)) {
		uint32_t point = text_decode(&next);
		if (point != 0 && !is_blank_point(point))
			continue;
		end = keep(end, kept, p);
		kept = next;
		if (point == 0)
			break;
	}
	*end = '\0';
}

char *caption_squeeze(struct arena *arena, const char *caption)
{
	char *squeezed = arena_copy(arena, caption);
	squeeze(squeezed);
	return squeezed;
}

const char *caption_plain(const char *squeezed)
{
	return skip_lead(squeezed);
}

int caption_number(const char *caption, int *style)
{
	char *squeezed = memory_copy_string(caption);
	int number = 0;
	squeeze(squeezed);
	leading_number(skip_among(squeezed), &number, style);
	memory_free(squeezed);
	return number;
}

/* What stands in brackets, or is a <field>, goes; what is not closed stays, without its bracket. */
static void leave_name(char *caption)
{
	char *end = caption;
	size_t *open = NULL, count = 0, capacity = 0; /* where the name ended at each bracket that is not closed yet */
	squeeze(caption);
	const char *kept = skip_lead(caption); /* from here on nothing was left out */
	const char *field_end = strrchr(kept, '>');
	for (const char *p = text_skip_ideographs(kept), *next = p;; p = next = text_skip_ideographs(next)) {
		uint32_t point = text_decode(&next);
		if (is_ideograph(point) || (point != 0 && !is_punctuation(point)))
			continue;
		end = keep(end, kept, p);
		if (point == 0)
			break;
		if (is_opening(point)) {
			array_reserve(&open, &capacity, count, sizeof(*open));
			open[count++] = (size_t)(end - caption);
		} else if (is_closing(point) && count > 0) {
			end = caption + open[--count];
		} else if (point == '<' && field_end != NULL && field_end > p) {
			next = strchr(p, '>') + 1;
		}
		kept = next;
	}
	*end = '\0';
	memory_free(open);
}

char *form_name_of(const char *caption)
{
	char *name = memory_copy_string(caption);
	leave_name(name);
	return name;
}

char *name_of(struct arena *arena, const char *caption)
{
	char *name = arena_copy(arena, caption);
	leave_name(name);
	return name;
}

void form_expand(struct buffer *out, const char *text, form_field value_of, void *context)
{
	while (*text != '\0') {
		const char *open = strchr(text, '<');
		const char *close = open != NULL ? strchr(open, '>') : NULL;
		if (close == NULL) {
			buffer_add(out, text);
			return;
		}
		buffer_add_bytes(out, text, (size_t)(open - text));
		char *name = memory_copy_bytes(open + 1, (size_t)(close - open - 1));
		const char *value = value_of(context, name);
		if (value != NULL)
			buffer_add(out, value);
		else
			buffer_add_bytes(out, open, (size_t)(close + 1 - open));
		memory_free(name);
		text = close + 1;
	}
}

const char *likeness_hint(struct arena *arena, const struct likeness *likeness)
{
	return likeness->best != NULL ? arena_format(arena, _("（最接近的是“%s”）"), likeness->best) : "";
}
