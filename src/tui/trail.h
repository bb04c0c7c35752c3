/* Pieces of the lines that tell of changes. What comes from a file is sanitized where it is shown. */
#ifndef YUBIAO_TUI_TRAIL_H
#define YUBIAO_TUI_TRAIL_H

#include "base/buffer.h"
#include "session/recover.h"

/* 2024-05-06 10:21:33, of a time as session/recover.h gives it. */
void trail_add_moment(struct buffer *out, const char *time);
/* 5.60 → （空）, on one line */
void trail_add_values(struct buffer *out, const char *before, const char *after);
/* A line: when, who, what, where, from what to what. */
void trail_add_change(struct buffer *out, const struct session_change *change);

#endif
