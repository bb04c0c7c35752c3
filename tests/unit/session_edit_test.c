/* Entering, rows, pulling, undo and redo, saving: what the clerk does with one open workbook. */
#include "session_fixture.h"

static void enter(struct fixture *f, const char *id, const char *key, const char *column, const char *text)
{
	enum status status = session_enter(f->session, table_of(f, id), key, leaf_of(f, id, column), text,
					   NULL, false, &f->diags);

	if (status != STATUS_OK)
		fail_msg("%s: %s", text, diag_first_error(&f->diags));
}

static void test_new_is_unchanged(void **state)
{
	struct fixture *f = *state;
	const struct workbook *workbook = session_workbook(f->session);

	assert_false(session_is_changed(f->session));
	assert_null(session_path(f->session));
	assert_null(session_fingerprint(f->session));
	assert_int_equal(strlen(workbook_field(workbook, WORKBOOK_ID)), 32);
	assert_int_equal(workbook_year(workbook), 2024);
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_NOT_FOUND);
}

static void test_new_refuses_year(void **state)
{
	struct fixture *f = *state;

	assert_null(session_new(PACK, NULL, NULL, NULL, 1999, &f->diags));
	assert_non_null(strstr(diag_first_error(&f->diags), "2024"));
}

static void test_new_with_cover(void **state)
{
	struct fixture *f = *state;
	struct session *session = session_new(PACK, NULL, "711", "总工会", 0, &f->diags);

	assert_non_null(session);
	assert_string_equal(workbook_field(session_workbook(session), WORKBOOK_CODE), "711");
	assert_string_equal(workbook_field(session_workbook(session), WORKBOOK_NAME), "总工会");
	assert_true(session_is_changed(session));
	session_free(session);
}

static void test_figures_as_typed(void **state)
{
	struct fixture *f = *state;

	set(f, "income[2012901].财政拨款收入=62.89");
	assert_string_equal(cell_text(f, "income", "2012901", "财政拨款收入"), "62.89");
	enter(f, "income", "2012901", "财政拨款收入", "　１，２３４．５ ");
	assert_string_equal(cell_text(f, "income", "2012901", "合计"), "1234.50");
	enter(f, "income", "2012901", "财政拨款收入", "5元");
	assert_string_equal(cell_text(f, "income", "201", "合计"), "0.0005");
	enter(f, "income", "2012901", "财政拨款收入", "3-");
	assert_string_equal(cell_text(f, "income", "合计", "合计"), "-3.00");
	enter(f, "income", "2012901", "财政拨款收入", "");
	assert_string_equal(cell_text(f, "income", "合计", "合计"), "");
}

static void test_unit_of_the_screen(void **state)
{
	struct fixture *f = *state;
	struct form_unit yuan = {.name = "元", .power = 2, .decimals = 2};

	assert_int_equal(session_row_add(f->session, table_of(f, "income"), "2012901", NULL, &f->diags),
			 STATUS_OK);
	assert_int_equal(session_enter(f->session, table_of(f, "income"), "2012901",
				       leaf_of(f, "income", "财政拨款收入"), "628900", &yuan, false,
				       &f->diags),
			 STATUS_OK);
	assert_string_equal(cell_text(f, "income", "2012901", "合计"), "62.89");
}

static void test_refused_figures_change_nothing(void **state)
{
	struct fixture *f = *state;
	static const char *const wrong[] = {"abc",  "1.2.3", "1.2345678", "99999999999999999999",
					    "1,23", "--1"};
	int table = table_of(f, "income"), leaf = leaf_of(f, "income", "财政拨款收入");

	set(f, "income[2012901].财政拨款收入=62.89");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		diag_list_clear(&f->diags);
		assert_int_equal(
			session_enter(f->session, table, "2012901", leaf, wrong[i], NULL, false, &f->diags),
			STATUS_INVALID);
		assert_int_equal(f->diags.errors, 1);
		assert_string_equal(cell_text(f, "income", "2012901", "财政拨款收入"), "62.89");
	}
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_string_equal(cell_text(f, "income", "2012901", "财政拨款收入"), "-");
}

static void test_computed_cells(void **state)
{
	struct fixture *f = *state;
	int table = table_of(f, "income"), leaf = leaf_of(f, "income", "合计");

	set(f, "income[2012901].财政拨款收入=62.89");
	assert_int_equal(session_enter(f->session, table, "2012901", leaf, "1", NULL, false, &f->diags),
			 STATUS_INVALID);
	assert_non_null(strstr(diag_first_error(&f->diags), "控制数"));
	assert_int_equal(session_enter(f->session, table, "2012901", leaf, "63", NULL, true, &f->diags),
			 STATUS_OK);
	assert_string_equal(control_text(f, "income", "2012901", "合计"), "63.00");
	assert_true(workbook_tally(session_workbook(f->session), table).count[FINDING_ERROR] > 0);
	assert_int_equal(session_enter(f->session, table, "2012901", leaf, "", NULL, true, &f->diags),
			 STATUS_OK);
	assert_string_equal(control_text(f, "income", "2012901", "合计"), "");
	leaf = leaf_of(f, "income", "财政拨款收入");
	assert_int_equal(session_enter(f->session, table, "2012901", leaf, "1", NULL, true, &f->diags),
			 STATUS_INVALID);
}

static void test_same_figure_is_no_change(void **state)
{
	struct fixture *f = *state;
	struct buffer text = {0};

	set(f, "income[2012901].财政拨款收入=62.89");
	enter(f, "income", "2012901", "财政拨款收入", "62.890");
	enter(f, "income", "2012901", "事业收入", "");
	assert_int_equal(session_undo(f->session, &text, NULL), STATUS_OK);
	assert_string_equal(buffer_text(&text), "撤销：income[2012901].财政拨款收入=62.89");
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_NOT_FOUND);
	buffer_done(&text);
}

static void test_undo_redo(void **state)
{
	struct fixture *f = *state;
	struct session_place place;
	struct buffer text = {0};

	set(f, "income[2012901].财政拨款收入=1");
	enter(f, "income", "2012901", "财政拨款收入", "2");
	enter(f, "income", "2012901", "事业收入", "3");
	assert_string_equal(cell_text(f, "income", "合计", "合计"), "5.00");
	assert_int_equal(session_undo(f->session, &text, &place), STATUS_OK);
	assert_string_equal(buffer_text(&text), "撤销：填列 收入总表[2012901].事业收入");
	assert_int_equal(place.table, table_of(f, "income"));
	assert_string_equal(place.key, "2012901");
	assert_int_equal(place.leaf, leaf_of(f, "income", "事业收入"));
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_string_equal(cell_text(f, "income", "合计", "合计"), "1.00");
	buffer_clear(&text);
	assert_int_equal(session_redo(f->session, &text, NULL), STATUS_OK);
	assert_string_equal(buffer_text(&text), "重做：填列 收入总表[2012901].财政拨款收入");
	assert_string_equal(cell_text(f, "income", "合计", "合计"), "2.00");
	/* A new change forgets what could be done again. */
	enter(f, "income", "2012901", "财政拨款收入", "7");
	assert_int_equal(session_redo(f->session, NULL, NULL), STATUS_NOT_FOUND);
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_string_equal(cell_text(f, "income", "合计", "合计"), "-");
	assert_int_equal(session_redo(f->session, NULL, NULL), STATUS_OK);
	assert_string_equal(cell_text(f, "income", "合计", "合计"), "1.00");
	buffer_done(&text);
}

static void test_groups_nest(void **state)
{
	struct fixture *f = *state;

	session_begin(f->session, "外");
	set(f, "income[2012901].财政拨款收入=1");
	session_begin(f->session, "内");
	set(f, "income[2012902].财政拨款收入=2");
	session_end(f->session, false);
	assert_string_equal(cell_text(f, "income", "2012902", "合计"), "-");
	set(f, "income[2012999].财政拨款收入=4");
	session_end(f->session, true);
	assert_string_equal(cell_text(f, "income", "合计", "合计"), "5.00");
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_string_equal(cell_text(f, "income", "合计", "合计"), "-");
	assert_false(session_is_changed(f->session));
	session_begin(f->session, "空");
	session_end(f->session, true);
	assert_int_equal(session_redo(f->session, NULL, NULL), STATUS_OK);
}

static void test_rows(void **state)
{
	struct fixture *f = *state;
	int table = table_of(f, "income");
	char missing[24] = "";

	assert_int_equal(session_row_add(f->session, table, " ２０１２９０１ ", missing, &f->diags),
			 STATUS_OK);
	assert_string_equal(cell_text(f, "income", "20129", "合计"), "");
	assert_int_equal(session_row_add(f->session, table, "2012901", missing, &f->diags), STATUS_INVALID);
	assert_int_equal(session_row_add(f->session, table, "20129", missing, &f->diags), STATUS_INVALID);
	assert_int_equal(session_row_add(f->session, table, "20129011", missing, &f->diags), STATUS_INVALID);
	assert_int_equal(session_row_add(f->session, table, "9990101", missing, &f->diags), STATUS_INVALID);
	/* A 项 whose 款 nobody knows. */
	assert_int_equal(session_row_add(f->session, table, "2019801", missing, &f->diags), STATUS_NOT_FOUND);
	assert_string_equal(missing, "20198");
	assert_int_equal(session_name(f->session, table, missing, "自设款", &f->diags), STATUS_OK);
	assert_int_equal(session_row_add(f->session, table, "2019801", missing, &f->diags), STATUS_OK);
	assert_string_equal(row_caption(workbook_row_find(session_workbook(f->session), table, "20198")),
			    "自设款");
}

static void test_drop_takes_what_vanishes(void **state)
{
	struct fixture *f = *state;
	int table = table_of(f, "income");

	set(f, "income[2012901].财政拨款收入=1");
	set(f, "income[2080501].财政拨款收入=2");
	set_control(f, "income[2080501].合计=2");
	set_control(f, "income[20805].合计=2");
	set_control(f, "income[208].合计=2");
	set_control(f, "income[合计].合计=3");
	assert_int_equal(session_row_drop(f->session, table, "208", &f->diags), STATUS_INVALID);
	assert_int_equal(session_row_drop(f->session, table, "2080501", &f->diags), STATUS_OK);
	assert_string_equal(cell_text(f, "income", "208", "合计"), "-");
	assert_string_equal(control_text(f, "income", "合计", "合计"), "3.00");
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_string_equal(control_text(f, "income", "208", "合计"), "2.00");
	assert_string_equal(control_text(f, "income", "2080501", "合计"), "2.00");
	assert_string_equal(cell_text(f, "income", "合计", "合计"), "3.00");
	/* The parents that stay keep theirs; with the last row the total's goes too. */
	set(f, "income[2080505].财政拨款收入=2");
	assert_int_equal(session_row_drop(f->session, table, "2080501", &f->diags), STATUS_OK);
	assert_string_equal(control_text(f, "income", "208", "合计"), "2.00");
	assert_int_equal(session_row_drop(f->session, table, "2080505", &f->diags), STATUS_OK);
	assert_int_equal(session_row_drop(f->session, table, "2012901", &f->diags), STATUS_OK);
	set(f, "income[2012901].财政拨款收入=1");
	assert_string_equal(control_text(f, "income", "合计", "合计"), "");
	assert_int_equal(session_row_drop(f->session, table_of(f, "summary"), "收入总计", &f->diags),
			 STATUS_INVALID);
}

static void test_pull(void **state)
{
	struct fixture *f = *state;
	size_t changes = 0;

	set(f, "expenditure[2012901].基本支出=62.89");
	set(f, "expenditure[2012902].项目支出=2.60");
	set(f, "expenditure[2012999].经营支出=5");
	set(f, "general-budget[2012902].基本支出=9");
	set(f, "general-budget[2210201].基本支出=6.19");
	assert_int_equal(session_pull(f->session, table_of(f, "general-budget"), &changes, &f->diags),
			 STATUS_OK);
	assert_string_equal(cell_text(f, "general-budget", "2012901", "基本支出"), "62.89");
	assert_string_equal(cell_text(f, "general-budget", "2012902", "项目支出"), "2.60");
	assert_string_equal(cell_text(f, "general-budget", "2012902", "基本支出"), "");
	assert_string_equal(cell_text(f, "general-budget", "2012999", "合计"), "");
	assert_string_equal(cell_text(f, "general-budget", "2210201", "合计"), "6.19");
	assert_int_equal(changes, 5);
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_string_equal(cell_text(f, "general-budget", "合计", "合计"), "15.19");
	assert_int_equal(session_redo(f->session, NULL, NULL), STATUS_OK);
	assert_int_equal(session_pull(f->session, table_of(f, "general-budget"), &changes, &f->diags),
			 STATUS_OK);
	assert_int_equal(changes, 0);
	assert_int_equal(session_pull(f->session, table_of(f, "three-public"), &changes, &f->diags),
			 STATUS_NOT_FOUND);
}

static void test_cover(void **state)
{
	struct fixture *f = *state;
	struct session_place place;

	assert_int_equal(session_field(f->session, WORKBOOK_NAME, " 总工会", &f->diags), STATUS_OK);
	assert_int_equal(session_field(f->session, WORKBOOK_YEAR, "２０２５", &f->diags), STATUS_OK);
	assert_int_equal(workbook_year(session_workbook(f->session)), 2025);
	assert_int_equal(session_field(f->session, WORKBOOK_YEAR, "明年", &f->diags), STATUS_INVALID);
	assert_int_equal(session_undo(f->session, NULL, &place), STATUS_OK);
	assert_int_equal(place.table, -1);
	assert_int_equal(workbook_year(session_workbook(f->session)), 2024);
	assert_string_equal(workbook_field(session_workbook(f->session), WORKBOOK_NAME), "总工会");
	assert_int_equal(session_rounded(f->session, -1, true, &f->diags), STATUS_OK);
	assert_true(workbook_is_rounded(session_workbook(f->session), 0));
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_false(workbook_is_rounded(session_workbook(f->session), 0));
}

static void test_save_and_open(void **state)
{
	struct fixture *f = *state;
	char path[96], other[96];
	struct session *again;

	snprintf(path, sizeof(path), "%s/a.yaml", f->directory);
	snprintf(other, sizeof(other), "%s/b.yaml", f->directory);
	set(f, "income[2012901].财政拨款收入=62.89");
	assert_int_equal(session_save(f->session, &f->diags), STATUS_NOT_FOUND);
	assert_int_equal(session_save_as(f->session, path, false, &f->diags), STATUS_OK);
	assert_false(session_is_changed(f->session));
	assert_string_equal(session_path(f->session), path);
	assert_int_equal(strlen(session_fingerprint(f->session)), 64);
	set(f, "income[2012902].财政拨款收入=2.6");
	assert_true(session_is_changed(f->session));
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_false(session_is_changed(f->session));
	/* What was saved is undone and something else done: no number of undos brings the saved state
	 * back. */
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	set(f, "income[2080501].财政拨款收入=1");
	assert_true(session_is_changed(f->session));
	assert_int_equal(session_save_as(f->session, other, false, &f->diags), STATUS_OK);
	assert_int_equal(session_save_as(f->session, path, false, &f->diags), STATUS_INVALID);
	assert_string_equal(session_path(f->session), other);
	assert_int_equal(session_save_as(f->session, path, true, &f->diags), STATUS_OK);
	diag_list_clear(&f->diags);
	again = session_open(path, &f->diags);
	if (again == NULL)
		fail_msg("%s", diag_first_error(&f->diags));
	assert_string_equal(session_fingerprint(again), session_fingerprint(f->session));
	assert_non_null(workbook_row_find(session_workbook(again), table_of(f, "income"), "2080501"));
	session_free(again);
}

static void test_failed_save_keeps_the_work(void **state)
{
	struct fixture *f = *state;

	set(f, "income[2012901].财政拨款收入=62.89");
	diag_list_clear(&f->diags);
	assert_int_not_equal(session_save_as(f->session, "/nonexistent-directory/a.yaml", false, &f->diags),
			     STATUS_OK);
	assert_true(f->diags.errors > 0);
	assert_true(session_is_changed(f->session));
	assert_null(session_path(f->session));
	assert_string_equal(cell_text(f, "income", "合计", "合计"), "62.89");
}

static void test_set_says_which_part(void **state)
{
	struct fixture *f = *state;

	set_refused(f, "income", "表[行].栏=数");
	set_refused(f, "incme[2012901].财政拨款收入=1", "income");
	set_refused(f, "income[2012901].财政拨款收人=1", "财政拨款收入");
	set_refused(f, "income[20129].财政拨款收入=1", "20129");
	set_refused(f, "summary[收入总汁].预算数=1", "收入总计");
	set_refused(f, "income[2012901].财政拨款收入=一百", "一百");
	set_refused(f, "income[2019801].财政拨款收入=1", "20198");
	set_refused(f, "income[2012901].财政拨款收入=", "2012901");
	assert_string_equal(cell_text(f, "income", "2012901", "合计"), "-");
	assert_false(session_is_changed(f->session));
}

static void test_set_names(void **state)
{
	struct fixture *f = *state;

	set(f, "收入总表[2012901].本年收入.财政拨款收入 = 1.2万");
	assert_string_equal(cell_text(f, "income", "2012901", "合计"), "1.20");
	set_refused(f, "fiscal-summary[二、政府性基金预算拨款].金额=3",
		    "年初财政拨款结转和结余.政府性基金预算拨款");
	set(f, "fiscal-summary[政府性基金预算拨款].金额=3");
	assert_string_equal(cell_text(f, "fiscal-summary", "政府性基金预算拨款", "金额"), "3.00");
	set(f, "three-public[运维费].一般公共预算财政拨款=1");
	assert_string_equal(cell_text(f, "three-public", "合计", "合计"), "1.00");
	set(f, "income[2012901].财政拨款收入=");
	assert_string_equal(cell_text(f, "income", "2012901", "合计"), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_new_is_unchanged),
		TEST(test_new_refuses_year),
		TEST(test_new_with_cover),
		TEST(test_figures_as_typed),
		TEST(test_unit_of_the_screen),
		TEST(test_refused_figures_change_nothing),
		TEST(test_computed_cells),
		TEST(test_same_figure_is_no_change),
		TEST(test_undo_redo),
		TEST(test_groups_nest),
		TEST(test_rows),
		TEST(test_drop_takes_what_vanishes),
		TEST(test_pull),
		TEST(test_cover),
		TEST(test_save_and_open),
		TEST(test_failed_save_keeps_the_work),
		TEST(test_set_says_which_part),
		TEST(test_set_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
