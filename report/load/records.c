/*
 * One record of a frame becomes a part of the process. Every length in a body is checked against
 * the body before it is used; bodies may be longer than this version knows.
 */
#include "section.h"

#include <errno.h>
#include <string.h>

/* Takes the next `bytes` bytes of a body, or NULL when it has fewer. */
static const uint8_t *body_take(struct span *body, uint64_t bytes)
{
    if (bytes > body->length)
        return NULL;
    const uint8_t *taken = body->bytes;
    body->bytes += bytes;
    body->length -= (size_t)bytes;
    return taken;
}

static const char *body_take_text(struct arena *arena, struct span *body, uint32_t bytes)
{
    const uint8_t *text = body_take(body, bytes);
    return text == NULL ? NULL : arena_copy_text(arena, (const char *)text, bytes);
}

/* A copy of `count` items, or NULL when the body has fewer. */
static void *body_take_items(struct arena *arena, struct span *body, uint32_t count,
                             size_t item_bytes)
{
    size_t bytes = (size_t)count * item_bytes; /* count has 32 bits: no overflow */
    const uint8_t *items = body_take(body, bytes);
    if (items == NULL)
        return NULL;
    void *copy = arena_alloc(arena, bytes + 1);
    memcpy(copy, items, bytes);
    return copy;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

typedef const uint8_t *fixed_part;

static int add_process(struct arena *arena, struct process *process, fixed_part fixed,
                       struct span rest)
{
    struct leakfile_process what;
    memcpy(&what, fixed, sizeof what);
    const char *exe = body_take_text(arena, &rest, what.exe_bytes);
    const char *argv = body_take_text(arena, &rest, what.argv_bytes);
    if (exe == NULL || argv == NULL)
        return -EBADMSG;
    process->pid = what.pid;
    process->ppid = what.ppid;
    process->flags = what.flags;
    process->started_realtime_ns = what.started_realtime_ns;
    process->started_monotonic_ns = what.started_monotonic_ns;
    process->exe = exe;
    process->program = *base_name(exe) != '\0' ? base_name(exe) : "?";
    process->argv.count = 0;
    for (size_t at = 0; at < what.argv_bytes; at += strlen(argv + at) + 1)
        *VEC_ADD(arena, &process->argv) = argv + at;
    return 0;
}

static int add_option(struct arena *arena, struct process *process, fixed_part fixed,
                      struct span rest)
{
    struct leakfile_option what;
    memcpy(&what, fixed, sizeof what);
    const char *name = body_take_text(arena, &rest, what.name_bytes);
    const char *value = body_take_text(arena, &rest, what.value_bytes);
    if (name == NULL || value == NULL)
        return -EBADMSG;
    *VEC_ADD(arena, &process->options) = (struct setting){name, value};
    return 0;
}

static const char *hexadecimal(struct arena *arena, const uint8_t *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    char *text = arena_alloc(arena, 2 * count + 1);
    for (size_t i = 0; i < count; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    return text;
}

static int add_module(struct arena *arena, struct process *process, fixed_part fixed,
                      struct span rest)
{
    struct leakfile_module what;
    memcpy(&what, fixed, sizeof what);
    const uint8_t *build_id = body_take(&rest, what.build_id_bytes);
    if (build_id == NULL)
        return -EBADMSG;
    const char *path = body_take_text(arena, &rest, what.path_bytes);
    if (path == NULL)
        return -EBADMSG;
    *VEC_ADD(arena, &process->modules) = (struct module){
        .id = what.id,
        .flags = what.flags,
        .start = what.start,
        .end = what.end,
        .bias = what.bias,
        .path = path,
        .build_id =
            what.build_id_bytes == 0 ? NULL : hexadecimal(arena, build_id, what.build_id_bytes),
    };
    return 0;
}

static int add_stack(struct arena *arena, struct process *process, fixed_part fixed,
                     struct span rest)
{
    struct leakfile_stack what;
    memcpy(&what, fixed, sizeof what);
    struct leakfile_pc *pcs = body_take_items(arena, &rest, what.frames, sizeof *pcs);
    if (pcs == NULL)
        return -EBADMSG;
    *VEC_ADD(arena, &process->stacks) =
        (struct stack){.id = what.id, .flags = what.flags, .count = what.frames, .pcs = pcs};
    return 0;
}

static int add_finding(struct arena *arena, struct process *process, fixed_part fixed,
                       struct span rest)
{
    (void)rest;
    struct leakfile_finding what;
    memcpy(&what, fixed, sizeof what);
    if (what.kind > LEAKFILE_KIND_SETTLING)
        return -EBADMSG;
    *VEC_ADD(arena, &process->findings) = what;
    return 0;
}

static int add_holder(struct arena *arena, struct process *process, fixed_part fixed,
                      struct span rest)
{
    struct holder holder = {0};
    memcpy(&holder.what, fixed, sizeof holder.what);
    holder.hops = body_take_items(arena, &rest, holder.what.hops, sizeof *holder.hops);
    if (holder.hops == NULL || holder.what.root > LEAKFILE_ROOT_MAPPING)
        return -EBADMSG;
    holder.name = body_take_text(arena, &rest, holder.what.name_bytes);
    if (holder.name == NULL)
        return -EBADMSG;
    *VEC_ADD(arena, &process->holders) = holder;
    return 0;
}

static int add_reason(struct arena *arena, struct process *process, fixed_part fixed,
                      struct span rest)
{
    struct leakfile_reason what;
    memcpy(&what, fixed, sizeof what);
    const char *text = body_take_text(arena, &rest, what.text_bytes);
    if (text == NULL)
        return -EBADMSG;
    *VEC_ADD(arena, &process->reasons) =
        (struct reason){.code = what.code, .collection = what.collection, .text = text};
    return 0;
}

static int add_child(struct arena *arena, struct process *process, fixed_part fixed,
                     struct span rest)
{
    struct child child = {0};
    memcpy(&child.what, fixed, sizeof child.what);
    child.path = body_take_text(arena, &rest, child.what.path_bytes);
    if (child.path == NULL || child.what.kind > LEAKFILE_CHILD_FORK)
        return -EBADMSG;
    *VEC_ADD(arena, &process->children) = child;
    return 0;
}

static int add_end(struct arena *arena, struct process *process, fixed_part fixed, struct span rest)
{
    (void)arena;
    (void)rest;
    memcpy(&process->end, fixed, sizeof process->end);
    if (process->end.how > LEAKFILE_END_OPEN)
        return -EBADMSG;
    process->ended = process->end.how != LEAKFILE_END_OPEN;
    return 0;
}

/* Records that are kept as they are: they have no variable part. */
#define ADD_AS_IT_IS(name, vec)                                                                    \
    static int name(struct arena *arena, struct process *process, fixed_part fixed,                \
                    struct span rest)                                                              \
    {                                                                                              \
        (void)rest;                                                                                \
        memcpy(VEC_ADD(arena, &process->vec), fixed, sizeof *process->vec.items);                  \
        return 0;                                                                                  \
    }
ADD_AS_IT_IS(add_collection, collections)
ADD_AS_IT_IS(add_warning, warnings)
ADD_AS_IT_IS(add_external, externals)

/* Records whose variable part is `what.count_of` items and nothing else. */
#define ADD_WITH_ITEMS(name, type, vec, list, count_of)                                            \
    static int name(struct arena *arena, struct process *process, fixed_part fixed,                \
                    struct span rest)                                                              \
    {                                                                                              \
        struct type added = {0};                                                                   \
        memcpy(&added.what, fixed, sizeof added.what);                                             \
        added.list = body_take_items(arena, &rest, added.what.count_of, sizeof *added.list);       \
        if (added.list == NULL)                                                                    \
            return -EBADMSG;                                                                       \
        *VEC_ADD(arena, &process->vec) = added;                                                    \
        return 0;                                                                                  \
    }
ADD_WITH_ITEMS(add_growth, growth, growths, points, points)
ADD_WITH_ITEMS(add_objects, objects, objects, items, count)

static const struct record_kind {
    uint16_t tag;
    size_t fixed_bytes;
    int (*add)(struct arena *, struct process *, fixed_part, struct span);
} record_kinds[] = {
#define PROCESS_ADDER         add_process
#define OPTION_ADDER          add_option
#define MODULE_ADDER          add_module
#define STACK_ADDER           add_stack
#define COLLECTION_ADDER      add_collection
#define FINDING_ADDER         add_finding
#define HOLDER_ADDER          add_holder
#define REASON_ADDER          add_reason
#define CHILD_ADDER           add_child
#define END_ADDER             add_end
#define GROWTH_ADDER          add_growth
#define WARNING_ADDER         add_warning
#define EXTERNAL_ADDER        add_external
#define OBJECTS_ADDER         add_objects
#define X(NAME, number, body) {number, sizeof(struct body), NAME##_ADDER},
    LEAKFILE_RECORDS(X)
#undef X
};

int record_add(struct arena *arena, struct process *process, uint16_t tag, struct span body)
{
    for (size_t i = 0; i < sizeof record_kinds / sizeof record_kinds[0]; i++) {
        const struct record_kind *kind = &record_kinds[i];
        if (kind->tag != tag)
            continue;
        const uint8_t *fixed = body_take(&body, kind->fixed_bytes);
        return fixed == NULL ? -EBADMSG : kind->add(arena, process, fixed, body);
    }
    return 0;
}
