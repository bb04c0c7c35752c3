#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/descriptor.h"
#include "base/memory.h"

#define READ_STEP ((size_t)64 * 1024)
#define FILE_LINKS_MOST 40

const char *file_explain(int error)
{
	switch (error) {
	case ENOSPC:
		return _("磁盘已满：请删去不用的文件，或换一个磁盘。");
	case EDQUOT:
		return _("您的磁盘限额已用完：请删去不用的文件，或请管理员增加限额。");
	case EFBIG:
		return _("超过了允许的文件大小：请管理员放宽限制，或换一个文件夹。");
	case EACCES: case EPERM:
		return _("没有权限：请换一个您能写的文件夹，或请管理员放开权限。");
	case EROFS:
		return _("磁盘是只读的：请换一个磁盘。");
	case ENOENT:
		return _("文件或文件夹不存在：请核对路径，或先建好文件夹。");
	case ENOTDIR:
		return _("路径中有一段不是文件夹：请核对路径。");
	case EISDIR:
		return _("这是一个文件夹：请写上文件名。");
	case ELOOP:
		if (confine_is_on())
			return _("这是一个链接，限制模式下不能用：请管理员放进文件本身。");
		return _("链接绕成了圈：请写文件本身的路径。");
	case EXDEV:
		return _("限制模式下只能用本文件夹里的文件：请只写文件名。");
	case EMLINK:
		return _("这个文件在别处还有一个名字（硬链接），限制模式下不能用：请管理员复制一份进来。");
	case EMEDIUMTYPE:
		return _("这不是普通文件（是管道或设备）：请核对文件名。");
	case ENAMETOOLONG:
		return _("文件名太长：请改短。");
	case EIO:
		return _("磁盘读写出错：请换一个磁盘保存，并请管理员检查这个磁盘。");
	case EMFILE: case ENFILE:
		return _("打开的文件太多：请关闭其他程序后再试。");
	case EPIPE:
		return _("接收的程序已经结束了：请看它说了什么。");
	case ENOMEM:
		return _("内存不足：请关闭其他程序后再试。");
	case EBUSY: case ETXTBSY:
		return _("文件正被别的程序使用：请稍后再试。");
	case ESTALE: case ENOTCONN: case ETIMEDOUT: case EHOSTDOWN: case ENXIO: case ENODEV:
		return _("文件所在的网络盘或磁盘断开了：请重新连接后再试。");
	default:
		return _("系统不允许这样做：请换一个文件夹再试，或请管理员查看。");
	}
}

/* Adds to `out` what can be read into the room that it has, at most `most` bytes; 0 at the end of the file, -1
 * with errno. */
static ssize_t read_some(int fd, struct buffer *out, size_t most)
{
	ssize_t got;
	size_t room;

	if (out->capacity - out->length <= 1)
		buffer_room(out, READ_STEP);
	room = out->capacity - out->length - 1;
	got = descriptor_read(fd, out->data + out->length, room < most ? room : most);
	out->length += got > 0 ? (size_t)got : 0;
	out->data[out->length] = '\0';
	return got;
}

static void cut_back(struct buffer *out, size_t length)
{
	if (out->length <= length)
		return;
	out->length = length;
	out->data[length] = '\0';
}

struct reading {
	const char *path; /* NULL: standard input */
	size_t limit;
	bool whole; /* all or nothing: more than `limit` bytes need not be read */
	bool cut;   /* there are more */
	struct diag_list *diags;
};

static enum status fail_reading(const struct reading *reading)
{
	diag_add(reading->diags, DIAG_ERROR, reading->path, 0, 0, _("读不了这个文件。%s"), file_explain(errno));
	return STATUS_IO;
}

static enum status read_up_to(struct reading *reading, int fd, struct buffer *out)
{
	size_t before = out->length;

	for (;;) {
		ssize_t got = read_some(fd, out, reading->limit + 1 - (out->length - before));
		if (got < 0)
			return fail_reading(reading);
		if (got == 0)
			return STATUS_OK;
		if (out->length - before > reading->limit) {
			reading->cut = true;
			cut_back(out, before + reading->limit);
			return STATUS_OK;
		}
	}
}

static enum status read_open_file(struct reading *reading, int fd, struct buffer *out)
{
	struct stat about;

	if (fstat(fd, &about) != 0)
		return fail_reading(reading);
	if (!S_ISREG(about.st_mode)) {
		diag_add(reading->diags, DIAG_ERROR, reading->path, 0, 0,
			 _("这不是普通文件（是文件夹或设备）：请核对文件名。"));
		return STATUS_INVALID;
	}
	/* A file may grow while it is read, so it is the bytes that count; the size on record only helps to refuse
	 * at once, or to find room for them, and for the look behind them. */
	bool fits = (uintmax_t)about.st_size <= reading->limit;
	if (!fits && reading->whole) {
		reading->cut = true;
		return STATUS_OK;
	}
	buffer_room(out, fits ? (size_t)about.st_size + 1 : READ_STEP);
	return read_up_to(reading, fd, out);
}

static enum status read_file(struct reading *reading, struct buffer *out)
{
	size_t before = out->length;
	/* O_NONBLOCK: a pipe without a writer must not hold the program. */
	int fd = reading->path == NULL ? STDIN_FILENO : descriptor_open(reading->path, O_RDONLY | O_NONBLOCK, 0);
	enum status status;

	if (fd < 0) {
		bool missing = errno == ENOENT || errno == ENOTDIR;
		diag_add(reading->diags, DIAG_ERROR, reading->path, 0, 0, _("打不开这个文件。%s"), file_explain(errno));
		return missing ? STATUS_NOT_FOUND : STATUS_IO;
	}
	status = reading->path == NULL ? read_up_to(reading, fd, out) : read_open_file(reading, fd, out);
	if (reading->path != NULL)
		(void)descriptor_close(fd);
	if (status != STATUS_OK)
		cut_back(out, before);
	return status;
}

enum status file_read_part(struct buffer *out, const char *path, size_t limit, bool *cut, struct diag_list *diags)
{
	struct reading reading = {.path = path, .limit = limit, .diags = diags};
	enum status status = read_file(&reading, out);

	*cut = reading.cut;
	return status;
}

enum status file_read(struct buffer *out, const char *path, size_t limit, struct diag_list *diags)
{
	size_t before = out->length;
	struct reading reading = {.path = path, .limit = limit, .whole = true, .diags = diags};
	enum status status = read_file(&reading, out);

	if (status == STATUS_OK && reading.cut) {
		diag_add(diags, DIAG_ERROR, path, 0, 0, _("文件太大，不像是本程序的文件：请核对文件名。"));
		cut_back(out, before);
		return STATUS_INVALID;
	}
	return status;
}

char *file_join(const char *directory, const char *name)
{
	struct buffer path = {0};

	buffer_add(&path, directory);
	if (path.length > 0 && path.data[path.length - 1] != '/')
		buffer_add_byte(&path, '/');
	buffer_add(&path, name);
	return buffer_take(&path);
}

char *file_directory(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return memory_copy_string(".");
	return memory_copy_bytes(path, slash == path ? 1 : (size_t)(slash - path));
}

/* What a link at `path` points to, as a path; NULL: it is no link. */
static char *follow(const char *path)
{
	char name[PATH_MAX], *directory, *target;
	ssize_t length = path_read_link(path, name, sizeof(name) - 1);

	if (length < 0)
		return NULL;
	name[length] = '\0';
	if (name[0] == '/')
		return memory_copy_string(name);
	directory = file_directory(path);
	target = file_join(directory, name);
	memory_free(directory);
	return target;
}

char *file_resolve(const char *path)
{
	char *target = memory_copy_string(path), *next;

	for (int links = 0; links < FILE_LINKS_MOST && (next = follow(target)) != NULL; links++) {
		memory_free(target);
		target = next;
	}
	return target;
}

char *file_beside(const char *path, const char *before, const char *behind)
{
	char *target = file_resolve(path), *directory = file_directory(target), *joined;
	const char *slash = strrchr(target, '/');
	struct buffer name = {0};

	buffer_format(&name, "%s%s%s", before, slash != NULL ? slash + 1 : target, behind);
	joined = slash != NULL ? file_join(directory, buffer_text(&name)) : memory_copy_string(buffer_text(&name));
	buffer_done(&name);
	memory_free(directory);
	memory_free(target);
	return joined;
}

static enum status make_directory(const char *path, mode_t mode, struct diag_list *diags)
{
	struct stat about;
	char *part = memory_copy_string(path);
	int error = 0;

	/* Parents that fail may be there already, or beyond our rights; only the last one decides. */
	for (char *slash = strchr(part + (*part == '/'), '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (*part != '\0')
			confine_make_directory(part, mode);
		*slash = '/';
	}
	if (confine_make_directory(part, mode) != 0)
		error = errno;
	if (error == EEXIST || error == EISDIR)
		error = confine_stat(part, &about) != 0 ? errno : S_ISDIR(about.st_mode) ? 0 : ENOTDIR;
	memory_free(part);
	if (error == 0)
		return STATUS_OK;
	diag_error(diags, _("建不了文件夹“%s”。%s"), path, file_explain(error));
	return STATUS_IO;
}

enum status file_make_directory(const char *path, struct diag_list *diags)
{
	return make_directory(path, 0777, diags);
}

enum status file_make_private_directory(const char *path, struct diag_list *diags)
{
	return make_directory(path, 0700, diags);
}

bool file_exists(const char *path)
{
	struct stat about;

	return confine_stat(path, &about) == 0;
}
