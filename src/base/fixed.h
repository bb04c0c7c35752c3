/* Where things stand that no user and no environment may name: fixed when the program is built. */
#ifndef YUBIAO_BASE_FIXED_H
#define YUBIAO_BASE_FIXED_H

extern const char fixed_printer[];       /* the command that prints */
extern const char fixed_configuration[]; /* the directory of restricted.conf and printers */

/* The directory that the program itself lies in; NULL if the system does not tell. The
 * caller frees. */
char *fixed_program_directory(void);

#endif
