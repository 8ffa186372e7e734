// A library that leaks beside known noise: when it is loaded, when a program sets its locale, as an
// agent of Java, by malloc and by the allocator of the program that loads it.
#include <stdlib.h>
#include <string.h>

char *setlocale(int category, const char *name);
int Agent_OnLoad(void *machine, char *options, void *reserved);
void *Perl_safesysmalloc(size_t bytes) __attribute__((weak));

__attribute__((noinline)) static void leak_beside(size_t bytes)
{
    void *volatile block = malloc(bytes);
    memset(block, 1, bytes);
    block = NULL;
}

__attribute__((constructor)) static void leak_when_loaded(void)
{
    for (int i = 0; i < 3; i++)
        leak_beside(4321);
    if (Perl_safesysmalloc != NULL) {
        void *volatile block = Perl_safesysmalloc(5432);
        memset(block, 1, 5432);
        block = NULL;
    }
}

char *setlocale(int category, const char *name)
{
    (void)category;
    leak_beside(1234);
    return name == NULL || name[0] == '\0' ? "C" : NULL;
}

int Agent_OnLoad(void *machine, char *options, void *reserved)
{
    (void)machine, (void)options, (void)reserved;
    leak_beside(2345);
    return 0;
}
