/* Decides where to mark; see place.h. */
#include "place.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "../base/sys.h"
#include "../base/text.h"
#include "../record/unforked.h"

enum {
    PLACE_ROOM_PARTS = 16, /* no snapshot with less than this part of the limit left */
    PLACE_PATH_BYTES = 512
};

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

/* A number in a file of the cgroup; UINT64_MAX for "max" and where there is none. */
static uint64_t place_cgroup_number(const char *group, size_t length, const char *file)
{
    char path[PLACE_PATH_BYTES];
    char number[32] = "";
    struct text text = TEXT_OF(path);
    text_add(&text, "/sys/fs/cgroup");
    text_add_bytes(&text, group, length);
    text_add(&text, file);
    const char *at = number;
    if (sys_read_file(path, number, sizeof number - 1) <= 0 || number[0] == 'm')
        return UINT64_MAX;
    return text_number(&at, 10);
}

static bool place_cgroup_is_nearly_full(void)
{
    char groups[PLACE_PATH_BYTES];
    ssize_t length = sys_read_file("/proc/self/cgroup", groups, sizeof groups - 1);
    if (length <= 0)
        return false;
    groups[length] = '\0';
    const char *group = strstr(groups, "0::");
    if (group == NULL)
        return false;
    group += 3;
    size_t bytes = strcspn(group, "\n");
    uint64_t limit = place_cgroup_number(group, bytes, "/memory.max");
    uint64_t used = place_cgroup_number(group, bytes, "/memory.current");
    return limit != UINT64_MAX && used != UINT64_MAX && used + limit / PLACE_ROOM_PARTS > limit;
}

enum place place_choose(void)
{
    if (place_child_is_first_of_namespace() || place_cgroup_is_nearly_full() ||
        unforked_would_wait())
        return PLACE_HERE_SAID;
    return unforked_is_used() ? PLACE_HERE : PLACE_SNAPSHOT;
}
