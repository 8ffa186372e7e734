/*
 * The list of outputs.
 */
#include "renderer.h"

#include <string.h>
#include <unistd.h>

static const struct renderer *const renderers[] = {&renderer_text, &renderer_json, &renderer_junit,
                                                   &renderer_sarif, &renderer_folded};

const struct renderer *renderer_at(size_t n)
{
    return n < sizeof renderers / sizeof renderers[0] ? renderers[n] : NULL;
}

const struct renderer *renderer_find(const char *name)
{
    for (size_t i = 0; renderer_at(i) != NULL; i++)
        if (strcmp(renderer_at(i)->name, name) == 0)
            return renderer_at(i);
    return NULL;
}

bool stream_wants_colour(FILE *stream)
{
    const char *no_colour = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    if (no_colour != NULL && no_colour[0] != '\0')
        return false;
    if (terminal == NULL || strcmp(terminal, "dumb") == 0)
        return false;
    return isatty(fileno(stream)) == 1;
}
