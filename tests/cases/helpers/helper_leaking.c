/* A library with a function that loses a block, and globals of its own that hold one. */
#include <stdlib.h>

void helper_lose(void);
__attribute__((noinline)) void helper_lose(void)
{
    void *block = calloc(1, 48);

    __asm__ volatile("" : : "r"(block) : "memory");
}

void *helper_make(size_t bytes);
void *helper_make(size_t bytes)
{
    return malloc(bytes);
}
