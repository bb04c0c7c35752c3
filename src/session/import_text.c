/* What a cell of an imported text says, whatever the spreadsheet that wrote it has made of it. */
#include <string.h>

#include "base/decimal.h"
#include "base/memory.h"
#include "base/text.h"
#include "session/importer.h"

/* Bytes of the blank that `text` begins with, 0 if it begins with none. */
static size_t blank_length(const char *text)
{
	const char *next = text;
	uint32_t point = text_decode(&next);

	return point == ' ' || point == '\t' || point == '\n' || point == 0xA0 || point == 0x3000
		       ? (size_t)(next - text)
		       : 0;
}

static const char *skip_blanks(const char *text)
{
	size_t length;

	while ((length = blank_length(text)) > 0)
		text += length;
	return text;
}

const char *import_raw(const struct importer *importer, size_t row, size_t column)
{
	return skip_blanks(delimited_cell(importer->text, row, column));
}

size_t import_filled(const struct importer *importer, size_t row, size_t *first)
{
	size_t filled = 0;

	for (size_t i = 0; i < importer->text->rows[row].count; i++)
		if (*import_raw(importer, row, i) != '\0' && filled++ == 0 && first != NULL)
			*first = i;
	return filled;
}

bool import_is_blank_row(const struct importer *importer, size_t row)
{
	return import_filled(importer, row, NULL) == 0;
}

void import_squeeze(struct buffer *out, const char *text)
{
	struct buffer folded = {0};

	buffer_add(out, "");
	text_fold(&folded, text);
	text_squeeze(out, buffer_text(&folded));
	buffer_done(&folded);
}

bool import_same_text(const char *one, const char *other)
{
	struct buffer a = {0}, b = {0};
	bool same;

	import_squeeze(&a, one);
	import_squeeze(&b, other);
	same = strcmp(buffer_text(&a), buffer_text(&b)) == 0;
	buffer_done(&a);
	buffer_done(&b);
	return same;
}

#define CAPTION_MOST 1000 /* bytes; what is longer is a text, and called nothing else */

/* Takes out the digits of 2024年 (a head says the year, or has it filled in) and the marks 【 】. */
static void drop_ornaments(char *text)
{
	static const char year[] = "年", open[] = "【", close[] = "】";
	char *out = text;

	for (const char *at = text; *at != '\0';) {
		bool mark = strncmp(at, open, strlen(open)) == 0 || strncmp(at, close, strlen(close)) == 0;

		if (strncmp(at, year, strlen(year)) == 0 && out - text >= 4 && strspn(out - 4, "0123456789") >= 4)
			out -= 4;
		for (size_t length = mark ? strlen(open) : 1; length > 0; length--, at++)
			if (!mark)
				*out++ = *at;
	}
	*out = '\0';
}

char *import_name_of(const char *caption)
{
	struct buffer squeezed = {0};
	char *name;

	if (strlen(caption) > CAPTION_MOST)
		return memory_copy_string(caption);
	import_squeeze(&squeezed, caption);
	drop_ornaments(squeezed.data);
	name = form_name_of(buffer_text(&squeezed));
	if (*name == '\0') {
		memory_free(name);
		return buffer_take(&squeezed);
	}
	buffer_done(&squeezed);
	return name;
}

bool import_same_name(const char *one, const char *other)
{
	char *a, *b;
	bool same;

	if (strlen(one) > CAPTION_MOST || strlen(other) > CAPTION_MOST)
		return strcmp(one, other) == 0;
	a = import_name_of(one);
	b = import_name_of(other);
	same = *a != '\0' && strcmp(a, b) == 0;
	memory_free(a);
	memory_free(b);
	return same;
}

/* ---- what spreadsheets put around text ---- */

static bool begins_formula(const char *text)
{
	const char *at = skip_blanks(text);
	uint32_t point = text_decode(&at);

	return point == '=' || point == '+' || point == '-' || point == '@' || point == 0xFF1D || point == 0xFF0B ||
	       point == 0xFF0D || point == 0xFF20;
}

/* #REF! #DIV/0! #NAME? #N/A, and ##### where a column was too narrow. */
static bool is_error_value(const char *text)
{
	size_t length = strlen(text);

	if (text[0] != '#' || length < 3)
		return false;
	if (strspn(text, "#") == length || strcmp(text, "#N/A") == 0)
		return true;
	return (text[length - 1] == '!' || text[length - 1] == '?') &&
	       strspn(text + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ/0") == length - 2;
}

/* ="2012901" without what is around it, in `room`; NULL: it is not so written. */
static const char *quoted_by_formula(const char *text, struct buffer *room)
{
	size_t length = strlen(text);

	if (length < 3 || strncmp(text, "=\"", 2) != 0 || text[length - 1] != '"' ||
	    memchr(text + 2, '"', length - 3) != NULL)
		return NULL;
	buffer_clear(room);
	buffer_add_bytes(room, text + 2, length - 3);
	return buffer_text(room);
}

const char *import_plain(const struct importer *importer, size_t row, size_t column, bool words,
			 struct buffer *room)
{
	const char *whole = delimited_cell(importer->text, row, column), *text = skip_blanks(whole), *quoted;

	if (*text == '\'' && (!words || begins_formula(text + 1) ||
			      (text[1] != '\0' && strspn(text + 1, "0123456789") == strlen(text + 1))))
		return words ? text + 1 : skip_blanks(text + 1);
	quoted = quoted_by_formula(text, room);
	if (quoted != NULL)
		return quoted;
	if (*text == '=' || is_error_value(text))
		return NULL;
	return words ? whole : text;
}

/* ---- figures and units ---- */

bool import_is_void(const char *text)
{
	struct buffer squeezed = {0};
	const char *at;
	bool is_void = true;

	import_squeeze(&squeezed, text);
	at = buffer_text(&squeezed);
	while (*at != '\0' && is_void) {
		uint32_t point = text_decode(&at);

		is_void = point == '-' || point == '/' || (point >= 0x2010 && point <= 0x2015) || point == 0x2212 ||
			  point == 0x2500 || point == 0x2501 || point == 0x30FC;
	}
	buffer_done(&squeezed);
	return is_void;
}

bool import_is_figure(const char *text)
{
	size_t length = strlen(text);
	struct buffer bare = {0};
	int64_t number;
	bool is_figure;

	if (length > 0 && text[length - 1] == '%')
		length--;
	buffer_add_bytes(&bare, text, length);
	is_figure = decimal_parse(&number, buffer_text(&bare), (struct decimal_format){.power = 6, .money = true},
				  NULL) == STATUS_OK;
	buffer_done(&bare);
	return is_figure;
}

/* Bytes of `text` up to what cannot belong to the name of a unit. */
static size_t unit_length(const char *text)
{
	return strcspn(text, ",;:()[] 、，；");
}

/* The unit whose name begins at `text`, after 人民币 perhaps. */
static bool read_unit(const char *text, const struct form_unit **unit)
{
	static const char currency[] = "人民币", yuan[] = "元";
	size_t length;
	char *name;
	bool is_money;

	if (strncmp(text, currency, strlen(currency)) == 0)
		text += strlen(currency);
	length = unit_length(text);
	name = memory_copy_bytes(text, length);
	is_money = length >= strlen(yuan) && length <= 12 && strcmp(name + length - strlen(yuan), yuan) == 0;
	*unit = is_money ? form_money_unit(name) : NULL;
	memory_free(name);
	return is_money;
}

bool import_unit_in(const char *text, bool bare, const struct form_unit **unit)
{
	static const char mark[] = "单位:";
	struct buffer squeezed = {0};
	bool said = false;

	import_squeeze(&squeezed, text);
	for (const char *at = strstr(squeezed.data, mark); at != NULL && !said; at = strstr(at + 1, mark))
		said = read_unit(at + strlen(mark), unit);
	for (const char *at = strchr(squeezed.data, '('); bare && at != NULL && !said; at = strchr(at + 1, '('))
		said = at[1 + unit_length(at + 1)] == ')' && read_unit(at + 1, unit);
	buffer_done(&squeezed);
	return said;
}

bool import_is_remark(const char *text)
{
	static const char *const beginnings[] = {
		"注:",	    "注1",	"备注:",    "说明:",	  "附注:",    "填表人",	  "填表:",    "填表日期",
		"制表人",   "制表:",	"制单人",   "制单:",	  "填报人",   "填报日期", "编制人:",  "编制日期",
		"审核人",   "审核:",	"复核人",   "复核:",	  "经办人",   "经办:",	  "负责人",   "单位负责人",
		"联系",	    "打印日期", "打印时间", "单位公章",   "(公章)"};
	struct buffer squeezed = {0};
	bool is_remark = false;

	import_squeeze(&squeezed, text);
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]) && !is_remark; i++)
		is_remark = strncmp(buffer_text(&squeezed), beginnings[i], strlen(beginnings[i])) == 0;
	buffer_done(&squeezed);
	return is_remark;
}
