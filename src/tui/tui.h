/* The screens. */
#ifndef YUBIAO_TUI_TUI_H
#define YUBIAO_TUI_TUI_H

#include "session/session.h"

/* Runs the screens on `session` until the clerk leaves. NULL: a start page offers recent files or a new one,
 * and what is opened there is freed here; `session` stays the caller's. `notes` (may be NULL) are shown
 * first. The exit code: 0; 2 if there is no terminal to run on, one sentence then went to standard error; 3
 * if the line was cut with changes that are neither saved nor in the journal. */
int tui_run(struct session *session, struct diag_list *notes);

/* Name and version of the terminal library, for --version; borrowed. */
const char *tui_library(void);

#endif
