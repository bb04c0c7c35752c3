/* What the session's tests share: a new session of the real pack, cells as text, a directory of their own. */
#ifndef YUBIAO_TESTS_SESSION_FIXTURE_H
#define YUBIAO_TESTS_SESSION_FIXTURE_H

#include <ftw.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "session/session.h"

#define PACK "forms/hebei-2024"

struct fixture {
	struct session *session;
	struct diag_list diags;
	char directory[64];
	char text[256]; /* of the last cell_text() */
};

static inline int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *where)
{
	(void)about;
	(void)kind;
	(void)where;
	return remove(path);
}

static inline int fixture_open(void **state)
{
	struct fixture *f = memory_new(sizeof(*f));

	setlocale(LC_ALL, "C.UTF-8");
	setenv("YUBIAO_FORMS", "forms", 0);
	snprintf(f->directory, sizeof(f->directory), "/tmp/yubiao-session-XXXXXX");
	if (mkdtemp(f->directory) == NULL)
		return -1;
	setenv("XDG_STATE_HOME", f->directory, 1);
	f->session = session_new(PACK, NULL, NULL, NULL, 2024, &f->diags);
	*state = f;
	return f->session != NULL ? 0 : -1;
}

static inline int fixture_close(void **state)
{
	struct fixture *f = *state;

	session_free(f->session);
	nftw(f->directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	diag_list_done(&f->diags);
	memory_free(f);
	return 0;
}

static inline int table_of(const struct fixture *f, const char *id)
{
	int table = form_table_find(workbook_pack(session_workbook(f->session)), id);

	assert_true(table >= 0);
	return table;
}

static inline int leaf_of(const struct fixture *f, const char *id, const char *column)
{
	const struct form_pack *pack = workbook_pack(session_workbook(f->session));
	int leaf = form_leaf_find(pack->tables[table_of(f, id)], column, -1);

	assert_true(leaf >= 0);
	return leaf;
}

/* The exact figure in the column's unit; "-" where there is no such row. */
static inline const char *cell_text(struct fixture *f, const char *id, const char *key, const char *column)
{
	const struct workbook *workbook = session_workbook(f->session);
	int table = table_of(f, id), leaf = leaf_of(f, id, column);
	struct row *row = workbook_row_find(workbook, table, key);
	struct buffer out = {0};
	struct value value;

	snprintf(f->text, sizeof(f->text), "-");
	if (row == NULL)
		return f->text;
	value = workbook_value(workbook, row, leaf);
	workbook_exact_text(&value, &workbook_pack(workbook)->tables[table]->leaves[leaf]->unit, &out);
	snprintf(f->text, sizeof(f->text), "%s", buffer_text(&out));
	buffer_done(&out);
	return f->text;
}

/* The control figure in 万元, "" for none. */
static inline const char *control_text(struct fixture *f, const char *id, const char *key, const char *column)
{
	const struct workbook *workbook = session_workbook(f->session);
	int table = table_of(f, id), leaf = leaf_of(f, id, column);
	struct row *row = workbook_row_find(workbook, table, key);
	struct buffer out = {0};
	struct value value;

	f->text[0] = '\0';
	if (row == NULL || !workbook_control(workbook, row, leaf, &value))
		return f->text;
	workbook_exact_text(&value, &workbook_pack(workbook)->tables[table]->leaves[leaf]->unit, &out);
	snprintf(f->text, sizeof(f->text), "%s", buffer_text(&out));
	buffer_done(&out);
	return f->text;
}

/* Must succeed; the message of a failure is shown. */
static inline void set(struct fixture *f, const char *assignment)
{
	if (session_set(f->session, assignment, false, &f->diags) != STATUS_OK)
		fail_msg("%s: %s", assignment, diag_first_error(&f->diags));
}

static inline void set_control(struct fixture *f, const char *assignment)
{
	if (session_set(f->session, assignment, true, &f->diags) != STATUS_OK)
		fail_msg("%s: %s", assignment, diag_first_error(&f->diags));
}

/* Must fail with a sentence that holds `part`. */
static inline void set_refused(struct fixture *f, const char *assignment, const char *part)
{
	diag_list_clear(&f->diags);
	assert_int_not_equal(session_set(f->session, assignment, false, &f->diags), STATUS_OK);
	if (strstr(diag_first_error(&f->diags), part) == NULL)
		fail_msg("%s: \"%s\" does not say \"%s\"", assignment, diag_first_error(&f->diags), part);
	diag_list_clear(&f->diags);
}

#endif
