/*
 * Why a program left no section: its ELF header usually tells. Only the header and the program
 * headers are read.
 */
#include "run.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_BYTES 4096

/* The path that execvp() takes for a name, or NULL. */
static char *program_path(struct arena *arena, const char *name)
{
    if (strchr(name, '/') != NULL)
        return arena_copy_text(arena, name, strlen(name));
    const char *folders = getenv("PATH");
    for (const char *at = folders == NULL ? "/bin:/usr/bin" : folders; at != NULL;) {
        size_t length = strcspn(at, ":");
        char *path =
            arena_print(arena, "%.*s%s%s", (int)length, at, length == 0 ? "./" : "/", name);
        if (access(path, X_OK) == 0)
            return path;
        at = at[length] == ':' ? at + length + 1 : NULL;
    }
    return NULL;
}

/* The path of the dynamic loader, "" when there is none, NULL when the header makes no sense. */
static const char *loader_of(struct arena *arena, const char *head, size_t length)
{
    Elf64_Ehdr header;
    memcpy(&header, head, sizeof header);
    for (unsigned i = 0; i < header.e_phnum; i++) {
        Elf64_Phdr segment;
        uint64_t at = header.e_phoff + (uint64_t)i * sizeof segment;
        if (at > length || length - at < sizeof segment)
            return NULL;
        memcpy(&segment, head + at, sizeof segment);
        if (segment.p_type != PT_INTERP)
            continue;
        if (segment.p_offset >= length || segment.p_filesz > length - segment.p_offset)
            return NULL;
        return arena_copy_text(arena, head + segment.p_offset, segment.p_filesz);
    }
    return "";
}

static const char *elf_explain(struct arena *arena, const char *head, size_t length)
{
    if (head[EI_CLASS] == ELFCLASS32)
        return "a 32-bit program";
    const char *loader = length < sizeof(Elf64_Ehdr) ? NULL : loader_of(arena, head, length);
    if (loader == NULL)
        return NULL;
    if (loader[0] == '\0')
        return "statically linked";
    return strstr(loader, "musl") != NULL ? "linked with musl" : NULL;
}

/* The interpreter of a script, or NULL. */
static char *script_interpreter(struct arena *arena, const char *head, size_t length)
{
    size_t at = 2;
    while (at < length && (head[at] == ' ' || head[at] == '\t'))
        at++;
    size_t end = at;
    while (end < length && strchr(" \t\r\n", head[end]) == NULL)
        end++;
    return end == at ? NULL : arena_copy_text(arena, head + at, end - at);
}

const char *program_explain_silence(struct arena *arena, const char *name)
{
    const char *why = NULL;
    char *path = program_path(arena, name);
    for (int depth = 0; path != NULL && why == NULL && depth < 4; depth++) {
        char head[HEAD_BYTES + 1] = {0};
        struct stat status;
        int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        bool readable =
            descriptor >= 0 && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
        ssize_t length = readable ? read(descriptor, head, HEAD_BYTES) : -1;
        if (descriptor >= 0)
            close(descriptor);
        if (stat(path, &status) == 0 && (status.st_mode & (S_ISUID | S_ISGID)) != 0)
            why = "it runs with other rights (set-uid or set-gid)";
        else if (length >= EI_NIDENT && memcmp(head, ELFMAG, SELFMAG) == 0)
            why = elf_explain(arena, head, (size_t)length);
        bool script = length > 2 && memcmp(head, "#!", 2) == 0;
        path = script ? script_interpreter(arena, head, (size_t)length) : NULL;
    }
    return why == NULL ? name : arena_print(arena, "%s: %s", name, why);
}
