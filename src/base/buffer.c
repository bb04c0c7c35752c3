#include "base/buffer.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

#define PAGE ((size_t)4096)

/* Room for `more` bytes and the closing NUL. */
static void reserve(struct buffer *buffer, size_t more)
{
	size_t needed;

	if (__builtin_add_overflow(buffer->length, more, &needed) || needed == SIZE_MAX)
		needed = SIZE_MAX - 1;
	needed++;
	if (needed <= buffer->capacity)
		return;
	size_t capacity = buffer->capacity < 64 ? 64 : buffer->capacity;
	if (buffer->capacity == 0 && needed > PAGE && needed < SIZE_MAX - PAGE) /* a file of known size */
		capacity = (needed + PAGE - 1) / PAGE * PAGE;
	while (capacity < needed)
		capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
	buffer->data = memory_resize(buffer->data, capacity);
	buffer->capacity = capacity;
}

char *buffer_room(struct buffer *buffer, size_t more)
{
	reserve(buffer, more);
	return buffer->data + buffer->length;
}

void buffer_done(struct buffer *buffer)
{
	memory_free(buffer->data);
	*buffer = (struct buffer){0};
}

void buffer_clear(struct buffer *buffer)
{
	buffer->length = 0;
	if (buffer->data != NULL)
		buffer->data[0] = '\0';
}

void buffer_add(struct buffer *buffer, const char *text)
{
	buffer_add_bytes(buffer, text, strlen(text));
}

void buffer_add_bytes(struct buffer *buffer, const char *bytes, size_t length)
{
	reserve(buffer, length);
	if (length > 0)
		memcpy(buffer->data + buffer->length, bytes, length);
	buffer->length += length;
	buffer->data[buffer->length] = '\0';
}

void buffer_add_byte(struct buffer *buffer, char byte)
{
	buffer_add_bytes(buffer, &byte, 1);
}

void buffer_add_repeated(struct buffer *buffer, char byte, size_t times)
{
	reserve(buffer, times);
	memset(buffer->data + buffer->length, byte, times);
	buffer->length += times;
	buffer->data[buffer->length] = '\0';
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	buffer_format_list(buffer, format, list);
	va_end(list);
}

/* Most texts fit the room that is there; only a longer one is formatted twice. */
static void print(struct buffer *buffer, const char *format, va_list list)
{
	va_list again;

	va_copy(again, list);
	reserve(buffer, 64);
	int length = vsnprintf(buffer->data + buffer->length, buffer->capacity - buffer->length, format, list);
	if (length < 0) {
		length = 0;
	} else if ((size_t)length >= buffer->capacity - buffer->length) {
		reserve(buffer, (size_t)length);
		vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
	}
	va_end(again);
	buffer->length += (size_t)length;
	buffer->data[buffer->length] = '\0';
}

/* Most formats only join texts; printf is for the rest. */
void buffer_format_list(struct buffer *buffer, const char *format, va_list list)
{
	const char *mark;
	va_list rest;

	va_copy(rest, list);
	while ((mark = strchr(format, '%')) != NULL && mark[1] == 's') {
		const char *text = va_arg(rest, const char *);
		buffer_add_bytes(buffer, format, (size_t)(mark - format));
		buffer_add(buffer, text != NULL ? text : "(null)");
		format = mark + 2;
	}
	if (mark != NULL)
		print(buffer, format, rest);
	else
		buffer_add(buffer, format);
	va_end(rest);
}

const char *buffer_text(const struct buffer *buffer)
{
	return buffer->data != NULL ? buffer->data : "";
}

char *buffer_take(struct buffer *buffer)
{
	char *text = buffer->data != NULL ? buffer->data : memory_copy_string("");

	*buffer = (struct buffer){0};
	return text;
}
