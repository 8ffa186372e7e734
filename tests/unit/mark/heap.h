/*
 * An invented heap: blocks at chosen places of an arena, roots in an array, then mark and judge.
 *
 * One heap at a time. Offsets are from the start of the arena, which begins at a multiple of 64 MiB
 * and spans several leaves of the ledger; untouched pages cost nothing.
 */
#ifndef SEEP_TESTS_UNIT_MARK_HEAP_H
#define SEEP_TESTS_UNIT_MARK_HEAP_H

#include <check.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "../../../preload/judge/judge.h"
#include "../../../preload/mark/flood.h"
#include "../../../preload/mark/mark.h"

#define HEAP_BYTES (1024ull << 20)

enum { HEAP_ROOTS = 64 };

extern char *heap_arena;
/* Words that are roots; all zero at first. */
extern uintptr_t heap_roots[HEAP_ROOTS];
extern struct mark_result heap_mark;
extern struct judge_result heap_judged;
/* For virtual tables; empty until a test sets them. */
extern struct interior_map heap_map;
/* Of the work list, in blocks; when it is full, blocks are taken by address. 0, as at first: much.
 */
extern size_t heap_room;

/* Empties the heap; to be called first. */
void heap_begin(void);
/* A block of the call path 1, or of another; zeroed. `offset` is a multiple of 16. */
uintptr_t heap_add(size_t offset, size_t bytes);
uintptr_t heap_add_of(size_t offset, size_t bytes, uint32_t stack);
/* Writes a word at `bytes` behind the start of a block. */
void heap_write(uintptr_t block, size_t bytes, uint64_t word);

/* Marks, remembering holders or not, and judges. */
void heap_run(void);
void heap_run_with_holders(void);
enum mark_fate heap_fate(uintptr_t block);
/* The finding of a call path and kind, ring or not; NULL when there is none. */
const struct leakfile_finding *heap_finding(uint32_t stack, uint32_t kind, uint32_t flags);

/* main of each claim. */
int heap_main(const char *claim, const TTest *const *tests, size_t count);
#define HEAP_MAIN(claim, ...)                                                                      \
    int main(void)                                                                                 \
    {                                                                                              \
        const TTest *const tests[] = {__VA_ARGS__};                                                \
        return heap_main(claim, tests, sizeof tests / sizeof *tests);                              \
    }

#endif
