/* Printing goes through CUPS's lp alone: a fixed path, an argument vector, a clean environment, never a
 * shell. The text is its standard input, handed over in a memory file, so that a printer that gives up
 * early cannot stop or kill us. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/fixed.h"
#include "base/memory.h"
#include "base/text.h"
#include "output/sheet.h"

#define PRINTER_NAME_MOST 127

bool printer_is_name(const char *name)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
	size_t length = strlen(name);

	return length > 0 && length <= PRINTER_NAME_MOST && name[0] != '-' &&
	       strspn(name, allowed) == length;
}

/* A memory file that holds `bytes`, at its beginning; -1 with errno. */
static int memory_file(const char *bytes, size_t length)
{
	int file = memfd_create("yubiao-print", MFD_CLOEXEC);
	size_t done = 0;

	while (file >= 0 && done < length) {
		ssize_t written = write(file, bytes + done, length - done);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0) {
			close(file);
			return -1;
		}
		done += (size_t)written;
	}
	if (file >= 0)
		lseek(file, 0, SEEK_SET);
	return file;
}

/* Cells of the widest line: paper of 80 columns takes 10 characters an inch, wider text needs 17. */
static bool is_wide(const char *bytes, size_t length)
{
	const char *end = bytes + length;

	while (bytes < end) {
		bytes += *bytes == '\f'; /* between pages; no cell */
		const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
		char *line = memory_copy_bytes(bytes, (size_t)((newline != NULL ? newline : end) - bytes));
		int width = text_width(line);
		memory_free(line);
		if (width > 80)
			return true;
		bytes = newline != NULL ? newline + 1 : end;
	}
	return false;
}

/* In the child, which may only call what is safe there. Does not return. */
static void run_printer(int input, int output, char *const arguments[])
{
	static char path[] = "PATH=/usr/bin:/bin", language[] = "LANG=C.UTF-8";
	char *environment[] = {path, language, NULL};

	if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0)
		_exit(126);
	execve(fixed_printer, arguments, environment);
	_exit(127);
}

/* What lp said, as one line added to a sentence. */
static void add_reply(struct buffer *out, int output)
{
	char bytes[512];
	ssize_t length = pread(output, bytes, sizeof(bytes), 0);

	if (length > 0)
		text_sanitize(out, bytes, (size_t)length, false);
}

static enum status wait_for(pid_t child, int output, struct diag_list *diags)
{
	struct buffer reply = {0};
	int state = 0;
	pid_t ended;

	do
		ended = waitpid(child, &state, 0);
	while (ended < 0 && errno == EINTR);
	if (ended == child && WIFEXITED(state) && WEXITSTATUS(state) == 0)
		return STATUS_OK;
	add_reply(&reply, output);
	diag_error(diags, _("没有打印：lp 不肯接收（%s）。请检查打印机的名字和状态，或者先打印到文件。"),
		   buffer_text(&reply));
	buffer_done(&reply);
	return STATUS_IO;
}

static enum status spawn(int input, char *const arguments[], struct diag_list *diags)
{
	int output = memory_file("", 0);
	enum status status = STATUS_IO;
	pid_t child = output < 0 ? -1 : fork();

	if (child == 0)
		run_printer(input, output, arguments);
	if (child < 0)
		diag_error(diags, _("没有打印：不能启动 lp。%s"), file_explain(errno));
	else
		status = wait_for(child, output, diags);
	if (output >= 0)
		close(output);
	return status;
}

enum status printer_send(const char *bytes, size_t length, const char *name, const char *title,
			 struct diag_list *diags)
{
	char *arguments[10], destination[PRINTER_NAME_MOST + 3] = "-d", wide[] = "-ocpi=17",
							     program[] = "lp", flag[] = "-t";
	struct buffer clean = {0};
	enum status status = STATUS_IO;
	int count = 0, input;

	if (name != NULL && !printer_is_name(name)) {
		diag_error(
			diags,
			_("打印机的名字“%s”不对：只能用字母、数字和 - _ .。可用 lpstat -a 查看有哪些打印机。"),
			name);
		return STATUS_INVALID;
	}
	if (access(fixed_printer, X_OK) != 0) {
		diag_error(
			diags,
			_("这台机器没有打印程序 %s。请安装 cups-client，或者先打印到文件，再拿到能打印的机器上去。"),
			fixed_printer);
		return STATUS_NOT_FOUND;
	}
	arguments[count++] = program;
	if (name != NULL) {
		memcpy(destination + 2, name, strlen(name) + 1);
		arguments[count++] = destination;
	}
	if (is_wide(bytes, length))
		arguments[count++] = wide;
	text_sanitize(&clean, title != NULL ? title : "", title != NULL ? strlen(title) : 0, false);
	if (clean.length > 0) {
		arguments[count++] = flag;
		arguments[count++] = clean.data;
	}
	arguments[count] = NULL;
	input = memory_file(bytes, length);
	if (input < 0) {
		diag_error(diags, _("没有打印：没有放稿子的地方。%s"), file_explain(errno));
	} else {
		status = spawn(input, arguments, diags);
		close(input);
	}
	buffer_done(&clean);
	return status;
}
