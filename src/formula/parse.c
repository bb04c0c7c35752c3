/* Text to tree: a table of priorities and one recursive function, after Lua's subexpr(). The first error
 * ends it. */
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"
#include "formula/expression.h"
#include "formula/lex.h"

#define TEXT_BYTES 4096
#define NESTING 64
#define PATH_NAMES 8
#define BRACKET_ROWS 64

struct parser {
	struct lexer lexer;
	struct token token; /* the one to be looked at */
	struct arena *arena;
	bool check;  /* a check: `where` may come, sum(above) may not */
	bool in_any; /* within any( ) */
	int depth;   /* of brackets, not, minus and any */
};

enum priority {
	PRIORITY_NONE,
	PRIORITY_OR,
	PRIORITY_AND,
	PRIORITY_NOT,
	PRIORITY_COMPARE,
	PRIORITY_ADD,
	PRIORITY_MULTIPLY,
	PRIORITY_NEGATE,
};

static const struct operation {
	enum token_kind token;
	enum expression_kind kind;
	enum priority priority;
	const char *symbol;
} operators[] = {
	{TOKEN_PLUS, EXPRESSION_ADD, PRIORITY_ADD, "+"},
	{TOKEN_MINUS, EXPRESSION_SUBTRACT, PRIORITY_ADD, "-"},
	{TOKEN_TIMES, EXPRESSION_MULTIPLY, PRIORITY_MULTIPLY, "*"},
	{TOKEN_OVER, EXPRESSION_DIVIDE, PRIORITY_MULTIPLY, "/"},
	{TOKEN_EQUAL, EXPRESSION_EQUAL, PRIORITY_COMPARE, "="},
	{TOKEN_UNEQUAL, EXPRESSION_UNEQUAL, PRIORITY_COMPARE, "!="},
	{TOKEN_LESS, EXPRESSION_LESS, PRIORITY_COMPARE, "<"},
	{TOKEN_LESS_EQUAL, EXPRESSION_LESS_EQUAL, PRIORITY_COMPARE, "<="},
	{TOKEN_GREATER, EXPRESSION_GREATER, PRIORITY_COMPARE, ">"},
	{TOKEN_GREATER_EQUAL, EXPRESSION_GREATER_EQUAL, PRIORITY_COMPARE, ">="},
	{TOKEN_AND, EXPRESSION_AND, PRIORITY_AND, "and"},
	{TOKEN_OR, EXPRESSION_OR, PRIORITY_OR, "or"},
	{TOKEN_IS, EXPRESSION_IS_BLANK, PRIORITY_COMPARE, "is blank"},
	{TOKEN_LIKE, EXPRESSION_LIKE, PRIORITY_COMPARE, "like"},
};

static struct expression *parse_operators(struct parser *parser, enum priority limit, const char *after);

const char *expression_symbol(enum expression_kind kind)
{
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (operators[i].kind == kind)
			return operators[i].symbol;
	switch (kind) {
	case EXPRESSION_NEGATE:
		return "-";
	case EXPRESSION_NOT:
		return "not";
	case EXPRESSION_IS_NOT_BLANK:
		return "is not blank";
	case EXPRESSION_SUM:
		return "sum";
	case EXPRESSION_ANY:
		return "any";
	default:
		return "";
	}
}

static const struct operation *find_operator(enum token_kind token)
{
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (operators[i].token == token)
			return &operators[i];
	return NULL;
}

static bool advance(struct parser *parser)
{
	return lexer_next(&parser->lexer, &parser->token);
}

static bool complain(struct parser *parser, const struct token *at, const char *sentence)
{
	return lexer_complain(&parser->lexer, at->start, "%s", sentence);
}

/* The same where a pointer is due. */
static void *refuse(struct parser *parser, const struct token *at, const char *sentence)
{
	complain(parser, at, sentence);
	return NULL;
}

static struct expression *new_node(struct parser *parser, enum expression_kind kind, const struct token *at)
{
	struct expression *node = arena_take(parser->arena, sizeof(*node));
	node->kind = kind;
	node->line = parser->lexer.line;
	node->column = lexer_column(&parser->lexer, at->start);
	return node;
}

static bool is_literal_text(const struct expression *node)
{
	return node->kind == EXPRESSION_TEXT;
}

/* Goes past a token that must come now; `opening` is the bracket that it closes. */
static bool close_bracket(struct parser *parser, enum token_kind kind, const struct token *opening)
{
	if (parser->token.kind == kind)
		return advance(parser);
	if (parser->token.kind == TOKEN_END)
		return lexer_complain(&parser->lexer, opening->start,
				      _("这里的“%s”没有对应的“%s”，请在后面补上。"),
				      kind == TOKEN_CLOSE ? "(" : "[", kind == TOKEN_CLOSE ? ")" : "]");
	return lexer_complain(&parser->lexer, parser->token.start, _("“%s”前面缺少运算符，或者缺少“%s”，请补上。"),
			      token_excerpt(&parser->token).text, kind == TOKEN_CLOSE ? ")" : "]");
}

static bool enter(struct parser *parser, const struct token *at)
{
	if (parser->depth >= NESTING)
		return lexer_complain(&parser->lexer, at->start,
				      _("括号套得太深，最多 %d 层，请把公式拆开。"), NESTING);
	parser->depth++;
	return true;
}

/* One row between [ ]: a name, a code, or a path with dots; NULL after an error. */
static const char *parse_row(struct parser *parser)
{
	struct buffer path = {0};
	const char *row = NULL;
	for (;;) {
		if (parser->token.kind != TOKEN_NAME) {
			complain(parser, &parser->token, _("[ ] 里要写行的名称或科目编码，几行用逗号分开。"));
			break;
		}
		buffer_add_bytes(&path, parser->token.start, parser->token.length);
		if (!advance(parser))
			break;
		if (parser->token.kind != TOKEN_DOT) {
			row = arena_copy(parser->arena, buffer_text(&path));
			break;
		}
		buffer_add_byte(&path, '.');
		if (!advance(parser))
			break;
	}
	buffer_done(&path);
	return row;
}

/* From `[` to after `]`. */
static bool parse_rows(struct parser *parser, struct reference *reference)
{
	const char *rows[BRACKET_ROWS];
	size_t count = 0;
	struct token opening = parser->token;
	do {
		if (!advance(parser))
			return false;
		struct token first = parser->token;
		if (count == BRACKET_ROWS)
			return lexer_complain(&parser->lexer, first.start, _("[ ] 里最多写 %d 行，请拆成几项相加。"),
					      BRACKET_ROWS);
		const char *row = parse_row(parser);
		if (!row)
			return false;
		for (size_t i = 0; i < count; i++)
			if (strcmp(rows[i], row) == 0)
				return lexer_complain(&parser->lexer, first.start,
						      _("“%s”在 [ ] 里写了两次，请去掉一个。"),
						      token_excerpt(&first).text);
		rows[count++] = row;
	} while (parser->token.kind == TOKEN_COMMA);
	if (!close_bracket(parser, TOKEN_CLOSE_ROWS, &opening))
		return false;
	const char **kept = arena_take(parser->arena, count * sizeof(*kept));
	memcpy(kept, rows, count * sizeof(*kept));
	reference->rows = kept;
	reference->row_count = count;
	return true;
}

/* Names with dots, the rows after the first of them; NULL after an error. */
static struct reference *parse_reference(struct parser *parser)
{
	const char *names[PATH_NAMES];
	struct reference *reference = arena_take(parser->arena, sizeof(*reference));
	reference->line = parser->lexer.line;
	reference->column = lexer_column(&parser->lexer, parser->token.start);
	reference->binding = -1;
	for (;;) {
		struct token name = parser->token;
		if (name.kind != TOKEN_NAME)
			return refuse(parser, &name, _("“.”后面要写名称，例如 某表[合计].某栏。"));
		if (reference->name_count == PATH_NAMES)
			return refuse(parser, &name, _("名称的段数太多，请用表名、行名和栏名指出一处。"));
		names[reference->name_count++] = arena_copy_bytes(parser->arena, name.start, name.length);
		if (!advance(parser))
			return NULL;
		if (parser->token.kind == TOKEN_OPEN_ROWS) {
			if (reference->name_count > 1 || reference->rows)
				return refuse(parser, &parser->token,
					      _("[ ] 只能直接写在表名后面，而且只能写一次。"));
			if (!parse_rows(parser, reference))
				return NULL;
		}
		if (parser->token.kind != TOKEN_DOT)
			break;
		if (!advance(parser))
			return NULL;
	}
	const char **kept = arena_take(parser->arena, reference->name_count * sizeof(*kept));
	memcpy(kept, names, reference->name_count * sizeof(*kept));
	reference->names = kept;
	return reference;
}

static struct expression *parse_name(struct parser *parser)
{
	struct token name = parser->token;
	struct expression *node = new_node(parser, EXPRESSION_REFERENCE, &name);
	node->reference = parse_reference(parser);
	if (!node->reference)
		return NULL;
	if (parser->token.kind == TOKEN_OPEN) {
		lexer_complain(&parser->lexer, name.start,
			       _("“%s”不能带括号：公式里只有 sum( ) 和 any( )，没有别的函数。"),
			       token_excerpt(&name).text);
		return NULL;
	}
	return node;
}

/* The bracket after sum and any. */
static bool open_call(struct parser *parser, const char *word, struct token *opening)
{
	if (!advance(parser))
		return false;
	*opening = parser->token;
	if (opening->kind != TOKEN_OPEN)
		return lexer_complain(&parser->lexer, opening->start, _("%s 后面要有括号，写作 %s( )。"),
				      word, word);
	return advance(parser);
}

static struct expression *parse_sum(struct parser *parser)
{
	struct token word = parser->token, opening;
	struct expression *node = new_node(parser, EXPRESSION_SUM, &word);
	if (!open_call(parser, "sum", &opening))
		return NULL;
	if (parser->token.kind == TOKEN_ABOVE) {
		node->above = true;
		if (!advance(parser))
			return NULL;
	} else if (parser->token.kind == TOKEN_NAME) {
		node->reference = parse_reference(parser);
		if (!node->reference)
			return NULL;
	} else {
		return refuse(parser, &parser->token,
			      _("sum( ) 里要写一个名称，例如 sum(某组) 或 sum(above)。"));
	}
	if (parser->token.kind != TOKEN_CLOSE && parser->token.kind != TOKEN_END)
		return refuse(parser, &parser->token,
			      _("sum( ) 里只能写一个名称，不能写算式；几项相加请用“+”。"));
	return close_bracket(parser, TOKEN_CLOSE, &opening) ? node : NULL;
}

static struct expression *parse_any(struct parser *parser)
{
	struct token word = parser->token, opening;
	struct expression *node = new_node(parser, EXPRESSION_ANY, &word);
	if (parser->in_any)
		return refuse(parser, &word, _("any( ) 里不能再用 any( )。"));
	if (!enter(parser, &word) || !open_call(parser, "any", &opening))
		return NULL;
	parser->in_any = true;
	node->left = parse_operators(parser, PRIORITY_NONE, "(");
	parser->in_any = false;
	parser->depth--;
	return node->left && close_bracket(parser, TOKEN_CLOSE, &opening) ? node : NULL;
}

static struct expression *parse_nested(struct parser *parser)
{
	struct token opening = parser->token;
	if (!enter(parser, &opening) || !advance(parser))
		return NULL;
	struct expression *node = parse_operators(parser, PRIORITY_NONE, "(");
	parser->depth--;
	return node && close_bracket(parser, TOKEN_CLOSE, &opening) ? node : NULL;
}

/* `not` and the sign. */
static struct expression *parse_prefix(struct parser *parser, enum expression_kind kind,
				       enum priority priority)
{
	struct expression *node = new_node(parser, kind, &parser->token);
	if (!enter(parser, &parser->token) || !advance(parser))
		return NULL;
	node->left = parse_operators(parser, priority, expression_symbol(kind));
	parser->depth--;
	return node->left ? node : NULL;
}

static struct expression *parse_literal(struct parser *parser)
{
	bool text = parser->token.kind == TOKEN_TEXT;
	struct expression *node =
		new_node(parser, text ? EXPRESSION_TEXT : EXPRESSION_NUMBER, &parser->token);
	if (text) {
		node->column = lexer_column(&parser->lexer, parser->token.start - 1);
		node->text = arena_copy_bytes(parser->arena, parser->token.start, parser->token.length);
	} else {
		struct value *value = arena_take(parser->arena, sizeof(*value));
		*value = parser->token.value;
		node->value = value;
	}
	return advance(parser) ? node : NULL;
}

/* Says why no operand can begin here; `after` is the operator before it, "" at the beginning. */
static void complain_operand(struct parser *parser, const char *after)
{
	const struct token *token = &parser->token;
	struct lexer *lexer = &parser->lexer;
	if (token->kind == TOKEN_ABOVE)
		complain(parser, token, _("above 只能写作 sum(above)。"));
	else if (token->kind == TOKEN_LESS)
		complain(parser, token, _("“<”前面缺少名称或数；名称里有 <年度> 的，请给它写 id；文字里的，请写在双引号里。"));
	else if (token->kind == TOKEN_END && after[0])
		lexer_complain(lexer, token->start, _("“%s”后面缺少名称或数，请补上。"), after);
	else if (token->kind == TOKEN_END)
		complain(parser, token, _("这里缺少公式或条件，请补上。"));
	else if (after[0])
		lexer_complain(lexer, token->start, _("“%s”后面应是名称或数，却是“%s”。"), after,
			       token_excerpt(token).text);
	else
		lexer_complain(lexer, token->start, _("“%s”前面缺少名称或数，请补上。"), token_excerpt(token).text);
}

static struct expression *parse_operand(struct parser *parser, enum priority limit, const char *after)
{
	switch (parser->token.kind) {
	case TOKEN_NAME:
		return parse_name(parser);
	case TOKEN_NUMBER:
	case TOKEN_TEXT:
		return parse_literal(parser);
	case TOKEN_OPEN:
		return parse_nested(parser);
	case TOKEN_MINUS:
		return parse_prefix(parser, EXPRESSION_NEGATE, PRIORITY_NEGATE);
	case TOKEN_NOT:
		if (limit > PRIORITY_NOT)
			return refuse(parser, &parser->token,
				      _("not 要写在整个比较的前面，例如 not 名称 like \"甲*\"。"));
		return parse_prefix(parser, EXPRESSION_NOT, PRIORITY_NOT);
	case TOKEN_SUM:
		return parse_sum(parser);
	case TOKEN_ANY:
		return parse_any(parser);
	default:
		complain_operand(parser, after);
		return NULL;
	}
}

/* After `is`: blank, or not blank. */
static struct expression *parse_is(struct parser *parser, struct expression *node)
{
	if (!advance(parser))
		return NULL;
	if (parser->token.kind == TOKEN_NOT) {
		node->kind = EXPRESSION_IS_NOT_BLANK;
		if (!advance(parser))
			return NULL;
	}
	if (parser->token.kind != TOKEN_BLANK)
		return refuse(parser, &parser->token, _("is 后面只能写 blank 或 not blank；比较请用“=”。"));
	if (is_literal_text(node->left))
		return refuse(parser, &parser->token, _("is blank 前面要写名称，固定的文字不会是空的。"));
	return advance(parser) ? node : NULL;
}

static struct expression *parse_like(struct parser *parser, struct expression *node)
{
	struct token word = parser->token;
	if (!advance(parser))
		return NULL;
	if (parser->token.kind != TOKEN_TEXT)
		return refuse(parser, &parser->token,
			      _("like 后面要写双引号里的样式，例如 like \"甲*|乙*\"。"));
	if (is_literal_text(node->left))
		return refuse(parser, &word, _("like 前面要写名称，不能是固定的文字。"));
	node->text = arena_copy_bytes(parser->arena, parser->token.start, parser->token.length);
	return advance(parser) ? node : NULL;
}

/* What follows `left`: an operator and its right side; NULL after an error. */
static struct expression *parse_operator(struct parser *parser, const struct operation *op,
					 struct expression *left)
{
	struct token sign = parser->token;
	struct expression *node = new_node(parser, op->kind, &sign);
	node->left = left;
	if (op->kind == EXPRESSION_IS_BLANK)
		return parse_is(parser, node);
	if (op->kind == EXPRESSION_LIKE)
		return parse_like(parser, node);
	if (!advance(parser))
		return NULL;
	node->right = parse_operators(parser, op->priority, op->symbol);
	if (!node->right)
		return NULL;
	if (op->priority == PRIORITY_COMPARE && is_literal_text(left) && is_literal_text(node->right))
		return refuse(parser, &sign, _("两边都是固定的文字，比较没有意义；名称不加引号。"));
	return node;
}

/* Reads an operand, then operators that bind tighter than `limit`; `after` stands before it, "" at the
 * beginning. */
static struct expression *parse_operators(struct parser *parser, enum priority limit, const char *after)
{
	bool compared = false;
	struct expression *left = parse_operand(parser, limit, after);
	while (left) {
		const struct operation *op = find_operator(parser->token.kind);
		if (!op || op->priority <= limit)
			break;
		if (op->priority == PRIORITY_COMPARE && compared) {
			complain(parser, &parser->token,
				 _("一次只能比较两边；几个条件请用 and 连接，例如 甲 = 乙 and 乙 = 丙。"));
			return NULL;
		}
		compared = op->priority == PRIORITY_COMPARE;
		left = parse_operator(parser, op, left);
	}
	return left;
}

/* Says what is wrong with a token after a whole expression. */
static void complain_stray(struct parser *parser)
{
	const struct token *token = &parser->token;
	switch (token->kind) {
	case TOKEN_CLOSE:
		complain(parser, token, _("多了一个“)”，请去掉，或在前面补上“(”。"));
		break;
	case TOKEN_CLOSE_ROWS:
		complain(parser, token, _("多了一个“]”，请去掉，或在前面补上“[”。"));
		break;
	case TOKEN_WHERE:
		complain(parser, token,
			 parser->check ? _("where 只能写一次；几个条件请用 and 连接。")
				       : _("where 只能写在审核关系里，公式里不能用。"));
		break;
	case TOKEN_NOT:
		complain(parser, token, _("not 要写在整个比较的前面，例如 not 名称 like \"甲*\"。"));
		break;
	case TOKEN_COMMA:
		complain(parser, token, _("逗号只能写在 [ ] 里，例如 某表[甲, 乙]。"));
		break;
	case TOKEN_OPEN_ROWS:
		complain(parser, token, _("[ ] 只能直接写在表名后面，而且只能写一次。"));
		break;
	default:
		lexer_complain(&parser->lexer, token->start,
			       _("“%s”前面缺少运算符（+ - * / = != < <= > >= and or），或者是多余的；名称里不写空格。"),
			       token_excerpt(token).text);
	}
}

/* sum(above) has no reference: the rows' structure says what it adds, so it cannot be part of something. */
static bool above_stands_alone(struct parser *parser, const struct expression *node, bool alone)
{
	if (!node)
		return true;
	if (node->kind != EXPRESSION_SUM || !node->above)
		return above_stands_alone(parser, node->left, false) &&
		       above_stands_alone(parser, node->right, false);
	if (alone && !parser->check)
		return true;
	diag_add(parser->lexer.diags, DIAG_ERROR, parser->lexer.file, node->line, node->column, "%s",
		 _("sum(above) 只能单独作为一行的公式，不能再参加运算或比较。"));
	return false;
}

static bool parse_rule(struct parser *parser, struct rule *rule)
{
	if (!advance(parser))
		return false;
	rule->expression = parse_operators(parser, PRIORITY_NONE, "");
	if (rule->expression && parser->check && parser->token.kind == TOKEN_WHERE) {
		if (!advance(parser))
			return false;
		rule->where = parse_operators(parser, PRIORITY_NONE, "where");
		if (!rule->where)
			return false;
	}
	if (!rule->expression)
		return false;
	if (parser->token.kind != TOKEN_END)
		return complain_stray(parser), false;
	return above_stands_alone(parser, rule->expression, true) &&
	       above_stands_alone(parser, rule->where, false);
}

static const char *copy_trimmed(struct arena *arena, const char *text)
{
	static const char blanks[] = " \t\r\n";
	const char *start = text + strspn(text, blanks);
	size_t length = strlen(start);
	while (length > 0 && strchr(blanks, start[length - 1]))
		length--;
	return arena_copy_bytes(arena, start, length);
}

struct rule *rule_parse(struct arena *arena, const char *text, bool check, const char *file, unsigned line,
			unsigned column, struct diag_list *diags)
{
	struct parser parser = {.arena = arena, .check = check};
	lexer_init(&parser.lexer, text, file, line, column, diags);
	if (strlen(text) > TEXT_BYTES) {
		lexer_complain(&parser.lexer, text, _("公式太长，最多 %d 个字节，请拆成几个。"), TEXT_BYTES);
		return NULL;
	}
	struct rule *rule = arena_take(arena, sizeof(*rule));
	rule->text = copy_trimmed(arena, text);
	return parse_rule(&parser, rule) ? rule : NULL;
}
