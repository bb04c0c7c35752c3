/* SHA-256: the trailer of a workbook and the fingerprint on the check sheet. */
#ifndef YUBIAO_BASE_DIGEST_H
#define YUBIAO_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define DIGEST_TEXT_SIZE 65
/* Bytes that come piece by piece. What digest_begin() filled in is a value: a copy goes its own way. */
struct digest {
	uint32_t state[8];
	uint64_t length;
	unsigned char rest[64]; /* the beginning of a block that is not yet whole */
};
void digest_begin(struct digest *digest);
void digest_add(struct digest *digest, const void *bytes, size_t length);
/* 64 lower-case hexadecimal digits and a NUL; more may be added afterwards. */
void digest_text(const struct digest *digest, char out[DIGEST_TEXT_SIZE]);
/* The three at once. */
void digest_sha256(const void *bytes, size_t length, char out[DIGEST_TEXT_SIZE]);
/* 32 random hexadecimal digits (getrandom) and a NUL: the id of a new workbook. */
void digest_random_id(char out[33]);

#endif
