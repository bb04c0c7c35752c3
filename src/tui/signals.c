#include "tui/signals.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "session/restrict.h"

#define RESTORE_MOST 256
#define STACK_SIZE 32768

static const int crashes[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
#define CRASHES (sizeof(crashes) / sizeof(crashes[0]))
static struct sigaction earlier[CRASHES];
static bool has_earlier;

static volatile sig_atomic_t wants_end, wants_stop, was_continued;
static int ended_input = -1; /* a descriptor at whose end one is */
static struct termios modes;
static volatile sig_atomic_t has_modes;
static char restore_bytes[RESTORE_MOST];
static volatile size_t restore_length;

static void on_end(int number)
{
	(void)number;
	wants_end = 1;
	if (ended_input >= 0)
		(void)dup2(ended_input, STDIN_FILENO);
}

static void on_stop(int number)
{
	(void)number;
	wants_stop = 1;
}

static void on_continue(int number)
{
	(void)number;
	was_continued = 1;
}

static void give_back_crashes(void)
{
	for (size_t i = 0; i < CRASHES && has_earlier; i++)
		(void)sigaction(crashes[i], &earlier[i], NULL);
}

/* The second time the signal does what it would have done. A fault comes again when its instruction does. */
static void on_crash(int number, siginfo_t *info, void *context)
{
	(void)context;
	if (restore_length > 0)
		(void)!write(STDOUT_FILENO, restore_bytes, restore_length);
	if (has_modes)
		(void)tcsetattr(STDOUT_FILENO, TCSANOW, &modes);
	give_back_crashes();
	if (info->si_code <= 0)
		(void)raise(number);
}

static void catch(int number, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};

	sigemptyset(&action.sa_mask);
	(void)sigaction(number, &action, NULL);
}

void signals_remember_terminal(void)
{
	has_modes = tcgetattr(STDOUT_FILENO, &modes) == 0;
}

static void open_ended_input(void)
{
	int ends[2];

	if (ended_input >= 0 || pipe2(ends, O_CLOEXEC) != 0)
		return;
	(void)close(ends[1]);
	ended_input = ends[0];
}

/* A crash by a stack that is used up needs another one. */
static void catch_crashes(void)
{
	static char room[STACK_SIZE];
	stack_t stack = {.ss_sp = room, .ss_size = sizeof(room)};
	struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_NODEFER};

	if (sigaltstack(&stack, NULL) == 0)
		action.sa_flags |= SA_ONSTACK;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < CRASHES; i++)
		(void)sigaction(crashes[i], &action, has_earlier ? NULL : &earlier[i]);
	has_earlier = true;
}

void signals_catch(const char *restore)
{
	restore_length = (size_t)snprintf(restore_bytes, sizeof(restore_bytes), "%s", restore);
	if (restore_length >= sizeof(restore_bytes))
		restore_length = 0;
	wants_end = wants_stop = was_continued = 0;
	open_ended_input();
	catch(SIGHUP, on_end);
	catch(SIGTERM, on_end);
	catch(SIGPIPE, SIG_IGN);
	/* There is no shell to go back to in the restricted mode. */
	catch(SIGTSTP, session_is_restricted() ? SIG_IGN : on_stop);
	catch(SIGCONT, on_continue);
	catch_crashes();
}

void signals_forget(void)
{
	restore_length = 0;
	has_modes = 0;
	give_back_crashes();
	catch(SIGTSTP, session_is_restricted() ? SIG_IGN : SIG_DFL);
	catch(SIGCONT, SIG_DFL);
}

bool signals_want_end(void)
{
	return wants_end != 0;
}

void signals_hang_up(void)
{
	wants_end = 1;
}

static bool told(volatile sig_atomic_t *flag)
{
	bool was = *flag != 0;

	*flag = 0;
	return was;
}

bool signals_want_stop(void)
{
	return told(&wants_stop);
}

bool signals_were_continued(void)
{
	return told(&was_continued);
}

/* Where nobody could let it go on (the leader of a session), the system does not stop it. */
void signals_stop(void)
{
	catch(SIGTSTP, SIG_DFL);
	(void)raise(SIGTSTP);
	catch(SIGTSTP, on_stop);
}
