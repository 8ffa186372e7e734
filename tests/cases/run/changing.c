/* Allocates for as many ms as it is told, a step every 2 ms: `leak` loses blocks, `cache` keeps
 * all, `frame` does so in a local variable, `log` keeps ever fewer, `saw` keeps and drops, `map`
 * maps memory. For growth.py. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct entry {
    struct entry *next;
    char data[4000];
};

static struct entry *cache;
static struct entry *teeth;
static volatile uintptr_t hidden;

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static __attribute__((noinline)) void add_entry(struct entry **list)
{
    struct entry *entry = malloc(sizeof *entry);
    memset(entry, 1, sizeof *entry);
    entry->next = *list;
    *list = entry;
}

static __attribute__((noinline)) void lose_block(void)
{
    hidden = ~(uintptr_t)malloc(100);
}

static __attribute__((noinline)) void map_memory(void)
{
    mmap(NULL, 5000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void drop_teeth(void)
{
    while (teeth != NULL) {
        struct entry *next = teeth->next;
        free(teeth);
        teeth = next;
    }
}

static void step(const char *how, unsigned n)
{
    if (strcmp(how, "cache") == 0)
        add_entry(&cache);
    if (strcmp(how, "leak") == 0)
        lose_block();
    if (strcmp(how, "map") == 0)
        map_memory();
    if (strcmp(how, "log") == 0) /* 60 in the first step, then 60/2, 60/3 … */
        for (unsigned i = 0; n % 20 == 0 && i < 2000 / (n / 20 + 1); i++)
            add_entry(&cache);
    if (strcmp(how, "saw") == 0 && n % 200 == 0)
        drop_teeth();
    if (strcmp(how, "saw") == 0)
        add_entry(&teeth);
}

/* All that it keeps only its own frame knows of. */
static __attribute__((noinline)) unsigned keep_in_frame(long until)
{
    struct entry *volatile local = NULL;
    unsigned n = 0;
    for (; now_ms() < until; n++) {
        add_entry((struct entry **)&local);
        usleep(2000);
    }
    return n;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    unsigned n = 0;
    long until = now_ms() + atol(argv[2]);
    if (strcmp(argv[1], "frame") == 0)
        n = keep_in_frame(until);
    for (; now_ms() < until; n++) {
        step(argv[1], n);
        usleep(2000);
    }
    printf("%u\n", n);
    fflush(stdout);
    if (getenv("CHANGING_ENDS_ITSELF") != NULL)
        raise(9);
    return 0;
}
