/*
 * Every output of a report, looked at by readers of its format; for fuzzers.
 */
#ifndef SEEP_TESTS_OUTPUTS_H
#define SEEP_TESTS_OUTPUTS_H

#include "../../report/model.h"

/* Ends the program where an output is not well-formed. */
void outputs_check(const struct report *report);

#endif
