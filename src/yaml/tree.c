/* Reading values out of a parsed tree. */
#include "yaml/tree.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "base/buffer.h"
#include "base/likeness.h"
#include "base/text.h"

struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
	if (map == NULL || map->kind != YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++)
		if (text_same(map->keys[i]->text, key))
			return map->items[i];
	return NULL;
}

/* The scalar under `key`; NULL if it is absent, empty, or of another kind, which is an error. */
static struct yaml_node *get_scalar(const struct yaml_node *map, const char *key, struct diag_list *diags)
{
	struct yaml_node *node = yaml_get(map, key);

	if (node == NULL || node->kind == YAML_NOTHING)
		return NULL;
	if (node->kind != YAML_SCALAR) {
		yaml_error(node, diags, _("“%s”后面应当是一个词或一段文字，不能是列表或下一层内容。"), key);
		return NULL;
	}
	return node;
}

const char *yaml_get_text(const struct yaml_node *map, const char *key, const char *otherwise, struct diag_list *diags)
{
	struct yaml_node *node = get_scalar(map, key, diags);

	return node != NULL ? node->text : otherwise;
}

static bool is_word(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (text_same(text, *words))
			return true;
	return false;
}

bool yaml_get_flag(const struct yaml_node *map, const char *key, bool otherwise, struct diag_list *diags)
{
	static const char *const yes[] = {"true", "yes", "是", NULL};
	static const char *const no[] = {"false", "no", "否", NULL};
	struct yaml_node *node = get_scalar(map, key, diags);

	if (node == NULL)
		return otherwise;
	if (is_word(node->text, yes))
		return true;
	if (is_word(node->text, no))
		return false;
	yaml_error(node, diags, _("“%s”只能是 true（是）或 false（否），不能是“%s”。"), key, node->text);
	return otherwise;
}

static bool read_integer(const char *text, long *out)
{
	bool negative = *text == '-';
	long value = 0;

	if (negative)
		text++;
	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++)
		if (*text < '0' || *text > '9' || __builtin_mul_overflow(value, 10L, &value) ||
		    __builtin_add_overflow(value, (long)(*text - '0'), &value))
			return false;
	*out = negative ? -value : value;
	return true;
}

bool yaml_get_integer(const struct yaml_node *map, const char *key, long least, long most, long *out,
		      struct diag_list *diags)
{
	struct yaml_node *node = get_scalar(map, key, diags);
	long value;

	if (node == NULL)
		return false;
	if (!read_integer(node->text, &value) || value < least || value > most) {
		yaml_error(node, diags, _("“%s”应当是 %ld 到 %ld 之间的整数，不能是“%s”。"), key, least, most,
			   node->text);
		return false;
	}
	*out = value;
	return true;
}

static void refuse_key(const struct yaml_node *key, const char *const *known, struct diag_list *diags)
{
	struct likeness meant = likeness_to(key->text);
	struct buffer words = {0};

	for (size_t i = 0; known[i] != NULL; i++)
		likeness_offer(&meant, known[i]);
	if (meant.best != NULL) {
		yaml_error(key, diags, _("不认识“%s”：是不是“%s”？"), key->text, meant.best);
		return;
	}
	for (size_t i = 0; known[i] != NULL; i++)
		buffer_format(&words, "%s%s", i > 0 ? "、" : "", known[i]);
	yaml_error(key, diags, _("不认识“%s”：这里可以写 %s。"), key->text, buffer_text(&words));
	buffer_done(&words);
}

void yaml_require_known(const struct yaml_node *map, const char *const *known, struct diag_list *diags)
{
	if (map == NULL || map->kind != YAML_MAP)
		return;
	for (size_t i = 0; i < map->count; i++)
		if (!is_word(map->keys[i]->text, known))
			refuse_key(map->keys[i], known, diags);
}

void yaml_error(const struct yaml_node *node, struct diag_list *diags, const char *format, ...)
{
	struct buffer text = {0};
	va_list list;

	va_start(list, format);
	buffer_format_list(&text, format, list);
	va_end(list);
	if (node != NULL)
		diag_add(diags, DIAG_ERROR, node->file, node->line, node->column, "%s", buffer_text(&text));
	else
		diag_error(diags, "%s", buffer_text(&text));
	buffer_done(&text);
}
