// The other ends of pipes and sockets see the end of file as soon as the program closes its own,
// also during a long mark, and a locked file is free for others.
//
// option: interval=5ms
// expect: 2 collections
// expect: nobody missed
// expect: nothing lost
#include "live.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>

static void *make_heap(void)
{
    void **list = NULL;
    for (int i = 0; i < 1500000; i++) {
        void **next = malloc(64);
        must(next != NULL);
        *next = list;
        list = next;
    }
    return list;
}

static void claim_end(const char *what, int reader, int writer)
{
    char byte;
    must(close(writer) == 0);
    double begun = live_now_ms();
    ssize_t got = read(reader, &byte, 1);
    double took = live_now_ms() - begun;
    LIVE_CLAIM(got == 0, "%s: read %zd", what, got);
    LIVE_CLAIM(took < 100, "%s: the end of file came after %.0f ms", what, took);
    close(reader);
}

static void claim_lock_is_free(void)
{
    char name[] = "lock.XXXXXX";
    int first = mkstemp(name), second = open(name, O_RDWR);
    must(flock(first, LOCK_EX) == 0 && close(first) == 0);
    LIVE_CLAIM(flock(second, LOCK_EX | LOCK_NB) == 0, "the lock of a closed file is held");
    close(second);
}

int main(void)
{
    int ends[2];
    double worst = 0;
    void *volatile heap = make_heap();
    pthread_t churn = live_churn_begin();
    for (double until = live_now_ms() + live_count(2500, 25000); live_now_ms() < until;) {
        double begun = live_now_ms();
        must(pipe(ends) == 0);
        claim_end("pipe", ends[0], ends[1]);
        must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
        claim_end("socket", ends[0], ends[1]);
        claim_lock_is_free();
        if (live_now_ms() - begun > worst)
            worst = live_now_ms() - begun;
        usleep(1000);
    }
    live_churn_end(churn);
    _exit(heap == NULL ? 1 : live_status());
}
