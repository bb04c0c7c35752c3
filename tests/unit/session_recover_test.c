/* A session that was killed leaves all that was committed: random work of every kind is done in a child that ends without a word,
 * and is taken again, undone and done again. */
#include "session_fixture.h"

#include <sys/wait.h>

#include "base/file.h"
#include "session/recover.h"
#include "store/workbook_file.h"

#define CARD "项目绩效目标"
#define RUNS 16

static uint32_t seed;

static uint32_t draw(uint32_t bound)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % bound;
}

/* The workbook as a file, up to its trailer. */
static char *body_of(const struct session *session)
{
	struct buffer bytes = {0};

	assert_int_equal(workbook_file_format(session_workbook(session), 0, &bytes, NULL), STATUS_OK);
	*strstr(bytes.data, "\nend:") = '\0';
	return buffer_take(&bytes);
}

static void assert_body(const struct session *session, const char *expected)
{
	char *body = body_of(session);

	assert_string_equal(body, expected);
	memory_free(body);
}

static void assign(struct session *session, const char *format, unsigned value)
{
	char text[256];

	snprintf(text, sizeof(text), format, value);
	(void)session_set(session, text, false, NULL);
}

static int first_entry(const struct session *session)
{
	const struct workbook *workbook = session_workbook(session);
	const struct form_pack *pack = workbook_pack(workbook);

	for (int list = 0; list < pack->list_count; list++)
		if (workbook_entry_count(workbook, list) > 0)
			return entry_id(workbook_entry(workbook, list, draw((uint32_t)workbook_entry_count(workbook, list))));
	return 0;
}

/* Some change as a clerk or a script makes it; some are refused. */
static void change(struct session *session)
{
	unsigned value = draw(100000);

	switch (draw(16)) {
	case 0: assign(session, "收入总表[2012901].财政拨款收入=%u.10", value); break;
	case 1: assign(session, "收入总表[2080501].其他收入=%u", value); break;
	case 2: assign(session, "支出总表[2012902].项目支出=%u", value); break;
	case 3: assign(session, "支出总表[2012902].项目支出=", 0); break;
	case 4: assign(session, CARD "[帮扶].财政资金=%u", value); break;
	case 5: assign(session, CARD "[体检/#1].三级指标=\"人\t数\n%u\"", value); break;
	case 6: assign(session, CARD "[帮扶/#2].指标值=≥%u", value); break;
	case 7: (void)session_entry_drop(session, first_entry(session), NULL); break;
	case 8: (void)session_entry_move(session, first_entry(session), draw(2) == 0 ? -1 : 1, NULL); break;
	case 9: (void)session_entry_rename(session, first_entry(session), draw(2) == 0, draw(2) == 0 ? "改名" : "", NULL); break;
	case 10: (void)session_field(session, WORKBOOK_NAME, draw(2) == 0 ? "总工会" : "妇联", NULL); break;
	case 11: (void)session_rounded(session, draw(2) == 0 ? 1 : -1, draw(2) == 0, NULL); break;
	case 12: (void)session_elsewhere(session, 6, draw(2) == 0, NULL); break;
	case 13: (void)session_row_drop(session, 1, "2080501", NULL); break;
	case 14: (void)session_set(session, "收入总表[合计].合计=5", true, NULL); break;
	default: (void)session_pull(session, 2, &(size_t){0}, NULL); break;
	}
}

static void work(struct session *session)
{
	uint32_t choice = draw(20);

	if (choice < 4) {
		(void)session_undo(session, NULL, NULL);
	} else if (choice < 6) {
		(void)session_redo(session, NULL, NULL);
	} else if (choice == 6) {
		assert_int_equal(session_save(session, NULL), STATUS_OK);
	} else if (choice == 7) { /* one change of several, kept or not */
		session_begin(session, "几处");
		for (uint32_t i = draw(90); i > 0; i--)
			change(session);
		session_end(session, draw(3) > 0);
	} else {
		change(session);
	}
}

/* Works on the file in a child, which then ends as if killed. */
static void work_and_die(const char *path, const char *expected, uint32_t steps)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct session *session = session_open(path, NULL);
		char *body;
		if (session == NULL || (session_pending(session) != NULL && session_recover_take(session, NULL) != STATUS_OK))
			_exit(1);
		while (steps-- > 0)
			work(session);
		body = body_of(session);
		_exit(file_replace(expected, body, strlen(body), FILE_PRIVATE, NULL) == STATUS_OK ? 0 : 2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	seed += 77777;
}

static char *text_of(const char *path)
{
	struct buffer bytes = {0};

	assert_int_equal(file_read(&bytes, path, 1 << 24, NULL), STATUS_OK);
	return buffer_take(&bytes);
}

/* Opens, and takes what is pending. */
static struct session *take(struct fixture *f, const char *path)
{
	struct session *session = session_open(path, &f->diags);

	assert_non_null(session);
	if (session_pending(session) != NULL)
		assert_int_equal(session_recover_take(session, &f->diags), STATUS_OK);
	assert_null(session_refusal(session));
	assert_int_equal(f->diags.errors, 0);
	return session;
}

static size_t undo_all(struct session *session)
{
	size_t steps = 0;

	while (session_undo(session, NULL, NULL) == STATUS_OK)
		steps++;
	return steps;
}

/* What was saved is undone to the start all the same, first beneath a change that is made now. */
static struct session *open_saved(struct fixture *f, const char *path, const char *first, const char *body)
{
	struct session *session = session_open(path, &f->diags);

	assert_non_null(session);
	assert_null(session_pending(session));
	assert_int_equal(session_rounded(session, 0, !workbook_is_rounded(session_workbook(session), 0), &f->diags), STATUS_OK);
	size_t steps = undo_all(session);
	assert_body(session, first);
	while (steps-- > 1)
		assert_int_equal(session_redo(session, NULL, NULL), STATUS_OK);
	assert_body(session, body);
	assert_false(session_is_changed(session));
	session_free(session);
	session = session_open(path, &f->diags);
	assert_null(session_pending(session));
	steps = undo_all(session);
	assert_body(session, first);
	while (steps-- > 0)
		assert_int_equal(session_redo(session, NULL, NULL), STATUS_OK);
	assert_body(session, body);
	assert_false(session_is_changed(session));
	return session;
}

/* Returns how many changes could be taken back. */
static size_t random_work_survives(struct fixture *f, uint32_t run)
{
	size_t undone = 0;
	char path[96], expected[96];
	char *first;

	snprintf(path, sizeof(path), "%s/%u.yaml", f->directory, run);
	snprintf(expected, sizeof(expected), "%s/%u.body", f->directory, run);
	struct session *session = session_new(PACK, path, "711", "总工会", 2024, &f->diags);
	assert_int_equal(session_save(session, &f->diags), STATUS_OK);
	first = body_of(session);
	session_free(session);
	seed = run;
	for (int part = 0; part < 4; part++) {
		work_and_die(path, expected, 10 + draw(50));
		char *body = text_of(expected);
		session = take(f, path);
		assert_body(session, body);
		size_t steps = undo_all(session);
		undone += steps;
		assert_body(session, first);
		while (steps-- > 0)
			assert_int_equal(session_redo(session, NULL, NULL), STATUS_OK);
		assert_body(session, body);
		if (part % 2 == 0) {
			assert_int_equal(session_save(session, &f->diags), STATUS_OK);
			session_free(session);
			session = open_saved(f, path, first, body);
		}
		session_free(session);
		memory_free(body);
	}
	memory_free(first);
	return undone;
}

static void what_was_committed_is_there_again(void **state)
{
	size_t undone = 0;

	for (uint32_t run = 1; run <= RUNS; run++)
		undone += random_work_survives(*state, run);
	print_message("# %zu changes taken back after %d kills\n", undone, 4 * RUNS);
	assert_true(undone > RUNS * 40);
}

static void giving_up_leaves_nothing_pending(void **state)
{
	struct fixture *f = *state;
	char path[96];

	snprintf(path, sizeof(path), "%s/a.yaml", f->directory);
	set(f, "收入总表[2012901].财政拨款收入=5");
	assert_int_equal(session_save_as(f->session, path, false, &f->diags), STATUS_OK);
	set(f, "收入总表[2012901].财政拨款收入=6");
	session_give_up(f->session);
	session_free(f->session);
	f->session = session_open(path, &f->diags);
	assert_null(session_pending(f->session));
	assert_string_equal(cell_text(f, "收入总表", "2012901", "财政拨款收入"), "5.00");
	/* What was saved can still be taken back. */
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_string_equal(cell_text(f, "收入总表", "2012901", "财政拨款收入"), "-");
}

static void done_and_taken_back_is_nothing_to_ask_about(void **state)
{
	struct fixture *f = *state;
	char path[96];

	snprintf(path, sizeof(path), "%s/a.yaml", f->directory);
	assert_int_equal(session_save_as(f->session, path, false, &f->diags), STATUS_OK);
	set(f, "收入总表[2012901].财政拨款收入=6");
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	session_free(f->session);
	f->session = session_open(path, &f->diags);
	assert_null(session_pending(f->session));
}

struct counting {
	size_t changes;
	uint64_t last;
};

static bool count_change(void *context, const struct session_change *change)
{
	struct counting *counting = context;

	assert_true(change->number > counting->last);
	counting->last = change->number;
	counting->changes++;
	return true;
}

/* Undo, journal and history go along to another name, and the old file keeps its own. */
static void saved_under_another_name(void **state)
{
	struct fixture *f = *state;
	char a[96], b[96];
	struct counting counting = {0};

	snprintf(a, sizeof(a), "%s/a.yaml", f->directory);
	snprintf(b, sizeof(b), "%s/b.yaml", f->directory);
	assert_int_equal(session_save_as(f->session, a, false, &f->diags), STATUS_OK);
	set(f, "收入总表[2012901].财政拨款收入=5");
	assert_int_equal(session_save(f->session, &f->diags), STATUS_OK);
	set(f, "收入总表[2012901].财政拨款收入=6");
	assert_int_equal(session_save_as(f->session, b, false, &f->diags), STATUS_OK);
	assert_int_equal(session_visit_history(f->session, count_change, &counting, &f->diags), STATUS_OK);
	assert_true(counting.changes >= 4);
	session_free(f->session);
	f->session = session_open(a, &f->diags);
	assert_null(session_pending(f->session));
	assert_string_equal(cell_text(f, "收入总表", "2012901", "财政拨款收入"), "5.00");
	session_free(f->session);
	f->session = session_open(b, &f->diags);
	assert_null(session_pending(f->session));
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_string_equal(cell_text(f, "收入总表", "2012901", "财政拨款收入"), "5.00");
	assert_int_equal(f->diags.errors, 0);
}

static void a_copy_of_a_workbook_has_its_own_journal(void **state)
{
	struct fixture *f = *state;
	char a[96], b[96];
	char *bytes;

	snprintf(a, sizeof(a), "%s/a.yaml", f->directory);
	snprintf(b, sizeof(b), "%s/b.yaml", f->directory);
	assert_int_equal(session_save_as(f->session, a, false, &f->diags), STATUS_OK);
	bytes = text_of(a);
	assert_int_equal(file_replace(b, bytes, strlen(bytes), FILE_PRIVATE, NULL), STATUS_OK);
	memory_free(bytes);
	set(f, "收入总表[2012901].财政拨款收入=5");
	struct session *copy = session_open(b, &f->diags);
	assert_null(session_pending(copy));
	assert_null(session_refusal(copy));
	assert_int_equal(session_set(copy, "收入总表[2012901].财政拨款收入=7", false, &f->diags), STATUS_OK);
	assert_int_equal(session_save(copy, &f->diags), STATUS_OK);
	session_free(copy);
	assert_int_equal(session_save(f->session, &f->diags), STATUS_OK);
	session_free(f->session);
	f->session = session_open(a, &f->diags);
	assert_string_equal(cell_text(f, "收入总表", "2012901", "财政拨款收入"), "5.00");
}

static void the_second_may_look_not_change(void **state)
{
	struct fixture *f = *state;
	char a[96];

	snprintf(a, sizeof(a), "%s/a.yaml", f->directory);
	assert_int_equal(session_save_as(f->session, a, false, &f->diags), STATUS_OK);
	struct session *second = session_open(a, &f->diags);
	assert_true(session_is_locked_out(second));
	assert_non_null(session_refusal(second));
	diag_list_clear(&f->diags);
	assert_int_equal(session_set(second, "收入总表[2012901].财政拨款收入=7", false, &f->diags), STATUS_LOCKED);
	diag_list_clear(&f->diags);
	assert_int_equal(session_save(second, &f->diags), STATUS_LOCKED);
	assert_int_equal(session_save_over(second, &f->diags), STATUS_LOCKED);
	assert_int_equal(session_undo(second, NULL, NULL), STATUS_LOCKED);
	assert_false(session_is_changed(second));
	session_free(second);
	set(f, "收入总表[2012901].财政拨款收入=5");
	assert_int_equal(session_save(f->session, &f->diags), STATUS_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_committed_is_there_again, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(giving_up_leaves_nothing_pending, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(done_and_taken_back_is_nothing_to_ask_about, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(saved_under_another_name, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(a_copy_of_a_workbook_has_its_own_journal, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(the_second_may_look_not_change, fixture_open, fixture_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
