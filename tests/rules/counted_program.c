/* Makes a known number of calls of allocators, in two threads, loses some blocks, and prints what
 * counting_allocator.c counted before the first and behind the last. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROUNDS = 500 };

static void *volatile block; /* main reads and writes it before and after the thread only */

static void *call(void *unused)
{
    for (int i = 0; i < ROUNDS; i++) {
        block = malloc((size_t)i + 10);
        block = realloc(block, (size_t)i * 20 + 30);
        free(block);
        block = calloc((size_t)i + 1, 8); /* lost */
        block = aligned_alloc(64, 128);
        free(block);
    }
    return unused;
}

int main(void)
{
    long (*counted)(void);
    char text[100];
    pthread_t thread;
    void *found = dlsym(RTLD_DEFAULT, "counted_calls");

    memcpy(&counted, &found, sizeof found);
    if (found == NULL)
        return 1;
    long before = counted();
    call(NULL);
    long between = counted();
    if (pthread_create(&thread, NULL, call, NULL) != 0 || pthread_join(thread, NULL) != 0)
        return 1;
    long behind = counted();
    int length = snprintf(text, sizeof text, "%ld %ld\n", between - before, behind - between);
    return write(STDOUT_FILENO, text, (size_t)length) == length ? 0 : 1;
}
