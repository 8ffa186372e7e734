/*
 * The gate as a recipe; see gate.h.
 */
#include "gate.h"

#include "../aggregate/aggregate.h"
#include "baseline.h"
#include "suppressions.h"

int gate_check(const struct gate *gate, struct problem *problem)
{
    struct model nothing = {0};
    struct report report = {.model = &nothing};
    struct gate files = *gate;
    files.save_baseline = NULL;
    int error = gate_apply(&files, &report, problem);
    arena_free(&nothing.arena);
    return error;
}

int gate_apply(const struct gate *gate, struct report *report, struct problem *problem)
{
    int error = 0;
    if (gate->suppressions != NULL)
        error = suppressions_apply(report, gate->suppressions, false, problem);
    if (error == 0)
        suppressions_apply_own(report);
    if (error == 0 && gate->known != NULL && !gate->no_known)
        error = suppressions_apply(report, gate->known, true, problem);

    struct arena *arena = &report->model->arena;
    struct baseline before = {0};
    if (error == 0 && gate->baseline != NULL)
        error = baseline_load(arena, gate->baseline, &before, problem);
    if (error != 0)
        return error;
    if (gate->baseline != NULL)
        baseline_apply(report, &before);

    if (gate->rules.fail_on & FAIL_ON_GROWING)
        reasons_demand_growth(report);
    verdict_give(report, &gate->rules);
    if (gate->save_baseline == NULL)
        return 0;
    struct baseline now = {0};
    baseline_take(report, &now);
    return baseline_save(arena, gate->save_baseline, &now, problem);
}
