/* Whatever was done, in whatever order: the figures and findings kept by differences are those of a workbook filled afresh with the same
 * entries, and taking everything back leads to where it began. */
#include "model_fixture.h"

#define STEPS 3000

static uint64_t seed;

static unsigned pick(unsigned below)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(seed >> 33) % below;
}

static const char *const functional[] = {"2012901", "2012902", "2012999", "2080501", "2080505", "2101101", "2210201", "2050299"};
static const char *const economic[] = {"30101", "30102", "30201", "30207", "30302", "31002"};

static struct operation random_operation(const struct fixture *f)
{
	int table = (int)pick((unsigned)f->pack->table_count);
	const struct form_table *form = f->pack->tables[table];
	size_t lines = workbook_line_count(f->workbook, table);
	bool is_economic = form->coded && form->coded->leaf_level == 1;
	const char *code = is_economic ? economic[pick(6)] : functional[pick(8)];
	struct row *row;
	unsigned kind = pick(20);

	if (form->coded && (kind < 3 || !lines))
		return operation_row(OPERATION_ROW_ADD, table, code);
	if (form->coded && kind < 5)
		return operation_row(OPERATION_ROW_DROP, table, code);
	if (kind == 5)
		return operation_rounded(table, pick(2) == 1);
	row = workbook_line_row(f->workbook, table, pick((unsigned)lines), (int)pick((unsigned)form->block_count));
	if (!row)
		return operation_rounded(table, false);
	return kind < 9 ? operation_control(table, row_key(row), (int)pick((unsigned)form->leaf_count), pick(3) == 0, pick(900) * 10000)
			: operation_figure(table, row_key(row), (int)pick((unsigned)form->leaf_count), pick(3) == 0,
					   ((int64_t)pick(2000) - 500) * 1000);
}

/* The same entries in a new workbook, table by table. */
static struct workbook *refill(const struct fixture *f)
{
	struct fixture copy = {.pack = f->pack, .workbook = workbook_new(f->pack)};

	must(&copy, operation_text(OPERATION_FIELD, -1, "", WORKBOOK_YEAR, "2024"));
	workbook_hold_checks(copy.workbook);
	for (int t = f->pack->table_count - 1; t >= 0; t--) {
		const struct form_table *form = f->pack->tables[t];

		must(&copy, operation_rounded(t, workbook_is_rounded(f->workbook, t)));
		for (size_t line = 0; line < workbook_line_count(f->workbook, t); line++) {
			struct row *row = workbook_line_row(f->workbook, t, line, 0);

			if (row && row_is_leaf(row))
				must(&copy, operation_row(OPERATION_ROW_ADD, t, row_key(row)));
		}
		for (size_t line = 0; line < workbook_line_count(f->workbook, t); line++)
			for (int block = 0; block < form->block_count; block++) {
				struct row *row = workbook_line_row(f->workbook, t, line, block);

				for (int leaf = 0; row && leaf < form->leaf_count; leaf++) {
					struct value value = workbook_value(f->workbook, row, leaf), control;

					if (workbook_rule(f->workbook, row, leaf)->kind == FORM_ENTERED && !value.blank)
						must(&copy, operation_figure(t, row_key(row), leaf, false, value.number));
					if (workbook_control(f->workbook, row, leaf, &control))
						must(&copy, operation_control(t, row_key(row), leaf, false, control.number));
				}
			}
	}
	workbook_release_checks(copy.workbook);
	return copy.workbook;
}

static void test_kept_figures_are_those_of_a_fresh_workbook(void **state)
{
	static struct operation done[STEPS];
	struct fixture f;
	size_t count = 0;
	char *start, *end;

	(void)state;
	seed = 20241121;
	fixture_open(&f);
	start = state_text(f.workbook);
	for (int step = 0; step < STEPS; step++) {
		struct operation operation = random_operation(&f);

		if (workbook_apply(f.workbook, &operation, NULL, NULL) == STATUS_OK)
			done[count++] = operation;
		else
			operation_done(&operation);
		if (step % 50 == 49) {
			struct workbook *fresh = refill(&f);
			char *kept = state_text(f.workbook), *computed = state_text(fresh);

			assert_string_equal(kept, computed);
			memory_free(kept);
			memory_free(computed);
			workbook_free(fresh);
		}
	}
	assert_true(count > STEPS / 4);
	while (count) {
		workbook_revert(f.workbook, &done[--count]);
		operation_done(&done[count]);
	}
	end = state_text(f.workbook);
	assert_string_equal(start, end);
	memory_free(start);
	memory_free(end);
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kept_figures_are_those_of_a_fresh_workbook),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
