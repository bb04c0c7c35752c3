/* The journal as a file: what is on disk when, what a write that was cut off leaves, and what happens where it cannot be written. */
#include "store_fixture.h"

#include <dirent.h>
#include <ftw.h>

#include "store/history.h"
#include "store/journal.h"

#define ID "0123456789abcdef0123456789abcdef"

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *where)
{
	(void)about;
	(void)kind;
	(void)where;
	return remove(path);
}

static int open_all(void **state)
{
	char path[128];

	if (fixture_open(state) != 0)
		return -1;
	struct fixture *f = *state;
	snprintf(path, sizeof(path), "%s/state", f->folder);
	setenv("XDG_STATE_HOME", path, 1);
	must_load(f, SAMPLE);
	write_file(f->file, "x", 1);
	return 0;
}

static int close_all(void **state)
{
	struct fixture *f = *state;

	fixture_forget(f);
	nftw(f->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	memory_free(f);
	return 0;
}

static const char *beside(const struct fixture *f)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/.w.yaml.journal", f->folder);
	return path;
}

static struct journal *begin(const struct fixture *f)
{
	struct record_head head = {.pack = "hebei-2024", .edition = "-", .base = "base", .first = 1};

	memcpy(head.id, ID, sizeof(ID));
	return journal_new(f->file, &head, 0, NULL, NULL);
}

/* A change of `count` figures. */
static bool commit(const struct fixture *f, struct journal *journal, size_t count)
{
	struct operation *operations = memory_new_array(count, sizeof(*operations));
	int table = form_table_find(f->pack, "income");
	bool written;

	for (size_t i = 0; i < count; i++)
		operations[i] = operation_figure(table, "2012901", form_leaf_find(f->pack->tables[table], "财政拨款收入", -1), false,
						 (int64_t)i * 100);
	written = journal_write(journal, RECORD_DO, "填列", f->pack, operations, count, false);
	for (size_t i = 0; i < count; i++)
		operation_done(&operations[i]);
	memory_free(operations);
	return written;
}

static void look(const struct fixture *f, struct journal_view *view, const char *digest)
{
	assert_true(journal_look(view, f->file, ID, digest, NULL));
}

static size_t pending_groups(const struct fixture *f, const char *digest)
{
	struct journal_view view;
	size_t groups;

	look(f, &view, digest);
	assert_int_equal(view.fit, JOURNAL_FITS);
	groups = view.groups;
	journal_view_done(&view);
	return groups;
}

static void what_is_committed_is_in_the_file(void **state)
{
	struct fixture *f = *state;
	struct journal *journal = begin(f);
	struct stat about;

	assert_int_not_equal(stat(beside(f), &about), 0);
	for (size_t i = 1; i <= 3; i++) {
		assert_true(commit(f, journal, i));
		assert_int_equal(pending_groups(f, "base"), i);
	}
	assert_null(journal_trouble(journal));
	assert_int_equal(journal_number(journal), 6);
	journal_free(journal);
}

/* Cut at every byte: a group is there as a whole or not at all, and every one that was committed before the cut is. */
static void a_group_counts_only_as_a_whole(void **state)
{
	struct fixture *f = *state;
	struct journal *journal = begin(f);
	struct buffer bytes = {0};
	struct stat about;
	off_t ends[4] = {0};

	for (int i = 0; i < 3; i++) {
		assert_true(commit(f, journal, 2));
		assert_int_equal(stat(beside(f), &about), 0);
		ends[i] = about.st_size;
	}
	journal_free(journal);
	assert_int_equal(file_read(&bytes, beside(f), 1 << 20, NULL), STATUS_OK);
	for (off_t size = (off_t)bytes.length - 1; size >= 0; size--) {
		struct journal_view view;
		size_t whole = 0;

		while (whole < 3 && ends[whole] <= size)
			whole++;
		assert_int_equal(truncate(beside(f), size), 0);
		if (!journal_look(&view, f->file, ID, "base", NULL))
			continue;
		assert_int_equal(view.fit, JOURNAL_FITS);
		assert_int_equal(view.groups, whole);
		assert_int_equal(view.records, 2 * whole);
		assert_int_equal(view.bad_line, 0);
		assert_true(view.torn || (whole > 0 && ends[whole - 1] == size) || view.records == 0);
		journal_view_done(&view);
	}
	buffer_done(&bytes);
}

/* Going on behind a torn end cuts it off first. */
static void going_on_behind_a_torn_end(void **state)
{
	struct fixture *f = *state;
	struct journal *journal = begin(f);
	struct record_head head = {.first = 1};
	struct journal_view view;
	struct stat about;

	assert_true(commit(f, journal, 1));
	assert_true(commit(f, journal, 1));
	journal_free(journal);
	assert_int_equal(stat(beside(f), &about), 0);
	assert_int_equal(truncate(beside(f), about.st_size - 7), 0);
	look(f, &view, "base");
	assert_true(view.torn);
	journal = journal_new(f->file, &head, 0, &view, &view.good);
	assert_true(commit(f, journal, 1));
	journal_free(journal);
	journal_view_done(&view);
	look(f, &view, "base");
	assert_false(view.torn);
	assert_int_equal(view.bad_line, 0);
	assert_int_equal(view.groups, 2);
	assert_int_equal(view.good.number, 2);
	journal_view_done(&view);
}

/* The digest of the file tells what it contains, also when a save came to nothing, or an older file came back. */
static void the_digest_tells_what_is_saved(void **state)
{
	struct fixture *f = *state;
	struct journal *journal = begin(f);
	struct journal_view view;

	assert_true(commit(f, journal, 1));
	assert_true(journal_save(journal, "first"));
	journal_saved(journal, "first", true);
	assert_true(commit(f, journal, 1));
	assert_true(journal_save(journal, "never in place"));
	assert_true(commit(f, journal, 1));
	assert_int_equal(pending_groups(f, "base"), 3);
	assert_int_equal(pending_groups(f, "first"), 2);
	assert_int_equal(pending_groups(f, "never in place"), 1);
	look(f, &view, "by somebody else");
	assert_int_equal(view.fit, JOURNAL_OTHER_STATE);
	journal_view_done(&view);
	assert_true(journal_give_up(journal));
	journal_free(journal);
	assert_int_equal(pending_groups(f, "first"), 0);
}

/* More than is kept in memory, in pieces. */
static void a_very_large_change(void **state)
{
	struct fixture *f = *state;
	struct journal *journal = begin(f);

	assert_true(commit(f, journal, 60000));
	assert_true(commit(f, journal, 1));
	assert_int_equal(pending_groups(f, "base"), 2);
	assert_int_equal(journal_number(journal), 60001);
	journal_free(journal);
}

/* What no file holds is not said to be safe; it is all there once there is one. */
static void trouble_is_said_and_mended(void **state)
{
	struct fixture *f = *state;
	struct journal *journal = begin(f);
	char blocked[128];

	assert_true(commit(f, journal, 1));
	unlink(beside(f));
	mkdir(beside(f), 0755); /* neither beside the file … */
	snprintf(blocked, sizeof(blocked), "%s/state", f->folder);
	write_file(blocked, "", 0); /* … nor in the state directory */
	journal_free(journal);
	journal = begin(f);
	for (int i = 0; i < 3; i++) {
		assert_false(commit(f, journal, 2));
		assert_non_null(strstr(journal_trouble(journal), "没有记进日志"));
	}
	assert_false(journal_mend(journal));
	rmdir(beside(f));
	assert_true(journal_mend(journal));
	assert_null(journal_trouble(journal));
	assert_int_equal(pending_groups(f, "base"), 3);
	assert_true(commit(f, journal, 1));
	assert_int_equal(pending_groups(f, "base"), 4);
	journal_free(journal);
}

static void a_journal_that_somebody_has_replaced_is_left_alone(void **state)
{
	struct fixture *f = *state;
	struct journal *journal = begin(f);
	struct buffer bytes = {0};
	FILE *file;

	assert_true(commit(f, journal, 1));
	journal_free(journal);
	struct journal_view view;
	struct record_head head = {.first = 1};
	look(f, &view, "base");
	journal = journal_new(f->file, &head, 0, &view, &view.good);
	file = fopen(beside(f), "a");
	fputs("more\n", file);
	fclose(file);
	(void)commit(f, journal, 1);
	assert_int_equal(file_read(&bytes, beside(f), 1 << 20, NULL), STATUS_OK);
	assert_string_equal(bytes.data + bytes.length - 5, "more\n");
	assert_null(journal_trouble(journal));
	assert_int_equal(journal_number(journal), 2);
	journal_free(journal);
	journal_view_done(&view);
	buffer_done(&bytes);
}

struct counted {
	uint64_t last;
	size_t count;
};

static bool count_record(void *context, const struct record *record, const struct record_mark *end)
{
	struct counted *counted = context;

	(void)end;
	assert_int_equal(record->number, counted->last + 1);
	counted->last = record->number;
	counted->count++;
	return true;
}

/* Added twice, it is there once; what a kill cut off is completed. */
static void the_history_has_everything_once(void **state)
{
	struct fixture *f = *state;
	struct journal *journal = begin(f);
	struct record_head head;
	struct journal_view view;
	struct counted counted = {0};
	struct history_end end;
	char *path = history_path(f->file);
	struct stat about;

	assert_true(commit(f, journal, 3));
	assert_true(journal_save(journal, "d"));
	look(f, &view, "d");
	assert_int_equal(history_add(f->file, &view.head, &view, 0, view.good.offset, &f->diags), STATUS_OK);
	assert_int_equal(history_add(f->file, &view.head, &view, 0, view.good.offset, &f->diags), STATUS_OK);
	assert_int_equal(stat(path, &about), 0);
	for (off_t cut = about.st_size - 1; cut >= 0; cut--) {
		assert_int_equal(truncate(path, cut), 0);
		assert_int_equal(history_add(f->file, &view.head, &view, 0, view.good.offset, &f->diags), STATUS_OK);
		counted = (struct counted){0};
		assert_int_equal(history_visit(f->file, &head, count_record, &counted, &f->diags), STATUS_OK);
		assert_int_equal(counted.count, 4);
		assert_int_equal(f->diags.count, 0);
	}
	assert_int_equal(history_find_end(f->file, ID, &end, &f->diags), STATUS_OK);
	assert_int_equal(end.number, 4);
	assert_true(history_has_save(f->file, ID, 4, "d"));
	assert_false(history_has_save(f->file, ID, 4, "e"));
	assert_false(history_has_save(f->file, ID, 3, "d"));
	journal_view_done(&view);
	journal_free(journal);
	memory_free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_committed_is_in_the_file, open_all, close_all),
		cmocka_unit_test_setup_teardown(a_group_counts_only_as_a_whole, open_all, close_all),
		cmocka_unit_test_setup_teardown(going_on_behind_a_torn_end, open_all, close_all),
		cmocka_unit_test_setup_teardown(the_digest_tells_what_is_saved, open_all, close_all),
		cmocka_unit_test_setup_teardown(a_very_large_change, open_all, close_all),
		cmocka_unit_test_setup_teardown(trouble_is_said_and_mended, open_all, close_all),
		cmocka_unit_test_setup_teardown(a_journal_that_somebody_has_replaced_is_left_alone, open_all, close_all),
		cmocka_unit_test_setup_teardown(the_history_has_everything_once, open_all, close_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
