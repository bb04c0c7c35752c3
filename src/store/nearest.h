/* The name that was probably meant, for messages about a name that is not there. */
#ifndef YUBIAO_STORE_NEAREST_H
#define YUBIAO_STORE_NEAREST_H

#include <stddef.h>

struct nearest {
	const char *wanted;
	const char *best; /* borrowed from what was offered; NULL: nothing resembles it */
	size_t distance;
};
struct nearest nearest_to(const char *wanted);
void nearest_offer(struct nearest *nearest, const char *candidate);

#endif
