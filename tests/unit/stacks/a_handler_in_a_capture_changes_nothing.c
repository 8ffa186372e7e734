/* Signal handlers that capture while their thread is in the middle of its cache, and that leave it
 * by longjmp, change no path; and the thread comes to a cache again. The capture that they
 * interrupt is one that takes the cache, or the inlined one, which does not: then their guard tells
 * them so. */
#include <setjmp.h>
#include <signal.h>
#include <sys/time.h>

#include "../../../preload/stacks/capture.h"
#include "paths.h"

enum { JUMPS = 300, ROUNDS_MAX = 20000000, CAPTURES_UNTIL_ANEW = 5000 };

static volatile sig_atomic_t handled;
static volatile sig_atomic_t jumps;
static volatile sig_atomic_t may_jump;
static volatile sig_atomic_t is_guarded;
static volatile sig_atomic_t handled_guarded;
static sigjmp_buf back;

/* As a wrapper of the allocator does: see capture.h. */
static uint32_t capture_guarded(struct stacks_entry entry)
{
    is_guarded = 1;
    uint32_t id = path_checked(entry);
    is_guarded = 0;
    return id;
}

/* As one of mmap does. */
static uint32_t capture_taking(struct stacks_entry entry)
{
    uint32_t id = stacks_capture(entry);
    ck_assert_uint_eq(id, stacks_capture_nested(entry));
    return id;
}

/* A path that depends on `bits`, through frames of the same size. */
__attribute__((noinline)) uint32_t choose(unsigned bits, int deeper, bool is_nested)
{
    uint32_t id;
    if (deeper == 0 && is_nested)
        id = stacks_capture_nested(STACKS_ENTRY());
    else if (deeper == 0)
        id = (bits & 1) == 0 ? capture_guarded(STACKS_ENTRY()) : capture_taking(STACKS_ENTRY());
    else if ((bits & 1) != 0)
        id = choose(bits >> 1, deeper - 1, is_nested);
    else
        id = choose(bits >> 1, deeper - 1, is_nested) + 0 * bits;
    __asm__ volatile("");
    return id;
}

static void on_signal(int number)
{
    (void)number;
    handled++;
    handled_guarded += is_guarded;
    if (is_guarded)
        stacks_capture_nested(STACKS_ENTRY());
    else
        stacks_capture(STACKS_ENTRY());
    choose((unsigned)handled, 5, true);
    if (may_jump && handled % 3 == 0) {
        jumps++;
        siglongjmp(back, 1);
    }
}

static void timer_set(int microseconds)
{
    struct itimerval every = {{0, microseconds}, {0, microseconds}};
    setitimer(ITIMER_REAL, &every, NULL);
}

START_TEST(handlers)
{
    path_warm();
    signal(SIGALRM, on_signal);
    timer_set(50);
    for (unsigned i = 0; handled < 2000 && i < ROUNDS_MAX; i++)
        choose(i * 7, 9, false);
    timer_set(0);
    ck_assert_int_gt(handled, 500);
    ck_assert_int_gt(handled_guarded, 50);
    ck_assert_int_gt(handled - handled_guarded, 50);
    ck_assert_uint_gt(path_hits, 1000);
}
END_TEST

/* Only the entry's own capture is left by a jump, not Check's bookkeeping. */
__attribute__((noinline)) void capture_only(void)
{
    stacks_capture(STACKS_ENTRY());
    __asm__ volatile("");
}

START_TEST(jumps_out)
{
    path_warm();
    signal(SIGALRM, on_signal);
    may_jump = 1;
    sigsetjmp(back, 1);
    if (jumps == 0)
        timer_set(50);
    for (unsigned i = 0; jumps < JUMPS && i < ROUNDS_MAX; i++)
        capture_only();
    may_jump = 0;
    timer_set(0);
    for (unsigned i = 0; i < CAPTURES_UNTIL_ANEW; i++)
        choose(i, 4, false);
    ck_assert_ptr_nonnull(cache_self.ready);
    path_hits = 0;
    for (unsigned i = 0; i < 1000; i++)
        choose(i % 16, 4, false);
    ck_assert_uint_gt(path_hits, 900);
}
END_TEST

int main(void)
{
    return path_main("a handler in a capture changes nothing",
                     (const TTest *const[]){handlers, jumps_out, NULL});
}
