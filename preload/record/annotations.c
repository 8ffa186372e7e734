/* Regions and blocks that the program told us of; see annotations.h. */
#include "annotations.h"

#include <errno.h>

#include "../base/lock.h"
#include "ledger.h"

/* Protected by roots_lock. */
static struct pages_range roots[ANNOTATIONS_ROOTS];
static size_t root_count;
static struct lock roots_lock;

static uint32_t has_ignored; /* atomic; only ever set */

int annotations_add_root(uintptr_t start, size_t bytes)
{
    LOCK_HELD(&roots_lock);
    if (root_count == ANNOTATIONS_ROOTS)
        return -ENOSPC;
    roots[root_count] = (struct pages_range){start, start + bytes};
    root_count++;
    return 0;
}

int annotations_remove_root(uintptr_t start, size_t bytes)
{
    LOCK_HELD(&roots_lock);
    for (size_t i = root_count; i-- > 0;) {
        if (roots[i].start != start || roots[i].end != start + bytes)
            continue;
        roots[i] = roots[--root_count];
        return 0;
    }
    return -ENOENT;
}

bool annotations_root(size_t n, struct pages_range *range)
{
    if (n >= root_count)
        return false;
    *range = roots[n];
    return true;
}

int annotations_ignore(uintptr_t start)
{
    uint64_t word = ledger_word(start);
    if (word == 0)
        return -ENOENT;
    annotations_note_ignored();
    ledger_put(start, ledger_word_size(word),
               ledger_word_make(start, ledger_word_size(word), ledger_word_stack(word),
                                LEDGER_BIRTH_IGNORED));
    return 0;
}

bool annotations_has_ignored(void)
{
    return __atomic_load_n(&has_ignored, __ATOMIC_RELAXED) != 0;
}

void annotations_note_ignored(void)
{
    __atomic_store_n(&has_ignored, 1, __ATOMIC_RELAXED);
}

void annotations_after_fork(void)
{
    roots_lock = (struct lock){0};
}
