#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

#define TRIES_MOST 64
#define LINE_MOST 512
/* The byte that is locked lies behind everything that is ever written, since where locks are mandatory nobody
 * could read what is locked. */
#define LOCKED_BYTE ((off_t)1 << 30)
/* A file without content is being filled in, or was left by one who died at that. */
#define EMPTY_SECONDS 30

struct lock {
	int fd; /* -1: held by the existence of the file alone */
	char *path;
	struct stat made;
	bool is_told; /* the file says who has it */
};

enum grip { GRIP_TAKEN, GRIP_HELD, GRIP_UNKNOWN /* no such locks here */, GRIP_FAILED };

static struct flock whole(void)
{
	return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCKED_BYTE, .l_len = 1};
}

static bool is_unknown(int error)
{
	return error == ENOLCK || error == ENOSYS || error == EOPNOTSUPP || error == EINVAL || error == ENOTSUP;
}

static enum grip grip(int fd)
{
	struct flock lock = whole();
	int result;

	do
		result = fcntl(fd, F_OFD_SETLK, &lock);
	while (result < 0 && errno == EINTR);
	if (result == 0)
		return GRIP_TAKEN;
	if (errno == EAGAIN || errno == EACCES)
		return GRIP_HELD;
	return is_unknown(errno) ? GRIP_UNKNOWN : GRIP_FAILED;
}

bool descriptor_lock(int fd)
{
	return grip(fd) != GRIP_HELD;
}

bool descriptor_is_locked(int fd)
{
	struct flock lock = whole();

	return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

/* ---- what stands in it ---- */

static void take_field(char *out, size_t size, char **rest)
{
	char *field = strsep(rest, "\t\n");

	out[0] = '\0';
	if (field != NULL)
		snprintf(out, size, "%s", field);
}

static void read_holder(int fd, struct lock_holder *holder)
{
	char line[LINE_MOST], number[24], *rest = line;
	struct buffer clean = {0};
	ssize_t length = descriptor_read_at(fd, line, sizeof(line) - 1, 0);

	*holder = (struct lock_holder){0};
	text_sanitize(&clean, line, length > 0 ? (size_t)length : 0, true);
	snprintf(line, sizeof(line), "%s", buffer_text(&clean));
	buffer_done(&clean);
	take_field(holder->who.host, sizeof(holder->who.host), &rest);
	take_field(holder->who.user, sizeof(holder->who.user), &rest);
	take_field(number, sizeof(number), &rest);
	holder->process = strtol(number, NULL, 10);
	take_field(holder->since, sizeof(holder->since), &rest);
}

/* `size`: what the file holds now. */
static void write_holder(int fd, off_t size)
{
	char line[LINE_MOST], now[MOMENT_SIZE];
	struct who who;
	int length;

	who_am_i(&who);
	moment_text(time(NULL), now);
	length = snprintf(line, sizeof(line), "%s\t%s\t%ld\t%s\n", who.host, who.user, (long)getpid(), now);
	/* It only tells others; the lock holds without it. */
	if (pwrite(fd, line, (size_t)length, 0) == length && size > length)
		(void)descriptor_cut(fd, length);
}

/* The words of one who is dead: every field is empty now. */
static void forget_holder(int fd)
{
	ssize_t written = pwrite(fd, "\n\n\n\n", 4, 0);
	(void)written;
}

void lock_holder_words(const struct lock_holder *holder, struct buffer *out)
{
	char today[MOMENT_SIZE];
	const char *since = holder->since;

	if (holder->who.user[0] == '\0') {
		buffer_add(out, _("别人"));
		return;
	}
	buffer_add(out, holder->who.user);
	if (moment_read(since) == -1) {
		buffer_format(out, _("（主机 %s）"), holder->who.host);
		return;
	}
	moment_text(time(NULL), today);
	if (strncmp(since, today, 10) == 0)
		buffer_format(out, _("（主机 %s，%.5s 起）"), holder->who.host, since + 11);
	else
		buffer_format(out, _("（主机 %s，%.10s %.5s 起）"), holder->who.host, since, since + 11);
}

/* ---- taking ---- */

/* The file stands where it was opened: nobody has removed it meanwhile. */
static bool is_in_place(int fd, const char *path, struct stat *about)
{
	struct stat now;

	return descriptor_about(fd, about) == 0 && path_about_link(path, &now) == 0 &&
	       now.st_dev == about->st_dev && now.st_ino == about->st_ino;
}

/* Whoever may write the file shall be able to lock it. */
static void share(int fd, const char *path)
{
	struct stat about;

	if (path_about(path, &about) == 0)
		(void)descriptor_take_rights(fd, &about);
}

static enum status succeed(struct lock **lock, int fd, char *path, const struct stat *made)
{
	*lock = memory_new(sizeof(**lock));
	**lock = (struct lock){.fd = fd, .path = path, .made = *made, .is_told = fd < 0};
	return STATUS_OK;
}

void lock_tell(struct lock *lock)
{
	if (lock == NULL || lock->is_told)
		return;
	write_holder(lock->fd, lock->made.st_size);
	lock->is_told = true;
}

static bool is_alive(const struct lock_holder *holder, const struct stat *about)
{
	struct who who;

	who_am_i(&who);
	if (holder->who.host[0] == '\0')
		return time(NULL) - about->st_mtime < EMPTY_SECONDS;
	if (strcmp(who.host, holder->who.host) != 0 || holder->process <= 0)
		return true;
	return kill((pid_t)holder->process, 0) == 0 || errno != ESRCH;
}

/* Without locks: the file that is there belongs to a dead one, and is taken away; but only if it is still the
 * one that was judged. */
static bool remove_dead(const char *path, const struct stat *judged)
{
	struct buffer aside = {0};
	struct stat about;
	bool removed;

	buffer_format(&aside, "%s.%ld", path, (long)getpid());
	removed = path_rename(path, buffer_text(&aside)) == 0;
	if (removed && path_about_link(buffer_text(&aside), &about) == 0 && about.st_ino != judged->st_ino)
		removed = path_link(buffer_text(&aside), path) != 0;
	(void)path_unlink(buffer_text(&aside));
	buffer_done(&aside);
	return removed;
}

static enum status take_by_name(struct lock **lock, int fd, bool created, char *path, struct lock_holder *holder,
				struct diag_list *diags)
{
	struct stat about;

	for (int tries = 0; !created && tries < 3; tries++) {
		read_holder(fd, holder);
		if (descriptor_about(fd, &about) != 0 || is_alive(holder, &about))
			break;
		(void)descriptor_close(fd);
		fd = -1;
		if (remove_dead(path, &about))
			fd = descriptor_create(path, 0600);
		created = fd >= 0;
		if (fd < 0)
			fd = descriptor_open(path, O_RDWR | O_NOFOLLOW, 0);
		if (fd < 0)
			break;
	}
	if (created && descriptor_about(fd, &about) == 0) {
		write_holder(fd, about.st_size);
		(void)descriptor_close(fd);
		diag_add(diags, DIAG_NOTE, NULL, 0, 0, "%s",
			 _("这个磁盘不支持文件锁：同一台机器上的人不会同时填这个文件，别的机器上的要请大家自己错开。"));
		return succeed(lock, -1, path, &about);
	}
	if (fd >= 0)
		(void)descriptor_close(fd);
	memory_free(path);
	return STATUS_LOCKED;
}

/* The lock file may be looked at, but not written: another user's. */
static enum status look_only(const char *path, struct lock_holder *holder)
{
	int fd = descriptor_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
	struct flock lock = whole();
	enum status status = STATUS_IO;

	if (fd < 0)
		return STATUS_IO;
	if (fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK) {
		read_holder(fd, holder);
		status = STATUS_LOCKED;
	} else if (lock.l_type == F_UNLCK && path_unlink(path) == 0) {
		status = STATUS_OK; /* nobody has it; once more, with a file of one's own */
	}
	(void)descriptor_close(fd);
	return status;
}

static int open_lock(const char *path, bool *created)
{
	int fd = descriptor_create(path, 0600);

	*created = fd >= 0;
	if (fd >= 0 || errno != EEXIST)
		return fd;
	fd = descriptor_open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK, 0);
	if (fd < 0 && errno == ENOENT)
		errno = EAGAIN; /* released between the two */
	return fd;
}

/* What is locked is written and cut, so it must be no second name of a file that somebody has put here. */
static bool may_hold(int fd)
{
	struct stat about;

	return descriptor_about(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_nlink <= 1;
}

enum status lock_take(struct lock **lock, const char *path, struct lock_holder *holder, struct diag_list *diags)
{
	char *own = file_beside(path, ".", ".lock");
	int error = EAGAIN;

	*lock = NULL;
	*holder = (struct lock_holder){0};
	for (int tries = 0; tries < TRIES_MOST; tries++) {
		struct stat made;
		bool created;
		int fd = open_lock(own, &created);
		enum grip result;

		error = errno;
		if (fd < 0 && error == EAGAIN)
			continue;
		if (fd < 0 && (error == EACCES || error == EPERM)) {
			enum status status = look_only(own, holder);
			if (status == STATUS_OK)
				continue;
			if (status == STATUS_LOCKED) {
				memory_free(own);
				return status;
			}
		}
		if (fd < 0)
			break;
		if (!may_hold(fd)) {
			(void)descriptor_close(fd);
			error = EEXIST;
			break;
		}
		result = grip(fd);
		if (result == GRIP_UNKNOWN)
			return take_by_name(lock, fd, created, own, holder, diags);
		if (result == GRIP_TAKEN && is_in_place(fd, own, &made)) {
			share(fd, path);
			if (made.st_size > 0)
				forget_holder(fd);
			return succeed(lock, fd, own, &made);
		}
		error = errno;
		if (result == GRIP_HELD)
			read_holder(fd, holder);
		(void)descriptor_close(fd);
		if (result == GRIP_HELD) {
			memory_free(own);
			return STATUS_LOCKED;
		}
		if (result == GRIP_FAILED)
			break;
	}
	diag_add(diags, DIAG_NOTE, NULL, 0, 0,
		 _("这个文件锁不上，别人也可能同时在填。%s"), file_explain(error));
	memory_free(own);
	return STATUS_IO;
}

bool lock_is_held(const char *path, struct lock_holder *holder)
{
	char *own = file_beside(path, ".", ".lock");
	int fd = descriptor_open(own, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
	struct flock lock = whole();
	struct stat about;
	bool held = false;

	*holder = (struct lock_holder){0};
	memory_free(own);
	if (fd < 0)
		return false;
	if (fcntl(fd, F_OFD_GETLK, &lock) == 0)
		held = lock.l_type != F_UNLCK;
	else
		held = is_unknown(errno) && descriptor_about(fd, &about) == 0;
	if (held)
		read_holder(fd, holder);
	(void)descriptor_close(fd);
	return held;
}

void lock_release(struct lock *lock)
{
	struct stat now;

	if (lock == NULL)
		return;
	if (path_about_link(lock->path, &now) == 0 && now.st_dev == lock->made.st_dev &&
	    now.st_ino == lock->made.st_ino)
		(void)path_unlink(lock->path);
	if (lock->fd >= 0)
		(void)descriptor_close(lock->fd);
	memory_free(lock->path);
	memory_free(lock);
}
