#include "store/change.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/columns.h"
#include "store/load.h"

static const char *const kind_words[] = {
	[OPERATION_FIGURE] = "figure",         [OPERATION_CONTROL] = "control",
	[OPERATION_ROW_ADD] = "row-add",       [OPERATION_ROW_DROP] = "row-drop",
	[OPERATION_NAME] = "name",             [OPERATION_FIELD] = "field",
	[OPERATION_ROUNDED] = "rounded",       [OPERATION_ELSEWHERE] = "elsewhere",
	[OPERATION_ENTRY_ADD] = "entry-add",   [OPERATION_ENTRY_DROP] = "entry-drop",
	[OPERATION_ENTRY_NAME] = "entry-name", [OPERATION_ENTRY_CODE] = "entry-code",
};
#define KINDS (sizeof(kind_words) / sizeof(kind_words[0]))

static const char *const flag_words[][2] = {[OPERATION_ROUNDED] = {"exact", "rounded"},
					    [OPERATION_ELSEWHERE] = {"", "elsewhere"}};

static bool is_cell(enum operation_kind kind)
{
	return kind == OPERATION_FIGURE || kind == OPERATION_CONTROL;
}

static bool is_flag(enum operation_kind kind)
{
	return kind == OPERATION_ROUNDED || kind == OPERATION_ELSEWHERE;
}

static bool is_entry(enum operation_kind kind)
{
	return kind == OPERATION_ENTRY_ADD || kind == OPERATION_ENTRY_DROP || kind == OPERATION_ENTRY_NAME ||
	       kind == OPERATION_ENTRY_CODE;
}

static enum operation_kind reversed(enum operation_kind kind)
{
	switch (kind) {
	case OPERATION_ROW_ADD: return OPERATION_ROW_DROP;
	case OPERATION_ROW_DROP: return OPERATION_ROW_ADD;
	case OPERATION_ENTRY_ADD: return OPERATION_ENTRY_DROP;
	case OPERATION_ENTRY_DROP: return OPERATION_ENTRY_ADD;
	default: return kind;
	}
}

/* ---- from an operation ---- */

static const char *entry_text(const struct form_pack *pack, const struct operation *operation,
			      const struct entry *entry, struct buffer *room)
{
	const struct form_column *column;

	buffer_clear(room);
	if (is_flag(operation->kind))
		return flag_words[operation->kind][entry->number != 0];
	if (!is_cell(operation->kind))
		return entry->text != NULL ? entry->text : "";
	column = pack->tables[operation->table]->leaves[operation->leaf];
	if (operation->kind == OPERATION_FIGURE && column_is_text(column))
		return entry->text != NULL ? entry->text : "";
	if (!entry->blank)
		column_figure_add(column, entry->number, room);
	return buffer_text(room);
}

/* Of an entry that comes or goes: where it stands in its list. */
static void add_place(const struct operation *operation, struct buffer *out)
{
	int64_t place = operation->kind == OPERATION_ENTRY_ADD ? operation->new_entry.number
							       : operation->old_entry.number;

	if (place >= 0)
		buffer_format(out, "%" PRId64, place);
}

static void set_column(const struct form_pack *pack, const struct operation *operation,
		       struct change_words *words)
{
	buffer_clear(&words->column);
	if (is_cell(operation->kind)) {
		char *word = column_word_of_table(pack->tables[operation->table], operation->leaf);
		buffer_add(&words->column, word);
		memory_free(word);
	} else if (operation->kind == OPERATION_FIELD) {
		buffer_add(&words->column, workbook_field_word((enum workbook_field)operation->leaf));
	} else if (operation->kind == OPERATION_ENTRY_ADD || operation->kind == OPERATION_ENTRY_DROP) {
		add_place(operation, &words->column);
	}
}

void change_describe(const struct form_pack *pack, const struct operation *operation, bool back,
		     struct change_words *words, struct record *record)
{
	const char *before = entry_text(pack, operation, &operation->old_entry, &words->before);
	const char *after = entry_text(pack, operation, &operation->new_entry, &words->after);

	set_column(pack, operation, words);
	record->kind = kind_words[back ? reversed(operation->kind) : operation->kind];
	record->table = "";
	if (is_entry(operation->kind))
		record->table = pack->lists[operation->leaf].name;
	else if (operation->kind != OPERATION_FIELD)
		record->table = pack->tables[operation->table]->id;
	record->row = operation->key != NULL ? operation->key : "";
	record->column = buffer_text(&words->column);
	record->before = back ? after : before;
	record->after = back ? before : after;
}

void change_words_done(struct change_words *words)
{
	buffer_done(&words->before);
	buffer_done(&words->after);
	buffer_done(&words->column);
}

/* ---- and back ---- */

static bool find_kind(const char *word, enum operation_kind *kind)
{
	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(word, kind_words[i]) == 0) {
			*kind = (enum operation_kind)i;
			return true;
		}
	return false;
}

static int list_find(const struct form_pack *pack, const char *name)
{
	for (int i = 0; i < pack->list_count; i++)
		if (strcmp(pack->lists[i].name, name) == 0)
			return i;
	return -1;
}

static int field_find(const char *word)
{
	for (int i = 0; i < WORKBOOK_FIELDS; i++)
		if (strcmp(workbook_field_word((enum workbook_field)i), word) == 0)
			return i;
	return -1;
}

static bool is_entry_key(const char *key)
{
	int id;

	return load_entry_number(key, &id) && strchr(key, '/') == NULL;
}

/* Finds table, leaf, list or field. */
static bool set_place(const struct form_pack *pack, const struct record *record, struct operation *out,
		      struct diag_list *diags)
{
	out->table = out->leaf = -1;
	if (out->kind == OPERATION_FIELD) {
		out->leaf = field_find(record->column);
		if (out->leaf < 0)
			diag_error(diags, _("封面没有“%s”这一项。"), record->column);
		return out->leaf >= 0 && out->leaf != WORKBOOK_ID;
	}
	if (is_entry(out->kind)) {
		out->leaf = list_find(pack, record->table);
		if (out->leaf < 0 || !is_entry_key(record->row))
			diag_error(diags, _("套表 %s 没有名录“%s”，或条目“%s”写得不对。"), pack->id,
				   record->table, record->row);
		return out->leaf >= 0 && is_entry_key(record->row);
	}
	out->table = form_table_find(pack, record->table);
	if (out->table < 0) {
		diag_error(diags, _("套表 %s 没有“%s”这张表。"), pack->id, record->table);
		return false;
	}
	if (!is_cell(out->kind))
		return true;
	out->leaf = column_of_word(pack->tables[out->table], record->column, -1);
	if (out->leaf < 0)
		diag_error(diags, _("《%s》没有“%s”这一栏。"), pack->tables[out->table]->name, record->column);
	return out->leaf >= 0;
}

static bool set_cell(const struct form_column *column, enum operation_kind kind, const char *text,
		     struct entry *out, struct diag_list *diags)
{
	out->blank = *text == '\0';
	if (kind == OPERATION_FIGURE && column_is_text(column)) {
		out->text = memory_copy_string(text);
		return true;
	}
	return out->blank || column_figure_read(column, text, &out->number, diags);
}

static bool set_values(const struct form_pack *pack, const struct record *record, struct operation *out,
		       struct diag_list *diags)
{
	if (is_cell(out->kind)) {
		const struct form_column *column = pack->tables[out->table]->leaves[out->leaf];

		return set_cell(column, out->kind, record->before, &out->old_entry, diags) &&
		       set_cell(column, out->kind, record->after, &out->new_entry, diags);
	}
	if (is_flag(out->kind)) {
		out->old_entry.number = strcmp(record->before, flag_words[out->kind][1]) == 0;
		out->new_entry.number = strcmp(record->after, flag_words[out->kind][1]) == 0;
		return true;
	}
	if (out->kind == OPERATION_ROW_ADD || out->kind == OPERATION_ROW_DROP)
		return true;
	out->old_entry.text = memory_copy_string(record->before);
	out->new_entry.text = memory_copy_string(record->after);
	if (out->kind == OPERATION_ENTRY_ADD || out->kind == OPERATION_ENTRY_DROP) {
		size_t digits = strlen(record->column);
		int64_t place = digits > 0 && digits < 10 ? atol(record->column) : -1;

		out->old_entry.number = out->new_entry.number = place;
	}
	return true;
}

bool change_read(const struct form_pack *pack, const struct record *record, struct operation *out,
		 struct diag_list *diags)
{
	*out = (struct operation){.table = -1, .leaf = -1};
	if (!find_kind(record->kind, &out->kind)) {
		diag_error(diags, _("不认识“%s”这种修改。"), record->kind);
		return false;
	}
	out->key = memory_copy_string(record->row);
	if (set_place(pack, record, out, diags) && set_values(pack, record, out, diags))
		return true;
	operation_done(out);
	return false;
}
