/* What the names in a formula mean. First a reference is resolved to a target (table, rows, column); then it
 * is bound: references to one thing get a binding, sums over several things become chains of + so that
 * evaluation knows single cells only. */
#include <string.h>

#include "base/text.h"
#include "form/build.h"

#define PATH_MAX_NAMES 12

static void fail(const struct resolve *context, const struct reference *reference, const char *sentence)
{
	diag_add(context->b->diags, DIAG_ERROR, context->file, reference->line, reference->column, "%s",
		 sentence);
}

static const char *path_text(const struct resolve *context, const char *const *names, size_t count)
{
	const char *text = names[0];
	for (size_t i = 1; i < count; i++)
		text = arena_format(context->b->arena, "%s.%s", text, names[i]);
	return text;
}

/* The row named by a path in a table; for a coded table only its total has a name. -1: none. */
static int find_row(const struct table_source *source, const char *const *names, size_t count,
		    bool *ambiguous)
{
	const struct form_coded *coded = source->table->coded;
	*ambiguous = false;
	if (coded == NULL)
		return row_find(source, names, count, ambiguous);
	bool total = count == 1 && coded->total_name != NULL && strcmp(coded->total_name, names[0]) == 0;
	return total ? FORM_CLASS_TOTAL : -1;
}

static void set_class(const struct resolve *context, struct target *out, int class)
{
	out->rows = TARGET_FIXED;
	out->classes = arena_take(context->b->scratch, sizeof(*out->classes));
	out->classes[0] = class;
	out->class_count = 1;
}

/* The block whose columns win where nothing else tells: that of the computed cell. */
static int own_block(const struct resolve *context, const struct table_source *source)
{
	if (source != context->own || context->leaf < 0)
		return -1;
	return source->table->leaves[context->leaf]->block;
}

bool resolve_reaches(const struct resolve *context, int list)
{
	const struct form_table *own = context->own != NULL ? context->own->table : NULL;
	const struct form_pack *pack = context->b->pack;
	if (own == NULL || context->mode == RESOLVE_CHECK)
		return false;
	bool entry = own->list >= 0 && context->class == own->entry_class;
	return (entry && list_reaches(pack, own->list, list)) || list_reaches(pack, own->each, list);
}

/* A field stands in the row of the fields, whichever row of the grid names it. */
static void settle_field(const struct resolve *context, const struct form_table *table, struct target *out)
{
	bool own = context->own != NULL && table == context->own->table && context->leaf >= 0;
	if (out->column == NULL || !is_field(table, out->column))
		return;
	if (own && is_field(table, table->leaves[context->leaf]))
		out->rows = TARGET_OWN;
	else
		set_class(context, out, table->fields_class);
}

/* names[0..rows) is a row, the others a column; either may be empty. */
static bool try_split(const struct resolve *context, const struct table_source *source,
		      const char *const *names, size_t count, size_t rows, bool groups, struct target *out,
		      bool *ambiguous)
{
	const struct form_table *table = source->table;
	*out = (struct target){.table = table->index, .block = -1};
	*ambiguous = false;
	if (rows > 0) {
		int class = find_row(source, names, rows, ambiguous);
		if (class < 0)
			return false;
		set_class(context, out, class);
		out->block = table->coded == NULL ? table->rows[class].block : -1;
	} else {
		bool own = source == context->own && context->mode != RESOLVE_CHECK;
		out->rows = own ? TARGET_OWN : TARGET_OPEN;
	}
	if (count == rows)
		return true;
	int block = rows > 0 ? out->block : own_block(context, source);
	out->column = column_find(table, names + rows, count - rows, block, groups, ambiguous);
	if (out->column == NULL && block >= 0 && rows == 0 && !*ambiguous)
		out->column = column_find(table, names + rows, count - rows, -1, groups, ambiguous);
	settle_field(context, table, out);
	return out->column != NULL;
}

enum found {
	FOUND_NOTHING,
	FOUND,
	FOUND_SEVERAL
};

static enum form_part part_named(const char *name)
{
	static const char *const words[] = {"sign", "number", "unit", "money"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], name) == 0)
			return (enum form_part)(FORM_PART_SIGN + (int)i);
	return FORM_WHOLE;
}

static enum found find_whole(const struct resolve *context, const struct table_source *source,
			     const char *const *names, size_t count, bool groups, struct target *out);

/* The same, where the last of the names may be a part of a measure: 指标值.number. */
static enum found find_path(const struct resolve *context, const struct table_source *source,
			    const char *const *names, size_t count, bool groups, struct target *out)
{
	enum found found = find_whole(context, source, names, count, groups, out);
	enum form_part part = count > 1 ? part_named(names[count - 1]) : FORM_WHOLE;
	if (found != FOUND_NOTHING || part == FORM_WHOLE)
		return found;
	found = find_whole(context, source, names, count - 1, false, out);
	if (found == FOUND && (out->column == NULL || out->column->type != FORM_MEASURE))
		return FOUND_NOTHING;
	out->part = part;
	return found;
}

/* All ways to read a path within one table. A single name is a column first, in a row formula a row first. */
static enum found find_whole(const struct resolve *context, const struct table_source *source,
			     const char *const *names, size_t count, bool groups, struct target *out)
{
	bool row_first = context->mode == RESOLVE_ROW && source == context->own;
	struct target candidate;
	bool ambiguous, several = false;
	int found = 0;
	for (size_t i = 0; i <= count; i++) {
		size_t rows = row_first ? count - i : i;
		if (try_split(context, source, names, count, rows, groups, &candidate, &ambiguous)) {
			if (found++ == 0)
				*out = candidate;
			if (count == 1)
				break;
		} else if (ambiguous) {
			several = true;
			if (count == 1)
				break;
		}
	}
	if (found > 1 || (several && found == 0))
		return FOUND_SEVERAL;
	return found == 1 ? FOUND : FOUND_NOTHING;
}

static void offer_table(struct likeness *nearest, const struct form_table *table, bool groups)
{
	for (int i = 0; i < table->leaf_count; i++) {
		likeness_offer(nearest, table->leaves[i]->name);
		if (groups && table->leaves[i]->parent->depth >= 0)
			likeness_offer(nearest, table->leaves[i]->parent->name);
	}
	for (int i = 0; i < table->row_count; i++)
		likeness_offer(nearest, table->rows[i].name);
	if (table->coded != NULL)
		likeness_offer(nearest, table->coded->total_name);
}

/* Every row and column that the last of the names could mean. */
static const char *candidates(const struct resolve *context, const struct form_table *table, const char *name)
{
	struct arena *arena = context->b->arena;
	const char *list = "";
	for (int i = 0; i < table->leaf_count; i++)
		if (strcmp(table->leaves[i]->name, name) == 0)
			list = arena_format(arena, _("%s%s栏 %s"), list, *list != '\0' ? "、" : "",
					    table->leaves[i]->path);
	for (int i = 0; i < table->row_count; i++) {
		const char *own = strrchr(table->rows[i].name, '.');
		own = own != NULL ? own + 1 : table->rows[i].name;
		if (strcmp(own, name) == 0)
			list = arena_format(arena, _("%s%s行 %s"), list, *list != '\0' ? "、" : "",
					    table->rows[i].name);
	}
	return list;
}

static void fail_several(const struct resolve *context, const struct reference *reference,
			 const struct form_table *table, const char *const *names, size_t count)
{
	fail(context, reference,
	     arena_format(context->b->arena, _("“%s”在表“%s”里不止一处：%s；请把名称写全，或者用 id。"),
			  path_text(context, names, count), table->name,
			  candidates(context, table, names[count - 1])));
}

/* Says which of the names is not known and what comes nearest. */
static void fail_unknown(const struct resolve *context, const struct reference *reference,
			 const struct form_table *table, const char *const *names, size_t count, bool groups)
{
	struct target ignored;
	size_t known = 0;
	while (table != NULL && known + 1 < count &&
	       find_path(context, &context->b->sources[table->index], names, known + 1, true, &ignored) ==
		       FOUND)
		known++;
	struct likeness nearest = {names[known], NULL, 0};
	if (table != NULL)
		offer_table(&nearest, table, groups);
	const struct form_pack *pack = context->b->pack;
	for (int i = 0; i < pack->table_count && names == reference->names && known == 0; i++)
		likeness_offer(&nearest, pack->tables[i]->name);
	const char *hint = likeness_hint(context->b->arena, &nearest);
	bool ambiguous;
	const struct form_column *before =
		table != NULL && known > 0 ? column_find(table, names, known, -1, false, &ambiguous) : NULL;
	if (before != NULL)
		fail(context, reference,
		     arena_format(context->b->arena,
				  _("“%s”是一栏，后面不能再写“%s”；只有 measure 类型的栏可以写 .sign .number "
				    ".unit .money。"),
				  before->name, names[known]));
	else if (table != NULL && column_find(table, names, known + 1, -1, true, &ambiguous) != NULL)
		fail(context, reference,
		     arena_format(context->b->arena,
				  _("“%s”是栏组；它各栏之和写作 sum(%s)，其中一栏写作 %s.栏名。"),
				  names[known], names[known], names[known]));
	else if (table != NULL)
		fail(context, reference,
		     arena_format(context->b->arena, _("表“%s”里没有“%s”这个行或栏%s；名称照印出的写，不带编号、括号和空格。"), table->name,
				  names[known], hint));
	else
		fail(context, reference,
		     arena_format(context->b->arena, _("没有“%s”这张表%s；表的名称是它的文件里 table 后面写的。"), names[0], hint));
}

static struct table_source *table_named(const struct resolve *context, const char *name)
{
	const struct form_pack *pack = context->b->pack;
	for (int i = 0; i < pack->table_count; i++)
		if (text_same(pack->tables[i]->name, name))
			return &context->b->sources[i];
	return NULL;
}

/* A path without brackets: within the own table, else from a table's name. */
static bool resolve_path(const struct resolve *context, const struct reference *reference, bool groups,
			 struct target *out)
{
	const char *const *names = reference->names;
	size_t count = reference->name_count;
	struct table_source *other = table_named(context, names[0]);
	enum found found = FOUND_NOTHING;
	if (context->own != NULL)
		found = find_path(context, context->own, names, count, groups, out);
	if (found == FOUND_SEVERAL)
		fail_several(context, reference, context->own->table, names, count);
	if (found != FOUND_NOTHING)
		return found == FOUND;
	if (other == NULL) {
		fail_unknown(context, reference, context->own != NULL ? context->own->table : NULL, names,
			     count, groups);
		return false;
	}
	if (count == 1) {
		*out = (struct target){.table = other->table->index, .rows = TARGET_OPEN, .block = -1};
		return true;
	}
	found = find_path(context, other, names + 1, count - 1, groups, out);
	if (found == FOUND_SEVERAL)
		fail_several(context, reference, other->table, names + 1, count - 1);
	else if (found == FOUND_NOTHING)
		fail_unknown(context, reference, other->table, names + 1, count - 1, groups);
	return found == FOUND;
}

static bool resolve_code(const struct resolve *context, const struct reference *reference,
			 const struct form_table *table, const char *code)
{
	const struct form_coded *coded = table->coded;
	struct arena *arena = context->b->arena;
	int level = catalogue_level_of(coded->catalogue, code);
	const struct form_pack *pack = context->b->pack;
	if (!is_digits(code)) {
		fail(context, reference,
		     arena_format(arena, _("表“%s”按科目编码分行，[ ] 里要写编码%s%s，没有“%s”。"),
				  table->name, coded->total_name != NULL ? _("或") : "",
				  coded->total_name != NULL ? coded->total_name : "", code));
		return false;
	}
	if (level < 0 || level > coded->leaf_level) {
		fail(context, reference,
		     arena_format(arena, _("编码“%s”的位数不合表“%s”的科目，请核对位数。"), code, table->name));
		return false;
	}
	for (int i = 0; i < pack->year_count; i++)
		if (catalogue_find(coded->catalogue, code, pack->years[i]) == NULL) {
			fail(context, reference,
			     arena_format(arena, _("%d 年的%s里没有编码“%s”，请核对编码和 years。"), pack->years[i],
					  coded->catalogue->title, code));
			return false;
		}
	return true;
}

/* [a, b] of a coded table: its total, or codes. */
static bool resolve_coded_rows(const struct resolve *context, const struct reference *reference,
			       const struct form_table *table, struct target *out)
{
	const char *total = table->coded->total_name;
	if (reference->row_count == 1 && total != NULL && strcmp(reference->rows[0], total) == 0) {
		set_class(context, out, FORM_CLASS_TOTAL);
		return true;
	}
	out->rows = TARGET_CODES;
	out->codes = arena_take(context->b->arena, reference->row_count * sizeof(*out->codes));
	for (size_t i = 0; i < reference->row_count; i++) {
		if (!resolve_code(context, reference, table, reference->rows[i]))
			return false;
		out->codes[out->code_count++] = reference->rows[i];
	}
	return true;
}

static int find_selected(const struct resolve *context, const struct table_source *source,
			 const char *selector, bool *ambiguous)
{
	const char *names[PATH_MAX_NAMES];
	size_t count = 0;
	char *rest = arena_copy(context->b->arena, selector);
	for (char *part = strsep(&rest, "."); part != NULL && count < PATH_MAX_NAMES;
	     part = strsep(&rest, "."))
		names[count++] = part;
	return rest == NULL ? row_find(source, names, count, ambiguous) : -1;
}

/* A code that stands on several rows means their sum. */
static bool add_coded_rows(const struct form_table *table, const char *code, struct target *out)
{
	int before = out->class_count;
	for (int i = 0; is_digits(code) && i < table->row_count; i++)
		if (table->rows[i].code != NULL && strcmp(table->rows[i].code, code) == 0) {
			out->classes[out->class_count++] = i;
			out->block = table->rows[i].block;
		}
	return out->class_count > before;
}

static bool resolve_fixed_rows(const struct resolve *context, const struct reference *reference,
			       const struct table_source *source, struct target *out)
{
	const struct form_table *table = source->table;
	struct arena *arena = context->b->arena;
	out->rows = TARGET_FIXED;
	out->classes = arena_take(context->b->scratch, (reference->row_count + 1) * (size_t)(table->row_count + 1) *
						 sizeof(*out->classes));
	for (size_t i = 0; i < reference->row_count; i++) {
		bool ambiguous = false;
		if (add_coded_rows(table, reference->rows[i], out))
			continue;
		int class = find_selected(context, source, reference->rows[i], &ambiguous);
		if (class < 0) {
			struct likeness nearest = {reference->rows[i], NULL, 0};
			for (int k = 0; k < table->row_count; k++)
				likeness_offer(&nearest, table->rows[k].name);
			fail(context, reference,
			     arena_format(arena,
					  ambiguous ? _("表“%s”里不止一行叫“%s”%s；请把上级的名称也写上。")
						    : _("表“%s”里没有“%s”这一行%s；名称照印出的写，不带编号、括号和空格。"),
					  table->name, reference->rows[i],
					  ambiguous ? "" : likeness_hint(arena, &nearest)));
			return false;
		}
		if (i > 0 && table->rows[class].block != out->block) {
			fail(context, reference, _("[ ] 里的各行要在同一个栏组里，请拆成几项相加。"));
			return false;
		}
		out->block = table->rows[class].block;
		out->classes[out->class_count++] = class;
	}
	return true;
}

/* 表[行].栏 */
static bool resolve_bracket(const struct resolve *context, const struct reference *reference, bool groups,
			    struct target *out)
{
	const struct table_source *source = table_named(context, reference->names[0]);
	bool ambiguous;
	if (source == NULL) {
		fail_unknown(context, reference, NULL, reference->names, 1, false);
		return false;
	}
	*out = (struct target){.table = source->table->index, .block = -1};
	bool fine = source->table->coded != NULL ? resolve_coded_rows(context, reference, source->table, out)
						 : resolve_fixed_rows(context, reference, source, out);
	if (!fine || reference->name_count == 1)
		return fine;
	const char *const *names = reference->names + 1;
	size_t count = reference->name_count - 1;
	out->column = column_find(source->table, names, count, out->block, groups, &ambiguous);
	if (out->column == NULL && ambiguous) {
		fail_several(context, reference, source->table, names, count);
	} else if (out->column == NULL) {
		struct likeness nearest = {names[count - 1], NULL, 0};
		for (int i = 0; i < source->table->leaf_count; i++)
			likeness_offer(&nearest, source->table->leaves[i]->name);
		fail(context, reference,
		     arena_format(context->b->arena, _("表“%s”里没有“%s”这一栏%s；名称照表头写，不带编号、括号和空格。"), source->table->name,
				  path_text(context, names, count),
				  likeness_hint(context->b->arena, &nearest)));
	}
	return out->column != NULL;
}

bool resolve_reference(const struct resolve *context, const struct reference *reference, bool in_sum,
		       struct target *out)
{
	bool fine = reference->rows != NULL ? resolve_bracket(context, reference, in_sum, out)
					    : resolve_path(context, reference, in_sum, out);
	if (!fine || !in_sum || context->in_any)
		return fine;
	if (out->rows == TARGET_OPEN && out->column != NULL && out->column->leaf >= 0)
		out->rows = TARGET_LEAVES;
	else if (out->rows == TARGET_FIXED)
		out->all = context->b->pack->tables[out->table]->each >= 0;
	return fine;
}
