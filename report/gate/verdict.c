/*
 * The verdict; see verdict.h. Order: leaks, growing, inconclusive, clean, as the statuses have it;
 * growth that the gate does not look at comes after inconclusive.
 */
#include "verdict.h"

#include <string.h>

const char *verdict_word(enum verdict verdict)
{
    static const char *const words[] = {"clean", "leaks", "growing", "inconclusive"};
    return words[verdict];
}

int fail_on_parse(const char *text)
{
    static const struct {
        const char *word;
        int bit;
    } words[] = {
        {"lost", FAIL_ON_LOST},
        {"possible", FAIL_ON_POSSIBLE},
        {"growing", FAIL_ON_GROWING},
        {"none", 0},
    };
    CLEAN_FREE char *copy = strdup(text);
    char *rest = copy;
    int bits = 0;
    for (char *word; rest != NULL && (word = strsep(&rest, ",")) != NULL;) {
        size_t i = 0;
        while (i < sizeof words / sizeof words[0] && strcmp(words[i].word, word) != 0)
            i++;
        if (i == sizeof words / sizeof words[0])
            return -1;
        bits |= words[i].bit;
    }
    return bits;
}

/* Returns the bits of the kinds that the findings have, and fills those of each process. */
static unsigned kinds_gather(struct report *report)
{
    unsigned kinds = 0;
    for (size_t i = 0; i < report->model->processes.count; i++)
        report->model->processes.items[i]->kinds_found = 0;
    for (size_t i = 0; i < report->findings.count; i++) {
        const struct finding *finding = report->findings.items[i];
        if (!finding_counts(finding))
            continue;
        kinds |= 1u << finding->kind;
        for (size_t j = 0; j < finding->processes.count; j++)
            finding->processes.items[j]->kinds_found |= 1u << finding->kind;
    }
    return kinds;
}

static enum verdict verdict_of(unsigned kinds, bool inconclusive, const struct gate_rules *rules)
{
    unsigned leaks = FAIL_ON_LOST | (rules->fail_on & FAIL_ON_POSSIBLE);
    if (kinds & leaks)
        return VERDICT_LEAKS;
    if (kinds & rules->fail_on & FAIL_ON_GROWING)
        return VERDICT_GROWING;
    if (inconclusive)
        return VERDICT_INCONCLUSIVE;
    return kinds & FAIL_ON_GROWING ? VERDICT_GROWING : VERDICT_CLEAN;
}

static bool process_is_inconclusive(const struct report *report, const struct process *process)
{
    for (size_t i = 0; i < report->reasons.count; i++) {
        const struct told_reason *told = &report->reasons.items[i];
        if (told->process == process && told->process_inconclusive)
            return true;
    }
    return false;
}

static bool run_is_inconclusive(const struct report *report, bool strict)
{
    for (size_t i = 0; i < report->reasons.count; i++) {
        const struct told_reason *told = &report->reasons.items[i];
        if (strict ? told->strict_inconclusive : told->run_inconclusive)
            return true;
    }
    return false;
}

void verdict_give(struct report *report, const struct gate_rules *rules)
{
    report->kinds_found = kinds_gather(report);
    for (size_t i = 0; i < report->model->processes.count; i++) {
        struct process *process = report->model->processes.items[i];
        process->verdict =
            verdict_of(process->kinds_found, process_is_inconclusive(report, process), rules);
    }
    report->verdict =
        verdict_of(report->kinds_found, run_is_inconclusive(report, rules->strict), rules);
}

int verdict_status(const struct report *report, const struct gate_rules *rules)
{
    if (report->kinds_found & rules->fail_on)
        return rules->leaks_status;
    return run_is_inconclusive(report, rules->strict) ? rules->inconclusive_status : 0;
}
