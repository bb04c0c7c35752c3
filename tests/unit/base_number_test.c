/* Numbers before generated captions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/number.h"

static void assert_number(const char *pattern, size_t number, const char *expected)
{
	struct buffer out = {0};

	number_add(&out, pattern, number);
	assert_string_equal(out.data, expected);
	buffer_done(&out);
}

static void numbers_go_on_as_the_first_begins(void **state)
{
	(void)state;
	assert_number("1、", 12, "12、");
	assert_number("（1）", 3, "（3）");
	assert_number("一、", 1, "一、");
	assert_number("一、", 10, "十、");
	assert_number("（一）", 12, "（十二）");
	assert_number("一、", 20, "二十、");
	assert_number("一、", 21, "二十一、");
	assert_number("一、", 105, "一百零五、");
	assert_number("一、", 110, "一百一十、");
	assert_number("一、", 1001, "一千零一、");
	assert_number("①", 20, "⑳");
	assert_number("①", 21, "(21)");
	assert_number("·", 5, "·");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_go_on_as_the_first_begins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
