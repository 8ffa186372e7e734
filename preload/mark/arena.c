/*
 * Arenas; see arena.h. The layout is that of struct malloc_state of glibc 2.27 and later:
 *
 *     lock, flags, fast bins (10 words), top, last remainder, bins (254 words), bin map (2 words),
 *     next arena, …
 *
 * A list head is a chunk of which only the two links exist: it begins two words before them.
 */
#include "arena.h"

#include "fault.h"

enum {
    ARENA_WORD = 8,
    ARENA_PAIRS = 127,
    ARENA_BROKEN = 3, /* a thread that did not answer may be about to change a few links */
    ARENA_BEFORE = 12 * ARENA_WORD, /* fast bins, top and last remainder, before the bins */
    ARENA_BINS = 2 * ARENA_PAIRS * ARENA_WORD,
    ARENA_MAP = 2 * ARENA_WORD,
    ARENA_START = 16 + ARENA_BEFORE, /* from the arena's start to its bins */
    ARENA_FORWARD = 16,              /* of a chunk: the link to the next one */
    ARENA_BACKWARD = 24
};

static bool arena_pair_is_linked(uintptr_t pair)
{
    uintptr_t head = pair - ARENA_FORWARD;
    uint64_t forward;
    uint64_t backward;
    uint64_t back;
    if (!fault_read(pair, &forward) || !fault_read(pair + ARENA_WORD, &backward))
        return false;
    if (forward == head || backward == head)
        return forward == backward;
    if (forward % 16 != 0 || backward % 16 != 0 || forward == 0 || backward == 0)
        return false;
    return fault_read(forward + ARENA_BACKWARD, &back) && back == head &&
           fault_read(backward + ARENA_FORWARD, &back) && back == head;
}

/* How many pairs are not linked; counts no further than matters. */
static unsigned arena_broken_pairs(uintptr_t bins)
{
    unsigned broken = 0;
    for (uintptr_t i = 0; i < ARENA_PAIRS && broken <= ARENA_BROKEN; i++)
        broken += !arena_pair_is_linked(bins + i * 2 * ARENA_WORD);
    return broken;
}

bool arena_is_at(uintptr_t bins)
{
    return arena_broken_pairs(bins) <= ARENA_BROKEN;
}

uintptr_t arena_search(uintptr_t start, uintptr_t end)
{
    uintptr_t best = 0;
    unsigned fewest = ARENA_BROKEN + 1;
    for (uintptr_t at = (start + 15) & ~(uintptr_t)15; at + ARENA_BINS <= end; at += 16) {
        /* A little before and behind the true place most pairs are linked too. */
        if (best != 0 && at - best > ARENA_BROKEN * 16)
            break;
        unsigned broken = arena_broken_pairs(at);
        if (broken < fewest) {
            best = at;
            fewest = broken;
        }
    }
    return best;
}

struct pages_range arena_state(uintptr_t bins)
{
    return (struct pages_range){bins - ARENA_BEFORE, bins + ARENA_BINS};
}

uintptr_t arena_next(uintptr_t bins)
{
    uint64_t next;
    if (!fault_read(bins + ARENA_BINS + ARENA_MAP, &next) || next % 16 != 0 ||
        !arena_is_at(next + ARENA_START))
        return 0;
    return next + ARENA_START;
}
