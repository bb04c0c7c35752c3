/* Atomic replacement. Up to the rename only the new file is touched, so that whatever fails or kills the
 * process, the old file is whole; after it the new one is, and only its place in the directory may be
 * unconfirmed.
 *
 * A call that a signal interrupts is made again. No other failure is retried on the same file: after a
 * failed fsync the system may have dropped what was not written, and a second fsync would lie. Saving
 * again makes a fresh file. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

#include "base/descriptor.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"

#define MOST_LINKS 40
#define MOST_NAMES 16
#define ATTRIBUTES_MOST 4096 /* bytes of their names */
#define ATTRIBUTE_MOST 65536 /* bytes of one */

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

/* Replaces the target, which is a link, by what it points to. */
static enum status follow_link(struct replacement *replacement)
{
	char name[PATH_MAX];
	ssize_t length = path_read_link(replacement->target, name, sizeof(name) - 1);

	if (length < 0)
		return fail(replacement, _("读不出链接指向哪里"), errno);
	name[length] = '\0';
	char *directory = file_directory(replacement->target);
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
		int error = path_about_link(replacement->target, &replacement->old);
		if (error == ENOENT)
			return STATUS_OK;
		if (error != 0)
			return fail(replacement, _("查不到文件的状况"), error);
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
	if (!path_may_write(replacement->target))
		return fail(replacement, _("文件不许改写"), errno);
	replacement->replaces = true;
	return STATUS_OK;
}

/* ---- the new file ---- */

/* What begins the names of new files for `path`: bound to its name, which alone might be too long. */
static void name_begin(const char *path, char out[32])
{
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
	char digest[DIGEST_TEXT_SIZE];

	digest_sha256(name, strlen(name), digest);
	snprintf(out, 32, ".yubiao-%.8s-", digest);
}

char *file_temporary_name(const char *path)
{
	char *directory = file_directory(path), begin[32], id[33], name[64], *joined;

	name_begin(path, begin);
	digest_random_id(id);
	snprintf(name, sizeof(name), "%s%.16s.tmp", begin, id);
	joined = file_join(directory, name);
	memory_free(directory);
	return joined;
}

void file_sweep(const char *path)
{
	char *target = file_resolve(path), *directory = file_directory(target), begin[32];
	int fd = descriptor_open(directory, O_RDONLY | O_DIRECTORY, 0);
	DIR *entries = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;

	name_begin(target, begin);
	while (entries != NULL && (entry = readdir(entries)) != NULL) {
		size_t length = strlen(entry->d_name);
		char *left;
		if (length < 5 || strncmp(entry->d_name, begin, strlen(begin)) != 0 ||
		    strcmp(entry->d_name + length - 4, ".tmp") != 0)
			continue;
		left = file_join(directory, entry->d_name);
		(void)path_unlink(left);
		memory_free(left);
	}
	if (entries != NULL)
		(void)closedir(entries);
	else if (fd >= 0)
		(void)descriptor_close(fd);
	memory_free(directory);
	memory_free(target);
}

/* A new file for `target` under a name that nobody else has; -1 with errno. The caller frees *path. */
static int create_temporary(const char *target, mode_t mode, char **path)
{
	int error = EEXIST;

	for (int tries = 0; tries < MOST_NAMES && error == EEXIST; tries++) {
		int fd;
		*path = file_temporary_name(target);
		fd = descriptor_create(*path, mode);
		if (fd >= 0)
			return fd;
		error = errno;
		memory_free(*path);
		*path = NULL;
	}
	errno = error;
	return -1;
}

/* What a new shared file's mode should be, the system knows best (umask, default rules of the directory), so
 * it gets it at once; everything else is private until it is whole. */
static enum status make_temporary(struct replacement *replacement, enum file_rule rule)
{
	mode_t mode = rule == FILE_SHARED && !replacement->replaces ? 0666 : 0600;
	int error;

	replacement->fd = create_temporary(replacement->target, mode, &replacement->temporary);
	if (replacement->fd < 0)
		return fail(replacement, _("不能在文件夹里新建文件"), errno);
	error = descriptor_about(replacement->fd, &replacement->made);
	return error == 0 ? STATUS_OK : fail(replacement, _("查不到新文件的状况"), error);
}

static enum status write_all(const struct replacement *replacement, const char *bytes, size_t length)
{
	int error = descriptor_write(replacement->fd, bytes, length);

	return error == 0 ? STATUS_OK : fail(replacement, _("写不进去"), error);
}

/* ---- what it takes over from the old one ---- */

static bool is_copied(const char *attribute)
{
	return strncmp(attribute, "user.", 5) == 0 || strcmp(attribute, "system.posix_acl_access") == 0;
}

static bool copy_attribute(int from, int to, const char *name)
{
	char *value = memory_new(ATTRIBUTE_MOST);
	ssize_t length = fgetxattr(from, name, value, ATTRIBUTE_MOST);
	bool copied = length >= 0 && fsetxattr(to, name, value, (size_t)length, 0) == 0;

	memory_free(value);
	return copied;
}

/* The access list speaks of the file's group, so it goes only where the group went. */
static void keep_attributes(const struct replacement *replacement)
{
	int old = descriptor_open(replacement->target, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
	char names[ATTRIBUTES_MOST];
	ssize_t length = old >= 0 ? flistxattr(old, names, sizeof(names)) : 0;
	struct stat now;
	bool all = length >= 0 || errno != ERANGE;

	if (length > 0 && (descriptor_about(replacement->fd, &now) != 0 || now.st_gid != replacement->old.st_gid))
		all = false;
	for (ssize_t at = 0; all && at < length; at += (ssize_t)strlen(names + at) + 1)
		if (is_copied(names + at))
			all = copy_attribute(old, replacement->fd, names + at);
	if (old >= 0)
		(void)descriptor_close(old);
	if (!all)
		diag_add(replacement->diags, DIAG_NOTE, NULL, 0, 0,
			 _("“%s”的附加权限（ACL）或属性没有全部保留，请管理员查看。"), replacement->shown);
}

static enum status keep_rights(const struct replacement *replacement)
{
	int error;

	if (!replacement->replaces)
		return STATUS_OK;
	error = descriptor_take_rights(replacement->fd, &replacement->old);
	if (error != 0)
		return fail(replacement, _("不能保持文件的所有者和权限"), error);
	keep_attributes(replacement);
	return STATUS_OK;
}

/* ---- bringing it to the disk ---- */

static enum status compare(const struct replacement *replacement, const char *bytes, size_t length)
{
	char room[16384];
	size_t done = 0;

	for (;;) {
		ssize_t got = descriptor_read_at(replacement->fd, room, sizeof(room), (off_t)done);
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

/* Brings the new file to the disk and closes it. */
static enum status settle(struct replacement *replacement)
{
	int error = descriptor_sync(replacement->fd);

	if (error != 0)
		return fail(replacement, _("内容没有确实写到磁盘上"), error);
	error = descriptor_close(replacement->fd);
	replacement->fd = -1;
	return error == 0 ? STATUS_OK : fail(replacement, _("关闭文件时出错"), error);
}

/* The directory is opened before the rename, while a failure can still be an honest one. A directory that
 * may be written but not read can be saved to, only not confirmed. */
static enum status open_directory(struct replacement *replacement)
{
	replacement->directory_fd = descriptor_open(replacement->directory, O_RDONLY | O_DIRECTORY, 0);
	if (replacement->directory_fd < 0 && errno != EACCES)
		return fail(replacement, _("打不开文件夹"), errno);
	return STATUS_OK;
}

/* ---- the last version ---- */

static int copy_bytes(int from, int to)
{
	char room[16384];
	ssize_t got;

	while ((got = descriptor_read(from, room, sizeof(room))) > 0) {
		int error = descriptor_write(to, room, (size_t)got);
		if (error != 0)
			return error;
	}
	return got < 0 ? errno : 0;
}

static int fill_copy(const struct replacement *replacement, int to)
{
	int from = descriptor_open(replacement->target, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0), error;

	if (from < 0)
		return errno;
	error = copy_bytes(from, to);
	(void)descriptor_close(from);
	if (error == 0)
		error = descriptor_take_rights(to, &replacement->old);
	return error != 0 ? error : descriptor_sync(to);
}

/* Where a file cannot have two names. */
static int copy_old(const struct replacement *replacement, char **path)
{
	int fd = create_temporary(replacement->target, 0600, path), error, closing;

	if (fd < 0)
		return errno;
	error = fill_copy(replacement, fd);
	closing = descriptor_close(fd);
	return error != 0 ? error : closing;
}

static bool is_without_links(int error)
{
	return error == EPERM || error == EOPNOTSUPP || error == ENOSYS || error == EMLINK || error == EXDEV;
}

/* A second name for the old file; the caller frees *path, and removes it whatever this returns. */
static int name_old(const struct replacement *replacement, char **path)
{
	int error;

	*path = file_temporary_name(replacement->target);
	error = path_link(replacement->target, *path);
	if (!is_without_links(error))
		return error;
	memory_free(*path);
	return copy_old(replacement, path);
}

/* Puts the old file under PATH~ by a name of its own that is then renamed, so that what PATH~ was stands until
 * it is the old file. */
static enum status keep_old(const struct replacement *replacement, enum file_rule rule)
{
	struct buffer kept = {0};
	char *path = NULL;
	struct stat now;
	int error = 0;

	if (!replacement->replaces || (rule != FILE_KEPT && rule != FILE_KEPT_SURELY))
		return STATUS_OK;
	buffer_format(&kept, "%s~", replacement->target);
	/* Two names of one file are not renamed to one another, and need not be. */
	if (path_about_link(buffer_text(&kept), &now) != 0 || now.st_dev != replacement->old.st_dev ||
	    now.st_ino != replacement->old.st_ino) {
		error = name_old(replacement, &path);
		if (error == 0)
			error = path_rename(path, buffer_text(&kept));
		if (error != 0 && path != NULL)
			(void)path_unlink(path);
	}
	memory_free(path);
	buffer_done(&kept);
	if (error == 0)
		return STATUS_OK;
	if (rule == FILE_KEPT_SURELY)
		return fail(replacement, _("原来的文件不能留作后缀为 ~ 的旧版"), error);
	diag_add(replacement->diags, DIAG_WARNING, NULL, 0, 0, _("“%s”的上一版没有留作“%s~”。%s"),
		 replacement->shown, replacement->shown, file_explain(error));
	return STATUS_OK;
}

/* ---- putting it in place ---- */

/* A network file system may report a rename as failed that it has made: then the new file stands at the
 * target. */
static bool is_renamed_all_the_same(const struct replacement *replacement)
{
	struct stat now;

	return path_about_link(replacement->temporary, &now) == ENOENT &&
	       path_about_link(replacement->target, &now) == 0 && now.st_dev == replacement->made.st_dev &&
	       now.st_ino == replacement->made.st_ino;
}

static enum status put_in_place(struct replacement *replacement)
{
	int error = path_rename(replacement->temporary, replacement->target);

	if (error != 0 && !is_renamed_all_the_same(replacement))
		return fail(replacement, _("新文件换不上去"), error);
	memory_free(replacement->temporary);
	replacement->temporary = NULL;
	error = EACCES;
	if (replacement->directory_fd >= 0)
		error = descriptor_sync(replacement->directory_fd);
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
	if (replacement->fd >= 0)
		(void)descriptor_close(replacement->fd);
	if (replacement->directory_fd >= 0)
		(void)descriptor_close(replacement->directory_fd);
	if (replacement->temporary != NULL) {
		int error = path_unlink(replacement->temporary);
		if (error != 0 && error != ENOENT)
			diag_add(replacement->diags, DIAG_WARNING, NULL, 0, 0,
				 _("没写完的文件“%s”删不掉，请自己删去它。"), replacement->temporary);
	}
	memory_free(replacement->temporary);
	memory_free(replacement->directory);
	memory_free(replacement->target);
}

enum status file_replace(const char *path, const char *bytes, size_t length, enum file_rule rule,
			 struct diag_list *diags)
{
	struct replacement replacement = {.shown = path,
					  .target = memory_copy_string(path),
					  .fd = -1,
					  .directory_fd = -1,
					  .diags = diags};

	enum status status = find_target(&replacement);
	replacement.directory = file_directory(replacement.target);
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
		status = keep_old(&replacement, rule);
	if (status == STATUS_OK)
		status = put_in_place(&replacement);
	clean_up(&replacement);
	return status;
}
