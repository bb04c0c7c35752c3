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
