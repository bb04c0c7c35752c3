/* What a terminal sends, through the decoding of keys and all screens, on a workbook of a small pack. There is no
 * terminal: standard input is a file in memory, at whose end the line is cut, standard output another,
 * in which nothing may stand but text and what drawing needs. What the clerk saves, exports and prints goes to files
 * in memory. */
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/diag.h"
#include "harness/files.h"
#include "harness/packs.h"
#include "harness/plain.h"
#include "session/session.h"
#include "tui/tui.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static int keys = -1, screen = -1;
static struct buffer small, cards;

int isatty(int fd)
{
	return fd <= STDOUT_FILENO;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	setlocale(LC_ALL, "C.UTF-8");
	unsetenv("HOME");
	unsetenv("XDG_STATE_HOME");
	session_paths_in("");
	packs_lend("tests/fuzz/packs/small");
	packs_lend("tests/unit/packs/cards");
	files_load("tests/fuzz/packs/small.yaml", &small);
	files_load("tests/unit/cards.yaml", &cards);
	files_seal();
	keys = memfd_create("keys", MFD_CLOEXEC);
	screen = memfd_create("screen", MFD_CLOEXEC);
	if (screen < 0 || keys < 0 || dup2(keys, STDIN_FILENO) < 0 || dup2(screen, STDOUT_FILENO) < 0)
		abort();
	atexit(packs_return);
	return 0;
}

static void press(const uint8_t *data, size_t size)
{
	if (ftruncate(keys, 0) != 0 || pwrite(keys, data, size, 0) != (ssize_t)size || lseek(STDIN_FILENO, 0, SEEK_SET) != 0)
		abort();
}

static void check_screen(void)
{
	off_t length = lseek(screen, 0, SEEK_END);

	if (length <= 0)
		return;
	const char *bytes = mmap(NULL, (size_t)length, PROT_READ, MAP_PRIVATE, screen, 0);
	if (bytes == MAP_FAILED)
		abort();
	plain_screen(bytes, (size_t)length);
	munmap((void *)(uintptr_t)bytes, (size_t)length);
	if (ftruncate(screen, 0) != 0 || lseek(screen, 0, SEEK_SET) != 0)
		abort();
}

/* The first byte: which workbook, how large a window, which terminal. The rest: what the terminal sends. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const terminals[] = {"xterm", "linux", "vt100", "xterm"};
	static const char *const sizes[][2] = {{"24", "80"}, {"43", "132"}, {"16", "60"}, {"1", "1"}};
	struct diag_list diags = {0};
	struct session *session = NULL;

	if (size < 1)
		return 0;
	int choice = data[0];
	setenv("TERM", terminals[choice / 4 % 4], 1);
	setenv("LINES", sizes[choice / 16 % 4][0], 1);
	setenv("COLUMNS", sizes[choice / 16 % 4][1], 1);
	files_put("/fuzz/small.yaml", small.data, small.length);
	files_put("/fuzz/cards.yaml", cards.data, cards.length);
	press(data + 1, size - 1);
	switch (choice % 4) {
	case 0: session = session_open("/fuzz/small.yaml", &diags); break;
	case 1: session = session_open("/fuzz/cards.yaml", &diags); break;
	case 2: session = session_new("small", "/fuzz/new.yaml", "711", "总工会", 2024, &diags); break;
	default: break;
	}
	if (session == NULL && choice % 4 != 3)
		abort();
	tui_run(session, NULL);
	check_screen();
	session_free(session);
	diag_list_done(&diags);
	files_clear();
	return 0;
}
