/*
 * The end of a section whose last collection could not be made.
 *
 * Runs in the program. Where the file is not open there, the program may have no descriptor left to
 * open it: a copy with a table of its own writes, if one can be cloned.
 */
#ifndef SEEP_COLLECT_COLLECTION_END_H
#define SEEP_COLLECT_COLLECTION_END_H

#include "../write/section.h"

void collection_end(struct section *section, const struct leakfile_end *ended);

#endif
