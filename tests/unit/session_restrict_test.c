/* The policy of the restricted mode: names, printers, the list of workbooks; and that a session asks it. The
 * tests stand in the order in which they run: there is no way back. */
#include <errno.h>
#include <sys/stat.h>

#include "base/confine.h"
#include "session/restrict.h"
#include "session_fixture.h"

static struct fixture *fixture;

static void put(const char *name)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
}

static void assert_name(const char *typed, enum session_file wanted, const char *expected)
{
	struct diag_list diags = {0};
	struct buffer name = {0};
	enum status status = session_file_name(typed, wanted, &name, &diags);

	assert_int_equal(status, expected != NULL ? STATUS_OK : STATUS_INVALID);
	assert_int_equal(diags.errors, expected != NULL ? 0 : 1);
	if (expected != NULL)
		assert_string_equal(buffer_text(&name), expected);
	buffer_done(&name);
	diag_list_done(&diags);
}

static void test_before(void **state)
{
	char **names;

	(void)state;
	assert_false(session_is_restricted());
	assert_name("/tmp/x", SESSION_WORKBOOK, "/tmp/x");
	assert_name("../out", SESSION_FOLDER, "../out");
	assert_int_equal(session_printer_allowed("any", NULL), STATUS_OK);
	assert_int_equal(session_printer_allowed(NULL, NULL), STATUS_OK);
	assert_int_equal(session_list_workbooks(&names), 0);
}

static void test_turn_on(void **state)
{
	static const char *const printers[] = {"HP-1", "office"}, *const others[] = {"evil"};
	const char *const readable[] = {"/nonexistent", NULL}, *const * listed;

	(void)state;
	session_restrict(printers, 2);
	session_restrict(others, 1); /* too late */
	assert_true(session_is_restricted());
	assert_int_equal(session_printers(&listed), 2);
	assert_string_equal(listed[1], "office");
	assert_int_equal(confine_to(fixture->directory, readable, NULL), STATUS_OK);
}

static void test_names(void **state)
{
	static const char *const refused[] = {
		"",
		"/a.yaml",
		"../a.yaml",
		"a/b.yaml",
		".a.yaml",
		"-a.yaml",
		"~a.yaml",
		" a.yaml",
		"a\033[31m.yaml",
		"a\n.yaml",
		"a\xff.yaml",
		"a\xe2\x80\xae-b.yaml",
		".",
		"..",
		".yaml",
		"a/",
	};
	char longest[400];

	(void)state;
	assert_name("711总工会2024", SESSION_WORKBOOK, "711总工会2024.yaml");
	assert_name("a.yaml", SESSION_WORKBOOK, "a.yaml");
	assert_name("a b", SESSION_WORKBOOK, "a b.yaml");
	assert_name("a", SESSION_FOLDER, "a-csv");
	assert_name("a-csv", SESSION_FOLDER, "a-csv");
	assert_name("a", SESSION_SHEET, "a.txt");
	assert_name("a.yaml", SESSION_SHEET, "a.yaml.txt");
	assert_name("figures.xls.csv", SESSION_IMPORT, "figures.xls.csv");
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		for (int wanted = SESSION_WORKBOOK; wanted <= SESSION_IMPORT; wanted++)
			if (wanted != SESSION_IMPORT || strcmp(refused[i], ".yaml") != 0)
				assert_name(refused[i], (enum session_file)wanted, NULL);
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_name(longest, SESSION_WORKBOOK, NULL);
}

static void test_printers(void **state)
{
	static const char *const refused[] = {NULL, "", "HP-2", "HP-1 ", "HP-1;x", "'HP-1'", "evil"};

	(void)state;
	assert_int_equal(session_printer_allowed("office", NULL), STATUS_OK);
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		assert_int_equal(session_printer_allowed(refused[i], NULL), STATUS_INVALID);
		assert_int_equal(session_print(fixture->session, -1, 80, NULL, refused[i], NULL),
				 STATUS_INVALID);
	}
}

/* The session itself refuses, whoever calls it. */
static void test_session_asks(void **state)
{
	struct session *session = fixture->session;
	size_t files = 0;

	(void)state;
	assert_int_equal(session_save_as(session, "../a.yaml", true, NULL), STATUS_INVALID);
	assert_int_equal(session_save_as(session, "a.profile", true, NULL), STATUS_INVALID);
	assert_int_equal(session_save_as(session, "a.yaml", false, NULL), STATUS_OK);
	assert_int_equal(session_export(session, -1, "/tmp/x-csv", 0, &files, NULL), STATUS_INVALID);
	assert_int_equal(session_export(session, -1, "x", 0, &files, NULL), STATUS_INVALID);
	assert_int_equal(session_template(session, -1, "../x-csv", 0, &files, NULL), STATUS_INVALID);
	assert_int_equal(session_print(session, -1, 80, "/tmp/x.txt", NULL, NULL), STATUS_INVALID);
	assert_int_equal(session_print(session, -1, 80, "a.yaml", NULL, NULL), STATUS_INVALID);
	assert_int_equal(files, 0);
	assert_null(session_open("/etc/passwd", NULL));
	assert_null(session_open("./a.yaml", NULL));
}

static void test_list(void **state)
{
	char **names;
	size_t count;

	(void)state;
	put("z.yaml");
	put(".hidden.yaml");
	put("a.yaml~");
	put("x\033[31m.yaml");
	put("note.txt");
	assert_int_equal(mkdir("folder.yaml", 0700), 0);
	assert_int_equal(mkfifo("pipe.yaml", 0600), 0);
	assert_int_equal(symlink("a.yaml", "link.yaml"), 0);
	count = session_list_workbooks(&names);
	assert_int_equal(count, 2);
	assert_string_equal(names[0], "a.yaml");
	assert_string_equal(names[1], "z.yaml");
	for (size_t i = 0; i < count; i++)
		memory_free(names[i]);
	memory_free(names);
	static const char *const made[] = {"z.yaml",   ".hidden.yaml", "a.yaml~",  "x\033[31m.yaml",
					   "note.txt", "pipe.yaml",    "link.yaml"};
	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++)
		assert_int_equal(unlink(made[i]), 0);
	assert_int_equal(rmdir("folder.yaml"), 0);
}

static int open_all(void **state)
{
	int result = fixture_open(state);

	fixture = *state;
	return result;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_before),         cmocka_unit_test(test_turn_on),
		cmocka_unit_test(test_names),        cmocka_unit_test(test_printers),
		cmocka_unit_test(test_session_asks), cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests_name("session/restrict", tests, open_all, fixture_close);
}
