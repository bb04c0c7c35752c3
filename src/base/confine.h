/* The one door to the file system, and what locks it.
 *
 * Every path that the program opens, makes, renames or removes goes through these functions; a check of the
 * sources bans libc's own elsewhere. They do what the calls after which they are named do (-1, or NULL, with
 * errno), but for this: a call that a signal interrupts is made again, descriptors are closed on exec, and no
 * terminal becomes the controlling one.
 *
 * confine_to() is of the whole process and one way, like chdir() and umask(), and the one exception to "no
 * global state below session", so that a caller who knows nothing of it fails closed. Behind it
 *  - a relative path is walked from the directory that was given, whatever becomes of that directory's name:
 *    names only, never `..`, never through a link; no link is opened, read or replaced by what it points to;
 *  - an absolute path may be opened for reading, looked at and listed beneath one of the directories named
 *    readable, in the same way;
 *  - what is opened is a regular file, or a directory where O_DIRECTORY asks for one: a pipe or a device
 *    neither holds the process nor is written to;
 *  - a file that has a name in another directory too (a hard link) is not opened, and one with two names in
 *    its own directory only for reading.
 * All of this is decided by the walk and by fstat() of what was opened, never by a look before it, so that a
 * file which is swapped for a link meanwhile gains nothing. Refusals: EXDEV outside, EROFS readable only,
 * ELOOP or ENOTDIR a link, EMLINK two names, EISDIR or EMEDIUMTYPE no file. */
#ifndef YUBIAO_BASE_CONFINE_H
#define YUBIAO_BASE_CONFINE_H

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/diag.h"

#define CONFINE_READABLE_MOST 32

/* Confines the process to `directory`, which becomes the working directory, and to reading beneath
 * `readable` (absolute, ended by NULL; one that is not there does not count). STATUS_IO with a sentence if
 * the directory cannot be used: then nothing is changed. */
enum status confine_to(const char *directory, const char *const *readable, struct diag_list *diags);
bool confine_is_on(void);

int confine_open(const char *path, int flags, mode_t mode); /* with or without O_CLOEXEC */
DIR *confine_open_directory(const char *path);              /* the caller calls closedir() */
int confine_stat(const char *path, struct stat *out);
int confine_stat_link(const char *path, struct stat *out); /* lstat() */
int confine_access(const char *path, int mode);
ssize_t confine_read_link(const char *path, char *out, size_t size);
char *confine_real_path(const char *path); /* realpath(); the caller frees with free() */
int confine_make_directory(const char *path, mode_t mode);
int confine_rename(const char *from, const char *to);
int confine_link(const char *from, const char *to);
int confine_unlink(const char *path);

#endif
