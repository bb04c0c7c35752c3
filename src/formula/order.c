/* Order by Kahn's method: a node is ranked once all that it reads are. What stays unranked holds every
 * cycle; only then, on the way to an error message, the shortest one is sought by breadth-first searches. */
#include "formula/order.h"

#include <stdint.h>

#include "base/memory.h"

#define NOWHERE SIZE_MAX

/* Who reads a node: readers[first[node]] to readers[first[node + 1]]. */
struct graph {
	size_t count;
	size_t *first, *readers;
	size_t *waiting; /* how many reads of a node are not ranked yet */
	size_t *queue;
};

static void graph_init(struct graph *graph, size_t count, const struct order_edge *edges, size_t edge_count)
{
	graph->count = count;
	graph->first = memory_new_array(count + 2, sizeof(size_t));
	graph->readers = memory_new_array(edge_count + 1, sizeof(size_t));
	graph->waiting = memory_new_array(count + 1, sizeof(size_t));
	graph->queue = memory_new_array(count + 1, sizeof(size_t));
	/* Counted two places ahead, so that filling in moves every beginning to its place. */
	for (size_t i = 0; i < edge_count; i++) {
		graph->first[edges[i].from + 2]++;
		graph->waiting[edges[i].to]++;
	}
	for (size_t node = 2; node <= count; node++)
		graph->first[node] += graph->first[node - 1];
	for (size_t i = 0; i < edge_count; i++)
		graph->readers[graph->first[edges[i].from + 1]++] = edges[i].to;
}

static void graph_done(struct graph *graph)
{
	memory_free(graph->first);
	memory_free(graph->readers);
	memory_free(graph->waiting);
	memory_free(graph->queue);
}

/* Ranks what can be ranked; the number of nodes ranked. */
static size_t rank_nodes(struct graph *graph, int *rank)
{
	size_t ready = 0;
	for (size_t node = 0; node < graph->count; node++) {
		rank[node] = 0;
		if (graph->waiting[node] == 0)
			graph->queue[ready++] = node;
	}
	for (size_t done = 0; done < ready; done++) {
		size_t node = graph->queue[done];
		for (size_t i = graph->first[node]; i < graph->first[node + 1]; i++) {
			size_t reader = graph->readers[i];
			if (rank[reader] <= rank[node])
				rank[reader] = rank[node] + 1;
			if (--graph->waiting[reader] == 0)
				graph->queue[ready++] = reader;
		}
	}
	return ready;
}

/* The length of a shortest way from `start` back to itself, 0 if there is none below `limit`; `from` then
 * leads back along it from `start`. */
static size_t search_cycle(const struct graph *graph, size_t start, size_t limit, size_t *from,
			   size_t *distance)
{
	size_t ready = 0;
	for (size_t node = 0; node < graph->count; node++)
		from[node] = NOWHERE;
	distance[start] = 0;
	graph->queue[ready++] = start;
	for (size_t done = 0; done < ready; done++) {
		size_t node = graph->queue[done];
		if (distance[node] + 1 >= limit)
			return 0;
		for (size_t i = graph->first[node]; i < graph->first[node + 1]; i++) {
			size_t reader = graph->readers[i];
			if (graph->waiting[reader] == 0 || from[reader] != NOWHERE)
				continue;
			from[reader] = node;
			if (reader == start)
				return distance[node] + 1;
			distance[reader] = distance[node] + 1;
			graph->queue[ready++] = reader;
		}
	}
	return 0;
}

static size_t find_cycle(const struct graph *graph, size_t *cycle)
{
	size_t best = 0;
	size_t *from = memory_new_array(graph->count, sizeof(*from));
	size_t *distance = memory_new_array(graph->count, sizeof(*distance));
	for (size_t start = 0; start < graph->count && best != 1; start++) {
		if (graph->waiting[start] == 0)
			continue;
		size_t length = search_cycle(graph, start, best ? best : graph->count + 1, from, distance);
		if (length == 0)
			continue;
		best = length;
		size_t node = from[start];
		cycle[0] = start;
		for (size_t i = length; i-- > 1; node = from[node])
			cycle[i] = node;
	}
	memory_free(from);
	memory_free(distance);
	return best;
}

bool order_rank(size_t count, const struct order_edge *edges, size_t edge_count, int *rank, size_t *cycle,
		size_t *cycle_length)
{
	struct graph graph;
	graph_init(&graph, count, edges, edge_count);
	bool acyclic = rank_nodes(&graph, rank) == count;
	*cycle_length = acyclic ? 0 : find_cycle(&graph, cycle);
	graph_done(&graph);
	return acyclic;
}
