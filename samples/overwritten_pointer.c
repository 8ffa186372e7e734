// The only pointer to a block is overwritten with a pointer to the next one.
//
// The report shows one finding: the first name, allocated by strdup() in set_name(). The second
// name is still held by the global variable, so it is not lost.
//
// expect: lost 6 bytes in 1 block, in set_name
#include <stdio.h>
#include <string.h>

char *name;

static void set_name(const char *text)
{
    name = strdup(text); // what was there before is not freed
}

int main(void)
{
    set_name("first");
    printf("%s\n", name);
    set_name("second");
    printf("%s\n", name);
    return 0;
}
