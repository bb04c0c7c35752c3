#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"

static void new_memory_is_zeroed(void **state)
{
	(void)state;
	for (size_t size = 1; size < 3000; size += 1 + size / 8) {
		unsigned char *used = memory_resize(NULL, size), *bytes;
		memset(used, 0xAA, size);
		memory_free(used);
		bytes = memory_new(size);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(bytes[i], 0);
		memory_free(bytes);
	}
	int *numbers = memory_new_array(10, sizeof(*numbers));
	for (size_t i = 0; i < 10; i++)
		assert_int_equal(numbers[i], 0);
	memory_free(numbers);
}

static void a_block_that_grows_or_shrinks_keeps_its_bytes(void **state)
{
	(void)state;
	unsigned char *blocks[20] = {NULL};
	size_t sizes[20] = {0};
	for (size_t step = 0; step < 2000; step++) {
		size_t i = step * 7 % 20, size = 1 + step * step % 311;
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(blocks[i][k], (unsigned char)(i + k));
		blocks[i] = memory_resize(blocks[i], size);
		for (size_t k = 0; k < sizes[i] && k < size; k++)
			assert_int_equal(blocks[i][k], (unsigned char)(i + k));
		for (size_t k = sizes[i]; k < size; k++)
			blocks[i][k] = (unsigned char)(i + k);
		sizes[i] = size;
	}
	for (size_t i = 0; i < 20; i++)
		memory_free(blocks[i]);
}

static void nothing_is_an_object_too(void **state)
{
	(void)state;
	void *none = memory_new(0), *resized = memory_resize(NULL, 0);
	assert_non_null(none);
	assert_non_null(resized);
	memory_free(none);
	memory_free(resized);
	memory_free(NULL);
}

static void strings_are_copied(void **state)
{
	(void)state;
	assert_null(memory_copy_string(NULL));
	char *copy = memory_copy_string("预算");
	assert_string_equal(copy, "预算");
	memory_free(copy);
	copy = memory_copy_bytes("abcdef", 3);
	assert_string_equal(copy, "abc");
	memory_free(copy);
	copy = memory_copy_bytes("", 0);
	assert_string_equal(copy, "");
	memory_free(copy);
}

static void arrays_grow_and_keep_their_items(void **state)
{
	(void)state;
	int *items = NULL;
	size_t capacity = 0, growths = 0;
	for (size_t count = 0; count < 1000; count++) {
		size_t before = capacity;
		array_reserve(&items, &capacity, count, sizeof(*items));
		growths += capacity != before;
		assert_true(capacity > count);
		items[count] = (int)count;
	}
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(items[i], (int)i);
	assert_in_range(growths, 1, 10);
	memory_free(items);
}

static void a_block_given_back_twice_ends_the_process(void **state)
{
	(void)state;
	void (*volatile give_back)(void *) = free;
	for (size_t between = 0; between < 4; between++) {
		int status;
		pid_t child = fork();
		if (child == 0) {
			void *block = malloc(16), *others[3] = {malloc(16), malloc(16), malloc(60)};
			close(STDERR_FILENO);
			give_back(block);
			for (size_t i = 0; i < between; i++)
				give_back(others[i]);
			give_back(block);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
}

/* More than there is room for where short ones lie. */
static void many_short_blocks_lie_apart(void **state)
{
	(void)state;
	static unsigned char *blocks[5000];
	for (size_t step = 0; step < 20000; step++) {
		size_t i = step * 7919 % 5000, size = 1 + i % 90;
		for (size_t k = 0; blocks[i] != NULL && k < size; k++)
			assert_int_equal(blocks[i][k], (unsigned char)(i / 90));
		memory_free(blocks[i]);
		blocks[i] = step % 3 == 0 ? NULL : step % 2 == 0 ? memory_new(size) : memory_resize(NULL, size);
		if (blocks[i] != NULL) {
			assert_int_equal((uintptr_t)blocks[i] % _Alignof(max_align_t), 0);
			memset(blocks[i], (int)(i / 90), size);
		}
	}
	for (size_t i = 0; i < 5000; i++)
		memory_free(blocks[i]);
}

static void arena_objects_are_zeroed_aligned_and_apart(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	unsigned char *objects[500];
	char *texts[500], wanted[64];
	for (size_t i = 0; i < 500; i++) {
		objects[i] = arena_take(arena, i + 1);
		assert_int_equal((uintptr_t)objects[i] % _Alignof(uint64_t), 0);
		for (size_t j = 0; j <= i; j++)
			assert_int_equal(objects[i][j], 0);
		memset(objects[i], (int)(i % 251) + 1, i + 1);
		texts[i] = arena_format(arena, "%0*zu", (int)(1 + i % 50), i);
	}
	for (size_t i = 0; i < 500; i++) {
		for (size_t j = 0; j <= i; j++)
			assert_int_equal(objects[i][j], (i % 251) + 1);
		snprintf(wanted, sizeof(wanted), "%0*zu", (int)(1 + i % 50), i);
		assert_string_equal(texts[i], wanted);
	}
	arena_free(arena);
}

/* One byte less than what is left between objects and texts, as many, and one more. */
static void what_is_left_of_a_chunk_is_taken_once(void **state)
{
	(void)state;
	for (int more = -1; more <= 1; more++)
		for (int is_text = 0; is_text <= 1; is_text++) {
			struct arena *arena = arena_new();
			unsigned char *object = arena_take(arena, 24);
			memset(object, 7, 24);
			char *text = arena_copy(arena, "乙表"), *filling = memory_new(2048);
			size_t size = (size_t)(arena->back - arena->front) + (size_t)more;
			memset(filling, 'x', size);
			char *rest = is_text ? arena_copy_bytes(arena, filling, size - 1) : memset(arena_room(arena, size), 'x', size);
			assert_string_equal(text, "乙表");
			for (size_t i = 0; i < 24; i++)
				assert_int_equal(object[i], 7);
			for (size_t i = 0; i + 1 < size; i++)
				assert_int_equal(rest[i], 'x');
			assert_non_null(arena_room(arena, 0));
			memory_free(filling);
			arena_free(arena);
		}
}

static void arena_takes_big_objects(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	char *small = arena_copy(arena, "小");
	char *big = arena_take(arena, (size_t)5 * 1024 * 1024);
	char *after = arena_copy(arena, "后");
	big[5 * 1024 * 1024 - 1] = 'x';
	assert_string_equal(small, "小");
	assert_string_equal(after, "后");
	arena_free(arena);
	arena_free(NULL);
}

static void arena_copies_and_formats(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_null(arena_copy(arena, NULL));
	assert_string_equal(arena_copy_bytes(arena, "abcdef", 2), "ab");
	assert_string_equal(arena_format(arena, "%s第%d行", "表", 7), "表第7行");
	char *name = memory_new(300000);
	memset(name, 'n', 299999);
	assert_string_equal(arena_format(arena, "%s", name), name);
	memory_free(name);
	arena_free(arena);
}

static int hook_pipe[2];

/* As a library would; through a pointer, so that no compiler knows better. */
static void *(*volatile allocate)(size_t) = malloc;
static void *(*volatile allocate_more)(void *, size_t) = realloc;
static void *(*volatile allocate_zeros)(size_t, size_t) = calloc;

static void take_ours(void)
{
	memory_new_array(SIZE_MAX / 2, 16);
}

static void take_plain(void)
{
	allocate(SIZE_MAX / 2);
}

static void take_more(void)
{
	allocate_more(NULL, SIZE_MAX / 2);
}

static void take_zeros(void)
{
	allocate_zeros(SIZE_MAX / 2, 16);
}

static void say_goodbye(void)
{
	ssize_t written = write(hook_pipe[1], "bye", 3);
	(void)written;
}

/* Where the hook itself finds no memory it is told so, and must not run again. */
static void say_goodbye_without_memory(void)
{
	if (allocate(SIZE_MAX / 2) == NULL)
		say_goodbye();
}

static void assert_ends_in_order(void (*take)(void), void (*hook)(void), const char *words)
{
	int error_pipe[2], status;
	char said[512] = {0}, hooked[8] = {0};
	assert_int_equal(pipe(hook_pipe), 0);
	assert_int_equal(pipe(error_pipe), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(error_pipe[1], STDERR_FILENO);
		memory_set_die_hook(hook);
		memory_set_words(words);
		take();
		_exit(0);
	}
	close(hook_pipe[1]);
	close(error_pipe[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
	assert_true(read(error_pipe[0], said, sizeof(said) - 1) > 0);
	assert_string_equal(said, words);
	assert_int_equal(read(hook_pipe[0], hooked, sizeof(hooked) - 1), 3);
	close(hook_pipe[0]);
	close(error_pipe[0]);
}

static void want_of_memory_runs_the_hook_and_exits_with_3(void **state)
{
	(void)state;
	assert_non_null(strstr(memory_words(), "内存不足"));
	assert_ends_in_order(take_ours, say_goodbye, memory_words());
	assert_ends_in_order(memory_end, say_goodbye, "Es fehlt an Speicher.\n");
}

/* The sanitizers have allocators of their own, which end the process in theirs. */
static void so_does_a_library_that_finds_none(void **state)
{
	(void)state;
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
	(void)take_plain, (void)take_more, (void)take_zeros, (void)say_goodbye_without_memory;
	skip();
#else
	assert_ends_in_order(take_plain, say_goodbye, memory_words());
	assert_ends_in_order(take_more, say_goodbye, memory_words());
	assert_ends_in_order(take_zeros, say_goodbye, memory_words());
	assert_ends_in_order(take_plain, say_goodbye_without_memory, memory_words());
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_memory_is_zeroed),
		cmocka_unit_test(a_block_that_grows_or_shrinks_keeps_its_bytes),
		cmocka_unit_test(nothing_is_an_object_too),
		cmocka_unit_test(strings_are_copied),
		cmocka_unit_test(arrays_grow_and_keep_their_items),
		cmocka_unit_test(a_block_given_back_twice_ends_the_process),
		cmocka_unit_test(many_short_blocks_lie_apart),
		cmocka_unit_test(arena_objects_are_zeroed_aligned_and_apart),
		cmocka_unit_test(what_is_left_of_a_chunk_is_taken_once),
		cmocka_unit_test(arena_takes_big_objects),
		cmocka_unit_test(arena_copies_and_formats),
		cmocka_unit_test(want_of_memory_runs_the_hook_and_exits_with_3),
		cmocka_unit_test(so_does_a_library_that_finds_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
