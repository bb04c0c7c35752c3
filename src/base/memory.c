#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"

#define EXIT_NO_MEMORY 3

static void (*die_hook)(void);

/* The hook is taken away before it runs: should it run out of memory itself, the second call ends at once.
 * Nothing is flushed: what lies half in a stream is not worth another allocation. */
static _Noreturn void die(void)
{
	void (*hook)(void) = die_hook;

	die_hook = NULL;
	if (hook != NULL)
		hook();
	const char *text = _("yubiao：内存不足，程序只好结束。请关闭其他程序后再打开文件。\n");
	ssize_t written = write(STDERR_FILENO, text, strlen(text));
	(void)written;
	_exit(EXIT_NO_MEMORY);
}

void memory_set_die_hook(void (*hook)(void))
{
	die_hook = hook;
}

void *memory_new(size_t size)
{
	void *block = calloc(1, size > 0 ? size : 1);

	if (block == NULL)
		die();
	return block;
}

void *memory_new_array(size_t count, size_t item_size)
{
	size_t size;

	if (__builtin_mul_overflow(count, item_size, &size))
		die();
	return memory_new(size);
}

void *memory_resize(void *block, size_t size)
{
	void *resized = realloc(block, size > 0 ? size : 1);

	if (resized == NULL)
		die();
	return resized;
}

char *memory_copy_string(const char *text)
{
	return text == NULL ? NULL : memory_copy_bytes(text, strlen(text));
}

char *memory_copy_bytes(const char *text, size_t length)
{
	if (length == SIZE_MAX)
		die();
	char *copy = malloc(length + 1);
	if (copy == NULL)
		die();
	if (length > 0)
		memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

void memory_free(void *block)
{
	free(block);
}

/* The pointer is read and written as bytes, since its type is not known here. */
void array_reserve(void *items, size_t *capacity, size_t count, size_t item_size)
{
	if (count < *capacity)
		return;
	size_t wanted = *capacity < 8 ? 8 : *capacity;
	while (wanted <= count)
		if (__builtin_mul_overflow(wanted, (size_t)2, &wanted))
			die();
	size_t size;
	if (__builtin_mul_overflow(wanted, item_size, &size))
		die();
	void *block;
	memcpy(&block, items, sizeof(block));
	block = memory_resize(block, size);
	memcpy(items, &block, sizeof(block));
	*capacity = wanted;
}
