/* Landlock, by which the kernel itself keeps a process away from files: the second wall behind base/confine,
 * for what the program does not open by itself (libc's conversion tables, a printer's command) and for the
 * day on which the first has a hole. One way, and inherited by every child. */
#ifndef YUBIAO_BASE_LANDLOCK_H
#define YUBIAO_BASE_LANDLOCK_H

#include <stdbool.h>

/* The version of the kernel's interface; 0: it has none, or it is switched off. */
int landlock_version(void);

/* Lists end by NULL; a path that is not there does not count. */
struct landlock_paths {
	const char *worked_in;       /* the directory in which files are made, written and removed */
	const char *const *readable; /* directories and files */
	const char *const *runs;     /* directories and files whose programs may be run; empty: none may */
};
/* False: the kernel cannot, and nothing is forbidden. Where nothing may be run, nothing may be connected to
 * over TCP either. */
bool landlock_begin(const struct landlock_paths *paths);

#endif
