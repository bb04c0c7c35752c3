/* File names between the program, where they are UTF-8, and the system, where they are the bytes that the
 * user's other programs see: in the encoding of the terminal. Internal to the session directory, but for
 * session_paths_in(). */
#ifndef YUBIAO_SESSION_PATH_H
#define YUBIAO_SESSION_PATH_H

/* The bytes that name the file `path`. Where no file is called so in the encoding of the terminal, but one is
 * in UTF-8, that one is meant. The caller frees. */
char *path_native(const char *path);
/* The file name in UTF-8, if it can be told. The caller frees. */
char *path_shown(const char *path);

#endif
