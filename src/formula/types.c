#include "formula/types.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/decimal.h"

struct checker {
	reference_type type_of;
	void *context;
	const char *file;
	struct diag_list *diags;
};

static bool check_node(const struct checker *checker, const struct expression *node, enum value_type *out);

int64_t date_of_text(const char *text)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year, month, day, length = 0;
	bool shape = strlen(text) == 10 && strspn(text, "0123456789-") == 10 &&
		     sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &length) == 3 && length == 10;
	if (!shape || year < 1 || month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return 0;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return month == 2 && day == 29 && !leap ? 0 : year * 10000 + month * 100 + day;
}

bool is_numeric(enum value_type type)
{
	return type == VALUE_MONEY || type == VALUE_NUMBER || type == VALUE_PERCENT;
}

/* Numbers and percents are both counted in millionths, so that one may stand for the other. */
bool arithmetic_type(enum expression_kind kind, enum value_type left, enum value_type right,
		     enum value_type *out)
{
	bool left_money = left == VALUE_MONEY, right_money = right == VALUE_MONEY;
	bool percents = left == VALUE_PERCENT && right == VALUE_PERCENT;
	if (!is_numeric(left) || !is_numeric(right))
		return false;
	if (kind == EXPRESSION_MULTIPLY) {
		*out = left_money || right_money ? VALUE_MONEY : percents ? VALUE_PERCENT : VALUE_NUMBER;
		return !(left_money && right_money);
	}
	if (kind == EXPRESSION_DIVIDE) {
		*out = left_money && right_money ? VALUE_PERCENT : left;
		return left_money || !right_money;
	}
	*out = left == right ? left : VALUE_PERCENT;
	return left_money == right_money;
}

const char *value_type_word(enum value_type type)
{
	switch (type) {
	case VALUE_MONEY:
		return _("金额");
	case VALUE_NUMBER:
		return _("数");
	case VALUE_PERCENT:
		return _("百分数");
	case VALUE_TEXT:
		return _("文字");
	case VALUE_DATE:
		return _("日期");
	default:
		return _("条件");
	}
}

static bool is_bare_number(const struct expression *node)
{
	if (node->kind == EXPRESSION_NEGATE)
		node = node->left;
	return node->kind == EXPRESSION_NUMBER && node->value->type == VALUE_NUMBER;
}

static bool is_zero(const struct expression *node)
{
	return node->kind == EXPRESSION_NUMBER && is_bare_number(node) && node->value->number == 0;
}

/* "12" beside money or a percent: the author forgot the unit. */
static bool complain_bare(const struct checker *checker, const struct expression *literal,
			  enum value_type beside)
{
	struct buffer figure = {0};
	const struct expression *number = literal->kind == EXPRESSION_NEGATE ? literal->left : literal;
	decimal_format_exact(&figure, number->value->number, 6, 0);
	const char *text = buffer_text(&figure);
	if (beside == VALUE_MONEY)
		diag_add(checker->diags, DIAG_ERROR, checker->file, number->line, number->column,
			 _("金额旁边的数要写单位：“%s”请写作“%s元”或“%s万元”。"), text, text, text);
	else
		diag_add(checker->diags, DIAG_ERROR, checker->file, number->line, number->column,
			 _("百分数旁边的数要写百分号：全部写 100%%，一半写 50%%，不写“%s”。"), text);
	buffer_done(&figure);
	return false;
}

/* A bare number beside something else than numbers is the commonest mistake and has its own sentence. */
static bool lacks_unit(const struct expression *literal, enum value_type beside)
{
	return is_bare_number(literal) && (beside == VALUE_MONEY || beside == VALUE_PERCENT);
}

static bool complain_pair(const struct checker *checker, const struct expression *node, enum value_type left,
			  enum value_type right)
{
	if (lacks_unit(node->left, right))
		return complain_bare(checker, node->left, right);
	if (lacks_unit(node->right, left))
		return complain_bare(checker, node->right, left);
	diag_add(checker->diags, DIAG_ERROR, checker->file, node->line, node->column,
		 _("“%s”的左边是%s，右边是%s，不能这样算，请检查两边的名称。"), expression_symbol(node->kind),
		 value_type_word(left), value_type_word(right));
	return false;
}

static bool check_sides(const struct checker *checker, const struct expression *node, enum value_type *left,
			enum value_type *right)
{
	return check_node(checker, node->left, left) && check_node(checker, node->right, right);
}

static bool check_arithmetic(const struct checker *checker, const struct expression *node,
			     enum value_type *out)
{
	enum value_type left, right;
	if (!check_sides(checker, node, &left, &right))
		return false;
	bool unit = node->kind == EXPRESSION_MULTIPLY || node->kind == EXPRESSION_DIVIDE;
	if (!unit && left != right && (lacks_unit(node->left, right) || lacks_unit(node->right, left)))
		return complain_pair(checker, node, left, right);
	if (arithmetic_type(node->kind, left, right, out))
		return true;
	if (node->kind == EXPRESSION_MULTIPLY && left == VALUE_MONEY && right == VALUE_MONEY) {
		diag_add(checker->diags, DIAG_ERROR, checker->file, node->line, node->column, "%s",
			 _("两个金额不能相乘：其中一个应是数或百分数。"));
		return false;
	}
	return complain_pair(checker, node, left, right);
}

/* Beside a date a literal text is a date; it may hold <placeholders>. */
static bool check_date(const struct checker *checker, const struct expression *text,
		       const struct expression *node)
{
	if (text->kind != EXPRESSION_TEXT)
		return complain_pair(checker, node, VALUE_DATE, VALUE_TEXT);
	if (strchr(text->text, '<') || date_of_text(text->text) != 0)
		return true;
	diag_add(checker->diags, DIAG_ERROR, checker->file, text->line, text->column, "%s",
		 _("日期要写成 \"2024-12-31\" 或 \"<上年>-12-31\" 这样。"));
	return false;
}

static bool check_comparison(const struct checker *checker, const struct expression *node,
			     enum value_type *out)
{
	enum value_type left, right;
	if (!check_sides(checker, node, &left, &right))
		return false;
	*out = VALUE_TRUTH;
	bool zero = (is_zero(node->left) && is_numeric(right)) || (is_zero(node->right) && is_numeric(left));
	if (zero)
		return true;
	if ((left == VALUE_DATE && right == VALUE_TEXT) || (left == VALUE_TEXT && right == VALUE_DATE))
		return check_date(checker, left == VALUE_TEXT ? node->left : node->right, node);
	bool equality = node->kind == EXPRESSION_EQUAL || node->kind == EXPRESSION_UNEQUAL;
	if (left == VALUE_TEXT && right == VALUE_TEXT && !equality) {
		diag_add(checker->diags, DIAG_ERROR, checker->file, node->line, node->column, "%s",
			 _("文字不分大小，只能用“=”“!=”或 like 比较。"));
		return false;
	}
	if (left == right && left != VALUE_TRUTH)
		return true;
	bool millionths =
		is_numeric(left) && is_numeric(right) && left != VALUE_MONEY && right != VALUE_MONEY;
	if (millionths && !is_bare_number(node->left) && !is_bare_number(node->right))
		return true;
	return complain_pair(checker, node, left, right);
}

/* One operand that must be of a kind; says what it is instead. */
static bool complain_operand(const struct checker *checker, const struct expression *node, const char *wanted,
			     enum value_type found)
{
	diag_add(checker->diags, DIAG_ERROR, checker->file, node->line, node->column,
		 _("“%s”只用于%s，这里却是%s，请检查名称。"), expression_symbol(node->kind), wanted,
		 value_type_word(found));
	return false;
}

static bool check_logic(const struct checker *checker, const struct expression *node, enum value_type *out)
{
	enum value_type type;
	if (!check_node(checker, node->left, &type))
		return false;
	if (type != VALUE_TRUTH)
		return complain_operand(checker, node, _("条件"), type);
	*out = VALUE_TRUTH;
	if (!node->right)
		return true;
	if (!check_node(checker, node->right, &type))
		return false;
	return type == VALUE_TRUTH || complain_operand(checker, node, _("条件"), type);
}

static bool check_blank(const struct checker *checker, const struct expression *node, enum value_type *out)
{
	enum value_type type;
	if (!check_node(checker, node->left, &type))
		return false;
	*out = VALUE_TRUTH;
	return type != VALUE_TRUTH || complain_operand(checker, node, _("数和文字"), type);
}

static bool check_like(const struct checker *checker, const struct expression *node, enum value_type *out)
{
	enum value_type type;
	if (!check_node(checker, node->left, &type))
		return false;
	*out = VALUE_TRUTH;
	return type == VALUE_TEXT || complain_operand(checker, node, _("文字"), type);
}

/* A sign or a sum: of figures, and it keeps their type. */
static bool check_figure(const struct checker *checker, const struct expression *node, enum value_type *out)
{
	if (node->kind == EXPRESSION_SUM)
		*out = checker->type_of(checker->context, node->reference);
	else if (!check_node(checker, node->left, out))
		return false;
	return is_numeric(*out) || complain_operand(checker, node, _("数"), *out);
}

static bool check_node(const struct checker *checker, const struct expression *node, enum value_type *out)
{
	switch (node->kind) {
	case EXPRESSION_NUMBER:
		*out = node->value->type;
		return true;
	case EXPRESSION_TEXT:
		*out = VALUE_TEXT;
		return true;
	case EXPRESSION_REFERENCE:
		*out = checker->type_of(checker->context, node->reference);
		return true;
	case EXPRESSION_NEGATE:
	case EXPRESSION_SUM:
		return check_figure(checker, node, out);
	case EXPRESSION_ADD:
	case EXPRESSION_SUBTRACT:
	case EXPRESSION_MULTIPLY:
	case EXPRESSION_DIVIDE:
		return check_arithmetic(checker, node, out);
	case EXPRESSION_AND:
	case EXPRESSION_OR:
	case EXPRESSION_NOT:
	case EXPRESSION_ANY:
		return check_logic(checker, node, out);
	case EXPRESSION_IS_BLANK:
	case EXPRESSION_IS_NOT_BLANK:
		return check_blank(checker, node, out);
	case EXPRESSION_LIKE:
		return check_like(checker, node, out);
	default:
		return check_comparison(checker, node, out);
	}
}

bool expression_check_types(const struct expression *expression, reference_type type_of, void *context,
			    const char *file, enum value_type *out, struct diag_list *diags)
{
	struct checker checker = {.type_of = type_of, .context = context, .file = file, .diags = diags};
	return check_node(&checker, expression, out);
}
