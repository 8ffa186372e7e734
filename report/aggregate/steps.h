/*
 * The steps of aggregate/, for aggregate/ only.
 */
#ifndef SEEP_REPORT_STEPS_H
#define SEEP_REPORT_STEPS_H

#include "aggregate.h"

/* Writes 16 hexadecimal digits and a zero: the name of a leak over runs and rebuilds, a hash of
 * the program's base name and, for each frame, the function's name, or module and offset where it
 * has none. No line, no kind, no process: the same call path has the same id when its blocks turn
 * from possible to lost. */
void path_identify(const char *program, const struct path *path, char id[17]);

/* Fills report->findings from all processes. */
void fold_findings(struct report *report);

/* Fills report->reasons from the files, from processes and from children that left no section. */
void reasons_gather(struct report *report);

#endif
