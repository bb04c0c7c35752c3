/* The name that was probably meant, for messages about a name that is not there. */
#ifndef YUBIAO_BASE_LIKENESS_H
#define YUBIAO_BASE_LIKENESS_H

#include <stddef.h>

struct likeness {
	const char *wanted;
	const char *best; /* borrowed from what was offered; NULL: nothing resembles it */
	size_t distance;
};
struct likeness likeness_to(const char *wanted);
void likeness_offer(struct likeness *likeness, const char *candidate);

#endif
