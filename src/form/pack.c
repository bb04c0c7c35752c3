/* Loading a pack: the phases in order, and what is asked of a loaded one. */
#include "form/pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "form/build.h"

const char *const pack_keys[] = {
	"pack",     "title", "region", "years", "unit", "line",   "numbers", "format", "tables",  "checks",
	"warnings", "hints", "live",   "empty", "page", "indent", "blank",   "note",   "extends", NULL};

static void read_years(struct builder *b)
{
	const struct yaml_node *years = yaml_get(b->root, "years");
	struct form_pack *pack = b->pack;
	const int room = (int)(sizeof(pack->years) / sizeof(pack->years[0]));
	bool fine =
		years != NULL && years->kind == YAML_LIST && years->count > 0 && years->count <= (size_t)room;
	for (size_t i = 0; fine && i < years->count; i++) {
		const struct yaml_node *year = years->items[i];
		fine = year->kind == YAML_SCALAR && is_digits(year->text) && strlen(year->text) == 4;
		if (fine)
			pack->years[pack->year_count++] = atoi(year->text);
	}
	if (!fine)
		report(b, place_of(years != NULL ? years : b->root),
		       _("pack.yaml 要用 years 列出适用的预算年度，例如 years: [2024, 2025]，最多 %d 年。"),
		       room);
}

static const char *folder_name(const char *directory)
{
	const char *slash = strrchr(directory, '/');
	return slash != NULL ? slash + 1 : directory;
}

static void read_pack(struct builder *b)
{
	struct form_pack *pack = b->pack;
	yaml_require_known(b->root, pack_keys, b->diags);
	pack->id = yaml_get_text(b->root, "pack", NULL, b->diags);
	pack->title = yaml_get_text(b->root, "title", NULL, b->diags);
	pack->region = yaml_get_text(b->root, "region", "", b->diags);
	const char *folder = folder_name(pack->directory);
	if (pack->id == NULL)
		report(b, place_of(b->root),
		       _("pack.yaml 要用 pack 写明套表的名称，与文件夹同名：pack: %s。"), folder);
	else if (strcmp(pack->id, folder) != 0 && strcmp(folder, ".") != 0 && strcmp(folder, "..") != 0)
		report(b, place_of(yaml_get(b->root, "pack")),
		       _("套表的名称“%s”与文件夹“%s”不一致，按名称会找不到它；请改成一样的。"), pack->id,
		       folder);
	if (pack->title == NULL)
		report(b, place_of(b->root), _("pack.yaml 要用 title 写明套表的标题。"));
	read_years(b);
}

static void name_table(struct builder *b, struct table_source *source, struct map *names)
{
	struct form_table *table = source->table;
	table->name = yaml_get_text(source->root, "table", NULL, b->diags);
	if (table->name == NULL || *table->name == '\0') {
		yaml_require_known(source->root, table_keys, b->diags); /* table misspelt */
		report(b, table->place, _("要用 table 写明表的简称，公式里用它，例如 table: 车辆表。"));
		return;
	}
	const struct yaml_node *node = yaml_get(source->root, "table");
	char *plain = name_of(b->arena, table->name);
	struct form_table *other = map_get(names, table->name);
	if (strcmp(plain, table->name) != 0)
		report(b, place_of(node),
		       _("表的简称“%s”不能带编号、括号、空格和标点，公式里才写得出来；可以写“%s”。"),
		       table->name, plain);
	else if (other != NULL)
		report(b, place_of(node), _("表“%s”与 %s.yaml 的表重名，请改其中一个。"), table->name, other->id);
	else
		map_set(names, table->name, table);
}

static bool name_tables(struct builder *b)
{
	struct map *names = map_new();
	size_t errors = b->diags->errors;
	for (int i = 0; i < b->pack->table_count; i++)
		name_table(b, &b->sources[i], names);
	map_free(names);
	return b->diags->errors == errors;
}

static bool read_tables(struct builder *b)
{
	bool fine = true;
	for (int i = 0; i < b->pack->table_count; i++)
		fine = table_read(b, &b->sources[i]) && fine;
	return fine && lists_settle(b);
}

/* A name used for two kinds of things in a table, or for a table too, could not be told apart in a formula.
 */
static void check_collisions(struct builder *b, const struct table_source *source)
{
	const struct form_table *table = source->table;
	for (int i = 0; i < table->leaf_count; i++) {
		for (const struct form_column *group = table->leaves[i]->parent; group->depth >= 0;
		     group = group->parent) {
			const char *name = group->id != NULL ? group->id : group->name;
			bool first = group->first_leaf == i;
			bool ambiguous;
			if (first && table->coded == NULL && row_find(source, &name, 1, &ambiguous) >= 0)
				report(b, group->place,
				       _("栏组“%s”与本表的一行同名，公式里分不清；请给其中一个写 id。"),
				       name);
			if (first && form_table_find(b->pack, name) >= 0)
				report(b, group->place, _("栏组“%s”与一张表同名，公式里分不清；请写 id。"),
				       name);
		}
	}
	for (int i = 0; i < table->row_count; i++)
		if (form_table_find(b->pack, table->rows[i].name) >= 0)
			report(b, table->rows[i].place, _("行“%s”与一张表同名，公式里分不清；请写 id。"),
			       table->rows[i].name);
}

static bool build(struct builder *b)
{
	size_t errors = b->diags->errors;
	if (!source_read(b, b->pack->directory))
		return false;
	read_pack(b);
	if (!name_tables(b) || !read_tables(b) || b->diags->errors > errors)
		return false;
	for (int i = 0; i < b->pack->table_count; i++)
		check_collisions(b, &b->sources[i]);
	lint_codes(b);
	lint_placeholders(b);
	if (b->diags->errors > errors || !rules_make(b))
		return false;
	checks_make(b);
	live_make(b);
	pulls_make(b);
	if (b->diags->errors > errors || !graph_make(b))
		return false;
	if (b->thorough)
		lint_warn(b);
	return b->diags->errors == errors;
}

/* The arrays that grew live as long as the arena. */
static void settle(struct builder *b)
{
	arena_keep(b->arena, b->pack->bindings);
	arena_keep(b->arena, b->pack->checks);
}

static struct form_pack *load(const char *id_or_path, bool thorough, struct diag_list *diags)
{
	struct diag_list own = {0};
	struct form_pack *pack = memory_new(sizeof(*pack));
	struct builder b = {.diags = diags != NULL ? diags : &own, .pack = pack, .thorough = thorough};
	pack->arena = b.arena = arena_new();
	b.scratch = arena_new();
	char *directory = form_pack_locate(id_or_path, NULL, b.diags);
	pack->directory = directory != NULL ? arena_keep(b.arena, directory) : NULL;
	bool fine = pack->directory != NULL && build(&b);
	settle(&b);
	memory_free(b.folders);
	arena_free(b.scratch);
	diag_list_done(&own);
	if (fine)
		return pack;
	form_pack_free(pack);
	return NULL;
}

struct form_pack *form_pack_load(const char *id_or_path, struct diag_list *diags)
{
	return load(id_or_path, false, diags);
}

enum status form_pack_lint(const char *id_or_path, struct diag_list *diags)
{
	struct form_pack *pack = load(id_or_path, true, diags);
	bool fine = pack != NULL;
	form_pack_free(pack);
	return fine ? STATUS_OK : STATUS_INVALID;
}

void form_pack_free(struct form_pack *pack)
{
	if (pack == NULL)
		return;
	for (int i = 0; i < pack->table_count && pack->tables != NULL; i++)
		if (pack->tables[i] != NULL) {
			map_free(pack->tables[i]->row_keys);
			map_free(pack->tables[i]->column_names);
		}
	arena_free(pack->arena);
	memory_free(pack);
}

/* Where catalogues are looked for: the pack itself, the folder beside it, the same for a pack that it extends, the
 * form directories. NULL behind the last. */
static const char *catalogue_place(struct builder *b, size_t i)
{
	size_t own = 2 * (size_t)b->directory_count;
	if (i >= own)
		return form_directories()[i - own];
	return i % 2 == 0 ? b->directories[i / 2] : arena_format(b->arena, "%s/..", b->directories[i / 2]);
}

/* The first folder that lists the catalogue; each is opened once, when it is come to. NULL: none; `known` then has
 * all that are listed. */
static const struct catalogue_folder *find_catalogue(struct builder *b, const char *id, struct buffer *known)
{
	for (size_t i = 0;; i++) {
		if (i == b->folder_count) {
			const char *directory = catalogue_place(b, i);
			if (directory == NULL)
				return NULL;
			array_reserve(&b->folders, &b->folder_capacity, i, sizeof(*b->folders));
			b->folders[b->folder_count++] = catalogue_folder_open(b->arena, directory);
		}
		if (b->folders[i] != NULL && catalogue_is_listed(b->folders[i], id, known))
			return b->folders[i];
	}
}

static struct catalogue *load_catalogue(struct builder *b, const char *id, struct place place)
{
	struct buffer known = {0};
	const struct catalogue_folder *folder = find_catalogue(b, id, &known);
	struct catalogue *catalogue = folder != NULL ? catalogue_load(b->arena, folder, id, b->diags) : NULL;
	if (folder == NULL && known.length == 0)
		report(b, place,
		       _("找不到科目目录“%s”：套表的文件夹里或旁边应有 catalogue/catalogue.yaml。"), id);
	else if (folder == NULL)
		report(b, place, _("没有科目目录“%s”；请改成有的：%s。"), id, buffer_text(&known));
	else if (catalogue == NULL)
		report(b, place, _("不能使用科目目录“%s”，请先改正它的错误。"), id);
	buffer_done(&known);
	return catalogue;
}

struct catalogue *builder_catalogue(struct builder *b, const char *id, struct place place)
{
	for (int i = 0; i < b->catalogue_count; i++)
		if (strcmp(b->catalogues[i]->id, id) == 0)
			return b->catalogues[i];
	if (b->catalogue_count == BUILD_CATALOGUES_MAX) {
		report(b, place, _("一套表最多用 %d 种科目目录，请拆成两套表。"), BUILD_CATALOGUES_MAX);
		return NULL;
	}
	struct catalogue *catalogue = load_catalogue(b, id, place);
	if (catalogue != NULL)
		b->catalogues[b->catalogue_count++] = catalogue;
	return catalogue;
}

int form_table_find(const struct form_pack *pack, const char *id_or_name)
{
	for (int i = 0; i < pack->table_count; i++) {
		const struct form_table *table = pack->tables[i];
		if (text_same(table->id, id_or_name) || (table->name != NULL && text_same(table->name, id_or_name)))
			return i;
	}
	return -1;
}

const struct form_rule *form_rule_of(const struct form_table *table, int class, int leaf)
{
	return &table->rules[class * table->leaf_count + leaf];
}
