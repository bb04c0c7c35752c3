/* Reading goes in two steps: what was typed is first brought to a few ASCII symbols (so that every way to
 * write a digit, a point or a minus is known in one place), then read by a small grammar:
 *     [ ( ] [ sign | ￥ ]... digits [ . digits ] [ unit ] [ - ] [ ) ] */
#include "base/decimal.h"

#include <stddef.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"

#define POWER_YUAN 2
#define POWER_WAN 6
#define QUOTED_CELLS 40

/* Symbols beside digits . , + - ( ) */
#define SYMBOL_CURRENCY 'C'
#define SYMBOL_WAN 'W'
#define SYMBOL_YUAN 'Y'

bool decimal_add(int64_t a, int64_t b, int64_t *out)
{
	return !__builtin_add_overflow(a, b, out);
}

bool decimal_subtract(int64_t a, int64_t b, int64_t *out)
{
	return !__builtin_sub_overflow(a, b, out);
}

static uint64_t magnitude_of(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

static bool with_sign(uint64_t magnitude, bool negative, int64_t *out)
{
	uint64_t most = (uint64_t)INT64_MAX + (negative ? 1 : 0);

	if (magnitude > most)
		return false;
	/* -1 - (m - 1) reaches INT64_MIN without passing through a value that does not exist. */
	*out = !negative || magnitude == 0 ? (int64_t)magnitude : -1 - (int64_t)(magnitude - 1);
	return true;
}

/* The 128 bits of a * b, by schoolbook on 32-bit halves. */
static void multiply_wide(uint64_t a, uint64_t b, uint64_t *high, uint64_t *low)
{
	uint64_t a0 = a & UINT32_MAX, a1 = a >> 32, b0 = b & UINT32_MAX, b1 = b >> 32;
	uint64_t p00 = a0 * b0, p01 = a0 * b1, p10 = a1 * b0, p11 = a1 * b1;
	uint64_t middle = (p00 >> 32) + (p01 & UINT32_MAX) + (p10 & UINT32_MAX);

	*low = (middle << 32) | (p00 & UINT32_MAX);
	*high = p11 + (p01 >> 32) + (p10 >> 32) + (middle >> 32);
}

/* The quotient of high:low by divisor, where high < divisor, bit by bit. The remainder may grow to 65 bits
 * in the shift; the bit that falls out says that it exceeds the divisor in any case. */
static uint64_t divide_wide(uint64_t high, uint64_t low, uint64_t divisor, uint64_t *remainder)
{
	uint64_t quotient = 0, rest = high;

	for (int bit = 63; bit >= 0; bit--) {
		bool carry = rest >> 63 != 0;
		rest = rest << 1 | (low >> bit & 1);
		quotient <<= 1;
		if (carry || rest >= divisor) {
			rest -= divisor;
			quotient |= 1;
		}
	}
	*remainder = rest;
	return quotient;
}

bool decimal_multiply(int64_t a, int64_t b, int64_t divisor, int64_t *out)
{
	uint64_t high, low, quotient, rest, by = magnitude_of(divisor);
	bool negative = ((a < 0) != (b < 0)) != (divisor < 0);

	if (divisor == 0)
		return false;
	multiply_wide(magnitude_of(a), magnitude_of(b), &high, &low);
	if (high >= by)
		return false;
	if (high == 0) {
		quotient = low / by;
		rest = low % by;
	} else {
		quotient = divide_wide(high, low, by, &rest);
	}
	if (rest >= by - rest && rest > 0) {
		if (quotient == UINT64_MAX)
			return false;
		quotient++;
	}
	return with_sign(quotient, negative, out);
}

static bool is_skipped(uint32_t point)
{
	return point == ' ' || (point >= '\t' && point <= '\r') || point == 0xA0 || point == 0x3000 ||
	       (point >= 0x2000 && point <= 0x200F) || (point >= 0x202A && point <= 0x202F) || point == 0x205F ||
	       (point >= 0x2060 && point <= 0x2069) || point == 0xFEFF;
}

/* The symbol that `point` stands for, 0 if it has no place in a figure. */
static char symbol_of(uint32_t point)
{
	if (point >= 0xFF01 && point <= 0xFF5E)
		point -= 0xFEE0;
	if (point >= '0' && point <= '9')
		return (char)point;
	switch (point) {
	case '.': case ',': case '+': case '-': case '(': case ')':
		return (char)point;
	case 0x3002: /* 。 */
	case 0xFF61:
		return '.';
	case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2212: case 0xFE63:
		return '-';
	case 0xA5: case 0xFFE5: /* ￥ */
		return SYMBOL_CURRENCY;
	case 0x4E07: case 0x842C: /* 万 萬 */
		return SYMBOL_WAN;
	case 0x5143: /* 元 */
		return SYMBOL_YUAN;
	default:
		return 0;
	}
}

/* What is being read, and the best words for it in a message. */
struct reader {
	const char *at; /* the next symbol */
	const char *typed;
	struct decimal_format format;
	bool negative, has_sign, has_unit;
	struct diag_list *diags;
};

static enum status refuse_sign(const struct reader *reader)
{
	diag_error(reader->diags, _("“%s”的正负号不清楚：负数请写成 -5、5- 或 (5)，只写一种。"), reader->typed);
	return STATUS_INVALID;
}

static enum status refuse_separator(const struct reader *reader)
{
	diag_error(reader->diags,
		   _("“%s”里的逗号位置不对：千分位逗号从个位起每三位一个，也可以不写；小数点请用“.”。"),
		   reader->typed);
	return STATUS_INVALID;
}

static enum status refuse_overflow(const struct reader *reader)
{
	diag_error(reader->diags, _("“%s”太大，超出了本程序能记的数：请核对位数和单位。"), reader->typed);
	return STATUS_INVALID;
}

static enum status refuse_decimals(const struct reader *reader)
{
	int power = reader->format.power;

	if (power == 0)
		diag_error(reader->diags, _("“%s”带有小数：这里只填整数。"), reader->typed);
	else if (reader->format.money)
		diag_error(reader->diags, _("“%s”的小数不足一分：最多 %d 位小数，请舍入后再填。"), reader->typed,
			   power);
	else
		diag_error(reader->diags, _("“%s”的小数太多：这里最多 %d 位小数，请舍入后再填。"), reader->typed,
			   power);
	return STATUS_INVALID;
}

/* Says why the reading stopped at a symbol that cannot stand there. */
static enum status refuse_rest(const struct reader *reader)
{
	switch (*reader->at) {
	case '.':
		if (reader->has_unit)
			break;
		diag_error(reader->diags, _("“%s”有两个小数点：请只留一个。"), reader->typed);
		return STATUS_INVALID;
	case ',':
		return refuse_separator(reader);
	case '+': case '-': case '(': case ')':
		return refuse_sign(reader);
	default:
		break;
	}
	diag_error(reader->diags, _("“%s”里“元”“万”或“￥”的位置不对：￥写在最前，单位写在最后，例如 1.2万。"),
		   reader->typed);
	return STATUS_INVALID;
}

/* Brings `text` to symbols. */
static enum status normalise(struct buffer *symbols, const char *text, const struct reader *reader)
{
	uint32_t point;

	while ((point = text_decode(&text)) != 0) {
		char symbol = symbol_of(point);
		if (is_skipped(point))
			continue;
		if (symbol == 0) {
			char bytes[5] = {0};
			text_encode(point, bytes);
			diag_error(reader->diags, _("“%s”里的“%s”不是数字：请只填数字，小数点用“.”。"),
				   reader->typed, bytes);
			return STATUS_INVALID;
		}
		if (!reader->format.money &&
		    (symbol == SYMBOL_WAN || symbol == SYMBOL_YUAN || symbol == SYMBOL_CURRENCY)) {
			diag_error(reader->diags, _("“%s”：这里填的不是金额，请去掉“元”“万”或“￥”，只填数字。"),
				   reader->typed);
			return STATUS_INVALID;
		}
		buffer_add_byte(symbols, symbol);
	}
	return STATUS_OK;
}

static bool is_digit(char symbol)
{
	return symbol >= '0' && symbol <= '9';
}

static bool take(struct reader *reader, char symbol)
{
	if (*reader->at != symbol)
		return false;
	reader->at++;
	return true;
}

static bool append_digit(int64_t *value, char digit)
{
	return !__builtin_mul_overflow(*value, (int64_t)10, value) &&
	       !__builtin_add_overflow(*value, (int64_t)(digit - '0'), value);
}

/* The opening bracket, signs and ￥. */
static enum status read_front(struct reader *reader, bool *bracket)
{
	bool has_currency = false;

	*bracket = take(reader, '(');
	reader->negative = reader->has_sign = *bracket;
	for (;;) {
		if (*reader->at == SYMBOL_CURRENCY && !has_currency) {
			has_currency = true;
		} else if (*reader->at == '+' || *reader->at == '-') {
			if (reader->has_sign)
				return refuse_sign(reader);
			reader->has_sign = true;
			reader->negative = *reader->at == '-';
		} else {
			return STATUS_OK;
		}
		reader->at++;
	}
}

/* Digits with separators; `digits` receives them without. Their number before the point goes to *whole. */
static enum status read_digits(struct reader *reader, struct buffer *digits, size_t *whole)
{
	size_t group = 0;
	bool separated = false;

	for (; is_digit(*reader->at) || *reader->at == ','; reader->at++) {
		if (*reader->at != ',') {
			buffer_add_byte(digits, *reader->at);
			group++;
			continue;
		}
		if (group == 0 || group > 3 || (separated && group != 3))
			return refuse_separator(reader);
		separated = true;
		group = 0;
	}
	if (separated && group != 3)
		return refuse_separator(reader);
	*whole = digits->length;
	if (take(reader, '.'))
		while (is_digit(*reader->at))
			buffer_add_byte(digits, *reader->at++);
	if (digits->length == 0) {
		diag_error(reader->diags, _("“%s”里没有数字：请填一个数，例如 1234.50。"), reader->typed);
		return STATUS_INVALID;
	}
	return STATUS_OK;
}

/* The unit, the trailing minus and the closing bracket; a unit sets the power. */
static enum status read_back(struct reader *reader, bool bracket)
{
	if (take(reader, SYMBOL_WAN)) {
		reader->has_unit = true;
		reader->format.power = POWER_WAN;
		take(reader, SYMBOL_YUAN);
	} else if (take(reader, SYMBOL_YUAN)) {
		reader->has_unit = true;
		reader->format.power = POWER_YUAN;
	}
	if (*reader->at == '-' && !reader->has_sign) {
		reader->at++;
		reader->has_sign = reader->negative = true;
	}
	if (bracket && !take(reader, ')'))
		return *reader->at == '\0' ? refuse_sign(reader) : refuse_rest(reader);
	return *reader->at == '\0' ? STATUS_OK : refuse_rest(reader);
}

static enum status count_units(int64_t *out, const struct reader *reader, const char *digits, size_t length,
			       size_t whole)
{
	size_t power = (size_t)reader->format.power;
	int64_t value = 0;

	for (size_t i = whole + power; i < length; i++)
		if (digits[i] != '0')
			return refuse_decimals(reader);
	for (size_t i = 0; i < whole + power; i++)
		if (!append_digit(&value, i < length ? digits[i] : '0'))
			return refuse_overflow(reader);
	*out = reader->negative ? -value : value;
	return STATUS_OK;
}

/* -12.34, as files and most clerks write it. False: read it the long way, which also knows what is wrong with it. */
static bool read_plain(int64_t *out, const char *text, int power)
{
	const int most = 18; /* digits that surely fit */
	bool negative = *text == '-';
	const char *at = text + negative;
	int64_t value = 0;
	int digits = 0;

	for (; is_digit(*at) && digits < most; at++, digits++)
		value = value * 10 + (*at - '0');
	if (digits == 0 || digits + power > most)
		return false;
	if (*at == '.' && is_digit(at[1]))
		for (at++; is_digit(*at) && power > 0; at++, power--)
			value = value * 10 + (*at - '0');
	if (*at != '\0')
		return false;
	while (power-- > 0)
		value *= 10;
	*out = negative ? -value : value;
	return true;
}

static enum status read_any(int64_t *out, const char *text, struct decimal_format format, struct diag_list *diags)
{
	struct buffer quoted = {0}, symbols = {0}, digits = {0};
	size_t whole = 0;
	bool bracket = false;

	size_t clipped = text_clip(text, QUOTED_CELLS, NULL);
	buffer_add_bytes(&quoted, text, clipped);
	if (text[clipped] != '\0')
		buffer_add(&quoted, "…");
	struct reader reader = {.typed = buffer_text(&quoted), .format = format, .diags = diags};
	enum status status = normalise(&symbols, text, &reader);
	reader.at = buffer_text(&symbols);
	if (status == STATUS_OK)
		status = read_front(&reader, &bracket);
	if (status == STATUS_OK)
		status = read_digits(&reader, &digits, &whole);
	if (status == STATUS_OK)
		status = read_back(&reader, bracket);
	if (status == STATUS_OK)
		status = count_units(out, &reader, buffer_text(&digits), digits.length, whole);
	buffer_done(&digits);
	buffer_done(&symbols);
	buffer_done(&quoted);
	return status;
}

enum status decimal_parse(int64_t *out, const char *text, struct decimal_format format, struct diag_list *diags)
{
	return read_plain(out, text, format.power) ? STATUS_OK : read_any(out, text, format, diags);
}

static uint64_t power_of_ten(int power)
{
	uint64_t value = 1;

	while (power-- > 0)
		value *= 10;
	return value;
}

static void add_whole(struct buffer *out, uint64_t value, bool commas)
{
	char digits[20];
	size_t count = 0;

	do {
		digits[count++] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	while (count > 0) {
		buffer_add_byte(out, digits[--count]);
		if (commas && count > 0 && count % 3 == 0)
			buffer_add_byte(out, ',');
	}
}

void decimal_format(struct buffer *out, int64_t count, int power, int decimals, bool commas)
{
	uint64_t value = magnitude_of(count);
	int kept = decimals < power ? decimals : power;

	if (kept < power) {
		uint64_t step = power_of_ten(power - kept);
		uint64_t rest = value % step;
		value = value / step + (rest >= step - rest ? 1 : 0);
	}
	/* What rounds to nothing has no sign. */
	if (count < 0 && value > 0)
		buffer_add_byte(out, '-');
	uint64_t unit = power_of_ten(kept);
	add_whole(out, value / unit, commas);
	if (decimals <= 0)
		return;
	buffer_add_byte(out, '.');
	uint64_t fraction = value % unit;
	for (int i = 0; i < decimals; i++) {
		unit /= 10;
		buffer_add_byte(out, i < kept ? (char)('0' + fraction / unit % 10) : '0');
	}
}

void decimal_format_exact(struct buffer *out, int64_t count, int power, int least)
{
	uint64_t value = magnitude_of(count);
	int decimals = power;

	while (decimals > least && decimals > 0 && value % 10 == 0) {
		value /= 10;
		decimals--;
	}
	decimal_format(out, count, power, decimals > least ? decimals : least, false);
}
