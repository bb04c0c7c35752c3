/* Commits figures into a workbook as the screen does, for counting what they cost: edits FILE TABLE COLUMN COUNT [WAY].
 * The figures go to rows spread over the whole table, every one changes its cell; nothing is saved. WAY is `without` (a
 * journal) or `keep` (the journal, at the end). */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "base/memory.h"
#include "session/session.h"
#include "session/state.h"

/* The secret of base/map is the same in every run: two runs shall differ by what is measured, and by nothing else. */
unsigned long getauxval(unsigned long type)
{
	static const unsigned char secret[16] = "0123456789abcde";

	return type == AT_RANDOM ? (unsigned long)secret : 0;
}

enum { STRIDE = 7919 }; /* a prime: consecutive commits hit distant rows */

static void die(const struct diag_list *diags)
{
	fprintf(stderr, "edits: %s\n", diag_first_error(diags));
	exit(1);
}

static size_t leaf_keys(const struct workbook *workbook, int table, char ***out)
{
	size_t lines = workbook_line_count(workbook, table), count = 0;
	char **keys = memory_new_array(lines + 1, sizeof *keys);

	for (size_t line = 0; line < lines; line++) {
		const struct row *row = workbook_line_row(workbook, table, line, 0);

		if (row && row_is_leaf(row))
			keys[count++] = memory_copy_string(row_key(row));
	}
	*out = keys;
	return count;
}

int main(int argc, char **argv)
{
	struct diag_list diags = {0};
	struct session *session;
	const struct form_pack *pack;
	char **keys;
	size_t rows, commits;
	int table, leaf;

	setlocale(LC_ALL, "");
	if (argc < 5 || argc > 6 || !(session = session_open(argv[1], &diags)))
		die(&diags);
	const char *way = argc == 6 ? argv[5] : "";
	if (strcmp(way, "without") == 0) {
		journal_free(session->journal);
		session->journal = NULL;
	}
	pack = workbook_pack(session_workbook(session));
	table = form_table_find(pack, argv[2]);
	leaf = table < 0 ? -1 : form_leaf_find(pack->tables[table], argv[3], -1);
	commits = strtoul(argv[4], NULL, 10);
	if (leaf < 0 || (rows = leaf_keys(session_workbook(session), table, &keys)) == 0)
		die(&diags);
	for (size_t i = 0; i < commits; i++) {
		char text[32];

		snprintf(text, sizeof text, "%zu.%02zu", 1000 + i, i % 100);
		if (session_enter(session, table, keys[i * STRIDE % rows], leaf, text, NULL, false, &diags) != STATUS_OK)
			die(&diags);
	}
	for (size_t i = 0; i < rows; i++)
		memory_free(keys[i]);
	memory_free(keys);
	if (strcmp(way, "keep") != 0)
		session_give_up(session);
	session_free(session);
	diag_list_done(&diags);
	return 0;
}
