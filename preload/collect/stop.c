/*
 * Stopping the world by signal; see stop.h.
 *
 * Each thread is asked with rt_tgsigqueueinfo, whose value carries the number of the stop and the
 * thread's place in the table, so the handler finds its place without searching. A handler that
 * begins after the resume sees another number and returns at once. Threads inside the shim only
 * note the stop and park when they leave it.
 */
#include "stop.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>

#include "../base/clock.h"
#include "../base/pages.h"
#include "../base/sys.h"
#include "../base/tasks.h"
#include "../record/thread.h"
#include "park.h"

enum {
    STOP_ROOM_FIRST = 256, /* threads; a power of two */
    STOP_LOOKS = 8,        /* threads that a strike looks at, at first */
    STOP_STRIKE_NS = 5000000,
    STOP_FIRST_STRIKE_NS = 2000000,
    STOP_REFUSAL_NS = 20000000 /* libc blocks all signals too, for shorter */
};

/* The threads of this stop, by tid. */
struct stop_known {
    int tid;
    uint32_t stop;
};

/* All of the collecting thread. The tables, and park.places, are replaced by larger ones between
 * stops; outgrown ones stay mapped, since a thread that answers too late may write there. */
static struct world_thread *gathered;
static struct stop_known *known;
static size_t room;     /* threads that the tables have places for; `known` has twice as many */
static bool is_crowded; /* in this stop there were more */
static size_t place_count;
static uint32_t stop_number; /* of the last stop */
static int refuses;          /* a thread that refused the last stop, or 0 */

/* Room for so many threads, the collecting one among them, if there is memory for it. */
static void stop_make_room(size_t threads)
{
    size_t wanted = room != 0 ? room : STOP_ROOM_FIRST;
    while (wanted < threads && wanted < PARK_PLACES)
        wanted *= 2;
    if (wanted == room)
        return;
    struct park_place *places = pages_map(sizeof *places * wanted);
    struct world_thread *more_gathered = pages_map(sizeof *gathered * wanted);
    struct stop_known *more_known = pages_map(sizeof *known * wanted * 2);
    if (places != NULL && more_gathered != NULL && more_known != NULL) {
        park.places = places;
        gathered = more_gathered;
        known = more_known;
        room = wanted;
        return;
    }
    if (places != NULL)
        pages_unmap(places, sizeof *places * wanted);
    if (more_gathered != NULL)
        pages_unmap(more_gathered, sizeof *gathered * wanted);
    if (more_known != NULL)
        pages_unmap(more_known, sizeof *known * wanted * 2);
}

int stop_start(struct park_settings settings)
{
    stop_make_room(STOP_ROOM_FIRST);
    return room != 0 ? park_start(settings) : -ENOMEM;
}

static struct timespec stop_timespec(uint64_t ns)
{
    return (struct timespec){(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
}

static int stop_ask(int tid, size_t place)
{
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = park.settings.signal;
    info.si_code = SI_QUEUE;
    info.si_errno = PARK_MARK;
    info.si_pid = sys_getpid();
    info.si_value.sival_int = (int)park_ticket(stop_number, (uint32_t)place);
    return (int)sys_call(SYS_rt_tgsigqueueinfo, info.si_pid, tid, park.settings.signal, &info);
}

/* Was the thread seen in this stop? It is now. */
static bool stop_knows(int tid)
{
    uint32_t at = (uint32_t)tid * 0x9E3779B1u >> 15;
    size_t last = room * 2 - 1;
    while (known[at & last].stop == stop_number) {
        if (known[at & last].tid == tid)
            return true;
        at++;
    }
    known[at & last] = (struct stop_known){tid, stop_number};
    return false;
}

struct stop_listing {
    int self;
    uint32_t hint;
};

/* A thread in a safe region stays there while the gate is shut: it counts as parked. */
static bool stop_fill_from_region(struct world_thread *thread, const struct thread_place *place)
{
    if (place == NULL || __atomic_load_n(&place->region, __ATOMIC_SEQ_CST) == 0)
        return false;
    for (int i = 0; i < WORLD_REGISTERS; i++)
        thread->registers[i] = place->registers[i];
    thread->stack_pointer = place->registers[7] - PARK_RED_ZONE;
    thread->thread_pointer = place->thread_pointer;
    thread->signal_stack = place->signal_stack;
    thread->signal_stack_bytes = place->signal_stack_bytes;
    thread->state = WORLD_PARKED;
    return true;
}

/* Gives an answer for a thread that gives none. False where it did so itself meanwhile. */
static bool stop_settle(struct park_place *place, uint32_t answer)
{
    uint32_t asked = PARK_ASKED;
    if (!__atomic_compare_exchange_n(&place->answer, &asked, answer, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE))
        return false;
    __atomic_sub_fetch(&park.missing, 1, __ATOMIC_ACQ_REL);
    return true;
}

/* Asks a thread that the listing found. Returns true when it is new. */
static bool stop_add_cb(int tid, void *argument)
{
    struct stop_listing *listing = argument;
    if (tid == listing->self)
        return false;
    is_crowded |= place_count == room - 1; /* one is for the caller */
    if (is_crowded || stop_knows(tid))
        return false;
    struct park_place *place = &park.places[place_count];
    memset(place, 0, sizeof *place);
    place->thread.tid = tid;
    place->thread.state = WORLD_MISSED;
    place_count++;
    if (stop_fill_from_region(&place->thread, thread_place_by_tid(tid, &listing->hint))) {
        place->answer = PARK_PARKED;
        return true;
    }
    __atomic_add_fetch(&park.missing, 1, __ATOMIC_ACQ_REL);
    if (stop_ask(tid, place_count - 1) == -ESRCH) /* any other error leaves it missing */
        stop_settle(place, PARK_GONE);
    return true;
}

/* An answer is late: the thread ended, never answers, or sleeps on without being able to. */
static void stop_strike(struct park_place *place, uint64_t waited_ns)
{
    uint32_t hint = 0;
    int tid = place->thread.tid;
    enum threads_state state = threads_look(tid, park.settings.signal, &place->sleep);
    if (state == THREADS_GONE)
        stop_settle(place, PARK_GONE);
    if (state == THREADS_REFUSES && (waited_ns >= STOP_REFUSAL_NS || tid == refuses) &&
        stop_settle(place, PARK_REFUSED))
        refuses = tid;
    if (state != THREADS_ASLEEP || !stop_settle(place, PARK_ASLEEP))
        return;
    const struct thread_place *thread = thread_place_by_tid(tid, &hint);
    place->thread.state = WORLD_PARKED;
    place->thread.registers[7] = place->sleep.stack_pointer;
    place->thread.stack_pointer = place->sleep.stack_pointer - PARK_RED_ZONE;
    place->thread.thread_pointer = thread != NULL ? thread->thread_pointer : 0;
}

/* Looks at some of the late ones, in turn: each look opens a file, and on a busy machine many are
 * late only because they wait for the processor. Returns where to go on. */
static size_t stop_strike_some(size_t from, size_t looks, uint64_t waited_ns)
{
    size_t at = from;
    for (size_t seen = 0; seen < place_count && looks > 0; seen++, at++) {
        struct park_place *place = &park.places[at % place_count];
        if (__atomic_load_n(&place->answer, __ATOMIC_ACQUIRE) != PARK_ASKED)
            continue;
        stop_strike(place, waited_ns);
        looks--;
    }
    return at;
}

/* Waits for answers for as long as the settings have patience since `begun`. Threads that ended or
 * never answer (a zombie, a worker of the kernel) are struck out when an answer is late. */
static void stop_gather(uint64_t begun)
{
    uint64_t deadline = begun + park.settings.timeout_ns;
    uint64_t strike = clock_now_ns() + STOP_FIRST_STRIKE_NS;
    size_t at = 0;
    for (size_t looks = STOP_LOOKS;;) {
        uint32_t missing = __atomic_load_n(&park.missing, __ATOMIC_ACQUIRE);
        uint64_t now = clock_now_ns();
        if (missing == 0 || now >= deadline)
            return;
        if (now >= strike) {
            at = stop_strike_some(at, looks, now - begun);
            strike = now + STOP_STRIKE_NS;
            looks *= 2;
            continue;
        }
        struct timespec patience = stop_timespec((strike < deadline ? strike : deadline) - now);
        sys_futex_wait(&park.missing, missing, &patience);
    }
}

/* Where the threads that are there are as many as those that were found, nobody is new: it saves
 * a second list, a millisecond for 500 threads. */
static int stop_count_alive(void)
{
    int alive = 0;
    for (size_t i = 0; i < place_count; i++)
        alive += __atomic_load_n(&park.places[i].answer, __ATOMIC_ACQUIRE) != PARK_GONE;
    return alive;
}

static void stop_hand_over(struct world *world)
{
    world->threads = gathered;
    world->missed = 0;
    for (size_t i = 0; i < place_count; i++) {
        if (park.places[i].answer == PARK_GONE)
            continue;
        world->missed +=
            park.places[i].answer == PARK_ASKED || park.places[i].answer == PARK_REFUSED;
        gathered[world->thread_count++] = park.places[i].thread;
    }
}

static bool stop_count_cb(int tid, void *argument)
{
    (void)tid;
    (void)argument;
    return true;
}

/* Where /proc numbers threads as another pid namespace does, they cannot be asked by its numbers:
 * only a process of one thread can be looked at. */
static bool stop_can_name_threads(void)
{
    return tasks_number_in_proc() == sys_getpid() || tasks_each(stop_count_cb, NULL) == 1;
}

int stop_world(struct world *world)
{
    if (!stop_can_name_threads())
        return -ENOENT;
    int count = tasks_count();
    stop_make_room(count > 0 ? (size_t)count + (size_t)count / 4 : 0);
    place_count = 0;
    is_crowded = false;
    stop_number++;
    if ((stop_number & ((1u << PARK_PLACE_BITS) - 1)) == 0)
        stop_number++;
    __atomic_store_n(&park.cloning, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&park.freed, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&thread_gate, stop_number, __ATOMIC_SEQ_CST);
    struct stop_listing listing = {.self = sys_gettid()};
    __atomic_store_n(&park.missing, 0, __ATOMIC_RELAXED);
    uint64_t begun = clock_now_ns();
    int found;
    do {
        found = tasks_each(stop_add_cb, &listing);
        if (found < 0)
            return found;
        stop_gather(begun);
    } while (found > 0 && tasks_count() != stop_count_alive() + 1);
    if (is_crowded)
        return -EAGAIN;
    __atomic_store_n(&park.cloning, 1, __ATOMIC_SEQ_CST);
    stop_hand_over(world);
    return 0;
}

bool stop_is_refused(void)
{
    struct threads_sleep unused;
    if (refuses != 0 && threads_look(refuses, park.settings.signal, &unused) != THREADS_REFUSES)
        refuses = 0;
    return refuses != 0;
}

bool stop_is_whole(void)
{
    for (size_t i = 0; i < place_count; i++) {
        struct threads_sleep now;
        if (park.places[i].answer == PARK_ASLEEP &&
            (threads_look(park.places[i].thread.tid, park.settings.signal, &now) !=
                 THREADS_ASLEEP ||
             now.switches != park.places[i].sleep.switches))
            return false;
    }
    return __atomic_load_n(&park.freed, __ATOMIC_ACQUIRE) == 0;
}

bool stop_is_complete(void)
{
    for (size_t i = 0; i < place_count; i++)
        if (park.places[i].answer != PARK_PARKED && park.places[i].answer != PARK_GONE)
            return false;
    return __atomic_load_n(&park.freed, __ATOMIC_ACQUIRE) == 0;
}

void stop_resume(void)
{
    __atomic_store_n(&thread_gate, 0, __ATOMIC_SEQ_CST);
    if (place_count != 0)
        sys_futex_wake(&thread_gate, INT32_MAX);
}

void stop_after_fork(void)
{
    __atomic_store_n(&thread_gate, 0, __ATOMIC_SEQ_CST);
    thread_self.stop_pending = 0;
    refuses = 0;
}
