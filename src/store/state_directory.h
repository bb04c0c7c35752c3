/* Where the program keeps what it needs to remember: $XDG_STATE_HOME/yubiao, else ~/.local/state/yubiao. */
#ifndef YUBIAO_STORE_STATE_DIRECTORY_H
#define YUBIAO_STORE_STATE_DIRECTORY_H

/* The path of `name` in it, which need not exist; NULL where there is no home. XDG says that a path that is not
 * absolute does not count. The caller frees. */
char *state_path(const char *name);

#endif
