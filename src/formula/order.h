/* Dependency order of a static graph. Nodes are numbered 0..count-1; edges may be repeated. Cost: nodes +
 * edges. */
#ifndef YUBIAO_FORMULA_ORDER_H
#define YUBIAO_FORMULA_ORDER_H

#include <stdbool.h>
#include <stddef.h>

struct order_edge {
	size_t from, to; /* `to` reads `from` */
};
/* rank[i] >= 0: greater than the rank of every node that i reads, for an acyclic graph. On a cycle
 * returns false and writes the nodes of one shortest cycle to cycle[] (room for `count`), their number to
 * *cycle_length: each node reads the one before it, the first reads the last. An edge from a node to
 * itself is a cycle of one. */
bool order_rank(size_t count, const struct order_edge *edges, size_t edge_count, int *rank, size_t *cycle,
		size_t *cycle_length);

#endif
