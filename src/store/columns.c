#include "store/columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/decimal.h"
#include "base/memory.h"

char *column_word(const struct form_table *table, int leaf)
{
	const struct form_column *column = table->leaves[leaf];
	struct buffer word = {0};

	buffer_add(&word, column->name);
	if (form_leaf_find(table, buffer_text(&word), column->block) == leaf)
		return buffer_take(&word);
	if (column->parent != NULL && column->parent->name != NULL) {
		buffer_clear(&word);
		buffer_format(&word, "%s.%s", column->parent->name, column->name);
		if (form_leaf_find(table, buffer_text(&word), column->block) == leaf)
			return buffer_take(&word);
	}
	buffer_clear(&word);
	buffer_add(&word, column->path);
	return buffer_take(&word);
}

int column_of_word(const struct form_table *table, const char *word)
{
	int leaf = -1;

	if (word[0] != '#')
		return form_leaf_find(table, word, -1);
	if (strlen(word) < 8 && word[1 + strspn(word + 1, "0123456789")] == '\0')
		leaf = atoi(word + 1);
	return leaf >= 0 && leaf < table->leaf_count ? leaf : -1;
}

char *column_word_of_table(const struct form_table *table, int leaf)
{
	char *word = column_word(table, leaf);
	struct buffer number = {0};

	if (word[0] != '#' && form_leaf_find(table, word, -1) == leaf)
		return word;
	memory_free(word);
	if (form_leaf_find(table, table->leaves[leaf]->path, -1) == leaf)
		return memory_copy_string(table->leaves[leaf]->path);
	buffer_format(&number, "#%d", leaf);
	return buffer_take(&number);
}

void column_figure_add(const struct form_column *column, int64_t number, struct buffer *out)
{
	size_t before = out->length;

	decimal_format_exact(out, number, column->unit.power, column->unit.decimals);
	if (column->type == FORM_PERCENT && out->length > before && out->data[out->length - 1] != '%')
		buffer_add_byte(out, '%');
}

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

static bool is_whole(const struct form_column *column, int64_t number)
{
	int64_t one = 1;

	for (int i = 0; i < column->unit.power; i++)
		one *= 10;
	return number % one == 0;
}

bool column_figure_read(const struct form_column *column, const char *text, int64_t *number,
			struct diag_list *diags)
{
	struct decimal_format format = {.power = column->unit.power, .money = column->type == FORM_MONEY};
	struct buffer figure = {0};
	bool good;

	if (column->type == FORM_PERCENT)
		add_without_sign(&figure, text);
	else
		buffer_add(&figure, text);
	good = decimal_parse(number, buffer_text(&figure), format, diags) == STATUS_OK;
	if (good && column->type == FORM_COUNT && !is_whole(column, *number)) {
		diag_error(diags, _("“%s”不是整数。"), text);
		good = false;
	}
	buffer_done(&figure);
	return good;
}

bool column_is_text(const struct form_column *column)
{
	switch (column->type) {
	case FORM_MONEY:
	case FORM_COUNT:
	case FORM_NUMBER:
	case FORM_PERCENT:
		return false;
	default:
		return true;
	}
}

bool column_is_of_entry(const struct form_table *table, const struct row *row, int leaf)
{
	if (row_entry(row) == NULL)
		return false;
	for (int block = 0; block < table->block_count; block++)
		if (leaf == table->blocks[block].code_leaf || leaf == table->blocks[block].caption_leaf)
			return true;
	return false;
}
