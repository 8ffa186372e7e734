/*
 * Free processors; see processors.h.
 *
 * Three things limit them: the affinity mask, a quota of the control group, and what else runs,
 * which is the fourth number of /proc/loadavg: the threads of the whole machine that have a
 * processor or wait for one just now. The averages before it are a minute old; to ask each
 * processor would take two looks and the time between. It counts threads on processors that are not
 * ours, too, and errs on the side of fewer. Where it cannot be read nothing is known to run.
 */
#include "processors.h"

#include <stddef.h>
#include <string.h>

#include "cgroup.h"
#include "sys.h"
#include "text.h"

static uint32_t processors_allowed(void)
{
    uint64_t mask[128]; /* of 8,192 processors, the most that Linux has */
    long bytes = sys_call(SYS_sched_getaffinity, 0, sizeof mask, mask);
    uint32_t count = 0;
    for (long i = 0; i < bytes / 8; i++)
        for (uint64_t rest = mask[i]; rest != 0; rest &= rest - 1)
            count++;
    return count;
}

/* "QUOTA PERIOD", or "max PERIOD". */
static uint32_t processors_quota(void)
{
    struct cgroup group;
    char line[64];
    const char *at = line;
    if (!cgroup_find(&group) || cgroup_line(&group, "/cpu.max", line, sizeof line) == 0 ||
        line[0] == 'm')
        return UINT32_MAX;
    uint64_t quota = text_number(&at, 10);
    at += *at == ' ';
    uint64_t period = text_number(&at, 10);
    return period != 0 ? (uint32_t)(quota / period) : UINT32_MAX;
}

/* Besides the caller. */
static uint32_t processors_busy(void)
{
    char line[64];
    ssize_t bytes = sys_read_file("/proc/loadavg", line, sizeof line - 1);
    line[bytes > 0 ? bytes : 0] = '\0';
    const char *at = line;
    for (int i = 0; i < 3 && at != NULL; i++) {
        at = strchr(at, ' ');
        at = at != NULL ? at + 1 : NULL;
    }
    uint32_t running = at != NULL ? (uint32_t)text_number(&at, 10) : 0;
    return running > 1 ? running - 1 : 0;
}

static uint32_t processors_less(uint32_t count, uint32_t taken)
{
    return count > taken + 1 ? count - taken : 1;
}

uint32_t processors_free(uint32_t kept)
{
    uint32_t allowed = processors_allowed();
    uint32_t quota = processors_quota();
    uint32_t most = processors_less(allowed < quota ? allowed : quota, kept);
    uint32_t now = processors_less(allowed, processors_busy());
    return most < now ? most : now;
}
