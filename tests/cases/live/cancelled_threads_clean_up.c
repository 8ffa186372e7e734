// Threads that are blocked in cancellation points are cancelled there, their cleanup handlers and
// destructors run, and threads are stopped right afterwards.
//
// option: interval=5ms
// expect: 20 collections
// expect: nobody missed
// expect: nothing lost
#include "live.h"

#include <fcntl.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>

static int ends[2];    /* of an empty pipe; set before threads */
static int sockets[2]; /* set before threads */
static int queue;
static sem_t semaphore;

/* clang-format off */
static void in_read(void) { char c; read(ends[0], &c, 1); }
static void in_poll(void) { poll(NULL, 0, -1); }
static void in_ppoll(void) { ppoll(NULL, 0, NULL, NULL); }
static void in_select(void) { select(0, NULL, NULL, NULL, NULL); }
static void in_pselect(void) { pselect(0, NULL, NULL, NULL, NULL, NULL); }
static void in_epoll_wait(void) { struct epoll_event event; epoll_wait(epoll_create1(EPOLL_CLOEXEC), &event, 1, -1); }
static void in_recv(void) { char c; recv(sockets[0], &c, 1, 0); }
static void in_recvmsg(void) { struct msghdr message = {0}; char c; struct iovec part = {&c, 1}; message.msg_iov = &part; message.msg_iovlen = 1; recvmsg(sockets[0], &message, 0); }
static void in_nanosleep(void) { struct timespec day = {86400, 0}; nanosleep(&day, NULL); }
static void in_clock_nanosleep(void) { struct timespec day = {86400, 0}; clock_nanosleep(CLOCK_MONOTONIC, 0, &day, NULL); }
static void in_sleep(void) { sleep(86400); }
static void in_usleep(void) { for (;;) usleep(900000); }
static void in_pause(void) { pause(); }
static void in_sigsuspend(void) { sigset_t set; sigfillset(&set); sigsuspend(&set); }
static void in_sigwait(void) { sigset_t set; int number; sigemptyset(&set); sigaddset(&set, SIGUSR2); sigwait(&set, &number); }
static void in_sigwaitinfo(void) { sigset_t set; sigemptyset(&set); sigaddset(&set, SIGUSR2); sigwaitinfo(&set, NULL); }
static void in_sem_wait(void) { sem_wait(&semaphore); }
static void in_waitpid(void) { pid_t child = fork(); if (child == 0) { pause(); _exit(0); } waitpid(child, NULL, 0); }
static void in_msgrcv(void) { long message[4]; msgrcv(queue, message, 8, 0, 0); }
static void in_fgetc(void) { FILE *file = fdopen(dup(ends[0]), "r"); fgetc(file); }
static void in_testcancel(void) { for (;;) pthread_testcancel(); }
/* clang-format on */

static void (*const calls[])(void) = {
    in_read,        in_poll,     in_ppoll,   in_select,     in_pselect,
    in_epoll_wait,  in_recv,     in_recvmsg, in_nanosleep,  in_clock_nanosleep,
    in_sleep,       in_usleep,   in_pause,   in_sigsuspend, in_sigwait,
    in_sigwaitinfo, in_sem_wait, in_msgrcv,  in_testcancel,
};

enum { CALLS = sizeof calls / sizeof *calls };

static atomic_int cleaned_up;

static void clean_up(void *block)
{
    free(block);
    free(make_block(200));
    cleaned_up++;
}

static void *be_cancelled(void *call)
{
    void *block = make_block(1000);
    pthread_cleanup_push(clean_up, block);
    (*(void (*const *)(void))call)();
    pthread_cleanup_pop(1);
    return NULL;
}

/* A thread of which only its own stack knows a block: is it still stopped, and seen? */
static void *hold_block(void *argument)
{
    volatile char *volatile block = make_block(3000);
    for (double until = live_now_ms() + 30; live_now_ms() < until;)
        block[1]++;
    if (argument != NULL)
        usleep(20000);
    free((void *)block);
    return NULL;
}

static void cancel_all(void)
{
    pthread_t threads[CALLS], holders[2];
    cleaned_up = 0;
    for (int i = 0; i < CALLS; i++)
        must(pthread_create(&threads[i], NULL, be_cancelled, (void *)(uintptr_t)&calls[i]) == 0);
    usleep(30000);
    for (int i = 0; i < CALLS; i++)
        must(pthread_cancel(threads[i]) == 0);
    for (int i = 0; i < CALLS; i++) {
        void *result = NULL;
        must(pthread_join(threads[i], &result) == 0);
        LIVE_CLAIM(result == PTHREAD_CANCELED, "call %d was not cancelled", i);
    }
    LIVE_CLAIM(cleaned_up == CALLS, "%d of %d cleaned up", cleaned_up, CALLS);
    for (int i = 0; i < 2; i++)
        must(pthread_create(&holders[i], NULL, hold_block, i == 0 ? NULL : GIVEN) == 0);
    for (int i = 0; i < 2; i++)
        must(pthread_join(holders[i], NULL) == 0);
}

int main(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    must(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
    must(pipe(ends) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0);
    queue = msgget(IPC_PRIVATE, 0600);
    sem_init(&semaphore, 0, 0);
    pthread_t churn = live_churn_begin();
    for (int turn = 0; turn < live_count(6, 60); turn++)
        cancel_all();
    msgctl(queue, IPC_RMID, NULL);
    live_churn_end(churn);
    (void)in_waitpid;
    (void)in_fgetc;
    return live_status();
}
