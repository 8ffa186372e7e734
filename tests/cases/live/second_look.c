/*
 * A second look at blocks that were called lost, by brute force: no word in the writable memory of
 * the process, and no register, may lead to them. Shares no code with libseep.so and no idea but
 * one: what counts as libseep's own memory (see is_own).
 *
 *     second_look PID
 *
 * Stops all threads of PID with ptrace, says "stopped THREADS", and then takes lines:
 *
 *     block ADDRESS BYTES     one of the blocks; hexadecimal, decimal
 *     look                    looks, and says
 *         live WHERE VALUE BLOCK PLACE    a word that leads to the block
 *         dead WHERE VALUE BLOCK WHY      the same, but it is nobody's pointer
 *         done WORDS REGISTERS            how much was looked at
 *     plant ADDRESS           writes this address where the program keeps its globals, until the
 *                             next look is over; says "planted WHERE"
 *
 * At the end of its input, or when it ends, the process goes on. Words are looked at where they are
 * aligned. Memory that does not count: the blocks themselves, what lies below a thread's stack
 * pointer in its stack, stacks of threads that ended, free memory of glibc's heaps
 * (second_look_dead.c).
 */
#include "second_look.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t planted_at; /* 0: nothing is planted */
static uint64_t planted_over;
static size_t word_count, register_count;

void fail(const char *what)
{
    printf("failed %s\n", what);
    fflush(stdout);
    exit(1);
}

static const char *place_of(uint64_t where, const struct area *area)
{
    static char text[320];
    for (size_t i = 0; i < thread_count; i++) {
        uint64_t sp = threads[i].registers.rsp;
        if (area->start <= sp && sp < area->end && where >= sp - RED_ZONE_BYTES) {
            snprintf(text, sizeof text, "stack of %d, sp+%#" PRIx64, threads[i].tid, where - sp);
            return text;
        }
    }
    snprintf(text, sizeof text, "%s+%#" PRIx64, area->path[0] == '\0' ? "[anon]" : area->path,
             where - area->start);
    return text;
}

static void look_at_word(uint64_t where, uint64_t value, const struct area *area)
{
    const struct block *block = block_at(value);
    if (block == NULL || block_at(where) != NULL)
        return;
    const char *why = why_dead(where, value, area);
    printf("%s %#" PRIx64 " %#" PRIx64 " %#" PRIx64 " %s\n", why != NULL ? "dead" : "live", where,
           value, block->start, why != NULL ? why : place_of(where, area));
}

static void look_at_words(const struct area *area, uint64_t start, const uint64_t *words,
                          size_t count)
{
    for (size_t i = 0; i < count; i++)
        look_at_word(start + 8 * i, words[i], area);
    word_count += count;
}

static void look_at_register(const struct thread *thread, uint64_t value, const char *which)
{
    const struct block *block = block_at(value);
    register_count++;
    if (block != NULL)
        printf("live 0 %#" PRIx64 " %#" PRIx64 " %s register of %d\n", value, block->start, which,
               thread->tid);
}

static void look(void)
{
    word_count = register_count = 0;
    blocks_sort();
    for (size_t i = 0; i < area_count; i++)
        if (areas[i].is_looked_at)
            area_each_words(&areas[i], look_at_words);
    for (size_t i = 0; i < thread_count; i++)
        thread_each_register(&threads[i], look_at_register);
    printf("done %zu %zu\n", word_count, register_count);
    if (planted_at != 0)
        memory_write_word(planted_at, planted_over, "what was planted could not be taken back");
    planted_at = 0;
}

/* In the last word of libc's data. */
static void plant(uint64_t value)
{
    for (size_t i = 0; i < area_count; i++) {
        if (!areas[i].is_looked_at || strstr(areas[i].path, "libc.so") == NULL)
            continue;
        uint64_t where = areas[i].end - 8;
        planted_over = memory_read_word(where);
        memory_write_word(where, value, "nothing can be planted");
        planted_at = where;
        printf("planted %#" PRIx64 "\n", where);
        return;
    }
    fail("no libc");
}

int main(int count, char **arguments)
{
    char line[256];
    uint64_t address, bytes;
    if (count != 2)
        return 2;
    pid_t pid = atoi(arguments[1]);
    threads_stop(pid);
    if (thread_count == 0)
        fail("it cannot be stopped");
    memory_open(pid);
    printf("stopped %zu\n", thread_count);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "block %" SCNx64 " %" SCNu64, &address, &bytes) == 2)
            block_add(address, bytes);
        else if (sscanf(line, "plant %" SCNx64, &address) == 1)
            plant(address);
        else if (strcmp(line, "look\n") == 0)
            look();
        fflush(stdout);
    }
    threads_let_go();
    return 0;
}
