/* Stands for lp: puts down beside the workbooks what it was given. It may be run by nobody but the program, with what is listed, so it
 * says exactly that: arguments, environment, descriptors beyond the first three, and what it read. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv)
{
	FILE *out = fopen("printed", "a");
	char room[4096];
	size_t got;

	if (out == NULL)
		return 1;
	for (int i = 0; i < argc; i++)
		fprintf(out, "argument %s\n", argv[i]);
	for (char **variable = environ; *variable != NULL; variable++)
		fprintf(out, "variable %s\n", *variable);
	for (int fd = 3; fd < 1024; fd++)
		if (fd != fileno(out) && fcntl(fd, F_GETFD) >= 0)
			fprintf(out, "descriptor %d\n", fd);
	fprintf(out, "text\n");
	while ((got = fread(room, 1, sizeof(room), stdin)) > 0)
		fwrite(room, 1, got, out);
	return fclose(out) != 0;
}
