/* Threads, forked children and threads in them use no cache of another, and a thread's goes to a
 * later one. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../preload/stacks/capture.h"
#include "paths.h"

static struct cache *of_main;

__attribute__((noinline)) void capture_some(void)
{
    for (int i = 0; i < 200; i++)
        path_checked(STACKS_ENTRY());
}

static void *in_thread(void *data)
{
    (void)data;
    capture_some();
    ck_assert_ptr_nonnull(cache_self.ready);
    ck_assert_ptr_ne(cache_self.ready, of_main);
    return cache_self.ready;
}

static struct cache *run_thread(void)
{
    pthread_t thread;
    void *cache;
    ck_assert_int_eq(pthread_create(&thread, NULL, in_thread, NULL), 0);
    pthread_join(thread, &cache);
    return cache;
}

START_TEST(threads)
{
    path_warm();
    of_main = cache_self.ready;
    struct cache *others[20];
    unsigned again = 0;
    for (int i = 0; i < 20; i++) {
        others[i] = run_thread();
        for (int j = 0; j < i; j++)
            again += others[i] == others[j];
    }
    ck_assert_uint_gt(again, 0);
    ck_assert_ptr_eq(cache_self.ready, of_main);
}
END_TEST

START_TEST(children)
{
    path_warm();
    of_main = cache_self.ready;
    run_thread();
    for (int i = 0; i < 5; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            stacks_forked();
            capture_some();
            for (int j = 0; j < 5; j++)
                run_thread();
            capture_some();
            _exit(cache_self.ready == of_main ? 0 : 1);
        }
        int status;
        waitpid(pid, &status, 0);
        ck_assert_int_eq(status, 0);
    }
    capture_some();
}
END_TEST

int main(void)
{
    return path_main("each thread and child has its own cache",
                     (const TTest *const[]){threads, children, NULL});
}
