/* What differs between the workbook and its file, cell by cell. */
#include <string.h>

#include "base/map.h"
#include "base/memory.h"
#include "session/path.h"
#include "session/recover.h"
#include "session/state.h"
#include "store/columns.h"

/* Says of every place where something stands what stands there, in the order of the tables. */
struct telling {
	const struct workbook *workbook;
	void (*tell)(void *context, const char *place, const char *value);
	void *context;
	struct buffer place, value;
};

static void tell(struct telling *telling)
{
	if (telling->value.length > 0)
		telling->tell(telling->context, buffer_text(&telling->place), buffer_text(&telling->value));
	buffer_clear(&telling->place);
	buffer_clear(&telling->value);
}

static void tell_cover(struct telling *telling)
{
	for (int i = WORKBOOK_ID + 1; i < WORKBOOK_FIELDS; i++) {
		buffer_format(&telling->place, "%s %s", _("封面"), workbook_field_label((enum workbook_field)i));
		buffer_add(&telling->value, workbook_field(telling->workbook, (enum workbook_field)i));
		tell(telling);
	}
}

static void tell_names(struct telling *telling)
{
	const char *catalogue, *code, *name;

	for (size_t i = 0; workbook_own_name(telling->workbook, i, &catalogue, &code, &name); i++) {
		buffer_format(&telling->place, "%s %s", _("科目名称"), code);
		buffer_add(&telling->value, name);
		tell(telling);
	}
}

static void tell_entries(struct telling *telling)
{
	const struct form_pack *pack = workbook_pack(telling->workbook);

	for (int list = 0; list < pack->list_count; list++)
		for (size_t i = 0; i < workbook_entry_count(telling->workbook, list); i++) {
			const struct entry_node *entry = workbook_entry(telling->workbook, list, i);
			buffer_format(&telling->place, "%s[@%d]", pack->lists[list].name, entry_id(entry));
			buffer_format(&telling->value, "%s%s%s", entry_code(entry),
				      *entry_code(entry) != '\0' && *entry_name(entry) != '\0' ? " " : "",
				      entry_name(entry));
			if (telling->value.length == 0)
				buffer_add(&telling->value, _("有"));
			tell(telling);
		}
}

static void begin_cell(struct telling *telling, const struct row *row, int leaf)
{
	const struct form_table *form = workbook_pack(telling->workbook)->tables[row_table(row)];

	buffer_format(&telling->place, "%s[%s]", form->name, strcmp(row_key(row), "@0") != 0 ? row_key(row) : "");
	if (leaf >= 0) {
		char *word = column_word_of_table(form, leaf);
		buffer_format(&telling->place, ".%s", word);
		memory_free(word);
	}
}

static void tell_cell(struct telling *telling, const struct row *row, int leaf)
{
	const struct form_table *form = workbook_pack(telling->workbook)->tables[row_table(row)];
	const struct form_column *column = form->leaves[leaf];
	struct value value;

	if (workbook_control(telling->workbook, row, leaf, &value)) {
		begin_cell(telling, row, leaf);
		buffer_format(&telling->place, " %s", _("控制数"));
		column_figure_add(column, value.number, &telling->value);
		tell(telling);
	}
	if (workbook_rule(telling->workbook, row, leaf)->kind != FORM_ENTERED ||
	    column_is_of_entry(form, row, leaf))
		return;
	if (column_is_text(column)) {
		buffer_add(&telling->value, workbook_text(telling->workbook, row, leaf, false));
	} else {
		value = workbook_value(telling->workbook, row, leaf);
		if (!value.blank)
			column_figure_add(column, value.number, &telling->value);
	}
	if (telling->value.length > 0)
		begin_cell(telling, row, leaf);
	tell(telling);
}

static void tell_row(struct telling *telling, const struct row *row)
{
	const struct form_table *form = workbook_pack(telling->workbook)->tables[row_table(row)];

	if (row_is_leaf(row)) {
		begin_cell(telling, row, -1);
		buffer_add(&telling->value, _("有"));
		tell(telling);
	}
	for (int leaf = 0; leaf < form->leaf_count; leaf++)
		tell_cell(telling, row, leaf);
}

static void tell_table(struct telling *telling, int index)
{
	const struct workbook *workbook = telling->workbook;
	const struct form_table *form = workbook_pack(workbook)->tables[index];

	if (workbook_is_rounded(workbook, index) || workbook_is_elsewhere(workbook, index)) {
		buffer_add(&telling->place, form->name);
		buffer_format(&telling->value, "%s %s", workbook_is_rounded(workbook, index) ? _("舍入") : "",
			      workbook_is_elsewhere(workbook, index) ? _("另行公开") : "");
		tell(telling);
	}
	for (size_t sheet = 0; sheet < workbook_sheet_count(workbook, index); sheet++) {
		const struct row *fields = workbook_sheet_fields(workbook, index, sheet);
		size_t lines = workbook_sheet_line_count(workbook, index, sheet);
		if (fields != NULL)
			tell_row(telling, fields);
		for (size_t line = 0; line < lines; line++)
			for (int block = 0; block < form->block_count; block++) {
				const struct row *row = workbook_sheet_line_row(workbook, index, sheet, line, block);
				if (row != NULL && row != fields)
					tell_row(telling, row);
			}
	}
}

static void tell_all(const struct workbook *workbook,
		     void (*visit)(void *context, const char *place, const char *value), void *context)
{
	struct telling telling = {.workbook = workbook, .tell = visit, .context = context};

	tell_cover(&telling);
	tell_names(&telling);
	tell_entries(&telling);
	for (int i = 0; i < workbook_pack(workbook)->table_count; i++)
		tell_table(&telling, i);
	buffer_done(&telling.place);
	buffer_done(&telling.value);
}

/* ---- two of them ---- */

struct comparison {
	struct map *disk; /* place -> what stands there, owned; taken out as it is found here too */
	struct session_difference *list;
	size_t count, capacity;
};

static void note_disk(void *context, const char *place, const char *value)
{
	struct comparison *comparison = context;

	if (map_get(comparison->disk, place) == NULL)
		map_set(comparison->disk, place, memory_copy_string(value));
}

static void add(struct comparison *comparison, const char *place, const char *disk, const char *ours)
{
	array_reserve(&comparison->list, &comparison->capacity, comparison->count, sizeof(*comparison->list));
	comparison->list[comparison->count++] = (struct session_difference){
		memory_copy_string(place), memory_copy_string(disk), memory_copy_string(ours)};
}

static void compare_ours(void *context, const char *place, const char *value)
{
	struct comparison *comparison = context;
	char *disk = map_remove(comparison->disk, place);

	if (disk == NULL || strcmp(disk, value) != 0)
		add(comparison, place, disk != NULL ? disk : "", value);
	memory_free(disk);
}

static void add_rest(void *context, const char *place, const char *value)
{
	struct comparison *comparison = context;
	char *disk = map_remove(comparison->disk, place);

	(void)value;
	if (disk != NULL)
		add(comparison, place, disk, "");
	memory_free(disk);
}

static void compare(struct comparison *comparison, const struct workbook *disk, const struct workbook *ours)
{
	if (strcmp(workbook_pack(disk)->id, workbook_pack(ours)->id) != 0)
		add(comparison, _("套表"), workbook_pack(disk)->id, workbook_pack(ours)->id);
	if (strcmp(workbook_field(disk, WORKBOOK_ID), workbook_field(ours, WORKBOOK_ID)) != 0)
		add(comparison, _("文件的身份"), workbook_field(disk, WORKBOOK_ID),
		    workbook_field(ours, WORKBOOK_ID));
	comparison->disk = map_new();
	tell_all(disk, note_disk, comparison);
	tell_all(ours, compare_ours, comparison);
	tell_all(disk, add_rest, comparison);
	map_free(comparison->disk);
}

enum status session_compare_disk(const struct session *session, struct session_difference **out, size_t *count,
				 struct diag_list *diags)
{
	char *native = session->path != NULL ? path_native(session->path) : NULL;
	struct comparison comparison = {0};
	struct workbook *workbook;
	struct form_pack *pack;
	enum status status = STATUS_NOT_FOUND;

	*out = NULL;
	*count = 0;
	if (native != NULL)
		status = workbook_file_load(&workbook, &pack, native, NULL, diags);
	if (status == STATUS_OK) {
		compare(&comparison, workbook, session->workbook);
		workbook_free(workbook);
		form_pack_free(pack);
		*out = comparison.list;
		*count = comparison.count;
	}
	memory_free(native);
	return status;
}

void session_differences_free(struct session_difference *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		memory_free(list[i].place);
		memory_free(list[i].disk);
		memory_free(list[i].ours);
	}
	memory_free(list);
}
