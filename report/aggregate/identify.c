/*
 * The id of a finding: FNV-1a with 64 bits (Fowler, Noll, Vo) over names, each with a zero byte
 * behind it, and a last mix so that short inputs fill all digits.
 */
#include "steps.h"

#include <inttypes.h>
#include <string.h>

static uint64_t hash_add(uint64_t hash, const char *text)
{
    for (size_t i = 0; i <= strlen(text); i++) {
        hash ^= (unsigned char)text[i];
        hash *= UINT64_C(0x100000001b3);
    }
    return hash;
}

static uint64_t hash_add_place(uint64_t hash, const struct frame *frame)
{
    const char *path = frame->module == NULL ? "" : frame->module->path;
    const char *slash = strrchr(path, '/');
    char offset[24];
    snprintf(offset, sizeof offset, "+0x%" PRIx64, frame->offset);
    hash = hash_add(hash, slash == NULL ? path : slash + 1);
    return hash_add(hash, offset);
}

void path_identify(const char *program, const struct path *path, char id[17])
{
    uint64_t hash = hash_add(UINT64_C(0xcbf29ce484222325), program);
    for (size_t i = 0; i < path->count; i++) {
        const struct frame *frame = &path->frames[i];
        if (frame->function != NULL)
            hash = hash_add(hash, frame->function);
        else
            hash = hash_add_place(hash, frame);
    }
    hash ^= hash >> 32;
    hash *= UINT64_C(0x9e3779b97f4a7c15);
    hash ^= hash >> 29;
    snprintf(id, 17, "%016" PRIx64, hash);
}
