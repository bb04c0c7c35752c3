/* Read in this order, each step trusting the ones before: bytes, YAML, format version, trailer. */
#include "store/envelope.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "store/trailer.h"

#define FORMAT_VERSION 1
#define FILE_LIMIT (32u * 1024u * 1024u)

void envelope_pass_on(struct diag_list *to, const struct diag_list *from)
{
	for (size_t i = 0; i < from->count; i++)
		diag_add(to, from->items[i].severity, from->items[i].file, from->items[i].line,
			 from->items[i].column, "%s", from->items[i].text);
}

static void say_cut_short(const struct envelope *envelope, struct diag_list *diags)
{
	diag_add(
		diags, DIAG_ERROR, envelope->path,
		trailer_last_line(envelope->bytes.data, envelope->bytes.length), 1,
		_("文件不完整：末尾没有 end 一行，它在保存、拷贝或传送时被截断了。请取回完整的文件，或者用备份。"));
}

/* It has the line that every workbook begins with. */
static bool looks_like_workbook(const struct buffer *bytes)
{
	static const char word[] = "yubiao:";

	const char *place = strstr(buffer_text(bytes), word);

	return place != NULL &&
	       (place == bytes->data || place[-1] == '\n' || place[-1] == '\xBF' /* of a mark */);
}

/* A file cut short is mostly bad YAML too; that it was cut is what helps. */
static bool parse(struct envelope *envelope, struct diag_list *diags)
{
	struct diag_list problems = {0};
	size_t offset;

	envelope->root = yaml_parse(envelope->arena, buffer_text(&envelope->bytes), envelope->bytes.length,
				    envelope->path, &yaml_limits_workbook, &problems);
	if (envelope->root == NULL && looks_like_workbook(&envelope->bytes) &&
	    !trailer_find(envelope->bytes.data, envelope->bytes.length, &offset)) {
		say_cut_short(envelope, diags);
	} else if (envelope->root == NULL) {
		diag_add(diags, DIAG_ERROR, envelope->path, problems.items[0].line,
			 problems.items[0].column, _("不能读作 YAML，没有打开。%s"),
			 problems.items[0].text);
	}
	diag_list_done(&problems);
	return envelope->root != NULL;
}

static bool check_version(struct envelope *envelope, struct diag_list *diags)
{
	const struct yaml_node *node =
		envelope->root->kind == YAML_MAP ? yaml_get(envelope->root, "yubiao") : NULL;
	char *end;
	long version;

	if (node == NULL || node->kind != YAML_SCALAR) {
		yaml_error(envelope->root, diags,
			   _("这不是预表的预算文件：开头没有“yubiao: %d”。请选一个预表保存的文件。"),
			   FORMAT_VERSION);
		return false;
	}
	version = strtol(node->text, &end, 10);
	if (end != node->text && *end == '\0' && version == FORMAT_VERSION)
		return true;
	if (end != node->text && *end == '\0' && version > FORMAT_VERSION)
		yaml_error(node, diags,
			   _("这个文件的格式是第 %ld 版，本程序只认第 %d 版。请用更新的预表打开。"),
			   version, FORMAT_VERSION);
	else
		yaml_error(node, diags, _("不认识文件格式“%s”，本程序只认第 %d 版。"), node->text,
			   FORMAT_VERSION);
	return false;
}

static bool is_digest(const char *text)
{
	return strlen(text) == DIGEST_TEXT_SIZE - 1 &&
	       strspn(text, "0123456789abcdef") == DIGEST_TEXT_SIZE - 1;
}

static void say_bad_trailer(const struct envelope *envelope, struct diag_list *diags)
{
	yaml_error(envelope->end, diags,
		   _("end 一行不完整，文件可能被截断了。它应是 {rows: 行数, sha256: 校验值}。"));
}

static bool check_trailer(struct envelope *envelope, struct diag_list *diags)
{
	static const char *const known[] = {"rows", "sha256", NULL};
	struct digest bytes;
	char digest[DIGEST_TEXT_SIZE];
	const char *stated;
	size_t offset, errors = diags->errors;

	envelope->end = yaml_get(envelope->root, "end");
	if (envelope->end == NULL) {
		say_cut_short(envelope, diags);
		return false;
	}
	if (!trailer_find(envelope->bytes.data, envelope->bytes.length, &offset)) {
		yaml_error(envelope->end, diags,
			   _("end 应写成一行，并且是文件的最后一行。请把它后面的内容移到它前面。"));
		return false;
	}
	if (envelope->end->kind != YAML_MAP) {
		say_bad_trailer(envelope, diags);
		return false;
	}
	yaml_require_known(envelope->end, known, diags);
	stated = yaml_get_text(envelope->end, "sha256", "", diags);
	if (!yaml_get_integer(envelope->end, "rows", 0, 100000000, &envelope->rows, diags) ||
	    !is_digest(stated)) {
		say_bad_trailer(envelope, diags);
		return false;
	}
	digest_begin(&bytes);
	digest_add(&bytes, envelope->bytes.data, offset);
	digest_text(&bytes, digest);
	envelope->edited = strcmp(digest, stated) != 0;
	digest_add(&bytes, envelope->bytes.data + offset, envelope->bytes.length - offset);
	digest_text(&bytes, envelope->digest);
	return diags->errors == errors;
}

enum status envelope_open(struct envelope *envelope, const char *path, struct diag_list *diags)
{
	enum status status;

	*envelope = (struct envelope){.path = path, .arena = arena_new()};
	status = file_read(&envelope->bytes, path, FILE_LIMIT, diags);
	if (status != STATUS_OK)
		return status;
	return parse(envelope, diags) && check_version(envelope, diags) && check_trailer(envelope, diags)
		       ? STATUS_OK
		       : STATUS_INVALID;
}

void envelope_close(struct envelope *envelope)
{
	arena_free(envelope->arena);
	buffer_done(&envelope->bytes);
}
