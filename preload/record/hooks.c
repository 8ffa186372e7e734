/* The pointers of hooks.h; all NULL until lifecycle.c has set them. */
#include "hooks.h"

struct hooks hooks; /* set once by lifecycle.c before main */

uintptr_t hooks_main_caller; /* see hooks.h */
