/* A walk that takes the outer part from the last one finds what it would have found by itself,
 * words and all; where an outer frame changed behind the same inner ones it does not take it. */
#include <alloca.h>
#include <string.h>

#include "../../../preload/stacks/last.h"
#include "paths.h"

enum { DEPTH = 12, LEAVES = 200000 };

static struct last_walk last;
static uint64_t seed = 1;
static unsigned leaves, takes, taken, cut;

static unsigned any(unsigned below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % below;
}

/* Frames, and the words that they depend on. */
static bool is_same(const struct walk *walks)
{
    const struct walk_trace *traces[] = {walks[0].trace, walks[1].trace};
    bool same = walks[1].frames == walks[0].frames && walks[1].flags == walks[0].flags &&
                memcmp(walks[1].pcs, walks[0].pcs, walks[0].frames * sizeof *walks[0].pcs) == 0 &&
                traces[1]->count == traces[0]->count &&
                traces[1]->ends_at_start == traces[0]->ends_at_start;
    for (uint32_t i = 0; same && i < traces[0]->count; i++)
        same = traces[1]->words[i].at == traces[0]->words[i].at &&
               traces[1]->words[i].word == traces[0]->words[i].word;
    return same;
}

__attribute__((noinline)) void look(uint32_t depth)
{
    uintptr_t pcs[2][64];
    struct walk_trace traces[2];
    struct walk walks[2];
    struct stacks_entry entry = STACKS_ENTRY();
    for (int i = 0; i < 2; i++)
        walks[i] =
            (struct walk){.entry = entry, .depth = depth, .pcs = pcs[i], .trace = &traces[i]};
    walks[1].last = &last;
    walk_run(&walks[0]);
    walk_run(&walks[1]);
    if (!is_same(walks))
        ck_abort_msg("leaf %u: %u frames alone, %u of them taken", leaves, walks[0].frames,
                     walks[1].taken_frames);
    leaves++;
    takes += walks[1].taken_frames != 0;
    taken += walks[1].taken_frames;
    cut += (walks[0].flags & LEAKFILE_STACK_CUT) != 0;
    if (last_keep(&last, &walks[1]) != (walks[0].flags == 0))
        ck_abort_msg("whole paths are kept, and no others");
}

static void go_on(unsigned depth);

/* Frames of the same size, of another, of one that its frame pointer tells; each with two calls, so
 * that return addresses differ where nothing else does. */
#define FRAME(name, prepare, ...)                                                                  \
    __attribute__((noinline, ##__VA_ARGS__)) void name(unsigned depth)                             \
    {                                                                                              \
        prepare;                                                                                   \
        if (any(2) == 0)                                                                           \
            go_on(depth);                                                                          \
        else                                                                                       \
            go_on(depth);                                                                          \
        __asm__ volatile("" : "+r"(depth)::"rbx", "r12");                                          \
        go_on(depth);                                                                              \
        __asm__ volatile("" ::: "memory");                                                         \
    }
FRAME(one, (void)0)
FRAME(other, (void)0)
FRAME(large, char room[256]; __asm__ volatile("" ::"r"(room) : "memory"))
FRAME(taking, char *room = alloca(16 + any(4) * 64); __asm__ volatile("" ::"r"(room) : "memory"))

static unsigned deeper;

__attribute__((noinline)) void go_deeper(void)
{
    go_on(deeper);
    __asm__ volatile("");
}

/* A frame that its frame pointer tells, which its callees keep in one of two places. */
__attribute__((noinline)) void pointing(unsigned depth)
{
    static void (*const callees[])(void (*)(void)) = {frame_fp_is_first, frame_fp_is_second};
    for (volatile int i = 0; i < 2; i++) {
        deeper = depth;
        callees[any(2)](go_deeper);
    }
}

__attribute__((noinline)) void go_on(unsigned depth)
{
    static void (*const frames[])(unsigned) = {one, other, large, taking, pointing};
    if (leaves >= LEAVES)
        return;
    if (depth == DEPTH || any(8) == 0)
        look(any(8) == 0 ? 10 : 64);
    else
        frames[any(5)](depth + 1);
    __asm__ volatile("" ::: "memory");
}

START_TEST(same_as_alone)
{
    ck_assert(stacks_start(64));
    while (leaves < LEAVES)
        go_on(0);
    ck_assert_uint_gt(takes, LEAVES / 2);
    ck_assert_uint_gt(taken, takes * 5);
    ck_assert_uint_gt(cut, LEAVES / 20);
}
END_TEST

int main(void)
{
    return path_main("a walk takes over what is the same",
                     (const TTest *const[]){same_as_alone, NULL});
}
