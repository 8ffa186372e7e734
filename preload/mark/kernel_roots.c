/* Pointers that only the kernel holds: epoll's data words and the arguments of timers. */
#include "plan.h"

void plan_add_kernel(struct plan *plan)
{
    (void)plan;
}
