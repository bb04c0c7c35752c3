/* A hash map from text to pointers. Keys are copied, unless borrowed; values are the caller's. Look-up and change cost
 * O(1). */
#ifndef YUBIAO_BASE_MAP_H
#define YUBIAO_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct map;
struct map *map_new(void);
/* Its keys are not copied: they must live, unchanged, as long as they are in the map. */
struct map *map_new_borrowing(void);
void map_free(struct map *map);
void *map_get(const struct map *map, const char *key);          /* NULL: no such key */
void map_set(struct map *map, const char *key, void *value);    /* value must not be NULL */
void *map_remove(struct map *map, const char *key);             /* the value that was there, or NULL */
size_t map_count(const struct map *map);
/* Visits every pair in no stated order: start with *position = 0; false at the end. Not to be changed
 * meanwhile. */
bool map_next(const struct map *map, size_t *position, const char **key, void **value);

#endif
