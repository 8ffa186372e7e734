/*
 * Writes the invented file of all records to the path that is given: for tests of the command.
 */
#include "../../support/invent.h"

int main(int argc, char **argv)
{
    struct invented file = {0};
    if (argc != 2)
        return 2;
    invent_everything(&file);
    invent_write(&file, argv[1]);
    invent_free(&file);
    return 0;
}
