// Threads lose what only their own stacks pointed at.
//
// The report shows one finding: 3 buffers of 200 bytes from work(), one of each thread. The threads
// have ended, so their stacks hold nothing any more.
//
// expect: lost 600 bytes in 3 blocks, in work
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void *work(void *argument)
{
    int *number = argument;
    char *buffer = malloc(200);
    if (buffer == NULL)
        abort();
    snprintf(buffer, 200, "%d", *number * *number);
    *number = atoi(buffer);
    return NULL; // and the buffer?
}

int main(void)
{
    int numbers[3] = {2, 3, 4};
    pthread_t threads[3];

    for (int i = 0; i < 3; i++)
        if (pthread_create(&threads[i], NULL, work, &numbers[i]) != 0)
            return 1;
    for (int i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
        printf("%d\n", numbers[i]);
    }
    return 0;
}
