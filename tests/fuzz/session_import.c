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
/* Opened once, and again only after an import was done. */
static struct opened {
	struct session *session;
	struct buffer text;
	bool is_stale;
} sessions[2];

static void close_all(void)
{
	for (size_t i = 0; i < 2; i++) {
		session_free(sessions[i].session);
		buffer_done(&sessions[i].text);
	}
	packs_return();
}

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
	atexit(close_all);
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

static void check_unchanged(const struct opened *opened)
{
	struct buffer now = {0};

	must(workbook_file_format(session_workbook(opened->session), 0, &now, NULL) == STATUS_OK);
	must(now.length == opened->text.length && memcmp(now.data, opened->text.data, now.length) == 0);
	buffer_done(&now);
}

static void check_import(struct opened *opened, struct import_plan *plan, bool doors)
{
	struct diag_list diags = {0};
	struct session_place place;

	check_unchanged(opened);
	say_all(plan);
	enum status status = session_import(opened->session, plan, &diags);
	must((status == STATUS_OK) == (plan->problems == 0));
	plain_sentences(&diags);
	diag_list_done(&diags);
	if (status != STATUS_OK || plan->changes == 0)
		return;
	if (doors)
		check_doors(opened->session);
	must(session_undo(opened->session, NULL, &place) == STATUS_OK);
	check_unchanged(opened);
	opened->is_stale = true;
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

static void open_again(struct opened *opened, const struct buffer *file)
{
	if (opened->session != NULL && !opened->is_stale)
		return;
	session_free(opened->session);
	buffer_clear(&opened->text);
	files_put("/fuzz/a.yaml", file->data, file->length);
	opened->session = session_open("/fuzz/a.yaml", NULL);
	opened->is_stale = false;
	must(opened->session != NULL);
	must(workbook_file_format(session_workbook(opened->session), 0, &opened->text, NULL) == STATUS_OK);
}

/* The first byte: which workbook and table, what becomes of totals, file or paste; the rest is the text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	struct opened *opened = &sessions[data[0] % 2];
	open_again(opened, data[0] % 2 == 0 ? &small : &cards);
	struct import_plan *plan = plan_of(opened->session, data[0], data + 1, size - 1);
	check_import(opened, plan, size % 8 == 0);
	import_plan_free(plan);
	files_clear();
	return 0;
}
