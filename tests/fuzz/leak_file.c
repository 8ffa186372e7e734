/*
 * Any bytes are read as a leak report file, or refused with a line. What was read keeps its
 * promises to the steps behind: sorted keys, each once; texts that end; arrays of their length.
 */
#include "../../report/load/load.h"
#include "frames.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t length, size_t room, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t length, size_t room, unsigned seed)
{
    return frames_mutate(bytes, length, room, seed);
}

static volatile uint64_t sum; /* so that nothing that is touched is left out */

static void touch(const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        sum += ((const uint8_t *)bytes)[i];
}

static void touch_text(const char *text)
{
    assert(text != NULL);
    touch(text, strlen(text));
}

/* Keys rise from item to item. */
#define ASSERT_SORTED(vec, high, low)                                                              \
    for (size_t i = 1; i < (vec).count; i++)                                                       \
    assert((vec).items[i - 1].high < (vec).items[i].high ||                                        \
           ((vec).items[i - 1].high == (vec).items[i].high &&                                      \
            (vec).items[i - 1].low < (vec).items[i].low))

static void check_order(const struct process *process)
{
    ASSERT_SORTED(process->modules, id, id);
    ASSERT_SORTED(process->stacks, id, id);
    ASSERT_SORTED(process->collections, n, n);
    ASSERT_SORTED(process->holders, what.stack, what.sample);
    ASSERT_SORTED(process->reasons, code, code);
    ASSERT_SORTED(process->growths, what.stack, what.stack);
    ASSERT_SORTED(process->warnings, collection, collection);
    ASSERT_SORTED(process->externals, stack, stack);
}

static void check_texts(const struct process *process)
{
    touch_text(process->exe);
    touch_text(process->program);
    assert(process->program[0] != '\0' && strchr(process->program, '/') == NULL);
    for (size_t i = 0; i < process->argv.count; i++)
        touch_text(process->argv.items[i]);
    for (size_t i = 0; i < process->options.count; i++) {
        touch_text(process->options.items[i].name);
        touch_text(process->options.items[i].value);
    }
    for (size_t i = 0; i < process->modules.count; i++) {
        touch_text(process->modules.items[i].path);
        if (process->modules.items[i].build_id != NULL)
            touch_text(process->modules.items[i].build_id);
    }
    for (size_t i = 0; i < process->reasons.count; i++)
        touch_text(process->reasons.items[i].text);
    for (size_t i = 0; i < process->children.count; i++)
        touch_text(process->children.items[i].path);
}

static void check_arrays(const struct process *process)
{
    for (size_t i = 0; i < process->stacks.count; i++)
        touch(process->stacks.items[i].pcs,
              process->stacks.items[i].count * sizeof *process->stacks.items[i].pcs);
    for (size_t i = 0; i < process->holders.count; i++) {
        const struct holder *holder = &process->holders.items[i];
        touch(holder->hops, holder->what.hops * sizeof *holder->hops);
        touch_text(holder->name);
        assert(holder->what.root <= LEAKFILE_ROOT_MAPPING);
    }
    for (size_t i = 0; i < process->growths.count; i++)
        touch(process->growths.items[i].points, process->growths.items[i].what.points * 8ul);
    for (size_t i = 0; i < process->findings.count; i++) {
        assert(process->findings.items[i].kind <= LEAKFILE_KIND_SETTLING);
        assert(process->findings.items[i].blocks != 0);
    }
    for (size_t i = 0; i < process->externals.count; i++)
        assert(process->externals.items[i].mappings != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct model model = {0};
    struct problem problem = {{0}};
    struct load_input input = {.name = "fuzzed", .bytes = bytes, .length = length};
    int error = load_bytes(&model, &input, &problem);
    assert(error == 0 ? model.processes.count > 0 : problem.text[0] != '\0');
    assert(strchr(problem.text, '\n') == NULL);
    for (size_t i = 0; i < model.processes.count; i++) {
        check_order(model.processes.items[i]);
        check_texts(model.processes.items[i]);
        check_arrays(model.processes.items[i]);
    }
    arena_free(&model.arena);
    return 0;
}
