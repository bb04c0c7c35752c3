/* Open addressing with linear probing, at most three quarters full. A removed entry leaves no mark: the
 * entries behind it are moved up, so that look-ups never get slower by use. */
#include "base/map.h"

#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>

#include "base/memory.h"

#define FIRST_SIZE 16
#define MIXER UINT64_C(0x9E3779B97F4A7C15) /* 2^64 by the golden ratio */

struct entry {
	const char *key; /* NULL: free */
	void *value;
	uint64_t hash;
};

struct map {
	struct entry *entries;
	size_t size; /* a power of two */
	size_t count;
	bool borrows;
	uint64_t secret[2];
};

/* The two halves of a 128-bit product, one upon the other. */
static inline uint64_t fold(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	__extension__ unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
	uint64_t a0 = a & UINT32_MAX, a1 = a >> 32, b0 = b & UINT32_MAX, b1 = b >> 32;
	uint64_t crossed = a0 * b1 + (a0 * b0 >> 32), middle = a1 * b0 + (crossed & UINT32_MAX);

	return a * b ^ (a1 * b1 + (crossed >> 32) + (middle >> 32));
#endif
}

static inline uint64_t load_word(const char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

/* Up to eight bytes; in a longer key they overlap the word before, which does no harm. */
static inline uint64_t last_word(const char *key, size_t length)
{
	uint32_t low, high;

	if (length >= 8)
		return load_word(key + length - 8);
	if (length >= 4) {
		memcpy(&low, key, 4);
		memcpy(&high, key + length - 4, 4);
		return (uint64_t)high << 32 | low;
	}
	return length == 0 ? 0
			   : (uint64_t)(unsigned char)key[0] << 16 | (uint64_t)(unsigned char)key[length / 2] << 8 |
				     (unsigned char)key[length - 1];
}

/* Eight bytes at a time. The secret is another in every run, so that nobody can write a file whose keys all fall upon one place. Folded
 * once, keys that differ in their last digits would lie in clusters under one secret in a hundred. */
static uint64_t hash_of(const struct map *map, const char *key)
{
	size_t length = strlen(key);
	uint64_t hash = map->secret[0] ^ length;

	for (size_t i = 0; i + 8 < length; i += 8)
		hash = fold(hash ^ load_word(key + i), map->secret[1]);
	return fold(fold(hash ^ last_word(key, length), map->secret[1]), MIXER);
}

/* The entry of `key`, or the free one where it belongs. */
static struct entry *find(const struct map *map, const char *key, uint64_t hash)
{
	size_t mask = map->size - 1;
	size_t i = (size_t)hash & mask;

	while (map->entries[i].key != NULL) {
		if (map->entries[i].hash == hash && strcmp(map->entries[i].key, key) == 0)
			break;
		i = (i + 1) & mask;
	}
	return &map->entries[i];
}

static void grow(struct map *map)
{
	struct entry *old = map->entries;
	size_t old_size = map->size;

	map->size = old_size * 2;
	map->entries = memory_new_array(map->size, sizeof(*map->entries));
	for (size_t i = 0; i < old_size; i++)
		if (old[i].key != NULL)
			*find(map, old[i].key, old[i].hash) = old[i];
	memory_free(old);
}

struct map *map_new(void)
{
	struct map *map = memory_new(sizeof(*map));

	map->size = FIRST_SIZE;
	map->entries = memory_new_array(map->size, sizeof(*map->entries));
	memcpy(map->secret, (const void *)getauxval(AT_RANDOM), sizeof(map->secret)); /* what the kernel gave the process */
	map->secret[1] |= 1;
	return map;
}

struct map *map_new_borrowing(void)
{
	struct map *map = map_new();

	map->borrows = true;
	return map;
}

static void free_key(const struct map *map, const struct entry *entry)
{
	if (!map->borrows)
		memory_free((char *)entry->key);
}

void map_free(struct map *map)
{
	if (map == NULL)
		return;
	for (size_t i = 0; i < map->size; i++)
		free_key(map, &map->entries[i]);
	memory_free(map->entries);
	memory_free(map);
}

void *map_get(const struct map *map, const char *key)
{
	return find(map, key, hash_of(map, key))->value;
}

void map_set(struct map *map, const char *key, void *value)
{
	uint64_t hash = hash_of(map, key);
	struct entry *entry = find(map, key, hash);

	if (entry->key == NULL) {
		if ((map->count + 1) * 4 > map->size * 3) {
			grow(map);
			entry = find(map, key, hash);
		}
		entry->key = map->borrows ? key : memory_copy_string(key);
		entry->hash = hash;
		map->count++;
	}
	entry->value = value;
}

/* Moves up every later entry of the cluster that the hole at `hole` would hide from its home place. */
static void close_hole(struct map *map, size_t hole)
{
	size_t mask = map->size - 1;

	for (size_t i = (hole + 1) & mask; map->entries[i].key != NULL; i = (i + 1) & mask) {
		size_t home = (size_t)map->entries[i].hash & mask;
		if (((i - home) & mask) >= ((i - hole) & mask)) {
			map->entries[hole] = map->entries[i];
			hole = i;
		}
	}
	map->entries[hole] = (struct entry){0};
}

void *map_remove(struct map *map, const char *key)
{
	struct entry *entry = find(map, key, hash_of(map, key));

	if (entry->key == NULL)
		return NULL;
	void *value = entry->value;
	free_key(map, entry);
	close_hole(map, (size_t)(entry - map->entries));
	map->count--;
	return value;
}

size_t map_count(const struct map *map)
{
	return map->count;
}

bool map_next(const struct map *map, size_t *position, const char **key, void **value)
{
	while (*position < map->size) {
		const struct entry *entry = &map->entries[(*position)++];
		if (entry->key != NULL) {
			*key = entry->key;
			*value = entry->value;
			return true;
		}
	}
	return false;
}
