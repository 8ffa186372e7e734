// Another process sends signals as fast as it can: each handler runs, and collections go on.
//
// expect: status 5
// expect: at least 5 collections
// expect: nothing lost
// expect: 2 processes
// expect: reason no end was recorded
#include "fault.h"

#include <signal.h>
#include <sys/wait.h>

static volatile sig_atomic_t handled;

static void count(int number)
{
    (void)number;
    handled++;
}

static void send_signals(pid_t whom)
{
    for (int i = 0; kill(whom, i % 2 ? SIGUSR1 : SIGUSR2) == 0; i++)
        if (i % 64 == 0)
            usleep(100);
    _exit(0);
}

int main(void)
{
    struct sigaction action = {.sa_handler = count, .sa_flags = SA_RESTART};
    pid_t self = getpid();
    must(sigaction(SIGUSR1, &action, NULL) == 0 && sigaction(SIGUSR2, &action, NULL) == 0);
    pid_t child = fork();
    if (child == 0)
        send_signals(self);
    for (double until = fault_now_ms() + 300; fault_now_ms() < until;)
        free(opaque(malloc(100)));
    must(kill(child, SIGKILL) == 0);
    while (waitpid(child, NULL, 0) != child)
        ;
    must(handled > 100);
    puts("done");
    return FAULT_STATUS;
}
