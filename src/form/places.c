/* Where packs lie: the directories that hold them, a pack by its id or by a path, and the list of all. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/confine.h"
#include "base/file.h"
#include "base/fixed.h"
#include "form/build.h"

#define DIRECTORIES_MAX 24
#define PLACES_MAX (DIRECTORIES_MAX + 2) /* and a workbook's folder, and forms/ in it */

/* ---- directories */

/* Filled once: the environment does not change while the program runs. Where the program itself lies is asked last, and only if what the
 * user named did not do: the system takes its time to tell. */
static char *directories[DIRECTORIES_MAX + 1];
static size_t named_count; /* of the user's own, once they are filled in */
static bool is_named, is_whole;
static const char *user_directory;

static size_t add_directory(size_t count, char *path)
{
	if (count < DIRECTORIES_MAX)
		directories[count++] = path;
	else
		memory_free(path);
	return count;
}

static size_t add_user_directory(size_t count)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	size_t before = count;
	if (data != NULL && *data == '/')
		count = add_directory(count, file_join(data, "yubiao/forms"));
	else if (home != NULL && *home == '/')
		count = add_directory(count, file_join(home, ".local/share/yubiao/forms"));
	if (count > before)
		user_directory = directories[before];
	return count;
}

static void add_program_directories(size_t count)
{
	static const char *const beside[] = {"../forms", "../share/yubiao/forms", "forms"};
	char *program = fixed_program_directory();
	for (size_t i = 0; program != NULL && i < sizeof(beside) / sizeof(beside[0]); i++)
		count = add_directory(count, file_join(program, beside[i]));
	memory_free(program);
}

static void add_named_directories(void)
{
	if (is_named)
		return;
	const char *named = getenv("YUBIAO_FORMS");
	char *list = memory_copy_string(named != NULL ? named : ""), *rest = list;
	for (char *path = strsep(&rest, ":"); path != NULL; path = strsep(&rest, ":"))
		if (*path != '\0')
			named_count = add_directory(named_count, memory_copy_string(path));
	memory_free(list);
	named_count = add_user_directory(named_count);
	is_named = true;
}

/* The directory number `index` in the order in which they are looked at; NULL: there are no more. */
static const char *directory_at(size_t index)
{
	add_named_directories();
	if (index >= named_count && !is_whole) {
		add_program_directories(named_count);
		is_whole = true;
	}
	return directories[index];
}

const char *const *form_directories(void)
{
	for (size_t i = 0; directory_at(i) != NULL; i++)
		;
	return (const char *const *)directories;
}

const char *form_user_directory(void)
{
	add_named_directories();
	return user_directory;
}

/* ---- places: directories that are there, each once, by the name that a user would give it */

struct places {
	char *items[PLACES_MAX];
	size_t count;
	size_t own; /* from here on they are a workbook's */
};

static void add_place(struct places *places, const char *path)
{
	char *whole = confine_real_path(path);
	bool known = false;
	for (size_t i = 0; whole != NULL && i < places->count; i++)
		known = known || strcmp(places->items[i], whole) == 0;
	if (whole != NULL && !known && places->count < PLACES_MAX)
		places->items[places->count++] = memory_copy_string(whole);
	free(whole);
}

static void find_places(struct places *places, const char *beside)
{
	const char *const *list = form_directories();
	*places = (struct places){.count = 0};
	for (size_t i = 0; list[i] != NULL; i++)
		add_place(places, list[i]);
	places->own = places->count;
	/* Whoever is confined to a folder shall not bring packs of his own there. */
	if (beside == NULL || confine_is_on())
		return;
	char *below = file_join(beside, "forms");
	add_place(places, beside);
	add_place(places, below);
	memory_free(below);
}

static void places_done(struct places *places)
{
	for (size_t i = 0; i < places->count; i++)
		memory_free(places->items[i]);
}

/* ---- one pack */

bool holds_pack(const char *directory)
{
	char *path = file_join(directory, "pack.yaml");
	bool there = file_exists(path);
	memory_free(path);
	return there;
}

/* The pack at `place`, NULL: none. Its path goes by the place's real name, which is looked up only now: most places
 * are looked at in vain. */
static char *pack_at(const char *place, const char *id)
{
	char *directory = file_join(place, id), *whole = NULL;
	if (holds_pack(directory))
		whole = confine_real_path(place);
	memory_free(directory);
	directory = whole != NULL ? file_join(whole, id) : NULL;
	free(whole);
	return directory;
}

static char *find_pack(const char *id, const char *beside)
{
	const char *directory;
	char *found = NULL;
	if (*id == '\0' || *id == '.')
		return NULL;
	for (size_t i = 0; found == NULL && (directory = directory_at(i)) != NULL; i++)
		found = pack_at(directory, id);
	/* Whoever is confined to a folder shall not bring packs of his own there. */
	if (found != NULL || beside == NULL || confine_is_on())
		return found;
	char *below = file_join(beside, "forms");
	found = pack_at(beside, id);
	if (found == NULL)
		found = pack_at(below, id);
	memory_free(below);
	return found;
}

/* The folders of this machine are named; that of a workbook is known. */
static void say_not_found(const char *id, const char *beside, struct diag_list *diags)
{
	struct buffer searched = {0}, advice = {0};
	struct places places;
	find_places(&places, beside);
	const char *user = form_user_directory();
	bool here = beside != NULL && strcmp(beside, ".") == 0;
	if (beside != NULL) {
		buffer_add(&searched, here ? _("当前文件夹") : _("预算文件旁边"));
		buffer_add(&advice, here ? _("把它的文件夹放到当前文件夹里，或者")
					 : _("把它的文件夹放到预算文件旁边，或者"));
	}
	for (size_t i = 0; i < places.own; i++)
		buffer_format(&searched, "%s%s", searched.length > 0 ? _("、") : "", places.items[i]);
	if (user != NULL)
		buffer_format(&advice, _("把它放进 %s，或者"), user);
	diag_error(diags,
		   _("没有套表“%s”。找过的地方：%s。请%s用 --forms 指出它在哪个文件夹里；有哪些套表，请看 "
		     "yubiao forms。"),
		   id, searched.length > 0 ? buffer_text(&searched) : _("没有放套表的文件夹"),
		   buffer_text(&advice));
	buffer_done(&searched);
	buffer_done(&advice);
	places_done(&places);
}

static char *locate_path(const char *path, struct diag_list *diags)
{
	char *directory = memory_copy_string(path);
	for (size_t length = strlen(directory); length > 1 && directory[length - 1] == '/'; length--)
		directory[length - 1] = '\0';
	if (holds_pack(directory))
		return directory;
	size_t length = strlen(directory);
	char *above = file_directory(directory);
	if (length > 5 && strcmp(directory + length - 5, ".yaml") == 0 && holds_pack(above))
		diag_error(diags, _("“%s”是套表里的一个文件：请写套表的文件夹 %s。"), path, above);
	else
		diag_error(diags, _("“%s”不是套表的文件夹：里面没有 pack.yaml，请核对路径。"), path);
	memory_free(above);
	memory_free(directory);
	return NULL;
}

char *form_pack_locate(const char *id_or_path, const char *beside, struct diag_list *diags)
{
	if (strchr(id_or_path, '/') != NULL && (id_or_path[0] == '/' || !confine_is_on()))
		return locate_path(id_or_path, diags);
	char *directory = find_pack(id_or_path, beside);
	if (directory == NULL)
		say_not_found(id_or_path, beside, diags);
	return directory;
}

/* ---- all of them */

struct listing {
	struct form_listing *items;
	size_t count, capacity;
};

/* By id; of one id, the one that is used stands first. */
static int compare_listings(const void *a, const void *b)
{
	const struct form_listing *left = a, *right = b;
	int order = strcmp(left->id, right->id);
	return order != 0 ? order : (int)left->shadowed - (int)right->shadowed;
}

static bool is_listed(const struct listing *list, const char *id)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].id, id) == 0)
			return true;
	return false;
}

static char *read_title(const char *directory, struct diag_list *diags)
{
	char *path = file_join(directory, "pack.yaml"), *title = NULL;
	struct buffer bytes = {0};
	struct arena *arena = arena_new();
	if (file_read(&bytes, path, LAYOUT_FILE_MAX, diags) == STATUS_OK) {
		const struct yaml_node *root =
			yaml_parse(arena, arena, buffer_text(&bytes), bytes.length, path, &yaml_limits_form, diags);
		const struct yaml_node *node =
			root != NULL && root->kind == YAML_MAP ? yaml_get(root, "title") : NULL;
		if (node != NULL && node->kind == YAML_SCALAR)
			title = memory_copy_string(node->text);
	}
	arena_free(arena);
	buffer_done(&bytes);
	memory_free(path);
	return title != NULL ? title : memory_copy_string("");
}

static void list_place(struct listing *list, const char *place, bool beside, struct diag_list *diags)
{
	DIR *folder = confine_open_directory(place);
	struct dirent *entry;
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		char *directory = file_join(place, entry->d_name);
		if (entry->d_name[0] == '.' || !holds_pack(directory)) {
			memory_free(directory);
			continue;
		}
		array_reserve(&list->items, &list->capacity, list->count, sizeof(*list->items));
		struct form_listing *item = &list->items[list->count];
		item->id = memory_copy_string(entry->d_name);
		item->title = read_title(directory, diags);
		item->directory = directory;
		item->shadowed = is_listed(list, entry->d_name);
		item->beside = beside;
		list->count++;
	}
	if (folder != NULL)
		closedir(folder);
}

size_t form_list(const char *beside, struct form_listing **out, struct diag_list *diags)
{
	struct listing list = {0};
	struct places places;
	find_places(&places, beside);
	for (size_t i = 0; i < places.count; i++)
		list_place(&list, places.items[i], i >= places.own, diags);
	places_done(&places);
	if (list.count > 0)
		qsort(list.items, list.count, sizeof(*list.items), compare_listings);
	*out = list.items;
	return list.count;
}

void form_listing_free(struct form_listing *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		memory_free(list[i].id);
		memory_free(list[i].title);
		memory_free(list[i].directory);
	}
	memory_free(list);
}
