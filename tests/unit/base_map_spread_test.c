/* How far keys lie from where they belong, under many secrets: what look-ups cost. Looks into the map itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/map.c" /* instead of the one in the library */

#define KEYS 5000
#define SECRETS 200

static char keys[KEYS][24];

/* Places between an entry and the one where it belongs, in the mean. */
static double mean_distance(void)
{
	struct map *map = map_new_borrowing();
	size_t places = 0;
	for (size_t i = 0; i < KEYS; i++)
		map_set(map, keys[i], map);
	for (size_t i = 0; i < map->size; i++)
		if (map->entries[i].key != NULL)
			places += (i - (size_t)map->entries[i].hash) & (map->size - 1);
	map_free(map);
	return (double)places / KEYS;
}

static void keys_that_count_on_lie_apart(void **state)
{
	static const struct {
		const char *before;
		int digits;
		const char *behind;
	} forms[] = {{"", 1, ""}, {"", 7, ""}, {"2010", 4, ""}, {"@", 1, ""}, {"@", 1, "/1"}, {"@", 1, "/合计"}};
	unsigned char *secret = (unsigned char *)getauxval(AT_RANDOM); /* which the process may change */
	(void)state;
	srand(1);
	for (size_t form = 0; form < sizeof(forms) / sizeof(forms[0]); form++) {
		for (size_t i = 0; i < KEYS; i++)
			snprintf(keys[i], sizeof(keys[i]), "%s%0*zu%s", forms[form].before, forms[form].digits, i,
				 forms[form].behind);
		for (int run = 0; run < SECRETS; run++) {
			for (size_t i = 0; i < 16; i++)
				secret[i] = (unsigned char)(rand() >> 7);
			double distance = mean_distance();
			if (distance > 1.5)
				fail_msg("%s%s: %.2f places", forms[form].before, forms[form].behind, distance);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_that_count_on_lie_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
