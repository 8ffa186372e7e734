/*
 * Whatever a leak file says, every output is well-formed and holds its names as data: what is no
 * text is escaped, lines and fields stay as many as there are findings.
 */
#include "../../report/aggregate/aggregate.h"
#include "../../report/gate/gate.h"
#include "../../report/load/load.h"
#include "../../report/render/renderer.h"
#include "../../report/symbolize/symbolize.h"
#include "frames.h"
#include "outputs.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t length, size_t room, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t length, size_t room, unsigned seed)
{
    return frames_mutate(bytes, length, room, seed);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct model model = {0};
    struct problem problem = {{0}};
    struct load_input input = {.name = "fuzzed", .bytes = bytes, .length = length};
    if (load_bytes(&model, &input, &problem) == 0) {
        struct gate gate = {.rules = {.fail_on = FAIL_ON_LOST | FAIL_ON_GROWING}};
        struct symbolizer *symbolizer = symbolizer_new(&model.arena);
        struct report *report = aggregate_model(&model, symbolizer, "*");
        gate_apply(&gate, report, &problem);
        outputs_check(report);
        symbolizer_free(symbolizer);
    }
    arena_free(&model.arena);
    return 0;
}
