#include "files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "plain.h"

#define FILES_MOST 64

static struct {
	char *path, *bytes;
	size_t length;
} files[FILES_MOST];
static size_t file_count;
static bool sealed;

void files_seal(void)
{
	sealed = true;
}

void files_clear(void)
{
	while (file_count > 0) {
		free(files[--file_count].path);
		free(files[file_count].bytes);
	}
}

static bool find(const char *path, size_t *at)
{
	for (*at = 0; *at < file_count; ++*at)
		if (strcmp(files[*at].path, path) == 0)
			return true;
	return false;
}

/* The bytes lie in a block of exactly their length, so that reading beyond them is seen. */
void files_put(const char *path, const void *bytes, size_t length)
{
	size_t at;

	if (find(path, &at))
		free(files[at].bytes);
	else if (file_count == FILES_MOST)
		return;
	else
		files[file_count++].path = strdup(path);
	files[at].bytes = malloc(length > 0 ? length : 1);
	files[at].length = length;
	if (length > 0)
		memcpy(files[at].bytes, bytes, length);
}

static const uint8_t *next_heading(const uint8_t *from, const uint8_t *end, bool line_begins)
{
	for (const uint8_t *here = from; here + 4 <= end; here++) {
		if (line_begins && memcmp(here, "=== ", 4) == 0)
			return here;
		line_begins = *here == '\n';
	}
	return end;
}

void files_unpack(const char *folder, const uint8_t *bytes, size_t length)
{
	const uint8_t *end = bytes + length, *here = next_heading(bytes, end, true);

	while (here < end) {
		const uint8_t *name = here + 4, *line = memchr(name, '\n', (size_t)(end - name));
		char path[256], own[128];
		if (line == NULL)
			break;
		size_t room = (size_t)(line - name) < sizeof(own) - 1 ? (size_t)(line - name) : sizeof(own) - 1;
		memcpy(own, name, room);
		own[room] = '\0';
		snprintf(path, sizeof(path), "%s/%s", folder, own);
		here = next_heading(line + 1, end, true);
		files_put(path, line + 1, (size_t)(here - line - 1));
	}
}

const char *files_get(const char *path, size_t *length)
{
	size_t at;

	if (!find(path, &at))
		return NULL;
	*length = files[at].length;
	return files[at].bytes;
}

/* ---- in the place of base/file.h */

enum status __real_file_read(struct buffer *out, const char *path, size_t limit, struct diag_list *diags);
enum status __wrap_file_read(struct buffer *out, const char *path, size_t limit, struct diag_list *diags);
bool __real_file_exists(const char *path);
bool __wrap_file_exists(const char *path);
enum status __wrap_file_replace(const char *path, const char *bytes, size_t length, enum file_rule rule,
				struct diag_list *diags);
enum status __wrap_file_make_directory(const char *path, struct diag_list *diags);
enum status __wrap_file_make_private_directory(const char *path, struct diag_list *diags);
void __wrap_digest_random_id(char out[33]);
enum status __wrap_printer_send(const char *bytes, size_t length, const char *name, const char *title,
				struct diag_list *diags);

enum status __wrap_file_read(struct buffer *out, const char *path, size_t limit, struct diag_list *diags)
{
	size_t at;

	if (!find(path, &at)) {
		if (!sealed)
			return __real_file_read(out, path, limit, diags);
		diag_add(diags, DIAG_ERROR, path, 0, 0, "%s", file_explain(2));
		return STATUS_NOT_FOUND;
	}
	if (files[at].length > limit) {
		diag_add(diags, DIAG_ERROR, path, 0, 0, "%s", file_explain(27));
		return STATUS_INVALID;
	}
	buffer_add_bytes(out, files[at].bytes, files[at].length);
	return STATUS_OK;
}

bool __wrap_file_exists(const char *path)
{
	size_t at;

	return find(path, &at) || (!sealed && __real_file_exists(path));
}

enum status __wrap_file_replace(const char *path, const char *bytes, size_t length, enum file_rule rule,
				struct diag_list *diags)
{
	(void)rule;
	if (strncmp(path, "/fuzz/", 6) != 0) {
		diag_error(diags, "%s", file_explain(13));
		return STATUS_IO;
	}
	plain_file(bytes, length);
	files_put(path, bytes, length);
	return STATUS_OK;
}

enum status __wrap_file_make_directory(const char *path, struct diag_list *diags)
{
	(void)path;
	(void)diags;
	return STATUS_OK;
}

enum status __wrap_file_make_private_directory(const char *path, struct diag_list *diags)
{
	return __wrap_file_make_directory(path, diags);
}

/* Nothing is printed on a real printer. */
enum status __wrap_printer_send(const char *bytes, size_t length, const char *name, const char *title,
				struct diag_list *diags)
{
	plain_text(bytes, length);
	(void)title;
	diag_error(diags, "%s %zu", name != NULL ? name : "lp", length);
	return STATUS_IO;
}

void files_load(const char *path, struct buffer *out)
{
	if (__real_file_read(out, path, 1 << 20, NULL) != STATUS_OK)
		abort();
}

/* The same input gives the same run. */
void __wrap_digest_random_id(char out[33])
{
	memset(out, 'a', 32);
	out[32] = '\0';
}
