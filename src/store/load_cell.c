/* What a workbook file may say of a cell, by the type of its column. */
#include <string.h>

#include "base/decimal.h"
#include "base/memory.h"
#include "store/columns.h"
#include "store/load.h"

/* `text` less a percent sign at its end, of either width. Added to `out`. */
static void add_without_sign(struct buffer *out, const char *text)
{
	static const char *const signs[] = {"%", "％"};
	size_t length = strlen(text);

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		size_t size = strlen(signs[i]);
		if (length > size && strcmp(text + length - size, signs[i]) == 0) {
			length -= size;
			break;
		}
	}
	buffer_add_bytes(out, text, length);
}

static const char *advice_of(enum form_type type)
{
	switch (type) {
	case FORM_PERCENT:
		return _("百分比请写成 25% 或 25。");
	case FORM_COUNT:
		return _("这一栏是个数，请写整数。");
	default:
		return "";
	}
}

static bool is_whole(const struct form_column *column, int64_t number)
{
	int64_t one = 1;

	for (int i = 0; i < column->unit.power; i++)
		one *= 10;
	return number % one == 0;
}

static bool read_number(struct load *load, const struct form_column *column, const struct yaml_node *node,
			int64_t *number)
{
	struct decimal_format format = {.power = column->unit.power, .money = column->type == FORM_MONEY};
	struct diag_list problems = {0};
	struct buffer text = {0};
	bool good;

	if (column->type == FORM_PERCENT)
		add_without_sign(&text, node->text);
	else
		buffer_add(&text, node->text);
	good = decimal_parse(number, buffer_text(&text), format, &problems) == STATUS_OK;
	if (!good)
		yaml_error(node, load->diags, _("“%s”一栏：%s%s"), column->name, diag_first_error(&problems),
			   advice_of(column->type));
	else if (column->type == FORM_COUNT && !is_whole(column, *number)) {
		yaml_error(node, load->diags, _("“%s”一栏：“%s”不是整数。%s"), column->name, node->text,
			   advice_of(column->type));
		good = false;
	}
	diag_list_done(&problems);
	buffer_done(&text);
	return good;
}

/* A literal block ends in a line end of its own, which nobody wrote. */
static char *without_last_line_ends(const char *text)
{
	size_t length = strlen(text);

	while (length > 0 && text[length - 1] == '\n')
		length--;
	return memory_copy_bytes(text, length);
}

/* Choices, dates and codes are judged by the operation, as when they are typed. NULL: not a text for the
 * column; else the caller frees. */
static char *read_text(struct load *load, const struct form_column *column, const struct yaml_node *node)
{
	char *text = without_last_line_ends(node->text);

	if (column->type == FORM_TEXT || column->type == FORM_MEASURE || strchr(text, '\n') == NULL)
		return text;
	yaml_error(node, load->diags, _("“%s”一栏只能写一行。请并成一行。"), column->name);
	memory_free(text);
	return NULL;
}

bool load_cell(struct load *load, const struct load_place *place, const struct yaml_node *node, bool control,
	       struct operation *out)
{
	const struct form_column *column = load->pack->tables[place->table]->leaves[place->leaf];
	int64_t number;
	bool good;
	char *text;

	if (column_is_text(column)) {
		text = read_text(load, column, node);
		if (text != NULL)
			*out = operation_cell_text(place->table, place->key, place->leaf, text);
		good = text != NULL;
		memory_free(text);
		return good;
	}
	if (!read_number(load, column, node, &number))
		return false;
	*out = control ? operation_control(place->table, place->key, place->leaf, false, number)
		       : operation_figure(place->table, place->key, place->leaf, false, number);
	return true;
}
