/* Phrases for other tools; see phrase.h. */
#include "phrase.h"

#include "pen.h"

#include <inttypes.h>

const char *phrase_for_kind(uint32_t kind)
{
    static const char *const words[] = {"lost", "possible", "growing", "settling"};
    return words[kind];
}

const char *phrase_for_function(struct arena *arena, const struct frame *frame)
{
    if (frame->function != NULL)
        return frame->function;
    if (frame->module != NULL)
        return arena_print(arena, "%s+0x%" PRIx64, frame->module->path, frame->offset);
    return arena_print(arena, "0x%" PRIx64, frame->pc);
}

const char *phrase_for_frame(struct arena *arena, const struct frame *frame)
{
    const char *function = phrase_for_function(arena, frame);
    if (frame->file == NULL)
        return function;
    if (frame->line == 0)
        return arena_print(arena, "%s at %s", function, frame->file);
    return arena_print(arena, "%s at %s:%" PRIu32, function, frame->file, frame->line);
}

const char *phrase_for_finding(struct arena *arena, const struct finding *finding)
{
    const char *behind = finding->indirect_blocks == 0
                             ? ""
                             : arena_print(arena, ", and %s that only they reach",
                                           words_for_total(arena, finding->indirect_bytes,
                                                           finding->indirect_blocks));
    return arena_print(arena, "%s: %s%s%s, allocated by %s in %s", phrase_for_kind(finding->kind),
                       words_for_total(arena, finding->bytes, finding->blocks),
                       finding->cycle ? ", a ring" : "", behind,
                       finding->path.count == 0
                           ? "an unknown call path"
                           : phrase_for_function(arena, &finding->path.frames[0]),
                       finding->program);
}
