// The memory cgroup is nearly full: a snapshot's copies could be what has the program killed, so it
// is marked in place, and said. The limits are invented, in files laid over those of the kernel.
//
// run: full
// expect: status 5
// expect: reason marked in place
// expect: at least 3 collections
// expect: lost 40 bytes in 1 block, in make_block
// run: roomy
// expect: status 5
// expect: at least 3 collections
// expect: lost 40 bytes in 1 block, in make_block
#include "fault.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

static void write_number(const char *folder, const char *file, long number)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *out = fopen(path, "w");
    must(out != NULL && fprintf(out, "%ld\n", number) > 0 && fclose(out) == 0);
}

/* The folder of this process's group; false without one of version 2. */
static bool find_group(char *folder, size_t bytes)
{
    char line[256];
    bool is_found = false;
    FILE *groups = fopen("/proc/self/cgroup", "r");
    while (groups != NULL && fgets(line, sizeof line, groups) != NULL)
        if (strncmp(line, "0::/", 4) == 0) {
            line[strcspn(line, "\n")] = '\0';
            snprintf(folder, bytes, "/sys/fs/cgroup%s", line + 3);
            is_found = true;
        }
    if (groups != NULL)
        fclose(groups);
    return is_found;
}

static void make_folders(char *path)
{
    for (char *slash = path + sizeof "/sys/fs/cgroup"; (slash = strchr(slash, '/')) != NULL;
         slash++) {
        *slash = '\0';
        mkdir(path, 0755);
        *slash = '/';
    }
    mkdir(path, 0755);
}

int main(int argc, char **argv)
{
    char folder[400];
    if (!find_group(folder, sizeof folder) || unshare(CLONE_NEWNS) != 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", "/sys/fs/cgroup", "tmpfs", 0, NULL) != 0)
        return CANNOT_RUN_HERE;
    make_folders(folder);
    write_number(folder, "memory.max", 1 << 30);
    write_number(folder, "memory.current", is_run(argc, argv, "full") ? 1020 << 20 : 100 << 20);
    return fault_main();
}
