#include "store/trailer.h"

#include <inttypes.h>
#include <string.h>

#include "base/digest.h"

void trailer_add(struct buffer *out, size_t rows, uint64_t history)
{
	char digest[DIGEST_TEXT_SIZE];

	digest_sha256(buffer_text(out), out->length, digest);
	buffer_format(out, "end: {rows: %zu, ", rows);
	if (history > 0)
		buffer_format(out, "history: %" PRIu64 ", ", history);
	buffer_format(out, "sha256: %s}\n", digest);
}

static bool is_blank(char byte)
{
	return byte == '\n' || byte == '\r' || byte == ' ' || byte == '\t';
}

bool trailer_find(const char *bytes, size_t length, size_t *offset)
{
	size_t end = length, start;

	while (end > 0 && is_blank(bytes[end - 1]))
		end--;
	for (start = end; start > 0 && bytes[start - 1] != '\n';)
		start--;
	*offset = start;
	return end - start > 4 && memcmp(bytes + start, "end:", 4) == 0;
}

unsigned trailer_last_line(const char *bytes, size_t length)
{
	unsigned line = 1;

	for (size_t i = 0; i + 1 < length; i++)
		if (bytes[i] == '\n')
			line++;
	return line;
}
