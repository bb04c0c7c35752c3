/* The numbers that stand before generated captions: 1、 2、 3、 or 一、 二、 三、. */
#ifndef YUBIAO_BASE_NUMBER_H
#define YUBIAO_BASE_NUMBER_H

#include <stddef.h>

#include "base/buffer.h"

/* `pattern` says how the first looks: the first `1`, `一` or `①` in it stands for the number. Added to
 * `out`. `number` from 1. */
void number_add(struct buffer *out, const char *pattern, size_t number);
/* Bytes of the number, written so, that `text` begins with, and of blanks behind it; 0: with none. */
size_t number_length(const char *pattern, const char *text);

#endif
