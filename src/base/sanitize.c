/* The sanitizer: nothing that a terminal, a printer or a spreadsheet would obey, or that the eye cannot
 * see, passes. */
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"

#define LONGEST_STRING 4096

enum treatment {
	KEEP,
	DROP,    /* invisible: it goes without a trace */
	REPLACE, /* U+FFFD */
	BLANK,   /* a line break or tab where there are no lines */
};

/* Marks that take no cell and turn, join or hide what stands beside them. Variation selectors are none of
 * these: personal and place names need them. */
static bool is_invisible_mark(uint32_t point)
{
	return point == 0x00AD || point == 0x034F || point == 0x061C || point == 0x115F || point == 0x1160 ||
	       point == 0x17B4 || point == 0x17B5 || point == 0x180E || (point >= 0x200B && point <= 0x200F) ||
	       (point >= 0x202A && point <= 0x202E) || (point >= 0x2060 && point <= 0x206F) || point == 0x3164 ||
	       point == 0xFEFF || point == 0xFFA0 || (point >= 0xFFF0 && point <= 0xFFFB) ||
	       (point >= 0xE0000 && point <= 0xE007F);
}

static enum treatment treatment_of(uint32_t point, bool broken, bool keep_lines)
{
	if (point >= 0x20 && point < 0x7F)
		return KEEP;
	if (point == '\n' || point == '\t')
		return keep_lines ? KEEP : BLANK;
	if (point == 0x2028 || point == 0x2029)
		return BLANK;
	if (broken || point < 0xA0 || (point & 0xFFFE) == 0xFFFE || (point >= 0xFDD0 && point <= 0xFDEF))
		return REPLACE;
	return is_invisible_mark(point) ? DROP : KEEP;
}

static bool is_between(char byte, int least, int most)
{
	return (unsigned char)byte >= least && (unsigned char)byte <= most;
}

/* Bytes of a control sequence's tail (parameters, intermediates, final byte), 0 if it is not complete. */
static size_t csi_tail(const char *text, size_t length)
{
	size_t i = 0;

	while (i < length && is_between(text[i], 0x30, 0x3F))
		i++;
	while (i < length && is_between(text[i], 0x20, 0x2F))
		i++;
	return i < length && is_between(text[i], 0x40, 0x7E) ? i + 1 : 0;
}

/* Bytes of a string sequence's tail, up to BEL or ST, 0 if neither comes before the line ends. The search
 * is bounded, so that a text full of introducers costs no more than its length. */
static size_t string_tail(const char *text, size_t length)
{
	for (size_t i = 0; i < length && i < LONGEST_STRING && text[i] != '\n'; i++) {
		if (text[i] == '\a')
			return i + 1;
		if (i + 1 < length && ((text[i] == '\033' && text[i + 1] == '\\') ||
				       (text[i] == '\302' && text[i + 1] == '\234')))
			return i + 2;
	}
	return 0;
}

/* Bytes behind the introducer `point` that belong to its escape sequence. An incomplete sequence has none:
 * without the introducer, the rest is harmless text. */
static size_t sequence_tail(uint32_t point, const char *text, size_t length)
{
	if (point == 0x9B)
		return csi_tail(text, length);
	if (point == 0x90 || point == 0x98 || point == 0x9D || point == 0x9E || point == 0x9F)
		return string_tail(text, length);
	if (point != '\033' || length == 0)
		return 0;
	size_t tail = 0;
	if (text[0] == '[')
		tail = csi_tail(text + 1, length - 1);
	else if (strchr("]PX^_", text[0]) != NULL && text[0] != '\0')
		tail = string_tail(text + 1, length - 1);
	return tail > 0 ? tail + 1 : 0;
}

void text_sanitize(struct buffer *out, const char *text, size_t length, bool keep_lines)
{
	size_t clean = 0; /* where the run of kept bytes began that is not yet added */

	for (size_t i = 0; i < length;) {
		uint32_t point;
		size_t taken = text_decode_bytes(text + i, length - i, &point);
		enum treatment treatment = treatment_of(point, point == 0xFFFD && taken == 1, keep_lines);
		if (treatment == KEEP) {
			i += taken;
			continue;
		}
		buffer_add_bytes(out, text + clean, i - clean);
		i += taken;
		if (point == '\r' && i < length && text[i] == '\n')
			treatment = DROP;
		if (treatment == REPLACE)
			buffer_add(out, "\xEF\xBF\xBD");
		else if (treatment == BLANK)
			buffer_add_byte(out, ' ');
		i += sequence_tail(point, text + i, length - i);
		clean = i;
	}
	buffer_add_bytes(out, text + clean, length - clean);
}

bool text_is_dirty(const char *text, size_t length, bool keep_lines)
{
	uint32_t point;

	for (size_t i = 0, taken; (i += text_plain_run(text + i, length - i)) < length; i += taken) {
		taken = text_decode_bytes(text + i, length - i, &point);
		if (treatment_of(point, point == 0xFFFD && taken == 1, keep_lines) != KEEP)
			return true;
	}
	return false;
}
