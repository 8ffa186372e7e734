/*
 * What the tests of report/ share; see suite.h.
 */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

void suite_open(struct opened *opened, const uint8_t *bytes, size_t length)
{
    *opened = (struct opened){0};
    opened->gate.rules =
        (struct gate_rules){.fail_on = FAIL_ON_LOST, .leaks_status = 23, .inconclusive_status = 24};
    uint8_t *copy = malloc(length);
    ck_assert(copy != NULL || length == 0);
    if (length > 0)
        memcpy(copy, bytes, length);
    struct load_input input = {.name = "invented", .bytes = copy, .length = length};
    opened->error = load_bytes(&opened->model, &input, &opened->problem);
    free(copy);
    if (opened->error != 0)
        return;
    opened->symbolizer = symbolizer_new(&opened->model.arena);
    opened->report = aggregate_model(&opened->model, opened->symbolizer, NULL);
    ck_assert_int_eq(gate_apply(&opened->gate, opened->report, &opened->problem), 0);
}

void suite_close(struct opened *opened)
{
    symbolizer_free(opened->symbolizer);
    arena_free(&opened->model.arena);
}

char *suite_render(const struct report *report, const char *format)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    ck_assert(stream != NULL);
    ck_assert_int_eq(renderer_find(format)->write(report, stream, false), 0);
    fclose(stream);
    return text;
}

bool suite_has_reason(const struct report *report, uint32_t code)
{
    for (size_t i = 0; i < report->reasons.count; i++)
        if (report->reasons.items[i].reason.code == code)
            return true;
    return false;
}
