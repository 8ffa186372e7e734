/*
 * SARIF 2.1.0, for code scanning pages: a result a finding, with its call path as a stack; what is
 * suppressed or in the baseline says so; reasons are notifications of the run.
 */
#include "json_parts.h"
#include "phrase.h"

#include "../aggregate/aggregate.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

static json_t *sarif_message(const struct desk *desk, const char *text)
{
    return json_pack("{s:o}", "text", json_text(desk, text));
}

/* A file: URI of an absolute path, a relative reference otherwise. */
static json_t *sarif_uri(const struct desk *desk, const char *path)
{
    char *uri = arena_alloc(desk->arena, strlen(path) * 3 + 8);
    size_t length = 0;
    if (path[0] == '/')
        length = (size_t)sprintf(uri, "file://");
    for (const unsigned char *at = (const unsigned char *)path; *at != '\0'; at++)
        if (isalnum(*at) || strchr("/-_.~", *at) != NULL)
            uri[length++] = (char)*at;
        else
            length += (size_t)sprintf(uri + length, "%%%02X", *at);
    return json_string(uri);
}

static json_t *sarif_location(const struct desk *desk, const struct frame *frame)
{
    json_t *location = json_object();
    const char *file = frame->file != NULL     ? frame->file
                       : frame->module != NULL ? frame->module->path
                                               : NULL;
    if (file != NULL && file[0] != '\0') {
        json_t *place = json_pack("{s:{s:o}}", "artifactLocation", "uri", sarif_uri(desk, file));
        if (frame->file != NULL && frame->line != 0)
            json_put(place, "region", json_pack("{s:o}", "startLine", json_number(frame->line)));
        json_put(location, "physicalLocation", place);
    }
    json_t *logical =
        json_pack("{s:o,s:s}", "fullyQualifiedName",
                  json_text(desk, phrase_for_function(desk->arena, frame)), "kind", "function");
    json_put(location, "logicalLocations", json_pack("[o]", logical));
    return location;
}

static json_t *sarif_stack(const struct desk *desk, const struct path *path)
{
    json_t *frames = json_array();
    for (size_t i = 0; i < path->count; i++)
        json_array_append_new(
            frames, json_pack("{s:o}", "location", sarif_location(desk, &path->frames[i])));
    return json_pack("{s:o,s:o}", "message", sarif_message(desk, "where it was allocated"),
                     "frames", frames);
}

static json_t *sarif_result(const struct desk *desk, const struct finding *finding)
{
    bool is_error = finding->kind == LEAKFILE_KIND_LOST || finding->kind == LEAKFILE_KIND_GROWING;
    json_t *locations = json_array();
    if (finding->path.count > 0)
        json_array_append_new(locations, sarif_location(desk, &finding->path.frames[0]));
    json_t *result = json_object();
    json_put(result, "ruleId", json_string(phrase_for_kind(finding->kind)));
    json_put(result, "level", json_string(is_error ? "error" : "warning"));
    json_put(result, "message", sarif_message(desk, phrase_for_finding(desk->arena, finding)));
    json_put(result, "locations", locations);
    json_put(result, "stacks", json_pack("[o]", sarif_stack(desk, &finding->path)));
    json_put(result, "partialFingerprints", json_pack("{s:s}", "seepId/v1", finding->id));
    json_t *suppressions = json_array();
    if (finding->suppressed != NULL)
        json_array_append_new(suppressions,
                              json_pack("{s:s,s:o}", "kind", "external", "justification",
                                        json_text(desk, finding->suppressed)));
    json_put(result, "suppressions", suppressions);
    if (desk->report->has_baseline)
        json_put(result, "baselineState",
                 json_string(finding->known            ? "unchanged"
                             : finding->before != NULL ? "updated"
                                                       : "new"));
    return result;
}

static json_t *sarif_rules(const struct desk *desk)
{
    static const char *const words[] = {
        "Nothing in the program points at the memory any more.",
        "Only a pointer into the memory's middle exists, for no usual reason.",
        "The memory is reachable, and rises in every collection.",
        "The memory is reachable, and rises ever more slowly."};
    json_t *rules = json_array();
    for (uint32_t kind = 0; kind < sizeof words / sizeof words[0]; kind++)
        json_array_append_new(rules,
                              json_pack("{s:s,s:o}", "id", phrase_for_kind(kind),
                                        "shortDescription", sarif_message(desk, words[kind])));
    return rules;
}

static json_t *sarif_invocation(const struct desk *desk)
{
    json_t *notifications = json_array();
    bool successful = true;
    for (size_t i = 0; i < desk->report->reasons.count; i++) {
        const struct told_reason *told = &desk->report->reasons.items[i];
        const char *program = told->process == NULL ? "" : told->process->program;
        successful = successful && !told->run_inconclusive;
        json_t *message = sarif_message(
            desk, arena_print(desk->arena, "%s%s%s%s%s", program, program[0] == '\0' ? "" : ": ",
                              reason_find_words(told->reason.code)->words,
                              told->reason.text[0] == '\0' ? "" : ": ", told->reason.text));
        json_array_append_new(notifications, json_pack("{s:s,s:o}", "level",
                                                       told->run_inconclusive ? "error" : "note",
                                                       "message", message));
    }
    return json_pack("{s:b,s:o}", "executionSuccessful", successful, "toolExecutionNotifications",
                     notifications);
}

static int sarif_write(const struct report *report, FILE *stream, bool colour)
{
    (void)colour;
    struct arena scratch = {0};
    struct desk desk = {.report = report, .arena = &scratch};
    json_t *results = json_array();
    for (size_t i = 0; i < report->findings.count; i++)
        json_array_append_new(results, sarif_result(&desk, report->findings.items[i]));
    json_t *driver = json_pack("{s:s,s:s,s:o}", "name", "seep", "semanticVersion", SEEP_VERSION,
                               "rules", sarif_rules(&desk));
    json_t *run = json_pack("{s:{s:o},s:[o],s:o}", "tool", "driver", driver, "invocations",
                            sarif_invocation(&desk), "results", results);
    json_t *log =
        json_pack("{s:s,s:s,s:[o]}", "$schema", "https://json.schemastore.org/sarif-2.1.0.json",
                  "version", "2.1.0", "runs", run);
    int failed = json_dumpf(log, stream, JSON_INDENT(2) | JSON_ENSURE_ASCII);
    fputc('\n', stream);
    json_decref(log);
    arena_free(&scratch);
    return failed != 0 ? -EIO : 0;
}

const struct renderer renderer_sarif = {"sarif", "SARIF 2.1.0", sarif_write};
