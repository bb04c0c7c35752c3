/* Tokens of the expression language. Internal to formula. The lexer is asked for one token at a time,
 * because what a run of characters is depends on what stood before it: between [ ] and after a dot
 * everything is a name (`30201`, `number`, `sum`), elsewhere digits make a literal and words may be
 * keywords. */
#ifndef YUBIAO_FORMULA_LEX_H
#define YUBIAO_FORMULA_LEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "formula/value.h"

enum token_kind {
	TOKEN_END,
	TOKEN_NAME,
	TOKEN_NUMBER,
	TOKEN_TEXT, /* start and length without the quotes */
	TOKEN_PLUS,
	TOKEN_MINUS,
	TOKEN_TIMES,
	TOKEN_OVER,
	TOKEN_EQUAL,
	TOKEN_UNEQUAL,
	TOKEN_LESS,
	TOKEN_LESS_EQUAL,
	TOKEN_GREATER,
	TOKEN_GREATER_EQUAL,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_OPEN_ROWS,
	TOKEN_CLOSE_ROWS,
	TOKEN_COMMA,
	TOKEN_DOT,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_NOT,
	TOKEN_IS,
	TOKEN_BLANK,
	TOKEN_LIKE,
	TOKEN_WHERE,
	TOKEN_SUM,
	TOKEN_ANY,
	TOKEN_ABOVE,
};

struct token {
	enum token_kind kind;
	const char *start;  /* in the lexer's text */
	size_t length;      /* bytes */
	struct value value; /* TOKEN_NUMBER */
};

struct lexer {
	const char *text, *next;
	const char *file;
	unsigned line, column; /* of the first character of `text` */
	bool several_lines;    /* then every position is that of the first character */
	const char *counted;   /* up to here columns were counted, `counted_column` is this one's */
	unsigned counted_column;
	bool rows;             /* between [ ] */
	enum token_kind last;
	struct diag_list *diags;
};

void lexer_init(struct lexer *lexer, const char *text, const char *file, unsigned line, unsigned column,
		struct diag_list *diags);
/* False after an error, which is then in the list. */
bool lexer_next(struct lexer *lexer, struct token *token);
/* The column, in the file, of the character at `at`. */
unsigned lexer_column(struct lexer *lexer, const char *at);
/* Adds an error at `at`; always false. */
bool lexer_complain(struct lexer *lexer, const char *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The beginning of a token, short enough for a sentence. */
struct excerpt {
	char text[64];
};
struct excerpt token_excerpt(const struct token *token);

#endif
