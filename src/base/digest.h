/* SHA-256: the trailer of a workbook and the fingerprint on the check sheet. */
#ifndef YUBIAO_BASE_DIGEST_H
#define YUBIAO_BASE_DIGEST_H

#include <stddef.h>

#define DIGEST_TEXT_SIZE 65
/* 64 lower-case hexadecimal digits and a NUL. */
void digest_sha256(const void *bytes, size_t length, char out[DIGEST_TEXT_SIZE]);
/* 32 random hexadecimal digits (getrandom) and a NUL: the id of a new workbook. */
void digest_random_id(char out[33]);

#endif
