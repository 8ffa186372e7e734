/*
 * The report for people: findings by bytes, what is reachable and asked for, reasons, memory
 * (text_memory.c), and a summary in the last line.
 */
#include "pen.h"

#include "../aggregate/aggregate.h"
#include "../gate/verdict.h"

#include <inttypes.h>
#include <string.h>

#define REASONS_TOLD 32

static bool processes_are_one_program(const struct report *report)
{
    for (size_t i = 1; i < report->model->processes.count; i++)
        if (strcmp(report->model->processes.items[i]->program,
                   report->model->processes.items[0]->program) != 0)
            return false;
    return true;
}

/* A finding that counts, and the place of its program's biggest one among them. */
struct entry {
    const struct finding *finding;
    size_t order;
    size_t group;
};

static int compare_programs(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    int order = strcmp(x->finding->program, y->finding->program);
    return order != 0 ? order : compare_u64(x->order, y->order);
}

static int compare_groups(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    int order = compare_u64(x->group, y->group);
    return order != 0 ? order : compare_u64(x->order, y->order);
}

/* The findings that count, those of one program together, each group by bytes. */
static size_t findings_group(const struct report *report, struct entry *entries)
{
    size_t count = 0;
    for (size_t i = 0; i < report->findings.count; i++)
        if (finding_counts(report->findings.items[i]))
            entries[count++] = (struct entry){report->findings.items[i], i, i};
    sort_items(entries, count, sizeof *entries, compare_programs);
    for (size_t i = 1; i < count; i++)
        if (strcmp(entries[i].finding->program, entries[i - 1].finding->program) == 0)
            entries[i].group = entries[i - 1].group;
    sort_items(entries, count, sizeof *entries, compare_groups);
    return count;
}

static void pen_write_findings(const struct pen *pen)
{
    bool name_program = !processes_are_one_program(pen->report);
    struct entry *entries =
        arena_alloc(pen->arena, (pen->report->findings.count + 1) * sizeof *entries);
    size_t count = findings_group(pen->report, entries);
    for (size_t i = 0; i < count; i++) {
        if (name_program && (i == 0 || entries[i].group != entries[i - 1].group))
            fprintf(pen->stream, "%sIn %s:%s\n\n", pen->bold,
                    escape_for_terminal(pen->arena, entries[i].finding->program), pen->plain);
        pen_write_finding(pen, entries[i].finding);
    }
    for (size_t i = 0; i < pen->report->held.count; i++)
        pen_write_held(pen, &pen->report->held.items[i]);
}

/* Many processes may have the same reason: it is told once for each program. */
static bool reasons_read_alike(const struct told_reason *a, const struct told_reason *b)
{
    const char *program_a = a->process == NULL ? "" : a->process->program;
    const char *program_b = b->process == NULL ? "" : b->process->program;
    return a->reason.code == b->reason.code && a->run_inconclusive == b->run_inconclusive &&
           strcmp(a->reason.text, b->reason.text) == 0 && strcmp(program_a, program_b) == 0;
}

static void pen_write_reason(const struct pen *pen, const struct told_reason *told, size_t times)
{
    const char *detail = escape_for_terminal(pen->arena, told->reason.text);
    fprintf(pen->stream, "%s%s%s: ", pen->yellow, told->run_inconclusive ? "Inconclusive" : "Note",
            pen->plain);
    if (told->process != NULL)
        fprintf(pen->stream,
                "%s (pid %" PRIu32 "): ", escape_for_terminal(pen->arena, told->process->program),
                told->process->pid);
    fputs(reason_find_words(told->reason.code)->words, pen->stream);
    if (detail[0] != '\0')
        fprintf(pen->stream, " (%s)", detail);
    if (times > 1)
        fprintf(pen->stream, ", and %zu more times", times - 1);
    fputc('\n', pen->stream);
}

static void pen_write_reasons(const struct pen *pen)
{
    const struct told_reason *told[REASONS_TOLD];
    size_t times[REASONS_TOLD];
    size_t count = 0;
    size_t others = 0;
    for (size_t i = 0; i < pen->report->reasons.count; i++) {
        const struct told_reason *next = &pen->report->reasons.items[i];
        size_t same = 0;
        while (same < count && !reasons_read_alike(told[same], next))
            same++;
        if (same < count) {
            times[same]++;
        } else if (count < REASONS_TOLD) {
            told[count] = next;
            times[count++] = 1;
        } else {
            others++;
        }
    }
    for (size_t i = 0; i < count; i++)
        pen_write_reason(pen, told[i], times[i]);
    if (others > 0)
        fprintf(pen->stream, "Note: %zu more reasons are in the JSON report\n", others);
}

static void pen_write_rules(const struct pen *pen)
{
    for (size_t i = 0; i < pen->report->rules.count; i++) {
        const struct rule_use *rule = &pen->report->rules.items[i];
        const char *text = escape_for_terminal(pen->arena, rule->rule);
        if (rule->findings != 0)
            fprintf(pen->stream, "%s: %s by leak:%s\n",
                    rule->shipped ? "Known noise" : "Suppressed",
                    words_for_total(pen->arena, rule->bytes, rule->blocks), text);
        else if (!rule->shipped)
            fprintf(pen->stream, "Suppression not used: leak:%s\n", text);
    }
    for (size_t i = 0; i < pen->report->gone.count; i++) {
        const struct baseline_entry *entry = pen->report->gone.items[i];
        fprintf(pen->stream, "No longer there: %s in %s, %s  [%s]\n",
                entry->path.count == 0 ? "?"
                                       : escape_for_terminal(pen->arena, entry->path.items[0]),
                escape_for_terminal(pen->arena, entry->program),
                words_for_total(pen->arena, entry->bytes, entry->blocks),
                escape_for_terminal(pen->arena, entry->id));
    }
}

/* The last warning of each process; earlier ones are history. */
static void pen_write_warnings(const struct pen *pen)
{
    for (size_t i = 0; i < pen->report->model->processes.count; i++) {
        const struct process *process = pen->report->model->processes.items[i];
        if (process->warnings.count == 0)
            continue;
        const struct leakfile_warning *last = &process->warnings.items[process->warnings.count - 1];
        fprintf(pen->stream,
                "%sWarning%s: %s (pid %" PRIu32 "): heapUsed rose by %s up to collection %" PRIu32,
                pen->yellow, pen->plain, escape_for_terminal(pen->arena, process->program),
                process->pid, words_for_size(pen->arena, last->rise_bytes), last->collection);
        if (last->rate_bytes_per_hour > 0)
            fprintf(pen->stream, ", %s an hour",
                    words_for_size(pen->arena, (uint64_t)last->rate_bytes_per_hour));
        if (last->judged != 0)
            fprintf(pen->stream, "; call paths growing: %" PRIu32 ", settling: %" PRIu32 "\n",
                    last->growing, last->settling);
        else
            fputs("; too early for a verdict on call paths\n", pen->stream);
    }
}

struct sum {
    size_t findings;
    uint64_t bytes;
    uint64_t blocks;
    uint64_t indirect_bytes;
    uint64_t indirect_blocks;
};

static void sum_add(struct sum *sum, const struct finding *finding)
{
    sum->findings++;
    sum->bytes = add_saturated(sum->bytes, finding->bytes);
    sum->blocks = add_saturated(sum->blocks, finding->blocks);
    sum->indirect_bytes = add_saturated(sum->indirect_bytes, finding->indirect_bytes);
    sum->indirect_blocks = add_saturated(sum->indirect_blocks, finding->indirect_blocks);
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void pen_write_kinds(const struct pen *pen, const struct sum sums[4])
{
    const struct sum *lost = &sums[LEAKFILE_KIND_LOST];
    const struct sum *possible = &sums[LEAKFILE_KIND_POSSIBLE];
    const struct sum *growing = &sums[LEAKFILE_KIND_GROWING];
    const struct sum *settling = &sums[LEAKFILE_KIND_SETTLING];
    if (lost->findings == 0)
        fputs("no leaks", pen->stream);
    else
        fprintf(pen->stream, "%zu leak%s, %s lost", lost->findings, plural(lost->findings),
                words_for_total(pen->arena, lost->bytes, lost->blocks));
    if (lost->indirect_blocks != 0)
        fprintf(pen->stream, ", and %s that only they reach",
                words_for_total(pen->arena, lost->indirect_bytes, lost->indirect_blocks));
    if (possible->findings != 0)
        fprintf(pen->stream, "; %zu possible leak%s, %s", possible->findings,
                plural(possible->findings),
                words_for_total(pen->arena, possible->bytes, possible->blocks));
    if (growing->findings != 0)
        fprintf(pen->stream, "; %zu growing, %s", growing->findings,
                words_for_total(pen->arena, growing->bytes, growing->blocks));
    if (settling->findings != 0)
        fprintf(pen->stream, "; %zu settling", settling->findings);
}

static void pen_write_summary(const struct pen *pen)
{
    struct sum sums[4] = {0};
    struct sum suppressed = {0};
    struct sum noise = {0};
    struct sum known = {0};
    for (size_t i = 0; i < pen->report->findings.count; i++) {
        const struct finding *finding = pen->report->findings.items[i];
        if (finding->suppressed != NULL)
            sum_add(finding->known_noise ? &noise : &suppressed, finding);
        else if (finding->known)
            sum_add(&known, finding);
        else
            sum_add(&sums[finding->kind], finding);
    }
    fprintf(pen->stream, "%sseep: ", pen->bold);
    pen_write_kinds(pen, sums);
    if (known.findings != 0)
        fprintf(pen->stream, "; %zu in the baseline", known.findings);
    if (suppressed.findings != 0)
        fprintf(pen->stream, "; %zu suppressed, %s", suppressed.findings,
                words_for_total(pen->arena, suppressed.bytes, suppressed.blocks));
    if (noise.findings != 0)
        fprintf(pen->stream, "; known noise: %s (--no-known shows it)",
                words_for_total(pen->arena, noise.bytes, noise.blocks));
    if (pen->report->model->processes.count > 1)
        fprintf(pen->stream, "; %zu programs", pen->report->model->processes.count);
    if (pen->report->verdict == VERDICT_INCONCLUSIVE)
        fputs("; inconclusive", pen->stream);
    fprintf(pen->stream, "%s\n", pen->plain);
}

static struct pen pen_of(const struct report *report, FILE *stream, bool colour)
{
    return (struct pen){
        .stream = stream,
        .report = report,
        .bold = colour ? "\033[1m" : "",
        .red = colour ? "\033[1;31m" : "",
        .yellow = colour ? "\033[1;33m" : "",
        .dim = colour ? "\033[2m" : "",
        .plain = colour ? "\033[0m" : "",
    };
}

static int text_write(const struct report *report, FILE *stream, bool colour)
{
    struct arena scratch = {0};
    struct pen pen = pen_of(report, stream, colour);
    pen.arena = &scratch;
    pen_write_findings(&pen);
    pen_write_rules(&pen);
    pen_write_reasons(&pen);
    pen_write_warnings(&pen);
    pen_write_memory(&pen);
    pen_write_summary(&pen);
    arena_free(&scratch);
    return 0;
}

void renderer_text_summary(const struct report *report, FILE *stream, bool colour)
{
    struct arena scratch = {0};
    struct pen pen = pen_of(report, stream, colour);
    pen.arena = &scratch;
    pen_write_summary(&pen);
    arena_free(&scratch);
}

const struct renderer renderer_text = {"text", "for people", text_write};
