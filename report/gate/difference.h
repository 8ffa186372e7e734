/*
 * What differs between two runs, by id and kind.
 */
#ifndef SEEP_REPORT_DIFFERENCE_H
#define SEEP_REPORT_DIFFERENCE_H

#include "../model.h"

enum change { CHANGE_NEW, CHANGE_GONE, CHANGE_GROWN, CHANGE_SHRUNK };

struct difference {
    enum change change;
    const struct baseline_entry *before; /* NULL when new */
    const struct baseline_entry *after;  /* NULL when gone */
};

struct differences {
    VEC(struct difference) items;
};

/* Entries of one id and kind are summed first. */
void differences_find(struct arena *arena, const struct baseline *before,
                      const struct baseline *after, struct differences *differences);

#endif
