/*
 * An output of reports. Renderers only read; they are listed once, in renderer.c.
 */
#ifndef SEEP_REPORT_RENDERER_H
#define SEEP_REPORT_RENDERER_H

#include "../model.h"

struct renderer {
    const char *name; /* of --format */
    const char *help;
    /* Writes the whole report. `colour` may be ignored. Returns 0 or a negative errno; errors of
     * the stream itself are found by the caller when it closes it. */
    int (*write)(const struct report *report, FILE *stream, bool colour);
};

extern const struct renderer renderer_text;
extern const struct renderer renderer_json;
extern const struct renderer renderer_junit;
extern const struct renderer renderer_sarif;
extern const struct renderer renderer_folded;

/* The last line of the text output alone. */
void renderer_text_summary(const struct report *report, FILE *stream, bool colour);

/* NULL when there is no output of this name. */
const struct renderer *renderer_find(const char *name);

/* The n-th renderer, NULL behind the last one. */
const struct renderer *renderer_at(size_t n);

/* Is the stream a terminal that shows colours, and does the user want them (NO_COLOR, TERM)? */
bool stream_wants_colour(FILE *stream);

#endif
