/* A bounded YAML document as a positioned tree, read by libyaml's events. Refused with file:line:column
 * and a sentence: nesting deeper than 32, more than `nodes` nodes, more than `siblings` in one place, scalars over `scalar` bytes, aliases,
 * anchors, tags, merge keys, duplicate keys, keys that are not scalars, control characters, a second
 * document, text that is not UTF-8 (GB18030 is recognised and said). */
#ifndef YUBIAO_YAML_TREE_H
#define YUBIAO_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/diag.h"
#include "base/memory.h"

enum yaml_kind { YAML_NOTHING, YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_kind kind : 8; /* YAML_NOTHING: an empty plain value or ~ */
	bool quoted;             /* a scalar written in quotes or as a block */
	bool folded;             /* a scalar without quotes on several lines */
	unsigned line, column;   /* from 1, of the value */
	unsigned count;          /* items of a list, pairs of a map */
	const char *file;        /* name for messages; lives as long as the arena */
	const char *text;        /* scalar */
	struct yaml_node **items; /* values */
	struct yaml_node **keys;  /* map only: scalar nodes with their own positions */
};

struct yaml_limits {
	size_t depth;  /* 32 */
	size_t scalar; /* bytes */
	size_t nodes;
	size_t siblings;  /* pairs of one map, items of one list that are no maps */
	const char *wide; /* the key of the root under which there may be wide_siblings of them; NULL: none */
	size_t wide_siblings;
};
extern const struct yaml_limits yaml_limits_form;     /* layouts: 64 KiB scalars, 100,000 nodes */
extern const struct yaml_limits yaml_limits_workbook; /* workbooks: 64 KiB scalars, 2,000,000 nodes */

/* The tree lives in `arena`, its texts and a copy of `file` in `texts`, which may be the same: they can be kept when the
 * tree has served. NULL and at least one error on failure. */
struct yaml_node *yaml_parse(struct arena *arena, struct arena *texts, const char *bytes, size_t length, const char *file,
			     const struct yaml_limits *limits, struct diag_list *diags);

/* Whether a document keeps to the limits and can be parsed, found out in constant memory: for one that is too
 * large to be read first. `more` gives its bytes as read() does, a negative number with a message in `diags`. What
 * needs memory, duplicate keys, is not looked for. False and one error otherwise: of several mistakes the first. */
typedef ssize_t (*yaml_more)(void *context, void *bytes, size_t room);
bool yaml_screen(yaml_more more, void *context, const char *file, const struct yaml_limits *limits,
		 struct diag_list *diags);

/* Version of libyaml, which reads YAML, for --version; borrowed. */
const char *yaml_library(void);

/* The value under `key`, NULL if absent. */
struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);
/* The scalar under `key`, `otherwise` if absent; a value of another kind is an error at its place and
 * gives `otherwise`. */
const char *yaml_get_text(const struct yaml_node *map, const char *key, const char *otherwise, struct diag_list *diags);
bool yaml_get_flag(const struct yaml_node *map, const char *key, bool otherwise, struct diag_list *diags);
bool yaml_get_integer(const struct yaml_node *map, const char *key, long least, long most, long *out,
		      struct diag_list *diags);
/* An error for every key not in the NULL-ended list `known`, at the key's place, naming the nearest known
 * key. */
void yaml_require_known(const struct yaml_node *map, const char *const *known, struct diag_list *diags);
/* An error at the node's place. */
void yaml_error(const struct yaml_node *node, struct diag_list *diags, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
