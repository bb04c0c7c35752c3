/* The directory is opened, judged, and the file opened in what was judged; then the file is judged by what
 * was opened. Nothing can be put in the place of either in between. */
#include "base/trusted.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/file.h"
#include "base/memory.h"

static bool is_roots_alone(const struct stat *about)
{
	return about->st_uid == 0 && (about->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static enum status fail(const char *path, int error, struct diag_list *diags)
{
	if (error == ENOENT || error == ENOTDIR)
		return STATUS_NOT_FOUND;
	diag_add(diags, DIAG_ERROR, path, 0, 0, _("读不了这个文件。%s"), file_explain(error));
	return STATUS_IO;
}

static enum status read_all(struct buffer *out, int fd, const char *path, size_t limit,
			    struct diag_list *diags)
{
	char room[4096];
	ssize_t got;

	while ((got = descriptor_read(fd, room, sizeof(room))) > 0) {
		if (out->length + (size_t)got > limit) {
			diag_add(diags, DIAG_ERROR, path, 0, 0,
				 _("文件太大，不像是本程序的文件：请核对文件名。"));
			return STATUS_INVALID;
		}
		buffer_add_bytes(out, room, (size_t)got);
	}
	return got < 0 ? fail(path, errno, diags) : STATUS_OK;
}

static enum status read_in(struct buffer *out, int directory, const char *name, const char *path,
			   size_t limit, struct diag_list *diags)
{
	int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	enum status status = STATUS_INVALID;
	struct stat about;

	if (fd < 0)
		return fail(path, errno, diags);
	if (fstat(fd, &about) != 0)
		status = fail(path, errno, diags);
	else if (!S_ISREG(about.st_mode) || !is_roots_alone(&about))
		diag_add(diags, DIAG_ERROR, path, 0, 0,
			 _("这个文件要属于 root，别人不能写（chown root，chmod go-w），否则不能当真。"));
	else
		status = read_all(out, fd, path, limit, diags);
	close(fd);
	return status;
}

enum status trusted_read(struct buffer *out, const char *path, size_t limit, struct diag_list *diags)
{
	char *directory = file_directory(path);
	int fd = descriptor_open(directory, O_RDONLY | O_DIRECTORY, 0);
	enum status status = STATUS_INVALID;
	struct stat about;

	if (fd < 0)
		status = fail(path, errno, diags);
	else if (fstat(fd, &about) != 0)
		status = fail(path, errno, diags);
	else if (!is_roots_alone(&about))
		diag_add(diags, DIAG_ERROR, directory, 0, 0,
			 _("这个文件夹要属于 root，别人不能写（chown root，chmod "
			   "go-w），否则里面的文件不能当真。"));
	else
		status = read_in(out, fd, strrchr(path, '/') + 1, path, limit, diags);
	if (fd >= 0)
		close(fd);
	memory_free(directory);
	return status;
}
