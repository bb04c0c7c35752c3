/* One writer at a time. The lock stands beside the file, in `.NAME.lock` of the directory that holds the file
 * itself (links resolved), because saving puts a new file into the place of the old one. It is an open file
 * description lock: the system drops it with the process, however that ends, so that what is left behind by a
 * dead one is taken over without a question. What stands in the file only tells others who has it.
 *
 * File systems that know no such locks get a file made with O_EXCL; whether its owner still lives can then be
 * told for processes of this host alone, and a note says so. */
#ifndef YUBIAO_BASE_LOCK_H
#define YUBIAO_BASE_LOCK_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/diag.h"
#include "base/who.h"

struct lock;

struct lock_holder { /* sanitized; "" and 0 where not known */
	struct who who;
	long process;
	char since[MOMENT_SIZE];
};

/* Takes the lock of the file at `path`, which need not exist yet. STATUS_OK: *lock is the caller's, to be
 * released. STATUS_LOCKED: somebody else has it, `holder` says who; no sentence is added. STATUS_IO: it cannot
 * be locked (a directory that may not be written); a note says so, and *lock is NULL. */
enum status lock_take(struct lock **lock, const char *path, struct lock_holder *holder, struct diag_list *diags);
/* Writes who has it, and since when: until then others learn only that somebody does. Once is enough. NULL: nothing
 * happens. */
void lock_tell(struct lock *lock);
/* Somebody has it now, perhaps this process. Takes nothing and makes no file. */
bool lock_is_held(const char *path, struct lock_holder *holder);
/* NULL: nothing happens. The file goes before the lock does. */
void lock_release(struct lock *lock);

/* Adds 张三（主机 h，10:21 起）. */
void lock_holder_words(const struct lock_holder *holder, struct buffer *out);

/* Locks a descriptor that is open for writing, without a file beside it: true, or false if somebody else has.
 * Where the system has no such locks, true. */
bool descriptor_lock(int fd);
/* Somebody, perhaps this process by another descriptor, has locked it so. */
bool descriptor_is_locked(int fd);

#endif
