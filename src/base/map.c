/* Open addressing with linear probing, at most three quarters full. A removed entry leaves no mark: the
 * entries behind it are moved up, so that look-ups never get slower by use. */
#include "base/map.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"

#define FIRST_SIZE 16

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
};

/* FNV-1a, with a last mixing because only the low bits choose the place. */
static uint64_t hash_of(const char *key)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (const char *byte = key; *byte != '\0'; byte++)
		hash = (hash ^ (unsigned char)*byte) * UINT64_C(1099511628211);
	hash ^= hash >> 32;
	hash *= UINT64_C(0x9E3779B97F4A7C15);
	return hash ^ hash >> 29;
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
	return find(map, key, hash_of(key))->value;
}

void map_set(struct map *map, const char *key, void *value)
{
	uint64_t hash = hash_of(key);
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
	struct entry *entry = find(map, key, hash_of(key));

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
