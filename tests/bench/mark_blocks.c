/*
 * How long the marker takes: blocks of 64 bytes, each with two pointers to random others, laid out
 * as glibc would (80 bytes apart). Prints milliseconds for the index, the flood and judging: of
 * processor time, and of the flood the time that passes too, by one thread and by several. With
 * everything reached, nearest first, and with everything lost.
 *
 * Run by hand: build/tests/bench/mark_blocks [blocks, default 4000000 [threads, default 2]]
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

static void measure(char *root, bool nearest_first, uint32_t threads)
{
    static struct world world;
    struct mark_result mark = {.world = &world};
    uint64_t began_ns = clock_read_ns(CLOCK_PROCESS_CPUTIME_ID);
    if (blocks_build(&mark.blocks) != 0)
        abort();
    double index_ms = ms_since(began_ns);
    uintptr_t *via = nearest_first ? pages_map((mark.blocks.count + 1) * sizeof *mark.via) : NULL;
    roots_add_value(&mark.roots, (uintptr_t)root, ROOTS_MAPPING, ROOTS_NO_THREAD);
    struct flood_request request = {
        .blocks = &mark.blocks, .roots = &mark.roots, .via = via, .threads = threads};
    uint64_t flood_began_ns = clock_now_ns();
    began_ns = clock_read_ns(CLOCK_PROCESS_CPUTIME_ID);
    fault_begin(false);
    if (flood_run(&request) != 0)
        abort();
    fault_end();
    double flood_ms = ms_since(began_ns);
    double passed_ms = (double)(clock_now_ns() - flood_began_ns) / 1e6;
    struct judge_result judged = {0};
    began_ns = clock_read_ns(CLOCK_PROCESS_CPUTIME_ID);
    if (judge_run(&mark, NULL, &judged) != 0)
        abort();
    printf("%zu blocks, root %s, %s, threads %u: index %.1f ms, flood %.1f ms in %.1f ms, "
           "judge %.1f ms; reached %zu, lost %zu, indirect %zu\n",
           mark.blocks.count, root == NULL ? "taken" : "given",
           nearest_first ? "nearest first" : "deepest first", threads, index_ms, flood_ms,
           passed_ms, ms_since(began_ns), (size_t)judged.reachable.blocks,
           (size_t)judged.lost.blocks, (size_t)judged.indirect.blocks);
    judge_finish(&judged);
    if (via != NULL)
        pages_unmap(via, (mark.blocks.count + 1) * sizeof *via);
    blocks_free(&mark.blocks);
    roots_free(&mark.roots);
}

int main(int argc, char **argv)
{
    char *root = invent(argc > 1 ? strtoull(argv[1], NULL, 10) : 4000000);
    uint32_t threads = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 2;
    for (int i = 0; i < 3; i++) {
        measure(root, false, 1);
        measure(root, false, threads);
    }
    measure(root, true, 1);
    measure(NULL, false, 1);
    return 0;
}
