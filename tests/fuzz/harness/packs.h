/* Packs for fuzz targets: loaded once, not again and again. */
#ifndef YUBIAO_TESTS_FUZZ_PACKS_H
#define YUBIAO_TESTS_FUZZ_PACKS_H

#include "form/pack.h"

/* Loads the pack at `path`; from then on form_pack_load() gives it for its id or path, knows no others but those lent
 * likewise, and form_pack_free() does nothing. */
const struct form_pack *packs_lend(const char *path);
/* Before the end, so that no leak is seen. */
void packs_return(void);

#endif
