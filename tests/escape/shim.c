/* Preloaded into the restricted program where nothing may be traced: tells, line by line in $ESCAPE_LOG, every attempt to run a program,
 * to open a file, or to change a directory, as
 *
 *   run|read|write|make|remove|connect PATH
 *
 * with PATH as the system will understand it: a relative one behind the directory it is taken from; and at the end the environment as it
 * is then, `variable NAME=VALUE`. What libc opens for itself does not pass here; it is strace that sees that.
 *
 * The program closes all descriptors, may open nothing but its own files and empties its environment, so the log is opened before main()
 * and kept out of its reach. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#define LOG_FD 900

/* At the latest before main(); a library that begins earlier may have something to tell already. */
__attribute__((constructor)) static void begin(void)
{
	static bool has_begun;

	if (has_begun)
		return;
	has_begun = true;

	const char *path = getenv("ESCAPE_LOG");
	long fd = path != NULL ? syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;

	if (fd < 0 || dup3((int)fd, LOG_FD, O_CLOEXEC) != LOG_FD)
		abort();
	(void)syscall(SYS_close, fd);
}

static void put(char *line, int length)
{
	for (int i = 0; i < length; i++)
		if ((unsigned char)line[i] < ' ')
			line[i] = '?';
	line[length] = '\n';
	if (syscall(SYS_write, LOG_FD, line, (size_t)length + 1) != length + 1)
		abort();
}

__attribute__((destructor)) static void end(void)
{
	char line[4096];

	for (char **variable = environ; *variable != NULL; variable++) {
		int length = snprintf(line, sizeof(line) - 1, "variable %s", *variable);
		put(line, length < (int)sizeof(line) - 1 ? length : (int)sizeof(line) - 2);
	}
}

static void tell(const char *what, int at, const char *path)
{
	char line[2 * PATH_MAX + 64], link[64], base[PATH_MAX] = "";
	int error = errno, length;
	ssize_t found = 0;

	begin();
	if (path == NULL)
		path = "(null)";
	if (path[0] != '/') {
		snprintf(link, sizeof(link), at == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", at);
		found = readlink(link, base, sizeof(base) - 1);
	}
	base[found > 0 ? found : 0] = '\0';
	length = snprintf(line, sizeof(line) - 1, "%s %s%s%s", what, base, base[0] != '\0' ? "/" : "", path);
	put(line, length < (int)sizeof(line) - 1 ? length : (int)sizeof(line) - 2);
	errno = error;
}

static const char *kind_of(uint64_t flags)
{
	bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;

	return writes && (flags & O_PATH) == 0 ? "write" : "read";
}

/* A wrapper of NAME that tells first. */
#define WRAP(type, name, parameters, arguments, telling)   \
	type name parameters                               \
	{                                                  \
		static type(*real) parameters;             \
		if (!real)                                 \
			*(void **)&real = dlsym(RTLD_NEXT, #name); \
		telling;                                   \
		return real arguments;                     \
	}
#define MODE                                  \
	mode_t mode = 0;                      \
	if (flags & (O_CREAT | O_TMPFILE)) {  \
		va_list list;                 \
		va_start(list, flags);        \
		mode = va_arg(list, mode_t);  \
		va_end(list);                 \
	}

#define OPEN(name)                                                                                      \
	WRAP(int, name, (const char *path, int flags, ...), (path, flags, mode), MODE                   \
	     tell(kind_of((uint64_t)(unsigned)flags), AT_FDCWD, path))
#define OPENAT(name)                                                                                    \
	WRAP(int, name, (int at, const char *path, int flags, ...), (at, path, flags, mode), MODE       \
	     tell(kind_of((uint64_t)(unsigned)flags), at, path))
#define FOPEN(name)                                                                                     \
	WRAP(FILE *, name, (const char *path, const char *mode), (path, mode),                          \
	     tell(mode[0] == 'r' && strchr(mode, '+') == NULL ? "read" : "write", AT_FDCWD, path))
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
FOPEN(fopen)
FOPEN(fopen64)
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int at, const char *path, int flags);
int __openat64_2(int at, const char *path, int flags);
WRAP(int, __open_2, (const char *path, int flags), (path, flags), tell(kind_of((uint64_t)(unsigned)flags), AT_FDCWD, path))
WRAP(int, __open64_2, (const char *path, int flags), (path, flags), tell(kind_of((uint64_t)(unsigned)flags), AT_FDCWD, path))
WRAP(int, __openat_2, (int at, const char *path, int flags), (at, path, flags), tell(kind_of((uint64_t)(unsigned)flags), at, path))
WRAP(int, __openat64_2, (int at, const char *path, int flags), (at, path, flags), tell(kind_of((uint64_t)(unsigned)flags), at, path))

WRAP(int, mkdir, (const char *path, mode_t mode), (path, mode), tell("make", AT_FDCWD, path))
WRAP(int, mkdirat, (int at, const char *path, mode_t mode), (at, path, mode), tell("make", at, path))
WRAP(int, symlink, (const char *to, const char *path), (to, path), tell("make", AT_FDCWD, path))
WRAP(int, symlinkat, (const char *to, int at, const char *path), (to, at, path), tell("make", at, path))
WRAP(int, link, (const char *from, const char *to), (from, to), tell("make", AT_FDCWD, to); tell("make", AT_FDCWD, from))
WRAP(int, linkat, (int from, const char *old, int to, const char *new, int flags), (from, old, to, new, flags), tell("make", from, old);
     tell("make", to, new))
WRAP(int, rename, (const char *from, const char *to), (from, to), tell("remove", AT_FDCWD, from); tell("make", AT_FDCWD, to))
WRAP(int, renameat, (int from, const char *old, int to, const char *new), (from, old, to, new), tell("remove", from, old);
     tell("make", to, new))
WRAP(int, renameat2, (int from, const char *old, int to, const char *new, unsigned flags), (from, old, to, new, flags),
     tell("remove", from, old);
     tell("make", to, new))
WRAP(int, unlink, (const char *path), (path), tell("remove", AT_FDCWD, path))
WRAP(int, unlinkat, (int at, const char *path, int flags), (at, path, flags), tell("remove", at, path))
WRAP(int, rmdir, (const char *path), (path), tell("remove", AT_FDCWD, path))
WRAP(int, truncate, (const char *path, off_t size), (path, size), tell("write", AT_FDCWD, path))
WRAP(int, chmod, (const char *path, mode_t mode), (path, mode), tell("write", AT_FDCWD, path))
WRAP(int, fchmodat, (int at, const char *path, mode_t mode, int flags), (at, path, mode, flags), tell("write", at, path))
WRAP(int, chown, (const char *path, uid_t user, gid_t group), (path, user, group), tell("write", AT_FDCWD, path))
WRAP(int, lchown, (const char *path, uid_t user, gid_t group), (path, user, group), tell("write", AT_FDCWD, path))
WRAP(int, fchownat, (int at, const char *path, uid_t user, gid_t group, int flags), (at, path, user, group, flags), tell("write", at, path))
WRAP(int, utimensat, (int at, const char *path, const struct timespec times[2], int flags), (at, path, times, flags),
     tell("write", at, path))
WRAP(int, mkfifo, (const char *path, mode_t mode), (path, mode), tell("make", AT_FDCWD, path))
WRAP(int, mknod, (const char *path, mode_t mode, dev_t device), (path, mode, device), tell("make", AT_FDCWD, path))
WRAP(int, bind, (int fd, const struct sockaddr *address, socklen_t size), (fd, address, size), tell("connect", AT_FDCWD, "/a socket"))
WRAP(int, connect, (int fd, const struct sockaddr *address, socklen_t size), (fd, address, size), tell("connect", AT_FDCWD, "/a socket"))

WRAP(int, execve, (const char *path, char *const argv[], char *const envp[]), (path, argv, envp), tell("run", AT_FDCWD, path))
WRAP(int, execv, (const char *path, char *const argv[]), (path, argv), tell("run", AT_FDCWD, path))
WRAP(int, execvp, (const char *path, char *const argv[]), (path, argv), tell("run", AT_FDCWD, path))
WRAP(int, execvpe, (const char *path, char *const argv[], char *const envp[]), (path, argv, envp), tell("run", AT_FDCWD, path))
WRAP(int, fexecve, (int fd, char *const argv[], char *const envp[]), (fd, argv, envp), tell("run", fd, "."))
WRAP(int, posix_spawn,
     (pid_t *child, const char *path, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes, char *const argv[],
      char *const envp[]),
     (child, path, actions, attributes, argv, envp), tell("run", AT_FDCWD, path))
WRAP(int, posix_spawnp,
     (pid_t *child, const char *path, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes, char *const argv[],
      char *const envp[]),
     (child, path, actions, attributes, argv, envp), tell("run", AT_FDCWD, path))
WRAP(int, system, (const char *command), (command), tell("run", AT_FDCWD, command))
WRAP(FILE *, popen, (const char *command, const char *mode), (command, mode), tell("run", AT_FDCWD, command))

/* Calls for which libc has no function. Not by way of WRAP: dlsym() may come here itself. */
long syscall(long number, ...)
{
	static long (*real)(long, ...);
	unsigned long a[6];
	va_list list;

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(list, unsigned long);
	va_end(list);
	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "syscall");
	if (number == SYS_openat2)
		tell(kind_of(*(const uint64_t *)a[2]), (int)a[0], (const char *)a[1]);
	else if (number == SYS_execve || number == SYS_execveat)
		tell("run", AT_FDCWD, (const char *)a[number == SYS_execveat]);
#ifdef SYS_close_range
	if (number == SYS_close_range && a[0] <= LOG_FD && a[1] >= LOG_FD) {
		real(number, a[0], LOG_FD - 1UL, a[2]);
		return real(number, LOG_FD + 1UL, a[1], a[2]);
	}
#endif
	return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
