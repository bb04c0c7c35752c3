/* Preloaded into the program under test: sees every system call that it makes, counts and traces them, does to one of them what the
 * test wants, and writes down what the program did to its files.
 *
 * No call can slip by, also none that the C library makes for itself (stdio, malloc, gettext): a seccomp filter turns every call that
 * does not come from kernel() below into a SIGSYS, and the handler makes the call in the program's place. That needs no ptrace and no
 * right. What passes untouched: fork and exec, and the return from signal handlers. Allocations are counted by wrapping malloc(), and
 * the clock stands still.
 *
 * Environment:
 *   FAULT_DIRECTORY  calls on this directory, on what is below it and on descriptors of these are "ours"; those on descriptors 0 to 2
 *                    are the "terminal"'s (be they one or not); all others "other"
 *   FAULT_TRACE      file that gets a line a call before it happens: NUMBER NAME SUBJECT PATH (TAB new: it may make the file); at the
 *                    end: 0 exit CALLS ALLOCATIONS
 *   FAULT_LOG        file that gets what was done to our files, and what was said and read at the terminal (see note_*() below)
 *   FAULT_IDLE       descriptor; whenever the program is about to wait for a key, it gets the number of bytes read so far (8 bytes)
 *   FAULT_TTY        set: standard input becomes the controlling terminal
 *   FAULT            what to do, separated by `;`. N is the number of a call, numbered from 1
 *     kill N                        SIGKILL before call N
 *     fail N ERRNO once|ever        call N does not happen and fails; ever: so do all later calls of that name on that subject
 *     late N ERRNO                  call N happens, and reports a failure all the same
 *     short N 1|2|3 once|ever       a read or write does one byte, half of its bytes, or all but one
 *     end N                         a read finds the end of the file
 *     memory N once|ever            allocation N fails; ever: and all later ones
 *     space BYTES ERRNO             once that many bytes were written to our files: ERRNO for what more is written (the rest comes short)
 *     skip CALL SUFFIX              CALL (fsync, fdatasync) does nothing on our files whose path ends in SUFFIX (`/`: directories), and
 *                                   says that it did; rename: copies into the old file, in place */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef __x86_64__

/* tests/faults/runner.py skips, loudly, what needs this shim. */
const char *const fault_shim_missing = "written for x86-64 only";

#else

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum { DESCRIPTORS = 512, PATH_ROOM = 1024, FAULTS = 8, KEPT_FROM = 400 /* descriptors of the shim's own */ };
enum subject { OTHER, OURS, TERMINAL, SUBJECTS };
static const char *const subject_names[SUBJECTS] = {"other", "ours", "terminal"};
static const char *const call_names[] = {
#define NAME(name) [SYS_##name] = #name,
#include "calls.h" /* made by the Makefile from <sys/syscall.h> */
};

enum deed { KILL, FAIL, LATE, SHORT, END, MEMORY, SPACE, SKIP, DEEDS };
static const char *const deed_names[DEEDS] = {"kill", "fail", "late", "short", "end", "memory", "space", "skip"};

struct fault {
	enum deed deed;
	long target;   /* number of the call or allocation; SPACE: bytes left */
	long argument; /* errno, or how short */
	bool ever;
	bool has_come;
	long call; /* what it hit, for `ever` */
	enum subject subject;
	char name[16], suffix[64]; /* SKIP */
};

static struct {
	struct fault faults[FAULTS];
	int fault_count;
	const char *directory;
	size_t directory_length;
	int trace, log, idle; /* descriptors, -1: none */
	long calls, allocations;
	uint64_t bytes_read; /* from the terminal */
	bool is_ready;
	struct {
		enum subject subject;
		char path[PATH_ROOM];
	} open[DESCRIPTORS];
} shim = {.trace = -1, .log = -1, .idle = -1};

/* One call of the program. */
struct call {
	long number, arguments[6];
	enum subject subject;
	char path[PATH_ROOM], to[PATH_ROOM];
};

/* ---- the one place that enters the kernel ---- */

long kernel(long number, ...);
extern const char kernel_return[];
__asm__(".text\n.globl kernel\n.hidden kernel\n.type kernel,@function\n"
	"kernel:\n"
	"mov %rdi,%rax\nmov %rsi,%rdi\nmov %rdx,%rsi\nmov %rcx,%rdx\nmov %r8,%r10\nmov %r9,%r8\nmov 8(%rsp),%r9\n"
	"syscall\n"
	".globl kernel_return\n.hidden kernel_return\nkernel_return:\n"
	"ret\n");

static long pass(const struct call *call)
{
	const long *a = call->arguments;

	return kernel(call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static _Noreturn void give_up(const char *why)
{
	kernel(SYS_write, 2L, "fault shim: ", 12L);
	kernel(SYS_write, 2L, why, strlen(why));
	kernel(SYS_write, 2L, "\n", 1L);
	kernel(SYS_exit_group, 99L);
	__builtin_unreachable();
}

/* ---- lines of the trace and the log, without stdio, which may be what was interrupted ---- */

struct line {
	char text[2 * PATH_ROOM + 128];
	size_t length;
};

static void add(struct line *line, const char *text)
{
	while (*text != '\0' && line->length < sizeof(line->text))
		line->text[line->length++] = *text++;
}

static void add_number(struct line *line, long number)
{
	char digits[24], *at = digits + sizeof(digits) - 1;
	unsigned long rest = number < 0 ? 0UL - (unsigned long)number : (unsigned long)number;

	*at = '\0';
	do
		*--at = (char)('0' + rest % 10);
	while ((rest /= 10) != 0);
	if (number < 0)
		add(line, "-");
	add(line, at);
}

/* The line, a newline and the bytes, all at once. */
static void put(int fd, struct line *line, const void *bytes, size_t count)
{
	add(line, "\n");
	struct iovec parts[2] = {{line->text, line->length}, {(void *)(uintptr_t)bytes, count}};
	if (fd >= 0 && kernel(SYS_writev, (long)fd, parts, 2L) != (long)(line->length + count))
		give_up("cannot write the trace or the log");
}

/* The log: words separated by blanks, a newline, and as many bytes as the last word of some says. Paths are below the directory. */
static void note(const char *word, long first, long second, const char *path, const char *to)
{
	struct line line = {.length = 0};

	if (shim.log < 0)
		return;
	add(&line, word);
	add(&line, " ");
	add_number(&line, first);
	add(&line, " ");
	add_number(&line, second);
	add(&line, " ");
	add(&line, path);
	if (to != NULL) {
		add(&line, "\t");
		add(&line, to);
	}
	put(shim.log, &line, NULL, 0);
}

static void note_bytes(const char *word, long fd, long offset, const void *bytes, size_t count)
{
	struct line line = {.length = 0};

	if (shim.log < 0)
		return;
	add(&line, word);
	add(&line, " ");
	add_number(&line, fd);
	add(&line, " ");
	add_number(&line, offset);
	add(&line, " ");
	add_number(&line, (long)count);
	put(shim.log, &line, bytes, count);
}

/* ---- what a call is about ---- */

/* Where the paths stand among the arguments, each with the descriptor that it starts from; -1: none. */
static const struct shape {
	long number;
	signed char at, path, to_at, to;
} shapes[] = {
	{SYS_open, -1, 0, -1, -1},      {SYS_openat, 0, 1, -1, -1},     {SYS_creat, -1, 0, -1, -1},
	{SYS_stat, -1, 0, -1, -1},      {SYS_lstat, -1, 0, -1, -1},     {SYS_newfstatat, 0, 1, -1, -1},
	{SYS_statx, 0, 1, -1, -1},      {SYS_access, -1, 0, -1, -1},    {SYS_faccessat, 0, 1, -1, -1},
	{SYS_faccessat2, 0, 1, -1, -1}, {SYS_rename, -1, 0, -1, 1},     {SYS_renameat, 0, 1, 2, 3},
	{SYS_renameat2, 0, 1, 2, 3},    {SYS_link, -1, 0, -1, 1},       {SYS_linkat, 0, 1, 2, 3},
	{SYS_unlink, -1, 0, -1, -1},    {SYS_unlinkat, 0, 1, -1, -1},   {SYS_mkdir, -1, 0, -1, -1},
	{SYS_mkdirat, 0, 1, -1, -1},    {SYS_rmdir, -1, 0, -1, -1},     {SYS_readlink, -1, 0, -1, -1},
	{SYS_readlinkat, 0, 1, -1, -1}, {SYS_chmod, -1, 0, -1, -1},     {SYS_fchmodat, 0, 1, -1, -1},
	{SYS_chown, -1, 0, -1, -1},     {SYS_lchown, -1, 0, -1, -1},    {SYS_fchownat, 0, 1, -1, -1},
	{SYS_truncate, -1, 0, -1, -1},  {SYS_utimensat, 0, 1, -1, -1},  {SYS_openat2, 0, 1, -1, -1},
	{SYS_symlinkat, 1, 2, -1, -1},  {SYS_symlink, -1, 1, -1, -1},   {SYS_statfs, -1, 0, -1, -1},
	{SYS_getxattr, -1, 0, -1, -1},  {SYS_lgetxattr, -1, 0, -1, -1}, {SYS_listxattr, -1, 0, -1, -1},
	{SYS_llistxattr, -1, 0, -1, -1}, {SYS_setxattr, -1, 0, -1, -1}, {SYS_lsetxattr, -1, 0, -1, -1},
};
static const long on_descriptor[] = {
	SYS_read,  SYS_write, SYS_readv,  SYS_writev, SYS_pread64, SYS_pwrite64,   SYS_preadv, SYS_pwritev,   SYS_preadv2,
	SYS_pwritev2, SYS_close, SYS_fstat, SYS_lseek, SYS_fsync, SYS_fdatasync, SYS_sync_file_range, SYS_ftruncate, SYS_fallocate,
	SYS_fchmod, SYS_fchown, SYS_fcntl, SYS_flock, SYS_ioctl, SYS_getdents64, SYS_fstatfs, SYS_dup, SYS_dup2, SYS_dup3,
	SYS_fadvise64, SYS_fgetxattr, SYS_fsetxattr, SYS_flistxattr, SYS_copy_file_range, SYS_sendfile, SYS_syncfs,
};

static bool is_known(long fd)
{
	return fd >= 0 && fd < DESCRIPTORS;
}

static enum subject subject_of_path(const char *path)
{
	size_t length = shim.directory_length;

	return length > 0 && strncmp(path, shim.directory, length) == 0 && (path[length] == '/' || path[length] == '\0') ? OURS
														 : OTHER;
}

/* "DIRECTORY/./name" loses its middle. Links are not followed: the tests name their directory by its true path. */
static void join(char *out, const char *directory, const char *path)
{
	size_t length = 0;

	for (const char *at = directory; path[0] != '/' && *at != '\0' && length < PATH_ROOM - 2; at++)
		out[length++] = *at;
	if (length > 0)
		out[length++] = '/';
	while (path[0] == '.' && path[1] == '/')
		path += 2;
	if (path[0] == '.' && path[1] == '\0')
		path++;
	while (*path != '\0' && length < PATH_ROOM - 1)
		out[length++] = *path++;
	if (length > 1 && out[length - 1] == '/')
		length--;
	out[length] = '\0';
}

static void find_path(const struct call *call, int at, int path, char *out)
{
	const char *name = (const char *)call->arguments[path];
	char here[PATH_ROOM] = "";
	long fd = at < 0 ? AT_FDCWD : (int)call->arguments[at];

	if (name == NULL)
		return;
	if (name[0] != '/' && fd == AT_FDCWD && kernel(SYS_getcwd, here, sizeof(here)) < 0)
		here[0] = '\0';
	join(out, fd == AT_FDCWD ? here : is_known(fd) ? shim.open[fd].path : "", name);
}

static void find_descriptor(struct call *call, long fd)
{
	if (!is_known(fd))
		return;
	call->subject = shim.open[fd].subject;
	memcpy(call->path, shim.open[fd].path, strlen(shim.open[fd].path) + 1);
}

static bool waits_for_input(const struct call *call)
{
	if (call->number == SYS_poll || call->number == SYS_ppoll) {
		const struct pollfd *list = (const struct pollfd *)call->arguments[0];
		for (long i = 0; i < call->arguments[1]; i++)
			if (list[i].fd == 0)
				return true;
	}
	if ((call->number == SYS_select || call->number == SYS_pselect6) && call->arguments[1] != 0)
		return (*(const unsigned char *)call->arguments[1] & 1) != 0;
	return false;
}

static void look_at(struct call *call)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (shapes[i].number == call->number) {
			const char *name = (const char *)call->arguments[shapes[i].path];
			if (shapes[i].at >= 0 && name != NULL && name[0] == '\0')
				find_descriptor(call, call->arguments[shapes[i].at]); /* AT_EMPTY_PATH */
			else
				find_path(call, shapes[i].at, shapes[i].path, call->path);
			if (shapes[i].to >= 0)
				find_path(call, shapes[i].to_at, shapes[i].to, call->to);
			if (call->subject == OTHER)
				call->subject = subject_of_path(call->path);
			return;
		}
	for (size_t i = 0; i < sizeof(on_descriptor) / sizeof(on_descriptor[0]); i++)
		if (on_descriptor[i] == call->number)
			find_descriptor(call, call->arguments[0]);
	if (call->number == SYS_mmap)
		find_descriptor(call, (int)call->arguments[4]);
	if (waits_for_input(call))
		call->subject = TERMINAL;
}

/* ---- what it did to our files ---- */

static bool is_read(long number)
{
	return number == SYS_read || number == SYS_pread64;
}

static bool is_write(long number)
{
	return number == SYS_write || number == SYS_pwrite64 || number == SYS_writev;
}

static bool is_open(long number)
{
	return number == SYS_open || number == SYS_openat || number == SYS_openat2 || number == SYS_creat;
}

static long open_flags(const struct call *call)
{
	return call->number == SYS_open	  ? call->arguments[1]
	       : call->number == SYS_openat ? call->arguments[2]
	       : call->number == SYS_creat  ? O_CREAT | O_TRUNC
					    : *(const long *)call->arguments[2];
}

static void trace(const struct call *call)
{
	struct line line = {.length = 0};
	size_t names = sizeof(call_names) / sizeof(call_names[0]);
	const char *name = (size_t)call->number < names ? call_names[call->number] : NULL;

	if (shim.trace < 0)
		return;
	add_number(&line, shim.calls);
	add(&line, " ");
	add(&line, name != NULL ? name : "unknown");
	add(&line, " ");
	add(&line, subject_names[call->subject]);
	add(&line, " ");
	add(&line, call->path);
	if (is_open(call->number) && (open_flags(call) & O_CREAT))
		add(&line, "\tnew");
	put(shim.trace, &line, NULL, 0);
}

static void note_open(const struct call *call, long fd, bool was_there)
{
	if (!is_known(fd))
		give_up("a descriptor beyond the table");
	shim.open[fd].subject = call->subject;
	memcpy(shim.open[fd].path, call->path, sizeof(call->path));
	if (call->subject == OURS)
		note(!was_there ? "create" : open_flags(call) & O_TRUNC ? "truncate" : "open", fd, 0, call->path, NULL);
}

static void note_write(const struct call *call, long result)
{
	const void *bytes = (const void *)call->arguments[1];
	long fd = call->arguments[0], offset = call->number == SYS_pwrite64 ? call->arguments[3] : 0;

	if (call->number == SYS_writev) {
		const struct iovec *parts = bytes;
		for (long i = 0; i < call->arguments[2] && result > 0; i++) {
			struct call part = {SYS_write, {fd, (long)parts[i].iov_base}, call->subject, "", ""};
			long count = result < (long)parts[i].iov_len ? result : (long)parts[i].iov_len;
			result -= count;
			if (result != 0 && call->subject == OURS)
				give_up("writev on our files");
			note_write(&part, count);
		}
		return;
	}
	if (call->subject == TERMINAL) {
		note_bytes("said", fd, 0, bytes, (size_t)result);
		return;
	}
	if (call->number == SYS_write)
		offset = kernel(SYS_lseek, fd, 0L, (long)SEEK_CUR) - result;
	note_bytes("write", fd, offset, bytes, (size_t)result);
}

/* Calls that change files in ways which the model does not know must not pass for calls that change nothing. */
static void note_others(const struct call *call)
{
	const long *a = call->arguments;

	switch (call->number) {
	case SYS_fcntl:
		if (a[1] == F_DUPFD || a[1] == F_DUPFD_CLOEXEC)
			give_up("a copy of our descriptor");
		break;
	case SYS_mmap:
		if ((a[2] & PROT_WRITE) && (a[3] & MAP_SHARED))
			give_up("our file mapped for writing");
		break;
	case SYS_dup: case SYS_dup2: case SYS_dup3: case SYS_pwritev: case SYS_pwritev2: case SYS_fallocate:
	case SYS_copy_file_range: case SYS_sendfile: case SYS_sync_file_range: case SYS_syncfs: case SYS_symlink: case SYS_symlinkat:
	case SYS_truncate: case SYS_rmdir:
		give_up("a call on our files that the model does not know");
	default:
		break;
	}
}

static void note_done(const struct call *call, long result)
{
	const long *a = call->arguments;

	if (is_write(call->number) && call->subject != OTHER && result > 0)
		note_write(call, result);
	else if (call->number == SYS_read && call->subject == TERMINAL && result > 0)
		note_bytes("read", a[0], 0, (const void *)a[1], (size_t)result);
	else if (call->subject != OURS)
		return;
	else if (call->number == SYS_fsync || call->number == SYS_fdatasync)
		note("sync", a[0], call->number == SYS_fdatasync, call->path, NULL);
	else if (call->number == SYS_ftruncate)
		note("resize", a[0], a[1], call->path, NULL);
	else if (call->to[0] != '\0')
		note(call->number == SYS_link || call->number == SYS_linkat ? "link" : "rename", 0, 0, call->path, call->to);
	else if (call->number == SYS_unlink || call->number == SYS_unlinkat)
		note("unlink", 0, 0, call->path, NULL);
	else if (call->number == SYS_mkdir || call->number == SYS_mkdirat)
		note("mkdir", 0, 0, call->path, NULL);
	else
		note_others(call);
}

/* ---- what is done to it ---- */

static bool hits(struct fault *fault, const struct call *call)
{
	if (fault->deed == MEMORY || fault->deed == SPACE || fault->deed == SKIP)
		return false;
	if (shim.calls == fault->target) {
		fault->has_come = true;
		fault->call = call->number;
		fault->subject = call->subject;
		return true;
	}
	return fault->ever && fault->has_come && fault->call == call->number && fault->subject == call->subject;
}

static long shortened(long how, long count)
{
	if (count < 2)
		return count;
	return how == 1 ? 1 : how == 2 ? count / 2 : count - 1;
}

static bool ends_in(const char *path, const char *suffix)
{
	size_t length = strlen(path), tail = strlen(suffix);

	return length >= tail && strcmp(path + length - tail, suffix) == 0;
}

static bool is_directory(const char *path)
{
	struct stat about;

	return kernel(SYS_stat, path, &about) == 0 && S_ISDIR(about.st_mode);
}

static long conduct(long number, const long arguments[6]);

/* What a saver does that does not know of rename: every step is a call like others. */
static long copy_in_place(const struct call *call)
{
	static char bytes[1024 * 1024];
	long from = conduct(SYS_open, (long[6]){(long)call->path, O_RDONLY});
	long got = from < 0 ? from : conduct(SYS_read, (long[6]){from, (long)bytes, sizeof(bytes)});
	long to = got < 0 ? got : conduct(SYS_open, (long[6]){(long)call->to, O_WRONLY | O_CREAT | O_TRUNC, 0600});

	for (long done = 0; to >= 0 && done < got; done += 4096)
		conduct(SYS_write, (long[6]){to, (long)bytes + done, got - done < 4096 ? got - done : 4096});
	if (to < 0)
		return to;
	conduct(SYS_fsync, (long[6]){to});
	conduct(SYS_close, (long[6]){to});
	conduct(SYS_close, (long[6]){from});
	return conduct(SYS_unlink, (long[6]){(long)call->path});
}

static bool is_skipped(const struct call *call, long *result)
{
	for (int i = 0; i < shim.fault_count; i++) {
		const struct fault *fault = &shim.faults[i];
		if (fault->deed != SKIP || call->subject != OURS || strcmp(call_names[call->number], fault->name) != 0)
			continue;
		if (call->number == SYS_rename && ends_in(call->to, fault->suffix)) {
			*result = copy_in_place(call);
			return true;
		}
		if (call->number != SYS_rename && (strcmp(fault->suffix, "/") == 0
							   ? is_directory(call->path)
							   : ends_in(call->path, fault->suffix) && !is_directory(call->path))) {
			*result = 0;
			return true;
		}
	}
	return false;
}

/* The disk is full, or the file may grow no further. */
static bool is_out_of_space(struct call *call, long *result)
{
	if (call->subject != OURS || !is_write(call->number))
		return false;
	for (int i = 0; i < shim.fault_count; i++) {
		struct fault *fault = &shim.faults[i];
		if (fault->deed != SPACE)
			continue;
		if (fault->target == 0) {
			*result = -fault->argument;
			return true;
		}
		if (call->arguments[2] > fault->target)
			call->arguments[2] = fault->target;
		fault->target -= call->arguments[2];
	}
	return false;
}

/* A failing brk() leaves the break where it was; a close() that fails has closed all the same. */
static long failing(const struct call *call, long error)
{
	if (call->number == SYS_brk)
		return kernel(SYS_brk, 0L);
	if (call->number == SYS_close)
		pass(call);
	return -error;
}

static bool disturb(struct call *call, long *result, long *late)
{
	for (int i = 0; i < shim.fault_count; i++) {
		struct fault *fault = &shim.faults[i];
		if (!hits(fault, call))
			continue;
		switch (fault->deed) {
		case KILL:
			kernel(SYS_kill, kernel(SYS_getpid), (long)SIGKILL);
			break;
		case FAIL:
			*result = failing(call, fault->argument);
			return true;
		case LATE:
			*late = fault->argument;
			break;
		case SHORT:
			if (is_read(call->number) || (is_write(call->number) && call->number != SYS_writev))
				call->arguments[2] = shortened(fault->argument, call->arguments[2]);
			break;
		case END:
			*result = 0;
			return is_read(call->number);
		default:
			break;
		}
	}
	return false;
}

/* About to wait for a key: nothing to be read, and no end to the waiting in sight. */
static void tell_if_idle(const struct call *call)
{
	struct pollfd input = {.fd = 0, .events = POLLIN};
	long patience = call->number == SYS_poll ? call->arguments[2] : -1;

	if (shim.idle < 0 || (call->number != SYS_read && !waits_for_input(call)) || (patience >= 0 && patience < 1000) ||
	    kernel(SYS_poll, &input, 1L, 0L) != 0)
		return;
	note("idle", (long)shim.bytes_read, 0, "", NULL);
	kernel(SYS_write, (long)shim.idle, &shim.bytes_read, sizeof(shim.bytes_read));
}

static void tell_the_end(void)
{
	struct line line = {.length = 0};

	add(&line, "0 exit ");
	add_number(&line, shim.calls);
	add(&line, " ");
	add_number(&line, shim.allocations);
	put(shim.trace, &line, NULL, 0);
}

/* The shim's own descriptors are out of the program's sight. */
static bool is_hidden(const struct call *call)
{
	return call->number == SYS_close && shim.trace >= 0 && call->arguments[0] >= KEPT_FROM && call->arguments[0] < DESCRIPTORS;
}

static long conduct(long number, const long arguments[6])
{
	struct call call = {.number = number};
	long result, late = 0;

	memcpy(call.arguments, arguments, sizeof(call.arguments));
	if (is_hidden(&call))
		return -EBADF;
	look_at(&call);
	shim.calls++;
	trace(&call);
	if (disturb(&call, &result, &late) || is_out_of_space(&call, &result) || is_skipped(&call, &result))
		return result;
	if (number == SYS_exit_group)
		tell_the_end();
	if (call.subject == TERMINAL)
		tell_if_idle(&call);
	bool was_there = !is_open(number) || call.subject != OURS || kernel(SYS_access, call.path, (long)F_OK) == 0;
	result = pass(&call);
	if (result >= 0) {
		if (is_open(number))
			note_open(&call, result, was_there);
		else
			note_done(&call, result);
		if (number == SYS_read && call.subject == TERMINAL)
			shim.bytes_read += (uint64_t)result;
	}
	if (number == SYS_close && is_known(arguments[0])) {
		if (call.subject == OURS)
			note("close", arguments[0], 0, "", NULL);
		shim.open[arguments[0]].subject = OTHER;
		shim.open[arguments[0]].path[0] = '\0';
	}
	return late != 0 && result >= 0 ? -late : result;
}

/* ---- the trap ---- */

/* The mask that counts is the one that comes back with the return from the handler. SIGSYS must stay open. */
static long change_mask(ucontext_t *context, const long a[6])
{
	uint64_t *mask = (uint64_t *)(void *)&context->uc_sigmask, old = *mask;
	const uint64_t *set = (const uint64_t *)a[1];

	if (set != NULL)
		*mask = a[0] == SIG_BLOCK ? old | *set : a[0] == SIG_UNBLOCK ? old & ~*set : *set;
	*mask &= ~((uint64_t)1 << (SIGSYS - 1));
	if (a[2] != 0)
		*(uint64_t *)a[2] = old;
	return 0;
}

static void on_trap(int signal_number, siginfo_t *info, void *context)
{
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
	long arguments[6] = {(long)registers[REG_RDI], (long)registers[REG_RSI], (long)registers[REG_RDX],
			     (long)registers[REG_R10], (long)registers[REG_R8],	 (long)registers[REG_R9]};

	(void)signal_number;
	if (info->si_syscall == SYS_rt_sigprocmask)
		registers[REG_RAX] = change_mask(context, arguments);
	else
		registers[REG_RAX] = conduct(info->si_syscall, arguments);
}

static void set_trap(void)
{
	uintptr_t back = (uintptr_t)kernel_return;
#define LET_PASS(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
	struct sock_filter filter[] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		LOAD(nr),
		LET_PASS(SYS_rt_sigreturn), LET_PASS(SYS_sigaltstack), LET_PASS(SYS_clone), LET_PASS(SYS_clone3),
		LET_PASS(SYS_fork), LET_PASS(SYS_vfork), LET_PASS(SYS_execve), LET_PASS(SYS_execveat),
		LOAD(instruction_pointer),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)back, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(back >> 32), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
	};
	struct sock_fprog program = {sizeof(filter) / sizeof(filter[0]), filter};
	struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO | SA_NODEFER};

	sigemptyset(&action.sa_mask);
	if (sigaction(SIGSYS, &action, NULL) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		give_up("seccomp is refused here");
}

/* ---- setting up ---- */

/* A descriptor that the program will never be given; -1: the variable is not set. */
static int keep_file(const char *variable)
{
	const char *path = getenv(variable);
	long fd, kept;

	if (path == NULL)
		return -1;
	fd = kernel(SYS_open, path, (long)(O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC), 0600L);
	kept = fd < 0 ? fd : kernel(SYS_fcntl, fd, (long)F_DUPFD_CLOEXEC, (long)KEPT_FROM);
	if (kept < 0)
		give_up("cannot open the trace or the log");
	kernel(SYS_close, fd);
	return (int)kept;
}

static void copy_word(char *out, size_t room, const char *word)
{
	size_t length = strcspn(word, " ;");

	if (length >= room)
		give_up("FAULT is too long");
	memcpy(out, word, length);
	out[length] = '\0';
}

static const char *next_word(const char *text)
{
	text += strcspn(text, " ;");
	return *text == ' ' ? text + 1 : text;
}

static void read_fault(const char *text)
{
	struct fault *fault = &shim.faults[shim.fault_count++];
	char word[16];

	copy_word(word, sizeof(word), text);
	while (fault->deed < DEEDS && strcmp(word, deed_names[fault->deed]) != 0)
		fault->deed++;
	if (fault->deed == DEEDS)
		give_up("FAULT is not understood");
	text = next_word(text);
	copy_word(fault->name, sizeof(fault->name), text);
	fault->target = atol(fault->name);
	text = next_word(text);
	copy_word(fault->suffix, sizeof(fault->suffix), text);
	fault->argument = atol(fault->suffix);
	copy_word(word, sizeof(word), next_word(text));
	fault->ever = strcmp(word, "ever") == 0 || strcmp(fault->suffix, "ever") == 0;
}

__attribute__((constructor)) static void set_up(void)
{
	const char *text = getenv("FAULT"), *idle = getenv("FAULT_IDLE");

	shim.directory = getenv("FAULT_DIRECTORY");
	shim.directory_length = shim.directory != NULL ? strlen(shim.directory) : 0;
	shim.trace = keep_file("FAULT_TRACE");
	shim.log = keep_file("FAULT_LOG");
	shim.idle = idle != NULL ? atoi(idle) : -1;
	for (int fd = 0; fd < 3; fd++)
		shim.open[fd].subject = TERMINAL;
	if (getenv("FAULT_TTY") != NULL && kernel(SYS_ioctl, 0L, (long)TIOCSCTTY, 0L) < 0)
		give_up("no controlling terminal");
	while (text != NULL && *text != '\0' && shim.fault_count < FAULTS) {
		read_fault(text);
		text += strcspn(text, ";");
		text += *text == ';';
	}
	shim.is_ready = true;
	set_trap();
}

/* ---- the clock on the wall: the same moment in all runs, so that what they leave behind can be compared ---- */

enum { NOON = 1735704000 };

time_t time(time_t *out)
{
	if (out != NULL)
		*out = NOON;
	return NOON;
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
	long result = kernel(SYS_clock_gettime, (long)clock, out);

	if (clock == CLOCK_REALTIME && result == 0)
		out->tv_sec = NOON;
	errno = result < 0 ? (int)-result : errno;
	return result < 0 ? -1 : 0;
}

/* ---- allocations ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static bool is_refused(void)
{
	bool refused = false;

	if (!shim.is_ready)
		return false;
	shim.allocations++;
	for (int i = 0; i < shim.fault_count; i++) {
		const struct fault *fault = &shim.faults[i];
		if (fault->deed == MEMORY)
			refused |= fault->ever ? shim.allocations >= fault->target : shim.allocations == fault->target;
	}
	if (refused)
		errno = ENOMEM;
	return refused;
}

void *malloc(size_t size)
{
	return is_refused() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return is_refused() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
	return is_refused() ? NULL : __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size);
void *memalign(size_t alignment, size_t size)
{
	return is_refused() ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	void *block = memalign(alignment, size);

	if (block != NULL)
		*out = block;
	return block != NULL ? 0 : ENOMEM;
}

#endif
