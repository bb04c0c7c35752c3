/* A pack to start from. What it says stands in files, forms/starter/pack and forms/starter/extends, which are packs
 * themselves; they are copied, and in pack.yaml the values of four keys are replaced where they stand, so that the
 * comments stay. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/file.h"
#include "form/build.h"

#define FILES_MAX 40
#define OWN "starter/pack"
#define NEXT "starter/extends"

struct starter {
	const char *directory; /* of the new pack */
	const char *id;
	const struct form_pack *base; /* NULL: a pack of its own */
	char *title, *years;          /* NULL: as they are */
	struct diag_list *diags;
};

static const char *folder_name(const char *directory)
{
	const char *slash = strrchr(directory, '/');
	return slash != NULL ? slash + 1 : directory;
}

/* ---- what the new pack is called */

/* 2027 of hebei-2027; 0: the id does not end in a year. */
static int year_of_id(const char *id)
{
	const char *dash = strrchr(id, '-');
	return dash != NULL && is_digits(dash + 1) && strlen(dash + 1) == 4 ? atoi(dash + 1) : 0;
}

static int last_year(const struct form_pack *pack)
{
	int last = 0;
	for (int i = 0; i < pack->year_count; i++)
		last = pack->years[i] > last ? pack->years[i] : last;
	return last;
}

/* The title with every year of the base replaced by `year`. */
static char *title_of_year(const struct form_pack *base, int year)
{
	struct buffer title = {0};
	for (const char *p = base->title; *p != '\0';) {
		bool own = false;
		for (int i = 0; i < base->year_count && !own; i++) {
			char text[16];
			snprintf(text, sizeof(text), "%d", base->years[i]);
			own = strncmp(p, text, strlen(text)) == 0;
		}
		if (own)
			buffer_format(&title, "%d", year);
		else
			buffer_add_byte(&title, *p);
		p += own ? 4 : 1;
	}
	return buffer_take(&title);
}

static void set_year(struct starter *starter)
{
	int year = year_of_id(starter->id);
	struct buffer years = {0};
	if (year == 0 && starter->base != NULL)
		year = last_year(starter->base) + 1;
	if (year == 0)
		return;
	buffer_format(&years, "[%d]", year);
	starter->years = buffer_take(&years);
	if (starter->base != NULL)
		starter->title = title_of_year(starter->base, year);
}

/* ---- copying */

static const char *value_of(const struct starter *starter, const char *line)
{
	const struct {
		const char *key, *value;
	} values[] = {
		{"pack: ", starter->id},
		{"extends: ", starter->base != NULL ? starter->base->id : NULL},
		{"title: ", starter->title},
		{"years: ", starter->years},
	};
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (strncmp(line, values[i].key, strlen(values[i].key)) == 0)
			return values[i].value;
	return NULL;
}

/* A title may hold what YAML takes for its own. */
static void add_value(struct buffer *out, const char *value)
{
	bool plain = *value == '[' || (strpbrk(value, ":#'\"{}[],&*!|>%@`\\") == NULL && *value != '-' && *value != '?');
	buffer_add(out, plain ? "" : "\"");
	for (const char *p = value; *p != '\0'; p++) {
		if (!plain && (*p == '"' || *p == '\\'))
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, *p);
	}
	buffer_add(out, plain ? "" : "\"");
}

/* pack.yaml with the values of the new pack; they stand on lines of their own. */
static void add_pack_file(const struct starter *starter, const char *text, struct buffer *out)
{
	while (*text != '\0') {
		const char *value = value_of(starter, text);
		size_t length = strcspn(text, "\n");
		if (value != NULL) {
			buffer_add_bytes(out, text, strcspn(text, " ") + 1);
			add_value(out, value);
		} else {
			buffer_add_bytes(out, text, length);
		}
		buffer_add_byte(out, '\n');
		text += length + (text[length] != '\0');
	}
}

static bool copy_file(const struct starter *starter, const char *from, const char *name)
{
	char *source = file_join(from, name), *target = file_join(starter->directory, name);
	struct buffer bytes = {0}, changed = {0};
	bool fine = file_read(&bytes, source, LAYOUT_FILE_MAX, starter->diags) == STATUS_OK;
	if (fine && strcmp(name, "pack.yaml") == 0)
		add_pack_file(starter, buffer_text(&bytes), &changed);
	else
		buffer_add_bytes(&changed, buffer_text(&bytes), bytes.length);
	if (fine) {
		enum status status = file_replace(target, buffer_text(&changed), changed.length, FILE_SHARED,
						  starter->diags);
		fine = status == STATUS_OK || status == STATUS_UNSURE;
	}
	buffer_done(&bytes);
	buffer_done(&changed);
	memory_free(source);
	memory_free(target);
	return fine;
}

static bool copy_files(const struct starter *starter, const char *from)
{
	DIR *folder = confine_open_directory(from);
	struct dirent *entry;
	bool fine = folder != NULL;
	for (int i = 0; fine && i < FILES_MAX && (entry = readdir(folder)) != NULL;) {
		size_t length = strlen(entry->d_name);
		if (length <= 5 || strcmp(entry->d_name + length - 5, ".yaml") != 0)
			continue;
		fine = copy_file(starter, from, entry->d_name);
		i++;
	}
	if (folder != NULL)
		closedir(folder);
	return fine;
}

/* The files to be copied; NULL and an error. The caller frees. */
static char *find_files(const char *name, struct diag_list *diags)
{
	const char *const *list = form_directories();
	for (size_t i = 0; list[i] != NULL; i++) {
		char *directory = file_join(list[i], name);
		if (holds_pack(directory))
			return directory;
		memory_free(directory);
	}
	diag_error(diags, _("找不到可以照抄的样本 %s：它应当与程序一起装好，请检查安装，或者用 --forms 指出 forms 文件夹。"),
		   name);
	return NULL;
}

/* ---- what must hold before anything is written */

static bool is_free(const char *directory, struct diag_list *diags)
{
	DIR *folder = confine_open_directory(directory);
	struct dirent *entry;
	bool free = true;
	while (folder != NULL && (entry = readdir(folder)) != NULL)
		free = free && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
	if (folder != NULL)
		closedir(folder);
	else
		free = confine_access(directory, F_OK) != 0;
	if (!free)
		diag_error(diags, _("“%s”已经有了，没有动它。请换一个文件夹名。"), directory);
	return free;
}

/* The new pack finds its base by name: beside itself, or where packs lie. */
static bool finds_base(const struct starter *starter)
{
	const char *slash = strrchr(starter->directory, '/');
	char *beside = slash != NULL
			       ? memory_copy_bytes(starter->directory, (size_t)(slash - starter->directory) + 1)
			       : memory_copy_string(".");
	char *near = file_join(beside, starter->base->id);
	char *far = holds_pack(near) ? NULL : form_pack_locate(starter->base->id, NULL, NULL);
	char *found = confine_real_path(far != NULL ? far : near);
	char *wanted = confine_real_path(starter->base->directory);
	bool fine = found != NULL && wanted != NULL && strcmp(found, wanted) == 0;
	if (!fine)
		diag_error(starter->diags,
			   _("新套表要按名称找到底本“%s”：请把新套表建在底本（%s）旁边，或者先把底本放进放套表的文件夹。"),
			   starter->base->id, starter->base->directory);
	free(found);
	free(wanted);
	memory_free(far);
	memory_free(near);
	memory_free(beside);
	return fine;
}

static bool is_good_id(const char *id, struct diag_list *diags)
{
	if (is_file_word(id))
		return true;
	diag_error(diags,
		   _("文件夹的名称就是套表的名称，请只用小写字母、数字和“-”，例如 huiyi-2027；“%s”不行。"), id);
	return false;
}

static enum status write_pack(struct starter *starter)
{
	char *from = find_files(starter->base != NULL ? NEXT : OWN, starter->diags);
	enum status status = from != NULL ? file_make_directory(starter->directory, starter->diags) : STATUS_NOT_FOUND;
	set_year(starter);
	if (status == STATUS_OK && !copy_files(starter, from))
		status = STATUS_IO;
	memory_free(starter->title);
	memory_free(starter->years);
	memory_free(from);
	return status;
}

enum status form_starter_write(const char *directory, const char *base, struct diag_list *diags)
{
	char *own = memory_copy_string(directory);
	for (size_t length = strlen(own); length > 1 && own[length - 1] == '/'; length--)
		own[length - 1] = '\0';
	struct starter starter = {.directory = own, .id = folder_name(own), .diags = diags};
	struct form_pack *pack = NULL;
	enum status status = STATUS_INVALID;
	bool fine = is_good_id(starter.id, diags) && is_free(own, diags);
	if (fine && base != NULL) {
		starter.base = pack = form_pack_load(base, diags);
		fine = pack != NULL && finds_base(&starter);
	}
	if (fine)
		status = write_pack(&starter);
	form_pack_free(pack);
	memory_free(own);
	return status;
}
