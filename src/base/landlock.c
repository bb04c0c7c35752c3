/* libc has no functions for this, and the system's header may be older than its kernel, so numbers and
 * structures stand here as the kernel's manual gives them. A newer kernel knows more rights than an older
 * one; what this one does not know is not asked for. */
#include "base/landlock.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The same on every machine that Debian knows. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif
#define ASK_VERSION 1u
#define RULE_PATH 1

enum {
	MAY_RUN = 1 << 0,
	MAY_WRITE = 1 << 1,
	MAY_READ = 1 << 2,
	MAY_LIST = 1 << 3,
	MAY_REMOVE = 1 << 4 | 1 << 5,                                 /* directories, files */
	MAY_MAKE = 1 << 7 | 1 << 8,                                   /* directories, files */
	MAY_MAKE_ODD = 1 << 6 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12, /* devices, sockets, pipes, links */
	MAY_MOVE = 1 << 13,    /* between directories; from version 2 on */
	MAY_EMPTY = 1 << 14,   /* truncate; 3 */
	MAY_CONTROL = 1 << 15, /* a device opened from now on; 5 */
	ON_FILES = MAY_RUN | MAY_WRITE | MAY_READ | MAY_EMPTY | MAY_CONTROL,
	NET_BIND = 1 << 0, /* 4 */
	NET_CONNECT = 1 << 1,
	SCOPE_ALL = 1 << 0 | 1 << 1, /* sockets without a name, signals; 6 */
};

struct ruleset {
	uint64_t files, net, scope;
};
struct path_rule {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

int landlock_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, ASK_VERSION);

	return version > 0 ? (int)version : 0;
}

static uint64_t known_rights(int version)
{
	uint64_t rights = MAY_RUN | MAY_WRITE | MAY_READ | MAY_LIST | MAY_REMOVE | MAY_MAKE | MAY_MAKE_ODD;

	if (version >= 2)
		rights |= MAY_MOVE;
	if (version >= 3)
		rights |= MAY_EMPTY;
	if (version >= 5)
		rights |= MAY_CONTROL;
	return rights;
}

/* False: the rule could not be made, though the path is there. */
static bool allow(int ruleset, const char *path, uint64_t rights)
{
	struct path_rule rule = {.allowed = rights, .fd = open(path, O_PATH | O_CLOEXEC)};
	struct stat about;
	bool allowed;

	if (rule.fd < 0)
		return true;
	if (fstat(rule.fd, &about) == 0 && !S_ISDIR(about.st_mode))
		rule.allowed &= ON_FILES;
	allowed = syscall(SYS_landlock_add_rule, ruleset, RULE_PATH, &rule, 0u) == 0;
	close(rule.fd);
	return allowed;
}

static bool allow_each(int ruleset, const char *const *paths, uint64_t rights)
{
	bool all = true;

	for (size_t i = 0; paths[i] != NULL; i++)
		all = allow(ruleset, paths[i], rights) && all;
	return all;
}

static long make_ruleset(int version, bool runs_nothing)
{
	struct ruleset ruleset = {.files = known_rights(version)};
	size_t size = version >= 6   ? sizeof(ruleset)
		      : version >= 4 ? offsetof(struct ruleset, scope)
				     : sizeof(uint64_t);

	if (version >= 4)
		ruleset.net = runs_nothing ? NET_BIND | NET_CONNECT : NET_BIND;
	if (version >= 6)
		ruleset.scope = SCOPE_ALL;
	return syscall(SYS_landlock_create_ruleset, &ruleset, size, 0u);
}

bool landlock_begin(const struct landlock_paths *paths)
{
	const uint64_t works = MAY_WRITE | MAY_READ | MAY_LIST | MAY_REMOVE | MAY_MAKE | MAY_MOVE | MAY_EMPTY;
	int version = landlock_version();
	long ruleset = version > 0 ? make_ruleset(version, paths->runs[0] == NULL) : -1;
	bool stands;

	if (ruleset < 0)
		return false;
	stands = allow((int)ruleset, paths->worked_in, works & known_rights(version)) &&
		 allow_each((int)ruleset, paths->readable, MAY_READ | MAY_LIST) &&
		 allow_each((int)ruleset, paths->runs, MAY_READ | MAY_LIST | MAY_RUN) &&
		 prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
		 syscall(SYS_landlock_restrict_self, (int)ruleset, 0u) == 0;
	close((int)ruleset);
	return stands;
}
