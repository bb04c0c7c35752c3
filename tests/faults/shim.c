/* Preloaded into the program: numbers its calls on one directory ($FAULT_DIRECTORY, the files in it, descriptors of these) from 1,
 * writes them to $FAULT_TRACE, and does something to call N as $FAULT says:
 *
 *   N kill before|after            SIGKILL
 *   N fail ERRNO once|ever         the call does not happen and fails; ever: every later call of that kind fails as well
 *   N late ERRNO once              the call happens, and reports a failure all the same
 *   N short PARTS once|ever        a read or write stops after 1/PARTS of its bytes (at least one)
 *   N end 0 once                   a read finds the end of the file
 *
 * Calls on anything else pass untouched, so loading programs, packs and messages is never disturbed. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DESCRIPTORS = 1024 };

enum deed { DEED_NONE, DEED_KILL_BEFORE, DEED_KILL_AFTER, DEED_FAIL, DEED_LATE, DEED_SHORT, DEED_END };

static struct {
	bool ready;
	const char *directory, *trace;
	size_t length;
	int call;            /* numbered so far */
	int target;          /* the call to disturb, 0: none */
	enum deed deed;
	int argument;        /* errno or parts */
	bool ever;
	char kind[32];       /* of the disturbed call, once it came */
	bool mine[DESCRIPTORS];
} shim;

static void set_up(void)
{
	char verb[16] = "", word[16] = "";
	const char *fault = getenv("FAULT");

	shim.ready = true;
	shim.directory = getenv("FAULT_DIRECTORY");
	shim.trace = getenv("FAULT_TRACE");
	shim.length = shim.directory ? strlen(shim.directory) : 0;
	if (!fault || sscanf(fault, "%d %15s %15s", &shim.target, verb, word) != 3)
		return;
	if (!strcmp(verb, "kill")) {
		shim.deed = strcmp(word, "after") ? DEED_KILL_BEFORE : DEED_KILL_AFTER;
		return;
	}
	shim.deed = !strcmp(verb, "fail") ? DEED_FAIL : !strcmp(verb, "late") ? DEED_LATE :
		    !strcmp(verb, "short") ? DEED_SHORT : DEED_END;
	shim.argument = atoi(word);
	shim.ever = strstr(fault, "ever") != NULL;
}

static bool path_is_mine(const char *path)
{
	if (!shim.ready)
		set_up();
	return shim.length && path && !strncmp(path, shim.directory, shim.length) &&
	       (path[shim.length] == '/' || path[shim.length] == '\0');
}

static bool fd_is_mine(int fd)
{
	return fd >= 0 && fd < DESCRIPTORS && shim.mine[fd];
}

static bool at_is_mine(int fd, const char *path)
{
	return path_is_mine(path) || (fd_is_mine(fd) && path && path[0] != '/');
}

static void own(int fd, bool mine)
{
	if (fd >= 0 && fd < DESCRIPTORS)
		shim.mine[fd] = mine;
}

/* Past the wrappers below. */
static void write_trace(const char *kind)
{
	char line[64];
	int length = snprintf(line, sizeof line, "%d %s\n", shim.call, kind);
	long fd;

	if (!shim.trace)
		return;
	fd = syscall(SYS_openat, AT_FDCWD, shim.trace, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (syscall(SYS_write, fd, line, (size_t)length) != length)
		abort();
	syscall(SYS_close, fd);
}

static enum deed enter(const char *kind)
{
	shim.call++;
	write_trace(kind);
	if (shim.call == shim.target)
		snprintf(shim.kind, sizeof shim.kind, "%s", kind);
	else if (!shim.ever || !shim.kind[0] || strcmp(shim.kind, kind) != 0)
		return DEED_NONE;
	if (shim.deed == DEED_KILL_BEFORE)
		raise(SIGKILL);
	return shim.deed;
}

/* True: the call must report a failure although it happened. */
static bool leave(enum deed deed)
{
	if (deed == DEED_KILL_AFTER)
		raise(SIGKILL);
	if (deed == DEED_LATE)
		errno = shim.argument;
	return deed == DEED_LATE;
}

/* The deed that enter(KIND) is about to name, for what must be known before the call. */
static enum deed coming(const char *kind)
{
	if (shim.call + 1 == shim.target || (shim.ever && !strcmp(shim.kind, kind)))
		return shim.deed;
	return DEED_NONE;
}

static size_t shortened(enum deed deed, size_t count)
{
	if (deed != DEED_SHORT || count < 2)
		return count;
	return shim.argument > 0 && count / (size_t)shim.argument > 0 ? count / (size_t)shim.argument : 1;
}

/* A wrapper of NAME, traced as KIND where MINE. PREPARE comes first; FINISH sees `result`. */
#define WRAP(type, failure, name, kind, parameters, arguments, mine, prepare, finish) \
	type name parameters                                                          \
	{                                                                             \
		static type(*real) parameters;                                        \
		enum deed deed;                                                       \
		type result;                                                          \
                                                                                      \
		if (!real)                                                            \
			*(void **)&real = dlsym(RTLD_NEXT, #name);                    \
		prepare;                                                              \
		if (!(mine))                                                          \
			return real arguments;                                        \
		deed = enter(kind);                                                   \
		if (deed == DEED_FAIL) {                                              \
			errno = shim.argument;                                        \
			return failure;                                               \
		}                                                                     \
		result = real arguments;                                              \
		finish;                                                               \
		return leave(deed) ? failure : result;                                \
	}
#define NOTHING (void)0

/* Opening. */
#define MODE                                                \
	mode_t mode = 0;                                    \
	if (flags & (O_CREAT | O_TMPFILE)) {                \
		va_list list;                               \
		va_start(list, flags);                      \
		mode = va_arg(list, mode_t);                \
		va_end(list);                               \
	}
#define OPEN(name) \
	WRAP(int, -1, name, "open", (const char *path, int flags, ...), (path, flags, mode), path_is_mine(path), MODE, own(result, true))
#define OPENAT(name)                                                                                                     \
	WRAP(int, -1, name, "open", (int at, const char *path, int flags, ...), (at, path, flags, mode), at_is_mine(at, path), MODE, \
	     own(result, true))
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

/* What _FORTIFY_SOURCE makes of the calls. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int at, const char *path, int flags);
int __openat64_2(int at, const char *path, int flags);
ssize_t __read_chk(int fd, void *bytes, size_t count, size_t room);
ssize_t __pread_chk(int fd, void *bytes, size_t count, off_t offset, size_t room);
ssize_t __pread64_chk(int fd, void *bytes, size_t count, off64_t offset, size_t room);
char *__realpath_chk(const char *path, char *out, size_t room);
ssize_t __readlink_chk(const char *path, char *out, size_t size, size_t room);
ssize_t __readlinkat_chk(int at, const char *path, char *out, size_t size, size_t room);
WRAP(int, -1, __open_2, "open", (const char *path, int flags), (path, flags), path_is_mine(path), NOTHING, own(result, true))
WRAP(int, -1, __open64_2, "open", (const char *path, int flags), (path, flags), path_is_mine(path), NOTHING, own(result, true))
WRAP(int, -1, __openat_2, "open", (int at, const char *path, int flags), (at, path, flags), at_is_mine(at, path), NOTHING,
     own(result, true))
WRAP(int, -1, __openat64_2, "open", (int at, const char *path, int flags), (at, path, flags), at_is_mine(at, path), NOTHING,
     own(result, true))

/* A descriptor is gone after close() even where it reports a failure. */
WRAP(int, (own(fd, false), syscall(SYS_close, fd), -1), close, "close", (int fd), (fd), fd_is_mine(fd), NOTHING, own(fd, false))

/* Reading and writing. */
#define READ(name, parameters, arguments)                                                                        \
	WRAP(ssize_t, -1, name, "read", parameters, arguments, fd_is_mine(fd), enum deed cut = coming("read");   \
	     if (fd_is_mine(fd) && cut == DEED_END) count = 0; if (fd_is_mine(fd)) count = shortened(cut, count), NOTHING)
READ(read, (int fd, void *bytes, size_t count), (fd, bytes, count))
READ(pread, (int fd, void *bytes, size_t count, off_t offset), (fd, bytes, count, offset))
READ(pread64, (int fd, void *bytes, size_t count, off64_t offset), (fd, bytes, count, offset))
READ(__read_chk, (int fd, void *bytes, size_t count, size_t room), (fd, bytes, count, room))
READ(__pread_chk, (int fd, void *bytes, size_t count, off_t offset, size_t room), (fd, bytes, count, offset, room))
READ(__pread64_chk, (int fd, void *bytes, size_t count, off64_t offset, size_t room), (fd, bytes, count, offset, room))
WRAP(ssize_t, -1, write, "write", (int fd, const void *bytes, size_t count), (fd, bytes, count), fd_is_mine(fd),
     if (fd_is_mine(fd)) count = shortened(coming("write"), count), NOTHING)

/* The rest of what a save may do. */
#define ON_FD(name, parameters, arguments) WRAP(int, -1, name, #name, parameters, arguments, fd_is_mine(fd), NOTHING, NOTHING)
#define ON_PATH(type, failure, name, kind, parameters, arguments) \
	WRAP(type, failure, name, kind, parameters, arguments, path_is_mine(path), NOTHING, NOTHING)
#define ON_PATH_AT(type, name, kind, parameters, arguments) \
	WRAP(type, -1, name, kind, parameters, arguments, at_is_mine(at, path), NOTHING, NOTHING)
ON_FD(fsync, (int fd), (fd))
ON_FD(fdatasync, (int fd), (fd))
ON_FD(fchmod, (int fd, mode_t mode), (fd, mode))
ON_FD(fchown, (int fd, uid_t user, gid_t group), (fd, user, group))
ON_FD(ftruncate, (int fd, off_t size), (fd, size))
ON_FD(ftruncate64, (int fd, off64_t size), (fd, size))
ON_FD(flock, (int fd, int operation), (fd, operation))
#define FSTAT(name, type) WRAP(int, -1, name, "fstat", (int fd, struct type *out), (fd, out), fd_is_mine(fd), NOTHING, NOTHING)
FSTAT(fstat, stat)
FSTAT(fstat64, stat64)
#define STAT(name, kind, type) ON_PATH(int, -1, name, kind, (const char *path, struct type *out), (path, out))
STAT(stat, "stat", stat)
STAT(stat64, "stat", stat64)
STAT(lstat, "lstat", stat)
STAT(lstat64, "lstat", stat64)
ON_PATH_AT(int, fstatat, "fstatat", (int at, const char *path, struct stat *out, int flags), (at, path, out, flags))
ON_PATH_AT(int, fstatat64, "fstatat", (int at, const char *path, struct stat64 *out, int flags), (at, path, out, flags))
ON_PATH(int, -1, access, "access", (const char *path, int mode), (path, mode))
ON_PATH_AT(int, faccessat, "access", (int at, const char *path, int mode, int flags), (at, path, mode, flags))
ON_PATH(int, -1, chmod, "chmod", (const char *path, mode_t mode), (path, mode))
ON_PATH(int, -1, truncate, "truncate", (const char *path, off_t size), (path, size))
ON_PATH(int, -1, mkdir, "mkdir", (const char *path, mode_t mode), (path, mode))
ON_PATH_AT(int, mkdirat, "mkdir", (int at, const char *path, mode_t mode), (at, path, mode))
ON_PATH(int, -1, unlink, "unlink", (const char *path), (path))
ON_PATH_AT(int, unlinkat, "unlink", (int at, const char *path, int flags), (at, path, flags))
ON_PATH(int, -1, rename, "rename", (const char *path, const char *to), (path, to))
ON_PATH_AT(int, renameat, "rename", (int at, const char *path, int to_at, const char *to), (at, path, to_at, to))
ON_PATH_AT(int, renameat2, "rename", (int at, const char *path, int to_at, const char *to, unsigned flags),
	   (at, path, to_at, to, flags))
ON_PATH(int, -1, link, "link", (const char *path, const char *to), (path, to))
ON_PATH_AT(int, linkat, "link", (int at, const char *path, int to_at, const char *to, int flags), (at, path, to_at, to, flags))
ON_PATH(char *, NULL, realpath, "realpath", (const char *path, char *out), (path, out))
ON_PATH(char *, NULL, __realpath_chk, "realpath", (const char *path, char *out, size_t room), (path, out, room))
ON_PATH(ssize_t, -1, readlink, "readlink", (const char *path, char *out, size_t size), (path, out, size))
ON_PATH(ssize_t, -1, __readlink_chk, "readlink", (const char *path, char *out, size_t size, size_t room), (path, out, size, room))
ON_PATH_AT(ssize_t, readlinkat, "readlink", (int at, const char *path, char *out, size_t size), (at, path, out, size))
ON_PATH_AT(ssize_t, __readlinkat_chk, "readlink", (int at, const char *path, char *out, size_t size, size_t room),
	   (at, path, out, size, room))
