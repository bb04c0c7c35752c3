/* Lines of journals and histories: what was written is read, and nothing that was changed passes for it. */
#include "store_fixture.h"

#include <fcntl.h>

#include "store/record.h"

#define HOSTILE "\t a\\t\n\r\x01\x1b[31m\\x41 中文 \x7f"

static const struct record_head head = {
	.id = "0123456789abcdef0123456789abcdef", .pack = "p", .edition = "e", .base = "-", .where = "/a\tb", .first = 5};

static struct record record_of(uint64_t number, const char *after)
{
	return (struct record){.number = number,
			       .time = "2024-05-06T10:21:33+08:00",
			       .user = "u@h",
			       .verb = RECORD_DO,
			       .group = number,
			       .label = "填列",
			       .kind = "figure",
			       .table = "income",
			       .row = HOSTILE,
			       .column = "数",
			       .before = "",
			       .after = after};
}

static int file_of(const struct fixture *f, const struct buffer *bytes)
{
	write_file(f->file, bytes->data, bytes->length);
	return open(f->file, O_RDONLY | O_CLOEXEC);
}

static void three_records(struct buffer *out)
{
	char sum[RECORD_SUM_SIZE];

	record_head_add(out, &head, sum);
	for (uint64_t i = 0; i < 3; i++) {
		struct record record = record_of(head.first + i, i == 1 ? HOSTILE HOSTILE : "5.60");

		record_add(out, &record, sum);
	}
}

/* How many records are read in order from the beginning before anything is wrong. */
static size_t count_whole(const struct fixture *f, const struct buffer *bytes, enum record_sight *end)
{
	int fd = file_of(f, bytes);
	struct record_reader *reader = record_reader_new(fd, 0, "");
	struct record_head found;
	struct record record;
	size_t count = 0;

	*end = record_read_head(reader, &found);
	while (*end == RECORD_WHOLE && (*end = record_read(reader, &record)) == RECORD_WHOLE)
		count++;
	record_reader_free(reader);
	close(fd);
	return count;
}

static void what_is_written_is_read(void **state)
{
	struct fixture *f = *state;
	struct buffer bytes = {0};
	struct record_head found;
	struct record record;
	struct record_mark mark = {0};

	three_records(&bytes);
	int fd = file_of(f, &bytes);
	struct record_reader *reader = record_reader_new(fd, 0, "");
	assert_int_equal(record_read_head(reader, &found), RECORD_WHOLE);
	assert_string_equal(found.id, head.id);
	assert_string_equal(found.where, head.where);
	assert_int_equal(found.first, 5);
	assert_false(found.history);
	assert_int_equal(record_read(reader, &record), RECORD_WHOLE);
	record_mark_set(&mark, reader, &record);
	assert_int_equal(record_read(reader, &record), RECORD_WHOLE);
	assert_int_equal(record.number, 6);
	assert_int_equal(record.verb, RECORD_DO);
	assert_string_equal(record.row, HOSTILE);
	assert_string_equal(record.after, HOSTILE HOSTILE);
	assert_int_equal(record_read(reader, &record), RECORD_WHOLE);
	assert_int_equal(record_read(reader, &record), RECORD_END);
	record_reader_free(reader);
	/* And from the place between the first two. */
	reader = record_reader_new(fd, mark.offset, mark.sum);
	assert_int_equal(record_read(reader, &record), RECORD_WHOLE);
	assert_int_equal(record.number, 6);
	record_reader_free(reader);
	close(fd);
	buffer_done(&bytes);
}

static void a_line_is_one_line_of_text(void **state)
{
	struct buffer bytes = {0};
	size_t lines = 0;

	(void)state;
	three_records(&bytes);
	for (size_t i = 0; i < bytes.length; i++) {
		unsigned char byte = (unsigned char)bytes.data[i];

		lines += byte == '\n';
		assert_true(byte >= 0x20 || byte == '\n' || byte == '\t');
		assert_int_not_equal(byte, 0x7F);
	}
	assert_int_equal(lines, 4);
	buffer_done(&bytes);
}

/* Every bit of every byte. */
static void no_changed_byte_passes(void **state)
{
	struct fixture *f = *state;
	struct buffer bytes = {0};
	size_t passed = 0, end_of_two = 0, lines = 0;
	enum record_sight end;

	three_records(&bytes);
	for (size_t i = 0; lines < 3; i++)
		if (bytes.data[i] == '\n' && ++lines == 3)
			end_of_two = i;
	for (size_t i = 0; i < bytes.length; i++) {
		char was = bytes.data[i];

		bytes.data[i] = (char)(was ^ (1 << i % 8));
		if (count_whole(f, &bytes, &end) >= 3)
			passed++;
		else if (i > end_of_two)
			assert_int_equal(count_whole(f, &bytes, &end), 2);
		bytes.data[i] = was;
	}
	assert_int_equal(passed, 0);
	assert_int_equal(count_whole(f, &bytes, &end), 3);
	buffer_done(&bytes);
}

static void what_was_cut_off_is_seen_at_every_byte(void **state)
{
	struct fixture *f = *state;
	struct buffer bytes = {0};
	enum record_sight end;

	three_records(&bytes);
	for (size_t length = bytes.length; length > 0; length--) {
		struct buffer part = {.data = bytes.data, .length = length};
		size_t lines = 0;

		for (size_t i = 0; i < length; i++)
			lines += bytes.data[i] == '\n';
		assert_int_equal(count_whole(f, &part, &end), lines > 0 ? lines - 1 : 0);
		assert_int_equal(end, bytes.data[length - 1] == '\n' ? RECORD_END : RECORD_CUT);
	}
	buffer_done(&bytes);
}

/* A line without an end is not read whole, whatever its length. */
static void a_line_that_is_too_long_is_passed_over(void **state)
{
	struct fixture *f = *state;
	struct buffer bytes = {0};
	char sum[RECORD_SUM_SIZE], was[RECORD_SUM_SIZE];
	struct record record = record_of(5, "1"), next = record_of(6, "2");
	enum record_sight end;

	record_head_add(&bytes, &head, sum);
	record_add(&bytes, &record, sum);
	memcpy(was, sum, sizeof(was));
	for (size_t i = 0; i < 3 * RECORD_LINE_MOST; i++)
		buffer_add_byte(&bytes, 'x');
	assert_int_equal(count_whole(f, &bytes, &end), 1);
	assert_int_equal(end, RECORD_CUT);
	buffer_add_byte(&bytes, '\n');
	record_add(&bytes, &next, was);
	assert_int_equal(count_whole(f, &bytes, &end), 1);
	assert_int_equal(end, RECORD_BAD);
	buffer_done(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_written_is_read, fixture_open, fixture_close),
		cmocka_unit_test(a_line_is_one_line_of_text),
		cmocka_unit_test_setup_teardown(no_changed_byte_passes, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(what_was_cut_off_is_seen_at_every_byte, fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(a_line_that_is_too_long_is_passed_over, fixture_open, fixture_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
