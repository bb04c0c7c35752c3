/* Files in memory, in the place of those on the disk: what a fuzz target reads and writes through base/file.h
 * goes here (the linker's --wrap puts these functions before the real ones). */
#ifndef YUBIAO_TESTS_FUZZ_FILES_H
#define YUBIAO_TESTS_FUZZ_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From here on the disk is not seen. Before it, what is not in memory is read from there. */
void files_seal(void);
/* Takes away every file in memory. */
void files_clear(void);
/* The bytes are copied. */
void files_put(const char *path, const void *bytes, size_t length);
/* Several files from one input: each begins with a line `=== NAME` and stands at FOLDER/NAME; what comes
 * before the first such line is dropped. */
void files_unpack(const char *folder, const uint8_t *bytes, size_t length);
/* Adds a file of the disk to `out`; ends the program if that fails. */
struct buffer;
void files_load(const char *path, struct buffer *out);
/* The bytes of the file at `path`, NULL if there is none; borrowed. */
const char *files_get(const char *path, size_t *length);

#endif
