#include "base/encode.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "base/text.h"

/* One conversion under way. iconv() takes the input as non-const but does not write to it. */
struct conversion {
	iconv_t handle;
	char *input;
	size_t left;
	struct buffer *out;
};

static enum status start(struct conversion *conversion, const char *to, const char *from, const char *named,
			 struct diag_list *diags)
{
	conversion->handle = iconv_open(to, from);
	if (conversion->handle != (iconv_t)-1)
		return STATUS_OK;
	diag_error(diags, _("本机没有 %s 编码的转换表：请改用 UTF-8，或请管理员安装（Debian 上是 libc-bin 和 locales）。"),
		   named);
	return STATUS_NOT_FOUND;
}

/* Converts until the input ends or iconv() stops at something; 0 or errno (EILSEQ, EINVAL). With input
 * NULL the closing shift sequence is written. */
static int run(struct conversion *conversion)
{
	char room[4096];

	for (;;) {
		char *place = room;
		size_t space = sizeof(room);
		size_t done = iconv(conversion->handle, conversion->input == NULL ? NULL : &conversion->input,
				    &conversion->left, &place, &space);
		int error = done == (size_t)-1 ? errno : 0;
		buffer_add_bytes(conversion->out, room, (size_t)(place - room));
		if (error != E2BIG)
			return error;
	}
}

/* A question mark, in the encoding that is being written. */
static void put_question_mark(struct conversion *conversion)
{
	char mark[] = "?";
	struct conversion other = {.handle = conversion->handle, .input = mark, .left = 1, .out = conversion->out};

	run(&other);
}

enum status encode_from_utf8(struct buffer *out, const char *text, size_t length, const char *encoding, size_t *lost,
			     struct diag_list *diags)
{
	struct conversion conversion = {.input = (char *)text, .left = length, .out = out};
	size_t count = 0;

	enum status status = start(&conversion, encoding, "UTF-8", encoding, diags);
	if (status != STATUS_OK)
		return status;
	while (run(&conversion) != 0 && conversion.left > 0) {
		uint32_t point;
		size_t skipped = text_decode_bytes(conversion.input, conversion.left, &point);
		conversion.input += skipped;
		conversion.left -= skipped;
		put_question_mark(&conversion);
		count++;
	}
	conversion.input = NULL;
	conversion.left = 0;
	run(&conversion);
	iconv_close(conversion.handle);
	if (lost != NULL)
		*lost = count;
	return STATUS_OK;
}

enum status encode_to_utf8(struct buffer *out, const char *bytes, size_t length, const char *encoding,
			   struct diag_list *diags)
{
	struct conversion conversion = {.input = (char *)bytes, .left = length, .out = out};
	size_t before = out->length;

	enum status status = start(&conversion, "UTF-8", encoding, encoding, diags);
	if (status != STATUS_OK)
		return status;
	if (run(&conversion) != 0) {
		diag_error(diags, _("第 %zu 个字节起不是 %s 编码：请核对文件的编码。"), length - conversion.left + 1,
			   encoding);
		status = STATUS_INVALID;
		if (out->length > before) {
			out->length = before;
			out->data[before] = '\0';
		}
	}
	iconv_close(conversion.handle);
	return status;
}
