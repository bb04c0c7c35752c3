#include "cli/strip.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/confine.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define VALUE_SIZE 65
#define DESCRIPTORS_MOST 65536

static const struct {
	const char *name, *allowed, *otherwise; /* NULL: it goes */
} variables[] = {
	{"TERM", LETTERS "-+._", "vt220"},     {"LANG", LETTERS "_.@-", NULL},
	{"LC_ALL", LETTERS "_.@-", NULL},      {"LC_CTYPE", LETTERS "_.@-", NULL},
	{"LC_MESSAGES", LETTERS "_.@-", NULL}, {"NO_COLOR", LETTERS, NULL},
};
#define VARIABLES (sizeof(variables) / sizeof(*variables))

/* It begins with a letter or digit, so that it is never a path. */
static bool is_plain(const char *value, const char *allowed)
{
	size_t length = strlen(value);

	return length > 0 && length < VALUE_SIZE && strchr(LETTERS, value[0]) != NULL &&
	       strspn(value, allowed) == length;
}

static void strip_environment(void)
{
	char kept[VARIABLES][VALUE_SIZE] = {{0}};

	for (size_t i = 0; i < VARIABLES; i++) {
		const char *value = getenv(variables[i].name);
		if (value == NULL || !is_plain(value, variables[i].allowed))
			value = variables[i].otherwise;
		if (value != NULL)
			(void)snprintf(kept[i], VALUE_SIZE, "%s", value);
	}
	if (clearenv() != 0)
		abort();
	for (size_t i = 0; i < VARIABLES; i++)
		if (kept[i][0] != '\0' && setenv(variables[i].name, kept[i], 1) != 0)
			abort();
}

static void strip_descriptors(void)
{
	long most = sysconf(_SC_OPEN_MAX);

	/* What is opened takes the least number that is free. */
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && confine_open("/dev/null", O_RDWR, 0) != fd)
			abort();
#ifdef SYS_close_range
	if (syscall(SYS_close_range, 3u, ~0u, 0u) == 0)
		return;
#endif
	for (int fd = 3; fd < (most > 0 && most < DESCRIPTORS_MOST ? most : DESCRIPTORS_MOST); fd++)
		(void)close(fd);
}

static void strip_signals(void)
{
	static const int usual[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGCHLD, SIGWINCH, SIGCONT};
	sigset_t none;

	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		(void)signal(usual[i], SIG_DFL);
	(void)signal(SIGTSTP, SIG_IGN);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

void strip_process(void)
{
	const struct rlimit nothing = {0, 0};

	strip_environment();
	strip_descriptors();
	strip_signals();
	(void)setrlimit(RLIMIT_CORE, &nothing);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)umask(077);
}
