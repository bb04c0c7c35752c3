/* libyaml's events become a tree. Children of the collections that are still open lie on one stack
 * (`pending`), each collection's above its parent's; when a collection ends, its children are copied to
 * the arena in their exact number. Every limit is checked before anything is built, so a hostile document
 * costs no more than its bytes; in particular depth is, since libyaml's own cost grows with the square of
 * it. Screening is the same without building anything: the nodes it is given are forgotten at once. */
#include <string.h>
#include <yaml.h>

#include "base/map.h"
#include "base/text.h"
#include "yaml/source.h"
#include "yaml/tree.h"

/* Up to this many keys a map is searched for duplicates one by one; beyond, by a hash map. */
#define FEW_KEYS 16

/* Bytes that libyaml may take in for one event: a scalar whose every character is an escape, and blank lines. */
#define BETWEEN_EVENTS ((size_t)1024 * 1024)

const struct yaml_limits yaml_limits_form = {
	.depth = 32, .scalar = (size_t)64 * 1024, .nodes = 100000, .siblings = 5000};
const struct yaml_limits yaml_limits_workbook = {
	.depth = 32, .scalar = (size_t)64 * 1024, .nodes = 2000000, .siblings = 1000, .wide = "names", .wide_siblings = 200000};

struct frame {
	struct yaml_node *node;
	enum yaml_kind kind;
	size_t first;    /* its first child on the stack; in a map, keys and values take turns */
	size_t count;    /* children so far */
	bool is_wide;    /* may have any number of them */
	struct map *seen; /* key -> key node, once there are more than a few */
};

struct loader {
	struct arena *arena, *texts;
	const struct yaml_limits *limits;
	const char *file;
	struct diag_list *diags;
	struct frame *frames;
	size_t depth;
	struct yaml_node **pending;
	size_t pending_count, pending_capacity;
	size_t nodes;
	struct yaml_node *root;
	bool screens;            /* keeps nothing */
	struct yaml_node passing; /* the node of the moment, while screening */
	bool key_is_wide;        /* the last key of the root is that of the wide part */
};

static struct frame *top(struct loader *loader)
{
	return loader->depth > 0 ? &loader->frames[loader->depth - 1] : NULL;
}

static bool awaits_key(const struct frame *frame)
{
	return frame != NULL && frame->kind == YAML_MAP && frame->count % 2 == 0;
}

static bool refuse(struct loader *loader, yaml_mark_t mark, const char *sentence)
{
	diag_add(loader->diags, DIAG_ERROR, loader->file, (unsigned)mark.line + 1, (unsigned)mark.column + 1, "%s",
		 sentence);
	return false;
}

static struct yaml_node *find_key(struct loader *loader, struct frame *frame, const char *text)
{
	if (frame->seen != NULL)
		return map_get(frame->seen, text);
	for (size_t i = frame->first; i < loader->pending_count; i += 2)
		if (text_same(loader->pending[i]->text, text))
			return loader->pending[i];
	return NULL;
}

static bool accept_key(struct loader *loader, struct frame *frame, struct yaml_node *key, yaml_mark_t mark)
{
	if (key->kind == YAML_NOTHING || (!key->quoted && strcmp(key->text, "<<") == 0))
		return refuse(loader, mark, key->kind == YAML_NOTHING
			? _("冒号前面缺少名称：请补上名称。")
			: _("本程序不接受“<<”合并：请把内容直接写出来。"));
	if (loader->depth == 1 && loader->limits->wide != NULL)
		loader->key_is_wide = strcmp(key->text, loader->limits->wide) == 0;
	if (loader->screens)
		return true;
	struct yaml_node *earlier = find_key(loader, frame, key->text);
	if (earlier != NULL) {
		diag_add(loader->diags, DIAG_ERROR, loader->file, key->line, key->column,
			 _("“%s”在第 %u 行已经写过：同一处的名称不能重复，请删去或改名。"), key->text, earlier->line);
		return false;
	}
	if (frame->seen == NULL && loader->pending_count - frame->first >= (size_t)2 * FEW_KEYS) {
		frame->seen = map_new_borrowing();
		for (size_t i = frame->first; i < loader->pending_count; i += 2)
			map_set(frame->seen, loader->pending[i]->text, loader->pending[i]);
	}
	if (frame->seen != NULL)
		map_set(frame->seen, key->text, key);
	return true;
}

/* A node under the open collection, or the root. */
static struct yaml_node *add_node(struct loader *loader, enum yaml_kind kind, yaml_mark_t mark)
{
	if (++loader->nodes > loader->limits->nodes) {
		diag_add(loader->diags, DIAG_ERROR, loader->file, (unsigned)mark.line + 1, (unsigned)mark.column + 1,
			 _("文件的内容太多：最多 %zu 项，请拆成几个文件。"), loader->limits->nodes);
		return NULL;
	}
	struct yaml_node *node = loader->screens ? &loader->passing : arena_room(loader->arena, sizeof(*node));
	*node = (struct yaml_node){
		.kind = kind, .line = (unsigned)mark.line + 1, .column = (unsigned)mark.column + 1, .file = loader->file};
	return node;
}

static size_t siblings_most(const struct loader *loader, const struct frame *frame)
{
	return frame->is_wide ? loader->limits->wide_siblings : loader->limits->siblings;
}

/* Rows are maps in a list, of which there may be as many as there are nodes. */
static bool is_crowded(const struct loader *loader, const struct frame *frame, enum yaml_kind kind)
{
	bool is_map = frame->kind == YAML_MAP;

	return (is_map || kind != YAML_MAP) && frame->count / (is_map ? 2 : 1) >= siblings_most(loader, frame);
}

static bool place_node(struct loader *loader, struct yaml_node *node, yaml_mark_t mark)
{
	struct frame *frame = top(loader);

	if (frame == NULL) {
		loader->root = node;
		return true;
	}
	if (is_crowded(loader, frame, node->kind)) {
		diag_add(loader->diags, DIAG_ERROR, loader->file, (unsigned)mark.line + 1, (unsigned)mark.column + 1,
			 _("这里的内容太多：同一处最多 %zu 项，请检查缩进，或者取回没有损坏的文件。"),
			 siblings_most(loader, frame));
		return false;
	}
	frame->count++;
	if (loader->screens)
		return true;
	array_reserve(&loader->pending, &loader->pending_capacity, loader->pending_count, sizeof(*loader->pending));
	loader->pending[loader->pending_count++] = node;
	return true;
}

static bool refuse_properties(struct loader *loader, yaml_mark_t mark, const yaml_char_t *anchor, bool tagged)
{
	if (anchor != NULL)
		return !refuse(loader, mark, _("本程序不接受“&”锚点：请删去它，或把文字用引号括起来。"));
	if (tagged)
		return !refuse(loader, mark, _("本程序不接受“!”标签：请删去它，或把文字用引号括起来。"));
	return false;
}

/* The bytes of the file were checked, so a plain scalar, which has no escapes, holds nothing worse than line breaks, where it goes over
 * several lines, and tabs. */
static bool may_be_dirty(const char *text, size_t length, bool plain, bool folded)
{
	return !plain || folded || memchr(text, '\t', length) != NULL;
}

static bool add_scalar(struct loader *loader, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t length = event->data.scalar.length;
	yaml_mark_t mark = event->start_mark;
	bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	bool folded = plain && event->end_mark.line > mark.line;

	if (refuse_properties(loader, mark, event->data.scalar.anchor,
			      event->data.scalar.tag != NULL || (plain && !event->data.scalar.plain_implicit)))
		return false;
	if (length > loader->limits->scalar) {
		diag_add(loader->diags, DIAG_ERROR, loader->file, (unsigned)mark.line + 1, (unsigned)mark.column + 1,
			 _("这段文字太长：最多 %zu 字节，请改短。"), loader->limits->scalar);
		return false;
	}
	if (may_be_dirty(text, length, plain, folded) &&
	    yaml_refuse_dirty(text, length, !plain, loader->file, (unsigned)mark.line + 1, (unsigned)mark.column + 1,
			      loader->diags))
		return false;
	struct yaml_node *node = add_node(loader, YAML_SCALAR, mark);
	if (node == NULL)
		return false;
	node->quoted = !plain;
	node->folded = folded;
	node->text = loader->screens ? text : arena_copy_bytes(loader->texts, text, length);
	if (plain && (length == 0 || strcmp(text, "~") == 0))
		node->kind = YAML_NOTHING;
	struct frame *frame = top(loader);
	if (awaits_key(frame) && !accept_key(loader, frame, node, mark))
		return false;
	return place_node(loader, node, mark);
}

static bool open_collection(struct loader *loader, const yaml_event_t *event, enum yaml_kind kind)
{
	yaml_mark_t mark = event->start_mark;
	bool is_map = kind == YAML_MAP;

	if (refuse_properties(loader, mark,
			      is_map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor,
			      (is_map ? event->data.mapping_start.tag : event->data.sequence_start.tag) != NULL))
		return false;
	if (loader->depth == loader->limits->depth) {
		diag_add(loader->diags, DIAG_ERROR, loader->file, (unsigned)mark.line + 1, (unsigned)mark.column + 1,
			 _("嵌套太深：最多 %zu 层，请检查缩进和括号。"), loader->limits->depth);
		return false;
	}
	if (awaits_key(top(loader)))
		return refuse(loader, mark, _("冒号前面只能是一个名称，不能是列表或花括号；以“{”或“[”开头的文字请用引号括起来。"));
	struct yaml_node *node = add_node(loader, kind, mark);
	if (node == NULL || !place_node(loader, node, mark))
		return false;
	bool wide = loader->depth == 1 ? loader->key_is_wide : loader->depth > 1 && top(loader)->is_wide;
	loader->frames[loader->depth++] =
		(struct frame){.node = node, .kind = kind, .first = loader->pending_count, .is_wide = wide};
	return true;
}

static void close_collection(struct loader *loader)
{
	struct frame *frame = &loader->frames[loader->depth - 1];

	if (loader->screens) {
		loader->depth--;
		return;
	}
	struct yaml_node *node = frame->node;
	struct yaml_node **children = loader->pending == NULL ? NULL : loader->pending + frame->first;
	size_t count = loader->pending_count - frame->first;

	if (node->kind == YAML_MAP && children != NULL) {
		node->count = (unsigned)(count / 2);
		if (count > 0) {
			node->keys = arena_room(loader->arena, node->count * sizeof(*node->keys));
			node->items = arena_room(loader->arena, node->count * sizeof(*node->items));
		}
		for (size_t i = 0; i < node->count; i++) {
			node->keys[i] = children[2 * i];
			node->items[i] = children[2 * i + 1];
		}
	} else if (children != NULL && count > 0) {
		node->count = (unsigned)count;
		node->items = arena_room(loader->arena, count * sizeof(*node->items));
		memcpy(node->items, children, count * sizeof(*node->items));
	}
	map_free(frame->seen);
	loader->pending_count = frame->first;
	loader->depth--;
}

static bool start_document(struct loader *loader, const yaml_event_t *event)
{
	if (loader->root != NULL)
		return refuse(loader, event->start_mark, _("一个文件里只能有一份内容：请删去“---”及其后的部分。"));
	if (event->data.document_start.tag_directives.start != event->data.document_start.tag_directives.end)
		return refuse(loader, event->start_mark, _("以“%”开头的行不能用：请用引号括起来或删去。"));
	return true;
}

static bool handle(struct loader *loader, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return add_scalar(loader, event);
	case YAML_SEQUENCE_START_EVENT:
		return open_collection(loader, event, YAML_LIST);
	case YAML_MAPPING_START_EVENT:
		return open_collection(loader, event, YAML_MAP);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		close_collection(loader);
		return true;
	case YAML_ALIAS_EVENT:
		return refuse(loader, event->start_mark,
			      _("本程序不接受“*”别名：请把内容直接写出来；若是普通文字，请用引号括起来。"));
	case YAML_DOCUMENT_START_EVENT:
		return start_document(loader, event);
	default:
		return true;
	}
}

/* Handles events until the end or the first thing that is wrong. A feed tells what is wrong by itself. */
static bool run(struct loader *loader, yaml_parser_t *parser, struct yaml_feed *feed)
{
	yaml_event_t event;
	bool good, end = false;

	do {
		good = yaml_parser_parse(parser, &event) != 0;
		if (!good) {
			if (feed == NULL || !feed->refused)
				yaml_source_explain(loader->file, parser, loader->diags);
			break;
		}
		if (feed != NULL)
			feed->since = 0;
		end = event.type == YAML_STREAM_END_EVENT;
		good = handle(loader, &event);
		yaml_event_delete(&event);
	} while (good && !end);
	return good;
}

static int feed_parser(void *data, unsigned char *bytes, size_t room, size_t *taken)
{
	struct yaml_feed *feed = data;

	*taken = yaml_feed_take(feed, (char *)bytes, room);
	if (feed->since > BETWEEN_EVENTS && !feed->refused)
		yaml_feed_refuse(feed, _("从这里往上的一段文字太长，不像是本程序的文件：请核对文件名。"));
	return !feed->refused;
}

/* Of `source`, or of what `feed` gives. */
static bool load(struct loader *loader, const struct yaml_source *source, struct yaml_feed *feed)
{
	yaml_parser_t parser;

	if (!yaml_parser_initialize(&parser)) {
		diag_add(loader->diags, DIAG_ERROR, loader->file, 0, 0, _("内存不足，读不完这个文件：请关闭其他程序后再试。"));
		return false;
	}
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	if (feed != NULL)
		yaml_parser_set_input(&parser, feed_parser, feed);
	else
		yaml_parser_set_input_string(&parser, (const unsigned char *)source->bytes, source->length);
	loader->frames = memory_new_array(loader->limits->depth, sizeof(*loader->frames));
	bool good = run(loader, &parser, feed);
	while (loader->depth > 0)
		map_free(loader->frames[--loader->depth].seen);
	memory_free(loader->frames);
	memory_free(loader->pending);
	yaml_parser_delete(&parser);
	return good;
}

static bool has_content(const struct loader *loader)
{
	if (loader->root == NULL)
		diag_add(loader->diags, DIAG_ERROR, loader->file, 0, 0, _("文件里没有内容：请核对文件。"));
	return loader->root != NULL;
}

bool yaml_screen(yaml_more more, void *context, const char *file, const struct yaml_limits *limits,
		 struct diag_list *diags)
{
	struct loader loader = {.limits = limits, .file = file, .diags = diags, .screens = true};
	struct yaml_feed feed = {.more = more, .context = context, .file = file, .diags = diags, .line = 1, .column = 1};

	bool good = load(&loader, NULL, &feed);
	return good && has_content(&loader);
}

struct yaml_node *yaml_parse(struct arena *arena, struct arena *texts, const char *bytes, size_t length,
			     const char *file, const struct yaml_limits *limits, struct diag_list *diags)
{
	struct loader loader = {
		.arena = arena, .texts = texts, .limits = limits, .file = arena_copy(texts, file), .diags = diags};
	struct yaml_source source = {.bytes = bytes, .length = length, .file = loader.file};

	if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
		source.bytes += 3;
		source.length -= 3;
	}
	if (!yaml_source_check(&source, diags))
		return NULL;
	bool good = load(&loader, &source, NULL);
	return good && has_content(&loader) ? loader.root : NULL;
}

const char *yaml_library(void)
{
	return yaml_get_version_string();
}
