/*
 * The steps of reading a section, for load/ only: frames are cut into records (section.c), records
 * become parts of a process (records.c), and what was repeated is replaced (settle.c).
 */
#ifndef SEEP_REPORT_SECTION_H
#define SEEP_REPORT_SECTION_H

#include "load.h"

/* A part of the input. */
struct span {
    const uint8_t *bytes;
    size_t length;
};

/* Adds one record to the process. Returns 0, also for a tag that is not known, or -EBADMSG when
 * the body is not what its tag says. Nothing of `body` is referred to afterwards. */
int record_add(struct arena *arena, struct process *process, uint16_t tag, struct span body);

/* After the last record: of records with one key the last remains, and arrays get their order. */
void process_settle(struct process *process);

#endif
