/* A workbook file. What is refused is refused with a sentence; what loads is written, and read again gives the
 * same bytes. */
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "harness/files.h"
#include "harness/packs.h"
#include "harness/plain.h"
#include "model/finding.h"
#include "store/workbook_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	setlocale(LC_ALL, "C.UTF-8");
	packs_lend("tests/fuzz/packs/small");
	packs_lend("tests/unit/packs/cards");
	files_seal();
	atexit(packs_return);
	return 0;
}

static void look(const struct workbook *workbook)
{
	const struct finding **findings;
	struct buffer text = {0};
	size_t count = workbook_findings(workbook, -1, &findings);

	for (size_t i = 0; i < count && i < 20; i++)
		finding_text(workbook, findings[i], &text);
	memory_free(findings);
	buffer_done(&text);
}

static void write_and_read_again(const struct workbook *first, uint64_t history)
{
	struct buffer once = {0}, twice = {0};
	struct workbook *second;
	struct form_pack *pack;
	struct workbook_stamp stamp;

	if (workbook_file_format(first, history, &once, NULL) != STATUS_OK)
		abort();
	files_put("/fuzz/b.yaml", buffer_text(&once), once.length);
	if (workbook_file_load(&second, &pack, "/fuzz/b.yaml", &stamp, NULL) != STATUS_OK)
		abort();
	if (workbook_file_format(second, stamp.history, &twice, NULL) != STATUS_OK || once.length != twice.length ||
	    memcmp(once.data, twice.data, once.length) != 0)
		abort();
	workbook_free(second);
	buffer_done(&once);
	buffer_done(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag_list diags = {0};
	struct workbook *workbook;
	struct form_pack *pack;
	struct workbook_stamp stamp;

	files_put("/fuzz/a.yaml", data, size);
	if (workbook_file_load(&workbook, &pack, "/fuzz/a.yaml", &stamp, &diags) == STATUS_OK) {
		look(workbook);
		write_and_read_again(workbook, stamp.history);
		workbook_free(workbook);
	} else if (diags.errors == 0) {
		abort();
	}
	plain_sentences(&diags);
	diag_list_done(&diags);
	files_clear();
	return 0;
}
