/* What the store's tests share: a folder of their own, and the sample's text with something changed in it.
 */
#ifndef YUBIAO_TESTS_STORE_FIXTURE_H
#define YUBIAO_TESTS_STORE_FIXTURE_H

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "model/finding.h"
#include "model/operation.h"
#include "store/trailer.h"
#include "store/workbook_file.h"

#ifndef SAMPLE
#define SAMPLE "sample-data/beidaihe-2024.yaml"
#endif

struct fixture {
	char folder[64];
	char file[96];
	struct form_pack *pack;
	struct workbook *workbook;
	struct diag_list diags;
};

static inline int fixture_open(void **state)
{
	struct fixture *f = memory_new(sizeof(*f));

	setlocale(LC_ALL, "C.UTF-8");
	setenv("YUBIAO_FORMS", "forms:tests/unit/packs", 1);
	strcpy(f->folder, "/tmp/yubiao-store-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->file, sizeof(f->file), "%s/w.yaml", f->folder);
	*state = f;
	return 0;
}

static inline void fixture_forget(struct fixture *f)
{
	workbook_free(f->workbook);
	if (f->pack != NULL)
		form_pack_free(f->pack);
	f->workbook = NULL;
	f->pack = NULL;
	diag_list_done(&f->diags);
}

static inline int fixture_close(void **state)
{
	struct fixture *f = *state;

	fixture_forget(f);
	unlink(f->file);
	rmdir(f->folder);
	memory_free(f);
	return 0;
}

static inline enum status load(struct fixture *f, const char *path)
{
	fixture_forget(f);
	return workbook_file_load(&f->workbook, &f->pack, path, NULL, &f->diags);
}

static inline enum status save(struct fixture *f, const char *path)
{
	struct buffer bytes = {0};
	enum status status;

	assert_int_equal(workbook_file_format(f->workbook, 0, &bytes, &f->diags), STATUS_OK);
	status = file_replace(path, buffer_text(&bytes), bytes.length, FILE_PRIVATE, &f->diags);
	buffer_done(&bytes);
	return status;
}

static inline void must_load(struct fixture *f, const char *path)
{
	if (load(f, path) == STATUS_OK)
		return;
	char *text = f->diags.count > 0 ? diag_text(&f->diags.items[0]) : NULL;
	fail_msg("%s", text != NULL ? text : "no message");
}

static inline void write_file(const char *path, const char *bytes, size_t length)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

/* The sample without its trailer. */
static inline char *sample_body(void)
{
	struct buffer bytes = {0};
	size_t offset;

	assert_int_equal(file_read(&bytes, SAMPLE, 1 << 20, NULL), STATUS_OK);
	assert_true(trailer_find(bytes.data, bytes.length, &offset));
	bytes.data[offset] = '\0';
	return buffer_take(&bytes);
}

/* The sample's body with the first `old` behind `after` replaced. */
static inline char *changed_body(const char *after, const char *old, const char *new)
{
	char *body = sample_body(), *start, *place;
	struct buffer out = {0};

	start = strstr(body, after);
	assert_non_null(start);
	place = strstr(start, old);
	assert_non_null(place);
	buffer_add_bytes(&out, body, (size_t)(place - body));
	buffer_add(&out, new);
	buffer_add(&out, place + strlen(old));
	memory_free(body);
	return buffer_take(&out);
}

/* Writes a body with a trailer that fits it. */
static inline void write_body(struct fixture *f, const char *body)
{
	struct buffer out = {0};
	size_t rows = 0;

	for (const char *here = body; (here = strstr(here, "row:")) != NULL; here++)
		rows += here[-1] == '{' || strncmp(here - 2, "- ", 2) == 0;
	buffer_add(&out, body);
	trailer_add(&out, rows, 0);
	write_file(f->file, out.data, out.length);
	buffer_done(&out);
}

static inline void write_changed(struct fixture *f, const char *after, const char *old, const char *new)
{
	char *body = changed_body(after, old, new);

	write_body(f, body);
	memory_free(body);
}

static inline int64_t figure(const struct fixture *f, const char *table, const char *row,
			     const char *column)
{
	int t = form_table_find(f->pack, table);
	const struct row *r = workbook_row_find(f->workbook, t, row);

	assert_non_null(r);
	return workbook_value(f->workbook, r, form_leaf_find(f->pack->tables[t], column, row_block(r)))
		.number;
}

#endif
