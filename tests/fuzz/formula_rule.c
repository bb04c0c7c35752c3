/* A formula or a check, parsed, given types, and evaluated over cells that are made up from their names. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "formula/expression.h"
#include "harness/plain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const int64_t figures[] = {0, 1, -1, 100, 12345, -999999, INT64_MAX, INT64_MIN + 1, 250000, 92233720368547758};

static unsigned mix(const struct reference *reference)
{
	unsigned sum = 7;

	for (size_t i = 0; reference != NULL && i < reference->name_count; i++)
		for (const char *p = reference->names[i]; *p != '\0'; p++)
			sum = sum * 31 + (unsigned char)*p;
	return sum;
}

static enum value_type type_of(void *context, const struct reference *reference)
{
	(void)context;
	return reference == NULL ? VALUE_MONEY : (enum value_type)(mix(reference) % 5);
}

static struct value fetch(void *context, const struct reference *reference, bool sum)
{
	unsigned chance = mix(reference) / 5;
	struct value value = {.type = type_of(context, reference)};

	value.blank = chance % 4 == 0;
	value.figures = sum ? chance % 9 : !value.blank;
	value.rounded = chance % 3 == 0 ? value.figures : 0;
	value.slack = value.rounded > 0 ? (int64_t)(chance % 20000) : 0;
	value.text = value.blank ? "" : "北戴河区2024";
	if (!value.blank && value.type != VALUE_TEXT)
		value.number = figures[chance % (sizeof(figures) / sizeof(figures[0]))];
	if (!value.blank && value.type == VALUE_DATE)
		value.number = 20240229;
	value.overflow = chance % 37 == 0;
	return value;
}

static const char *expand(void *context, const char *text)
{
	(void)context;
	return text + strlen(text) / 2;
}

static bool enter_row(void *context, size_t i)
{
	(void)context;
	return i < 3;
}

static void leave_rows(void *context)
{
	(void)context;
}

static bool visit(void *context, struct reference *reference, bool in_sum, bool in_any)
{
	(void)in_sum;
	(void)in_any;
	reference->binding = (*(int *)context)++;
	return true;
}

static void evaluate(struct rule *rule, bool check)
{
	struct scope scope = {NULL, fetch, expand, enter_row, leave_rows};
	struct linear_term terms[8];
	enum value_type type;
	struct diag_list diags = {0};
	int bound = 0;

	expression_visit(rule->expression, visit, &bound);
	expression_linear(rule->expression, terms, 8);
	if (!expression_check_types(rule->expression, type_of, NULL, "a.yaml", &type, &diags)) {
		if (diags.errors != 1)
			abort();
	} else if (rule->where == NULL || expression_check_types(rule->where, type_of, NULL, "a.yaml", &type, &diags)) {
		struct value value = expression_evaluate(rule->expression, &scope);
		if (check)
			rule_judge(rule, &scope);
		value_judge(&value, &value);
	}
	plain_sentences(&diags);
	diag_list_done(&diags);
}

/* The first byte: a check or a formula; the rest is its text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag_list diags = {0};

	if (size < 1)
		return 0;
	bool check = data[0] % 2 == 1;
	struct arena *arena = arena_new();
	char *text = memory_copy_bytes((const char *)data + 1, size - 1);
	struct rule *rule = rule_parse(arena, text, check, "a.yaml", 3, data[0] / 2 % 3, &diags);
	if ((rule == NULL) != (diags.errors > 0))
		abort();
	if (rule != NULL)
		evaluate(rule, check);
	memory_free(text);
	plain_sentences(&diags);
	diag_list_done(&diags);
	arena_free(arena);
	return 0;
}
