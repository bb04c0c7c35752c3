/* One writer at a time, whoever dies, and where the file system has no locks. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/lock.h"

static bool no_locks; /* of this file system */

int fcntl(int fd, int command, ...)
{
	va_list list;
	void *argument;

	va_start(list, command);
	argument = va_arg(list, void *);
	va_end(list);
	if (no_locks && (command == F_OFD_SETLK || command == F_OFD_GETLK)) {
		errno = EINVAL;
		return -1;
	}
	return (int)syscall(SYS_fcntl, fd, command, argument);
}

static char directory[] = "/tmp/yubiao-lock-test-XXXXXX";

static int enter_directory(void **state)
{
	(void)state;
	setlocale(LC_ALL, "C.UTF-8");
	return mkdtemp(directory) == NULL ? -1 : chdir(directory);
}

static int leave_directory(void **state)
{
	(void)state;
	remove("file");
	remove("link");
	return chdir("/") == 0 && rmdir(directory) == 0 ? 0 : -1;
}

static int back_to_normal(void **state)
{
	(void)state;
	no_locks = false;
	remove(".file.lock");
	return 0;
}

static bool take(struct lock **lock, struct lock_holder *holder)
{
	struct diag_list diags = {0};
	enum status status = lock_take(lock, "file", holder, &diags);

	assert_int_equal(diags.errors, 0);
	diag_list_done(&diags);
	assert_true(status == STATUS_OK || status == STATUS_LOCKED);
	assert_int_equal(*lock != NULL, status == STATUS_OK);
	return status == STATUS_OK;
}

static void the_second_is_told_who_has_it(void **state)
{
	struct lock *first, *second;
	struct lock_holder holder;
	struct buffer words = {0};
	struct who who;

	(void)state;
	who_am_i(&who);
	assert_false(lock_is_held("file", &holder));
	assert_true(take(&first, &holder));
	assert_false(take(&second, &holder));
	assert_string_equal(holder.who.user, "");
	lock_tell(first);
	assert_true(lock_is_held("file", &holder));
	assert_false(take(&second, &holder));
	assert_string_equal(holder.who.user, who.user);
	assert_string_equal(holder.who.host, who.host);
	assert_int_equal(holder.process, getpid());
	assert_true(moment_read(holder.since) > time(NULL) - 60);
	lock_holder_words(&holder, &words);
	assert_non_null(strstr(words.data, who.user));
	assert_non_null(strstr(words.data, who.host));
	buffer_done(&words);
	lock_release(first);
	assert_false(file_exists(".file.lock"));
	assert_true(take(&second, &holder));
	lock_release(second);
}

static void closing_another_descriptor_keeps_it(void **state)
{
	struct lock *first, *second;
	struct lock_holder holder;

	(void)state;
	assert_true(take(&first, &holder));
	close(open(".file.lock", O_RDWR));
	assert_false(take(&second, &holder));
	lock_release(first);
}

static void a_link_is_locked_where_it_leads(void **state)
{
	struct lock *first, *second;
	struct lock_holder holder;

	(void)state;
	assert_int_equal(symlink("file", "link"), 0);
	assert_int_equal(lock_take(&first, "link", &holder, NULL), STATUS_OK);
	assert_false(take(&second, &holder));
	lock_release(first);
}

/* A child takes it and is killed; `also_listens` runs while it lives. */
static void with_child(void (*also_listens)(void))
{
	int told[2], status;
	char byte;
	pid_t child;

	assert_int_equal(pipe(told), 0);
	child = fork();
	if (child == 0) {
		struct lock_holder holder;
		struct lock *lock;
		bool taken = lock_take(&lock, "file", &holder, NULL) == STATUS_OK;
		lock_tell(lock);
		(void)!write(told[1], taken ? "y" : "n", 1);
		pause();
		_exit(0);
	}
	assert_int_equal(read(told[0], &byte, 1), 1);
	assert_int_equal(byte, 'y');
	also_listens();
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	close(told[0]);
	close(told[1]);
}

static void is_refused(void)
{
	struct lock_holder holder;
	struct lock *lock;

	assert_false(take(&lock, &holder));
}

static void that_of_a_dead_one_is_taken_over(void **state)
{
	struct lock_holder holder;
	struct lock *lock;

	(void)state;
	with_child(is_refused);
	assert_true(file_exists(".file.lock"));
	assert_false(lock_is_held("file", &holder));
	assert_true(take(&lock, &holder));
	assert_true(lock_is_held("file", &holder));
	assert_string_equal(holder.who.user, ""); /* not the dead one's name */
	lock_release(lock);
}

static void without_locks_by_host_and_process(void **state)
{
	struct lock_holder holder;
	struct lock *lock;
	struct diag_list diags = {0};

	(void)state;
	no_locks = true;
	with_child(is_refused);
	assert_int_equal(lock_take(&lock, "file", &holder, &diags), STATUS_OK);
	assert_int_equal(diags.count, 1);
	assert_int_equal(diags.items[0].severity, DIAG_NOTE);
	diag_list_done(&diags);
	is_refused();
	lock_release(lock);
	assert_false(file_exists(".file.lock"));
}

static void another_hosts_is_respected(void **state)
{
	struct lock_holder holder;
	struct lock *lock;
	FILE *file = fopen(".file.lock", "w");

	(void)state;
	fputs("faraway\tzhang\033[31m\t1\t2024-05-06T10:21:33+08:00\n", file);
	fclose(file);
	no_locks = true;
	assert_false(take(&lock, &holder));
	assert_string_equal(holder.who.host, "faraway");
	assert_null(strchr(holder.who.user, '\033'));
	no_locks = false;
	assert_true(take(&lock, &holder));
	lock_release(lock);
}

static void where_it_cannot_be_made_a_note_says_so(void **state)
{
	struct diag_list diags = {0};
	struct lock_holder holder;
	struct lock *lock;

	(void)state;
	assert_int_equal(lock_take(&lock, "missing/file", &holder, &diags), STATUS_IO);
	assert_null(lock);
	assert_int_equal(diags.errors, 0);
	assert_int_equal(diags.count, 1);
	diag_list_done(&diags);
}

/* A lock that somebody made a second name of the user's own file: that is not written to. */
static void a_second_name_of_another_file_is_left_alone(void **state)
{
	struct lock_holder holder;
	struct diag_list diags = {0};
	struct lock *lock;
	char room[8] = "";
	FILE *file = fopen("mine", "w");

	(void)state;
	assert_non_null(file);
	assert_int_equal(fputs("mine\n", file) < 0, 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(link("mine", ".file.lock"), 0);
	assert_int_equal(lock_take(&lock, "file", &holder, &diags), STATUS_IO);
	assert_null(lock);
	assert_int_equal(diags.count, 1);
	diag_list_done(&diags);
	file = fopen("mine", "r");
	assert_non_null(file);
	assert_non_null(fgets(room, sizeof(room), file));
	assert_int_equal(fclose(file), 0);
	assert_string_equal(room, "mine\n");
	assert_int_equal(remove("mine"), 0);
	assert_int_equal(remove(".file.lock"), 0);
}

/* Two processes take and release; whoever has it finds nobody else in the room. */
struct room {
	int inside, most, taken;
};

static void race(struct room *room, int rounds)
{
	struct lock_holder holder;
	struct lock *lock;

	for (int i = 0; i < rounds;) {
		int inside;
		if (lock_take(&lock, "file", &holder, NULL) != STATUS_OK)
			continue;
		inside = __atomic_add_fetch(&room->inside, 1, __ATOMIC_SEQ_CST);
		if (inside > room->most)
			room->most = inside;
		__atomic_add_fetch(&room->taken, 1, __ATOMIC_SEQ_CST);
		__atomic_sub_fetch(&room->inside, 1, __ATOMIC_SEQ_CST);
		lock_release(lock);
		i++;
	}
}

static void racing_writers_are_never_both_in(void **state)
{
	struct room *room = mmap(NULL, sizeof(*room), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status;
	pid_t child;

	(void)state;
	child = fork();
	if (child == 0) {
		race(room, 300);
		_exit(0);
	}
	race(room, 300);
	waitpid(child, &status, 0);
	assert_int_equal(room->taken, 600);
	assert_int_equal(room->most, 1);
	munmap(room, sizeof(*room));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(the_second_is_told_who_has_it, back_to_normal),
		cmocka_unit_test_teardown(closing_another_descriptor_keeps_it, back_to_normal),
		cmocka_unit_test_teardown(a_link_is_locked_where_it_leads, back_to_normal),
		cmocka_unit_test_teardown(that_of_a_dead_one_is_taken_over, back_to_normal),
		cmocka_unit_test_teardown(without_locks_by_host_and_process, back_to_normal),
		cmocka_unit_test_teardown(another_hosts_is_respected, back_to_normal),
		cmocka_unit_test_teardown(where_it_cannot_be_made_a_note_says_so, back_to_normal),
		cmocka_unit_test_teardown(a_second_name_of_another_file_is_left_alone, back_to_normal),
		cmocka_unit_test_teardown(racing_writers_are_never_both_in, back_to_normal),
	};
	return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
