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

/* The end of a template argument that begins here: the comma or bracket behind it. */
static const char *argument_end(const char *at)
{
    int depth = 0;
    for (; *at != '\0'; at++) {
        if (*at == '<' || *at == '(')
            depth++;
        else if ((*at == '>' || *at == ')' || *at == ',') && depth == 0)
            break;
        else if (*at == '>' || *at == ')')
            depth--;
    }
    return at;
}

/* Template arguments that are there by default, with the comma before them. */
static size_t default_argument_length(const char *at)
{
    static const char *const words[] = {", std::allocator<",      ", std::less<",
                                        ", std::equal_to<",       ", std::hash<",
                                        ", std::default_delete<", ", std::char_traits<"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strncmp(at, words[i], strlen(words[i])) != 0)
            continue;
        const char *end = argument_end(at + 2);
        return *end == '>' || *end == ',' ? (size_t)(end - at) : 0;
    }
    return 0;
}

/* What nobody writes and nobody wants to read goes out of a C++ name. */
static const char *name_shorten(struct arena *arena, const char *name)
{
    static const char string[] = "std::__cxx11::basic_string<char, std::char_traits<char>, "
                                 "std::allocator<char> >";
    struct text_buffer shortened = {0};
    while (*name != '\0') {
        size_t left_out = default_argument_length(name);
        if (strncmp(name, string, sizeof string - 1) == 0) {
            text_add(&shortened, "std::string", 11);
            left_out = sizeof string - 1;
        } else if (left_out == 0) {
            text_add(&shortened, name++, 1);
        }
        name += left_out;
        /* "> >" was there to close what is gone. */
        bool space = left_out > 0 && name[0] == ' ' && name[1] == '>';
        if (space && shortened.length > 0 && shortened.bytes[shortened.length - 1] != '>')
            name++;
    }
    return text_done(&shortened, arena);
}

const char *name_readable(struct arena *arena, const char *symbol)
{
    char *plain = arena_copy_text(arena, symbol, length_without_clone(symbol));
    CLEAN_FREE char *readable = NULL;
    if (strncmp(plain, "_R", 2) == 0 || strncmp(plain, "_ZN", 3) == 0)
        readable = rust_demangle(plain, DMGL_NO_OPTS);
    if (readable == NULL && strncmp(plain, "_Z", 2) == 0)
        readable = cplus_demangle_v3(plain, DMGL_PARAMS | DMGL_ANSI | DMGL_RET_DROP);
    return readable == NULL ? plain : name_shorten(arena, readable);
}
