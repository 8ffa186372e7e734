// What strdup and its like give is lost to the byte, or freed.
//
// run: strdup
// expect: lost 14 bytes in 1 block, in make_text
// run: strndup
// expect: lost 9 bytes in 1 block, in make_text
// run: wcsdup
// expect: lost 56 bytes in 1 block, in make_text
// run: asprintf
// expect: lost 9 bytes in 1 block, in make_text
// run: strdup freed
// expect: nothing lost
// run: strndup freed
// expect: nothing lost
// run: wcsdup freed
// expect: nothing lost
// run: asprintf freed
// expect: nothing lost
#include "claim.h"

#include <wchar.h>

static OWN_FRAME void *make_text(const char *how)
{
    char *text = NULL;

    if (strcmp(how, "strdup") == 0)
        text = strdup(opaque("fourteen byte"));
    if (strcmp(how, "strndup") == 0)
        text = strndup(opaque("fourteen bytes"), 8);
    if (strcmp(how, "wcsdup") == 0)
        text = (char *)wcsdup(opaque(L"fourteen wide"));
    if (strcmp(how, "asprintf") == 0)
        must(asprintf(&text, "%d bytes", 14) == 8);
    return opaque(text);
}

int main(int argc, char **argv)
{
    must(argc >= 2);
    void *text = make_text(argv[1]);
    must(text != NULL);
    if (argc == 3)
        free(text);
    return 0;
}
