/* Classification catalogues (科目目录): codes with names and years of validity, read from forms/catalogue/.
 * A code's parent is the longest shorter level that is its beginning; the lengths of the levels stand in
 * catalogue.yaml, not here. */
#ifndef YUBIAO_FORM_CATALOGUE_H
#define YUBIAO_FORM_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/diag.h"
#include "base/memory.h"

#define CATALOGUE_LEVELS_MAX 6
#define CATALOGUE_CODE_MAX 20 /* digits of a code */

struct catalogue_level {
	const char *name; /* 类, 款, 项 */
	size_t length;    /* digits of a code of this level */
};

struct catalogue_entry { /* small, for there are thousands */
	uint64_t head; /* the first eight bytes of the code: most comparisons need no more */
	const char *code, *name;
	short valid_from, valid_to; /* editions; 0: open */
	signed char level;          /* 0 the outermost */
};

struct catalogue {
	const char *id, *title, *file; /* of the codes */
	struct catalogue_level levels[CATALOGUE_LEVELS_MAX];
	int level_count;
	struct catalogue_entry *entries; /* sorted by code, then valid_from */
	size_t entry_count;
};

struct catalogue_folder; /* a folder of catalogues as its catalogue.yaml describes it */
/* The catalogue/ under `directory`, NULL if there is no catalogue/catalogue.yaml. Lives in the arena. */
const struct catalogue_folder *catalogue_folder_open(struct arena *arena, const char *directory);
/* True if the folder lists catalogue `id`, or if its catalogue.yaml cannot be read: then catalogue_load() says why.
 * Else adds what it lists to `known`. */
bool catalogue_is_listed(const struct catalogue_folder *folder, const char *id, struct buffer *known);
/* Reads catalogue `id` of the folder. NULL and errors on failure. */
struct catalogue *catalogue_load(struct arena *arena, const struct catalogue_folder *folder, const char *id,
				 struct diag_list *diags);
/* Warnings: codes that are there twice in one year, and codes whose parent is not there. */
void catalogue_lint(const struct catalogue *catalogue, struct arena *arena, struct diag_list *diags);
/* The entry of `code` valid in `year`, NULL if there is none. */
const struct catalogue_entry *catalogue_find(const struct catalogue *catalogue, const char *code, int year);
/* The level whose codes are as long as `code`, -1 if none is, or if it does not consist of digits. */
int catalogue_level_of(const struct catalogue *catalogue, const char *code);
/* Bytes of the beginning of `code` that is its parent's code; 0 for an outermost code. */
size_t catalogue_parent_length(const struct catalogue *catalogue, const char *code);
/* A code written in parts, blanks between them: `201 3 1` is 2010301, a part that lacks leading zeros gets
 * them. What is one piece, or cannot be cut at the levels, is taken less its blanks. Added to `out`. */
void catalogue_join(const struct catalogue *catalogue, const char *written, struct buffer *out);
/* Entries valid in `year` whose code begins with, or whose name contains, `wanted` (folded), at level `level`
 * (-1: any), in order of code: those from `skip` on, at most `most` of them to out[]. Returns how many were
 * written; *total: how many there are. */
size_t catalogue_search(const struct catalogue *catalogue, int year, const char *wanted, int level,
			const struct catalogue_entry **out, size_t skip, size_t most, size_t *total);

#endif
