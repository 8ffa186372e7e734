/* Helpers as threads of libc, in place of preload/base/helper.c: sanitizers keep what they know of
 * a thread in its thread-local storage, which raw clones share. */
#include <errno.h>
#include <pthread.h>

#include "../../../preload/base/helper.h"

static void *helper_enter(void *data)
{
    const struct helper *helper = data;
    helper->body(helper->argument);
    return NULL;
}

int helper_start(struct helper *helper)
{
    pthread_t thread;
    int error = pthread_create(&thread, NULL, helper_enter, helper);
    helper->thread = (uintptr_t)thread;
    return -error;
}

void helper_wait(struct helper *helper)
{
    pthread_join((pthread_t)helper->thread, NULL);
}
