/*
 * Suppressions; see suppressions.h. A rule is compared with the function, the source file and the
 * module of every recorded frame, wrappers of malloc included, as LeakSanitizer does.
 */
#include "suppressions.h"

#include <errno.h>
#include <string.h>

/* Where the first `length` bytes of `part` begin in the text, or NULL. */
static const char *find_part(const char *text, const char *part, size_t length)
{
    return length == 0 ? text : memmem(text, strlen(text), part, length);
}

bool suppression_matches(const char *pattern, const char *text)
{
    bool at_start = pattern[0] == '^';
    pattern += at_start;
    size_t length = strlen(pattern);
    bool at_end = length > 0 && pattern[length - 1] == '$';
    const char *end = pattern + length - at_end;

    while (true) {
        const char *star = memchr(pattern, '*', (size_t)(end - pattern));
        size_t part = (size_t)((star != NULL ? star : end) - pattern);
        if (star == NULL && at_end) {
            size_t rest = strlen(text);
            return rest >= part && (!at_start || rest == part) &&
                   memcmp(text + rest - part, pattern, part) == 0;
        }
        const char *found = find_part(text, pattern, part);
        if (found == NULL || (at_start && memcmp(text, pattern, part) != 0))
            return false;
        if (star == NULL)
            return true;
        text = at_start ? text + part : found + part;
        at_start = false;
        pattern = star + 1;
    }
}

static bool rule_matches(const char *rule, const struct finding *finding)
{
    for (size_t i = 0; i < finding->whole->count; i++) {
        const struct frame *frame = &finding->whole->frames[i];
        const char *texts[] = {frame->function, frame->file,
                               frame->module == NULL ? NULL : frame->module->path};
        for (size_t j = 0; j < 3; j++)
            if (texts[j] != NULL && suppression_matches(rule, texts[j]))
                return true;
    }
    return false;
}

static void rule_apply(struct report *report, const char *rule)
{
    struct rule_use *use = VEC_ADD(&report->model->arena, &report->rules);
    use->rule = rule;
    for (size_t i = 0; i < report->findings.count; i++) {
        struct finding *finding = report->findings.items[i];
        if (finding->suppressed != NULL || !rule_matches(rule, finding))
            continue;
        finding->suppressed = rule;
        use->findings++;
        use->bytes = add_saturated(use->bytes, finding->bytes);
        use->blocks = add_saturated(use->blocks, finding->blocks);
    }
}

static char *line_trim(char *line)
{
    line += strspn(line, " \t");
    size_t length = strlen(line);
    while (length > 0 && strchr(" \t\r\n", line[length - 1]) != NULL)
        line[--length] = '\0';
    return line;
}

int suppressions_apply(struct report *report, const char *path, struct problem *problem)
{
    CLEAN_STREAM FILE *stream = fopen(path, "re");
    if (stream == NULL)
        return problem_set(problem, -errno, "%s: %s", path, strerror(errno));
    CLEAN_FREE char *buffer = NULL;
    size_t room = 0;
    for (int number = 1; getline(&buffer, &room, stream) >= 0; number++) {
        const char *line = line_trim(buffer);
        if (line[0] == '\0' || line[0] == '#')
            continue;
        if (strncmp(line, "leak:", 5) != 0 || line[5] == '\0')
            return problem_set(problem, -EBADMSG, "%s:%d: a line leak:PATTERN is wanted", path,
                               number);
        rule_apply(report, arena_copy_text(&report->model->arena, line + 5, strlen(line + 5)));
    }
    if (ferror(stream))
        return problem_set(problem, -EIO, "%s: cannot be read", path);
    return 0;
}
