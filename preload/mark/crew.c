/* What the threads of a flood share; see crew.h. */
#include "crew.h"

#include "../base/sys.h"

enum {
    CREW_SPINS = 100,   /* then the processor is given to somebody else */
    CREW_NAP_NS = 50000 /* a member that waits shall not take the program's processor */
};

static void crew_pause(unsigned turn)
{
    struct timespec nap = {0, CREW_NAP_NS};
    if (turn < CREW_SPINS)
        __builtin_ia32_pause();
    else
        sys_call(SYS_nanosleep, &nap, NULL);
}

static void crew_lock(struct crew *crew)
{
    for (unsigned turn = 0; __atomic_exchange_n(&crew->lock, 1, __ATOMIC_ACQUIRE) != 0; turn++)
        crew_pause(turn);
}

static bool crew_has_work(const struct crew *crew)
{
    return crew->range_count != 0 || crew->start_count != 0 ||
           crew->roots_taken < crew->roots->count;
}

static void crew_unlock(struct crew *crew)
{
    uint32_t signs = (crew_has_work(crew) ? CREW_HAS_WORK : 0u) |
                     (crew->idle != 0 && crew->start_count == 0 ? CREW_IS_HUNGRY : 0u) |
                     (crew->is_done ? CREW_IS_DONE : 0u);
    __atomic_store_n(&crew->signs, signs, __ATOMIC_RELAXED);
    __atomic_store_n(&crew->lock, 0, __ATOMIC_RELEASE);
}

/* With the lock: the next root becomes a range. */
static void crew_take_root(struct crew *crew)
{
    const struct roots_range *root = &crew->roots->ranges[crew->roots_taken++];
    crew->ranges[crew->range_count++] = (struct crew_range){
        root->start, root->end, root->kind == ROOTS_CODE ? CREW_CODE : CREW_WORDS};
}

/* With the lock: takes a piece off the last range. */
static struct crew_range crew_cut_piece(struct crew *crew)
{
    struct crew_range *range = &crew->ranges[crew->range_count - 1];
    struct crew_range piece = *range;
    uintptr_t cut = (range->start + CREW_PIECE_BYTES) & ~(uintptr_t)(PAGES_BYTES - 1);
    if (cut >= range->end) {
        crew->range_count--;
        return piece;
    }
    range->start = cut;
    piece.end = range->kind == CREW_CODE ? cut + 7 : cut; /* words that begin before the cut */
    if (piece.end > range->end)
        piece.end = range->end;
    return piece;
}

bool crew_take_range(struct crew *crew, struct crew_range *piece)
{
    crew_lock(crew);
    if (crew->range_count == 0 && crew->roots_taken < crew->roots->count)
        crew_take_root(crew);
    bool is_there = crew->range_count != 0;
    if (is_there)
        *piece = crew_cut_piece(crew);
    crew_unlock(crew);
    return is_there;
}

bool crew_give_range(struct crew *crew, struct crew_range range)
{
    crew_lock(crew);
    bool has_room = crew->range_count < CREW_RANGES;
    if (has_room)
        crew->ranges[crew->range_count++] = range;
    crew_unlock(crew);
    return has_room;
}

size_t crew_take_starts(struct crew *crew, uintptr_t *starts)
{
    crew_lock(crew);
    size_t count = 0;
    while (count < CREW_STARTS_TAKEN && crew->start_count != 0)
        starts[count++] = crew->starts[--crew->start_count];
    crew_unlock(crew);
    return count;
}

size_t crew_give_starts(struct crew *crew, const uintptr_t *starts, size_t count)
{
    crew_lock(crew);
    size_t given = 0;
    while (given < count && crew->start_count < CREW_STARTS)
        crew->starts[crew->start_count++] = starts[given++];
    crew_unlock(crew);
    return given;
}

void crew_leave(struct crew *crew)
{
    crew_lock(crew);
    crew->members--;
    crew_unlock(crew);
}

/* Work is only given by members that do not wait, so when all wait and there is none, there will be
 * none. What is left to sweeps is the business of those that sweep: they wait when all is taken. */
bool crew_wait(struct crew *crew)
{
    crew_lock(crew);
    crew->idle++;
    if (crew->idle == crew->members && !crew_has_work(crew))
        crew->is_done = true;
    while (!crew->is_done && !crew_has_work(crew) && !crew_should_sweep(crew)) {
        crew_unlock(crew);
        for (unsigned turn = 0;
             !crew_shows(crew, CREW_HAS_WORK | CREW_IS_DONE) && !crew_should_sweep(crew); turn++)
            crew_pause(turn);
        crew_lock(crew);
    }
    crew->idle--;
    bool goes_on = !crew->is_done;
    crew_unlock(crew);
    return goes_on;
}
