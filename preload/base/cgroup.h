/*
 * What the control group allows that this process is in: version 2 only, by files under
 * /sys/fs/cgroup.
 *
 * Raw system calls only. Runs in the thread that collects and in the snapshot.
 */
#ifndef SEEP_BASE_CGROUP_H
#define SEEP_BASE_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CGROUP_PATH_BYTES = 512 };

struct cgroup {
    char groups[CGROUP_PATH_BYTES]; /* /proc/self/cgroup */
    const char *path;               /* in it, not terminated */
    size_t path_bytes;
};

/* False where there is none of version 2. */
bool cgroup_find(struct cgroup *group);
/* The first line of a file of the group, terminated. Returns its bytes, 0 where there is none. */
size_t cgroup_line(const struct cgroup *group, const char *file, char *line, size_t room);
/* The number in such a file; UINT64_MAX for "max" and where there is none. */
uint64_t cgroup_number(const struct cgroup *group, const char *file);

#endif
