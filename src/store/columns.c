#include "store/columns.h"

#include "base/buffer.h"

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
