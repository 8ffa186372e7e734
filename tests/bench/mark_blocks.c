/*
 * How long the marker takes: blocks of 64 bytes, each with two pointers to random others, laid out
 * as glibc would (80 bytes apart). Prints milliseconds of processor time for the index, the flood,
 * and judging, once with everything reached and once with everything lost.
 *
 * Run by hand: build/tests/bench/mark_blocks [blocks, default 4000000]
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "../../preload/base/clock.h"
#include "../../preload/judge/judge.h"
#include "../../preload/mark/fault.h"
#include "../../preload/mark/flood.h"

enum { BLOCK_BYTES = 64, STRIDE = 80 };

static uint64_t state = 88172645463325252u;

static uint64_t random_next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static char *invent(size_t count)
{
    char *heap = mmap(NULL, count * STRIDE + 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    /* brk memory, where malloc puts them, has small pages too */
    if (heap == MAP_FAILED || !ledger_start() ||
        madvise(heap, count * STRIDE, MADV_NOHUGEPAGE) != 0)
        abort();
    for (size_t i = 0; i < count; i++) {
        char **block = (char **)(void *)(heap + 16 + i * STRIDE);
        block[0] = heap + 16 + (i + 1) % count * STRIDE; /* so that all are reached */
        block[3] = heap + 16 + random_next() % count * STRIDE;
        block[5] = heap + 16 + random_next() % count * STRIDE;
        ledger_add((uintptr_t)block, BLOCK_BYTES, 1 + (uint32_t)(i % 1000), 1);
    }
    return heap + 16 + random_next() % count * STRIDE;
}

static double ms_since(uint64_t began_ns)
{
    return (double)(clock_read_ns(CLOCK_PROCESS_CPUTIME_ID) - began_ns) / 1e6;
}

static void measure(char *root, bool nearest_first)
{
    static struct world world;
    struct mark_result mark = {.world = &world};
    uint64_t began_ns = clock_read_ns(CLOCK_PROCESS_CPUTIME_ID);
    if (blocks_build(&mark.blocks) != 0)
        abort();
    double index_ms = ms_since(began_ns);
    uintptr_t *via = nearest_first ? pages_map((mark.blocks.count + 1) * sizeof *mark.via) : NULL;
    roots_add_value(&mark.roots, (uintptr_t)root, ROOTS_MAPPING, ROOTS_NO_THREAD);
    struct flood_request request = {.blocks = &mark.blocks, .roots = &mark.roots, .via = via};
    began_ns = clock_read_ns(CLOCK_PROCESS_CPUTIME_ID);
    fault_begin(false);
    if (flood_run(&request) != 0)
        abort();
    fault_end();
    double flood_ms = ms_since(began_ns);
    struct judge_result judged = {0};
    began_ns = clock_read_ns(CLOCK_PROCESS_CPUTIME_ID);
    if (judge_run(&mark, NULL, &judged) != 0)
        abort();
    printf("%zu blocks, root %s, %s: index %.0f ms, flood %.0f ms, judge %.0f ms; reached %zu, "
           "lost %zu, indirect %zu\n",
           mark.blocks.count, root == NULL ? "taken" : "given",
           nearest_first ? "nearest first" : "deepest first", index_ms, flood_ms,
           ms_since(began_ns), (size_t)judged.reachable.blocks, (size_t)judged.lost.blocks,
           (size_t)judged.indirect.blocks);
    judge_finish(&judged);
    if (via != NULL)
        pages_unmap(via, (mark.blocks.count + 1) * sizeof *via);
    blocks_free(&mark.blocks);
    roots_free(&mark.roots);
}

int main(int argc, char **argv)
{
    char *root = invent(argc > 1 ? strtoull(argv[1], NULL, 10) : 4000000);
    for (int i = 0; i < 3; i++)
        measure(root, false);
    measure(root, true);
    measure(NULL, false);
    return 0;
}
