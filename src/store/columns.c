#include "store/columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/decimal.h"
#include "base/memory.h"

/* `row` is the key under which a row's own name stands. */
static bool is_word_of(const struct form_table *table, int leaf, const char *word)
{
	return strcmp(word, "row") != 0 && form_leaf_find(table, word, table->leaves[leaf]->block) == leaf;
}

/* `own`, or behind the name of its group; NULL: neither is the leaf's alone. The caller frees. */
static char *word_with_group(const struct form_table *table, int leaf, const char *own)
{
	const struct form_column *group = table->leaves[leaf]->parent;
	const char *const above[] = {NULL, group != NULL ? group->name : NULL, group != NULL ? group->id : NULL};
	struct buffer word = {0};

	for (size_t i = 0; own != NULL && i < sizeof(above) / sizeof(above[0]); i++) {
		if (i > 0 && above[i] == NULL)
			continue;
		buffer_clear(&word);
		buffer_format(&word, "%s%s%s", i > 0 ? above[i] : "", i > 0 ? "." : "", own);
		if (is_word_of(table, leaf, buffer_text(&word)))
			return buffer_take(&word);
	}
	buffer_done(&word);
	return NULL;
}

char *column_word(const struct form_table *table, int leaf)
{
	const struct form_column *column = table->leaves[leaf];
	char *word = word_with_group(table, leaf, column->name);
	struct buffer number = {0};

	if (word == NULL && is_word_of(table, leaf, column->path))
		word = memory_copy_string(column->path);
	if (word == NULL)
		word = word_with_group(table, leaf, column->id);
	if (word != NULL)
		return word;
	buffer_format(&number, "#%d", leaf);
	return buffer_take(&number);
}

int column_of_word(const struct form_table *table, const char *word, int block)
{
	int leaf = -1;

	if (word[0] != '#')
		return form_leaf_find(table, word, block);
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
