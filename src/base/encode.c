#include "base/encode.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

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

/* Adds what can be converted; *taken: the bytes of the input that were. */
static enum status convert(struct buffer *out, const char *bytes, size_t length, const char *encoding, size_t *taken,
			   struct diag_list *diags)
{
	struct conversion conversion = {.input = (char *)bytes, .left = length, .out = out};
	enum status status = start(&conversion, "UTF-8", encoding, encoding, diags);

	*taken = 0;
	if (status != STATUS_OK)
		return status;
	if (run(&conversion) != 0)
		status = STATUS_INVALID;
	*taken = length - conversion.left;
	iconv_close(conversion.handle);
	return status;
}

static void cut_back(struct buffer *out, size_t length)
{
	if (out->length <= length)
		return;
	out->length = length;
	out->data[length] = '\0';
}

enum status encode_to_utf8(struct buffer *out, const char *bytes, size_t length, const char *encoding,
			   struct diag_list *diags)
{
	size_t before = out->length, taken;
	enum status status = convert(out, bytes, length, encoding, &taken, diags);

	if (status == STATUS_INVALID) {
		diag_error(diags, _("第 %zu 个字节起不是 %s 编码：请核对文件的编码。"), taken + 1, encoding);
		cut_back(out, before);
	}
	return status;
}

/* ---- text of which it is not known how it is encoded ---- */

static const struct {
	const char *word, *encoding; /* as users write it, as iconv() calls it */
} spellings[] = {
	{"utf-8", "UTF-8"},       {"utf8", "UTF-8"},         {"utf-8-bom", "UTF-8"},   {"gb18030", "GB18030"},
	{"gbk", "GB18030"},       {"gb2312", "GB18030"},     {"utf-16", "UTF-16LE"},   {"utf-16le", "UTF-16LE"},
	{"utf-16be", "UTF-16BE"},
};

const char *encode_find(const char *word)
{
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
		if (strcasecmp(spellings[i].word, word) == 0)
			return spellings[i].encoding;
	return NULL;
}

/* The encoding that the first bytes tell, NULL if they do not; *length: of the mark. */
static const char *mark_of(const char *bytes, size_t available, size_t *length)
{
	static const struct {
		const char *mark;
		size_t length;
		const char *encoding;
	} marks[] = {{"\xEF\xBB\xBF", 3, "UTF-8"}, {"\xFF\xFE", 2, "UTF-16LE"}, {"\xFE\xFF", 2, "UTF-16BE"}};

	*length = 0;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (available >= marks[i].length && memcmp(bytes, marks[i].mark, marks[i].length) == 0) {
			*length = marks[i].length;
			return marks[i].encoding;
		}
	return NULL;
}

/* A few broken bytes among many good characters: UTF-8 that was damaged, not another encoding. */
static bool is_damaged_utf8(const char *bytes, size_t length)
{
	size_t good = 0, broken = 0;

	for (size_t i = 0, taken; i < length; i += taken) {
		uint32_t point;

		taken = text_decode_bytes(bytes + i, length - i, &point);
		good += taken > 1;
		broken += taken == 1 && point == 0xFFFD;
	}
	return broken == 0 || good > 4 * broken;
}

static size_t broken_at(const char *bytes, size_t length)
{
	for (size_t i = 0, taken; i < length; i += taken) {
		uint32_t point;

		taken = text_decode_bytes(bytes + i, length - i, &point);
		if (taken == 1 && point == 0xFFFD)
			return i;
	}
	return length;
}

enum status encode_text(struct buffer *text, const char *encoding, const char **found, size_t *bad)
{
	size_t mark, length;
	const char *told = mark_of(buffer_text(text), text->length, &mark);
	struct buffer converted = {0};
	enum status status;

	if (encoding != NULL && told != NULL && strcmp(encoding, told) != 0)
		mark = 0;
	else if (told != NULL)
		encoding = told;
	else if (encoding == NULL)
		encoding = is_damaged_utf8(buffer_text(text), text->length) ? "UTF-8" : "GB18030";
	*found = encoding;
	length = text->length - mark;
	if (strcmp(encoding, "UTF-8") == 0) {
		*bad = mark + broken_at(buffer_text(text) + mark, length);
		if (*bad < text->length)
			return STATUS_INVALID;
		if (mark > 0)
			memmove(text->data, text->data + mark, length + 1);
		text->length = length;
		return STATUS_OK;
	}
	/* Two bytes of Chinese become three: room for all of it at once, so that nothing is moved about. */
	(void)buffer_room(&converted, length + length / 2 + 1);
	status = convert(&converted, buffer_text(text) + mark, length, encoding, bad, NULL);
	*bad += mark;
	if (status == STATUS_OK) {
		buffer_done(text);
		*text = converted;
	} else {
		buffer_done(&converted);
	}
	return status;
}
