/* Atomic replacement. Up to the rename only the new file is touched, so that whatever fails or kills the
 * process, the old file is whole; after it the new one is, and only its place in the directory may be
 * unconfirmed.
 *
 * A call that a signal interrupts is made again. No other failure is retried on the same file: after a
 * failed fsync the system may have dropped what was not written, and a second fsync would lie. Saving
 * again makes a fresh file. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"

#define MOST_LINKS 40
#define MOST_NAMES 16

struct replacement {
	const char *shown; /* the path as the caller named it, for messages */
	char *target;      /* the file itself, links resolved */
	char *directory;
	char *temporary;  /* NULL while there is none to remove */
	int fd;           /* of the temporary file, -1: closed */
	int directory_fd; /* -1: the directory cannot be opened for reading */
	bool replaces;    /* there was an old file, described by `old` */
	struct stat old;
	struct stat made; /* the temporary file */
	struct diag_list *diags;
};

static enum status fail(const struct replacement *replacement, const char *what, int error)
{
	diag_error(replacement->diags, _("没有保存“%s”：%s。%s原来的文件没有改动。"), replacement->shown, what,
		   file_explain(error));
	return STATUS_IO;
}

static int stat_link(const char *path, struct stat *out)
{
	int result;

	do
		result = lstat(path, out);
	while (result != 0 && errno == EINTR);
	return result;
}

static int stat_open(int fd, struct stat *out)
{
	int result;

	do
		result = fstat(fd, out);
	while (result != 0 && errno == EINTR);
	return result;
}

static bool is_writable(const char *path)
{
	int result;

	do
		result = access(path, W_OK);
	while (result != 0 && errno == EINTR);
	return result == 0;
}

static int open_file(const char *path, int flags, mode_t mode)
{
	int fd;

	do
		fd = open(path, flags, mode);
	while (fd < 0 && errno == EINTR);
	return fd;
}

static char *directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return memory_copy_string(".");
	return memory_copy_bytes(path, slash == path ? 1 : (size_t)(slash - path));
}

/* Replaces the target, which is a link, by what it points to. */
static enum status follow_link(struct replacement *replacement)
{
	char name[PATH_MAX];
	ssize_t length;

	do
		length = readlink(replacement->target, name, sizeof(name) - 1);
	while (length < 0 && errno == EINTR);
	if (length < 0)
		return fail(replacement, _("读不出链接指向哪里"), errno);
	name[length] = '\0';
	char *directory = directory_of(replacement->target);
	char *next = name[0] == '/' ? memory_copy_string(name) : file_join(directory, name);
	memory_free(directory);
	memory_free(replacement->target);
	replacement->target = next;
	return STATUS_OK;
}

/* Finds the file itself and learns what is to be kept of it. */
static enum status find_target(struct replacement *replacement)
{
	for (int links = 0;; links++) {
		if (stat_link(replacement->target, &replacement->old) != 0) {
			if (errno == ENOENT)
				return STATUS_OK;
			return fail(replacement, _("查不到文件的状况"), errno);
		}
		if (!S_ISLNK(replacement->old.st_mode))
			break;
		if (links == MOST_LINKS)
			return fail(replacement, _("链接绕成了圈"), ELOOP);
		enum status status = follow_link(replacement);
		if (status != STATUS_OK)
			return status;
	}
	if (!S_ISREG(replacement->old.st_mode)) {
		diag_error(replacement->diags, _("没有保存“%s”：它不是普通文件（是文件夹或设备），请换一个文件名。"),
			   replacement->shown);
		return STATUS_IO;
	}
	/* The rename would replace a write-protected file without asking. */
	if (!is_writable(replacement->target))
		return fail(replacement, _("文件不许改写"), errno);
	replacement->replaces = true;
	return STATUS_OK;
}

/* A new file beside the target, under a name that nobody else has. What a new shared file's mode should
 * be, the system knows best (umask, default rules of the directory), so it gets it at once; everything
 * else is private until it is whole. */
static enum status make_temporary(struct replacement *replacement, enum file_mode_rule rule)
{
	mode_t mode = rule == FILE_SHARED && !replacement->replaces ? 0666 : 0600;
	int error = EEXIST;

	for (int tries = 0; tries < MOST_NAMES && error == EEXIST; tries++) {
		char id[33], name[64];
		digest_random_id(id);
		snprintf(name, sizeof(name), ".yubiao-%.16s.tmp", id);
		char *path = file_join(replacement->directory, name);
		replacement->fd =
			open_file(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, mode);
		if (replacement->fd >= 0) {
			replacement->temporary = path;
			break;
		}
		error = errno;
		memory_free(path);
	}
	if (replacement->fd < 0)
		return fail(replacement, _("不能在文件夹里新建文件"), error);
	if (stat_open(replacement->fd, &replacement->made) != 0)
		return fail(replacement, _("查不到新文件的状况"), errno);
	return STATUS_OK;
}

static enum status write_all(const struct replacement *replacement, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(replacement->fd, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return fail(replacement, _("写不进去"), written < 0 ? errno : EIO);
		bytes += written;
		length -= (size_t)written;
	}
	return STATUS_OK;
}

static int change_owner(int fd, uid_t owner, gid_t group)
{
	int result;

	do
		result = fchown(fd, owner, group);
	while (result != 0 && errno == EINTR);
	return result;
}

/* Gives the new file the old one's owner and mode. Only the superuser may give files away, so a refused
 * owner is no failure; but where the group is another one, the old group's rights must not pass to it. */
static enum status keep_rights(const struct replacement *replacement)
{
	const struct stat *old = &replacement->old, *made = &replacement->made;
	mode_t mode = old->st_mode & 0777;

	if (!replacement->replaces)
		return STATUS_OK;
	if (old->st_uid != made->st_uid || old->st_gid != made->st_gid) {
		int result = change_owner(replacement->fd, old->st_uid, old->st_gid);
		if (result != 0 && errno == EPERM && old->st_gid != made->st_gid) {
			result = change_owner(replacement->fd, (uid_t)-1, old->st_gid);
			if (result != 0 && errno == EPERM)
				mode = (mode & 0707) | (mode & 0007) << 3;
		}
		if (result != 0 && errno != EPERM)
			return fail(replacement, _("不能保持文件的所有者"), errno);
	}
	int result;
	do
		result = fchmod(replacement->fd, mode);
	while (result != 0 && errno == EINTR);
	return result == 0 ? STATUS_OK : fail(replacement, _("不能保持文件的权限"), errno);
}

static enum status compare(const struct replacement *replacement, const char *bytes, size_t length)
{
	char room[16384];
	size_t done = 0;

	for (;;) {
		ssize_t got = pread(replacement->fd, room, sizeof(room), (off_t)done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(replacement, _("写完后读不回来"), errno);
		if (got == 0)
			break;
		if ((size_t)got > length - done || memcmp(room, bytes + done, (size_t)got) != 0)
			return fail(replacement, _("写进去的和读回来的不一样"), EIO);
		done += (size_t)got;
	}
	return done == length ? STATUS_OK : fail(replacement, _("写进去的和读回来的不一样"), EIO);
}

static int sync_fd(int fd)
{
	int result;

	do
		result = fsync(fd);
	while (result != 0 && errno == EINTR);
	return result;
}

/* Brings the new file to the disk and closes it. A close that a signal interrupts has closed all the same. */
static enum status settle(struct replacement *replacement)
{
	if (sync_fd(replacement->fd) != 0)
		return fail(replacement, _("内容没有确实写到磁盘上"), errno);
	int result = close(replacement->fd);
	replacement->fd = -1;
	if (result != 0 && errno != EINTR)
		return fail(replacement, _("关闭文件时出错"), errno);
	return STATUS_OK;
}

/* The directory is opened before the rename, while a failure can still be an honest one. A directory that
 * may be written but not read can be saved to, only not confirmed. */
static enum status open_directory(struct replacement *replacement)
{
	replacement->directory_fd = open_file(replacement->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (replacement->directory_fd < 0 && errno != EACCES)
		return fail(replacement, _("打不开文件夹"), errno);
	return STATUS_OK;
}

/* A network file system may report a rename as failed that it has made: then the new file stands at the
 * target. */
static bool is_renamed_all_the_same(const struct replacement *replacement)
{
	struct stat now;

	return stat_link(replacement->temporary, &now) != 0 && errno == ENOENT &&
	       stat_link(replacement->target, &now) == 0 && now.st_dev == replacement->made.st_dev &&
	       now.st_ino == replacement->made.st_ino;
}

static enum status put_in_place(struct replacement *replacement)
{
	int result;

	do
		result = rename(replacement->temporary, replacement->target);
	while (result != 0 && errno == EINTR);
	int error = errno;
	if (result != 0 && !is_renamed_all_the_same(replacement))
		return fail(replacement, _("新文件换不上去"), error);
	memory_free(replacement->temporary);
	replacement->temporary = NULL;
	error = EACCES;
	if (replacement->directory_fd >= 0)
		error = sync_fd(replacement->directory_fd) == 0 ? 0 : errno;
	if (error == 0)
		return STATUS_OK;
	diag_add(replacement->diags, DIAG_WARNING, NULL, 0, 0,
		 _("“%s”已经保存，但没有得到磁盘的确认。%s断电前请再保存一次。"), replacement->shown,
		 file_explain(error));
	return STATUS_UNSURE;
}

/* Closes what is open and removes the new file unless it has become the target. */
static void clean_up(struct replacement *replacement)
{
	int result = 0;

	if (replacement->fd >= 0)
		close(replacement->fd);
	if (replacement->directory_fd >= 0)
		close(replacement->directory_fd);
	if (replacement->temporary != NULL) {
		do
			result = unlink(replacement->temporary);
		while (result != 0 && errno == EINTR);
		if (result != 0 && errno != ENOENT)
			diag_add(replacement->diags, DIAG_WARNING, NULL, 0, 0,
				 _("没写完的文件“%s”删不掉，请自己删去它。"), replacement->temporary);
	}
	memory_free(replacement->temporary);
	memory_free(replacement->directory);
	memory_free(replacement->target);
}

enum status file_replace(const char *path, const char *bytes, size_t length, enum file_mode_rule rule,
			 struct diag_list *diags)
{
	struct replacement replacement = {.shown = path,
					  .target = memory_copy_string(path),
					  .fd = -1,
					  .directory_fd = -1,
					  .diags = diags};

	enum status status = find_target(&replacement);
	replacement.directory = directory_of(replacement.target);
	if (status == STATUS_OK)
		status = make_temporary(&replacement, rule);
	if (status == STATUS_OK)
		status = write_all(&replacement, bytes, length);
	if (status == STATUS_OK)
		status = keep_rights(&replacement);
	if (status == STATUS_OK)
		status = compare(&replacement, bytes, length);
	if (status == STATUS_OK)
		status = settle(&replacement);
	if (status == STATUS_OK)
		status = open_directory(&replacement);
	if (status == STATUS_OK)
		status = put_in_place(&replacement);
	clean_up(&replacement);
	return status;
}
