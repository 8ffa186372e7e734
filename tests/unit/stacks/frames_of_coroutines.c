/* A program of coroutines, by ucontext and by a switch of its own, whose stacks lie on the heap and
 * in mappings, are used again by others, and are entered from several threads; with frames of forms
 * that compilers rarely make. Argument: rounds. Prints one number. */
#include <alloca.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { COROUTINES = 12, STACK_BYTES = 64 << 10, THREADS = 2, YIELDS = 4 };

/* In frames_x86_64.S. */
void frame_by_rbx(void (*callee)(void));
void frame_without_cfi(void (*callee)(void));
void frame_realigned(void (*callee)(void));
void frame_outermost(void (*callee)(void));
void frame_switch(void **from, void *to);
void frame_of_coroutine(void);

/* One that runs in the thread that has it, from one yield to the next. */
struct coroutine {
    char *stack;
    bool is_by_ucontext;
    bool is_over;
    unsigned number;
    void *here; /* stack pointers, */
    void *home;
    ucontext_t here_context; /* or contexts */
    ucontext_t home_context;
};

static _Thread_local struct coroutine *running;
static unsigned total; /* atomic */

__attribute__((noinline)) static void allocate(void)
{
    void *block = malloc(40);
    __asm__ volatile("" ::"r"(block) : "memory");
    block = realloc(block, 400);
    __asm__ volatile("" ::"r"(block) : "memory");
    free(block);
    __atomic_add_fetch(&total, 2, __ATOMIC_RELAXED);
}

__attribute__((noinline)) static void with_alloca(unsigned deeper)
{
    char *room = alloca(deeper * 48 + 1);
    __asm__ volatile("" ::"r"(room) : "memory");
    allocate();
    if (deeper > 0)
        with_alloca(deeper - 1);
    __asm__ volatile("" ::"r"(room) : "memory");
}

__attribute__((noinline)) static void in_rare_frames(void)
{
    frame_by_rbx(allocate);
    frame_without_cfi(allocate);
    frame_realigned(allocate);
    frame_outermost(allocate);
    __asm__ volatile("");
}

/* Not inlined: after it a coroutine may be in another thread. */
__attribute__((noinline)) static struct coroutine *running_now(void)
{
    __asm__ volatile("");
    return running;
}

__attribute__((noinline)) static void yield(void)
{
    struct coroutine *self = running_now();
    if (self->is_by_ucontext)
        swapcontext(&self->here_context, &self->home_context);
    else
        frame_switch(&self->here, self->home);
    __asm__ volatile("");
}

/* Yields from different depths, with frames of the same size. */
#define BODY(name, next)                                                                           \
    __attribute__((noinline)) static void name(unsigned deeper)                                    \
    {                                                                                              \
        with_alloca(deeper % 5);                                                                   \
        if (deeper > 0)                                                                            \
            next(deeper - 1);                                                                      \
        else                                                                                       \
            yield();                                                                               \
        with_alloca(2);                                                                            \
        __asm__ volatile("");                                                                      \
    }
static void left(unsigned deeper);
static void right(unsigned deeper);
BODY(left, right)
BODY(right, left)

static void run_coroutine(void)
{
    unsigned number = running_now()->number;
    for (unsigned i = 0; i < YIELDS; i++) {
        if ((number + i) % 2 == 0)
            left((number + i) % 6);
        else
            right((number + i) % 6);
        in_rare_frames();
    }
    running_now()->is_over = true;
    yield();
}

static void coroutine_begin(struct coroutine *self, unsigned number)
{
    self->number = number;
    self->is_over = false;
    self->is_by_ucontext = number % 2 == 0;
    if (self->is_by_ucontext) {
        getcontext(&self->here_context);
        self->here_context.uc_stack.ss_sp = self->stack;
        self->here_context.uc_stack.ss_size = STACK_BYTES;
        makecontext(&self->here_context, run_coroutine, 0);
        return;
    }
    /* What frame_switch takes from it: r15 to r12, rbx, rbp and where to return to. */
    uintptr_t *top = (uintptr_t *)(void *)(self->stack + STACK_BYTES) - 7;
    top[4] = (uintptr_t)run_coroutine;
    top[5] = 0;
    top[6] = (uintptr_t)frame_of_coroutine;
    self->here = top;
}

__attribute__((noinline)) static void coroutine_resume(struct coroutine *self)
{
    running = self;
    if (self->is_by_ucontext)
        swapcontext(&self->home_context, &self->here_context);
    else
        frame_switch(&self->home, self->here);
    __asm__ volatile("");
}

static char *stack_map(void)
{
    char *stack =
        mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack == MAP_FAILED)
        exit(2);
    return stack;
}

static struct coroutine coroutines[COROUTINES]; /* each in one thread at a time */
static pthread_barrier_t everybody;

/* In each turn a thread resumes coroutines that another one had before. A coroutine that is over
 * leaves its stack to the next; now and then a mapped one is unmapped before. */
static void *run_thread(void *data)
{
    unsigned me = (unsigned)(uintptr_t)data & 0xff;
    unsigned rounds = (unsigned)((uintptr_t)data >> 8);
    for (unsigned round = 0; round < rounds; round++) {
        for (unsigned i = (me + round) % THREADS; i < COROUTINES; i += THREADS) {
            struct coroutine *each = &coroutines[i];
            coroutine_resume(each);
            if (!each->is_over)
                continue;
            if (i % 4 > 1 && each->number % 7 == 0) {
                munmap(each->stack, STACK_BYTES);
                each->stack = stack_map();
            }
            coroutine_begin(each, each->number + i + 1);
        }
        pthread_barrier_wait(&everybody);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 20;
    pthread_t threads[THREADS];
    for (unsigned i = 0; i < COROUTINES; i++) {
        coroutines[i].stack = i % 4 > 1 ? stack_map() : malloc(STACK_BYTES);
        coroutine_begin(&coroutines[i], i);
    }
    pthread_barrier_init(&everybody, NULL, THREADS);
    for (uintptr_t i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, run_thread, (void *)((uintptr_t)rounds << 8 | i));
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    printf("%u\n", total);
    return 0;
}
