/* Invented heaps; see heap.h. */
#include "heap.h"

#include <string.h>
#include <sys/mman.h>

#include "../../../preload/mark/fault.h"

char *heap_arena;
uintptr_t heap_roots[HEAP_ROOTS];
struct mark_result heap_mark;
struct judge_result heap_judged;
struct interior_map heap_map;
size_t heap_room;

static void heap_end(void)
{
    judge_finish(&heap_judged);
    if (heap_mark.via != NULL)
        pages_unmap(heap_mark.via, (heap_mark.blocks.count + 1) * sizeof *heap_mark.via);
    blocks_free(&heap_mark.blocks);
    roots_free(&heap_mark.roots);
    heap_mark = (struct mark_result){0};
}

/* A fresh arena each time, so that no ledger word of an earlier heap is left in it. */
void heap_begin(void)
{
    static uintptr_t next = 0x200000000000;
    heap_end();
    if (heap_arena == NULL)
        ck_assert(ledger_start());
    else
        munmap(heap_arena, HEAP_BYTES);
    for (size_t i = ledger_leaf_first(); i < ledger_leaf_end(); i++)
        ledger_pages_clear(i << LEDGER_LEAF_SHIFT, (i + 1) << LEDGER_LEAF_SHIFT);
    heap_arena = mmap((void *)next, HEAP_BYTES, PROT_READ | PROT_WRITE, /* NOLINT: an address */
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    ck_assert(heap_arena != MAP_FAILED);
    next += HEAP_BYTES;
    memset(heap_roots, 0, sizeof heap_roots);
    heap_map = (struct interior_map){0};
    ledger_birth_floor = 0;
    ledger_birth_bits = (uint64_t)LEDGER_BIRTH_FIRST << LEDGER_BIRTH_SHIFT;
}

uintptr_t heap_add_of(size_t offset, size_t bytes, uint32_t stack)
{
    uintptr_t start = (uintptr_t)heap_arena + offset;
    ck_assert(offset % 16 == 0 && offset + bytes <= HEAP_BYTES);
    ck_assert(ledger_add(start, bytes, stack, ledger_birth_now()));
    return start;
}

uintptr_t heap_add(size_t offset, size_t bytes)
{
    return heap_add_of(offset, bytes, 1);
}

void heap_write(uintptr_t block, size_t bytes, uint64_t word)
{
    memcpy((char *)block + bytes, &word, sizeof word); /* NOLINT: an address */
}

static void heap_run_one(bool holders)
{
    heap_end();
    static struct world world;
    heap_mark.world = &world;
    ck_assert_int_eq(blocks_build(&heap_mark.blocks), 0);
    roots_add(&heap_mark.roots,
              (struct roots_range){(uintptr_t)heap_roots, (uintptr_t)(heap_roots + HEAP_ROOTS),
                                   ROOTS_MAPPING, ROOTS_NO_THREAD});
    if (holders)
        heap_mark.via = pages_map((heap_mark.blocks.count + 1) * sizeof *heap_mark.via);
    struct flood_request request = {.blocks = &heap_mark.blocks,
                                    .roots = &heap_mark.roots,
                                    .map = heap_map,
                                    .room = heap_room,
                                    .via = heap_mark.via};
    ck_assert_int_eq(fault_begin(false), 0);
    ck_assert_int_eq(flood_run(&request), 0);
    fault_end();
    heap_mark.pages_unreadable = request.pages_unreadable;
    ck_assert_int_eq(judge_run(&heap_mark, NULL, &heap_judged), 0);
}

void heap_run(void)
{
    heap_run_one(false);
}

void heap_run_with_holders(void)
{
    heap_run_one(true);
}

enum mark_fate heap_fate(uintptr_t block)
{
    struct blocks_found found;
    ck_assert(blocks_find(&heap_mark.blocks, block, &found));
    ck_assert_uint_eq(found.start, block);
    return mark_fate(&found);
}

const struct leakfile_finding *heap_finding(uint32_t stack, uint32_t kind, uint32_t flags)
{
    for (size_t i = 0; i < heap_judged.finding_count; i++) {
        const struct leakfile_finding *finding = &heap_judged.findings[i];
        if (finding->stack == stack && finding->kind == kind && finding->flags == flags)
            return finding;
    }
    return NULL;
}

int heap_main(const char *claim, const TTest *const *tests, size_t count)
{
    TCase *tcase = tcase_create(claim);
    tcase_set_timeout(tcase, 120);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
    Suite *suite = suite_create(claim);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
