#include "formula/lex.h"

#include <stdarg.h>
#include <string.h>

#include "base/buffer.h"
#include "base/decimal.h"
#include "base/text.h"

#define EXCERPT_POINTS 12
#define LITERAL_BYTES 32

/* What people write, out of habit or with a Chinese input method, for something that the language has.
 * Longer ones first. */
static const struct habit {
	const char *written, *meant;
} habits[] = {
	{"&&", "and"}, {"||", "or"}, {"==", "="},  {"<>", "!="}, {"=<", "<="}, {"=>", ">="}, {"**", "*"},
	{"（", "("},   {"）", ")"},  {"［", "["},  {"］", "]"},  {"【", "["},  {"】", "]"},  {"，", ","},
	{"、", ","},   {"．", "."},  {"。", "."},  {"＋", "+"},  {"－", "-"},  {"—", "-"},   {"–", "-"},
	{"−", "-"},    {"×", "*"},   {"＊", "*"},  {"÷", "/"},   {"／", "/"},  {"＝", "="},  {"＜", "<"},
	{"＞", ">"},   {"！", "!="}, {"％", "%"},  {"“", "\""},  {"”", "\""},  {"＂", "\""}, {"‘", "\""},
	{"’", "\""},   {"'", "\""},  {"&", "and"}, {"|", "or"},
};

static const struct sign {
	const char *text;
	enum token_kind kind;
} signs[] = {
	{"!=", TOKEN_UNEQUAL},  {"<=", TOKEN_LESS_EQUAL}, {">=", TOKEN_GREATER_EQUAL},
	{"≠", TOKEN_UNEQUAL},   {"≤", TOKEN_LESS_EQUAL},  {"≥", TOKEN_GREATER_EQUAL},
	{"+", TOKEN_PLUS},      {"-", TOKEN_MINUS},       {"*", TOKEN_TIMES},
	{"/", TOKEN_OVER},      {"=", TOKEN_EQUAL},       {"<", TOKEN_LESS},
	{">", TOKEN_GREATER},   {"(", TOKEN_OPEN},        {")", TOKEN_CLOSE},
	{"[", TOKEN_OPEN_ROWS}, {"]", TOKEN_CLOSE_ROWS},  {",", TOKEN_COMMA},
	{".", TOKEN_DOT},
};

static const struct word {
	const char *text;
	enum token_kind kind;
} words[] = {
	{"and", TOKEN_AND},     {"or", TOKEN_OR},       {"not", TOKEN_NOT},     {"is", TOKEN_IS},
	{"blank", TOKEN_BLANK}, {"like", TOKEN_LIKE},   {"where", TOKEN_WHERE}, {"sum", TOKEN_SUM},
	{"any", TOKEN_ANY},     {"above", TOKEN_ABOVE},
};

/* `power`: how many decimals the literal may have, counted in the smallest unit of its type. */
static const struct suffix {
	const char *text;
	enum value_type type;
	int power;
} suffixes[] = {
	{"", VALUE_NUMBER, 6},
	{"元", VALUE_MONEY, 2},
	{"万元", VALUE_MONEY, 6},
	{"%", VALUE_PERCENT, 4},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_blank(uint32_t point)
{
	return point == ' ' || point == '\t' || point == '\n' || point == '\r' || point == 0x00A0 ||
	       point == 0x3000;
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* Characters that nobody sees, but that make two names different. */
static bool is_hidden(uint32_t point)
{
	return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0xAD ||
	       (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
	       (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF || point == 0xFFFD;
}

/* Punctuation of Chinese and western text: names are normalised and have none. */
static bool is_punctuation(uint32_t point)
{
	return point == 0xD7 || point == 0xF7 || (point >= 0x2010 && point <= 0x205E) || point == 0x2212 ||
	       (point >= 0x3001 && point <= 0x3003) || (point >= 0x3008 && point <= 0x3020) ||
	       (point >= 0xFF01 && point <= 0xFF0F) || (point >= 0xFF1A && point <= 0xFF20) ||
	       (point >= 0xFF3B && point <= 0xFF40) || (point >= 0xFF5B && point <= 0xFF65);
}

static bool is_name_point(uint32_t point)
{
	if (point < 0x80)
		return (point >= '0' && point <= '9') || (point >= 'a' && point <= 'z') ||
		       (point >= 'A' && point <= 'Z') || point == '_';
	if (point >= 0x3400 && point <= 0x9FFF)
		return true; /* ideographs */
	if (point == 0x2260 || point == 0x2264 || point == 0x2265)
		return false; /* ≠ ≤ ≥ */
	return !is_blank(point) && !is_hidden(point) && !is_punctuation(point);
}

static const char *skip_name(const char *at)
{
	const char *after = at = text_skip_ideographs(at);
	while (*at && is_name_point(text_decode(&after)))
		at = after = text_skip_ideographs(after);
	return at;
}

static bool begins(const char *text, const char *with)
{
	return text[0] == with[0] && strncmp(text, with, strlen(with)) == 0;
}

void lexer_init(struct lexer *lexer, const char *text, const char *file, unsigned line, unsigned column,
		struct diag_list *diags)
{
	*lexer = (struct lexer){.text = text, .next = text, .file = file, .line = line, .column = column};
	lexer->counted = text;
	lexer->counted_column = column;
	lexer->diags = diags;
	lexer->several_lines = strchr(text, '\n') != NULL;
}

/* Columns are asked for in about the order of the text, so counting goes on where it stopped. */
unsigned lexer_column(struct lexer *lexer, const char *at)
{
	if (lexer->several_lines || lexer->column == 0)
		return lexer->column;
	if (at < lexer->counted) {
		lexer->counted = lexer->text;
		lexer->counted_column = lexer->column;
	}
	for (; lexer->counted < at; lexer->counted++)
		lexer->counted_column += (*lexer->counted & 0xC0) != 0x80; /* all but continuation bytes */
	return lexer->counted_column;
}

bool lexer_complain(struct lexer *lexer, const char *at, const char *format, ...)
{
	struct buffer sentence = {0};
	va_list list;
	va_start(list, format);
	buffer_format_list(&sentence, format, list);
	va_end(list);
	diag_add(lexer->diags, DIAG_ERROR, lexer->file, lexer->line, lexer_column(lexer, at), "%s",
		 buffer_text(&sentence));
	buffer_done(&sentence);
	return false;
}

struct excerpt token_excerpt(const struct token *token)
{
	struct excerpt excerpt;
	const char *at = token->start, *end = token->start + token->length;
	for (int points = 0; at < end && points < EXCERPT_POINTS; points++)
		text_decode(&at);
	size_t length = (size_t)(at - token->start);
	memcpy(excerpt.text, token->start, length);
	excerpt.text[length] = '\0';
	if (at < end)
		memcpy(excerpt.text + length, "…", sizeof("…"));
	return excerpt;
}

/* Takes `length` bytes from `start` as the token. */
static bool take(struct lexer *lexer, struct token *token, enum token_kind kind, const char *start,
		 size_t length)
{
	token->kind = lexer->last = kind;
	token->start = start;
	token->length = length;
	lexer->next = start + length;
	return true;
}

static bool lex_literal(struct lexer *lexer, struct token *token, const char *start, const char *end,
			const struct suffix *suffix)
{
	char digits[LITERAL_BYTES];
	size_t length = (size_t)(end - start);
	struct decimal_format format = {.power = suffix->power, .money = false};
	struct value value = {.type = suffix->type};
	take(lexer, token, TOKEN_NUMBER, start, length + strlen(suffix->text));
	bool fits = length < sizeof(digits);
	if (fits) {
		memcpy(digits, start, length);
		digits[length] = '\0';
		fits = decimal_parse(&value.number, digits, format, NULL) == STATUS_OK;
	}
	if (!fits)
		return lexer_complain(lexer, start, _("“%s”太大，或小数多于 %d 位，请改正。"),
				      token_excerpt(token).text, suffix->power);
	token->value = value;
	return true;
}

/* Digits: a literal with or without a unit, or the beginning of a name such as 3月底. */
static bool lex_digits(struct lexer *lexer, struct token *token, const char *start)
{
	const char *end = start;
	while (is_digit(*end))
		end++;
	bool fraction = end[0] == '.' && is_digit(end[1]);
	if (fraction)
		for (end++; is_digit(*end);)
			end++;
	const char *after = *end == '%' ? end + 1 : skip_name(end);
	size_t length = (size_t)(after - end);
	for (size_t i = 0; i < COUNT(suffixes); i++)
		if (strlen(suffixes[i].text) == length && memcmp(end, suffixes[i].text, length) == 0)
			return lex_literal(lexer, token, start, end, &suffixes[i]);
	take(lexer, token, TOKEN_NAME, start, (size_t)(after - start));
	if (length == strlen("万") && memcmp(end, "万", length) == 0)
		return lexer_complain(lexer, start, _("“%s”没有写全单位，金额请写作“%s元”。"),
				      token_excerpt(token).text, token_excerpt(token).text);
	if (fraction)
		return lexer_complain(lexer, start,
				      _("“%s”的单位不认识，数后面只能是“元”“万元”或“%%”，或什么也不写。"),
				      token_excerpt(token).text);
	return true;
}

static bool lex_word(struct lexer *lexer, struct token *token, const char *start, size_t length, bool keywords)
{
	enum token_kind kind = TOKEN_NAME;
	keywords = keywords && *start >= 'a' && *start <= 'z';
	for (size_t i = 0; keywords && i < COUNT(words); i++)
		if (strlen(words[i].text) == length && memcmp(start, words[i].text, length) == 0)
			kind = words[i].kind;
	return take(lexer, token, kind, start, length);
}

static bool lex_text(struct lexer *lexer, struct token *token, const char *start)
{
	const char *end = strchr(start + 1, '"');
	if (!end)
		return lexer_complain(lexer, start, _("这里开始的文字没有结束的引号，请在文字末尾补上 \"。"));
	take(lexer, token, TOKEN_TEXT, start + 1, (size_t)(end - start - 1));
	lexer->next = end + 1;
	return true;
}

/* A character with which no token begins. */
static bool lex_stranger(struct lexer *lexer, const char *start)
{
	const char *after = start;
	uint32_t point = text_decode(&after);
	struct token token = {.start = start, .length = (size_t)(after - start)};
	if (is_hidden(point))
		return lexer_complain(lexer, start, _("这里有一个看不见的或损坏的字符，请删去后重新输入。"));
	if (point == '!')
		return lexer_complain(lexer, start, _("“!”不能单独使用：不等写作“!=”，否定写作“not”。"));
	if (point == '%')
		return lexer_complain(lexer, start, _("“%%”前面缺少数，百分数写作“100%%”，中间不空格。"));
	return lexer_complain(lexer, start,
			      _("这里不能用“%s”：名称里不带标点，请去掉它，或把文字写在双引号里。"),
			      token_excerpt(&token).text);
}

static bool lex_sign(struct lexer *lexer, struct token *token, const char *start)
{
	bool plain = strchr("+-/()[],.", *start) != NULL; /* no habit begins so */
	for (size_t i = 0; i < COUNT(habits) && !plain; i++)
		if (begins(start, habits[i].written))
			return lexer_complain(lexer, start, _("请把“%s”改写作“%s”。"), habits[i].written,
					      habits[i].meant);
	for (size_t i = 0; i < COUNT(signs); i++)
		if (begins(start, signs[i].text))
			return take(lexer, token, signs[i].kind, start, strlen(signs[i].text));
	return lex_stranger(lexer, start);
}

bool lexer_next(struct lexer *lexer, struct token *token)
{
	const char *start = lexer->next, *after = start;
	*token = (struct token){0};
	while (*start && is_blank(text_decode(&after)))
		start = after;
	if (!*start)
		return take(lexer, token, TOKEN_END, start, 0);
	bool plain = lexer->rows || lexer->last == TOKEN_DOT;
	if (is_digit(*start) && !plain)
		return lex_digits(lexer, token, start);
	size_t name = (size_t)(skip_name(start) - start);
	if (name > 0)
		return lex_word(lexer, token, start, name, !plain);
	if (*start == '"')
		return lex_text(lexer, token, start);
	if (!lex_sign(lexer, token, start))
		return false;
	if (token->kind == TOKEN_OPEN_ROWS || token->kind == TOKEN_CLOSE_ROWS)
		lexer->rows = token->kind == TOKEN_OPEN_ROWS;
	return true;
}
