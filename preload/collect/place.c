/* Decides where to mark; see place.h. */
#include "place.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "../base/cgroup.h"
#include "../base/sys.h"
#include "../record/unforked.h"

enum { PLACE_ROOM_PARTS = 16 }; /* no snapshot with less than this part of the limit left */

/* After unshare(CLONE_NEWPID) the next child is process 1 of the new namespace. */
static bool place_child_is_first_of_namespace(void)
{
    char own[64] = "";
    char childs[64] = "";
    long a = sys_call(SYS_readlink, "/proc/thread-self/ns/pid", own, sizeof own - 1);
    long b =
        sys_call(SYS_readlink, "/proc/thread-self/ns/pid_for_children", childs, sizeof childs - 1);
    /* Before its first process a namespace has no link yet. */
    return a > 0 && (a != b || memcmp(own, childs, (size_t)a) != 0);
}

static bool place_cgroup_is_nearly_full(void)
{
    struct cgroup group;
    if (!cgroup_find(&group))
        return false;
    uint64_t limit = cgroup_number(&group, "/memory.max");
    uint64_t used = cgroup_number(&group, "/memory.current");
    return limit != UINT64_MAX && used != UINT64_MAX && used + limit / PLACE_ROOM_PARTS > limit;
}

enum place place_choose(void)
{
    if (place_child_is_first_of_namespace() || place_cgroup_is_nearly_full() ||
        unforked_would_wait())
        return PLACE_HERE_SAID;
    return unforked_is_used() ? PLACE_HERE : PLACE_SNAPSHOT;
}
