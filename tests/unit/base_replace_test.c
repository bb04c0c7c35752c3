/* Every system call of a save fails once, is interrupted once, or is the last thing the process does. The
 * calls are those of this program, which stand before libc's; unarmed they only pass on. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"

#define OLD "旧的内容\n"
#define OLDER "更旧的\n"
#define NEW "新的内容，比旧的长一些\n"

enum fault { NONE, FAIL, FAIL_ON /* from then on */, KILL, SHORT };

static struct {
	enum fault fault;
	long at;   /* which call */
	int error; /* of a call that fails */
	long calls; /* so far */
} shim;

/* True if this call is to fail; does not return if it is to be the last. */
static bool is_struck(void)
{
	if (shim.fault == NONE)
		return false;
	shim.calls++;
	if (shim.calls != shim.at && !(shim.fault == FAIL_ON && shim.calls > shim.at))
		return false;
	if (shim.fault == KILL)
		kill(getpid(), SIGKILL);
	errno = shim.error;
	return shim.fault == FAIL || shim.fault == FAIL_ON;
}

int open(const char *path, int flags, ...)
{
	va_list list;
	va_start(list, flags);
	int mode = flags & O_CREAT ? va_arg(list, int) : 0;
	va_end(list);
	return is_struck() ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

ssize_t write(int fd, const void *bytes, size_t length)
{
	if (is_struck())
		return -1;
	if (shim.fault == SHORT && length > 1)
		length = 1;
	return syscall(SYS_write, fd, bytes, length);
}

ssize_t pread(int fd, void *bytes, size_t length, off_t offset)
{
	if (is_struck())
		return -1;
	if (shim.fault == SHORT && length > 2)
		length = 2;
	return syscall(SYS_pread64, fd, bytes, length, offset);
}

int fsync(int fd)
{
	return is_struck() ? -1 : (int)syscall(SYS_fsync, fd);
}

int fchmod(int fd, mode_t mode)
{
	return is_struck() ? -1 : (int)syscall(SYS_fchmod, fd, mode);
}

int fchown(int fd, uid_t owner, gid_t group)
{
	return is_struck() ? -1 : (int)syscall(SYS_fchown, fd, owner, group);
}

/* A failing close has closed the file all the same. */
int close(int fd)
{
	bool struck = is_struck();
	int error = errno;
	int result = (int)syscall(SYS_close, fd);
	errno = error;
	return struck ? -1 : result;
}

int rename(const char *from, const char *to)
{
	return is_struck() ? -1 : (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

static bool has_no_links; /* this file system */

int link(const char *from, const char *to)
{
	if (has_no_links) {
		errno = EPERM;
		return -1;
	}
	return is_struck() ? -1 : (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

ssize_t read(int fd, void *bytes, size_t length)
{
	if (is_struck())
		return -1;
	if (shim.fault == SHORT && length > 2)
		length = 2;
	return syscall(SYS_read, fd, bytes, length);
}

int access(const char *path, int mode)
{
	return is_struck() ? -1 : (int)syscall(SYS_faccessat, AT_FDCWD, path, mode);
}

int unlink(const char *path)
{
	return is_struck() ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

ssize_t readlink(const char *path, char *out, size_t size)
{
	return is_struck() ? -1 : (ssize_t)syscall(SYS_readlinkat, AT_FDCWD, path, out, size);
}

int fstat(int fd, struct stat *out)
{
	return is_struck() ? -1 : fstatat(fd, "", out, AT_EMPTY_PATH);
}

int lstat(const char *path, struct stat *out)
{
	return is_struck() ? -1 : fstatat(AT_FDCWD, path, out, AT_SYMLINK_NOFOLLOW);
}

static char directory[] = "/tmp/yubiao-replace-test-XXXXXX";

static int enter_directory(void **state)
{
	(void)state;
	return mkdtemp(directory) == NULL ? -1 : chdir(directory);
}

static int leave_directory(void **state)
{
	(void)state;
	remove("file");
	remove("file~");
	remove("link");
	return chdir("/") == 0 && rmdir(directory) == 0 ? 0 : -1;
}

static void fill(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void prepare(void)
{
	remove("file~");
	remove("file");
	fill("file~", OLDER);
	fill("file", OLD);
	assert_int_equal(chmod("file", 0640), 0);
	if (geteuid() == 0)
		assert_int_equal(chown("file", 12345, 23456), 0);
	remove("link");
	assert_int_equal(symlink("file", "link"), 0);
}

static bool file_holds(const char *name, const char *expected)
{
	char text[200] = {0};
	FILE *file = fopen(name, "r");
	assert_non_null(file);
	size_t length = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	return length == strlen(expected) && memcmp(text, expected, length) == 0;
}

static bool holds(const char *expected)
{
	return file_holds("link", expected); /* the way the person sees it */
}

/* What was last is never missing or mixed; where the new file stands without a word, it is the old one. */
static void kept_is_whole(bool replaced, bool warned)
{
	assert_true(file_holds("file~", OLDER) || file_holds("file~", OLD));
	if (replaced && !warned)
		assert_true(file_holds("file~", OLD));
}

/* Number of new files left over; removes them. */
static int sweep(void)
{
	int count = 0;
	DIR *here = opendir(".");
	assert_non_null(here);
	struct dirent *entry;
	while ((entry = readdir(here)) != NULL)
		if (strstr(entry->d_name, ".tmp") != NULL) {
			remove(entry->d_name);
			count++;
		}
	closedir(here);
	return count;
}

static enum status save(enum fault fault, long at, int error, struct diag_list *diags)
{
	memset(&shim, 0, sizeof(shim));
	shim.at = at;
	shim.error = error;
	shim.fault = fault;
	enum status status = file_replace("link", NEW, strlen(NEW), FILE_KEPT, diags);
	shim.fault = NONE;
	return status;
}

static long count_calls(void)
{
	prepare();
	assert_int_equal(save(FAIL, -1, 0, NULL), STATUS_OK);
	assert_true(holds(NEW));
	assert_true(shim.calls >= 12);
	return shim.calls;
}

static void every_failing_call_leaves_a_whole_file(void **state)
{
	(void)state;
	static const int errors[] = {EIO, ENOSPC, EDQUOT, EACCES, EPERM, EROFS, ENOENT, EMFILE, ENOMEM, ESTALE};
	long calls = count_calls();
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		for (long at = 1; at <= calls; at++) {
			struct diag_list diags = {0};
			prepare();
			enum status status = save(FAIL, at, errors[i], &diags);
			/* The promise of each answer: OK and UNSURE mean new, IO means old and a reason. */
			assert_true(status == STATUS_OK || status == STATUS_UNSURE || status == STATUS_IO);
			assert_int_equal(holds(NEW), status != STATUS_IO);
			assert_int_equal(holds(OLD), status == STATUS_IO);
			assert_int_equal(diags.errors, status == STATUS_IO);
			if (status == STATUS_UNSURE)
				assert_int_equal(diags.items[diags.count - 1].severity, DIAG_WARNING);
			/* ENOENT may mean that there is no old file. */
			kept_is_whole(status != STATUS_IO, diags.count > (status == STATUS_UNSURE) || errors[i] == ENOENT);
			assert_int_equal(sweep(), 0);
			diag_list_done(&diags);
		}
}

static void every_interrupted_call_is_made_again(void **state)
{
	(void)state;
	long calls = count_calls();
	for (long at = 1; at <= calls; at++) {
		struct diag_list diags = {0};
		prepare();
		assert_int_equal(save(FAIL, at, EINTR, &diags), STATUS_OK);
		assert_true(holds(NEW));
		assert_int_equal(diags.count, 0);
		kept_is_whole(true, false);
		assert_int_equal(sweep(), 0);
		diag_list_done(&diags);
	}
}

static void every_kill_leaves_a_whole_file(void **state)
{
	(void)state;
	long calls = count_calls();
	for (long at = 1; at <= calls; at++) {
		int status;
		prepare();
		fflush(NULL);
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			save(KILL, at, 0, NULL);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		assert_true(holds(OLD) || holds(NEW));
		kept_is_whole(holds(NEW), false);
		assert_true(sweep() <= 2);
	}
}

static void short_reads_and_writes_are_completed(void **state)
{
	(void)state;
	prepare();
	assert_int_equal(save(SHORT, -1, 0, NULL), STATUS_OK);
	assert_true(holds(NEW));
	assert_int_equal(sweep(), 0);
}

/* A disk that breaks for good: the call and all that follow fail, so the new file cannot even be removed.
 * Then the person is told which file to remove. */
static void a_file_that_cannot_be_removed_is_named(void **state)
{
	(void)state;
	long calls = count_calls(), named = 0;
	for (long at = 1; at <= calls; at++) {
		struct diag_list diags = {0};
		prepare();
		enum status status = save(FAIL_ON, at, EIO, &diags);
		assert_int_equal(holds(NEW), status != STATUS_IO);
		assert_int_equal(holds(OLD), status == STATUS_IO);
		assert_int_equal(diags.count == 0, status == STATUS_OK);
		if (sweep() > 0) {
			assert_non_null(strstr(diags.items[diags.count - 1].text, ".tmp"));
			named++;
		}
		diag_list_done(&diags);
	}
	assert_true(named >= 5);
}

static void without_links_the_last_version_is_a_copy(void **state)
{
	struct stat kept;
	(void)state;
	has_no_links = true;
	prepare();
	assert_int_equal(save(NONE, -1, 0, NULL), STATUS_OK);
	kept_is_whole(true, false);
	assert_int_equal(stat("file~", &kept), 0);
	assert_int_equal(kept.st_mode & 0777, 0640);
	every_failing_call_leaves_a_whole_file(state);
	every_kill_leaves_a_whole_file(state);
	has_no_links = false;
}

static void without_the_last_version_nothing_is_replaced_if_so_wanted(void **state)
{
	struct diag_list diags = {0};
	(void)state;
	prepare();
	remove("file~");
	assert_int_equal(mkdir("file~", 0700), 0);
	assert_int_equal(file_replace("link", NEW, strlen(NEW), FILE_KEPT_SURELY, &diags), STATUS_IO);
	assert_true(holds(OLD));
	assert_int_equal(diags.errors, 1);
	diag_list_clear(&diags);
	assert_int_equal(file_replace("link", NEW, strlen(NEW), FILE_KEPT, &diags), STATUS_OK);
	assert_true(holds(NEW));
	assert_int_equal(diags.items[0].severity, DIAG_WARNING);
	diag_list_done(&diags);
	assert_int_equal(rmdir("file~"), 0);
	assert_int_equal(sweep(), 0);
}

static void what_a_killed_save_left_is_swept_and_nothing_else(void **state)
{
	char *own = file_temporary_name("file"), *other = file_temporary_name("other");
	(void)state;
	prepare();
	fill(own, NEW);
	fill(other, NEW);
	file_sweep("link");
	assert_false(file_exists(own));
	assert_true(file_exists(other));
	assert_true(file_exists("file") && file_exists("file~"));
	assert_int_equal(sweep(), 1);
	memory_free(own);
	memory_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_failing_call_leaves_a_whole_file),
		cmocka_unit_test(every_interrupted_call_is_made_again),
		cmocka_unit_test(every_kill_leaves_a_whole_file),
		cmocka_unit_test(short_reads_and_writes_are_completed),
		cmocka_unit_test(a_file_that_cannot_be_removed_is_named),
		cmocka_unit_test(without_links_the_last_version_is_a_copy),
		cmocka_unit_test(without_the_last_version_nothing_is_replaced_if_so_wanted),
		cmocka_unit_test(what_a_killed_save_left_is_swept_and_nothing_else),
	};
	return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
