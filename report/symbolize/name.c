/*
 * Readable names by libiberty: C++, Rust (both manglings, the hash removed), and C functions
 * without the suffixes that gcc and clang give to clones of them, which change from build to build.
 */
#include "object.h"

#include <ctype.h>
#include <libiberty/demangle.h>
#include <string.h>

/* Is what follows the dot one of the compilers' suffixes: a word and perhaps numbers? */
static bool suffix_is_clone(const char *dot)
{
    static const char *const words[] = {"part",  "isra",     "constprop", "cold",
                                        "clone", "lto_priv", "llvm",      "localalias"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i]);
        if (strncmp(dot + 1, words[i], length) != 0)
            continue;
        char next = dot[1 + length];
        if (next == '\0' || next == '.')
            return true;
    }
    return false;
}

static size_t length_without_clone(const char *symbol)
{
    for (const char *dot = strchr(symbol, '.'); dot != NULL; dot = strchr(dot + 1, '.'))
        if (dot > symbol && suffix_is_clone(dot))
            return (size_t)(dot - symbol);
    return strlen(symbol);
}

const char *name_readable(struct arena *arena, const char *symbol)
{
    char *plain = arena_copy_text(arena, symbol, length_without_clone(symbol));
    CLEAN_FREE char *readable = NULL;
    if (strncmp(plain, "_R", 2) == 0 || strncmp(plain, "_ZN", 3) == 0)
        readable = rust_demangle(plain, DMGL_NO_OPTS);
    if (readable == NULL && strncmp(plain, "_Z", 2) == 0)
        readable = cplus_demangle_v3(plain, DMGL_PARAMS | DMGL_ANSI);
    return readable == NULL ? plain : arena_copy_text(arena, readable, strlen(readable));
}
