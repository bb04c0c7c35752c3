/* libyaml's emitter, told how each scalar is to look. It escapes characters beyond U+FFFF although UTF-8
 * can hold them, which would make rare characters in names unreadable. So every text with a backslash is
 * put in double quotes: then a backslash in the output always begins an escape of ours, and those of such
 * characters can be turned back. */
#include "yaml/write.h"

#include <string.h>
#include <strings.h>
#include <yaml.h>

#include "base/memory.h"
#include "base/text.h"

struct yaml_writer {
	yaml_emitter_t emitter;
	struct buffer raw;
	bool failed; /* the emitter refused an event; its `problem` says why */
};

static int collect(void *context, unsigned char *bytes, size_t length)
{
	struct yaml_writer *writer = context;

	buffer_add_bytes(&writer->raw, (const char *)bytes, length);
	return 1;
}

static void fail(struct yaml_writer *writer)
{
	if (writer->emitter.error == YAML_MEMORY_ERROR)
		memory_end();
	writer->failed = true;
}

/* Every event goes through here. `made` tells whether it could be initialised, for which nothing but memory can
 * be lacking; the emitter takes it over in any case. */
static void emit(struct yaml_writer *writer, yaml_event_t *event, int made)
{
	if (!made)
		memory_end();
	if (writer->failed)
		yaml_event_delete(event);
	else if (!yaml_emitter_emit(&writer->emitter, event))
		fail(writer);
}

struct yaml_writer *yaml_writer_new(void)
{
	struct yaml_writer *writer = memory_new(sizeof(*writer));
	yaml_event_t event;

	if (!yaml_emitter_initialize(&writer->emitter))
		memory_end();
	yaml_emitter_set_output(&writer->emitter, collect, writer);
	yaml_emitter_set_encoding(&writer->emitter, YAML_UTF8_ENCODING);
	yaml_emitter_set_unicode(&writer->emitter, 1);
	yaml_emitter_set_width(&writer->emitter, -1);
	yaml_emitter_set_indent(&writer->emitter, 2);
	yaml_emitter_set_break(&writer->emitter, YAML_LN_BREAK);
	emit(writer, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
	emit(writer, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1));
	return writer;
}

void yaml_writer_free(struct yaml_writer *writer)
{
	if (writer == NULL)
		return;
	yaml_emitter_delete(&writer->emitter);
	buffer_done(&writer->raw);
	memory_free(writer);
}

void yaml_write_map_begin(struct yaml_writer *writer, bool flow)
{
	yaml_event_t event;

	emit(writer, &event,
	     yaml_mapping_start_event_initialize(&event, NULL, NULL, 1,
						 flow ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE));
}

void yaml_write_map_end(struct yaml_writer *writer)
{
	yaml_event_t event;

	emit(writer, &event, yaml_mapping_end_event_initialize(&event));
}

void yaml_write_list_begin(struct yaml_writer *writer, bool flow)
{
	yaml_event_t event;

	emit(writer, &event,
	     yaml_sequence_start_event_initialize(&event, NULL, NULL, 1,
						  flow ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE));
}

void yaml_write_list_end(struct yaml_writer *writer)
{
	yaml_event_t event;

	emit(writer, &event, yaml_sequence_end_event_initialize(&event));
}

static void write_scalar(struct yaml_writer *writer, const char *text, yaml_scalar_style_t style)
{
	yaml_event_t event;
	struct buffer clean = {0};

	/* libyaml refuses broken UTF-8, and one broken text must not cost the whole document. */
	if (!text_is_utf8(text, strlen(text))) {
		text_sanitize(&clean, text, strlen(text), true);
		text = buffer_text(&clean);
	}
	emit(writer, &event,
	     yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text, (int)strlen(text), 1, 1,
					  style));
	buffer_done(&clean);
}

/* True for what some YAML reader takes for a number, a date or a time: a digit, perhaps behind a sign or a
 * point, then nothing but what numbers of any base are made of. */
static bool looks_like_number(const char *text)
{
	const char *first = text;

	while (*first == '+' || *first == '-' || *first == '.')
		first++;
	return *first >= '0' && *first <= '9' &&
	       first[strspn(first, "0123456789.,_:+-abcdefABCDEFxXoOtTzZ ")] == '\0';
}

/* True for the words that some YAML reader takes for something other than text. */
static bool looks_like_word(const char *text)
{
	static const char *const words[] = {"~", "null", "true", "false", "yes",   "no",    "on", "off",
					    "y", "n",    ".nan", ".inf",  "+.inf", "-.inf", "<<", "="};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

/* The emitter itself quotes a plain scalar where the place or the characters demand it. */
void yaml_write_text(struct yaml_writer *writer, const char *text)
{
	yaml_scalar_style_t style = YAML_PLAIN_SCALAR_STYLE;

	if (strchr(text, '\\') != NULL)
		style = YAML_DOUBLE_QUOTED_SCALAR_STYLE;
	else if (strchr(text, '\n') != NULL)
		style = YAML_LITERAL_SCALAR_STYLE;
	else if (*text == '\0' || looks_like_number(text) || looks_like_word(text))
		style = YAML_DOUBLE_QUOTED_SCALAR_STYLE;
	write_scalar(writer, text, style);
}

void yaml_write_plain(struct yaml_writer *writer, const char *text)
{
	write_scalar(writer, text, YAML_PLAIN_SCALAR_STYLE);
}

/* Eight hexadecimal digits; -1 if they are not. */
static long read_point(const char *digits, size_t length)
{
	long point = 0;

	if (length < 8)
		return -1;
	for (size_t i = 0; i < 8; i++) {
		const char *all = "0123456789ABCDEF";
		const char *digit = digits[i] == '\0' ? NULL : strchr(all, digits[i]);
		if (digit == NULL)
			return -1;
		point = point * 16 + (digit - all);
	}
	return point;
}

/* Copies the document, each escape of a character beyond U+FFFF as the character itself. */
static void restore_wide(struct buffer *out, const char *raw, size_t length)
{
	size_t copied = 0;

	for (size_t i = 0; i + 1 < length; i++) {
		if (raw[i] != '\\')
			continue;
		long point = raw[i + 1] == 'U' ? read_point(raw + i + 2, length - i - 2) : -1;
		if (point >= 0x10000 && !(point >= 0xE0000 && point <= 0xE007F)) {
			char bytes[4];
			buffer_add_bytes(out, raw + copied, i - copied);
			buffer_add_bytes(out, bytes, text_encode((uint32_t)point, bytes));
			copied = i + 10;
			i += 9;
		} else {
			i++;
		}
	}
	buffer_add_bytes(out, raw + copied, length - copied);
}

enum status yaml_writer_finish(struct yaml_writer *writer, struct buffer *out, struct diag_list *diags)
{
	yaml_event_t event;

	emit(writer, &event, yaml_document_end_event_initialize(&event, 1));
	emit(writer, &event, yaml_stream_end_event_initialize(&event));
	if (writer->failed || !yaml_emitter_flush(&writer->emitter)) {
		const char *problem = writer->emitter.problem;
		diag_error(diags, _("写不成 YAML（%s）：请把这句话告诉程序的作者。"), problem != NULL ? problem : "?");
		return STATUS_INVALID;
	}
	restore_wide(out, buffer_text(&writer->raw), writer->raw.length);
	return STATUS_OK;
}
