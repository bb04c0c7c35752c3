/* Packs are loaded once and lent out (the linker's --wrap puts these functions before the real ones). */
#include "packs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define PACKS_MOST 4

static struct form_pack *packs[PACKS_MOST];
static size_t pack_count;
static bool is_loading;

char *__real_form_pack_locate(const char *id_or_path, const char *beside, struct diag_list *diags);
char *__wrap_form_pack_locate(const char *id_or_path, const char *beside, struct diag_list *diags);
struct form_pack *__real_form_pack_load(const char *id_or_path, struct diag_list *diags);
struct form_pack *__wrap_form_pack_load(const char *id_or_path, struct diag_list *diags);
void __real_form_pack_free(struct form_pack *pack);
void __wrap_form_pack_free(struct form_pack *pack);

const struct form_pack *packs_lend(const char *path)
{
	struct diag_list diags = {0};

	is_loading = true;
	struct form_pack *pack = __real_form_pack_load(path, &diags);
	is_loading = false;

	if (pack == NULL) {
		char *text = diags.count > 0 ? diag_text(&diags.items[0]) : NULL;
		fprintf(stderr, "%s: %s\n", path, text != NULL ? text : "");
		abort();
	}
	diag_list_done(&diags);
	packs[pack_count++] = pack;
	return pack;
}

void packs_return(void)
{
	while (pack_count > 0)
		__real_form_pack_free(packs[--pack_count]);
}

static struct form_pack *find(const char *id_or_path)
{
	for (size_t i = 0; i < pack_count; i++)
		if (strcmp(packs[i]->id, id_or_path) == 0 || strcmp(packs[i]->directory, id_or_path) == 0)
			return packs[i];
	return NULL;
}

char *__wrap_form_pack_locate(const char *id_or_path, const char *beside, struct diag_list *diags)
{
	if (pack_count == 0 || is_loading)
		return __real_form_pack_locate(id_or_path, beside, diags);
	if (find(id_or_path) != NULL)
		return memory_copy_string(find(id_or_path)->directory);
	diag_error(diags, "no pack %s", id_or_path);
	return NULL;
}

struct form_pack *__wrap_form_pack_load(const char *id_or_path, struct diag_list *diags)
{
	if (pack_count == 0)
		return __real_form_pack_load(id_or_path, diags);
	if (find(id_or_path) == NULL)
		diag_error(diags, "no pack %s", id_or_path);
	return find(id_or_path);
}

void __wrap_form_pack_free(struct form_pack *pack)
{
	if (pack_count == 0)
		__real_form_pack_free(pack);
}
