/* Preloaded behind libseep.so: counts the calls that reach the next allocator, in a file that all
 * processes share, whoever made them. The file's path is in SEEP_TEST_COUNT. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static _Atomic long *count; /* set once, before main */

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t members, size_t bytes);
void *__libc_realloc(void *block, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);
void __libc_free(void *block);

/* Also for the program, which asks how many there were so far. */
long counted_calls(void);
long counted_calls(void)
{
    return count == NULL ? -1 : *count;
}

__attribute__((constructor)) static void begin(void)
{
    int file = open(getenv("SEEP_TEST_COUNT"), O_RDWR | O_CLOEXEC);
    void *page = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);

    close(file);
    if (page != MAP_FAILED)
        count = page;
}

static void note(void)
{
    if (count != NULL)
        atomic_fetch_add(count, 1);
}

void *malloc(size_t bytes)
{
    note();
    return __libc_malloc(bytes);
}

void *calloc(size_t members, size_t bytes)
{
    note();
    return __libc_calloc(members, bytes);
}

void *realloc(void *block, size_t bytes)
{
    note();
    return __libc_realloc(block, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
    note();
    return __libc_memalign(alignment, bytes);
}

void free(void *block)
{
    if (block != NULL) /* that call need not be handed on */
        note();
    __libc_free(block);
}
