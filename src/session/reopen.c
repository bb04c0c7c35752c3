/* Whether a workbook will find its pack again: a file names its pack by id and does not say where it lies. */
#include <string.h>

#include "base/confine.h"
#include "base/memory.h"
#include "session/path.h"
#include "session/state.h"

static bool is_same_folder(const char *a, const char *b)
{
	struct stat one, other;

	return confine_stat(a, &one) == 0 && confine_stat(b, &other) == 0 && one.st_dev == other.st_dev &&
	       one.st_ino == other.st_ino;
}

static void warn(const struct form_pack *pack, const char *found, struct diag_list *diags)
{
	const char *user = form_user_directory();

	if (found != NULL)
		diag_add(
			diags, DIAG_WARNING, NULL, 0, 0,
			_("再打开这个文件时，用的会是另一份同名的套表“%s”（在 %s），不是现在这一份（在 %s）。请给其中一份改名，或者移走一份。"),
			pack->id, found, pack->directory);
	else
		diag_add(
			diags, DIAG_WARNING, NULL, 0, 0,
			_("再打开这个文件时会找不到套表“%s”，现在用的在 %s。请把套表的文件夹放到这个文件旁边，或者放进 %s。"),
			pack->id, pack->directory, user != NULL ? user : "~/.local/share/yubiao/forms");
}

void session_warn_of_pack(const struct form_pack *pack, const char *path, struct diag_list *diags)
{
	char *native = path_native(path), *slash = strrchr(native, '/'), *found;

	if (slash != NULL)
		slash[1] = '\0';
	found = form_pack_locate(pack->id, slash != NULL ? native : ".", NULL);
	if (found == NULL || !is_same_folder(found, pack->directory))
		warn(pack, found, diags);
	memory_free(found);
	memory_free(native);
}
