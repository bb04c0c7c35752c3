#include "form/catalogue.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/text.h"
#include "yaml/tree.h"

#define CATALOGUE_FILE_MAX ((size_t)1 << 20)
#define CATALOGUE_LINES_MAX ((size_t)20000)
#define FIELD_COUNT 6 /* code, name, level, valid_from, valid_to, source; the first two will do */
#define FIELDS_LEAST 2
#define LINE_USUAL ((size_t)32) /* bytes; most lines are longer, so that there is room at once */
#define WORD sizeof(uint64_t) /* bytes looked at at once; as many lie behind the text */

struct catalogue_folder {
	const char *path, *list;      /* of the folder, and of its catalogue.yaml */
	const struct yaml_node *root; /* NULL: cannot be read */
};

static bool is_plain_name(const char *name)
{
	return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL;
}

static bool read_levels(struct arena *arena, struct catalogue *catalogue, const struct yaml_node *node,
			struct diag_list *diags)
{
	const struct yaml_node *levels = yaml_get(node, "levels");
	if (levels == NULL || levels->kind != YAML_MAP || levels->count == 0 ||
	    levels->count > CATALOGUE_LEVELS_MAX) {
		yaml_error(levels != NULL ? levels : node, diags,
			   _("levels 要写明各级名称和代码位数，如 levels: {类: 3, 款: 5}，最多 %d 级。"),
			   CATALOGUE_LEVELS_MAX);
		return false;
	}
	for (size_t i = 0; i < levels->count; i++) {
		long length = 0;
		if (levels->items[i]->kind == YAML_NOTHING)
			yaml_error(levels->keys[i], diags, _("“%s”后面要写这一级代码的位数，如 类: 3。"),
				   levels->keys[i]->text);
		if (!yaml_get_integer(levels, levels->keys[i]->text, 1, CATALOGUE_CODE_MAX, &length, diags))
			return false;
		if (i > 0 && (size_t)length <= catalogue->levels[i - 1].length) {
			yaml_error(levels->items[i], diags, _("各级代码的位数要由少到多。"));
			return false;
		}
		catalogue->levels[i].name = arena_copy(arena, levels->keys[i]->text);
		catalogue->levels[i].length = (size_t)length;
	}
	catalogue->level_count = (int)levels->count;
	return true;
}

/* The high bits of those of eight bytes that are a comma or below it in ASCII, as all that ends a field is. Above the lowest there may be
 * others that are none. */
static inline uint64_t possible_ends(const char *p)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t word;
	memcpy(&word, p, WORD);
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		word = __builtin_bswap64(word);
	return (word - ones * (',' + 1)) & ~word & (ones * 0x80);
}

/* The comma, line break or NUL at or behind `p`. */
static inline char *field_end(char *p)
{
	for (;; p++) {
		uint64_t ends;
		while ((ends = possible_ends(p)) == 0)
			p += WORD;
		p += __builtin_ctzll(ends) / 8;
		if (*p == ',' || *p == '\n' || *p == '\r' || *p == '\0')
			return p;
	}
}

/* Takes the quotes off the field at `p`, in place. Returns what stands behind it: a comma, or the end of the line or the text; *end is
 * where the field's closing NUL belongs, once that has been looked at. */
static char *unquote_field(char *p, char **end)
{
	bool quoted = true;
	char *write = p++;
	while (*p != '\0') {
		if (quoted && *p == '"') {
			if (p[1] != '"') {
				quoted = false;
				p++;
				continue;
			}
			p++;
		} else if (!quoted && (*p == ',' || *p == '\n' || *p == '\r')) {
			break;
		}
		*write++ = *p++;
	}
	*end = write;
	return p;
}

/* Cuts one CSV line at *text into fields, in place; moves *text behind it. Returns the number of fields
 * found. */
static int cut_line(char **text, char *fields[FIELD_COUNT])
{
	char *p = *text, *end, closing;
	int count = 0;
	do {
		if (count < FIELD_COUNT)
			fields[count] = p;
		count++;
		p = *p == '"' ? unquote_field(p, &end) : (end = field_end(p));
		closing = *p;
		*end = '\0';
		p++;
	} while (closing == ',');
	if (closing == '\r' && *p == '\n')
		p++;
	*text = closing == '\0' ? p - 1 : p;
	return count;
}

/* In the order of the codes. */
static uint64_t head_of(const char *code)
{
	uint64_t head = 0;
	size_t i = 0;
	for (; i < WORD && code[i] != '\0'; i++)
		head = head << 8 | (unsigned char)code[i];
	return i == 0 ? 0 : head << 8 * (WORD - i);
}

/* The same of a code that has as many bytes behind it as are looked at. */
static inline uint64_t head_in_text(const char *code)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t word, end;
	memcpy(&word, code, WORD);
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		word = __builtin_bswap64(word);
	end = (word - ones) & ~word & (ones * 0x80); /* the lowest bit is that of the first NUL */
	if (end != 0)
		word &= ((end & -end) >> 7) - 1;
	return __builtin_bswap64(word);
}

/* Most codes are shorter than a head, which then ends in NUL and tells all. */
static inline int compare_code(const struct catalogue_entry *entry, const char *code, uint64_t head)
{
	if (entry->head != head)
		return entry->head > head ? 1 : -1;
	return (head & 0xFF) == 0 ? 0 : strcmp(entry->code, code);
}

static int compare_entries(const void *a, const void *b)
{
	const struct catalogue_entry *left = a, *right = b;
	int order = compare_code(left, right->code, right->head);
	return order != 0 ? order
			  : (left->valid_from > right->valid_from) - (left->valid_from < right->valid_from);
}

static bool parse_year(const char *text, short *out)
{
	int year = 0;
	for (const char *p = text; *p != '\0'; p++) {
		if (*p < '0' || *p > '9' || year > 999)
			return false;
		year = year * 10 + (*p - '0');
	}
	*out = (short)year;
	return true;
}

static bool read_entry(struct catalogue *catalogue, char *fields[FIELD_COUNT], const char *path,
		       unsigned line, struct diag_list *diags)
{
	struct catalogue_entry *entry = &catalogue->entries[catalogue->entry_count];
	entry->code = fields[0];
	entry->head = head_in_text(entry->code);
	entry->name = fields[1];
	entry->level = (signed char)catalogue_level_of(catalogue, entry->code);
	if (entry->level < 0 || entry->name[0] == '\0') {
		diag_add(diags, DIAG_ERROR, path, line, 1,
			 _("科目代码“%s”要全是数字，位数要与一级相符，并且有名称：请改正这一行，或者在 catalogue.yaml 的 levels 里补上这一级。"), entry->code);
		return false;
	}
	if (!parse_year(fields[3], &entry->valid_from) || !parse_year(fields[4], &entry->valid_to)) {
		diag_add(diags, DIAG_ERROR, path, line, 1, _("科目“%s”的起止年度要写成四位数字或留空。"),
			 entry->code);
		return false;
	}
	catalogue->entry_count++;
	return true;
}

/* Spreadsheets leave lines of commas behind. */
static bool is_empty_line(char *const fields[FIELD_COUNT], int count)
{
	for (int i = 0; i < count && i < FIELD_COUNT; i++)
		if (*fields[i] != '\0')
			return false;
	return true;
}

/* The first line is never a code; one that is would be lost in silence. */
static bool is_head(const struct catalogue *catalogue, char *const fields[FIELD_COUNT], const char *path,
		    struct diag_list *diags)
{
	if (catalogue_level_of(catalogue, fields[0]) < 0)
		return true;
	diag_add(diags, DIAG_ERROR, path, 1, 1,
		 _("第一行要写栏名 code,name,level,valid_from,valid_to,source，科目从第二行起。"));
	return false;
}

/* The whole file, closed by as many NULs as are looked at behind its end; NULL after an error. */
static char *read_text(struct arena *arena, const char *path, size_t *length, struct diag_list *diags)
{
	struct buffer bytes = {0};
	if (file_read(&bytes, path, CATALOGUE_FILE_MAX, diags) != STATUS_OK) {
		buffer_done(&bytes);
		return NULL;
	}
	*length = bytes.length;
	memset(buffer_room(&bytes, WORD), 0, WORD);
	char *text = arena_keep(arena, buffer_take(&bytes));
	if (text_is_utf8(text, *length) && strlen(text) == *length)
		return text;
	diag_add(diags, DIAG_ERROR, path, 0, 0, _("科目目录不是 UTF-8 文本，请另存为 UTF-8。"));
	return NULL;
}

/* Reads one line's entry, if it is one. */
static bool read_line(struct catalogue *catalogue, char *fields[FIELD_COUNT], int count, const char *path,
		      unsigned line, struct diag_list *diags)
{
	if (line == 1)
		return is_head(catalogue, fields, path, diags);
	if (is_empty_line(fields, count))
		return true;
	if (count >= FIELDS_LEAST && count <= FIELD_COUNT)
		return read_entry(catalogue, fields, path, line, diags);
	diag_add(diags, DIAG_ERROR, path, line, 1,
		 _("每行应有 %d 到 %d 栏，顺序是 code,name,level,valid_from,valid_to,source；这里有 %d "
		   "栏。"),
		 FIELDS_LEAST, FIELD_COUNT, count);
	return false;
}

static bool read_lines(struct catalogue *catalogue, char *text, size_t capacity, const char *path,
		       struct diag_list *diags)
{
	for (unsigned line = 1; *text != '\0'; line++) {
		char *fields[FIELD_COUNT] = {"", "", "", "", "", ""};
		if (line > CATALOGUE_LINES_MAX) {
			diag_add(diags, DIAG_ERROR, path, 0, 0, _("科目目录太长：最多 %zu 行。请核对文件。"), CATALOGUE_LINES_MAX);
			return false;
		}
		array_reserve(&catalogue->entries, &capacity, catalogue->entry_count, sizeof(*catalogue->entries));
		int count = cut_line(&text, fields);
		if (!read_line(catalogue, fields, count, path, line, diags))
			return false;
	}
	if (catalogue->entry_count > 0)
		return true;
	diag_add(diags, DIAG_ERROR, path, 0, 0, _("科目目录里没有科目：第一行是栏名，从第二行起一行一个科目。"));
	return false;
}

static bool is_sorted(const struct catalogue *catalogue)
{
	for (size_t i = 1; i < catalogue->entry_count; i++)
		if (compare_entries(&catalogue->entries[i - 1], &catalogue->entries[i]) > 0)
			return false;
	return true;
}

static bool read_entries(struct arena *arena, struct catalogue *catalogue, const char *path,
			 struct diag_list *diags)
{
	size_t length;
	char *text = read_text(arena, path, &length, diags);
	if (text == NULL)
		return false;
	size_t capacity = length / LINE_USUAL + 1;
	catalogue->entries = memory_resize(NULL, capacity * sizeof(*catalogue->entries));
	bool fine = read_lines(catalogue, text, capacity, path, diags);
	catalogue->entries = arena_keep(arena, catalogue->entries);
	if (fine && !is_sorted(catalogue))
		qsort(catalogue->entries, catalogue->entry_count, sizeof(*catalogue->entries),
		      compare_entries);
	return fine;
}

/* NULL, and what `diags` says, if it cannot be read. */
static const struct yaml_node *read_list(struct arena *arena, const char *path, struct diag_list *diags)
{
	struct buffer bytes = {0};
	const struct yaml_node *root = NULL;
	if (file_read(&bytes, path, CATALOGUE_FILE_MAX, diags) == STATUS_OK)
		root = yaml_parse(arena, arena, buffer_text(&bytes), bytes.length, path, &yaml_limits_form, diags);
	buffer_done(&bytes);
	return root;
}

const struct catalogue_folder *catalogue_folder_open(struct arena *arena, const char *directory)
{
	const char *path = arena_format(arena, "%s/catalogue", directory);
	const char *list = arena_format(arena, "%s/catalogue.yaml", path);
	if (!file_exists(list))
		return NULL;
	struct catalogue_folder *folder = arena_take(arena, sizeof(*folder));
	*folder = (struct catalogue_folder){path, list, read_list(arena, list, NULL)};
	return folder;
}

struct catalogue *catalogue_load(struct arena *arena, const struct catalogue_folder *folder, const char *id,
				 struct diag_list *diags)
{
	static const char *const known[] = {"title", "file", "levels", NULL};
	const struct yaml_node *root = folder->root;
	if (root == NULL && (root = read_list(arena, folder->list, diags)) == NULL)
		return NULL;
	const struct yaml_node *node = root->kind == YAML_MAP ? yaml_get(root, id) : NULL;
	if (node == NULL || node->kind != YAML_MAP) {
		yaml_error(node != NULL ? node : root, diags, _("catalogue.yaml 里没有科目目录“%s”：请写上它的 title、file 和 levels。"), id);
		return NULL;
	}
	yaml_require_known(node, known, diags);
	struct catalogue *catalogue = arena_take(arena, sizeof(*catalogue));
	catalogue->id = arena_copy(arena, id);
	catalogue->title = yaml_get_text(node, "title", catalogue->id, diags);
	const char *file = yaml_get_text(node, "file", NULL, diags);
	if (file == NULL || !is_plain_name(file)) {
		yaml_error(node, diags, _("科目目录“%s”要用 file 写明同一文件夹里的 CSV 文件名。"), id);
		return NULL;
	}
	if (!read_levels(arena, catalogue, node, diags))
		return NULL;
	catalogue->file = arena_format(arena, "%s/%s", folder->path, file);
	return read_entries(arena, catalogue, catalogue->file, diags) ? catalogue : NULL;
}

/* Adds `id` to the ids in `known`, unless it is one of them. */
static void add_known(struct buffer *known, const char *id)
{
	const char *mark = _("、");
	size_t length = strlen(id);
	for (const char *word = buffer_text(known); *word != '\0';) {
		const char *end = strstr(word, mark);
		size_t own = end != NULL ? (size_t)(end - word) : strlen(word);
		if (own == length && strncmp(word, id, length) == 0)
			return;
		word += own + (end != NULL ? strlen(mark) : 0);
	}
	buffer_format(known, "%s%s", known->length > 0 ? mark : "", id);
}

bool catalogue_is_listed(const struct catalogue_folder *folder, const char *id, struct buffer *known)
{
	const struct yaml_node *root = folder->root;
	if (root == NULL || root->kind != YAML_MAP || yaml_get(root, id) != NULL)
		return true;
	for (size_t i = 0; i < root->count; i++)
		add_known(known, root->keys[i]->text);
	return false;
}

/* The first entry whose code is not less than `code`. */
static size_t lower_bound(const struct catalogue *catalogue, const char *code)
{
	size_t low = 0, high = catalogue->entry_count;
	uint64_t head = head_of(code);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_code(&catalogue->entries[middle], code, head) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_valid(const struct catalogue_entry *entry, int year)
{
	return (entry->valid_from == 0 || entry->valid_from <= year) &&
	       (entry->valid_to == 0 || entry->valid_to >= year);
}

const struct catalogue_entry *catalogue_find(const struct catalogue *catalogue, const char *code, int year)
{
	for (size_t i = lower_bound(catalogue, code); i < catalogue->entry_count; i++) {
		const struct catalogue_entry *entry = &catalogue->entries[i];
		if (!text_same(entry->code, code))
			break;
		if (is_valid(entry, year))
			return entry;
	}
	return NULL;
}

int catalogue_level_of(const struct catalogue *catalogue, const char *code)
{
	size_t length = 0;
	while (code[length] >= '0' && code[length] <= '9')
		length++;
	if (code[length] != '\0')
		return -1;
	for (int i = 0; i < catalogue->level_count; i++)
		if (catalogue->levels[i].length == length)
			return i;
	return -1;
}

size_t catalogue_parent_length(const struct catalogue *catalogue, const char *code)
{
	size_t length = strlen(code), parent = 0;
	for (int i = 0; i < catalogue->level_count && catalogue->levels[i].length < length; i++)
		parent = catalogue->levels[i].length;
	return parent;
}

/* The level up to which a part of `length` digits leads from `level` on; -1: no level ends there. */
static int part_end(const struct catalogue *catalogue, int level, size_t length)
{
	size_t start = level > 0 ? catalogue->levels[level - 1].length : 0;
	for (int i = level; i < catalogue->level_count; i++)
		if (catalogue->levels[i].length - start == length ||
		    (i == level && catalogue->levels[i].length - start > length))
			return i;
	return -1;
}

void catalogue_join(const struct catalogue *catalogue, const char *written, struct buffer *out)
{
	static const char blanks[] = " \t";
	struct buffer joined = {0}, plain = {0};
	int level = 0, parts = 0;
	bool fits = true;
	for (const char *part = written + strspn(written, blanks); *part != '\0'; parts++) {
		size_t length = strcspn(part, blanks), digits = strspn(part, "0123456789");
		int end = digits >= length ? part_end(catalogue, level, length) : -1;
		buffer_add_bytes(&plain, part, length);
		fits = fits && end >= 0;
		if (fits)
			buffer_add_repeated(&joined, '0', catalogue->levels[end].length - joined.length - length);
		buffer_add_bytes(&joined, part, length);
		level = end + 1;
		part += length;
		part += strspn(part, blanks);
	}
	buffer_add(out, buffer_text(fits && parts > 1 ? &joined : &plain));
	buffer_done(&joined);
	buffer_done(&plain);
}

size_t catalogue_search(const struct catalogue *catalogue, int year, const char *wanted, int level,
			const struct catalogue_entry **out, size_t skip, size_t most, size_t *total)
{
	struct buffer folded = {0};
	text_fold(&folded, wanted);
	const char *key = buffer_text(&folded);
	size_t length = strlen(key), found = 0, written = 0;
	bool digits = strspn(key, "0123456789") == length;
	/* Digits are the beginning of a code: those entries stand together. */
	for (size_t i = digits ? lower_bound(catalogue, key) : 0; i < catalogue->entry_count; i++) {
		const struct catalogue_entry *entry = &catalogue->entries[i];
		bool begins = strncmp(entry->code, key, length) == 0;
		if (digits && !begins)
			break;
		if ((level >= 0 && entry->level != level) || !is_valid(entry, year))
			continue;
		if (!begins && !text_contains(entry->name, key))
			continue;
		if (found++ >= skip && written < most)
			out[written++] = entry;
	}
	buffer_done(&folded);
	if (total != NULL)
		*total = found;
	return written;
}

void catalogue_lint(const struct catalogue *catalogue, struct arena *arena, struct diag_list *diags)
{
	for (size_t i = 0; i < catalogue->entry_count; i++) {
		const struct catalogue_entry *entry = &catalogue->entries[i];
		const struct catalogue_entry *next = i + 1 < catalogue->entry_count ? entry + 1 : NULL;
		char *parent = arena_copy_bytes(arena, entry->code, catalogue_parent_length(catalogue, entry->code));
		size_t at = lower_bound(catalogue, parent);
		if (next != NULL && strcmp(next->code, entry->code) == 0 &&
		    (entry->valid_to == 0 || next->valid_from <= entry->valid_to))
			diag_add(diags, DIAG_WARNING, catalogue->file, 0, 0,
				 _("科目代码“%s”写了两次，起止年度又有重叠：请去掉一行，或者改起止年度。"), entry->code);
		if (*parent != '\0' && strcmp(catalogue->entries[at].code, parent) != 0)
			diag_add(diags, DIAG_WARNING, catalogue->file, 0, 0,
				 _("科目代码“%s”的上级“%s”不在目录里，印出来没有名称：请补上这一级。"), entry->code, parent);
	}
}
