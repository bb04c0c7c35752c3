#include "store/aside.h"

#include <errno.h>
#include <time.h>

#include "base/buffer.h"
#include "base/descriptor.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/who.h"

static int move_never_over(const char *from, const char *to)
{
	int error = path_link(from, to);

	if (error == 0)
		return path_unlink(from);
	if (error == EEXIST)
		return error;
	return file_exists(to) ? EEXIST : path_rename(from, to);
}

enum status file_set_aside(const char *file, const char *name, char **aside, struct diag_list *diags)
{
	char moment[MOMENT_SIZE], *directory;
	int error = EEXIST;
	struct buffer to = {0};

	moment_text(time(NULL), moment);
	for (int i = 1; i < 100 && error == EEXIST; i++) {
		buffer_clear(&to);
		buffer_format(&to, "%s-%.4s%.2s%.2s-%.2s%.2s%.2s", name, moment, moment + 5, moment + 8,
			      moment + 11, moment + 14, moment + 17);
		if (i > 1)
			buffer_format(&to, "-%d", i);
		error = move_never_over(file, buffer_text(&to));
	}
	if (error != 0) {
		diag_error(diags, _("“%s”不能另放。%s"), file, file_explain(error));
		buffer_done(&to);
		return STATUS_IO;
	}
	directory = file_directory(file);
	(void)path_sync_directory(directory);
	memory_free(directory);
	if (aside != NULL)
		*aside = buffer_take(&to);
	buffer_done(&to);
	return STATUS_OK;
}
