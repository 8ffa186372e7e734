/*
 * What `seep run` is asked to do.
 */
#ifndef SEEP_REPORT_RUN_OPTIONS_H
#define SEEP_REPORT_RUN_OPTIONS_H

#include "../run/run.h"
#include "gate_options.h"

struct run_wishes {
    char **program; /* and its arguments, up to a NULL */
    uint64_t wait_ms;
    const char *output; /* of the gathered file, or NULL */
    const char *print;  /* "none", "summary" or "full" */
    bool keep;
    bool selftest;
    bool selftest_failed;
    const char *only; /* as the library gets them, or NULL */
    const char *skip;
    struct text_buffer library; /* settings for SEEP_OPTIONS */
    struct gate gate;
};

/* Ends the command with status 2 when something is wrong. */
void run_options_parse(int argc, char **argv, struct run_wishes *wishes);

#endif
