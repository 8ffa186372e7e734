/*
 * Phrases that outputs for other tools share. The text is as in the files, not escaped.
 */
#ifndef SEEP_REPORT_PHRASE_H
#define SEEP_REPORT_PHRASE_H

#include "../model.h"

/* "lost", "possible", "growing", "settling" */
const char *phrase_for_kind(uint32_t kind);

/* "make_node at list.c:12", "/usr/bin/perl+0x1b9ec8" */
const char *phrase_for_frame(struct arena *arena, const struct frame *frame);

/* The function, or the place of one without a name. */
const char *phrase_for_function(struct arena *arena, const struct frame *frame);

/* "lost: 88 bytes in 1 block, allocated by make_node in prog" */
const char *phrase_for_finding(struct arena *arena, const struct finding *finding);

#endif
