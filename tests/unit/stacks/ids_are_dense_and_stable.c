/* Call paths get the numbers 1, 2, 3 … and keep them, whoever asks and in whichever thread. */
#include <pthread.h>
#include <string.h>

#include "paths.h"

enum { PATHS = 40000, THREADS = 4, DEPTH_MAX = 30 };

static uint32_t ids[THREADS][PATHS];

/* Invented paths: number and depth follow from `number`; every pair differs in the last frame. */
static uint32_t invent(uint32_t number, uintptr_t *pcs)
{
    uint32_t frames = 1 + number % DEPTH_MAX;
    for (uint32_t i = 0; i + 1 < frames; i++)
        pcs[i] = 0x1000 + i;
    pcs[frames - 1] = 0x555500000000 + number;
    return frames;
}

static void *add_all(void *data)
{
    uintptr_t thread = (uintptr_t)data;
    for (uint32_t i = 0; i < PATHS; i++) {
        uintptr_t pcs[DEPTH_MAX];
        uint32_t number = thread % 2 == 0 ? i : PATHS - 1 - i;
        uint32_t frames = invent(number, pcs);
        ids[thread][number] = depot_add(pcs, frames, 0);
    }
    return NULL;
}

START_TEST(many_threads_agree)
{
    pthread_t threads[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, add_all, (void *)i);
    for (uintptr_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    static bool is_given[PATHS + 1];
    ck_assert_uint_eq(depot_count(), PATHS);
    for (uint32_t i = 0; i < PATHS; i++) {
        uint32_t id = ids[0][i];
        ck_assert(id >= 1 && id <= PATHS && !is_given[id]);
        is_given[id] = true;
        for (int thread = 1; thread < THREADS; thread++)
            ck_assert_uint_eq(ids[thread][i], id);
        uintptr_t pcs[DEPTH_MAX];
        uint32_t frames = invent(i, pcs);
        const struct depot_stack *stack = depot_get(id);
        ck_assert_uint_eq(stack->id, id);
        ck_assert_uint_eq(stack->frames, frames);
        ck_assert_mem_eq(stack->pcs, pcs, frames * sizeof *pcs);
    }
    ck_assert(!depot_is_full());
}
END_TEST

START_TEST(flags_make_a_difference_but_for_odd)
{
    uintptr_t pcs[] = {1, 2, 3};
    uint32_t whole = depot_add(pcs, 3, 0);
    ck_assert_uint_eq(depot_add(pcs, 3, LEAKFILE_STACK_ODD), whole);
    uint32_t cut = depot_add(pcs, 3, LEAKFILE_STACK_CUT);
    ck_assert_uint_ne(cut, whole);
    ck_assert_uint_eq(depot_get(cut)->flags, LEAKFILE_STACK_CUT);
    ck_assert_uint_ne(depot_add(pcs, 2, 0), whole);
    ck_assert_uint_eq(depot_add(pcs, 3, 0), whole);
}
END_TEST

START_TEST(no_other_id_is_known)
{
    uintptr_t pc = 1;
    ck_assert_ptr_null(depot_get(0));
    uint32_t id = depot_add(&pc, 1, 0);
    ck_assert_ptr_nonnull(depot_get(id));
    ck_assert_ptr_null(depot_get(id + 1));
    ck_assert_ptr_null(depot_get(UINT32_MAX));
}
END_TEST

int main(void)
{
    return path_main("ids are dense and stable",
                     (const TTest *const[]){many_threads_agree, flags_make_a_difference_but_for_odd,
                                            no_other_id_is_known, NULL});
}
