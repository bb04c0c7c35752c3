#include "base/delimited.h"

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define GUESS_LINES 20

/* Cells are moved together within the text while it is read: `to` never overtakes `from`, since every cell has
 * a delimiter, or the end of the text, behind it for its NUL. */
struct cutter {
	struct delimited *out;
	char *from, *to;
	const char *end;
	unsigned line;
	struct diag_list *diags;
};

static bool is_line_end(char byte)
{
	return byte == '\n' || byte == '\r';
}

/* ---- which separator ---- */

/* Bytes of a first line `sep=;` with its end, 0 if there is none. */
static size_t hint_length(const char *text, size_t length)
{
	size_t taken = 5;

	if (length < 5 || strncmp(text, "sep=", 4) != 0 || strchr(",;\t", text[4]) == NULL)
		return 0;
	if (taken < length && !is_line_end(text[taken]))
		return 0;
	if (taken < length && text[taken] == '\r')
		taken++;
	if (taken < length && text[taken] == '\n')
		taken++;
	return taken;
}

/* The one that most of the first lines have, outside quotes; of equals the tab, then the comma. */
static char guess(const char *text, size_t length)
{
	static const char marks[] = "\t,;";
	size_t lines_with[3] = {0};
	bool here[3] = {false}, quoted = false;
	size_t best = 0;

	for (size_t i = 0, line = 0; i < length && line < GUESS_LINES; i++) {
		const char *mark = text[i] != '\0' ? strchr(marks, text[i]) : NULL;

		if (text[i] == '"')
			quoted = !quoted;
		if (mark != NULL && !quoted)
			here[mark - marks] = true;
		if (quoted || (text[i] != '\n' && i + 1 < length))
			continue;
		line++;
		for (size_t k = 0; k < 3; k++) {
			lines_with[k] += here[k];
			here[k] = false;
		}
	}
	for (size_t k = 1; k < 3; k++)
		if (lines_with[k] > lines_with[best])
			best = k;
	return lines_with[best] > 0 ? marks[best] : ',';
}

/* ---- cells ---- */

static unsigned column_of(const struct cutter *cutter)
{
	const struct delimited *out = cutter->out;

	return (unsigned)(out->cell_count - out->rows[out->row_count - 1].first) + 1;
}

static bool refuse(const struct cutter *cutter, unsigned line, const char *sentence)
{
	diag_add(cutter->diags, DIAG_ERROR, NULL, line, column_of(cutter), "%s", sentence);
	return false;
}

static bool refuse_control(const struct cutter *cutter, uint32_t point)
{
	if (point == 0)
		return refuse(cutter, cutter->line,
			      _("有一个空字符（NUL）：这不是文本，或者文件坏了；请在电子表格里重新另存为 CSV。"));
	diag_add(cutter->diags, DIAG_ERROR, NULL, cutter->line, column_of(cutter),
		 _("有一个控制字符（U+%04X），它不能显示也不能打印：请删去它。"), (unsigned)point);
	return false;
}

/* Takes one character of a cell; false if it is one that no text holds. */
static bool take(struct cutter *cutter)
{
	uint32_t point;
	size_t taken = text_decode_bytes(cutter->from, (size_t)(cutter->end - cutter->from), &point);

	if ((point < 0x20 && point != '\t' && point != '\n') || (point >= 0x7F && point < 0xA0))
		return refuse_control(cutter, point);
	memmove(cutter->to, cutter->from, taken);
	cutter->to += taken;
	cutter->from += taken;
	return true;
}

/* Takes a line end within quotes, as \n. */
static void take_line_end(struct cutter *cutter)
{
	if (*cutter->from == '\r' && cutter->from + 1 < cutter->end && cutter->from[1] == '\n')
		cutter->from++;
	cutter->from++;
	*cutter->to++ = '\n';
	cutter->line++;
}

static bool ends_cell(const struct cutter *cutter, const char *at)
{
	return at >= cutter->end || *at == cutter->out->separator || is_line_end(*at);
}

static bool cut_plain(struct cutter *cutter)
{
	while (!ends_cell(cutter, cutter->from))
		if (!take(cutter))
			return false;
	return true;
}

/* Where the quotes that begin here are closed, NULL if they never are; *spans: a delimiter stands between. */
static const char *closing_quote(const struct cutter *cutter, bool *spans)
{
	const char *at = cutter->from + 1;

	*spans = false;
	for (; at < cutter->end; at++) {
		if (*at == '"' && (at + 1 >= cutter->end || at[1] != '"'))
			return at;
		if (*at == '"')
			at++;
		else
			*spans = *spans || *at == cutter->out->separator || is_line_end(*at);
	}
	return NULL;
}

static bool cut_quoted(struct cutter *cutter)
{
	unsigned line = cutter->line;
	bool spans;
	const char *close = closing_quote(cutter, &spans), *behind = close;

	if (close == NULL)
		return refuse(cutter, line, _("引号从这里开始，到文末也没有结束：请补上后一半引号，或删去这个引号。"));
	do
		behind++;
	while (behind < cutter->end && *behind == ' ' && cutter->out->separator != ' ');
	if (!ends_cell(cutter, behind)) {
		/* "Quoted" words at the beginning of a cell that is not in quotes. */
		if (!spans)
			return cut_plain(cutter);
		return refuse(cutter, line,
			      _("这一格的引号结束之后还有字：格里的引号要写成两个，或者有一个引号没有成对。"));
	}
	cutter->from++;
	while (cutter->from < close) {
		if (*cutter->from == '"')
			cutter->from++;
		if (is_line_end(*cutter->from))
			take_line_end(cutter);
		else if (!take(cutter))
			return false;
	}
	cutter->from += behind - close;
	return true;
}

static bool cut_cell(struct cutter *cutter)
{
	struct delimited *out = cutter->out;
	char *begin = cutter->to;
	bool cut;

	if (column_of(cutter) > DELIMITED_COLUMNS_MOST)
		return refuse(cutter, cutter->line, _("这一行超过了 512 栏，不像是一张表：请核对文件和分隔符。"));
	if (out->cell_count >= DELIMITED_CELLS_MOST)
		return refuse(cutter, cutter->line, _("到这里已经有 40 万格，超过了一次能导入的：请分成几个文件。"));
	if (cutter->from < cutter->end && *cutter->from == '"')
		cut = cut_quoted(cutter);
	else
		cut = cut_plain(cutter);
	if (!cut)
		return false;
	if (cutter->to - begin > (ptrdiff_t)DELIMITED_CELL_BYTES_MOST)
		return refuse(cutter, cutter->line, _("这一格的文字超过了 64 KB：请核对引号是不是成对。"));
	array_reserve(&out->cells, &out->cell_capacity, out->cell_count, sizeof(*out->cells));
	out->cells[out->cell_count++] = (uint32_t)(begin - out->text.data);
	return true;
}

/* Blank cells at the end of a row take no place. */
static void close_row(struct delimited *out)
{
	struct delimited_row *row = &out->rows[out->row_count - 1];

	row->width = (uint32_t)out->cell_count - row->first;
	while (out->cell_count > row->first) {
		const char *cell = out->text.data + out->cells[out->cell_count - 1];

		if (cell[strspn(cell, " \t\n")] != '\0')
			break;
		out->cell_count--;
	}
	row->count = (uint32_t)out->cell_count - row->first;
}

static bool cut_row(struct cutter *cutter)
{
	struct delimited *out = cutter->out;

	array_reserve(&out->rows, &out->row_capacity, out->row_count, sizeof(*out->rows));
	out->rows[out->row_count++] =
		(struct delimited_row){.line = cutter->line, .first = (uint32_t)out->cell_count};
	if (out->row_count > DELIMITED_LINES_MOST)
		return refuse(cutter, cutter->line, _("超过了 20000 行，一次导入不了这么多：请分成几个文件。"));
	for (;;) {
		char delimiter;

		if (!cut_cell(cutter))
			return false;
		delimiter = cutter->from < cutter->end ? *cutter->from : '\0';
		if (delimiter == '\r' && cutter->from + 1 < cutter->end && cutter->from[1] == '\n')
			cutter->from++;
		*cutter->to++ = '\0';
		if (cutter->from < cutter->end)
			cutter->from++;
		if (delimiter != out->separator)
			break;
	}
	cutter->line++;
	close_row(out);
	return true;
}

enum status delimited_read(struct delimited *out, struct buffer *text, char separator, struct diag_list *diags)
{
	struct cutter cutter = {.out = out, .diags = diags, .line = 1};
	size_t hint;

	*out = (struct delimited){.text = *text, .separator = separator};
	*text = (struct buffer){0};
	if (out->text.length == 0)
		return STATUS_OK;
	cutter.from = cutter.to = out->text.data;
	cutter.end = out->text.data + out->text.length;
	hint = separator == '\0' ? hint_length(cutter.from, out->text.length) : 0;
	if (hint > 0) {
		out->separator = cutter.from[4];
		cutter.from += hint;
		cutter.line++;
	} else if (separator == '\0') {
		out->separator = guess(cutter.from, out->text.length);
	}
	while (cutter.from < cutter.end)
		if (!cut_row(&cutter))
			return STATUS_INVALID;
	while (out->row_count > 0 && out->rows[out->row_count - 1].count == 0)
		out->row_count--;
	return STATUS_OK;
}

void delimited_done(struct delimited *text)
{
	buffer_done(&text->text);
	memory_free(text->cells);
	memory_free(text->rows);
	*text = (struct delimited){0};
}

const char *delimited_cell(const struct delimited *text, size_t row, size_t column)
{
	const struct delimited_row *cells = &text->rows[row];

	return column < cells->count ? text->text.data + text->cells[cells->first + column] : "";
}

unsigned delimited_line(const struct delimited *text, size_t row, size_t column)
{
	unsigned line = text->rows[row].line;

	for (size_t i = 0; i < column; i++)
		for (const char *at = strchr(delimited_cell(text, row, i), '\n'); at != NULL; at = strchr(at + 1, '\n'))
			line++;
	return line;
}
