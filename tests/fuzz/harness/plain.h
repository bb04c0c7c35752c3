/* What may come out of the program, told apart without the sanitizer's own tables. Each ends the program if it finds
 * what must not be there. */
#ifndef YUBIAO_FUZZ_PLAIN_H
#define YUBIAO_FUZZ_PLAIN_H

#include <stddef.h>

struct diag_list;

/* UTF-8 for paper, CSV and messages: no control character but line ends (and tabs and a mark at the beginning, as CSV
 * has them), nothing that turns or hides text. */
void plain_text(const char *bytes, size_t length);
/* A file that was written: the same, in UTF-8 or, where it is not that, GB18030. */
void plain_file(const char *bytes, size_t length);
/* The sentences of a list. */
void plain_sentences(const struct diag_list *diags);
/* What the terminal got: the same, but for control sequences of the kinds that drawing needs. */
void plain_screen(const char *bytes, size_t length);

#endif
