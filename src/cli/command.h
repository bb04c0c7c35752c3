/* What the commands share. A command is one record in one file; internal to the cli directory. */
#ifndef YUBIAO_CLI_COMMAND_H
#define YUBIAO_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "session/session.h"

enum {
	EXIT_DONE = 0,
	EXIT_DATA = 1,
	EXIT_TROUBLE = 2,
	EXIT_LOCKED = 4 /* somebody else is working on the file */
};

#define OPTIONS_MOST 8

struct command_option {    /* the texts are msgids */
	const char *name;  /* code: --code; NULL ends the list */
	const char *value; /* what follows, as help calls it; NULL: nothing */
	const char *help;
	bool required;
};

struct call;

struct command { /* the texts are msgids */
	const char *name;
	const char *arguments; /* as usage shows them */
	const char *summary;   /* one line */
	const char *help;      /* more, "" if the summary says all */
	struct command_option options[OPTIONS_MOST + 1];
	int least, most; /* arguments; most -1: any number */
	int (*handler)(struct call *call);
};

struct cli {
	struct cli_surroundings *surroundings;
	struct arena *arena; /* lives as long as the call */
	struct buffer out;   /* for standard output */
	int output_error;    /* errno of a failed write, 0 */
};

struct call {
	struct cli *cli;
	const struct command *command;
	const char
		*values[OPTIONS_MOST]; /* by option; "" for a flag that is set, NULL: not given. As typed. */
	char **arguments;              /* as typed */
	int count;
};

/* The commands: NULL-ended; the first, without a name, is the screen. */
extern const struct command *const commands[];
extern const struct command command_screen, command_new, command_set, command_check, command_export,
	command_import, command_print, command_history, command_recover, command_forms, command_help;
const struct command *command_find(const char *name);

/* Reads argv[0 .. count - 1] into `call`; false after saying what is wrong. Options may stand anywhere; `--`
 * ends them. */
bool call_read(struct call *call, char **argv, int count);
/* The value of an option of the command, as typed: for file names. NULL: not given. */
const char *call_path(const struct call *call, const char *option);
/* The same in UTF-8, lives as long as the call. */
const char *call_text(const struct call *call, const char *option);
bool call_has(const struct call *call, const char *option);
/* The table of --table, -1 where none was asked for; false after saying that there is none. */
bool call_table(const struct call *call, const struct session *session, int *table);
/* A table of the pack by id or name; false after saying that there is none. */
bool call_find_table(const struct call *call, const struct form_pack *pack, const char *name, int *table);
/* Says what is wrong, and where help is to be had; returns EXIT_TROUBLE. */
int call_misused(const struct call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Text in UTF-8 from the encoding of the terminal (arguments); what cannot be converted is sanitized. */
const char *cli_from_terminal(struct cli *cli, const char *text);
/* A file name to be shown: in UTF-8, sanitized. */
const char *cli_show_path(struct cli *cli, const char *path);

/* Adds to standard output; written by cli_flush(), which is called for as much as a file gives rise to. */
void cli_print(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Writes in the encoding of the terminal, or as it is with `raw`. Afterwards nothing is held back. */
void cli_flush(struct cli *cli, bool raw);
/* The same once there is much of it. */
void cli_flush_some(struct cli *cli, bool raw);
/* A sentence on standard error, after "yubiao: ". */
void cli_say(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* All messages of a list on standard error, then clears it. */
void cli_say_all(struct cli *cli, struct diag_list *diags);
/* Opens a workbook to look at it; says why not, and what is not saved in it. */
struct session *cli_open(struct cli *cli, const char *path);
void cli_say_pending(struct cli *cli, const char *path, const struct session *session);
/* Opens a workbook to change it. NULL after saying why not; *code is then the exit code. */
struct session *cli_open_to_change(struct cli *cli, const char *path, int *code);
/* A change as one line of standard output; false once nobody reads it. */
struct session_change;
bool change_print(struct cli *cli, const struct session_change *change);
/* Shows the screen on `session` until the clerk leaves, then frees it. */
int cli_show(struct cli *cli, struct session *session);
bool cli_has_terminal(void);
/* False after saying why: with rights that are borrowed (setuid, setgid) every path, pack and variable of the user
 * would be followed with them. */
bool cli_may_run(struct cli *cli);

/* Adds "name":"text" with JSON's escapes; always valid UTF-8. */
void json_member(struct buffer *out, const char *name, const char *text, bool first);

/* Help of a command, NULL: of the program. */
void help_print(struct cli *cli, const struct command *command);
void help_version(struct cli *cli);

#endif
