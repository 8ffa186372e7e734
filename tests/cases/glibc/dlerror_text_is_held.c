// The text behind dlerror is held by a thread-local variable of libc, which looking at the program
// must not disturb.
//
// run:
// expect: nothing lost
#include "claim.h"

#include <dlfcn.h>

int main(void)
{
    must(dlsym(RTLD_DEFAULT, "no such function") == NULL);
    return 0;
}
