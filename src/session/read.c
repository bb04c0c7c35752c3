/* What was typed, pasted or written in a script, as the operation that enters it: every type of column reads
 * text in its own way. */
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/memory.h"
#include "base/text.h"
#include "session/session.h"
#include "session/state.h"

#define WHOLE 1000000 /* counts and numbers are kept in millionths */
#define DATE_SIZE 11  /* 2018-12-31 with its NUL */

void session_tidy(struct buffer *out, const char *text)
{
	struct buffer folded = {0};
	const char *from;
	size_t length;

	text_fold(&folded, text);
	from = buffer_text(&folded);
	from += strspn(from, " \t\r\n");
	length = strlen(from);
	while (length > 0 && strchr(" \t\r\n", from[length - 1]) != NULL)
		length--;
	buffer_add_bytes(out, from, length);
	buffer_done(&folded);
}

bool session_is_number(enum form_type type)
{
	return type == FORM_MONEY || type == FORM_COUNT || type == FORM_NUMBER || type == FORM_PERCENT;
}

/* Reads `typed`, which is not empty, as a figure of `column`. */
static bool read_number(const struct form_column *column, const char *typed, const struct form_unit *unit,
			int64_t *out, struct diag_list *diags)
{
	struct decimal_format format = {.power = unit->power, .money = column->type == FORM_MONEY};
	struct buffer text = {0};
	bool read;

	buffer_add(&text, typed);
	if (column->type == FORM_PERCENT && text.data[text.length - 1] == '%')
		text.data[--text.length] = '\0';
	read = decimal_parse(out, buffer_text(&text), format, diags) == STATUS_OK;
	buffer_done(&text);
	if (read && column->type == FORM_COUNT && *out % WHOLE != 0) {
		diag_error(diags, _("“%s”带有小数：这里只填整数。"), typed);
		return false;
	}
	return read;
}

/* ---- dates ---- */

static int days_of(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leaps = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leaps);
}

/* Year, month and day of 2018-12-31, 2018.12.31, 2018/12/31, 2018年12月31日 or 20181231. */
static bool split_date(const char *typed, int numbers[3])
{
	static const char *const marks[] = {"年", "月", "日", "-", ".", "/", " "};
	int count = 0;

	if (strlen(typed) == 8 && strspn(typed, "0123456789") == 8)
		return sscanf(typed, "%4d%2d%2d", &numbers[0], &numbers[1], &numbers[2]) == 3;
	while (*typed != '\0') {
		size_t digits = strspn(typed, "0123456789"), mark = 0;

		if (digits > 0 && digits <= 4 && count < 3) {
			numbers[count] = 0;
			for (size_t i = 0; i < digits; i++)
				numbers[count] = numbers[count] * 10 + typed[i] - '0';
			count++;
			typed += digits;
			continue;
		}
		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]) && mark == 0; i++)
			if (strncmp(typed, marks[i], strlen(marks[i])) == 0)
				mark = strlen(marks[i]);
		if (mark == 0 || count == 0)
			return false;
		typed += mark;
	}
	return count == 3;
}

static bool read_date(const char *typed, char out[DATE_SIZE], struct diag_list *diags)
{
	int numbers[3];

	if (!split_date(typed, numbers) || numbers[0] < 1000) {
		diag_error(diags, _("“%s”不是日期：请写成 2018-12-31、2018年12月31日 或 20181231。"), typed);
		return false;
	}
	if (numbers[1] < 1 || numbers[1] > 12 || numbers[2] < 1 ||
	    numbers[2] > days_of(numbers[0], numbers[1])) {
		diag_error(diags, _("“%s”不是日期：没有这一天。"), typed);
		return false;
	}
	snprintf(out, DATE_SIZE, "%04u-%02u-%02u", (unsigned)numbers[0] % 10000, (unsigned)numbers[1] % 100,
		 (unsigned)numbers[2] % 100);
	return true;
}

/* ---- choices ---- */

/* The only choice that begins with, or else that holds, `typed`; NULL: none, or several. */
static const char *likely_choice(const struct form_column *column, const char *typed, bool begins)
{
	const char *found = NULL;

	for (int i = 0; i < column->choice_count; i++) {
		const char *place = strstr(column->choices[i], typed);

		if (place == NULL || (begins && place != column->choices[i]))
			continue;
		if (found != NULL)
			return NULL;
		found = column->choices[i];
	}
	return found;
}

static const char *numbered_choice(const struct form_column *column, const char *typed)
{
	int number = 0;

	if (strspn(typed, "0123456789") != strlen(typed) || strlen(typed) > 3)
		return NULL;
	for (; *typed != '\0'; typed++)
		number = number * 10 + *typed - '0';
	return number >= 1 && number <= column->choice_count ? column->choices[number - 1] : NULL;
}

static const char *read_choice(const struct form_column *column, const char *typed, struct diag_list *diags)
{
	struct buffer names = {0};
	const char *found = NULL;

	for (int i = 0; i < column->choice_count && found == NULL; i++)
		if (strcmp(column->choices[i], typed) == 0)
			found = column->choices[i];
	if (found == NULL)
		found = numbered_choice(column, typed);
	if (found == NULL)
		found = likely_choice(column, typed, true);
	if (found == NULL)
		found = likely_choice(column, typed, false);
	if (found != NULL)
		return found;
	for (int i = 0; i < column->choice_count; i++)
		buffer_format(&names, "%s%d %s", i > 0 ? "、" : "", i + 1, column->choices[i]);
	diag_error(diags, _("“%s”不在“%s”可选的项里：%s。"), typed, column->name, buffer_text(&names));
	buffer_done(&names);
	return NULL;
}

/* ---- texts ---- */

/* As it was typed, but without blank lines around it and blanks behind it; one line only unless it is a text.
 */
static bool read_text(const struct form_column *column, const char *text, struct buffer *out,
		      struct diag_list *diags)
{
	bool keeps_lines = column->type == FORM_TEXT;

	text += strspn(text, keeps_lines ? "\r\n" : " \t\r\n");
	text_sanitize(out, text, strlen(text), keeps_lines);
	for (char *tab = out->data; tab != NULL && (tab = strchr(tab, '\t')) != NULL;)
		*tab = ' ';
	while (out->length > 0 && strchr(" \t\r\n", out->data[out->length - 1]) != NULL)
		out->data[--out->length] = '\0';
	if (out->length <= SESSION_TEXT_MOST)
		return true;
	diag_error(diags, _("文字太长：最多约 %d 个汉字，请删短。"), SESSION_TEXT_MOST / 3);
	return false;
}

static bool read_code(const struct form_column *column, const char *text, struct buffer *out,
		      struct diag_list *diags)
{
	session_tidy(out, text);
	if (column->catalogue == NULL || out->length == 0 ||
	    catalogue_level_of(column->catalogue, buffer_text(out)) >= 0)
		return true;
	diag_error(diags, _("“%s”不是%s的编码。"), buffer_text(out), column->catalogue->title);
	return false;
}

static bool read_words(const struct form_column *column, const char *text, struct buffer *out,
		       struct diag_list *diags)
{
	struct buffer typed = {0};
	char date[DATE_SIZE];
	const char *choice;
	bool read = true;

	if (column->type == FORM_CODE)
		return read_code(column, text, out, diags);
	if (column->type != FORM_CHOICE && column->type != FORM_DATE)
		return read_text(column, text, out, diags);
	session_tidy(&typed, text);
	if (typed.length > 0 && column->type == FORM_DATE) {
		read = read_date(buffer_text(&typed), date, diags);
		if (read)
			buffer_add(out, date);
	} else if (typed.length > 0) {
		choice = read_choice(column, buffer_text(&typed), diags);
		read = choice != NULL;
		if (read)
			buffer_add(out, choice);
	}
	buffer_done(&typed);
	return read;
}

/* ---- cells ---- */

/* True if the cell says the name, or the code, of an entry, which all tables that show the entry share. */
static bool names_entry(const struct form_table *table, const char *key, int leaf)
{
	const struct form_column *column = table->leaves[leaf];

	if (session_entry_of_key(key) == 0 || strchr(key, '/') != NULL || column->block < 0)
		return false;
	if (column->type == FORM_CAPTION)
		return table->blocks[column->block].caption_leaf == leaf;
	return column->type == FORM_CODE && table->blocks[column->block].code_leaf == leaf;
}

static struct operation words_operation(const struct form_table *table, const char *key, int leaf,
					const char *text)
{
	enum form_type type = table->leaves[leaf]->type;
	bool is_field = table->fields_class >= 0 && table->leaves[leaf]->block == 0;

	if (!names_entry(table, key, leaf))
		return operation_cell_text(table->index, key, leaf, text);
	return operation_entry(type == FORM_CODE ? OPERATION_ENTRY_CODE : OPERATION_ENTRY_NAME,
			       is_field ? table->each : table->list, key, text, 0);
}

bool session_read_cell(const struct form_table *table, const char *key, int leaf, const char *text,
		       const struct form_unit *unit, bool control, struct operation *out,
		       struct diag_list *diags)
{
	const struct form_column *column = table->leaves[leaf];
	struct buffer typed = {0};
	int64_t number = 0;
	bool blank, read = true;

	if (!session_is_number(column->type)) {
		if (control) {
			diag_error(diags, _("《%s》的“%s”不是填数的栏。"), table->name, column->name);
			return false;
		}
		read = read_words(column, text, &typed, diags);
		if (read)
			*out = words_operation(table, key, leaf, buffer_text(&typed));
		buffer_done(&typed);
		return read;
	}
	session_tidy(&typed, text);
	blank = typed.length == 0;
	if (!blank)
		read = read_number(column, buffer_text(&typed), unit != NULL ? unit : &column->unit, &number,
				   diags);
	buffer_done(&typed);
	if (read)
		*out = control ? operation_control(table->index, key, leaf, blank, number)
			       : operation_figure(table->index, key, leaf, blank, number);
	return read;
}

bool session_is_filled(const struct workbook *workbook, const struct row *row, int leaf)
{
	const struct form_table *form = workbook_pack(workbook)->tables[row_table(row)];

	if (workbook_rule(workbook, row, leaf)->kind != FORM_ENTERED || names_entry(form, row_key(row), leaf))
		return false;
	if (session_is_number(form->leaves[leaf]->type))
		return !workbook_value(workbook, row, leaf).blank;
	return *workbook_text(workbook, row, leaf, false) != '\0';
}

void session_cell_text(const struct session *session, const struct row *row, int leaf,
		       const struct form_unit *unit, struct buffer *out)
{
	const struct workbook *workbook = session->workbook;
	const struct form_table *form = session->pack->tables[row_table(row)];
	const struct form_column *column = form->leaves[leaf];
	struct value value;

	if (session_is_number(column->type)) {
		value = workbook_value(workbook, row, leaf);
		workbook_exact_text(&value, unit != NULL ? unit : &column->unit, out);
	} else if (row_entry(row) != NULL && names_entry(form, row_key(row), leaf)) {
		buffer_add(out, column->type == FORM_CODE ? entry_code(row_entry(row))
							  : entry_name(row_entry(row)));
	} else if (column->type == FORM_CODE && workbook_rule(workbook, row, leaf)->kind != FORM_ENTERED) {
		buffer_add(out, row_code(row));
	} else if (column->type == FORM_CAPTION) {
		buffer_add(out, row_caption(row));
	} else if (column->type != FORM_ORDINAL) {
		buffer_add(out, workbook_text(workbook, row, leaf, false));
	}
}
