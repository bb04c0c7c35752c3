#include "store/state_directory.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"

char *state_path(const char *name)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *base, *directory, *path;

	if (state != NULL && state[0] == '/')
		base = memory_copy_string(state);
	else if (home != NULL && home[0] == '/')
		base = file_join(home, ".local/state");
	else
		return NULL;
	directory = file_join(base, "yubiao");
	path = *name != '\0' ? file_join(directory, name) : memory_copy_string(directory);
	memory_free(directory);
	memory_free(base);
	return path;
}
