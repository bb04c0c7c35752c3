#include "base/who.h"

#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/confine.h"
#include "base/text.h"

/* Clean, without blanks, and cut between characters. */
static void set_word(char out[WHO_SIZE], const char *text)
{
	struct buffer clean = {0};
	size_t length;

	text_sanitize(&clean, text, strlen(text), false);
	for (size_t i = 0; i < clean.length; i++)
		if (clean.data[i] == ' ' || clean.data[i] == '@')
			clean.data[i] = '_';
	length = clean.length < WHO_SIZE ? clean.length : WHO_SIZE - 1;
	while (length > 0 && length < clean.length && ((unsigned char)clean.data[length] & 0xC0) == 0x80)
		length--;
	memcpy(out, buffer_text(&clean), length);
	out[length] = '\0';
	buffer_done(&clean);
}

/* A user of this machine. */
static const struct passwd *find_in_file(uid_t user)
{
	int fd = confine_open("/etc/passwd", O_RDONLY, 0);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	const struct passwd *record = NULL;

	if (file == NULL) {
		if (fd >= 0)
			(void)close(fd);
		return NULL;
	}
	do {
		record = fgetpwent(file);
	} while (record != NULL && record->pw_uid != user);
	(void)fclose(file);
	return record;
}

/* The file first: most users stand in it, and to begin with the name service takes as long as to read a workbook. */
static const struct passwd *find_user(uid_t user)
{
	const struct passwd *record = find_in_file(user);

	return record != NULL ? record : getpwuid(user);
}

static void set_user(char out[WHO_SIZE])
{
	const struct passwd *record = find_user(geteuid());
	const char *name = record != NULL ? record->pw_name : NULL;
	char number[24];

	if (name == NULL || *name == '\0')
		name = getenv("USER");
	if (name == NULL || *name == '\0')
		name = getenv("LOGNAME");
	snprintf(number, sizeof(number), "%ld", (long)geteuid());
	set_word(out, name != NULL && *name != '\0' ? name : number);
}

void who_am_i(struct who *out)
{
	char host[256] = "";

	if (gethostname(host, sizeof(host) - 1) != 0 || host[0] == '\0')
		snprintf(host, sizeof(host), "localhost");
	set_word(out->host, host);
	set_user(out->user);
}

static char *put_number(char *out, int number, int digits, char behind)
{
	for (int i = digits - 1; i >= 0; i--, number /= 10)
		out[i] = (char)('0' + number % 10);
	out[digits] = behind;
	return out + digits + 1;
}

void moment_text(time_t moment, char out[MOMENT_SIZE])
{
	struct tm local;
	int zone;

	out[0] = '\0';
	if (localtime_r(&moment, &local) == NULL)
		return;
	zone = (int)(local.tm_gmtoff < 0 ? -local.tm_gmtoff : local.tm_gmtoff) / 60;
	out = put_number(out, local.tm_year + 1900, 4, '-');
	out = put_number(out, local.tm_mon + 1, 2, '-');
	out = put_number(out, local.tm_mday, 2, 'T');
	out = put_number(out, local.tm_hour, 2, ':');
	out = put_number(out, local.tm_min, 2, ':');
	out = put_number(out, local.tm_sec, 2, local.tm_gmtoff < 0 ? '-' : '+');
	out = put_number(out, zone / 60, 2, ':');
	(void)put_number(out, zone % 60, 2, '\0');
}

time_t moment_read(const char *text)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddsdd:dd";
	struct tm moment = {0};
	int hours, minutes;
	time_t time;

	for (size_t i = 0; i < sizeof(form); i++) {
		bool digit = text[i] >= '0' && text[i] <= '9', sign = text[i] == '+' || text[i] == '-';

		if (form[i] == 'd' ? !digit : form[i] == 's' ? !sign : text[i] != form[i])
			return -1;
	}
	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &moment.tm_year, &moment.tm_mon, &moment.tm_mday,
		   &moment.tm_hour, &moment.tm_min, &moment.tm_sec) != 6 ||
	    sscanf(text + 20, "%2d:%2d", &hours, &minutes) != 2)
		return -1;
	moment.tm_year -= 1900;
	moment.tm_mon--;
	time = timegm(&moment);
	return text[19] == '-' ? time + hours * 3600 + minutes * 60 : time - hours * 3600 - minutes * 60;
}
