/*
 * The report for machines: one object, `schema` 1, laid down in data/report.schema.json. All keys
 * are always there; what is not known is null. Numbers above 2^63 - 1 stay at it.
 */
#include "json_parts.h"

#include "../aggregate/aggregate.h"
#include "../gate/verdict.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <time.h>

json_t *json_number(uint64_t value)
{
    return json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value);
}

json_t *json_number_or_null(uint64_t value, bool known)
{
    return known ? json_number(value) : json_null();
}

json_t *json_text(const struct desk *desk, const char *text)
{
    return text == NULL ? json_null() : json_string(escape_to_utf8(desk->arena, text));
}

void json_put(json_t *object, const char *key, json_t *value)
{
    /* NULL only when memory ends: the key would be missing, and the dump below fails. */
    json_object_set_new(object, key, value);
}

json_t *json_total(struct leakfile_total total)
{
    json_t *object = json_object();
    json_put(object, "bytes", json_number(total.bytes));
    json_put(object, "blocks", json_number(total.blocks));
    return object;
}

static json_t *json_totals(const struct totals *totals)
{
    json_t *object = json_object();
    json_put(object, "lost", json_total(totals->lost));
    json_put(object, "indirect", json_total(totals->indirect));
    json_put(object, "possible", json_total(totals->possible));
    json_put(object, "reachable", json_total(totals->reachable));
    return object;
}

static json_t *json_time(uint64_t realtime_ns)
{
    time_t seconds = (time_t)(realtime_ns / 1000000000);
    struct tm parts;
    if (realtime_ns == 0 || gmtime_r(&seconds, &parts) == NULL)
        return json_null();
    char text[64];
    char day[32];
    strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(text, sizeof text, "%s.%03uZ", day, (unsigned)(realtime_ns / 1000000 % 1000));
    return json_string(text);
}

static json_t *json_reason(const struct desk *desk, const struct told_reason *told)
{
    const struct reason_words *words = reason_find_words(told->reason.code);
    char code[32];
    size_t length = strlen(words->key);
    for (size_t i = 0; i <= length && i < sizeof code; i++)
        code[i] = (char)(words->key[i] >= 'A' && words->key[i] <= 'Z' ? words->key[i] + 32
                                                                      : words->key[i]);
    json_t *object = json_object();
    json_put(object, "code", json_string(code));
    json_put(object, "text", json_text(desk, words->words));
    json_put(object, "detail",
             json_text(desk, told->reason.text[0] == '\0' ? NULL : told->reason.text));
    json_put(object, "pid", told->process == NULL ? json_null() : json_number(told->process->pid));
    json_put(object, "program",
             json_text(desk, told->process == NULL ? NULL : told->process->program));
    json_put(object, "inconclusive", json_boolean(told->run_inconclusive));
    return object;
}

static json_t *json_reasons(const struct desk *desk, const struct process *process)
{
    json_t *array = json_array();
    for (size_t i = 0; i < desk->report->reasons.count; i++) {
        const struct told_reason *told = &desk->report->reasons.items[i];
        if (process == NULL || told->process == process)
            json_array_append_new(array, json_reason(desk, told));
    }
    return array;
}

static json_t *json_collection(const struct leakfile_collection *what)
{
    static const char *const triggers[] = {"interval", "bytes", "exit", "request"};
    bool good = (what->flags & LEAKFILE_COLLECTION_FAILED) == 0;
    json_t *object = json_object();
    json_put(object, "n", json_number(what->n));
    json_put(object, "at_ms", json_number(what->at_ns / 1000000));
    json_put(object, "trigger",
             what->trigger < 4 ? json_string(triggers[what->trigger]) : json_null());
    json_put(object, "pause_us", json_number(what->pause_ns / 1000));
    json_put(object, "mark_ms", json_number(what->mark_ns / 1000000));
    json_put(object, "rss", json_number(what->rss_bytes));
    json_put(object, "heapTotal", json_number(what->heap_total_bytes));
    json_put(object, "heapUsed", json_number(what->heap_used_bytes));
    json_put(object, "external", json_number(what->external_bytes));
    json_put(object, "lost_bytes", json_number_or_null(what->lost.bytes, good));
    json_put(object, "threads", json_number(what->threads));
    json_put(object, "threads_missed", json_number(what->threads_missed));
    return object;
}

static json_t *json_warning(const struct leakfile_warning *what)
{
    json_t *object = json_object();
    json_put(object, "collection", json_number(what->collection));
    json_put(object, "rise_bytes", json_number(what->rise_bytes));
    json_put(object, "rate_bytes_per_hour", json_integer(what->rate_bytes_per_hour));
    json_put(object, "growing", json_number(what->growing));
    json_put(object, "settling", json_number(what->settling));
    json_put(object, "judged", json_boolean(what->judged != 0));
    return object;
}

static json_t *json_end(const struct process *process)
{
    if (!process->ended || process->end.how == LEAKFILE_END_EXEC)
        return json_null();
    json_t *object = json_object();
    bool by_signal = process->end.how == LEAKFILE_END_SIGNAL;
    json_put(object, "status", by_signal ? json_null() : json_integer(process->end.value));
    json_put(object, "signal", by_signal ? json_integer(process->end.value) : json_null());
    return object;
}

static json_t *json_process(const struct desk *desk, struct process *process)
{
    json_t *argv = json_array();
    for (size_t i = 0; i < process->argv.count; i++)
        json_array_append_new(argv, json_text(desk, process->argv.items[i]));
    json_t *collections = json_array();
    for (size_t i = 0; i < process->collections.count; i++)
        json_array_append_new(collections, json_collection(&process->collections.items[i]));
    json_t *warnings = json_array();
    for (size_t i = 0; i < process->warnings.count; i++)
        json_array_append_new(warnings, json_warning(&process->warnings.items[i]));
    const struct leakfile_collection *last = process_last_collection(process);
    struct totals totals = {0};
    if (last != NULL)
        totals = (struct totals){last->lost, last->indirect, last->possible, last->reachable};

    json_t *object = json_object();
    json_put(object, "pid", json_number(process->pid));
    json_put(object, "ppid", json_number(process->ppid));
    json_put(object, "exe", json_text(desk, process->exe[0] == '\0' ? NULL : process->exe));
    json_put(object, "argv", argv);
    json_put(object, "started", json_time(process->started_realtime_ns));
    json_put(object, "ended", json_end(process));
    json_put(object, "verdict", json_string(verdict_word(process->verdict)));
    json_put(object, "reasons", json_reasons(desk, process));
    json_put(object, "totals", json_totals(&totals));
    json_put(object, "collections", collections);
    json_put(object, "warnings", warnings);
    json_put(object, "externals", json_externals(desk, process));
    return object;
}

static json_t *json_rules(const struct desk *desk)
{
    json_t *array = json_array();
    for (size_t i = 0; i < desk->report->rules.count; i++) {
        const struct rule_use *rule = &desk->report->rules.items[i];
        json_t *object = json_object();
        json_put(object, "rule", json_text(desk, rule->rule));
        json_put(object, "shipped", json_boolean(rule->shipped));
        json_put(object, "findings", json_number(rule->findings));
        json_put(object, "bytes", json_number(rule->bytes));
        json_put(object, "blocks", json_number(rule->blocks));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *json_gone(const struct desk *desk)
{
    if (!desk->report->has_baseline)
        return json_null();
    json_t *array = json_array();
    for (size_t i = 0; i < desk->report->gone.count; i++) {
        const struct baseline_entry *entry = desk->report->gone.items[i];
        json_t *object = json_object();
        json_put(object, "id", json_text(desk, entry->id));
        json_put(object, "program", json_text(desk, entry->program));
        json_put(object, "bytes", json_number(entry->bytes));
        json_put(object, "blocks", json_number(entry->blocks));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *json_report(const struct desk *desk)
{
    const struct report *report = desk->report;
    json_t *processes = json_array();
    for (size_t i = 0; i < report->model->processes.count; i++)
        json_array_append_new(processes, json_process(desk, report->model->processes.items[i]));
    json_t *findings = json_array();
    json_t *suppressed = json_array();
    for (size_t i = 0; i < report->findings.count; i++) {
        const struct finding *finding = report->findings.items[i];
        json_array_append_new(finding_counts(finding) ? findings : suppressed,
                              json_finding(desk, finding));
    }
    json_t *held = json_array();
    for (size_t i = 0; i < report->held.count; i++)
        json_array_append_new(held, json_held(desk, &report->held.items[i]));

    json_t *object = json_object();
    json_put(object, "schema", json_integer(1));
    json_put(object, "verdict", json_string(verdict_word(report->verdict)));
    json_put(object, "reasons", json_reasons(desk, NULL));
    json_put(object, "totals", json_totals(&report->totals));
    json_put(object, "processes", processes);
    json_put(object, "findings", findings);
    json_put(object, "accepted", suppressed);
    json_put(object, "held", held);
    json_put(object, "suppressions", json_rules(desk));
    json_put(object, "gone", json_gone(desk));
    return object;
}

static int json_write(const struct report *report, FILE *stream, bool colour)
{
    (void)colour;
    struct arena scratch = {0};
    struct desk desk = {.report = report, .arena = &scratch};
    json_t *object = json_report(&desk);
    int failed = json_dumpf(object, stream, JSON_INDENT(2) | JSON_ENSURE_ASCII);
    fputc('\n', stream);
    json_decref(object);
    arena_free(&scratch);
    return failed != 0 ? -EIO : 0;
}

const struct renderer renderer_json = {"json", "for machines (report.schema.json)", json_write};
