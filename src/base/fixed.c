#include "base/fixed.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

/* The Makefile says where (lp, sysconfdir). */
#ifndef FIXED_PRINTER
#define FIXED_PRINTER "/usr/bin/lp"
#endif
#ifndef FIXED_SYSCONFDIR
#define FIXED_SYSCONFDIR "/etc"
#endif

const char fixed_printer[] = FIXED_PRINTER;
const char fixed_configuration[] = FIXED_SYSCONFDIR "/yubiao";

char *fixed_program_directory(void)
{
	char program[PATH_MAX], *slash;
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	program[length > 0 ? length : 0] = '\0';
	slash = strrchr(program, '/');
	if (slash == NULL)
		return NULL;
	*slash = '\0';
	return memory_copy_string(program);
}
