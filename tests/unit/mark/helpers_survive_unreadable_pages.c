/* Helpers, raw threads that libc knows nothing of, read pages of which every second cannot be read:
 * each of their faults is answered on their own stacks. When they have been waited for, their
 * threads and their stacks are gone. */
#include "../../support/claims.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../../preload/base/helper.h"
#include "../../../preload/base/pages.h"
#include "../../../preload/base/tasks.h"
#include "../../../preload/mark/fault.h"

enum { HELPERS = 4, PAGES = 512, PAGE = 4096, TIMES = 50 };

static char *memory;

struct count {
    size_t readable;
    size_t unreadable;
};

static void count_pages(void *argument)
{
    struct count *count = argument;
    uint64_t word;
    for (uintptr_t at = (uintptr_t)memory; at < (uintptr_t)memory + PAGES * PAGE; at += PAGE) {
        if (!fault_read(at, &word))
            count->unreadable++;
        else if (word == at)
            count->readable++;
    }
}

/* A thread that has cleared its tid may still be on its way out. */
static void wait_for_one_task(void)
{
    for (int i = 0; i < 1000 && tasks_count() != 1; i++)
        usleep(1000);
    ck_assert_int_eq(tasks_count(), 1);
}

START_TEST(each_fault_is_answered)
{
    size_t pages_before = pages_total();
    memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert(memory != MAP_FAILED);
    for (size_t i = 0; i < PAGES; i++) {
        char *page = memory + i * PAGE;
        uintptr_t at = (uintptr_t)page;
        memcpy(page, &at, sizeof at);
        ck_assert_int_eq(mprotect(page, PAGE, i % 2 == 0 ? PROT_NONE : PROT_READ), 0);
    }
    ck_assert_int_eq(fault_begin(false), 0);
    for (int turn = 0; turn < TIMES; turn++) {
        struct helper helpers[HELPERS];
        struct count counts[HELPERS] = {0};
        for (size_t i = 0; i < HELPERS; i++) {
            helpers[i] = (struct helper){.body = count_pages, .argument = &counts[i]};
            ck_assert_int_eq(helper_start(&helpers[i]), 0);
        }
        for (size_t i = 0; i < HELPERS; i++) {
            helper_wait(&helpers[i]);
            ck_assert_uint_eq(counts[i].readable, PAGES / 2);
            ck_assert_uint_eq(counts[i].unreadable, PAGES / 2);
        }
    }
    fault_end();
    wait_for_one_task();
    ck_assert_uint_eq(pages_total(), pages_before);
}
END_TEST

int main(void)
{
    return claims_run("helpers_survive_unreadable_pages",
                      (const TTest *const[]){each_fault_is_answered, NULL});
}
