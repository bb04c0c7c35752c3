/* Preloaded: user, real name and host are what $EVIL says, as a directory service or a network could have it. */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *evil(void)
{
	const char *text = getenv("EVIL");

	return text != NULL ? text : "EVIL";
}

static struct passwd *record(uid_t user)
{
	static struct passwd one;
	static char name[256], words[256], home[] = "/nonexistent", shell[] = "/bin/sh", secret[] = "*";

	snprintf(name, sizeof(name), "u%s", evil());
	snprintf(words, sizeof(words), "g%s", evil());
	one = (struct passwd){.pw_name = name, .pw_passwd = secret, .pw_uid = user, .pw_gecos = words, .pw_dir = home, .pw_shell = shell};
	return &one;
}

struct passwd *fgetpwent(FILE *file)
{
	(void)file;
	return NULL;
}

struct passwd *getpwuid(uid_t user)
{
	return record(user);
}

struct passwd *getpwnam(const char *name)
{
	(void)name;
	return record(getuid());
}

int gethostname(char *name, size_t size)
{
	snprintf(name, size, "h%s", evil());
	return 0;
}

char *getlogin(void)
{
	return record(getuid())->pw_name;
}
