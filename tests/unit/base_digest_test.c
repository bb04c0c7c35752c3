#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/memory.h"

static void assert_digest(const void *bytes, size_t length, const char *expected)
{
	char text[DIGEST_TEXT_SIZE];
	digest_sha256(bytes, length, text);
	assert_string_equal(text, expected);
}

static void the_published_examples(void **state)
{
	(void)state;
	assert_digest("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_digest("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
		      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	char *million = memory_new(1000000);
	memset(million, 'a', 1000000);
	assert_digest(million, 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	memory_free(million);
}

/* Digests of 0, 1, … 200 bytes 'x', digested together: every way in which the padding can fall. */
static void every_length_around_the_block(void **state)
{
	(void)state;
	char bytes[200], texts[201 * 64], text[DIGEST_TEXT_SIZE];
	memset(bytes, 'x', sizeof(bytes));
	for (size_t length = 0; length <= sizeof(bytes); length++) {
		digest_sha256(bytes, length, text);
		memcpy(texts + length * 64, text, 64);
	}
	assert_digest(texts, sizeof(texts), "75013a3fd49991ead9d8a57ea80485c088443c3406a0e8fa003ed57144041eb4");
}

/* However the bytes are cut in two, and whatever is asked in between. */
static void pieces_make_the_whole(void **state)
{
	(void)state;
	char bytes[150], whole[DIGEST_TEXT_SIZE], first[DIGEST_TEXT_SIZE], text[DIGEST_TEXT_SIZE];
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)('a' + i % 26);
	digest_sha256(bytes, sizeof(bytes), whole);
	for (size_t cut = 0; cut <= sizeof(bytes); cut++) {
		struct digest digest;
		digest_begin(&digest);
		digest_add(&digest, bytes, cut);
		digest_text(&digest, text);
		digest_sha256(bytes, cut, first);
		assert_string_equal(text, first);
		digest_add(&digest, bytes + cut, sizeof(bytes) - cut);
		digest_text(&digest, text);
		assert_string_equal(text, whole);
	}
}

static void ids_differ(void **state)
{
	(void)state;
	char ids[50][33];
	for (int i = 0; i < 50; i++) {
		digest_random_id(ids[i]);
		assert_int_equal(strlen(ids[i]), 32);
		assert_int_equal(strspn(ids[i], "0123456789abcdef"), 32);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(ids[i], ids[j]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_published_examples),
		cmocka_unit_test(every_length_around_the_block),
		cmocka_unit_test(pieces_make_the_whole),
		cmocka_unit_test(ids_differ),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
