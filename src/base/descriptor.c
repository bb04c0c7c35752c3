#include "base/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/confine.h"

/* Makes the call until no signal interrupts it. */
#define AGAIN(result, call)      \
	do                       \
		(result) = (call); \
	while ((result) < 0 && errno == EINTR)

int descriptor_open(const char *path, int flags, mode_t mode)
{
	return confine_open(path, flags, mode);
}

int descriptor_create(const char *path, mode_t mode)
{
	return descriptor_open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
}

ssize_t descriptor_read(int fd, void *bytes, size_t room)
{
	ssize_t got;

	AGAIN(got, read(fd, bytes, room));
	return got;
}

ssize_t descriptor_read_at(int fd, void *bytes, size_t room, off_t offset)
{
	ssize_t got;

	AGAIN(got, pread(fd, bytes, room, offset));
	return got;
}

int descriptor_write(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written;

		AGAIN(written, write(fd, bytes, length));
		if (written <= 0)
			return written < 0 ? errno : EIO;
		bytes += written;
		length -= (size_t)written;
	}
	return 0;
}

/* 0 or the errno of a call that returns -1. */
#define OUTCOME(call)                           \
	do {                                    \
		int result;                     \
		AGAIN(result, call);            \
		return result < 0 ? errno : 0;  \
	} while (0)

int descriptor_sync(int fd)
{
	OUTCOME(fsync(fd));
}

int descriptor_sync_data(int fd)
{
	OUTCOME(fdatasync(fd));
}

int descriptor_cut(int fd, off_t length)
{
	OUTCOME(ftruncate(fd, length));
}

int descriptor_close(int fd)
{
	return close(fd) != 0 && errno != EINTR ? errno : 0;
}

int descriptor_about(int fd, struct stat *out)
{
	OUTCOME(fstat(fd, out));
}

/* 0 or the errno of a call on a path, which the door makes again by itself. */
static int outcome(int result)
{
	return result < 0 ? errno : 0;
}

int path_about(const char *path, struct stat *out)
{
	return outcome(confine_stat(path, out));
}

int path_about_link(const char *path, struct stat *out)
{
	return outcome(confine_stat_link(path, out));
}

ssize_t path_read_link(const char *path, char *out, size_t room)
{
	return confine_read_link(path, out, room);
}

bool path_may_write(const char *path)
{
	return confine_access(path, W_OK) == 0;
}

int path_rename(const char *from, const char *to)
{
	return outcome(confine_rename(from, to));
}

int path_link(const char *from, const char *to)
{
	return outcome(confine_link(from, to));
}

int path_unlink(const char *path)
{
	return outcome(confine_unlink(path));
}

int path_sync_directory(const char *path)
{
	int fd = descriptor_open(path, O_RDONLY | O_DIRECTORY, 0), error;

	if (fd < 0)
		return errno;
	error = descriptor_sync(fd);
	(void)descriptor_close(fd);
	return error;
}

static int change_owner(int fd, uid_t owner, gid_t group)
{
	OUTCOME(fchown(fd, owner, group));
}

static int change_mode(int fd, mode_t mode)
{
	OUTCOME(fchmod(fd, mode));
}

/* Only the superuser may give files away, so a refused owner is no failure; but where the group is another
 * one, the old group's rights must not pass to it. */
int descriptor_take_rights(int fd, const struct stat *other)
{
	mode_t mode = other->st_mode & 0777;
	struct stat made;
	int error = descriptor_about(fd, &made);

	if (error != 0)
		return error;
	if (other->st_uid != made.st_uid || other->st_gid != made.st_gid) {
		error = change_owner(fd, other->st_uid, other->st_gid);
		if (error == EPERM && other->st_gid != made.st_gid) {
			error = change_owner(fd, (uid_t)-1, other->st_gid);
			if (error == EPERM)
				mode = (mode & 0707) | (mode & 0007) << 3;
		}
		if (error != 0 && error != EPERM)
			return error;
	} else if ((made.st_mode & 07777) == mode) {
		return 0;
	}
	return change_mode(fd, mode);
}
