/* A text to be imported, or a block that is pasted. Planning leaves the workbook as it was; what can be imported is,
 * and undo takes it back whole. */
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "harness/files.h"
#include "harness/packs.h"
#include "harness/plain.h"
#include "session/import.h"
#include "store/workbook_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct buffer small, cards;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	setlocale(LC_ALL, "C.UTF-8");
	unsetenv("HOME");
	unsetenv("XDG_STATE_HOME");
	session_paths_in("");
	packs_lend("tests/fuzz/packs/small");
	packs_lend("tests/unit/packs/cards");
	files_load("tests/fuzz/packs/small.yaml", &small);
	files_load("tests/unit/cards.yaml", &cards);
	files_seal();
	atexit(packs_return);
	return 0;
}

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void say_all(const struct import_plan *plan)
{
	struct buffer out = {0};

	for (size_t i = 0; i < plan->part_count; i++)
		for (size_t k = 0; k < plan->parts[i].note_count && k < 30; k++)
			import_note_line(plan, &plan->parts[i], &plan->parts[i].notes[k], &out);
	for (size_t i = 0; i < plan->changes && i < 30; i++)
		import_change_line(plan, i, &out);
	import_tally_words(&plan->tally, &out);
	plain_text(buffer_text(&out), out.length);
	buffer_done(&out);
}

/* The text on its way out again. */
static void check_doors(const struct session *session)
{
	struct buffer paper = {0};
	size_t written;

	must(session_export(session, -1, "/fuzz/csv", 0, &written, NULL) == STATUS_OK);
	session_sheet(session, -1, 100, &paper);
	plain_text(buffer_text(&paper), paper.length);
	buffer_done(&paper);
}

static void check_import(struct session *session, struct import_plan *plan, const struct buffer *before, bool doors)
{
	struct diag_list diags = {0};
	struct buffer now = {0};

	must(workbook_file_format(session_workbook(session), 0, &now, NULL) == STATUS_OK);
	must(now.length == before->length && memcmp(now.data, before->data, now.length) == 0);
	say_all(plan);
	enum status status = session_import(session, plan, &diags);
	must((status == STATUS_OK) == (plan->problems == 0));
	plain_sentences(&diags);
	if (status == STATUS_OK && plan->changes > 0) {
		if (doors)
			check_doors(session);
		struct session_place place;
		must(session_undo(session, NULL, &place) == STATUS_OK);
	}
	buffer_clear(&now);
	must(workbook_file_format(session_workbook(session), 0, &now, NULL) == STATUS_OK);
	must(now.length == before->length && memcmp(now.data, before->data, now.length) == 0);
	buffer_done(&now);
	diag_list_done(&diags);
}

static struct import_plan *plan_of(const struct session *session, int choice, const uint8_t *data, size_t size)
{
	static const char *const encodings[] = {NULL, "GB18030", "UTF-8", NULL};
	const struct form_pack *pack = workbook_pack(session_workbook(session));
	struct import_settings settings = {.table = choice / 4 % (pack->table_count + 1) - 1,
					   .totals = (enum import_totals)(choice / 32 % 3),
					   .replace = choice / 2 % 2 == 1,
					   .encoding = encodings[size % 4]};

	if (choice / 96 == 0)
		return session_import_plan_text(session, &settings, "01-a.csv", (const char *)data, size);
	if (settings.table < 0)
		settings.table = 0;
	struct import_place place = {.line = size % 5, .leaf = (int)(size % 7) % pack->tables[settings.table]->leaf_count};
	char *text = memory_copy_bytes((const char *)data, size);
	struct import_plan *plan = session_paste_plan(session, &settings, &place, text);
	memory_free(text);
	return plan;
}

/* The first byte: which workbook and table, what becomes of totals, file or paste; the rest is the text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer before = {0};

	if (size < 1)
		return 0;
	const struct buffer *file = data[0] % 2 == 0 ? &small : &cards;
	files_put("/fuzz/a.yaml", file->data, file->length);
	struct session *session = session_open("/fuzz/a.yaml", NULL);
	must(session != NULL);
	must(workbook_file_format(session_workbook(session), 0, &before, NULL) == STATUS_OK);
	struct import_plan *plan = plan_of(session, data[0], data + 1, size - 1);
	check_import(session, plan, &before, size % 8 == 0);
	import_plan_free(plan);
	session_free(session);
	buffer_done(&before);
	files_clear();
	return 0;
}
