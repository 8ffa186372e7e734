// A session ends, and its timer is neither deleted nor freed.
//
// The report shows one finding: 2 timers of 72 bytes from timeout_new(). The only pointer to each
// was in its session, which is freed. (The kernel's timers leak too; it has no memory of ours.)
//
// expect: lost 144 bytes in 2 blocks, in timeout_new
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct timeout {
    timer_t timer;
    char message[64];
};

struct session {
    int number;
    struct timeout *timeout;
};

static struct timeout *timeout_new(int number)
{
    struct timeout *timeout = calloc(1, sizeof *timeout);
    struct sigevent event = {.sigev_notify = SIGEV_NONE};
    struct itimerspec in_an_hour = {.it_value.tv_sec = 3600};

    event.sigev_value.sival_int = number;
    if (timeout == NULL || timer_create(CLOCK_MONOTONIC, &event, &timeout->timer) != 0)
        abort();
    timer_settime(timeout->timer, 0, &in_an_hour, NULL);
    snprintf(timeout->message, sizeof timeout->message, "session %d timed out", number);
    return timeout;
}

static void session_run(int number)
{
    struct session *session = calloc(1, sizeof *session);
    if (session == NULL)
        abort();
    session->number = number;
    session->timeout = timeout_new(number);
    printf("session %d, armed: %s\n", session->number, session->timeout->message);
    free(session); // timer_delete() and free() of the timeout are missing
}

int main(void)
{
    for (int number = 1; number <= 2; number++)
        session_run(number);
    return 0;
}
