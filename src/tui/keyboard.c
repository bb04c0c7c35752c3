/* Keys: every encoding that PuTTY, xterm, the Linux console, vt100, tmux, screen and rxvt have for one key
 * becomes the one name that session/action.h has for it. What no table knows is swallowed whole: the tail of
 * an unknown sequence must never be typed into an amount. */
#include "tui/terminal.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include <ncurses.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"

#define SEQUENCE_WAIT 50   /* milliseconds between the bytes of one sequence */
#define PASTE_WAIT 2000    /* milliseconds of silence within a paste, then the clerk is told */
#define ERRORS_MOST 16     /* reads that fail one after another: the line is dead */

/* Own codes, above those of curses, in 16 bits as its table of sequences needs. */
enum {
	CODE_PASTE = 2000,
	CODE_PASTE_END,
	CODE_CTRL_HOME,
	CODE_CTRL_END,
	CODE_PAD = 2100, /* + the ASCII character of a key of the number pad */
};

static const struct sequence {
	const char *bytes;
	int code;
} sequences[] = {
	/* F1 to F10: vt and xterm; PuTTY's default and rxvt; Linux; PuTTY's VT100+ */
	{"\033OP", KEY_F(1)}, {"\033OQ", KEY_F(2)}, {"\033OR", KEY_F(3)}, {"\033OS", KEY_F(4)},
	{"\033[11~", KEY_F(1)}, {"\033[12~", KEY_F(2)}, {"\033[13~", KEY_F(3)}, {"\033[14~", KEY_F(4)},
	{"\033[15~", KEY_F(5)}, {"\033[17~", KEY_F(6)}, {"\033[18~", KEY_F(7)}, {"\033[19~", KEY_F(8)},
	{"\033[20~", KEY_F(9)}, {"\033[21~", KEY_F(10)},
	{"\033[[A", KEY_F(1)}, {"\033[[B", KEY_F(2)}, {"\033[[C", KEY_F(3)}, {"\033[[D", KEY_F(4)},
	{"\033[[E", KEY_F(5)},
	{"\033OT", KEY_F(5)}, {"\033OU", KEY_F(6)}, {"\033OV", KEY_F(7)}, {"\033OW", KEY_F(8)},
	{"\033OX", KEY_F(9)}, {"\033OY", KEY_F(10)},
	{"\033[1P", KEY_F(1)}, {"\033[1Q", KEY_F(2)}, {"\033[1R", KEY_F(3)}, {"\033[1S", KEY_F(4)},
	/* arrows, in both modes of the cursor keys */
	{"\033[A", KEY_UP}, {"\033[B", KEY_DOWN}, {"\033[C", KEY_RIGHT}, {"\033[D", KEY_LEFT},
	{"\033OA", KEY_UP}, {"\033OB", KEY_DOWN}, {"\033OC", KEY_RIGHT}, {"\033OD", KEY_LEFT},
	{"\033[1;5A", KEY_UP}, {"\033[1;5B", KEY_DOWN}, {"\033[1;5C", KEY_RIGHT}, {"\033[1;5D", KEY_LEFT},
	/* the six keys above them */
	{"\033[H", KEY_HOME}, {"\033OH", KEY_HOME}, {"\033[1~", KEY_HOME}, {"\033[7~", KEY_HOME},
	{"\033[F", KEY_END}, {"\033OF", KEY_END}, {"\033[4~", KEY_END}, {"\033[8~", KEY_END},
	{"\033[2~", KEY_IC}, {"\033[3~", KEY_DC}, {"\033[5~", KEY_PPAGE}, {"\033[6~", KEY_NPAGE},
	{"\033[1;5H", CODE_CTRL_HOME}, {"\033[7^", CODE_CTRL_HOME},
	{"\033[1;5F", CODE_CTRL_END}, {"\033[8^", CODE_CTRL_END},
	{"\033[Z", KEY_BTAB},
	/* the number pad in its application mode */
	{"\033Op", CODE_PAD + '0'}, {"\033Oq", CODE_PAD + '1'}, {"\033Or", CODE_PAD + '2'},
	{"\033Os", CODE_PAD + '3'}, {"\033Ot", CODE_PAD + '4'}, {"\033Ou", CODE_PAD + '5'},
	{"\033Ov", CODE_PAD + '6'}, {"\033Ow", CODE_PAD + '7'}, {"\033Ox", CODE_PAD + '8'},
	{"\033Oy", CODE_PAD + '9'}, {"\033On", CODE_PAD + '.'}, {"\033Om", CODE_PAD + '-'},
	{"\033Ol", CODE_PAD + ','}, {"\033Ok", CODE_PAD + '+'}, {"\033Oj", CODE_PAD + '*'},
	{"\033Oo", CODE_PAD + '/'}, {"\033OM", KEY_ENTER},
	{"\033[200~", CODE_PASTE}, {"\033[201~", CODE_PASTE_END},
};

static const struct name {
	int code, key;
} names[] = {
	{KEY_UP, KEYPRESS_UP}, {KEY_DOWN, KEYPRESS_DOWN}, {KEY_LEFT, KEYPRESS_LEFT},
	{KEY_RIGHT, KEYPRESS_RIGHT}, {KEY_HOME, KEYPRESS_HOME}, {KEY_FIND, KEYPRESS_HOME},
	{KEY_END, KEYPRESS_END}, {KEY_SELECT, KEYPRESS_END}, {KEY_PPAGE, KEYPRESS_PAGE_UP},
	{KEY_NPAGE, KEYPRESS_PAGE_DOWN}, {KEY_ENTER, KEYPRESS_ENTER}, {KEY_BTAB, KEYPRESS_BACK_TAB},
	{KEY_BACKSPACE, KEYPRESS_BACKSPACE}, {KEY_DC, KEYPRESS_DELETE}, {KEY_IC, KEYPRESS_INSERT},
	{KEY_RESIZE, KEYPRESS_RESIZE},
	{CODE_CTRL_HOME, KEYPRESS_CTRL_HOME}, {CODE_CTRL_END, KEYPRESS_CTRL_END},
};

void keyboard_open(void)
{
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
		define_key(sequences[i].bytes, sequences[i].code);
}

/* 0 for a key that nobody here has a use for. */
static int name_of(wint_t code)
{
	if (code >= (wint_t)KEY_F(1) && code <= (wint_t)KEY_F(10))
		return KEYPRESS_F1 + (int)code - KEY_F(1);
	if (code >= CODE_PAD && code < CODE_PAD + 128)
		return (int)code - CODE_PAD;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (code == (wint_t)names[i].code)
			return names[i].key;
	return 0;
}

static int name_of_character(wint_t point)
{
	switch (point) {
	case '\r':
	case '\n': return KEYPRESS_ENTER;
	case '\t': return KEYPRESS_TAB;
	case 0x1B: return KEYPRESS_ESCAPE;
	case 0x08:
	case 0x7F: return KEYPRESS_BACKSPACE;
	case 'F' - '@': return KEYPRESS_PAGE_DOWN; /* a vt100 has no paging keys */
	case 'B' - '@': return KEYPRESS_PAGE_UP;
	default: break;
	}
	if (point >= 1 && point <= 26)
		return KEYPRESS_CTRL + 'a' + (int)point - 1;
	if (point < 0x20 || (point >= 0x80 && point < 0xA0) || point > 0x10FFFF)
		return 0;
	return (int)point;
}

/* After an Esc: an unknown sequence that comes along with it is read to its end, that of a mouse with its
 * three bytes. True if there was one. */
static bool swallow_sequence(void)
{
	wint_t next;
	bool swallowed = false;

	timeout(SEQUENCE_WAIT);
	int kind = get_wch(&next);
	if (kind == OK && (next == '[' || next == 'O')) {
		bool is_control = next == '[';
		int length = 0;
		swallowed = true;
		while ((kind = get_wch(&next)) == OK && next < 0x40)
			length++;
		for (int rest = is_control && length == 0 && next == 'M' ? 3 : 0; rest > 0 && kind == OK;
		     rest--)
			kind = get_wch(&next);
	} else if (kind == OK) {
		unget_wch((wchar_t)next);
	} else if (kind == KEY_CODE_YES) {
		ungetch((int)next);
	}
	timeout(-1);
	return swallowed;
}

static void tell_of_silence(void)
{
	terminal_field(terminal_rows() - 1, 0, terminal_columns(), LOOK_BAR,
		       _(" 粘贴的内容还没有到齐，正在等待……　按 Ctrl-G 放弃"));
	terminal_show();
}

static void paste_add(struct keypress *press, struct buffer *text, wint_t point)
{
	char bytes[4];

	if (point < 0x20 && point != '\n' && point != '\t')
		return;
	if (text->length + sizeof(bytes) > KEYPRESS_PASTE_MOST) {
		press->cut = true;
		return;
	}
	buffer_add_bytes(text, bytes, text_encode((uint32_t)point, bytes));
}

/* A read that gave nothing although there was something to read: the end of the input. */
static bool is_at_end(void)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

	return poll(&input, 1, 0) > 0;
}

/* Everything up to the closing mark, however late that comes: what was pasted is never taken for keys. */
static bool read_paste(struct keypress *press)
{
	struct buffer text = {0};
	bool is_silent = false, is_return = false, is_done = false;
	int ends = 0;

	timeout(PASTE_WAIT);
	while (!is_done && terminal_is_there()) {
		wint_t next = 0;
		errno = 0;
		int kind = get_wch(&next);
		if (kind == ERR) {
			ends = is_at_end() ? ends + 1 : 0;
			if (errno == EIO || ends > ERRORS_MOST || !terminal_is_there())
				terminal_hang_up();
			else if (!is_silent)
				tell_of_silence();
			is_silent = true;
			continue;
		}
		ends = 0;
		if (kind == OK && next == 'G' - '@' && is_silent)
			break;
		is_silent = false;
		if (kind == KEY_CODE_YES) {
			is_done = next == CODE_PASTE_END;
			continue;
		}
		if (next != '\n' || !is_return)
			paste_add(press, &text, next == '\r' ? '\n' : next);
		is_return = next == '\r';
	}
	timeout(-1);
	press->key = KEYPRESS_PASTE;
	press->length = text.length;
	press->text = buffer_take(&text);
	return is_done;
}

/* The name of one thing read, 0 if it is to be passed over. */
static int take_key(struct keypress *press, int kind, wint_t next)
{
	if (kind == KEY_CODE_YES && next == CODE_PASTE) {
		if (read_paste(press))
			return KEYPRESS_PASTE;
		keypress_done(press);
		return terminal_is_there() ? KEYPRESS_RESIZE : 0; /* draws the screen anew */
	}
	if (kind == KEY_CODE_YES)
		return name_of(next);
	int key = name_of_character(next);
	return key == KEYPRESS_ESCAPE && swallow_sequence() ? 0 : key;
}

void keyboard_read(struct keypress *press)
{
	/* After a call that a signal cut short the library fails once more, without trying; at the end of input too. */
	int errors = 0;

	*press = (struct keypress){0};
	while (press->key == 0 && terminal_is_there()) {
		wint_t next = 0;
		errno = 0;
		int kind = get_wch(&next), error = errno;
		if (terminal_was_away())
			press->key = KEYPRESS_RESIZE;
		errno = error;
		if (kind != ERR) {
			errors = 0;
			press->key = take_key(press, kind, next);
		} else if (press->key == KEYPRESS_RESIZE) {
			errors = 0;
		} else if ((errno != EINTR && errno != 0) || ++errors > ERRORS_MOST) {
			terminal_hang_up();
		}
	}
	if (!terminal_is_there()) {
		keypress_done(press);
		press->key = KEYPRESS_HANGUP;
	}
}

void keypress_done(struct keypress *press)
{
	memory_free(press->text);
	*press = (struct keypress){0};
}
