/*
 * The ledger's cold paths; see ledger.h.
 *
 * ledger_leaf_make_slow and ledger_pages_set_slow run in program threads, also in signal handlers:
 * they take no lock of their own (pages_map takes the register's, with signals blocked).
 */
#include "ledger.h"

#include <sys/mman.h>

#include "../base/pages.h"
#include "../base/sys.h"

struct ledger_leaf **ledger_leaves HOT; /* set once by ledger_start; NULL again after ledger_stop */
bool ledger_lacks_memory;               /* see ledger.h */

uint64_t ledger_birth_bits HOT = 1ull << LEDGER_BIRTH_SHIFT; /* LEDGER_BIRTH_FIRST; see ledger.h */
uint32_t ledger_birth_floor;                                 /* see ledger.h */

/* The range of leaves that exist; atomic, they only ever widen. */
static size_t leaf_first = LEDGER_LEAVES;
static size_t leaf_end;

/* A bit for each page of the table with a leaf: between the heap and the mappings lie megabytes of
 * nothing, which every walk would touch. Atomic. */
enum { LEAF_GROUP = 4096 / sizeof(void *), LEAF_GROUPS = LEDGER_LEAVES / LEAF_GROUP };
static uint64_t leaf_groups[LEAF_GROUPS / 64];

bool ledger_start(void)
{
    ledger_leaves = pages_map(LEDGER_LEAVES * sizeof *ledger_leaves);
    return ledger_leaves != NULL;
}

void ledger_stop(void)
{
    for (size_t i = ledger_leaf_next(0); i < ledger_leaf_end(); i = ledger_leaf_next(i + 1))
        pages_unmap(ledger_leaves[i], sizeof *ledger_leaves[i]);
    leaf_first = LEDGER_LEAVES;
    leaf_end = 0;
    if (ledger_leaves != NULL)
        pages_unmap(ledger_leaves, LEDGER_LEAVES * sizeof *ledger_leaves);
    ledger_leaves = NULL;
}

size_t ledger_leaf_first(void)
{
    return __atomic_load_n(&leaf_first, __ATOMIC_ACQUIRE);
}

size_t ledger_leaf_end(void)
{
    return __atomic_load_n(&leaf_end, __ATOMIC_ACQUIRE);
}

static bool leaf_group_is_used(size_t group)
{
    return (__atomic_load_n(&leaf_groups[group / 64], __ATOMIC_ACQUIRE) >> group % 64 & 1) != 0;
}

size_t ledger_leaf_next(size_t index)
{
    size_t end = ledger_leaf_end();
    for (size_t group = index / LEAF_GROUP; group * LEAF_GROUP < end; group++) {
        if (!leaf_group_is_used(group))
            continue;
        size_t behind = (group + 1) * LEAF_GROUP;
        for (size_t i = index > group * LEAF_GROUP ? index : group * LEAF_GROUP;
             i < behind && i < end; i++)
            if (ledger_leaves[i] != NULL)
                return i;
    }
    return LEDGER_LEAVES;
}

static void ledger_range_widen(size_t index)
{
    size_t group = index / LEAF_GROUP;
    __atomic_fetch_or(&leaf_groups[group / 64], 1ull << group % 64, __ATOMIC_RELEASE);
    size_t first = ledger_leaf_first();
    while (index < first && !__atomic_compare_exchange_n(&leaf_first, &first, index, false,
                                                         __ATOMIC_RELEASE, __ATOMIC_ACQUIRE))
        ;
    size_t end = ledger_leaf_end();
    while (index >= end && !__atomic_compare_exchange_n(&leaf_end, &end, index + 1, false,
                                                        __ATOMIC_RELEASE, __ATOMIC_ACQUIRE))
        ;
}

struct ledger_leaf *ledger_leaf_make_slow(uintptr_t address)
{
    size_t index = ledger_leaf_index(address);
    if (ledger_leaves == NULL || index >= LEDGER_LEAVES)
        return NULL;
    struct ledger_leaf *fresh = pages_map(sizeof *fresh);
    if (fresh == NULL) {
        __atomic_store_n(&ledger_lacks_memory, true, __ATOMIC_RELAXED);
        return NULL;
    }
    struct ledger_leaf *other = NULL;
    if (!__atomic_compare_exchange_n(&ledger_leaves[index], &other, fresh, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE)) {
        pages_unmap(fresh, sizeof *fresh);
        return other;
    }
    ledger_range_widen(index);
    return fresh;
}

/* Sets or clears the bits of pages [page, end) of one leaf, a word at a time. */
static void ledger_leaf_pages(struct ledger_leaf *leaf, size_t page, size_t end, bool set)
{
    while (page < end) {
        size_t bit = page % 64;
        size_t count = 64 - bit < end - page ? 64 - bit : end - page;
        uint64_t mask = (count == 64 ? ~0ull : (1ull << count) - 1) << bit;
        uint64_t *word = &leaf->pages[page / 64];
        uint64_t seen = __atomic_load_n(word, __ATOMIC_RELAXED);
        if (set && (seen & mask) != mask)
            __atomic_fetch_or(word, mask, __ATOMIC_RELAXED);
        else if (!set && (seen & mask) != 0)
            __atomic_fetch_and(word, ~mask, __ATOMIC_RELAXED);
        page += count;
    }
}

static void ledger_pages(uintptr_t first_page, uintptr_t end_page, bool set)
{
    while (first_page < end_page) {
        uintptr_t leaf_stop = (first_page / LEDGER_PAGES + 1) * LEDGER_PAGES;
        uintptr_t stop = leaf_stop < end_page ? leaf_stop : end_page;
        struct ledger_leaf *leaf = ledger_leaf_of(first_page << 12);
        if (leaf == NULL && set)
            leaf = ledger_leaf_make_slow(first_page << 12);
        if (leaf != NULL)
            ledger_leaf_pages(leaf, first_page % LEDGER_PAGES, (stop - 1) % LEDGER_PAGES + 1, set);
        first_page = stop;
    }
}

void ledger_pages_set_slow(uintptr_t start, uintptr_t end)
{
    uintptr_t end_page = (end + 4095) >> 12;
    ledger_pages(start >> 12, end_page > start >> 12 ? end_page : (start >> 12) + 1, true);
}

void ledger_pages_clear(uintptr_t start, uintptr_t end)
{
    uintptr_t first = ledger_leaf_first() << (LEDGER_LEAF_SHIFT - 12);
    uintptr_t last = ledger_leaf_end() << (LEDGER_LEAF_SHIFT - 12);
    uintptr_t page = (start + 4095) >> 12;
    uintptr_t end_page = end >> 12;
    ledger_pages(page > first ? page : first, end_page < last ? end_page : last, false);
}

enum {
    TABLE_PAGE_WORDS = PAGES_BYTES / sizeof(uint64_t),
    TABLE_PAGES = LEDGER_SLOTS / TABLE_PAGE_WORDS, /* of a leaf */
    TABLE_WORDS_AT_ONCE = 1024 * TABLE_PAGE_WORDS
};

/* Where the next ledger_give_back begins. */
static size_t give_leaf;
static size_t give_page;

/* The number of words that had to be looked at goes off `*left`. */
static bool table_page_is_empty(const uint64_t *words, ptrdiff_t *left)
{
    size_t at = 0;
    while (at < TABLE_PAGE_WORDS && words[at] == 0)
        at++;
    *left -= (ptrdiff_t)at;
    return at == TABLE_PAGE_WORDS;
}

/* Gives back empty ones of the leaf's pages from give_page on. */
static void leaf_give_back(struct ledger_leaf *leaf, const unsigned char *resident)
{
    ptrdiff_t left = TABLE_WORDS_AT_ONCE;
    size_t empty = 0; /* pages in a row, before give_page */
    for (;; give_page++) {
        bool is_end = give_page == TABLE_PAGES || left <= 0;
        uint64_t *words = &leaf->words[give_page * TABLE_PAGE_WORDS];
        if (!is_end && (resident[give_page] & 1) != 0 && table_page_is_empty(words, &left)) {
            empty++;
            continue;
        }
        if (empty != 0)
            sys_call(SYS_madvise, words - empty * TABLE_PAGE_WORDS, empty * PAGES_BYTES,
                     MADV_DONTNEED);
        empty = 0;
        if (is_end)
            return;
    }
}

void ledger_give_back(void)
{
    static unsigned char resident[TABLE_PAGES]; /* not on a stack that may be small */
    size_t index = ledger_leaf_next(give_leaf);
    if (index >= ledger_leaf_end())
        index = ledger_leaf_next(0);
    if (index >= ledger_leaf_end())
        return;
    if (index != give_leaf)
        give_page = 0;
    give_leaf = index;
    struct ledger_leaf *leaf = ledger_leaves[index];
    if (sys_call(SYS_mincore, leaf->words, sizeof leaf->words, resident) == 0)
        leaf_give_back(leaf, resident);
    else
        give_page = TABLE_PAGES;
    if (give_page == TABLE_PAGES) {
        give_leaf = index + 1;
        give_page = 0;
    }
}

/* Births keep the order of the youngest half; older ones become one, inherited ones another. */
static uint32_t ledger_birth_older(uint32_t birth)
{
    if (birth == LEDGER_BIRTH_IGNORED)
        return LEDGER_BIRTH_IGNORED;
    if (birth <= ledger_birth_floor)
        return LEDGER_BIRTH_FIRST;
    uint32_t oldest = LEDGER_BIRTH_LAST / 2;
    return birth > oldest + 1 ? birth - oldest : LEDGER_BIRTH_FIRST + 1;
}

static void ledger_page_renumber(uint64_t *words)
{
    uint64_t births = ((1ull << LEDGER_BIRTH_BITS) - 1) << LEDGER_BIRTH_SHIFT;
    for (size_t slot = 0; slot < LEDGER_SLOTS_PER_PAGE; slot++)
        if (words[slot] != 0)
            words[slot] = (words[slot] & ~births) |
                          (uint64_t)ledger_birth_older(ledger_word_birth(words[slot]))
                              << LEDGER_BIRTH_SHIFT;
}

static void ledger_birth_set(uint32_t birth)
{
    ledger_birth_bits = (uint64_t)birth << LEDGER_BIRTH_SHIFT;
}

static void ledger_renumber(void)
{
    for (size_t i = ledger_leaf_next(0); i < ledger_leaf_end(); i = ledger_leaf_next(i + 1)) {
        struct ledger_leaf *leaf = ledger_leaves[i];
        for (size_t page = 0; page < LEDGER_PAGES; page++)
            if ((leaf->pages[page / 64] >> page % 64 & 1) != 0)
                ledger_page_renumber(&leaf->words[page * LEDGER_SLOTS_PER_PAGE]);
    }
    ledger_birth_set(ledger_birth_older(ledger_birth_now()));
    ledger_birth_floor = ledger_birth_floor != 0 ? LEDGER_BIRTH_FIRST : 0;
}

void ledger_birth_next(void)
{
    if (ledger_birth_now() == LEDGER_BIRTH_LAST)
        ledger_renumber();
    ledger_birth_set(ledger_birth_now() + 1);
}

void ledger_inherit_all(void)
{
    ledger_birth_floor = ledger_birth_now();
    ledger_birth_next();
}
