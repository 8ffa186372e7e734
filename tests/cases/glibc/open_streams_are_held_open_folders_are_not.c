// stdio keeps a list of all its streams, so one that was not closed is in use for ever; a folder's
// stream is the program's alone.
//
// run: stream
// expect: nothing lost
// run: stream closed
// expect: nothing lost
// run: folder
// expect: lost 32816 bytes in 1 block, in open_one
// run: folder closed
// expect: nothing lost
#include "claim.h"

#include <dirent.h>

static OWN_FRAME void open_one(const char *what, bool closes)
{
    if (strcmp(what, "stream") == 0) {
        FILE *stream = fopen("/proc/self/maps", "re");
        must(stream != NULL && getc(stream) != EOF);
        if (closes)
            fclose(stream);
    } else {
        DIR *folder = opendir("/");
        must(folder != NULL && readdir(folder) != NULL);
        if (closes)
            closedir(folder);
    }
}

int main(int argc, char **argv)
{
    must(argc >= 2);
    open_one(argv[1], argc == 3);
    scrub();
    return 0;
}
