/* Loses a block and then waits 1.5 s in the call that it is told, or works; says whether the call
 * came back as it should, in time. With `child` a child
 * does. For collect.py. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_MS = 1500, SLACK_MS = 400, LOST_BYTES = 1234 };

static volatile uintptr_t hidden;
static int pipe_ends[2];

static __attribute__((noinline)) void lose_block(void)
{
    void *block = calloc(1, LOST_BYTES);
    hidden = ~(uintptr_t)block;
}

static __attribute__((noinline)) void scrub(void)
{
    char dead[8000];
    memset(dead, 0, sizeof dead);
    __asm__ volatile("" : : "r"(dead) : "memory"); /* or the compiler leaves it all out */
}

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void nothing(int number)
{
    (void)number;
}

/* A byte arrives in time. */
static int wait_in_read(void)
{
    char byte;
    if (fork() == 0) {
        usleep(WAIT_MS * 1000);
        _exit(write(pipe_ends[1], "x", 1) != 1);
    }
    return read(pipe_ends[0], &byte, 1) == 1;
}

static int wait_in_pause(void)
{
    signal(SIGALRM, nothing);
    struct timespec wait = {WAIT_MS / 1000, WAIT_MS % 1000 * 1000000};
    struct itimerspec once = {.it_value = wait};
    timer_t timer;
    timer_create(CLOCK_MONOTONIC, NULL, &timer);
    timer_settime(timer, 0, &once, NULL);
    return pause() == -1 && errno == EINTR;
}

static int work(void)
{
    for (long until = now_ms() + WAIT_MS; now_ms() < until;) {
        void *volatile block = malloc(100); /* a pair that is not looked at is left out */
        free(block);
    }
    return 1;
}

static int wait_in(const char *call)
{
    struct timespec wait = {WAIT_MS / 1000, WAIT_MS % 1000 * 1000000};
    struct timeval wait_val = {WAIT_MS / 1000, WAIT_MS % 1000 * 1000};
    struct pollfd end = {.fd = pipe_ends[0], .events = POLLIN};
    struct epoll_event event;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    if (strcmp(call, "poll") == 0 || strcmp(call, "child") == 0)
        return poll(&end, 1, WAIT_MS) == 0;
    if (strcmp(call, "ppoll") == 0)
        return ppoll(&end, 1, &wait, NULL) == 0;
    if (strcmp(call, "select") == 0)
        return select(0, NULL, NULL, NULL, &wait_val) == 0;
    if (strcmp(call, "epoll_wait") == 0)
        return epoll_wait(epoll_create1(0), &event, 1, WAIT_MS) == 0;
    if (strcmp(call, "nanosleep") == 0)
        return nanosleep(&wait, NULL) == 0;
    if (strcmp(call, "clock_nanosleep") == 0)
        return clock_nanosleep(CLOCK_MONOTONIC, 0, &wait, NULL) == 0;
    if (strcmp(call, "usleep") == 0)
        return usleep(WAIT_MS * 1000) == 0;
    if (strcmp(call, "sigtimedwait") == 0)
        return sigtimedwait(&set, NULL, &wait) == -1 && errno == EAGAIN;
    if (strcmp(call, "read") == 0)
        return wait_in_read();
    if (strcmp(call, "pause") == 0)
        return wait_in_pause();
    return work();
}

int main(int argc, char **argv)
{
    if (argc != 2 || pipe(pipe_ends) != 0)
        return 2;
    int status = 0;
    if (strstr(argv[1], "child") != NULL && fork() != 0)
        return wait(&status) < 0 || status != 0;
    lose_block();
    printf("%d\n", (int)getpid()); /* whom to ask */
    fflush(stdout);
    scrub(); /* behind all that allocates: the heap's end may lie in the block's last bytes */
    long began = now_ms();
    int is_right = wait_in(argv[1]);
    long took = now_ms() - began;
    if (!is_right || took < WAIT_MS - 1 || took > WAIT_MS + SLACK_MS)
        printf("%s: %s, errno %d, after %ld ms\n", argv[1], is_right ? "right" : "wrong", errno,
               took);
    return 0;
}
