#include "cli/settings.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/fixed.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/trusted.h"
#include "output/sheet.h"

#define FILE_MOST ((size_t)64 << 10)
#define PRINTERS_MOST 200

/* One line of a file of settings, at its place. */
struct settings_line {
	struct settings *settings;
	const char *file;
	unsigned line;
	struct diag_list *diags;
};

typedef enum status (*line_reader)(const struct settings_line *place, char *text);

static enum status refuse(const struct settings_line *place, const char *sentence)
{
	diag_add(place->diags, DIAG_ERROR, place->file, place->line, 0, "%s", sentence);
	return STATUS_INVALID;
}

static char *trim(char *text)
{
	size_t length = strlen(text);

	while (length > 0 && strchr(" \t\r", text[length - 1]) != NULL)
		text[--length] = '\0';
	return text + strspn(text, " \t");
}

/* Gives every line that says something to `reader`. */
static enum status read_lines(struct settings *settings, const char *file, line_reader reader,
			      struct diag_list *diags)
{
	struct settings_line place = {settings, file, 0, diags};
	struct buffer bytes = {0};
	enum status status = trusted_read(&bytes, file, FILE_MOST, diags);
	char *rest = status == STATUS_OK ? buffer_take(&bytes) : NULL, *text = rest;

	for (char *line; status == STATUS_OK && (line = strsep(&rest, "\n")) != NULL;) {
		place.line++;
		line = trim(line);
		if (text_is_dirty(line, strlen(line), false))
			status = refuse(&place, _("这一行有控制符，或者不是 UTF-8。"));
		else if (*line != '\0' && *line != '#')
			status = reader(&place, line);
	}
	memory_free(text);
	buffer_done(&bytes);
	return status;
}

/* ---- restricted.conf ---- */

/* A name that can stand in a path as one part of it. */
static bool is_part(const char *name)
{
	return *name != '\0' && *name != '.' && strchr(name, '/') == NULL;
}

/* `value` with ~ at its beginning and every %u filled in; NULL after saying what is wrong. */
static char *fill_in(const struct settings_line *place, const char *value)
{
	const struct passwd *login = getpwuid(getuid());
	struct buffer path = {0};

	if (login == NULL || !is_part(login->pw_name) || login->pw_dir[0] != '/') {
		refuse(place, _("查不到是谁登录的，或者它没有自己的文件夹：请检查 /etc/passwd。"));
		return NULL;
	}
	if (*value == '~' && (value[1] == '/' || value[1] == '\0')) {
		buffer_add(&path, login->pw_dir);
		value++;
	}
	for (const char *next; (next = strstr(value, "%u")) != NULL; value = next + 2) {
		buffer_add_bytes(&path, value, (size_t)(next - value));
		buffer_add(&path, login->pw_name);
	}
	buffer_add(&path, value);
	if (*buffer_text(&path) == '/')
		return buffer_take(&path);
	refuse(place, _("这里要写从“/”开始的路径，或者 ~。"));
	buffer_done(&path);
	return NULL;
}

static char **member_of(struct settings *settings, const char *key)
{
	if (strcmp(key, "directory") == 0)
		return &settings->directory;
	if (strcmp(key, "printers") == 0)
		return &settings->printers_file;
	return strcmp(key, "forms") == 0 ? &settings->forms : NULL;
}

static enum status read_setting(const struct settings_line *place, char *text)
{
	char *value = strchr(text, ':'), **member;

	if (value == NULL)
		return refuse(place, _("这一行要写成“名称: 值”。"));
	*value++ = '\0';
	value = trim(value);
	member = member_of(place->settings, trim(text));
	if (member == NULL)
		return refuse(place, _("这里能写的是 directory、printers 和 forms。"));
	if (*member != NULL)
		return refuse(place, _("这一项写了两次。"));
	if (member == &place->settings->directory)
		*member = fill_in(place, value);
	else if (*value == '/')
		*member = memory_copy_string(value);
	else
		return refuse(place, _("这里要写从“/”开始的路径，或者 ~。"));
	return *member != NULL ? STATUS_OK : STATUS_INVALID;
}

/* ---- printers ---- */

static enum status read_printer(const struct settings_line *place, char *text)
{
	struct settings *settings = place->settings;

	if (!printer_is_name(text))
		return refuse(place, _("打印机的名字只能用字母、数字和 - _ .，一行一个。"));
	if (settings->printer_count == PRINTERS_MOST)
		return refuse(place, _("打印机太多了。"));
	settings->printers[settings->printer_count++] = memory_copy_string(text);
	return STATUS_OK;
}

static enum status read_printers(struct settings *settings, struct diag_list *diags)
{
	bool is_named = settings->printers_file != NULL;
	enum status status;

	if (!is_named)
		settings->printers_file = file_join(fixed_configuration, "printers");
	settings->printers = memory_new_array(PRINTERS_MOST, sizeof(*settings->printers));
	status = read_lines(settings, settings->printers_file, read_printer, diags);
	if (status == STATUS_NOT_FOUND && is_named)
		diag_error(diags, _("restricted.conf 里写的打印机名单 %s 不存在。"), settings->printers_file);
	return status == STATUS_NOT_FOUND && !is_named ? STATUS_OK : status;
}

enum status settings_read(struct settings *settings, struct diag_list *diags)
{
	char *file = file_join(fixed_configuration, "restricted.conf");
	enum status status = read_lines(settings, file, read_setting, diags);

	settings->exist = status == STATUS_OK;
	if (status == STATUS_OK || status == STATUS_NOT_FOUND)
		status = read_printers(settings, diags);
	memory_free(file);
	return status;
}

void settings_done(struct settings *settings)
{
	for (size_t i = 0; i < settings->printer_count; i++)
		memory_free(settings->printers[i]);
	memory_free(settings->printers);
	memory_free(settings->printers_file);
	memory_free(settings->directory);
	memory_free(settings->forms);
}
