/* The printed head of a table: a tree of columns, from the nesting of `columns`. */
#include <string.h>

#include "base/text.h"
#include "form/build.h"

#define COLUMN_WIDTH_MAX 200

static const struct type_word {
	const char *word;
	enum form_type type;
} type_words[] = {
	{"money", FORM_MONEY},     {"count", FORM_COUNT},     {"number", FORM_NUMBER},
	{"percent", FORM_PERCENT}, {"measure", FORM_MEASURE}, {"text", FORM_TEXT},
	{"choice", FORM_CHOICE},   {"date", FORM_DATE},       {"code", FORM_CODE},
	{"caption", FORM_CAPTION}, {"ordinal", FORM_ORDINAL},
};

static bool read_list(struct head *head, const struct yaml_node *list, struct form_column *parent);

bool type_is_word(const char *word)
{
	for (size_t i = 0; i < sizeof(type_words) / sizeof(type_words[0]); i++)
		if (text_same(word, type_words[i].word))
			return true;
	return false;
}

static bool read_type(struct head *head, const char *word, struct place place, struct form_column *column,
		      struct column_source *source, bool *typed)
{
	struct likeness nearest = {word, NULL, 0};
	if (strcmp(word, "entered") == 0 || strcmp(word, "closed") == 0) {
		source->word = word[0] == 'e' ? WORD_ENTERED : WORD_CLOSED;
		return true;
	}
	if (strchr(word, '<') != NULL) {
		source->constant = word;
		column->type = FORM_TEXT;
		*typed = true;
		return true;
	}
	for (size_t i = 0; i < sizeof(type_words) / sizeof(type_words[0]); i++) {
		if (!text_same(word, type_words[i].word))
			continue;
		column->type = type_words[i].type;
		*typed = true;
		return true;
	}
	for (size_t i = 0; i < sizeof(type_words) / sizeof(type_words[0]); i++)
		likeness_offer(&nearest, type_words[i].word);
	report(head->b, place,
	       _("不认识栏“%s”的类型“%s”%s。类型有 "
		 "money、count、number、percent、measure、text、choice、date、code、caption、ordinal。"),
	       column->caption, word, likeness_hint(head->b->arena, &nearest));
	return false;
}

/* yyyy, mm or m, dd or d, each once; between them whatever is printed. */
static bool is_date_format(const char *format)
{
	size_t years = 0, months = 0, days = 0;
	for (const char *p = format; *p != '\0'; p++) {
		years += *p == 'y';
		months += *p == 'm';
		days += *p == 'd';
	}
	return years == 4 && strstr(format, "yyyy") != NULL &&
	       (months == 1 || (months == 2 && strstr(format, "mm") != NULL)) &&
	       (days == 1 || (days == 2 && strstr(format, "dd") != NULL));
}

static bool set_format(struct head *head, struct form_column *column, const struct yaml_node *format)
{
	column->format = format->text;
	if (column->type == FORM_DATE) {
		if (is_date_format(format->text))
			return true;
		report(head->b, place_of(format),
		       _("日期的格式“%s”看不懂；请写 yyyy-mm-dd 或 yyyy年m月d日 这样的样子。"), format->text);
		return false;
	}
	if (is_figure(column->type) && unit_set_format(&column->unit, format->text))
		return true;
	report(head->b, place_of(format), _("格式“%s”看不懂；请写 0、0.00、#,##0.00 或 0%% 这样的样子。"),
	       format->text);
	return false;
}

/* The unit that the captions over a column say, the nearest first; NULL: none. */
static const struct form_unit *unit_in_head(const struct form_column *column)
{
	const struct form_unit *unit = NULL;
	for (; column != NULL && column->caption != NULL && unit == NULL; column = column->parent)
		unit = unit_in_caption(column->caption);
	return unit;
}

static bool settle_stated_unit(struct head *head, struct form_column *column, bool written)
{
	const struct form_unit *printed = column->type == FORM_MONEY ? unit_in_head(column) : NULL;
	column->unit_stated = printed != NULL ||
			      (column->type == FORM_MONEY && written && unit_is_money(head->unit));
	if (printed == NULL || printed->power == column->unit.power)
		return true;
	report(head->b, column->place, _("栏“%s”的栏名里写的是%s，单位却是%s；请写上 unit: %s，或者改栏名。"),
	       column->caption, printed->name, column->unit.name, printed->name);
	return false;
}

/* Type and unit where they go without saying, and their agreement. */
static bool settle_unit(struct head *head, struct form_column *column, const char *unit, bool typed,
			const struct yaml_node *format)
{
	const char *given = unit != NULL ? unit : head->unit;
	if (!typed) {
		if (*given == '\0') {
			report(head->b, column->place,
			       _("本表没有单位，栏“%s”要写明类型，例如 - %s: number。"), column->caption,
			       column->caption);
			return false;
		}
		column->type = unit_sounds_like_money(given) ? FORM_MONEY : FORM_COUNT;
		head->source->columns[column->leaf].assumed = true;
	}
	if (column->type == FORM_MONEY && unit == NULL && unit_sounds_like_money(given) && !unit_is_money(given))
		return false; /* said of the table */
	if (column->type == FORM_MONEY && !unit_is_money(given)) {
		report(head->b, column->place, _("栏“%s”是金额，单位却是“%s”；金额的单位要写 元 或 万元。"),
		       column->caption, given);
		return false;
	}
	if (column->type != FORM_MONEY && unit != NULL && unit_is_money(unit)) {
		report(head->b, column->place, _("栏“%s”不是金额，单位不能写“%s”：是金额请把类型写成 money，不是请换单位。"), column->caption, unit);
		return false;
	}
	bool shown = column->type == FORM_MONEY || unit != NULL || !unit_is_money(given);
	column->unit = unit_make(shown && is_figure(column->type) ? given : "", column->type);
	if (format != NULL && !set_format(head, column, format))
		return false;
	if (format == NULL && head->format != NULL && column->type == FORM_MONEY)
		unit_set_format(&column->unit, head->format);
	return settle_stated_unit(head, column, unit != NULL);
}

static bool read_scalar(struct head *head, const struct yaml_node *value, struct form_column *column,
			struct column_source *source, bool *typed)
{
	const char *word;
	if (value->kind != YAML_SCALAR) {
		report(head->b, place_of(value), _("这里要写一个词或者公式，例如 text，或者 = 基本支出 + 项目支出。"));
		return false;
	}
	scalar_split(head->b, value, &word, &source->formula);
	if (source->formula.text != NULL && *source->formula.text == '\0') {
		report(head->b, source->formula.place, _("“=”后面要写公式。"));
		return false;
	}
	return *word == '\0' || read_type(head, word, place_of(value), column, source, typed);
}

static bool read_width(struct head *head, const struct yaml_node *map, struct form_column *column)
{
	long width = 0;
	if (!yaml_get_integer(map, "width", 1, COLUMN_WIDTH_MAX, &width, head->b->diags))
		return yaml_get(map, "width") == NULL;
	column->width = (int)width;
	return true;
}

static bool is_choice(const struct form_column *column, const char *text)
{
	for (int i = 0; i < column->choice_count; i++)
		if (strcmp(column->choices[i], text) == 0)
			return true;
	return false;
}

static bool read_choices(struct head *head, const struct yaml_node *map, struct form_column *column)
{
	const struct yaml_node *list = yaml_get(map, "choice");
	if ((list != NULL) != (column->type == FORM_CHOICE)) {
		report(head->b, list != NULL ? place_of(list) : column->place,
		       _("栏“%s”：choice 类型的栏要用 choice 列出可选的词，别的栏不写。"), column->caption);
		return false;
	}
	if (list == NULL)
		return true;
	bool fine = list->kind == YAML_LIST && list->count > 0;
	column->choices = arena_take(head->b->arena, (list->count + 1) * sizeof(*column->choices));
	for (size_t i = 0; fine && i < list->count; i++) {
		fine = list->items[i]->kind == YAML_SCALAR && !is_choice(column, list->items[i]->text) &&
		       (list->items[i]->quoted || strstr(list->items[i]->text, "，") == NULL);
		column->choices[column->choice_count++] = list->items[i]->text;
	}
	if (!fine)
		report(head->b, place_of(list), _("choice 要写不重复的词的列表，用半角逗号隔开，例如 choice: [甲, 乙]。"));
	return fine;
}

/* The value where none was entered. */
static bool read_standard(struct head *head, const struct yaml_node *map, struct form_column *column)
{
	const struct yaml_node *node = yaml_get(map, "default");
	enum form_type type = column->type;
	bool textual = type == FORM_TEXT || type == FORM_MEASURE || type == FORM_CHOICE ||
		       type == FORM_DATE || (type == FORM_CODE && column->catalogue != NULL);
	if (node == NULL)
		return true;
	if (!textual || node->kind != YAML_SCALAR) {
		report(head->b, place_of(node),
		       _("default 只用于 text、measure、choice、date 和带 catalogue 的 code "
			 "栏，后面写一个值。"));
		return false;
	}
	column->standard = node->text;
	if (type == FORM_DATE && strchr(node->text, '<') == NULL && date_of_text(node->text) == 0) {
		report(head->b, place_of(node), _("日期要写成 \"2024-12-31\" 或 \"<上年>-12-31\" 这样。"));
		return false;
	}
	if (type != FORM_CHOICE || is_choice(column, node->text))
		return true;
	report(head->b, place_of(node), _("“%s”不在栏“%s”可选的词里：请改成其中一个，或者把它加进 choice。"), node->text, column->caption);
	return false;
}

/* What only some types have. */
static bool read_kind(struct head *head, const struct yaml_node *map, struct form_column *column,
		      struct column_source *source)
{
	const struct yaml_node *catalogue = yaml_get(map, "catalogue"), *level = yaml_get(map, "level");
	const struct yaml_node *odd = catalogue != NULL ? catalogue : level;
	if (odd != NULL && (column->type != FORM_CODE || odd->kind != YAML_SCALAR)) {
		report(head->b, place_of(odd),
		       _("catalogue 和 level 只用于 code 类型的栏，后面写科目目录或级的名称。"));
		return false;
	}
	if (catalogue != NULL) {
		column->catalogue = builder_catalogue(head->b, catalogue->text, place_of(catalogue));
		if (column->catalogue == NULL)
			return false;
	}
	source->level = level;
	column->once = yaml_get_flag(map, "once", false, head->b->diags);
	column->unique = yaml_get_flag(map, "unique", false, head->b->diags);
	return read_choices(head, map, column) && read_standard(head, map, column);
}

static bool read_attributes(struct head *head, const struct yaml_node *map, struct form_column *column,
			    struct column_source *source)
{
	static const char *const known[] = {"id",        "caption", "type",   "formula", "unit",
					    "catalogue", "level",   "choice", "default", "once",
					    "unique",    "format",  "width",  "columns", NULL};
	static const char *const known_field[] = {"id",     "caption",   "type",   "formula",
						  "unit",   "catalogue", "choice", "default",
						  "format", "width",     "label",  NULL};
	struct diag_list *diags = head->b->diags;
	bool typed = false;
	size_t errors = diags->errors;
	yaml_require_known(map, head->fields ? known_field : known, diags);
	if (diags->errors > errors)
		return false;
	const struct yaml_node *type = yaml_get(map, "type"), *formula = yaml_get(map, "formula");
	if (type != NULL && !read_scalar(head, type, column, source, &typed))
		return false;
	if (formula != NULL && !formula_read(head->b, formula, &source->formula))
		return false;
	const struct yaml_node *format = yaml_get(map, "format");
	if (format != NULL && yaml_get_text(map, "format", NULL, diags) == NULL)
		return false;
	return read_width(head, map, column) &&
	       settle_unit(head, column, yaml_get_text(map, "unit", NULL, diags), typed, format) &&
	       read_kind(head, map, column, source);
}

static void add_leaf(struct head *head, struct form_column *column)
{
	struct form_table *table = head->source->table;
	array_reserve(&table->leaves, &head->leaf_capacity, (size_t)table->leaf_count,
		      sizeof(*table->leaves));
	array_reserve(&head->source->columns, &head->column_capacity, (size_t)table->leaf_count,
		      sizeof(*head->source->columns));
	head->source->columns[table->leaf_count] = (struct column_source){0};
	column->leaf = table->leaf_count;
	table->leaves[table->leaf_count++] = column;
}

static bool read_leaf(struct head *head, const struct yaml_node *value, struct form_column *column)
{
	bool typed = false;
	add_leaf(head, column);
	struct column_source *source = &head->source->columns[column->leaf];
	if (value != NULL && value->kind == YAML_MAP)
		return read_attributes(head, value, column, source);
	if (value != NULL && !read_scalar(head, value, column, source, &typed))
		return false;
	if (!settle_unit(head, column, NULL, typed, NULL))
		return false;
	if (column->type != FORM_CHOICE)
		return true;
	report(head->b, column->place, _("栏“%s”：choice 类型的栏要用 choice 列出可选的词，别的栏不写。"),
	       column->caption);
	return false;
}

static void set_path(struct builder *b, struct form_column *column)
{
	bool fields = strchr(column->caption, '<') != NULL;
	const char *own = fields ? column->name : caption_squeeze(b->arena, column->caption);
	const char *above = column->parent->depth >= 0 ? column->parent->path : NULL;
	column->path = above != NULL ? arena_format(b->arena, "%s/%s", above, own) : own;
}

static bool check_name(struct head *head, const struct form_column *parent, const struct form_column *column)
{
	if (*column->name == '\0' && column->id == NULL) {
		report(head->b, column->place, _("栏“%s”去掉编号、括号和标点后没有名称，请用 id 给它起名。"),
		       column->caption);
		return false;
	}
	for (int i = 0; i < parent->child_count; i++) {
		const struct form_column *other = parent->children[i];
		bool same_id = column->id != NULL && other->id != NULL && strcmp(column->id, other->id) == 0;
		bool same_name =
			strcmp(column->name, other->name) == 0 && column->id == NULL && other->id == NULL;
		if (same_id || same_name) {
			report(head->b, column->place,
			       _("栏“%s”与第 %u 行的栏重名；请给其中一栏写不同的 id。"),
			       same_id ? column->id : column->caption, other->place.line);
			return false;
		}
	}
	return true;
}

struct form_column *column_add(struct head *head, const struct yaml_node *key, const struct yaml_node *value,
			       bool group, struct form_column *parent)
{
	struct builder *b = head->b;
	struct form_column *column = arena_take(b->arena, sizeof(*column));
	column->parent = parent;
	column->depth = parent->depth + 1;
	column->leaf = column->level = -1;
	column->place = place_of(key);
	column->name = name_of(b->arena, key->text);
	column->caption = key->text;
	if (value != NULL && value->kind == YAML_MAP) {
		column->id = item_id(b, value);
		column->caption = yaml_get_text(value, "caption", key->text, b->diags);
	}
	set_path(b, column);
	if (!check_name(head, parent, column))
		return NULL;
	column->first_leaf = head->source->table->leaf_count;
	bool fine = group || read_leaf(head, value, column);
	column->leaf_count = head->source->table->leaf_count - column->first_leaf;
	if (fine)
		parent->children[parent->child_count++] = column;
	return fine ? column : NULL;
}

static bool read_column(struct head *head, const struct yaml_node *item, struct form_column *parent)
{
	const struct yaml_node *key, *value, *children = NULL;
	struct form_table *table = head->source->table;
	if (!item_split(head->b, item, &key, &value))
		return false;
	item_warn_nothing(head->b, item);
	if (value != NULL && value->kind == YAML_MAP)
		children = yaml_get(value, "columns");
	else if (value != NULL && value->kind == YAML_LIST)
		children = value;
	struct form_column *column = column_add(head, key, value, children != NULL, parent);
	if (column == NULL)
		return false;
	if (column->depth + 1 > table->head_depth)
		table->head_depth = column->depth + 1;
	bool fine = children == NULL || read_list(head, children, column);
	column->leaf_count = table->leaf_count - column->first_leaf;
	return fine;
}

static bool read_list(struct head *head, const struct yaml_node *list, struct form_column *parent)
{
	bool fine = true;
	if (list->kind != YAML_LIST || list->count == 0) {
		report(head->b, place_of(list), _("这里要逐行列出各栏，每栏以“- ”开头。"));
		return false;
	}
	if (parent->depth + 1 >= COLUMN_DEPTH_MAX) {
		report(head->b, place_of(list), _("表头最多 %d 层，请减少层数。"), COLUMN_DEPTH_MAX);
		return false;
	}
	parent->children = arena_take(head->b->arena, list->count * sizeof(*parent->children));
	for (size_t i = 0; i < list->count; i++)
		fine = read_column(head, list->items[i], parent) && fine;
	return fine;
}

/* 栏次: the ordinal column carries the label, the others of the grid count from 1. */
static void number_leaves(struct form_table *table)
{
	int number = 0;
	for (int i = table->head->first_leaf; i < table->leaf_count; i++) {
		if (table->leaves[i]->type == FORM_ORDINAL)
			table->ordinal_leaf = i;
		else
			table->leaves[i]->number = ++number;
	}
}

struct form_column *column_root(struct builder *b, int first_leaf)
{
	struct form_column *root = arena_take(b->arena, sizeof(*root));
	root->depth = root->leaf = -1;
	root->caption = root->name = root->path = "";
	root->first_leaf = first_leaf;
	return root;
}

bool columns_read(struct builder *b, struct table_source *source)
{
	struct form_table *table = source->table;
	const struct yaml_node *format = table_setting(b, source, "format");
	struct head head = {b, source, table->unit.name, format != NULL ? format->text : NULL, true, 0, 0};
	const struct yaml_node *list = yaml_get(source->root, "columns"),
			       *fields = yaml_get(source->root, "fields");
	bool fine = true;
	table->ordinal_leaf = -1;
	if (list == NULL && fields == NULL) {
		report(b, place_of(source->root), _("表“%s”没有 columns，请列出各栏。"), table->name);
		return false;
	}
	if (fields != NULL)
		fine = fields_read(&head);
	head.fields = false;
	table->head = column_root(b, table->leaf_count);
	if (list != NULL)
		fine = read_list(&head, list, table->head) && fine;
	table->head->leaf_count = table->leaf_count - table->head->first_leaf;
	struct form_column **leaves = arena_take(b->arena, (size_t)(table->leaf_count + 1) * sizeof(*leaves));
	struct column_source *columns =
		arena_take(b->scratch, (size_t)(table->leaf_count + 1) * sizeof(*columns));
	for (int i = 0; i < table->leaf_count; i++) {
		leaves[i] = table->leaves[i];
		columns[i] = source->columns[i];
	}
	memory_free(table->leaves);
	memory_free(source->columns);
	table->leaves = leaves;
	source->columns = columns;
	number_leaves(table);
	columns_name(b, table);
	return fine;
}
