/* A workbook from a file: the pack, the cover, own names, lists, tables. Errors are collected, so that one
 * who edits by hand sees them all; a workbook is handed out only if there was none. */
#include <string.h>

#include "base/file.h"
#include "base/likeness.h"
#include "base/memory.h"
#include "store/cover.h"
#include "store/envelope.h"
#include "store/load.h"
#include "store/workbook_file.h"

#define ERRORS_MOST 20

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
		yaml_error(node, load->diags, _("%s请在文件的 names: 下写上“%s”的名称。"),
			   diag_first_error(&problems), missing);
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
		buffer_format(out, _("这个文件是用另一版的套表 %s 编的，本机的可能较旧：请先更新套表。"),
			      load->pack->id);
}

int load_table(struct load *load, const struct yaml_node *node)
{
	struct likeness likeness = likeness_to(node->text);
	struct buffer advice = {0};
	int table = form_table_find(load->pack, node->text);

	if (table >= 0)
		return table;
	for (int i = 0; i < load->pack->table_count; i++) {
		likeness_offer(&likeness, load->pack->tables[i]->id);
		likeness_offer(&likeness, load->pack->tables[i]->name);
	}
	load_advise(load, likeness.best, &advice);
	yaml_error(node, load->diags, _("套表 %s 没有“%s”这张表%s"), load->pack->id, node->text,
		   buffer_text(&advice));
	buffer_done(&advice);
	return -1;
}

const char *load_text(struct load *load, const struct yaml_node *node)
{
	if (node->kind == YAML_SCALAR)
		return node->text;
	yaml_error(node, load->diags, _("这里应是一个数或一段文字。"));
	return NULL;
}

/* ---- The pack and the cover. ---- */

/* A file from outside names a pack; it does not point at files. */
static char *locate_pack(const struct envelope *envelope, const char *id, struct diag_list *problems)
{
	const char *slash = strrchr(envelope->path, '/');
	char *beside = slash != NULL ? memory_copy_bytes(envelope->path, (size_t)(slash - envelope->path) + 1)
				     : memory_copy_string(".");
	char *directory = NULL;

	if (strchr(id, '/') != NULL)
		diag_error(problems, _("pack: 后面应是套表的名称，不能是路径。"));
	else
		directory = form_pack_locate(id, beside, problems);
	memory_free(beside);
	return directory;
}

static struct form_pack *load_pack(const struct envelope *envelope, struct diag_list *diags)
{
	const struct yaml_node *node = yaml_get(envelope->root, "pack");
	struct diag_list problems = {0};
	struct form_pack *pack = NULL;
	char *directory;

	if (node == NULL || node->kind != YAML_SCALAR) {
		yaml_error(node != NULL ? node : envelope->root, diags,
			   _("文件没有写明用哪一套表（pack:）。"));
		return NULL;
	}
	directory = locate_pack(envelope, node->text, &problems);
	if (directory == NULL) {
		yaml_error(node, diags, "%s", diag_first_error(&problems));
	} else {
		pack = form_pack_load(directory, &problems);
		if (pack == NULL) {
			yaml_error(
				node, diags,
				_("套表“%s”有错误，文件没有打开。请改正它，或换上没有错误的一份；它在 %s。"),
				node->text, directory);
			diag_list_pass(diags, &problems);
		}
	}
	memory_free(directory);
	diag_list_done(&problems);
	return pack;
}

static void load_field(struct load *load, const struct yaml_node *node, enum workbook_field field)
{
	if (node != NULL && node->kind != YAML_NOTHING && load_text(load, node) != NULL)
		load_apply(load, node, operation_text(OPERATION_FIELD, -1, "", (int)field, node->text));
}

/* Some of the cover's fields as a map; the list ends with WORKBOOK_FIELDS. */
static void load_fields(struct load *load, const struct yaml_node *map, const enum workbook_field *fields)
{
	const char *known[WORKBOOK_FIELDS + 1] = {NULL};
	size_t count = 0;

	if (map == NULL || map->kind == YAML_NOTHING)
		return;
	if (map->kind != YAML_MAP) {
		yaml_error(map, load->diags, _("这里应写成 {%s: …}。"), workbook_field_word(fields[0]));
		return;
	}
	for (; fields[count] != WORKBOOK_FIELDS; count++)
		known[count] = workbook_field_word(fields[count]);
	yaml_require_known(map, known, load->diags);
	for (size_t i = 0; i < count; i++)
		load_field(load, yaml_get(map, known[i]), fields[i]);
}

static void load_id(struct load *load, const struct yaml_node *root)
{
	const struct yaml_node *node = yaml_get(root, "id");

	if (node == NULL || node->kind != YAML_SCALAR || strlen(node->text) != 32 ||
	    strspn(node->text, "0123456789abcdef") != 32)
		yaml_error(node != NULL ? node : root, load->diags,
			   _("id: 应是 32 位十六进制数（0–9、a–f），它是文件的身份，不要改动。"));
	else
		load_field(load, node, WORKBOOK_ID);
}

static void load_rounded_word(struct load *load, const struct yaml_node *node, int first, int last)
{
	bool rounded = node->kind == YAML_SCALAR && strcmp(node->text, "rounded") == 0;

	if (node->kind != YAML_SCALAR || (!rounded && strcmp(node->text, "exact") != 0)) {
		yaml_error(node, load->diags,
			   _("figures: 应是 exact（准确数）或 rounded（按印出的小数位四舍五入的数）。"));
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
		int table = load_table(load, node->keys[i]);
		if (table >= 0)
			load_rounded_word(load, node->items[i], table, table);
	}
}

static void load_elsewhere(struct load *load, const struct yaml_node *node)
{
	if (node == NULL || node->kind == YAML_NOTHING)
		return;
	if (node->kind != YAML_LIST) {
		yaml_error(node, load->diags,
			   _("elsewhere: 应是另行公开的各表的代号，写作 [代号, 代号]；没有就删去。"));
		return;
	}
	for (size_t i = 0; i < node->count && !load_is_hopeless(load); i++) {
		const struct yaml_node *item = node->items[i];
		int table = load_text(load, item) != NULL ? load_table(load, item) : -1;
		if (table >= 0 && workbook_is_elsewhere(load->workbook, table))
			yaml_error(item, load->diags, _("elsewhere: 下《%s》写了两次。请删去一处。"),
				   load->pack->tables[table]->name);
		else if (table >= 0)
			load_apply(load, item, (struct operation){.kind = OPERATION_ELSEWHERE,
								  .table = table,
								  .key = memory_copy_string(""),
								  .leaf = -1,
								  .new_entry = {.number = 1}});
	}
}

/* A table whose rows come from the catalogue, -1 if none does. */
static int table_of_catalogue(const struct form_pack *pack, const char *catalogue)
{
	for (int i = 0; i < pack->table_count; i++)
		if (pack->tables[i]->coded != NULL &&
		    strcmp(pack->tables[i]->coded->catalogue->id, catalogue) == 0)
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
				   operation_text(OPERATION_NAME, table, map->keys[i]->text, -1,
						  map->items[i]->text));
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
			yaml_error(names->keys[i], load->diags, _("套表 %s 没有用到科目目录“%s”。"),
				   load->pack->id, names->keys[i]->text);
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
			 _("这个文件上次保存后，套表 %s 有过改动。请核对各表；再保存一次就不再提示。"),
			 load->pack->id);
}

static void load_everything(struct load *load, const struct yaml_node *root)
{
	static const char *const known[] = {"yubiao",     "id",      "pack",      "edition", "year",
					    "department", "signatures", "figures", "elsewhere", "names",
					    "lists",      "tables",  "end",       NULL};

	yaml_require_known(root, known, load->diags);
	note_edition(load, root);
	load_id(load, root);
	load_field(load, yaml_get(root, "year"), WORKBOOK_YEAR);
	load_fields(load, yaml_get(root, "department"), cover_department);
	load_fields(load, yaml_get(root, "signatures"), cover_signatures);
	load_rounded(load, yaml_get(root, "figures"));
	load_elsewhere(load, yaml_get(root, "elsewhere"));
	load_names(load, yaml_get(root, "names"));
	load_lists(load, yaml_get(root, "lists"));
	load_tables(load, yaml_get(root, "tables"));
	workbook_release_checks(load->workbook);
}

static void note_edited(const struct envelope *envelope, const struct load *load)
{
	if (envelope->edited)
		diag_add(
			load->diags, DIAG_NOTE, envelope->path, envelope->end->line, envelope->end->column,
			_("这个文件在预表之外改动过（保存时 %ld 行，现在 %zu 行），已按现在的内容打开。请核对改动。"),
			envelope->rows, load->rows);
}

static enum status load_workbook(struct workbook **workbook, struct form_pack **pack,
				 const struct envelope *envelope, struct diag_list *diags)
{
	struct load load = {.diags = diags, .errors_before = diags->errors};
	struct form_pack *found = load_pack(envelope, diags);

	if (found == NULL)
		return STATUS_INVALID;
	load.pack = found;
	load.workbook = workbook_new_held(found);
	load_everything(&load, envelope->root);
	if (diags->errors > load.errors_before) {
		workbook_free(load.workbook);
		form_pack_free(found);
		return STATUS_INVALID;
	}
	note_edited(envelope, &load);
	*workbook = load.workbook;
	*pack = found;
	return STATUS_OK;
}

enum status workbook_file_load(struct workbook **workbook, struct form_pack **pack, const char *path,
			       struct workbook_stamp *stamp, struct diag_list *diags)
{
	struct diag_list found = {0}; /* `diags` may be NULL, but errors are counted here */
	struct envelope envelope;
	enum status status = envelope_open(&envelope, path, &found);

	if (status == STATUS_OK)
		status = load_workbook(workbook, pack, &envelope, &found);
	if (status == STATUS_OK && stamp != NULL) {
		memcpy(stamp->digest, envelope.digest, DIGEST_TEXT_SIZE);
		stamp->history = (uint64_t)envelope.history;
	}
	diag_list_pass(diags, &found);
	diag_list_done(&found);
	envelope_close(&envelope);
	return status;
}

enum status workbook_file_digest(const char *path, char digest[DIGEST_TEXT_SIZE], struct diag_list *diags)
{
	struct buffer bytes = {0};
	struct diag_list found = {0};
	enum status status = file_read(&bytes, path, ENVELOPE_MOST, &found);

	if (status == STATUS_OK)
		digest_sha256(buffer_text(&bytes), bytes.length, digest);
	else if (status != STATUS_NOT_FOUND)
		diag_list_pass(diags, &found);
	diag_list_done(&found);
	buffer_done(&bytes);
	return status;
}
