#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/encode.h"
#include "base/memory.h"

static void gb18030_holds_everything(void **state)
{
	(void)state;
	static const char text[] = "北戴河区总工会 12.50 ￥—…①𠀀㐀";
	struct buffer bytes = {0}, back = {0};
	struct diag_list diags = {0};
	size_t lost = 99;
	assert_int_equal(encode_from_utf8(&bytes, text, strlen(text), "GB18030", &lost, &diags), STATUS_OK);
	assert_int_equal(lost, 0);
	assert_memory_equal(bytes.data, "\xB1\xB1\xB4\xF7", 4);
	assert_int_equal(encode_to_utf8(&back, bytes.data, bytes.length, "GB18030", &diags), STATUS_OK);
	assert_string_equal(buffer_text(&back), text);
	assert_int_equal(diags.count, 0);
	buffer_done(&bytes);
	buffer_done(&back);
}

static void what_an_encoding_lacks_is_marked_and_counted(void **state)
{
	(void)state;
	struct buffer bytes = {0};
	size_t lost = 0;
	assert_int_equal(encode_from_utf8(&bytes, "工𠀀会\xFF.", 12, "GBK", &lost, NULL), STATUS_OK);
	assert_int_equal(lost, 2);
	assert_int_equal(bytes.length, 7);
	assert_memory_equal(bytes.data, "\xB9\xA4?\xBB\xE1?.", 7);
	buffer_clear(&bytes);
	assert_int_equal(encode_from_utf8(&bytes, "中", 3, "ASCII", NULL, NULL), STATUS_OK);
	assert_string_equal(buffer_text(&bytes), "?");
	buffer_clear(&bytes);
	assert_int_equal(encode_from_utf8(&bytes, "中", 2, "UTF-16LE", &lost, NULL), STATUS_OK);
	assert_int_equal(lost, 2);
	assert_int_equal(bytes.length, 4);
	assert_memory_equal(bytes.data, "?\0?\0", 4);
	buffer_done(&bytes);
}

static void long_texts_are_converted_whole(void **state)
{
	(void)state;
	struct buffer text = {0}, bytes = {0}, back = {0};
	for (int i = 0; i < 50000; i++)
		buffer_format(&text, "%d行", i);
	assert_int_equal(encode_from_utf8(&bytes, text.data, text.length, "GB18030", NULL, NULL), STATUS_OK);
	assert_int_equal(encode_to_utf8(&back, bytes.data, bytes.length, "GB18030", NULL), STATUS_OK);
	assert_int_equal(back.length, text.length);
	assert_memory_equal(back.data, text.data, text.length);
	buffer_done(&text);
	buffer_done(&bytes);
	buffer_done(&back);
}

static void wrong_bytes_are_refused(void **state)
{
	(void)state;
	struct buffer out = {0};
	struct diag_list diags = {0};
	buffer_add(&out, "before");
	assert_int_equal(encode_to_utf8(&out, "ok\xB1\xB1\xFFx", 6, "GB18030", &diags), STATUS_INVALID);
	assert_string_equal(buffer_text(&out), "before");
	assert_non_null(strstr(diag_first_error(&diags), "第 5 个字节"));
	diag_list_clear(&diags);
	assert_int_equal(encode_to_utf8(&out, "cut\xB1", 4, "GB18030", &diags), STATUS_INVALID);
	assert_string_equal(buffer_text(&out), "before");
	buffer_done(&out);
	diag_list_done(&diags);
}

static void an_unknown_encoding_is_said(void **state)
{
	(void)state;
	struct buffer out = {0};
	struct diag_list diags = {0};
	assert_int_equal(encode_from_utf8(&out, "x", 1, "KLINGON-1", NULL, &diags), STATUS_NOT_FOUND);
	assert_non_null(strstr(diag_first_error(&diags), "KLINGON-1"));
	assert_int_equal(encode_to_utf8(&out, "x", 1, "KLINGON-1", &diags), STATUS_NOT_FOUND);
	assert_int_equal(out.length, 0);
	diag_list_done(&diags);
	buffer_done(&out);
}

static void nothing_converts_to_nothing(void **state)
{
	(void)state;
	struct buffer out = {0};
	size_t lost = 5;
	assert_int_equal(encode_from_utf8(&out, "", 0, "GB18030", &lost, NULL), STATUS_OK);
	assert_int_equal(encode_to_utf8(&out, "", 0, "GB18030", NULL), STATUS_OK);
	assert_int_equal(out.length, 0);
	assert_int_equal(lost, 0);
	buffer_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gb18030_holds_everything),
		cmocka_unit_test(what_an_encoding_lacks_is_marked_and_counted),
		cmocka_unit_test(long_texts_are_converted_whole),
		cmocka_unit_test(wrong_bytes_are_refused),
		cmocka_unit_test(an_unknown_encoding_is_said),
		cmocka_unit_test(nothing_converts_to_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
