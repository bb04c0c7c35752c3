/* Signals that reach the screens. Internal to terminal.c and keyboard.c.
 *
 * SIGHUP and SIGTERM end the work in order: standard input is put at its end, so that no read waits however the
 * signal falls. SIGTSTP stops, SIGCONT draws anew. SIGPIPE is ignored. A crash first gives the terminal back, with
 * strings made ready before, then dies as it would have. */
#ifndef YUBIAO_TUI_SIGNALS_H
#define YUBIAO_TUI_SIGNALS_H

#include <stdbool.h>

/* `restore`: what puts the screen back; copied. The modes of the terminal are those of now. */
void signals_remember_terminal(void);
void signals_catch(const char *restore);
void signals_forget(void);
/* Asked to end, or signals_hang_up() was called. */
bool signals_want_end(void);
void signals_hang_up(void);
/* Asked to stop, or going on after that; each is told once. */
bool signals_want_stop(void);
bool signals_were_continued(void);
/* Stops, as if nothing had been caught. */
void signals_stop(void);

#endif
