#include <stdarg.h>
#include <string.h>

#include "base/likeness.h"
#include "cli/command.h"

int call_misused(const struct call *call, const char *format, ...)
{
	struct buffer text = {0};
	const char *name = call->command->name;
	va_list list;

	va_start(list, format);
	buffer_format_list(&text, format, list);
	va_end(list);
	buffer_add_byte(&text, '\n');
	buffer_format(&text, _("用法见：yubiao %s%s--help"), name, *name != '\0' ? " " : "");
	cli_say(call->cli, "%s", buffer_text(&text));
	buffer_done(&text);
	return EXIT_TROUBLE;
}

static int option_index(const struct command *command, const char *name, size_t length)
{
	for (int i = 0; command->options[i].name != NULL; i++)
		if (strlen(command->options[i].name) == length &&
		    strncmp(command->options[i].name, name, length) == 0)
			return i;
	return -1;
}

static void refuse_option(const struct call *call, const char *argument)
{
	size_t length = strcspn(argument, "=");
	char *name = memory_copy_bytes(argument, length);
	struct likeness nearest = likeness_to(name + strspn(name, "-"));

	for (int i = 0; call->command->options[i].name != NULL; i++)
		likeness_offer(&nearest, call->command->options[i].name);
	if (nearest.best != NULL)
		(void)call_misused(call, _("没有选项 %s，是不是 --%s？"), cli_show_path(call->cli, name),
				   nearest.best);
	else
		(void)call_misused(call, _("没有选项 %s。"), cli_show_path(call->cli, name));
	memory_free(name);
}

/* Reads the option at argv[*i]; moves on to its value if that is the next argument. */
static bool read_option(struct call *call, char **argv, int count, int *i)
{
	const char *name = argv[*i] + 2;
	size_t length = strcspn(name, "=");
	int index = strncmp(argv[*i], "--", 2) == 0 ? option_index(call->command, name, length) : -1;
	const struct command_option *option;

	if (index < 0) {
		refuse_option(call, argv[*i]);
		return false;
	}
	option = &call->command->options[index];
	if (call->values[index] != NULL) {
		(void)call_misused(call, _("选项 --%s 给了两次。"), option->name);
		return false;
	}
	if (option->value == NULL && name[length] == '=') {
		(void)call_misused(call, _("选项 --%s 后面不带值。"), option->name);
		return false;
	}
	if (option->value == NULL)
		call->values[index] = "";
	else if (name[length] == '=')
		call->values[index] = name + length + 1;
	else if (*i + 1 < count)
		call->values[index] = argv[++*i];
	else {
		(void)call_misused(call, _("选项 --%s 后面要给出%s。"), option->name, _(option->value));
		return false;
	}
	return true;
}

static bool right_count(const struct call *call)
{
	const struct command *command = call->command;

	if (call->count < command->least) {
		(void)call_misused(call, _("缺少参数：yubiao %s %s"), command->name, _(command->arguments));
		return false;
	}
	if (command->most >= 0 && call->count > command->most) {
		(void)call_misused(call, _("多出参数 %s。"),
				   cli_show_path(call->cli, call->arguments[command->most]));
		return false;
	}
	return true;
}

bool call_read(struct call *call, char **argv, int count)
{
	bool options = true;

	call->arguments = arena_take(call->cli->arena, sizeof(char *) * ((size_t)count + 1));
	for (int i = 0; i < count; i++) {
		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && argv[i][0] == '-' && argv[i][1] != '\0') {
			if (!read_option(call, argv, count, &i))
				return false;
		} else {
			call->arguments[call->count++] = argv[i];
		}
	}
	return right_count(call);
}

const char *call_path(const struct call *call, const char *option)
{
	int index = option_index(call->command, option, strlen(option));

	return index >= 0 ? call->values[index] : NULL;
}

const char *call_text(const struct call *call, const char *option)
{
	const char *value = call_path(call, option);

	return value != NULL ? cli_from_terminal(call->cli, value) : NULL;
}

bool call_has(const struct call *call, const char *option)
{
	return call_path(call, option) != NULL;
}

bool call_find_table(const struct call *call, const struct form_pack *pack, const char *name, int *table)
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
		cli_say(call->cli, _("套表里没有表“%s”，是不是“%s”？"), name, nearest.best);
	else
		cli_say(call->cli, _("套表里没有表“%s”。"), name);
	return false;
}

bool call_table(const struct call *call, const struct session *session, int *table)
{
	const char *name = call_text(call, "table");

	*table = -1;
	return name == NULL ||
	       call_find_table(call, workbook_pack(session_workbook(session)), name, table);
}
