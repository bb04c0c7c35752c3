/* What a login brings along and must not: for the restricted mode. */
#ifndef YUBIAO_CLI_STRIP_H
#define YUBIAO_CLI_STRIP_H

/* Call it first of all, before anything has looked at the environment. Of that only TERM, LANG, LC_ALL,
 * LC_CTYPE, LC_MESSAGES and NO_COLOR stay, with values that are plain names (TERM: else vt220); descriptors
 * from 3 on are closed and the first three are there; signals are as they are for a new process, but that
 * stopping (Ctrl-Z) is ignored; no memory image is ever written, no other process of the user may look into
 * this one, no program that it runs gains rights; new files are the user's alone. */
void strip_process(void);

#endif
