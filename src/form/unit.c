/* Column types and the units in which their figures are shown. */
#include <string.h>

#include "base/text.h"
#include "form/build.h"

#define NUMBER_POWER 6  /* numbers are counted in millionths */
#define PERCENT_POWER 4 /* 1% is 10,000 millionths */

static const struct form_unit money_units[] = {
	{"元", 2, 2, false}, {"百元", 4, 2, false}, {"千元", 5, 2, false}, {"万元", 6, 2, false}};

const struct form_unit *form_money_unit(const char *name)
{
	for (size_t i = 0; i < sizeof(money_units) / sizeof(money_units[0]); i++)
		if (text_same(money_units[i].name, name))
			return &money_units[i];
	return NULL;
}

bool unit_is_money(const char *name)
{
	return form_money_unit(name) != NULL;
}

bool unit_sounds_like_money(const char *name)
{
	size_t length = strlen(name), end = strlen("元");
	return length >= end && strcmp(name + length - end, "元") == 0;
}

static const char *skip_any(const char *text, const char *const words[])
{
	for (int i = 0; words[i] != NULL; i++)
		if (strncmp(text, words[i], strlen(words[i])) == 0)
			return text + strlen(words[i]);
	return NULL;
}

const struct form_unit *unit_in_caption(const char *caption)
{
	static const char *const openings[] = {"(", "（", NULL};
	static const char *const endings[] = {")", "）", "/", "／", NULL};
	if (strstr(caption, "元") == NULL) /* in which they all end */
		return NULL;
	for (const char *at = caption; *at != '\0'; at++) {
		const char *name = skip_any(at, openings);
		for (size_t i = 0; name != NULL && i < sizeof(money_units) / sizeof(money_units[0]); i++) {
			const char *const names[] = {money_units[i].name, NULL};
			const char *behind = skip_any(name, names);
			if (behind != NULL && skip_any(behind, endings) != NULL)
				return &money_units[i];
		}
	}
	return NULL;
}

struct form_unit unit_make(const char *name, enum form_type type)
{
	struct form_unit unit = {name, NUMBER_POWER, 0, false};
	if (type == FORM_MONEY) {
		unit.power = form_money_unit(name)->power;
		unit.decimals = 2;
	} else if (type == FORM_NUMBER) {
		unit.decimals = 2;
	} else if (type == FORM_PERCENT) {
		unit.name = "%";
		unit.power = PERCENT_POWER;
	}
	return unit;
}

bool unit_set_format(struct form_unit *unit, const char *format)
{
	bool commas = strncmp(format, "#,##", 4) == 0;
	const char *p = format + (commas ? 4 : 0);
	if (*p++ != '0')
		return false;
	size_t decimals = *p == '.' ? strspn(p + 1, "0") : 0;
	if (*p == '.') {
		if (decimals == 0 || decimals > (size_t)unit->power)
			return false;
		p += 1 + decimals;
	}
	if (*p == '%' && strcmp(unit->name, "%") == 0)
		p++;
	if (*p != '\0')
		return false;
	unit->commas = commas;
	unit->decimals = (int)decimals;
	return true;
}

int64_t form_unit_step(const struct form_unit *unit)
{
	int64_t step = 1;
	for (int i = unit->decimals; i < unit->power; i++)
		step *= 10;
	return step;
}

enum value_type value_type_of(enum form_type type)
{
	switch (type) {
	case FORM_MONEY:
		return VALUE_MONEY;
	case FORM_COUNT:
	case FORM_NUMBER:
		return VALUE_NUMBER;
	case FORM_PERCENT:
		return VALUE_PERCENT;
	case FORM_DATE:
		return VALUE_DATE;
	default:
		return VALUE_TEXT;
	}
}

bool is_addable(enum form_type type)
{
	return type == FORM_MONEY || type == FORM_COUNT || type == FORM_NUMBER;
}

bool is_figure(enum form_type type)
{
	return is_addable(type) || type == FORM_PERCENT;
}

bool is_label(enum form_type type)
{
	return type == FORM_ORDINAL || type == FORM_CODE || type == FORM_CAPTION;
}
