#include "session/session.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "session/path.h"
#include "session/restrict.h"
#include "session/state.h"
#include "store/recent.h"
#include "store/workbook_file.h"

/* Beyond this many operations it is cheaper to judge every check once than each check again and again. */
#define MANY_OPERATIONS 64

struct session *session_open(const char *path, struct diag_list *diags)
{
	struct session *session = memory_new(sizeof(*session));
	char *native = path_native(path);
	enum status status = session_file_allowed(path, SESSION_WORKBOOK, diags);

	if (status == STATUS_OK)
		status = workbook_file_load(&session->workbook, &session->pack, native, session->digest, diags);
	memory_free(native);
	if (status != STATUS_OK) {
		memory_free(session);
		return NULL;
	}
	session->path = path_shown(path);
	return session;
}

static bool has_year(const struct form_pack *pack, int year)
{
	for (int i = 0; i < pack->year_count; i++)
		if (pack->years[i] == year)
			return true;
	return false;
}

/* Sets a field of the cover without a trace in the undo list: a new workbook begins with it. */
static enum status begin_with(struct workbook *workbook, enum workbook_field field, const char *text,
			      struct diag_list *diags)
{
	struct operation operation;
	enum status status;

	if (text == NULL || *text == '\0' || strcmp(workbook_field(workbook, field), text) == 0)
		return STATUS_OK;
	operation = operation_text(OPERATION_FIELD, -1, "", (int)field, text);
	status = workbook_apply(workbook, &operation, NULL, diags);
	operation_done(&operation);
	return status;
}

static enum status begin_cover(struct session *session, const char *code, const char *name, int year,
			       struct diag_list *diags)
{
	const struct form_pack *pack = session->pack;
	struct workbook *workbook = session->workbook;
	struct buffer text = {0};
	char id[33];
	enum status status = STATUS_OK;

	if (year == 0 && pack->year_count > 0)
		year = pack->years[0];
	if (!has_year(pack, year)) {
		for (int i = 0; i < pack->year_count; i++)
			buffer_format(&text, "%s%d", i > 0 ? "、" : "", pack->years[i]);
		diag_error(diags, _("套表 %s 不用于 %d 年度，它用于：%s。"), pack->id, year,
			   buffer_text(&text));
		buffer_done(&text);
		return STATUS_INVALID;
	}
	buffer_format(&text, "%d", year);
	if (*workbook_field(workbook, WORKBOOK_ID) == '\0') {
		digest_random_id(id);
		status = begin_with(workbook, WORKBOOK_ID, id, diags);
	}
	if (status == STATUS_OK)
		status = begin_with(workbook, WORKBOOK_YEAR, buffer_text(&text), diags);
	if (status == STATUS_OK)
		status = begin_with(workbook, WORKBOOK_CODE, code, diags);
	if (status == STATUS_OK)
		status = begin_with(workbook, WORKBOOK_NAME, name, diags);
	buffer_done(&text);
	return status;
}

static bool is_empty(const char *text)
{
	return text == NULL || *text == '\0';
}

struct session *session_new(const char *pack, const char *path, const char *code, const char *name, int year,
			    struct diag_list *diags)
{
	char *directory = form_pack_locate(pack, ".", diags);
	struct form_pack *loaded = directory != NULL ? form_pack_load(directory, diags) : NULL;
	struct session *session;

	memory_free(directory);
	if (loaded == NULL)
		return NULL;
	session = memory_new(sizeof(*session));
	session->pack = loaded;
	session->workbook = workbook_new(loaded);
	session->path = memory_copy_string(path);
	/* An untouched new workbook may be left without a question. */
	session->saved = is_empty(code) && is_empty(name) ? 0 : SESSION_UNSAVED;
	if (begin_cover(session, code, name, year, diags) != STATUS_OK) {
		session_free(session);
		return NULL;
	}
	return session;
}

static void group_done(struct change_group *group)
{
	for (size_t i = 0; i < group->count; i++)
		operation_done(&group->operations[i]);
	memory_free(group->operations);
	memory_free(group->label);
	*group = (struct change_group){0};
}

void session_free(struct session *session)
{
	if (session == NULL)
		return;
	for (size_t i = 0; i < session->count; i++)
		group_done(&session->groups[i]);
	memory_free(session->groups);
	group_done(&session->open);
	workbook_free(session->workbook);
	form_pack_free(session->pack);
	memory_free(session->path);
	memory_free(session);
}

const struct workbook *session_workbook(const struct session *session)
{
	return session->workbook;
}

const char *session_path(const struct session *session)
{
	return session->path;
}

bool session_is_changed(const struct session *session)
{
	return session->position != session->saved || session->open.count > 0;
}

const char *session_fingerprint(const struct session *session)
{
	return session->digest[0] != '\0' ? session->digest : NULL;
}

void session_remember(const struct session *session)
{
	char *native;

	if (session->path == NULL)
		return;
	native = path_native(session->path);
	recent_add(native);
	memory_free(native);
}

static enum status save_to(struct session *session, const char *path, struct diag_list *diags)
{
	char digest[DIGEST_TEXT_SIZE], *native = path_native(path);
	enum status status = workbook_file_save(session->workbook, native, digest, diags);

	memory_free(native);
	if (status != STATUS_OK && status != STATUS_UNSURE)
		return status;
	memcpy(session->digest, digest, sizeof(digest));
	session->saved = session->position;
	return status;
}

enum status session_save(struct session *session, struct diag_list *diags)
{
	if (session->path == NULL) {
		diag_error(diags, _("这份预算还没有文件名，请用“另存”给它一个文件名。"));
		return STATUS_NOT_FOUND;
	}
	return save_to(session, session->path, diags);
}

static bool is_taken(const char *path)
{
	char *native = path_native(path);
	bool taken = file_exists(native);

	memory_free(native);
	return taken;
}

enum status session_save_as(struct session *session, const char *path, bool replace, struct diag_list *diags)
{
	enum status status;
	char *copy;

	if (*path == '\0') {
		diag_error(diags, _("请输入文件名。"));
		return STATUS_INVALID;
	}
	if (session_file_allowed(path, SESSION_WORKBOOK, diags) != STATUS_OK)
		return STATUS_INVALID;
	if (!replace && is_taken(path)) {
		diag_error(diags, _("文件 %s 已经存在，请换一个文件名。"), path);
		return STATUS_INVALID;
	}
	copy = memory_copy_string(path);
	status = save_to(session, copy, diags);
	if (status != STATUS_OK && status != STATUS_UNSURE) {
		memory_free(copy);
		return status;
	}
	session_warn_of_pack(session->pack, copy, diags);
	memory_free(session->path);
	session->path = copy;
	return status;
}

/* ---- groups of operations ---- */

static void keep_operation(struct session *session, struct operation operation)
{
	struct change_group *group = &session->open;

	array_reserve(&group->operations, &group->capacity, group->count, sizeof(*group->operations));
	group->operations[group->count++] = operation;
}

/* What was taken back can no longer be done again once something else is done. */
static void forget_undone(struct session *session)
{
	while (session->count > session->position)
		group_done(&session->groups[--session->count]);
	if (session->saved != SESSION_UNSAVED && session->saved > session->position)
		session->saved = SESSION_UNSAVED;
}

void session_begin(struct session *session, const char *label)
{
	if (session->depth == 0)
		session->open.label = memory_copy_string(label);
	if (session->depth < SESSION_NESTING)
		session->marks[session->depth] = session->open.count;
	session->depth++;
}

/* Reverts the last `group->count - mark` operations, judging checks once if there are many. */
static void revert_to(struct workbook *workbook, const struct change_group *group, size_t mark)
{
	bool many = group->count - mark > MANY_OPERATIONS;

	if (many)
		workbook_hold_checks(workbook);
	for (size_t i = group->count; i > mark; i--)
		workbook_revert(workbook, &group->operations[i - 1]);
	if (many)
		workbook_release_checks(workbook);
}

void session_end(struct session *session, bool keep)
{
	struct change_group *open = &session->open;
	size_t mark;

	session->depth--;
	mark = session->depth < SESSION_NESTING ? session->marks[session->depth] : open->count;
	if (!keep) {
		revert_to(session->workbook, open, mark);
		while (open->count > mark)
			operation_done(&open->operations[--open->count]);
	}
	if (session->depth > 0)
		return;
	if (open->count == 0) {
		group_done(open);
		return;
	}
	forget_undone(session);
	array_reserve(&session->groups, &session->capacity, session->count, sizeof(*session->groups));
	session->groups[session->count++] = *open;
	session->position = session->count;
	*open = (struct change_group){0};
}

enum status session_apply(struct session *session, struct operation operation, const char *label,
			  char *missing, struct diag_list *diags)
{
	enum status status = workbook_apply(session->workbook, &operation, missing, diags);

	if (status != STATUS_OK) {
		operation_done(&operation);
		return status;
	}
	session_begin(session, label);
	keep_operation(session, operation);
	session_end(session, true);
	return STATUS_OK;
}

/* ---- undo, redo ---- */

/* The first table that shows the list, -1: none. */
static int table_of_list(const struct form_pack *pack, int list)
{
	for (int i = 0; i < pack->table_count; i++)
		if (list >= 0 && (pack->tables[i]->list == list || pack->tables[i]->each == list))
			return i;
	return -1;
}

static void place_of(const struct form_pack *pack, const struct operation *operation,
		     struct session_place *place)
{
	*place = (struct session_place){.table = -1, .leaf = -1};
	if (operation->kind == OPERATION_FIELD || operation->kind == OPERATION_ROUNDED)
		return;
	if (operation->kind >= OPERATION_ENTRY_ADD) {
		place->table = table_of_list(pack, operation->leaf);
		snprintf(place->key, sizeof(place->key), "%s", operation->key);
		return;
	}
	place->table = operation->table;
	if (operation->kind == OPERATION_FIGURE || operation->kind == OPERATION_CONTROL)
		place->leaf = operation->leaf;
	if (operation->key != NULL) {
		size_t length = strlen(operation->key);

		if (length >= sizeof(place->key))
			length = sizeof(place->key) - 1;
		memcpy(place->key, operation->key, length);
	}
}

enum status session_undo(struct session *session, struct buffer *text, struct session_place *place)
{
	struct change_group *group;

	if (session->position == 0 || session->depth > 0)
		return STATUS_NOT_FOUND;
	group = &session->groups[session->position - 1];
	revert_to(session->workbook, group, 0);
	session->position--;
	if (text != NULL)
		buffer_format(text, _("撤销：%s"), group->label);
	if (place != NULL)
		place_of(session->pack, &group->operations[0], place);
	return STATUS_OK;
}

/* An operation is applied to the state in which it was applied before, so it cannot fail. */
static void apply_again(struct workbook *workbook, struct change_group *group)
{
	bool many = group->count > MANY_OPERATIONS;

	if (many)
		workbook_hold_checks(workbook);
	for (size_t i = 0; i < group->count; i++) {
		struct operation *operation = &group->operations[i];

		memory_free(operation->old_entry.text);
		operation->old_entry = (struct entry){.blank = true};
		(void)workbook_apply(workbook, operation, NULL, NULL);
	}
	if (many)
		workbook_release_checks(workbook);
}

enum status session_redo(struct session *session, struct buffer *text, struct session_place *place)
{
	struct change_group *group;

	if (session->position == session->count || session->depth > 0)
		return STATUS_NOT_FOUND;
	group = &session->groups[session->position];
	apply_again(session->workbook, group);
	session->position++;
	if (text != NULL)
		buffer_format(text, _("重做：%s"), group->label);
	if (place != NULL)
		place_of(session->pack, &group->operations[0], place);
	return STATUS_OK;
}

void session_cell_name(const struct session *session, int table, const char *key, int leaf,
		       struct buffer *out)
{
	const struct form_table *form = session->pack->tables[table];
	const struct entry_node *entry = workbook_entry_find(session->workbook, session_entry_of_key(key));
	const char *rest = strchr(key, '/');

	buffer_format(out, "%s[", form->name);
	if (entry != NULL) {
		session_entry_words(session, entry, out);
		buffer_add(out, rest != NULL ? rest : "");
	} else if (strcmp(key, "@0") != 0) {
		buffer_add(out, key);
	}
	buffer_add(out, "]");
	if (leaf >= 0)
		buffer_format(out, ".%s", form->leaves[leaf]->name);
}
