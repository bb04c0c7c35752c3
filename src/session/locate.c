/* Rows of entries as a script calls them: by name, by code, by number, within their card. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "session/session.h"
#include "session/state.h"

#define NUMBER_SIGN '#'

/* The entry of `list` that `name` means among those of `owner` (NULL: among all). */
static const struct entry_node *find_entry(const struct workbook *workbook, int list,
					   const struct entry_node *owner, const char *name)
{
	size_t number = *name == NUMBER_SIGN ? strtoul(name + 1, NULL, 10) : 0;

	for (size_t i = 0; i < workbook_entry_count(workbook, list); i++) {
		const struct entry_node *entry = workbook_entry(workbook, list, i);

		if (owner != NULL && entry_owner(entry) != owner)
			continue;
		if (number > 0 && --number == 0)
			return entry;
		if (*name == '@' && session_entry_of_key(name) == entry_id(entry) &&
		    strchr(name, '/') == NULL)
			return entry;
		if (*name != '\0' &&
		    (strcmp(entry_name(entry), name) == 0 || strcmp(entry_code(entry), name) == 0))
			return entry;
	}
	return NULL;
}

static size_t count_of(const struct workbook *workbook, int list, const struct entry_node *owner)
{
	size_t count = 0;

	for (size_t i = 0; i < workbook_entry_count(workbook, list); i++)
		count += owner == NULL || entry_owner(workbook_entry(workbook, list, i)) == owner;
	return count;
}

/* Adds the entry that `name` calls: the number behind the last, a code, or a name, if the list has such. */
static enum status add_entry(struct session *session, int list, const struct entry_node *owner,
			     const char *name, char key[SESSION_KEY_SIZE], struct diag_list *diags)
{
	const struct form_list *form = &session->pack->lists[list];
	size_t next = count_of(session->workbook, list, form->owner >= 0 ? owner : NULL) + 1;
	bool is_code = form->coded && strspn(name, "0123456789") == strlen(name);
	int owner_id = owner != NULL && form->owner >= 0 ? entry_id(owner) : 0;

	if (*name == '@' || *name == '\0')
		return STATUS_NOT_FOUND;
	if (*name == NUMBER_SIGN) {
		if (strtoul(name + 1, NULL, 10) == next)
			return session_entry_add(session, list, owner_id, "", "", "", key, diags);
		diag_error(diags, _("没有行 %s：要加一行，请写 #%zu。"), name, next);
		return STATUS_INVALID;
	}
	if (!form->named && !is_code) {
		diag_error(diags, _("%s没有名称，请用行号：第一行是 #1，要加一行写 #%zu。"), form->name,
			   next);
		return STATUS_INVALID;
	}
	return session_entry_add(session, list, owner_id, "", is_code ? "" : name, is_code ? name : "", key,
				 diags);
}

/* A row of the table's list. */
static enum status find_listed(struct session *session, const struct form_table *form,
			       const struct entry_node *owner, const char *name, bool may_add,
			       char key[SESSION_KEY_SIZE], struct diag_list *diags)
{
	const struct entry_node *entry;

	if (form->list < 0)
		return STATUS_NOT_FOUND;
	entry = find_entry(session->workbook, form->list, owner, name);
	if (entry != NULL) {
		snprintf(key, SESSION_KEY_SIZE, "@%d", entry_id(entry));
		return STATUS_OK;
	}
	return may_add ? add_entry(session, form->list, owner, name, key, diags) : STATUS_NOT_FOUND;
}

/* The card that `name` begins with, up to its end or to a slash; *rest: what follows, NULL: nothing. */
static const struct entry_node *find_card(const struct workbook *workbook, int list, const char *name,
					  const char **rest)
{
	const struct entry_node *entry = find_entry(workbook, list, NULL, name);

	*rest = NULL;
	for (const char *slash = strchr(name, '/'); entry == NULL && slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		char *card = memory_copy_bytes(name, (size_t)(slash - name));

		entry = find_entry(workbook, list, NULL, card);
		memory_free(card);
		*rest = entry != NULL ? slash + 1 : NULL;
	}
	return entry;
}

enum status session_find_entry_row(struct session *session, const struct form_table *form, const char *name,
				   bool may_add, char key[SESSION_KEY_SIZE], struct diag_list *diags)
{
	const struct entry_node *card;
	const char *rest;

	if (form->each < 0)
		return find_listed(session, form, NULL, name, may_add, key, diags);
	card = find_card(session->workbook, form->each, name, &rest);
	if (card == NULL)
		return may_add && strchr(name, '/') == NULL
			       ? add_entry(session, form->each, NULL, name, key, diags)
			       : STATUS_NOT_FOUND;
	snprintf(key, SESSION_KEY_SIZE, "@%d%s%s", entry_id(card), rest != NULL ? "/" : "",
		 rest != NULL ? rest : "");
	if (rest == NULL || workbook_row_find(session->workbook, form->index, key) != NULL)
		return STATUS_OK;
	return find_listed(session, form, card, rest, may_add, key, diags);
}
