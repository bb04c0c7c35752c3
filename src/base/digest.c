/* SHA-256 as in FIPS 180-4, by the processor's own instructions where it has them: what is hashed at each start, the workbook and its
 * pack, would take as long as a tenth of all the rest. */
#include "base/digest.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__) && !defined(DIGEST_PLAIN)
#define HAS_INSTRUCTIONS
#include <immintrin.h>
#if __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#else
#include <cpuid.h>
#endif
#endif

#define BLOCK 64

static const uint32_t round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t word, int by)
{
	return word >> by | word << (32 - by);
}

static void expand(uint32_t schedule[64], const unsigned char *block)
{
	for (size_t i = 0; i < 16; i++)
		schedule[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
			      (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (size_t i = 16; i < 64; i++) {
		uint32_t a = schedule[i - 15], b = schedule[i - 2];
		schedule[i] = schedule[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + schedule[i - 7] +
			      (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
}

/* One round. Instead of moving all eight words on, the callers let them take turns: only two change. */
static inline void step(uint32_t a, uint32_t b, uint32_t c, uint32_t *d, uint32_t e, uint32_t f, uint32_t g,
			uint32_t *h, uint32_t word)
{
	uint32_t first = *h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + (g ^ (e & (f ^ g))) + word;

	*d += first;
	*h = first + (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) | (c & (a | b)));
}

static void compress_plainly(uint32_t state[8], const unsigned char *block)
{
	uint32_t words[64];
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t e = state[4], f = state[5], g = state[6], h = state[7];

	expand(words, block);
	for (size_t i = 0; i < 64; i++)
		words[i] += round_constants[i];
	for (size_t i = 0; i < 64; i += 8) {
		step(a, b, c, &d, e, f, g, &h, words[i]);
		step(h, a, b, &c, d, e, f, &g, words[i + 1]);
		step(g, h, a, &b, c, d, e, &f, words[i + 2]);
		step(f, g, h, &a, b, c, d, &e, words[i + 3]);
		step(e, f, g, &h, a, b, c, &d, words[i + 4]);
		step(d, e, f, &g, h, a, b, &c, words[i + 5]);
		step(c, d, e, &f, g, h, a, &b, words[i + 6]);
		step(b, c, d, &e, f, g, h, &a, words[i + 7]);
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
	state[5] += f;
	state[6] += g;
	state[7] += h;
}

#ifdef HAS_INSTRUCTIONS

#define TARGET __attribute__((target("sha,sse4.1")))

/* The C library has asked the processor already, and in a virtual machine each question is one to the machine's keeper. */
static bool has_instructions(void)
{
#ifdef CPU_FEATURE_ACTIVE
	return CPU_FEATURE_ACTIVE(SSSE3) && CPU_FEATURE_ACTIVE(SSE4_1) && CPU_FEATURE_ACTIVE(SHA);
#else
	unsigned a, b, c, d;

	return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSSE3) && (c & bit_SSE4_1) &&
	       __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
#endif
}

/* Four rounds with four words of the schedule. The instructions keep the state as (a b e f) and (c d g h). */
TARGET static inline void four_rounds(__m128i *abef, __m128i *cdgh, __m128i words, size_t round)
{
	__m128i sums = _mm_add_epi32(words, _mm_loadu_si128((const __m128i *)(const void *)(round_constants + round)));

	*cdgh = _mm_sha256rnds2_epu32(*cdgh, *abef, sums);
	*abef = _mm_sha256rnds2_epu32(*abef, *cdgh, _mm_shuffle_epi32(sums, 0x0E));
}

/* The four words that follow sixteen. */
TARGET static inline __m128i next_words(__m128i first, __m128i second, __m128i third, __m128i fourth)
{
	__m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(first, second), _mm_alignr_epi8(fourth, third, 4));

	return _mm_sha256msg2_epu32(sum, fourth);
}

TARGET static void compress_by_instructions(uint32_t state[8], const unsigned char *block)
{
	const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	const __m128i *input = (const __m128i *)(const void *)block;
	__m128i *kept = (__m128i *)(void *)state;
	__m128i badc = _mm_shuffle_epi32(_mm_loadu_si128(kept), 0xB1), hgfe = _mm_shuffle_epi32(_mm_loadu_si128(kept + 1), 0x1B);
	__m128i abef = _mm_alignr_epi8(badc, hgfe, 8), cdgh = _mm_blend_epi16(hgfe, badc, 0xF0);
	__m128i abef_before = abef, cdgh_before = cdgh;
	__m128i first = _mm_shuffle_epi8(_mm_loadu_si128(input), order);
	__m128i second = _mm_shuffle_epi8(_mm_loadu_si128(input + 1), order);
	__m128i third = _mm_shuffle_epi8(_mm_loadu_si128(input + 2), order);
	__m128i fourth = _mm_shuffle_epi8(_mm_loadu_si128(input + 3), order);

	for (size_t round = 0; round < 64; round += 16) {
		four_rounds(&abef, &cdgh, first, round);
		four_rounds(&abef, &cdgh, second, round + 4);
		four_rounds(&abef, &cdgh, third, round + 8);
		four_rounds(&abef, &cdgh, fourth, round + 12);
		first = next_words(first, second, third, fourth);
		second = next_words(second, third, fourth, first);
		third = next_words(third, fourth, first, second);
		fourth = next_words(fourth, first, second, third);
	}
	abef = _mm_shuffle_epi32(_mm_add_epi32(abef, abef_before), 0x1B);
	cdgh = _mm_shuffle_epi32(_mm_add_epi32(cdgh, cdgh_before), 0xB1);
	_mm_storeu_si128(kept, _mm_blend_epi16(abef, cdgh, 0xF0));
	_mm_storeu_si128(kept + 1, _mm_alignr_epi8(cdgh, abef, 8));
}

#endif

static void compress(uint32_t state[8], const unsigned char *blocks, size_t count)
{
	void (*one)(uint32_t state[8], const unsigned char *block) = compress_plainly;

#ifdef HAS_INSTRUCTIONS
	static enum { UNKNOWN, PLAIN, BY_INSTRUCTIONS } way; /* of this processor */
	if (way == UNKNOWN)
		way = has_instructions() ? BY_INSTRUCTIONS : PLAIN;
	if (way == BY_INSTRUCTIONS)
		one = compress_by_instructions;
#endif
	for (; count > 0; count--, blocks += BLOCK)
		one(state, blocks);
}

static void add_hexadecimal(char *out, const unsigned char *bytes, size_t count)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < count; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

void digest_begin(struct digest *digest)
{
	*digest = (struct digest){.state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
					    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

void digest_add(struct digest *digest, const void *bytes, size_t length)
{
	const unsigned char *input = bytes;
	size_t held = (size_t)(digest->length % BLOCK);

	digest->length += length;
	if (held > 0) {
		size_t taken = length < BLOCK - held ? length : BLOCK - held;
		memcpy(digest->rest + held, input, taken);
		if (held + taken < BLOCK)
			return;
		compress(digest->state, digest->rest, 1);
		input += taken;
		length -= taken;
	}
	compress(digest->state, input, length / BLOCK);
	if (length % BLOCK > 0)
		memcpy(digest->rest, input + length / BLOCK * BLOCK, length % BLOCK);
}

void digest_text(const struct digest *digest, char out[DIGEST_TEXT_SIZE])
{
	uint32_t state[8];
	unsigned char tail[2 * BLOCK] = {0}, result[32];
	size_t rest = (size_t)(digest->length % BLOCK);
	size_t tail_size = rest < BLOCK - 8 ? BLOCK : 2 * BLOCK;

	memcpy(state, digest->state, sizeof(state));
	memcpy(tail, digest->rest, rest);
	tail[rest] = 0x80;
	for (size_t i = 0; i < 8; i++)
		tail[tail_size - 1 - i] = (unsigned char)(digest->length * 8 >> (8 * i));
	compress(state, tail, tail_size / BLOCK);
	for (size_t i = 0; i < sizeof(result); i++)
		result[i] = (unsigned char)(state[i / 4] >> (24 - 8 * (i % 4)));
	add_hexadecimal(out, result, sizeof(result));
}

void digest_sha256(const void *bytes, size_t length, char out[DIGEST_TEXT_SIZE])
{
	struct digest digest;

	digest_begin(&digest);
	digest_add(&digest, bytes, length);
	digest_text(&digest, out);
}

/* An id need not be secret, only its own: where the system gives no random bytes (an old kernel), the
 * clock, the process and an address make one. */
static void fallback_random(unsigned char *bytes, size_t count)
{
	struct {
		struct timespec now;
		pid_t process;
		const void *address;
	} seed;
	char text[DIGEST_TEXT_SIZE];

	memset(&seed, 0, sizeof(seed));
	clock_gettime(CLOCK_REALTIME, &seed.now);
	seed.process = getpid();
	seed.address = bytes;
	digest_sha256(&seed, sizeof(seed), text);
	memcpy(bytes, text, count);
}

void digest_random_id(char out[33])
{
	unsigned char bytes[16];
	ssize_t got;

	do
		got = getrandom(bytes, sizeof(bytes), 0);
	while (got < 0 && errno == EINTR);
	if (got != (ssize_t)sizeof(bytes))
		fallback_random(bytes, sizeof(bytes));
	add_hexadecimal(out, bytes, sizeof(bytes));
}
