// Threads that never enter libc, that are started and end all the time, or that blocked every
// signal behind libc's back: collections go on, and no block is called lost that one of them holds.
//
// option: interval=5ms
// run: loop
// expect: 20 collections
// expect: missed in at most 2 collections
// expect: nothing lost
// run: come-and-go
// expect: 30 collections
// expect: nobody missed
// expect: nothing lost
// run: blocked-asleep
// expect: 10 collections
// expect: nothing lost
// run: blocked-awake
// expect: nothing lost
#include "live.h"

#include <signal.h>
#include <sys/syscall.h>

static atomic_int is_over;

/* The block is known to a register only, while no call is made. */
static OWN_FRAME void spin_with(void *block)
{
    __asm__ volatile("mov %0, %%r10\n\t"
                     "xor %0, %0\n\t"
                     "1: pause\n\t"
                     "cmpl $0, %1\n\t"
                     "je 1b\n\t"
                     "mov %%r10, %0"
                     : "+r"(block)
                     : "m"(is_over)
                     : "r10", "memory");
    free(block);
}

static void *loop(void *unused)
{
    (void)unused;
    spin_with(make_block(500));
    return NULL;
}

static void *live_shortly(void *argument)
{
    void *volatile block = malloc(200);
    void *volatile other = argument == NULL ? make_block(300) : NULL;
    free(other);
    free(block);
    return NULL;
}

static void *come_and_go(void *unused)
{
    (void)unused;
    for (long turn = 0; !is_over; turn++) {
        pthread_t threads[4];
        for (long i = 0; i < 4; i++)
            must(pthread_create(&threads[i], NULL, live_shortly, i % 2 ? GIVEN : NULL) == 0);
        for (int i = 0; i < 4; i++)
            must(pthread_join(threads[i], NULL) == 0);
    }
    return NULL;
}

static void block_all_signals(void)
{
    unsigned long all = ~0ul;
    must(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all) == 0);
}

static void *be_blocked_asleep(void *unused)
{
    (void)unused;
    void *volatile block = make_block(600);
    block_all_signals();
    while (!is_over) {
        struct timespec moment = {0, 300000000};
        syscall(SYS_nanosleep, &moment, NULL);
    }
    free(block);
    return NULL;
}

static void *be_blocked_awake(void *unused)
{
    (void)unused;
    char *volatile block = make_block(700);
    block_all_signals();
    while (!is_over)
        block[3]++;
    free(block);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[2];
    must(argc == 2);
    void *(*function)(void *) = is_run(argc, argv, "loop")             ? loop
                                : is_run(argc, argv, "come-and-go")    ? come_and_go
                                : is_run(argc, argv, "blocked-asleep") ? be_blocked_asleep
                                                                       : be_blocked_awake;
    pthread_t churn = live_churn_begin();
    for (int i = 0; i < 2; i++)
        must(pthread_create(&threads[i], NULL, function, NULL) == 0);
    usleep((useconds_t)live_count(2000, 20000) * 1000);
    is_over = 1;
    for (int i = 0; i < 2; i++)
        must(pthread_join(threads[i], NULL) == 0);
    live_churn_end(churn);
    return 0;
}
