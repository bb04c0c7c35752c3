#include "base/likeness.h"

#include <stdint.h>

#include "base/text.h"

#define POINTS_MOST 64

static size_t take_points(const char *text, uint32_t points[POINTS_MOST])
{
	size_t count = 0;

	while (count < POINTS_MOST && (points[count] = text_decode(&text)) != 0)
		count++;
	return count;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many characters must be put in, left out or replaced to make the one text into the other. */
static size_t edit_distance(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count)
{
	size_t row[POINTS_MOST + 1];

	for (size_t j = 0; j <= b_count; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_count; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b_count; j++) {
			size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
			diagonal = row[j];
			row[j] = least(replaced, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[b_count];
}

struct likeness likeness_to(const char *wanted)
{
	return (struct likeness){.wanted = wanted};
}

void likeness_offer(struct likeness *likeness, const char *candidate)
{
	uint32_t a[POINTS_MOST], b[POINTS_MOST];
	size_t a_count, b_count, distance;

	if (candidate == NULL || candidate[0] == '\0')
		return;
	a_count = take_points(likeness->wanted, a);
	b_count = take_points(candidate, b);
	distance = edit_distance(a, a_count, b, b_count);
	/* One that shares less than half of its characters was not meant. */
	if (distance * 2 > (a_count > b_count ? a_count : b_count))
		return;
	if (likeness->best == NULL || distance < likeness->distance) {
		likeness->best = candidate;
		likeness->distance = distance;
	}
}
