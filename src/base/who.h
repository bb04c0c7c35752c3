/* Who works here and when: for locks, journals and histories, which other people read. */
#ifndef YUBIAO_BASE_WHO_H
#define YUBIAO_BASE_WHO_H

#include <time.h>

#define WHO_SIZE 64
struct who {
	char user[WHO_SIZE]; /* by the password file, else $USER or $LOGNAME, else the number; sanitized */
	char host[WHO_SIZE];
};
void who_am_i(struct who *out);

#define MOMENT_SIZE 32
/* Local time with its zone: 2024-05-06T10:21:33+08:00. */
void moment_text(time_t moment, char out[MOMENT_SIZE]);
/* The moment that a text of that form names, -1 if it is none. */
time_t moment_read(const char *text);

#endif
