/*
 * Loses blocks and says which: a line "lost|indirect|possible ADDRESS BYTES" for each, with the
 * address inverted on the way. `many` loses 1,500 in one place.
 */
#include "claim.h"

static void **kept_inside;

OWN_FRAME static void tell(const char *fate, void *block, size_t bytes)
{
    printf("%s %#lx %zu\n", fate, (unsigned long)(uintptr_t)block, bytes);
}

OWN_FRAME static void lose_pairs(int count)
{
    for (int i = 0; i < count; i++) {
        size_t bytes = 40 + 16 * (size_t)i;
        void **first = opaque(malloc(bytes));
        must(first != NULL);
        memset(first, 0, bytes);
        first[1] = opaque(calloc(1, 24));
        must(first[1] != NULL);
        tell("lost", first, bytes);
        tell("indirect", first[1], 24);
    }
}

OWN_FRAME static void lose_many(void)
{
    for (int i = 0; i < 1500; i++)
        must(opaque(calloc(1, 32)) != NULL);
}

OWN_FRAME static void keep_inside(void)
{
    kept_inside = opaque(calloc(8, 8));
    must(kept_inside != NULL);
    tell("possible", kept_inside, 64);
    kept_inside += 3;
}

OWN_FRAME static void forget_stack(void)
{
    volatile char stale[16384];
    memset((void *)stale, 0, sizeof stale);
}

int main(int count, char **arguments)
{
    if (count > 1 && strcmp(arguments[1], "many") == 0) {
        lose_many();
    } else {
        lose_pairs(3);
        keep_inside();
    }
    forget_stack();
    return 0;
}
