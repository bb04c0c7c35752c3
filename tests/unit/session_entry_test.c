/* Lists and cards in a session: every type as typed, rows that are added, dropped, moved and pasted, and all of it taken back. */
#include "session/import.h"
#include "session_fixture.h"

#include "base/file.h"

#define CARD "项目绩效目标"

/* The text of a cell as it could be typed again; "-" where there is no such row. */
static const char *words(struct fixture *f, const char *id, const char *key, const char *column)
{
	const struct workbook *workbook = session_workbook(f->session);
	int table = table_of(f, id), leaf = leaf_of(f, id, column);
	struct row *row = workbook_row_find(workbook, table, key);
	struct buffer out = {0};

	snprintf(f->text, sizeof(f->text), "-");
	if (row != NULL) {
		session_cell_text(f->session, row, leaf, NULL, &out);
		snprintf(f->text, sizeof(f->text), "%s", buffer_text(&out));
	}
	buffer_done(&out);
	return f->text;
}

/* The key of the i-th entry of the list called `name`. */
static const char *entry_key(struct fixture *f, const char *name, size_t i, char key[SESSION_KEY_SIZE])
{
	const struct workbook *workbook = session_workbook(f->session);
	const struct form_pack *pack = workbook_pack(workbook);

	for (int list = 0; list < pack->list_count; list++)
		if (strcmp(pack->lists[list].name, name) == 0 && i < workbook_entry_count(workbook, list)) {
			snprintf(key, SESSION_KEY_SIZE, "@%d", entry_id(workbook_entry(workbook, list, i)));
			return key;
		}
	return "";
}

static int entry_at(struct fixture *f, const char *name, size_t i)
{
	char key[SESSION_KEY_SIZE] = "@0";

	entry_key(f, name, i, key);
	return atoi(key + 1);
}

/* The workbook as it would be saved, up to its trailer. The caller frees. */
static char *saved(struct fixture *f)
{
	char path[96];
	struct buffer bytes = {0};

	snprintf(path, sizeof(path), "%s/a.yaml", f->directory);
	assert_int_equal(session_save_as(f->session, path, true, &f->diags), STATUS_OK);
	assert_int_equal(file_read(&bytes, path, 1 << 20, &f->diags), STATUS_OK);
	*strstr(bytes.data, "\nend:") = '\0';
	return buffer_take(&bytes);
}

static void assert_saved_as(struct fixture *f, const char *expected)
{
	char *now = saved(f);

	assert_string_equal(now, expected);
	memory_free(now);
}

/* Two cards with two indicators each. */
static void fill(struct fixture *f)
{
	set(f, CARD "[帮扶].财政资金=5");
	set(f, CARD "[帮扶].项目编码=13030424P1");
	set(f, CARD "[帮扶/#1].三级指标=帮扶人数");
	set(f, CARD "[帮扶/#1].指标值=≥3人");
	set(f, CARD "[帮扶/#2].三级指标=帮扶率");
	set(f, CARD "[体检].财政资金=2");
	set(f, CARD "[体检/#1].三级指标=体检人数");
	set(f, CARD "[体检/#2].三级指标=体检率");
}

static void test_cards_by_name(void **state)
{
	struct fixture *f = *state;
	char key[SESSION_KEY_SIZE];

	fill(f);
	entry_key(f, "项目", 0, key);
	assert_string_equal(words(f, CARD, key, "项目名称"), "帮扶");
	assert_string_equal(words(f, CARD, key, "项目编码"), "13030424P1");
	assert_string_equal(cell_text(f, CARD, key, "预算数"), "5.00");
	assert_string_equal(words(f, CARD, entry_key(f, "指标", 0, key), "指标值"), "≥3人");
	set(f, CARD "[13030424P1].其他资金=1");
	assert_string_equal(cell_text(f, CARD, entry_key(f, "项目", 0, key), "预算数"), "6.00");
	set_refused(f, CARD "[体检/#4].三级指标=x", "#3");
	set_refused(f, CARD "[体检/第三行].三级指标=x", "#3");
	set_refused(f, CARD "[帮抚].财政资金=", "是不是“帮扶”");
	set_refused(f, CARD "[新的].没有的栏=1", "没有栏");
	assert_string_equal(entry_key(f, "项目", 2, key), "");
}

static void test_types_as_typed(void **state)
{
	struct fixture *f = *state;
	char key[SESSION_KEY_SIZE], row[SESSION_KEY_SIZE];

	fill(f);
	entry_key(f, "项目", 0, key);
	entry_key(f, "指标", 0, row);
	set(f, CARD "[帮扶].3月底=25");
	set(f, CARD "[帮扶].6月底=５０％");
	assert_string_equal(words(f, CARD, key, "3月底"), "25");
	assert_string_equal(words(f, CARD, key, "6月底"), "50");
	set(f, CARD "[帮扶/#1].一级指标=产出");
	assert_string_equal(words(f, CARD, row, "一级指标"), "产出指标");
	set(f, CARD "[帮扶/#1].一级指标=2");
	assert_string_equal(words(f, CARD, row, "一级指标"), "效益指标");
	set_refused(f, CARD "[帮扶/#1].一级指标=指标", "3 满意度指标");
	set(f, CARD "[帮扶].绩效目标=\n1.帮扶\t三人　\n2.\033[31m体检\n\n");
	assert_non_null(strstr(words(f, CARD, key, "绩效目标"), "1.帮扶"));
	assert_non_null(strchr(words(f, CARD, key, "绩效目标"), '\n'));
	assert_null(strchr(words(f, CARD, key, "绩效目标"), '\033'));
	assert_int_equal(f->text[0], '1');
}

static void test_dates_as_typed(void **state)
{
	struct fixture *f = *state;
	static const char *const forms[] = {"2023-12-31", "2023年12月31日", "20231231", "2023.12.31", "２０２３/１２/３１"};
	static const char *const wrong[] = {"2023-13-01", "20230229", "昨天", "12-31", "2023-1-1-1", "2023"};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		char assignment[96];

		set(f, "固定资产.截止时间=");
		snprintf(assignment, sizeof(assignment), "固定资产.截止时间=%s", forms[i]);
		set(f, assignment);
		assert_string_equal(words(f, "固定资产", "@0", "截止时间"), "2023-12-31");
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char assignment[96];

		snprintf(assignment, sizeof(assignment), "固定资产.截止时间=%s", wrong[i]);
		set_refused(f, assignment, "不是日期");
	}
	set(f, "固定资产[@0].截止时间=2024-2-29");
	assert_string_equal(words(f, "固定资产", "@0", "截止时间"), "2024-02-29");
}

static void test_dropping_a_card_takes_all_with_it(void **state)
{
	struct fixture *f = *state;
	char *before, key[SESSION_KEY_SIZE];
	struct session_place place;
	struct buffer text = {0};

	fill(f);
	before = saved(f);
	assert_true(session_entry_has_figures(f->session, entry_at(f, "项目", 0)));
	assert_int_equal(session_entry_drop(f->session, entry_at(f, "项目", 0), &f->diags), STATUS_OK);
	assert_string_equal(words(f, CARD, entry_key(f, "项目", 0, key), "项目名称"), "体检");
	assert_string_equal(entry_key(f, "指标", 2, key), "");
	assert_int_equal(session_undo(f->session, &text, &place), STATUS_OK);
	assert_non_null(strstr(buffer_text(&text), "帮扶"));
	assert_saved_as(f, before);
	assert_int_equal(session_redo(f->session, NULL, NULL), STATUS_OK);
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_saved_as(f, before);
	/* The row of an entry goes as a row. */
	assert_int_equal(session_row_drop(f->session, table_of(f, CARD), entry_key(f, "指标", 1, key), &f->diags), STATUS_OK);
	assert_string_equal(words(f, CARD, entry_key(f, "指标", 1, key), "三级指标"), "体检人数");
	buffer_done(&text);
	memory_free(before);
}

static void test_moving_keeps_everything(void **state)
{
	struct fixture *f = *state;
	char *before, key[SESSION_KEY_SIZE];

	fill(f);
	before = saved(f);
	assert_int_equal(session_entry_move(f->session, entry_at(f, "项目", 0), 1, &f->diags), STATUS_OK);
	assert_string_equal(words(f, CARD, entry_key(f, "项目", 0, key), "项目名称"), "体检");
	assert_string_equal(words(f, CARD, entry_key(f, "项目", 1, key), "项目编码"), "13030424P1");
	assert_string_equal(cell_text(f, CARD, key, "预算数"), "5.00");
	assert_int_equal(session_entry_move(f->session, entry_at(f, "项目", 1), 1, &f->diags), STATUS_INVALID);
	assert_int_equal(session_entry_move(f->session, entry_at(f, "项目", 1), -1, &f->diags), STATUS_OK);
	assert_saved_as(f, before);
	/* Among the rows of its own card only. */
	assert_int_equal(session_entry_move(f->session, entry_at(f, "指标", 1), 1, &f->diags), STATUS_INVALID);
	assert_int_equal(session_entry_move(f->session, entry_at(f, "指标", 1), -1, &f->diags), STATUS_OK);
	assert_string_equal(words(f, CARD, entry_key(f, "指标", 0, key), "三级指标"), "帮扶率");
	for (int i = 0; i < 3; i++)
		assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_saved_as(f, before);
	memory_free(before);
}

static void test_an_owned_entry_needs_its_owner(void **state)
{
	struct fixture *f = *state;
	const struct form_pack *pack = workbook_pack(session_workbook(f->session));
	int list = pack->tables[table_of(f, CARD)]->list;
	char key[SESSION_KEY_SIZE] = "";

	assert_int_equal(session_entry_add(f->session, list, 0, "", "", "", key, &f->diags), STATUS_INVALID);
	assert_non_null(strstr(diag_first_error(&f->diags), "项目"));
	set(f, CARD "[帮扶].财政资金=5");
	assert_int_equal(session_entry_add(f->session, list, 0, "", "", "", key, &f->diags), STATUS_OK);
	set(f, CARD "[体检].财政资金=5");
	assert_int_equal(session_entry_add(f->session, list, 0, "", "", "", key, &f->diags), STATUS_INVALID);
	diag_list_clear(&f->diags);
}

static void test_elsewhere(void **state)
{
	struct fixture *f = *state;
	int table = table_of(f, "income");

	assert_int_equal(session_elsewhere(f->session, table, true, &f->diags), STATUS_OK);
	assert_true(workbook_is_elsewhere(session_workbook(f->session), table));
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_false(workbook_is_elsewhere(session_workbook(f->session), table));
	assert_int_equal(session_redo(f->session, NULL, NULL), STATUS_OK);
	assert_true(workbook_is_elsewhere(session_workbook(f->session), table));
}

static void test_pasting_adds_rows(void **state)
{
	static const char block[] = "产出指标\t数量指标\t体检人次\t人次\t≥80人\t计划\n"
				    "产出指标\t质量指标\t体检率\t率\t100%\t计划\n";
	struct fixture *f = *state;
	int table = table_of(f, CARD);
	char *before, key[SESSION_KEY_SIZE];
	struct import_settings settings = {.table = table, .totals = IMPORT_TOTALS_COMPARE};
	struct import_place place = {.sheet = 1, .line = 1, .leaf = leaf_of(f, CARD, "一级指标")};
	struct import_plan *plan;

	fill(f);
	before = saved(f);
	plan = session_paste_plan(f->session, &settings, &place, block);
	assert_int_equal(plan->problems, 0);
	assert_int_equal(session_import(f->session, plan, &f->diags), STATUS_OK);
	import_plan_free(plan);
	assert_string_equal(words(f, CARD, entry_key(f, "指标", 3, key), "三级指标"), "体检人次");
	assert_string_equal(words(f, CARD, entry_key(f, "指标", 4, key), "二级指标"), "质量指标");
	assert_string_equal(words(f, CARD, key, "指标值"), "100%");
	assert_int_equal(session_undo(f->session, NULL, NULL), STATUS_OK);
	assert_saved_as(f, before);
	place.line = 2;
	plan = session_paste_plan(f->session, &settings, &place, "质量\n产出\n");
	assert_int_equal(plan->problems, 1);
	assert_int_equal(plan->parts[0].cells[0].effect, IMPORT_PROBLEM);
	import_plan_free(plan);
	assert_saved_as(f, before);
	memory_free(before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cards_by_name, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(test_types_as_typed, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(test_dates_as_typed, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(test_dropping_a_card_takes_all_with_it, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(test_moving_keeps_everything, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(test_an_owned_entry_needs_its_owner, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(test_elsewhere, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(test_pasting_adds_rows, fixture_open, fixture_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
