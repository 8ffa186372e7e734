/* A file in memory; see text_file.h. */
#include "text_file.h"

#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

const char *text_file(const uint8_t *bytes, size_t length)
{
    static int descriptor = -1; /* the fuzzer has one thread */
    static char path[64];       /* as above */
    if (descriptor < 0) {
        descriptor = memfd_create("fuzzed", MFD_CLOEXEC);
        assert(descriptor >= 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    }
    int emptied = ftruncate(descriptor, 0);
    ssize_t written = pwrite(descriptor, bytes, length, 0);
    assert(emptied == 0 && written == (ssize_t)length);
    return path;
}
