/* The expression language of the layouts: `收入总表[合计].财政拨款收入 - 政府性基金预算拨款`. Grammar and
 * meaning: names as printed, + - * /, = != < <= > >=, and or not, `is blank`, `is not blank`, like
 * "a*|b", sum(…), any(…), literals 300元 5万元 100% 12 "文字". Precedence from loose to tight: or; and;
 * not; comparison, is, like; + -; * /; unary -.
 *
 * An expression is parsed once a layout, its references are bound once (each gets an index into the
 * owner's own table), and it is evaluated for many rows. The tree lives in an arena and is immutable
 * after binding. */
#ifndef YUBIAO_FORMULA_EXPRESSION_H
#define YUBIAO_FORMULA_EXPRESSION_H

#include <stddef.h>

#include "base/diag.h"
#include "base/memory.h"
#include "formula/value.h"

enum expression_kind {
	EXPRESSION_NUMBER,    /* literal: value */
	EXPRESSION_TEXT,      /* literal: text (may hold placeholders <年度>, filled in by the scope) */
	EXPRESSION_REFERENCE, /* reference */
	EXPRESSION_NEGATE,    /* left */
	EXPRESSION_ADD,
	EXPRESSION_SUBTRACT,
	EXPRESSION_MULTIPLY,
	EXPRESSION_DIVIDE,
	EXPRESSION_EQUAL,
	EXPRESSION_UNEQUAL,
	EXPRESSION_LESS,
	EXPRESSION_LESS_EQUAL,
	EXPRESSION_GREATER,
	EXPRESSION_GREATER_EQUAL,
	EXPRESSION_AND,
	EXPRESSION_OR,
	EXPRESSION_NOT,          /* left */
	EXPRESSION_IS_BLANK,     /* left */
	EXPRESSION_IS_NOT_BLANK, /* left */
	EXPRESSION_LIKE,         /* left, text (pattern) */
	EXPRESSION_SUM,          /* sum(reference): reference; sum(above): above is true, the whole formula */
	EXPRESSION_ANY,          /* left, evaluated for each row of the own grid */
};

/* A reference as written: 表[行, 行].栏 or a path of names 名.名.名. */
struct reference {
	const char *const *names; /* first name, then those after dots; normalised by the writer, not here */
	size_t name_count;
	/* Between [ ], directly after the first name; NULL where there was no bracket. A path is one text
	 * with its dots: [退休人员.公务员] */
	const char *const *rows;
	size_t row_count;
	unsigned line, column;   /* of its first character, in the file */
	int binding;             /* the owner's index, -1 until bound */
};

struct expression {
	enum expression_kind kind : 8;
	bool above;                  /* sum(above) */
	unsigned line, column;       /* of the operator, or of the first character where there is none */
	const struct value *value;   /* EXPRESSION_NUMBER */
	const char *text;            /* EXPRESSION_TEXT, EXPRESSION_LIKE */
	struct reference *reference; /* EXPRESSION_REFERENCE, EXPRESSION_SUM (NULL with above) */
	struct expression *left, *right;
	/* An EXPRESSION_ADD that the binder made of one reference or sum(): that, for messages. NULL: none. */
	const struct expression *written;
};

/* A rule as written in a layout: an expression, for a check optionally `where` and its condition. */
struct rule {
	const char *text; /* as written, without the leading `=` and outer blanks */
	struct expression *expression;
	struct expression *where; /* NULL: none */
};

/* Parses `text`, which stands at file:line:column (column of its first character, in characters; text may
 * run over several lines of a folded or literal block, then positions point at the start of the value;
 * column 0: the column is not known). `where` is accepted only if `check`, `sum(above)` only as a whole
 * formula, never in a check. NULL and an error with position and sentence on failure. Everything lives in
 * `arena`; `text` is copied. */
struct rule *rule_parse(struct arena *arena, const char *text, bool check, const char *file, unsigned line,
			unsigned column, struct diag_list *diags);

/* Calls `visit` for every reference of `expression` in order (those in sum() and any() too); `in_sum`:
 * directly in sum(). Stops and returns false when `visit` does. */
typedef bool (*reference_visitor)(void *context, struct reference *reference, bool in_sum, bool in_any);
bool expression_visit(const struct expression *expression, reference_visitor visit, void *context);

/* Types. `type_of` tells the type of a bound reference; for sum(above) it is asked with NULL: the type of
 * the column in which the formula stands. Refused with a sentence: money + number, money * money,
 * comparing text with money, arithmetic on truths … (money * number = money, money / money = percent,
 * money / number = money; a number literal 0 compares with money, numbers and percents; a bare number
 * against money says "write 12元", against a percent "write 12%"; a number that is no literal goes with a
 * percent, both being millionths). Text knows only = and !=. False and one error on refusal. *out: the
 * type of the result; a check must be VALUE_TRUTH, which its owner asks. */
typedef enum value_type (*reference_type)(void *context, const struct reference *reference);
bool expression_check_types(const struct expression *expression, reference_type type_of, void *context,
			    const char *file, enum value_type *out, struct diag_list *diags);

/* A linear expression is a sum of references with the signs +1 and -1, nothing else (blank rule of a
 * sum). Fills terms in order and returns their number, -1 if the expression is not linear or has more
 * than `capacity` terms. sum(above) is one term without a reference. */
struct linear_term {
	struct reference *reference; /* NULL: sum(above) */
	bool sum;                    /* stands in sum() */
	int sign;
};
int expression_linear(const struct expression *expression, struct linear_term *terms, size_t capacity);

/* What the evaluator needs to know of the place where it evaluates. */
struct scope {
	void *context;
	/* The value of a reference; `sum`: it stands in sum(). NULL: sum(above). Its text stays valid
	 * until the evaluation, and the use of its verdict, is over. */
	struct value (*fetch)(void *context, const struct reference *reference, bool sum);
	/* `text` with its placeholders filled in; borrowed until the next call. Called only for a text
	 * that holds `<`. */
	const char *(*expand)(void *context, const char *text);
	/* any(): moves to row i of the own grid; false after the last. NULL: any() is false. Afterwards
	 * leave_rows(context) is called. */
	bool (*enter_row)(void *context, size_t i);
	void (*leave_rows)(void *context);
};

/* Blank: a sum or difference of blanks is blank, else a blank adds nothing; a product or quotient with a
 * blank, or by zero, is blank; in comparisons blank is 0 or "". The result of * and / is rounded once,
 * half away from zero. Intervals are carried along (a product or quotient gets a half-width that is never
 * too small, INT64_MAX where it has no end). An overflow anywhere in a figure makes the result an
 * overflow. Conditions are exact: only rule_judge() knows tolerance. */
struct value expression_evaluate(const struct expression *expression, const struct scope *scope);

/* The sign or word of an operator, for messages: "+", "<=", "like"; "" for what has none. */
const char *expression_symbol(enum expression_kind kind);

/* What a check says. A comparison that fails exactly is computed again as intervals: where the two sides
 * meet it is VERDICT_ROUNDING (a < b: where they overlap); != is exact. `and`: the worst part speaks;
 * `or`: the best, the first of equals; `where`, `not` and any() are exact. `not` shows the sides of the
 * condition inside it. An overflow in a side, or in `where`, is VERDICT_FAILS with `overflow` set: then
 * nothing else in the figures counts. */
enum verdict_state {
	VERDICT_HOLDS,
	VERDICT_SKIPPED, /* where did not hold */
	VERDICT_ROUNDING,
	VERDICT_FAILS,
};
struct verdict {
	enum verdict_state state;
	enum expression_kind relation;  /* the comparison that spoke, or EXPRESSION_IS_BLANK and so on */
	const struct expression *spoke; /* the node that spoke; NULL: value_judge() */
	struct value left, right;       /* its two sides; blank where there is none */
	int64_t difference;             /* left - right, money and numbers */
	int64_t bound;                  /* slack of both sides, in halves; 0: exact; INT64_MAX: no end */
	uint32_t rounded;               /* k: rounded figures on both sides */
	bool overflow;
};
struct verdict rule_judge(const struct rule *rule, const struct scope *scope);
/* Compares stated with computed as `stated = computed` would be judged: used for control figures, also
 * those in text. A stated figure that is the computed one rounded to its last decimal holds: it could not
 * be printed otherwise (a share, a figure a head, a total printed in a larger unit). */
struct verdict value_judge(const struct value *stated, const struct value *computed);

#endif
