/* A signal handler may record a call path in the middle of another capture, and of a new path's
 * way into the depot: both are right, and nothing is stuck. */
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "paths.h"

enum { MAIN_ROUNDS = 20000, SIGNALS = 3000, ROUNDS_MAX = 1 << 22 };

static volatile sig_atomic_t handled;
static volatile sig_atomic_t wrong;
static uint32_t ids_in_handler[SIGNALS];

/* Records this path and an invented one that is new; only what a signal handler may call. */
__attribute__((noinline)) uint32_t recurse(int times, uintptr_t invented)
{
    uint32_t id = 0;
    if (times > 0) {
        id = recurse(times - 1, invented);
    } else {
        uintptr_t pcs[2] = {invented, invented + 1};
        id = path_id_here();
        const struct depot_stack *new = depot_get(depot_add(pcs, 2, 0));
        if (new == NULL || new->pcs[0] != invented)
            wrong = 1;
    }
    __asm__ volatile("");
    return id;
}

static void on_signal(int number)
{
    (void)number;
    if (handled < SIGNALS)
        ids_in_handler[handled] = recurse(handled % 7, 0x100000 + (uintptr_t)handled * 16);
    handled++;
}

static void *send(void *data)
{
    pthread_t *to = data;
    const struct timespec pause = {0, 20000};
    for (int i = 0; i < 2 * SIGNALS; i++) {
        pthread_kill(*to, SIGUSR1);
        nanosleep(&pause, NULL);
    }
    return NULL;
}

START_TEST(signals)
{
    ck_assert(stacks_start(64));
    pthread_t self = pthread_self();
    pthread_t sender;
    signal(SIGUSR1, on_signal);
    pthread_create(&sender, NULL, send, &self);
    uint32_t last = 0;
    for (uintptr_t i = 0; i < MAIN_ROUNDS || (handled < SIGNALS && i < ROUNDS_MAX); i++)
        last = recurse((int)(i % 20), 0x40000000 + i % 1000000 * 16);
    signal(SIGUSR1, SIG_IGN);
    pthread_join(sender, NULL);
    ck_assert_int_eq(wrong, 0);
    ck_assert_int_gt(handled, 100);
    ck_assert(path_has(depot_get(last), "main"));
    for (int i = 0; i < handled && i < SIGNALS; i++) {
        const struct depot_stack *path = depot_get(ids_in_handler[i]);
        ck_assert_ptr_nonnull(path);
        /* where memcpy was called through the PLT, libgcc had to find the way */
        ck_assert_uint_eq(path->flags & ~(uint32_t)LEAKFILE_STACK_ODD, 0);
        ck_assert(path_is_at(path, 0, "recurse"));
        ck_assert(path_has(path, "main"));
    }
}
END_TEST

int main(void)
{
    return path_main("signals may come during a capture", (const TTest *const[]){signals, NULL});
}
