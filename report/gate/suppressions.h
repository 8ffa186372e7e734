/*
 * Suppressions in LeakSanitizer's syntax: lines `leak:PATTERN`, comments with #.
 */
#ifndef SEEP_REPORT_SUPPRESSIONS_H
#define SEEP_REPORT_SUPPRESSIONS_H

#include "../model.h"
#include "../problem.h"

/* Adds the rules of a file to report->rules and marks the findings that they match. A finding is
 * counted for the first rule that matches. `shipped`: the file has our rules for known noise, which
 * match more narrowly (suppressions.c). Negative errno with a line in `problem` on error. */
int suppressions_apply(struct report *report, const char *path, bool shipped,
                       struct problem *problem);

/* The same for the rules that the programs of the report have for themselves, each for the findings
 * in its own processes. Lines that are none are passed over. */
void suppressions_apply_own(struct report *report);

/* Does the text have a part that the pattern describes? `*` is anything; `^` and `$` at its ends
 * hold it to the text's ends. */
bool suppression_matches(const char *pattern, const char *text);

#endif
