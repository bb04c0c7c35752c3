/* Replays a corpus without libFuzzer: every file below the folders named is run once, in order of name. TAP.
 *
 * A crash, or memory that is not given back, ends the program by the sanitizer; then there is no result. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

static char current[4096];

#ifdef __SANITIZE_ADDRESS__
static void tell(void)
{
	if (write(STDERR_FILENO, "\nwhile running ", 15) > 0 && write(STDERR_FILENO, current, strlen(current)) > 0)
		(void)!write(STDERR_FILENO, "\n", 1);
}
#endif

/* The bytes end where their block ends, so that reading beyond them is seen. */
static void run_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat about;

	if (file == NULL || fstat(fileno(file), &about) != 0) {
		perror(path);
		exit(1);
	}
	size_t size = (size_t)about.st_size;
	uint8_t *data = malloc(size > 0 ? size : 1);
	if (data == NULL || fread(data, 1, size, file) != size) {
		perror(path);
		exit(1);
	}
	fclose(file);
	snprintf(current, sizeof(current), "%s", path);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
}

static int run_folder(const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort), ran = 0;

	for (int i = 0; i < count; i++) {
		char path[4096];
		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.') {
			run_file(path);
			ran++;
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return ran;
}

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/'), *name = slash != NULL ? slash + 1 : argv[0];
	char folder[512];
	FILE *out = fdopen(dup(STDOUT_FILENO), "w"); /* the target may take standard output for itself */
	int ran = 0;

#ifdef __SANITIZE_ADDRESS__
	__sanitizer_set_death_callback(tell);
#endif
	if (out == NULL)
		return 1;
	if (LLVMFuzzerInitialize != NULL)
		LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++) {
		struct stat about;
		if (stat(argv[i], &about) == 0 && S_ISDIR(about.st_mode))
			ran += run_folder(argv[i]);
		else
			run_file(argv[i]), ran++;
	}
	if (argc == 1) {
		snprintf(folder, sizeof(folder), "tests/fuzz/corpus/%s", name);
		ran = run_folder(folder);
	}
	current[0] = '\0';
	fprintf(out, "1..1\n%s 1 - %s: %d inputs replayed\n", ran > 0 ? "ok" : "not ok", name, ran);
	fclose(out);
	return ran > 0 ? 0 : 1;
}
