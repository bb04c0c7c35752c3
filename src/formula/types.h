/* What types the operators take and give. Internal to formula. */
#ifndef YUBIAO_FORMULA_TYPES_H
#define YUBIAO_FORMULA_TYPES_H

#include "formula/expression.h"

/* False if + - * / (`kind`) cannot join the types; *out: what it gives. */
bool arithmetic_type(enum expression_kind kind, enum value_type left, enum value_type right,
		     enum value_type *out);
/* Money, number, percent: a count of smallest units. */
bool is_numeric(enum value_type type);

#endif
