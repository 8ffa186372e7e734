// system, popen, posix_spawn and fork with exec work in a program with threads while collections
// are made every 5 ms.
//
// option: interval=5ms
// expect: 15 collections
// expect: nobody missed
// expect: nothing lost
#include "live.h"

#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

static void *start_programs(void *unused)
{
    (void)unused;
    for (int i = 0; i < live_count(6, 60); i++) {
        char line[64] = "";
        int status = system("exit 3");
        LIVE_CLAIM(WIFEXITED(status) && WEXITSTATUS(status) == 3, "system: %#x", status);
        FILE *pipe = popen("echo one; sleep 0.05; echo two", "r");
        LIVE_CLAIM(fgets(line, sizeof line, pipe) && strcmp(line, "one\n") == 0, "popen: %s", line);
        LIVE_CLAIM(fgets(line, sizeof line, pipe) && strcmp(line, "two\n") == 0, "popen: %s", line);
        LIVE_CLAIM(fgets(line, sizeof line, pipe) == NULL, "popen: more");
        LIVE_CLAIM(pclose(pipe) == 0, "pclose");
        pid_t child;
        char *const arguments[] = {(char *)"sh", (char *)"-c", (char *)"exit 4", NULL};
        must(posix_spawn(&child, "/bin/sh", NULL, NULL, arguments, environ) == 0);
        LIVE_CLAIM(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 4, "spawn: %#x",
                   status);
        child = fork();
        if (child == 0) {
            execv("/bin/sh", arguments);
            _exit(9);
        }
        LIVE_CLAIM(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 4, "exec: %#x",
                   status);
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[3];
    pthread_t churn = live_churn_begin();
    for (int i = 0; i < 3; i++)
        must(pthread_create(&threads[i], NULL, start_programs, NULL) == 0);
    for (int i = 0; i < 3; i++)
        must(pthread_join(threads[i], NULL) == 0);
    live_churn_end(churn);
    return live_status();
}
