/* Values of the expression language, each with the interval that it stands for.
 *
 * A number is a signed count of a smallest unit: money in 分, everything else in millionths (percent: 1 =
 * 100%, so 25% is 250,000). A rounded figure v printed in steps of u stands for v ± u/2; `slack` is that
 * half-width counted in HALVES of the smallest unit, so u/2 = u halves and no fraction ever appears. A
 * sum adds slacks; figures and rounded count the entered figures inside (blank is figures == 0 for a
 * sum). Two sides meet when 2 * |difference| <= slack of both. */
#ifndef YUBIAO_FORMULA_VALUE_H
#define YUBIAO_FORMULA_VALUE_H

#include <stdbool.h>
#include <stdint.h>

enum value_type { VALUE_MONEY, VALUE_NUMBER, VALUE_PERCENT, VALUE_TEXT, VALUE_DATE, VALUE_TRUTH };

struct value {
	enum value_type type;
	bool blank;       /* nothing entered; number is then 0 and text "" */
	bool overflow;    /* the result does not fit; number is meaningless */
	int64_t number;   /* 分, millionths, or 0/1 for truth; a date as yyyymmdd */
	int64_t slack;    /* halves of the smallest unit */
	uint32_t figures; /* entered figures inside */
	uint32_t rounded; /* those of them that are rounded */
	const char *text; /* text only; borrowed */
};

/* yyyy-mm-dd as yyyymmdd; 0 if it is no such day. */
int64_t date_of_text(const char *text);
/* The word for a type in messages: 金额, 数, 百分数 … */
const char *value_type_word(enum value_type type);

#endif
