/*
 * Asks for a cache line that is about to be written, on x86-64: of another processor, too, which
 * then gives it up at once and not when the write comes. The compiler has this instruction only for
 * newer processors than we are built for; the oldest do nothing.
 *
 * Runs anywhere.
 */
#ifndef SEEP_BASE_PREFETCH_X86_64_H
#define SEEP_BASE_PREFETCH_X86_64_H

static inline void prefetch_to_write(const void *address)
{
    __asm__ volatile("prefetchw %0" : : "m"(*(const char *)address));
}

#endif
