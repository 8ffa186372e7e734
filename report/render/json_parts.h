/*
 * What the parts of the JSON output share.
 */
#ifndef SEEP_REPORT_JSON_PARTS_H
#define SEEP_REPORT_JSON_PARTS_H

#include "escape.h"
#include "renderer.h"

#include <jansson.h>

struct desk {
    const struct report *report;
    struct arena *arena; /* for text that is gone when the report is written */
};

json_t *json_number(uint64_t value);
json_t *json_number_or_null(uint64_t value, bool known);
json_t *json_text(const struct desk *desk, const char *text);
json_t *json_total(struct leakfile_total total);
/* Takes the reference to `value`. */
void json_put(json_t *object, const char *key, json_t *value);

json_t *json_finding(const struct desk *desk, const struct finding *finding);
/* Who mapped memory, most first by the file's order. */
json_t *json_externals(const struct desk *desk, struct process *process);
json_t *json_held(const struct desk *desk, const struct held *held);

#endif
