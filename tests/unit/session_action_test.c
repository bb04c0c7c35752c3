/* The action table: every key means one thing in a place, and everything that is shown of an action is
 * there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "session/action.h"

static void test_every_action_is_described(void **state)
{
	(void)state;
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const struct action_record *record = action_record((enum action)i);

		assert_int_equal(record->action, i);
		assert_true(strlen(record->word) > 0 && strlen(record->word) <= 12);
		assert_true(strlen(record->help) > 0);
		assert_true(strlen(record->keys_text) > 0);
		assert_true(record->keys[0] != 0);
		assert_true(record->places != 0);
	}
}

static void test_a_key_means_one_thing(void **state)
{
	(void)state;
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++)
		for (int j = i + 1; j < ACTION_COUNT; j++) {
			const struct action_record *a = action_record((enum action)i),
						   *b = action_record((enum action)j);

			if ((a->places & b->places) == 0)
				continue;
			for (int k = 0; k < 3 && a->keys[k] != 0; k++)
				for (int l = 0; l < 3 && b->keys[l] != 0; l++)
					assert_int_not_equal(a->keys[k], b->keys[l]);
		}
}

static void test_keys_of_a_table(void **state)
{
	(void)state;
	assert_int_equal(action_of_key(KEYPRESS_F1, PLACE_TABLE), ACTION_HELP);
	assert_int_equal(action_of_key(KEYPRESS_F2, PLACE_TABLE), ACTION_SAVE);
	assert_int_equal(action_of_key(KEYPRESS_CTRL + 's', PLACE_TABLE), ACTION_SAVE);
	assert_int_equal(action_of_key(KEYPRESS_F3, PLACE_TABLE), ACTION_ROW_ADD);
	assert_int_equal(action_of_key(KEYPRESS_F4, PLACE_TABLE), ACTION_CONTROL);
	assert_int_equal(action_of_key(KEYPRESS_F5, PLACE_TABLE), ACTION_FINDINGS);
	assert_int_equal(action_of_key(KEYPRESS_F6, PLACE_TABLE), ACTION_PULL);
	assert_int_equal(action_of_key(KEYPRESS_F7, PLACE_TABLE), ACTION_UNIT);
	assert_int_equal(action_of_key(KEYPRESS_F8, PLACE_TABLE), ACTION_ROW_DROP);
	assert_int_equal(action_of_key(KEYPRESS_F9, PLACE_TABLE), ACTION_OUTPUT);
	assert_int_equal(action_of_key(KEYPRESS_F10, PLACE_TABLE), ACTION_BACK);
	assert_int_equal(action_of_key(KEYPRESS_CTRL + 'z', PLACE_TABLE), ACTION_UNDO);
	assert_int_equal(action_of_key(KEYPRESS_CTRL + 'y', PLACE_TABLE), ACTION_REDO);
	assert_int_equal(action_of_key('/', PLACE_TABLE), ACTION_FIND);
	/* Where figures and names are typed, nothing printable is an action. */
	for (int key = ' '; key < 0x7F; key++)
		assert_int_equal(action_of_key(key, PLACE_COVER), ACTION_NONE);
	assert_int_equal(action_of_key(KEYPRESS_F8, PLACE_TABLES), ACTION_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_action_is_described),
		cmocka_unit_test(test_a_key_means_one_thing),
		cmocka_unit_test(test_keys_of_a_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
