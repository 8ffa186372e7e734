// The buffers that getline, getdelim and open_memstream give to the program are its own to free.
//
// run: getline
// expect: lost 120 bytes in 1 block, in take_line
// run: getline freed
// expect: nothing lost
// run: memory
// expect: lost 6 bytes in 1 block, in take_stream
// run: memory freed
// expect: nothing lost
#include "claim.h"

static OWN_FRAME char *take_line(void)
{
    static char text[] = "first line\nsecond line\n";
    FILE *stream = fmemopen(text, sizeof text - 1, "r");
    char *line = NULL;
    size_t room = 0;

    must(stream != NULL && getline(&line, &room, stream) == 11);
    must(getdelim(&line, &room, '\n', stream) == 12);
    fclose(stream);
    return line;
}

static OWN_FRAME char *take_stream(void)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);

    must(stream != NULL && fputs("12345", stream) >= 0);
    fclose(stream);
    return text;
}

int main(int argc, char **argv)
{
    must(argc >= 2);
    char *text = is_run(argc, argv, "getline") ? take_line() : take_stream();
    if (argc == 3)
        free(opaque(text));
    scrub();
    return 0;
}
