#include "output/blank.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "model/operation.h"

/* Some are refused, as a row that is there by itself already: what matters is what stands afterwards. */
static void apply(struct workbook *workbook, struct operation operation)
{
	(void)workbook_apply(workbook, &operation, NULL, NULL);
	operation_done(&operation);
}

static void set_field(struct workbook *workbook, enum workbook_field field, const char *text)
{
	if (*text != '\0')
		apply(workbook, operation_text(OPERATION_FIELD, -1, "", (int)field, text));
}

/* ---- Codes. ---- */

/* A table whose rows come from the catalogue, -1: none. */
static int table_of_catalogue(const struct form_pack *pack, const char *catalogue)
{
	for (int i = 0; i < pack->table_count; i++)
		if (pack->tables[i]->coded != NULL &&
		    strcmp(pack->tables[i]->coded->catalogue->id, catalogue) == 0)
			return i;
	return -1;
}

static void copy_names(struct workbook *to, const struct workbook *from)
{
	const char *catalogue, *code, *name;

	for (size_t i = 0; workbook_own_name(from, i, &catalogue, &code, &name); i++) {
		int table = table_of_catalogue(workbook_pack(to), catalogue);
		if (table >= 0)
			apply(to, operation_text(OPERATION_NAME, table, code, -1, name));
	}
}

static bool copy_codes_of(struct workbook *to, int table, const struct workbook *from, int source)
{
	size_t count = workbook_line_count(from, source);
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		const struct row *row = workbook_line_row(from, source, i, 0);
		if (row == NULL || !row_is_leaf(row))
			continue;
		apply(to, operation_row(OPERATION_ROW_ADD, table, row_code(row)));
		any = true;
	}
	return any;
}

static void copy_codes(struct workbook *to, const struct workbook *from)
{
	const struct form_pack *pack = workbook_pack(from);

	for (int i = 0; i < pack->table_count; i++) {
		int source = pack->tables[i]->coded != NULL ? i : -1;
		for (int steps = 0; source >= 0 && steps < pack->table_count; steps++) {
			if (copy_codes_of(to, i, from, source))
				break;
			source = pack->tables[source]->pull_table;
		}
	}
}

/* The first code of the lowest level that the table enters, as an example; NULL: the catalogue has none. */
static const char *first_code(const struct form_pack *pack, const struct form_coded *coded)
{
	const struct catalogue_entry *entry = NULL;
	int year = pack->year_count > 0 ? pack->years[0] : 0;

	return catalogue_search(coded->catalogue, year, "", coded->leaf_level, &entry, 0, 1, NULL) > 0
		       ? entry->code
		       : NULL;
}

/* ---- Entries. ---- */

static void add_entry(struct workbook *to, int list, const char *owner, char key[24])
{
	struct operation operation = operation_entry(OPERATION_ENTRY_ADD, list, "", owner, -1);

	if (workbook_apply(to, &operation, NULL, NULL) == STATUS_OK)
		snprintf(key, 24, "%s", operation.key);
	else
		key[0] = '\0';
	operation_done(&operation);
}

/* Called by the name of its list, where it is called anything. */
static void name_entries(struct workbook *to)
{
	const struct form_pack *pack = workbook_pack(to);

	for (int list = 0; list < pack->list_count; list++)
		for (size_t i = 0; i < workbook_entry_count(to, list); i++) {
			char key[24];
			struct buffer text = {0};
			snprintf(key, sizeof(key), "@%d", entry_id(workbook_entry(to, list, i)));
			buffer_format(&text, "<%s>", pack->lists[list].name);
			if (pack->lists[list].named)
				apply(to, operation_text(OPERATION_ENTRY_NAME, -1, key, -1, buffer_text(&text)));
			buffer_clear(&text);
			buffer_format(&text, "<%s编码>", pack->lists[list].name);
			if (pack->lists[list].coded)
				apply(to, operation_text(OPERATION_ENTRY_CODE, -1, key, -1, buffer_text(&text)));
			buffer_done(&text);
		}
}

/* An entry of `list` without a name, below one of the list that owns it; `depth` is how many lists may still. */
static void add_nameless(struct workbook *to, int list, int depth)
{
	int owner = workbook_pack(to)->lists[list].owner;
	char key[24] = "";

	if (workbook_entry_count(to, list) > 0 || depth == 0)
		return;
	if (owner >= 0) {
		add_nameless(to, owner, depth - 1);
		if (workbook_entry_count(to, owner) > 0)
			snprintf(key, sizeof(key), "@%d", entry_id(workbook_entry(to, owner, 0)));
	}
	add_entry(to, list, key, key);
}

/* Ids stay as they are, so that owners are found again. */
static void copy_entry(struct workbook *to, const struct entry_node *entry)
{
	const struct entry_node *above = entry_owner(entry);
	char key[24], owner[24] = "";

	snprintf(key, sizeof(key), "@%d", entry_id(entry));
	if (above != NULL)
		snprintf(owner, sizeof(owner), "@%d", entry_id(above));
	apply(to, operation_entry(OPERATION_ENTRY_ADD, entry_list(entry), key, owner, -1));
	apply(to, operation_text(OPERATION_ENTRY_NAME, -1, key, -1, entry_name(entry)));
	apply(to, operation_text(OPERATION_ENTRY_CODE, -1, key, -1, entry_code(entry)));
}

static bool is_card_list(const struct form_pack *pack, int list)
{
	for (int i = 0; i < pack->table_count; i++)
		if (pack->tables[i]->each == list)
			return true;
	return false;
}

/* Entries of one owner stand after it, whatever the order of the lists: those are gone through until nothing more
 * can be added. */
static void copy_entries(struct workbook *to, const struct workbook *from)
{
	const struct form_pack *pack = workbook_pack(from);

	for (int round = 0; round < pack->list_count; round++)
		for (int list = 0; list < pack->list_count; list++)
			for (size_t i = 0; i < workbook_entry_count(from, list); i++) {
				const struct entry_node *entry = workbook_entry(from, list, i);
				bool known = *entry_name(entry) != '\0' || *entry_code(entry) != '\0' ||
					     is_card_list(pack, list);
				if (known && workbook_entry_find(to, entry_id(entry)) == NULL)
					copy_entry(to, entry);
			}
	for (int list = 0; list < pack->list_count; list++)
		if (is_card_list(pack, list))
			add_nameless(to, list, pack->list_count);
}

/* ---- Both. ---- */

struct workbook *blank_copy(const struct workbook *from)
{
	static const enum workbook_field fields[] = {WORKBOOK_YEAR, WORKBOOK_CODE, WORKBOOK_NAME,
						     WORKBOOK_SUBJECT};
	struct workbook *to = workbook_new(workbook_pack(from));

	workbook_hold_checks(to);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		set_field(to, fields[i], workbook_field(from, fields[i]));
	for (int i = 0; i < workbook_pack(from)->table_count; i++)
		if (workbook_is_elsewhere(from, i))
			apply(to, (struct operation){.kind = OPERATION_ELSEWHERE,
						     .table = i,
						     .key = memory_copy_string(""),
						     .leaf = -1,
						     .new_entry = {.number = 1}});
	copy_names(to, from);
	copy_codes(to, from);
	copy_entries(to, from);
	return to;
}

struct workbook *blank_example(const struct form_pack *pack)
{
	struct workbook *to = workbook_new(pack);
	char year[8];

	workbook_hold_checks(to);
	snprintf(year, sizeof(year), "%04d", pack->year_count > 0 ? pack->years[0] % 10000 : 0);
	set_field(to, WORKBOOK_YEAR, year);
	set_field(to, WORKBOOK_NAME, "<部门>");
	set_field(to, WORKBOOK_CODE, "<部门编码>");
	for (int i = 0; i < pack->table_count; i++) {
		const struct form_coded *coded = pack->tables[i]->coded;
		const char *code = coded != NULL ? first_code(pack, coded) : NULL;
		if (code != NULL)
			apply(to, operation_row(OPERATION_ROW_ADD, i, code));
	}
	for (int list = 0; list < pack->list_count; list++)
		add_nameless(to, list, pack->list_count);
	name_entries(to);
	return to;
}
