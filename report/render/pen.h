/*
 * What the parts of the text output share.
 */
#ifndef SEEP_REPORT_PEN_H
#define SEEP_REPORT_PEN_H

#include "escape.h"
#include "renderer.h"

struct pen {
    FILE *stream;
    const struct report *report;
    struct arena *arena;
    const char *bold; /* "" without colour */
    const char *red;
    const char *yellow;
    const char *dim;
    const char *plain;
};

void pen_write_finding(const struct pen *pen, const struct finding *finding);
void pen_write_held(const struct pen *pen, const struct held *held);
void pen_write_memory(const struct pen *pen);

/* "1,234" */
const char *words_for_count(struct arena *arena, uint64_t count);
/* "1,234 bytes in 5 blocks" */
const char *words_for_total(struct arena *arena, uint64_t bytes, uint64_t blocks);
/* "3.4 MB" */
const char *words_for_size(struct arena *arena, uint64_t bytes);
/* "1.2 ms", "3 s" */
const char *words_for_time(struct arena *arena, uint64_t ns);

#endif
