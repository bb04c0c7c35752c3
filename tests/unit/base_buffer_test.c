#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/memory.h"

static void an_empty_buffer_is_an_empty_text(void **state)
{
	(void)state;
	struct buffer buffer = {0};
	assert_string_equal(buffer_text(&buffer), "");
	buffer_clear(&buffer);
	char *taken = buffer_take(&buffer);
	assert_string_equal(taken, "");
	memory_free(taken);
	buffer_done(&buffer);
}

static void everything_added_stands_in_order(void **state)
{
	(void)state;
	struct buffer buffer = {0};
	buffer_add(&buffer, "收入");
	buffer_add_byte(&buffer, ':');
	buffer_add_repeated(&buffer, ' ', 3);
	buffer_add_repeated(&buffer, '-', 0);
	buffer_add_bytes(&buffer, "12.50xxx", 5);
	buffer_format(&buffer, " %s%d", "第", 3);
	assert_string_equal(buffer_text(&buffer), "收入:   12.50 第3");
	assert_int_equal(buffer.length, strlen(buffer_text(&buffer)));
	buffer_done(&buffer);
	assert_null(buffer.data);
}

static void bytes_may_hold_a_nul(void **state)
{
	(void)state;
	struct buffer buffer = {0};
	buffer_add_bytes(&buffer, "a\0b", 3);
	assert_int_equal(buffer.length, 3);
	assert_memory_equal(buffer.data, "a\0b", 4);
	buffer_done(&buffer);
}

static void formats_join_and_print(void **state)
{
	(void)state;
	struct buffer buffer = {0};
	const char *volatile none = NULL;
	buffer_format(&buffer, "没有占位");
	buffer_format(&buffer, "%s", "、甲");
	buffer_format(&buffer, "%s和%s、", "甲", "");
	buffer_format(&buffer, "%s有 %d 行 %s，", "表", 12, "乙");
	buffer_format(&buffer, "%d%s%%", 50, "");
	buffer_format(&buffer, "%s占 100%%，", "丙");
	buffer_format(&buffer, "%2$s在%1$s前，", "一", "二");
	buffer_format(&buffer, "%s%.*s%5s|", "甲", 3, "乙丙", "ab");
	buffer_format(&buffer, "%s", none);
	assert_string_equal(buffer_text(&buffer), "没有占位、甲甲和、表有 12 行 乙，50%丙占 100%，二在一前，甲乙   ab|(null)");
	buffer_done(&buffer);
}

static void formats_of_any_length_fit(void **state)
{
	(void)state;
	char text[700];
	for (size_t length = 0; length < sizeof(text); length++) {
		struct buffer buffer = {0};
		memset(text, 'x', length);
		text[length] = '\0';
		buffer_add(&buffer, "<");
		buffer_format(&buffer, "%s>", text);
		assert_int_equal(buffer.length, length + 2);
		assert_int_equal(strlen(buffer_text(&buffer)), length + 2);
		assert_int_equal(buffer.data[length + 1], '>');
		buffer_done(&buffer);
	}
}

static void it_grows_to_millions_of_bytes(void **state)
{
	(void)state;
	struct buffer buffer = {0};
	for (int i = 0; i < 1000000; i++)
		buffer_add_byte(&buffer, (char)('a' + i % 26));
	assert_int_equal(buffer.length, 1000000);
	assert_int_equal(buffer.data[999999], 'a' + 999999 % 26);
	buffer_clear(&buffer);
	assert_string_equal(buffer_text(&buffer), "");
	buffer_add(&buffer, "again");
	assert_string_equal(buffer_text(&buffer), "again");
	buffer_done(&buffer);
}

static void a_taken_text_is_the_callers(void **state)
{
	(void)state;
	struct buffer buffer = {0};
	buffer_add(&buffer, "先");
	char *first = buffer_take(&buffer);
	buffer_add(&buffer, "后");
	assert_string_equal(first, "先");
	assert_string_equal(buffer_text(&buffer), "后");
	memory_free(first);
	buffer_done(&buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_buffer_is_an_empty_text),
		cmocka_unit_test(everything_added_stands_in_order),
		cmocka_unit_test(bytes_may_hold_a_nul),
		cmocka_unit_test(formats_join_and_print),
		cmocka_unit_test(formats_of_any_length_fit),
		cmocka_unit_test(it_grows_to_millions_of_bytes),
		cmocka_unit_test(a_taken_text_is_the_callers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
