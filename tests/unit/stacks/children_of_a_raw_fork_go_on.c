/* A child that came without fork handlers, while other threads of its parent were adding call
 * paths, adds its own and still knows those of before. */
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../preload/base/pages.h"
#include "../../../preload/base/pool.h"
#include "paths.h"

enum { CHILDREN = 60 };

static int is_over; /* atomic */

static void *add_paths(void *data)
{
    uintptr_t next = (uintptr_t)data << 40;
    while (!__atomic_load_n(&is_over, __ATOMIC_RELAXED)) {
        uintptr_t pcs[2] = {next, next + 1};
        depot_add(pcs, 2, 0);
        next++;
    }
    return NULL;
}

static void child(uint32_t known, const uintptr_t *pcs)
{
    alarm(5);
    stacks_forked();
    pool_fork_unprepared(); /* as lifecycle.c does: another thread may have been mapping pages */
    pages_fork_unprepared();
    bool is_right = depot_add(pcs, 2, 0) == known;
    for (uintptr_t i = 0; i < 1000; i++) {
        uintptr_t fresh[3] = {1, 2, i};
        uint32_t id = depot_add(fresh, 3, 0);
        is_right = is_right && depot_get(id) != NULL && depot_get(id)->pcs[2] == i &&
                   depot_add(fresh, 3, 0) == id;
    }
    is_right = is_right && depot_get(known)->pcs[0] == pcs[0];
    _exit(is_right ? 0 : 1);
}

START_TEST(raw_fork)
{
    pthread_t threads[2];
    const uintptr_t pcs[2] = {5, 6};
    uint32_t known = depot_add(pcs, 2, 0);
    for (uintptr_t i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, add_paths, (void *)(i + 1));
    int status = 0;
    for (int i = 0; i < CHILDREN && status == 0; i++) {
        pid_t pid = (pid_t)syscall(SYS_fork);
        if (pid == 0)
            child(known, pcs);
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    }
    __atomic_store_n(&is_over, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(status, 0);
}
END_TEST

int main(void)
{
    return path_main("children of a raw fork go on", (const TTest *const[]){raw_fork, NULL});
}
