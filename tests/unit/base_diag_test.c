#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/diag.h"
#include "base/memory.h"

static void assert_shown(const struct diag *diag, const char *expected)
{
	char *text = diag_text(diag);
	assert_string_equal(text, expected);
	memory_free(text);
}

static void a_message_names_its_place(void **state)
{
	(void)state;
	struct diag_list list = {0};
	diag_add(&list, DIAG_ERROR, "预算.yaml", 12, 5, "不认识“%s”。", "标提");
	diag_add(&list, DIAG_WARNING, "预算.yaml", 3, 0, "请核对。");
	diag_add(&list, DIAG_NOTE, "预算.yaml", 0, 0, "文件被手工改过。");
	diag_error(&list, "没有空间，需要 %d 字节。", 100);
	assert_shown(&list.items[0], "预算.yaml:12:5: 不认识“标提”。");
	assert_shown(&list.items[1], "预算.yaml:3: 请核对。");
	assert_shown(&list.items[2], "预算.yaml: 文件被手工改过。");
	assert_shown(&list.items[3], "没有空间，需要 100 字节。");
	diag_list_done(&list);
}

static void errors_are_counted_and_the_first_found(void **state)
{
	(void)state;
	struct diag_list list = {0};
	assert_string_equal(diag_first_error(&list), "");
	diag_add(&list, DIAG_WARNING, NULL, 0, 0, "小事");
	assert_string_equal(diag_first_error(&list), "");
	diag_error(&list, "一");
	diag_error(&list, "二");
	assert_int_equal(list.count, 3);
	assert_int_equal(list.errors, 2);
	assert_string_equal(diag_first_error(&list), "一");
	diag_list_clear(&list);
	assert_int_equal(list.count, 0);
	assert_int_equal(list.errors, 0);
	diag_error(&list, "三");
	assert_string_equal(diag_first_error(&list), "三");
	diag_list_done(&list);
}

static void a_message_without_a_list_is_dropped(void **state)
{
	(void)state;
	diag_error(NULL, "%s", "无处可放");
	diag_add(NULL, DIAG_ERROR, "f", 1, 1, "%s", "无处可放");
}

static void what_it_quotes_cannot_steer_the_terminal(void **state)
{
	(void)state;
	struct diag_list list = {0};
	diag_add(&list, DIAG_ERROR, "a\033[2Jb.yaml", 1, 1, "不认识“%s”。", "x\033]0;t\ay\xE2\x80\xAEz\nw");
	char *text = diag_text(&list.items[0]);
	assert_null(strchr(text, '\033'));
	assert_null(strchr(text, '\a'));
	assert_null(strchr(text, '\n'));
	assert_null(strstr(text, "\xE2\x80\xAE"));
	assert_null(strchr(list.items[0].text, '\033'));
	memory_free(text);
	diag_list_done(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_names_its_place),
		cmocka_unit_test(errors_are_counted_and_the_first_found),
		cmocka_unit_test(a_message_without_a_list_is_dropped),
		cmocka_unit_test(what_it_quotes_cannot_steer_the_terminal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
