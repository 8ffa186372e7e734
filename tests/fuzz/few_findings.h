/*
 * A report with a few findings that nothing was read for: for fuzzers of what is held against it.
 */
#ifndef SEEP_TESTS_FEW_FINDINGS_H
#define SEEP_TESTS_FEW_FINDINGS_H

#include "../../report/model.h"

/* One finding of each kind, of two programs, with ids "0000000000000000" … ; in the model's arena.
 */
struct report *few_findings(struct model *model);

#endif
