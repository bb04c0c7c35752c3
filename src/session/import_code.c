/* Codes as they come: whole or split over columns, without the zeros that a spreadsheet took for nothing, with
 * what it put around them to keep them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/importer.h"

static bool is_digits(const char *text)
{
	return *text != '\0' && strspn(text, "0123456789") == strlen(text);
}

/* 2012901.0 and 2,012,901 are what becomes of codes that were taken for numbers. */
void import_tidy_code(struct buffer *out, const char *text)
{
	struct buffer squeezed = {0};
	size_t digits, zeros;

	import_squeeze(&squeezed, text);
	text = buffer_text(&squeezed);
	text += *text == '\'';
	digits = strspn(text, "0123456789,");
	zeros = text[digits] == '.' ? 1 + strspn(text + digits + 1, "0") : 0;
	if (digits == 0 || text[digits + zeros] != '\0' || zeros == 1 || text[digits - 1] == ',') {
		buffer_add(out, text);
	} else {
		buffer_add(out, "");
		for (size_t i = 0; i < digits; i++)
			if (text[i] != ',')
				buffer_add_byte(out, text[i]);
	}
	buffer_done(&squeezed);
}

bool import_split_code(const char *text, struct buffer *code, struct buffer *name)
{
	static const char between[] = "])-_.、";
	struct buffer squeezed = {0};
	const char *digits, *rest;
	bool split;

	import_squeeze(&squeezed, text);
	digits = buffer_text(&squeezed);
	digits += *digits == '[' || *digits == '(';
	rest = digits + strspn(digits, "0123456789");
	split = rest > digits;
	if (split)
		buffer_add_bytes(code, digits, (size_t)(rest - digits));
	rest += strspn(rest, between);
	split = split && (unsigned char)*rest >= 0x80;
	if (split && name != NULL)
		buffer_add(name, rest);
	if (!split)
		buffer_clear(code);
	buffer_done(&squeezed);
	return split;
}

bool import_has_code_columns(const struct importer *importer)
{
	for (size_t i = 0; i < importer->column_count; i++)
		if (importer->columns[i].level >= 0)
			return true;
	return false;
}

bool import_is_code_part(const struct importer *importer, size_t column)
{
	bool found = false;

	for (size_t row = importer->body; row < importer->end; row++) {
		struct buffer code = {0};
		bool blank, fits;

		import_tidy_code(&code, import_raw(importer, row, column));
		blank = code.length == 0;
		fits = is_digits(buffer_text(&code)) && code.length <= 3;
		buffer_done(&code);
		if (!blank && !fits)
			return false;
		found = found || fits;
	}
	return found;
}

/* ---- whole codes ---- */

/* A code that has lost zeros in front, with them. */
static void complete(const struct importer *importer, struct buffer *code)
{
	const struct catalogue *catalogue = importer->form->coded->catalogue;
	int year = workbook_year(importer->workbook);

	if (!is_digits(buffer_text(code)) || catalogue_level_of(catalogue, buffer_text(code)) >= 0)
		return;
	for (int level = 0; level < catalogue->level_count; level++) {
		struct buffer whole = {0};
		size_t length = catalogue->levels[level].length;

		if (length <= code->length)
			continue;
		buffer_add_repeated(&whole, '0', length - code->length);
		buffer_add(&whole, buffer_text(code));
		if (catalogue_find(catalogue, buffer_text(&whole), year) != NULL) {
			buffer_clear(code);
			buffer_add(code, buffer_text(&whole));
		}
		buffer_done(&whole);
	}
}

/* Reads a code cell, tidied, into `out`; false after noting that it is a formula. */
static bool read_cell(struct importer *importer, size_t row, size_t column, struct buffer *out)
{
	struct buffer room = {0};
	const char *text = import_plain(importer, row, column, false, &room);

	buffer_add(out, "");
	if (text == NULL)
		import_note(importer, IMPORT_IS_PROBLEM, row, column,
			    _("编码“%s”是公式或它的错误值：请在电子表格里改成文本，再另存。"),
			    import_raw(importer, row, column));
	else if (!import_is_void(text) && !import_split_code(text, out, NULL))
		import_tidy_code(out, text);
	buffer_done(&room);
	return text != NULL;
}

/* ---- codes in parts ---- */

static size_t digits_of(const struct catalogue *catalogue, int level)
{
	return catalogue->levels[level].length - (level > 0 ? catalogue->levels[level - 1].length : 0);
}

struct parts {
	struct buffer texts[CATALOGUE_LEVELS_MAX];
	size_t columns[CATALOGUE_LEVELS_MAX];
	int deepest; /* level of the last one given, -1 */
};

/* 00 behind the last part that counts: some systems fill up so. */
static bool is_filler(const struct parts *parts, int level)
{
	const char *text = buffer_text(&parts->texts[level]);

	return level > 0 && strspn(text, "0") == strlen(text);
}

static bool read_parts(struct importer *importer, size_t row, struct parts *parts)
{
	bool read = true;

	parts->deepest = -1;
	for (size_t i = 0; i < importer->column_count; i++) {
		int level = importer->columns[i].level;

		if (level < 0 || level >= CATALOGUE_LEVELS_MAX)
			continue;
		read = read_cell(importer, row, i, &parts->texts[level]) && read;
		parts->columns[level] = i;
		if (parts->texts[level].length > 0 && level > parts->deepest)
			parts->deepest = level;
	}
	while (parts->deepest > 0 && is_filler(parts, parts->deepest))
		parts->deepest--;
	return read;
}

static bool refuse_part(struct importer *importer, size_t row, size_t column, int level, const char *text)
{
	const struct catalogue *catalogue = importer->form->coded->catalogue;

	import_note(importer, IMPORT_IS_PROBLEM, row, column, _("“%s”不是%s的编码：%s是 %zu 位数字。"), text,
		    catalogue->levels[level].name, catalogue->levels[level].name, digits_of(catalogue, level));
	return false;
}

/* Adds one part to `out`: as it is given, whole up to its level, or as in the row above. */
static bool add_part(struct importer *importer, size_t row, const struct parts *parts, int level,
		     struct import_codes *codes, struct buffer *out)
{
	const struct catalogue *catalogue = importer->form->coded->catalogue;
	const char *text = buffer_text(&parts->texts[level]);
	size_t digits = digits_of(catalogue, level), length = strlen(text);

	if (length == 0 && codes->above[level][0] == '\0') {
		import_note(importer, IMPORT_IS_PROBLEM, row, parts->columns[parts->deepest],
			    _("有%s没有%s：上面的行里也没有，不知道它属于哪个%s。"),
			    catalogue->levels[parts->deepest].name, catalogue->levels[level].name,
			    catalogue->levels[level].name);
		return false;
	}
	if (length == 0) {
		buffer_add(out, codes->above[level]);
		return true;
	}
	if (!is_digits(text))
		return refuse_part(importer, row, parts->columns[level], level, text);
	if (level > 0 && length == catalogue->levels[level].length && length > digits &&
	    strncmp(text, buffer_text(out), out->length) == 0)
		text += out->length;
	else if (length > digits)
		return refuse_part(importer, row, parts->columns[level], level, text);
	length = strlen(text);
	if (length < digits)
		buffer_add_repeated(out, '0', digits - length);
	buffer_add(out, text);
	snprintf(codes->above[level], sizeof(codes->above[level]), "%s", buffer_text(out) + out->length - digits);
	return true;
}

/* All of the code stands in the column of its last part. */
static bool take_whole(const struct importer *importer, const struct parts *parts, struct import_codes *codes,
		       struct buffer *out)
{
	const struct catalogue *catalogue = importer->form->coded->catalogue;
	const char *text = buffer_text(&parts->texts[parts->deepest]);

	if (parts->deepest == 0 || !is_digits(text) || strlen(text) != catalogue->levels[parts->deepest].length)
		return false;
	buffer_add(out, text);
	for (int level = 0; level < CATALOGUE_LEVELS_MAX; level++) {
		size_t digits = level <= parts->deepest ? digits_of(catalogue, level) : 0;

		snprintf(codes->above[level], sizeof(codes->above[level]), "%.*s", (int)digits, text);
		text += digits;
	}
	return true;
}

static bool join_parts(struct importer *importer, size_t row, struct import_codes *codes, struct buffer *out)
{
	struct parts parts = {0};
	bool joined = read_parts(importer, row, &parts), words = false;
	int first = 0;

	while (first < parts.deepest && parts.texts[first].length == 0)
		first++;
	words = parts.deepest >= 0 && !is_digits(buffer_text(&parts.texts[first])) && first == parts.deepest;
	if (joined && words) /* 合计, in the first column of a merged cell */
		buffer_add(out, buffer_text(&parts.texts[first]));
	else if (joined && first == parts.deepest)
		words = take_whole(importer, &parts, codes, out);
	for (int level = 0; level <= parts.deepest && joined && !words; level++) {
		char before[sizeof(codes->above[0])];

		memcpy(before, codes->above[level], sizeof(before));
		joined = add_part(importer, row, &parts, level, codes, out);
		for (int below = level + 1; joined && strcmp(before, codes->above[level]) != 0 &&
					    below < CATALOGUE_LEVELS_MAX;
		     below++)
			codes->above[below][0] = '\0';
	}
	for (int level = 0; level < CATALOGUE_LEVELS_MAX; level++)
		buffer_done(&parts.texts[level]);
	return joined;
}

/* 2012900 for 20129, as systems write whose codes are all of one length; 000 for none. */
static void drop_filler(const struct importer *importer, struct buffer *code)
{
	const struct catalogue *catalogue = importer->form->coded->catalogue;
	int level = catalogue_level_of(catalogue, buffer_text(code));

	for (; level >= 0; level--) {
		size_t before = level > 0 ? catalogue->levels[level - 1].length : 0;

		if (strspn(code->data + before, "0") < code->length - before ||
		    catalogue_find(catalogue, code->data, workbook_year(importer->workbook)) != NULL)
			return;
		code->length = before;
		code->data[before] = '\0';
	}
}

bool import_code(struct importer *importer, size_t row, struct import_codes *codes, struct buffer *out)
{
	buffer_add(out, "");
	for (size_t i = 0; i < importer->column_count; i++)
		if (importer->columns[i].level == IMPORT_WHOLE_CODE) {
			if (!read_cell(importer, row, i, out))
				return false;
			complete(importer, out);
			drop_filler(importer, out);
			return true;
		}
	return join_parts(importer, row, codes, out);
}
