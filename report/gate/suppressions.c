/*
 * Suppressions; see suppressions.h. A rule is compared with the function, the source file and the
 * module of every recorded frame, wrappers of malloc included, as LeakSanitizer does.
 *
 * Rules for known noise are held to less, so that they cannot hide a leak beside what they are for:
 * from the allocation out to the frame that matches, all must be of one module. An extension of
 * Perl that leaks is called by perl_run() too, but is a module of its own.
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

/* Libraries that allocate for whoever calls them: libc, the C++ library, the private ones of
 * binutils. Their frames belong to the module behind them. */
static bool module_serves_its_caller(const struct module *module)
{
    static const char *const names[] = {"libc.so.6", "ld-linux-", "libstdc++.so.",
                                        "libbfd-",   "libctf",    "libopcodes-"};
    const char *slash = strrchr(module->path, '/');
    const char *name = slash == NULL ? module->path : slash + 1;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncmp(name, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static bool frame_matches(const char *rule, const struct frame *frame)
{
    const char *texts[] = {frame->function, frame->file,
                           frame->module == NULL ? NULL : frame->module->path};
    for (size_t i = 0; i < 3; i++)
        if (texts[i] != NULL && suppression_matches(rule, texts[i]))
            return true;
    return false;
}

static bool rule_matches(const char *rule, bool shipped, const struct finding *finding)
{
    const struct module *own = NULL;
    for (size_t i = 0; i < finding->whole->count; i++) {
        const struct frame *frame = &finding->whole->frames[i];
        bool serves = frame->module != NULL && module_serves_its_caller(frame->module);
        if (shipped && !serves) {
            if (frame->module == NULL || (own != NULL && own != frame->module))
                return false;
            own = frame->module;
        }
        if (frame_matches(rule, frame))
            return true;
    }
    return false;
}

static bool finding_is_of(const struct finding *finding, const char *program)
{
    return program == NULL || strcmp(finding->program, program) == 0;
}

/* To the findings of one program, or of all: NULL. */
static void rule_apply(struct report *report, const char *rule, bool shipped, const char *program)
{
    struct rule_use *use = VEC_ADD(&report->model->arena, &report->rules);
    use->rule = rule;
    use->shipped = shipped;
    for (size_t i = 0; i < report->findings.count; i++) {
        struct finding *finding = report->findings.items[i];
        if (finding->suppressed != NULL || !finding_is_of(finding, program) ||
            !rule_matches(rule, shipped, finding))
            continue;
        finding->known_noise = shipped;
        finding->suppressed = rule;
        use->findings++;
        use->bytes = add_saturated(use->bytes, finding->bytes);
        use->blocks = add_saturated(use->blocks, finding->blocks);
    }
    if (shipped && use->findings == 0)
        report->rules.count--; /* nobody asked for it */
}

static char *line_trim(char *line)
{
    line += strspn(line, " \t");
    size_t length = strlen(line);
    while (length > 0 && strchr(" \t\r\n", line[length - 1]) != NULL)
        line[--length] = '\0';
    return line;
}

int suppressions_apply(struct report *report, const char *path, bool shipped,
                       struct problem *problem)
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
        rule_apply(report, arena_copy_text(&report->model->arena, line + 5, strlen(line + 5)),
                   shipped, NULL);
    }
    if (ferror(stream))
        return problem_set(problem, -EIO, "%s: cannot be read", path);
    return 0;
}

/* What the program of a process says of its own leaks, or NULL. */
static const char *own_rules(const struct process *process)
{
    for (size_t i = 0; i < process->options.count; i++)
        if (strcmp(process->options.items[i].name, LEAKFILE_OPTION_SUPPRESSIONS) == 0)
            return process->options.items[i].value;
    return NULL;
}

/* Each program's rules count once, whichever of its processes has them. */
static bool own_is_repeated(const struct model *model, size_t which, const char *text)
{
    for (size_t i = 0; i < which; i++) {
        const struct process *before = model->processes.items[i];
        const char *other = own_rules(before);
        if (other != NULL && strcmp(other, text) == 0 &&
            strcmp(before->program, model->processes.items[which]->program) == 0)
            return true;
    }
    return false;
}

static void own_apply(struct report *report, const char *text, const char *program)
{
    struct arena *arena = &report->model->arena;
    char *rest = arena_copy_text(arena, text, strlen(text));
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        line = line_trim(line);
        if (strncmp(line, "leak:", 5) == 0 && line[5] != '\0')
            rule_apply(report, line + 5, false, program);
    }
}

void suppressions_apply_own(struct report *report)
{
    const struct model *model = report->model;
    for (size_t i = 0; i < model->processes.count; i++) {
        const char *text = own_rules(model->processes.items[i]);
        if (text != NULL && !own_is_repeated(model, i, text))
            own_apply(report, text, model->processes.items[i]->program);
    }
}
