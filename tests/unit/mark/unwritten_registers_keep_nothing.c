/* Of the registers that a signal frame has room for only those are roots that XSAVE says it wrote:
 * in place of the others lies what was on the stack before. */
#include <cpuid.h>
#include <signal.h>
#include <string.h>

#include "../../../preload/mark/fault.h"
#include "../../../preload/mark/vectors.h"
#include "heap.h"

enum { SOFTWARE = 464, HEADER = 512, AVX = 2, AVX_BYTES = 256, AREA_BYTES = 4096 };

static _Alignas(64) unsigned char area[AREA_BYTES];

/* Roots of an area in which these parts were written. */
static struct roots roots_of(uint64_t present)
{
    struct roots roots = {0};
    uint32_t software[2] = {FP_XSTATE_MAGIC1, AREA_BYTES};
    memset(area, 0, sizeof area);
    memcpy(area + SOFTWARE, software, sizeof software);
    memcpy(area + HEADER, &present, sizeof present);
    fault_begin(false);
    vectors_add(&roots, (uintptr_t)area, 0);
    fault_end();
    return roots;
}

static bool is_root(const struct roots *roots, size_t offset)
{
    const struct roots_range *range = roots_find(roots, (uintptr_t)area + offset);
    return range != NULL && range->kind == ROOTS_REGISTER;
}

START_TEST(parts)
{
    unsigned size = 0, offset = 0, unused, more;
    if (__get_cpuid_count(13, AVX, &size, &offset, &unused, &more) == 0 || size != AVX_BYTES)
        return; /* a processor without such parts */
    struct roots without = roots_of(3);
    ck_assert(is_root(&without, 160)); /* xmm0 */
    ck_assert(is_root(&without, 160 + 15 * 16 + 8));
    ck_assert(!is_root(&without, offset));
    ck_assert(!is_root(&without, SOFTWARE));
    roots_free(&without);
    struct roots with = roots_of(7);
    ck_assert(is_root(&with, 160));
    ck_assert(is_root(&with, offset));
    ck_assert(is_root(&with, offset + AVX_BYTES - 8));
    ck_assert(!is_root(&with, offset + AVX_BYTES));
    roots_free(&with);
}
END_TEST

HEAP_MAIN("unwritten_registers_keep_nothing", parts)
