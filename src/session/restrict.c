#include "session/restrict.h"

#include <stdlib.h>
#include <string.h>

#include "base/confine.h"
#include "base/memory.h"
#include "base/text.h"
#include "session/path.h"

/* Room for what is put around it: a dot, .journal, a date, a number. */
#define NAME_MOST 180

static bool is_on;
static const char **allowed;
static size_t allowed_count;

static const char *const endings[] = {
	[SESSION_WORKBOOK] = ".yaml",
	[SESSION_SHEET] = ".txt",
	[SESSION_FOLDER] = "-csv",
	[SESSION_IMPORT] = "",
};

void session_restrict(const char *const *printers, size_t count)
{
	if (is_on)
		return;
	is_on = true;
	allowed = memory_new_array(count > 0 ? count : 1, sizeof(*allowed));
	for (size_t i = 0; i < count; i++)
		allowed[i] = memory_copy_string(printers[i]);
	allowed_count = count;
}

bool session_is_restricted(void)
{
	return is_on;
}

size_t session_printers(const char *const **out)
{
	*out = allowed;
	return allowed_count;
}

static bool ends_with(const char *text, const char *ending)
{
	size_t length = strlen(text), tail = strlen(ending);

	return length >= tail && strcmp(text + length - tail, ending) == 0;
}

/* What every program that lists files can show, and no shell or program takes for something else. */
static bool is_plain(const char *name)
{
	return *name != '\0' && strchr("-.~ ", *name) == NULL && strlen(name) <= NAME_MOST &&
	       strchr(name, '/') == NULL && !text_is_dirty(name, strlen(name), false);
}

enum status session_file_allowed(const char *path, enum session_file wanted, struct diag_list *diags)
{
	const char *ending = endings[wanted];

	if (!is_on || (is_plain(path) && ends_with(path, ending) && strlen(path) > strlen(ending)))
		return STATUS_OK;
	if (strchr(path, '/') != NULL)
		diag_error(diags, _("限制模式下文件只放在本文件夹里，名字里不能有“/”：请只写文件名。"));
	else if (*ending != '\0' && is_plain(path))
		diag_error(diags, _("限制模式下这里的名字要以“%s”结尾。"), ending);
	else
		diag_error(diags, _("这个名字不能用：不能以“-”“.”“~”或空格开头，不能有控制符，也不能太长。"));
	return STATUS_INVALID;
}

enum status session_file_name(const char *typed, enum session_file wanted, struct buffer *out,
			      struct diag_list *diags)
{
	buffer_clear(out);
	buffer_add(out, typed);
	if (is_on && !ends_with(typed, endings[wanted]))
		buffer_add(out, endings[wanted]);
	if (*typed != '\0')
		return session_file_allowed(buffer_text(out), wanted, diags);
	diag_error(diags, _("请输入文件名。"));
	return STATUS_INVALID;
}

enum status session_printer_allowed(const char *printer, struct diag_list *diags)
{
	if (!is_on)
		return STATUS_OK;
	for (size_t i = 0; printer != NULL && i < allowed_count; i++)
		if (strcmp(allowed[i], printer) == 0)
			return STATUS_OK;
	if (allowed_count == 0)
		diag_error(diags, _("限制模式下没有开放打印机：请存成文本文件，或请管理员开放。"));
	else
		diag_error(diags, _("限制模式下只能用管理员开放的打印机。"));
	return STATUS_INVALID;
}

/* ---- the workbooks ---- */

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_file(const char *name)
{
	struct stat about;

	return confine_stat(name, &about) == 0 && S_ISREG(about.st_mode);
}

size_t session_list_workbooks(char ***out)
{
	DIR *directory = is_on ? confine_open_directory(".") : NULL;
	size_t count = 0, capacity = 0;
	char **names = NULL;
	struct dirent *entry;

	while (directory != NULL && count < SESSION_WORKBOOKS_MOST && (entry = readdir(directory)) != NULL) {
		char *shown = path_shown(entry->d_name);
		if (session_file_allowed(shown, SESSION_WORKBOOK, NULL) != STATUS_OK ||
		    !is_file(entry->d_name)) {
			memory_free(shown);
			continue;
		}
		array_reserve(&names, &capacity, count, sizeof(*names));
		names[count++] = shown;
	}
	if (directory != NULL)
		closedir(directory);
	if (count > 0)
		qsort(names, count, sizeof(*names), compare_names);
	*out = names;
	return count;
}
