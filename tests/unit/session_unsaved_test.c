/* Workbooks that were never saved: whatever stands in the place of a journal, the clerk is told. */
#include "session/recover.h"
#include "session_fixture.h"

static void assert_refused(struct fixture *f, const char *path)
{
	diag_list_clear(&f->diags);
	assert_null(session_open_unsaved(path, &f->diags));
	assert_true(f->diags.errors > 0);
	assert_non_null(strstr(diag_first_error(&f->diags), "没有保存的这份预算打不开"));
}

static void test_what_cannot_be_opened_is_said(void **state)
{
	static const char *const contents[] = {"", "yubiao: 1\n", "yubiao-journal\t1\t"};
	struct fixture *f = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/x.journal", f->directory);
	assert_refused(f, path);
	assert_refused(f, f->directory);
	for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
		FILE *file = fopen(path, "w");
		assert_non_null(file);
		fputs(contents[i], file);
		fclose(file);
		assert_refused(f, path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_what_cannot_be_opened_is_said, fixture_open, fixture_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
