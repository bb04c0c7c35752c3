/* An arena is a chain of chunks; objects and texts are cut from the two ends of the newest one. Chunks double from 1 KiB to 64 KiB,
 * so that a small arena stays small and a big one asks the system seldom. An object that does not fit and
 * is big gets a chunk of its own, and the rest of the newest stays in use. Objects are zeroed when they
 * are taken, not by the chunk: memory that is never taken is never touched. The front is always aligned. */
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"

#define FIRST_CHUNK ((size_t)1024)
#define LARGEST_CHUNK ((size_t)64 * 1024)

struct chunk {
	struct chunk *next;
	alignas(ARENA_ALIGNMENT) char bytes[];
};

struct kept {
	struct kept *next;
	void *block;
};

static struct chunk *chunk_new(size_t size)
{
	/* A size that wraps becomes one that surely fails. */
	size_t whole = size > SIZE_MAX - sizeof(struct chunk) ? SIZE_MAX : sizeof(struct chunk) + size;

	return memory_resize(NULL, whole);
}

struct arena *arena_new(void)
{
	struct arena *arena = memory_new(sizeof(*arena));

	arena->next_size = FIRST_CHUNK;
	return arena;
}

void arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	for (const struct kept *kept = arena->kept; kept != NULL; kept = kept->next)
		memory_free(kept->block);
	struct chunk *chunk = arena->chunks;
	while (chunk != NULL) {
		struct chunk *next = chunk->next;
		memory_free(chunk);
		chunk = next;
	}
	memory_free(arena);
}

static void *take_big(struct arena *arena, size_t size)
{
	struct chunk *chunk = chunk_new(size);

	chunk->next = arena->chunks;
	arena->chunks = chunk;
	return chunk->bytes;
}

static void add_chunk(struct arena *arena)
{
	struct chunk *chunk = chunk_new(arena->next_size);

	chunk->next = arena->chunks;
	arena->chunks = chunk;
	arena->front = chunk->bytes;
	arena->back = chunk->bytes + arena->next_size;
	if (arena->next_size < LARGEST_CHUNK)
		arena->next_size *= 2;
}

void *arena_room_anew(struct arena *arena, size_t size)
{
	if (size > arena->next_size / 4)
		return take_big(arena, size);
	add_chunk(arena);
	return arena_room(arena, size);
}

static char *text_room(struct arena *arena, size_t size)
{
	if ((size_t)(arena->back - arena->front) < size) {
		if (size > arena->next_size / 4)
			return take_big(arena, size);
		add_chunk(arena);
	}
	return arena->back -= size;
}

void *arena_keep(struct arena *arena, void *block)
{
	struct kept *kept = arena_take(arena, sizeof(*kept));

	kept->block = block;
	kept->next = arena->kept;
	arena->kept = kept;
	return block;
}

char *arena_copy(struct arena *arena, const char *text)
{
	return text == NULL ? NULL : arena_copy_bytes(arena, text, strlen(text));
}

char *arena_copy_bytes(struct arena *arena, const char *text, size_t length)
{
	char *copy = text_room(arena, length < SIZE_MAX ? length + 1 : SIZE_MAX);

	if (length > 0)
		memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
	struct buffer buffer = {0};
	va_list list;

	va_start(list, format);
	buffer_format_list(&buffer, format, list);
	va_end(list);
	char *copy = arena_copy_bytes(arena, buffer_text(&buffer), buffer.length);
	buffer_done(&buffer);
	return copy;
}
