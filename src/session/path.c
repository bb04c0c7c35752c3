#include "session/path.h"

#include <stdio.h>
#include <string.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "session/session.h"

static char encoding[32]; /* "": UTF-8. Set once, at the start. */

void session_paths_in(const char *name)
{
	snprintf(encoding, sizeof(encoding), "%s", name);
}

char *path_native(const char *path)
{
	struct buffer converted = {0};
	size_t lost = 0;
	bool usable;

	if (*encoding == '\0' || !text_is_utf8(path, strlen(path)))
		return memory_copy_string(path);
	usable = encode_from_utf8(&converted, path, strlen(path), encoding, &lost, NULL) == STATUS_OK &&
		 lost == 0;
	if (usable && (file_exists(buffer_text(&converted)) || !file_exists(path)))
		return buffer_take(&converted);
	buffer_done(&converted);
	return memory_copy_string(path);
}

char *path_shown(const char *path)
{
	struct buffer converted = {0};

	if (*encoding != '\0' && !text_is_utf8(path, strlen(path)) &&
	    encode_to_utf8(&converted, path, strlen(path), encoding, NULL) == STATUS_OK)
		return buffer_take(&converted);
	buffer_done(&converted);
	return memory_copy_string(path);
}
