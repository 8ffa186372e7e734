/*
 * Why a report may be incomplete: what the files say, what follows from what they lack, and the
 * programs that were executed but left no section.
 *
 * A reason of a process that another one started is told, but makes the whole inconclusive only
 * with --strict: a program cannot answer for `yes` in `yes | head`.
 */
#include "steps.h"

#include <string.h>

#define GROWTH_DEFAULT 5 /* of the option growth */

const struct reason_words *reason_find_words(uint32_t code)
{
    static const struct reason_words rows[] = {
#define X(NAME, number, inconclusive, words) {number, inconclusive, #NAME, words},
        LEAKFILE_REASONS(X)
#undef X
    };
    /* A reason of a later version: better not silently green. */
    static const struct reason_words later = {0, true, "UNKNOWN",
                                              "a reason that this seep does not know"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].code == code)
            return &rows[i];
    return &later;
}

static bool process_has_reason(const struct process *process, uint32_t code)
{
    for (size_t i = 0; i < process->reasons.count; i++)
        if (process->reasons.items[i].code == code)
            return true;
    return false;
}

static void process_add_reason(struct report *report, struct process *process, uint32_t code)
{
    if (!process_has_reason(process, code))
        *VEC_ADD(&report->model->arena, &process->reasons) =
            (struct reason){.code = code, .text = ""};
}

static void process_infer_reasons(struct report *report, struct process *process)
{
    size_t count = process->collections.count;
    const struct leakfile_collection *last =
        count == 0 ? NULL : &process->collections.items[count - 1];
    bool was_last = last != NULL && (last->flags & LEAKFILE_COLLECTION_LAST) != 0;
    if (process->running)
        process_add_reason(report, process, LEAKFILE_REASON_STILL_RUNNING);
    else if (!process->ended && !was_last)
        process_add_reason(report, process, LEAKFILE_REASON_NO_LAST);
    if (was_last && (last->flags & LEAKFILE_COLLECTION_FAILED) != 0)
        process_add_reason(report, process, LEAKFILE_REASON_LAST_FAILED);
    if (was_last && last->threads_missed > 0)
        process_add_reason(report, process, LEAKFILE_REASON_THREADS_MISSED);
}

static int compare_pids(const void *a, const void *b)
{
    const struct process *x = *(struct process *const *)a;
    const struct process *y = *(struct process *const *)b;
    int order = compare_u64(x->pid, y->pid);
    return order != 0 ? order : compare_u64(x->started_realtime_ns, y->started_realtime_ns);
}

static void processes_index(struct report *report)
{
    for (size_t i = 0; i < report->model->processes.count; i++)
        *VEC_ADD(&report->model->arena, &report->by_pid) = report->model->processes.items[i];
    sort_items(report->by_pid.items, report->by_pid.count, sizeof *report->by_pid.items,
               compare_pids);
}

/* The place of the first process with this pid in report->by_pid, or of the next higher one. */
static size_t processes_find(const struct report *report, uint32_t pid)
{
    size_t low = 0;
    size_t high = report->by_pid.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (report->by_pid.items[middle]->pid < pid)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Is the process the start of a tree, as far as the files go? A program that it went on as is. */
static bool process_is_main(const struct report *report, const struct process *process)
{
    size_t at = processes_find(report, process->ppid);
    bool has_parent = at < report->by_pid.count && report->by_pid.items[at]->pid == process->ppid &&
                      report->by_pid.items[at]->started_realtime_ns <= process->started_realtime_ns;
    return !has_parent || process->ppid == process->pid;
}

/* Was the process's program to be watched, and would it have left a file in any case? */
static bool child_should_have_section(const struct process *parent, const struct child *child)
{
    const char *keep = process_option(parent, "keep");
    const char *children = process_option(parent, "children");
    if (keep == NULL || strcmp(keep, "yes") != 0)
        return false;
    if (child->what.kind == LEAKFILE_CHILD_FORK)
        return true;
    if (children != NULL && strcmp(children, "no") == 0)
        return false;
    const char *slash = strrchr(child->path, '/');
    const char *program = slash == NULL ? child->path : slash + 1;
    const char *only = process_option(parent, "only");
    const char *skip = process_option(parent, "skip");
    if (only != NULL && only[0] != '\0' && !glob_list_has(only, program))
        return false;
    return skip == NULL || !glob_list_has(skip, program);
}

/* Is there a section of the child's pid that is not older than the parent's? */
static bool child_has_section(const struct report *report, const struct process *parent,
                              const struct child *child)
{
    for (size_t at = processes_find(report, child->what.pid); at < report->by_pid.count; at++) {
        const struct process *other = report->by_pid.items[at];
        if (other->pid != child->what.pid)
            return false;
        if (other != parent && other->started_realtime_ns >= parent->started_realtime_ns)
            return true;
    }
    return false;
}

static void report_add_reason(struct report *report, const struct process *process,
                              const struct reason *reason, bool matters)
{
    bool inconclusive = reason_find_words(reason->code)->inconclusive;
    bool in_strict = reason->code == LEAKFILE_REASON_CHILD_NO_FILE ||
                     reason->code == LEAKFILE_REASON_STILL_RUNNING;
    *VEC_ADD(&report->model->arena, &report->reasons) = (struct told_reason){
        .process = process,
        .reason = *reason,
        .process_inconclusive = inconclusive,
        .run_inconclusive = inconclusive && matters,
        .strict_inconclusive = inconclusive || in_strict,
    };
}

static void children_gather(struct report *report, struct process *process)
{
    bool is_main = process_is_main(report, process);
    for (size_t i = 0; i < process->children.count; i++) {
        const struct child *child = &process->children.items[i];
        bool is_exec = child->what.kind == LEAKFILE_CHILD_EXEC;
        bool taken_back = is_exec && i + 1 < process->children.count &&
                          child[1].what.kind == LEAKFILE_CHILD_EXEC_FAILED;
        if (child->what.kind == LEAKFILE_CHILD_EXEC_FAILED || taken_back ||
            !child_should_have_section(process, child) || child_has_section(report, process, child))
            continue;
        struct reason reason = {
            .code = is_exec ? LEAKFILE_REASON_NOT_STARTED : LEAKFILE_REASON_CHILD_NO_FILE,
            .text = child->path,
        };
        report_add_reason(report, process, &reason, is_main);
    }
}

static size_t count_periodic(const struct process *process)
{
    size_t count = 0;
    for (size_t i = 0; i < process->collections.count; i++) {
        uint32_t trigger = process->collections.items[i].trigger;
        count += trigger == LEAKFILE_TRIGGER_INTERVAL || trigger == LEAKFILE_TRIGGER_BYTES;
    }
    return count;
}

void reasons_demand_growth(struct report *report)
{
    for (size_t i = 0; i < report->model->processes.count; i++) {
        struct process *process = report->model->processes.items[i];
        const char *growth = process_option(process, "growth");
        unsigned long n = growth == NULL ? GROWTH_DEFAULT : strtoul(growth, NULL, 10);
        if (count_periodic(process) / 2 >= n ||
            process_has_reason(process, LEAKFILE_REASON_TOO_SHORT))
            continue;
        process_add_reason(report, process, LEAKFILE_REASON_TOO_SHORT);
        report_add_reason(report, process, &process->reasons.items[process->reasons.count - 1],
                          process_is_main(report, process));
    }
}

void reasons_gather(struct report *report)
{
    processes_index(report);
    for (size_t i = 0; i < report->model->reasons.count; i++)
        report_add_reason(report, NULL, &report->model->reasons.items[i], true);
    for (size_t i = 0; i < report->model->processes.count; i++) {
        struct process *process = report->model->processes.items[i];
        process_infer_reasons(report, process);
        bool is_main = process_is_main(report, process);
        for (size_t j = 0; j < process->reasons.count; j++)
            report_add_reason(report, process, &process->reasons.items[j], is_main);
        children_gather(report, process);
    }
}
