/* A growing byte string, always closed by a NUL that its length does not count. */
#ifndef YUBIAO_BASE_BUFFER_H
#define YUBIAO_BASE_BUFFER_H

#include <stdarg.h>
#include <stddef.h>

struct buffer {
	char *data;      /* never NULL once something was added */
	size_t length;   /* bytes */
	size_t capacity; /* bytes */
};

void buffer_done(struct buffer *buffer);
void buffer_clear(struct buffer *buffer);
void buffer_add(struct buffer *buffer, const char *text);
void buffer_add_bytes(struct buffer *buffer, const char *bytes, size_t length);
void buffer_add_byte(struct buffer *buffer, char byte);
void buffer_add_repeated(struct buffer *buffer, char byte, size_t times);
void buffer_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_format_list(struct buffer *buffer, const char *format, va_list list) __attribute__((format(printf, 2, 0)));
/* Room for `more` bytes behind the text, for one who writes them himself, closes them by a NUL and raises
 * `length`. */
char *buffer_room(struct buffer *buffer, size_t more);
/* The text so far, "" if nothing was added; borrowed. */
const char *buffer_text(const struct buffer *buffer);
/* Hands the text over to the caller, who frees it; the buffer is empty again. */
char *buffer_take(struct buffer *buffer);

#endif
