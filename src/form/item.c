/* Pieces of layout YAML: `caption: value` items, and scalars that hold a word, a formula, or both. */
#include <string.h>

#include "base/text.h"
#include "form/build.h"

struct place place_of(const struct yaml_node *node)
{
	return (struct place){node->file, node->line, node->column};
}

bool is_digits(const char *text)
{
	return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* What stands behind the colon of an item: a formula, a code, or a word of the language. */
static bool is_value(const char *text)
{
	static const char *const words[] = {"entered", "closed"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (text_same(text, words[i]))
			return true;
	return *text == '=' || is_digits(text) || type_is_word(text);
}

/* A name that swallowed its value, as the colon is full-width or has no blank behind it, or is not there. */
static bool is_name_with_value(const char *text)
{
	static const char *const colons[] = {"：", ":"};
	for (size_t i = 0; i < sizeof(colons) / sizeof(colons[0]); i++) {
		const char *colon = strstr(text, colons[i]);
		if (colon == NULL)
			continue;
		colon += strlen(colons[i]);
		if (is_value(colon + strspn(colon, " ")))
			return true;
	}
	return strstr(text, " = ") != NULL;
}

const char *item_id(struct builder *b, const struct yaml_node *map)
{
	const char *id = yaml_get_text(map, "id", NULL, b->diags);
	const char *plain = id != NULL ? name_of(b->arena, id) : NULL;
	if (id == NULL || (strcmp(plain, id) == 0 && *id != '\0'))
		return id;
	report(b, place_of(yaml_get(map, "id")),
	       _("id “%s”不能带编号、括号、空格和标点，公式里才写得出来；可以写“%s”。"), id, plain);
	return NULL;
}

/* What stood on the first of several lines, as far as it can be told: up to the mark of a list, or what was meant
 * for blanks. */
static char *first_line(struct arena *arena, const char *text)
{
	static const char *const marks[] = {" -", " \u3000", " "};
	const char *end = NULL;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]) && end == NULL; i++)
		end = strstr(text, marks[i]);
	return arena_copy_bytes(arena, text, end != NULL ? (size_t)(end - text) : strlen(text));
}

void item_warn_nothing(struct builder *b, const struct yaml_node *item)
{
	if (b->thorough && item->kind == YAML_MAP && item->items[0]->kind == YAML_NOTHING)
		diag_add(b->diags, DIAG_WARNING, item->file, item->line, item->column,
			 _("“%s”后面有冒号，却没有内容：有下级的，下级要比它多缩进；没有的，请去掉冒号。"),
			 item->keys[0]->text);
}

static bool check_value(struct builder *b, const struct yaml_node *value)
{
	if (value == NULL || value->kind != YAML_SCALAR || value->quoted ||
	    strncmp(value->text, "＝", strlen("＝")) != 0)
		return true;
	report(b, place_of(value), _("请把“%s”改写作“%s”。"), "＝", "=");
	return false;
}

bool item_split(struct builder *b, const struct yaml_node *node, const struct yaml_node **key,
		const struct yaml_node **value)
{
	*value = NULL;
	if (node->kind == YAML_SCALAR && node->folded) {
		report(b, place_of(node),
		       _("“%s”接到了下一行，整个当成一个名称：有下级的，末尾要写冒号；下一行是另一项的，用半角空格缩进到一样深，以“- ”开头；只是名称太长的，请加引号。"),
		       first_line(b->arena, node->text));
		return false;
	}
	if (node->kind == YAML_SCALAR && !node->quoted && is_name_with_value(node->text)) {
		report(b, place_of(node),
		       _("“%s”会整个当成名称：名称后面要写英文冒号，再空一格，例如 - 合计: = 基本支出 + 项目支出。"),
		       node->text);
		return false;
	}
	if (node->kind == YAML_SCALAR) {
		*key = node;
		return true;
	}
	if (node->kind == YAML_MAP && node->count == 1) {
		*key = node->keys[0];
		*value = node->items[0]->kind == YAML_NOTHING ? NULL : node->items[0];
		return check_value(b, *value);
	}
	if (node->kind == YAML_MAP && node->count > 1)
		report(b, place_of(node->keys[1]),
		       _("一项只写一个名称，“%s”请另起一行，前面加“- ”；如果是上一项的属性，请多缩进一级。"),
		       node->keys[1]->text);
	else
		report(b, place_of(node),
		       _("这里要写名称，例如 - 基本支出，或者 - 合计: = 基本支出 + 项目支出。"));
	return false;
}

/* Bytes of the `=` that begins the formula; -1: there is none. It stands first or after one word. */
static ptrdiff_t formula_start(const char *text)
{
	const char *equal = strchr(text, '=');
	if (equal == NULL)
		return -1;
	for (const char *p = text; p < equal; p++)
		if (strchr("\"[]()<>!", *p) != NULL)
			return -1;
	return equal - text;
}

bool formula_read(struct builder *b, const struct yaml_node *node, struct formula_source *formula)
{
	const char *word = "";
	formula->text = NULL;
	if (node->kind == YAML_SCALAR)
		scalar_split(b, node, &word, formula);
	if (formula->text == NULL && *word != '\0') {
		formula->text = word;
		formula->place = place_of(node);
		formula->place.column += node->quoted ? 1 : 0;
		return true;
	}
	if (formula->text != NULL && *formula->text != '\0' && *word == '\0')
		return true;
	report(b, place_of(node), _("formula 后面要写公式，例如 formula: = 基本支出 + 项目支出。"));
	return false;
}

void scalar_split(struct builder *b, const struct yaml_node *node, const char **word,
		  struct formula_source *formula)
{
	*word = "";
	formula->text = NULL;
	formula->place = place_of(node);
	ptrdiff_t equal = formula_start(node->text);
	if (equal < 0) {
		*word = node->text;
		return;
	}
	const char *start = node->text + equal + 1;
	start += strspn(start, " \t\n");
	size_t length = (size_t)equal;
	while (length > 0 && (node->text[length - 1] == ' ' || node->text[length - 1] == '\t'))
		length--;
	*word = arena_copy_bytes(b->arena, node->text, length);
	formula->text = start;
	char *lead = arena_copy_bytes(b->arena, node->text, (size_t)(start - node->text));
	if (strchr(node->text, '\n') == NULL)
		formula->place.column += (unsigned)text_points(lead) + (node->quoted ? 1 : 0);
}
