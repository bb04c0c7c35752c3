/* Language and character encoding of the terminal: everything that asks the environment about them.
 *
 * Inside the program all text is UTF-8 and all messages are Chinese msgids. Chinese is spoken unless an
 * English locale is asked for, or the terminal cannot show Chinese; a bare system, which has only C.UTF-8,
 * must do for both. */
#ifndef YUBIAO_CLI_LOCALE_H
#define YUBIAO_CLI_LOCALE_H

#include <stdbool.h>

#include "base/diag.h"

struct locale_facts {
	bool english;
	char encoding[32]; /* of the terminal, as iconv names it; "": UTF-8 */
};

/* Sets LC_CTYPE, LC_MESSAGES and the message catalogue. What the terminal lacks is said in `notes`, one
 * sentence. Call it once, first. */
void locale_start(struct locale_facts *facts, struct diag_list *notes);

#endif
