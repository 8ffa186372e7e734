/* The lock of one word; see lock.h for who may take it and when. */
#include "lock.h"

#include "sys.h"

bool lock_is_alone; /* see lock.h */

bool lock_try(struct lock *lock)
{
    uint32_t free_word = 0;
    return __atomic_compare_exchange_n(&lock->word, &free_word, 1, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

void lock_take(struct lock *lock)
{
    for (int spin = 0; spin < 64; spin++) {
        if (lock_try(lock))
            return;
        __builtin_ia32_pause();
    }
    while (__atomic_exchange_n(&lock->word, 2, __ATOMIC_ACQUIRE) != 0)
        sys_futex_wait(&lock->word, 2, NULL);
}

void lock_drop(struct lock *lock)
{
    if (__atomic_exchange_n(&lock->word, 0, __ATOMIC_RELEASE) == 2)
        sys_futex_wake(&lock->word, 1);
}

struct lock_hold lock_hold(struct lock *lock)
{
    struct lock_hold hold = {.lock = lock};
    if (lock_is_alone)
        return hold;
    uint64_t all = ~0ull;
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &all, &hold.mask, sizeof all);
    lock_take(lock);
    return hold;
}

void lock_release(struct lock_hold *hold)
{
    if (lock_is_alone)
        return;
    lock_drop(hold->lock);
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &hold->mask, NULL, sizeof hold->mask);
}
