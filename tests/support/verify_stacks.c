/*
 * Compares every call path that is recorded, those that the cache knew too, with the one that
 * libunwind's unw_step gives.
 *
 * Linked, together with the library's own sources and libunwind, into a preloadable library for
 * tests; never part of libseep.so. Needs SEEP_VERIFY_OUTPUT: the name of a file to which each
 * process appends, at its end, one line (here two)
 *
 *     verified PID PROGRAM compared=N different=N hits=N frames=N odd=N no_cfi=N jit=N assembly=N
 *     untabled=N cut=N other_stack=N paths=N
 *
 * The first difference ends the process: it appends both stacks and the line, and its status is
 * VERIFY_DIFFERS. `no_cfi` are the paths that ended for lack of call frame information: outside of
 * all modules (`jit`), in a module whose tables have no entry there (`assembly`), in one without
 * tables
 * (`untabled`). `other_stack` are those whose innermost frame is not on the thread's own stack. A
 * forked child counts its own.
 *
 * A path of ours that ended for lack of call frame information, or was cut, must be the beginning
 * of libunwind's, which guesses from there on, and libgcc must know no entry for the frame where it
 * ended; any other must be equal to the end.
 *
 * With SEEP_VERIFY_SPOIL=N one frame of the Nth hit is changed before it is compared: to show that
 * a difference is seen.
 */
#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UNW_LOCAL_ONLY
#include <libunwind.h>

#include "../../preload/leakfile.h"
#include "../../preload/stacks/depot.h"
#include "../../preload/stacks/modules.h"
#include "../../preload/stacks/stacks.h"
#include "../../preload/stacks/thread_x86_64.h"

/* Set by the loader: the end of the main thread's stack. */
extern void *__libc_stack_end;

/* Of libgcc; `bases` receives three words. */
extern const void *_Unwind_Find_FDE(void *pc, uintptr_t *bases);

enum {
    VERIFY_FRAMES_MAX = STACKS_DEPTH_MAX + 1,
    VERIFY_STACK_BYTES = 8 << 20, /* as much as a thread's stack has unless it asks for another */
    VERIFY_DIFFERS = 86
};

struct verify_stack {
    size_t frames;
    uintptr_t pcs[VERIFY_FRAMES_MAX];
};

/* What was compared; atomic. A forked child starts anew. */
static struct {
    int pid;
    unsigned long compared;
    unsigned long hits;
    unsigned long different;
    unsigned long frames;
    unsigned long jit;
    unsigned long assembly;
    unsigned long untabled;
    unsigned long other_stack;
    unsigned long flagged[8];
} verify_counts;

static unsigned long verify_spoilt; /* set once at start: the hit that is changed; 0: none */
static uint32_t verify_generation;  /* of the modules that libunwind's cache is about; atomic */

static _Thread_local bool verify_is_inside __attribute__((tls_model("initial-exec")));

static void verify_print(const char *whose, const uintptr_t *pcs, size_t frames)
{
    const char *path = getenv("SEEP_VERIFY_OUTPUT");
    FILE *out = path == NULL ? NULL : fopen(path, "ae");
    if (out == NULL)
        return;
    fprintf(out, "%s, %zu frames:\n", whose, frames);
    for (size_t i = 0; i < frames; i++) {
        const struct modules_module *module = modules_find(pcs[i] - 1);
        fprintf(out, "  %2zu %#lx %s+%#lx\n", i, pcs[i], module == NULL ? "?" : module->path,
                module == NULL ? pcs[i] : pcs[i] - module->bias);
    }
    fclose(out);
}

/* libunwind's stack from the entry on; a frame that a signal interrupted counts one more, as in
 * leakfile.h. Returns false when libunwind does not come by the entry. */
static bool verify_walk(struct stacks_entry entry, struct verify_stack *stack)
{
    unw_context_t context;
    unw_cursor_t cursor;
    unw_word_t pc = 0;
    unw_word_t sp = 0;
    stack->frames = 0;
    unw_getcontext(&context);
    if (unw_init_local(&cursor, &context) != 0)
        return false;
    do {
        if (unw_step(&cursor) <= 0)
            return false;
        unw_get_reg(&cursor, UNW_REG_IP, &pc);
        unw_get_reg(&cursor, UNW_REG_SP, &sp);
    } while (pc != entry.pc || sp != entry.sp);
    int more = 1;
    bool is_exact = false;
    while (more > 0 && pc != 0 && stack->frames < VERIFY_FRAMES_MAX) {
        stack->pcs[stack->frames++] = pc + is_exact;
        more = unw_step(&cursor);
        is_exact = unw_is_signal_frame(&cursor) > 0;
        unw_get_reg(&cursor, UNW_REG_IP, &pc);
    }
    return true;
}

/* True when there really is no call frame information at the last frame. */
static bool verify_end_is_bare(const uintptr_t *pcs, uint32_t frames)
{
    uintptr_t bases[3];
    return _Unwind_Find_FDE((void *)(pcs[frames - 1] - 1), bases) == NULL;
}

static void verify_add(unsigned long *counter, unsigned long more)
{
    __atomic_add_fetch(counter, more, __ATOMIC_RELAXED);
}

struct verify_place {
    uintptr_t address;
    unsigned long *counter; /* out */
};

/* Of dl_iterate_phdr: whether the address is in this module, and if so, whether that has tables. */
static int verify_place_cb(struct dl_phdr_info *info, size_t bytes, void *data)
{
    struct verify_place *place = data;
    bool is_here = false;
    bool has_tables = false;
    (void)bytes;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type == PT_LOAD)
            is_here |= place->address - info->dlpi_addr - header->p_vaddr < header->p_memsz;
        has_tables |= header->p_type == PT_GNU_EH_FRAME;
    }
    if (is_here)
        place->counter = has_tables ? &verify_counts.assembly : &verify_counts.untabled;
    return is_here;
}

static void verify_count_end(uintptr_t pc)
{
    struct verify_place place = {pc - 1, &verify_counts.jit};
    dl_iterate_phdr(verify_place_cb, &place);
    verify_add(place.counter, 1);
}

/* A thread whose stack is smaller may have another one within these bounds: that is not counted. */
static bool verify_is_own_stack(uintptr_t sp)
{
    uintptr_t top = gettid() == getpid() ? (uintptr_t)__libc_stack_end : thread_control_block();
    return top - sp < VERIFY_STACK_BYTES;
}

/* Another process, or other modules than at the last time. */
static void verify_look_around(void)
{
    uint32_t generation = modules_generation();
    if (verify_counts.pid != getpid()) {
        memset(&verify_counts, 0, sizeof verify_counts);
        verify_counts.pid = getpid();
    }
    if (__atomic_exchange_n(&verify_generation, generation, __ATOMIC_RELAXED) != generation)
        unw_flush_cache(unw_local_addr_space, 0, 0);
}

static bool verify_is_same(const struct depot_stack *ours, const struct verify_stack *theirs)
{
    bool is_same = theirs->frames >= ours->frames &&
                   memcmp(theirs->pcs, ours->pcs, ours->frames * sizeof *ours->pcs) == 0;
    if ((ours->flags & (LEAKFILE_STACK_CUT | LEAKFILE_STACK_NO_CFI)) == 0)
        is_same = is_same && theirs->frames == ours->frames;
    if ((ours->flags & LEAKFILE_STACK_NO_CFI) != 0)
        is_same = is_same && verify_end_is_bare(ours->pcs, ours->frames);
    return is_same;
}

static void verify_end(void);

static void verify_stack_cb(struct stacks_entry entry, const struct depot_stack *ours, bool is_hit)
{
    if (verify_is_inside)
        return;
    verify_is_inside = true;
    int saved_errno = errno;
    struct verify_stack *theirs = malloc(sizeof *theirs);
    verify_look_around();
    bool is_walked = verify_walk(entry, theirs);
    if (is_hit && __atomic_add_fetch(&verify_counts.hits, 1, __ATOMIC_RELAXED) == verify_spoilt)
        theirs->pcs[ours->frames / 2]++;
    bool is_same = is_walked && verify_is_same(ours, theirs);
    verify_add(&verify_counts.compared, 1);
    verify_add(&verify_counts.frames, ours->frames);
    verify_add(&verify_counts.flagged[ours->flags & 7], 1);
    verify_add(&verify_counts.other_stack, !verify_is_own_stack(entry.sp));
    if ((ours->flags & LEAKFILE_STACK_NO_CFI) != 0)
        verify_count_end(ours->pcs[ours->frames - 1]);
    if (!is_same && __atomic_fetch_add(&verify_counts.different, 1, __ATOMIC_RELAXED) == 0) {
        modules_refresh();
        verify_print(is_hit ? "ours, by the cache" : "ours", ours->pcs, ours->frames);
        verify_print("libunwind's", theirs->pcs, theirs->frames);
        verify_end();
        _exit(VERIFY_DIFFERS);
    }
    free(theirs);
    errno = saved_errno;
    verify_is_inside = false;
}

static unsigned long verify_count(uint32_t flag)
{
    unsigned long total = 0;
    for (uint32_t flags = 0; flags < 8; flags++)
        if ((flags & flag) != 0)
            total += verify_counts.flagged[flags];
    return total;
}

static __attribute__((constructor)) void verify_begin(void)
{
    const char *spoilt = getenv("SEEP_VERIFY_SPOIL");
    verify_spoilt = spoilt == NULL ? 0 : strtoul(spoilt, NULL, 10);
    stacks_verify_hook = verify_stack_cb;
}

static __attribute__((destructor)) void verify_end(void)
{
    const char *path = getenv("SEEP_VERIFY_OUTPUT");
    FILE *out = path == NULL ? NULL : fopen(path, "ae");
    if (out == NULL)
        return;
    fprintf(out, "verified %d %s compared=%lu different=%lu hits=%lu frames=%lu odd=%lu ", getpid(),
            program_invocation_short_name, verify_counts.compared, verify_counts.different,
            verify_counts.hits, verify_counts.frames, verify_count(LEAKFILE_STACK_ODD));
    fprintf(out, "no_cfi=%lu jit=%lu assembly=%lu untabled=%lu cut=%lu other_stack=%lu paths=%u\n",
            verify_count(LEAKFILE_STACK_NO_CFI), verify_counts.jit, verify_counts.assembly,
            verify_counts.untabled, verify_count(LEAKFILE_STACK_CUT), verify_counts.other_stack,
            depot_count());
    fclose(out);
}
