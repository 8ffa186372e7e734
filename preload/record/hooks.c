/* The pointers of hooks.h; all NULL until lifecycle.c has set them. */
#include "hooks.h"

struct hooks hooks; /* set once by lifecycle.c before main */

struct hooks_outer hooks_outer; /* see hooks.h */
