/*
 * Baselines as files; see baseline.h. Sorted, and with the call path in words, so that a change in
 * a repository can be read.
 */
#include "baseline.h"

#include "../render/escape.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const kind_words[] = {"lost", "possible", "growing", "settling"};

static const char *member_text(struct arena *arena, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_string(value)
               ? arena_copy_text(arena, json_string_value(value), json_string_length(value))
               : NULL;
}

static int64_t member_number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : -1;
}

/* NULL when the object is no entry. */
static struct baseline_entry *entry_read(struct arena *arena, const json_t *object)
{
    struct baseline_entry *entry = arena_alloc(arena, sizeof *entry);
    int64_t bytes = member_number(object, "bytes");
    int64_t blocks = member_number(object, "blocks");
    const char *kind = member_text(arena, object, "kind");
    entry->id = member_text(arena, object, "id");
    entry->program = member_text(arena, object, "program");
    if (entry->id == NULL || entry->program == NULL || kind == NULL || bytes < 0 || blocks < 0)
        return NULL;
    entry->bytes = (uint64_t)bytes;
    entry->blocks = (uint64_t)blocks;
    while (entry->kind < 4 && strcmp(kind_words[entry->kind], kind) != 0)
        entry->kind++;
    if (entry->kind == 4)
        return NULL;
    const json_t *path = json_object_get(object, "path");
    for (size_t i = 0; i < json_array_size(path); i++) {
        const char *name = json_string_value(json_array_get(path, i));
        if (name != NULL)
            *VEC_ADD(arena, &entry->path) = arena_copy_text(arena, name, strlen(name));
    }
    return entry;
}

int baseline_load(struct arena *arena, const char *path, struct baseline *baseline,
                  struct problem *problem)
{
    json_error_t wrong;
    json_t *root = json_load_file(path, 0, &wrong);
    if (root == NULL && wrong.line < 0)
        return problem_set(problem, -ENOENT, "baseline: %s", wrong.text);
    if (root == NULL)
        return problem_set(problem, -EBADMSG, "%s:%d: %s", path, wrong.line, wrong.text);
    int error = 0;
    const json_t *findings = json_object_get(root, "findings");
    int64_t version = member_number(root, "seep_baseline");
    if (version < 0 || !json_is_array(findings))
        error = problem_set(problem, -EBADMSG, "%s: not a baseline of seep", path);
    else if (version != 1)
        error = problem_set(problem, -EBADMSG,
                            "%s: a baseline of version %" PRId64 ", this seep reads version 1",
                            path, version);
    for (size_t i = 0; error == 0 && i < json_array_size(findings); i++) {
        struct baseline_entry *entry = entry_read(arena, json_array_get(findings, i));
        if (entry == NULL)
            error = problem_set(problem, -EBADMSG, "%s: entry %zu is malformed", path, i + 1);
        else
            *VEC_ADD(arena, &baseline->entries) = entry;
    }
    json_decref(root);
    sort_items(baseline->entries.items, baseline->entries.count, sizeof *baseline->entries.items,
               baseline_compare_entries);
    return error;
}

static json_t *number_clamped(uint64_t value)
{
    return json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value);
}

static json_t *entry_write(struct arena *arena, const struct baseline_entry *entry)
{
    json_t *path = json_array();
    for (size_t i = 0; i < entry->path.count; i++)
        json_array_append_new(path, json_string(escape_to_utf8(arena, entry->path.items[i])));
    json_t *object = json_object();
    json_object_set_new(object, "program", json_string(escape_to_utf8(arena, entry->program)));
    json_object_set_new(object, "id", json_string(entry->id));
    json_object_set_new(object, "kind", json_string(kind_words[entry->kind]));
    json_object_set_new(object, "bytes", number_clamped(entry->bytes));
    json_object_set_new(object, "blocks", number_clamped(entry->blocks));
    json_object_set_new(object, "path", path);
    return object;
}

/* Beside the file first, then in its place: a reader sees the old one or the new one. */
int baseline_save(struct arena *arena, const char *path, const struct baseline *baseline,
                  struct problem *problem)
{
    json_t *findings = json_array();
    for (size_t i = 0; i < baseline->entries.count; i++)
        json_array_append_new(findings, entry_write(arena, baseline->entries.items[i]));
    json_t *root = json_object();
    json_object_set_new(root, "seep_baseline", json_integer(1));
    json_object_set_new(root, "findings", findings);

    char *draft = arena_print(arena, "%s.%ld.new", path, (long)getpid());
    FILE *stream = fopen(draft, "wxe");
    int error = stream == NULL ? -errno : 0;
    if (stream != NULL) {
        if (json_dumpf(root, stream, JSON_INDENT(2) | JSON_ENSURE_ASCII) != 0 ||
            fputc('\n', stream) == EOF)
            error = -EIO;
        if (fclose(stream) != 0 && error == 0)
            error = -errno;
        if (error == 0 && rename(draft, path) != 0)
            error = -errno;
        if (error != 0)
            unlink(draft);
    }
    json_decref(root);
    return error == 0 ? 0
                      : problem_set(problem, error, "%s: cannot write the baseline: %s", path,
                                    strerror(-error));
}
