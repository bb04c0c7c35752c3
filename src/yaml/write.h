/* Stable, diff-friendly YAML through libyaml's emitter: UTF-8 as it is, no line folding, one short flow
 * map a line. */
#ifndef YUBIAO_YAML_WRITE_H
#define YUBIAO_YAML_WRITE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/diag.h"

struct yaml_writer;
struct yaml_writer *yaml_writer_new(void);
void yaml_writer_free(struct yaml_writer *writer);
void yaml_write_map_begin(struct yaml_writer *writer, bool flow);
void yaml_write_map_end(struct yaml_writer *writer);
void yaml_write_list_begin(struct yaml_writer *writer, bool flow);
void yaml_write_list_end(struct yaml_writer *writer);
/* Plain where YAML reads it back as the same text and it does not look like a number; else quoted; text
 * with newlines as a literal block (outside flow). */
void yaml_write_text(struct yaml_writer *writer, const char *text);
/* Plain, for what this program wrote itself as a number or a word. */
void yaml_write_plain(struct yaml_writer *writer, const char *text);
/* The whole document; the writer can then only be freed. STATUS_INVALID names an emitter problem (never
 * for sane input). */
enum status yaml_writer_finish(struct yaml_writer *writer, struct buffer *out, struct diag_list *diags);

#endif
