/* clock_gettime as a machine has it whose clocks jump: hours ahead, and back. Makes the file that
 * REACHED names when libseep.so has been told each of these times. */
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const long jumps[] = {0, 86400, 3600, -7200, 0, 1000000, -86400, 0};
enum { JUMPS = sizeof jumps / sizeof *jumps, EACH = 16 };

static unsigned calls;
static unsigned told; /* a bit a jump */

static int is_seep(void *address)
{
    struct dl_find_object found;
    return _dl_find_object(address, &found) == 0 &&
           strstr(found.dlfo_link_map->l_name, "libseep") != NULL;
}

static void note(unsigned jump)
{
    unsigned all = (1u << JUMPS) - 1;
    unsigned before = __atomic_fetch_or(&told, 1u << jump, __ATOMIC_RELAXED);
    const char *path = getenv("REACHED");
    if (before != all && (before | 1u << jump) == all && path != NULL)
        syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT, 0600));
}

int clock_gettime(clockid_t id, struct timespec *now)
{
    unsigned jump = __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED) / EACH % JUMPS;
    int result = (int)syscall(SYS_clock_gettime, id, now);
    if (result == 0)
        now->tv_sec += jumps[jump];
    if (result == 0 && now->tv_sec < 0)
        now->tv_sec = 0;
    if (is_seep(__builtin_return_address(0)))
        note(jump);
    return result;
}
