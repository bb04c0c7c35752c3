#include "yaml/source.h"

#include <string.h>

#include "base/buffer.h"
#include "base/encode.h"
#include "base/text.h"

struct position {
	unsigned line, column; /* from 1 */
};

static void refuse_point(uint32_t point, const char *file, struct position at, struct diag_list *diags)
{
	if (point == '\t' || point == '\n' || point == '\r')
		diag_add(diags, DIAG_ERROR, file, at.line, at.column,
			 _("这段文字里有换行或制表符，又没有加引号：请改成空格，或把文字用引号括起来。"));
	else
		diag_add(diags, DIAG_ERROR, file, at.line, at.column,
			 _("这里有看不见的字符或控制字符（U+%04X）：请删去它。"), (unsigned)point);
}

bool yaml_refuse_dirty(const char *text, size_t length, bool keep_lines, const char *file, unsigned line,
		       unsigned column, struct diag_list *diags)
{
	uint32_t point;

	if (!text_is_dirty(text, length, keep_lines))
		return false;
	for (size_t i = 0, taken; i < length; i += taken) {
		taken = text_decode_bytes(text + i, length - i, &point);
		if (text_is_dirty(text + i, taken, keep_lines)) {
			refuse_point(point, file, (struct position){line, column}, diags);
			break;
		}
	}
	return true;
}

/* Not UTF-8: says which encoding it looks like, since that is what the person has to change. */
static void refuse_encoding(const struct yaml_source *source, struct position at, struct diag_list *diags)
{
	struct buffer converted = {0};
	const char *text = _("文件不是 UTF-8 编码：请用编辑器另存为 UTF-8 后再打开。");

	if (source->length >= 2 &&
	    (memcmp(source->bytes, "\xFF\xFE", 2) == 0 || memcmp(source->bytes, "\xFE\xFF", 2) == 0))
		text = _("文件看来是 UTF-16（“Unicode”）编码：请用编辑器另存为 UTF-8 后再打开。");
	else if (encode_to_utf8(&converted, source->bytes, source->length, "GB18030", NULL) == STATUS_OK)
		text = _("文件看来是 GB18030（GBK）编码：请用编辑器另存为 UTF-8 后再打开。");
	buffer_done(&converted);
	diag_add(diags, DIAG_ERROR, source->file, at.line, at.column, "%s", text);
}

/* Where the byte at `offset` stands. */
static struct position position_at(const struct yaml_source *source, size_t offset)
{
	struct position at = {1, 1};

	for (size_t i = 0, taken; i < offset; i += taken) {
		uint32_t point;
		taken = text_decode_bytes(source->bytes + i, source->length - i, &point);
		if (point == '\r' && source->bytes[i + 1] == '\n')
			taken = 2;
		if (point == '\n' || point == '\r')
			at = (struct position){at.line + 1, 1};
		else
			at.column++;
	}
	return at;
}

bool yaml_source_check(const struct yaml_source *source, struct diag_list *diags)
{
	const char *bytes = source->bytes;
	size_t length = source->length;

	for (size_t i = 0, taken; (i += text_plain_run(bytes + i, length - i)) < length; i += taken) {
		uint32_t point;
		taken = 1;
		if (bytes[i] == '\n' || bytes[i] == '\r')
			continue;
		taken = text_decode_bytes(bytes + i, length - i, &point);
		if (point == 0xFFFD && taken == 1) {
			refuse_encoding(source, position_at(source, i), diags);
			return false;
		}
		if (text_is_dirty(bytes + i, taken, true)) {
			refuse_point(point, source->file, position_at(source, i), diags);
			return false;
		}
	}
	return true;
}

/* ---- piece by piece */

void yaml_feed_refuse(struct yaml_feed *feed, const char *sentence)
{
	diag_add(feed->diags, DIAG_ERROR, feed->file, feed->line, feed->column, "%s", sentence);
	feed->refused = true;
}

static void pass(struct yaml_feed *feed, uint32_t point)
{
	bool ends_line = point == '\n' || point == '\r';

	if (ends_line && !(point == '\n' && feed->after_return))
		feed->line++;
	feed->column = ends_line ? 1 : feed->column + 1;
	feed->after_return = point == '\r';
}

/* Checks what can be decoded and returns its bytes; the rest is the beginning of a character. */
static size_t check_piece(struct yaml_feed *feed, const char *bytes, size_t length, bool is_last)
{
	const struct yaml_source window = {.bytes = bytes, .length = length, .file = feed->file};
	size_t i = 0, taken;

	for (; i < length; i += taken) {
		uint32_t point;
		taken = text_decode_bytes(bytes + i, length - i, &point);
		bool broken = point == 0xFFFD && taken == 1;
		if (broken && !is_last && length - i < sizeof(feed->rest))
			break;
		if (broken) {
			refuse_encoding(&window, (struct position){feed->line, feed->column}, feed->diags);
			feed->refused = true;
			break;
		}
		if (point != '\r' && text_is_dirty(bytes + i, taken, true)) {
			refuse_point(point, feed->file, (struct position){feed->line, feed->column}, feed->diags);
			feed->refused = true;
			break;
		}
		pass(feed, point);
	}
	return i;
}

/* Adds what `more` gives to the rest of last time. False if that failed. */
static bool take_piece(struct yaml_feed *feed, char *bytes, size_t room, size_t *length, bool *is_last)
{
	memcpy(bytes, feed->rest, feed->rest_length);
	ssize_t got = feed->more(feed->context, bytes + feed->rest_length, room - feed->rest_length);
	if (got < 0)
		return false;
	*length = feed->rest_length + (size_t)got;
	*is_last = got == 0;
	if (!feed->begun && *length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
		memmove(bytes, bytes + 3, *length -= 3);
		feed->begun = true;
	}
	return true;
}

size_t yaml_feed_take(struct yaml_feed *feed, char *bytes, size_t room)
{
	size_t length, checked = 0;
	bool is_last = false;

	while (checked == 0 && !is_last && !feed->refused) {
		if (!take_piece(feed, bytes, room, &length, &is_last)) {
			feed->refused = true;
			break;
		}
		checked = check_piece(feed, bytes, length, is_last);
		if (feed->refused)
			break;
		feed->begun = feed->begun || checked > 0;
		feed->rest_length = length - checked;
		memcpy(feed->rest, bytes + checked, feed->rest_length);
	}
	feed->since += checked;
	return feed->refused ? 0 : checked;
}

/* Where the mistake is: at the place where libyaml noticed, or where the thing began that it could not
 * finish. */
enum place { NOTICED, BEGAN };

static const struct problem {
	const char *english;
	enum place place;
	const char *sentence;
} problems[] = {
	{"could not find expected ':'", BEGAN,
	 N_("这一行缺少冒号：名称后面要写“: ”（英文冒号加空格，不是“：”）；若是接着上一行的文字，请缩进到它下面。")},
	{"mapping values are not allowed in this context", NOTICED,
	 N_("这里不能再有“: ”：请检查缩进；文字里若本来就有冒号加空格，请把它用引号括起来。")},
	{"mapping keys are not allowed in this context", NOTICED, N_("这里不能写“? ”：请把文字用引号括起来。")},
	{"block sequence entries are not allowed in this context", NOTICED,
	 N_("这里不能以“- ”开头：请另起一行，并检查缩进。")},
	{"did not find expected '-' indicator", NOTICED,
	 N_("这一行与上面的列表对不齐：列表的每一项都要以“- ”开头，缩进相同。")},
	{"did not find expected key", NOTICED,
	 N_("这一行与上面对不齐：请检查缩进，同一层的名称要左边对齐；带引号的文字后面不能再接文字。")},
	{"did not find expected ',' or '}'", NOTICED,
	 N_("花括号里的内容没有写完：各项之间用英文逗号隔开，最后用“}”结束。")},
	{"did not find expected ',' or ']'", NOTICED,
	 N_("方括号里的内容没有写完：各项之间用英文逗号隔开，最后用“]”结束；以“[”开头的文字请用引号括起来。")},
	{"did not find expected node content", NOTICED,
	 N_("这里应当有内容：请检查逗号和括号是否多写，或把文字用引号括起来。")},
	{"did not find expected <document start>", NOTICED, N_("前面的内容到此已经结束，后面多了文字：请检查缩进。")},
	{"found unexpected end of stream", BEGAN, N_("从这里开始的引号没有配对：请补上另一半引号。")},
	{"found unexpected document indicator", BEGAN, N_("从这里开始的引号没有配对：请补上另一半引号。")},
	{"found unknown escape character", NOTICED,
	 N_("双引号里的“\\”写法不对：要写“\\”本身，请写成“\\\\”，或改用单引号。")},
	{"did not find expected hexdecimal number", NOTICED, N_("双引号里“\\”后面的十六进制数写得不对：请改正，或改用单引号。")},
	{"found invalid Unicode character escape code", NOTICED, N_("双引号里“\\”后面的字符编号不对：请直接写那个字。")},
	{"did not find expected alphabetic or numeric character", NOTICED,
	 N_("以“*”或“&”开头的文字请用引号括起来；本程序不用别名。")},
	{"found a tab character where an indentation space is expected", NOTICED,
	 N_("缩进用了制表符：请改用空格。")},
	{"found a tab character that violates indentation", NOTICED, N_("缩进用了制表符：请改用空格。")},
	{"did not find expected comment or line break", NOTICED,
	 N_("“|”或“>”后面不能接文字：请另起一行，或把文字用引号括起来。")},
	{"found unexpected ':'", NOTICED, N_("括号里的文字若有冒号，请用引号括起来。")},
	{"found unknown directive name", NOTICED, N_("以“%”开头的行不能用：请用引号括起来或删去。")},
	{"could not find expected directive name", NOTICED, N_("以“%”开头的行不能用：请用引号括起来或删去。")},
	{"found incompatible YAML document", NOTICED, N_("只读得懂 YAML 1.1 和 1.2：请删去“%YAML”这一行。")},
	{"found undefined tag handle", NOTICED, N_("本程序不接受“!”标签：请删去它，或把文字用引号括起来。")},
	{"did not find expected tag URI", NOTICED, N_("本程序不接受“!”标签：请删去它，或把文字用引号括起来。")},
	{"did not find expected whitespace or line break", NOTICED,
	 N_("以“!”“*”“&”开头的文字请用引号括起来。")},
};

static const char *sentence_of(const yaml_parser_t *parser, const char *english)
{
	if (strcmp(english, "found character that cannot start any token") != 0)
		return _("这里不合 YAML 的写法：请检查这一行和上一行的缩进、引号和括号。");
	if (parser->buffer.pointer < parser->buffer.last && *parser->buffer.pointer == '\t')
		return _("缩进用了制表符：请改用空格。");
	return _("文字不能以这个符号开头：请把这段文字用引号括起来。");
}

static struct position position_of(yaml_mark_t mark)
{
	return (struct position){(unsigned)mark.line + 1, (unsigned)mark.column + 1};
}

void yaml_source_explain(const char *file, const yaml_parser_t *parser, struct diag_list *diags)
{
	const char *english = parser->problem != NULL ? parser->problem : "unknown problem";
	struct position at = position_of(parser->problem_mark);
	const char *sentence = NULL;

	if (parser->error == YAML_MEMORY_ERROR) {
		diag_add(diags, DIAG_ERROR, file, 0, 0, _("内存不足，读不完这个文件：请关闭其他程序后再试。"));
		return;
	}
	for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++) {
		if (strcmp(problems[i].english, english) != 0)
			continue;
		sentence = _(problems[i].sentence);
		if (problems[i].place == BEGAN)
			at = position_of(parser->context_mark);
		break;
	}
	if (sentence == NULL)
		sentence = sentence_of(parser, english);
	diag_add(diags, DIAG_ERROR, file, at.line, at.column, _("%s（YAML：%s）"), sentence, english);
}
