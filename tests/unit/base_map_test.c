#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/map.h"

static void what_is_set_is_found(void **state)
{
	(void)state;
	struct map *map = map_new();
	int one, two;
	assert_null(map_get(map, "收入"));
	map_set(map, "收入", &one);
	map_set(map, "支出", &two);
	assert_ptr_equal(map_get(map, "收入"), &one);
	assert_ptr_equal(map_get(map, "支出"), &two);
	assert_null(map_get(map, ""));
	map_set(map, "", &one);
	assert_ptr_equal(map_get(map, ""), &one);
	map_set(map, "收入", &two);
	assert_ptr_equal(map_get(map, "收入"), &two);
	assert_int_equal(map_count(map), 3);
	map_free(map);
	map_free(NULL);
}

static void borrowed_keys_are_not_copied(void **state)
{
	(void)state;
	static const char *const keys[] = {"一", "二", "三"};
	struct map *map = map_new_borrowing();
	const char *key;
	void *value;
	int one;
	for (size_t i = 0; i < 3; i++)
		map_set(map, keys[i], &one);
	assert_ptr_equal(map_remove(map, "二"), &one);
	for (size_t position = 0; map_next(map, &position, &key, &value);)
		assert_true(key == keys[0] || key == keys[2]);
	assert_int_equal(map_count(map), 2);
	map_free(map);
}

static void keys_are_copied(void **state)
{
	(void)state;
	struct map *map = map_new();
	char key[] = "2010101";
	map_set(map, key, key);
	key[0] = '9';
	assert_ptr_equal(map_get(map, "2010101"), key);
	assert_null(map_get(map, "9010101"));
	map_free(map);
}

/* Against a plain array as the model: sets and removals in a pseudo-random order, everything looked up at
 * each stage. */
static void it_agrees_with_an_array(void **state)
{
	(void)state;
	enum { KEYS = 2000 };
	static void *expected[KEYS];
	static int values[KEYS];
	struct map *map = map_new();
	char key[32];
	size_t count = 0;
	uint32_t random = 1;
	for (int step = 0; step < 40000; step++) {
		random = random * 1664525u + 1013904223u;
		size_t i = (random >> 8) % KEYS;
		snprintf(key, sizeof(key), "2%06zu", i);
		if (random >> 31 == 0) {
			count += expected[i] == NULL;
			expected[i] = &values[(random >> 4) % KEYS];
			map_set(map, key, expected[i]);
		} else {
			assert_ptr_equal(map_remove(map, key), expected[i]);
			count -= expected[i] != NULL;
			expected[i] = NULL;
		}
		assert_int_equal(map_count(map), count);
		if (step % 4000 != 0)
			continue;
		for (size_t j = 0; j < KEYS; j++) {
			snprintf(key, sizeof(key), "2%06zu", j);
			assert_ptr_equal(map_get(map, key), expected[j]);
		}
	}
	map_free(map);
}

static void a_visit_meets_every_pair_once(void **state)
{
	(void)state;
	struct map *map = map_new();
	static int met[100], values[100];
	char key[32];
	for (int i = 0; i < 100; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		map_set(map, key, &values[i]);
	}
	size_t position = 0;
	const char *found;
	void *value;
	while (map_next(map, &position, &found, &value)) {
		long i = (int *)value - values;
		snprintf(key, sizeof(key), "k%ld", i);
		assert_string_equal(found, key);
		met[i]++;
	}
	for (int i = 0; i < 100; i++)
		assert_int_equal(met[i], 1);
	map_free(map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_set_is_found),
		cmocka_unit_test(keys_are_copied),
		cmocka_unit_test(borrowed_keys_are_not_copied),
		cmocka_unit_test(it_agrees_with_an_array),
		cmocka_unit_test(a_visit_meets_every_pair_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
