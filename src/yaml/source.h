/* What the parser needs to know of a document's bytes, beside its events: whether they may be parsed at
 * all, and what libyaml's complaints mean to the person who wrote them. Used within this directory only. */
#ifndef YUBIAO_YAML_SOURCE_H
#define YUBIAO_YAML_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

#include "base/diag.h"
#include "yaml/tree.h"

/* The bytes of a file, without a byte order mark. */
struct yaml_source {
	const char *bytes;
	size_t length;
	const char *file;
};

/* True if the bytes are UTF-8 without anything invisible; else an error at the place. Line and column of
 * everything that passes agree with libyaml's, for it leaves only LF, CR LF and CR as line ends. */
bool yaml_source_check(const struct yaml_source *source, struct diag_list *diags);
/* Turns the state of a parser that has failed into an error. */
void yaml_source_explain(const char *file, const yaml_parser_t *parser, struct diag_list *diags);

/* Bytes that come piece by piece, checked as yaml_source_check() does. */
struct yaml_feed {
	yaml_more more;
	void *context;
	const char *file;
	struct diag_list *diags;
	unsigned line, column; /* from 1, of the next character */
	char rest[4];          /* the beginning of a character whose end is still to come */
	size_t rest_length;
	bool begun, after_return;
	size_t since;          /* bytes given out; the owner sets it back */
	bool refused;          /* an error has been added */
};
/* The next bytes, at most `room` (at least 8); 0 at the end, or once `refused`. */
size_t yaml_feed_take(struct yaml_feed *feed, char *bytes, size_t room);
/* An error at the place that has been reached. */
void yaml_feed_refuse(struct yaml_feed *feed, const char *sentence);
/* Adds an error at file:line:column about the first character of `text` that the sanitizer would not let
 * pass, naming it; false if there is none. */
bool yaml_refuse_dirty(const char *text, size_t length, bool keep_lines, const char *file, unsigned line,
		       unsigned column, struct diag_list *diags);

#endif
