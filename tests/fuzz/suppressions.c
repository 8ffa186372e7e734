/*
 * Any bytes are read as suppressions, or refused with a line. Which findings they take away is
 * compared with a matcher that tries everything.
 */
#include "../../report/gate/suppressions.h"

#include "few_findings.h"
#include "outputs.h"
#include "text_file.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Does the pattern, up to `end`, describe the text's beginning, or with `whole` all of it? */
static bool begins_as(const char *pattern, const char *end, const char *text, bool whole)
{
    if (pattern == end)
        return !whole || *text == '\0';
    if (*pattern != '*')
        return *text == *pattern && begins_as(pattern + 1, end, text + 1, whole);
    for (const char *at = text;; at++) {
        if (begins_as(pattern + 1, end, at, whole))
            return true;
        if (*at == '\0')
            return false;
    }
}

static bool naive_matches(const char *pattern, const char *text)
{
    bool at_start = *pattern == '^';
    pattern += at_start;
    size_t length = strlen(pattern);
    bool at_end = length > 0 && pattern[length - 1] == '$';
    const char *end = pattern + length - at_end;
    for (const char *at = text;; at++) {
        if (begins_as(pattern, end, at, at_end))
            return true;
        if (at_start || *at == '\0')
            return false;
    }
}

/* Trying everything takes time to the power of the stars. */
static bool is_short(const char *pattern)
{
    size_t stars = 0;
    for (const char *at = pattern; *at != '\0'; at++)
        stars += *at == '*';
    return stars <= 3;
}

static void compare(const char *pattern, const char *text)
{
    if (is_short(pattern))
        assert(suppression_matches(pattern, text) == naive_matches(pattern, text));
    else
        suppression_matches(pattern, text);
}

/* Whatever a rule took away, its name is in the call path; and no count is lost. */
static void check_applied(const struct report *report, bool shipped)
{
    uint64_t findings = 0;
    uint64_t taken = 0;
    for (size_t i = 0; i < report->rules.count; i++)
        findings += report->rules.items[i].findings;
    for (size_t i = 0; i < report->findings.count; i++) {
        const struct finding *finding = report->findings.items[i];
        if (finding->suppressed == NULL)
            continue;
        taken++;
        assert(finding->known_noise == shipped);
        bool named = false;
        for (size_t j = 0; j < finding->whole->count; j++) {
            const struct frame *frame = &finding->whole->frames[j];
            const char *texts[] = {frame->function, frame->file,
                                   frame->module == NULL ? NULL : frame->module->path};
            for (size_t k = 0; k < 3; k++)
                named = named ||
                        (texts[k] != NULL && suppression_matches(finding->suppressed, texts[k]));
        }
        assert(named);
    }
    assert(findings == taken);
}

static void apply(const uint8_t *bytes, size_t length, bool shipped)
{
    struct model model = {0};
    struct problem problem = {{0}};
    struct report *report = few_findings(&model);
    int error = suppressions_apply(report, text_file(bytes, length), shipped, &problem);
    assert((error == 0) == (problem.text[0] == '\0') && error <= 0);
    assert(strchr(problem.text, '\n') == NULL);
    check_applied(report, shipped);
    for (size_t i = 0; i < report->rules.count; i++) {
        const char *rule = report->rules.items[i].rule;
        assert(rule[0] != '\0');
        compare(rule, "name_copy");
        compare(rule, "aabaab");
        compare(rule, "");
        if (i > 0)
            compare(rule, report->rules.items[i - 1].rule);
    }
    if (!shipped && error == 0 && length % 8 == 0) /* outputs take long */
        outputs_check(report);
    arena_free(&model.arena);
}

/* The same bytes as the rules that a program has for itself, in two of its processes: they take
 * away findings of this program only, and count once. */
static void apply_own(const uint8_t *bytes, size_t length)
{
    struct model model = {0};
    struct report *report = few_findings(&model);
    for (int i = 0; i < 2; i++) {
        struct process *process = arena_alloc(&model.arena, sizeof *process);
        process->program = "program";
        *VEC_ADD(&model.arena, &process->options) = (struct setting){"depth", "8"};
        *VEC_ADD(&model.arena, &process->options) =
            (struct setting){LEAKFILE_OPTION_SUPPRESSIONS,
                             arena_copy_text(&model.arena, (const char *)bytes, length)};
        *VEC_ADD(&model.arena, &model.processes) = process;
    }
    suppressions_apply_own(report);
    check_applied(report, false);
    for (size_t i = 0; i < report->findings.count; i++)
        assert(report->findings.items[i]->suppressed == NULL ||
               strcmp(report->findings.items[i]->program, "program") == 0);
    size_t lines = 1;
    for (size_t i = 0; i < length; i++)
        lines += bytes[i] == '\n';
    assert(report->rules.count <= lines);
    arena_free(&model.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    apply(bytes, length, false);
    apply(bytes, length, true);
    apply_own(bytes, length);
    return 0;
}
