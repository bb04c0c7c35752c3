/* Taking the terminal, giving it back, and drawing on it.
 *
 * The line may be slow, so nothing is ever cleared that need not be: curses keeps what the screen shows, and
 * sends the difference. Figures that are computed carry no attribute, for they change most. */
#include "tui/terminal.h"
#include "tui/signals.h"
#include "tui/tui.h"

#include <langinfo.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <wchar.h>

#include <ncurses.h>
#include <term.h>

#include "base/encode.h"
#include "base/memory.h"
#include "base/text.h"

#define COLUMNS_MOST 512
#define ESCAPE_WAIT 50 /* milliseconds in which the rest of a key's sequence must come */

enum { PAIR_ERROR = 1, PAIR_WARNING, PAIR_ROUNDING };

static SCREEN *taken;
static bool has_pairs, knows_keys;
static int cursor_row, cursor_column;

void terminal_hang_up(void)
{
	signals_hang_up();
}

bool terminal_is_there(void)
{
	return !signals_want_end();
}

/* A bracketed paste arrives between marks instead of as keys. Terminals that do not know the mode ignore it.
 * putp() passes the library's buffer by, which may end within a sequence: so only where that has just been emptied, by
 * endwin() or refresh(). */
static void ask_for_paste_marks(bool on)
{
	putp(on ? "\033[?2004h" : "\033[?2004l");
	fflush(stdout);
}

/* Nothing is freed: this may be called where there is no memory, in the middle of curses' own work. */
static void give_back(void)
{
	memory_set_die_hook(NULL);
	endwin();
	if (terminal_is_there())
		ask_for_paste_marks(false);
	signals_forget();
}

void terminal_close(void)
{
	if (taken == NULL)
		return;
	give_back();
	delscreen(taken);
	taken = NULL;
}

/* Adds what the terminal type calls for, without the pauses that only a slow terminal of old needs. */
static void add_capability(struct buffer *out, const char *capability)
{
	for (const char *p = capability != NULL ? capability : ""; *p != '\0'; p++) {
		const char *end = *p == '$' && p[1] == '<' ? strchr(p, '>') : NULL;
		if (end != NULL)
			p = end;
		else
			buffer_add_byte(out, *p);
	}
}

/* What a crash writes to give the screen back. */
static void catch_signals(void)
{
	struct buffer restore = {0};

	buffer_add(&restore, "\033[?2004l");
	add_capability(&restore, exit_attribute_mode);
	add_capability(&restore, keypad_local);
	add_capability(&restore, cursor_normal);
	add_capability(&restore, exit_ca_mode);
	buffer_add(&restore, "\r\n");
	signals_catch(buffer_text(&restore));
	buffer_done(&restore);
}

/* Takes the terminal again after somebody else had it. */
static void take_again(void)
{
	reset_prog_mode();
	clearok(curscr, TRUE);
	refresh();
	if (keypad_xmit != NULL)
		putp(keypad_xmit);
	ask_for_paste_marks(true);
}

bool terminal_was_away(void)
{
	bool stops = signals_want_stop(), was_away = stops;

	if (stops) {
		endwin();
		ask_for_paste_marks(false);
		signals_stop();
	}
	was_away = signals_were_continued() || was_away;
	if (was_away && !stops)
		endwin();
	if (was_away)
		take_again();
	return was_away;
}

/* Until a screen has once been left, ncurses writes after every move of the cursor: dozens of small writes, over a line
 * as many packets, for one picture. So it is left at once; the first picture takes it again, and is one write. */
static SCREEN *take(const char *type)
{
	SCREEN *screen = newterm(type, stdout, stdin);

	if (screen == NULL)
		return NULL;
	endwin();
	if (cursor_address == NULL || *cursor_address == '\0') {
		delscreen(screen);
		screen = NULL;
	}
	return screen;
}

static enum status take_some(struct diag_list *diags)
{
	static const char *const others[] = {"vt220", "vt100", "xterm", "linux"};
	const char *type = getenv("TERM");

	taken = type != NULL && *type != '\0' ? take(type) : NULL;
	for (size_t i = 0; taken == NULL && i < sizeof(others) / sizeof(others[0]); i++) {
		taken = take(others[i]);
		if (taken != NULL)
			diag_add(diags, DIAG_NOTE, NULL, 0, 0,
				 _("系统不认识终端类型“%s”，暂按 %s 使用。如有乱码，请在终端软件里把类型设为 xterm 或 vt220。"),
				 type != NULL ? type : "", others[i]);
	}
	if (taken == NULL) {
		diag_error(diags, _("不能在终端类型“%s”上显示：请设置 TERM=xterm 或 TERM=vt220 后再运行。"),
			   type != NULL ? type : "");
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

static void choose_colours(void)
{
	const char *refused = getenv("NO_COLOR");

	has_pairs = false;
	if ((refused != NULL && *refused != '\0') || !has_colors() || start_color() == ERR)
		return;
	short back = use_default_colors() == OK ? -1 : COLOR_BLACK;
	has_pairs = init_pair(PAIR_ERROR, COLOR_RED, back) == OK &&
		    init_pair(PAIR_WARNING, COLOR_MAGENTA, back) == OK &&
		    init_pair(PAIR_ROUNDING, COLOR_CYAN, back) == OK;
}

void terminal_print(FILE *stream, const char *text)
{
	struct buffer bytes = {0};

	if (strcasecmp(nl_langinfo(CODESET), "UTF-8") == 0 ||
	    encode_from_utf8(&bytes, text, strlen(text), nl_langinfo(CODESET), NULL, NULL) != STATUS_OK) {
		buffer_clear(&bytes);
		buffer_add(&bytes, text);
	}
	fwrite(buffer_text(&bytes), 1, bytes.length, stream);
	fflush(stream);
	buffer_done(&bytes);
}

enum status terminal_open(struct diag_list *diags)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		diag_error(diags, "%s", _("填表要在终端里进行：输入或输出不是终端。不用终端时请用 yubiao set、check、export、print 等命令。"));
		return STATUS_USAGE;
	}
	if (strcasecmp(nl_langinfo(CODESET), "UTF-8") == 0)
		setenv("NCURSES_NO_UTF8_ACS", "1", 1);
	signals_remember_terminal();
	enum status status = take_some(diags);
	if (status != STATUS_OK)
		return status;
	memory_set_die_hook(give_back);
	catch_signals();
	set_escdelay(ESCAPE_WAIT);
	raw();
	noecho();
	nonl();
	idlok(stdscr, TRUE);
	idcok(stdscr, FALSE);
	choose_colours();
	knows_keys = false;
	return STATUS_OK;
}

int terminal_rows(void)
{
	return getmaxy(stdscr);
}

int terminal_columns(void)
{
	return getmaxx(stdscr);
}

void terminal_erase(void)
{
	erase();
}

static attr_t attributes(int look, short *pair)
{
	static const attr_t plain[LOOKS] = {
		[LOOK_ENTERED] = A_UNDERLINE, [LOOK_TOTAL] = A_BOLD, [LOOK_HEAD] = A_BOLD,
		[LOOK_RULE] = A_UNDERLINE,    [LOOK_CURSOR] = A_REVERSE, [LOOK_BAR] = A_REVERSE,
		[LOOK_ERROR] = A_BOLD,        [LOOK_WARNING] = A_BOLD,   [LOOK_ROUNDING] = A_BOLD,
	};
	int kind = look & (LOOK_FIELD - 1);
	attr_t attribute = plain[kind];

	*pair = 0;
	if (has_pairs && kind >= LOOK_ERROR) {
		*pair = (short)(PAIR_ERROR + kind - LOOK_ERROR);
		attribute = A_NORMAL;
	}
	return (look & LOOK_FIELD) != 0 ? attribute | A_UNDERLINE : attribute;
}

static void set_look(int look)
{
	short pair;
	attr_t attribute = attributes(look, &pair);

	attr_set(attribute, pair, NULL);
}

/* Controls, marks that turn the direction of writing, and what has no width have no business on the screen,
 * wherever they come from. Nearly all that is drawn is ASCII or Chinese, which the first test lets through.
 */
static bool may_show(uint32_t point)
{
	char bytes[4];

	if ((point >= 0x20 && point < 0x7F) || (point >= 0x3000 && point < 0xA000) ||
	    (point > 0xFF00 && point < 0xFF61))
		return true;
	return !text_is_dirty(bytes, text_encode(point, bytes), false);
}

/* What fits into `cells` as wide characters; their cells in *used. What may not be shown
 * is a ?. */
static int widen(wchar_t *out, int cells, const char *text, int *used)
{
	int count = 0;

	*used = 0;
	while (count < 2 * COLUMNS_MOST) {
		uint32_t point = text_decode(&text);
		if (point == 0)
			break;
		if (!may_show(point))
			point = '?';
		int width = text_point_width(point);
		if (width > cells - *used)
			break;
		out[count++] = (wchar_t)point;
		*used += width;
	}
	return count;
}

int terminal_put(int row, int column, int cells, int look, const char *text)
{
	wchar_t wide[2 * COLUMNS_MOST];
	int used;

	if (row < 0 || row >= terminal_rows() || column < 0)
		return 0;
	if (cells > terminal_columns() - column)
		cells = terminal_columns() - column;
	int count = widen(wide, cells, text, &used);
	if (count > 0) {
		set_look(look);
		mvaddnwstr(row, column, wide, count);
	}
	return used;
}

void terminal_blank(int row, int column, int cells, int look)
{
	if (row < 0 || row >= terminal_rows() || column < 0)
		return;
	set_look(look);
	if (cells > terminal_columns() - column)
		cells = terminal_columns() - column;
	if (cells > 0)
		move(row, column);
	for (int i = 0; i < cells; i++)
		addch(' ');
}

void terminal_field(int row, int column, int cells, int look, const char *text)
{
	int used = terminal_put(row, column, cells, look, text);

	terminal_blank(row, column + used, cells - used, look);
}

void terminal_cursor(int row, int column)
{
	cursor_row = row;
	cursor_column = column;
}

void terminal_show(void)
{
	int row = cursor_row < terminal_rows() ? cursor_row : terminal_rows() - 1;
	int column = cursor_column < terminal_columns() ? cursor_column : terminal_columns() - 1;

	attr_set(A_NORMAL, 0, NULL);
	move(row, column);
	refresh();
	if (!knows_keys) { /* for which the first picture need not wait */
		ask_for_paste_marks(true);
		keypad(stdscr, TRUE);
		keyboard_open();
	}
	knows_keys = true;
}

void terminal_repaint(void)
{
	clearok(curscr, TRUE);
}

void terminal_bell(void)
{
	beep();
}

const char *tui_library(void)
{
	return curses_version();
}
