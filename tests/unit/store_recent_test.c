/* The files opened lately: newest first, each once, gone ones left out, and no trouble where nothing can be
 * kept. */
#include "store_fixture.h"

#include "store/recent.h"

static void touch(const struct fixture *f, int number, char path[128])
{
	snprintf(path, 128, "%s/文件 %d.yaml", f->folder, number);
	write_file(path, "x", 1);
}

static void assert_recent(const char *const *expected, size_t count)
{
	char **list;

	assert_int_equal(recent_list(&list), count);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(list[i], expected[i]);
		memory_free(list[i]);
	}
	memory_free(list);
}

static void newest_is_first_and_once(void **state)
{
	struct fixture *f = *state;
	char paths[12][128], state_file[128];

	setenv("XDG_STATE_HOME", f->folder, 1);
	assert_recent(NULL, 0);
	for (int i = 0; i < 12; i++) {
		touch(f, i, paths[i]);
		recent_add(paths[i]);
	}
	assert_recent((const char *const[]){paths[11], paths[10], paths[9], paths[8], paths[7], paths[6],
					    paths[5], paths[4], paths[3]},
		      RECENT_MOST);
	recent_add(paths[7]);
	unlink(paths[10]);
	assert_recent((const char *const[]){paths[7], paths[11], paths[9], paths[8], paths[6], paths[5],
					    paths[4], paths[3]},
		      8);
	for (int i = 0; i < 12; i++)
		unlink(paths[i]);
	snprintf(state_file, sizeof(state_file), "%s/yubiao/recent", f->folder);
	struct stat info;
	assert_int_equal(stat(state_file, &info), 0);
	assert_int_equal(info.st_mode & 077, 0);
	unlink(state_file);
	snprintf(state_file, sizeof(state_file), "%s/yubiao", f->folder);
	rmdir(state_file);
}

static void nowhere_to_keep_is_no_error(void **state)
{
	struct fixture *f = *state;
	char path[128];

	touch(f, 1, path);
	setenv("XDG_STATE_HOME", "/proc/nowhere", 1);
	recent_add(path);
	assert_recent(NULL, 0);
	setenv("XDG_STATE_HOME", "relative", 1);
	unsetenv("HOME");
	recent_add(path);
	assert_recent(NULL, 0);
	recent_add("/nonexistent/file");
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(newest_is_first_and_once, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(nowhere_to_keep_is_no_error, fixture_open, fixture_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
