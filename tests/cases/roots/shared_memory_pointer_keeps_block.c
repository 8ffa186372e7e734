// A pointer in memory that is shared with others, or backed by a file, keeps its block.
//
// run: anonymous
// expect: nothing lost
// run: memfd
// expect: nothing lost
// run: segment
// expect: nothing lost
// run: file
// expect: nothing lost
// run: private
// expect: nothing lost
// run: anonymous gone
// expect: lost 40 bytes in 1 block, in make_block
// run: memfd gone
// expect: lost 40 bytes in 1 block, in make_block
// run: segment gone
// expect: lost 40 bytes in 1 block, in make_block
// run: file gone
// expect: lost 40 bytes in 1 block, in make_block
// run: private gone
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/shm.h>

enum { BYTES = 3 * 4096 };

static void *map(int flags, int file)
{
    must((flags & MAP_ANONYMOUS) != 0 || (file >= 0 && ftruncate(file, BYTES) == 0));
    return mmap(NULL, BYTES, PROT_READ | PROT_WRITE, flags, file, 0);
}

static void *memory_of(const char *kind)
{
    if (strcmp(kind, "anonymous") == 0)
        return map(MAP_SHARED | MAP_ANONYMOUS, -1);
    if (strcmp(kind, "memfd") == 0)
        return map(MAP_SHARED, memfd_create("case", MFD_CLOEXEC));
    if (strcmp(kind, "segment") == 0) {
        int segment = shmget(IPC_PRIVATE, BYTES, IPC_CREAT | 0600);
        void *memory = shmat(segment, NULL, 0);
        shmctl(segment, IPC_RMID, NULL);
        return memory;
    }
    int file = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return map(strcmp(kind, "file") == 0 ? MAP_SHARED : MAP_PRIVATE, file);
}

int main(int argc, char **argv)
{
    must(argc >= 2);
    void **memory = memory_of(argv[1]);
    if (memory == MAP_FAILED)
        return CANNOT_RUN_HERE;
    memory[600] = make_block(40);
    if (argc == 3)
        memory[600] = NULL;
    return 0;
}
