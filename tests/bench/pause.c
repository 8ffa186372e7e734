/*
 * What a collection's pause is measured against: a heap of small blocks, busy threads, and in the
 * same process bare clones, each timed. pause.py runs it under Seep and compares. Built with
 * -fsanitize=leak -DCHECK it times LeakSanitizer's check of the same heap instead.
 *
 *     pause MEGABYTES THREADS SECONDS     prints one line: the times of the clones in microseconds
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK_BYTES = 64, CHUNK_BYTES = 80, MOST_CLONES = 100000 };

struct block {
    struct block *next;
    char rest[BLOCK_BYTES - sizeof(void *)];
};

#ifdef CHECK /* by LeakSanitizer */
int __lsan_do_recoverable_leak_check(void);
#endif

static struct block *heap; /* a list of all; set before threads */
static atomic_int is_over;

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec * 1e-3;
}

static void make_heap(size_t megabytes)
{
    for (size_t i = 0; i < (megabytes << 20) / CHUNK_BYTES; i++) {
        struct block *block = malloc(sizeof *block);
        if (block == NULL)
            abort();
        block->next = heap;
        heap = block;
    }
}

static void *be_busy(void *unused)
{
    void *blocks[64] = {0};
    (void)unused;
    for (unsigned i = 0; !is_over; i++) {
        free(blocks[i % 64]);
        blocks[i % 64] = malloc(32 + i % 200);
    }
    for (int i = 0; i < 64; i++)
        free(blocks[i]);
    return NULL;
}

/* clone(0): the child ends at once, without a look at anything. */
static long clone_bare(void)
{
    long result;
    register long r10 __asm__("r10") = 0;
    register long r8 __asm__("r8") = 0;
    __asm__ volatile("syscall\n\t"
                     "test %%rax, %%rax\n\t"
                     "jnz 1f\n\t"
                     "mov %[end], %%eax\n\t"
                     "xor %%edi, %%edi\n\t"
                     "syscall\n"
                     "1:"
                     : "=a"(result)
                     : "a"(SYS_clone), "D"(0L), "S"(0L), "d"(0L), "r"(r10),
                       "r"(r8), [end] "i"(SYS_exit_group)
                     : "rcx", "r11", "memory");
    return result;
}

static double clones[MOST_CLONES];

static int compare(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

static void time_clones(double seconds)
{
    size_t count = 0;
    for (double end = now_us() + seconds * 1e6; now_us() < end && count < MOST_CLONES;) {
        double begun = now_us();
        long child = clone_bare();
        clones[count++] = now_us() - begun;
        waitpid((pid_t)child, NULL, __WALL);
        usleep(100000);
    }
    qsort(clones, count, sizeof *clones, compare);
    printf("clones %zu p50 %.0f p99 %.0f max %.0f\n", count, clones[count / 2],
           clones[count * 99 / 100], clones[count - 1]);
}

int main(int argc, char **argv)
{
    pthread_t threads[64];
    if (argc != 4)
        return 2;
    int busy = atoi(argv[2]);
    make_heap((size_t)atoi(argv[1]));
    for (int i = 0; i < busy && i < 64; i++)
        pthread_create(&threads[i], NULL, be_busy, NULL);
#ifdef CHECK
    double begun = now_us();
    __lsan_do_recoverable_leak_check();
    printf("check %.0f\n", now_us() - begun);
#else
    time_clones(atof(argv[3]));
#endif
    fflush(stdout);
    is_over = 1;
    for (int i = 0; i < busy && i < 64; i++)
        pthread_join(threads[i], NULL);
    _exit(0);
}
