#include <string.h>

#include "base/text.h"
#include "cli/command.h"

static void add_point(struct buffer *out, uint32_t point)
{
	char bytes[4];

	if (point == '"' || point == '\\')
		buffer_format(out, "\\%c", (char)point);
	else if (point == '\n')
		buffer_add(out, "\\n");
	else if (point < 0x20 || point == 0x7F)
		buffer_format(out, "\\u%04x", point);
	else
		buffer_add_bytes(out, bytes, text_encode(point, bytes));
}

void json_member(struct buffer *out, const char *name, const char *text, bool first)
{
	size_t length = strlen(text), taken;
	uint32_t point;

	buffer_format(out, "%s\"%s\":\"", first ? "" : ",", name);
	while ((taken = text_decode_bytes(text, length, &point)) > 0) {
		add_point(out, point);
		text += taken;
		length -= taken;
	}
	buffer_add_byte(out, '"');
}
