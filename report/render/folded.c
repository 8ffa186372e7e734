/*
 * Folded stacks, for flame graphs: a line a finding, `program;main;load;make_node 88`, with the
 * bytes of the finding and of what hangs on it.
 */
#include "phrase.h"
#include "renderer.h"

#include "escape.h"

#include <inttypes.h>

/* A frame ends at a semicolon, a line at its last space. */
static void folded_write_name(struct arena *arena, FILE *stream, const char *name)
{
    for (const char *at = escape_for_terminal(arena, name); *at != '\0'; at++)
        putc(*at == ';' ? ':' : *at, stream);
}

static int folded_write(const struct report *report, FILE *stream, bool colour)
{
    (void)colour;
    struct arena scratch = {0};
    for (size_t i = 0; i < report->findings.count; i++) {
        const struct finding *finding = report->findings.items[i];
        if (!finding_counts(finding))
            continue;
        folded_write_name(&scratch, stream, finding->program);
        for (size_t at = finding->path.count; at-- > 0;) {
            putc(';', stream);
            folded_write_name(&scratch, stream,
                              phrase_for_function(&scratch, &finding->path.frames[at]));
        }
        fprintf(stream, " %" PRIu64 "\n", add_saturated(finding->bytes, finding->indirect_bytes));
    }
    arena_free(&scratch);
    return 0;
}

const struct renderer renderer_folded = {"folded", "stacks for flame graphs", folded_write};
