/* Of the ledger's table, pages without a block go back to the kernel, some in each call; no word of
 * a block that lives is ever lost. */
#include <sys/mman.h>

#include "../../../preload/base/pages.h"
#include "../../../preload/record/ledger.h"
#include "heap.h"

enum {
    BLOCKS = 400000,
    BLOCK_STEP = 320,
    GROUP = 16384 / BLOCK_STEP + 1, /* blocks of about one page of the table */
    KEPT_OF = 7,                    /* one group of so many stays */
    CALLS = 16
};

static uintptr_t block_at(size_t i)
{
    return (uintptr_t)heap_arena + i * BLOCK_STEP;
}

static bool is_kept(size_t i)
{
    return i / GROUP % KEPT_OF == 3;
}

static size_t resident_pages(void)
{
    size_t count = 0;
    for (size_t i = ledger_leaf_next(0); i < ledger_leaf_end(); i = ledger_leaf_next(i + 1)) {
        unsigned char resident[sizeof ledger_leaves[i]->words / PAGES_BYTES];
        ck_assert_int_eq(mincore(ledger_leaves[i], sizeof ledger_leaves[i]->words, resident), 0);
        for (size_t page = 0; page < sizeof resident; page++)
            count += resident[page] & 1;
    }
    return count;
}

START_TEST(given_back)
{
    heap_begin();
    for (size_t i = 0; i < BLOCKS; i++)
        ck_assert(ledger_add(block_at(i), 8 + i % BLOCK_STEP, (uint32_t)i % 1000 + 1, 5));
    size_t full = resident_pages();
    ck_assert_uint_ge(full, (size_t)BLOCKS * BLOCK_STEP / 16384);
    for (int i = 0; i < CALLS; i++)
        ledger_give_back();
    ck_assert_uint_eq(resident_pages(), full);
    for (size_t i = 0; i < BLOCKS; i++)
        if (!is_kept(i))
            ck_assert_uint_ne(ledger_take(block_at(i)), 0);
    for (int i = 0; i < CALLS; i++)
        ledger_give_back();
    ck_assert_uint_le(resident_pages(), full * 2 / 5);
    for (size_t i = 0; i < BLOCKS; i++) {
        uint64_t word = ledger_word(block_at(i));
        ck_assert_uint_eq(ledger_word_size(word), is_kept(i) ? 8 + i % BLOCK_STEP : 0);
        ck_assert_uint_eq(ledger_word_stack(word), is_kept(i) ? i % 1000 + 1 : 0);
    }
    /* What was given back is as before. */
    for (size_t i = 0; i < BLOCKS; i++)
        ck_assert(ledger_add(block_at(i), 24, 2, 5));
    for (size_t i = 0; i < BLOCKS; i++)
        ck_assert_uint_eq(ledger_word_size(ledger_word(block_at(i))), 24);
}
END_TEST

HEAP_MAIN("empty pages of the ledger are given back", given_back)
