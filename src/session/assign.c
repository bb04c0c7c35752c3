/* `TABLE[ROW].COLUMN=VALUE` from a script. */
#include <string.h>

#include "base/likeness.h"
#include "base/memory.h"
#include "session/session.h"
#include "session/state.h"

struct assignment {
	char *table, *row, *column, *value;
	bool rowless;
};

static void assignment_done(struct assignment *assignment)
{
	memory_free(assignment->table);
	memory_free(assignment->row);
	memory_free(assignment->column);
	memory_free(assignment->value);
}

/* A copy of the bytes from `from` up to `to`, without blanks at both ends. */
static char *part(const char *from, const char *to)
{
	while (from < to && *from == ' ')
		from++;
	while (to > from && to[-1] == ' ')
		to--;
	return memory_copy_bytes(from, (size_t)(to - from));
}

/* TABLE[ROW].COLUMN=VALUE; TABLE.COLUMN=VALUE means the fields that a plain table has. */
static bool split(struct assignment *out, const char *text, struct diag_list *diags)
{
	const char *open = strchr(text, '['), *equal = strchr(text, '=');
	const char *close = open != NULL ? strstr(open, "].") : NULL, *dot = strchr(text, '.');

	if (equal != NULL && dot != NULL && dot < equal && (open == NULL || equal < open)) {
		out->table = part(text, dot);
		out->row = memory_copy_string("@0");
		out->rowless = true;
		out->column = part(dot + 1, equal);
		out->value = part(equal + 1, equal + strlen(equal));
		return true;
	}
	equal = close != NULL ? strchr(close, '=') : NULL;
	if (equal == NULL) {
		diag_error(diags, _("“%s”不是 表[行].栏=数 的样子：表和行用名字或编码，栏用栏名。"), text);
		return false;
	}
	out->table = part(text, open);
	out->row = part(open + 1, close);
	out->column = part(close + 2, equal);
	out->value = part(equal + 1, equal + strlen(equal));
	return true;
}

static bool find_table(const struct form_pack *pack, const char *name, int *table, struct diag_list *diags)
{
	struct likeness nearest = likeness_to(name);

	*table = form_table_find(pack, name);
	if (*table >= 0)
		return true;
	for (int i = 0; i < pack->table_count; i++) {
		likeness_offer(&nearest, pack->tables[i]->id);
		likeness_offer(&nearest, pack->tables[i]->name);
	}
	if (nearest.best != NULL)
		diag_error(diags, _("套表里没有表“%s”，是不是“%s”？"), name, nearest.best);
	else
		diag_error(diags, _("套表里没有表“%s”。"), name);
	return false;
}

static bool find_leaf(const struct form_table *form, const char *name, int block, int *leaf,
		      struct diag_list *diags)
{
	struct likeness nearest = likeness_to(name);

	*leaf = form_leaf_find(form, name, block);
	if (*leaf < 0 && block >= 0)
		*leaf = form_leaf_find(form, name, -1);
	if (*leaf >= 0)
		return true;
	for (int i = 0; i < form->leaf_count; i++)
		likeness_offer(&nearest, form->leaves[i]->name);
	if (nearest.best != NULL)
		diag_error(diags, _("《%s》没有栏“%s”，是不是“%s”？"), form->name, name, nearest.best);
	else
		diag_error(diags, _("《%s》没有栏“%s”。"), form->name, name);
	return false;
}

/* The names of the rows that are all printed as `caption`, joined; false if that does not explain why none
 * was found. */
static bool same_captions(const struct form_table *form, const char *caption, struct buffer *names)
{
	int found = 0;

	for (int i = 0; i < form->row_count; i++)
		if (strcmp(form->rows[i].caption, caption) == 0)
			buffer_format(names, "%s%s", found++ > 0 ? "、" : "", form->rows[i].name);
	return found > 1;
}

static void complain_row(const struct session *session, const struct form_table *form, const char *key,
			 struct diag_list *diags)
{
	struct likeness nearest = likeness_to(key);
	struct buffer names = {0};

	for (int i = 0; i < form->row_count; i++)
		likeness_offer(&nearest, form->rows[i].name);
	if (form->coded != NULL)
		for (size_t line = 0; line < workbook_line_count(session->workbook, form->index); line++) {
			const struct row *row = workbook_line_row(session->workbook, form->index, line, 0);

			if (row != NULL)
				likeness_offer(&nearest, row_key(row));
		}
	for (int list = 0; list < session->pack->list_count; list++)
		for (size_t i = 0; i < workbook_entry_count(session->workbook, list); i++)
			if (list == form->list || list == form->each)
				likeness_offer(&nearest,
					       entry_name(workbook_entry(session->workbook, list, i)));
	if (same_captions(form, key, &names))
		diag_error(diags, _("《%s》里不止一行是“%s”，请写其中一行的名称：%s。"), form->name, key,
			   buffer_text(&names));
	else if (nearest.best != NULL)
		diag_error(diags, _("《%s》里没有行“%s”，是不是“%s”？"), form->name, key, nearest.best);
	else
		diag_error(diags, _("《%s》里没有行“%s”。"), form->name, key);
	buffer_done(&names);
}

/* The row that `key` names in a coded table; it is added if there is something to put into it. */
static struct row *find_coded(struct session *session, const struct form_table *form,
			      const struct assignment *assignment, enum status *status,
			      struct diag_list *diags)
{
	const char *key = assignment->row;
	char missing[24] = "";

	if (*key == '\0' || strspn(key, "0123456789") != strlen(key) || *assignment->value == '\0') {
		complain_row(session, form, key, diags);
		return NULL;
	}
	*status = session_row_add(session, form->index, key, missing, diags);
	if (*status == STATUS_NOT_FOUND)
		diag_error(diags, _("给名称的写法：%s[%s].%s=名称"), form->id, missing,
			   form->leaves[form->blocks[0].caption_leaf]->name);
	return *status == STATUS_OK ? workbook_row_find(session->workbook, form->index, key) : NULL;
}

static struct row *find_row(struct session *session, const struct form_table *form,
			    const struct assignment *assignment, enum status *status, struct diag_list *diags)
{
	struct row *row = workbook_row_find(session->workbook, form->index, assignment->row);
	char key[SESSION_KEY_SIZE];

	*status = STATUS_OK;
	if (row != NULL)
		return row;
	*status = STATUS_NOT_FOUND;
	if (form->coded != NULL)
		return find_coded(session, form, assignment, status, diags);
	if (form->list >= 0 || form->each >= 0) {
		bool may_add = *assignment->value != '\0';

		*status = session_find_entry_row(session, form, assignment->row, may_add, key, diags);
		row = *status == STATUS_OK ? workbook_row_find(session->workbook, form->index, key) : NULL;
	}
	if (row == NULL && *status == STATUS_NOT_FOUND)
		complain_row(session, form, assignment->row, diags);
	return row;
}

static enum status assign(struct session *session, const struct assignment *assignment, bool control,
			  struct diag_list *diags)
{
	const struct form_table *form;
	const struct row *row;
	enum status status;
	int table, leaf;

	if (!find_table(session->pack, assignment->table, &table, diags))
		return STATUS_NOT_FOUND;
	form = session->pack->tables[table];
	if (assignment->rowless && (form->fields_class < 0 || form->each >= 0)) {
		diag_error(diags, _("没有写是哪一行：《%s》的写法是 %s[行].栏=数。"), form->name, assignment->table);
		return STATUS_NOT_FOUND;
	}
	/* The column first: a wrong one must not add a row. */
	if (form->block_count < 2 && !find_leaf(form, assignment->column, -1, &leaf, diags))
		return STATUS_NOT_FOUND;
	/* A name belongs to the code, whether or not a row has it yet. */
	if (form->coded != NULL && !control && form->leaves[leaf]->type == FORM_CAPTION)
		return session_name(session, table, assignment->row, assignment->value, diags);
	row = find_row(session, form, assignment, &status, diags);
	if (row == NULL)
		return status;
	if (!find_leaf(form, assignment->column, form->block_count < 2 ? -1 : row_block(row), &leaf, diags))
		return STATUS_NOT_FOUND;
	return session_enter(session, table, row_key(row), leaf, assignment->value, NULL, control, diags);
}

enum status session_set(struct session *session, const char *text, bool control, struct diag_list *diags)
{
	struct assignment assignment = {0};
	struct diag_list own = {0};
	enum status status = STATUS_INVALID;

	if (split(&assignment, text, &own)) {
		session_begin(session, text);
		status = assign(session, &assignment, control, &own);
		session_end(session, status == STATUS_OK);
	}
	/* Each message names the assignment it is about: a script makes many at once. */
	for (size_t i = 0; i < own.count; i++)
		diag_add(diags, own.items[i].severity, NULL, 0, 0, "%s: %s", text, own.items[i].text);
	diag_list_done(&own);
	assignment_done(&assignment);
	return status;
}
