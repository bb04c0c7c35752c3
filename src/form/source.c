/* The files of a pack: its YAML with all that it extends. */
#include <dirent.h>
#include <string.h>

#include "base/confine.h"
#include "base/digest.h"
#include "base/file.h"
#include "form/build.h"

#define TABLES_MAX 200

/* ---- layers: a pack, the pack that it extends, and so on */

struct entry {
	const char *id;
	const struct yaml_node *name; /* in `tables`: for messages */
	struct yaml_node *file, *root;
	bool busy, done;
};

struct layer {
	const char *directory;
	struct layer *base;
	struct yaml_node *root;
	struct entry *entries;
	size_t entry_count;
};

/* What a line has that YAML does not say, as it takes it for a text; NULL: nothing. */
static const char *line_flaw(const char *line, size_t length)
{
	static const char *const marks[] = {"－", "—", "–", "•", "·"};
	static const char *const braces[] = {"｛", "｝", "［", "］"};
	size_t blanks = strspn(line, " ");
	const char *start = line + blanks;
	if (strncmp(start, "\u3000", strlen("\u3000")) == 0)
		return _("这一行用全角空格缩进：请改成半角空格。");
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (strncmp(start, marks[i], strlen(marks[i])) == 0)
			return _("列表的每一项要以半角的“-”开头，后面空一格。");
	if (start[0] == '-' && start[1] != '-' && strchr(" -\r\n", start[1]) == NULL)
		return _("列表的每一项要以半角的“-”开头，后面空一格。");
	for (size_t i = 0; i < sizeof(braces) / sizeof(braces[0]); i++) {
		const char *found = strstr(line, braces[i]);
		if (found != NULL && found < line + length)
			return _("括号要用半角的 { } 和 [ ]。");
	}
	if (memchr(line, '{', length) != NULL && memchr(line, '=', length) != NULL)
		return _("花括号里只写词和数；带 [ ]、逗号或冒号的公式请另起一行，或者加上引号。");
	return NULL;
}

/* YAML notices many a mistake on the line behind it, and names what it missed there, not what was written. */
static void hint_flaw(struct builder *b, const char *text, const struct diag *error)
{
	for (unsigned line = 1; line <= error->line && text != NULL; line++) {
		size_t length = strcspn(text, "\n");
		const char *flaw = line + 1 >= error->line ? line_flaw(text, length) : NULL;
		if (flaw != NULL) {
			diag_add(b->diags, DIAG_NOTE, error->file, line, line == error->line ? error->column : 1, "%s", flaw);
			return;
		}
		text = text[length] != '\0' ? text + length + 1 : NULL;
	}
}

/* All files of a pack together are bounded too: they are held in memory at once. */
static bool fits(struct builder *b, size_t length, const char *path)
{
	if (!b->is_full && b->read + length <= LAYOUT_FILE_MAX)
		return true;
	if (!b->is_full)
		diag_add(b->diags, DIAG_ERROR, path, 0, 0,
			 _("套表的文件太大：合起来最多 %zu KB，读到这个文件超过了。请拆成两套表。"),
			 LAYOUT_FILE_MAX >> 10);
	b->is_full = true;
	return false;
}

/* NULL after an error, or without one if `missing` is not NULL and the file is: *missing then is true. */
static struct yaml_node *read_yaml(struct builder *b, const char *directory, const char *name, bool *missing)
{
	char *path = file_join(directory, name);
	struct buffer bytes = {0};
	struct yaml_node *root = NULL;
	struct diag_list found = {0};
	size_t before = b->diags->count;
	enum status status = file_read(&bytes, path, LAYOUT_FILE_MAX, &found);
	if (missing != NULL && status == STATUS_NOT_FOUND)
		*missing = true;
	else
		diag_list_pass(b->diags, &found);
	diag_list_done(&found);
	if (status == STATUS_OK && fits(b, bytes.length, path)) {
		digest_add(&b->digest, name, strlen(name) + 1);
		digest_add(&b->digest, buffer_text(&bytes), bytes.length);
		b->read += strlen(name) + 1 + bytes.length;
		root = yaml_parse(b->scratch, b->arena, buffer_text(&bytes), bytes.length, path, &yaml_limits_form,
				  b->diags);
		if (root == NULL && b->diags->count > before)
			hint_flaw(b, buffer_text(&bytes), &b->diags->items[before]);
	}
	if (root != NULL && root->kind != YAML_MAP) {
		diag_add(b->diags, DIAG_ERROR, path, 1, 1, _("文件的内容要是“名称: 值”的形式。"));
		root = NULL;
	}
	memory_free(path);
	buffer_done(&bytes);
	return root;
}

bool is_file_word(const char *text)
{
	return *text != '\0' && text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static struct entry *find_entry(struct layer *layer, const char *id)
{
	for (size_t i = 0; layer != NULL && i < layer->entry_count; i++)
		if (strcmp(layer->entries[i].id, id) == 0)
			return &layer->entries[i];
	return NULL;
}

static bool read_entry(struct builder *b, struct layer *layer, const struct yaml_node *name)
{
	if (name->kind != YAML_SCALAR || !is_file_word(name->text)) {
		report(b, place_of(name),
		       _("tables 里要写表的文件名，只用小写字母、数字和“-”，不带 .yaml。"));
		return false;
	}
	if (find_entry(layer, name->text) != NULL) {
		report(b, place_of(name), _("表“%s”在 tables 里写了两次，请去掉一次。"), name->text);
		return false;
	}
	struct entry *entry = &layer->entries[layer->entry_count++];
	struct entry *base = find_entry(layer->base, name->text);
	*entry = (struct entry){.id = name->text, .name = name};
	char *file = arena_format(b->arena, "%s.yaml", name->text);
	bool missing = false;
	entry->file = read_yaml(b, layer->directory, file, &missing);
	if (!missing || base != NULL)
		return missing || entry->file != NULL;
	report(b, place_of(name), _("文件夹 %s 里没有 %s；请补上这个文件，或从 tables 里去掉“%s”。"),
	       layer->directory, file, name->text);
	return false;
}

/* The short name that its file gives it, NULL if it gives none. */
static const char *own_name(const struct layer *layer, const struct entry *entry)
{
	const struct entry *base = entry->file == NULL ? find_entry(layer->base, entry->id) : NULL;
	const struct yaml_node *root = base != NULL ? base->root : entry->file;
	return root != NULL ? yaml_get_text(root, "table", NULL, NULL) : NULL;
}

static struct entry *find_named(struct layer *layer, const char *name)
{
	for (size_t i = 0; i < layer->entry_count; i++) {
		struct entry *entry = &layer->entries[i];
		const char *own = own_name(layer, entry);
		if (strcmp(entry->id, name) == 0 || (own != NULL && strcmp(own, name) == 0))
			return entry;
	}
	return NULL;
}

static void report_unknown_base(struct builder *b, const struct layer *layer, const struct yaml_node *extends)
{
	const char *name = extends->kind == YAML_SCALAR ? extends->text : "";
	struct likeness nearest = {name, NULL, 0};
	for (size_t i = 0; i < layer->entry_count; i++)
		likeness_offer(&nearest, own_name(layer, &layer->entries[i]));
	report(b, place_of(extends), _("extends 要写本套表里另一张表的名称，没有“%s”%s。"), name,
	       likeness_hint(b->arena, &nearest));
}

static bool resolve_entry(struct builder *b, struct layer *layer, struct entry *entry);

/* `extends:` of a table: another table of the same pack. */
static bool resolve_extends(struct builder *b, struct layer *layer, struct entry *entry,
			    const struct yaml_node *extends)
{
	struct entry *other = extends->kind == YAML_SCALAR ? find_named(layer, extends->text) : NULL;
	if (other == NULL) {
		report_unknown_base(b, layer, extends);
		return false;
	}
	if (other->busy) {
		report(b, place_of(extends), _("extends 绕成了圈：表“%s”最终又以自己为底本，请改其中一处。"), entry->id);
		return false;
	}
	if (!resolve_entry(b, layer, other))
		return false;
	entry->root = merge_files(b->scratch, other->root, entry->file, b->diags);
	return entry->root != NULL;
}

static bool resolve_entry(struct builder *b, struct layer *layer, struct entry *entry)
{
	if (entry->done)
		return entry->root != NULL;
	struct entry *base = find_entry(layer->base, entry->id);
	const struct yaml_node *extends = entry->file != NULL ? yaml_get(entry->file, "extends") : NULL;
	entry->busy = true;
	if (entry->file == NULL)
		entry->root = base != NULL ? base->root : NULL;
	else if (extends != NULL && extends->kind != YAML_NOTHING)
		resolve_extends(b, layer, entry, extends);
	else
		entry->root =
			base != NULL ? merge_files(b->scratch, base->root, entry->file, b->diags) : entry->file;
	entry->busy = false;
	entry->done = true;
	return entry->root != NULL;
}

static struct layer *read_layer(struct builder *b, const char *directory, int depth);

static bool read_base(struct builder *b, struct layer *layer, int depth)
{
	const struct yaml_node *extends = yaml_get(layer->root, "extends");
	if (extends == NULL || extends->kind == YAML_NOTHING)
		return true;
	if (extends->kind != YAML_SCALAR || !is_file_word(extends->text) || depth + 1 >= BUILD_LAYERS_MAX) {
		report(b, place_of(extends), _("extends 要写另一套表的名称，即它的文件夹名，层数最多 %d。"),
		       BUILD_LAYERS_MAX);
		return false;
	}
	const char *slash = strrchr(layer->directory, '/');
	char *beside = slash != NULL ? memory_copy_bytes(layer->directory, (size_t)(slash - layer->directory))
				     : memory_copy_string("..");
	char *found = file_join(beside, extends->text);
	memory_free(beside);
	if (!holds_pack(found)) {
		memory_free(found);
		found = form_pack_locate(extends->text, NULL, NULL);
	}
	if (found == NULL)
		report(b, place_of(extends),
		       _("没有套表“%s”可以作底本：这套表旁边和放套表的文件夹里都没有它；有哪些套表，请看 yubiao forms。"),
		       extends->text);
	layer->base = found != NULL ? read_layer(b, arena_keep(b->arena, found), depth + 1) : NULL;
	if (layer->base == NULL)
		return false;
	layer->root = merge_files(b->scratch, layer->base->root, layer->root, b->diags);
	return layer->root != NULL;
}

static struct layer *read_layer(struct builder *b, const char *directory, int depth)
{
	struct layer *layer = arena_take(b->scratch, sizeof(*layer));
	layer->directory = directory;
	b->directories[b->directory_count++] = directory;
	layer->root = read_yaml(b, directory, "pack.yaml", NULL);
	if (layer->root == NULL || !read_base(b, layer, depth))
		return NULL;
	const struct yaml_node *tables = yaml_get(layer->root, "tables");
	if (tables == NULL || tables->kind != YAML_LIST || tables->count == 0 || tables->count > TABLES_MAX) {
		yaml_require_known(layer->root, pack_keys, b->diags); /* tables misspelt, or extends */
		report(b, place_of(tables != NULL ? tables : layer->root),
		       _("pack.yaml 要用 tables 按印刷顺序列出各表的文件名，最多 %d 张。"), TABLES_MAX);
		return NULL;
	}
	layer->entries = arena_take(b->scratch, tables->count * sizeof(*layer->entries));
	bool fine = true;
	for (size_t i = 0; i < tables->count; i++)
		fine = read_entry(b, layer, tables->items[i]) && fine;
	for (size_t i = 0; fine && i < layer->entry_count; i++)
		fine = resolve_entry(b, layer, &layer->entries[i]);
	return fine ? layer : NULL;
}

/* A YAML file that no one lists is likely a table forgotten. */
static void warn_unlisted(struct builder *b, struct layer *layer)
{
	DIR *folder = b->thorough ? confine_open_directory(layer->directory) : NULL;
	struct dirent *entry;
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		size_t length = strlen(entry->d_name);
		if (length <= 5 || strcmp(entry->d_name + length - 5, ".yaml") != 0 ||
		    strcmp(entry->d_name, "pack.yaml") == 0)
			continue;
		char *id = arena_copy_bytes(b->arena, entry->d_name, length - 5);
		if (find_entry(layer, id) == NULL)
			diag_add(b->diags, DIAG_WARNING, layer->root->file, layer->root->line,
				 layer->root->column, _("文件 %s 没有列入 tables，不会用到：要用它，请写进 pack.yaml 的 tables。"),
				 entry->d_name);
	}
	if (folder != NULL)
		closedir(folder);
}

bool source_read(struct builder *b, const char *directory)
{
	char digest[DIGEST_TEXT_SIZE];
	digest_begin(&b->digest);
	struct layer *layer = read_layer(b, directory, 0);
	if (layer == NULL)
		return false;
	warn_unlisted(b, layer);
	b->root = layer->root;
	b->pack->table_count = (int)layer->entry_count;
	b->pack->tables = arena_take(b->arena, layer->entry_count * sizeof(*b->pack->tables));
	b->sources = arena_take(b->scratch, layer->entry_count * sizeof(*b->sources));
	for (size_t i = 0; i < layer->entry_count; i++) {
		struct form_table *table = arena_take(b->arena, sizeof(*table));
		table->index = (int)i;
		table->id = layer->entries[i].id;
		table->place = place_of(layer->entries[i].root);
		table->pull_table = -1;
		b->pack->tables[i] = table;
		b->sources[i].table = table;
		b->sources[i].root = layer->entries[i].root;
	}
	digest_text(&b->digest, digest);
	b->pack->digest = arena_copy(b->arena, digest);
	return true;
}
