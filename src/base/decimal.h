/* Exact decimals: a signed 64-bit count of a smallest unit. Money is counted in 分 (0.01 元); no floating
 * point. */
#ifndef YUBIAO_BASE_DECIMAL_H
#define YUBIAO_BASE_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"

struct buffer;

/* False on overflow, *out then the wrapped value (so that a sum can be taken back). */
bool decimal_add(int64_t a, int64_t b, int64_t *out);
bool decimal_subtract(int64_t a, int64_t b, int64_t *out);
/* a * b / divisor, rounded half away from zero once; false on overflow or divisor 0. No 128-bit type is
 * needed. */
bool decimal_multiply(int64_t a, int64_t b, int64_t divisor, int64_t *out);

/* How a typed or pasted figure is read. `power`: the count of smallest units in one unit is 10^power (元:
 * 2; 万元: 6). Full-width digits, thousands separators, inner and outer blanks, a trailing minus, ￥, 括号负数
 * (1.23), and the suffixes 元 and 万 / 万元 (which override the unit when `money`) are understood. Refused
 * with a sentence: letters, a second point, misplaced separators, more decimals than `power`, overflow,
 * nothing but signs. */
struct decimal_format {
	int power;  /* 0..6 */
	bool money; /* suffixes 元, 万, 万元 are allowed */
};
enum status decimal_parse(int64_t *out, const char *text, struct decimal_format format, struct diag_list *diags);

/* `count` of smallest units in units of 10^power, to `decimals` places (rounded half away from zero), with
 * thousands separators if `commas`. Adds to `out`. */
void decimal_format(struct buffer *out, int64_t count, int power, int decimals, bool commas);
/* The shortest exact form with at least `least` decimals: 9.60, 1.234567. */
void decimal_format_exact(struct buffer *out, int64_t count, int power, int least);

#endif
