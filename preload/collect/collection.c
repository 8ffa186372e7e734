/*
 * One collection as a recipe.
 *
 * collection_run runs in the thread that collects, with all its signals blocked, outside of the
 * shim, holding no lock but the collection's own. collection_body and what it calls run in the
 * snapshot: no lock of libc or of the loader, no malloc.
 */
#include "collection.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "../base/clock.h"
#include "../base/lock.h"
#include "../base/options.h"
#include "../base/pages.h"
#include "../base/sys.h"
#include "../base/tasks.h"
#include "../interpose/guard.h"
#include "../interpose/waits.h"
#include "../judge/judge.h"
#include "../mark/mark.h"
#include "../record/external.h"
#include "../record/world.h"
#include "../stacks/depot.h"
#include "../stacks/modules.h"
#include "../write/console.h"
#include "collection_end.h"
#include "memory_use.h"
#include "park.h"
#include "place.h"
#include "snapshot.h"
#include "stop.h"
#include "threads.h"

enum { COLLECTION_TRIES = 5 };

struct collection {
    struct section *section;
    const struct collection_request *request;
    struct world world;
    struct leakfile_collection record;
    uint64_t begun_ns;                    /* of the pause */
    uintptr_t registers[WORLD_REGISTERS]; /* of the collecting thread */
    uint32_t asked;   /* requests in the leak file's page that this collection answers */
    bool may_be_weak; /* made even if threads are missed */
};

static struct lock collection_lock; /* outermost: one collection at a time */

static struct world_thread collection_self(const struct collection *collection)
{
    const struct collection_request *request = collection->request;
    struct world_thread self = {
        /* The main thread is known by the number that /proc has for the process. */
        .tid = sys_gettid() == sys_getpid() ? collection->world.program_pid : sys_gettid(),
        .state = WORLD_COLLECTOR,
        .thread_pointer = (uintptr_t)__builtin_thread_pointer(),
        .signal_stack = thread_self.place != NULL ? thread_self.place->signal_stack : 0,
        .stack_pointer = request->frame.stack_pointer,
        .frames_are_dead = request->frame.is_dead,
    };
    const uintptr_t *registers = request->frame.registers;
    if (self.stack_pointer == 0) {
        registers = collection->registers;
        self.stack_pointer = registers[7];
    }
    memcpy(self.registers, registers, sizeof self.registers);
    if (request->frame.context != NULL)
        park_fill_from_context(&self, request->frame.context);
    self.registers[7] = self.stack_pointer;
    return self;
}

static void collection_copy_totals(struct leakfile_collection *record,
                                   const struct judge_result *judged)
{
    record->lost = judged->lost;
    record->indirect = judged->indirect;
    record->possible = judged->possible;
    record->reachable = judged->reachable;
    record->recorded = judged->recorded;
}

/* The pause is over only after the copy was made: the program says afterwards how long it took. */
static void collection_read_pause(struct collection *collection)
{
    const struct section_shared *shared = collection->section->shared;
    struct timespec moment = {0, 1000000};
    if ((collection->record.flags & LEAKFILE_COLLECTION_IN_PLACE) != 0) {
        collection->record.pause_ns = clock_now_ns() - collection->begun_ns;
        return;
    }
    for (int tries = 0; tries < 100 && __atomic_load_n(&shared->pause_ns, __ATOMIC_ACQUIRE) == 0;
         tries++)
        sys_call(SYS_nanosleep, &moment, NULL);
    collection->record.pause_ns = shared->pause_ns;
    collection->record.clone_ns = shared->clone_ns;
}

static struct history_request collection_judging(const struct collection *collection)
{
    const struct leakfile_collection *record = &collection->record;
    return (struct history_request){
        .history = collection->section->history,
        .collection = record->n,
        .window =
            (uint32_t)(options.growth < SERIES_WINDOW_MAX ? options.growth : SERIES_WINDOW_MAX),
        .confirm = (uint32_t)options.confirm,
        .is_last = collection->request->is_last,
        .is_periodic = record->trigger == LEAKFILE_TRIGGER_INTERVAL ||
                       record->trigger == LEAKFILE_TRIGGER_BYTES,
        .all_holders = options.holders[0] != '\0',
        .objects = options.objects,
        .at_ns = record->at_ns,
    };
}

static int collection_mark(struct collection *collection)
{
    struct history_request judging = collection_judging(collection);
    struct mark_options mark_options = {
        .holders = judging.all_holders || (judging.is_periodic && judging.history != NULL &&
                                           judging.history->wants_holders != 0),
        .program_waits = judging.is_last,
        .pointer_bits = (uint32_t)options.pointer_bits,
        .program_pagemap = -1,
    };
    struct mark_result marked = {0};
    struct judge_result judged = {0};
    int error = mark_run(&collection->world, &mark_options, &marked);
    collection->record.heap_used_bytes = judging.heap_used_bytes = marked.blocks.bytes;
    if (error == 0)
        error = judge_run(&marked, &judging, &judged);
    collection->record.mark_ns = marked.mark_ns;
    collection->record.roots_unreadable = (uint32_t)marked.pages_unreadable;
    if (error == 0)
        collection_copy_totals(&collection->record, &judged);
    else
        collection->record.flags |= LEAKFILE_COLLECTION_FAILED;
    if (error != 0 && collection->request->is_last)
        section_reason(collection->section, LEAKFILE_REASON_LAST_FAILED);
    collection_read_pause(collection);
    static struct leakfile_external externals[EXTERNAL_MAPPINGS]; /* one collection at a time */
    judged.externals = externals;
    judged.external_count = memory_use_externals(externals, EXTERNAL_MAPPINGS);
    int written = section_collection(collection->section, &collection->record,
                                     error == 0 ? &judged : NULL, collection->request->ended);
    judge_finish(&judged);
    mark_finish(&marked);
    return error != 0 ? error : written;
}

/* In the snapshot, when all is written: `seep collect` may read it. */
static void collection_answer(const struct collection *collection)
{
    struct leakfile_page *page = file_page(&collection->section->file);
    bool is_exact =
        collection->request->is_last || collection->record.trigger == LEAKFILE_TRIGGER_REQUEST;
    if (page != NULL && is_exact)
        __atomic_store_n(&page->answered, collection->asked, __ATOMIC_RELEASE);
}

/* The only collection of a run has nothing to compare with. */
static bool collection_remembers(const struct collection *collection)
{
    return !collection->request->is_last || collection->section->shared->collections != 0;
}

/* All that is done with the stopped world, in the snapshot or in place. Returns an exit status. */
static int collection_look(void *argument)
{
    struct collection *collection = argument;
    struct section_shared *shared = collection->section->shared;
    modules_refresh_frozen();
    memory_use_read(&collection->record, collection->world.program_pid);
    if (collection_remembers(collection))
        section_recollect(collection->section);
    int error = collection_mark(collection);
    shared->last = collection->record;
    shared->collections = collection->record.n;
    if (error == 0)
        collection_answer(collection);
    return error == 0 ? 0 : 1;
}

/* In the snapshot: a process of its own, of one thread but for the helpers of the mark. */
static int collection_body(void *argument)
{
    struct collection *collection = argument;
    guard_set_mode(GUARD_SNAPSHOT);
    lock_is_alone = true;
    pages_end_with_process = true;
    collection->world.in_snapshot = true;
    return collection_look(collection);
}

/* With the world stopped, in the program itself: where no process can be cloned, or should not be.
 * Returns 0 or a negative errno. */
static int collection_in_place(struct collection *collection)
{
    collection->record.flags |= LEAKFILE_COLLECTION_IN_PLACE;
    guard_set_mode(GUARD_SNAPSHOT);
    lock_is_alone = true;
    int status = snapshot_here(collection_look, collection);
    section_put_away(collection->section);
    lock_is_alone = false;
    guard_set_mode(GUARD_RECORDING);
    return status == 0 ? 0 : -EFAULT;
}

static int collection_clone(struct collection *collection)
{
    const struct section *section = collection->section;
    uint64_t begun_ns = clock_now_ns();
    __atomic_store_n(&waits_hidden_child, -1, __ATOMIC_SEQ_CST);
    int pid = snapshot_take(collection_body, collection,
                            file_is_ours(&section->file) ? section->file.fd : -1);
    __atomic_store_n(&waits_hidden_child, pid > 0 ? pid : 0, __ATOMIC_SEQ_CST);
    section->shared->clone_ns = clock_now_ns() - begun_ns;
    if (pid > 0 && !stop_is_whole()) { /* a thread freed itself: what was copied is no one moment */
        sys_call(SYS_kill, pid, SIGKILL);
        waits_child_is_over(pid, snapshot_wait(pid));
        return -EAGAIN;
    }
    return pid == -EAGAIN ? -ENOMEM : pid; /* no process now, and perhaps never: not tried again */
}

/* The world is stopped. Returns the snapshot's pid, 0 when it was marked in place, or a negative
 * errno: -EAGAIN, to be tried again later. */
static int collection_look_or_clone(struct collection *collection, enum place place)
{
    struct world *world = &collection->world;
    struct leakfile_collection *record = &collection->record;
    world->threads[world->thread_count++] = collection_self(collection);
    record->threads = (uint32_t)world->thread_count;
    record->threads_missed = world->missed;
    if (world->missed != 0 && !collection->may_be_weak)
        return -EAGAIN;
    if (world->missed != 0) {
        record->flags |= LEAKFILE_COLLECTION_WEAK;
        section_reason(collection->section, LEAKFILE_REASON_THREADS_MISSED);
    }
    ledger_birth_next();
    if (!collection->request->is_last && stop_is_complete())
        ledger_give_back();
    if (collection_remembers(collection))
        section_prepare(collection->section);
    if (ledger_lacks_memory)
        section_reason(collection->section, LEAKFILE_REASON_NO_MEMORY);
    if (depot_is_full())
        section_reason(collection->section, LEAKFILE_REASON_STACKS_FULL);
    /* What only a look from within can read: at the end, where the pause matters to nobody, all is
     * read; before, what depends on it is possible. */
    world->lacks_memory = place == PLACE_HERE && !collection->request->is_last;
    bool clones = place == PLACE_SNAPSHOT || world->lacks_memory;
    int result = clones ? collection_clone(collection) : -ENOSYS;
    if (result >= 0 || result == -EAGAIN)
        return result;
    world->lacks_memory = false;
    if (place != PLACE_HERE)
        section_reason(collection->section, LEAKFILE_REASON_NO_SNAPSHOT);
    return collection_in_place(collection);
}

static int collection_try(struct collection *collection, enum place place)
{
    __atomic_store_n(&collection->section->shared->pause_ns, 0, __ATOMIC_RELAXED);
    collection->world.thread_count = 0;
    collection->begun_ns = clock_now_ns();
    int result = stop_world(&collection->world);
    if (result == 0)
        result = collection_look_or_clone(collection, place);
    uint64_t pause_ns = clock_now_ns() - collection->begun_ns;
    stop_resume();
    __atomic_store_n(&collection->section->shared->pause_ns, pause_ns, __ATOMIC_RELEASE);
    return result;
}

/* Stops the world, looks or clones, lets it go. Returns as collection_look_or_clone. The last
 * collection has no later time to be tried again. */
static int collection_snapshot(struct collection *collection)
{
    if (!collection->request->is_last && stop_is_refused())
        return -EAGAIN;
    enum place place = place_choose();
    int result = -EAGAIN;
    int tries = collection->request->is_last ? COLLECTION_TRIES : 1;
    while (result == -EAGAIN && tries-- > 0) {
        /* A thread that waits for a busy processor answers sooner or later. */
        collection->may_be_weak = collection->request->is_last && (tries == 0 || stop_is_refused());
        result = collection_try(collection, place);
    }
    return result;
}

/* What a snapshot's end means. */
static int collection_judge_end(struct section *section, int status, bool is_last)
{
    if (status == 0 || status == -ECHILD) /* a wait of the program took it, and hid it */
        return 0;
    section_reason(section, is_last ? LEAKFILE_REASON_LAST_FAILED : LEAKFILE_REASON_ONE_FAILED);
    return -EFAULT;
}

bool collection_reap(struct section *section)
{
    int pid = __atomic_load_n(&waits_hidden_child, __ATOMIC_RELAXED);
    if (pid < 0) /* the last one is being cloned */
        return false;
    int status = pid != 0 ? snapshot_poll(pid) : 0;
    if (status == -EAGAIN)
        return false;
    if (pid != 0)
        waits_child_is_over(pid, status);
    collection_judge_end(section, status, false);
    console_warn(section);
    return true;
}

static void collection_reap_all(struct section *section)
{
    struct timespec moment = {0, 1000000};
    while (!collection_reap(section))
        sys_call(SYS_nanosleep, &moment, NULL);
}

static int collection_wait(struct collection *collection)
{
    int pid = __atomic_load_n(&waits_hidden_child, __ATOMIC_RELAXED);
    if (pid == 0)
        return 0;
    int status = snapshot_wait(pid);
    waits_child_is_over(pid, status);
    return collection_judge_end(collection->section, status, collection->request->is_last);
}

static void collection_begin(struct collection *collection)
{
    struct section_shared *shared = collection->section->shared;
    collection->world.collection = shared->collections + 1;
    collection->world.program_pid = tasks_number_in_proc();
    collection->world.outer = hooks_outer;
    collection->record = (struct leakfile_collection){
        .n = shared->collections + 1,
        .trigger = collection->request->trigger,
        .flags = collection->request->is_last ? LEAKFILE_COLLECTION_LAST : 0,
        .at_ns = clock_now_ns() - collection->section->started_ns,
    };
    const struct leakfile_page *page = file_page(&collection->section->file);
    if (page != NULL)
        collection->asked = __atomic_load_n(&page->request, __ATOMIC_ACQUIRE);
    thread_registers_save(collection->registers);
}

int collection_run(struct section *section, const struct collection_request *request)
{
    if (section->shared == NULL)
        return -ENOSYS;
    if (request->is_last)
        lock_take(&collection_lock);
    else if (!lock_try(&collection_lock))
        return -EBUSY;
    struct collection collection = {.section = section, .request = request};
    if (request->is_last) /* of an earlier collection: its failure is no failure of the last one */
        collection_reap_all(section);
    /* What is ignored by default stays open (park.h), unless the program blocks it: it may be
     * pending, and would be gone. */
    uint64_t blocked = park_mask();
    uint64_t mask;
    sys_call(SYS_rt_sigprocmask, SIG_BLOCK, &blocked, &mask, sizeof blocked);
    blocked |= request->blocked != NULL ? *request->blocked : mask;
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &blocked, NULL, sizeof blocked);
    collection_begin(&collection);
    int result = collection_snapshot(&collection);
    lock_drop(&collection_lock);
    /* A second signal must end the program at once, also while this one waits. */
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
    if (result > 0)
        result = request->is_last || request->wait ? collection_wait(&collection) : 0;
    if (result < 0 && request->is_last) {
        section_reason(section, result == -ENOENT   ? LEAKFILE_REASON_NO_PROC
                                : result == -EMFILE ? LEAKFILE_REASON_NO_DESCRIPTOR
                                                    : LEAKFILE_REASON_LAST_FAILED);
        collection_end(section, request->ended);
    }
    return result;
}

uint64_t collection_pause_ns(const struct section *section)
{
    return __atomic_load_n(&section->shared->pause_ns, __ATOMIC_RELAXED);
}

void collection_after_fork(void)
{
    collection_lock = (struct lock){0};
    waits_hidden_child = 0;
}
