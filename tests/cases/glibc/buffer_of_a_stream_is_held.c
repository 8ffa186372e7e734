// A buffer given to setvbuf is in use while its stream is open, and the program's to free after.
//
// run: open
// expect: nothing lost
// run: closed
// expect: lost 8192 bytes in 1 block, in open_one
#include "claim.h"

static FILE *stream;

static OWN_FRAME void open_one(void)
{
    stream = fopen("/dev/null", "we");
    must(stream != NULL && setvbuf(stream, opaque(calloc(1, 8192)), _IOFBF, 8192) == 0);
    fputs("text", stream);
}

int main(int argc, char **argv)
{
    open_one();
    if (is_run(argc, argv, "closed"))
        fclose(stream);
    scrub();
    return 0;
}
