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
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"

static char directory[] = "/tmp/yubiao-file-test-XXXXXX";

static int enter_directory(void **state)
{
	(void)state;
	return mkdtemp(directory) == NULL ? -1 : chdir(directory);
}

static int leave_directory(void **state)
{
	(void)state;
	char command[] = "rm", recursive[] = "-rf";
	char *const arguments[] = {command, recursive, directory, NULL};
	pid_t child = fork();
	if (child == 0) {
		execv("/bin/rm", arguments);
		_exit(1);
	}
	return chdir("/") == 0 && waitpid(child, NULL, 0) == child ? 0 : -1;
}

static void put(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
}

static void assert_holds(const char *path, const char *expected)
{
	struct buffer out = {0};
	assert_int_equal(file_read(&out, path, 10000, NULL), STATUS_OK);
	assert_string_equal(buffer_text(&out), expected);
	buffer_done(&out);
}

static mode_t mode_of(const char *path)
{
	struct stat about;
	assert_int_equal(lstat(path, &about), 0);
	return about.st_mode & 07777;
}

static void assert_no_leftovers(const char *path)
{
	DIR *open_directory = opendir(path);
	assert_non_null(open_directory);
	struct dirent *entry;
	while ((entry = readdir(open_directory)) != NULL)
		assert_null(strstr(entry->d_name, ".tmp"));
	closedir(open_directory);
}

static enum status replace(const char *path, const char *text)
{
	return file_replace(path, text, strlen(text), FILE_PRIVATE, NULL);
}

static void a_file_is_read_whole(void **state)
{
	(void)state;
	struct buffer out = {0};
	put("read", "总工会\n", 0600);
	buffer_add(&out, "<");
	assert_int_equal(file_read(&out, "read", 10, NULL), STATUS_OK);
	assert_string_equal(buffer_text(&out), "<总工会\n");
	buffer_done(&out);
}

static void what_cannot_be_read_is_said(void **state)
{
	(void)state;
	struct buffer out = {0};
	struct diag_list diags = {0};
	put("big", "0123456789", 0600);
	buffer_add(&out, "kept");
	assert_int_equal(file_read(&out, "none", 100, &diags), STATUS_NOT_FOUND);
	assert_int_equal(file_read(&out, "big/none", 100, &diags), STATUS_NOT_FOUND);
	assert_int_equal(file_read(&out, "big", 9, &diags), STATUS_INVALID);
	assert_int_equal(file_read(&out, "big", 10, NULL), STATUS_OK);
	assert_string_equal(buffer_text(&out), "kept0123456789");
	assert_int_equal(file_read(&out, ".", 100, &diags), STATUS_INVALID);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_int_equal(file_read(&out, "pipe", 100, &diags), STATUS_INVALID);
	assert_int_equal(diags.errors, 5);
	assert_non_null(strstr(diags.items[0].text, "不存在"));
	assert_string_equal(diags.items[0].file, "none");
	assert_string_equal(buffer_text(&out), "kept0123456789");
	diag_list_done(&diags);
	buffer_done(&out);
}

static void a_new_file_is_private_or_shared(void **state)
{
	(void)state;
	mode_t mask = umask(027);
	assert_int_equal(replace("private", "一"), STATUS_OK);
	assert_int_equal(file_replace("shared", "二", 3, FILE_SHARED, NULL), STATUS_OK);
	umask(mask);
	assert_int_equal(mode_of("private"), 0600);
	assert_int_equal(mode_of("shared"), 0640);
	assert_holds("private", "一");
	assert_holds("shared", "二");
	assert_no_leftovers(".");
}

static void an_old_file_keeps_its_mode(void **state)
{
	(void)state;
	put("old", "旧", 0644);
	assert_int_equal(replace("old", "新"), STATUS_OK);
	assert_holds("old", "新");
	assert_int_equal(mode_of("old"), 0644);
	assert_int_equal(chmod("old", 0660), 0);
	assert_int_equal(file_replace("old", "", 0, FILE_SHARED, NULL), STATUS_OK);
	assert_holds("old", "");
	assert_int_equal(mode_of("old"), 0660);
}

static void the_superuser_keeps_the_owner(void **state)
{
	(void)state;
	struct stat about;
	if (geteuid() != 0)
		skip();
	put("owned", "旧", 0640);
	assert_int_equal(chown("owned", 12345, 23456), 0);
	assert_int_equal(replace("owned", "新"), STATUS_OK);
	assert_int_equal(stat("owned", &about), 0);
	assert_int_equal(about.st_uid, 12345);
	assert_int_equal(about.st_gid, 23456);
	assert_int_equal(about.st_mode & 0777, 0640);
}

static void links_are_followed(void **state)
{
	(void)state;
	struct stat about;
	assert_int_equal(mkdir("deep", 0700), 0);
	put("deep/target", "旧", 0600);
	assert_int_equal(symlink("target", "deep/second"), 0);
	assert_int_equal(symlink("deep/second", "first"), 0);
	assert_int_equal(replace("first", "新"), STATUS_OK);
	assert_int_equal(lstat("first", &about), 0);
	assert_true(S_ISLNK(about.st_mode));
	assert_int_equal(lstat("deep/second", &about), 0);
	assert_true(S_ISLNK(about.st_mode));
	assert_holds("deep/target", "新");
	assert_int_equal(symlink("deep/made", "dangling"), 0);
	assert_int_equal(replace("dangling", "有了"), STATUS_OK);
	assert_holds("deep/made", "有了");
	char absolute[100];
	snprintf(absolute, sizeof(absolute), "%s/deep/target", directory);
	assert_int_equal(symlink(absolute, "absolute"), 0);
	assert_int_equal(replace("absolute", "远"), STATUS_OK);
	assert_holds("deep/target", "远");
	assert_no_leftovers("deep");
	assert_no_leftovers(".");
}

static void assert_refused(const char *path, const char *said)
{
	struct diag_list diags = {0};
	assert_int_equal(file_replace(path, "新", 3, FILE_PRIVATE, &diags), STATUS_IO);
	if (strstr(diag_first_error(&diags), said) == NULL)
		fail_msg("%s: %s", path, diag_first_error(&diags));
	assert_non_null(strstr(diag_first_error(&diags), "没有保存"));
	diag_list_done(&diags);
	assert_no_leftovers(".");
}

static void what_cannot_be_replaced_is_said(void **state)
{
	(void)state;
	put("plain", "旧", 0600);
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(symlink("loop2", "loop1"), 0);
	assert_int_equal(symlink("loop1", "loop2"), 0);
	assert_refused("nowhere/file", "不存在");
	assert_refused("plain/file", "不是文件夹");
	assert_refused("folder", "不是普通文件");
	assert_refused("loop1", "链接");
	assert_refused("/dev/null", "不是普通文件");
	assert_holds("plain", "旧");
}

/* Runs `check` in a child that is nobody, since the superuser may write everywhere. */
static void as_nobody(void (*check)(void))
{
	int status;
	fflush(NULL);
	assert_int_equal(chmod(directory, 0755), 0);
	pid_t child = fork();
	if (child == 0) {
		if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(9);
		check();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void save_to_protected_places(void)
{
	struct diag_list diags = {0};
	if (file_replace("readonly", "新", 3, FILE_PRIVATE, &diags) != STATUS_IO || diags.errors != 1 ||
	    strstr(diag_first_error(&diags), "没有权限") == NULL)
		_exit(1);
	diag_list_clear(&diags);
	if (file_replace("closed/new", "新", 3, FILE_PRIVATE, &diags) != STATUS_IO ||
	    strstr(diag_first_error(&diags), "没有权限") == NULL)
		_exit(2);
	diag_list_clear(&diags);
	if (file_replace("blind/new", "新", 3, FILE_PRIVATE, &diags) != STATUS_UNSURE || diags.errors != 0 ||
	    diags.count != 1)
		_exit(3);
	diag_list_done(&diags);
}

static void write_protection_is_respected(void **state)
{
	(void)state;
	put("readonly", "旧", 0444);
	assert_int_equal(mkdir("closed", 0700), 0);
	assert_int_equal(chmod("closed", 0555), 0);
	assert_int_equal(mkdir("blind", 0700), 0);
	assert_int_equal(chmod("blind", 0333), 0);
	as_nobody(save_to_protected_places);
	assert_holds("readonly", "旧");
	assert_int_equal(chmod("blind", 0700), 0);
	assert_no_leftovers("blind");
	assert_no_leftovers("closed");
}

static void save_with_a_small_limit(void)
{
	static char text[100000];
	struct diag_list diags = {0};
	struct rlimit limit = {8192, 8192};
	memset(text, 'x', sizeof(text));
	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		_exit(1);
	if (file_replace("limited", text, sizeof(text), FILE_PRIVATE, &diags) != STATUS_IO)
		_exit(2);
	if (strstr(diag_first_error(&diags), "文件大小") == NULL)
		_exit(3);
	diag_list_done(&diags);
}

static void a_file_that_grows_too_large_leaves_the_old_one(void **state)
{
	(void)state;
	int status;
	put("limited", "旧", 0600);
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		save_with_a_small_limit();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_holds("limited", "旧");
	assert_no_leftovers(".");
}

static void a_full_disk_is_said(void **state)
{
	(void)state;
	assert_non_null(strstr(file_explain(ENOSPC), "磁盘已满"));
	assert_non_null(strstr(file_explain(EACCES), "没有权限"));
	assert_non_null(strstr(file_explain(ENOENT), "不存在"));
	assert_non_null(strstr(file_explain(12345), "管理员"));
}

static void large_files_survive(void **state)
{
	(void)state;
	size_t length = (size_t)3 * 1024 * 1024 + 17;
	char *text = memory_new(length);
	for (size_t i = 0; i < length; i++)
		text[i] = (char)(i * 31 % 253);
	struct buffer out = {0};
	assert_int_equal(file_replace("large", text, length, FILE_PRIVATE, NULL), STATUS_OK);
	assert_int_equal(file_read(&out, "large", length, NULL), STATUS_OK);
	assert_int_equal(out.length, length);
	assert_memory_equal(out.data, text, length);
	buffer_done(&out);
	memory_free(text);
}

static void paths_are_joined(void **state)
{
	(void)state;
	static const char *const cases[][3] = {
		{"forms", "pack.yaml", "forms/pack.yaml"}, {"forms/", "pack.yaml", "forms/pack.yaml"},
		{"/", "tmp", "/tmp"}, {"", "here", "here"}, {".", "a/b", "./a/b"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *path = file_join(cases[i][0], cases[i][1]);
		assert_string_equal(path, cases[i][2]);
		memory_free(path);
	}
}

static void directories_are_made_with_their_parents(void **state)
{
	(void)state;
	struct diag_list diags = {0};
	assert_int_equal(file_make_directory("a/b//c", &diags), STATUS_OK);
	assert_true(file_exists("a/b/c"));
	assert_int_equal(file_make_directory("a/b/c", &diags), STATUS_OK);
	assert_int_equal(file_make_directory("a/d/", &diags), STATUS_OK);
	assert_true(file_exists("a/d"));
	assert_int_equal(file_make_directory("/tmp", &diags), STATUS_OK);
	assert_int_equal(file_make_directory("/", &diags), STATUS_OK);
	assert_int_equal(diags.count, 0);
	put("a/file", "", 0600);
	assert_int_equal(file_make_directory("a/file", &diags), STATUS_IO);
	assert_int_equal(file_make_directory("a/file/x", &diags), STATUS_IO);
	assert_int_equal(diags.errors, 2);
	assert_false(file_exists("a/none"));
	diag_list_done(&diags);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_read_whole),
		cmocka_unit_test(what_cannot_be_read_is_said),
		cmocka_unit_test(a_new_file_is_private_or_shared),
		cmocka_unit_test(an_old_file_keeps_its_mode),
		cmocka_unit_test(the_superuser_keeps_the_owner),
		cmocka_unit_test(links_are_followed),
		cmocka_unit_test(what_cannot_be_replaced_is_said),
		cmocka_unit_test(write_protection_is_respected),
		cmocka_unit_test(a_file_that_grows_too_large_leaves_the_old_one),
		cmocka_unit_test(a_full_disk_is_said),
		cmocka_unit_test(large_files_survive),
		cmocka_unit_test(paths_are_joined),
		cmocka_unit_test(directories_are_made_with_their_parents),
	};
	return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
