/*
 * What the parts of the second look share; second_look.c says what it is. There is one process that
 * is looked at, and one thread that looks.
 */
#ifndef SEEP_TESTS_SECOND_LOOK_H
#define SEEP_TESTS_SECOND_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

enum { RED_ZONE_BYTES = 128 };

struct thread {
    pid_t tid;
    struct user_regs_struct registers;
};

struct area {
    uint64_t start;
    uint64_t end;
    char path[192];
    bool is_looked_at; /* readable and writable, and not libseep's */
    bool is_shared;
};

struct block {
    uint64_t start;
    uint64_t bytes;
};

/* Says why the look is worth nothing, and ends. */
void fail(const char *what);

/* second_look_threads.c: the threads of the process, stopped, and what they have in registers. */
extern struct thread threads[];
extern size_t thread_count;
void threads_stop(pid_t pid);
void threads_let_go(void);
/* Behind a system call a thread's vector registers are nobody's: it is made by a function, and a
 * function keeps none of them for its caller. */
void thread_each_register(const struct thread *thread,
                          void (*see)(const struct thread *thread, uint64_t value,
                                      const char *which));

/* second_look_memory.c: the memory of the process, and the blocks that are looked for. */
extern struct area areas[];
extern size_t area_count;
void memory_open(pid_t pid);
uint64_t memory_read_word(uint64_t address);
ssize_t memory_read(void *bytes, size_t length, uint64_t address);
void memory_write_word(uint64_t address, uint64_t word, const char *otherwise);
/* Calls with each run of words that are there; of shared memory with all, since others may have
 * written it. */
void area_each_words(const struct area *area, void (*see)(const struct area *area, uint64_t start,
                                                          const uint64_t *words, size_t count));
void block_add(uint64_t start, uint64_t bytes);
/* Before the first block_at(). */
void blocks_sort(void);
const struct block *block_at(uint64_t address);

/* second_look_dead.c: why this word, which leads to a block, is nobody's pointer; or NULL. */
const char *why_dead(uint64_t where, uint64_t value, const struct area *area);

#endif
