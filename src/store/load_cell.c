/* What a workbook file may say of a cell, by the type of its column. */
#include <string.h>

#include "base/memory.h"
#include "store/columns.h"
#include "store/load.h"

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

static bool read_number(struct load *load, const struct form_column *column, const struct yaml_node *node,
			int64_t *number)
{
	struct diag_list problems = {0};
	bool good = column_figure_read(column, node->text, number, &problems);

	if (!good)
		yaml_error(node, load->diags, _("“%s”一栏：%s%s"), column->name, diag_first_error(&problems),
			   advice_of(column->type));
	diag_list_done(&problems);
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
