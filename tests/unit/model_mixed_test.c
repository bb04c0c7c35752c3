/* Formulas that say something over nothing (a constant, a part of a measure that has a default or is printed): new rows have it, rows that
 * go take it with them. */
#include "model_fixture.h"

static void open_mixed(struct fixture *f)
{
	fixture_open_pack(f, "tests/unit/packs/mixed");
}

static void test_what_is_printed_counts_at_once(void **state)
{
	struct fixture f;

	(void)state;
	open_mixed(&f);
	assert_shown(&f, "fixed", "甲", "单价", "");
	assert_shown(&f, "fixed", "乙", "单价", "7.00");
	assert_shown(&f, "fixed", "乙", "共计", "14.00");
	assert_shown(&f, "sums", "固定", "金额", "14.00");
	fixture_close(&f);
}

/* A text that changes brings no difference: what reads a part of it is computed anew. */
static void test_a_part_of_a_measure_follows_its_text(void **state)
{
	struct fixture f;
	int fixed;

	(void)state;
	open_mixed(&f);
	fixed = table_of(&f, "fixed");
	must(&f, operation_cell_text(fixed, "甲", leaf_of(&f, fixed, "指标"), "8元/年"));
	assert_shown(&f, "fixed", "甲", "共计", "16.00");
	assert_shown(&f, "sums", "固定", "金额", "30.00");
	must(&f, operation_cell_text(fixed, "甲", leaf_of(&f, fixed, "指标"), ""));
	assert_shown(&f, "fixed", "甲", "共计", "");
	assert_shown(&f, "sums", "固定", "金额", "14.00");
	fixture_close(&f);
}

static void test_an_entry_brings_its_default_and_takes_it_away(void **state)
{
	struct fixture f;

	(void)state;
	open_mixed(&f);
	assert_shown(&f, "sums", "服务", "金额", "");
	must(&f, operation_entry(OPERATION_ENTRY_ADD, 0, "@1", "", -1));
	assert_shown(&f, "services", "@1", "单价", "5.00");
	assert_shown(&f, "services", "@1", "两倍", "10.00");
	assert_shown(&f, "services", "@1", "附加", "2.00");
	assert_shown(&f, "services", "@1", "定", "14.00");
	assert_shown(&f, "sums", "服务", "金额", "12.00");
	must(&f, operation_entry(OPERATION_ENTRY_DROP, 0, "@1", "", 0));
	assert_shown(&f, "sums", "服务", "金额", "");
	assert_true(workbook_table_is_empty(f.workbook, table_of(&f, "services")));
	fixture_close(&f);
}

static void test_a_code_brings_its_constants_and_takes_them_away(void **state)
{
	struct fixture f;
	int codes;

	(void)state;
	open_mixed(&f);
	codes = table_of(&f, "codes");
	assert_shown(&f, "sums", "编码", "金额", "");
	for (int turn = 0; turn < 2; turn++) {
		add_row(&f, "codes", "2012901");
		assert_shown(&f, "codes", "2012901", "底", "5.00");
		assert_shown(&f, "codes", "2012901", "双", "10.00");
		assert_shown(&f, "codes", "2012901", "再", "6.00");
		assert_shown(&f, "sums", "编码", "金额", "16.00");
		must(&f, operation_row(OPERATION_ROW_DROP, codes, "2012901"));
		assert_shown(&f, "sums", "编码", "金额", "");
		assert_true(workbook_table_is_empty(f.workbook, codes));
	}
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_printed_counts_at_once),
		cmocka_unit_test(test_a_part_of_a_measure_follows_its_text),
		cmocka_unit_test(test_an_entry_brings_its_default_and_takes_it_away),
		cmocka_unit_test(test_a_code_brings_its_constants_and_takes_them_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
