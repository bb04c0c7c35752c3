/* What evaluation and judgement share. Internal to formula. */
#ifndef YUBIAO_FORMULA_EVALUATE_H
#define YUBIAO_FORMULA_EVALUATE_H

#include "formula/expression.h"

bool is_comparison(enum expression_kind kind);
/* Negative, 0 or positive; a blank is 0 or "". Neither side has overflowed. */
int value_compare(const struct value *left, const struct value *right);
/* Whether two sides that compare as `order` stand in the relation `kind`. */
bool relation_holds(enum expression_kind kind, int order);
/* The sum of two half-widths or counts, at most the greatest value. */
int64_t slack_add(int64_t a, int64_t b);
uint32_t count_add(uint32_t a, uint32_t b);

#endif
