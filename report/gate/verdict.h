/*
 * The verdict over what suppressions and the baseline have left, and the status for it.
 */
#ifndef SEEP_REPORT_VERDICT_H
#define SEEP_REPORT_VERDICT_H

#include "../model.h"

enum {
    FAIL_ON_LOST = 1 << LEAKFILE_KIND_LOST,
    FAIL_ON_POSSIBLE = 1 << LEAKFILE_KIND_POSSIBLE,
    FAIL_ON_GROWING = 1 << LEAKFILE_KIND_GROWING
};

struct gate_rules {
    unsigned fail_on; /* FAIL_ON_… */
    bool strict;      /* reasons of child processes count too */
    int leaks_status;
    int inconclusive_status;
};

/* Fills the verdicts of the report and of its processes. */
void verdict_give(struct report *report, const struct gate_rules *rules);

/* The exit status of the gate: of leaks, of inconclusive or 0. */
int verdict_status(const struct report *report, const struct gate_rules *rules);

/* Takes "lost,possible,growing" or "none". Returns -1 for anything else. */
int fail_on_parse(const char *text);

const char *verdict_word(enum verdict verdict);

#endif
