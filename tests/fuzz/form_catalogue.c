/* A catalogue and the file that describes it. The input holds both, see files_unpack(). */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "form/catalogue.h"
#include "harness/files.h"
#include "harness/plain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_up(const struct catalogue *catalogue)
{
	static const char *const wanted[] = {"", "2", "201", "2010101", "工", "a", "９"};
	const struct catalogue_entry *found[4];
	size_t total;

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		size_t written = catalogue_search(catalogue, 2024, wanted[i], (int)i % 3 - 1, found, i % 2, 4, &total);
		if (written > 4 || written > total)
			abort();
		catalogue_find(catalogue, wanted[i], 2024);
		catalogue_parent_length(catalogue, wanted[i]);
	}
	for (size_t i = 0; i < catalogue->entry_count; i++) {
		const struct catalogue_entry *entry = &catalogue->entries[i];
		if (i > 0 && strcmp(catalogue->entries[i - 1].code, entry->code) > 0)
			abort();
		if (catalogue_level_of(catalogue, entry->code) != entry->level || entry->name[0] == '\0')
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct diag_list diags = {0};

	files_seal();
	files_unpack("/fuzz/catalogue", data, size);
	const struct catalogue_folder *folder = catalogue_folder_open(arena, "/fuzz");
	struct catalogue *catalogue = folder != NULL ? catalogue_load(arena, folder, "a", &diags) : NULL;
	if (catalogue != NULL)
		look_up(catalogue);
	else if (folder != NULL && diags.errors == 0)
		abort();
	plain_sentences(&diags);
	diag_list_done(&diags);
	arena_free(arena);
	files_clear();
	return 0;
}
