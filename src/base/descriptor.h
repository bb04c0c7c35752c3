/* System calls on files. A call that a signal interrupts is made again; nothing else is. What may be opened is
 * decided behind it, in base/confine. */
#ifndef YUBIAO_BASE_DESCRIPTOR_H
#define YUBIAO_BASE_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Always with O_CLOEXEC and O_NOCTTY. -1 with errno. */
int descriptor_open(const char *path, int flags, mode_t mode);
/* A new file that nobody else has (O_CREAT|O_EXCL|O_NOFOLLOW), for reading and writing. -1 with errno. */
int descriptor_create(const char *path, mode_t mode);
/* Bytes read, 0 at the end; -1 with errno. */
ssize_t descriptor_read(int fd, void *bytes, size_t room);
ssize_t descriptor_read_at(int fd, void *bytes, size_t room, off_t offset);

/* These return 0 or the errno. */
int descriptor_write(int fd, const char *bytes, size_t length); /* all of it */
int descriptor_sync(int fd);
int descriptor_sync_data(int fd);
int descriptor_cut(int fd, off_t length);
/* The descriptor is gone whatever this returns; an interrupted close has closed. */
int descriptor_close(int fd);
int descriptor_about(int fd, struct stat *out);
int path_about(const char *path, struct stat *out);      /* follows links */
int path_about_link(const char *path, struct stat *out); /* does not */
/* As readlink(): no NUL is added; -1 with errno. */
ssize_t path_read_link(const char *path, char *out, size_t room);
bool path_may_write(const char *path);
int path_rename(const char *from, const char *to);
int path_link(const char *from, const char *to);
int path_unlink(const char *path);
/* fsync of the directory at `path`. */
int path_sync_directory(const char *path);

/* Gives a new file the owner and mode of another, or, where the owner or group may not be given, a mode that
 * gives nobody more than the other did. 0 or the errno of what failed otherwise. */
int descriptor_take_rights(int fd, const struct stat *other);

#endif
