// The last snapshot gets no memory for its mark: the run is inconclusive.
//
// option: interval=0
// inject: mmap:errno=12:who=copy
// expect: status 5
// expect: reason the last collection failed
#include "fault.h"

int main(void)
{
    return fault_main();
}
