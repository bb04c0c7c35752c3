/* CSV by RFC 4180. A spreadsheet runs a cell that begins with = + - @ (after blanks, too) as a formula,
 * wherever its text came from; so text that begins so gets an apostrophe in front. Figures are told by a
 * strict grammar and stay numbers, minus and all. */
#include "output/export.h"

#include <string.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "output/blank.h"
#include "output/grid.h"

static const char *const encoding_words[EXPORT_ENCODINGS] = {"utf-8-bom", "utf-8", "gb18030"};

int export_encoding_find(const char *word)
{
	for (int i = 0; i < EXPORT_ENCODINGS; i++)
		if (strcmp(word, encoding_words[i]) == 0)
			return i;
	return -1;
}

static size_t digits(const char *text)
{
	return strspn(text, "0123456789");
}

/* -1,234.50 or 25%: a sign, digits, perhaps in threes, decimals; nothing else. */
static bool is_number(const char *text)
{
	size_t count;

	if (*text == '-')
		text++;
	count = digits(text);
	if (count == 0)
		return false;
	text += count;
	while (count <= 3 && *text == ',' && digits(text + 1) == 3)
		text += 4;
	if (*text == '.') {
		count = digits(text + 1);
		if (count == 0)
			return false;
		text += 1 + count;
	}
	if (*text == '%')
		text++;
	return *text == '\0';
}

static bool runs_as_formula(const char *text)
{
	uint32_t point;

	if (is_number(text))
		return false;
	if (text[0] == '\t' || text[0] == '\r' || text[0] == '\n')
		return true;
	do
		point = text_decode(&text);
	while (point == ' ' || point == '\t' || point == '\r' || point == '\n' || point == 0xA0 ||
	       point == 0x3000);
	/* Full-width signs too: some input methods and spreadsheets take them for the others. */
	return point == '=' || point == '+' || point == '-' || point == '@' || point == 0xFF1D ||
	       point == 0xFF0B || point == 0xFF0D || point == 0xFF20;
}

static void add_cell(struct buffer *out, const char *text)
{
	bool defuse = runs_as_formula(text);

	if (!defuse && strpbrk(text, ",\"\r\n\t") == NULL && text[0] != ' ' &&
	    (text[0] == '\0' || text[strlen(text) - 1] != ' ')) {
		buffer_add(out, text);
		return;
	}
	buffer_add_byte(out, '"');
	if (defuse)
		buffer_add_byte(out, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			buffer_add_byte(out, '"');
		buffer_add_byte(out, *text);
	}
	buffer_add_byte(out, '"');
}

/* The captions from the outermost group, without blanks; a caption that names the year is filled in. */
static void add_path(const struct grid *grid, const struct form_column *column, struct buffer *out)
{
	const struct form_column *group = column->parent;
	struct buffer caption = {0};

	if (group != NULL && group != grid->table->head && group != grid->table->fields) {
		add_path(grid, group, out);
		buffer_add_byte(out, '/');
	}
	workbook_sheet_expand(grid->workbook, grid->table->index, grid->sheet, column->caption, &caption);
	text_squeeze(out, buffer_text(&caption));
	buffer_done(&caption);
}

static void add_paths(const struct grid *grid, struct buffer *out)
{
	for (int leaf = grid->first_leaf; leaf < grid->table->leaf_count; leaf++) {
		struct buffer clean = {0};
		add_path(grid, grid->table->leaves[leaf], &clean);
		if (leaf > grid->first_leaf)
			buffer_add_byte(out, ',');
		add_cell(out, buffer_text(&clean));
		buffer_done(&clean);
	}
	buffer_add(out, "\r\n");
}

static bool has_columns(const struct grid *grid)
{
	return grid->first_leaf < grid->table->leaf_count;
}

static void format_grid(const struct grid *grid, struct buffer *out)
{
	if (!has_columns(grid))
		return;
	add_paths(grid, out);
	for (size_t i = 0; i < grid->row_count; i++) {
		for (int leaf = grid->first_leaf; leaf < grid->table->leaf_count; leaf++) {
			if (leaf > grid->first_leaf)
				buffer_add_byte(out, ',');
			add_cell(out, grid->rows[i].cells[leaf]);
		}
		buffer_add(out, "\r\n");
	}
}

static void format_head(const struct grid *grid, struct buffer *out)
{
	for (int i = 0; i < grid->field_line_count; i++) {
		const struct grid_field_line *line = &grid->field_lines[i];
		for (int k = 0; k < line->count; k++) {
			if (k > 0)
				buffer_add_byte(out, ',');
			add_cell(out, line->cells[k].text);
		}
		buffer_add(out, "\r\n");
	}
}

void export_format(const struct workbook *workbook, int table, size_t sheet, struct buffer *out)
{
	struct grid *grid = grid_new(workbook, table, sheet);

	format_grid(grid, out);
	grid_free(grid);
}

void export_format_head(const struct workbook *workbook, int table, size_t sheet, struct buffer *out)
{
	struct grid *grid = grid_new(workbook, table, sheet);

	format_head(grid, out);
	grid_free(grid);
}

/* Characters that take four bytes in GB18030: programs that know only GBK, as older spreadsheets do, lose
 * them. */
static size_t count_beyond_gbk(const struct buffer *bytes)
{
	const unsigned char *here = (const unsigned char *)buffer_text(bytes), *end = here + bytes->length;
	size_t count = 0;

	while (here < end) {
		if (*here < 0x80 || end - here < 2) {
			here++;
		} else if (here[1] >= '0' && here[1] <= '9') {
			count++;
			here += end - here < 4 ? end - here : 4;
		} else {
			here += 2;
		}
	}
	return count;
}

static enum status encode_gb18030(const char *name, const struct buffer *text, struct buffer *out,
				  struct diag_list *diags)
{
	size_t lost = 0, rare;
	enum status status =
		encode_from_utf8(out, buffer_text(text), text->length, "GB18030", &lost, diags);

	if (status != STATUS_OK)
		return status;
	rare = count_beyond_gbk(out);
	if (lost > 0)
		diag_add(diags, DIAG_WARNING, name, 0, 0,
			 _("有 %zu 个字符 GB18030 编码里没有，写成了“?”。要保全它们请用 utf-8-bom 导出。"),
			 lost);
	if (rare > 0)
		diag_add(
			diags, DIAG_WARNING, name, 0, 0,
			_("有 %zu 个字符不在 GBK 之内，旧的表格软件可能显示不出。要保全它们请用 utf-8-bom 导出。"),
			rare);
	return STATUS_OK;
}

/* ---- Files. ---- */

struct export {
	const struct workbook *workbook;
	const char *directory;
	enum export_encoding encoding;
	bool template; /* of a workbook without figures, to be filled */
	bool looking;  /* nothing is written: are there such files already? */
	size_t *files;
	struct diag_list *diags;
};

/* Writes `text` as the file `name`; a written one is counted. */
static enum status write_file(const struct export *export, const char *name, const struct buffer *text)
{
	struct buffer encoded = {0};
	enum status status = STATUS_OK;
	char *path = file_join(export->directory, name);

	if (export->encoding == EXPORT_UTF8_BOM)
		buffer_add(&encoded, "\xEF\xBB\xBF");
	if (export->encoding == EXPORT_GB18030)
		status = encode_gb18030(path, text, &encoded, export->diags);
	else
		buffer_add_bytes(&encoded, buffer_text(text), text->length);
	if (status == STATUS_OK)
		status = file_replace(path, buffer_text(&encoded), encoded.length, FILE_PRIVATE,
				      export->diags);
	if (status == STATUS_OK || status == STATUS_UNSURE)
		++*export->files;
	memory_free(path);
	buffer_done(&encoded);
	return status;
}

/* A template may have been filled since: it is never replaced. */
static enum status refuse_existing(const struct export *export, const char *name)
{
	char *path = file_join(export->directory, name);
	bool there = file_exists(path);

	if (there)
		diag_error(export->diags,
			   _("文件 %s 已经存在，也许已经填过，所以没有动它，也没有写别的文件。请换一个目录，或先移走它。"),
			   path);
	memory_free(path);
	return there ? STATUS_INVALID : STATUS_OK;
}

/* The number of the table among those that are published here, from 1. */
static int number_of(const struct workbook *workbook, int table)
{
	int number = 1;

	for (int i = 0; i < table; i++)
		number += !workbook_is_elsewhere(workbook, i);
	return number;
}

/* The part of a sheet that goes into one file; its ending says which, where there are two. */
static enum status write_part(const struct export *export, const struct grid *grid, const char *ending,
			      void (*format)(const struct grid *grid, struct buffer *out))
{
	const struct form_table *table = grid->table;
	struct buffer name = {0}, text = {0};
	enum status status;

	buffer_format(&name, "%02d-%s", number_of(export->workbook, table->index), table->id);
	if (grid_count(export->workbook, table->index) > 1 || (ending[0] != '\0' && table->each >= 0))
		buffer_format(&name, "-%zu", grid->sheet + 1);
	buffer_format(&name, "%s%s.csv", ending, export->template ? "-template" : "");
	if (export->looking) {
		status = refuse_existing(export, buffer_text(&name));
	} else {
		format(grid, &text);
		status = write_file(export, buffer_text(&name), &text);
	}
	buffer_done(&name);
	buffer_done(&text);
	return status;
}

static bool failed(enum status status)
{
	return status != STATUS_OK && status != STATUS_UNSURE;
}

static enum status write_sheet(const struct export *export, int table, size_t sheet)
{
	struct grid *grid = export->template ? grid_new_blank(export->workbook, table, sheet)
					     : grid_new(export->workbook, table, sheet);
	enum status head = STATUS_OK, body = STATUS_OK;

	if (grid->field_line_count > 0)
		head = write_part(export, grid, "-head", format_head);
	if (!failed(head) && (has_columns(grid) || grid->field_line_count == 0))
		body = write_part(export, grid, grid->field_line_count > 0 ? "-indicators" : "", format_grid);
	grid_free(grid);
	return failed(head) || body == STATUS_OK ? head : body;
}

static enum status write_table(const struct export *export, int table)
{
	size_t count = grid_count(export->workbook, table);
	enum status worst = STATUS_OK;

	for (size_t sheet = 0; sheet < count && !failed(worst); sheet++) {
		enum status status = write_sheet(export, table, sheet);
		if (status != STATUS_OK)
			worst = status;
	}
	return worst;
}

static enum status write_tables(const struct export *export, int table)
{
	int first = table < 0 ? 0 : table;
	int last = table < 0 ? workbook_pack(export->workbook)->table_count - 1 : table;
	enum status worst = STATUS_OK;

	for (int i = first; i <= last && !failed(worst); i++) {
		enum status status = workbook_is_elsewhere(export->workbook, i) ? STATUS_OK : write_table(export, i);
		if (status != STATUS_OK)
			worst = status;
	}
	return worst;
}

static bool is_here(const struct workbook *workbook, int table, struct diag_list *diags)
{
	if (table < 0 || !workbook_is_elsewhere(workbook, table))
		return true;
	diag_error(diags, _("《%s》标为另行公开，不在这里导出。要导出它，请先取消“另行公开”。"),
		   workbook_pack(workbook)->tables[table]->name);
	return false;
}

enum status export_write(const struct workbook *workbook, int table, const char *directory,
			 enum export_encoding encoding, size_t *files, struct diag_list *diags)
{
	struct export export = {workbook, directory, encoding, false, false, files, diags};
	enum status status;

	*files = 0;
	if (!is_here(workbook, table, diags))
		return STATUS_INVALID;
	status = file_make_private_directory(directory, diags);
	return failed(status) ? status : write_tables(&export, table);
}

enum status export_template(const struct workbook *workbook, int table, const char *directory,
			    enum export_encoding encoding, size_t *files, struct diag_list *diags)
{
	struct export export = {NULL, directory, encoding, true, true, files, diags};
	struct workbook *blank;
	enum status status;

	*files = 0;
	if (!is_here(workbook, table, diags))
		return STATUS_INVALID;
	status = file_make_private_directory(directory, diags);
	export.workbook = blank = blank_copy(workbook);
	if (!failed(status))
		status = write_tables(&export, table);
	export.looking = false;
	if (!failed(status))
		status = write_tables(&export, table);
	workbook_free(blank);
	return status;
}
