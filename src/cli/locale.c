#include "cli/locale.h"

#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/fixed.h"
#include "base/memory.h"

#define DOMAIN "yubiao"

enum charset {
	CHARSET_UTF8,
	CHARSET_CHINESE,
	CHARSET_OTHER
};

static enum charset charset_of(const char *codeset)
{
	static const char *const chinese[] = {"GB18030", "GBK", "GB2312", "EUC-CN", "eucCN"};

	if (strcasecmp(codeset, "UTF-8") == 0 || strcasecmp(codeset, "utf8") == 0)
		return CHARSET_UTF8;
	for (size_t i = 0; i < sizeof(chinese) / sizeof(*chinese); i++)
		if (strcasecmp(codeset, chinese[i]) == 0)
			return CHARSET_CHINESE;
	return CHARSET_OTHER;
}

/* The locale that the environment names for a category, "" if none. */
static const char *locale_name(const char *category)
{
	const char *const variables[] = {"LC_ALL", category, "LANG"};

	for (size_t i = 0; i < 3; i++) {
		const char *value = getenv(variables[i]);

		if (value != NULL && *value != '\0')
			return value;
	}
	return "";
}

static bool is_plain(const char *name)
{
	return *name == '\0' || strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0;
}

static bool is_english(const char *name)
{
	return strncasecmp(name, "en", 2) == 0 && strchr("_.@-", name[2]) != NULL; /* the NUL is found too */
}

/* zh_CN.GB18030@x -> GB18030; UTF-8 where the name says none. */
static void named_codeset(const char *name, char out[32])
{
	const char *dot = strchr(name, '.');
	size_t length;

	snprintf(out, 32, "UTF-8");
	if (dot == NULL)
		return;
	length = strcspn(dot + 1, "@");
	if (length > 0 && length < 32)
		snprintf(out, 32, "%.*s", (int)length, dot + 1);
}

static bool use_utf8(void)
{
	static const char *const names[] = {"C.UTF-8", "C.utf8", "zh_CN.UTF-8", "en_US.UTF-8"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (setlocale(LC_CTYPE, names[i]) != NULL)
			return true;
	return false;
}

/* What keeps the terminal from showing Chinese. */
enum lack {
	LACK_NOTHING,
	LACK_CHARACTERS,
	LACK_INSTALLED,
	LACK_UTF8,
	LACK_CONSOLE
};

static enum lack start_characters(struct locale_facts *facts)
{
	const char *name = locale_name("LC_CTYPE");
	bool installed = setlocale(LC_CTYPE, "") != NULL;
	char codeset[32];
	enum charset charset;

	if (installed)
		snprintf(codeset, sizeof(codeset), "%s", nl_langinfo(CODESET));
	else
		named_codeset(name, codeset);
	charset = charset_of(codeset);
	if (charset == CHARSET_CHINESE)
		snprintf(facts->encoding, sizeof(facts->encoding), "%s", codeset);
	if (installed && charset != CHARSET_OTHER)
		return LACK_NOTHING;
	if (!use_utf8())
		return LACK_UTF8;
	if (charset == CHARSET_CHINESE)
		return LACK_INSTALLED;
	return charset == CHARSET_UTF8 || is_plain(name) ? LACK_NOTHING : LACK_CHARACTERS;
}

static bool is_console(void)
{
	const char *term = getenv("TERM");

	return term != NULL && strcmp(term, "linux") == 0 && isatty(STDOUT_FILENO);
}

static bool has_catalogue(const char *directory)
{
	char *path = file_join(directory, "en/LC_MESSAGES/" DOMAIN ".mo");
	bool has = file_exists(path);

	memory_free(path);
	return has;
}

/* The catalogues lie beside the executable (built), one directory up, or under share (installed). */
static void bind_catalogue(void)
{
	static const char *const places[] = {"locale", "../locale", "../share/locale"};

	bind_textdomain_codeset(DOMAIN, "UTF-8");
	textdomain(DOMAIN);
	char *program = fixed_program_directory();
	bool bound = program == NULL;
	for (size_t i = 0; !bound && i < sizeof(places) / sizeof(*places); i++) {
		char *directory = file_join(program, places[i]);

		bound = has_catalogue(directory) && bindtextdomain(DOMAIN, directory) != NULL;
		memory_free(directory);
	}
	memory_free(program);
}

/* glibc heeds LANGUAGE in every locale but "C", so that C.UTF-8 serves where no English locale is installed;
 * some releases except C.UTF-8 too, hence the others. The program is written in Chinese, which needs none of this: as long as
 * LC_MESSAGES is "C" no catalogue is looked for, whatever LANGUAGE says (a desktop sets zh_CN:en). */
static void start_english(void)
{
	static const char *const names[] = {"", "C.UTF-8", "en_US.UTF-8", "en_GB.UTF-8"};

	bind_catalogue();
	setenv("LANGUAGE", "en", 1);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *set = setlocale(LC_MESSAGES, names[i]);

		if (set != NULL && !is_plain(set))
			return;
	}
}

static void say_lack(enum lack lack, struct diag_list *notes)
{
	const char *name = locale_name("LC_CTYPE");

	switch (lack) {
	case LACK_NOTHING:
		break;
	case LACK_CHARACTERS:
		diag_add(notes, DIAG_WARNING, NULL, 0, 0,
			 _("区域设置 %s 的字符集没有汉字，所以用英文；要用中文，请把终端和 LANG 设成 UTF-8 "
			   "或 GB18030。"),
			 name);
		break;
	case LACK_INSTALLED:
		diag_add(notes, DIAG_WARNING, NULL, 0, 0,
			 _("系统没有安装区域设置 %s，所以用英文；请管理员安装它（dpkg-reconfigure "
			   "locales），或把终端和 LANG 设成 UTF-8。"),
			 name);
		break;
	case LACK_UTF8:
		diag_add(notes, DIAG_WARNING, NULL, 0, 0,
			 _("系统没有任何 UTF-8 区域设置（连 C.UTF-8 "
			   "也没有），汉字显示不出来，所以用英文；请管理员安装 libc-bin 或 locales。"));
		break;
	case LACK_CONSOLE:
		diag_add(notes, DIAG_WARNING, NULL, 0, 0,
			 _("Linux 文本控制台（TERM=linux）显示不了汉字，所以用英文；要用中文，请从 PuTTY "
			   "等终端登录，或用 fbterm。"));
		break;
	}
}

static void prepare_for_want_of_memory(const struct locale_facts *facts)
{
	static struct buffer words;
	const char *text = memory_words();

	buffer_clear(&words);
	if (facts->encoding[0] == '\0' ||
	    encode_from_utf8(&words, text, strlen(text), facts->encoding, NULL, NULL) != STATUS_OK) {
		buffer_clear(&words);
		buffer_add(&words, text);
	}
	memory_set_words(buffer_text(&words));
}

void locale_start(struct locale_facts *facts, struct diag_list *notes)
{
	enum lack lack;

	*facts = (struct locale_facts){0};
	lack = start_characters(facts);
	if (lack == LACK_NOTHING && is_console())
		lack = LACK_CONSOLE;
	facts->english = lack != LACK_NOTHING || is_english(locale_name("LC_MESSAGES"));
	if (facts->english)
		start_english();
	prepare_for_want_of_memory(facts);
	say_lack(lack, notes);
}
