// A global cache that only grows. Every entry is reachable to the end, so nothing is lost.
//
// At the end the report shows no finding: a leak detector that only asks what is reachable is blind
// to this pattern. Collections while the program runs see the cache grow.
//
// expect: nothing lost
#include <stdio.h>
#include <stdlib.h>

struct entry {
    struct entry *next;
    int key;
    long square;
};

static struct entry *cache[64];

static long square(int key)
{
    struct entry **bucket = &cache[key % 64];

    for (struct entry *entry = *bucket; entry != NULL; entry = entry->next)
        if (entry->key == key)
            return entry->square;
    struct entry *entry = malloc(sizeof *entry);
    if (entry == NULL)
        abort();
    entry->key = key;
    entry->square = (long)key * key;
    entry->next = *bucket; // nothing ever leaves the cache
    *bucket = entry;
    return entry->square;
}

int main(void)
{
    long sum = 0;

    for (int key = 0; key < 5000; key++)
        sum += square(key);
    printf("%ld\n", sum);
    return 0;
}
