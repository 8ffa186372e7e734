// No file may be so large that the first record fits: the program is not ended by SIGXFSZ, no file
// is left that says nothing, and one line tells why there is none.
//
// limit: FSIZE=4200
// option: print=summary
// expect: status 5
// expect: told its leak report file cannot be written: File too large
// expect: no file
#include "fault.h"

int main(void)
{
    return fault_main();
}
