#include "base/memory.h"

#include <dlfcn.h>
#include <malloc.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/diag.h"

#define EXIT_NO_MEMORY 3
#define WORDS N_("yubiao：内存不足，程序只好结束。请关闭其他程序后再打开文件。\n")

static void (*die_hook)(void);
static const char *words = WORDS;
static bool is_ending;

/* The hook is taken away before it runs: should it run out of memory itself, the second call ends at once.
 * Nothing is flushed: what lies half in a stream is not worth another allocation. */
_Noreturn void memory_end(void)
{
	void (*hook)(void) = die_hook;

	is_ending = true;
	die_hook = NULL;
	if (hook != NULL)
		hook();
	ssize_t written = write(STDERR_FILENO, words, strlen(words));
	(void)written;
	_exit(EXIT_NO_MEMORY);
}

void memory_set_die_hook(void (*hook)(void))
{
	die_hook = hook;
}

const char *memory_words(void)
{
	return _(WORDS);
}

void memory_set_words(const char *text)
{
	words = text;
}

/* ---- what the libraries allocate ----
 *
 * ncurses takes no notice of a NULL and crashes, in the middle of the screen; others go on with less than they
 * should. So their calls come through here too, and end the process as ours do. The sanitizers have allocators
 * of their own, which must stay in sight. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifndef __SANITIZE_ADDRESS__

static void *next(const char *name)
{
	void *function = dlsym(RTLD_NEXT, name);

	if (function == NULL)
		_exit(EXIT_NO_MEMORY);
	return function;
}

/* While the process ends there is nobody to turn to: the libraries get their NULL. */
static void *got(void *block, size_t size)
{
	if (block == NULL && size > 0 && !is_ending)
		memory_end();
	return block;
}

/* Short blocks. libyaml asks for four short texts with every scalar and gives them back at once, and names, keys and buffers come and go
 * as quickly. So they lie in a table of their own as long as it has room; the one that came back last is given out first. */
#define SHORT_SIZE 64 /* bytes */
#define SHORT_MOST 1024
#define IS_TAKEN INT16_MAX
#define MOVED_MOST 128 /* bytes */

struct short_block {
	alignas(max_align_t) char bytes[SHORT_SIZE];
};

static struct short_block shorts[SHORT_MOST];
/* Of each: IS_TAKEN, or how much farther than the next one lies the free one that follows it in the order of giving out. As all are zero, each
 * is followed by the next. */
static int16_t short_state[SHORT_MOST];
static size_t short_first; /* free; SHORT_MOST: none is */

static void *short_take(void)
{
	size_t i = short_first;

	if (i == SHORT_MOST)
		return NULL;
	short_first = (size_t)((ptrdiff_t)i + 1 + short_state[i]);
	short_state[i] = IS_TAKEN;
	return &shorts[i];
}

static bool is_short(const void *block)
{
	return (uintptr_t)block - (uintptr_t)shorts < sizeof(shorts);
}

static void short_give(const void *block)
{
	size_t offset = (uintptr_t)block - (uintptr_t)shorts, i = offset / SHORT_SIZE;

	if (offset % SHORT_SIZE != 0 || short_state[i] != IS_TAKEN)
		abort(); /* given back twice, as the C library would see */
	short_state[i] = (int16_t)((ptrdiff_t)short_first - (ptrdiff_t)i - 1);
	short_first = i;
}

/* Apart from the ways that are short, which then need no stack. */
static __attribute__((noinline)) void *long_take(size_t size)
{
	static void *(*real)(size_t);

	if (real == NULL)
		*(void **)&real = next("malloc");
	return got(real(size), size);
}

static __attribute__((noinline)) void long_give(void *block)
{
	static void (*real)(void *);

	if (real == NULL)
		*(void **)&real = next("free");
	real(block);
}

void *malloc(size_t size)
{
	void *block = size <= SHORT_SIZE ? short_take() : NULL;

	return block != NULL ? block : long_take(size);
}

void free(void *block)
{
	if (is_short(block))
		short_give(block);
	else
		long_give(block);
}

void *calloc(size_t count, size_t size)
{
	static void *(*real)(size_t, size_t);

	if (real == NULL)
		*(void **)&real = next("calloc");
	return got(real(count, size), size);
}

static void *move(void *block, size_t old, size_t size)
{
	void *moved = malloc(size);

	if (moved != NULL) {
		memcpy(moved, block, old);
		free(block);
	}
	return moved;
}

/* A small block moves as if it were taken anew: what malloc() and free() keep at hand, the library's realloc() does not look at. */
void *realloc(void *block, size_t size)
{
	static void *(*real)(void *, size_t);
	size_t room = is_short(block) ? SHORT_SIZE : block != NULL ? malloc_usable_size(block) : 0;

	if (is_short(block) && size == 0) {
		free(block);
		return NULL;
	}
	if (is_short(block) && size <= room)
		return block;
	if (room > 0 && room <= MOVED_MOST && size > room)
		return move(block, room, size);
	if (real == NULL)
		*(void **)&real = next("realloc");
	return got(real(block, size), size);
}

#endif

/* ---- what we allocate ---- */

#define HEAP_FIRST ((size_t)680 * 1024) /* most of what a workbook of one department takes up to its first screen */
#define HEAP_LOOSE (512 * 1024)		 /* larger blocks go back to the system as soon as they are freed */
#define SMALL_MOST 1024			 /* bytes */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

void memory_begin(void)
{
#ifndef __SANITIZE_ADDRESS__
	(void)mallopt(M_TRIM_THRESHOLD, 2 * (int)HEAP_FIRST);
	(void)mallopt(M_MMAP_THRESHOLD, 2 * (int)HEAP_FIRST);
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	char *heap = memory_resize(NULL, HEAP_FIRST);
	char *first = heap + (page - (uintptr_t)heap % page);
	(void)madvise(first, (HEAP_FIRST - page) / page * page, MADV_POPULATE_WRITE);
	memory_free(heap);
	(void)mallopt(M_MMAP_THRESHOLD, HEAP_LOOSE);
#endif
}

/* The library's calloc() does not look at what malloc() keeps at hand, but knows of large blocks which are zero already. */
void *memory_new(size_t size)
{
	bool is_small = size <= SMALL_MOST;
	void *block = is_small ? malloc(size > 0 ? size : 1) : calloc(1, size);

	if (block == NULL)
		memory_end();
	return is_small ? memset(block, 0, size) : block;
}

void *memory_new_array(size_t count, size_t item_size)
{
	size_t size;

	if (__builtin_mul_overflow(count, item_size, &size))
		memory_end();
	return memory_new(size);
}

void *memory_resize(void *block, size_t size)
{
	void *resized = realloc(block, size > 0 ? size : 1);

	if (resized == NULL)
		memory_end();
	return resized;
}

char *memory_copy_string(const char *text)
{
	return text == NULL ? NULL : memory_copy_bytes(text, strlen(text));
}

char *memory_copy_bytes(const char *text, size_t length)
{
	if (length == SIZE_MAX)
		memory_end();
	char *copy = malloc(length + 1);
	if (copy == NULL)
		memory_end();
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
void array_grow(void *items, size_t *capacity, size_t count, size_t item_size)
{
	size_t wanted = *capacity < 8 ? 8 : *capacity;
	while (wanted <= count)
		if (__builtin_mul_overflow(wanted, (size_t)2, &wanted))
			memory_end();
	size_t size;
	if (__builtin_mul_overflow(wanted, item_size, &size))
		memory_end();
	void *block;
	memcpy(&block, items, sizeof(block));
	block = memory_resize(block, size);
	memcpy(items, &block, sizeof(block));
	*capacity = wanted;
}
