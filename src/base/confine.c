/* Confinement. A path is cut into names here, before the system sees it, and a name that leads upwards is
 * refused; then it is walked from a descriptor that was opened once, with every link refused on the way.
 * openat2() does that in one call; where the kernel has none (before 5.6, or a filter that hides it) it is
 * done name by name, to the same end. What changes a directory acts on the last name in a directory that was
 * reached so.
 *
 * The invariant: behind confine_to() no call here reaches the system with a path of more than one name, but
 * for openat2(). */
#include "base/confine.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

/* From linux/openat2.h, which older systems lack; the number is the same on every machine that Debian knows.
 */
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#define NEVER_OUT (0x02u | 0x04u | 0x08u) /* RESOLVE_NO_MAGICLINKS, RESOLVE_NO_SYMLINKS, RESOLVE_BENEATH */
struct how {
	uint64_t flags, mode, resolve;
};

#define ALWAYS (O_CLOEXEC | O_NOCTTY)

struct tree {
	char *path; /* as it is written in paths, "" for the directory itself; without a slash at its end */
	int fd;
};

static struct {
	bool is_on;
	struct tree own; /* relative paths */
	struct tree readable[2 * CONFINE_READABLE_MOST];
	size_t count;
} confinement;

bool confine_is_on(void)
{
	return confinement.is_on;
}

/* Makes the call until no signal interrupts it. */
#define AGAIN(result, call)                                                                                  \
	do                                                                                                   \
		(result) = (call);                                                                           \
	while ((result) < 0 && errno == EINTR)

static int refuse(int error)
{
	errno = error;
	return -1;
}

static void close_quietly(int fd)
{
	int error = errno;

	(void)close(fd);
	errno = error;
}

/* ---- walking ---- */

static bool fail(int error)
{
	errno = error;
	return false;
}

/* A path below a tree as names with one slash between them; "." is the tree itself. False with errno: it
 * leads upwards, or is none. */
static bool tidy(const char *path, char out[PATH_MAX])
{
	size_t length = 0;

	if (*path == '\0')
		return fail(ENOENT);
	while (*path != '\0') {
		size_t name = strcspn(path, "/");
		if (name == 2 && path[0] == '.' && path[1] == '.')
			return fail(EXDEV);
		if (name > 0 && !(name == 1 && *path == '.')) {
			if (length + name + 2 > PATH_MAX)
				return fail(ENAMETOOLONG);
			if (length > 0)
				out[length++] = '/';
			memcpy(out + length, path, name);
			length += name;
		}
		path += name + (path[name] == '/');
	}
	out[length] = '\0';
	if (length == 0)
		memcpy(out, ".", 2);
	return true;
}

/* The names of `path`, which is tidy and is cut up, one after the other. */
static int walk_by_hand(int root, char *path, int flags, mode_t mode)
{
	int at = root, next;

	for (char *slash; (slash = strchr(path, '/')) != NULL; path = slash + 1) {
		*slash = '\0';
		AGAIN(next, openat(at, path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
		if (at != root)
			close_quietly(at);
		if (next < 0)
			return -1;
		at = next;
	}
	AGAIN(next, openat(at, path, flags | O_NOFOLLOW, mode));
	if (at != root)
		close_quietly(at);
	return next;
}

/* Opens a tidy path below `root`. */
static int walk(int root, const char *path, int flags, mode_t mode)
{
	struct how how = {.flags = (uint64_t)(unsigned)flags,
			  .mode = (flags & O_CREAT) != 0 ? mode & 07777 : 0,
			  .resolve = NEVER_OUT};
	char copy[PATH_MAX];
	long fd;

	AGAIN(fd, syscall(SYS_openat2, root, path, &how, sizeof(how)));
	/* Some filters answer EPERM for what they do not know. */
	if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
		return (int)fd;
	memcpy(copy, path, strlen(path) + 1);
	return walk_by_hand(root, copy, flags, mode);
}

/* The tree that `path` belongs to, and the tidy rest of it; NULL with errno. */
static const struct tree *tree_of(const char *path, char rest[PATH_MAX])
{
	if (*path != '/')
		return tidy(path, rest) ? &confinement.own : NULL;
	for (size_t i = 0; i < confinement.count; i++) {
		const struct tree *tree = &confinement.readable[i];
		size_t length = strlen(tree->path);
		if (strncmp(path, tree->path, length) == 0 && (path[length] == '/' || path[length] == '\0'))
			return tidy(path[length] != '\0' ? path + length : ".", rest) ? tree : NULL;
	}
	errno = EXDEV;
	return NULL;
}

/* The directory that holds the last name of `path`, and that name; the caller closes it. Nothing can be
 * changed in a readable tree. */
static int open_parent(const char *path, bool changes, char name[NAME_MAX + 1])
{
	char rest[PATH_MAX];
	const struct tree *tree = tree_of(path, rest);
	char *slash;

	if (tree == NULL)
		return -1;
	if (changes && tree != &confinement.own)
		return refuse(EROFS);
	slash = strrchr(rest, '/');
	const char *last = slash != NULL ? slash + 1 : rest;
	if (strlen(last) > NAME_MAX)
		return refuse(ENAMETOOLONG);
	memcpy(name, last, strlen(last) + 1);
	if (slash != NULL)
		*slash = '\0';
	return walk(tree->fd, slash != NULL ? rest : ".", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
}

/* ---- what was opened ---- */

/* How many names in `directory` the file has. */
static nlink_t count_names(int directory, const struct stat *file)
{
	int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = copy >= 0 ? fdopendir(copy) : NULL;
	struct stat about;
	nlink_t count = 0;

	if (list == NULL && copy >= 0)
		close_quietly(copy);
	for (struct dirent *entry; list != NULL && (entry = readdir(list)) != NULL;)
		if (entry->d_ino == file->st_ino &&
		    fstatat(directory, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
		    about.st_dev == file->st_dev && about.st_ino == file->st_ino)
			count++;
	if (list != NULL)
		closedir(list);
	return count;
}

/* A save that was cut off may leave a file and its older copy as two names of one. Nothing else has a right
 * to two names, and no file is to be read here that lies elsewhere as well. */
static bool is_only_here(const char *path, const struct stat *file)
{
	char name[NAME_MAX + 1];
	int directory = open_parent(path, false, name);
	bool is_here = directory >= 0 && count_names(directory, file) >= file->st_nlink;

	if (directory >= 0)
		close_quietly(directory);
	return is_here;
}

/* 0 or the errno of why the file that was opened may not be used. */
static int judge(int fd, const char *path, const struct tree *tree, int flags)
{
	struct stat about;

	if (fstat(fd, &about) != 0)
		return errno;
	if (S_ISDIR(about.st_mode))
		return (flags & O_DIRECTORY) != 0 ? 0 : EISDIR;
	if (S_ISLNK(about.st_mode))
		return ELOOP;
	if (!S_ISREG(about.st_mode))
		return EMEDIUMTYPE;
	if (tree != &confinement.own || about.st_nlink <= 1)
		return 0;
	return (flags & O_ACCMODE) == O_RDONLY && is_only_here(path, &about) ? 0 : EMLINK;
}

static int open_confined(const char *path, int flags, mode_t mode)
{
	char rest[PATH_MAX];
	const struct tree *tree = tree_of(path, rest);
	int fd, error;

	if (tree == NULL)
		return -1;
	if (tree != &confinement.own &&
	    ((flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0))
		return refuse(EROFS);
	/* It must not be emptied before it is known to be a file of this place alone. */
	fd = walk(tree->fd, rest, (flags & ~O_TRUNC) | ALWAYS | O_NONBLOCK, mode);
	if (fd < 0)
		return -1;
	error = judge(fd, path, tree, flags);
	if (error == 0 && (flags & O_TRUNC) != 0 && ftruncate(fd, 0) != 0)
		error = errno;
	if (error == 0)
		return fd;
	(void)close(fd);
	return refuse(error);
}

/* ---- the door ---- */

int confine_open(const char *path, int flags, mode_t mode)
{
	int fd;

	if (confinement.is_on)
		return open_confined(path, flags, mode);
	AGAIN(fd, open(path, flags | ALWAYS, mode));
	return fd;
}

DIR *confine_open_directory(const char *path)
{
	int fd = confine_open(path, O_RDONLY | O_DIRECTORY, 0);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;

	if (fd >= 0 && directory == NULL)
		close_quietly(fd);
	return directory;
}

/* Without confinement, the call. With it, the call on the last name of `path` in its directory `at`. */
#define DO(path, changes, free_call, confined_call)                                                          \
	do {                                                                                                 \
		char name[NAME_MAX + 1];                                                                     \
		int result, at;                                                                              \
		if (!confinement.is_on) {                                                                    \
			AGAIN(result, free_call);                                                            \
			return result;                                                                       \
		}                                                                                            \
		at = open_parent(path, changes, name);                                                       \
		if (at < 0)                                                                                  \
			return -1;                                                                           \
		AGAIN(result, confined_call);                                                                \
		close_quietly(at);                                                                           \
		return result;                                                                               \
	} while (0)

int confine_stat_link(const char *path, struct stat *out)
{
	DO(path, false, lstat(path, out), fstatat(at, name, out, AT_SYMLINK_NOFOLLOW));
}

int confine_stat(const char *path, struct stat *out)
{
	int result;

	if (!confinement.is_on) {
		AGAIN(result, stat(path, out));
		return result;
	}
	if (confine_stat_link(path, out) != 0)
		return -1;
	return S_ISLNK(out->st_mode) ? refuse(ELOOP) : 0;
}

int confine_access(const char *path, int mode)
{
	DO(path, (mode & W_OK) != 0, access(path, mode), faccessat(at, name, mode, AT_SYMLINK_NOFOLLOW));
}

ssize_t confine_read_link(const char *path, char *out, size_t size)
{
	ssize_t length;

	if (confinement.is_on)
		return refuse(ELOOP);
	AGAIN(length, readlink(path, out, size));
	return length;
}

char *confine_real_path(const char *path)
{
	struct stat about;

	if (!confinement.is_on)
		return realpath(path, NULL);
	return confine_stat(path, &about) == 0 ? strdup(path) : NULL;
}

int confine_make_directory(const char *path, mode_t mode)
{
	DO(path, true, mkdir(path, mode), mkdirat(at, name, mode));
}

int confine_unlink(const char *path)
{
	DO(path, true, unlink(path), unlinkat(at, name, 0));
}

/* Gives `from` the name `to`, besides its own or instead of it. */
static int name_anew(const char *from, const char *to, bool keeps)
{
	char old[NAME_MAX + 1], new[NAME_MAX + 1];
	int source = open_parent(from, true, old), target = source >= 0 ? open_parent(to, true, new) : -1,
	    result = -1;

	if (target >= 0 && keeps)
		AGAIN(result, linkat(source, old, target, new, 0));
	else if (target >= 0)
		AGAIN(result, renameat(source, old, target, new));
	if (target >= 0)
		close_quietly(target);
	if (source >= 0)
		close_quietly(source);
	return result;
}

int confine_rename(const char *from, const char *to)
{
	int result;

	if (confinement.is_on)
		return name_anew(from, to, false);
	AGAIN(result, rename(from, to));
	return result;
}

int confine_link(const char *from, const char *to)
{
	int result;

	if (confinement.is_on)
		return name_anew(from, to, true);
	AGAIN(result, link(from, to));
	return result;
}

/* ---- locking it ---- */

static void add_readable(const char *path)
{
	struct tree *tree = &confinement.readable[confinement.count];
	size_t length = strlen(path);

	if (path[0] != '/' ||
	    confinement.count == sizeof(confinement.readable) / sizeof(*confinement.readable))
		return;
	AGAIN(tree->fd, open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
	if (tree->fd < 0)
		return;
	while (length > 1 && path[length - 1] == '/')
		length--;
	tree->path = memory_copy_bytes(path, length);
	confinement.count++;
}

enum status confine_to(const char *directory, const char *const *readable, struct diag_list *diags)
{
	int fd = refuse(EPERM);

	if (!confinement.is_on)
		AGAIN(fd, open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC));
	if (fd < 0 || fchdir(fd) != 0) {
		diag_error(diags, _("打不开文件夹“%s”。%s"), directory, file_explain(errno));
		if (fd >= 0)
			close_quietly(fd);
		return STATUS_IO;
	}
	confinement.own.fd = fd;
	for (size_t i = 0; readable[i] != NULL; i++) {
		char *whole = realpath(readable[i], NULL);
		add_readable(readable[i]);
		if (whole != NULL && strcmp(whole, readable[i]) != 0)
			add_readable(whole);
		free(whole);
	}
	confinement.is_on = true;
	return STATUS_OK;
}
