/* What the parser needs to know of a document's bytes, beside its events: whether they may be parsed at
 * all, and what libyaml's complaints mean to the person who wrote them. Used within this directory only. */
#ifndef YUBIAO_YAML_SOURCE_H
#define YUBIAO_YAML_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

#include "base/diag.h"

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
void yaml_source_explain(const struct yaml_source *source, const yaml_parser_t *parser, struct diag_list *diags);
/* Adds an error at file:line:column about the first character of `text` that the sanitizer would not let
 * pass, naming it; false if there is none. */
bool yaml_refuse_dirty(const char *text, size_t length, bool keep_lines, const char *file, unsigned line,
		       unsigned column, struct diag_list *diags);

#endif
