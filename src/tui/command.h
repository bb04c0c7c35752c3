/* What actions do on every screen alike. */
#ifndef YUBIAO_TUI_COMMAND_H
#define YUBIAO_TUI_COMMAND_H

#include "tui/screen.h"

/* Does an action that does not depend on where the cursor stands; others are passed over. */
enum answer command_do(struct screen *screen, enum action action);
/* Saves; asks for a path if there is none. False: not saved, and the message says why. */
bool command_save(struct tui *tui);
/* True: the clerk may leave; unsaved changes are saved, or given up on purpose. */
bool command_may_leave(struct tui *tui);
/* Takes a change back, or does it again; says what it was. True: *place tells where it was. */
bool command_undo(struct tui *tui, bool redo, struct session_place *place);

#endif
