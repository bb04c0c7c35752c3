/* Measures: texts with figures inside. */
#include <string.h>

#include "base/decimal.h"
#include "base/text.h"
#include "model/internal.h"

static const char *const signs[][2] = {{"≥", "≥"}, {"≤", "≤"}, {">=", "≥"}, {"<=", "≤"}, {"＞", ">"}, {"＜", "<"},
				       {"＝", "="}, {"=", "="}, {">", ">"}, {"<", "<"}};

/* Splits a measure; false if it has no figure at its beginning. */
static bool measure_split(const char *text, const char **sign, int64_t *number, const char **unit)
{
	struct buffer digits = {0};
	bool found;

	*sign = "";
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (*text == *signs[i][0] && strncmp(text, signs[i][0], strlen(signs[i][0])) == 0) {
			*sign = signs[i][1];
			text += strlen(signs[i][0]);
			break;
		}
	while (*text == ' ')
		text++;
	while ((*text >= '0' && *text <= '9') || (*text == '.' && digits.length))
		buffer_add_byte(&digits, *text++);
	found = digits.length && decimal_parse(number, buffer_text(&digits), (struct decimal_format){.power = 6}, NULL) == STATUS_OK;
	buffer_done(&digits);
	while (*text == ' ')
		text++;
	*unit = text;
	return found;
}

struct value measure_part(const char *text, enum form_part part, struct buffer *scratch)
{
	struct value value = {.type = VALUE_TEXT, .blank = true, .text = ""};
	struct buffer folded = {0};
	const char *sign, *unit;
	int64_t number = 0;
	bool found;

	text_fold(&folded, text);
	found = measure_split(buffer_text(&folded), &sign, &number, &unit);
	if (part == FORM_PART_NUMBER || part == FORM_PART_MONEY)
		value.type = part == FORM_PART_NUMBER ? VALUE_NUMBER : VALUE_MONEY;
	if (found && part == FORM_PART_NUMBER) {
		value.number = number;
		value.blank = false;
	} else if (found && part == FORM_PART_MONEY) {
		bool wan = strncmp(unit, "万元", strlen("万元")) == 0;

		value.blank = !wan && strncmp(unit, "元", strlen("元")) != 0;
		if (!value.blank)
			value.overflow = !decimal_multiply(number, wan ? 1000000 : 100, 1000000, &value.number);
	} else if (part == FORM_PART_SIGN || part == FORM_PART_UNIT) {
		buffer_add(scratch, !found && part == FORM_PART_UNIT ? "" : part == FORM_PART_SIGN ? sign : unit);
		value.text = buffer_text(scratch);
		value.blank = !value.text[0];
	}
	value.figures = value.blank ? 0 : 1;
	buffer_done(&folded);
	return value;
}
