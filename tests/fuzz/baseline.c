/*
 * Any bytes are read as a baseline, or refused with a line; what was read comes out the same when
 * it is written and read again; and findings are held against it, and what it says that is no
 * longer there is told, in every output.
 */
#include "../../report/gate/baseline.h"
#include "../../report/gate/difference.h"

#include "few_findings.h"
#include "outputs.h"
#include "text_file.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Two entries of the same key and the same bytes may change places: they are not told apart. */
static void check_same(const struct baseline *before, const struct baseline *after)
{
    assert(before->entries.count == after->entries.count);
    for (size_t i = 0; i < before->entries.count; i++)
        assert(baseline_compare_entries(&before->entries.items[i], &after->entries.items[i]) == 0);
}

static void check_sorted(const struct baseline *baseline)
{
    for (size_t i = 1; i < baseline->entries.count; i++)
        assert(baseline_compare_entries(&baseline->entries.items[i - 1],
                                        &baseline->entries.items[i]) <= 0);
}

static void write_and_read_again(struct arena *arena, const struct baseline *baseline)
{
    struct problem problem = {{0}};
    struct baseline again = {0};
    const char *path = arena_print(arena, "/dev/shm/seep-fuzz.%d", (int)getpid());
    int error = baseline_save(arena, path, baseline, &problem);
    assert(error == 0);
    error = baseline_load(arena, path, &again, &problem);
    unlink(path);
    assert(error == 0);
    check_same(baseline, &again);
}

/* Each finding takes an entry of its id and kind that no other has; the others are gone. */
static void check_applied(const struct report *report, const struct baseline *baseline)
{
    size_t met = 0;
    for (size_t i = 0; i < report->findings.count; i++) {
        const struct finding *finding = report->findings.items[i];
        assert(!finding->known || finding->before != NULL);
        if (finding->before == NULL)
            continue;
        met++;
        assert(finding->before->met && finding->before->kind == finding->kind);
        assert(strcmp(finding->before->id, finding->id) == 0);
    }
    assert(report->gone.count == baseline->entries.count - met);
}

/* Held against the baseline that is made of it, a report has nothing new and nothing is gone. */
static void check_own_baseline(struct model *model, struct report *report)
{
    struct baseline own = {0};
    baseline_take(report, &own);
    write_and_read_again(&model->arena, &own);
    struct report *again = few_findings(model);
    baseline_apply(again, &own);
    assert(again->gone.count == 0);
    for (size_t i = 0; i < again->findings.count; i++)
        assert(again->findings.items[i]->known ||
               again->findings.items[i]->kind == LEAKFILE_KIND_SETTLING);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct model model = {0};
    struct problem problem = {{0}};
    struct baseline baseline = {0};
    int error = baseline_load(&model.arena, text_file(bytes, length), &baseline, &problem);
    assert((error == 0) == (problem.text[0] == '\0') && error <= 0);
    assert(strchr(problem.text, '\n') == NULL);
    if (error == 0) {
        check_sorted(&baseline);
        write_and_read_again(&model.arena, &baseline);
        struct report *report = few_findings(&model);
        baseline_apply(report, &baseline);
        check_applied(report, &baseline);
        outputs_check(report);
        check_own_baseline(&model, report);
        struct differences none = {0};
        differences_find(&model.arena, &baseline, &baseline, &none);
        assert(none.items.count == 0);
    }
    arena_free(&model.arena);
    return 0;
}
