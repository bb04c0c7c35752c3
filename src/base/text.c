#include "base/text.h"

#include <string.h>

#include "base/buffer.h"

#define BROKEN 0xFFFDu

static bool continues(unsigned char byte)
{
	return (byte & 0xC0) == 0x80;
}

static size_t decode_long(const unsigned char *bytes, size_t available, uint32_t *point)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length = bytes[0] < 0xC2 ? 0 : bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : bytes[0] < 0xF5 ? 4 : 0;

	if (length == 0 || length > available)
		return 0;
	uint32_t value = bytes[0] & (0x7Fu >> length);
	for (size_t i = 1; i < length; i++) {
		if (!continues(bytes[i]))
			return 0;
		value = value << 6 | (bytes[i] & 0x3Fu);
	}
	if (value < least[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
		return 0;
	*point = value;
	return length;
}

/* Bytes of the well-formed character at `bytes`, 0 if there is none. A continuation byte is looked at only
 * after the one before it proved right, so that text closed by a NUL is never overrun even if `available`
 * is too large. Nearly all there is is ASCII and Chinese; these two come first. */
static inline size_t decode(const unsigned char *bytes, size_t available, uint32_t *point)
{
	if (bytes[0] < 0x80) {
		*point = bytes[0];
		return 1;
	}
	if (bytes[0] > 0xE0 && bytes[0] < 0xED && available >= 3 && continues(bytes[1]) && continues(bytes[2])) {
		*point = (bytes[0] & 0xFu) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
		return 3;
	}
	return decode_long(bytes, available, point);
}

uint32_t text_decode(const char **text)
{
	uint32_t point;

	if (**text == '\0')
		return 0;
	size_t length = decode((const unsigned char *)*text, 4, &point);
	if (length == 0) {
		length = 1;
		point = BROKEN;
	}
	*text += length;
	return point;
}

size_t text_decode_bytes(const char *text, size_t length, uint32_t *point)
{
	if (length == 0)
		return 0;
	size_t taken = decode((const unsigned char *)text, length, point);
	if (taken == 0) {
		*point = BROKEN;
		return 1;
	}
	return taken;
}

size_t text_encode(uint32_t point, char out[4])
{
	if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
		point = BROKEN;
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	size_t length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
	for (size_t i = length - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (point & 0x3F));
		point >>= 6;
	}
	out[0] = (char)((0xF00u >> length & 0xFFu) | point);
	return length;
}

static inline uint64_t load_word(const void *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Eight bytes, the first of them lowest. */
static inline uint64_t load_in_order(const unsigned char *bytes)
{
	uint64_t word = load_word(bytes);

	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(word) : word;
}

/* The high bits of those of eight bytes that are not ASCII. */
static inline uint64_t beyond_ascii(const unsigned char *bytes)
{
	return load_in_order(bytes) & EACH(0x80);
}

/* The high bits of those of eight bytes that have their own, are less than a blank, or DEL. Above the lowest there may be others that are
 * none. */
static inline uint64_t beyond_printable(const unsigned char *bytes)
{
	uint64_t word = load_in_order(bytes);

	return (word | (word - EACH(0x20)) | (word + EACH(0x01))) & EACH(0x80);
}

/* How many bytes lie before the lowest of such marks. */
static inline size_t bytes_before(uint64_t marks)
{
	return (size_t)__builtin_ctzll(marks) / 8;
}

/* Two ideographs from U+4000 to U+9FFF, with two more bytes that are not looked at: 1110xxxx with xxxx from 4 to
 * 9, and continuation bytes. No sum of bytes carries, so this is right in any order of bytes. */
static inline bool is_ideograph_pair(const unsigned char *bytes)
{
	static const unsigned char fixed[8] = {0xF0, 0xC0, 0xC0, 0xF0, 0xC0, 0xC0}, form[8] = {0xE0, 0x80, 0x80, 0xE0, 0x80, 0x80},
				   leads[8] = {0x0F, 0, 0, 0x0F}, from_4[8] = {0x7C, 0, 0, 0x7C}, from_10[8] = {0x76, 0, 0, 0x76},
				   high[8] = {0x80, 0, 0, 0x80};
	uint64_t word = load_word(bytes), lead = word & load_word(leads);

	return (word & load_word(fixed)) == load_word(form) &&
	       ((lead + load_word(from_4)) & ~(lead + load_word(from_10)) & load_word(high)) == load_word(high);
}

/* An ideograph, or Chinese punctuation (U+3000 to U+303F, U+FF00 to U+FF3F). */
static inline bool is_plain_triple(const unsigned char *bytes)
{
	bool ideograph = bytes[0] >= 0xE4 && bytes[0] <= 0xE9 && continues(bytes[1]);
	bool mark = (bytes[0] == 0xE3 && bytes[1] == 0x80) || (bytes[0] == 0xEF && bytes[1] == 0xBC);

	return (ideograph || mark) && continues(bytes[2]);
}

/* Behind the printable ASCII at `i`; where fewer than eight bytes are left, they are looked at one by one. */
static inline size_t skip_printable(const unsigned char *bytes, size_t i, size_t length)
{
	while (length - i >= 8) {
		uint64_t others = beyond_printable(bytes + i);
		if (others != 0)
			return i + bytes_before(others);
		i += 8;
	}
	while (i < length && bytes[i] >= 0x20 && bytes[i] < 0x7F)
		i++;
	return i;
}

static inline size_t skip_ascii(const unsigned char *bytes, size_t i, size_t length)
{
	while (length - i >= 8) {
		uint64_t others = beyond_ascii(bytes + i);
		if (others != 0)
			return i + bytes_before(others);
		i += 8;
	}
	while (i < length && bytes[i] < 0x80)
		i++;
	return i;
}

static inline size_t skip_pairs(const unsigned char *bytes, size_t i, size_t length)
{
	while (length - i >= 8 && is_ideograph_pair(bytes + i))
		i += 6;
	return i;
}

size_t text_plain_run(const char *text, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t i = 0;

	for (;;) {
		i = skip_pairs(bytes, skip_printable(bytes, i, length), length);
		if (length - i >= 3 && is_plain_triple(bytes + i))
			i += 3;
		else if (i == length || bytes[i] < 0x20 || bytes[i] >= 0x7F)
			return i;
	}
}

bool text_is_utf8(const char *text, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)text;
	uint32_t point;

	for (size_t i = 0, taken; i < length; i += taken) {
		i = skip_pairs(bytes, skip_ascii(bytes, i, length), length);
		if (i == length)
			break;
		taken = decode(bytes + i, length - i, &point);
		if (taken == 0)
			return false;
	}
	return true;
}

size_t text_points(const char *text)
{
	size_t count = 0;

	while (text_decode(&text) != 0)
		count++;
	return count;
}

/* East Asian wide, for a locale whose wcwidth() knows no Chinese; also what may be broken before and
 * after. */
static bool is_wide(uint32_t point)
{
	return (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0x303E) ||
	       (point >= 0x3041 && point <= 0xA4CF) || (point >= 0xAC00 && point <= 0xD7A3) ||
	       (point >= 0xF900 && point <= 0xFAFF) || (point >= 0xFE30 && point <= 0xFE6F) ||
	       (point >= 0xFF00 && point <= 0xFF60) || (point >= 0xFFE0 && point <= 0xFFE6) ||
	       (point >= 0x20000 && point <= 0x3FFFD);
}

int text_point_width(uint32_t point)
{
	if (point >= 0x20 && point < 0x7F)
		return 1;
	int width = wcwidth((wchar_t)point);
	if (width >= 0)
		return width;
	return is_wide(point) ? 2 : 1;
}

int text_width(const char *text)
{
	int width = 0;
	uint32_t point;

	while ((point = text_decode(&text)) != 0)
		width += text_point_width(point);
	return width;
}

size_t text_clip(const char *text, int cells, int *used)
{
	const char *end = text;
	int width = 0;

	for (;;) {
		const char *next = end;
		uint32_t point = text_decode(&next);
		int wider = point == 0 ? 0 : text_point_width(point);
		if (point == 0 || wider > cells - width)
			break;
		width += wider;
		end = next;
	}
	if (used != NULL)
		*used = width;
	return (size_t)(end - text);
}

void text_fit(struct buffer *out, const char *text, int cells, enum text_align align)
{
	if (cells <= 0)
		return;
	int used;
	const char *mark = "";
	size_t length = text_clip(text, cells, &used);
	if (text[length] != '\0') {
		length = text_clip(text, cells - 1, &used);
		mark = text_point_width(0x2026) == 1 ? "…" : "~";
		used++;
	}
	int rest = cells - used;
	int before = align == TEXT_LEFT ? 0 : align == TEXT_RIGHT ? rest : rest / 2;
	buffer_add_repeated(out, ' ', (size_t)before);
	buffer_add_bytes(out, text, length);
	buffer_add(out, mark);
	buffer_add_repeated(out, ' ', (size_t)(rest - before));
}

static bool is_break_blank(uint32_t point)
{
	return point == ' ' || point == '\t' || point == 0x3000;
}

static bool is_one_of(uint32_t point, const char *set)
{
	for (uint32_t member; (member = text_decode(&set)) != 0;)
		if (member == point)
			return true;
	return false;
}

/* Between CJK characters any place will do, but no line begins with a closing mark or ends with an opening
 * one. */
static bool may_break_between(uint32_t left, uint32_t right)
{
	return left != 0 && (is_wide(left) || is_wide(right)) &&
	       !is_one_of(right, "，。、；：？！）》〉」』】〕”’…％,.;:?!)]}%") &&
	       !is_one_of(left, "（《〈「『【〔“‘￥([{");
}

/* Where the next line begins if this one is broken at `place`: blanks there are skipped, and a newline
 * behind them, which would else give an empty line. */
static const char *skip_break(const char *place)
{
	for (;;) {
		const char *next = place;
		uint32_t point = text_decode(&next);
		if (point == '\n')
			return next;
		if (!is_break_blank(point))
			return place;
		place = next;
	}
}

size_t text_wrap(const char *text, int cells, const char **next)
{
	const char *here = text, *good = NULL; /* good: the last place fit for a break */
	uint32_t before = 0;
	int width = 0;

	for (;;) {
		const char *after = here;
		uint32_t point = text_decode(&after);
		if (point == 0 || point == '\n') {
			*next = after;
			return (size_t)(here - text);
		}
		if (is_break_blank(point)) {
			if (before != 0 && !is_break_blank(before))
				good = here;
		} else if (may_break_between(before, point) && !is_break_blank(before)) {
			good = here;
		}
		width += text_point_width(point);
		if (width > cells)
			break;
		before = point;
		here = after;
	}
	if (good == NULL) {
		good = here;
		if (here == text)
			text_decode(&good);
	}
	*next = skip_break(good);
	return (size_t)(good - text);
}
