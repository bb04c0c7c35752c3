#include "store/recent.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/confine.h"
#include "base/file.h"
#include "base/memory.h"
#include "store/state_directory.h"

#define LIST_LIMIT (64u * 1024u)

static size_t read_list(const char *file, char *paths[RECENT_MOST])
{
	struct buffer bytes = {0};
	size_t count = 0;

	if (file_read(&bytes, file, LIST_LIMIT, NULL) == STATUS_OK)
		for (char *line = bytes.data, *end; line != NULL && count < RECENT_MOST; line = end) {
			end = strchr(line, '\n');
			if (end != NULL)
				*end++ = '\0';
			if (line[0] == '/' && file_exists(line))
				paths[count++] = memory_copy_string(line);
		}
	buffer_done(&bytes);
	return count;
}

size_t recent_list(char ***out)
{
	char *paths[RECENT_MOST], *file = state_path("recent");
	size_t count = file != NULL ? read_list(file, paths) : 0;

	memory_free(file);
	*out = memory_new_array(count > 0 ? count : 1, sizeof(**out));
	memcpy(*out, paths, count * sizeof(**out));
	return count;
}

static void format_list(struct buffer *out, const char *first, char **paths, size_t count)
{
	buffer_format(out, "%s\n", first);
	for (size_t i = 0, written = 1; i < count && written < RECENT_MOST; i++)
		if (strcmp(paths[i], first) != 0) {
			buffer_format(out, "%s\n", paths[i]);
			written++;
		}
}

static void write_list(const struct buffer *list)
{
	char *directory = state_path(""), *file = state_path("recent");

	if (directory != NULL && file_make_private_directory(directory, NULL) == STATUS_OK)
		file_replace(file, buffer_text(list), list->length, FILE_PRIVATE, NULL);
	memory_free(directory);
	memory_free(file);
}

/* The file worked on day after day is the first already: then there is nothing to write. */
void recent_add(const char *path)
{
	char *absolute = confine_real_path(path), **paths;
	struct buffer list = {0};
	size_t count;

	if (absolute == NULL || strchr(absolute, '\n') != NULL) {
		free(absolute);
		return;
	}
	count = recent_list(&paths);
	if (count == 0 || strcmp(paths[0], absolute) != 0) {
		format_list(&list, absolute, paths, count);
		write_list(&list);
	}
	for (size_t i = 0; i < count; i++)
		memory_free(paths[i]);
	memory_free(paths);
	buffer_done(&list);
	free(absolute);
}
