#include "store/journal_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/confine.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "store/state_directory.h"

char *journal_beside(const char *path)
{
	return file_beside(path, ".", ".journal");
}

char *journal_directory(void)
{
	return state_path("journals");
}

char *journal_apart(const char *id, int i)
{
	char *directory = journal_directory(), *path;
	struct buffer name = {0};

	if (directory == NULL)
		return NULL;
	buffer_add(&name, id);
	if (i > 0)
		buffer_format(&name, "-%d", i);
	buffer_add(&name, ".journal");
	path = file_join(directory, buffer_text(&name));
	buffer_done(&name);
	memory_free(directory);
	return path;
}

void journal_where(const char *path, char *out, size_t size)
{
	char *absolute = path != NULL ? confine_real_path(path) : NULL;

	if (absolute == NULL || strlen(absolute) >= size || !text_is_utf8(absolute, strlen(absolute)))
		snprintf(out, size, "-");
	else
		snprintf(out, size, "%s", absolute);
	free(absolute);
}
