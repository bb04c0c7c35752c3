/* Broken layouts: every folder of tests/lint holds the files that differ from tests/lint/base, and in
 * expect.txt everything that lint has to say of them, one message a line: severity, file:line:column: a piece
 * of the sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "form/pack.h"

#define CASES "tests/lint"
#define CASES_MAX 300
#define LAYOUT_MAX 100000

static void copy_folder(const char *from, const char *to)
{
	DIR *folder = opendir(from);
	struct dirent *entry;
	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL) {
		size_t length = strlen(entry->d_name);
		if (length < 5 || strcmp(entry->d_name + length - 5, ".yaml") != 0)
			continue;
		char *source = file_join(from, entry->d_name), *target = file_join(to, entry->d_name);
		struct buffer bytes = {0};
		assert_int_equal(file_read(&bytes, source, LAYOUT_MAX, NULL), STATUS_OK);
		FILE *file = fopen(target, "w");
		assert_non_null(file);
		assert_int_equal(fwrite(buffer_text(&bytes), 1, bytes.length, file), bytes.length);
		assert_int_equal(fclose(file), 0);
		buffer_done(&bytes);
		memory_free(source);
		memory_free(target);
	}
	closedir(folder);
}

static void remove_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL) {
		char *name = file_join(path, entry->d_name);
		if (entry->d_name[0] != '.')
			assert_int_equal(unlink(name), 0);
		memory_free(name);
	}
	closedir(folder);
	assert_int_equal(rmdir(path), 0);
}

/* "error detail.yaml:9:18: sentence" of a message about a file of the pack; the caller frees. */
static char *message_line(const struct diag *diag, const char *directory)
{
	static const char *const words[] = {"error ", "warning ", "note "};
	struct buffer line = {0};
	size_t length = strlen(directory);
	char *text = diag_text(diag);
	bool inside = strncmp(text, directory, length) == 0 && text[length] == '/';
	buffer_add(&line, words[diag->severity]);
	buffer_add(&line, inside ? text + length + 1 : text);
	memory_free(text);
	return buffer_take(&line);
}

/* An expected line is there if place and severity agree and its piece stands in the sentence. */
static bool is_expected(const char *line, const char *expected)
{
	const char *piece = strstr(expected, ": ");
	assert_non_null(piece);
	size_t place = (size_t)(piece - expected) + 2;
	return strncmp(line, expected, place) == 0 && strstr(line + place, expected + place) != NULL;
}

static size_t count_inside(const struct diag_list *diags, const char *directory)
{
	size_t count = 0;
	for (size_t i = 0; i < diags->count; i++)
		count += diags->items[i].file != NULL &&
			 strncmp(diags->items[i].file, directory, strlen(directory)) == 0;
	return count;
}

/* Takes the expected lines one by one out of the text; fails where one is missing. */
static size_t expect_lines(const struct diag_list *diags, const char *directory, char *expected)
{
	size_t count = 0;
	char *rest = expected;
	for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
		bool found = false;
		if (*line == '\0')
			continue;
		for (size_t i = 0; i < diags->count && !found; i++) {
			char *message = message_line(&diags->items[i], directory);
			found = is_expected(message, line);
			memory_free(message);
		}
		if (!found)
			print_error("missing: %s\n", line);
		assert_true(found);
		count++;
	}
	return count;
}

static void test_case(void **state)
{
	const char *name = *state;
	char root[] = "/tmp/yubiao-lint-XXXXXX";
	char *source = file_join(CASES, name), *list = file_join(source, "expect.txt");
	struct diag_list diags = {0};
	struct buffer expected = {0};
	assert_non_null(mkdtemp(root));
	char *pack = file_join(root, "base");
	assert_int_equal(file_make_directory(pack, NULL), STATUS_OK);
	copy_folder(CASES "/base", pack);
	copy_folder(source, pack);
	assert_int_equal(file_read(&expected, list, LAYOUT_MAX, NULL), STATUS_OK);

	enum status status = form_pack_lint(pack, &diags);
	size_t count = expect_lines(&diags, pack, expected.data);
	assert_true(count > 0);
	if (count_inside(&diags, pack) != count)
		for (size_t i = 0; i < diags.count; i++)
			print_error("said: %s\n", diags.items[i].text);
	assert_int_equal(count_inside(&diags, pack), count);
	assert_int_equal(status == STATUS_OK, diags.errors == 0);

	/* A pack with an error is refused; one with warnings is used without a word. */
	size_t errors = diags.errors;
	diag_list_clear(&diags);
	struct form_pack *loaded = form_pack_load(pack, &diags);
	assert_int_equal(loaded == NULL, errors > 0);
	if (loaded != NULL)
		assert_int_equal(diags.count, 0);
	form_pack_free(loaded);

	diag_list_done(&diags);
	buffer_done(&expected);
	remove_folder(pack);
	assert_int_equal(rmdir(root), 0);
	memory_free(pack);
	memory_free(source);
	memory_free(list);
}

static void test_the_base_is_clean(void **state)
{
	struct diag_list diags = {0};
	(void)state;
	assert_int_equal(form_pack_lint(CASES "/base", &diags), STATUS_OK);
	assert_int_equal(diags.count, 0);
	diag_list_done(&diags);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct CMUnitTest *)a)->name, ((const struct CMUnitTest *)b)->name);
}

int main(void)
{
	static struct CMUnitTest tests[CASES_MAX];
	size_t count = 0;
	setenv("YUBIAO_FORMS", "forms", 1);
	DIR *folder = opendir(CASES);
	struct dirent *entry;
	while (folder != NULL && (entry = readdir(folder)) != NULL && count + 1 < CASES_MAX) {
		if (entry->d_name[0] == '.' || strcmp(entry->d_name, "base") == 0)
			continue;
		char *name = memory_copy_string(entry->d_name);
		tests[count++] = (struct CMUnitTest){name, test_case, NULL, NULL, name};
	}
	if (folder != NULL)
		closedir(folder);
	qsort(tests, count, sizeof(tests[0]), compare_names);
	tests[count++] = (struct CMUnitTest){"the_base_is_clean", test_the_base_is_clean, NULL, NULL, NULL};
	int failed = _cmocka_run_group_tests("form_lint", tests, count, NULL, NULL);
	for (size_t i = 0; i + 1 < count; i++)
		memory_free(tests[i].initial_state);
	return failed;
}
