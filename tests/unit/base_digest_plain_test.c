/* A processor with instructions for SHA-256 and one without give the same digests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"

static void by_this_processor(const void *bytes, size_t length, size_t cut, char out[DIGEST_TEXT_SIZE])
{
	struct digest digest;

	digest_begin(&digest);
	digest_add(&digest, bytes, cut);
	digest_add(&digest, (const char *)bytes + cut, length - cut);
	digest_text(&digest, out);
}

#define DIGEST_PLAIN
#define digest_begin plain_begin
#define digest_add plain_add
#define digest_text plain_text
#define digest_sha256 plain_sha256
#define digest_random_id plain_random_id
void plain_begin(struct digest *digest);
void plain_add(struct digest *digest, const void *bytes, size_t length);
void plain_text(const struct digest *digest, char out[DIGEST_TEXT_SIZE]);
void plain_sha256(const void *bytes, size_t length, char out[DIGEST_TEXT_SIZE]);
void plain_random_id(char out[33]);
#include "../../src/base/digest.c"

static void both_ways_agree(void **state)
{
	unsigned char bytes[1000];
	char one[DIGEST_TEXT_SIZE], other[DIGEST_TEXT_SIZE];
	unsigned seed = 20240506;

	(void)state;
	for (size_t turn = 0; turn < 3000; turn++) {
		size_t length = turn % sizeof(bytes), cut = length > 0 ? (turn * 7919) % length : 0;

		for (size_t i = 0; i < length; i++)
			bytes[i] = (unsigned char)((seed = seed * 1664525 + 1013904223) >> 24);
		by_this_processor(bytes, length, cut, one);
		plain_sha256(bytes, length, other);
		assert_string_equal(one, other);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(both_ways_agree)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
