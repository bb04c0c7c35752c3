/* The order of evaluation of a static graph, and the shortest cycle where there is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "formula/order.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MANY 100000

static void assert_ranked(size_t count, const struct order_edge *edges, size_t edge_count)
{
	int *rank = calloc(count + 1, sizeof(*rank));
	size_t *cycle = calloc(count + 1, sizeof(*cycle)), length = 99;
	assert_non_null(rank);
	assert_non_null(cycle);
	assert_true(order_rank(count, edges, edge_count, rank, cycle, &length));
	assert_int_equal(length, 0);
	for (size_t i = 0; i < count; i++)
		assert_true(rank[i] >= 0);
	for (size_t i = 0; i < edge_count; i++)
		assert_true(rank[edges[i].to] > rank[edges[i].from]);
	free(rank);
	free(cycle);
}

static bool has_edge(const struct order_edge *edges, size_t edge_count, size_t from, size_t to)
{
	for (size_t i = 0; i < edge_count; i++)
		if (edges[i].from == from && edges[i].to == to)
			return true;
	return false;
}

static void assert_cycle(size_t count, const struct order_edge *edges, size_t edge_count, size_t expected)
{
	int rank[16];
	size_t cycle[16], length = 0;
	assert_false(order_rank(count, edges, edge_count, rank, cycle, &length));
	assert_int_equal(length, expected);
	for (size_t i = 0; i < length; i++) {
		assert_true(has_edge(edges, edge_count, cycle[i], cycle[(i + 1) % length]));
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(cycle[i], cycle[k]);
	}
}

static void test_readers_come_later(void **state)
{
	static const struct order_edge edges[] = {{4, 3}, {3, 0}, {4, 0}, {2, 0}, {1, 2}, {4, 3}};
	(void)state;
	assert_ranked(6, edges, COUNT(edges));
	assert_ranked(6, NULL, 0);
	assert_ranked(0, NULL, 0);
}

static void test_a_long_chain_takes_no_stack(void **state)
{
	struct order_edge *edges = calloc(MANY, sizeof(*edges));
	(void)state;
	assert_non_null(edges);
	for (size_t i = 0; i < MANY; i++)
		edges[i] = (struct order_edge){.from = i + 1, .to = i};
	assert_ranked(MANY + 1, edges, MANY);
	free(edges);
}

static void test_a_node_that_reads_itself(void **state)
{
	static const struct order_edge edges[] = {{0, 1}, {1, 2}, {2, 0}, {4, 4}, {4, 5}};
	int rank[6];
	size_t cycle[6], length;
	(void)state;
	assert_cycle(6, edges, COUNT(edges), 1);
	assert_false(order_rank(6, edges, COUNT(edges), rank, cycle, &length));
	assert_int_equal(cycle[0], 4);
}

static void test_the_shortest_cycle_is_named(void **state)
{
	/* 0 1 2 3 4 in a ring, 5 6 7 in another, a bridge and a tail, and a short cut that makes 1 2 3 a
	 * ring. */
	static const struct order_edge rings[] = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 0}, {4, 5},
						  {5, 6}, {6, 7}, {7, 5}, {7, 8}, {9, 0}};
	static const struct order_edge shorter[] = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 0}, {3, 2}, {9, 0}};
	(void)state;
	assert_cycle(10, rings, COUNT(rings), 3);
	assert_cycle(10, rings, 5, 5);
	assert_cycle(10, shorter, COUNT(shorter), 2);
}

static void test_what_only_hangs_on_a_cycle_is_not_in_it(void **state)
{
	static const struct order_edge edges[] = {{0, 1}, {1, 2}, {2, 3}, {3, 2}, {3, 4}, {4, 5}};
	int rank[6];
	size_t cycle[6], length;
	(void)state;
	assert_false(order_rank(6, edges, COUNT(edges), rank, cycle, &length));
	assert_int_equal(length, 2);
	assert_int_equal(cycle[0], 2);
	assert_int_equal(cycle[1], 3);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_readers_come_later),
		cmocka_unit_test(test_a_long_chain_takes_no_stack),
		cmocka_unit_test(test_a_node_that_reads_itself),
		cmocka_unit_test(test_the_shortest_cycle_is_named),
		cmocka_unit_test(test_what_only_hangs_on_a_cycle_is_not_in_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
