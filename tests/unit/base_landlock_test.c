/* The kernel's wall, against calls that do not pass the door. Every test runs in a child, since there is no way
 * back. Where the kernel has no Landlock that is said, and only that nothing is forbidden then is tested. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/landlock.h"

static char top[] = "/tmp/yubiao-landlock-test-XXXXXX";

static int lay_out(void **state)
{
	(void)state;
	printf("# landlock: version %d%s\n", landlock_version(), landlock_version() == 0 ? ", NOT TESTED" : "");
	if (mkdtemp(top) == NULL || chdir(top) != 0)
		return -1;
	return mkdir("in", 0700) == 0 && mkdir("out", 0700) == 0 && mkdir("pack", 0700) == 0 ? 0 : -1;
}

static int clean_up(void **state)
{
	(void)state;
	remove("in/new");
	remove("in/moved");
	return rmdir("in") == 0 && rmdir("out") == 0 && rmdir("pack") == 0 && chdir("/") == 0 && rmdir(top) == 0 ? 0 : -1;
}

/* 0 or the errno; what was made stays. */
static int make(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno;
	(void)close(fd);
	return 0;
}

static int list(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	(void)close(fd);
	return 0;
}

/* The exit code of a program, or the errno of why it cannot be run. */
static int run(const char *program)
{
	char *arguments[] = {(char *)(uintptr_t)program, NULL};
	pid_t child = fork();
	int state;

	if (child == 0) {
		execv(program, arguments);
		_exit(errno);
	}
	return waitpid(child, &state, 0) == child && WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

/* To a port at which nobody listens: ECONNREFUSED, unless the wall stands before. */
static int call(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(1)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), error;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	error = connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 ? 0 : errno;
	(void)close(fd);
	return error;
}

static const char *const libraries[] = {"/bin/true", "/usr/lib", "/usr/lib64", "/lib", "/lib64", NULL};
static const char *const nothing[] = {NULL};
static const char *const readable[] = {"pack", "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc", "/nonexistent", NULL};

static void begin(const char *const *runs)
{
	const struct landlock_paths paths = {"in", readable, runs};

	assert_true(landlock_begin(&paths));
}

static void in_child(void (*test)(void))
{
	int state = 0;
	pid_t child;

	if (landlock_version() == 0)
		skip();
	child = fork();
	if (child == 0) {
		test();
		_exit(0);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &state, 0), child);
	assert_int_equal(state, 0);
}

static void files(void)
{
	begin(nothing);
	assert_int_equal(make("in/new"), 0);
	assert_int_equal(rename("in/new", "in/moved"), 0);
	assert_int_equal(remove("in/moved"), 0);
	assert_int_equal(list("pack"), 0);
	assert_int_equal(make("pack/new"), EACCES);
	assert_int_equal(make("out/new"), EACCES);
	assert_int_equal(list("out"), EACCES);
	assert_int_equal(list("in/../out"), EACCES);
	assert_int_equal(mkdir("out/new", 0700), -1);
	assert_int_equal(rmdir("out"), -1);
	assert_int_equal(symlink("../out", "in/link"), -1);
	assert_int_equal(mkfifo("in/pipe", 0600), -1);
	assert_int_equal(make("/dev/shm/yubiao-landlock-test"), EACCES);
}

static void children(void)
{
	pid_t child;
	int state;

	begin(nothing);
	child = fork();
	if (child == 0)
		_exit(make("out/new") == EACCES ? 0 : 1);
	assert_int_equal(waitpid(child, &state, 0), child);
	assert_int_equal(state, 0);
}

static void no_programs(void)
{
	assert_int_equal(run("/bin/true"), 0);
	begin(nothing);
	assert_int_equal(run("/bin/true"), EACCES);
	assert_int_equal(run("/bin/sh"), EACCES);
	assert_int_equal(call(), landlock_version() >= 4 ? EACCES : ECONNREFUSED);
}

static void the_listed_program(void)
{
	begin(libraries);
	assert_int_equal(run("/bin/true"), 0);
	assert_int_equal(run("/bin/sh"), EACCES);
	assert_int_equal(call(), ECONNREFUSED);
}

static void test_it_says_whether_it_stands(void **state)
{
	const struct landlock_paths paths = {"in", readable, nothing};
	int status = 0;
	pid_t child = fork();

	(void)state;
	if (child == 0)
		_exit(landlock_begin(&paths) == (landlock_version() > 0) &&
				      (make("out/new") == EACCES) == (landlock_version() > 0)
			      ? 0
			      : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	remove("out/new");
}

static void test_files(void **state)
{
	(void)state;
	in_child(files);
}

static void test_children(void **state)
{
	(void)state;
	in_child(children);
}

static void test_no_programs(void **state)
{
	(void)state;
	in_child(no_programs);
}

static void test_the_listed_program(void **state)
{
	(void)state;
	in_child(the_listed_program);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_says_whether_it_stands),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_children),
		cmocka_unit_test(test_no_programs),
		cmocka_unit_test(test_the_listed_program),
	};

	return cmocka_run_group_tests(tests, lay_out, clean_up);
}
