/*
 * Collections that somebody asked for: `seep collect`, by a signal and a word in the leak file's
 * first page, or the program itself, by seep.h.
 */
#ifndef SEEP_COLLECT_COLLECTION_ASKED_H
#define SEEP_COLLECT_COLLECTION_ASKED_H

#include "../record/hooks.h"
#include "../write/section.h"

/* Opens the leak file with a page that `seep collect` can write to. Returns 0 or a negative errno.
 */
int collection_open_page(struct section *section);

/* In the handler of our signal, sent by another process: collects here, or has it done by the next
 * thread that allocates or blocks. */
void collection_asked(struct section *section, const ucontext_t *context);

/* In the program's thread that asks, outside of the shim: returns when the mark is done. 0 or a
 * negative errno. */
int collection_asked_by_program(struct section *section, struct hooks_found *found);

#endif
