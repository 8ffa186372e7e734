/* The control group; see cgroup.h. */
#include "cgroup.h"

#include <string.h>

#include "sys.h"
#include "text.h"

bool cgroup_find(struct cgroup *group)
{
    ssize_t length = sys_read_file("/proc/self/cgroup", group->groups, sizeof group->groups - 1);
    if (length <= 0)
        return false;
    group->groups[length] = '\0';
    group->path = strstr(group->groups, "0::");
    if (group->path == NULL)
        return false;
    group->path += 3;
    group->path_bytes = strcspn(group->path, "\n");
    return true;
}

size_t cgroup_line(const struct cgroup *group, const char *file, char *line, size_t room)
{
    char path[CGROUP_PATH_BYTES];
    struct text text = TEXT_OF(path);
    text_add(&text, "/sys/fs/cgroup");
    text_add_bytes(&text, group->path, group->path_bytes);
    text_add(&text, file);
    ssize_t bytes = sys_read_file(path, line, room - 1);
    line[bytes > 0 ? bytes : 0] = '\0';
    return strcspn(line, "\n");
}

uint64_t cgroup_number(const struct cgroup *group, const char *file)
{
    char number[32];
    const char *at = number;
    if (cgroup_line(group, file, number, sizeof number) == 0 || number[0] == 'm')
        return UINT64_MAX;
    return text_number(&at, 10);
}
