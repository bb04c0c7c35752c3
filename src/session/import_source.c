/* Where an imported text comes from: files, their names, their encoding, their cells. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/confine.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "session/importer.h"
#include "session/path.h"

/* ---- bytes ---- */

/* The line of the byte at `at`, from 1. Files with CR alone at their line ends are counted too. */
static unsigned line_at(const char *bytes, size_t at, const char *encoding)
{
	size_t step = strncmp(encoding, "UTF-16", 6) == 0 ? 2 : 1, low = strcmp(encoding, "UTF-16BE") == 0;
	unsigned line = 1;
	char before = '\0';

	for (size_t i = 0; i + step <= at; i += step) {
		char byte = step == 2 && bytes[i + 1 - low] != '\0' ? 'x' : bytes[i + low];

		line += byte == '\r' || (byte == '\n' && before != '\r');
		before = byte;
	}
	return line;
}

/* What people try to import that is no text. */
static const char *kind_of(const struct buffer *bytes)
{
	static const struct {
		const char *beginning, *kind;
	} kinds[] = {{"PK\003\004", N_("电子表格或压缩文件")}, {"\xD0\xCF\x11\xE0", N_("电子表格文件")}, {"%PDF", "PDF"},
		     {"<html", N_("网页格式的文件")}, {"<!doctype", N_("网页格式的文件")}, {"<table", N_("网页格式的文件")},
		     {"<?xml", N_("XML 格式的文件")}};
	static const char mark[] = "\xEF\xBB\xBF";
	const char *text = buffer_text(bytes);

	text += strncmp(text, mark, strlen(mark)) == 0 ? strlen(mark) : 0;
	text += strspn(text, " \t\r\n");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strncasecmp(text, kinds[i].beginning, strlen(kinds[i].beginning)) == 0)
			return kinds[i].kind;
	return NULL;
}

static bool decode(struct importer *importer, struct buffer *text)
{
	const char *bytes = buffer_text(text);
	const char *word = importer->work->settings.encoding;
	const char *encoding = word != NULL ? encode_find(word) : NULL;
	size_t bad;
	enum status status;

	if (kind_of(text) != NULL) {
		import_note(importer, IMPORT_IS_PROBLEM, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
			    _("这是%s，不是 CSV：请在电子表格里打开，另存为 CSV UTF-8，再导入。"), _(kind_of(text)));
		return false;
	}
	if (word != NULL && encoding == NULL) {
		import_note(importer, IMPORT_IS_PROBLEM, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
			    _("没有编码方式“%s”，可用的是 utf-8、gb18030、utf-16le 和 utf-16be。"), word);
		return false;
	}
	status = encode_text(text, encoding, &importer->part->encoding, &bad);
	if (status == STATUS_OK)
		return true;
	if (status == STATUS_NOT_FOUND)
		import_note(importer, IMPORT_IS_PROBLEM, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
			    _("本机没有 %s 编码的转换表：请把文件另存为 UTF-8 再导入。"), importer->part->encoding);
	else if (encoding != NULL || strcmp(importer->part->encoding, "GB18030") != 0)
		import_note_at(importer, IMPORT_IS_PROBLEM, line_at(bytes, bad, importer->part->encoding), 0,
			       _("这一行有不是 %s 编码的字节（0x%02X）：请核对文件的编码，或重新另存。"),
			       importer->part->encoding, (unsigned)(unsigned char)bytes[bad]);
	else
		import_note_at(importer, IMPORT_IS_PROBLEM, line_at(bytes, bad, importer->part->encoding), 0,
			       _("这一行既不是 UTF-8 也不是 GB18030 编码（字节 0x%02X）：请在电子表格里另存为 "
				 "CSV UTF-8。"),
			       (unsigned)(unsigned char)bytes[bad]);
	return false;
}

/* ---- cells ---- */

static bool is_blank_at(const char *text, size_t length, size_t *taken)
{
	static const char *const blanks[] = {" ", "\t", "\n", "\xC2\xA0", "\xE3\x80\x80"};

	for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
		*taken = strlen(blanks[i]);
		if (length >= *taken && memcmp(text + length - *taken, blanks[i], *taken) == 0)
			return true;
	}
	return false;
}

/* Sanitizes the cell and takes blanks off its end, in place: it never grows. */
static void clean_cell(char *cell)
{
	size_t length = strlen(cell), taken;

	if (text_is_dirty(cell, length, true)) {
		struct buffer clean = {0};
		text_sanitize(&clean, cell, length, true);
		if (clean.length <= length) {
			memcpy(cell, buffer_text(&clean), clean.length + 1);
			length = clean.length;
		}
		buffer_done(&clean);
	}
	while (is_blank_at(cell, length, &taken))
		length -= taken;
	cell[length] = '\0';
}

/* What was read of a longer text ends with a whole line, or where there is none with a whole character. */
static void cut_text(struct buffer *text)
{
	size_t length = text->length;

	while (length > 0 && text->data[length - 1] != '\n' && text->data[length - 1] != '\r')
		length--;
	for (size_t end = text->length; length == 0 && end > 0; end--)
		if ((unsigned char)text->data[end - 1] < 0x80)
			length = end;
	if (strncmp(text->data, "\xFF\xFE", 2) == 0 && length % 2 == 1 && length < text->length)
		length++; /* the other byte of a UTF-16 line end */
	text->length = length;
	text->data[length] = '\0';
}

bool import_read_bytes(struct importer *importer, struct buffer *bytes, bool cut, char separator)
{
	struct delimited *text = importer->text;
	struct diag_list diags = {0};
	bool read;

	if (cut)
		cut_text(bytes);
	if (!decode(importer, bytes))
		return false;
	read = delimited_read(text, bytes, separator, &diags) == STATUS_OK;
	for (size_t i = 0; i < diags.count; i++)
		import_note_at(importer, IMPORT_IS_PROBLEM, diags.items[i].line, diags.items[i].column, "%s",
			       diags.items[i].text);
	diag_list_done(&diags);
	if (read && cut) {
		import_note_at(importer, IMPORT_IS_PROBLEM,
			       text->row_count > 0 ? text->rows[text->row_count - 1].line : 1, 0,
			       _("文件超过了 4 MB，这一行以后的没有读：请分成几个文件。"));
		return false;
	}
	for (size_t i = 0; read && i < text->cell_count; i++)
		clean_cell(text->text.data + text->cells[i]);
	return read;
}

/* ---- files ---- */

static bool is_table_file(const char *name)
{
	const char *dot = strrchr(name, '.');

	return name[0] != '.' && dot != NULL && (strcasecmp(dot, ".csv") == 0 || strcasecmp(dot, ".tsv") == 0);
}

static int compare_names(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

size_t import_list_files(const char *path, char ***out)
{
	char *native = path_native(path);
	DIR *directory = confine_open_directory(native);
	size_t count = 0, capacity = 0;
	struct dirent *entry;

	*out = NULL;
	if (directory == NULL) {
		array_reserve(out, &capacity, 0, sizeof(**out));
		(*out)[0] = native;
		return 1;
	}
	while ((entry = readdir(directory)) != NULL) {
		if (!is_table_file(entry->d_name))
			continue;
		array_reserve(out, &capacity, count, sizeof(**out));
		(*out)[count++] = file_join(native, entry->d_name);
	}
	closedir(directory);
	memory_free(native);
	if (count > 0)
		qsort(*out, count, sizeof(**out), compare_names);
	return count;
}

/* ---- names of exported files ---- */

/* `stem` less an ending, if it has it. */
static size_t without(const char *stem, size_t length, const char *ending)
{
	size_t most = strlen(ending);

	return length > most && memcmp(stem + length - most, ending, most) == 0 ? length - most : length;
}

static int find_table(const struct form_pack *pack, const char *stem, size_t length)
{
	char *name = memory_copy_bytes(stem, length);
	int table = form_table_find(pack, name);

	memory_free(name);
	return table;
}

struct import_name import_name_in(const struct form_pack *pack, const char *path)
{
	struct import_name name = {.table = -1};
	const char *slash = strrchr(path, '/'), *stem = slash != NULL ? slash + 1 : path;
	const char *dot = strrchr(stem, '.');
	size_t length = dot != NULL ? (size_t)(dot - stem) : strlen(stem);
	size_t number = strspn(stem, "0123456789"), digits;

	if (number > 0 && stem[number] == '-' && number < length) {
		stem += number + 1;
		length -= number + 1;
	}
	length = without(stem, length, "-template");
	length = without(stem, without(stem, length, "-head"), "-indicators");
	name.table = find_table(pack, stem, length);
	for (digits = 0; digits < length && strchr("0123456789", stem[length - digits - 1]) != NULL;)
		digits++;
	if (name.table >= 0 || digits == 0 || digits > 6 || digits + 1 >= length || stem[length - digits - 1] != '-')
		return name;
	name.table = find_table(pack, stem, length - digits - 1);
	if (name.table >= 0)
		name.number = strtoul(stem + length - digits, NULL, 10);
	return name;
}
