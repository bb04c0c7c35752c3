/* Allocation. Running out of memory is the one failure that ends the process: the die hook first gives the
 * terminal back, then a sentence is printed and the process exits with status 3. Nothing here returns
 * NULL; nor do, wherever this is linked, the allocations of the libraries. */
#ifndef YUBIAO_BASE_MEMORY_H
#define YUBIAO_BASE_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Once, at the very beginning: has the system hand over most of the heap's first megabyte in one piece instead of page by page as
 * it is touched, which costs more than what is then done there. Where the system cannot, nothing changes. */
void memory_begin(void);

/* Zeroed bytes; the caller frees with memory_free(). */
void *memory_new(size_t size);
void *memory_new_array(size_t count, size_t item_size);
void *memory_resize(void *block, size_t size);
char *memory_copy_string(const char *text);              /* NULL gives NULL */
char *memory_copy_bytes(const char *text, size_t length); /* a NUL is added */
void memory_free(void *block);

/* Ends the process like the functions above: for one who has it from a library that there is no memory. */
_Noreturn void memory_end(void);

/* Runs once before the process ends for want of memory. NULL takes it away. */
void memory_set_die_hook(void (*hook)(void));
/* The sentence in the user's language, and the one that is printed, in the encoding of the terminal; borrowed.
 * It cannot be looked up when it is needed: it may be the catalogue of messages that found no memory. */
const char *memory_words(void);
void memory_set_words(const char *words);

void array_grow(void *items, size_t *capacity, size_t count, size_t item_size); /* for array_reserve() */
/* Makes room for one more item in a growing array; doubles *capacity. `items` is the address of the
 * array's pointer. The new room is not zeroed. */
static inline void array_reserve(void *items, size_t *capacity, size_t count, size_t item_size)
{
	if (count >= *capacity)
		array_grow(items, capacity, count, item_size);
}

/* An arena: many small objects with one life, freed together. Objects are aligned for anything but long double and vectors,
 * and zeroed but by arena_room(); texts are not aligned. */
struct arena {
	char *front, *back; /* what is left of the newest chunk: objects are cut off in front, texts, which need no alignment, behind */
	struct chunk *chunks;
	struct kept *kept;
	size_t next_size; /* of a chunk, bytes */
};
#define ARENA_ALIGNMENT ((size_t)8)
struct arena *arena_new(void);
void arena_free(struct arena *arena);
void *arena_room_anew(struct arena *arena, size_t size); /* for arena_room() */
static inline void *arena_room(struct arena *arena, size_t size) /* here, for most sizes are constants */
{
	char *object = arena->front;

	if (size >= ((size_t)(arena->back - object) & ~(ARENA_ALIGNMENT - 1)))
		return arena_room_anew(arena, size);
	arena->front += (size + (ARENA_ALIGNMENT - 1)) & ~(ARENA_ALIGNMENT - 1);
	return object;
}
static inline void *arena_take(struct arena *arena, size_t size)
{
	return memset(arena_room(arena, size), 0, size);
}
/* Gives `block`, which memory_free() could free, to the arena, and returns it. */
void *arena_keep(struct arena *arena, void *block);
char *arena_copy(struct arena *arena, const char *text);
char *arena_copy_bytes(struct arena *arena, const char *text, size_t length);
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
