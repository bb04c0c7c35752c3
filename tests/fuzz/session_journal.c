/* A journal or a history that somebody made up. Whatever it holds, the workbook opens; what fits is taken, or named and
 * set aside; what was taken can be undone as far as it goes, and what a history lacks is added to it.
 *
 * The first byte: which workbook, what is made of the rest, and what is done with it. The rest as it is, or lines
 * `VERB GOES-ON LABEL KIND TABLE ROW COLUMN BEFORE AFTER`, parted by tabs: they become records with numbers, groups and
 * sums that fit, behind a head that fits. A line that begins with `!` is a record but for its sum. */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/digest.h"
#include "harness/files.h"
#include "harness/packs.h"
#include "harness/plain.h"
#include "session/recover.h"
#include "store/history.h"
#include "store/workbook_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { IS_CARDS = 1, IS_RAW = 2, IS_HISTORY = 4, IS_UNSAVED = 8, IS_SET_ASIDE = 16 };

static const char *const ids[] = {"ce03ac91e928c1ae8f57d545ff24108a", "7d1c9e02b5f84a36a0c7e1520f93d48b"};
static const char *const pack_ids[] = {"small", "cards"};
static struct buffer workbooks[2];
static char home[64], journals[128], beside[128];

static void empty(const char *directory)
{
	DIR *stream = opendir(directory);
	const struct dirent *entry;
	char path[512];

	while (stream != NULL && (entry = readdir(stream)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		(void)unlink(path);
	}
	if (stream != NULL)
		closedir(stream);
}

static void tidy(void)
{
	char path[96];

	empty(journals);
	empty(beside);
	(void)rmdir(journals);
	(void)rmdir(beside);
	snprintf(path, sizeof(path), "%s/yubiao", home);
	(void)rmdir(path);
	(void)rmdir(home);
	packs_return();
}

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	setlocale(LC_ALL, "C.UTF-8");
	unsetenv("HOME");
	snprintf(home, sizeof(home), "%s/yubiao-fuzz-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	must(mkdtemp(home) != NULL);
	setenv("XDG_STATE_HOME", home, 1);
	snprintf(journals, sizeof(journals), "%s/yubiao", home);
	must(mkdir(journals, 0700) == 0);
	snprintf(journals, sizeof(journals), "%s/yubiao/journals", home);
	snprintf(beside, sizeof(beside), "%s/beside", home);
	must(mkdir(journals, 0700) == 0 && mkdir(beside, 0700) == 0);
	session_paths_in("");
	packs_lend("tests/fuzz/packs/small");
	packs_lend("tests/unit/packs/cards");
	files_load("tests/fuzz/packs/small.yaml", &workbooks[0]);
	files_load("tests/unit/cards.yaml", &workbooks[1]);
	files_seal();
	atexit(tidy);
	return 0;
}

static void write_file(const char *path, const char *bytes, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	must(fd >= 0 && write(fd, bytes, length) == (ssize_t)length);
	close(fd);
}

static void close_line(struct buffer *out, size_t start, char sum[RECORD_SUM_SIZE])
{
	struct digest digest;
	char text[DIGEST_TEXT_SIZE];

	digest_begin(&digest);
	digest_add(&digest, sum, strlen(sum));
	digest_add(&digest, buffer_text(out) + start, out->length - start);
	digest_text(&digest, text);
	memcpy(sum, text, RECORD_SUM_SIZE - 1);
	buffer_format(out, "%s\n", sum);
}

static bool goes_on(const char *line, size_t length)
{
	const char *tab = memchr(line, '\t', length);

	return tab != NULL && tab + 1 < line + length && tab[1] == '+';
}

static void make_records(struct buffer *out, const struct record_head *head, const char *bytes, size_t length)
{
	char sum[RECORD_SUM_SIZE];
	uint64_t number = head->first, group = head->first;

	record_head_add(out, head, sum);
	for (const char *line = bytes, *end = bytes + length, *next; line < end; line = next, number++) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t start = out->length;
		stop = stop != NULL ? stop : end;
		next = stop < end ? stop + 1 : end;
		size_t taken = (size_t)(stop - line);
		const char *tab = memchr(line, '\t', taken);
		if (taken > 0 && line[0] == '!') {
			buffer_add_bytes(out, line + 1, taken - 1);
		} else {
			size_t verb = tab != NULL ? (size_t)(tab - line) : taken;
			buffer_format(out, "%" PRIu64 "\t2024-05-06T10:21:33+08:00\tu@h\t%.*s\t%" PRIu64, number, (int)verb,
				      line, group);
			buffer_add_bytes(out, line + verb, taken - verb);
		}
		buffer_add_byte(out, '\t');
		close_line(out, start, sum);
		if (!goes_on(line, taken))
			group = number + 1;
	}
}

static struct record_head head_of(int choice)
{
	int which = choice & IS_CARDS;
	struct record_head head = {.history = (choice & IS_HISTORY) != 0, .first = 1};

	memcpy(head.id, ids[which], sizeof(head.id));
	strcpy(head.pack, pack_ids[which]);
	strcpy(head.edition, "-");
	strcpy(head.where, "/fuzz/a.yaml");
	strcpy(head.base, "-");
	if ((choice & IS_UNSAVED) == 0)
		digest_sha256(workbooks[which].data, workbooks[which].length, head.base);
	else
		strcpy(head.where, "-");
	return head;
}

static bool look(void *context, const struct session_change *change)
{
	size_t *seen = context;

	must(strlen(change->time) + strlen(change->user) + strlen(change->label) < 1 << 20);
	must(strlen(change->place) + strlen(change->before) + strlen(change->after) < 1 << 20);
	must(change->verb != NULL && change->word[0] != '\0');
	return ++*seen < 1000;
}

/* A journal of two changes, whose second the history may lack. */
static void add_to_history(const char *file, const struct record_head *head, struct diag_list *diags)
{
	static const char lines[] = "do\t.\ta\tfield\t\t\tname\t\tb\ndo\t.\tc\tfield\t\t\tname\tb\td\n";
	struct record_head own = *head;
	struct buffer journal = {0};
	struct journal_view view;
	char path[192];

	own.history = false;
	make_records(&journal, &own, lines, sizeof(lines) - 1);
	snprintf(path, sizeof(path), "%s/x.journal", beside);
	write_file(path, buffer_text(&journal), journal.length);
	must(journal_look_at(&view, path, own.base, diags) && view.fit == JOURNAL_FITS && view.groups == 2);
	(void)history_add(file, head, &view, 0, view.good.offset, diags);
	journal_view_done(&view);
	buffer_done(&journal);
}

static void try_history(const struct buffer *bytes, const struct record_head *head)
{
	struct diag_list diags = {0};
	struct history_end end;
	char path[192], file[160];
	size_t seen = 0;

	snprintf(path, sizeof(path), "%s/a.yaml.history", beside);
	snprintf(file, sizeof(file), "%s/a.yaml", beside);
	write_file(path, buffer_text(bytes), bytes->length);
	(void)history_find_end(file, head->id, &end, &diags);
	(void)session_visit_lone_history(file, look, &seen, &diags);
	add_to_history(file, head, &diags);
	(void)session_visit_lone_history(file, look, &seen, &diags);
	plain_sentences(&diags);
	diag_list_done(&diags);
	empty(beside);
}

static void undo_all(struct session *session)
{
	struct session_place place;

	for (int i = 0; i < 200 && session_undo(session, NULL, &place) == STATUS_OK; i++)
		;
	for (int i = 0; i < 200 && session_redo(session, NULL, &place) == STATUS_OK; i++)
		;
}

/* What the session holds can be written, and read again as the same. */
static void check_whole(const struct session *session)
{
	struct buffer first = {0}, second = {0};
	struct workbook *workbook;
	struct form_pack *pack;
	struct workbook_stamp stamp;

	must(workbook_file_format(session_workbook(session), 7, &first, NULL) == STATUS_OK);
	files_put("/fuzz/again.yaml", first.data, first.length);
	must(workbook_file_load(&workbook, &pack, "/fuzz/again.yaml", &stamp, NULL) == STATUS_OK);
	must(stamp.history == 7 && workbook_file_format(workbook, stamp.history, &second, NULL) == STATUS_OK);
	must(first.length == second.length && memcmp(first.data, second.data, first.length) == 0);
	workbook_free(workbook);
	form_pack_free(pack);
	buffer_done(&first);
	buffer_done(&second);
}

static void use(struct session *session, int choice)
{
	struct diag_list diags = {0};
	const struct session_pending *pending = session_pending(session);
	size_t seen = 0;

	if (pending != NULL) {
		plain_text(pending->words, strlen(pending->words));
		(void)session_visit_pending(session, look, &seen, &diags);
		if ((choice & IS_SET_ASIDE) != 0 || !pending->fits)
			(void)session_recover_aside(session, &diags);
		else
			(void)session_recover_take(session, &diags);
		if (session_refusal(session) != NULL)
			abort();
	}
	(void)session_visit_history(session, look, &seen, &diags);
	undo_all(session);
	check_whole(session);
	plain_sentences(&diags);
	diag_list_done(&diags);
}

static void try_journal(const struct buffer *bytes, int choice)
{
	struct diag_list diags = {0};
	struct session_unsaved *unsaved;
	struct session *session;
	const struct buffer *workbook = &workbooks[choice & IS_CARDS];
	char path[192];

	snprintf(path, sizeof(path), "%s/%s.journal", journals, ids[choice & IS_CARDS]);
	write_file(path, buffer_text(bytes), bytes->length);
	if ((choice & IS_UNSAVED) != 0) {
		size_t count = session_list_unsaved(&unsaved);
		session_unsaved_free(unsaved, count);
		session = session_open_unsaved(path, &diags);
		must(session != NULL || diags.errors > 0);
	} else {
		files_put("/fuzz/a.yaml", workbook->data, workbook->length);
		session = session_open("/fuzz/a.yaml", &diags);
		must(session != NULL);
	}
	plain_sentences(&diags);
	if (session != NULL)
		use(session, choice);
	session_free(session);
	diag_list_done(&diags);
	empty(journals);
	files_clear();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer bytes = {0};

	if (size < 1)
		return 0;
	struct record_head head = head_of(data[0]);
	if ((data[0] & IS_RAW) != 0)
		buffer_add_bytes(&bytes, (const char *)data + 1, size - 1);
	else
		make_records(&bytes, &head, (const char *)data + 1, size - 1);
	if ((data[0] & IS_HISTORY) != 0)
		try_history(&bytes, &head);
	else
		try_journal(&bytes, data[0]);
	buffer_done(&bytes);
	return 0;
}
