/* An allocator that hands on to the next one, which it looks up at its first call. The look-up of a
 * name that does not exist makes dlsym allocate: that comes back here through all before us. */
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static void *(*next_malloc)(size_t);
static void *(*next_calloc)(size_t, size_t);
static volatile int is_asking; /* only the first thread is there at the first call */
static char early[16384];
static size_t early_used;

static void *early_block(size_t bytes)
{
    size_t start = early_used;

    early_used += (bytes + 15) & ~(size_t)15;
    return early_used <= sizeof early ? early + start : NULL;
}

static void ask(void)
{
    void *found;

    is_asking = 1;
    found = dlsym(RTLD_NEXT, "a name that no library has");
    dlerror();
    found = dlsym(RTLD_NEXT, "malloc");
    memcpy(&next_malloc, &found, sizeof found);
    found = dlsym(RTLD_NEXT, "calloc");
    memcpy(&next_calloc, &found, sizeof found);
    is_asking = 0;
}

void *malloc(size_t bytes)
{
    if (is_asking)
        return early_block(bytes);
    if (next_malloc == NULL)
        ask();
    return next_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    if (is_asking)
        return early_block(count * bytes);
    if (next_calloc == NULL)
        ask();
    return next_calloc(count, bytes);
}

static int is_early(void *block)
{
    return (char *)block >= early && (char *)block < early + sizeof early;
}

void *realloc(void *block, size_t bytes)
{
    static void *(*next_realloc)(void *, size_t);

    if (block == NULL || is_early(block)) {
        void *moved = malloc(bytes);
        if (block != NULL && moved != NULL)
            memcpy(moved, block, bytes < 1024 ? bytes : 1024); /* more than any early block */
        return moved;
    }
    if (next_realloc == NULL) {
        void *found = dlsym(RTLD_NEXT, "realloc");
        memcpy(&next_realloc, &found, sizeof found);
    }
    return next_realloc(block, bytes);
}

void free(void *block)
{
    static void (*next_free)(void *);

    if (is_early(block))
        return;
    if (next_free == NULL) {
        void *found = dlsym(RTLD_NEXT, "free");
        memcpy(&next_free, &found, sizeof found);
    }
    next_free(block);
}
