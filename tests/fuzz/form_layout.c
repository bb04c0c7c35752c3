/* A pack: pack.yaml, tables and a catalogue, all in one input, see files_unpack(). Linted, which does all that
 * loading does and more; what loads is asked for rules and names as the program would. */
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"
#include "form/pack.h"
#include "harness/files.h"
#include "harness/plain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	setenv("YUBIAO_FORMS", "/fuzz", 1);
	unsetenv("XDG_DATA_HOME");
	unsetenv("HOME");
	files_seal();
	return 0;
}

static void ask(const struct form_pack *pack)
{
	for (int i = 0; i < pack->table_count; i++) {
		const struct form_table *table = pack->tables[i];
		if (form_table_find(pack, table->id) != i)
			abort();
		for (int leaf = 0; leaf < table->leaf_count; leaf++) {
			form_leaf_find(table, table->leaves[leaf]->name, table->leaves[leaf]->block);
			for (int row = 0; row < table->row_count; row++)
				form_rule_of(table, table->rows[row].class, leaf);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag_list diags = {0};

	files_unpack("/fuzz", data, size);
	enum status status = form_pack_lint("/fuzz/a", &diags);
	if ((status == STATUS_OK) != (diags.errors == 0))
		abort();
	plain_sentences(&diags);
	diag_list_clear(&diags);
	struct form_pack *pack = form_pack_load("/fuzz/a", &diags);
	if ((pack == NULL) != (status != STATUS_OK))
		abort();
	if (pack != NULL) {
		ask(pack);
		form_pack_free(pack);
	}
	plain_sentences(&diags);
	diag_list_done(&diags);
	files_clear();
	return 0;
}
