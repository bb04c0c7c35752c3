/* The door, locked. Every test runs in a child, since there is no way back; and twice, with openat2() and
 * with a kernel that has none (a filter hides it). */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/confine.h"
#include "base/file.h"

#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#define RACES 4000

static char top[] = "/tmp/yubiao-confine-test-XXXXXX";

static void run(const char *program, const char *option, const char *path)
{
	char *const arguments[] = {(char *)program, (char *)option, (char *)path, NULL};
	pid_t child = fork();
	int state = 1;

	if (child == 0) {
		execv(program, arguments);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &state, 0), child);
	assert_int_equal(state, 0);
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* in/ is the directory, pack/ is readable, out/ is neither. */
static int lay_out(void **state)
{
	(void)state;
	if (mkdtemp(top) == NULL || chdir(top) != 0)
		return -1;
	if (mkdir("in", 0700) != 0 || mkdir("in/sub", 0700) != 0 || mkdir("out", 0700) != 0 ||
	    mkdir("pack", 0700) != 0)
		return -1;
	put("in/plain", "plain");
	put("in/sub/below", "below");
	put("in/twice", "twice");
	put("out/secret", "secret");
	put("pack/pack.yaml", "pack");
	if (symlink("../out/secret", "in/link") != 0 || symlink("nowhere", "in/dangling") != 0 ||
	    symlink("../out", "in/linked") != 0 || symlink("plain", "in/inner") != 0 ||
	    symlink("../out", "pack/linked") != 0)
		return -1;
	if (link("out/secret", "in/hard") != 0 || link("in/twice", "in/twice~") != 0)
		return -1;
	return mkfifo("in/pipe", 0600);
}

static int clean_up(void **state)
{
	(void)state;
	if (chdir("/") != 0)
		return -1;
	run("/bin/rm", "-rf", top);
	return 0;
}

static void hide_openat2(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = 4, .filter = filter};

	assert_int_equal(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	assert_int_equal(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
	assert_int_equal(syscall(SYS_openat2, AT_FDCWD, ".", NULL, 0), -1);
	assert_int_equal(errno, ENOSYS);
}

static char *beneath_top(const char *name)
{
	return file_join(top, name);
}

static void confine(void)
{
	char *in = beneath_top("in"), *pack = beneath_top("pack");
	const char *const readable[] = {pack, "/nonexistent", NULL};

	assert_int_equal(confine_to(in, readable, NULL), STATUS_OK);
	assert_true(confine_is_on());
}

/* cmocka's asserts jump within the child; what they print is seen, what they decide is the exit code. */
static void in_child(void (*test)(void), bool hides)
{
	int state = 0;
	pid_t child = fork();

	if (child == 0) {
		if (hides)
			hide_openat2();
		confine();
		test();
		_exit(0);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &state, 0), child);
	assert_int_equal(state, 0);
}

static void both_ways(void (*test)(void))
{
	in_child(test, false);
	in_child(test, true);
}

#define REQUIRE(condition)                                                                                   \
	do {                                                                                                 \
		if (!(condition)) {                                                                          \
			fprintf(stderr, "# %s:%d: %s (errno %d)\n", __FILE__, __LINE__, #condition, errno);  \
			_exit(1);                                                                            \
		}                                                                                            \
	} while (0)

static bool holds(const char *path, const char *text)
{
	char bytes[64] = "";
	int fd = confine_open(path, O_RDONLY, 0);
	ssize_t length = fd >= 0 ? read(fd, bytes, sizeof(bytes) - 1) : -1;

	if (fd >= 0)
		close(fd);
	return length >= 0 && strcmp(bytes, text) == 0;
}

static bool refused(int result, int error)
{
	return result == -1 && errno == error;
}

static bool opens_not(const char *path, int error)
{
	return refused(confine_open(path, O_RDONLY, 0), error) &&
	       refused(confine_open(path, O_WRONLY | O_TRUNC, 0), error);
}

/* ---- what is allowed ---- */

static void work_inside(void)
{
	struct stat about;
	DIR *list;
	int fd;

	REQUIRE(holds("plain", "plain"));
	REQUIRE(holds("./sub//below", "below"));
	REQUIRE(holds("twice", "twice")); /* both of its names are here */
	REQUIRE((fd = confine_open("new", O_WRONLY | O_CREAT | O_EXCL, 0600)) >= 0);
	REQUIRE(write(fd, "new", 3) == 3 && close(fd) == 0);
	REQUIRE(refused(confine_open("new", O_WRONLY | O_CREAT | O_EXCL, 0600), EEXIST));
	REQUIRE(confine_link("new", "new~") == 0 && confine_unlink("new~") == 0);
	REQUIRE((fd = confine_open("new", O_WRONLY | O_TRUNC, 0)) >= 0 && close(fd) == 0);
	REQUIRE(holds("new", ""));
	REQUIRE(confine_make_directory("made", 0700) == 0);
	REQUIRE(confine_rename("new", "made/old") == 0 && holds("made/old", ""));
	REQUIRE(confine_unlink("made/old") == 0);
	REQUIRE(confine_stat("made", &about) == 0 && S_ISDIR(about.st_mode));
	REQUIRE(confine_access("plain", R_OK) == 0 && refused(confine_access("new", R_OK), ENOENT));
	REQUIRE((list = confine_open_directory(".")) != NULL && closedir(list) == 0);
	REQUIRE((fd = confine_open(".", O_RDONLY | O_DIRECTORY, 0)) >= 0 && close(fd) == 0);
	REQUIRE(rmdir("made") == 0); /* the working directory is this one */
}

static void test_inside(void **state)
{
	(void)state;
	both_ways(work_inside);
}

/* ---- what is not ---- */

static void leave_by_name(void)
{
	static const char *const outside[] = {
		"..", "../out/secret", "sub/../../out/secret", "sub/..", "/etc/passwd", "/", "//etc"};
	char *secret = beneath_top("out/secret"), *own = beneath_top("in/plain");
	struct stat about;

	for (size_t i = 0; i < sizeof(outside) / sizeof(*outside); i++) {
		REQUIRE(opens_not(outside[i], EXDEV));
		REQUIRE(refused(confine_stat(outside[i], &about), EXDEV));
		REQUIRE(refused(confine_make_directory(outside[i], 0700), EXDEV));
		REQUIRE(refused(confine_rename("plain", outside[i]), EXDEV));
		REQUIRE(refused(confine_rename(outside[i], "plain"), EXDEV));
		REQUIRE(refused(confine_link(outside[i], "copy"), EXDEV));
		REQUIRE(refused(confine_unlink(outside[i]), EXDEV));
		REQUIRE(refused(confine_access(outside[i], F_OK), EXDEV));
		REQUIRE(confine_open_directory(outside[i]) == NULL);
		REQUIRE(confine_real_path(outside[i]) == NULL);
	}
	REQUIRE(opens_not(secret, EXDEV) && opens_not(own, EXDEV) && opens_not("", ENOENT));
	REQUIRE(refused(confine_open("../new", O_WRONLY | O_CREAT | O_EXCL, 0600), EXDEV));
	REQUIRE(holds("plain", "plain"));
}

static void leave_by_link(void)
{
	struct stat about;
	char target[16];

	REQUIRE(opens_not("link", ELOOP) && opens_not("dangling", ELOOP) && opens_not("inner", ELOOP));
	REQUIRE(refused(confine_open("dangling", O_WRONLY | O_CREAT, 0600), ELOOP));
	REQUIRE(confine_open("linked/secret", O_RDONLY, 0) == -1 && (errno == ELOOP || errno == ENOTDIR));
	REQUIRE(confine_open("linked/new", O_WRONLY | O_CREAT, 0600) == -1);
	REQUIRE(confine_open("linked", O_RDONLY | O_DIRECTORY, 0) == -1);
	REQUIRE(confine_unlink("linked/secret") == -1 && confine_rename("plain", "linked/plain") == -1);
	REQUIRE(confine_make_directory("linked/new", 0700) == -1 &&
		confine_link("plain", "linked/plain") == -1);
	REQUIRE(refused(confine_stat("link", &about), ELOOP));
	REQUIRE(confine_stat_link("link", &about) == 0 && S_ISLNK(about.st_mode));
	REQUIRE(refused((int)confine_read_link("link", target, sizeof(target)), ELOOP));
	REQUIRE(access("../out/secret", F_OK) == 0 && access("../out/new", F_OK) != 0);
}

static void leave_by_second_name(void)
{
	struct stat before, after;

	REQUIRE(stat("hard", &before) == 0);
	REQUIRE(opens_not("hard", EMLINK));
	REQUIRE(refused(confine_open("hard", O_WRONLY | O_CREAT | O_APPEND, 0600), EMLINK));
	REQUIRE(refused(confine_open("twice", O_RDWR, 0),
			EMLINK)); /* to read is enough for what a save left */
	REQUIRE(stat("hard", &after) == 0 && after.st_size == before.st_size);
}

static void open_no_file(void)
{
	REQUIRE(opens_not("pipe", EMEDIUMTYPE) || errno == ENXIO); /* O_WRONLY: nobody reads */
	REQUIRE(refused(confine_open("pipe", O_RDONLY, 0), EMEDIUMTYPE));
	REQUIRE(refused(confine_open("pipe", O_RDWR, 0), EMEDIUMTYPE));
	REQUIRE(refused(confine_open("sub", O_RDONLY, 0), EISDIR));
}

static void read_pack(void)
{
	char *pack = beneath_top("pack/pack.yaml"), *folder = beneath_top("pack"),
	     *climbs = beneath_top("pack/../out/secret"), *linked = beneath_top("pack/linked/secret"),
	     *beside = beneath_top("package");
	DIR *list;

	REQUIRE(holds(pack, "pack"));
	REQUIRE((list = confine_open_directory(folder)) != NULL && closedir(list) == 0);
	REQUIRE(refused(confine_open(pack, O_WRONLY, 0), EROFS) && refused(confine_unlink(pack), EROFS));
	REQUIRE(refused(confine_open(pack, O_RDONLY | O_CREAT, 0600), EROFS) &&
		refused(confine_rename("plain", pack), EROFS));
	REQUIRE(refused(confine_make_directory(beneath_top("pack/new"), 0700), EROFS));
	REQUIRE(refused(confine_open(climbs, O_RDONLY, 0), EXDEV) &&
		refused(confine_open(beside, O_RDONLY, 0), EXDEV));
	REQUIRE(confine_open(linked, O_RDONLY, 0) == -1);
}

static void be_confined_again(void)
{
	const char *const none[] = {NULL};

	REQUIRE(confine_to("/", none, NULL) != STATUS_OK);
	REQUIRE(opens_not("/etc/passwd", EXDEV) && holds("plain", "plain"));
}

static void test_outside(void **state)
{
	(void)state;
	both_ways(leave_by_name);
}

static void test_links(void **state)
{
	(void)state;
	both_ways(leave_by_link);
}

static void test_second_names(void **state)
{
	(void)state;
	both_ways(leave_by_second_name);
}

static void test_no_files(void **state)
{
	(void)state;
	both_ways(open_no_file);
}

static void test_readable(void **state)
{
	(void)state;
	both_ways(read_pack);
}

static void test_one_way(void **state)
{
	(void)state;
	both_ways(be_confined_again);
}

static void test_no_directory(void **state)
{
	const char *const none[] = {NULL};
	struct diag_list diags = {0};

	(void)state;
	assert_int_equal(confine_to("in/nowhere", none, &diags), STATUS_IO);
	assert_int_equal(diags.errors, 1);
	assert_false(confine_is_on());
	diag_list_done(&diags);
}

/* ---- a file that is swapped for a link all the time ---- */

static void swap_for_ever(const char *one, const char *other)
{
	for (;;)
		(void)syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, 2 /* RENAME_EXCHANGE */);
}

static void race(const char *path, const char *other, const char *expected)
{
	int refusals = 0, successes = 0;
	pid_t swapper = fork();

	if (swapper == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		swap_for_ever(strncmp(path, "sub", 3) == 0 ? "sub" : path, other);
	}
	REQUIRE(swapper > 0);
	for (int i = 0; i < RACES || successes == 0 || refusals == 0; i++) {
		char bytes[16] = "";
		int fd = confine_open(path, O_RDWR, 0);
		if (fd < 0) {
			refusals++;
			continue;
		}
		successes++;
		REQUIRE(read(fd, bytes, sizeof(bytes) - 1) >= 0);
		REQUIRE(close(fd) == 0 && strcmp(bytes, expected) == 0);
	}
	kill(swapper, SIGKILL);
	REQUIRE(waitpid(swapper, NULL, 0) == swapper);
}

static void race_for_file(void)
{
	race("plain", "link", "plain");
}

static void race_for_directory(void)
{
	race("sub/secret", "linked", "harmless");
}

static void test_races(void **state)
{
	(void)state;
	put("in/sub/secret", "harmless");
	both_ways(race_for_file);
	both_ways(race_for_directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inside),   cmocka_unit_test(test_outside),
		cmocka_unit_test(test_links),    cmocka_unit_test(test_second_names),
		cmocka_unit_test(test_no_files), cmocka_unit_test(test_readable),
		cmocka_unit_test(test_one_way),  cmocka_unit_test(test_no_directory),
		cmocka_unit_test(test_races),
	};

	return cmocka_run_group_tests_name("base/confine", tests, lay_out, clean_up);
}
