/* A workbook file is read in this order, each step trusting the ones before: bytes, YAML, kind and format version, trailer, pack,
 * cover, own names, tables. The first four are about the file as a whole and end the reading at the first error; after
 * that errors are collected, so that one who edits by hand sees them all. A workbook is handed out only if there was none. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/load.h"
#include "store/trailer.h"
#include "store/workbook_file.h"

#define FORMAT_VERSION 1
#define FILE_LIMIT (32u * 1024u * 1024u)
#define ERRORS_MOST 20

struct source { /* a file read and parsed */
	const char *path;
	struct buffer bytes;
	struct arena *arena;
	struct yaml_node *root;
	struct diag_list *diags;
	bool edited;         /* the trailer's digest is not that of the bytes */
	long rows;           /* by the trailer */
	const struct yaml_node *end;
};

bool load_is_hopeless(const struct load *load)
{
	return load->diags->errors - load->errors_before >= ERRORS_MOST;
}

bool load_apply(struct load *load, const struct yaml_node *node, struct operation operation)
{
	struct diag_list problems = {0};
	char missing[24] = "";
	enum status status = workbook_apply(load->workbook, &operation, missing, &problems);

	if (status == STATUS_NOT_FOUND && missing[0] != '\0')
		yaml_error(node, load->diags, _("%s请在文件的 names: 下写上“%s”的名称。"), diag_first_error(&problems), missing);
	else if (status != STATUS_OK)
		yaml_error(node, load->diags, "%s", diag_first_error(&problems));
	diag_list_done(&problems);
	operation_done(&operation);
	return status == STATUS_OK;
}

void load_advise(const struct load *load, const char *nearest, struct buffer *out)
{
	if (nearest != NULL)
		buffer_format(out, _("，最接近的是“%s”"), nearest);
	buffer_add(out, _("。"));
	if (load->other_edition)
		buffer_format(out, _("这个文件是用另一版的套表 %s 编的，本机的可能较旧：请先更新套表。"), load->pack->id);
}

const char *load_text(struct load *load, const struct yaml_node *node)
{
	if (node->kind == YAML_SCALAR)
		return node->text;
	yaml_error(node, load->diags, _("这里应是一个数或一段文字。"));
	return NULL;
}

/* ---- The file as a whole. ---- */

static void say_cut_short(struct source *source)
{
	diag_add(source->diags, DIAG_ERROR, source->path, trailer_last_line(source->bytes.data, source->bytes.length), 1,
		 _("文件不完整：末尾没有 end 一行，它在保存、拷贝或传送时被截断了。请取回完整的文件，或者用备份。"));
}

/* Some line of it begins as the first line of a workbook does. */
static bool looks_like_workbook(const struct buffer *bytes)
{
	static const char word[] = "yubiao:";

	for (const char *line = buffer_text(bytes); line != NULL; line = strchr(line, '\n')) {
		if (*line == '\n')
			line++;
		if (strncmp(line, word, sizeof(word) - 1) == 0)
			return true;
	}
	return false;
}

/* A file cut short is mostly bad YAML too; that it was cut is what helps. */
static bool parse(struct source *source)
{
	struct diag_list problems = {0};
	size_t offset;

	source->root = yaml_parse(source->arena, buffer_text(&source->bytes), source->bytes.length, source->path,
				  &yaml_limits_workbook, &problems);
	if (source->root == NULL && looks_like_workbook(&source->bytes) &&
	    !trailer_find(source->bytes.data, source->bytes.length, &offset)) {
		say_cut_short(source);
	} else if (source->root == NULL) {
		diag_add(source->diags, DIAG_ERROR, source->path, 0, 0,
			 _("这个文件不能读作 YAML，没有打开。请按下面指出的位置改正，或者用备份。"));
		for (size_t i = 0; i < problems.count; i++)
			diag_add(source->diags, problems.items[i].severity, problems.items[i].file, problems.items[i].line,
				 problems.items[i].column, "%s", problems.items[i].text);
	}
	diag_list_done(&problems);
	return source->root != NULL;
}

static bool check_version(struct source *source)
{
	const struct yaml_node *node = source->root->kind == YAML_MAP ? yaml_get(source->root, "yubiao") : NULL;
	char *end;
	long version;

	if (node == NULL || node->kind != YAML_SCALAR) {
		yaml_error(source->root, source->diags, _("这不是预表的预算文件：开头没有“yubiao: %d”。请选一个预表保存的文件。"),
			   FORMAT_VERSION);
		return false;
	}
	version = strtol(node->text, &end, 10);
	if (end != node->text && *end == '\0' && version == FORMAT_VERSION)
		return true;
	if (end != node->text && *end == '\0' && version > FORMAT_VERSION)
		yaml_error(node, source->diags, _("这个文件的格式是第 %ld 版，本程序只认第 %d 版。请用更新的预表打开。"), version,
			   FORMAT_VERSION);
	else
		yaml_error(node, source->diags, _("不认识文件格式“%s”，本程序只认第 %d 版。"), node->text, FORMAT_VERSION);
	return false;
}

static bool is_digest(const char *text)
{
	return strlen(text) == DIGEST_TEXT_SIZE - 1 && strspn(text, "0123456789abcdef") == DIGEST_TEXT_SIZE - 1;
}

static bool check_trailer(struct source *source)
{
	static const char *const known[] = {"rows", "sha256", NULL};
	char digest[DIGEST_TEXT_SIZE];
	const char *stated;
	size_t offset;

	source->end = yaml_get(source->root, "end");
	if (source->end == NULL) {
		say_cut_short(source);
		return false;
	}
	if (!trailer_find(source->bytes.data, source->bytes.length, &offset)) {
		yaml_error(source->end, source->diags, _("end 应写成一行，并且是文件的最后一行。请把它后面的内容移到它前面。"));
		return false;
	}
	if (source->end->kind != YAML_MAP) {
		yaml_error(source->end, source->diags, _("end 一行不完整，文件可能被截断了。它应是 {rows: 行数, sha256: 校验值}。"));
		return false;
	}
	yaml_require_known(source->end, known, source->diags);
	stated = yaml_get_text(source->end, "sha256", "", source->diags);
	if (!yaml_get_integer(source->end, "rows", 0, 100000000, &source->rows, source->diags) || !is_digest(stated)) {
		yaml_error(source->end, source->diags, _("end 一行不完整，文件可能被截断了。它应是 {rows: 行数, sha256: 校验值}。"));
		return false;
	}
	digest_sha256(source->bytes.data, offset, digest);
	source->edited = strcmp(digest, stated) != 0;
	return source->diags->errors == 0;
}

static enum status read_source(struct source *source)
{
	enum status status = file_read(&source->bytes, source->path, FILE_LIMIT, source->diags);

	if (status != STATUS_OK)
		return status;
	return parse(source) && check_version(source) && check_trailer(source) ? STATUS_OK : STATUS_INVALID;
}

/* ---- The pack and the cover. ---- */

static struct form_pack *load_pack(struct source *source)
{
	const struct yaml_node *node = yaml_get(source->root, "pack");
	struct diag_list problems = {0};
	struct form_pack *pack = NULL;

	if (node == NULL || node->kind != YAML_SCALAR) {
		yaml_error(node != NULL ? node : source->root, source->diags, _("文件没有写明用哪一套表（pack:）。"));
		return NULL;
	}
	/* A file from outside names a pack of this machine; it does not point at files. */
	if (strchr(node->text, '/') == NULL)
		pack = form_pack_load(node->text, &problems);
	if (pack == NULL) {
		yaml_error(node, source->diags,
			   _("不能用套表“%s”，文件没有打开。请用 yubiao forms 查看本机有哪些套表，缺的或旧的请先更新。"), node->text);
		for (size_t i = 0; i < problems.count; i++)
			diag_add(source->diags, problems.items[i].severity, problems.items[i].file, problems.items[i].line,
				 problems.items[i].column, "%s", problems.items[i].text);
	}
	diag_list_done(&problems);
	return pack;
}

static void load_field(struct load *load, const struct yaml_node *node, enum workbook_field field)
{
	if (node != NULL && node->kind != YAML_NOTHING && load_text(load, node) != NULL)
		load_apply(load, node, operation_text(OPERATION_FIELD, -1, "", (int)field, node->text));
}

static void load_fields(struct load *load, const struct yaml_node *map, enum workbook_field first,
			enum workbook_field last)
{
	const char *known[WORKBOOK_FIELDS + 1] = {NULL};
	size_t count = 0;

	if (map == NULL || map->kind == YAML_NOTHING)
		return;
	if (map->kind != YAML_MAP) {
		yaml_error(map, load->diags, _("这里应写成 {%s: …}。"), workbook_field_word(first));
		return;
	}
	for (enum workbook_field field = first; field <= last; field++)
		known[count++] = workbook_field_word(field);
	yaml_require_known(map, known, load->diags);
	for (enum workbook_field field = first; field <= last; field++)
		load_field(load, yaml_get(map, workbook_field_word(field)), field);
}

static void load_id(struct load *load, const struct yaml_node *root)
{
	const struct yaml_node *node = yaml_get(root, "id");

	if (node == NULL || node->kind != YAML_SCALAR || strlen(node->text) != 32 ||
	    strspn(node->text, "0123456789abcdef") != 32)
		yaml_error(node != NULL ? node : root, load->diags, _("id: 应是 32 位十六进制数（0–9、a–f），它是文件的身份，不要改动。"));
	else
		load_field(load, node, WORKBOOK_ID);
}

static void load_rounded_word(struct load *load, const struct yaml_node *node, int first, int last)
{
	bool rounded = node->kind == YAML_SCALAR && strcmp(node->text, "rounded") == 0;

	if (node->kind != YAML_SCALAR || (!rounded && strcmp(node->text, "exact") != 0)) {
		yaml_error(node, load->diags, _("figures: 应是 exact（准确数）或 rounded（按印出的小数位四舍五入的数）。"));
		return;
	}
	for (int table = first; rounded && table <= last; table++)
		load_apply(load, node, operation_rounded(table, true));
}

static void load_rounded(struct load *load, const struct yaml_node *node)
{
	if (node == NULL || node->kind == YAML_NOTHING)
		return;
	if (node->kind != YAML_MAP) {
		load_rounded_word(load, node, 0, load->pack->table_count - 1);
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		int table = form_table_find(load->pack, node->keys[i]->text);
		if (table >= 0)
			load_rounded_word(load, node->items[i], table, table);
		else
			yaml_error(node->keys[i], load->diags, _("套表 %s 没有“%s”这张表。"), load->pack->id,
				   node->keys[i]->text);
	}
}

/* A table whose rows come from the catalogue, -1 if none does. */
static int table_of_catalogue(const struct form_pack *pack, const char *catalogue)
{
	for (int i = 0; i < pack->table_count; i++)
		if (pack->tables[i]->coded != NULL && strcmp(pack->tables[i]->coded->catalogue->id, catalogue) == 0)
			return i;
	return -1;
}

static void load_names_of(struct load *load, const struct yaml_node *map, int table)
{
	if (map->kind == YAML_NOTHING)
		return;
	if (map->kind != YAML_MAP) {
		yaml_error(map, load->diags, _("这里应写成“\"编码\": 名称”，一行一个。"));
		return;
	}
	for (size_t i = 0; i < map->count && !load_is_hopeless(load); i++)
		if (load_text(load, map->items[i]) != NULL)
			load_apply(load, map->items[i],
				   operation_text(OPERATION_NAME, table, map->keys[i]->text, -1, map->items[i]->text));
}

static void load_names(struct load *load, const struct yaml_node *names)
{
	if (names == NULL || names->kind == YAML_NOTHING)
		return;
	if (names->kind != YAML_MAP) {
		yaml_error(names, load->diags, _("names: 下面应是科目目录的代号，再下面是编码和名称。"));
		return;
	}
	for (size_t i = 0; i < names->count; i++) {
		int table = table_of_catalogue(load->pack, names->keys[i]->text);
		if (table >= 0)
			load_names_of(load, names->items[i], table);
		else
			yaml_error(names->keys[i], load->diags, _("套表 %s 没有用到科目目录“%s”。"), load->pack->id,
				   names->keys[i]->text);
	}
}

static void note_edition(struct load *load, const struct yaml_node *root)
{
	const struct yaml_node *node = yaml_get(root, "edition");

	if (node == NULL || load_text(load, node) == NULL || load->pack->digest == NULL)
		return;
	load->other_edition = strcmp(node->text, load->pack->digest) != 0;
	if (load->other_edition)
		diag_add(load->diags, DIAG_NOTE, node->file, node->line, node->column,
			 _("这个文件上次保存后，套表 %s 有过改动。请核对各表；再保存一次就不再提示。"), load->pack->id);
}

static void load_everything(struct load *load, const struct yaml_node *root)
{
	static const char *const known[] = {"yubiao", "id",	"pack",	  "edition", "year", "department",
					    "signatures", "figures", "names", "tables",  "end",  NULL};

	yaml_require_known(root, known, load->diags);
	note_edition(load, root);
	load_id(load, root);
	load_field(load, yaml_get(root, "year"), WORKBOOK_YEAR);
	load_fields(load, yaml_get(root, "department"), WORKBOOK_CODE, WORKBOOK_NAME);
	load_fields(load, yaml_get(root, "signatures"), WORKBOOK_PREPARER, WORKBOOK_DATE);
	load_rounded(load, yaml_get(root, "figures"));
	load_names(load, yaml_get(root, "names"));
	workbook_hold_checks(load->workbook);
	load_tables(load, yaml_get(root, "tables"));
	workbook_release_checks(load->workbook);
}

static void note_edited(const struct source *source, const struct load *load)
{
	if (source->edited)
		diag_add(source->diags, DIAG_NOTE, source->path, source->end->line, source->end->column,
			 _("这个文件在预表之外改动过（保存时 %ld 行，现在 %zu 行），已按现在的内容打开。请核对改动。"), source->rows,
			 load->rows);
}

static enum status load_workbook(struct workbook **workbook, struct form_pack **pack, struct source *source)
{
	struct load load = {.diags = source->diags, .errors_before = source->diags->errors};
	struct form_pack *found = load_pack(source);

	if (found == NULL)
		return STATUS_INVALID;
	load.pack = found;
	load.workbook = workbook_new(found);
	load_everything(&load, source->root);
	if (source->diags->errors > load.errors_before) {
		workbook_free(load.workbook);
		form_pack_free(found);
		return STATUS_INVALID;
	}
	note_edited(source, &load);
	*workbook = load.workbook;
	*pack = found;
	return STATUS_OK;
}

enum status workbook_file_load(struct workbook **workbook, struct form_pack **pack, const char *path,
			       char digest[DIGEST_TEXT_SIZE], struct diag_list *diags)
{
	struct diag_list found = {0};
	struct source source = {.path = path, .arena = arena_new(), .diags = &found};
	enum status status = read_source(&source);

	if (status == STATUS_OK)
		status = load_workbook(workbook, pack, &source);
	if (status == STATUS_OK && digest != NULL)
		digest_sha256(source.bytes.data, source.bytes.length, digest);
	for (size_t i = 0; i < found.count; i++)
		diag_add(diags, found.items[i].severity, found.items[i].file, found.items[i].line, found.items[i].column,
			 "%s", found.items[i].text);
	diag_list_done(&found);
	arena_free(source.arena);
	buffer_done(&source.bytes);
	return status;
}
