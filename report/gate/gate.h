/*
 * The gate: suppressions, baseline, verdict. Called by the commands on a report from aggregate/.
 */
#ifndef SEEP_REPORT_GATE_H
#define SEEP_REPORT_GATE_H

#include "../problem.h"
#include "verdict.h"

struct gate {
    struct gate_rules rules;
    const char *baseline;      /* a file, or NULL */
    const char *save_baseline; /* a file, or NULL */
    const char *suppressions;  /* a file, or NULL */
    const char *known;         /* the rules for known noise that ship with Seep, or NULL */
    bool no_known;
};

/* Can the files of the gate be read? For before a program is run for long. Returns as gate_apply.
 */
int gate_check(const struct gate *gate, struct problem *problem);

/* Marks what is suppressed and what the baseline has, gives the verdict and writes the new
 * baseline. Returns 0 or a negative errno with a line in `problem`. */
int gate_apply(const struct gate *gate, struct report *report, struct problem *problem);

#endif
