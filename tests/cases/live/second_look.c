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
 * next look is over; says "planted WHERE"
 *
 * At the end of its input, or when it ends, the process goes on. Words are looked at where they are
 * aligned. Memory that does not count: the blocks themselves, what lies below a thread's stack
 * pointer in its stack, stacks of threads that ended, free memory of glibc's heaps (why_dead).
 */
#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_THREADS = 1024, MOST_AREAS = 16384, MOST_BLOCKS = 1 << 20, CHUNK_BYTES = 1 << 20 };
/* glibc 2.36: the largest heap of a further arena, the struct of an arena. */
enum { HEAP_BYTES = 64 << 20, ARENA_BYTES = 2200, LEFT_STACK_BYTES = 64 << 10 };
enum { RED_ZONE_BYTES = 128, PAGE_BYTES = 4096, XSTATE_BYTES = 16384 };

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

struct thread {
    pid_t tid;
    struct user_regs_struct registers;
};

static pid_t pid;
static int memory = -1;
static int pagemap = -1;
static struct thread threads[MOST_THREADS];
static size_t thread_count;
static struct area areas[MOST_AREAS];
static size_t area_count;
static struct block blocks[MOST_BLOCKS];
static size_t block_count;
static uint64_t planted_at; /* 0: nothing is planted */
static uint64_t planted_over;
static size_t word_count, register_count;

static void fail(const char *what)
{
    printf("failed %s\n", what);
    fflush(stdout);
    exit(1);
}

/* ---- stopping ---- */

static bool is_stopped(pid_t tid)
{
    for (size_t i = 0; i < thread_count; i++)
        if (threads[i].tid == tid)
            return true;
    return false;
}

static bool stop_thread(pid_t tid)
{
    int status;
    if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) != 0)
        return false; /* it has ended */
    if (ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) != 0 || waitpid(tid, &status, __WALL) != tid ||
        !WIFSTOPPED(status))
        return false;
    /* A signal that was on its way: it is given back when the thread goes on. */
    int sent = status >> 16 == 0 ? WSTOPSIG(status) : 0;
    struct thread *thread = &threads[thread_count];
    struct iovec into = {&thread->registers, sizeof thread->registers};
    if (sent != 0 || ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &into) != 0) {
        ptrace(PTRACE_DETACH, tid, NULL, sent);
        return false;
    }
    thread->tid = tid;
    thread_count++;
    return true;
}

/* Until a pass over the threads finds none that still runs. */
static void stop_all(void)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    for (int pass = 0, found = 1; found != 0 && pass < 100; pass++) {
        found = 0;
        DIR *folder = opendir(path);
        if (folder == NULL)
            fail("no such process");
        for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
            pid_t tid = atoi(entry->d_name);
            if (tid <= 0 || is_stopped(tid) || thread_count == MOST_THREADS)
                continue;
            found = 1;
            stop_thread(tid);
        }
        closedir(folder);
    }
}

/* ---- memory ---- */

static uint64_t read_word(uint64_t address)
{
    uint64_t word = 0;
    return pread(memory, &word, sizeof word, (off_t)address) == sizeof word ? word : 0;
}

/* libseep.so's data, its leak file, and the pages that it maps for itself: these alone have all
 * three of MAP_NORESERVE, MADV_NOHUGEPAGE and MADV_DONTDUMP. */
static bool is_own(const struct area *area, const char *flags)
{
    return (strstr(flags, " nr") != NULL && strstr(flags, " nh") != NULL &&
            strstr(flags, " dd") != NULL) ||
           strstr(area->path, "libseep.so") != NULL || strstr(area->path, ".leak") != NULL;
}

static void read_areas(void)
{
    char path[64], line[4096];
    snprintf(path, sizeof path, "/proc/%d/smaps", pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        fail("no smaps");
    struct area *area = areas;
    char permissions[8];
    while (fgets(line, sizeof line, file) != NULL) {
        uint64_t start, end;
        int name = 0;
        if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %*s %*s %*s %n", &start, &end, permissions,
                   &name) >= 3) {
            if (area_count == MOST_AREAS)
                fail("too many mappings");
            area = &areas[area_count++];
            *area = (struct area){.start = start, .end = end};
            snprintf(area->path, sizeof area->path, "%.*s", (int)strcspn(line + name, "\n"),
                     line + name);
            area->is_looked_at = permissions[0] == 'r' && permissions[1] == 'w';
            area->is_shared = permissions[3] == 's';
        } else if (strncmp(line, "VmFlags:", 8) == 0) {
            bool is_device = strstr(line, " io") != NULL || strstr(line, " pf") != NULL;
            area->is_looked_at &= !is_device && !is_own(area, line);
        }
    }
    fclose(file);
}

/* ---- blocks ---- */

static int compare_blocks(const void *a, const void *b)
{
    const struct block *x = a, *y = b;
    return (x->start > y->start) - (x->start < y->start);
}

static const struct block *block_at(uint64_t address)
{
    size_t low = 0, high = block_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (blocks[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    const struct block *block = &blocks[low - 1];
    uint64_t bytes = block->bytes == 0 ? 1 : block->bytes;
    return address - block->start < bytes ? block : NULL;
}

/* ---- what does not count ---- */

/* glibc lets a block use the first word of the chunk behind it, so the address of a chunk looks
 * like a pointer to the last word of the block before. Such a word is proved to be one of a free
 * list by the list itself: the neighbours at `chunk` point back at each other, and one of their
 * links is here. */
static const char *free_list_word(uint64_t where, uint64_t chunk, const struct block *block)
{
    if (chunk % 16 != 0 || block->start + block->bytes - chunk > 8)
        return NULL;
    for (unsigned links = 16; links <= 32; links += 16) { /* fd and bk; those by size */
        uint64_t next = read_word(chunk + links), previous = read_word(chunk + links + 8);
        bool is_listed =
            read_word(next + links + 8) == chunk && read_word(previous + links) == chunk;
        if (is_listed && (where == next + links + 8 || where == previous + links))
            return "free-list";
    }
    /* An arena: ten lists of small chunks, `top`, the chunk that was last split; bins follow, each
     * a list that begins and ends at itself. */
    for (uint64_t top = where - 8; top <= where + 80; top += 8) {
        if (read_word(read_word(top + 16) + 24) == top &&
            read_word(read_word(top + 24) + 16) == top)
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
    uint64_t arena = read_word(area->start), chunk = area->start;
    bool is_further_heap = area->start % HEAP_BYTES == 0 && arena - area->start <= 64;
    if (is_further_heap)
        chunk = (arena + ARENA_BYTES + 15) & ~(uint64_t)15;
    else if (strcmp(area->path, "[heap]") != 0)
        return NULL;
    while (chunk < where) {
        uint64_t bytes = read_word(chunk + 8) & ~(uint64_t)7, next = chunk + bytes;
        if (bytes < 32 || bytes % 16 != 0 || next > area->end)
            return NULL;
        if (where < next && where >= chunk + 16 &&
            (next + 16 > area->end || (read_word(next + 8) & 1) == 0))
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
        pread(memory, words, bytes, (off_t)start) != (ssize_t)bytes)
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

static const char *why_dead(uint64_t where, uint64_t value, const struct area *area)
{
    if (is_below_stack(where, area))
        return "below-stack";
    if (is_in_left_stack(where, area))
        return "stack-of-ended-thread";
    const char *why = free_list_word(where, value, block_at(value));
    return why != NULL ? why : heap_word(where, value, area);
}

/* ---- looking ---- */

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

static void look_at_bytes(uint64_t start, size_t bytes, const struct area *area)
{
    static uint64_t words[CHUNK_BYTES / 8];
    ssize_t got = pread(memory, words, bytes, (off_t)start);
    uint64_t low = blocks[0].start;
    uint64_t span = blocks[block_count - 1].start + blocks[block_count - 1].bytes + 1 - low;
    for (ssize_t i = 0; i < got / 8; i++)
        if (words[i] - low < span)
            look_at_word(start + 8 * (uint64_t)i, words[i], area);
    word_count += got > 0 ? (size_t)got / 8 : 0;
}

/* Pages that are there; of shared memory all, since others may have written it. */
static void look_at_area(const struct area *area)
{
    static uint64_t entries[CHUNK_BYTES / PAGE_BYTES];
    for (uint64_t at = area->start; at < area->end; at += CHUNK_BYTES) {
        uint64_t end = at + CHUNK_BYTES < area->end ? at + CHUNK_BYTES : area->end;
        size_t pages = (end - at) / PAGE_BYTES;
        ssize_t got = pread(pagemap, entries, pages * 8, (off_t)(at / PAGE_BYTES * 8));
        for (size_t i = 0; i < pages; i++) {
            bool is_known = got == (ssize_t)(pages * 8);
            if (area->is_shared || !is_known || entries[i] >> 62 != 0)
                look_at_bytes(at + i * PAGE_BYTES, PAGE_BYTES, area);
        }
    }
}

static void look_at_register(const struct thread *thread, uint64_t value, const char *which)
{
    const struct block *block = block_at(value);
    register_count++;
    if (block != NULL)
        printf("live 0 %#" PRIx64 " %#" PRIx64 " %s register of %d\n", value, block->start, which,
               thread->tid);
}

/* All of them; but behind a system call the vector registers are nobody's: it is made by a
 * function, and a function keeps none of them for its caller. */
static void look_at_registers(const struct thread *thread)
{
    const unsigned long long *words = (const void *)&thread->registers;
    for (size_t i = 0; i < sizeof thread->registers / sizeof *words; i++)
        look_at_register(thread, words[i], "general");
    if ((long long)thread->registers.orig_rax >= 0)
        return;
    static uint64_t state[XSTATE_BYTES / 8];
    struct iovec into = {state, sizeof state};
    if (ptrace(PTRACE_GETREGSET, thread->tid, NT_X86_XSTATE, &into) != 0)
        return;
    for (size_t i = 0; i < into.iov_len / 8; i++)
        look_at_register(thread, state[i], "vector");
}

static void look(void)
{
    word_count = register_count = 0;
    qsort(blocks, block_count, sizeof *blocks, compare_blocks);
    for (size_t i = 0; i < area_count && block_count > 0; i++)
        if (areas[i].is_looked_at)
            look_at_area(&areas[i]);
    for (size_t i = 0; i < thread_count && block_count > 0; i++)
        look_at_registers(&threads[i]);
    printf("done %zu %zu\n", word_count, register_count);
    if (planted_at != 0 && pwrite(memory, &planted_over, sizeof planted_over, (off_t)planted_at) !=
                               sizeof planted_over)
        fail("what was planted could not be taken back");
    planted_at = 0;
}

/* In the last word of libc's data. */
static void plant(uint64_t value)
{
    for (size_t i = 0; i < area_count; i++) {
        if (!areas[i].is_looked_at || strstr(areas[i].path, "libc.so") == NULL)
            continue;
        uint64_t where = areas[i].end - 8;
        planted_over = read_word(where);
        if (pwrite(memory, &value, sizeof value, (off_t)where) != sizeof value)
            fail("nothing can be planted");
        planted_at = where;
        printf("planted %#" PRIx64 "\n", where);
        return;
    }
    fail("no libc");
}

int main(int count, char **arguments)
{
    char line[256], path[64];
    uint64_t address, bytes;
    if (count != 2)
        return 2;
    pid = atoi(arguments[1]);
    stop_all();
    snprintf(path, sizeof path, "/proc/%d/mem", pid);
    memory = open(path, O_RDWR | O_CLOEXEC);
    snprintf(path, sizeof path, "/proc/%d/pagemap", pid);
    pagemap = open(path, O_RDONLY | O_CLOEXEC);
    if (thread_count == 0 || memory < 0 || pagemap < 0)
        fail("it cannot be stopped");
    read_areas();
    printf("stopped %zu\n", thread_count);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "block %" SCNx64 " %" SCNu64, &address, &bytes) == 2 &&
            block_count < MOST_BLOCKS)
            blocks[block_count++] = (struct block){address, bytes};
        else if (sscanf(line, "plant %" SCNx64, &address) == 1)
            plant(address);
        else if (strcmp(line, "look\n") == 0)
            look();
        fflush(stdout);
    }
    for (size_t i = 0; i < thread_count; i++)
        ptrace(PTRACE_DETACH, threads[i].tid, NULL, NULL);
    return 0;
}
