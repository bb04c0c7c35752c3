/* UTF-8 text: code points, width in terminal cells, clipping, wrapping, and the one sanitizer.
 * Width is libc's wcwidth() for the current locale, because the terminal library uses the same. */
#ifndef YUBIAO_BASE_TEXT_H
#define YUBIAO_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

/* The same bytes. Names are compared far more often than they are the same, and mostly differ within the first two
 * bytes: that is seen here, without a call. */
static inline bool text_same(const char *one, const char *other)
{
	return one[0] == other[0] && (one[0] == '\0' || (one[1] == other[1] && strcmp(one, other) == 0));
}

/* Behind the ideographs from U+4000 to U+9FFF with which `text` begins: most of what names are made of needs no decoding. */
static inline const char *text_skip_ideographs(const char *text)
{
	while ((unsigned char)text[0] >= 0xE4 && (unsigned char)text[0] <= 0xE9 && ((unsigned char)text[1] & 0xC0) == 0x80 &&
	       ((unsigned char)text[2] & 0xC0) == 0x80)
		text += 3;
	return text;
}

/* Decodes one code point at *text and moves past it; a broken byte gives U+FFFD and moves one byte. 0 at
 * the end. */
uint32_t text_decode(const char **text);
/* The same for text that ends by length: returns the bytes taken (0 only if `length` is 0). A broken byte
 * gives U+FFFD and takes one byte; U+FFFD as written takes three. */
size_t text_decode_bytes(const char *text, size_t length, uint32_t *point);
/* Writes at most 4 bytes; returns their number. */
size_t text_encode(uint32_t point, char out[4]);
bool text_is_utf8(const char *text, size_t length);
/* Bytes at the beginning of `text` that are printable ASCII, ideographs (U+4000 to U+9FFF) and Chinese
 * punctuation only, so that no scanner need look at them one by one. May stop early, never late. */
size_t text_plain_run(const char *text, size_t length);
/* Code points in `text`. */
size_t text_points(const char *text);

/* Cells that `point` takes: 0, 1 or 2. */
int text_point_width(uint32_t point);
int text_width(const char *text);
/* Bytes of the longest beginning of `text` that takes at most `cells`; *used: its cells. Never half a
 * character. */
size_t text_clip(const char *text, int cells, int *used);
/* The text brought to exactly `cells`: clipped (the last cell then `…` where it fits, else `~`), padded
 * left or right. */
enum text_align { TEXT_LEFT, TEXT_RIGHT, TEXT_CENTRE };
struct buffer;
void text_fit(struct buffer *out, const char *text, int cells, enum text_align align);
/* One line of a text wrapped at `cells`: its bytes; *next is where the following line begins (a blank at
 * the break is skipped; a newline ends the line). Runs of blanks are the preferred breaks; between CJK
 * characters any place is. */
size_t text_wrap(const char *text, int cells, const char **next);

/* The sanitizer: C0 and C1 controls, DEL, escape sequences, bidirectional and zero-width marks, broken
 * UTF-8 become U+FFFD or are dropped. Newline and tab are kept only if `keep_lines`, else each becomes a
 * blank. Everything from outside that reaches terminal, paper, CSV or a message goes through here. Adds to
 * `out`. */
void text_sanitize(struct buffer *out, const char *text, size_t length, bool keep_lines);
/* True if text_sanitize() would change something. */
bool text_is_dirty(const char *text, size_t length, bool keep_lines);

/* Full-width digits, letters, punctuation and U+3000 as their half-width forms. Adds to `out`. */
void text_fold(struct buffer *out, const char *text);
/* Without any blank (ASCII, U+00A0, U+3000). Adds to `out`. */
void text_squeeze(struct buffer *out, const char *text);
/* `*` any text, `?` one character, `|` between alternatives. */
bool text_like(const char *text, const char *pattern);
/* True if `text` holds `part`, folded and without regard to ASCII case. */
bool text_contains(const char *text, const char *part);

#endif
