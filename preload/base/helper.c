/* Threads that help the snapshot; see helper.h. */
#include "helper.h"

#include <errno.h>
#include <linux/sched.h>
#include <stddef.h>

#include "clone.h"
#include "pages.h"
#include "sys.h"

enum { HELPER_STACK_BYTES = 64 << 10 }; /* a signal frame of the widest registers takes 11 KiB */

static void helper_enter(void *argument)
{
    const struct helper *helper = argument;
    helper->body(helper->argument);
    for (;;)
        sys_call(SYS_exit, 0);
}

int helper_start(struct helper *helper)
{
    helper->stack = pages_map(HELPER_STACK_BYTES);
    if (helper->stack == NULL)
        return -ENOMEM;
    /* No CLONE_SETTLS: see helper.h. The kernel clears the tid when the thread is off its stack. */
    struct clone_call call = {.flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
                                       CLONE_THREAD | CLONE_SYSVSEM | CLONE_PARENT_SETTID |
                                       CLONE_CHILD_CLEARTID,
                              .stack_end = (char *)helper->stack + HELPER_STACK_BYTES,
                              .tid = &helper->tid,
                              .enter = helper_enter,
                              .argument = helper};
    int tid = clone_make(&call);
    if (tid > 0)
        return 0;
    pages_unmap(helper->stack, HELPER_STACK_BYTES);
    return tid;
}

void helper_wait(struct helper *helper)
{
    uint32_t tid;
    /* Not FUTEX_WAIT_PRIVATE: the kernel wakes those that wait for any process. */
    while ((tid = __atomic_load_n(&helper->tid, __ATOMIC_ACQUIRE)) != 0)
        sys_call(SYS_futex, &helper->tid, FUTEX_WAIT, tid, NULL);
    pages_unmap(helper->stack, HELPER_STACK_BYTES);
}
