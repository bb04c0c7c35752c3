#include "cli/restricted.h"

#include <libintl.h>
#include <stdlib.h>
#include <string.h>

#include "base/confine.h"
#include "base/fixed.h"
#include "base/landlock.h"
#include "cli/command.h"
#include "cli/settings.h"
#include "cli/strip.h"
#include "form/pack.h"
#include "session/restrict.h"

#define LOGIN_NAME "ryubiao"
#define OPTION "--restricted"
#define PATHS_MOST 64

/* ---- whether ---- */

/* The program's name as the system was given it, without what marks a login shell. */
static const char *own_name(char **argv)
{
	const char *name = argv[0] != NULL ? argv[0] : "", *slash = strrchr(name, '/');

	name = slash != NULL ? slash + 1 : name;
	return name + (*name == '-');
}

static bool is_login_shell(int argc, char **argv)
{
	return (argc > 0 && argv[0][0] == '-') || strcmp(own_name(argv), LOGIN_NAME) == 0 ||
	       (argc > 1 && strcmp(argv[1], "-c") == 0);
}

static bool is_option(const char *argument)
{
	return strncmp(argument, OPTION, strlen(OPTION)) == 0;
}

struct restricted restricted_begin(int argc, char **argv)
{
	struct restricted restricted = {.is_login = is_login_shell(argc, argv)};

	/* Wherever the option stands it is meant, though it is understood in one place only. */
	restricted.is_on = restricted.is_login;
	for (int i = 1; i < argc; i++)
		restricted.is_on = restricted.is_on || is_option(argv[i]);
	if (restricted.is_on) {
		restricted.has_command = getenv("SSH_ORIGINAL_COMMAND") != NULL;
		strip_process();
	}
	return restricted;
}

/* ---- what for ---- */

/* sshd hands a forced command to the login shell; `ForceCommand /usr/local/bin/ryubiao` asks for nothing but
 * this. The path is not looked at, since nothing is run by it. */
static bool is_forced_command(int argc, char **argv)
{
	const char *slash = argc == 3 ? strrchr(argv[2], '/') : NULL;

	return argc == 3 && strcmp(argv[1], "-c") == 0 &&
	       strcmp(slash != NULL ? slash + 1 : argv[2], own_name(argv)) == 0;
}

/* The directory of the option, NULL after saying what is wrong; "" for a login shell. */
static const char *read_arguments(struct cli *cli, const struct restricted *restricted, int argc, char **argv)
{
	if (restricted->has_command || (restricted->is_login && argc > 1 && !is_forced_command(argc, argv))) {
		cli_say(cli, _("这个登录只能在屏幕上填预算：不能运行命令，不能传文件（scp、sftp）。"));
		return NULL;
	}
	if (restricted->is_login)
		return "";
	if (argc == 3 && strcmp(argv[1], OPTION) == 0 && argv[2][0] != '\0')
		return argv[2];
	if (argc == 2 && argv[1][strlen(OPTION)] == '=' && argv[1][strlen(OPTION) + 1] != '\0')
		return argv[1] + strlen(OPTION) + 1;
	cli_say(cli, _("限制模式只有一种用法：yubiao --restricted 文件夹"));
	return NULL;
}

static bool read_settings(struct cli *cli, struct settings *settings, bool is_login)
{
	struct diag_list diags = {0};
	bool fine = settings_read(settings, &diags) == STATUS_OK;

	if (fine && is_login && !settings->exist) {
		diag_error(&diags, _("管理员还没有写 %s/restricted.conf，所以不知道预算文件放在哪里。"),
			   fixed_configuration);
		fine = false;
	} else if (fine && is_login && settings->directory == NULL) {
		diag_error(&diags, _("%s/restricted.conf 里没有 directory，所以不知道预算文件放在哪里。"),
			   fixed_configuration);
		fine = false;
	}
	cli_say_all(cli, &diags);
	diag_list_done(&diags);
	return fine;
}

/* ---- how ---- */

static void copy_paths(const char *const *from, const char **to, size_t *count)
{
	for (size_t i = 0; from[i] != NULL && *count < PATHS_MOST; i++)
		to[(*count)++] = from[i];
}

/* What libc reads by itself: locales, conversions, names of users, time zones, messages; and terminfo. */
static void lock_kernel(bool prints)
{
	static const char *const always[] = {"/usr/lib", "/usr/lib32", "/usr/lib64", "/lib",      "/lib32",
					     "/lib64",   "/usr/share", "/etc",       "/dev/null", NULL};
	/* The loader of programs lies among the libraries. */
	static const char *const printing[] = {fixed_printer, "/usr/lib", "/usr/lib32", "/usr/lib64",
					       "/lib",        "/lib32",   "/lib64",     NULL};
	static const char *const nothing[] = {NULL};
	const char *readable[2 * PATHS_MOST + 2] = {bindtextdomain("yubiao", NULL)};
	size_t count = readable[0] != NULL;

	copy_paths(always, readable, &count);
	copy_paths(form_directories(), readable, &count);
	const struct landlock_paths paths = {".", readable, prints ? printing : nothing};
	(void)landlock_begin(&paths);
}

/* From here on there is no way back. */
static bool lock(struct cli *cli, const char *directory, const struct settings *settings)
{
	struct diag_list diags = {0};
	bool is_locked;

	if (settings->forms != NULL)
		(void)setenv("YUBIAO_FORMS", settings->forms, 1);
	is_locked = confine_to(directory, form_directories(), &diags) == STATUS_OK;
	if (is_locked) {
		session_restrict((const char *const *)settings->printers, settings->printer_count);
		lock_kernel(settings->printer_count > 0);
	}
	cli_say_all(cli, &diags);
	diag_list_done(&diags);
	return is_locked;
}

static int run(struct cli *cli, const struct restricted *restricted, int argc, char **argv)
{
	const char *directory = read_arguments(cli, restricted, argc, argv);
	struct settings settings = {0};
	int code = EXIT_TROUBLE;

	if (directory == NULL || !cli_may_run(cli))
		return EXIT_TROUBLE;
	if (!cli_has_terminal()) {
		cli_say(cli, _("填预算要在终端里进行：请用带终端的登录（ssh -t，或 PuTTY）。"));
		return EXIT_TROUBLE;
	}
	if (read_settings(cli, &settings, restricted->is_login) &&
	    lock(cli, restricted->is_login ? settings.directory : directory, &settings))
		code = cli_show(cli, NULL);
	settings_done(&settings);
	return code;
}

int restricted_run(const struct restricted *restricted, int argc, char **argv,
		   struct cli_surroundings *surroundings)
{
	struct cli cli = {.surroundings = surroundings, .arena = arena_new()};
	int code = run(&cli, restricted, argc, argv);

	cli_flush(&cli, false);
	buffer_done(&cli.out);
	arena_free(cli.arena);
	return code;
}
