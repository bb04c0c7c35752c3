/* A workbook as YAML text. What is written depends on the workbook alone: the pack's order of tables, the
 * layout's order of columns, the table's order of rows; so the same figures give the same bytes, and a
 * change of one figure changes one line. */
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "store/columns.h"
#include "store/cover.h"
#include "store/trailer.h"
#include "store/workbook_file.h"
#include "yaml/write.h"

#define FORMAT_TEXT "1"
/* Characters of text in a row's short map; a row that has more has a line for each cell. */
#define TEXT_ON_A_LINE 80

struct writing {
	const struct workbook *workbook;
	struct yaml_writer *writer;
	size_t rows; /* written so far, control rows too */
	int table;
	char **words; /* of the table's columns */
	bool table_is_open, list_is_open, row_is_open;
	const char *list;     /* rows or control */
	bool long_row;        /* of the row being written: a line for each cell */
	struct buffer figure; /* room for one */
};

static void write_pair(struct yaml_writer *writer, const char *key, const char *text)
{
	yaml_write_text(writer, key);
	yaml_write_text(writer, text);
}

static void write_plain_pair(struct yaml_writer *writer, const char *key, const char *text)
{
	yaml_write_text(writer, key);
	yaml_write_plain(writer, text);
}

/* The filled ones of some fields as a short map; nothing if none is. */
static void write_fields(struct writing *writing, const char *key, const enum workbook_field *fields)
{
	bool open = false;

	for (; *fields != WORKBOOK_FIELDS; fields++) {
		const char *text = workbook_field(writing->workbook, *fields);
		if (text[0] == '\0')
			continue;
		if (!open) {
			yaml_write_text(writing->writer, key);
			yaml_write_map_begin(writing->writer, true);
		}
		open = true;
		write_pair(writing->writer, workbook_field_word(*fields), text);
	}
	if (open)
		yaml_write_map_end(writing->writer);
}

static void write_rounded(struct writing *writing)
{
	const struct form_pack *pack = workbook_pack(writing->workbook);
	bool first = workbook_is_rounded(writing->workbook, 0), same = true;

	for (int i = 1; i < pack->table_count; i++)
		same = same && workbook_is_rounded(writing->workbook, i) == first;
	yaml_write_text(writing->writer, "figures");
	if (same) {
		yaml_write_plain(writing->writer, first ? "rounded" : "exact");
		return;
	}
	yaml_write_map_begin(writing->writer, false);
	for (int i = 0; i < pack->table_count; i++)
		write_plain_pair(writing->writer, pack->tables[i]->id,
				 workbook_is_rounded(writing->workbook, i) ? "rounded" : "exact");
	yaml_write_map_end(writing->writer);
}

static void write_elsewhere(struct writing *writing)
{
	const struct form_pack *pack = workbook_pack(writing->workbook);
	bool open = false;

	for (int i = 0; i < pack->table_count; i++) {
		if (!workbook_is_elsewhere(writing->workbook, i))
			continue;
		if (!open) {
			yaml_write_text(writing->writer, "elsewhere");
			yaml_write_list_begin(writing->writer, true);
		}
		open = true;
		yaml_write_text(writing->writer, pack->tables[i]->id);
	}
	if (open)
		yaml_write_list_end(writing->writer);
}

static void write_number(struct writing *writing, const char *key, int number)
{
	buffer_clear(&writing->figure);
	buffer_format(&writing->figure, "%d", number);
	write_plain_pair(writing->writer, key, buffer_text(&writing->figure));
}

/* {id: 12, owner: 3, code: "711001", name: 某单位}: what is empty is left out. */
static void write_entry(struct writing *writing, const struct entry_node *entry)
{
	yaml_write_map_begin(writing->writer, true);
	write_number(writing, "id", entry_id(entry));
	if (entry_owner(entry) != NULL)
		write_number(writing, "owner", entry_id(entry_owner(entry)));
	if (entry_code(entry)[0] != '\0')
		write_pair(writing->writer, "code", entry_code(entry));
	if (entry_name(entry)[0] != '\0')
		write_pair(writing->writer, "name", entry_name(entry));
	yaml_write_map_end(writing->writer);
}

static void write_lists(struct writing *writing)
{
	const struct form_pack *pack = workbook_pack(writing->workbook);
	bool open = false;

	for (int list = 0; list < pack->list_count; list++) {
		size_t count = workbook_entry_count(writing->workbook, list);
		if (count == 0)
			continue;
		if (!open) {
			yaml_write_text(writing->writer, "lists");
			yaml_write_map_begin(writing->writer, false);
		}
		open = true;
		yaml_write_text(writing->writer, pack->lists[list].name);
		yaml_write_list_begin(writing->writer, false);
		for (size_t i = 0; i < count; i++)
			write_entry(writing, workbook_entry(writing->workbook, list, i));
		yaml_write_list_end(writing->writer);
	}
	if (open)
		yaml_write_map_end(writing->writer);
}

static void write_names(struct writing *writing)
{
	const char *catalogue, *code, *name, *open = NULL;

	for (size_t i = 0; workbook_own_name(writing->workbook, i, &catalogue, &code, &name); i++) {
		if (open == NULL) {
			yaml_write_text(writing->writer, "names");
			yaml_write_map_begin(writing->writer, false);
		} else if (strcmp(open, catalogue) != 0) {
			yaml_write_map_end(writing->writer);
		}
		if (open == NULL || strcmp(open, catalogue) != 0) {
			yaml_write_text(writing->writer, catalogue);
			yaml_write_map_begin(writing->writer, false);
		}
		open = catalogue;
		write_pair(writing->writer, code, name);
	}
	if (open != NULL) {
		yaml_write_map_end(writing->writer);
		yaml_write_map_end(writing->writer);
	}
}

/* Opens, as far as they are not open yet, the table, its list, and the row in it. */
static void open_row(struct writing *writing, const struct row *row)
{
	struct yaml_writer *writer = writing->writer;

	if (writing->row_is_open)
		return;
	if (!writing->table_is_open) {
		yaml_write_text(writer, workbook_pack(writing->workbook)->tables[writing->table]->id);
		yaml_write_map_begin(writer, false);
		writing->table_is_open = true;
	}
	if (!writing->list_is_open) {
		yaml_write_text(writer, writing->list);
		yaml_write_list_begin(writer, false);
		writing->list_is_open = true;
	}
	yaml_write_map_begin(writer, !writing->long_row);
	write_pair(writer, "row", row_key(row));
	writing->rows++;
	writing->row_is_open = true;
}

static void close_row(struct writing *writing)
{
	if (writing->row_is_open)
		yaml_write_map_end(writing->writer);
	writing->row_is_open = false;
}

static void write_figure(struct writing *writing, const struct value *value, int leaf)
{
	const struct form_column *column =
		workbook_pack(writing->workbook)->tables[writing->table]->leaves[leaf];
	struct buffer *figure = &writing->figure;

	buffer_clear(figure);
	column_figure_add(column, value->number, figure);
	write_plain_pair(writing->writer, writing->words[leaf], buffer_text(figure));
}

/* True for a cell that this file keeps in the row, as text. */
static bool is_text_cell(const struct writing *writing, const struct row *row, int leaf)
{
	const struct form_table *table = workbook_pack(writing->workbook)->tables[writing->table];

	return column_is_text(table->leaves[leaf]) && !column_is_of_entry(table, row, leaf) &&
	       workbook_rule(writing->workbook, row, leaf)->kind == FORM_ENTERED;
}

static bool is_long(const struct writing *writing, const struct row *row)
{
	const struct form_table *table = workbook_pack(writing->workbook)->tables[writing->table];
	size_t points = 0;

	for (int leaf = 0; leaf < table->leaf_count; leaf++) {
		const char *text;
		if (!is_text_cell(writing, row, leaf))
			continue;
		text = workbook_text(writing->workbook, row, leaf, false);
		points += text_points(text);
		if (points > TEXT_ON_A_LINE || strchr(text, '\n') != NULL)
			return true;
	}
	return false;
}

static void write_entered_figure(struct writing *writing, const struct row *row, int leaf)
{
	struct value value = workbook_value(writing->workbook, row, leaf);

	if (value.blank)
		return;
	open_row(writing, row);
	write_figure(writing, &value, leaf);
}

static void write_entered_text(struct writing *writing, const struct row *row, int leaf)
{
	const char *text = workbook_text(writing->workbook, row, leaf, false);

	if (text[0] == '\0')
		return;
	open_row(writing, row);
	write_pair(writing->writer, writing->words[leaf], text);
}

static void write_entered(struct writing *writing, const struct row *row)
{
	const struct form_table *table = workbook_pack(writing->workbook)->tables[writing->table];

	writing->long_row = is_long(writing, row);
	if (row_is_own(row))
		open_row(writing, row);
	for (int leaf = 0; leaf < table->leaf_count; leaf++)
		if (is_text_cell(writing, row, leaf))
			write_entered_text(writing, row, leaf);
		else if (!column_is_text(table->leaves[leaf]) &&
			 workbook_rule(writing->workbook, row, leaf)->kind == FORM_ENTERED)
			write_entered_figure(writing, row, leaf);
	close_row(writing);
}

static void write_controls(struct writing *writing, const struct row *row)
{
	const struct form_table *table = workbook_pack(writing->workbook)->tables[writing->table];

	writing->long_row = false;
	for (int leaf = 0; leaf < table->leaf_count; leaf++) {
		struct value value;
		if (!workbook_control(writing->workbook, row, leaf, &value))
			continue;
		open_row(writing, row);
		write_figure(writing, &value, leaf);
	}
	close_row(writing);
}

/* The fields of a card, then the rows of one block after those of the other, as a person would read them. */
static void write_list(struct writing *writing, const char *list,
		       void (*write_row)(struct writing *writing, const struct row *row))
{
	const struct workbook *workbook = writing->workbook;
	const struct form_table *table = workbook_pack(workbook)->tables[writing->table];
	size_t sheets = workbook_sheet_count(workbook, writing->table);

	writing->list = list;
	writing->list_is_open = false;
	for (size_t sheet = 0; sheet < sheets; sheet++) {
		const struct row *fields = workbook_sheet_fields(workbook, writing->table, sheet);
		size_t lines = workbook_sheet_line_count(workbook, writing->table, sheet);
		if (fields != NULL)
			write_row(writing, fields);
		for (int block = 0; block < table->block_count; block++)
			for (size_t line = 0; line < lines; line++) {
				const struct row *row = workbook_sheet_line_row(workbook, writing->table,
										sheet, line, block);
				if (row != NULL && row != fields)
					write_row(writing, row);
			}
	}
	if (writing->list_is_open)
		yaml_write_list_end(writing->writer);
}

static void write_table(struct writing *writing, int index)
{
	const struct form_table *table = workbook_pack(writing->workbook)->tables[index];

	writing->table = index;
	writing->table_is_open = false;
	writing->words = memory_new_array((size_t)table->leaf_count, sizeof(*writing->words));
	for (int leaf = 0; leaf < table->leaf_count; leaf++)
		writing->words[leaf] = column_word(table, leaf);
	write_list(writing, "rows", write_entered);
	write_list(writing, "control", write_controls);
	if (writing->table_is_open)
		yaml_write_map_end(writing->writer);
	for (int leaf = 0; leaf < table->leaf_count; leaf++)
		memory_free(writing->words[leaf]);
	memory_free(writing->words);
}

static void write_head(struct writing *writing)
{
	const struct workbook *workbook = writing->workbook;
	const char *year = workbook_field(workbook, WORKBOOK_YEAR);

	write_plain_pair(writing->writer, "yubiao", FORMAT_TEXT);
	write_pair(writing->writer, "id", workbook_field(workbook, WORKBOOK_ID));
	write_pair(writing->writer, "pack", workbook_pack(workbook)->id);
	if (workbook_pack(workbook)->digest != NULL)
		write_pair(writing->writer, "edition", workbook_pack(workbook)->digest);
	if (year[0] != '\0')
		write_plain_pair(writing->writer, "year", year);
	write_fields(writing, "department", cover_department);
	write_fields(writing, "signatures", cover_signatures);
	write_rounded(writing);
	write_elsewhere(writing);
	write_names(writing);
	write_lists(writing);
}

enum status workbook_file_format(const struct workbook *workbook, uint64_t history, struct buffer *out,
				 struct diag_list *diags)
{
	struct writing writing = {.workbook = workbook, .writer = yaml_writer_new()};
	struct buffer bytes = {0};
	enum status status;

	yaml_write_map_begin(writing.writer, false);
	write_head(&writing);
	yaml_write_text(writing.writer, "tables");
	yaml_write_map_begin(writing.writer, false);
	for (int i = 0; i < workbook_pack(workbook)->table_count; i++)
		write_table(&writing, i);
	yaml_write_map_end(writing.writer);
	yaml_write_map_end(writing.writer);
	status = yaml_writer_finish(writing.writer, &bytes, diags);
	yaml_writer_free(writing.writer);
	buffer_done(&writing.figure);
	if (status == STATUS_OK) {
		trailer_add(&bytes, writing.rows, history);
		buffer_add_bytes(out, buffer_text(&bytes), bytes.length);
	}
	buffer_done(&bytes);
	return status;
}
