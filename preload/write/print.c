/* Prints at the end; see print.h. */
#include "print.h"

#include "../base/options.h"
#include "console.h"

void print_at_end(const struct section *section, const char *program)
{
    console_summary(section, program);
}
