/*
 * Words that lead to a block and are nobody's pointer: free memory of glibc's heaps, what lies
 * below a thread's stack pointer in its stack, stacks of threads that ended. Each is proved; a word
 * that is not counts.
 */
#include "second_look.h"

#include <string.h>

/* glibc 2.36: the largest heap of a further arena, the struct of an arena. */
enum { HEAP_BYTES = 64 << 20, ARENA_BYTES = 2200, LEFT_STACK_BYTES = 64 << 10 };

/* glibc lets a block use the first word of the chunk behind it, so the address of a chunk looks
 * like a pointer to the last word of the block before. Such a word is proved to be one of a free
 * list by the list itself: the neighbours at `chunk` point back at each other, and one of their
 * links is here. */
static const char *free_list_word(uint64_t where, uint64_t chunk, const struct block *block)
{
    if (chunk % 16 != 0 || block->start + block->bytes - chunk > 8)
        return NULL;
    for (unsigned links = 16; links <= 32; links += 16) { /* fd and bk; those by size */
        uint64_t next = memory_read_word(chunk + links),
                 previous = memory_read_word(chunk + links + 8);
        bool is_listed = memory_read_word(next + links + 8) == chunk &&
                         memory_read_word(previous + links) == chunk;
        if (is_listed && (where == next + links + 8 || where == previous + links))
            return "free-list";
    }
    /* An arena: ten lists of small chunks, `top`, the chunk that was last split; bins follow, each
     * a list that begins and ends at itself. */
    for (uint64_t top = where - 8; top <= where + 80; top += 8) {
        if (memory_read_word(memory_read_word(top + 16) + 24) == top &&
            memory_read_word(memory_read_word(top + 24) + 16) == top)
            return "arena";
    }
    return NULL;
}

/* A word in one of glibc's heaps that is nobody's. Chunks are walked from the heap's start; a chunk
 * is free when the one behind it says so, or when it is the last: links of lists stay behind in it
 * when it is joined with a neighbour. And the last word of a chunk in use may be beyond what was
 * asked for; glibc overwrites it neither when it gives the chunk nor when it takes it back. From
 * outside that is not known, so a word there is taken as left over only if it points into the
 * middle of a block. */
static const char *heap_word(uint64_t where, uint64_t value, const struct area *area)
{
    uint64_t arena = memory_read_word(area->start), chunk = area->start;
    bool is_further_heap = area->start % HEAP_BYTES == 0 && arena - area->start <= 64;
    if (is_further_heap)
        chunk = (arena + ARENA_BYTES + 15) & ~(uint64_t)15;
    else if (strcmp(area->path, "[heap]") != 0)
        return NULL;
    while (chunk < where) {
        uint64_t bytes = memory_read_word(chunk + 8) & ~(uint64_t)7, next = chunk + bytes;
        if (bytes < 32 || bytes % 16 != 0 || next > area->end)
            return NULL;
        if (where < next && where >= chunk + 16 &&
            (next + 16 > area->end || (memory_read_word(next + 8) & 1) == 0))
            return "free-chunk";
        chunk = next;
    }
    return where == chunk && value != block_at(value)->start ? "left-over" : NULL;
}

/* In the stack of a thread that has ended, which glibc keeps for the next one: at its end lies a
 * thread's descriptor, which points at itself twice, and no thread has it. */
static bool is_in_left_stack(uint64_t where, const struct area *area)
{
    static uint64_t words[LEFT_STACK_BYTES / 8];
    size_t bytes = area->end - area->start < sizeof words ? area->end - area->start : sizeof words;
    uint64_t start = area->end - bytes;
    if (area->is_shared || area->path[0] != '\0' ||
        memory_read(words, bytes, start) != (ssize_t)bytes)
        return false;
    for (size_t i = 0; i + 2 < bytes / 8; i++) {
        uint64_t self = start + 8 * i;
        if (words[i] != self || words[i + 2] != self || where > self)
            continue;
        for (size_t j = 0; j < thread_count; j++)
            if (threads[j].registers.fs_base == self)
                return false;
        return true;
    }
    return false;
}

/* Below the stack pointer of the thread whose stack this is. */
static bool is_below_stack(uint64_t where, const struct area *area)
{
    for (size_t i = 0; i < thread_count; i++) {
        uint64_t sp = threads[i].registers.rsp - RED_ZONE_BYTES;
        if (area->start <= sp && sp < area->end && where < sp && strcmp(area->path, "[heap]") != 0)
            return true;
    }
    return false;
}

const char *why_dead(uint64_t where, uint64_t value, const struct area *area)
{
    if (is_below_stack(where, area))
        return "below-stack";
    if (is_in_left_stack(where, area))
        return "stack-of-ended-thread";
    const char *why = free_list_word(where, value, block_at(value));
    return why != NULL ? why : heap_word(where, value, area);
}
