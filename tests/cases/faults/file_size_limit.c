// No file may be larger than some KiB, and SIGXFSZ ends who writes behind that: the program is not
// ended, and the report says that something is missing.
//
// limit: FSIZE=4700
// expect: status 5
// expect: reason the last collection failed
// expect: reason records could not be written
#include "fault.h"

int main(void)
{
    return fault_main();
}
