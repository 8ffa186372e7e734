/* Helpers as threads of libc, in place of preload/base/helper.c: sanitizers keep what they know of
 * a thread in its thread-local storage, which raw clones share. */
#include "helper_of_libc.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>

#include "../../../preload/base/helper.h"

size_t helper_left = SIZE_MAX;
size_t helper_count;

static void *helper_enter(void *data)
{
    const struct helper *helper = data;
    helper->body(helper->argument);
    return NULL;
}

int helper_start(struct helper *helper)
{
    pthread_t thread;
    if (helper_left == 0)
        return -EAGAIN;
    int error = pthread_create(&thread, NULL, helper_enter, helper);
    if (error != 0)
        return -error;
    helper->thread = (uintptr_t)thread;
    helper_left--;
    helper_count++;
    return 0;
}

void helper_wait(struct helper *helper)
{
    pthread_join((pthread_t)helper->thread, NULL);
}
