/* A library with a place for a pointer in a global variable and one in thread-local storage. */
void *helper_global_slot;

static _Thread_local void *thread_slot;

void **helper_thread_slot(void);
void **helper_thread_slot(void)
{
    return &thread_slot;
}
