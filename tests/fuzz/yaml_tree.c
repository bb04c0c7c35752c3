/* Any bytes as YAML: a tree or one error, and screening them piece by piece says the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness/plain.h"
#include "yaml/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct pieces {
	const uint8_t *bytes;
	size_t left, most;
};

static ssize_t next_piece(void *context, void *bytes, size_t room)
{
	struct pieces *pieces = context;
	size_t length = pieces->left < pieces->most ? pieces->left : pieces->most;

	length = length < room ? length : room;
	memcpy(bytes, pieces->bytes, length);
	pieces->bytes += length;
	pieces->left -= length;
	return (ssize_t)length;
}

static size_t count(const struct yaml_node *node, size_t depth)
{
	size_t nodes = 1;

	if (depth > 32)
		abort();
	for (size_t i = 0; i < node->count; i++) {
		nodes += count(node->items[i], depth + 1);
		if (node->kind == YAML_MAP && yaml_get(node, node->keys[i]->text) != node->items[i])
			abort();
	}
	return nodes;
}

/* The first byte: how long the pieces are. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag_list diags = {0}, screened = {0};

	if (size < 1)
		return 0;
	struct arena *arena = arena_new();
	struct pieces pieces = {data + 1, size - 1, 1 + (size_t)data[0]};
	struct yaml_node *root =
		yaml_parse(arena, arena, (const char *)data + 1, size - 1, "a.yaml", &yaml_limits_workbook, &diags);
	bool passed = yaml_screen(next_piece, &pieces, "a.yaml", &yaml_limits_workbook, &screened);
	if ((root == NULL) != (diags.count == 1) || passed != (screened.count == 0))
		abort();
	if (root != NULL && !passed)
		abort();
	if (root == NULL && passed && strstr(diag_first_error(&diags), "已经写过") == NULL)
		abort();
	if (root != NULL)
		count(root, 1);
	plain_sentences(&diags);
	diag_list_done(&diags);
	plain_sentences(&screened);
	diag_list_done(&screened);
	arena_free(arena);
	return 0;
}
