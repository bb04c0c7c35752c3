/* Read in this order, each step trusting the ones before: form (of a large file), bytes, YAML, format version,
 * trailer. */
#include "store/envelope.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/descriptor.h"
#include "base/digest.h"
#include "base/file.h"
#include "store/trailer.h"

#define FORMAT_VERSION 1
#define HISTORY_MOST 2000000000L
#define SCREENED_FROM (128 * 1024)
#define PIECE 4096 /* longer than the trailer with the blank lines behind it */

static void say_cut_short(const struct envelope *envelope, unsigned line, struct diag_list *diags)
{
	diag_add(
		diags, DIAG_ERROR, envelope->path, line, 1,
		_("文件不完整：末尾没有 end 一行，它在保存、拷贝或传送时被截断了。请取回完整的文件，或者用备份。"));
}

/* The beginning has the line that every workbook begins with. */
static bool looks_like_workbook(const char *bytes)
{
	static const char word[] = "yubiao:";

	const char *place = strstr(bytes, word);

	return place != NULL && (place == bytes || place[-1] == '\n' || place[-1] == '\xBF' /* of a mark */);
}

static void say_unreadable(const struct envelope *envelope, const struct diag *problem, struct diag_list *diags)
{
	diag_add(diags, DIAG_ERROR, envelope->path, problem->line, problem->column,
		 _("不能读作 YAML，没有打开。%s"), problem->text);
}

/* A file cut short is mostly bad YAML too; that it was cut is what helps. */
static bool parse(struct envelope *envelope, struct diag_list *diags)
{
	struct diag_list problems = {0};
	size_t offset;

	envelope->root = yaml_parse(envelope->arena, envelope->arena, buffer_text(&envelope->bytes), envelope->bytes.length,
				    envelope->path, &yaml_limits_workbook, &problems);
	if (envelope->root == NULL && looks_like_workbook(buffer_text(&envelope->bytes)) &&
	    !trailer_find(envelope->bytes.data, envelope->bytes.length, &offset))
		say_cut_short(envelope, trailer_last_line(envelope->bytes.data, envelope->bytes.length), diags);
	else if (envelope->root == NULL)
		say_unreadable(envelope, &problems.items[0], diags);
	diag_list_done(&problems);
	return envelope->root != NULL;
}

/* ---- A large file: its form is judged before anything of it is kept. ---- */

struct large {
	int fd;
	const char *path;
	struct diag_list *diags;
	unsigned lines;       /* ended so far */
	bool is_in_line;      /* behind the last of them comes more */
	char first[PIECE], last[PIECE]; /* bytes, each closed by a NUL */
	size_t first_length, last_length;
};

/* Keeps the end of what was read. */
static void keep_last(struct large *large, const char *bytes, size_t length)
{
	const size_t room = sizeof(large->last) - 1;

	if (length >= room) {
		memcpy(large->last, bytes + length - room, room);
		large->last_length = room;
		return;
	}
	size_t old = large->last_length < room - length ? large->last_length : room - length;
	memmove(large->last, large->last + large->last_length - old, old);
	memcpy(large->last + old, bytes, length);
	large->last_length = old + length;
}

static ssize_t read_piece(void *context, void *bytes, size_t room)
{
	struct large *large = context;
	ssize_t got = descriptor_read(large->fd, bytes, room);

	if (got < 0)
		diag_add(large->diags, DIAG_ERROR, large->path, 0, 0, _("读不了这个文件。%s"), file_explain(errno));
	if (got <= 0)
		return got;
	if (large->first_length == 0) {
		large->first_length = (size_t)got < PIECE ? (size_t)got : PIECE - 1;
		memcpy(large->first, bytes, large->first_length);
	}
	keep_last(large, bytes, (size_t)got);
	for (const char *here = bytes, *end = here + got; (here = memchr(here, '\n', (size_t)(end - here))) != NULL; here++)
		large->lines++;
	large->is_in_line = ((const char *)bytes)[got - 1] != '\n';
	return got;
}

/* Reads what is left, to know how the file ends. */
static bool is_cut_short(struct large *large)
{
	char room[PIECE];
	size_t offset;

	if (!looks_like_workbook(large->first))
		return false;
	while (read_piece(large, room, sizeof(room)) > 0)
		;
	return !trailer_find(large->last, large->last_length, &offset);
}

static bool screen_open_file(struct envelope *envelope, int fd, struct diag_list *diags)
{
	struct diag_list problems = {0};
	struct large large = {.fd = fd, .path = envelope->path, .diags = &problems};
	bool fine = yaml_screen(read_piece, &large, envelope->path, &yaml_limits_workbook, &problems);

	if (!fine && is_cut_short(&large))
		say_cut_short(envelope, large.lines + large.is_in_line, diags);
	else if (!fine)
		say_unreadable(envelope, &problems.items[0], diags);
	diag_list_done(&problems);
	return fine;
}

/* False with an error if the file is large and not in the form of a workbook. Whatever else is wrong with it, those
 * who read it tell. */
static bool screen(struct envelope *envelope, struct diag_list *diags)
{
	struct stat about;
	int fd = descriptor_open(envelope->path, O_RDONLY | O_NONBLOCK, 0);
	bool fine = true;

	if (fd < 0)
		return true;
	if (descriptor_about(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > SCREENED_FROM &&
	    about.st_size <= (off_t)ENVELOPE_MOST)
		fine = screen_open_file(envelope, fd, diags);
	(void)descriptor_close(fd);
	return fine;
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
	static const char *const known[] = {"rows", "history", "sha256", NULL};
	struct digest bytes;
	char digest[DIGEST_TEXT_SIZE];
	const char *stated;
	size_t offset, errors = diags->errors;

	envelope->end = yaml_get(envelope->root, "end");
	if (envelope->end == NULL) {
		say_cut_short(envelope, trailer_last_line(envelope->bytes.data, envelope->bytes.length), diags);
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
	    (yaml_get(envelope->end, "history") != NULL &&
	     !yaml_get_integer(envelope->end, "history", 1, HISTORY_MOST, &envelope->history, diags)) ||
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
	if (!screen(envelope, diags))
		return STATUS_INVALID;
	status = file_read(&envelope->bytes, path, ENVELOPE_MOST, diags);
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
