// A program that frees all that it allocates.
//
// The report shows no finding and the verdict `clean`.
//
// expect: nothing lost
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

int main(void)
{
    static const char *const words[] = {"pear", "apple", "fig", "lemon"};
    enum { COUNT = sizeof words / sizeof words[0] };
    char **sorted = calloc(COUNT, sizeof *sorted);
    if (sorted == NULL)
        return 1;
    for (size_t i = 0; i < COUNT; i++)
        sorted[i] = strdup(words[i]);
    qsort(sorted, COUNT, sizeof *sorted, compare);
    for (size_t i = 0; i < COUNT; i++) {
        puts(sorted[i]);
        free(sorted[i]);
    }
    free(sorted);
    return 0;
}
