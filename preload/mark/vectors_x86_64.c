/*
 * What XSAVE wrote into a signal frame; see vectors.h.
 *
 * Only the parts that its header says are there: what is in its initial state (the upper halves of
 * the vector registers, nearly always) need not be written, and the frame then has there what lay
 * on the stack before. Read as registers, such words held blocks that nothing else held. Source:
 * Intel 64 and IA-32 Architectures Software Developer's Manual, volume 1, chapter 13.
 */
#include "vectors.h"

#include <cpuid.h>
#include <signal.h>

#include "../base/pages.h"
#include "fault.h"

enum {
    VECTORS_X87 = 32, /* offsets in the legacy part, of 512 bytes */
    VECTORS_SSE = 160,
    VECTORS_SSE_END = 416,
    VECTORS_SOFTWARE = 464, /* the kernel's: a magic number, and how long the whole is */
    VECTORS_HEADER = 512,   /* first word: a bit for each part that is there */
    VECTORS_FIRST = 2,      /* of the parts behind the header */
    VECTORS_END = 63,
    VECTORS_LEAF = 13 /* of cpuid: where each part lies */
};

static void part_add(struct roots *roots, uintptr_t area, struct pages_range part, int thread)
{
    roots_add(roots,
              (struct roots_range){area + part.start, area + part.end, ROOTS_REGISTER, thread});
}

void vectors_add(struct roots *roots, uintptr_t area, int thread)
{
    uint64_t software[2] = {0};
    uint64_t present = 0;
    /* x87 and SSE are always said to be there. */
    part_add(roots, area, (struct pages_range){VECTORS_X87, VECTORS_SSE_END}, thread);
    if (!fault_copy(software, area + VECTORS_SOFTWARE, sizeof software) ||
        (uint32_t)software[0] != FP_XSTATE_MAGIC1 ||
        !fault_copy(&present, area + VECTORS_HEADER, sizeof present))
        return;
    uint64_t bytes = software[0] >> 32;
    for (unsigned i = VECTORS_FIRST; i < VECTORS_END; i++) {
        unsigned size, offset, unused, more;
        if ((present >> i & 1) != 0 &&
            __get_cpuid_count(VECTORS_LEAF, i, &size, &offset, &unused, &more) != 0 &&
            (uint64_t)offset + size <= bytes)
            part_add(roots, area, (struct pages_range){offset, offset + size}, thread);
    }
}
