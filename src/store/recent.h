/* The files opened lately, newest first, under $XDG_STATE_HOME/yubiao/recent (else ~/.local/state). Failing
 * to write it is no error for anybody. */
#ifndef YUBIAO_STORE_RECENT_H
#define YUBIAO_STORE_RECENT_H

#include <stddef.h>

#define RECENT_MOST 9
/* Absolute paths of files that still exist; the caller frees each and the array. */
size_t recent_list(char ***out);
void recent_add(const char *path);

#endif
