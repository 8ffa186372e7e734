/*
 * Compares every call path that is recorded, those that the cache knew too, with the one that
 * libunwind's unw_step gives.
 *
 * Linked, together with the library's own sources and libunwind, into a preloadable library for
 * tests; never part of libseep.so. Needs SEEP_VERIFY_OUTPUT: the name of a file to which each
 * process appends, at its end, one line (here two)
 *
 *     verified PID PROGRAM compared=N different=N hits=N frames=N odd=N no_cfi=N cut=N
 *     paths=N
 *
 * and before it, for its first difference, both stacks. A path of ours that ended for lack of call
 * frame information, or was cut, must be the beginning of libunwind's, which guesses from there on,
 * and libgcc must know no entry for the frame where it ended; any other must be equal to the end.
 */
#include <errno.h>
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

/* Of libgcc; `bases` receives three words. */
extern const void *_Unwind_Find_FDE(void *pc, uintptr_t *bases);

enum { VERIFY_FRAMES_MAX = STACKS_DEPTH_MAX + 1 };

struct verify_stack {
    size_t frames;
    uintptr_t pcs[VERIFY_FRAMES_MAX];
};

/* Atomic counters. */
static unsigned long verify_compared;
static unsigned long verify_hits;
static unsigned long verify_different;
static unsigned long verify_frames;
static unsigned long verify_flagged[8];

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

static void verify_stack_cb(struct stacks_entry entry, const struct depot_stack *stack, bool is_hit)
{
    const uintptr_t *pcs = stack->pcs;
    uint32_t frames = stack->frames;
    uint32_t flags = stack->flags;
    if (verify_is_inside)
        return;
    verify_is_inside = true;
    int saved_errno = errno;
    struct verify_stack *theirs = malloc(sizeof *theirs);
    bool is_same = verify_walk(entry, theirs) && theirs->frames >= frames &&
                   memcmp(theirs->pcs, pcs, frames * sizeof *pcs) == 0;
    if ((flags & (LEAKFILE_STACK_CUT | LEAKFILE_STACK_NO_CFI)) == 0)
        is_same = is_same && theirs->frames == frames;
    if ((flags & LEAKFILE_STACK_NO_CFI) != 0)
        is_same = is_same && verify_end_is_bare(pcs, frames);
    __atomic_add_fetch(&verify_compared, 1, __ATOMIC_RELAXED);
    __atomic_add_fetch(&verify_hits, is_hit, __ATOMIC_RELAXED);
    __atomic_add_fetch(&verify_frames, frames, __ATOMIC_RELAXED);
    __atomic_add_fetch(&verify_flagged[flags & 7], 1, __ATOMIC_RELAXED);
    if (!is_same && __atomic_fetch_add(&verify_different, 1, __ATOMIC_RELAXED) == 0) {
        modules_refresh();
        verify_print(is_hit ? "ours, by the cache" : "ours", pcs, frames);
        verify_print("libunwind's", theirs->pcs, theirs->frames);
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
            total += verify_flagged[flags];
    return total;
}

static __attribute__((constructor)) void verify_begin(void)
{
    stacks_verify_hook = verify_stack_cb;
}

static __attribute__((destructor)) void verify_end(void)
{
    const char *path = getenv("SEEP_VERIFY_OUTPUT");
    FILE *out = path == NULL ? NULL : fopen(path, "ae");
    if (out == NULL)
        return;
    fprintf(out,
            "verified %d %s compared=%lu different=%lu hits=%lu frames=%lu odd=%lu no_cfi=%lu "
            "cut=%lu paths=%u\n",
            getpid(), program_invocation_short_name, verify_compared, verify_different, verify_hits,
            verify_frames, verify_count(LEAKFILE_STACK_ODD), verify_count(LEAKFILE_STACK_NO_CFI),
            verify_count(LEAKFILE_STACK_CUT), depot_count());
    fclose(out);
}
