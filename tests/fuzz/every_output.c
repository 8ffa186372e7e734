/*
 * Any bytes are read, named, judged and rendered without a fault. The mutator makes checksums right
 * again, so that changes get past them.
 */
#include "../../report/aggregate/aggregate.h"
#include "../../report/gate/gate.h"
#include "../../report/load/load.h"
#include "../../report/render/renderer.h"
#include "../../report/symbolize/symbolize.h"
#include "../support/invent.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t length, size_t room, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t length, size_t room);

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t length, size_t room, unsigned seed)
{
    length = LLVMFuzzerMutate(bytes, length, room);
    if (seed % 8 != 0)
        invent_seal(bytes, length);
    return length;
}

static void render(const struct report *report, const char *format)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    if (stream == NULL)
        abort();
    renderer_find(format)->write(report, stream, true);
    fclose(stream);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct model model = {0};
    struct problem problem = {{0}};
    struct load_input input = {.name = "fuzzed", .bytes = bytes, .length = length};
    if (load_bytes(&model, &input, &problem) == 0) {
        struct gate gate = {.rules = {.fail_on = FAIL_ON_LOST | FAIL_ON_GROWING}};
        struct symbolizer *symbolizer = symbolizer_new(&model.arena);
        struct report *report = aggregate_model(&model, symbolizer, NULL);
        gate_apply(&gate, report, &problem);
        render(report, "text");
        for (size_t i = 1; renderer_at(i) != NULL; i++)
            render(report, renderer_at(i)->name);
        symbolizer_free(symbolizer);
    }
    arena_free(&model.arena);
    return 0;
}
