/* At least one; never more than the affinity mask has, less those that are kept; and no more than
 * one where as many threads as there are processors run already. */
#include "../../support/claims.h"
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../../preload/base/processors.h"

enum { SPINNERS_MOST = 256 };

static cpu_set_t allowed;

static uint32_t allowed_count(void)
{
    ck_assert_int_eq(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    return (uint32_t)CPU_COUNT(&allowed);
}

START_TEST(mask_and_kept_ones_limit_them)
{
    uint32_t count = allowed_count();
    for (uint32_t kept = 0; kept < count; kept++) {
        ck_assert_uint_ge(processors_free(kept), 1);
        ck_assert_uint_le(processors_free(kept), count - kept);
    }
    ck_assert_uint_eq(processors_free(count), 1);
    ck_assert_uint_eq(processors_free(UINT32_MAX - 1), 1);
}
END_TEST

START_TEST(one_processor_gets_one_thread)
{
    uint32_t count = allowed_count();
    cpu_set_t one;
    CPU_ZERO(&one);
    size_t first = 0;
    while (!CPU_ISSET(first, &allowed))
        first++;
    CPU_SET(first, &one);
    ck_assert_int_eq(sched_setaffinity(0, sizeof one, &one), 0);
    ck_assert_uint_eq(processors_free(0), 1);
    ck_assert_int_eq(sched_setaffinity(0, sizeof allowed, &allowed), 0);
    ck_assert_uint_eq(allowed_count(), count);
}
END_TEST

static bool is_over;

static void *spin(void *data)
{
    while (!__atomic_load_n(&is_over, __ATOMIC_RELAXED))
        ;
    return data;
}

START_TEST(busy_ones_get_none)
{
    pthread_t spinners[SPINNERS_MOST];
    uint32_t count = allowed_count();
    if (count > SPINNERS_MOST)
        return;
    for (uint32_t i = 0; i < count; i++)
        ck_assert_int_eq(pthread_create(&spinners[i], NULL, spin, NULL), 0);
    usleep(10000);
    ck_assert_uint_eq(processors_free(0), 1);
    __atomic_store_n(&is_over, true, __ATOMIC_RELAXED);
    for (uint32_t i = 0; i < count; i++)
        pthread_join(spinners[i], NULL);
}
END_TEST

int main(void)
{
    return claims_run("only_free_processors_get_threads",
                      (const TTest *const[]){mask_and_kept_ones_limit_them,
                                             one_processor_gets_one_thread, busy_ones_get_none,
                                             NULL});
}
