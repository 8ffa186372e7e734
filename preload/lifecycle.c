/*
 * Start, exit, fork: everything on and off, in order, once. The second conductor.
 *
 * lifecycle_start runs as the library's constructor, in the program's first thread, before main
 * and before most of the program's constructors; the hooks run in program threads, outside of the
 * shim. Nothing here allocates from the program's heap or uses stdio.
 */
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/options.h"
#include "base/pages.h"
#include "base/pool.h"
#include "base/sys.h"
#include "base/text.h"
#include "collect/collection.h"
#include "collect/collection_asked.h"
#include "collect/snapshot.h"
#include "collect/stop.h"
#include "collect/trigger.h"
#include "interpose/fatal.h"
#include "interpose/guard.h"
#include "interpose/signals.h"
#include "mark/unwind.h"
#include "record/annotations.h"
#include "record/external.h"
#include "stacks/modules.h"
#include "stacks/stacks.h"
#include "write/console.h"
#include "write/print.h"
#include "write/section.h"

enum lifecycle_phase {
    LIFECYCLE_WATCHING,
    LIFECYCLE_ENDING,
    LIFECYCLE_OVER,    /* the last collection was made, or none will be */
    LIFECYCLE_FILTERED /* a seccomp filter: recording only */
};

static const struct collection_doors lifecycle_doors = {collection_run, collection_reap,
                                                        collection_pause_ns};

/* The process that this copy of the state belongs to. */
static struct section section;        /* set at start and after fork, else constant */
static int process_pid;               /* set at start and after fork */
static uint32_t *process_is_original; /* a page that fork's child finds zeroed */
static char program_name[64];         /* set once at start */
static uint32_t phase;                /* enum lifecycle_phase; atomic */
static bool fork_was_prepared; /* in a child of one thread, between its fork handler and forked() */
static struct hooks_frame ending_frame; /* of the thread that ends the program */

static void lifecycle_program_name(void)
{
    char path[4096] = "";
    sys_call(SYS_readlink, "/proc/self/exe", path, sizeof path - 1);
    const char *slash = strrchr(path, '/');
    struct text name = TEXT_OF(program_name);
    text_add(&name, slash != NULL ? slash + 1 : "program");
}

/* True when one of the comma-separated globs matches the program's name. */
static bool lifecycle_name_is_in(const char *globs)
{
    while (*globs != '\0') {
        size_t length = strcspn(globs, ",");
        if (text_matches(globs, length, program_name))
            return true;
        globs += length + (globs[length] == ',');
    }
    return false;
}

static bool lifecycle_is_wanted(void)
{
    if (getauxval(AT_SECURE) != 0)
        return false; /* nothing from the environment of a privileged program is trusted */
    if (options.only[0] != '\0' && !lifecycle_name_is_in(options.only))
        return false;
    return !lifecycle_name_is_in(options.skip);
}

static struct link_map *lifecycle_map_of(void *address)
{
    struct dl_find_object found;
    return _dl_find_object(address, &found) == 0 ? found.dlfo_link_map : NULL;
}

/* A module ahead of ours that defines malloc gets all calls: nothing would be recorded. In an
 * executable at a fixed address dlsym may lead to the executable's linkage stub instead, whose
 * symbol is undefined there. */
static bool lifecycle_malloc_is_ours(void)
{
    void *found = dlsym(RTLD_DEFAULT, "malloc");
    if (lifecycle_map_of(found) == lifecycle_map_of((void *)lifecycle_malloc_is_ours))
        return true;
    Dl_info info;
    ElfW(Sym) *symbol = NULL;
    return dladdr1(found, &info, (void **)&symbol, RTLD_DL_SYMENT) == 0 || symbol == NULL ||
           symbol->st_shndx == SHN_UNDEF;
}

static int lifecycle_register_data_cb(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    uintptr_t here = (uintptr_t)&section;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + header->p_vaddr;
        if (header->p_type != PT_LOAD || here < start || here >= start + header->p_memsz)
            continue;
        pages_register(start & ~(uintptr_t)(PAGES_BYTES - 1),
                       (start + header->p_memsz + PAGES_BYTES - 1) & ~(uintptr_t)(PAGES_BYTES - 1));
        return 1;
    }
    return 0;
}

/* With children=no: the programs that this one executes do not find us in their environment. */
static void lifecycle_leave_environment(void)
{
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
        if (strncmp(*entry, "LD_PRELOAD=", 11) != 0 || strstr(*entry, "libseep") == NULL)
            continue;
        char *value = *entry + 11;
        char *ours = strstr(value, "libseep");
        while (ours > value && ours[-1] != ':' && ours[-1] != ' ')
            ours--;
        size_t length = strcspn(ours, ": ");
        length += ours[length] != '\0';
        memmove(ours, ours + length, strlen(ours + length) + 1);
        return;
    }
}

static const char *lifecycle_options_text(void)
{
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++)
        if (strncmp(*entry, "SEEP_OPTIONS=", 13) == 0)
            return *entry + 13;
    return NULL;
}

static int lifecycle_section_start(bool is_forked)
{
    section.started_ns = clock_now_ns();
    section.started_wall_ns = clock_wall_ns();
    section.is_forked = is_forked;
    section.has_begun = false;
    section.program = program_name;
    section.shared = pages_map_shared(sizeof *section.shared);
    if (section.shared == NULL)
        return -ENOMEM;
    return file_place(&section.file, options.output, program_name);
}

static void lifecycle_ending(struct hooks_frame frame, int status)
{
    (void)status;
    ending_frame = frame;
}

/* True in a child that shares this memory with its parent (vfork): nothing must be done in it. A
 * child made by a raw clone or _Fork is a process of its own and is made one here. */
static bool lifecycle_is_vfork_child(void)
{
    if (sys_getpid() == process_pid)
        return false;
    if (*process_is_original != 0)
        return true;
    hooks.forked();
    return false;
}

static int lifecycle_gate(int status)
{
    bool found = section.shared->finding_count != 0 && section.shared->last.lost.blocks != 0;
    return status == 0 && options.exitcode != 0 && found ? (int)options.exitcode : status;
}

/* The last collection, before the end that `end` tells of. Returns false when it was made before,
 * or must not be made here. */
static bool lifecycle_last(struct leakfile_end end)
{
    uint32_t watching = LIFECYCLE_WATCHING;
    if (lifecycle_is_vfork_child() || section.shared == NULL ||
        !__atomic_compare_exchange_n(&phase, &watching, LIFECYCLE_ENDING, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE))
        return false;
    int saved = errno;
    trigger_stop();
    end.at_ns = clock_now_ns() - section.started_ns;
    struct collection_request request = {
        .trigger = LEAKFILE_TRIGGER_EXIT, .is_last = true, .frame = ending_frame, .ended = &end};
    if (options.at_exit)
        collection_run(&section, &request);
    else
        section_end(&section, &end);
    if (options.print != OPTIONS_PRINT_NONE && console_is_first_of_tree())
        print_at_end(&section, program_name, snapshot_call);
    struct leakfile_page *page = file_page(&section.file);
    if (page != NULL)
        page->alive = 0;
    __atomic_store_n(&phase, LIFECYCLE_OVER, __ATOMIC_RELEASE);
    errno = saved;
    return true;
}

static int lifecycle_ended(int status)
{
    struct leakfile_end end = {.how = LEAKFILE_END_STATUS, .value = status & 0xff};
    return lifecycle_last(end) ? lifecycle_gate(status) : status;
}

static void lifecycle_killed(int signal_number, const ucontext_t *context)
{
    if (lifecycle_is_vfork_child())
        return;
    ending_frame = (struct hooks_frame){.context = context};
    lifecycle_last((struct leakfile_end){.how = LEAKFILE_END_SIGNAL, .value = signal_number});
}

/* A raw clone, or _Fork: no handler took the locks before, so one that some thread held then stays
 * taken for ever. Of what it guarded nothing can be believed but what is read without it. */
static void lifecycle_locks_after_raw_fork(void)
{
    stacks_forked();
    pool_fork_unprepared();
    pages_fork_unprepared();
}

static void lifecycle_forked(void)
{
    process_pid = sys_getpid();
    *process_is_original = 1;
    __atomic_store_n(&phase, LIFECYCLE_WATCHING, __ATOMIC_RELAXED);
    ending_frame = (struct hooks_frame){0};
    if (!fork_was_prepared)
        lifecycle_locks_after_raw_fork();
    fork_was_prepared = false;
    stop_after_fork();
    collection_after_fork();
    thread_after_fork();
    ledger_inherit_all();
    section.file.page = NULL; /* the parent's; unmapped when this program ends */
    section_abandon(&section);
    external_after_fork();
    annotations_after_fork();
    lifecycle_section_start(true);
    trigger_start(&section, lifecycle_doors);
}

static bool lifecycle_is_watching(void)
{
    return !lifecycle_is_vfork_child() && section.shared != NULL &&
           __atomic_load_n(&phase, __ATOMIC_ACQUIRE) == LIFECYCLE_WATCHING;
}

static void lifecycle_asked(const ucontext_t *context)
{
    thread_self.asked++;
    if (lifecycle_is_watching())
        collection_asked(&section, context);
}

static int lifecycle_collect(struct hooks_found *found)
{
    return lifecycle_is_watching() ? collection_asked_by_program(&section, found) : -ENOSYS;
}

static void lifecycle_child(enum hooks_child how, int pid, const char *path)
{
    static const enum leakfile_child_kind kinds[] = {[HOOKS_CHILD_EXEC] = LEAKFILE_CHILD_EXEC,
                                                     [HOOKS_CHILD_EXEC_FAILED] =
                                                         LEAKFILE_CHILD_EXEC_FAILED,
                                                     [HOOKS_CHILD_SPAWN] = LEAKFILE_CHILD_SPAWN};
    if (section.shared == NULL || phase == LIFECYCLE_FILTERED)
        return;
    if (how == HOOKS_CHILD_EXEC)
        trigger_hold();
    section_note_child(&section, kinds[how], how == HOOKS_CHILD_SPAWN ? pid : sys_getpid(), path);
    if (how == HOOKS_CHILD_EXEC_FAILED)
        trigger_release();
}

static void lifecycle_filtered(void)
{
    uint32_t watching = LIFECYCLE_WATCHING;
    if (lifecycle_is_vfork_child() || section.shared == NULL ||
        !__atomic_compare_exchange_n(&phase, &watching, LIFECYCLE_FILTERED, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE))
        return;
    trigger_stop();
    section_reason(&section, LEAKFILE_REASON_SECCOMP);
    struct collection_request request = {.trigger = LEAKFILE_TRIGGER_REQUEST};
    collection_run(&section, &request);
}

/* Registered first, so the innermost of all fork handlers: no other runs while the locks, taken in
 * their legal order, are held. pool_fork_prepare blocks all signals, pool_fork_done undoes it. */
static void lifecycle_fork_prepare(void)
{
    pool_fork_prepare();
    pages_fork_prepare();
}

static void lifecycle_fork_parent(void)
{
    pages_fork_done();
    pool_fork_done();
}

static void lifecycle_fork_child(void)
{
    pages_fork_done();
    pool_fork_done();
    stacks_forked();
    fork_was_prepared = true;
}

static void lifecycle_hooks(void)
{
    hooks = (struct hooks){
        .park = park_here,
        .idle = trigger_idle,
        .tick = trigger_tick,
        .ending = lifecycle_ending,
        .ended = lifecycle_ended,
        .killed = lifecycle_killed,
        .forked = lifecycle_forked,
        .child = lifecycle_child,
        .collect = lifecycle_collect,
        .filtered = lifecycle_filtered,
    };
    pthread_atfork(lifecycle_fork_prepare, lifecycle_fork_parent, lifecycle_fork_child);
}

/* What the loader allocates for it is ours, not the program's: it is not recorded. */
static void lifecycle_load_unwinder(void)
{
    guard_set_mode(GUARD_OFF);
    unwind_start();
    guard_set_mode(GUARD_RECORDING);
}

__attribute__((constructor(101))) static void lifecycle_start(void)
{
    guard_start();
    console_start();
    options_read(lifecycle_options_text(), console_line);
    console_settle();
    lifecycle_program_name();
    if (!options.children)
        lifecycle_leave_environment();
    if (!lifecycle_is_wanted()) {
        guard_off();
        return;
    }
    dl_iterate_phdr(lifecycle_register_data_cb, NULL);
    process_pid = sys_getpid();
    process_is_original = pages_map_wiped(PAGES_BYTES);
    section.options_text = lifecycle_options_text();
    uint64_t timeout_ns = options.stop_timeout * 1000000;
    struct park_settings stop = {options.signal, timeout_ns, lifecycle_asked, signals_foreign};
    if (!guard_is_recording() || process_is_original == NULL || snapshot_start() != 0 ||
        lifecycle_section_start(false) != 0 || stop_start(stop) != 0) {
        guard_off();
        if (options.print != OPTIONS_PRINT_NONE)
            console_line("cannot start: no memory; the program runs unwatched");
        return;
    }
    *process_is_original = 1;
    signals_ours = options.signal;
    stacks_start((unsigned)options.depth);
    modules_refresh();
    if (!lifecycle_malloc_is_ours())
        section_reason(&section, LEAKFILE_REASON_OTHER_MALLOC);
    if (collection_open_page(&section) != 0)
        section_reason(&section, LEAKFILE_REASON_FILE_LOST);
    if (options.holders[0] != '\0')
        lifecycle_load_unwinder();
    trigger_start(&section, lifecycle_doors);
    lifecycle_hooks();
    fatal_start();
}
