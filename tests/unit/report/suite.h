/*
 * What the tests of report/ share: a report from bytes.
 */
#ifndef SEEP_TESTS_SUITE_H
#define SEEP_TESTS_SUITE_H

#include "../../../report/aggregate/aggregate.h"
#include "../../../report/gate/gate.h"
#include "../../../report/load/load.h"
#include "../../../report/render/renderer.h"
#include "../../../report/symbolize/symbolize.h"
#include "../../support/claims.h"
#include "../../support/invent.h"

/* Everything that comes from one file; suite_close frees it. */
struct opened {
    struct model model;
    struct symbolizer *symbolizer;
    struct report *report; /* NULL when the file could not be read */
    int error;
    struct problem problem;
    struct gate gate;
};

/* Loads, aggregates and judges the bytes. They are copied to memory of just their size first, so
 * that AddressSanitizer sees every read behind them. */
void suite_open(struct opened *opened, const uint8_t *bytes, size_t length);
void suite_close(struct opened *opened);

/* The report as text in malloc'ed memory. */
char *suite_render(const struct report *report, const char *format);

bool suite_has_reason(const struct report *report, uint32_t code);

#endif
